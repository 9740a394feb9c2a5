//! A parameter must be sent that could be left out: `rules/breaking/parameter-required.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "parameter-required", Error, Change(check));

const HELP: &str = "let it be left out, with a default, until every caller sends it";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ParameterRequired {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
