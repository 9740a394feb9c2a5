//! A media type is no longer taken, or no longer given: `rules/breaking/media-type-removed.md`.

use crate::check::rule::{Context, Sink, report, rule};
use crate::model::change::{Change, ChangeKind};

rule!("breaking", "media-type-removed", Error, Change(check));

const HELP: &str = "give both until nobody asks for the old one";

fn check(context: &Context<'_>, change: &Change, sink: &mut Sink) {
    if change.kind == ChangeKind::MediaTypeRemoved {
        report(context, change, sink, &|_, _| HELP.to_owned());
    }
}
