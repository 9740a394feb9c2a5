//! A field or query parameter that the contract does not have: `rules/request/field-unknown.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::rule::{Context, Sink, nearest, rule};
use crate::model::contract::{
    Catalog, ContractKind, JsonType, MessageId, Operation, OperationId, ParameterPlace, SchemaId, Schemas, SchemeKind,
};
use crate::model::finding::Finding;
use crate::model::map::{Confidence, Edge, LinkedCall, SentMessage, UnknownField};
use crate::model::source::{Site, Span};
use crate::model::usage::{CallId, Location};

rule!("request", "field-unknown", Error, Workspace(check));

/// Further places of a finding.
const MOST_PLACES: usize = 4;

/// Schemas within schemas that are looked at.
const MAX_DEPTH: usize = 16;

fn check(context: &Context<'_>, sink: &mut Sink) {
    let map = context.map();
    let mut fields: BTreeMap<_, Vec<&UnknownField>> = BTreeMap::new();
    for field in map.unknown_fields.iter().filter(|field| is_of_another(context, field)) {
        fields.entry((field.location.service, field.message, field.name.as_str())).or_default().push(field);
    }
    for places in fields.values() {
        read(context, places, sink).into_iter().for_each(|finding| sink.add(finding));
    }
    let generated = map.outgoing.iter().filter(|call| context.is_sent_by_generated(call));
    let generated: BTreeSet<CallId> = generated.map(|call| call.id).collect();
    for call in &map.calls {
        let Some(edge) = map.edges.get(call.edge).filter(|edge| context.is_own(edge)) else { continue };
        if edge.call.is_some_and(|id| generated.contains(&id)) {
            continue;
        }
        if let Some(id) = edge.operation.filter(|_| !context.is_hidden_test(&edge.location)) {
            for message in &call.body.messages {
                sent_fields(context, (edge, id), message, sink);
            }
            sent_parameters(context, (edge, id), call, sink);
        }
    }
}

/// Whether it is a consumer that reads a field: the provider's own code handles what other parts of it gave.
fn is_of_another(context: &Context<'_>, field: &UnknownField) -> bool {
    let location = &field.location;
    let head = context.head();
    let provider = head.contract(head.operation(field.operation).contract).provider;
    let is_own = provider.is_some() && provider == location.service;
    !is_own && !context.is_foreign(location.span.file) && !context.is_hidden_test(location)
}

/// A field of an answer, and where a consumer reads it.
fn read(context: &Context<'_>, places: &[&UnknownField], sink: &Sink) -> Option<Finding> {
    let head = context.head();
    let [field, others @ ..] = places else { return None };
    if !is_closed(head, field.message) || demands(head, field.message, &field.name) {
        return None;
    }
    let operation = head.operation(field.operation);
    let near = near(head, field.message, &field.name);
    // A provider may serve more than it has promised. Where the message is this one, a name that is nearly right
    // is wrong.
    let is_sure = near.is_some() && places.iter().any(|field| field.beside);
    let confidence = if is_sure { field.confidence.min(Confidence::Likely) } else { Confidence::Possible };
    let consumer = context.consumer(field.location.service);
    let name = way(&field.path, &field.name);
    let message = format!("`{consumer}` reads `{name}`, which the answer of `{}` does not have", operation.key);
    let place = Place { location: &field.location, operation: field.operation, message: field.message };
    let finding = finding(context, sink, confidence, message, &place, (&field.name, near)).with_label("read here");
    let further = others.iter().take(MOST_PLACES);
    Some(further.fold(finding, |finding, other| finding.with_related(context.site(&other.location), "and here")))
}

/// Fields of an object that is sent.
fn sent_fields(context: &Context<'_>, (edge, id): (&Edge, OperationId), sent: &SentMessage, sink: &mut Sink) {
    let head = context.head();
    if !is_closed(head, sent.message) {
        return;
    }
    let operation = head.operation(id);
    let is_ours = |span: Span| !context.is_foreign(span.file);
    let unknown = sent.unknown.iter().filter(|(name, span)| is_ours(*span) && !demands(head, sent.message, name));
    for (name, span) in unknown {
        let near = near(head, sent.message, name);
        let location = Location { span: *span, ..edge.location.clone() };
        let consumer = context.consumer(location.service);
        let message =
            format!("`{consumer}` sends `{}`, which `{}` does not take", way(&sent.path, name), operation.key);
        let place = Place { location: &location, operation: id, message: sent.message };
        let confidence = edge.confidence.min(Confidence::Likely);
        sink.add(finding(context, sink, confidence, message, &place, (name, near)).with_label("set here"));
    }
}

