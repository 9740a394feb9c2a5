//! A parameter is sent elsewhere, or written otherwise: `rules/breaking/parameter-moved.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "parameter-moved", Error, Change(check));

const HELP: &str = "read it from both places until callers have moved";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ParameterMoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
