//! A consumer reads a field whose end is announced: `rules/lifecycle/deprecated-field-read.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;

rule!("lifecycle", "deprecated-field-read", Warning, Edge(check));

fn check(context: &Context<'_>, edge: &Edge, sink: &mut Sink) {
    let (EdgeKind::Access(AccessKind::Read), Some(id)) = (edge.kind, edge.field) else { return };
    let head = context.head();
    let field = head.field(id);
    let Some(mark) = &field.marks.deprecated else { return };

    let consumer = context.consumer(edge.location.service);
    let ends = context.sunset(&field.marks);
    let message = format!("`{consumer}` reads `{}`, which is deprecated{ends}", head.field_name(id));
    let mut finding = sink
        .finding(edge.confidence, context.site(&edge.location), message)
        .with_label("read here")
        .with_help(format!("read its successor{}", context.before_sunset(&field.marks)))
        .with_related(mark.site.clone(), format!("marked `{}` here", mark.text))
        .with_identity(context.field_subject(head, id), context.actor(&edge.location));
    finding.operation = edge.operation;
    finding.field = Some(id);
    sink.add(finding);
}
