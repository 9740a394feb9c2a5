//! An operation may answer with a status that Base does not name: `rules/breaking/status-added.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "status-added", Info, Change(check));

const HELP: &str = "tell the callers that look at single statuses";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::StatusAdded {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
