//! A field is gone: `rules/breaking/field-removed.md`.

use crate::check::rule::{Context, Sink, Use, Verb, affects, rule, way_out};
use crate::model::change::{Change, Direction};
use crate::model::contract::ContractKind;

rule!("breaking", "field-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    let Change::FieldRemoved { field: id, parent_in_head, direction, operations } = change else { return };
    let Some(base) = &context.analysis.base else { return };
    let (field, message) = (base.field(*id), base.message(id.message));
    let contract = base.contract(message.contract);
    let public = context.is_public(contract);
    let impact = context.impact(&Use::Field { field: *id, operations });

    let (kind, verb) = words(*direction);
    let name = base.field_name(*id);
    let text = format!("{kind} `{name}` was removed; {}", context.summary(&impact, verb, contract));
    let mut finding = sink
        .finding(impact.confidence(), context.head().message(*parent_in_head).site.clone(), text)
        .with_label(format!("no longer has `{}`", field.name))
        .with_help(way_out(impact.hits.len(), deprecate(contract.kind)))
        .with_identity(context.field_subject(base, *id), "")
        .with_related(field.site.clone(), "it was declared here");
    finding.level = impact.level(public);
    finding.field = Some(*id);
    finding.in_base = true;
    finding = impact.tell(context, verb, finding);
    if !operations.is_empty() {
        finding = finding.with_note(affects(&context.keys(base, operations)));
    }
    sink.add(finding);
}

/// What a field is called by the way it travels, and what consumers do with it.
const fn words(direction: Direction) -> (&'static str, Verb) {
    match direction {
        Direction { request: false, response: true } => ("response field", Verb { one: "reads", many: "read" }),
        Direction { request: true, response: false } => ("request field", Verb { one: "sends", many: "send" }),
        _ => ("field", Verb { one: "uses", many: "use" }),
    }
}

const fn deprecate(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::OpenApi => "`deprecated: true` and a sunset date",
        ContractKind::Protobuf => "`[deprecated = true]`",
    }
}
