//! A type no longer keeps to the JSON form of protobuf: `rules/breaking/json-format-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "json-format-changed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::JsonFormatChanged {
        report(context, change, sink, &|_, _| {
            "leave `features.json_format` at `ALLOW` while anybody speaks JSON".to_owned()
        });
    }
}
