//! Paths that the configuration leaves out.

use std::path::{Path, PathBuf};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::layout::Layout;

/// The `ignore` patterns of the configuration, written as in `.gitignore`.
///
/// A pattern with a `/` in front of its end is anchored. Where a person means it to be anchored
/// depends on where they stand, so it is tried from each root, from the root of the repository
/// around it, and from the folder that reports name paths from.
#[derive(Debug, Default)]
pub(super) struct Ignored {
    anchors: Vec<(PathBuf, Gitignore)>,
}

impl Ignored {
    pub(super) fn new(patterns: &[String], layout: &Layout) -> Self {
        if patterns.is_empty() {
            return Self::default();
        }
        let mut folders = vec![layout.folder.clone()];
        for root in &layout.roots {
            folders.push(layout.absolute(root.folder()));
            folders.extend(super::git::root_above(&root.absolute));
        }
        folders.sort();
        folders.dedup();
        Self { anchors: folders.into_iter().map(|folder| (folder, matcher(patterns))).collect() }
    }

    /// Whether a file or folder is left out by its own name; folders above it were asked before.
    pub(super) fn matches(&self, absolute: &Path, is_dir: bool) -> bool {
        self.any(absolute, |patterns, path| patterns.matched(path, is_dir).is_ignore())
    }

    /// The same for a file whose folders were never asked.
    pub(super) fn matches_deep(&self, absolute: &Path) -> bool {
        self.any(absolute, |patterns, path| patterns.matched_path_or_any_parents(path, false).is_ignore())
    }

    fn any(&self, absolute: &Path, test: impl Fn(&Gitignore, &Path) -> bool) -> bool {
        self.anchors.iter().any(|(folder, patterns)| {
            absolute.strip_prefix(folder).is_ok_and(|path| !path.as_os_str().is_empty() && test(patterns, path))
        })
    }
}

/// Patterns were checked when the settings were read; one that is none after all is left out.
fn matcher(patterns: &[String]) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for pattern in patterns {
        let _ = builder.add_line(None, pattern);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
