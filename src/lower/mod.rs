//! Client code to IR, one folder per language.
//!
//! A front end turns the syntax of one file into [`Module`] and resolves names and wire names. What a
//! call or a client is, it does not know.

pub mod go;
pub mod rust;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::model::ir::Module;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Sources, Workspace};

/// Lowers every file of client code, in parallel, in the order of the files. A panic while one file
/// is lowered is a problem with that file, and loses nothing else.
#[must_use]
pub fn lower(sources: &Sources, workspace: &Workspace) -> (Vec<Module>, Vec<Problem>) {
    let files: Vec<(FileId, &SourceFile, Language)> = sources
        .iter()
        .filter(|(_, file)| file.revision == Revision::Head)
        .filter_map(|(id, file)| match file.kind {
            FileKind::Code(language) => Some((id, file, language)),
            _ => None,
        })
        .collect();
    let lowered: Vec<(Option<Module>, Vec<Problem>)> = files
        .into_par_iter()
        .map(|(id, file, language)| {
            let front_end = match language {
                Language::Go => go::lower,
                Language::Rust => rust::lower,
            };
            catch_unwind(AssertUnwindSafe(|| front_end(file, id, workspace))).unwrap_or_else(|_| {
                let problem = Problem::file(
                    ProblemKind::Internal,
                    id,
                    "reading this file failed inside contract-lint; please report it",
                );
                (None, vec![problem])
            })
        })
        .collect();
    let mut modules = Vec::with_capacity(lowered.len());
    let mut problems = Vec::new();
    for (module, mut found) in lowered {
        modules.extend(module);
        problems.append(&mut found);
    }
    (modules, problems)
}
