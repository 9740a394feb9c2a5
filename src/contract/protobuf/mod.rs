//! Protobuf files, read without any configuration.
//!
//! ```text
//! files (text) ─ imports ─ copies ─ packages ─┬─ names ─ build (options, features, http) ─ catalog
//! built_in ───────────────────────────────────┘
//! ```
//!
//! `text` parses each file on its own; `imports` finds out what its imports mean and from which
//! folder they count; `copies` folds copies; `packages` says which files are one contract; `names`
//! looks names up; `build` reads messages, fields and operations of one file, with `options`,
//! `values`, `features` and `http`; `catalog` puts the files together.
//!
//! A message field of a type that comes with protobuf (`google.protobuf.Timestamp`) is a scalar of
//! that name; `Any`, `Struct`, `Value` and `ListValue` are [`Shape::Any`]. An import that is not
//! there costs the types it declares and nothing else: they are [`Shape::Unresolved`].
//!
//! [`Shape::Any`]: crate::model::contract::Shape::Any
//! [`Shape::Unresolved`]: crate::model::contract::Shape::Unresolved

mod build;
mod built_in;
mod bundled;
mod catalog;
mod compiled;
mod copies;
mod cycles;
mod features;
mod files;
mod http;
mod imports;
mod json_name;
mod names;
mod options;
mod outline;
mod packages;
mod plain;
mod problems;
mod service_config;
mod symbols;
#[cfg(test)]
mod tests;
mod text;
mod values;

use rayon::prelude::*;

use self::catalog::Loaded;
use self::files::Origin;
use self::imports::Imports;
use self::names::Names;
use self::symbols::Declared;
use super::marks::MarkTable;
use crate::model::contract::Catalog;
use crate::model::problem::Problem;
use crate::model::source::{Revision, Sources, Workspace};

/// Reads every protobuf package of one revision.
#[must_use]
pub fn load(
    sources: &Sources,
    revision: Revision,
    workspace: &Workspace,
    marks: &MarkTable,
) -> (Catalog, Vec<Problem>) {
    let (files, mut problems) = files::read(sources, revision);
    if files.iter().all(|file| file.origin == Origin::BuiltIn) {
        return (Catalog::default(), problems);
    }
    let declared: Vec<Declared<'_>> = files.par_iter().map(Declared::of).collect();
    let mut imports = Imports::resolve(&files, workspace);
    for (root, file) in imports.roots.iter_mut().zip(&files).filter(|(_, file)| file.origin == Origin::Compiled) {
        root.clone_from(&sources.get(file.file).path);
    }
    let canonical = copies::fold(&files, &declared, &mut imports, sources, workspace);
    problems.extend(problems::of_cycles(&files, &cycles::find(&imports, &canonical)));
    let chosen: Vec<usize> =
        (0..files.len()).filter(|at| canonical[*at] == *at && files[*at].origin != Origin::BuiltIn).collect();
    let packages = packages::group(&chosen, &files, &declared, &imports.roots, sources, workspace);
    let names = Names::new(&files, &declared, &imports, &canonical);
    let rules = service_config::read(sources, revision);
    let loaded = Loaded { names, imports: &imports, canonical: &canonical, sources, marks, rules: &rules };
    let (catalog, found) = loaded.catalog(packages);
    problems.extend(found);
    problems.sort();
    problems.dedup();
    (catalog, problems)
}