/// Where a field is used, and whose it would be.
struct Place<'a> {
    location: &'a Location,
    operation: OperationId,
    message: MessageId,
}

fn finding(
    context: &Context<'_>,
    sink: &Sink,
    confidence: Confidence,
    message: String,
    place: &Place<'_>,
    (name, near): (&str, Option<String>),
) -> Finding {
    let head = context.head();
    let whole = head.message(place.message);
    let subject = format!("{} {}.{name}", head.contract(whole.contract).id, whole.name);
    let help = near.map_or_else(
        || "use a field that the contract declares, or have it declared".to_owned(),
        |near| format!("perhaps `{near}` is meant"),
    );
    let mut finding = sink
        .finding(confidence, Site::Span(place.location.span), message)
        .with_help(help)
        .with_related(whole.site.clone(), format!("`{}` is declared here", whole.name))
        .with_identity(subject, context.actor(place.location));
    finding.operation = Some(place.operation);
    finding
}

/// Query parameters that an operation does not declare. Whatever else they may be, only what is nearly right is
/// surely a mistake.
fn sent_parameters(context: &Context<'_>, (edge, id): (&Edge, OperationId), call: &LinkedCall, sink: &mut Sink) {
    let head = context.head();
    let operation = head.operation(id);
    if takes_any(head, operation) {
        return;
    }
    let declared: Vec<&str> =
        operation.parameters.iter().filter(|it| it.place == ParameterPlace::Query).map(|it| it.name.as_str()).collect();
    let unknown = call.parameters.iter().filter(|it| it.place == ParameterPlace::Query && it.parameter.is_none());
    for name in unknown.filter_map(|it| it.name.as_deref()) {
        let base = name.split('[').next().unwrap_or(name);
        let is_sent = |near: &String| call.parameters.iter().any(|it| it.name.as_ref() == Some(near));
        if declared.iter().any(|known| known.eq_ignore_ascii_case(base)) || is_key(head, operation, name) {
            continue;
        }
        let near = mistaken(name, declared.iter().copied()).filter(|near| !is_sent(near));
        let consumer = context.consumer(edge.location.service);
        let message = format!("`{consumer}` sends query parameter `{name}`, which `{}` does not take", operation.key);
        let confidence = if near.is_some() { edge.confidence.min(Confidence::Likely) } else { Confidence::Possible };
        let help = near.map_or_else(
            || "leave it out, or have the contract declare it".to_owned(),
            |near| format!("perhaps `{near}` is meant"),
        );
        let mut finding = sink
            .finding(confidence, Site::Span(edge.location.span), message)
            .with_label("sent here")
            .with_help(help)
            .with_related(operation.site.clone(), format!("`{}` is declared here", operation.key))
            .with_identity(
                format!("{} {name}", context.operation_subject(head, operation)),
                context.actor(&edge.location),
            );
        finding.operation = Some(id);
        sink.add(finding);
    }
}

/// Operations of bindings take every field of a message, and an object may be written as one parameter for
/// each of its members.
fn takes_any(head: &Catalog, operation: &Operation) -> bool {
    let schemas = &head.contract(operation.contract).schemas;
    let mut query = operation.parameters.iter().filter(|it| it.place == ParameterPlace::Query);
    operation.binding.is_some()
        || query.any(|it| {
            let is_object =
                |id: SchemaId| schemas.get(id).types.has(JsonType::Object) || schemas.get(id).object.is_some();
            it.schema.is_none_or(is_object)
        })
}

/// A key that a security scheme wants.
fn is_key(head: &Catalog, operation: &Operation, wanted: &str) -> bool {
    let schemes = &head.contract(operation.contract).security_schemes;
    let is_it = |kind: &SchemeKind| match kind {
        SchemeKind::ApiKey { name, .. } => name == wanted,
        SchemeKind::OAuth2 { .. } => wanted == "access_token",
        _ => false,
    };
    schemes.iter().any(|scheme| is_it(&scheme.kind))
}

/// The field of a message that is nearly called so.
fn near(head: &Catalog, message: MessageId, name: &str) -> Option<String> {
    mistaken(name, head.message(message).fields.iter().map(|field| field.name.as_str()))
}

