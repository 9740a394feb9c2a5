//! What is received may now be `null`: `rules/breaking/nullable-added.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "nullable-added", Error, Change(check));

const HELP: &str = "leave the field out instead where it is optional, or send a value of the type that stands for none";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::NullableAdded {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
