//! Links parsed files into descriptor pools.
//!
//! A pool refuses a whole file for one thing it does not know, and two files that declare the same
//! name. So what is not there is taken out first, and files that contradict each other (drifted
//! copies) go into pools of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost_reflect::prost_types::FileDescriptorProto;
use prost_reflect::{DescriptorError, DescriptorPool};
use rayon::prelude::*;

use super::bundled;
use super::graph::Graph;
use super::imports::Target;
use super::prune::{prune, tag, take_out};
use super::symbols::{Kind, Symbols, Visible, declared};
use super::syntax::{Parsed, Path};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Sources;

/// How many elements are taken out of one file, one by one, before the file is given up.
const MAX_TAKEN_OUT: usize = 64;

/// Files that are linked with each other.
#[derive(Debug)]
pub(super) struct Linked {
    /// The pool; files are in it by [`Parsed::name`].
    pub(super) pool: DescriptorPool,
    /// The files that are to be read from this pool.
    pub(super) files: Vec<usize>,
    /// By file and path: types that are not there, as written.
    pub(super) lost: BTreeMap<usize, BTreeMap<Path, String>>,
}

/// Links every file that counts.
pub(super) fn link(files: &[Parsed], graph: &Graph, sources: &Sources) -> (Vec<Linked>, Vec<Problem>) {
    let symbols: Vec<Symbols> = files.par_iter().map(|file| declared(&file.descriptor)).collect();
    let mut names: BTreeMap<&str, Vec<(usize, Kind)>> = BTreeMap::new();
    for (at, symbols) in symbols.iter().enumerate() {
        for (name, kind) in symbols {
            names.entry(name).or_default().push((at, *kind));
        }
    }
    let context = Context { files, graph, sources, symbols: &symbols, names: &names };
    let linked: Vec<(Vec<Linked>, Vec<Problem>)> = graph.parts.par_iter().map(|part| context.part(part)).collect();
    let (mut pools, mut problems) = (Vec::new(), Vec::new());
    for (mut part, mut unlinked) in linked {
        pools.append(&mut part);
        problems.append(&mut unlinked);
    }
    (pools, problems)
}

struct Context<'a> {
    files: &'a [Parsed],
    graph: &'a Graph,
    sources: &'a Sources,
    symbols: &'a [Symbols],
    names: &'a BTreeMap<&'a str, Vec<(usize, Kind)>>,
}

/// Why a file is not in any pool.
enum Refusal {
    /// It contradicts itself or what it imports.
    Invalid(Problem),
    /// The linker failed; the pool must not be used further.
    Failed(Problem),
}

