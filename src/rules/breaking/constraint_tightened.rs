//! A bound on what is sent was set or made stricter: `rules/breaking/constraint-tightened.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "constraint-tightened", Error, Change(check));

const HELP: &str =
    "take the old values as well, or make a new operation or field for the stricter ones and move consumers first";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ConstraintTightened {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
