//! A call that leaves out what its operation must be given: `rules/request/parameter-missing.md`.

use crate::check::rule::{Context, Sends, Sink, and, is_required, rule, sends_parameter};
use crate::model::contract::{
    Cardinality, Catalog, Contract, ContractKind, Field, Operation, Parameter, ParameterPlace,
};
use crate::model::finding::Finding;
use crate::model::map::{Confidence, Edge, LinkedCall, SentMessage};
use crate::model::source::Site;
use crate::model::usage::Location;

rule!("request", "parameter-missing", Error, Call(check));

fn check(context: &Context<'_>, call: &LinkedCall, sink: &mut Sink) {
    let Some(edge) = context.map().edges.get(call.edge) else { return };
    let Some(operation) = edge.operation.map(|id| context.head().operation(id)) else { return };
    let contract = context.head().contract(operation.contract);
    let sent = || context.map().outgoing.iter().find(|sent| Some(sent.id) == edge.call);
    let is_generated = || sent().is_some_and(|sent| context.is_sent_by_generated(sent));
    let missing = operation.parameters.iter().filter(|it| it.required && !has_default(contract, it));
    let missing: Vec<&Parameter> = missing.filter(|parameter| sends_parameter(call, parameter) == Sends::No).collect();
    if !missing.is_empty() && !is_generated() {
        sink.add(of_parameters(context, edge, operation, &missing, sink));
    }
    for message in &call.body.messages {
        let fields = missing_fields(context.head(), contract, operation, message);
        if !fields.is_empty() && !is_generated() {
            sink.add(of_fields(context, edge, (operation, message), &fields, sink));
        }
    }
}

/// What is taken where nothing is sent.
fn has_default(contract: &Contract, parameter: &Parameter) -> bool {
    parameter.schema.is_some_and(|id| defaults(contract, id))
}

fn defaults(contract: &Contract, id: crate::model::contract::SchemaId) -> bool {
    let schema = contract.schemas.get(id);
    let own =
        |schema: &crate::model::contract::Schema| schema.annotations.as_ref().is_some_and(|it| it.default.is_some());
    own(schema) || schema.reference.is_some_and(|id| own(contract.schemas.get(id)))
}

/// Fields that an object must have, and surely has not.
fn missing_fields<'a>(
    head: &'a Catalog,
    contract: &Contract,
    operation: &Operation,
    sent: &SentMessage,
) -> Vec<&'a Field> {
    // What is sent in another form may be another thing.
    let is_one_shape = operation.request.windows(2).all(|bodies| bodies[0].shape == bodies[1].shape);
    if !sent.whole || !is_one_shape {
        return Vec::new();
    }
    let message = head.message(sent.message);
    let is_asked = |field: &Field| match contract.kind {
        ContractKind::Code => false,
        ContractKind::OpenApi => {
            let annotations = field.schema.and_then(|id| contract.schemas.get(id).annotations.as_deref());
            let is_given = annotations.is_some_and(|it| it.read_only || it.default.is_some());
            field.cardinality == Cardinality::Required && !is_given
        }
        ContractKind::Protobuf => field.cardinality == Cardinality::Required || is_required(field),
    };
    let fields = (0..).zip(&message.fields);
    fields.filter(|(at, field)| is_asked(field) && !sent.has.contains(at)).map(|(_, field)| field).collect()
}

fn of_parameters(
    context: &Context<'_>,
    edge: &Edge,
    operation: &Operation,
    missing: &[&Parameter],
    sink: &Sink,
) -> Finding {
    let name = |parameter: &&Parameter| match parameter.place {
        ParameterPlace::Header => format!("header `{}`", parameter.name),
        _ => format!("query parameter `{}`", parameter.name),
    };
    let names: Vec<String> = missing.iter().map(name).collect();
    let sites = missing.iter().map(|parameter| (parameter.site.clone(), parameter.name.as_str()));
    finding(context, edge, (operation, &edge.location), (&names, sites.collect()), sink)
}

fn of_fields(
    context: &Context<'_>,
    edge: &Edge,
    (operation, sent): (&Operation, &SentMessage),
    missing: &[&Field],
    sink: &Sink,
) -> Finding {
    let inside = sent.path.split_once("#request").map_or("", |(_, way)| way.trim_start_matches('.'));
    let dot = if inside.is_empty() { "" } else { "." };
    let names: Vec<String> = missing.iter().map(|field| format!("field `{inside}{dot}{}`", field.name)).collect();
    let sites = missing.iter().map(|field| (field.site.clone(), field.name.as_str())).collect();
    let span = sent.span.filter(|span| !context.is_foreign(span.file)).unwrap_or(edge.location.span);
    let location = Location { span, ..edge.location.clone() };
    finding(context, edge, (operation, &location), (&names, sites), sink)
}

