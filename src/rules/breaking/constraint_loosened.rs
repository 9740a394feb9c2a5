//! A bound on what is received was lifted or made wider: `rules/breaking/constraint-loosened.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "constraint-loosened", Error, Change(check));

const HELP: &str =
    "keep the promise, or tell consumers before: whoever stores or shows the value has to make room first";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ConstraintLoosened {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