impl Context<'_> {
    /// Links one connected part; each file follows its imports.
    fn part(&self, order: &[usize]) -> (Vec<Linked>, Vec<Problem>) {
        let (mut pools, mut problems) = (Vec::new(), Vec::new());
        let mut refused = BTreeSet::new();
        let mut left: Vec<usize> = order.to_vec();
        while !left.is_empty() {
            match self.pool(&left, &mut refused, &mut problems) {
                Some((linked, rest)) => {
                    if !linked.files.is_empty() {
                        pools.push(linked);
                    }
                    left = rest;
                }
                // The file that brought the pool down is refused now: once more without it.
                None => left.retain(|file| !refused.contains(file)),
            }
        }
        (pools, problems)
    }

    /// Fills one pool with as many of `wanted` as do not contradict each other; the first one
    /// always goes in or is refused. Gives the files left over; `None` if the linker failed.
    fn pool(
        &self,
        wanted: &[usize],
        refused: &mut BTreeSet<usize>,
        problems: &mut Vec<Problem>,
    ) -> Option<(Linked, Vec<usize>)> {
        let mut filling = Filling::default();
        let mut rest = Vec::new();
        let left: BTreeSet<usize> = wanted.iter().copied().collect();
        for (turn, file) in wanted.iter().enumerate() {
            let needed = self.needed(*file, &filling.inside, refused);
            if turn > 0 && needed.iter().any(|file| self.contradicts(*file, &filling)) {
                rest.push(*file);
                continue;
            }
            for file in needed {
                match self.add(file, &mut filling, refused) {
                    Ok(()) if left.contains(&file) => filling.files.push(file),
                    Ok(()) => {}
                    Err(Refusal::Invalid(problem)) => {
                        refused.insert(file);
                        problems.push(problem);
                    }
                    Err(Refusal::Failed(problem)) => {
                        refused.insert(file);
                        problems.push(problem);
                        return None;
                    }
                }
            }
        }
        let own: BTreeSet<usize> = filling.files.iter().copied().collect();
        rest.retain(|file| !own.contains(file) && !refused.contains(file));
        Some((Linked { pool: filling.pool, files: filling.files, lost: filling.lost }, rest))
    }

    /// A file after everything it imports, without what is inside already.
    fn needed(&self, file: usize, inside: &BTreeSet<usize>, refused: &BTreeSet<usize>) -> Vec<usize> {
        let skip = |file: &usize| inside.contains(file) || refused.contains(file);
        let (mut needed, mut seen) = (Vec::new(), BTreeSet::new());
        let mut open = vec![(file, false)];
        while let Some((file, is_done)) = open.pop() {
            if is_done {
                needed.push(file);
            } else if !skip(&file) && seen.insert(file) {
                open.push((file, true));
                open.extend(self.imports(file).map(|import| (import, false)));
            }
        }
        needed
    }

    fn imports(&self, file: usize) -> impl Iterator<Item = usize> {
        self.graph.targets[file].iter().filter_map(|target| match target {
            Target::File(file) => Some(*file),
            Target::Bundled | Target::Missing => None,
        })
    }

    /// Whether a file declares a name that another file of the pool declares.
    fn contradicts(&self, file: usize, filling: &Filling) -> bool {
        self.symbols[file].keys().any(|name| {
            let holders = self.names.get(name.as_str()).into_iter().flatten();
            holders.into_iter().any(|(holder, _)| *holder != file && filling.inside.contains(holder))
        })
    }

    /// Adds one file, without what it refers to and is not there.
    fn add(&self, file: usize, filling: &mut Filling, refused: &BTreeSet<usize>) -> Result<(), Refusal> {
        let mut descriptor = self.descriptor(file, refused);
        for import in descriptor.dependency.iter().filter(|import| bundled::is_bundled(import)) {
            filling.add_bundled(import);
        }
        let visible = Visible { names: self.names, files: self.visible(file, &filling.inside) };
        let mut lost = prune(&mut descriptor, &visible);
        filling.add_bundled("google/protobuf/empty.proto");
        let mut tries = 0;
        while let Err(error) = self.try_add(&descriptor, file, filling)? {
            tries += 1;
            let path = error.path().unwrap_or_default().to_vec();
            match take_out(&mut descriptor, &path).filter(|_| tries <= MAX_TAKEN_OUT) {
                Some(taken) => lost.extend(taken),
                None => return Err(Refusal::Invalid(self.invalid(file, &error))),
            }
        }
        filling.inside.insert(file);
        let lost: BTreeMap<Path, String> = lost.into_iter().map(|lost| (lost.path, lost.name)).collect();
        if !lost.is_empty() {
            filling.lost.insert(file, lost);
        }
        Ok(())
    }

    fn try_add(
        &self,
        descriptor: &FileDescriptorProto,
        file: usize,
        filling: &mut Filling,
    ) -> Result<Result<(), DescriptorError>, Refusal> {
        let add = || filling.pool.add_file_descriptor_proto(descriptor.clone());
        catch_unwind(AssertUnwindSafe(add)).map_err(|_| {
            let message = "the protobuf linker failed on this file, it is not read";
            Refusal::Failed(Problem::file(ProblemKind::ContractUnreadable, self.files[file].file, message))
        })
    }

    /// The descriptor of a file with its imports by the names of the files they mean.
    fn descriptor(&self, file: usize, refused: &BTreeSet<usize>) -> FileDescriptorProto {
        let raw = &self.files[file].descriptor;
        let mut copy = raw.clone();
        copy.source_code_info = None;
        copy.name = Some(self.files[file].name.clone());
        copy.weak_dependency.clear();
        copy.dependency.clear();
        copy.public_dependency.clear();
        for (at, (target, written)) in (0..).zip(self.graph.targets[file].iter().zip(&raw.dependency)) {
            let name = match target {
                Target::File(import) if !refused.contains(import) => self.files[*import].name.clone(),
                Target::Bundled => written.clone(),
                Target::File(_) | Target::Missing => continue,
            };
            if copy.dependency.contains(&name) {
                continue;
            }
            if raw.public_dependency.contains(&at) {
                copy.public_dependency.push(i32::try_from(copy.dependency.len()).unwrap_or(i32::MAX));
            }
            copy.dependency.push(name);
        }
        copy
    }

    /// The file, its imports, and what those import publicly, as far as the pool holds them.
    fn visible(&self, file: usize, inside: &BTreeSet<usize>) -> BTreeSet<usize> {
        let mut visible = BTreeSet::from([file]);
        let mut open: Vec<usize> = self.imports(file).collect();
        while let Some(import) = open.pop() {
            if inside.contains(&import) && visible.insert(import) {
                open.extend(self.public_imports(import));
            }
        }
        visible
    }

    fn public_imports(&self, file: usize) -> impl Iterator<Item = usize> {
        let statements = &self.files[file].descriptor.public_dependency;
        let targets = statements.iter().filter_map(move |at| self.graph.targets[file].get(usize::try_from(*at).ok()?));
        targets.filter_map(|target| match target {
            Target::File(file) => Some(*file),
            Target::Bundled | Target::Missing => None,
        })
    }

    /// The problem of a file that the pool refuses for good.
    fn invalid(&self, file: usize, error: &DescriptorError) -> Problem {
        let parsed = &self.files[file];
        let source = self.sources.get(parsed.file);
        let mut path = error.path().unwrap_or_default();
        // Imports are renumbered, so their place is no longer the one in the text.
        if path.first() == Some(&tag::FILE_DEPENDENCY) {
            path = &[];
        }
        let site = parsed.site(path, source);
        Problem::at(ProblemKind::ContractUnreadable, site, format!("not valid protobuf: {error}"))
    }
}

/// A pool while it is being filled.
#[derive(Default)]
struct Filling {
    pool: DescriptorPool,
    inside: BTreeSet<usize>,
    files: Vec<usize>,
    lost: BTreeMap<usize, BTreeMap<Path, String>>,
}

impl Filling {
    /// Adds a file that comes with protobuf, with what it imports.
    fn add_bundled(&mut self, import: &str) {
        if self.pool.get_file_by_name(import).is_some() {
            return;
        }
        let Some(file) = bundled::open(import) else { return };
        file.dependency.iter().for_each(|import| self.add_bundled(import));
        // These files are valid; one that were not would show where it is used.
        drop(self.pool.add_file_descriptor_proto(file));
    }
}
