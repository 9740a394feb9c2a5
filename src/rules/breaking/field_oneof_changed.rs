//! A field joined or left a oneof: `rules/breaking/field-oneof-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-oneof-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldOneofChanged {
        report(context, change, sink, &|_, _| {
            "leave it where it is; only a field on its own can move into a new oneof without losing data".to_owned()
        });
    }
}
