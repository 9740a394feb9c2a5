//! Finds files and services.

use std::path::PathBuf;

use crate::model::problem::Problem;
use crate::model::settings::Settings;
use crate::model::source::{Sources, Workspace};

/// What was found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Files.
    pub sources: Sources,
    /// Services and packages.
    pub workspace: Workspace,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// Reads the workspace.
#[must_use]
pub fn discover(_roots: &[PathBuf], _settings: &Settings) -> Discovered {
    Discovered::default()
}

/// Adds the contract files of the Base side.
pub fn add_base(_found: &mut Discovered, _against: &str, _roots: &[PathBuf], _settings: &Settings) {}
