//! Where one side of a comparison is: on disk, or in a commit.

use std::path::{Path, PathBuf};

use crate::discover::git::{self, Repository};
use crate::discover::ignored::Ignored;
use crate::discover::kinds::{is_document, kind_of};
use crate::discover::layout::{Layout, join, parent, relative};
use crate::discover::read::{self, Claim, Reading};
use crate::discover::tree::Tree;
use crate::discover::walk::walk;
use crate::model::problem::ProblemKind;
use crate::model::settings::Settings;
use crate::model::source::{FileKind, is_inside};

/// What an argument means.
pub(super) struct Wanted {
    /// As given.
    pub(super) given: String,
    what: What,
}

enum What {
    /// A file or folder on disk, by its canonical path.
    Disk(PathBuf),
    /// A revision, and a path below the root of its repository; none if only the revision was named.
    Commit { repository: Repository, revision: String, path: Option<String> },
    /// The empty file that git gives for one that is not there.
    Null,
    /// Neither, and why.
    Nowhere(String),
}

impl Wanted {
    /// Files on disk win over revisions, as in git.
    pub(super) fn of(given: &str, here: &Path) -> Self {
        let what = match Path::new(given).canonicalize() {
            Ok(path) if path.is_file() || path.is_dir() => What::Disk(path),
            Ok(_) => What::Null,
            Err(_) => revision(given, here),
        };
        Self { given: given.to_owned(), what }
    }

    /// The place itself. A revision alone means what stands on the other side; else the current folder.
    pub(super) fn place(&self, other: &Self, here: &Path) -> Result<Place, String> {
        let given = self.given.clone();
        match &self.what {
            What::Disk(path) => Ok(Place::on_disk(given, path)),
            What::Null => Ok(Place { given, store: Store::Nothing, root: String::new(), main: None }),
            What::Nowhere(why) => Err(why.clone()),
            What::Commit { repository, revision, path } => {
                let path = match (path, &other.what) {
                    (Some(path), _) => path.clone(),
                    (None, What::Disk(path)) => relative(&repository.root, path).unwrap_or_default(),
                    (None, What::Commit { path: Some(path), .. }) => path.clone(),
                    (None, _) => relative(&repository.root, here).unwrap_or_default(),
                };
                let tree = Tree::open(repository.clone(), revision, &Layout::single(repository.root.clone()));
                tree.map(|tree| Place::in_commit(given, tree, path, revision))
            }
        }
    }
}

/// `REV:PATH` or `REV`, in any syntax of git.
fn revision(given: &str, here: &Path) -> What {
    let Some(root) = git::root_above(here) else {
        return What::Nowhere("there is no such file or folder, and no git repository here".to_owned());
    };
    let repository = Repository { root };
    let revision =
        |revision: &str, path| What::Commit { repository: repository.clone(), revision: revision.to_owned(), path };
    if repository.commit(given).is_ok() {
        return revision(given, None);
    }
    // A revision may itself hold a colon: `HEAD^{/fix: a}:api.yaml`.
    let splits = given.match_indices(':').filter_map(|(at, _)| Some((given.get(..at)?, given.get(at + 1..)?)));
    for (name, path) in splits.filter(|(name, _)| !name.is_empty()) {
        if repository.commit(name).is_ok() {
            return match inside(path, &repository.root, here) {
                Some(path) => revision(name, Some(path)),
                None => What::Nowhere(format!("`{path}` leads out of the repository")),
            };
        }
    }
    What::Nowhere(match given.split_once(':') {
        Some((name, _)) if !name.is_empty() => repository.without(name),
        _ => format!("there is no such file or folder, and {}", repository.without(given)),
    })
}

impl Repository {
    /// That it lacks a revision, and what brings it.
    fn without(&self, revision: &str) -> String {
        let line = self.fetch_line(revision).map(|line| format!("; to get it, run `{line}`")).unwrap_or_default();
        format!("the repository has no `{revision}`{line}")
    }
}

