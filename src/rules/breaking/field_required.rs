//! A field must now be sent: `rules/breaking/field-required.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-required", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldRequired {
        report(context, change, sink, &|_, _| {
            "leave it optional with a meaning of its own for its absence, until all who send have moved".to_owned()
        });
    }
}
