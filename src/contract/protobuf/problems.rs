//! What is said about files that are read only in part.

use std::collections::BTreeMap;

use super::graph::Graph;
use super::imports::{Imports, Target};
use super::prune::tag;
use super::syntax::Parsed;
use crate::model::contract::Contract;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{Site, Sources};

/// One note per import that is not there, at the first file that has it.
pub(super) fn of_imports(files: &[Parsed], imports: &Imports, sources: &Sources) -> Vec<Problem> {
    let mut missing: BTreeMap<&str, Vec<(usize, i32)>> = BTreeMap::new();
    for (file, targets) in imports.targets.iter().enumerate() {
        for (at, (target, import)) in (0..).zip(targets.iter().zip(&files[file].descriptor.dependency)) {
            if *target == Target::Missing {
                missing.entry(import).or_default().push((file, at));
            }
        }
    }
    let problem = |(import, places): (&str, Vec<(usize, i32)>)| {
        let (file, at) = *places.first()?;
        let file = &files[file];
        let site = file.site(&[tag::FILE_DEPENDENCY, at], sources.get(file.file));
        let others = match places.len() {
            1 => String::new(),
            count => format!(" ({count} files import it)"),
        };
        Some(Problem::at(ProblemKind::Note, site, format!("the import `{import}` is not here{others}")))
    };
    missing.into_iter().filter_map(problem).collect()
}

/// One problem per cycle of imports.
pub(super) fn of_cycles(files: &[Parsed], graph: &Graph, sources: &Sources) -> Vec<Problem> {
    let problem = |cycle: &super::graph::Cycle| {
        let last = cycle.files.iter().rev().nth(1)?;
        let file = &files[*last];
        let statement = i32::try_from(cycle.statement).ok()?;
        let site = file.site(&[tag::FILE_DEPENDENCY, statement], sources.get(file.file));
        let names: Vec<&str> = cycle.files.iter().map(|file| files[*file].name.as_str()).collect();
        let message = format!("these files import each other: {}", names.join(" -> "));
        Some(Problem::at(ProblemKind::ContractUnreadable, site, message))
    };
    graph.cycles.iter().filter_map(problem).collect()
}

/// One problem per type of a file that is not there, at the first element that names it.
pub(super) fn of_lost_types(lost: &[(Site, String)]) -> Vec<Problem> {
    let mut first: BTreeMap<&str, &Site> = BTreeMap::new();
    for (site, name) in lost {
        first.entry(name).and_modify(|known| *known = (*known).min(site)).or_insert(site);
    }
    let problem = |(name, site): (&str, &Site)| {
        let message = format!("the type `{name}` is not here, so nothing is known of what it holds");
        Problem::at(ProblemKind::Note, site.clone(), message)
    };
    first.into_iter().map(problem).collect()
}

/// One note per copy that was folded.
pub(super) fn of_copies(contract: &Contract) -> Vec<Problem> {
    let message = format!("this file declares the same as a file of `{}` and is read once", contract.id);
    contract.copies.iter().map(|copy| Problem::file(ProblemKind::Note, *copy, message.clone())).collect()
}
