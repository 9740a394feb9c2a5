//! A field or enum value has another name: `rules/breaking/field-renamed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-renamed", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldRenamed {
        report(context, change, sink, &|_, _| {
            "keep the name; in JSON `json_name` keeps it for those who read it there".to_owned()
        });
    }
}