fn finding(
    context: &Context<'_>,
    edge: &Edge,
    (operation, location): (&Operation, &Location),
    (names, sites): (&[String], Vec<(Site, &str)>),
    sink: &Sink,
) -> Finding {
    let consumer = context.consumer(location.service);
    let message = format!("`{consumer}` calls `{}` without its required {}", operation.key, and(names));
    let subject = format!("{} {}", context.operation_subject(context.head(), operation), names.join(" "));
    let them = if names.len() == 1 { "it" } else { "them" };
    // A typed client takes care of what it is told of.
    let confidence = edge.confidence.min(Confidence::Likely);
    let mut finding = sink
        .finding(confidence, Site::Span(location.span), message)
        .with_label("nothing that is sent here has this name")
        .with_help(format!("send {them}, or have the contract do without {them}"))
        .with_identity(subject, context.actor(location));
    for (site, name) in sites {
        finding = finding.with_related(site, format!("`{name}` is required here"));
    }
    finding.operation = edge.operation;
    finding
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::{MessageId, Shape};
    use crate::model::map::SentParameter;
    use crate::model::usage::Presence;

    fn required(place: ParameterPlace, name: &str) -> Parameter {
        Parameter { required: true, ..Parameter::new(place, name, Shape::Any, site(API, 5)) }
    }

    fn found(analysis: &Analysis) -> Vec<String> {
        checked(analysis, &[&RULE], &settings()).findings.into_iter().map(|finding| finding.message).collect()
    }

    fn query(change: impl FnOnce(&mut LinkedCall)) -> Vec<String> {
        let mut analysis = workspace();
        analysis.head.operations[0].parameters.push(required(ParameterPlace::Query, "tenant"));
        let at = add_call(&mut analysis.map, call(CORE, 20), &[]);
        analysis.map.calls[at].query_whole = true;
        change(&mut analysis.map.calls[at]);
        found(&analysis)
    }

    fn sent(name: &str) -> SentParameter {
        SentParameter { place: ParameterPlace::Query, name: Some(name.into()), parameter: None, value: None }
    }

    #[test]
    fn a_query_parameter_is_missing_only_where_all_are_known() {
        let message = "`core` calls `GET /profiles/{id}` without its required query parameter `tenant`";
        assert_eq!(query(|_| {}), [message]);
        assert_eq!(query(|call| call.parameters.push(sent("tenants"))), [message]);
        assert!(query(|call| call.parameters.push(sent("Tenant"))).is_empty());
        assert!(query(|call| call.parameters.push(sent("tenant[]"))).is_empty());
        assert!(query(|call| call.query_whole = false).is_empty());
    }

    #[test]
    fn a_header_is_missing_where_none_can_be_it() {
        let header = |name: &str, headers: &[(&str, Presence)], change: fn(&mut LinkedCall)| {
            let mut analysis = workspace();
            analysis.head.operations[0].parameters.push(required(ParameterPlace::Header, name));
            let at = add_call(&mut analysis.map, call(CORE, 20), headers);
            change(&mut analysis.map.calls[at]);
            found(&analysis).len()
        };
        assert_eq!(header("X-Tenant", &[], |_| {}), 1);
        assert_eq!(header("X-Tenant", &[("x-tenant", Presence::Always)], |_| {}), 0);
        assert_eq!(header("X-Tenant", &[("x-tenant", Presence::Perhaps)], |_| {}), 0);
        assert_eq!(header("X-Tenant", &[], |call| call.names.opaque = Some("x".into())), 0);
        assert_eq!(header("Content-Type", &[], |_| {}), 0);
    }

    #[test]
    fn a_field_is_missing_from_a_whole_object_only() {
        let body = |has: &[u32], whole: bool, change: fn(&mut Analysis)| {
            let mut analysis = workspace();
            analysis.head.messages[0].fields[1].cardinality = Cardinality::Required;
            change(&mut analysis);
            let at = add_call(&mut analysis.map, call(CORE, 20), &[]);
            let path = "POST /profiles#request.owner".to_owned();
            let has: BTreeSet<u32> = has.iter().copied().collect();
            let sent = SentMessage { message: MessageId(0), path, span: None, has, unknown: Vec::new(), whole };
            analysis.map.calls[at].body.messages.push(sent);
            found(&analysis)
        };
        let message = "`core` calls `GET /profiles/{id}` without its required field `owner.birthdate`";
        assert_eq!(body(&[0], true, |_| {}), [message]);
        assert!(body(&[1], true, |_| {}).is_empty());
        assert!(body(&[0], false, |_| {}).is_empty());
        let optional = |analysis: &mut Analysis| {
            analysis.head.messages[0].fields[1].cardinality = Cardinality::Optional;
        };
        assert!(body(&[0], true, optional).is_empty());
    }
}
