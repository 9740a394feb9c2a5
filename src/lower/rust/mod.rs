//! Rust, through syn.
//!
//! A module is named by its file, so a file alone is enough to name what it declares; what it
//! mentions is resolved through its `use` declarations. syn gives nothing for a file with one syntax
//! error: then the items of the file are parsed one by one, see [`recover`].

mod exprs;
mod items;
mod macros;
mod names;
mod patterns;
mod recover;
mod serde;
mod types;

use std::sync::Arc;

use proc_macro2::Span as TokenSpan;

use crate::model::ir::{Expr, ExprKind, Fixme, Module, Symbol};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Language, Site, SourceFile, Span, Workspace};
use names::Names;

/// Brackets within brackets; deeper ones are not written by people, and syn recurses into them.
const MAX_NESTING: usize = 200;

/// Lowers one file.
#[must_use]
pub fn lower(file: &SourceFile, id: FileId, workspace: &Workspace) -> (Option<Module>, Vec<Problem>) {
    if let Some(at) = recover::too_deep(&file.text, MAX_NESTING) {
        let problem = Problem::at(
            ProblemKind::CodeUnreadable,
            Site::Span(Span::new(id, at, at)),
            format!("brackets are nested more than {MAX_NESTING} deep; the file is not read"),
        );
        return (None, vec![problem]);
    }
    let mut problems = Vec::new();
    let (items, error) = recover::items(&file.text);
    if let Some(error) = error {
        let at = Span::new(id, error.at, error.at);
        let message = format!("syntax error in Rust code: {}; the items that can be read are used", error.message);
        problems.push(Problem::at(ProblemKind::CodeUnreadable, Site::Span(at), message));
    }
    let mut lowerer = Lowerer::new(file, id, workspace);
    lowerer.items(&items);
    let module = lowerer.module;
    drop(items);
    // The spans of all files of a thread are kept until somebody says that they are done with.
    proc_macro2::extra::invalidate_current_thread_spans();
    (Some(module), problems)
}

/// What lowering one file needs to know.
struct Lowerer {
    file: FileId,
    names: Names,
    module: Module,
    /// Inside `#[cfg(test)]`.
    in_tests: bool,
}

impl Lowerer {
    fn new(file: &SourceFile, id: FileId, workspace: &Workspace) -> Self {
        let (root, name) = module_name(file, workspace);
        let module = Module {
            file: id,
            language: Language::Rust,
            service: file.service,
            name: name.clone(),
            types: Vec::new(),
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: Vec::new(),
            includes: Vec::new(),
            generated: file.provenance.generated || file.provenance.vendored,
            test: file.provenance.test,
            fixmes: Vec::new(),
        };
        Self { file: id, names: Names::new(root, name), module, in_tests: false }
    }

    fn span(&self, span: TokenSpan) -> Span {
        let range = span.byte_range();
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span::new(self.file, offset(range.start), offset(range.end))
    }

    /// A construct that is not understood.
    fn fixme(&mut self, what: &str, span: Span, children: Vec<Expr>) -> Expr {
        self.module.fixmes.push(Fixme { what: Arc::from(what), span });
        Expr { kind: ExprKind::Fixme(children), span }
    }
}

/// The crate's name and the module's, by the rules of `mod` (The Rust Reference, "Modules"): a file is
/// the module of its path below `src`; each file of `src/bin`, `tests`, `examples` and `benches` is a
/// crate of its own.
fn module_name(file: &SourceFile, workspace: &Workspace) -> (Symbol, Symbol) {
    let (package, inside) = match workspace.package_of(&file.path, Language::Rust) {
        Some(package) => {
            let inside = file.path.strip_prefix(package.path.as_str()).unwrap_or(&file.path);
            (package.name.clone(), inside.trim_start_matches('/'))
        }
        None => ("crate".to_owned(), file.path.as_str()),
    };
    let inside = inside.strip_suffix(".rs").unwrap_or(inside);
    let mut segments: Vec<&str> = inside.split('/').collect();
    let mut root = package;
    match segments.as_slice() {
        ["src", "bin", name, ..] => {
            root = format!("{root}::bin::{name}");
            segments.drain(..3);
        }
        ["src", ..] => {
            segments.remove(0);
        }
        [folder @ ("tests" | "examples" | "benches"), name, ..] => {
            root = format!("{root}::{folder}::{name}");
            segments.drain(..2);
        }
        _ => {}
    }
    if matches!(segments.last(), Some(&("mod" | "lib" | "main"))) {
        segments.pop();
    }
    let root = Symbol::new(root);
    let name = segments.iter().fold(root.clone(), |name, segment| name.join(segment));
    (root, name)
}
