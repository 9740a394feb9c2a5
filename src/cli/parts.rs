//! Which part of the contracts a person asks for.

use std::collections::BTreeSet;

use super::args::Contracts;
use super::failure::Failure;
use super::selector::wildcard;
use super::suggest::did_you_mean;
use crate::model::analysis::Analysis;
use crate::model::contract::{Catalog, Contract, ContractId, Message, MessageId, Operation, Shape};
use crate::report::contracts::{Parts, Selection};

/// The selection; a name that nothing bears is refused, with what was probably meant.
pub(super) fn select(analysis: &Analysis, arguments: &Contracts) -> Result<Selection, Failure> {
    let contracts = arguments.contract.as_deref().map(|pattern| contracts(analysis, pattern)).transpose()?;
    let parts =
        arguments.only.as_deref().map(|wanted| parts(&analysis.head, contracts.as_ref(), wanted)).transpose()?;
    Ok(Selection { contracts, parts })
}

fn contracts(analysis: &Analysis, pattern: &str) -> Result<BTreeSet<ContractId>, Failure> {
    let catalog = &analysis.head;
    let all = || catalog.contracts.iter().enumerate().map(|(at, contract)| (ContractId::at(at), contract));
    let is_meant = |contract: &Contract| names(analysis, contract).any(|name| wildcard(pattern, name));
    let found: BTreeSet<ContractId> = all().filter(|(_, it)| is_meant(it)).map(|(id, _)| id).collect();
    if found.is_empty() {
        let known: BTreeSet<&str> = all().flat_map(|(_, contract)| names(analysis, contract)).collect();
        let what = if pattern.contains('*') { "no contract matches" } else { "there is no contract" };
        return Err(Failure::with_help(format!("{what} `{pattern}`"), did_you_mean(pattern, known)));
    }
    Ok(found)
}

/// What a contract is known by.
fn names<'a>(analysis: &'a Analysis, contract: &'a Contract) -> impl Iterator<Item = &'a str> {
    let files = contract.files.iter().map(|file| analysis.sources.get(*file).path.as_str());
    [contract.id.as_str(), contract.title.as_str()].into_iter().chain(files)
}

fn parts(catalog: &Catalog, within: Option<&BTreeSet<ContractId>>, wanted: &str) -> Result<Parts, Failure> {
    let is_within = |id: ContractId| within.is_none_or(|within| within.contains(&id));
    let mut parts = Parts::default();
    let operations = catalog.operations().filter(|(_, it)| is_within(it.contract));
    parts.operations.extend(operations.filter(|(_, it)| is_named(wanted, &it.key, '/')).map(|(id, _)| id));
    let messages = || catalog.messages().filter(|(_, it)| is_within(it.contract));
    parts.messages.extend(messages().filter(|(_, it)| is_named(wanted, &it.name, '.')).map(|(id, _)| id));
    let enums = || catalog.enums.iter().filter(|it| is_within(it.contract));
    parts.enums.extend(enums().filter(|it| is_named(wanted, &it.name, '.')).map(|it| it.name.clone()));
    let is_empty = |parts: &Parts| parts.operations.is_empty() && parts.messages.is_empty() && parts.enums.is_empty();
    // A field only where nothing else is meant: `*` is no list of every field.
    if is_empty(&parts) {
        parts.messages.extend(messages().filter(|(_, it)| has_field(it, wanted)).map(|(id, _)| id));
    }
    if is_empty(&parts) {
        return Err(unknown(catalog, wanted));
    }
    add_bindings(catalog, &mut parts);
    add_types(catalog, &mut parts);
    Ok(parts)
}

/// Whether a pattern is a name, or the end of it behind a `separator`: `ProfileService/Get` behind a
/// dot, `Get` behind a slash.
fn is_named(pattern: &str, name: &str, separator: char) -> bool {
    if pattern.contains('*') {
        return wildcard(pattern, name);
    }
    let front = name.strip_suffix(pattern);
    front.is_some_and(|front| front.is_empty() || front.ends_with(['.', separator])) && !pattern.is_empty()
}

fn has_field(message: &Message, wanted: &str) -> bool {
    message.fields.iter().any(|field| {
        // Put together only for fields whose own name fits.
        let last = wanted.rsplit('.').next().unwrap_or(wanted);
        (last.contains('*') || last == field.name) && is_named(wanted, &format!("{}.{}", message.name, field.name), '.')
    })
}

/// HTTP operations stand below their rpc: one is never without the other.
fn add_bindings(catalog: &Catalog, parts: &mut Parts) {
    let bound = || catalog.operations().filter_map(|(id, it)| Some((id, it.binding.as_ref()?.rpc)));
    let rpcs: Vec<_> = bound().filter(|(id, _)| parts.operations.contains(id)).map(|(_, rpc)| rpc).collect();
    let bindings: Vec<_> = bound().filter(|(_, rpc)| parts.operations.contains(rpc)).map(|(id, _)| id).collect();
    parts.operations.extend(rpcs.into_iter().chain(bindings));
}

