//! Which file an `import` statement means, and the folder it counts from.
//!
//! No configuration names the import roots. A root is any folder below which the imported path
//! exists; where several exist the one closest to the importing file wins. A root may also lie
//! above a repository (`etcd/api/kv.proto` for `api/kv.proto` in a checkout of `etcd`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::bundled::is_bundled;
use super::syntax::Parsed;
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
    /// A file of the run.
    File(usize),
    /// A file that comes with protobuf itself.
    Bundled,
    /// Nothing that is here.
    Missing,
}

impl Imports {
    /// Resolves every import of every file.
    pub(super) fn resolve(files: &[Parsed], workspace: &Workspace) -> Self {
        let index = Suffixes::new(files, workspace);
        let mut votes: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); files.len()];
        let mut own: Vec<BTreeMap<String, usize>> = vec![BTreeMap::new(); files.len()];
        let mut targets = Vec::with_capacity(files.len());
        for (at, file) in files.iter().enumerate() {
            let mut of_file = Vec::with_capacity(file.descriptor.dependency.len());
            for import in &file.descriptor.dependency {
                let target = index.find(&file.name, import, files);
                if let Target::File(found) = target
                    && files[found].name.ends_with(import)
                {
                    let root = root_of(&files[found].name, import);
                    if contains(root, &file.name) {
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
fn place(file: &Parsed) -> String {
    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
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
    /// Roots of repositories, the folder of the whole run among them.
    repositories: BTreeSet<&'a str>,
}

impl<'a> Suffixes<'a> {
    fn new(files: &'a [Parsed], workspace: &'a Workspace) -> Self {
        let mut tails: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, file) in files.iter().enumerate() {
            let starts = file.name.char_indices().filter(|(_, c)| *c == '/').map(|(slash, _)| slash + 1);
            for start in std::iter::once(0).chain(starts) {
                tails.entry(file.name.get(start..).unwrap_or_default()).or_default().push(at);
            }
        }
        let configured = workspace.services.iter().map(|service| service.repository.as_str());
        Self { tails, repositories: configured.chain(std::iter::once("")).collect() }
    }

    /// The file that `import` means in the file at `from`.
    fn find(&self, from: &str, import: &str, files: &[Parsed]) -> Target {
        if is_bundled(import) {
            return Target::Bundled;
        }
        let Some(found) = self.tails.get(import) else {
            return self.above_repository(from, import, files).map_or(Target::Missing, Target::File);
        };
        // A bare file name says too little to reach into another part of the tree, unless it is
        // the only one.
        let reach =
            |at: usize| import.contains('/') || found.len() == 1 || contains(root_of(&files[at].name, import), from);
        let candidates = found.iter().copied().filter(|at| files[*at].name != from && reach(*at));
        let best = candidates.max_by_key(|at| {
            let path = files[*at].name.as_str();
            (shared_folders(from, path), contains(root_of(path, import), from), Reverse(path.len()), Reverse(path))
        });
        best.map_or(Target::Missing, Target::File)
    }

    /// The file that an import means which counts from above a repository: what is left of it
    /// without its first folders is the path of a file in the repository of `from`.
    fn above_repository(&self, from: &str, import: &str, files: &[Parsed]) -> Option<usize> {
        let homes = || self.repositories.iter().filter(|repository| contains(repository, from));
        let tails = import.char_indices().filter(|(_, c)| *c == '/').filter_map(|(at, _)| import.get(at + 1..));
        tails.filter(|tail| tail.contains('/')).find_map(|tail| {
            let is_home = |at: &usize| homes().any(|home| *home == root_of(&files[*at].name, tail));
            self.tails.get(tail)?.iter().copied().find(|at| files[*at].name != from && is_home(at))
        })
    }
}

/// How many leading folders two paths share.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}
