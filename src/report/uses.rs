//! Who uses an element of a contract.

use std::collections::BTreeSet;
use std::io::{self, Write};

use serde::Serialize;

use super::excerpt::clean;
use super::json::{VERSION, print};
use super::map_json::{CoverageRow, EdgeRow, coverage_row, edge_row};
use super::style::{FAINT, STRONG};
use super::view::{is_foreign, is_test};
use super::{Places, counted, table};
use crate::model::analysis::Analysis;
use crate::model::contract::{Catalog, FieldRef, Marks};
use crate::model::map::{Confidence, Edge, EdgeKind, Role};
use crate::model::source::Site;
use crate::model::usage::AccessKind;

/// Unused elements of a wide selection that are named.
const UNUSED: usize = 10;

/// One element of a contract and everything that uses it.
#[derive(Debug)]
pub struct Section<'a> {
    /// `profile.v1.Profile.birthdate`, `GET /profiles/{id}`.
    pub element: String,
    /// Its type, of a field.
    pub shape: Option<String>,
    /// What the contract says about it.
    pub marks: Option<&'a Marks>,
    /// Where it is declared.
    pub site: Option<&'a Site>,
    /// Its edges, in the order of the map.
    pub edges: Vec<&'a Edge>,
}

/// A table for each element, and a sentence of counts; at the end what the answer is worth.
pub fn write_table(
    analysis: &Analysis,
    places: &Places<'_>,
    sections: &[Section<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let only = sections.len() == 1;
    let (used, unused): (Vec<_>, Vec<_>) = sections.iter().partition(|section| only || !section.edges.is_empty());
    for section in used {
        writeln!(out, "{}\n", heading(places, section))?;
        if !section.edges.is_empty() {
            let rows: Vec<[String; 5]> = section.edges.iter().map(|edge| row(analysis, edge)).collect();
            table::write(["CONSUMER", "ACCESS", "CONFIDENCE", "WHERE", "EVIDENCE"], &rows, out)?;
        }
        writeln!(out, "{}\n", counts(analysis, section))?;
    }
    if !unused.is_empty() {
        let mut named: Vec<&str> = unused.iter().take(UNUSED).map(|section| section.element.as_str()).collect();
        let more = format!("... and {} more", unused.len().saturating_sub(UNUSED));
        if unused.len() > UNUSED {
            named.push(&more);
        }
        writeln!(out, "no known consumer of {}: {}", counted(unused.len(), "element"), clean(&named.join(", ")))?;
    }
    let is_unused = |section: &Section<'_>| consumers(analysis, section.edges.iter().copied()).is_empty();
    if sections.is_empty() {
        writeln!(out, "no use of a contract found")?;
    }
    match caveat(analysis) {
        Some(caveat) if sections.is_empty() || sections.iter().any(is_unused) => {
            writeln!(out, "{FAINT}{caveat}{FAINT:#}")
        }
        _ => Ok(()),
    }
}

/// What was not seen, for whoever is about to believe that nobody uses something.
fn caveat(analysis: &Analysis) -> Option<String> {
    let coverage = &analysis.coverage;
    let unseen = [
        (coverage.unresolved, counted(coverage.unresolved, "call"), "tied to no contract (contract-lint unresolved)"),
        (coverage.fixmes, counted(coverage.fixmes, "construct"), "not understood"),
        (coverage.skipped, counted(coverage.skipped, "file"), "not read"),
        (coverage.tests, counted(coverage.tests, "test file"), "left out (--include-tests)"),
    ];
    let unseen = unseen.iter().filter(|(count, ..)| *count > 0).map(|(_, what, why)| format!("{what} {why}"));
    let unseen: Vec<String> = unseen.collect();
    (!unseen.is_empty()).then(|| format!("a use may hide in what was not seen: {}", unseen.join(", ")))
}

/// The element, its type, its marks, its place.
fn heading(places: &Places<'_>, section: &Section<'_>) -> String {
    let mut parts = vec![format!("{STRONG}{}{STRONG:#}", clean(&section.element))];
    parts.extend(section.shape.as_deref().map(clean));
    if let Some(marks) = section.marks {
        parts.extend(marks.deprecated.is_some().then(|| "deprecated".to_owned()));
        parts.extend(marks.sunset.as_ref().map(|(day, _)| format!("sunset {day}")));
        let classes: Vec<&str> = marks.sensitive.iter().map(|sensitive| sensitive.class.as_str()).collect();
        parts.extend((!classes.is_empty()).then(|| format!("sensitive: {}", clean(&classes.join(", ")))));
    }
    parts.extend(section.site.map(|site| {
        let line = places.get(site).start.line;
        format!("{FAINT}{}:{line}{FAINT:#}", clean(places.path(site)))
    }));
    parts.join("   ")
}

fn row(analysis: &Analysis, edge: &Edge) -> [String; 5] {
    let access = match (edge.role, edge.kind) {
        (Role::Provider, EdgeKind::Call) => "serves",
        (_, EdgeKind::Access(AccessKind::Whole)) => "???",
        (_, kind) => kind.name(),
    };
    let remarks = [
        (edge.kind == EdgeKind::Access(AccessKind::Whole), "passes the whole message on"),
        (edge.role == Role::Provider && edge.kind != EdgeKind::Call, "of its own contract"),
        (is_test(analysis, &edge.location), "test"),
        (is_foreign(analysis, edge), "generated or vendored"),
    ];
    let remarks: Vec<&str> = remarks.iter().filter(|(holds, _)| *holds).map(|(_, what)| *what).collect();
    let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join(", ")) };
    [
        consumer(analysis, edge).to_owned(),
        access.to_owned(),
        edge.confidence.name().to_owned(),
        format!("{}{remarks}", place(analysis, edge)),
        edge.evidence.clone(),
    ]
}

