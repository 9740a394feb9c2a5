//! A message, enumeration, extension, file or package is gone: `rules/breaking/type-removed.md`.

use crate::check::rule::{Context, Sink, deprecation, report, rule, way_out};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "type-removed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::TypeRemoved {
        report(context, change, sink, &|breaking, kind| way_out(breaking, deprecation(kind, change.element.what)));
    }
}
