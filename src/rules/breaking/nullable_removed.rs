//! What is sent may no longer be `null`: `rules/breaking/nullable-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "nullable-removed", Error, Change(check));

const HELP: &str = "take `null` as before and treat it as left out";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::NullableRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
