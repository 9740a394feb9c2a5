//! An object that is sent may no longer have other properties: `rules/breaking/properties-closed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "properties-closed", Error, Change(check));

const HELP: &str = "go on ignoring what is not known, or look in the logs who sends more than the contract names";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::PropertiesClosed {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
