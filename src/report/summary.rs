//! What stands around the findings, on standard error: what was read, what could not be, and what
//! the answer is worth.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::style::{self, FAINT, PROBLEM, STRONG};
use super::{Counts, Places, Report, clean, counted};
use crate::model::analysis::Analysis;
use crate::model::contract::{Contract, ContractKind, Message};
use crate::model::finding::Level;
use crate::model::problem::{Problem, ProblemKind};

/// Problems of one kind that are shown.
const PER_KIND: usize = 10;

/// "Read 3 contracts (21 operations, 143 fields) and 212 files: Rust 120, Go 92, in 5 services".
pub fn header(analysis: &Analysis, out: &mut dyn Write) -> io::Result<()> {
    let catalog = &analysis.head;
    let coverage = &analysis.coverage;
    let parsed: usize = coverage.parsed.iter().map(|(_, count)| count).sum();
    let languages: Vec<String> =
        coverage.parsed.iter().map(|(language, count)| format!("{} {count}", language.title())).collect();
    let languages = if languages.is_empty() { String::new() } else { format!(": {}", languages.join(", ")) };
    let (written, by_code) = catalog.by_hand();
    let is_written = |message: &&Message| catalog.contract(message.contract).kind != ContractKind::Code;
    let fields = catalog.messages.iter().filter(is_written).map(|message| message.fields.len()).sum();
    let operations = |of: &[&Contract]| of.iter().map(|contract| catalog.operations_of(contract).len()).sum();
    writeln!(
        out,
        "{STRONG}Read{STRONG:#} {} ({}, {}) and {}{languages}, in {}",
        counted(written.len(), "contract"),
        counted(operations(&written), "operation"),
        counted(fields, "field"),
        counted(parsed, "file"),
        counted(analysis.workspace.services.len(), "service"),
    )?;
    if by_code.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "{FAINT}No contract has {} of {}: known from their code alone{FAINT:#}",
        counted(operations(&by_code), "operation"),
        counted(by_code.len(), "service"),
    )
}

/// What could not be read, a line each.
pub fn problems(problems: &[Problem], places: &Places<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut by_kind: BTreeMap<ProblemKind, Vec<&Problem>> = BTreeMap::new();
    for problem in problems {
        by_kind.entry(problem.kind).or_default().push(problem);
    }
    for (kind, problems) in by_kind {
        let word = if kind == ProblemKind::Note { "note" } else { "problem" };
        for problem in problems.iter().take(PER_KIND) {
            let place = place(problem, places);
            writeln!(out, "{PROBLEM}{word}{PROBLEM:#}: {place}{}", clean(&problem.message))?;
        }
        if let more @ 1.. = problems.len().saturating_sub(PER_KIND) {
            writeln!(out, "{FAINT}... and {more} more ({}){FAINT:#}", kind.name())?;
        }
    }
    Ok(())
}

fn place(problem: &Problem, places: &Places<'_>) -> String {
    match (&problem.site, &problem.path) {
        (Some(site), _) => format!("{}: ", places.name(site)),
        (None, Some(path)) if !path.is_empty() => format!("{}: ", clean(path)),
        (None, _) => String::new(),
    }
}

/// Why the run is incomplete, if it is.
pub fn missing(missing: &[String], out: &mut dyn Write) -> io::Result<()> {
    let colour = style::level(Level::Error);
    missing.iter().try_for_each(|missing| writeln!(out, "{colour}incomplete{colour:#}: {}", clean(missing)))
}

/// What was looked for and not found, where that leaves the run complete.
pub fn absent(absent: &[String], out: &mut dyn Write) -> io::Result<()> {
    absent.iter().try_for_each(|absent| writeln!(out, "{PROBLEM}note{PROBLEM:#}: {}", clean(absent)))
}

/// Counts, what is hidden and how to see it, how much was seen, and the time.
pub fn footer(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    counts(report, out)?;
    for hidden in report.hidden.iter().filter(|hidden| hidden.count > 0) {
        let show = if hidden.show.is_empty() { String::new() } else { format!(", show with {}", hidden.show) };
        writeln!(out, "{FAINT}{} hidden: {}{show}{FAINT:#}", hidden.count, hidden.what)?;
    }
    let analysis = report.analysis;
    let coverage = &analysis.coverage;
    let parsed: usize = coverage.parsed.iter().map(|(_, count)| count).sum();
    let unresolved = match coverage.unresolved {
        0 => String::new(),
        count => format!(", {count} unresolved (contract-lint unresolved)"),
    };
    let tests = match coverage.tests {
        0 => String::new(),
        count => format!(", {} left out (--include-tests)", counted(count, "test file")),
    };
    writeln!(
        out,
        "Coverage: {} parsed{tests}, {} not understood, {} skipped, {}{unresolved}",
        counted(parsed, "file"),
        counted(coverage.fixmes, "construct"),
        coverage.skipped,
        counted(coverage.calls, "call"),
    )?;
    writeln!(
        out,
        "Checked {} and {} in {:.2} s",
        counted(analysis.head.by_hand().0.len(), "contract"),
        counted(parsed, "file"),
        report.elapsed.as_secs_f64(),
    )
}

fn counts(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let counts = Counts::of(report.findings);
    let levels = [(Level::Error, counts.error), (Level::Warning, counts.warning), (Level::Info, counts.info)];
    let named: Vec<String> = levels
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(level, count)| {
            let (colour, noun) = (style::level(level), if level == Level::Info { "hint" } else { level.name() });
            format!("{colour}{}{colour:#}", counted(count, noun))
        })
        .collect();
    if named.is_empty() {
        return writeln!(out, "{STRONG}No findings{STRONG:#}");
    }
    writeln!(out, "{STRONG}{}{STRONG:#}: {}", counted(report.findings.len(), "finding"), named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Sample, plain};

    #[test]
    fn the_header_says_what_was_read() {
        let sample = Sample::broken();
        let text = plain(|out| header(&sample.analysis, out));
        assert_eq!(text, "Read 1 contract (1 operation, 1 field) and 1 file: Rust 1, in 2 services\n");
    }

    #[test]
    fn the_footer_counts_what_is_hidden_and_what_was_seen() {
        let text = Sample::broken().print(footer);
        let expected = "\
2 findings: 1 error, 1 warning
2 hidden: below confidence `likely`, show with --min-confidence possible
Coverage: 1 file parsed, 1 construct not understood, 0 skipped, 2 calls, 1 unresolved (contract-lint unresolved)
Checked 1 contract and 1 file in 0.28 s
";
        similar_asserts::assert_eq!(text, expected);
    }

    #[test]
    fn of_each_kind_of_problem_ten_are_shown_and_the_rest_is_counted() {
        let sample = Sample::broken();
        let skipped = |at| Problem::path(ProblemKind::FileSkipped, format!("f{at}"), "too large");
        let mut all: Vec<Problem> = (0..25).map(skipped).collect();
        all.push(Problem::path(ProblemKind::BaseMissing, "main", "no such revision"));
        let places = Places::resolve(&sample.analysis.sources, [], crate::report::sample::spans);
        let text = plain(|out| problems(&all, &places, out));
        assert_eq!(text.matches("problem: f").count(), 10);
        assert!(text.contains("... and 15 more (file-skipped)"), "{text}");
        assert!(text.contains("problem: main: no such revision\n"), "{text}");
    }
}
