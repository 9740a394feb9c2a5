//! A field has another name in JSON: `rules/breaking/json-name-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "json-name-changed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::JsonNameChanged {
        report(context, change, sink, &|_, _| "keep the name in JSON with `json_name`".to_owned());
    }
}