/// "2 read, 0 write, 1 unknown, 11 of 14 consumers do not use it".
fn counts(analysis: &Analysis, section: &Section<'_>) -> String {
    let all = consumers(analysis, analysis.map.edges.iter());
    let by = |wanted: &dyn Fn(&Edge) -> bool| {
        consumers(analysis, section.edges.iter().copied().filter(|edge| wanted(edge))).len()
    };
    let users = by(&|_| true);
    if users == 0 {
        return format!("no known consumer ({} in sight)", counted(all.len(), "consumer"));
    }
    let unknown = by(&|edge| is_unknown(edge));
    let known = if section.shape.is_some() {
        let read = by(&|edge| edge.kind == EdgeKind::Access(AccessKind::Read) && !is_unknown(edge));
        let write = by(&|edge| edge.kind == EdgeKind::Access(AccessKind::Write) && !is_unknown(edge));
        format!("{read} read, {write} write")
    } else {
        let calls = by(&|edge| edge.kind == EdgeKind::Call && !is_unknown(edge));
        format!("{calls} call")
    };
    let rest = all.len().saturating_sub(users);
    let noun = if all.len() == 1 { "consumer does" } else { "consumers do" };
    format!("{known}, {unknown} unknown, {rest} of {} {noun} not use it", all.len())
}

/// Something is used, but not known what.
fn is_unknown(edge: &Edge) -> bool {
    edge.confidence == Confidence::Unknown || edge.kind == EdgeKind::Access(AccessKind::Whole)
}

fn consumers<'a>(analysis: &'a Analysis, edges: impl Iterator<Item = &'a Edge>) -> BTreeSet<&'a str> {
    edges.filter(|edge| edge.role == Role::Consumer).map(|edge| consumer(analysis, edge)).collect()
}

/// Whose code an edge is of.
pub(super) fn consumer<'a>(analysis: &'a Analysis, edge: &Edge) -> &'a str {
    edge.location.service.map_or("(no service)", |id| analysis.workspace.name(id))
}

/// `path:line`.
pub(super) fn place(analysis: &Analysis, edge: &Edge) -> String {
    let span = edge.location.span;
    format!("{}:{}", analysis.sources.get(span.file).path, analysis.sources.start(span).line)
}

