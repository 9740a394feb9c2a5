//! Changes for programs: version 1. Within a version keys are added, never renamed or removed.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::{Listing, Row};
use crate::model::change::{Compatibility, Spot, What};
use crate::report::json::{VERSION, print};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    changes: Vec<ChangeRow<'a>>,
    summary: Summary,
    missing: &'a [String],
    exit: u8,
}

#[derive(Serialize)]
struct Summary {
    breaking: usize,
    unknown: usize,
    compatible: usize,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    rule: &'a str,
    level: &'static str,
    breaking: bool,
    /// Why it could not be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<&'static str>,
    breaks: Vec<&'static str>,
    element: Element<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facet: Option<&'static str>,
    operation: Option<&'a str>,
    operations: Vec<&'a str>,
    field: Option<String>,
    old: Option<SpotRow<'a>>,
    new: Option<SpotRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<Witness<'a>>,
    aliases: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    message: &'a str,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Element<'a> {
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
struct SpotRow<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    value: Option<&'a str>,
}

#[derive(Serialize)]
struct Witness<'a> {
    value: &'a Value,
    /// The side that takes it; the other refuses it.
    #[serde(rename = "takenBy")]
    taken_by: &'static str,
}

/// All rows as one document.
pub fn write(listing: &Listing<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = listing.counts;
    let document = Document {
        version: VERSION,
        changes: listing.rows.iter().map(|row| change_row(listing, row)).collect(),
        summary: Summary { breaking: counts.breaking, unknown: counts.unknown, compatible: counts.compatible },
        missing: listing.missing,
        exit: listing.exit,
    };
    print(&document, out)
}

fn change_row<'a>(listing: &Listing<'a>, row: &'a Row<'a>) -> ChangeRow<'a> {
    let change = row.change;
    let spot = |spot: &'a Option<Spot>| spot.as_ref().map(|spot| spot_row(listing, spot));
    let (unknown, witness) = match &change.compatibility {
        Compatibility::Unknown(why) => (Some(*why), None),
        Compatibility::Breaking(witness) => (None, witness.as_ref()),
        Compatibility::Compatible => (None, None),
    };
    ChangeRow {
        rule: row.rule,
        level: row.level.name(),
        breaking: change.is_breaking(),
        unknown,
        breaks: change.breaks.names().collect(),
        element: Element { kind: kind(change.element.what), name: &change.element.name },
        facet: Some(change.facet).filter(|facet| !facet.is_empty()),
        operation: listing.operation(change),
        operations: listing.operations(change),
        field: listing.field(change),
        old: spot(&change.old),
        new: spot(&change.new),
        witness: witness.map(|witness| Witness {
            value: &witness.value,
            taken_by: if witness.head_takes_it { "head" } else { "base" },
        }),
        aliases: row.aliases,
        fingerprint: row.fingerprint,
        message: row.message,
        notes: row.notes,
    }
}

fn spot_row<'a>(listing: &Listing<'a>, spot: &'a Spot) -> SpotRow<'a> {
    let start = listing.places.get(&spot.site).start;
    SpotRow {
        file: listing.places.path(&spot.site),
        line: start.line,
        column: start.column,
        value: spot.value.as_deref(),
    }
}

/// The name of a kind of element.
const fn kind(what: What) -> &'static str {
    match what {
        What::Contract => "contract",
        What::File => "file",
        What::Service => "service",
        What::Operation => "operation",
        What::Parameter(_) => "parameter",
        What::RequestBody => "requestBody",
        What::ResponseBody => "responseBody",
        What::ResponseHeader => "responseHeader",
        What::Message => "message",
        What::Field => "field",
        What::Oneof => "oneof",
        What::Enum => "enum",
        What::EnumValue => "enumValue",
        What::Extension => "extension",
        What::SecurityScheme => "securityScheme",
    }
}