/// The path behind the colon, from the root of the repository. As in git, only one that begins with a dot is
/// seen from the current folder.
fn inside(path: &str, root: &Path, here: &Path) -> Option<String> {
    let is_relative = path == "." || path.starts_with("./") || path.starts_with("../");
    let from = if is_relative { relative(root, here)? } else { String::new() };
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// One side.
pub(super) struct Place {
    /// As a person named it.
    pub(super) given: String,
    store: Store,
    /// The folder in the store that paths are relative to.
    root: String,
    /// The one file that is meant; none for a folder.
    pub(super) main: Option<String>,
}

enum Store {
    Disk(Layout),
    Commit { tree: Box<Tree>, revision: String },
    Nothing,
}

impl Place {
    /// A file is seen from the top of its repository, since it may refer to others anywhere in it.
    fn on_disk(given: String, path: &Path) -> Self {
        let (root, main) = if path.is_dir() {
            (path.to_path_buf(), None)
        } else {
            let folder = path.parent().unwrap_or(path);
            let root = git::root_above(path).unwrap_or_else(|| folder.to_path_buf());
            let main = relative(&root, path);
            (root, main)
        };
        Self { given, store: Store::Disk(Layout::single(root)), root: String::new(), main }
    }

    fn in_commit(given: String, tree: Tree, path: String, revision: &str) -> Self {
        let is_file = tree.files().any(|(file, _)| file == path);
        let is_folder = path.is_empty() || tree.files().any(|(file, _)| is_inside(file, &path));
        let store = Store::Commit { tree: Box::new(tree), revision: revision.to_owned() };
        match (is_file, is_folder) {
            (true, _) => Self { given, store, root: String::new(), main: Some(path) },
            (_, true) => Self { given, store, root: path, main: None },
            _ => Self { given, store: Store::Nothing, root: String::new(), main: None },
        }
    }

    pub(super) const fn is_nothing(&self) -> bool {
        matches!(self.store, Store::Nothing)
    }

    /// Files that may be contracts, by path.
    pub(super) fn documents(&self, settings: &Settings) -> Vec<String> {
        match &self.store {
            Store::Nothing => Vec::new(),
            Store::Disk(layout) => {
                let walk = walk(layout, Ignored::new(&settings.ignore, layout), &[]);
                walk.files.into_iter().filter(|(_, file)| is_document(file.kind)).map(|(path, _)| path).collect()
            }
            Store::Commit { tree, .. } => {
                let layout = tree.layout();
                let ignored = Ignored::new(&settings.ignore, &layout);
                let below = |path: &str| Some(path.strip_prefix(&self.root)?.trim_start_matches('/').to_owned());
                let is_hidden = |path: &str| path.split('/').any(|part| part.starts_with('.'));
                let may_be_one = |path: &str| path.rsplit('/').next().and_then(kind_of).is_some_and(is_document);
                let files = tree.files().map(|(path, _)| path).filter(|path| is_inside(path, &self.root));
                let files = files.filter(|path| may_be_one(path) && !ignored.matches_deep(&layout.absolute(path)));
                files.filter_map(below).filter(|path| !is_hidden(path)).collect()
            }
        }
    }

    /// Whether there is such a file.
    pub(super) fn has(&mut self, path: &str) -> bool {
        match &mut self.store {
            Store::Nothing => false,
            Store::Disk(layout) => on_disk(layout, path).is_some(),
            Store::Commit { tree, .. } => tree.find(&join(&self.root, path)).is_some(),
        }
    }

    /// Reads a file that [`documents`](Self::documents) or [`has`](Self::has) told of.
    pub(super) fn read(&mut self, path: &str, kind: FileKind, claim: Claim) -> Reading {
        let lost = || Reading::Lost(ProblemKind::ContractUnreadable, "cannot be read".to_owned());
        match &mut self.store {
            Store::Nothing => Reading::NotOurs,
            Store::Disk(layout) => {
                // What the walk met lies where it seems to, for the walk follows no links.
                let file = if claim == Claim::Found { Some(layout.absolute(path)) } else { on_disk(layout, path) };
                file.map_or_else(lost, |file| read::file(&file, kind, claim))
            }
            Store::Commit { tree, .. } => {
                let path = join(&self.root, path);
                tree.find(&path).map_or_else(lost, |id| tree.read(&id, kind, claim))
            }
        }
    }

    /// What a person calls one of its files.
    pub(super) fn shown(&self, path: &str) -> String {
        if let Store::Commit { revision, .. } = &self.store {
            return format!("{revision}:{}", join(&self.root, path));
        }
        match &self.main {
            Some(main) if main == path => self.given.clone(),
            Some(main) => beside(&self.given, parent(main), path),
            None => beside(&join(self.given.trim_end_matches('/'), "-"), "", path),
        }
    }
}

/// The place of a path on disk, if it is a file that does not lead out of the store.
fn on_disk(layout: &Layout, path: &str) -> Option<PathBuf> {
    let file = Some(layout.absolute(path)).filter(|path| path.is_file())?;
    file.canonicalize().ok().filter(|canonical| layout.may_refer_to_file(canonical))
}

/// A path as seen from where a person stands: `given` names a file in `folder`.
fn beside(given: &str, folder: &str, path: &str) -> String {
    let mut up: Vec<&str> = given.split('/').collect();
    up.pop();
    let mut folder: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let mut rest: Vec<&str> = path.split('/').collect();
    while folder.first().is_some_and(|part| rest.len() > 1 && rest.first() == Some(part)) {
        folder.remove(0);
        rest.remove(0);
    }
    for _ in folder {
        match up.last() {
            Some(&(".." | "")) | None => up.push(".."),
            Some(_) => drop(up.pop()),
        }
    }
    up.retain(|part| *part != ".");
    up.extend(rest);
    up.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_as_seen_from_the_person_who_named_one() {
        for (given, folder, path, seen) in [
            ("api/v1/a.yaml", "api/v1", "api/parts/b.yaml", "api/parts/b.yaml"),
            ("a.yaml", "api/v1", "api/parts/b.yaml", "../parts/b.yaml"),
            ("./a.yaml", "", "parts/b.yaml", "parts/b.yaml"),
            ("../x/a.yaml", "x", "y/b.yaml", "../y/b.yaml"),
            ("/w/x/a.yaml", "x", "y/b.yaml", "/w/y/b.yaml"),
        ] {
            assert_eq!(beside(given, folder, path), seen, "{given}");
        }
    }

    #[test]
    fn a_path_behind_a_colon_is_seen_from_the_top_unless_it_begins_with_a_dot() {
        let (root, here) = (Path::new("/w"), Path::new("/w/api"));
        for (path, expected) in [
            ("a.yaml", Some("a.yaml")),
            ("./a.yaml", Some("api/a.yaml")),
            ("../a.yaml", Some("a.yaml")),
            ("../../a.yaml", None),
            ("api/./v1/", Some("api/v1")),
            ("", Some("")),
        ] {
            assert_eq!(inside(path, root, here).as_deref(), expected, "{path}");
        }
    }
}
