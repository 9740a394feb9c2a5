//! What most commands begin with: settings, and the facts of the workspace.

use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::args::Common;
use super::exit::Exit;
use super::failure::Failure;
use super::locator::Locator;
use super::progress::Progress;
use super::rulebook::Rulebook;
use super::streams::Streams;
use super::suggest::did_you_mean;
use crate::check::{Checked, check};
use crate::contract;
use crate::model::analysis::Analysis;
use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Settings;
use crate::model::source::{Language, Site};
use crate::report::{Places, summary};
use crate::rules;
use crate::{Input, analyse, evaluate, read_contracts, settings};

/// Commands, for whoever mistypes one: it is then taken for a path.
const COMMANDS: [&str; 9] =
    ["check", "diff", "map", "contracts", "uses", "unresolved", "explain", "rules", "libraries"];

/// Settings and facts.
pub(super) struct Session {
    pub(super) settings: Settings,
    /// Never given back: the process ends with the session, and to free millions of pieces one by one
    /// just before takes a tenth of a run.
    pub(super) analysis: ManuallyDrop<Analysis>,
    pub(super) rulebook: Rulebook,
    /// Why the answer is incomplete; empty if it is not.
    pub(super) missing: Vec<String>,
    /// What was looked for and not found, where that does not make every answer incomplete: contracts
    /// alone can be checked, but say nothing of consumers.
    pub(super) absent: Vec<String>,
    started: Instant,
}

impl Session {
    /// Reads everything.
    pub(super) fn open(common: &Common, paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::open_with(common, paths, |_| {})
    }

    /// The same, with settings changed before the workspace is read.
    pub(super) fn open_with(
        common: &Common,
        paths: &[PathBuf],
        change: impl FnOnce(&mut Settings),
    ) -> Result<Self, Failure> {
        Self::read(common, paths, change, |input, settings| {
            let analysis = analyse(input, settings);
            let (missing, absent) = (missing(&analysis, input), no_code(&analysis, input));
            (analysis, missing, absent)
        })
    }

    /// Reads the contracts alone, of which a workspace may consist.
    pub(super) fn open_contracts(common: &Common, paths: &[PathBuf]) -> Result<Self, Failure> {
        Self::read(
            common,
            paths,
            |_| {},
            |input, settings| {
                let analysis = read_contracts(&input.roots, settings);
                let missing = missing(&analysis, input);
                (analysis, missing, Vec::new())
            },
        )
    }

    /// For a command about consumers, which without client code has no answer.
    pub(super) fn about_consumers(mut self) -> Self {
        self.missing.append(&mut self.absent);
        self
    }

    fn read(
        common: &Common,
        paths: &[PathBuf],
        change: impl FnOnce(&mut Settings),
        read: impl FnOnce(&Input, &Settings) -> (Analysis, Vec<String>, Vec<String>),
    ) -> Result<Self, Failure> {
        let started = Instant::now();
        exist(paths)?;
        let rulebook = Rulebook::open();
        let mut settings = load_settings(common, paths, &rulebook)?;
        change(&mut settings);
        let roots = if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() };
        let input = Input { roots, against: common.against.clone() };
        let progress = Progress::of("reading", common.quiet);
        let (analysis, missing, absent) = read(&input, &settings);
        drop(progress);
        Ok(Self { settings, analysis: ManuallyDrop::new(analysis), rulebook, missing, absent, started })
    }

    pub(super) fn elapsed(&self) -> std::time::Duration {
        self.started.elapsed()
    }

    /// Finds the places of a report.
    pub(super) fn places<'s>(&self, sites: impl IntoIterator<Item = &'s Site>) -> Places<'_> {
        Places::resolve(&self.analysis.sources, sites, contract::locate_all)
    }

    /// Runs the rules. What they remark joins the problems of the run.
    pub(super) fn check(&mut self) -> Checked {
        let locator = Locator::new(&self.analysis);
        let mut checked = check(&self.analysis, rules::ALL, &self.settings, &|site| locator.locate(site));
        self.analysis.problems.append(&mut checked.notes);
        self.analysis.problems.sort();
        checked
    }

    /// What was read, and what could not be.
    pub(super) fn introduce(&self, streams: &mut Streams) {
        let problems = &self.analysis.problems;
        let places = self.places(problems.iter().filter_map(|problem| problem.site.as_ref()));
        streams.remark(|err| {
            summary::header(&self.analysis, err)?;
            summary::problems(problems, &places, err)
        });
    }

    /// Why the answer is incomplete, and the exit code of a command that has no findings.
    pub(super) fn conclude(&self, streams: &mut Streams) -> Exit {
        streams.complain(|err| summary::missing(&self.missing, err));
        if self.missing.is_empty() { Exit::Clean } else { Exit::Incomplete }
    }
}

