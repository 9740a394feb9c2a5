//! An enumeration has a new value: `rules/breaking/enum-value-added.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "enum-value-added", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::EnumValueAdded {
        report(context, change, sink, &|_, _| {
            "send it only to those who know it, or make sure that consumers have an answer to values that they do not know".to_owned()
        });
    }
}
