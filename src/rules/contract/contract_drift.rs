//! Copies of one contract that differ: `rules/contract/contract-drift.md`.

use std::collections::BTreeMap;

use crate::check::rule::{Context, Sink, count, rule};
use crate::model::contract::{Cardinality, Catalog, Contract, ContractId, ContractKind, Shape};
use crate::model::map::Confidence;
use crate::model::source::Site;

rule!("contract", "contract-drift", Warning, Contracts(check));

/// Names of differences that a message shows.
const SHOWN: usize = 3;

/// A type longer than this says nothing in a sentence.
const MAX_TYPE_CHARS: usize = 60;

/// Words of a path that name another state of the same API.
const CHANNELS: &[&str] = &["alpha", "beta", "preview", "next", "experimental", "unstable", "legacy"];

/// Shapes nested deeper than this are compared up to here.
const MAX_DEPTH: usize = 8;

/// What a contract declares, by name: operations, types, and fields with what they are.
type Elements = BTreeMap<String, (Site, String)>;

/// What a difference is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    /// Something that both declare.
    Shared,
    /// A whole operation or type that the original does not have.
    OnlyInCopy,
    /// A whole operation or type that the copy does not have.
    OnlyInOriginal,
}

/// What differs between a copy and its original.
struct Difference {
    extent: Extent,
    text: String,
    /// Where the copy has it.
    copy: Option<Site>,
    /// Where the original has it.
    original: Option<Site>,
}

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    let mut groups: BTreeMap<(ContractKind, String), Vec<ContractId>> = BTreeMap::new();
    for (at, contract) in head.contracts.iter().enumerate() {
        let title = contract.title.trim().to_lowercase();
        let is_written = contract.kind != ContractKind::Code;
        if is_written && is_named(context, contract) && !context.is_aside(contract.site.file()) {
            groups.entry((contract.kind, title)).or_default().push(ContractId::at(at));
        }
    }
    for mut group in groups.into_values().filter(|group| group.len() > 1) {
        group.sort_by_key(|id| rank(context, head.contract(*id)));
        let elements: Vec<Elements> = group.iter().map(|id| elements(head, *id)).collect();
        report_group(head, &group, &elements, sink);
    }
}

/// Whether the title is one: a document without it goes by the name of its file.
fn is_named(context: &Context<'_>, contract: &Contract) -> bool {
    let path = &context.analysis.sources.get(contract.site.file()).path;
    let title = contract.title.trim();
    !title.is_empty() && path.rsplit('/').next() != Some(title)
}

/// Compares each copy with the first contract before it that it is a copy of.
fn report_group(head: &Catalog, group: &[ContractId], elements: &[Elements], sink: &mut Sink) {
    for (at, (copy, own)) in group.iter().zip(elements).enumerate() {
        let copy = head.contract(*copy);
        let before = group.iter().zip(elements).take(at).map(|(id, known)| (head.contract(*id), known));
        let original = before.into_iter().find(|(original, known)| are_copies(original, copy, known, own));
        if let Some((original, known)) = original {
            let differences = differences(known, own);
            if !is_subset(&differences) {
                report(original, copy, &differences, sink);
            }
        }
    }
}

/// Whether one side is a part of the other: a copy that was cut to what is needed says nothing wrong.
fn is_subset(differences: &[Difference]) -> bool {
    let first = differences.first().map(|difference| difference.extent);
    differences.iter().all(|difference| difference.extent != Extent::Shared && Some(difference.extent) == first)
}

/// The original comes first: provided by a service, under the shortest path.
fn rank(context: &Context<'_>, contract: &Contract) -> (bool, usize, String) {
    let path = context.analysis.sources.get(contract.site.file()).path.clone();
    (contract.provider.is_none(), path.len(), path)
}

/// Whether two contracts of one name are meant to be the same: most of the smaller one is in both,
/// they are written in the same version of the format, and neither is another version of the API.
fn are_copies(original: &Contract, copy: &Contract, known: &Elements, own: &Elements) -> bool {
    let is_operation = |name: &&String| name.starts_with("operation ");
    let share = |of: fn(&&String) -> bool| {
        let smaller = known.keys().filter(of).count().min(own.keys().filter(of).count());
        let common = known.keys().filter(of).filter(|name| own.contains_key(*name)).count();
        (common, smaller)
    };
    let (common, smaller) = share(|_| true);
    let operations = share(|name| name.starts_with("operation "));
    let has_operations = known.keys().any(|name| is_operation(&name)) && own.keys().any(|name| is_operation(&name));
    // Two thirds: an edited copy stays above, another API that happens to have the title does not.
    let mostly = |(common, smaller): (usize, usize)| smaller > 0 && common * 3 >= smaller * 2;
    mostly((common, smaller))
        && (!has_operations || mostly(operations))
        && (original.kind == ContractKind::Protobuf || major(&original.version) == major(&copy.version))
        && versions(original) == versions(copy)
        && !are_siblings(original, copy)
}

