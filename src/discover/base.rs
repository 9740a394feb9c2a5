//! The Base side: the contract files of a folder, of a file, or of a git revision.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Settings;
use crate::model::source::{Revision, Sources, is_inside};

use super::git::{self, Repository};
use super::ignored::Ignored;
use super::kinds::{document_kind, is_document, kind_of};
use super::layout::{Layout, ancestors, first_folder, join, parent};
use super::read::{self, Claim, Reading};
use super::tree::Tree;
use super::walk::{Walk, walk};
use super::{Discovered, Named, Sets, Texts, documents, named, references, services};

/// What the Base side holds.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// Contract files by the path they have on the Head side.
    pub(super) texts: Texts,
    /// Compiled descriptor sets, by path in the same way.
    pub(super) sets: Sets,
    pub(super) problems: Vec<Problem>,
}

/// What the Base side is to be compared with.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) layout: &'a Layout,
    /// The roots as given.
    pub(super) roots: &'a [PathBuf],
    pub(super) settings: &'a Settings,
}

/// Reads the Base side.
pub(super) fn read(against: &str, head: &Discovered, scope: &Scope<'_>) -> Side {
    let mut side = Side::default();
    match Path::new(against).canonicalize() {
        Ok(folder) if folder.is_dir() => side.folder(folder, scope),
        Ok(file) => side.file(&file, scope.layout, &head.sources),
        Err(_) => side.revision(against, head, scope),
    }
    side
}

impl Side {
    fn missing(&mut self, path: &str, message: impl Into<String>) {
        self.problems.push(Problem::path(ProblemKind::BaseMissing, path, message));
    }

    /// Keeps what came of reading a file, and gives its text if there is one.
    fn keep(&mut self, path: &str, reading: Reading) -> Option<Arc<str>> {
        match reading {
            Reading::Text(text) => {
                self.texts.insert(path.to_owned(), (document_kind(path), Arc::clone(&text)));
                Some(text)
            }
            Reading::Set(bytes) => {
                self.sets.insert(path.to_owned(), bytes);
                None
            }
            Reading::Deployment(_) | Reading::Environment(_) | Reading::NotOurs => None,
            Reading::Lost(kind, message) => {
                self.problems.push(Problem::path(kind, path, format!("on the base side: {message}")));
                None
            }
        }
    }

    /// The folder stands for the root, if one was given, else for the folder above all roots.
    fn folder(&mut self, folder: PathBuf, scope: &Scope<'_>) {
        let layout = scope.layout;
        let place = scope.place_of_folder();
        let base = Layout::single(folder);
        let walk = walk(&base, Ignored::new(&scope.settings.ignore, &base), &[]);
        self.problems.extend(walk.problems);
        let contracts = scope.named_contracts();
        for (path, file) in &walk.files {
            let path = join(&place, path);
            if is_document(file.kind) && layout.asks_for(&path) {
                self.keep(&path, read::file(&file.absolute, file.kind, claim(&path, &contracts)));
            }
        }
        let counterpart = |path: &str| below(path, &place).map(|path| base.absolute(path));
        if !layout.roots.iter().filter_map(|root| counterpart(&root.path)).any(|root| root.exists()) {
            self.missing("", format!("`{}` has none of the folders to compare with", base.folder.display()));
        }
        self.follow(|path| on_disk(&base, below(path, &place)?));
    }

    /// One file stands for the one file of Head that it can only mean.
    fn file(&mut self, file: &Path, layout: &Layout, head: &Sources) {
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(path) = counterpart(&name, layout, head) else {
            let message = format!("`{name}` could stand for several files, name a folder or a revision");
            return self.missing("", message);
        };
        let kind = kind_of(&name).filter(|kind| is_document(*kind)).unwrap_or_else(|| document_kind(&path));
        match read::file(file, kind, Claim::Named) {
            Reading::Text(text) => {
                self.texts.insert(path.clone(), (kind, text));
            }
            Reading::Set(bytes) => {
                self.sets.insert(path.clone(), bytes);
            }
            Reading::Lost(_, why) => return self.missing(&name, why),
            Reading::Deployment(_) | Reading::Environment(_) | Reading::NotOurs => {
                return self.missing(&name, "this file is no contract");
            }
        }
        let beside = Layout::single(file.parent().unwrap_or(file).to_path_buf());
        let folder = parent(&path).to_owned();
        self.follow(|path| on_disk(&beside, below(path, &folder)?));
    }

    /// Follows `$ref` on this side.
    fn follow(&mut self, mut read: impl FnMut(&str) -> Option<Reading>) {
        let start = self.texts.clone();
        references::follow(documents(&start), |_, path| {
            let reading = read(path)?;
            self.keep(path, reading)
        });
    }

