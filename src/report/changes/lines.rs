//! One line for each change: `path:line:col: error[rule] message`.

use std::io::{self, Write};

use super::Listing;
use crate::report::{clean, style};

/// Every change on a line.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    listing.rows.iter().try_for_each(|row| {
        let place = row.site().map(|site| format!("{}: ", listing.places.name(site))).unwrap_or_default();
        let (colour, level) = (style::level(row.level), row.level.name());
        writeln!(out, "{place}{colour}{level}[{}]{colour:#} {}", row.rule, clean(row.message))
    })
}
