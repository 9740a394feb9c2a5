//! An operation is gone: `rules/breaking/operation-removed.md`.

use crate::check::rule::{Context, Sink, Use, Verb, affects, rule, way_out};
use crate::model::change::Change;
use crate::model::contract::ContractKind;

rule!("breaking", "operation-removed", Error, Change(check));

const CALL: Verb = Verb { one: "calls", many: "call" };

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    let (Change::OperationRemoved { operation: id, contract_in_head }, Some(base)) = (change, &context.analysis.base)
    else {
        return;
    };
    let operation = base.operation(*id);
    let contract = base.contract(operation.contract);
    let public = context.is_public(contract);
    let impact = context.impact(&Use::Operation(*id));

    let (site, label) = match contract_in_head {
        Some(head) => (context.head().contract(*head).site.clone(), "the contract no longer has it"),
        None => (operation.site.clone(), "the whole contract is gone; it was declared here"),
    };
    let message = format!("operation `{}` was removed; {}", operation.key, context.summary(&impact, CALL, contract));
    let mut finding = sink
        .finding(impact.confidence(), site, message)
        .with_label(label)
        .with_help(way_out(impact.hits.len(), deprecate(contract.kind)))
        .with_identity(context.operation_subject(base, operation), "");
    if contract_in_head.is_some() {
        finding = finding.with_related(operation.site.clone(), "it was declared here");
    }
    finding.level = impact.level(public);
    finding.operation = Some(*id);
    finding.in_base = true;
    sink.add(impact.tell(context, CALL, finding).with_note(affects(std::slice::from_ref(&operation.key))));
}

const fn deprecate(kind: ContractKind) -> &'static str {
    match kind {
        ContractKind::OpenApi => "`deprecated: true` and a sunset date",
        ContractKind::Protobuf => "`option deprecated = true`",
    }
}
