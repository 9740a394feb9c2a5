//! An rpc promises less about being called again: `rules/breaking/idempotency-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "idempotency-changed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::IdempotencyChanged {
        report(context, change, sink, &|_, _| {
            "keep the promise while callers repeat calls, or send them as GET, because of it".to_owned()
        });
    }
}
