//! A request may ask for, or bring, any amount: `rules/contract/input-unbounded.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::rule::{Context, Sink, is_amount, is_open_number, rule, schema_parts, shortened};
use crate::model::contract::{
    ArrayKeywords, Catalog, Contract, ContractKind, Field, MessageId, Operation, OperationKind, Parameter,
    ParameterPlace, SchemaId, Schemas, Shape,
};
use crate::model::finding::Finding;
use crate::model::map::Confidence;
use crate::model::source::Site;

rule!("contract", "input-unbounded", Warning, Contracts(check));

/// Words of a comment that give a bound, in lower case.
const BOUNDING: &[&str] = &["maximum", "at most", "no more than", "up to", "must not exceed", "max ", "upper limit"];

/// The same of words that stand right before the number, or before the least one.
const BOUNDING_NUMBERS: &[&str] = &["between ", "max:", "max=", "limited to", "less than", "<="];

/// Parts of the names of options that bound a field: protovalidate, protoc-gen-validate, gnostic.
const BOUNDING_OPTIONS: &[&str] = &["buf.validate.", "validate.rules", "openapiv2_field", "openapi.v3.property"];

/// Names in a message.
const SHOWN: usize = 5;

/// Schemas nested deeper than this are not looked into.
const MAX_DEPTH: usize = 32;

/// Bytes of text before a field in which its comment is looked for.
const COMMENT_BYTES: usize = 2_000;

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    for contract in head.contracts.iter().filter(|contract| !context.is_aside(contract.site.file())) {
        let operations = head.operations_of(contract);
        let served = operations.iter().filter(|operation| operation.kind == OperationKind::Served);
        let served: Vec<&Operation> = served.collect();
        match contract.kind {
            ContractKind::OpenApi => {
                amounts(contract, &served, sink);
                bodies(contract, &served, sink);
            }
            ContractKind::Protobuf => messages(context, head, contract, &served, sink),
            ContractKind::Code => {}
        }
    }
}

/// An input that stands open: whose it is, where, and under which names.
struct Open {
    owner: String,
    site: Site,
    names: Vec<String>,
}

/// The names of open inputs, each once, the most frequent first.
fn names_of(open: &[Open]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in open.iter().flat_map(|open| &open.names) {
        *counts.entry(name).or_default() += 1;
    }
    let mut names: Vec<(&str, usize)> = counts.into_iter().collect();
    names.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    shortened(&quoted(names.into_iter().map(|(name, _)| name)), SHOWN)
}

fn quoted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    names.into_iter().map(|name| format!("`{name}`")).collect()
}

/// One finding for all open amounts of a contract: whoever bounds one of them bounds them all.
/// `what` is what owns them: `operations` or `requests`.
fn report_amounts(contract: &Contract, open: &[Open], what: &str, advice: (&str, &str), sink: &mut Sink) {
    let Some(first) = open.first() else { return };
    let names = names_of(open);
    let message = match open {
        [one] => format!("`{}` takes any number as {names}: one request may ask for everything", one.owner),
        more => format!(
            "{} {what} of `{}` take any number as {names}: one request may ask for everything",
            more.len(),
            contract.title
        ),
    };
    let (label, help) = advice;
    let finding = sink
        .finding(Confidence::Likely, first.site.clone(), message)
        .with_label(label)
        .with_help(help)
        .with_identity(format!("{} amounts", contract.id), "");
    sink.add(with_places(finding, open));
}

/// The places behind the first as further places of a finding.
fn with_places(finding: Finding, open: &[Open]) -> Finding {
    let further = open.iter().skip(1);
    further.fold(finding, |finding, open| finding.with_related(open.site.clone(), format!("`{}` too", open.owner)))
}

/// Parameters that say how much is asked for.
fn amounts(contract: &Contract, operations: &[&Operation], sink: &mut Sink) {
    // A parameter that operations share by reference is one place, and counts once.
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for operation in operations {
        let is_new =
            |parameter: &&Parameter| is_open_amount(contract, parameter) && seen.insert(parameter.site.clone());
        let open: Vec<&Parameter> = operation.parameters.iter().filter(is_new).collect();
        let Some(first) = open.first() else { continue };
        let names = open.iter().map(|parameter| parameter.name.clone()).collect();
        found.push(Open { owner: operation.key.clone(), site: first.site.clone(), names });
    }
    let advice = ("no `maximum`", "give it a `maximum` that the provider can serve, and a `default`");
    report_amounts(contract, &found, "operations", advice, sink);
}

fn is_open_amount(contract: &Contract, parameter: &Parameter) -> bool {
    parameter.place == ParameterPlace::Query
        && is_amount(&parameter.name)
        && parameter.schema.is_some_and(|id| is_open_number(&contract.schemas, id, MAX_DEPTH))
        && !parameter.words.as_ref().is_some_and(|words| gives_bound(words))
}

