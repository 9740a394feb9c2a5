//! A parameter is gone: `rules/breaking/parameter-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "parameter-removed", Error, Change(check));

const HELP: &str = "keep it with `deprecated: true` and a sunset date, and move the callers that send it";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ParameterRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