/// The name that one stands for by mistake. Many decoders take a name in any case.
fn mistaken<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    nearest(name, names).filter(|near| !near.eq_ignore_ascii_case(name))
}

/// `lines[].price` of `POST /orders#request.lines[]` and `price`.
fn way(path: &str, name: &str) -> String {
    let inside = path.split_once('#').and_then(|(_, rest)| rest.split_once(['.', '['])).map_or("", |(_, rest)| rest);
    let inside = if inside.starts_with(']') { "" } else { inside };
    if inside.is_empty() { name.to_owned() } else { format!("{inside}.{name}") }
}

/// Whether a message has the fields that it declares and no others.
fn is_closed(head: &Catalog, id: MessageId) -> bool {
    let message = head.message(id);
    let contract = head.contract(message.contract);
    let is_schema_closed = |schema| is_closed_schema(&contract.schemas, schema, MAX_DEPTH);
    contract.kind == ContractKind::OpenApi && !message.fields.is_empty() && message.schema.is_some_and(is_schema_closed)
}

/// Whether a message requires a field, though it does not declare it: what is required is taken.
fn demands(head: &Catalog, id: MessageId, name: &str) -> bool {
    let message = head.message(id);
    let schemas = &head.contract(message.contract).schemas;
    message.schema.is_some_and(|schema| schema_demands(schemas, schema, name, MAX_DEPTH))
}

fn schema_demands(schemas: &Schemas, id: SchemaId, name: &str, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = schemas.get(id);
    let parts = schema.composition.as_deref().map_or(&[][..], |it| &it.all_of);
    schema.object.as_ref().is_some_and(|object| object.required.iter().any(|required| **required == *name))
        || schema.reference.iter().chain(parts).any(|part| schema_demands(schemas, *part, name, depth))
}

