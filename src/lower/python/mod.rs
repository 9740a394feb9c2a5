//! Python.

use crate::model::ir::Module;
use crate::model::problem::Problem;
use crate::model::source::{FileId, SourceFile, Workspace};

/// Lowers one file.
#[must_use]
pub fn lower(_file: &SourceFile, _id: FileId, _workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    (None, Vec::new())
}
