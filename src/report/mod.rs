//! One file per output format. A format takes model values and writes bytes; it opens no file, knows
//! no rule, and leaves colours in the text for the stream to strip.
//!
//! Places of findings may be JSON pointers. They are resolved once, all together, into [`Places`]
//! before a format runs, so that no format reads a document again.

pub mod changes;
pub mod concise;
pub mod contracts;
mod excerpt;
mod frame;
pub mod github;
pub mod graph;
pub mod json;
pub mod libraries;
pub mod map_csv;
pub mod map_json;
mod map_kept;
pub mod map_table;
pub mod markdown;
pub mod mistake;
mod places;
pub mod pretty;
pub mod rules;
pub mod step_summary;
mod style;
pub mod summary;
mod table;
pub mod unresolved;
pub mod uses;
pub mod view;

#[cfg(test)]
pub(crate) mod sample;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::analysis::Analysis;
use crate::model::contract::Catalog;
use crate::model::finding::{Finding, Level, Verdict};
use crate::model::problem::{Problem, ProblemKind};

pub use excerpt::{clean, clean_lines};
pub use places::{Place, Places};

/// Everything a format of `check` shows.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// The facts.
    pub analysis: &'a Analysis,
    /// What the rules say, in the order to be shown.
    pub findings: &'a [Finding],
    /// Where everything is.
    pub places: &'a Places<'a>,
    /// Ids under which other tools know a rule, by rule.
    pub aliases: &'a BTreeMap<&'static str, Vec<String>>,
    /// Findings that are not shown.
    pub hidden: &'a [Hidden],
    /// Why the run is incomplete beyond its problems: what was looked for and not found.
    pub missing: &'a [String],
    /// The exit code of the run.
    pub exit: u8,
    /// Time from start to here.
    pub elapsed: Duration,
}

/// Findings of one kind that are not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hidden {
    /// How many.
    pub count: usize,
    /// Which: "below confidence `likely`".
    pub what: String,
    /// What shows them: "--min-confidence possible"; empty if nothing does.
    pub show: String,
}

/// Findings by level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings of [`Level::Error`].
    pub error: usize,
    /// Findings of [`Level::Warning`].
    pub warning: usize,
    /// Findings of [`Level::Info`].
    pub info: usize,
}

impl Counts {
    /// Counts findings.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let at = |level| findings.iter().filter(|finding| finding.level == level).count();
        Self { error: at(Level::Error), warning: at(Level::Warning), info: at(Level::Info) }
    }
}

impl Report<'_> {
    /// The catalog that the ids of a finding are of.
    fn catalog(&self, finding: &Finding) -> &Catalog {
        match &self.analysis.base {
            Some(base) if finding.in_base => base,
            _ => &self.analysis.head,
        }
    }

    /// The contract, operation and field a finding is about, as output names them.
    fn subject(&self, finding: &Finding) -> Subject {
        let catalog = self.catalog(finding);
        let operation = finding.operation.and_then(|id| catalog.operations.get(id.index()));
        let message = finding.field.and_then(|field| catalog.messages.get(field.message.index()));
        let field = message.zip(finding.field).and_then(|(message, at)| message.fields.get(at.index as usize));
        let contract = operation.map(|it| it.contract).or(message.map(|it| it.contract));
        Subject {
            contract: contract.and_then(|id| catalog.contracts.get(id.index())).map(|it| it.id.clone()),
            operation: operation.map(|operation| operation.key.clone()),
            field: message.zip(field).map(|(message, field)| format!("{}.{}", message.name, field.name)),
        }
    }

    /// Consumers that break, or that findings about one consumer are laid at the door of.
    #[must_use]
    pub fn consumers_affected(&self) -> usize {
        let broken = self.findings.iter().flat_map(|finding| &finding.consumers);
        let services = broken.filter(|it| it.verdict == Verdict::Breaks).map(|it| it.service);
        services.collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// What of a contract a finding is about.
struct Subject {
    contract: Option<String>,
    operation: Option<String>,
    field: Option<String>,
}

/// Problems that lose something; notes are told apart.
fn real_problems(problems: &[Problem]) -> impl Iterator<Item = &Problem> {
    problems.iter().filter(|problem| problem.kind != ProblemKind::Note)
}

/// "1 error", "2 errors", "2 accesses".
fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ if noun.ends_with('s') => format!("{count} {noun}es"),
        _ => format!("{count} {noun}s"),
    }
}