/// JSON Schema allows what it does not mention; contracts mean what they mention. Only where others are allowed
/// in so many words, or one of several schemas may apply, nothing is known.
fn is_closed_schema(schemas: &Schemas, id: SchemaId, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = schemas.get(id);
    let allows = |id: Option<SchemaId>| id.is_some_and(|id| !schemas.get(id).never);
    let is_open = schema.object.as_ref().is_some_and(|object| {
        allows(object.additional_properties)
            || allows(object.unevaluated_properties)
            || !object.pattern_properties.is_empty()
            || !object.dependent_schemas.is_empty()
    });
    let composition = schema.composition.as_deref();
    let is_union = composition.is_some_and(|it| {
        !it.one_of.is_empty() || !it.any_of.is_empty() || it.condition.is_some() || it.discriminator.is_some()
    });
    let parts = composition.map_or(&[][..], |it| &it.all_of);
    !is_open && !is_union && schema.reference.iter().chain(parts).all(|id| is_closed_schema(schemas, *id, depth))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::{Composition, ObjectKeywords, Parameter, Place, Schema, Shape};
    use crate::model::map::SentParameter;

    /// `Profile` with a schema of its own.
    fn described(change: impl FnOnce(&mut Schema, &mut Schemas)) -> Analysis {
        let mut analysis = workspace();
        let schemas = &mut analysis.head.contracts[0].schemas;
        let mut schema = Schema::anything(Place::Root { file: API, pointer: "".into() });
        change(&mut schema, schemas);
        analysis.head.messages[0].schema = Some(schemas.push(schema));
        analysis
    }

    fn found(analysis: &Analysis) -> Vec<(String, String)> {
        let findings = checked(analysis, &[&RULE], &settings()).findings.into_iter();
        findings.map(|finding| (finding.message, finding.help)).collect()
    }

    fn unknown(name: &str, beside: bool) -> UnknownField {
        UnknownField {
            location: location(CORE, CODE, 20),
            operation: GET,
            message: MessageId(0),
            path: "GET /profiles/{id}#200".into(),
            name: name.into(),
            confidence: Confidence::Likely,
            beside,
        }
    }

    fn reading(mut analysis: Analysis, name: &str, beside: bool) -> Vec<(String, String)> {
        analysis.map.unknown_fields.push(unknown(name, beside));
        found(&analysis)
    }

    #[test]
    fn a_field_is_missed_where_something_says_that_it_is_this_message() {
        let plain = || described(|_, _| {});
        let message = "`core` reads `birthday`, which the answer of `GET /profiles/{id}` does not have";
        let message = message.replace("birthday", "birth_date");
        assert_eq!(reading(plain(), "birth_date", true), [(message, "perhaps `birthdate` is meant".into())]);
        assert!(reading(plain(), "birth_date", false).is_empty(), "it may be another message");
        assert!(reading(plain(), "birthDate", true).is_empty(), "decoders take a name in any case");
        assert!(reading(plain(), "shoe_size", true).is_empty(), "more may be served than was promised");
    }

    #[test]
    fn a_field_is_one_finding_however_often_it_is_read_and_none_of_its_provider() {
        let reading = |service| {
            let mut analysis = described(|_, _| {});
            for at in [20, 30, 40] {
                let location = location(service, CODE, at);
                analysis.map.unknown_fields.push(UnknownField { location, ..unknown("birth_date", true) });
            }
            checked(&analysis, &[&RULE], &settings()).findings
        };
        assert_eq!(reading(CORE).len(), 1);
        assert_eq!(reading(CORE)[0].related.len(), 3);
        assert!(reading(PROFILE).is_empty());
    }

    #[test]
    fn what_may_have_more_is_left_alone() {
        let open = described(|schema, schemas| {
            let anything = schemas.push(Schema::anything(Place::Root { file: API, pointer: "/x".into() }));
            let object = ObjectKeywords { additional_properties: Some(anything), ..ObjectKeywords::default() };
            schema.object = Some(Box::new(object));
        });
        assert!(reading(open, "birth_date", true).is_empty());
        let union = described(|schema, schemas| {
            let one = schemas.push(Schema::anything(Place::Root { file: API, pointer: "/x".into() }));
            schema.composition = Some(Box::new(Composition { one_of: vec![one], ..Composition::default() }));
        });
        assert!(reading(union, "birth_date", true).is_empty());
        assert!(reading(workspace(), "birth_date", true).is_empty(), "nothing is known of its schema");
    }

    /// `nickname` is sent to a message with this schema.
    fn sending(mut analysis: Analysis) -> Vec<(String, String)> {
        let at = add_call(&mut analysis.map, call(CORE, 20), &[]);
        analysis.map.calls[at].body.messages.push(SentMessage {
            message: MessageId(0),
            path: "POST /profiles#request.owners[]".into(),
            span: None,
            has: BTreeSet::new(),
            unknown: vec![("nickname".into(), Span::new(CODE, 40, 44))],
            whole: false,
        });
        found(&analysis)
    }

    #[test]
    fn what_is_sent_is_known_by_name() {
        let message = "`core` sends `owners[].nickname`, which `GET /profiles/{id}` does not take";
        assert_eq!(sending(described(|_, _| {}))[0].0, message);
    }

    #[test]
    fn what_is_required_is_taken_though_nothing_declares_it() {
        let requires = |name: &str| {
            described(|schema, schemas| {
                let mut part = Schema::anything(Place::Root { file: API, pointer: "/x".into() });
                let object = ObjectKeywords { required: vec![name.into()], ..ObjectKeywords::default() };
                part.object = Some(Box::new(object));
                let all_of = vec![schemas.push(part)];
                schema.composition = Some(Box::new(Composition { all_of, ..Composition::default() }));
            })
        };
        assert!(sending(requires("nickname")).is_empty());
        assert_eq!(sending(requires("id")).len(), 1);
    }

    #[test]
    fn a_query_parameter_is_surely_wrong_where_one_is_nearly_right() {
        let query = |names: &[&str]| {
            let mut analysis = workspace();
            let (place, schema) = (
                ParameterPlace::Query,
                analysis.head.contracts[0]
                    .schemas
                    .push(Schema::anything(Place::Root { file: API, pointer: "".into() })),
            );
            let parameter =
                Parameter { schema: Some(schema), ..Parameter::new(place, "page_size", Shape::Any, site(API, 5)) };
            analysis.head.operations[0].parameters.push(parameter);
            let at = add_call(&mut analysis.map, call(CORE, 20), &[]);
            for name in names {
                let parameter = (*name == "page_size").then_some(0);
                let sent = SentParameter { place, name: Some((*name).into()), parameter, value: None };
                analysis.map.calls[at].parameters.push(sent);
            }
            found(&analysis)
        };
        assert_eq!(query(&["pageSize"])[0].1, "perhaps `page_size` is meant");
        assert!(query(&["page_size", "pagesize"]).is_empty(), "only possible where the right one is sent, too");
        assert!(query(&["verbose"]).is_empty());
    }
}
