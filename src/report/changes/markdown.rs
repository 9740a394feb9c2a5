//! Changes as Markdown, for a comment or a page.
//!
//! A comment on GitHub holds 65,536 characters and is refused above that, so this stops before, and says so.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::text::{GROUPS, summary};
use super::{Listing, Row};
use crate::report::counted;
use crate::report::step_summary::inline;

/// Bytes after which no further change is written.
const LARGEST: usize = 60_000;

/// Groups of changes under headings.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = format!("## API changes\n\n{}\n", summary(listing.counts));
    for missing in listing.missing {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "\n**incomplete**: {}", inline(missing));
    }
    let mut left_out = 0;
    for (title, is_one) in GROUPS {
        let rows: Vec<&Row<'_>> = listing.rows.iter().filter(|row| is_one(row.change)).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n### {title} ({})\n", rows.len());
        for row in rows {
            let item = item(listing, row);
            if text.len() + item.len() > LARGEST {
                left_out += 1;
            } else {
                text.push_str(&item);
            }
        }
    }
    if left_out > 0 {
        let _ = writeln!(text, "\n{} not shown here.", counted(left_out, "more change"));
    }
    out.write_all(text.as_bytes())
}

fn item(listing: &Listing<'_>, row: &Row<'_>) -> String {
    let mut text = format!("- **{}** `{}` {}\n", row.level.name(), row.rule, inline(row.message));
    let name = |spot: &crate::model::change::Spot| inline(&listing.places.name(&spot.site));
    let places = match (&row.change.old, &row.change.new) {
        (Some(old), Some(new)) => Some(format!("{} → {}", name(old), name(new))),
        (Some(one), None) | (None, Some(one)) => Some(name(one)),
        (None, None) => None,
    };
    let notes = listing.affects(row.change).into_iter().chain(row.notes.iter().cloned());
    for line in places.into_iter().chain(notes.map(|note| inline(&note))) {
        let _ = writeln!(text, "  - {line}");
    }
    text
}
