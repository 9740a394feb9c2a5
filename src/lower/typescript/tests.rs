//! Laws of the front end, by construct.

mod broken;
mod declarations;
mod modules;
mod statements;

use crate::lower::testing as render;
use crate::model::ir::{Func, Module};
use crate::model::problem::Problem;
use crate::model::source::{FileId, FileKind, Language, Package, Revision, SourceFile, Workspace};

/// Lowers a file at a path of a workspace that has the package `@acme/web` in `web` and `@acme/shared`
/// in `shared`.
fn lower_at(path: &str, text: &str) -> (Module, Vec<Problem>) {
    let package = |path: &str, name: &str| Package {
        language: Language::TypeScript,
        path: path.to_owned(),
        name: name.to_owned(),
    };
    let packages = vec![package("web", "@acme/web"), package("shared", "@acme/shared")];
    let workspace = Workspace { packages, ..Workspace::default() };
    let file = SourceFile::new(path, Revision::Head, FileKind::Code(Language::TypeScript), text);
    let (module, problems) = super::lower(&file, FileId(0), &workspace);
    (module.unwrap(), problems)
}

/// Lowers the file `web/a.tsx`, which must be understood in full.
fn lower(text: &str) -> Module {
    let (module, problems) = lower_at("web/a.tsx", text);
    assert!(problems.is_empty(), "{problems:?}\n{text}");
    assert!(module.fixmes.is_empty(), "{:?}\n{text}", module.fixmes);
    module
}

/// Everything that a file declares, rendered, with the name of the module left out.
fn shown(text: &str) -> String {
    render::module(&lower(text)).replace("@acme/web::a::", "").trim_end().to_owned()
}

/// The body of a function with these statements, rendered.
fn body(statements: &str) -> String {
    let module = lower(&format!("async function f(p, q) {{\n{statements}\n}}"));
    func(&module, "f").body.as_ref().map(render::block).unwrap().replace("@acme/web::a::", "")
}

fn func<'m>(module: &'m Module, name: &str) -> &'m Func {
    module.funcs.iter().find(|func| func.symbol.name() == name).unwrap()
}
