//! Tests of the Kotlin front end: what code means, as the rendering of `lower::testing` shows it.

mod broken;
mod declarations;
mod expressions;
mod names;
mod statements;

use crate::lower::testing;
use crate::model::ir::Module;
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Workspace};

/// Lowers a file that has no syntax errors.
fn module(text: &str) -> Module {
    let (module, problems) = lowered(text);
    assert!(problems.is_empty(), "{problems:?}");
    module
}

fn lowered(text: &str) -> (Module, Vec<Problem>) {
    let file =
        SourceFile::new("src/main/kotlin/shop/Client.kt", Revision::Head, FileKind::Code(Language::Kotlin), text);
    let (module, problems) = super::lower(&file, FileId(0), &Workspace::default());
    (module.unwrap(), problems)
}

/// Whether a file declares these things; its aliases are left out.
fn has(text: &str, lines: &[&str]) {
    let mut module = module(text);
    module.aliases.clear();
    let shown = testing::module(&module);
    for line in lines {
        assert!(shown.lines().any(|found| found.trim() == *line), "`{line}` in\n{shown}");
    }
}

/// The body of a function `f(a, b)` of a package `p`.
fn body(text: &str) -> String {
    let module = module(&format!("package p\n\nfun f(a: Any, b: Any) {{\n{text}\n}}\n"));
    testing::block(module.funcs[0].body.as_ref().unwrap())
}

/// An expression in such a body.
fn value(text: &str) -> String {
    let shown = body(&format!("val made = {text}"));
    shown.strip_prefix("{let made = ").and_then(|rest| rest.strip_suffix(";}")).unwrap_or(&shown).to_owned()
}
