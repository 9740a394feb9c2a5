//! A consumer calls an operation whose end is announced: `rules/lifecycle/deprecated-operation-called.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Edge, EdgeKind};

rule!("lifecycle", "deprecated-operation-called", Warning, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let (EdgeKind::Call, Some(id)) = (edge.kind, edge.operation) else { return };
    let operation = context.head().operation(id);
    let Some(mark) = &operation.marks.deprecated else { return };

    let consumer = context.consumer(edge.location.service);
    let ends = context.sunset(&operation.marks);
    let message = format!("`{consumer}` calls `{}`, which is deprecated{ends}", operation.key);
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label("called here")
        .with_help(format!("move to its successor{}", context.before_sunset(&operation.marks)))
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(context.operation_subject(context.head(), operation), context.actor(&edge.location));
    finding.operation = Some(id);
    sink.add(finding);
}
