//! Walks the roots and names the files that a stage may want. Nothing is opened here but folders
//! and `.gitignore` files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::FileKind;

use super::ignored::Ignored;
use super::kinds::kind_of;
use super::layout::Layout;

/// A file that a stage may want.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Where it is on disk.
    pub(super) absolute: PathBuf,
    /// What its name says.
    pub(super) kind: FileKind,
}

/// What a walk met.
#[derive(Debug, Default)]
pub(super) struct Walk {
    /// Files by their path in reports.
    pub(super) files: BTreeMap<String, Candidate>,
    /// Folders that are the root of a git repository, by their path in reports.
    pub(super) repositories: BTreeSet<String>,
    /// Folders that could not be entered, links that were not followed.
    pub(super) problems: Vec<Problem>,
}

/// Walks all roots side by side, then the `named` paths that the walk did not reach because some
/// `.gitignore` leaves them out: what the configuration names is wanted.
pub(super) fn walk(layout: &Layout, ignored: Ignored, named: &[PathBuf]) -> Walk {
    let context = Arc::new(Context { layout: layout.clone(), ignored });
    let starts: Vec<&Path> = layout.roots.iter().map(|root| root.absolute.as_path()).collect();
    let mut walk = walk_from(&context, &starts);
    let missed: Vec<&Path> = named.iter().map(PathBuf::as_path).filter(|path| !walk.reached(layout, path)).collect();
    let more = walk_from(&context, &missed);
    walk.files.extend(more.files);
    walk.repositories.extend(more.repositories);
    walk.problems.extend(more.problems);
    walk.problems.sort();
    walk.problems.dedup();
    walk
}

impl Walk {
    fn reached(&self, layout: &Layout, absolute: &Path) -> bool {
        let Some(path) = layout.path_of(absolute) else { return true };
        if path.is_empty() {
            return true;
        }
        self.files.contains_key(&path) || self.files.range(format!("{path}/")..format!("{path}0")).next().is_some()
    }
}

struct Context {
    layout: Layout,
    ignored: Ignored,
}

fn walk_from(context: &Arc<Context>, starts: &[&Path]) -> Walk {
    let Some((first, rest)) = starts.split_first() else { return Walk::default() };
    let mut builder = WalkBuilder::new(first);
    for start in rest {
        builder.add(start);
    }
    // `.ignore` files and a person's global excludes are about searching on one machine: two clones
    // must give the same result.
    builder.ignore(false).git_global(false).git_ignore(true).git_exclude(true).require_git(false);
    builder.hidden(true).follow_links(false);
    let filter = Arc::clone(context);
    builder.filter_entry(move |entry| {
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        entry.depth() == 0 || !filter.ignored.matches(entry.path(), is_dir)
    });

    let walk = Mutex::new(Walk::default());
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            let mut walk = walk.lock().unwrap_or_else(PoisonError::into_inner);
            match entry {
                Ok(entry) => visit(&entry, &context.layout, &mut walk),
                Err(error) => walk.problems.extend(problem(&error, &context.layout)),
            }
            WalkState::Continue
        })
    });
    walk.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn visit(entry: &DirEntry, layout: &Layout, walk: &mut Walk) {
    let Some(kind) = entry.file_type() else { return };
    let Some(path) = layout.path_of(entry.path()) else { return };
    if kind.is_dir() {
        if entry.path().join(".git").exists() {
            walk.repositories.insert(path);
        }
    } else if kind.is_symlink() {
        walk.problems.extend(link_out(entry, &path, layout));
    } else if kind.is_file() {
        let wanted = kind_of(&entry.file_name().to_string_lossy());
        // A root that is a single file is a contract, whatever its name.
        let wanted = wanted.or((entry.depth() == 0).then_some(FileKind::Yaml));
        if let Some(kind) = wanted {
            walk.files.insert(path, Candidate { absolute: entry.path().to_path_buf(), kind });
        }
    }
}

/// A link is never followed. What it leads to is met on its own inside the roots; outside of them
/// it is not ours to read, and that is said where something could be lost by it.
fn link_out(entry: &DirEntry, path: &str, layout: &Layout) -> Option<Problem> {
    let target = entry.path().canonicalize().ok()?;
    let concerns_us = target.is_dir() || kind_of(&entry.file_name().to_string_lossy()).is_some();
    let inside = layout.roots.iter().any(|root| target.starts_with(&root.absolute));
    (concerns_us && !inside)
        .then(|| Problem::path(ProblemKind::Note, path, "symbolic link out of the given folders, not followed"))
}

fn problem(error: &ignore::Error, layout: &Layout) -> Option<Problem> {
    // The rest are patterns of a `.gitignore` that git itself would pass over.
    let cause = error.io_error()?;
    let path = path_of(error).and_then(|path| layout.path_of(path)).unwrap_or_default();
    Some(Problem::path(ProblemKind::FileSkipped, path, format!("cannot be looked at: {cause}")))
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        _ => None,
    }
}
