//! A field that was always there may be left out: `rules/breaking/field-optional.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "field-optional", Error, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::FieldOptional {
        report(context, change, sink, &|_, _| "keep sending it until all who read it can do without".to_owned());
    }
}
