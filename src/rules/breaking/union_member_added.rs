//! What is received may be of one more kind: `rules/breaking/union-member-added.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "union-member-added", Error, Change(check));

const HELP: &str = "give the new kind under a new field or operation, or tell consumers to treat kinds that they do not know before it comes";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::UnionMemberAdded {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
