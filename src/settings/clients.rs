//! Descriptors of in-house libraries: found and read here, understood in `evaluate`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

use super::error::Error;
use super::paths::{relative_to, tidy};
use super::places::Places;
use crate::model::library::DescriptorText;
use crate::model::source::Position;

/// Where descriptors are looked for without being named, from the folder of the configuration on.
const FOLDER: &str = ".contract-lint/clients";

/// An entry of `clients:`, with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) pattern: String,
    pub(super) place: Option<Position>,
}

/// Reads the descriptors below `folder`: those of [`FOLDER`], then what `wanted` names. Each file counts
/// once. Paths come back relative to `root`.
pub(super) fn read(wanted: &[Wanted], folder: &Path, root: &Path) -> Result<Vec<DescriptorText>, Error> {
    let mut files = files_in(&folder.join(FOLDER));
    for entry in wanted {
        files.extend(matching(entry, folder)?);
    }
    let mut seen = BTreeSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    files.iter().map(|file| text(file, root)).collect()
}

fn text(file: &Path, root: &Path) -> Result<DescriptorText, Error> {
    let text = super::read(file)?;
    // What serde lets pass: a function that is described twice.
    Places::read(&text).map_err(|error| error.in_file(file))?;
    Ok(DescriptorText { path: relative_to(file, root), text: Arc::from(text) })
}

/// The files that an entry stands for: a file, the descriptors of a folder, or what a glob fits.
fn matching(entry: &Wanted, folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let refuse = |message: String| Error::new(message).at(entry.place);
    let pattern = tidy(&entry.pattern);
    let named = folder.join(&pattern);
    if named.is_file() {
        return Ok(vec![named]);
    }
    let found = if named.is_dir() {
        files_in(&named)
    } else if is_glob(&pattern) {
        let glob = GlobBuilder::new(&pattern).literal_separator(true).build();
        let glob = glob.map_err(|error| refuse(format!("`{}` is no pattern: {}", entry.pattern, error.kind())))?;
        walk(&folder.join(fixed_front(&pattern)), folder, &glob.compile_matcher())
    } else {
        return Err(refuse(format!("there is no file or folder `{}`", entry.pattern)));
    };
    if found.is_empty() {
        Err(refuse(format!("`{}` names no descriptor (.yaml, .yml)", entry.pattern)))
    } else {
        Ok(found)
    }
}

fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?', '[', '{'])
}

/// The folders of a pattern that hold no wildcard.
fn fixed_front(pattern: &str) -> String {
    let parts = pattern.split('/').take_while(|part| !is_glob(part));
    parts.collect::<Vec<_>>().join("/")
}

/// The descriptors directly in a folder, by name.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(|path| is_descriptor(path)).collect();
    files.sort();
    files
}

/// The descriptors below a folder that a glob fits, by path.
fn walk(start: &Path, folder: &Path, glob: &GlobMatcher) -> Vec<PathBuf> {
    let walk = WalkBuilder::new(start).standard_filters(false).follow_links(false).build().flatten();
    let fits = |path: &Path| glob.is_match(path.strip_prefix(folder).unwrap_or(path));
    let mut files: Vec<PathBuf> =
        walk.map(ignore::DirEntry::into_path).filter(|path| fits(path) && is_descriptor(path)).collect();
    files.sort();
    files
}

fn is_descriptor(path: &Path) -> bool {
    path.is_file() && path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}
