//! A body is no longer taken: `rules/breaking/request-body-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "request-body-removed", Error, Change(check));

const HELP: &str = "go on taking it, and ignore it, until callers no longer send it";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::RequestBodyRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
