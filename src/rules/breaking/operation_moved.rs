//! An operation is to be called by another name or path: `rules/breaking/operation-moved.md`.

use crate::check::rule::{Context, Sink, deprecation, report, rule, way_out};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "operation-moved", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::OperationMoved {
        report(context, change, sink, &|breaking, kind| way_out(breaking, deprecation(kind, change.element.what)));
    }
}
