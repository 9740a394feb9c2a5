//! An operation no longer answers with a status of success: `rules/breaking/status-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "status-removed", Error, Change(check));

const HELP: &str = "keep the status, or let callers treat every status of success alike first";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::StatusRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
