//! `contract-lint check`: the rules, and the default.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::args::{Common, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::session::Session;
use super::streams::Streams;
use crate::check::Hidden;
use crate::model::finding::{Finding, Level};
use crate::model::map::Confidence;
use crate::model::settings::Settings;
use crate::model::source::Site;
use crate::report::{self, Counts, Report, concise, github, json, pretty, step_summary, summary};

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Output {
    Pretty,
    Concise,
    Json,
    Github,
    /// Inside GitHub Actions, when nothing else is asked for: all that a reader there may want.
    Actions,
}

pub(super) fn run(common: &Common, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    let output = output(common.format)?;
    let mut session = Session::open(common, paths)?;
    let checked = session.check();
    session.introduce(streams);
    let failed = checked.findings.iter().any(|finding| common.fail_on.fails(finding.level));
    let exit = if failed { Exit::Findings } else { Exit::Clean };
    // Nothing at all was found: both were looked for.
    if !session.missing.is_empty() {
        session.missing.append(&mut session.absent);
    }
    let exit = exit.max(if session.missing.is_empty() { Exit::Clean } else { Exit::Incomplete });
    let absent: Vec<String> = session.missing.iter().chain(&session.absent).cloned().collect();

    let problems = session.analysis.problems.iter().filter_map(|problem| problem.site.as_ref());
    let places = session.places(sites(&checked.findings).chain(problems));
    let report = Report {
        analysis: &session.analysis,
        findings: &checked.findings,
        places: &places,
        aliases: &session.rulebook.aliases(),
        hidden: &hidden(checked.hidden, &session.settings),
        missing: &absent,
        exit: exit.code(),
        elapsed: session.elapsed(),
    };
    write_counts(common.counts.as_deref(), &report)?;
    print(output, &report, streams)?;
    streams.flush()?;
    session.conclude(streams);
    streams.remark(|err| summary::absent(&session.absent, err));
    streams.remark(|err| summary::footer(&report, err));
    Ok(exit)
}

fn output(format: Option<Format>) -> Result<Output, Failure> {
    match format {
        None if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") => Ok(Output::Actions),
        None | Some(Format::Pretty) => Ok(Output::Pretty),
        Some(Format::Concise) => Ok(Output::Concise),
        Some(Format::Json) => Ok(Output::Json),
        Some(Format::Github) => Ok(Output::Github),
        Some(other) => {
            let name = other.name();
            Err(Failure::usage(format!("`check` has no format `{name}`; it has pretty, concise, json, github")))
        }
    }
}

fn print(output: Output, report: &Report<'_>, streams: &mut Streams) -> Result<(), Failure> {
    let out = streams.out();
    match output {
        Output::Pretty => pretty::write(report, out)?,
        Output::Concise => concise::write(report, out)?,
        Output::Json => json::write(report, out)?,
        Output::Github => github::write(report, out)?,
        Output::Actions => {
            let count = report.findings.len();
            github::fenced(&format!("contract-lint: {count} findings"), &token(), out, |out| {
                pretty::write(report, out)
            })?;
            github::write(report, out)?;
            append_summary(report, streams);
        }
    }
    Ok(())
}

/// A word that no file can know beforehand.
fn token() -> String {
    format!("contract-lint-{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

/// The summary of the step is a courtesy: that it cannot be written does not fail the run.
fn append_summary(report: &Report<'_>, streams: &mut Streams) {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY") else { return };
    let written = OpenOptions::new().append(true).create(true).open(path).and_then(|mut file| {
        let mut text = Vec::new();
        step_summary::write(report, &mut text)?;
        file.write_all(&text)
    });
    if let Err(error) = written {
        streams.complain(|err| writeln!(err, "note: the step summary could not be written: {error}"));
    }
}

fn write_counts(path: Option<&Path>, report: &Report<'_>) -> Result<(), Failure> {
    let Some(path) = path else { return Ok(()) };
    let (findings, counts) = (report.findings.len(), Counts::of(report.findings));
    let mut file = File::create(path)?;
    writeln!(file, "findings={findings}\nerrors={}", counts.error)?;
    writeln!(file, "consumers-affected={}", report.consumers_affected())?;
    Ok(())
}

/// Every place that a finding shows.
pub(super) fn sites(findings: &[Finding]) -> impl Iterator<Item = &Site> {
    findings.iter().flat_map(|finding| {
        let related = finding.related.iter().map(|related| &related.site);
        let consumers = finding.consumers.iter().filter_map(|consumer| consumer.site.as_ref());
        std::iter::once(&finding.site).chain(related).chain(consumers)
    })
}

/// What is not shown, and how to see it.
pub(super) fn hidden(hidden: Hidden, settings: &Settings) -> Vec<report::Hidden> {
    let below = match settings.min_confidence {
        Confidence::Certain => Confidence::Likely,
        Confidence::Likely => Confidence::Possible,
        Confidence::Possible | Confidence::Unknown => Confidence::Unknown,
    };
    let below_level = if settings.min_level == Level::Error { Level::Warning } else { Level::Info };
    let hidden = [
        (hidden.ignored, "by `contract-lint: ignore` comments and extensions".to_owned(), String::new()),
        (hidden.accepted, "accepted in `.contract-lint/accepted.yaml`".to_owned(), String::new()),
        (hidden.tests, "in test code".to_owned(), "--include-tests".to_owned()),
        (
            hidden.below_confidence,
            format!("below confidence `{}`", settings.min_confidence.name()),
            format!("--min-confidence {}", below.name()),
        ),
        (
            hidden.below_level,
            format!("below level `{}`", settings.min_level.name()),
            format!("--min-level {}", below_level.name()),
        ),
    ];
    let shown = hidden.into_iter().filter(|(count, ..)| *count > 0);
    shown.map(|(count, what, show)| report::Hidden { count, what, show }).collect()
}
