//! A kind of value is no longer taken: `rules/breaking/union-member-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "union-member-removed", Error, Change(check));

const HELP: &str = "take the old kind until nobody sends it any more";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::UnionMemberRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