/// Whether two documents lie side by side under different names: variants or parts of one API, since
/// whoever copies a document puts it elsewhere.
fn are_siblings(original: &Contract, copy: &Contract) -> bool {
    let split = |contract: &Contract| {
        let (folder, name) = contract.id.rsplit_once('/').unwrap_or(("", &contract.id));
        (folder.to_owned(), name.split('.').next().unwrap_or_default().to_owned())
    };
    let ((folder, name), (other_folder, other_name)) = (split(original), split(copy));
    original.kind == ContractKind::OpenApi && folder == other_folder && name != other_name
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default()
}

/// The versions that the place and the servers of a contract name: `v1`, `v2beta1`, `2024-01-01`.
fn versions(contract: &Contract) -> Vec<String> {
    let texts = std::iter::once(&contract.id).chain(&contract.servers);
    let words = texts.flat_map(|text| text.split(['/', '@', '_', ' ', '{', '}', '.']));
    let mut versions: Vec<String> = words
        .flat_map(|word| [word, word.rsplit('-').next().unwrap_or(word)])
        .filter(|word| is_version(word))
        .map(str::to_lowercase)
        .collect();
    versions.sort();
    versions.dedup();
    versions
}

fn is_version(word: &str) -> bool {
    let numbered = word.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    numbered || CHANNELS.contains(&word) || (word.len() == 10 && word.parse::<jiff::civil::Date>().is_ok())
}

fn elements(head: &Catalog, id: ContractId) -> Elements {
    let mut elements = Elements::new();
    for operation in head.operations.iter().filter(|operation| operation.contract == id) {
        let of = |shapes: Vec<&Shape>| shapes.into_iter().map(|shape| described(head, shape, 0)).collect::<Vec<_>>();
        let request = of(operation.request.iter().map(|body| &body.shape).collect());
        let bodies = operation.responses.iter().flat_map(|response| &response.bodies);
        let answers = of(bodies.map(|body| &body.shape).collect());
        let mut parameters: Vec<&str> = operation.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        parameters.sort_unstable();
        let text = format!("({}; {}) -> {}", parameters.join(", "), request.join(", "), answers.join(", "));
        elements.insert(format!("operation `{}`", operation.key), (operation.site.clone(), text));
    }
    for message in head.messages.iter().filter(|message| message.contract == id && message.named) {
        elements.insert(format!("type `{}`", message.name), (message.site.clone(), String::new()));
        for field in &message.fields {
            let number = field.number.map(|number| format!(" = {number}")).unwrap_or_default();
            let often = match field.cardinality {
                Cardinality::Required => "required ",
                Cardinality::Optional | Cardinality::Repeated => "",
            };
            let text = format!("{often}{}{number}", described(head, &field.shape, 0));
            elements.insert(format!("field `{}.{}`", message.name, field.name), (field.site.clone(), text));
        }
    }
    elements
}

/// A type by names, so that it can be compared over contracts.
fn described(head: &Catalog, shape: &Shape, depth: usize) -> String {
    match shape {
        _ if depth > MAX_DEPTH => String::new(),
        Shape::Message(id) if head.message(*id).named => head.message(*id).name.clone(),
        Shape::Message(id) => {
            let mut names: Vec<&str> = head.message(*id).fields.iter().map(|field| field.name.as_str()).collect();
            names.sort_unstable();
            format!("{{{}}}", names.join(", "))
        }
        Shape::List(inner) => format!("list of {}", described(head, inner, depth + 1)),
        Shape::Map(inner) => format!("map of {}", described(head, inner, depth + 1)),
        Shape::Union(members) => {
            let names: Vec<String> = members.iter().map(|member| described(head, member, depth + 1)).collect();
            names.join(" or ")
        }
        Shape::Enum { name, values } if name.is_empty() => format!("one of {}", values.join(", ")),
        // A copy may lack the import: a name is a name, found or not.
        Shape::Unresolved(name) | Shape::Enum { name, .. } => name.trim_start_matches('.').to_owned(),
        other => other.to_string(),
    }
}

