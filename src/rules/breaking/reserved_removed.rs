//! A number or name is no longer reserved: `rules/breaking/reserved-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "reserved-removed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ReservedRemoved {
        report(context, change, sink, &|_, _| {
            "keep it reserved for ever: data and consumers that still mean the old field by it may be around".to_owned()
        });
    }
}