/// Whether a description gives the greatest number: `The maximum value is 1000`, `Up to 100, 20 by default`.
/// `The maximum number of cats to return` gives none, nor does `Maximum number of cats (default 20)`.
fn gives_bound(words: &str) -> bool {
    let words = words.to_lowercase();
    let behind = |word: &str| words.match_indices(word).map(|(at, word)| at + word.len()).collect::<Vec<usize>>();
    BOUNDING.iter().chain(BOUNDING_NUMBERS).flat_map(|word| behind(word)).any(|at| {
        let rest = words.get(at..).unwrap_or_default();
        let number = rest.find(|letter: char| letter.is_ascii_digit());
        let between = number.and_then(|number| rest.get(..number));
        let ends = [". ", ".\n", ";", "\n\n", "default"];
        between.is_some_and(|between| !ends.iter().any(|end| between.contains(end)))
    })
}

/// Lists and maps without bounds in request bodies: one finding, with every named schema or operation
/// that they stand in.
fn bodies(contract: &Contract, operations: &[&Operation], sink: &mut Sink) {
    let mut walk = Walk { schemas: &contract.schemas, seen: BTreeSet::new(), found: BTreeMap::new() };
    for operation in operations {
        for id in operation.request.iter().filter(|body| is_read_as_json(&body.media_type)).filter_map(|it| it.schema) {
            let owner = (format!("{} request", operation.key), String::new());
            walk.visit(id, &owner, 0);
        }
    }
    let open: Vec<Open> = walk.found.into_values().collect();
    let Some(first) = open.first() else { return };
    let message = match open.as_slice() {
        [Open { owner, names, .. }] => {
            format!(
                "`{owner}` takes any number of items in {}",
                shortened(&quoted(names.iter().map(String::as_str)), SHOWN)
            )
        }
        more => {
            let owners = quoted(more.iter().map(|open| open.owner.as_str()));
            format!("{} parts of requests take any number of items: {}", more.len(), shortened(&owners, SHOWN))
        }
    };
    let finding = sink
        .finding(Confidence::Likely, first.site.clone(), message)
        .with_label("no `maxItems` or `maxProperties`")
        .with_help("bound what one request may bring with `maxItems` or `maxProperties`")
        .with_identity(format!("{} items", contract.id), "");
    sink.add(with_places(finding, &open));
}

/// Uploads have bounds of their own, and no schema that could say them.
fn is_read_as_json(media_type: &str) -> bool {
    media_type.contains("json") || media_type == "*/*"
}

struct Walk<'a> {
    schemas: &'a Schemas,
    seen: BTreeSet<SchemaId>,
    found: BTreeMap<String, Open>,
}

impl Walk<'_> {
    /// Looks at one schema; `owner` is the name of what it stands in, and the way to it from there.
    fn visit(&mut self, id: SchemaId, owner: &(String, String), depth: usize) {
        if depth > MAX_DEPTH || !self.seen.insert(id) {
            return;
        }
        let schemas = self.schemas;
        let schema = schemas.get(id);
        if schema.annotations.as_ref().is_some_and(|annotations| annotations.read_only) {
            return;
        }
        let named = schema.name.as_ref().map(|name| (name.to_string(), String::new()));
        let owner = named.as_ref().unwrap_or(owner);
        if let Some(array) = &schema.array {
            if array.items.is_some() && array.max_items.is_none() && schema.values.is_none() && !self.is_a_set(array) {
                self.add(id, owner);
            }
            for item in array.items.iter().chain(&array.prefix_items) {
                self.visit(*item, &(owner.0.clone(), format!("{}[]", owner.1)), depth + 1);
            }
        }
        if let Some(object) = &schema.object {
            let is_free = object.additional_properties.filter(|id| !schemas.get(*id).never);
            if let Some(values) = is_free.filter(|_| object.properties.is_empty()) {
                if object.max_properties.is_none() && object.property_names.is_none() {
                    self.add(id, owner);
                }
                self.visit(values, &(owner.0.clone(), format!("{}.*", owner.1)), depth + 1);
            }
            for (name, property) in &object.properties {
                let dot = if owner.1.is_empty() { "" } else { "." };
                self.visit(*property, &(owner.0.clone(), format!("{}{dot}{name}", owner.1)), depth + 1);
            }
        }
        let union = schema.composition.iter().flat_map(|it| it.one_of.iter().chain(&it.any_of).copied());
        for part in schema_parts(schema).into_iter().chain(union) {
            self.visit(part, owner, depth + 1);
        }
    }

    /// Whether a list may hold each of few values once, and has its bound in that.
    fn is_a_set(&self, array: &ArrayKeywords) -> bool {
        let is_choice = |id: SchemaId| {
            let schema = self.schemas.get(id);
            let mut said = schema_parts(schema).into_iter().map(|part| self.schemas.get(part)).chain([schema]);
            said.any(|schema| schema.values.is_some())
        };
        array.unique_items && array.items.is_some_and(is_choice)
    }

    fn add(&mut self, id: SchemaId, (owner, path): &(String, String)) {
        let site = self.schemas.site(id);
        let open = || Open { owner: owner.clone(), site, names: Vec::new() };
        let name = if path.is_empty() { "itself" } else { path.as_str() };
        self.found.entry(owner.clone()).or_insert_with(open).names.push(name.to_owned());
    }
}

