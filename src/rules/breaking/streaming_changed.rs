//! An rpc streams where it did not, or no longer does: `rules/breaking/streaming-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "streaming-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::StreamingChanged {
        report(context, change, sink, &|_, _| "add a new rpc beside it, and deprecate this one".to_owned());
    }
}
