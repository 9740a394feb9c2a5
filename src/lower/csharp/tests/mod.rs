//! Tests of the C# front end: what code means, as the rendering of `lower::testing` shows it.

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
    let file = SourceFile::new("Shop/Client.cs", Revision::Head, FileKind::Code(Language::CSharp), text);
    let (module, problems) = super::lower(&file, FileId(0), &Workspace::default());
    (module.unwrap(), problems)
}

/// What a file declares, without its aliases.
fn shown(text: &str) -> String {
    let mut module = module(text);
    module.aliases.clear();
    plain(&testing::module(&module))
}

/// Names that the file does not declare, as if they were declared in its own namespace.
fn plain(shown: &str) -> String {
    shown.replace("<Client.cs>::", "")
}

/// The body of a method `void F(a, b)` of a class `C` with a field `field`.
fn body(text: &str) -> String {
    let module = module(&format!("class C {{ int field; void F(object a, object b) {{ {text} }} }}"));
    plain(&testing::block(module.funcs[0].body.as_ref().unwrap()))
}

/// An expression in such a body.
fn value(text: &str) -> String {
    let shown = body(&format!("var it = {text};"));
    shown.strip_prefix("{let it = ").and_then(|rest| rest.strip_suffix(";}")).unwrap_or(&shown).to_owned()
}
