//! contract-lint reads API contracts and client code together and says, before the merge, who
//! breaks, who may not read a field, who calls without a name, and who never stops retrying.
//!
//! The whole way through the house is [`analyse`]; each line of it is one stage, and only this file
//! knows their order. Start at [`model`] for the nouns.

pub mod check;
pub mod cli;
pub mod contract;
pub mod deploy;
pub mod diff;
pub mod discover;
mod document;
pub mod evaluate;
pub mod link;
pub mod lower;
pub mod model;
pub mod report;
pub mod rules;
pub mod settings;

use std::collections::BTreeMap;
use std::path::PathBuf;

use model::analysis::{Analysis, Coverage};
use model::change::{Change, Sides};
use model::ir::Module;
use model::map::DependencyMap;
use model::problem::{Problem, ProblemKind};
use model::settings::Settings;
use model::source::{FileKind, Language, Revision, SourceFile, Sources};
use model::usage::Facts;

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
    with_deep_stacks(|| analyse_here(input, settings))
}

/// Reads the contracts of Head alone: no client code, no map, no Base. Never fails either.
#[must_use]
pub fn read_contracts(roots: &[PathBuf], settings: &Settings) -> Analysis {
    with_deep_stacks(|| {
        let discover::Discovered { sources, workspace, mut problems } = discover::discover(roots, settings);
        let (head, mut unread) = contract::load(&sources, Revision::Head, &workspace, settings);
        problems.append(&mut unread);
        problems.sort();
        problems.dedup();
        Analysis { sources, workspace, head, problems, ..Analysis::default() }
    })
}

/// Reads two revisions of contracts, named one by one, and what differs between them: no workspace, no client
/// code. Never fails either.
#[must_use]
pub fn compare(base: &str, head: &str, settings: &Settings) -> Analysis {
    with_deep_stacks(|| {
        let discover::Discovered { sources, workspace, mut problems } = discover::compare(base, head, settings);
        let load = |revision| contract::load(&sources, revision, &workspace, settings);
        let ((base, mut unread), (head, mut unread_too)) =
            rayon::join(|| load(Revision::Base), || load(Revision::Head));
        problems.append(&mut unread);
        problems.append(&mut unread_too);
        problems.sort();
        problems.dedup();
        let changes = changes(Sides { base: &base, head: &head }, settings);
        Analysis { sources, workspace, head, base: Some(base), changes, problems, ..Analysis::default() }
    })
}

/// What differs, as far as the configuration lets it count.
fn changes(sides: Sides<'_>, settings: &Settings) -> Vec<Change> {
    diff::counted(diff::diff(sides), sides, &settings.protobuf)
}

/// Code and contracts may be nested as deep as their readers allow, which the stacks that threads have
/// by default do not bear.
fn with_deep_stacks<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().stack_size(STACK_BYTES).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// Address space, not memory: only what is used gets backed.
const STACK_BYTES: usize = 256 << 20;

fn analyse_here(input: &Input, settings: &Settings) -> Analysis {
    let mut found = discover::discover(&input.roots, settings);
    if let Some(against) = &input.against {
        discover::add_base(&mut found, against, &input.roots, settings);
    }
    let discover::Discovered { sources, workspace, mut problems } = found;
    let mut note = |mut more: Vec<Problem>| problems.append(&mut more);

    let tests = if settings.include_tests { lower::Tests::Kept } else { lower::Tests::LeftOut };
    let ((mut head, unread), (modules, unparsed)) = rayon::join(
        || contract::load(&sources, Revision::Head, &workspace, settings),
        || lower::lower(&sources, &workspace, tests),
    );
    note(unread);
    note(unparsed);
    let mut base = input.against.is_some().then(|| {
        let (catalog, unread) = contract::load(&sources, Revision::Base, &workspace, settings);
        note(unread);
        catalog
    });
    let (deployments, unread) = deploy::read(&sources, &modules, &workspace);
    note(unread);
    let scope = evaluate::Scope::of(base.iter().chain([&head]));
    let (facts, unfollowed) = evaluate::evaluate(
        &modules,
        &workspace,
        &scope,
        evaluate::Own { libraries: &settings.libraries, sanitizers: &settings.policy.sanitizers },
    );
    note(unfollowed);
    let changes = base.as_ref().map(|base| changes(Sides { base, head: &head }, settings)).unwrap_or_default();
    // What nobody wrote down has no other version to differ from: it counts for the maps alone.
    for catalog in base.iter_mut().chain([&mut head]) {
        link::complete(&facts, catalog, &workspace);
        contract::marks::mark_code(catalog, &facts.notes, settings);
    }
    let map = link::link(&facts, &head, &workspace, settings);
    // What is gone from Head is only to be seen by tying today's code to the contracts of Base.
    let base_map = base.as_ref().map(|base| link::link(&facts, base, &workspace, settings));

    problems.sort();
    problems.dedup();
    let coverage = coverage(&sources, &modules, &facts, &map, &problems, tests);
    // Millions of small pieces: nobody needs to wait until they are gone.
    rayon::spawn(move || drop(modules));
    Analysis { sources, workspace, head, base, map, base_map, deployments, changes, problems, coverage }
}

fn coverage(
    sources: &Sources,
    modules: &[Module],
    facts: &Facts,
    map: &DependencyMap,
    problems: &[Problem],
    tests: lower::Tests,
) -> Coverage {
    let is_left_out = |file: &SourceFile| {
        tests == lower::Tests::LeftOut
            && file.provenance.test
            && file.revision == Revision::Head
            && matches!(file.kind, FileKind::Code(_))
    };
    let parsed = |language: Language| modules.iter().filter(|module| module.language == language).count();
    Coverage {
        files: sources.iter().filter(|(_, file)| file.revision == Revision::Head).count(),
        parsed: Language::ALL
            .into_iter()
            .map(|language| (language, parsed(language)))
            .filter(|(_, count)| *count > 0)
            .collect(),
        tests: sources.iter().filter(|(_, file)| is_left_out(file)).count(),
        skipped: problems.iter().filter(|problem| problem.kind == ProblemKind::FileSkipped).count(),
        fixmes: modules.iter().map(|module| module.fixmes.len()).sum(),
        constructs: constructs(modules),
        calls: facts.calls.len(),
        unresolved: map.unresolved.len(),
    }
}

/// What was not understood, by language and kind of syntax, the commonest first.
fn constructs(modules: &[Module]) -> Vec<(Language, String, usize)> {
    let mut counts: BTreeMap<(Language, &str), usize> = BTreeMap::new();
    for module in modules {
        for fixme in &module.fixmes {
            *counts.entry((module.language, &fixme.what)).or_default() += 1;
        }
    }
    let mut constructs: Vec<_> =
        counts.into_iter().map(|((language, what), count)| (language, what.to_owned(), count)).collect();
    constructs.sort_by(|a, b| (b.2, a.0, &a.1).cmp(&(a.2, b.0, &b.1)));
    constructs
}
