//! An operation promises less than it did: `rules/lifecycle/stability-decreased.md`.

use crate::check::rule::{Context, Sink, broken_promise, rule};
use crate::model::change::{Change, ChangeKind};

rule!("lifecycle", "stability-decreased", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::StabilityDecreased {
        let help = "keep the level, or deprecate the operation: a lower one lets it break under those who rely on it";
        broken_promise(context, change, sink, "", help);
    }
}
