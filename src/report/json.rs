//! Findings for programs: version 1. Within a version keys are added, never renamed or removed.
//!
//! Lines and columns count from 1, columns in characters; `endColumn` is the column behind the last
//! character. Paths are relative to the root given, with `/`.

use std::io::{self, Write};

use serde::Serialize;

use super::{Counts, Place, Report, real_problems};
use crate::model::finding::{Consumer, Finding, Related};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Site;

/// The version of every JSON document that is printed.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    findings: Vec<FindingRow<'a>>,
    problems: Vec<ProblemRow<'a>>,
    coverage: Coverage<'a>,
    summary: Summary,
    hidden: Vec<HiddenRow<'a>>,
    /// What was looked for and not found.
    missing: &'a [String],
    exit: u8,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindingRow<'a> {
    rule: &'a str,
    level: &'static str,
    confidence: &'static str,
    fingerprint: &'a str,
    message: &'a str,
    help: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'static str>,
    contract: Option<String>,
    operation: Option<String>,
    field: Option<String>,
    notes: &'a [String],
    consumers: Vec<ConsumerRow<'a>>,
    related: Vec<RelatedRow<'a>>,
    aliases: &'a [String],
}

#[derive(Serialize)]
struct ConsumerRow<'a> {
    consumer: &'a str,
    verdict: &'static str,
    file: Option<&'a str>,
    line: Option<u32>,
    confidence: &'static str,
}

#[derive(Serialize)]
struct RelatedRow<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidence: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<&'static str>,
}

#[derive(Serialize)]
struct ProblemRow<'a> {
    kind: &'static str,
    message: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
struct Coverage<'a> {
    files: usize,
    parsed: usize,
    languages: std::collections::BTreeMap<&'a str, usize>,
    skipped: usize,
    fixmes: usize,
    calls: usize,
    unresolved: usize,
}

#[derive(Serialize)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
}

#[derive(Serialize)]
struct HiddenRow<'a> {
    count: usize,
    what: &'a str,
}

/// The whole report as one document.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let analysis = report.analysis;
    let coverage = &analysis.coverage;
    let counts = Counts::of(report.findings);
    let notes = analysis.problems.iter().filter(|problem| problem.kind == ProblemKind::Note);
    let document = Document {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        findings: report.findings.iter().map(|finding| finding_row(report, finding)).collect(),
        problems: real_problems(&analysis.problems).chain(notes).map(|it| problem_row(report, it)).collect(),
        coverage: Coverage {
            files: coverage.files,
            parsed: coverage.parsed.iter().map(|(_, count)| count).sum(),
            languages: coverage.parsed.iter().map(|(language, count)| (language.name(), *count)).collect(),
            skipped: coverage.skipped,
            fixmes: coverage.fixmes,
            calls: coverage.calls,
            unresolved: coverage.unresolved,
        },
        summary: Summary { error: counts.error, warning: counts.warning, info: counts.info },
        hidden: report.hidden.iter().map(|it| HiddenRow { count: it.count, what: &it.what }).collect(),
        missing: report.missing,
        exit: report.exit,
    };
    print(&document, out)
}

/// Prints any document, readable and with a line end.
pub(super) fn print(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    writeln!(out)
}

fn finding_row<'a>(report: &Report<'a>, finding: &'a Finding) -> FindingRow<'a> {
    let Place { start, end, .. } = report.places.get(&finding.site);
    let subject = report.subject(finding);
    FindingRow {
        rule: finding.rule,
        level: finding.level.name(),
        confidence: finding.confidence.name(),
        fingerprint: &finding.fingerprint,
        message: &finding.message,
        help: &finding.help,
        file: report.places.path(&finding.site),
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
        revision: revision(report, &finding.site),
        contract: subject.contract,
        operation: subject.operation,
        field: subject.field,
        notes: &finding.notes,
        consumers: finding.consumers.iter().map(|consumer| consumer_row(report, consumer)).collect(),
        related: finding.related.iter().map(|related| related_row(report, related)).collect(),
        aliases: report.aliases.get(finding.rule).map(Vec::as_slice).unwrap_or_default(),
    }
}

fn consumer_row<'a>(report: &Report<'a>, consumer: &'a Consumer) -> ConsumerRow<'a> {
    ConsumerRow {
        consumer: report.analysis.workspace.name(consumer.service),
        verdict: consumer.verdict.name(),
        file: consumer.site.as_ref().map(|site| report.places.path(site)),
        line: consumer.site.as_ref().map(|site| report.places.get(site).start.line),
        confidence: consumer.confidence.name(),
    }
}

fn related_row<'a>(report: &Report<'a>, related: &'a Related) -> RelatedRow<'a> {
    let start = report.places.get(&related.site).start;
    RelatedRow {
        file: report.places.path(&related.site),
        line: start.line,
        column: start.column,
        message: &related.message,
        confidence: related.confidence.map(crate::model::map::Confidence::name),
        revision: revision(report, &related.site),
    }
}

/// Places of Head, which are almost all, do not say so.
fn revision(report: &Report<'_>, site: &Site) -> Option<&'static str> {
    report.places.in_base(site).then_some("base")
}

fn problem_row<'a>(report: &Report<'a>, problem: &'a Problem) -> ProblemRow<'a> {
    let start = problem.site.as_ref().map(|site| report.places.get(site).start);
    ProblemRow {
        kind: problem.kind.name(),
        message: &problem.message,
        file: problem.site.as_ref().map(|site| report.places.path(site)).or(problem.path.as_deref()),
        line: start.map(|start| start.line),
        column: start.map(|start| start.column),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::sample::Sample;

    #[test]
    fn a_finding_has_the_keys_that_others_rely_on() {
        let text = Sample::broken().print(write);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["version"], 1);
        assert_eq!(document["tool"]["name"], "contract-lint");
        assert_eq!(document["summary"], json!({"error": 1, "warning": 1, "info": 0}));
        assert_eq!(document["exit"], 1);
        let expected = json!({
            "rule": "breaking/field-removed", "level": "error", "confidence": "certain", "fingerprint": "CL-7f3a91c2",
            "message": "response field `Profile.birthdate` was removed; 1 consumer still reads it",
            "help": "keep it with `deprecated: true`",
            "file": "api/openapi.yaml", "line": 3, "column": 5, "endLine": 3, "endColumn": 15,
            "contract": "api/openapi.yaml", "operation": "GET /profiles/{id}", "field": "Profile.birthdate",
            "notes": ["consumers: 1 breaks, 1 does not read it"],
            "consumers": [{"consumer": "age", "verdict": "breaks", "file": "age/src/lib.rs", "line": 2, "confidence": "certain"}],
            "related": [{"file": "age/src/lib.rs", "line": 2, "column": 18, "message": "`age` reads it here", "confidence": "certain"}],
            "aliases": ["response-property-removed"],
        });
        similar_asserts::assert_eq!(document["findings"][0], expected);
        assert_eq!(document["problems"][0]["kind"], "code-unreadable");
        assert_eq!(document["coverage"]["parsed"], 1);
    }

    #[test]
    fn an_id_that_is_not_in_the_catalog_is_null_and_no_panic() {
        let mut sample = Sample::broken();
        sample.findings[0].field =
            Some(crate::model::contract::FieldRef { message: crate::model::contract::MessageId(9), index: 9 });
        let document: Value = serde_json::from_str(&sample.print(write)).unwrap();
        assert_eq!(document["findings"][0]["field"], Value::Null);
    }
}
