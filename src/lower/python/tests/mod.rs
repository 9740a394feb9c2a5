//! What the front end makes of Python code.

use crate::lower::testing;
use crate::model::ir::Module;
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Workspace};

mod broken;
mod calls;
mod classes;
mod names;
mod statements;
mod types;

/// A module at a path, and what is said of it.
fn lowered(path: &str, text: &str) -> (Module, Vec<String>) {
    let file = SourceFile::new(path, Revision::Head, FileKind::Code(Language::Python), text);
    let (module, problems) = super::lower(&file, FileId(0), &Workspace::default());
    (module.unwrap(), problems.into_iter().map(|problem| problem.message).collect())
}

/// A module `m` that is understood in full.
fn module(text: &str) -> Module {
    let (module, problems) = lowered("m.py", text);
    assert_eq!(problems, [""; 0]);
    assert_eq!(module.fixmes, []);
    module
}

/// All that a module declares.
fn shown(text: &str) -> String {
    testing::module(&module(text))
}

/// The body of a function that has these statements.
fn body(statements: &str) -> String {
    let indented: String = statements.trim().lines().map(|line| format!("    {line}\n")).collect();
    let module = module(&format!("def f(p, q):\n{indented}"));
    let func = module.funcs.last().unwrap();
    testing::block(func.body.as_ref().unwrap())
}
