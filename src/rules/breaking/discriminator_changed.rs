//! Members of a union are told apart by another property or value: `rules/breaking/discriminator-changed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "discriminator-changed", Warning, Change(check));

const HELP: &str =
    "keep the property and the meaning of its values; a new way to tell members apart needs a new operation or version";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::DiscriminatorChanged {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
