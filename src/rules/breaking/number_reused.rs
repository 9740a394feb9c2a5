//! A number means something else than before: `rules/breaking/number-reused.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "number-reused", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::NumberReused {
        report(context, change, sink, &|_, _| {
            "give the new field a number that was never used, and reserve the old one".to_owned()
        });
    }
}
