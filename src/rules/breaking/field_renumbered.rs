//! A field or enum value has another number: `rules/breaking/field-renumbered.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-renumbered", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldRenumbered {
        report(context, change, sink, &|_, _| {
            "give it its number back, for the number is its name on the wire; a new number is for a new field"
                .to_owned()
        });
    }
}
