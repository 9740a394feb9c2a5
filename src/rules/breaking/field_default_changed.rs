//! What is read where nothing was sent is another value: `rules/breaking/field-default-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-default-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldDefaultChanged {
        report(context, change, sink, &|_, _| {
            "keep the default: senders leave out what they believe to be it, and readers built before fill in the old one".to_owned()
        });
    }
}
