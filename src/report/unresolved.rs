//! Calls that are tied to no contract, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::json::{VERSION, print};
use super::map_json::{PlaceRow, place_row};
use super::{counted, table};
use crate::model::analysis::Analysis;
use crate::model::map::Unresolved;

/// A call for programs.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    target: &'a str,
    why: &'static str,
    test: bool,
}

pub(super) fn row<'a>(analysis: &'a Analysis, call: &'a Unresolved) -> Row<'a> {
    Row {
        place: place_row(analysis, &call.location),
        target: &call.target,
        why: call.why.reason(),
        test: call.location.test,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    unresolved: Vec<Row<'a>>,
}

/// As one document.
pub fn write_json(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let unresolved = analysis.map.unresolved.iter().map(|call| row(analysis, call)).collect();
    print(&Document { version: VERSION, unresolved }, out)
}

/// As a table, with a sentence of counts.
pub fn write_table(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let calls = &analysis.map.unresolved;
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for call in calls {
        *reasons.entry(call.why.reason()).or_default() += 1;
    }
    if !calls.is_empty() {
        let rows: Vec<[String; 4]> = calls.iter().map(|call| cells(analysis, call)).collect();
        table::write(["CONSUMER", "CALL", "WHERE", "WHY"], &rows, out)?;
    }
    let total = analysis.coverage.calls.max(calls.len());
    writeln!(out, "{} of {} unresolved", calls.len(), counted(total, "call"))?;
    reasons.iter().try_for_each(|(reason, count)| writeln!(out, "  {count}: {reason}"))
}

fn cells(analysis: &Analysis, call: &Unresolved) -> [String; 4] {
    let span = call.location.span;
    let consumer = call.location.service.map_or("(no service)", |id| analysis.workspace.name(id));
    let place = format!("{}:{}", analysis.sources.get(span.file).path, analysis.sources.start(span).line);
    [consumer.to_owned(), call.target.clone(), place, call.why.reason().to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn a_call_says_why_it_is_tied_to_nothing() {
        let text = plain(|out| write_table(&Sample::broken().analysis, out));
        let expected = "\
CONSUMER  CALL      WHERE             WHY
age       GET {}/x  age/src/lib.rs:3  its URL could not be followed
1 of 2 calls unresolved
  1: its URL could not be followed
";
        similar_asserts::assert_eq!(text, expected);
    }
}
