//! Roots, and the folder that the paths of a report are relative to.

use std::path::{Component, Path, PathBuf};

use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Settings;
use crate::model::source::is_inside;

/// A folder, or a single file, to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    /// Canonical path.
    pub(super) absolute: PathBuf,
    /// Path below [`Layout::folder`]; `""` is that folder itself.
    pub(super) path: String,
    /// It is one file.
    pub(super) is_file: bool,
}

/// Every root, and the folder above them all.
#[derive(Clone, Debug, Default)]
pub(super) struct Layout {
    /// Canonical path of the folder that paths are relative to: the only root, or the deepest folder
    /// that holds all of them.
    pub(super) folder: PathBuf,
    /// Roots in the order of their paths; none lies in another.
    pub(super) roots: Vec<Root>,
}

impl Layout {
    /// The roots as given (none: the current folder), and services that the configuration places
    /// outside of them.
    pub(super) fn new(given: &[PathBuf], settings: &Settings, problems: &mut Vec<Problem>) -> Self {
        let here = [PathBuf::from(".")];
        let given = if given.is_empty() { &here } else { given };
        let mut roots = Vec::new();
        for root in given {
            match root.canonicalize() {
                Ok(absolute) => roots.push(absolute),
                Err(error) => {
                    let message = format!("this folder cannot be looked at: {error}");
                    problems.push(Problem::path(ProblemKind::FileSkipped, slashed(root), message));
                }
            }
        }
        let first = first_folder(given);
        let configured = settings.services.iter().filter_map(|service| first.join(&service.path).canonicalize().ok());
        roots.extend(configured);
        Self::of(roots)
    }

    /// One folder that is root and reference of paths at once.
    pub(super) fn single(folder: PathBuf) -> Self {
        Self::of(vec![folder])
    }

    fn of(mut absolute: Vec<PathBuf>) -> Self {
        absolute.sort();
        absolute.dedup();
        // A root sorts before whatever lies in it.
        let mut outermost: Vec<PathBuf> = Vec::new();
        for root in absolute {
            if !outermost.iter().any(|outer| root.starts_with(outer)) {
                outermost.push(root);
            }
        }
        let folder = common_folder(&outermost);
        let roots = outermost
            .into_iter()
            .map(|absolute| Root {
                path: relative(&folder, &absolute).unwrap_or_default(),
                is_file: absolute.is_file(),
                absolute,
            })
            .collect();
        Self { folder, roots }
    }

    /// A canonical path as reports name it; `None` outside of [`Layout::folder`].
    pub(super) fn path_of(&self, absolute: &Path) -> Option<String> {
        relative(&self.folder, absolute)
    }

    /// The place of a path on disk.
    pub(super) fn absolute(&self, path: &str) -> PathBuf {
        if path.is_empty() { self.folder.clone() } else { self.folder.join(path) }
    }

    /// The root that a path lies in.
    pub(super) fn root_of(&self, path: &str) -> Option<&Root> {
        self.roots.iter().find(|root| is_inside(path, &root.path))
    }

    /// Whether a path is one that the roots ask for.
    pub(super) fn asks_for(&self, path: &str) -> bool {
        self.roots.iter().any(|root| if root.is_file { path == root.path } else { is_inside(path, &root.path) })
    }

    /// Whether a file of a root may refer to this path: it lies in a root, or beside one that is a
    /// single file.
    pub(super) fn may_refer_to(&self, path: &str) -> bool {
        self.roots.iter().any(|root| is_inside(path, root.folder()))
    }

    /// The same for what a path turns out to be once symbolic links are followed.
    pub(super) fn may_refer_to_file(&self, canonical: &Path) -> bool {
        self.path_of(canonical).is_some_and(|path| self.may_refer_to(&path))
    }
}

impl Root {
    /// Its folder, relative like `path`.
    pub(super) fn folder(&self) -> &str {
        if self.is_file { parent(&self.path) } else { &self.path }
    }
}

/// The first root, or its folder if it is a single file; what configured paths are relative to.
pub(super) fn first_folder(roots: &[PathBuf]) -> &Path {
    let here = Path::new(".");
    let Some(root) = roots.first() else { return here };
    if !root.is_file() {
        return root;
    }
    root.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(here)
}

/// The folder of a path, `""` at the top.
pub(super) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path and every folder above it, innermost first, `""` last.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |folder: &&str| {
        let folder: &str = folder;
        (!folder.is_empty()).then(|| parent(folder))
    })
}

/// `folder/name`, where `""` is the top.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `path` seen from `folder`, with `/`; a name that is no Unicode is shown with U+FFFD.
pub(super) fn relative(folder: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(folder).ok().map(slashed)
}

fn slashed(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        match part {
            Component::RootDir => text.push('/'),
            part => text.push_str(&part.as_os_str().to_string_lossy()),
        }
    }
    text
}

/// The deepest folder that holds every root.
fn common_folder(roots: &[PathBuf]) -> PathBuf {
    let mut folders = roots.iter().map(|root| if root.is_file() { root.parent().unwrap_or(root) } else { root });
    let Some(first) = folders.next() else { return PathBuf::new() };
    let mut common = first.to_path_buf();
    for folder in folders {
        while !folder.starts_with(&common) && common.pop() {}
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_root_is_what_paths_are_relative_to() {
        let layout = Layout::of(vec!["/w/a".into()]);
        assert_eq!(layout.path_of(Path::new("/w/a/x/y.go")).as_deref(), Some("x/y.go"));
        assert_eq!(layout.path_of(Path::new("/w/b")), None);
        assert_eq!(layout.roots[0].path, "");
    }

    #[test]
    fn several_roots_are_seen_from_the_deepest_folder_above_them() {
        let layout = Layout::of(vec!["/w/x/b".into(), "/w/a".into(), "/w/x/b/inner".into(), "/w/a".into()]);
        assert_eq!(layout.folder, Path::new("/w"));
        assert_eq!(layout.roots.iter().map(|root| root.path.as_str()).collect::<Vec<_>>(), ["a", "x/b"]);
        assert!(layout.may_refer_to("x/b/inner/y"));
        assert!(!layout.may_refer_to("x/c"));
    }

    #[test]
    fn ancestors_end_at_the_top() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a/b/c", "a/b", "a", ""]);
        assert_eq!(ancestors("").collect::<Vec<_>>(), [""]);
    }
}