    fn revision(&mut self, revision: &str, head: &Discovered, scope: &Scope<'_>) {
        let Scope { layout, settings, .. } = *scope;
        let walk = walk(layout, Ignored::new(&settings.ignore, layout), &scope.named().wanted());
        let repositories = repositories(layout, &walk);
        if repositories.is_empty() {
            let message = format!("`{revision}` is neither a folder nor a file, and there is no git repository here");
            return self.missing("", message);
        }
        let ignored = Ignored::new(&settings.ignore, layout);
        let contracts = scope.named_contracts();
        let mut submodules = BTreeMap::new();
        let mut trees = Vec::new();
        for repository in repositories {
            // A submodule is compared with the commit that the repository around it was bound to.
            let wanted = submodules.get(&repository.root).cloned().unwrap_or_else(|| revision.to_owned());
            let opened = repository.start(&wanted).and_then(|start| {
                let path = layout.path_of(&repository.root).unwrap_or_default();
                self.problems.extend(start.note.map(|note| Problem::path(ProblemKind::Note, path, note)));
                Tree::open(repository.clone(), &start.commit, layout)
            });
            match opened {
                Ok(tree) => {
                    submodules.extend(tree.submodules());
                    trees.push(tree);
                }
                Err(why) => self.lacks(&repository, &wanted, &why, head, layout, &walk),
            }
        }
        if trees.is_empty() && !self.problems.iter().any(|problem| problem.kind == ProblemKind::BaseMissing) {
            self.missing("", format!("no repository has `{revision}`"));
        }
        for tree in &mut trees {
            for (path, id) in tree.candidates(layout, &walk, &ignored, &contracts) {
                let reading = tree.read(&id, document_kind(&path), claim(&path, &contracts));
                self.keep(&path, reading);
            }
        }
        self.follow(|path| {
            let tree = trees.iter_mut().filter(|tree| tree.holds(path)).max_by_key(|tree| tree.place.len())?;
            let id = tree.find(path)?;
            Some(tree.read(&id, document_kind(path), Claim::Named))
        });
    }

    /// A repository without contracts needs no Base: a branch may well exist in one of many.
    fn lacks(
        &mut self,
        repository: &Repository,
        revision: &str,
        why: &str,
        head: &Discovered,
        layout: &Layout,
        walk: &Walk,
    ) {
        let path = layout.path_of(&repository.root).unwrap_or_default();
        let owner = |file: &str| {
            ancestors(file).find(|folder| walk.repositories.contains(*folder)).unwrap_or_default().to_owned()
        };
        let has_contracts = head
            .sources
            .iter()
            .any(|(_, file)| file.revision == Revision::Head && is_document(file.kind) && owner(&file.path) == path);
        let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
        let mut message = format!("the repository has no `{revision}`");
        if !why.is_empty() {
            message = format!("{message}: {why}");
        }
        if let Some(line) = repository.fetch_line(revision) {
            message = format!("{message}; to get it, run `{line}`{place}");
        }
        let kind = if has_contracts { ProblemKind::BaseMissing } else { ProblemKind::Note };
        self.problems.push(Problem::path(kind, path, message));
    }
}

impl Scope<'_> {
    /// Where a folder of the Base side stands in reports.
    fn place_of_folder(&self) -> String {
        if self.roots.len() > 1 {
            return String::new();
        }
        let only = first_folder(self.roots).canonicalize().ok();
        only.and_then(|root| self.layout.path_of(&root)).unwrap_or_default()
    }

    /// What is named on the Head side, where it exists.
    fn named(&self) -> Named {
        let configured = services::configured(self.settings, first_folder(self.roots), self.layout);
        named(self.roots, self.layout, self.settings, &configured, &mut Vec::new())
    }

    /// Contract files and folders that are named, whether Head has them or not.
    fn named_contracts(&self) -> BTreeSet<String> {
        let services = services::configured(self.settings, first_folder(self.roots), self.layout);
        let configured = services.iter().flat_map(|(path, service)| {
            service.contracts.iter().map(move |contract| services::lexical_join(path, contract))
        });
        let roots = self.layout.roots.iter().filter(|root| root.is_file).map(|root| root.path.clone());
        configured.chain(roots).collect()
    }
}

/// The rest of a path that lies in `folder`.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    is_inside(path, folder).then(|| path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/'))
}

/// The Head file that one Base file stands for: the root, if that is one file; the only contract of
/// its kind; the only one of its name.
fn counterpart(name: &str, layout: &Layout, head: &Sources) -> Option<String> {
    if let [root] = layout.roots.as_slice()
        && root.is_file
    {
        return Some(root.path.clone());
    }
    let of_name = |file: &&str| file.rsplit('/').next() == Some(name);
    let contracts =
        || head.iter().map(|(_, file)| file).filter(|file| is_document(file.kind)).map(|file| file.path.as_str());
    let mut same: Vec<&str> = contracts().filter(of_name).collect();
    if same.is_empty() {
        same = contracts().collect();
    }
    match same.as_slice() {
        [only] => Some((*only).to_owned()),
        [] => Some(name.to_owned()),
        _ => None,
    }
}

fn on_disk(layout: &Layout, path: &str) -> Option<Reading> {
    let canonical = layout.absolute(path).canonicalize().ok()?;
    let inside = canonical.is_file() && layout.may_refer_to_file(&canonical);
    inside.then(|| read::file(&canonical, document_kind(path), Claim::Named))
}

fn claim(path: &str, contracts: &BTreeSet<String>) -> Claim {
    if contracts.contains(path) { Claim::Named } else { Claim::Found }
}

/// Every clone that holds a part of the roots, outermost first.
fn repositories(layout: &Layout, walk: &Walk) -> BTreeSet<Repository> {
    let around = layout.roots.iter().filter_map(|root| git::root_above(&root.absolute));
    let inside = walk.repositories.iter().map(|path| layout.absolute(path));
    around.chain(inside).map(|root| Repository { root }).collect()
}
