//! An open enumeration became closed, or the reverse: `rules/breaking/enum-openness-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "enum-openness-changed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::EnumOpennessChanged {
        report(context, change, sink, &|_, _| {
            "keep `features.enum_type` as it was: closed enumerations drop what they do not know, open ones keep it"
                .to_owned()
        });
    }
}
