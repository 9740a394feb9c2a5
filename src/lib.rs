//! contract-lint reads API contracts and client code together and says, before the merge, who
//! breaks, who may not read a field, who calls without a name, and who never stops retrying.
//!
//! The whole way through the house is [`analyse`]; each line of it is one stage, and only this file
//! knows their order. Start at [`model`] for the nouns.

pub mod check;
pub mod cli;
pub mod contract;
pub mod diff;
pub mod discover;
pub mod evaluate;
pub mod link;
pub mod lower;
pub mod model;
pub mod report;
pub mod rules;
pub mod settings;

use std::path::PathBuf;

use model::analysis::{Analysis, Coverage};
use model::change::Sides;
use model::settings::Settings;
use model::source::Revision;

/// What to look at.
#[derive(Clone, Debug)]
pub struct Input {
    /// Folders of the workspace; several repositories are allowed.
    pub roots: Vec<PathBuf>,
    /// The Base side: a git revision or a folder.
    pub against: Option<String>,
}

/// Reads everything and draws the dependency map. Never fails: what could not be read is in
/// [`Analysis::problems`].
#[must_use]
pub fn analyse(input: &Input, settings: &Settings) -> Analysis {
    let mut found = discover::discover(&input.roots, settings);
    if let Some(against) = &input.against {
        discover::add_base(&mut found, against, &input.roots, settings);
    }
    let discover::Discovered { sources, workspace, mut problems } = found;

    let (head, mut unread) = contract::load(&sources, Revision::Head, &workspace, settings);
    problems.append(&mut unread);
    let base = input.against.is_some().then(|| {
        let (base, mut unread) = contract::load(&sources, Revision::Base, &workspace, settings);
        problems.append(&mut unread);
        base
    });

    let (modules, mut unparsed) = lower::lower(&sources, &workspace);
    problems.append(&mut unparsed);
    let (facts, mut unfollowed) = evaluate::evaluate(&modules, &workspace);
    problems.append(&mut unfollowed);
    let map = link::link(&facts, &head, &workspace, settings);
    let base_map = base.as_ref().map(|base| link::link(&facts, base, &workspace, settings));
    let changes = base.as_ref().map(|base| diff::diff(Sides { base, head: &head })).unwrap_or_default();

    problems.sort();
    problems.dedup();
    let coverage = coverage(&sources, &modules, &facts, &map, &problems);
    Analysis { sources, workspace, head, base, map, base_map, changes, problems, coverage }
}

fn coverage(
    sources: &model::source::Sources,
    modules: &[model::ir::Module],
    facts: &model::usage::Facts,
    map: &model::map::DependencyMap,
    problems: &[model::problem::Problem],
) -> Coverage {
    use model::problem::ProblemKind;
    Coverage {
        files: sources.iter().filter(|(_, file)| file.revision == Revision::Head).count(),
        parsed: model::source::Language::ALL
            .into_iter()
            .map(|language| (language, modules.iter().filter(|module| module.language == language).count()))
            .filter(|(_, count)| *count > 0)
            .collect(),
        skipped: problems.iter().filter(|problem| problem.kind == ProblemKind::FileSkipped).count(),
        fixmes: modules.iter().map(|module| module.fixmes.len()).sum(),
        calls: facts.calls.len(),
        unresolved: map.unresolved.len(),
    }
}