/// Adds the types that travel in the operations and messages, and those inside them.
fn add_types(catalog: &Catalog, parts: &mut Parts) {
    let mut open: Vec<MessageId> = parts.messages.iter().copied().collect();
    for operation in parts.operations.iter().filter_map(|id| catalog.operations.get(id.index())) {
        shapes(operation).for_each(|shape| visit(shape, &mut open, &mut parts.enums));
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let Some(message) = catalog.messages.get(id.index()).filter(|_| seen.insert(id)) else { continue };
        message.fields.iter().for_each(|field| visit(&field.shape, &mut open, &mut parts.enums));
    }
    parts.messages = seen;
}

fn shapes(operation: &Operation) -> impl Iterator<Item = &Shape> {
    let parameters = operation.parameters.iter().map(|parameter| &parameter.shape);
    let answers = operation.responses.iter().flat_map(|response| {
        response.bodies.iter().map(|body| &body.shape).chain(response.headers.iter().map(|header| &header.shape))
    });
    parameters.chain(operation.request.iter().map(|body| &body.shape)).chain(answers)
}

/// The messages and enumerations that a shape is made of.
fn visit(shape: &Shape, messages: &mut Vec<MessageId>, enums: &mut BTreeSet<String>) {
    let mut open = vec![shape];
    while let Some(shape) = open.pop() {
        match shape {
            Shape::Message(id) => messages.push(*id),
            Shape::Enum { name, .. } if !name.is_empty() => {
                enums.insert(name.to_string());
            }
            Shape::List(inner) | Shape::Map(inner) => open.push(inner),
            Shape::Union(members) => open.extend(members),
            Shape::Any | Shape::Scalar { .. } | Shape::Enum { .. } | Shape::Unresolved(_) => {}
        }
    }
}

fn unknown(catalog: &Catalog, wanted: &str) -> Failure {
    let fields = |message: &Message| -> Vec<String> {
        message.fields.iter().map(|field| format!("{}.{}", message.name, field.name)).collect()
    };
    let elements = catalog.operations.iter().map(|operation| operation.key.clone());
    let types = catalog.messages.iter().map(|message| message.name.clone());
    let enums = catalog.enums.iter().map(|declared| declared.name.clone());
    let all = elements.chain(types).chain(enums).chain(catalog.messages.iter().flat_map(fields));
    // Without the front of a name too: `Profil` is meant for `profile.v1.Profile`.
    let known: BTreeSet<String> = all.flat_map(|name| tails(&name).into_iter().chain([name.clone()])).collect();
    let what = if wanted.contains('*') { "nothing matches" } else { "no contract here has" };
    Failure::with_help(format!("{what} `{wanted}`"), did_you_mean(wanted, known.iter().map(String::as_str)))
}

/// The last segment of a name, and the last two.
fn tails(name: &str) -> Vec<String> {
    let dots = name.rmatch_indices('.').take(2);
    dots.filter_map(|(at, _)| name.get(at + 1..).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    fn selected(contract: Option<&str>, only: Option<&str>) -> Result<Selection, Failure> {
        let arguments =
            Contracts { contract: contract.map(str::to_owned), only: only.map(str::to_owned), ..Contracts::default() };
        select(&Sample::broken().analysis, &arguments)
    }

    fn parts_of(only: &str) -> (usize, usize) {
        let parts = selected(None, Some(only)).unwrap_or_else(|failure| panic!("{only}: {failure:?}")).parts.unwrap();
        (parts.operations.len(), parts.messages.len())
    }

    #[test]
    fn an_operation_brings_its_types_and_a_field_its_message() {
        assert_eq!(parts_of("GET /profiles/{id}"), (1, 1));
        assert_eq!(parts_of("GET *"), (1, 1));
        for only in ["Profile", "Profile.id", "id", "*.id", "Prof*"] {
            assert_eq!(parts_of(only), (0, 1), "{only}");
        }
    }

    #[test]
    fn a_contract_is_known_by_id_title_and_file() {
        for pattern in ["api/openapi.yaml", "Profile", "api/*", "*"] {
            let selection = selected(Some(pattern), None).unwrap_or_else(|failure| panic!("{pattern}: {failure:?}"));
            assert_eq!(selection.contracts, Some(BTreeSet::from([ContractId(0)])), "{pattern}");
        }
    }

    #[test]
    fn what_nothing_is_called_is_refused_with_what_was_meant() {
        for (contract, only, meant) in [
            (None, Some("Profil"), Some("`Profile`")),
            (None, Some("GET /profile/{id}"), Some("`GET /profiles/{id}`")),
            (None, Some("Profile.ids"), Some("`Profile.id`")),
            (Some("api/openapi.yml"), None, Some("`api/openapi.yaml`")),
            (None, Some(""), None),
            (Some("zzz*"), None, None),
        ] {
            let Err(Failure::Usage { help, .. }) = selected(contract, only) else { panic!("{contract:?} {only:?}") };
            match meant {
                Some(meant) => assert!(help.as_ref().is_some_and(|it| it.contains(meant)), "{only:?}: {help:?}"),
                None => assert_eq!(help, None, "{only:?}"),
            }
        }
    }

    #[test]
    fn a_recursive_message_is_selected_once() {
        let mut analysis = Sample::broken().analysis;
        analysis.head.messages[0].fields[0].shape = Shape::List(Box::new(Shape::Message(MessageId(0))));
        let arguments = Contracts { only: Some("Profile".to_owned()), ..Contracts::default() };
        let parts = select(&analysis, &arguments).unwrap_or_default().parts.unwrap();
        assert_eq!(parts.messages, [MessageId(0)].into());
    }
}
