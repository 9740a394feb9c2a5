//! The absence of a field shows, or no longer does: `rules/breaking/presence-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "presence-changed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::PresenceChanged {
        report(context, change, sink, &|_, _| {
            "what is generated for the field has another type or other accessors: tell those who compile against it"
                .to_owned()
        });
    }
}
