//! `contract-lint.yaml` and the arguments of the command line become one checked [`Settings`].
//!
//! Nothing after this stage checks configuration again: an unknown key, a wrong type, a rule that
//! does not exist or an impossible day ends here, with its place in the file.

mod accepted;
mod clients;
mod defaults;
mod error;
mod file;
mod marks;
mod paths;
mod places;
mod render;

#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::finding::Level;
use crate::model::map::Confidence;
use crate::model::settings::{Accepted, Settings};

pub use error::Error;
pub use render::render;

/// Names under which the file is found, the first that exists.
pub const FILE_NAMES: [&str; 2] = ["contract-lint.yaml", "contract-lint.yml"];

/// A configuration file larger than this is a mistake.
const MAX_FILE_BYTES: u64 = 4 << 20;

/// What the command line says about settings. What it leaves out is taken from the file, and what
/// that leaves out has a default.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// The configuration file; left out: found at the first root, then at the root of its git
    /// repository.
    pub config: Option<PathBuf>,
    /// Folders of the workspace; empty: the current one.
    pub roots: Vec<PathBuf>,
    /// Findings below this confidence are hidden and counted. Default `likely`.
    pub min_confidence: Option<Confidence>,
    /// Findings below this level are hidden and counted. Default `warning`.
    pub min_level: Option<Level>,
    /// Also make findings in test code.
    pub include_tests: bool,
    /// The day rules go by; left out: today, UTC.
    pub today: Option<Date>,
}

/// Reads the configuration file, if there is one, and lays the arguments over it.
///
/// `known_rules` are the rule ids and aliases that `rules:` may name. Paths of services come back
/// relative to the first root, wherever the file was; descriptors of libraries come back as texts.
pub fn load(arguments: &Arguments, known_rules: &[&str]) -> Result<Settings, Error> {
    let first = first_folder(arguments);
    let mut settings = match locate(arguments) {
        None => {
            let mut settings = defaults::settings();
            let folder = git_root(first).unwrap_or_else(|| first.to_path_buf());
            settings.libraries = clients::read(&[], &folder, first)?;
            settings.accepted = accepted::read(&folder, first)?;
            settings
        }
        Some(path) => {
            let text = read(&path)?;
            let parsed = file::parse(&text, known_rules).map_err(|error| error.in_file(&path))?;
            let (mut settings, folder) = (parsed.settings, folder_of(&path));
            paths::rebase(&mut settings.services, folder, first);
            settings.libraries =
                clients::read(&parsed.clients, folder, first).map_err(|error| error.or_in_file(&path))?;
            settings.accepted = accepted::read(folder, first)?;
            settings
        }
    };
    settings.min_confidence = arguments.min_confidence.unwrap_or(settings.min_confidence);
    settings.min_level = arguments.min_level.unwrap_or(settings.min_level);
    settings.include_tests |= arguments.include_tests;
    settings.today = arguments.today.unwrap_or_else(today);
    Ok(settings)
}

/// What somebody has decided to live with, by a file of the form of `.contract-lint/accepted.yaml`.
pub fn accepted(file: &Path) -> Result<Vec<Accepted>, Error> {
    accepted::read_file(file, file.to_string_lossy().into_owned())
}

/// The configuration file that [`load`] reads; `None` when there is none.
#[must_use]
pub fn locate(arguments: &Arguments) -> Option<PathBuf> {
    if let Some(named) = &arguments.config {
        return Some(named.clone());
    }
    let root = first_folder(arguments);
    file_in(root).or_else(|| file_in(&git_root(root)?))
}

/// The first root, or the folder of it if it is a single file.
fn first_folder(arguments: &Arguments) -> &Path {
    let root = arguments.roots.first().map_or(Path::new("."), PathBuf::as_path);
    if root.is_file() { folder_of(root) } else { root }
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn file_in(folder: &Path) -> Option<PathBuf> {
    FILE_NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

fn git_root(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_path_buf)
}

fn read(path: &Path) -> Result<String, Error> {
    let unreadable = |why: String| Error::new(format!("cannot be read: {why}")).in_file(path);
    let metadata = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if metadata.len() > MAX_FILE_BYTES {
        return Err(unreadable(format!("{} bytes are more than a configuration can have", metadata.len())));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(error.to_string()))?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(format!("it is not UTF-8, from byte {} on", error.utf8_error().valid_up_to())))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn today() -> Date {
    jiff::Timestamp::now().to_zoned(TimeZone::UTC).date()
}
