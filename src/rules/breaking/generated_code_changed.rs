//! Code that is generated from the contract comes out different: `rules/breaking/generated-code-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "generated-code-changed", Warning, Change(check));

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::GeneratedCodeChanged {
        report(context, change, sink, &|_, _| {
            "who generates code from it has to change theirs with the next build: keep it as it was, or tell them"
                .to_owned()
        });
    }
}
