//! Files and their imports as a graph: copies folded, cycles cut, split into parts that have
//! nothing to do with each other.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::imports::{Imports, Target};
use super::plain::plain;
use super::syntax::Parsed;
use crate::contract::copies::primary_first;
use crate::model::source::{FileId, Sources, Workspace};

/// Copies are told apart by what they import, up to this many imports away.
const MAX_ROUNDS: usize = 64;

/// The graph. Indices are those of the files it was built from.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Per file: the one that is read in its place; itself if it is no copy.
    pub(super) canonical: Vec<usize>,
    /// Per file and `import` statement: what it means, with copies replaced and cycles cut.
    pub(super) targets: Vec<Vec<Target>>,
    /// Files that do not reach each other are in different parts; each file follows its imports.
    pub(super) parts: Vec<Vec<usize>>,
    /// Cycles that were cut.
    pub(super) cycles: Vec<Cycle>,
}

/// A cycle of imports, cut at one statement.
#[derive(Debug)]
pub(super) struct Cycle {
    /// The files, the first one again at the end.
    pub(super) files: Vec<usize>,
    /// The `import` statement that closes it, in the file before the last.
    pub(super) statement: usize,
}

impl Graph {
    /// Builds the graph.
    pub(super) fn build(files: &[Parsed], imports: &Imports, sources: &Sources, workspace: &Workspace) -> Self {
        let canonical = fold(files, imports, sources, workspace);
        let mut targets = imports.targets.clone();
        for target in targets.iter_mut().flatten() {
            if let Target::File(file) = target {
                *file = canonical[*file];
            }
        }
        let mut walk = Walk { targets, state: vec![State::New; files.len()], order: Vec::new(), cycles: Vec::new() };
        for file in (0..files.len()).filter(|file| canonical[*file] == *file) {
            walk.visit(file);
        }
        let parts = parts(&walk.order, &walk.targets);
        Self { canonical, targets: walk.targets, parts, cycles: walk.cycles }
    }
}

/// Finds, for every file, the copy that counts. Copies declare the same and import copies.
fn fold(files: &[Parsed], imports: &Imports, sources: &Sources, workspace: &Workspace) -> Vec<usize> {
    let texts: Vec<String> = files.par_iter().map(|file| plain(&sources.get(file.file).text)).collect();
    let mut classes = number(&texts);
    for _ in 0..MAX_ROUNDS {
        let class_of = |target: &Target| match target {
            Target::File(file) => Some(classes[*file]),
            Target::Bundled | Target::Missing => None,
        };
        let import_classes = imports.targets.iter().map(|targets| targets.iter().map(class_of).collect::<Vec<_>>());
        let finer: Vec<_> = classes.iter().copied().zip(import_classes).collect();
        let next = number(&finer);
        if next == classes {
            break;
        }
        classes = next;
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (file, class) in classes.iter().enumerate() {
        groups.entry(*class).or_default().push(file);
    }
    let mut canonical: Vec<usize> = (0..files.len()).collect();
    for group in groups.values().filter(|group| group.len() > 1) {
        let index: BTreeMap<FileId, usize> = group.iter().map(|at| (files[*at].file, *at)).collect();
        let mut ids: Vec<FileId> = index.keys().copied().collect();
        primary_first(&mut ids, sources, workspace);
        let Some(primary) = ids.first().and_then(|id| index.get(id)) else { continue };
        for at in group {
            canonical[*at] = *primary;
        }
    }
    canonical
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// A depth-first walk along imports, without recursion: chains of imports may be long.
struct Walk {
    targets: Vec<Vec<Target>>,
    state: Vec<State>,
    order: Vec<usize>,
    cycles: Vec<Cycle>,
}

impl Walk {
    fn visit(&mut self, start: usize) {
        if self.state[start] != State::New {
            return;
        }
        self.state[start] = State::Open;
        let mut open = vec![(start, 0)];
        while let Some((file, statement)) = open.last_mut() {
            let (file, at) = (*file, *statement);
            *statement += 1;
            match self.targets[file].get(at).copied() {
                Some(Target::File(next)) => self.enter(next, at, &mut open),
                Some(Target::Bundled | Target::Missing) => {}
                None => {
                    self.state[file] = State::Done;
                    self.order.push(file);
                    open.pop();
                }
            }
        }
    }

    /// Goes on to `next`, or cuts the import if that file is being walked already.
    fn enter(&mut self, next: usize, statement: usize, open: &mut Vec<(usize, usize)>) {
        match self.state[next] {
            State::Done => {}
            State::New => {
                self.state[next] = State::Open;
                open.push((next, 0));
            }
            State::Open => {
                let Some((file, _)) = open.last() else { return };
                self.targets[*file][statement] = Target::Missing;
                let round = open.iter().map(|(file, _)| *file).skip_while(|file| *file != next);
                let files = round.chain(std::iter::once(next)).collect();
                self.cycles.push(Cycle { files, statement });
            }
        }
    }
}

/// Splits files into the connected parts of the graph; the order stays.
fn parts(order: &[usize], targets: &[Vec<Target>]) -> Vec<Vec<usize>> {
    let mut parent: Vec<usize> = (0..targets.len()).collect();
    for file in order {
        for target in &targets[*file] {
            if let Target::File(other) = target {
                let (a, b) = (top(&mut parent, *file), top(&mut parent, *other));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for file in order {
        parts.entry(top(&mut parent, *file)).or_default().push(*file);
    }
    parts.into_values().collect()
}

/// The file that stands for the part a file is in.
fn top(parent: &mut [usize], mut file: usize) -> usize {
    while parent[file] != file {
        parent[file] = parent[parent[file]];
        file = parent[file];
    }
    file
}
