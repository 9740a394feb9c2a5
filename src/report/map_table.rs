//! The dependency map for people: for each consumer the operations it calls and the fields it uses.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::excerpt::clean;
use super::style::{FAINT, STRONG};
use super::{counted, uses};
use crate::model::analysis::Analysis;
use crate::model::map::{Edge, EdgeKind, Role};

/// Places of one field that are named.
const PLACES: usize = 3;

/// What is done to one field: its name and access, and the edges that do it.
type Fields<'a> = BTreeMap<(String, &'static str), Vec<&'a Edge>>;

/// What one consumer does to one operation.
#[derive(Default)]
struct Uses<'a> {
    calls: Vec<&'a Edge>,
    fields: Fields<'a>,
}

/// The map, consumer by consumer.
pub fn write(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let mut consumers: BTreeMap<&str, BTreeMap<String, Uses<'_>>> = BTreeMap::new();
    for edge in analysis.map.edges.iter().filter(|edge| edge.role == Role::Consumer && !edge.foreign) {
        let operations = consumers.entry(uses::consumer(analysis, edge)).or_default();
        let uses = operations.entry(operation(analysis, edge)).or_default();
        if edge.kind == EdgeKind::Call {
            uses.calls.push(edge);
        } else {
            uses.fields.entry((uses::element(analysis, edge), edge.kind.name())).or_default().push(edge);
        }
    }
    for (consumer, operations) in &consumers {
        writeln!(out, "{STRONG}{}{STRONG:#}", clean(consumer))?;
        for (operation, uses) in operations {
            writeln!(out, "  {}{}", clean(operation), places(analysis, &uses.calls))?;
            for ((field, access), edges) in &uses.fields {
                writeln!(out, "    {access:5} {}{}", clean(field), places(analysis, edges))?;
            }
        }
    }
    footer(analysis, consumers.len(), out)
}

fn operation(analysis: &Analysis, edge: &Edge) -> String {
    let operation = edge.operation.and_then(|id| analysis.head.operations.get(id.index()));
    operation.map_or_else(|| "(operation not known)".to_owned(), |operation| operation.key.clone())
}

/// `  age/src/lib.rs:3 (certain), ... and 4 more`.
fn places(analysis: &Analysis, edges: &[&Edge]) -> String {
    if edges.is_empty() {
        return String::new();
    }
    // Several accesses of one line read as one.
    let mut all: Vec<String> =
        edges.iter().map(|edge| format!("{} ({})", uses::place(analysis, edge), edge.confidence.name())).collect();
    all.dedup();
    let mut named: Vec<String> = all.iter().take(PLACES).cloned().collect();
    if let more @ 1.. = all.len().saturating_sub(PLACES) {
        named.push(format!("... and {more} more"));
    }
    format!("  {FAINT}{}{FAINT:#}", clean(&named.join(", ")))
}

fn footer(analysis: &Analysis, consumers: usize, out: &mut dyn Write) -> io::Result<()> {
    let map = &analysis.map;
    let calls = map.edges.iter().filter(|edge| edge.kind == EdgeKind::Call && edge.role == Role::Consumer).count();
    let accesses = map.edges.iter().filter(|edge| edge.kind != EdgeKind::Call && edge.role == Role::Consumer).count();
    writeln!(
        out,
        "{}, {}, {}, {} (contract-lint unresolved)",
        counted(consumers, "consumer"),
        counted(calls, "call"),
        counted(accesses, "field access"),
        counted(map.unresolved.len(), "unresolved call"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn the_table_goes_from_consumer_to_operation_to_field() {
        let text = plain(|out| write(&Sample::broken().analysis, out));
        let expected = "\
age
  GET /profiles/{id}  age/src/lib.rs:3 (likely)
    read  GET /profiles/{id}#200.id  age/src/lib.rs:2 (certain)
1 consumer, 1 call, 1 field access, 1 unresolved call (contract-lint unresolved)
";
        similar_asserts::assert_eq!(text, expected);
    }
}
