//! Changes for people: what breaks, what nobody can tell, and, if asked for, what is compatible.

use std::io::{self, Write};

use super::{Counts, Listing, Row};
use crate::model::change::{Change, Compatibility, Spot};
use crate::report::style::{self, FAINT, GUTTER, STRONG};
use crate::report::{clean, counted};

/// Characters of a value that are shown.
const MOST_OF_A_VALUE: usize = 80;

/// Groups of changes under headings.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (title, is_one) in GROUPS {
        let rows: Vec<&Row<'_>> = listing.rows.iter().filter(|row| is_one(row.change)).collect();
        if !rows.is_empty() {
            writeln!(out, "{STRONG}{title} ({}){STRONG:#}", rows.len())?;
            rows.into_iter().try_for_each(|row| write_row(listing, row, out))?;
            writeln!(out)?;
        }
    }
    Ok(())
}

type Group = (&'static str, fn(&Change) -> bool);

/// Headings, and what stands below them.
pub(super) const GROUPS: [Group; 3] = [
    ("Breaking", Change::is_breaking),
    ("Unknown", |change| matches!(change.compatibility, Compatibility::Unknown(_))),
    ("Compatible", |change| change.compatibility == Compatibility::Compatible),
];

fn write_row(listing: &Listing<'_>, row: &Row<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (colour, level) = (style::level(row.level), row.level.name());
    writeln!(out, "  {colour}{level}[{}]{colour:#}: {}", row.rule, clean(row.message))?;
    // Of what is gone the new place is what is left around it.
    let now = if row.change.is_gone() { '@' } else { '+' };
    for (sign, spot) in [('-', &row.change.old), (now, &row.change.new)] {
        if let Some(spot) = spot {
            writeln!(out, "    {GUTTER}{sign}{GUTTER:#} {}{}", listing.places.name(&spot.site), value(spot))?;
        }
    }
    let name = row.fingerprint.map(|name| format!("fingerprint: {name}"));
    for note in listing.affects(row.change).iter().chain(row.notes).chain(&name) {
        writeln!(out, "    {GUTTER}={GUTTER:#} {}", clean(note))?;
    }
    Ok(())
}

fn value(spot: &Spot) -> String {
    let Some(value) = &spot.value else { return String::new() };
    let cut = if value.chars().count() > MOST_OF_A_VALUE { "…" } else { "" };
    let value: String = value.chars().take(MOST_OF_A_VALUE).collect();
    format!("  {}{cut}", clean(&value))
}

/// How many changes there are, shown or not, and the time.
pub fn footer(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    for hidden in listing.hidden.iter().filter(|hidden| hidden.count > 0) {
        let show = if hidden.show.is_empty() { String::new() } else { format!(", show with {}", hidden.show) };
        writeln!(out, "{FAINT}{} hidden: {}{show}{FAINT:#}", hidden.count, hidden.what)?;
    }
    let analysis = listing.analysis;
    let base = analysis.base.as_ref().map_or(0, |base| base.contracts.len());
    writeln!(
        out,
        "{STRONG}{}{STRONG:#} between {} and {} in {:.2} s",
        summary(listing.counts),
        counted(base, "contract"),
        counted(analysis.head.contracts.len(), "contract"),
        listing.elapsed.as_secs_f64(),
    )
}

/// `2 breaking changes, 1 unknown, 3 compatible`.
pub(super) fn summary(counts: Counts) -> String {
    if counts == Counts::default() {
        return "No changes".to_owned();
    }
    let breaking = match counts.breaking {
        0 => "No breaking change".to_owned(),
        breaking => counted(breaking, "breaking change"),
    };
    let rest = [(counts.unknown, "unknown"), (counts.compatible, "compatible")];
    let rest = rest.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    std::iter::once(breaking).chain(rest).collect()
}
