//! Callers have to prove more: `rules/breaking/security-tightened.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "security-tightened", Error, Change(check));

const HELP: &str = "let callers in both ways until all of them have what is asked for";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::SecurityTightened {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