/// Fields of protobuf requests that say how much is asked for.
fn messages(context: &Context<'_>, head: &Catalog, contract: &Contract, operations: &[&Operation], sink: &mut Sink) {
    let bodies = operations.iter().flat_map(|operation| &operation.request);
    let requests: BTreeSet<MessageId> = bodies.flat_map(|body| body.shape.messages()).collect();
    let mut found = Vec::new();
    for id in requests {
        let message = head.message(id);
        let open: Vec<&Field> = message.fields.iter().filter(|field| is_open_field(context, field)).collect();
        let Some(first) = open.first() else { continue };
        let names = open.iter().map(|field| field.name.clone()).collect();
        found.push(Open { owner: message.name.clone(), site: first.site.clone(), names });
    }
    let help = "bound it with a validation rule, or say in its comment what the maximum is";
    report_amounts(contract, &found, "requests", ("no bound in a rule or a comment", help), sink);
}

fn is_open_field(context: &Context<'_>, field: &Field) -> bool {
    let Shape::Scalar { kind, .. } = &field.shape else { return false };
    // A byte or a flag is no amount; numbers of protobuf are of 32 or 64 bits.
    let is_number = kind.ends_with("32") || kind.ends_with("64");
    is_number && is_amount(&field.name) && !has_rule(field) && !is_bounded_by_words(context, &field.site)
}

fn has_rule(field: &Field) -> bool {
    let options = field.proto.iter().flat_map(|proto| &proto.options);
    let mut names = options.map(|option| option.name.trim_start_matches('.').to_ascii_lowercase());
    names.any(|name| BOUNDING_OPTIONS.iter().any(|known| name.contains(known)))
}

/// Whether the comment above a field, or what follows it in its statement, gives a bound: `The
/// maximum value is 1000`, and rules of validation as they are written.
fn is_bounded_by_words(context: &Context<'_>, site: &Site) -> bool {
    let Site::Span(span) = site else { return false };
    let text = context.analysis.sources.get(span.file).text.as_ref();
    let (before, behind) = (text.get(..span.start as usize), text.get(span.end as usize..));
    let before = before.map(above).unwrap_or_default().to_lowercase();
    let statement = behind.and_then(|behind| behind.split_once(';')).map_or("", |(statement, _)| statement);
    let statement = statement.to_ascii_lowercase();
    BOUNDING.iter().any(|word| before.contains(word))
        || BOUNDING_OPTIONS.iter().any(|option| statement.contains(option))
}

