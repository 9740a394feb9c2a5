//! The day from which something may be gone comes sooner: `rules/lifecycle/sunset-moved-earlier.md`.

use crate::check::rule::{Context, Sink, broken_promise, rule};
use crate::model::change::{Change, ChangeKind};

rule!("lifecycle", "sunset-moved-earlier", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::SunsetMovedEarlier {
        let was = change.old.as_ref().and_then(|old| old.value.clone()).unwrap_or_default();
        let help = format!("keep the day that consumers plan with, {was}; a later one is no harm");
        broken_promise(context, change, sink, "", &help);
    }
}
