//! Files that declare the same: of each group of copies one is read.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::files::{Origin, Parsed};
use super::imports::{Imports, Target};
use super::outline::outline;
use super::plain::plain;
use super::symbols::Declared;
use crate::contract::copies::primary_first;
use crate::model::source::{FileId, Sources, Workspace};

/// Copies are told apart by what they import, up to this many imports away.
const MAX_ROUNDS: usize = 64;

/// Finds, for every file, the copy that counts; itself if it is none. Copies declare the same and
/// import copies. What one copy imports and another has not got beside it is the same for both.
pub(super) fn fold(
    files: &[Parsed<'_>],
    declared: &[Declared<'_>],
    imports: &mut Imports,
    sources: &Sources,
    workspace: &Workspace,
) -> Vec<usize> {
    let mut classes = texts(files, declared, sources);
    share_imports(&classes, imports);
    for _ in 0..MAX_ROUNDS {
        let class_of = |target: &Target| match target {
            Target::File(file) => Some(classes[*file]),
            Target::Missing => None,
        };
        let import_classes = imports.targets.iter().map(|targets| targets.iter().map(class_of).collect::<Vec<_>>());
        let finer: Vec<_> = classes.iter().copied().zip(import_classes).collect();
        let next = number(&finer);
        if next == classes {
            break;
        }
        classes = next;
    }
    let mut canonical: Vec<usize> = (0..files.len()).collect();
    for group in groups(&classes).into_values().filter(|group| group.len() > 1) {
        let index: BTreeMap<FileId, usize> = group.iter().map(|at| (files[*at].file, *at)).collect();
        let mut ids: Vec<FileId> = index.keys().copied().collect();
        primary_first(&mut ids, sources, workspace);
        let Some(primary) = ids.first().and_then(|id| index.get(id)) else { continue };
        for at in group {
            canonical[at] = *primary;
        }
    }
    fold_compiled(files, declared, &mut canonical);
    canonical
}

/// Folds compiled files that declare the same as another file: a `.proto` file, if there is one, for
/// that says more.
fn fold_compiled(files: &[Parsed<'_>], declared: &[Declared<'_>], canonical: &mut [usize]) {
    let is_compiled = |at: usize| files[at].origin == Origin::Compiled;
    let wanted: BTreeSet<&str> =
        (0..files.len()).filter(|at| is_compiled(*at)).filter_map(|at| first_name(&declared[at])).collect();
    if wanted.is_empty() {
        return;
    }
    let mut outlines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in (0..files.len()).filter(|at| canonical[*at] == *at && files[*at].origin != Origin::BuiltIn) {
        if first_name(&declared[at]).is_some_and(|name| wanted.contains(name)) {
            outlines.entry(outline(&declared[at])).or_default().push(at);
        }
    }
    for group in outlines.into_values() {
        let Some(first) = group.iter().copied().min_by_key(|at| (is_compiled(*at), *at)) else { continue };
        group.into_iter().filter(|at| is_compiled(*at)).for_each(|at| canonical[at] = first);
    }
}

/// Numbers files by their text. Only files that declare a name that another one declares too are
/// compared, and those that declare nothing; the rest can have no copy.
fn texts(files: &[Parsed<'_>], declared: &[Declared<'_>], sources: &Sources) -> Vec<usize> {
    let mut count: BTreeMap<&str, u32> = BTreeMap::new();
    for name in declared.iter().filter_map(first_name) {
        *count.entry(name).or_default() += 1;
    }
    let may_be_copy = |at: usize| {
        let shared = first_name(&declared[at]).is_none_or(|name| count.get(name).is_some_and(|count| *count > 1));
        files[at].origin == Origin::Text && shared
    };
    let texts: Vec<Result<String, usize>> = (0..files.len())
        .into_par_iter()
        .map(|at| if may_be_copy(at) { Ok(plain(&sources.get(files[at].file).text)) } else { Err(at) })
        .collect();
    number(&texts)
}

/// The first name at the top of a file: copies have the same one.
fn first_name<'d>(declared: &'d Declared<'_>) -> Option<&'d str> {
    declared.top_names().next()
}

/// Gives an import that is missing beside one copy the file that it means beside another.
fn share_imports(classes: &[usize], imports: &mut Imports) {
    for group in groups(classes).into_values().filter(|group| group.len() > 1) {
        let statements = group.iter().map(|at| imports.targets[*at].len()).min().unwrap_or(0);
        for statement in 0..statements {
            let known =
                group.iter().map(|at| imports.targets[*at][statement]).find(|target| *target != Target::Missing);
            for at in &group {
                let target = &mut imports.targets[*at][statement];
                if *target == Target::Missing {
                    *target = known.unwrap_or(Target::Missing);
                }
            }
        }
    }
}

fn groups(classes: &[usize]) -> BTreeMap<usize, Vec<usize>> {
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (file, class) in classes.iter().enumerate() {
        groups.entry(*class).or_default().push(file);
    }
    groups
}

/// Equal items get equal numbers, counted by first occurrence.
fn number<T: Ord>(items: &[T]) -> Vec<usize> {
    let mut known: BTreeMap<&T, usize> = BTreeMap::new();
    let mut numbers = Vec::with_capacity(items.len());
    for item in items {
        let next = known.len();
        numbers.push(*known.entry(item).or_insert(next));
    }
    numbers
}
