//! One value became many, or many one: `rules/breaking/field-cardinality-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-cardinality-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldCardinalityChanged {
        report(context, change, sink, &|_, _| {
            "add a new field beside it, fill both, and deprecate this one".to_owned()
        });
    }
}