/// What an edge is about: its field, else its operation.
pub(super) fn element(analysis: &Analysis, edge: &Edge) -> String {
    let field = edge.field_path.clone().or_else(|| declared_name(&analysis.head, edge.field?));
    let operation = || edge.operation.and_then(|id| analysis.head.operations.get(id.index()));
    field.or_else(|| Some(operation()?.key.clone())).unwrap_or_else(|| "(not known)".to_owned())
}

/// The field as its message declares it: `Profile.birthdate`.
pub(super) fn declared_name(catalog: &Catalog, field: FieldRef) -> Option<String> {
    let message = catalog.messages.get(field.message.index())?;
    Some(format!("{}.{}", message.name, message.fields.get(field.index as usize)?.name))
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    elements: Vec<ElementRow<'a>>,
    coverage: CoverageRow,
}

#[derive(Serialize)]
struct ElementRow<'a> {
    element: &'a str,
    #[serde(rename = "type")]
    shape: Option<&'a str>,
    deprecated: bool,
    sensitive: Vec<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
    edges: Vec<EdgeRow<'a>>,
}

/// The same for programs; edges as in the map.
pub fn write_json(
    analysis: &Analysis,
    places: &Places<'_>,
    sections: &[Section<'_>],
    out: &mut dyn Write,
) -> io::Result<()> {
    let element = |section| element_row(analysis, places, section);
    let coverage = coverage_row(&analysis.coverage);
    print(&Document { version: VERSION, elements: sections.iter().map(element).collect(), coverage }, out)
}

fn element_row<'a>(analysis: &'a Analysis, places: &Places<'a>, section: &'a Section<'a>) -> ElementRow<'a> {
    let classes = section.marks.map(|marks| marks.sensitive.as_slice()).unwrap_or_default();
    ElementRow {
        element: &section.element,
        shape: section.shape.as_deref(),
        deprecated: section.marks.is_some_and(|marks| marks.deprecated.is_some()),
        sensitive: classes.iter().map(|sensitive| sensitive.class.as_str()).collect(),
        file: section.site.map(|site| places.path(site)),
        line: section.site.map(|site| places.get(site).start.line),
        edges: section.edges.iter().map(|edge| edge_row(analysis, edge)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain, spans};

    #[test]
    fn the_readers_of_a_field_stand_in_a_table_with_a_sentence_below() {
        let sample = Sample::broken();
        let field = &sample.analysis.base.as_ref().unwrap().messages[0].fields[1];
        let section = Section {
            element: "Profile.birthdate".to_owned(),
            shape: Some(field.shape.to_string()),
            marks: Some(&field.marks),
            site: Some(&field.site),
            edges: vec![&sample.analysis.map.edges[0]],
        };
        let places = Places::resolve(&sample.analysis.sources, [&field.site], spans);
        let text = plain(|out| write_table(&sample.analysis, &places, &[section], out));
        let expected = "\
Profile.birthdate   string (date)   sensitive: pii   api/openapi.yaml:5

CONSUMER  ACCESS  CONFIDENCE  WHERE             EVIDENCE
age       read    certain     age/src/lib.rs:2  GET /profiles/1
1 read, 0 write, 0 unknown, 0 of 1 consumer does not use it

";
        similar_asserts::assert_eq!(text, expected);
    }

    #[test]
    fn of_many_elements_the_unused_are_named_in_one_line() {
        let sample = Sample::broken();
        let section =
            |at| Section { element: format!("f{at}"), shape: None, marks: None, site: None, edges: Vec::new() };
        let sections: Vec<_> = (0..12).map(section).collect();
        let places = Places::resolve(&sample.analysis.sources, [], spans);
        let text = plain(|out| write_table(&sample.analysis, &places, &sections, out));
        let expected = "\
no known consumer of 12 elements: f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, ... and 2 more
a use may hide in what was not seen: 1 call tied to no contract (contract-lint unresolved), 1 construct not understood
";
        assert_eq!(text, expected);
    }
}
