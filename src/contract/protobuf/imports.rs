//! Which file an `import` statement means, and the folder it counts from.
//!
//! No configuration names the import roots. A root is any folder below which the imported path
//! exists; where several exist the one closest to the importing file wins. A root may also lie
//! above a repository (`etcd/api/kv.proto` for `api/kv.proto` in a checkout of `etcd`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::bundled::is_bundled;
use super::files::{Origin, Parsed};
use crate::model::source::{Workspace, is_inside};

/// Resolved imports of all files, by index into the files they were built from.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// Per file and `import` statement: what it means.
    pub(super) targets: Vec<Vec<Target>>,
    /// Per file: the folder its imports count from; `""` is the folder of the whole run.
    pub(super) roots: Vec<String>,
}

/// What an `import` statement means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file, of the run or built in.
    File(usize),
    /// Nothing that is here.
    Missing,
}

impl Imports {
    /// Resolves every import of every file.
    pub(super) fn resolve(files: &[Parsed<'_>], workspace: &Workspace) -> Self {
        let index = Suffixes::new(files, workspace);
        let mut votes: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); files.len()];
        let mut own: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); files.len()];
        let mut targets = Vec::with_capacity(files.len());
        for (at, file) in files.iter().enumerate() {
            let mut of_file = Vec::with_capacity(file.tree.imports.len());
            for statement in &file.tree.imports {
                let import = &*statement.path;
                let target = index.find(file, import, files);
                if let Target::File(found) = target
                    && files[found].origin == Origin::Text
                    && files[found].path.ends_with(import)
                {
                    let root = root_of(&files[found].path, import);
                    if contains(root, &file.path) {
                        *own[at].entry(root.to_owned()).or_default() += 1;
                    }
                    *votes[found].entry(root.to_owned()).or_default() += 1;
                }
                of_file.push(target);
            }
            targets.push(of_file);
        }
        let guess = |at: usize| most(&votes[at]).or_else(|| most(&own[at])).unwrap_or_else(|| place(&files[at]));
        Self { roots: (0..files.len()).map(guess).collect(), targets }
    }
}

/// The root with most votes; of equals the shortest.
fn most(votes: &BTreeMap<String, usize>) -> Option<String> {
    votes
        .iter()
        .max_by_key(|(root, count)| (**count, Reverse(root.len()), Reverse(*root)))
        .map(|(root, _)| root.clone())
}

/// The root of a file that neither imports nor is imported: above the folders of its package, else
/// its own folder.
fn place(file: &Parsed<'_>) -> String {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let package = file.package().replace('.', "/");
    let above = folder.strip_suffix(package.as_str()).filter(|above| above.is_empty() || above.ends_with('/'));
    above.filter(|_| !package.is_empty()).unwrap_or(folder).trim_end_matches('/').to_owned()
}

/// What is left of a path in front of the import that names it.
fn root_of<'a>(path: &'a str, import: &str) -> &'a str {
    path.strip_suffix(import).unwrap_or_default().trim_end_matches('/')
}

fn contains(folder: &str, path: &str) -> bool {
    is_inside(path, folder)
}

/// Files by every tail of their path that starts at a folder.
struct Suffixes<'a> {
    tails: BTreeMap<&'a str, Vec<usize>>,
    /// Built-in files, and files of compiled sets, by the path of their import.
    exact: BTreeMap<&'a str, Vec<usize>>,
    /// Roots of repositories, the folder of the whole run among them.
    repositories: BTreeSet<&'a str>,
}

impl<'a> Suffixes<'a> {
    fn new(files: &'a [Parsed<'_>], workspace: &'a Workspace) -> Self {
        let mut tails: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut exact: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            if file.origin != Origin::Text {
                exact.entry(&file.path).or_default().push(at);
                continue;
            }
            let starts = file.path.char_indices().filter(|(_, c)| *c == '/').map(|(slash, _)| slash + 1);
            for start in std::iter::once(0).chain(starts) {
                tails.entry(file.path.get(start..).unwrap_or_default()).or_default().push(at);
            }
        }
        let configured = workspace.services.iter().map(|service| service.repository.as_str());
        Self { tails, exact, repositories: configured.chain(std::iter::once("")).collect() }
    }

    /// The file that `import` means in a file.
    fn find(&self, file: &Parsed<'_>, import: &str, files: &[Parsed<'_>]) -> Target {
        let found = match file.origin {
            _ if is_bundled(import) => self.built_in(import, files),
            Origin::Text => self.text(&file.path, import, files).or_else(|| self.built_in(import, files)),
            Origin::Compiled => self.beside(file, import, files).or_else(|| self.built_in(import, files)),
            Origin::BuiltIn => self.built_in(import, files),
        };
        found.map_or(Target::Missing, Target::File)
    }

    /// The built-in file with this import path, which may count from above its root
    /// (`third_party/google/api/http.proto`).
    fn built_in(&self, import: &str, files: &[Parsed<'_>]) -> Option<usize> {
        let tails = import.char_indices().filter(|(_, c)| *c == '/').filter_map(|(at, _)| import.get(at + 1..));
        std::iter::once(import).chain(tails).find_map(|tail| {
            let found = self.exact.get(tail)?;
            found.iter().copied().find(|at| files[*at].origin == Origin::BuiltIn)
        })
    }

    /// The file of the same compiled set.
    fn beside(&self, file: &Parsed<'_>, import: &str, files: &[Parsed<'_>]) -> Option<usize> {
        self.exact.get(import)?.iter().copied().find(|at| files[*at].file == file.file)
    }

    /// The `.proto` file that is meant in the file at `from`.
    fn text(&self, from: &str, import: &str, files: &[Parsed<'_>]) -> Option<usize> {
        let Some(found) = self.tails.get(import) else { return self.above_repository(from, import, files) };
        // A bare file name says too little to reach into another part of the tree, unless it is
        // the only one.
        let reach =
            |at: usize| import.contains('/') || found.len() == 1 || contains(root_of(&files[at].path, import), from);
        let candidates = found.iter().copied().filter(|at| files[*at].path != from && reach(*at));
        candidates.max_by_key(|at| {
            let path = &*files[*at].path;
            (shared_folders(from, path), contains(root_of(path, import), from), Reverse(path.len()), Reverse(path))
        })
    }

    /// The file that an import means which counts from above a repository: what is left of it
    /// without its first folders is the path of a file in the repository of `from`.
    fn above_repository(&self, from: &str, import: &str, files: &[Parsed<'_>]) -> Option<usize> {
        let homes = || self.repositories.iter().filter(|repository| contains(repository, from));
        let tails = import.char_indices().filter(|(_, c)| *c == '/').filter_map(|(at, _)| import.get(at + 1..));
        tails.filter(|tail| tail.contains('/')).find_map(|tail| {
            let is_home = |at: &usize| homes().any(|home| *home == root_of(&files[*at].path, tail));
            self.tails.get(tail)?.iter().copied().find(|at| files[*at].path != from && is_home(at))
        })
    }
}

/// How many leading folders two paths share.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}
