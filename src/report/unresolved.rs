//! Calls that are tied to no contract, and why.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::excerpt::clean;
use super::json::{VERSION, print};
use super::map_json::{PlaceRow, place_row};
use super::style::{FAINT, STRONG};
use super::view::{View, is_test};
use super::{counted, table};
use crate::model::analysis::Analysis;
use crate::model::map::{Unlinked, Unresolved};
use crate::model::source::Span;

/// Characters of the code of a call that are shown.
const WRITTEN: usize = 60;
/// Kinds of constructs that are shown unless all are asked for.
const CONSTRUCTS: usize = 5;

/// A call for programs.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    #[serde(flatten)]
    place: PlaceRow<'a>,
    target: &'a str,
    library: &'a str,
    reason: &'static str,
    why: &'static str,
    detail: Option<&'a str>,
    /// The code at the place.
    written: String,
    sent: Option<SentRow<'a>>,
    test: bool,
}

/// Where a request is sent, if that is another place than the one that says where to.
#[derive(Serialize)]
struct SentRow<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

pub(super) fn row<'a>(analysis: &'a Analysis, call: &'a Unresolved) -> Row<'a> {
    let sent = |span: Span| {
        let start = analysis.sources.start(span);
        SentRow { file: &analysis.sources.get(span.file).path, line: start.line, column: start.column }
    };
    Row {
        place: place_row(analysis, &call.location),
        target: &call.target,
        library: &call.library,
        reason: call.why.name(),
        why: call.why.reason(),
        detail: call.detail.as_deref(),
        written: written(analysis, call),
        sent: call.sent.map(sent),
        test: is_test(analysis, &call.location),
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    unresolved: Vec<Row<'a>>,
    summary: Vec<SummaryRow>,
    calls: usize,
    constructs: Vec<ConstructRow<'a>>,
}

#[derive(Serialize)]
struct SummaryRow {
    reason: &'static str,
    why: &'static str,
    count: usize,
}

/// Syntax that no front end understood: what stands in it was not seen.
#[derive(Serialize)]
struct ConstructRow<'a> {
    language: &'static str,
    what: &'a str,
    count: usize,
}

/// As one document.
pub fn write_json(view: &View<'_>, out: &mut dyn Write) -> io::Result<()> {
    let analysis = view.analysis;
    let constructs = analysis.coverage.constructs.iter();
    let document = Document {
        version: VERSION,
        unresolved: view.unresolved.iter().map(|call| row(analysis, call)).collect(),
        summary: summary(view)
            .map(|(why, count)| SummaryRow { reason: why.name(), why: why.reason(), count })
            .collect(),
        calls: analysis.coverage.calls,
        constructs: constructs
            .map(|(language, what, count)| ConstructRow { language: language.name(), what, count: *count })
            .collect(),
    };
    print(&document, out)
}

/// Calls by reason, the commonest first.
fn summary(view: &View<'_>) -> impl Iterator<Item = (Unlinked, usize)> {
    let mut reasons: BTreeMap<Unlinked, usize> = BTreeMap::new();
    for call in &view.unresolved {
        *reasons.entry(call.why).or_default() += 1;
    }
    let mut reasons: Vec<(Unlinked, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(why, count)| (std::cmp::Reverse(*count), *why));
    reasons.into_iter()
}

/// A table for each reason, and a sentence of counts. `all` shows every kind of construct that was not
/// understood.
pub fn write_table(view: &View<'_>, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let analysis = view.analysis;
    for (why, count) in summary(view) {
        writeln!(out, "{STRONG}{}{STRONG:#} ({})", why.reason(), counted(count, "call"))?;
        let calls = view.unresolved.iter().filter(|call| call.why == why);
        let rows: Vec<[String; 4]> = calls.map(|call| cells(analysis, call)).collect();
        table::write(["CONSUMER", "CALL", "WHERE", "WHAT"], &rows, out)?;
        writeln!(out)?;
    }
    let total = analysis.coverage.calls.max(view.unresolved.len());
    writeln!(out, "{} of {} unresolved", view.unresolved.len(), counted(total, "call"))?;
    if analysis.coverage.tests > 0 {
        let files = counted(analysis.coverage.tests, "test file");
        writeln!(out, "{FAINT}{files} left out, show with --include-tests{FAINT:#}")?;
    }
    constructs(analysis, all, out)
}

/// Syntax that was not understood, by language.
fn constructs(analysis: &Analysis, all: bool, out: &mut dyn Write) -> io::Result<()> {
    let coverage = &analysis.coverage;
    if coverage.fixmes == 0 {
        return Ok(());
    }
    writeln!(out, "{} not understood, calls in them are not seen:", counted(coverage.fixmes, "construct"))?;
    let shown = if all { usize::MAX } else { CONSTRUCTS };
    for (language, what, count) in coverage.constructs.iter().take(shown) {
        writeln!(out, "  {count} {}: {}", language.title(), clean(what))?;
    }
    match coverage.constructs.len().saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(out, "{FAINT}  ... and {}, show with --all{FAINT:#}", counted(more, "more kind")),
    }
}

fn cells(analysis: &Analysis, call: &Unresolved) -> [String; 4] {
    let place = |span: Span| format!("{}:{}", analysis.sources.get(span.file).path, analysis.sources.start(span).line);
    let consumer = call.location.service.map_or("(no service)", |id| analysis.workspace.name(id));
    let sent = call.sent.map(|span| format!("sent at {}", place(span)));
    let written = written(analysis, call);
    let written = (!written.is_empty()).then(|| format!("written `{written}`"));
    let test = is_test(analysis, &call.location).then(|| "test".to_owned());
    let what: Vec<String> = call.detail.clone().into_iter().chain(written).chain(sent).chain(test).collect();
    [consumer.to_owned(), call.target.clone(), place(call.location.span), what.join("; ")]
}

/// The first line of the code at the place, cut.
fn written(analysis: &Analysis, call: &Unresolved) -> String {
    let text = analysis.sources.text(call.location.span);
    let line = clean(text.lines().next().unwrap_or_default().trim());
    let cut: String = line.chars().take(WRITTEN).collect();
    if cut.len() < line.len() || text.trim().lines().nth(1).is_some() { format!("{cut}...") } else { cut }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn a_call_says_why_it_is_tied_to_nothing() {
        let text = plain(|out| write_table(&View::whole(&Sample::broken().analysis), false, out));
        let expected = "\
its URL could not be followed (1 call)
CONSUMER  CALL      WHERE             WHAT
age       GET {}/x  age/src/lib.rs:3  what stands before `/x` is not known; written `get`

1 of 2 calls unresolved
1 construct not understood, calls in them are not seen:
  1 Rust: macro
";
        similar_asserts::assert_eq!(text, expected);
    }

    #[test]
    fn kinds_of_constructs_beyond_the_first_few_are_counted() {
        let mut sample = Sample::broken();
        sample.analysis.coverage.constructs =
            (0..7).map(|at| (crate::model::source::Language::Go, format!("kind {at}"), 7 - at)).collect();
        let print = |all| plain(|out| write_table(&View::whole(&sample.analysis), all, out));
        assert!(
            print(false).ends_with("  3 Go: kind 4\n  ... and 2 more kinds, show with --all\n"),
            "{}",
            print(false)
        );
        assert!(print(true).ends_with("  1 Go: kind 6\n"), "{}", print(true));
    }
}
