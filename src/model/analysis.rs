//! Everything a run has found out, before rules look at it.

use super::change::Change;
use super::contract::Catalog;
use super::deployment::Deployments;
use super::map::DependencyMap;
use super::problem::Problem;
use super::source::{Language, Sources, Workspace};

/// The facts of one run.
#[derive(Debug, Default)]
pub struct Analysis {
    /// Files of both revisions.
    pub sources: Sources,
    /// Services and packages.
    pub workspace: Workspace,
    /// Contracts of Head.
    pub head: Catalog,
    /// Contracts of Base, if there is one to compare with.
    pub base: Option<Catalog>,
    /// The dependency map of Head.
    pub map: DependencyMap,
    /// The dependency map of the same code against the contracts of Base, the only one that has
    /// users of what was removed.
    pub base_map: Option<DependencyMap>,
    /// How software is run, as files of Head say it.
    pub deployments: Deployments,
    /// What differs between Base and Head.
    pub changes: Vec<Change>,
    /// What could not be read, sorted.
    pub problems: Vec<Problem>,
    /// How much was seen.
    pub coverage: Coverage,
}

/// How much was seen, so that "no use found" can be weighed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Files of Head that were read, of every kind.
    pub files: usize,
    /// Files of client code that were parsed, by language.
    pub parsed: Vec<(Language, usize)>,
    /// Files of test code that were left out because nobody asked for them.
    pub tests: usize,
    /// Files that were not read or not parsed.
    pub skipped: usize,
    /// Constructs that no front end understood.
    pub fixmes: usize,
    /// The same by language and kind of syntax, the commonest first.
    pub constructs: Vec<(Language, String, usize)>,
    /// Calls that leave a process.
    pub calls: usize,
    /// Calls of those that are tied to no contract.
    pub unresolved: usize,
}
