//! Changes as annotations of GitHub Actions, on the Head side where they have a place there.

use std::io::{self, Write};

use super::{Listing, Row};
use crate::report::github::{Annotation, annotate_all};

/// Changes as annotations, the worst first.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut rows: Vec<&Row<'_>> = listing.rows.iter().collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.level));
    let annotations = rows.into_iter().filter_map(|row| {
        let site = row.site()?;
        Some(Annotation {
            level: row.level,
            file: listing.places.path(site),
            place: listing.places.get(site),
            title: row.rule.to_owned(),
            message: message(listing, row),
        })
    });
    annotate_all(&annotations.collect::<Vec<_>>(), "more change", out)
}

/// An annotation has one place: the old one stands in its text.
fn message(listing: &Listing<'_>, row: &Row<'_>) -> String {
    let was = row.change.old.as_ref().filter(|_| row.change.new.is_some());
    let was = was.map(|spot| format!("it was here: {}", listing.places.name(&spot.site)));
    let affects = listing.affects(row.change);
    let lines = std::iter::once(row.message.to_owned()).chain(was).chain(affects).chain(row.notes.iter().cloned());
    lines.collect::<Vec<_>>().join("\n")
}
