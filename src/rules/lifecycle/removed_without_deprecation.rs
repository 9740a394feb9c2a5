//! Something is gone that nobody was warned of: `rules/lifecycle/removed-without-deprecation.md`.

use crate::check::rule::{Context, Leave, Sink, broken_leave, rule};
use crate::model::change::Change;

rule!("lifecycle", "removed-without-deprecation", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if context.leave(change) == Some(Leave::Unannounced) {
        let help = "deprecate it first and say from which day on it may be gone, for whoever is not seen here";
        broken_leave(context, change, sink, " without having been deprecated", help);
    }
}