fn differences(known: &Elements, own: &Elements) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (name, (site, text)) in own {
        match known.get(name) {
            None if !is_in_missing_type(name, known) => differences.push(Difference {
                extent: extent_of(name, Extent::OnlyInCopy),
                text: format!("{name} is only here"),
                copy: Some(site.clone()),
                original: None,
            }),
            Some((original, other)) if other != text => differences.push(Difference {
                extent: Extent::Shared,
                text: if name.starts_with("field ") && text.len().max(other.len()) <= MAX_TYPE_CHARS {
                    format!("{name} is `{text}` here and `{other}` there")
                } else {
                    format!("{name} differs")
                },
                copy: Some(site.clone()),
                original: Some(original.clone()),
            }),
            _ => {}
        }
    }
    for (name, (site, _)) in known.iter().filter(|(name, _)| !own.contains_key(*name)) {
        if !is_in_missing_type(name, own) {
            let text = format!("{name} is missing here");
            let extent = extent_of(name, Extent::OnlyInOriginal);
            differences.push(Difference { extent, text, copy: None, original: Some(site.clone()) });
        }
    }
    differences.sort_by_key(|difference| difference.extent);
    differences
}

/// A field that one side lacks is a difference of a type that both have.
fn extent_of(name: &str, whole: Extent) -> Extent {
    if name.starts_with("field ") { Extent::Shared } else { whole }
}

/// Whether a field belongs to a type that is missing as a whole, and is not worth a word of its own.
fn is_in_missing_type(name: &str, other: &Elements) -> bool {
    let owner = name.strip_prefix("field `").and_then(|name| name.rsplit_once('.'));
    owner.is_some_and(|(owner, _)| !other.contains_key(&format!("type `{owner}`")))
}

fn report(original: &Contract, copy: &Contract, differences: &[Difference], sink: &mut Sink) {
    let Some(first) = differences.first() else { return };
    let shown: Vec<&str> = differences.iter().take(SHOWN).map(|difference| difference.text.as_str()).collect();
    let more = match differences.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {}", count(more, "other difference", "other differences")),
    };
    let message = format!("this copy of `{}` has drifted: {}{more}", copy.title, shown.join("; "));
    let place = differences.iter().find_map(|difference| difference.copy.clone()).unwrap_or_else(|| copy.site.clone());
    let there = first.original.clone().unwrap_or_else(|| original.site.clone());
    let finding = sink
        .finding(Confidence::Certain, place, message)
        .with_label("differs from the other copy")
        .with_help("take the contract from one place, or bring the copy up to date")
        .with_related(there, "the other copy")
        .with_identity(format!("{} {}", copy.id, original.id), "");
    sink.add(finding);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::OperationId;

    /// The contract and a copy of it that lies at `id`, changed.
    fn messages(id: &str, change: impl Fn(&mut Catalog)) -> Vec<String> {
        let mut analysis = workspace();
        let mut copy = workspace().head;
        copy.contracts[0].id = id.to_owned();
        copy.contracts[0].operations = OperationId(0)..OperationId(1);
        copy.contracts[0].provider = None;
        change(&mut copy);
        analysis.head.absorb(copy);
        checked(&analysis, &[&RULE], &settings()).findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn what_differs_is_named() {
        let found = messages("core/profile.yaml", |copy| {
            copy.messages[0].fields.remove(1);
            copy.messages[1].fields[0].shape = Shape::Any;
        });
        assert_eq!(
            found,
            ["this copy of `Profile` has drifted: field `Address.city` is `any` here and `string` there; \
              field `Profile.birthdate` is missing here"]
        );
    }

    #[test]
    fn a_part_of_a_contract_is_no_drift_and_neither_is_what_lies_beside_it() {
        let more = |copy: &mut Catalog| {
            let mut other = copy.operations[0].clone();
            other.key = "GET /other".to_owned();
            copy.operations.push(other);
        };
        assert!(messages("core/profile.yaml", more).is_empty());
        let changed = |copy: &mut Catalog| {
            copy.messages[0].fields.remove(1);
        };
        let mut beside = workspace().head.contracts[0].id.rsplit_once('/').unwrap().0.to_owned();
        beside.push_str("/another.yaml");
        assert!(messages(&beside, changed).is_empty());
        assert!(messages("core/preview/profile.yaml", changed).is_empty());
    }

    #[test]
    fn equal_copies_other_versions_and_other_contracts_are_no_drift() {
        let drop = |copy: &mut Catalog| {
            copy.messages[0].fields.remove(1);
        };
        assert!(messages("core/profile.yaml", |_| {}).is_empty());
        assert!(messages("profile/v2/api.yaml", drop).is_empty());
        assert!(messages("profile/api-v2.yaml", drop).is_empty());
        assert!(messages("core/profile.yaml", |copy| copy.contracts[0].title = "Other".to_owned()).is_empty());
        let rewritten = |copy: &mut Catalog| {
            copy.operations[0].key = "GET /other".to_owned();
            copy.messages.iter_mut().for_each(|message| message.name.insert(0, 'X'));
        };
        assert!(messages("core/profile.yaml", rewritten).is_empty());
        assert_eq!(messages("core/profile.yaml", drop).len(), 1);
    }
}