/// The comment lines right above the line in which a text ends, and the beginning of that line.
fn above(text: &str) -> &str {
    let start = text.len().saturating_sub(COMMENT_BYTES);
    let start = (start..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    comment_block(text.get(start..).unwrap_or_default())
}

/// From the first of the comment lines that end a text, up to its end.
fn comment_block(text: &str) -> &str {
    let mut start = text.rfind('\n').map_or(0, |newline| newline + 1);
    while let Some(before) = start.checked_sub(1).and_then(|end| text.get(..end)) {
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.get(line_start..).unwrap_or_default().trim();
        if !(line.starts_with("//") || line.starts_with('*') || line.starts_with("/*") || line.ends_with("*/")) {
            break;
        }
        start = line_start;
    }
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::{Annotations, Body, NumberKeywords, ObjectKeywords, Place, SchemaStep, Types};
    use crate::model::contract::{JsonType, Schema};

    fn schema(step: &'static str, kind: JsonType) -> Schema {
        let place = Place::Root { file: API, pointer: format!("/{step}").into() };
        Schema { types: Types::from_iter([kind]), ..Schema::anything(place) }
    }

    /// What is said of the workspace with this schema as query parameter `name`, or as body.
    fn messages(name: Option<&str>, build: impl FnOnce(&mut Schemas) -> SchemaId) -> Vec<String> {
        let mut analysis = workspace();
        let id = build(&mut analysis.head.contracts[0].schemas);
        let operation = &mut analysis.head.operations[0];
        match name {
            Some(name) => operation.parameters.push(Parameter {
                schema: Some(id),
                ..Parameter::new(ParameterPlace::Query, name, Shape::Any, site(API, 60))
            }),
            None => operation
                .request
                .push(Body { schema: Some(id), ..Body::new("application/json", Shape::Any, site(API, 60)) }),
        }
        checked(&analysis, &[&RULE], &settings()).findings.into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn an_amount_without_maximum_is_open() {
        let open = |schemas: &mut Schemas| schemas.push(schema("limit", JsonType::Integer));
        for name in ["limit", "pageSize", "page[size]", "per_page", "filter.limit", "$top"] {
            assert_eq!(messages(Some(name), open).len(), 1, "{name}");
        }
        assert_eq!(
            messages(Some("limit"), open),
            ["`GET /profiles/{id}` takes any number as `limit`: one request may ask for everything"]
        );
        assert!(messages(Some("offset"), open).is_empty());
        let bounded = |schemas: &mut Schemas| {
            let number = NumberKeywords { maximum: Some(100.into()), ..NumberKeywords::default() };
            schemas.push(Schema { number: Some(Box::new(number)), ..schema("limit", JsonType::Integer) })
        };
        assert!(messages(Some("limit"), bounded).is_empty());
        assert!(messages(Some("limit"), |schemas| schemas.push(schema("limit", JsonType::String))).is_empty());
    }

    #[test]
    fn words_give_a_bound_by_a_number() {
        for words in [
            "The maximum number of cats to return.\nThe maximum value is 1000; values above are cut to 1000.",
            "Returns up to 100 cats",
            "Page size (max 50)",
            "A number between 1 and 200. Default: 10",
            "How many; at most one page of\n500",
        ] {
            assert!(gives_bound(words), "{words}");
        }
        for words in [
            "The maximum number of cats to return.",
            "Maximum number of cats to return (default 20)",
            "The maximum number of cats. 20 are returned where nothing is asked for",
            "up to you; 3 is a nice number",
            "",
        ] {
            assert!(!gives_bound(words), "{words}");
        }
    }

    /// A named object with the list `tags`, changed.
    fn with_tags(schemas: &mut Schemas, max_items: Option<u64>, read_only: bool) -> SchemaId {
        let parent = schemas.push(Schema { name: Some("Pet".into()), ..schema("Pet", JsonType::Object) });
        let under = |step| Place::Under { parent, step };
        let items = schemas.push(Schema::anything(under(SchemaStep::Keyword("items"))));
        let array = ArrayKeywords { items: Some(items), max_items, ..ArrayKeywords::default() };
        let tags = schemas.push(Schema {
            array: Some(Box::new(array)),
            annotations: Some(Box::new(Annotations { read_only, ..Annotations::default() })),
            ..Schema::anything(under(SchemaStep::Member("properties", "tags".into())))
        });
        // The object holds itself too: a cycle.
        let properties = vec![("tags".into(), tags), ("mother".into(), parent)];
        let object = ObjectKeywords { properties, ..ObjectKeywords::default() };
        schemas.get_mut(parent).unwrap().object = Some(Box::new(object));
        parent
    }

    #[test]
    fn open_amounts_of_one_contract_are_one_finding() {
        let open = |owner: &str, names: &[&str]| Open {
            owner: owner.to_owned(),
            site: site(API, 3),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        assert_eq!(names_of(&[open("GET /a", &["top"]), open("GET /b", &["limit", "top"])]), "`top`, `limit`");
        let mut analysis = workspace();
        let id = analysis.head.contracts[0].schemas.push(schema("limit", JsonType::Integer));
        let other = analysis.head.operations[0].clone();
        analysis.head.operations.push(other);
        analysis.head.contracts[0].operations.end = crate::model::contract::OperationId(2);
        for (line, operation) in (50..).zip(&mut analysis.head.operations) {
            let limit = Parameter::new(ParameterPlace::Query, "limit", Shape::Any, site(API, line));
            operation.parameters.push(Parameter { schema: Some(id), ..limit });
        }
        let findings = checked(&analysis, &[&RULE], &settings()).findings;
        let [found] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!(
            found.message,
            "2 operations of `Profile` take any number as `limit`: one request may ask for everything"
        );
        assert_eq!(found.related.len(), 1);
    }

    #[test]
    fn a_list_of_a_body_is_told_at_its_schema() {
        let found = messages(None, |schemas| with_tags(schemas, None, false));
        assert_eq!(found, ["`Pet` takes any number of items in `tags`"]);
        assert!(messages(None, |schemas| with_tags(schemas, Some(9), false)).is_empty());
        assert!(messages(None, |schemas| with_tags(schemas, None, true)).is_empty());
    }

    #[test]
    fn the_comment_above_is_the_one_that_counts() {
        assert_eq!(above("a = 1; // at most 3\n  // Two;\n  // lines.\n  int32 "), "  // Two;\n  // lines.\n  int32 ");
        assert!(!above("// up to 3\nint32 a = 1;\n  int32 ").contains("up to"));
        assert_eq!(above("é"), "é");
        assert_eq!(above(""), "");
    }
}