/// `--show-config`.
pub(super) fn show_settings(common: &Common, paths: &[PathBuf], streams: &mut Streams) -> Result<Exit, Failure> {
    let settings = load_settings(common, paths, &Rulebook::open())?;
    write!(streams.out(), "{}", settings::render(&settings))?;
    Ok(Exit::Clean)
}

pub(super) fn load_settings(common: &Common, paths: &[PathBuf], rulebook: &Rulebook) -> Result<Settings, Failure> {
    let arguments = settings::Arguments {
        config: common.config.clone(),
        roots: paths.to_vec(),
        min_level: common.min_level.map(Level::from),
        min_confidence: common.min_confidence.map(Confidence::from),
        include_tests: common.include_tests,
        today: common.today,
    };
    let settings = settings::load(&arguments, &rulebook.names()).map_err(Failure::Configuration)?;
    check_libraries(&settings, paths)?;
    Ok(settings)
}

/// A descriptor that cannot be read would lose calls without a word: it is a mistake of configuration.
fn check_libraries(settings: &Settings, paths: &[PathBuf]) -> Result<(), Failure> {
    let root = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let root = if root.is_file() { root.parent().unwrap_or(root) } else { root };
    for library in &settings.libraries {
        if let Err(error) = evaluate::check_library(library) {
            let path = root.join(&library.path);
            return Err(Failure::Configuration(settings::Error::of_descriptor(&path, error)));
        }
    }
    Ok(())
}

fn exist(paths: &[PathBuf]) -> Result<(), Failure> {
    let Some(absent) = paths.iter().find(|path| !path.exists()) else { return Ok(()) };
    let name = absent.display().to_string();
    let help = did_you_mean(&name, COMMANDS);
    Err(Failure::with_help(format!("there is no file or folder `{name}`"), help))
}

/// That there is nobody in sight who could use a contract.
fn no_code(analysis: &Analysis, input: &Input) -> Vec<String> {
    if !analysis.coverage.parsed.is_empty() {
        return Vec::new();
    }
    let languages = Language::ALL.map(Language::title).join(", ");
    vec![format!(
        "no client code found in {}: looked for {languages}; who uses these contracts is not known",
        named(&input.roots)
    )]
}

/// Why nothing that is said of this workspace may be taken for the whole truth.
fn missing(analysis: &Analysis, input: &Input) -> Vec<String> {
    let mut missing = Vec::new();
    for kind in [ProblemKind::ContractUnreadable, ProblemKind::BaseMissing] {
        let of_kind = |problem: &&Problem| problem.kind == kind;
        let problems: Vec<&Problem> = analysis.problems.iter().filter(of_kind).collect();
        let Some(first) = problems.first() else { continue };
        let site = first.site.as_ref().map(|site| analysis.sources.get(site.file()).path.as_str());
        let path = site.or(first.path.as_deref()).map(|path| format!("{path}: ")).unwrap_or_default();
        let first = format!("{path}{}", first.message);
        missing.push(match (kind, problems.len()) {
            (ProblemKind::BaseMissing, _) => format!("there is no base to compare with: {first}"),
            (_, 1) => format!("a contract could not be read in full: {first}"),
            (_, count) => format!("contracts could not be read in full ({count} problems), first {first}"),
        });
    }
    if analysis.head.contracts.is_empty() && analysis.base.as_ref().is_none_or(|base| base.contracts.is_empty()) {
        missing.push(format!(
            "no contract found in {}: looked for OpenAPI documents (.yaml, .yml, .json) and .proto files",
            named(&input.roots)
        ));
    }
    missing
}

fn named(roots: &[PathBuf]) -> String {
    let roots: Vec<String> = roots.iter().map(|root| format!("`{}`", root.display())).collect();
    roots.join(", ")
}
