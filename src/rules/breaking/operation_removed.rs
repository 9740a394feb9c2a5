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
        .with_help(way_out(impact.breaking(), deprecate(contract.kind)))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::ContractId;
    use crate::model::finding::{Level, Verdict};

    #[test]
    fn callers_break_wherever_the_contract_is() {
        for (contract_in_head, place) in [(Some(ContractId(0)), site(API, 0)), (None, site(API, 20))] {
            let mut analysis = compared();
            analysis.changes.push(Change::OperationRemoved { operation: GET, contract_in_head });
            analysis.base_map.as_mut().unwrap().edges = vec![call(CORE, 20), call(CORE, 30), call(MARKETING, 40)];
            let [finding] = checked(&analysis, &[&RULE], &settings()).findings.try_into().unwrap();
            assert_eq!(finding.message, "operation `GET /profiles/{id}` was removed; 2 consumers still call it");
            assert_eq!((finding.level, finding.site), (Level::Error, place));
            assert!(finding.consumers.iter().all(|consumer| consumer.verdict == Verdict::Breaks));
            let (places, help) =
                (3, "keep it with `deprecated: true` and a sunset date, move the 2 consumers, then remove it");
            assert_eq!(finding.related.len(), places + usize::from(contract_in_head.is_some()));
            assert_eq!(finding.help, help);
        }
    }
}
