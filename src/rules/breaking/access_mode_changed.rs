//! A field travels in one direction only, or no longer does: `rules/breaking/access-mode-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "access-mode-changed", Error, Change(check));

const HELP: &str = "keep both directions until the consumers of the one that goes have moved";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::AccessModeChanged {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
