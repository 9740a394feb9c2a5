//! Numbers that were left to extensions no longer are: `rules/breaking/extension-range-shrunk.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "extension-range-shrunk", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::ExtensionRangeShrunk {
        report(context, change, sink, &|_, _| {
            "keep the range: extensions that others declare in it no longer compile".to_owned()
        });
    }
}
