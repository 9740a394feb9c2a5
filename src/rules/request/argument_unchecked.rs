//! A value that somebody else chose is sent on unseen: `rules/request/argument-unchecked.md`.

use crate::check::rule::{Context, Sink, bound_of, rule};
use crate::model::map::{Confidence, LinkedCall};
use crate::model::source::Site;

rule!("request", "argument-unchecked", Info, Call(check));

fn check(context: &Context<'_>, call: &LinkedCall, sink: &mut Sink) {
    let head = context.head();
    let Some(edge) = context.map().edges.get(call.edge).filter(|edge| edge.confidence >= Confidence::Likely) else {
        return;
    };
    let Some(operation) = edge.operation.map(|id| head.operation(id)) else { return };
    let schemas = &head.contract(operation.contract).schemas;
    for asked in &call.asked {
        let Some(parameter) = operation.parameters.get(asked.parameter) else { continue };
        let Some((says, place)) = bound_of(schemas, parameter) else { continue };
        let consumer = context.consumer(edge.location.service);
        let asker = asked.within.first().map_or_else(String::new, |id| format!(" of `{}`", head.operation(*id).key));
        let message = format!(
            "`{consumer}` sends `{}`{asker} as `{}` of `{}` without looking at it",
            asked.name, parameter.name, operation.key
        );
        let subject = format!("{} {}", context.operation_subject(head, operation), parameter.name);
        let mut finding = sink
            .finding(edge.confidence.min(Confidence::Likely), Site::Span(edge.location.span), message)
            .with_label("sent on here")
            .with_help("compare it with what you allow your own callers, and answer 400 where it is more")
            .with_related(place, format!("`{}`, {says}", parameter.name))
            .with_identity(subject, context.actor(&edge.location));
        finding.operation = edge.operation;
        sink.add(finding);
    }
}
