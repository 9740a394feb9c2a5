//! A header of an answer is gone: `rules/breaking/response-header-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "response-header-removed", Error, Change(check));

const HELP: &str = "go on sending it until nobody reads it";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ResponseHeaderRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
