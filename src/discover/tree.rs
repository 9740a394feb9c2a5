//! A commit, by the paths that its files have in reports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::model::problem::ProblemKind;
use crate::model::source::{FileKind, is_inside};

use super::git::{Entry, EntryKind, Objects, Repository};
use super::ignored::Ignored;
use super::kinds::{is_document, kind_of};
use super::layout::{Layout, ancestors, join, relative};
use super::read::{Claim, Reading};
use super::references;
use super::walk::Walk;

/// How paths of a repository and paths of reports relate.
#[derive(Debug)]
enum Prefix {
    /// The repository lies at this path, or at the top (`""`).
    Add(String),
    /// The top lies at this path inside the repository.
    Strip(String),
}

/// A commit of one repository, by the paths of reports.
pub(super) struct Tree {
    /// Where the repository lies; `""` at or above the top.
    pub(super) place: String,
    entries: BTreeMap<String, Entry>,
    repository: Repository,
    objects: Objects,
}

impl Tree {
    /// Lists a commit, and opens the object store that holds it.
    pub(super) fn open(repository: Repository, revision: &str, layout: &Layout) -> Result<Self, String> {
        let commit = repository.commit(revision)?;
        let prefix = match layout.path_of(&repository.root) {
            Some(path) => Prefix::Add(path),
            None => Prefix::Strip(relative(&repository.root, &layout.folder).unwrap_or_default()),
        };
        let entries = repository
            .tree(&commit)?
            .into_iter()
            .filter_map(|entry| Some((prefix.apply(&entry.path)?, entry)))
            .filter(|(path, _)| layout.may_refer_to(path))
            .collect();
        let objects = repository.objects().map_err(|error| error.to_string())?;
        let place = if let Prefix::Add(path) = prefix { path } else { String::new() };
        Ok(Self { place, entries, repository, objects })
    }

    /// The folder of its repository as the one root.
    pub(super) fn layout(&self) -> Layout {
        Layout::single(self.repository.root.clone())
    }

    /// The commits that submodules were bound to, by their place on disk.
    pub(super) fn submodules(&self) -> Vec<(PathBuf, String)> {
        self.entries
            .values()
            .filter(|entry| entry.kind == EntryKind::Submodule)
            .map(|entry| (self.repository.root.join(&entry.path), entry.id.clone()))
            .collect()
    }

    /// Every file: its path and its object.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.entries.iter().filter(|(_, entry)| entry.kind == EntryKind::File);
        files.map(|(path, entry)| (path.as_str(), entry.id.as_str()))
    }

    /// Files that may be contracts, and that a walk of the same tree would meet: not hidden, not
    /// ignored. What Head leaves out although it is there (tracked, yet in `.gitignore`) is left out
    /// here too, or it would look removed.
    pub(super) fn candidates(
        &self,
        layout: &Layout,
        walk: &Walk,
        ignored: &Ignored,
        contracts: &BTreeSet<String>,
    ) -> Vec<(String, String)> {
        let may_be_one = |path: &str| path.rsplit('/').next().and_then(kind_of).is_some_and(is_document);
        let left_out = |path: &str| {
            let is_there = || layout.absolute(path).symlink_metadata().is_ok();
            ignored.matches_deep(&layout.absolute(path)) || is_hidden(path, layout) || is_there()
        };
        self.entries
            .iter()
            .filter(|(path, entry)| entry.kind == EntryKind::File && layout.asks_for(path))
            .filter(|(path, _)| may_be_one(path) || contracts.contains(*path))
            .filter(|(path, _)| walk.files.contains_key(*path) || contracts.contains(*path) || !left_out(path))
            .map(|(path, entry)| (path.clone(), entry.id.clone()))
            .collect()
    }

    /// Whether a path lies in its repository.
    pub(super) fn holds(&self, path: &str) -> bool {
        is_inside(path, &self.place)
    }

    /// The object of a path, links on the way followed.
    pub(super) fn find(&mut self, path: &str) -> Option<String> {
        const MAX_LINKS: usize = 16;
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            if let Some(entry) = self.entries.get(&path).filter(|entry| entry.kind == EntryKind::File) {
                return Some(entry.id.clone());
            }
            path = self.through_link(&path)?;
        }
        None
    }

    /// The path with its outermost link replaced by what that leads to.
    fn through_link(&mut self, path: &str) -> Option<String> {
        let folders: Vec<&str> = ancestors(path).collect();
        let is_link = |folder: &&str| self.entries.get(*folder).is_some_and(|entry| entry.kind == EntryKind::Link);
        let link = folders.into_iter().rev().find(is_link)?;
        let id = self.entries.get(link)?.id.clone();
        let Ok(Reading::Text(target)) = self.objects.read(&id, FileKind::Manifest, Claim::Named) else {
            return None;
        };
        let rest = path.strip_prefix(link)?.trim_start_matches('/');
        references::resolve(link, &join(&target, rest))
    }

    /// Reads an object.
    pub(super) fn read(&mut self, id: &str, kind: FileKind, claim: Claim) -> Reading {
        self.objects.read(id, kind, claim).unwrap_or_else(|error| {
            Reading::Lost(ProblemKind::ContractUnreadable, format!("cannot be read from git: {error}"))
        })
    }
}

impl Prefix {
    fn apply(&self, path: &str) -> Option<String> {
        match self {
            Self::Add(folder) => Some(join(folder, path)),
            Self::Strip(folder) => path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
        }
    }
}

fn is_hidden(path: &str, layout: &Layout) -> bool {
    let root = layout.root_of(path).map_or("", |root| root.folder());
    path.strip_prefix(root).unwrap_or(path).split('/').any(|part| part.starts_with('.'))
}
