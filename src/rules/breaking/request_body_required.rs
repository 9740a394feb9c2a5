//! A body must be sent that could be left out: `rules/breaking/request-body-required.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "request-body-required", Error, Change(check));

const HELP: &str = "let it be left out, and take a default for what is not said";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::RequestBodyRequired {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
