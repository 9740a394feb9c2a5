//! Laws of the Go front end, by construct.

mod broken;
mod calls;
mod declarations;
mod names;
mod render;
mod statements;
mod types;

use crate::model::ir::{Func, Module};
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Language, Package, Revision, SourceFile, Workspace};

/// Lowers a file at a path of a workspace that has the module `acme.io/shop` in `shop`.
fn lower_at(path: &str, text: &str) -> (Module, Vec<Problem>) {
    let mut workspace = Workspace::default();
    workspace.packages.push(Package {
        language: Language::Go,
        path: "shop".to_owned(),
        name: "acme.io/shop".to_owned(),
    });
    let file = SourceFile::new(path, Revision::Head, FileKind::Code(Language::Go), text);
    let (module, problems) = super::lower(&file, FileId(0), &workspace);
    (module.unwrap(), problems)
}

/// Lowers declarations of the package `shop` that must be understood in full.
fn lower(declarations: &str) -> Module {
    let text = format!("package shop\n{declarations}");
    let (module, problems) = lower_at("shop/main.go", &text);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    assert!(module.fixmes.is_empty(), "{:?}\n{text}", module.fixmes);
    module
}

/// The body of `func f()` with these statements, rendered.
fn body(statements: &str) -> String {
    body_with("", statements)
}

/// The same, with other declarations before it.
fn body_with(declarations: &str, statements: &str) -> String {
    let module = lower(&format!("{declarations}\nfunc f(p P) {{\n{statements}\n}}"));
    func(&module, "f").body.as_ref().map(render::block).unwrap()
}

fn func<'m>(module: &'m Module, name: &str) -> &'m Func {
    module.funcs.iter().find(|func| func.symbol.name() == name).unwrap()
}

/// Asserts how statements are rendered; `@` stands for the package.
#[track_caller]
fn lowers(statements: &str, expected: &str) {
    assert_eq!(body(statements), expected.replace('@', "acme.io/shop"), "\n{statements}");
}
