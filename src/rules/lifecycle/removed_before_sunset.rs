//! Something is gone before its day: `rules/lifecycle/removed-before-sunset.md`.

use crate::check::rule::{Context, Leave, Sink, broken_leave, rule};
use crate::model::change::Change;

rule!("lifecycle", "removed-before-sunset", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if let Some(Leave::Early(day)) = context.leave(change) {
        let help = format!("keep it until {day}, or settle with its consumers on an earlier day first");
        broken_leave(context, change, sink, &format!(" before its sunset of {day}"), &help);
    }
}
