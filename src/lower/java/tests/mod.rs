//! Laws of the Java front end, by construct.

mod broken;
mod calls;
mod declarations;
mod statements;

use crate::lower::testing as render;
use crate::model::ir::{Func, Module};
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Workspace};

/// Lowers a whole file.
fn lower_file(text: &str) -> (Module, Vec<Problem>) {
    let file = SourceFile::new("src/main/java/shop/A.java", Revision::Head, FileKind::Code(Language::Java), text);
    let (module, problems) = super::lower(&file, FileId(0), &Workspace::default());
    (module.unwrap(), problems)
}

/// Lowers what follows `package shop;`, which must be understood in full.
fn lower(declarations: &str) -> Module {
    let text = format!("package shop;\n{declarations}");
    let (module, problems) = lower_file(&text);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    assert!(module.fixmes.is_empty(), "{:?}\n{text}", module.fixmes);
    module
}

/// All that a file declares, rendered.
fn rendered(declarations: &str) -> String {
    render::module(&lower(declarations))
}

/// The body of a method of the class `A` with these statements, rendered.
fn body(members: &str, statements: &str) -> String {
    let module = lower(&format!("class A {{ {members}\nvoid f(P p) {{\n{statements}\n}} }}"));
    func(&module, "f").body.as_ref().map(render::block).unwrap()
}

fn func<'m>(module: &'m Module, name: &str) -> &'m Func {
    module.funcs.iter().find(|func| func.symbol.name() == name).unwrap()
}

/// Asserts how statements are rendered.
#[track_caller]
fn lowers(statements: &str, expected: &str) {
    assert_eq!(body("", statements), expected, "\n{statements}");
}
