//! Client code to IR, one folder per language.

pub mod csharp;
mod generated;
pub mod go;
pub mod java;
pub mod kotlin;
pub mod python;
pub mod rust;
#[cfg(test)]
mod testing;
mod tree;
pub mod typescript;

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::model::ir::Module;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Sources, Workspace};

/// The stack of a thread that parses, in bytes. Parsers recurse as deep as code nests; each front
/// end refuses what nests deeper than fits. Only what is used takes memory.
const STACK: usize = 256 << 20;

/// What becomes of test code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tests {
    /// It is lowered, and marked.
    Kept,
    /// It is left out: files of tests are not even parsed.
    LeftOut,
}

/// Lowers every file of client code, in parallel, in the order of the files.
#[must_use]
pub fn lower(sources: &Sources, workspace: &Workspace, tests: Tests) -> (Vec<Module>, Vec<Problem>) {
    let files: Vec<(FileId, &SourceFile, Language)> = sources
        .iter()
        .filter_map(client_code)
        .filter(|(_, file, _)| tests == Tests::Kept || !file.provenance.test)
        .collect();
    if files.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let threads = rayon::current_num_threads().min(files.len());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build();
    let pool = match pool {
        Ok(pool) => pool,
        Err(error) => {
            let lost = |(id, ..): &(FileId, _, _)| {
                Problem::file(ProblemKind::Internal, *id, format!("no thread to parse client code on: {error}"))
            };
            return (Vec::new(), files.iter().map(lost).collect());
        }
    };
    let lowered: Vec<(Option<Module>, Vec<Problem>)> = pool.install(|| {
        let files = files.par_iter();
        files.map(|(id, file, language)| lower_safely(file, *id, *language, workspace)).collect()
    });
    let mut modules = Vec::with_capacity(lowered.len());
    let mut problems = Vec::new();
    for (mut module, mut unread) in lowered {
        if tests == Tests::LeftOut {
            module.iter_mut().for_each(|module| module.funcs.retain(|func| !func.test));
        }
        modules.extend(module);
        problems.append(&mut unread);
    }
    (modules, problems)
}

/// A file of the Head side in a language that has a front end.
fn client_code((id, file): (FileId, &SourceFile)) -> Option<(FileId, &SourceFile, Language)> {
    match file.kind {
        FileKind::Code(language) if file.revision == Revision::Head => Some((id, file, language)),
        _ => None,
    }
}

/// Lowers one file; a panic costs that file only.
fn lower_safely(
    file: &SourceFile,
    id: FileId,
    language: Language,
    workspace: &Workspace,
) -> (Option<Module>, Vec<Problem>) {
    let front_end = match language {
        Language::Rust => rust::lower,
        Language::Go => go::lower,
        Language::Python => python::lower,
        Language::TypeScript => typescript::lower,
        Language::Java => java::lower,
        Language::Kotlin => kotlin::lower,
        Language::CSharp => csharp::lower,
    };
    let lowered = catch_unwind(AssertUnwindSafe(|| front_end(file, id, workspace)));
    let (mut module, problems) = lowered.unwrap_or_else(|_| {
        let message = format!("the {language} front end failed on {}: a defect of contract-lint", file.path);
        (None, vec![Problem::file(ProblemKind::Internal, id, message)])
    });
    module.iter_mut().for_each(|module| generated::mark(module, file));
    (module, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ir::ExprKind;

    fn code(path: &str, revision: Revision, text: &str) -> SourceFile {
        SourceFile::new(path, revision, FileKind::Code(Language::Rust), text)
    }

    fn sources(files: Vec<SourceFile>) -> Sources {
        let mut sources = Sources::default();
        for file in files {
            sources.push(file);
        }
        sources
    }

    #[test]
    fn modules_come_in_the_order_of_the_files_and_only_from_head() {
        let sources = sources(vec![
            code("src/b.rs", Revision::Head, "fn b() {}"),
            code("src/old.rs", Revision::Base, "fn old() {}"),
            SourceFile::new("api.yaml", Revision::Head, FileKind::Yaml, "a: 1"),
            code("src/a.rs", Revision::Head, "fn a() {}"),
        ]);
        let (modules, problems) = lower(&sources, &Workspace::default(), Tests::Kept);
        let names: Vec<_> = modules.iter().map(|module| module.name.to_string()).collect();
        assert_eq!(names, ["crate::b", "crate::a"]);
        assert!(problems.is_empty());
    }

    /// Code that nests without end, in each way that some parser recurses on.
    fn towers(height: usize) -> Vec<String> {
        let nest =
            |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(height), close.repeat(height));
        let value = |value: String| format!("fn f() {{ let x = {value}; }}");
        vec![
            value(nest("(", "1", ")")),
            value(nest("[", "1", "]")),
            value(nest("{", "1", "}")),
            value(nest("!", "x", "")),
            value(nest("&", "x", "")),
            value(nest("-", "x", "")),
            value(nest("return ", "x", "")),
            value(nest("|a| ", "x", "")),
            value(nest("x + ", "x", "")),
            value(nest("x = ", "x", "")),
            value(nest("", "x", ".y")),
            value(nest("", "x", ".y()")),
            value(nest("", "x", "?")),
            value(nest("", "x", " as T")),
            value(nest("if a {} else ", "if b {}", "")),
            value(nest("match x { _ => ", "1", "}")),
            value(nest("f(|| ", "1", ")")),
            value(nest("vec![", "1", "]")),
            value(nest("format!(\"{}\", ", "1", ")")),
            value(nest("json!({\"a\": ", "1", "})")),
            format!("type T = {};", nest("Vec<", "u8", ">")),
            format!("type T = {};", nest("&", "u8", "")),
            format!("type T = {};", nest("fn() -> ", "u8", "")),
            format!("fn f() {{ let {} = x; }}", nest("&", "y", "")),
            format!("fn f() {{ let {} = x; }}", nest("(", "y", ",)")),
            nest("mod m { ", "", " }"),
            nest("fn f() { ", "", " }"),
            nest("cfg_if! { ", "fn f() {}", " }"),
            format!("use {}; ", nest("a::{", "b", "}")),
            format!("use {}b;", "a::".repeat(height)),
            "}".repeat(height),
            "{".repeat(height),
            "(".repeat(height),
        ]
    }

    #[test]
    fn test_code_is_left_out_when_nobody_asks_for_it() {
        let mut test = code("tests/a.rs", Revision::Head, "fn a() {}");
        test.provenance.test = true;
        let inline = "fn b() {} #[cfg(test)] mod tests { #[test] fn c() {} }";
        let sources = sources(vec![test, code("src/b.rs", Revision::Head, inline)]);
        let named = |tests| {
            let (modules, _) = lower(&sources, &Workspace::default(), tests);
            modules
                .iter()
                .flat_map(|module| &module.funcs)
                .map(|func| func.symbol.name().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(named(Tests::LeftOut), ["b"]);
        assert_eq!(named(Tests::Kept), ["a", "b", "c"]);
    }

    #[test]
    fn no_nesting_breaks_a_run() {
        for height in [100, 390, 3_000, 100_000] {
            let files = towers(height).iter().map(|text| code("src/a.rs", Revision::Head, text)).collect();
            let (modules, problems) = lower(&sources(files), &Workspace::default(), Tests::Kept);
            assert!(problems.iter().all(|problem| problem.kind == ProblemKind::CodeUnreadable), "{problems:?}");
            assert!(modules.len() + problems.len() >= towers(1).len());
        }
    }

    /// The same in Python.
    fn python_towers(height: usize) -> Vec<String> {
        let nest =
            |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(height), close.repeat(height));
        let mut all: Vec<String> = [
            nest("(", "1", ")"),
            nest("[", "1", "]"),
            nest("{1: ", "1", "}"),
            nest("f(", "1", ")"),
            nest("f(a=", "1", ")"),
            nest("not ", "x", ""),
            nest("-", "x", ""),
            nest("await ", "x", ""),
            nest("lambda: ", "x", ""),
            nest("x if y else ", "z", ""),
            nest("x ** ", "y", ""),
            nest("x + ", "y", ""),
            nest("x or ", "y", ""),
            nest("x < ", "y", ""),
            nest("x = ", "y", ""),
            nest("(x := ", "y", ")"),
            nest("", "x", ".y"),
            nest("", "x", ".y()"),
            nest("", "x", "[0]"),
            nest("[x for x in ", "y", "]"),
            nest("f'{", "x", "}'"),
            nest("*", "x", ""),
        ]
        .iter()
        .map(|value| format!("x = {value}\n"))
        .collect();
        all.push(format!("def f(x: {}): pass\n", nest("list[", "int", "]")));
        all.push(format!("match x:\n    case {}: pass\n", nest("[", "y", "]")));
        all.push(format!("if a: pass\n{}", "elif b: pass\n".repeat(height)));
        all.push(nest("if x: ", "pass", ""));
        all.push("(".repeat(height));
        all.push("}".repeat(height));
        // Each block stands further right: a text that grows with the square.
        let blocks = height.min(1_000);
        for head in ["if x:", "def f():", "class C:", "while x:", "with x:", "try:"] {
            all.push((0..blocks).map(|depth| format!("{}{head}\n", " ".repeat(depth))).collect());
        }
        all
    }

    #[test]
    fn no_nesting_of_python_breaks_a_run() {
        let python =
            |text: &String| SourceFile::new("a.py", Revision::Head, FileKind::Code(Language::Python), text.as_str());
        for height in [100, 390, 3_000, 100_000] {
            let files = python_towers(height).iter().map(python).collect();
            let (modules, problems) = lower(&sources(files), &Workspace::default(), Tests::Kept);
            assert!(problems.iter().all(|problem| problem.kind == ProblemKind::CodeUnreadable), "{problems:?}");
            assert!(modules.len() + problems.len() >= python_towers(1).len());
        }
    }

    #[test]
    fn deep_code_is_counted_where_it_is_cut_off() {
        let text = format!("fn f() {{ x{}; }}", ".y()".repeat(1_000));
        let (modules, _) =
            lower(&sources(vec![code("src/a.rs", Revision::Head, &text)]), &Workspace::default(), Tests::Kept);
        assert_eq!(modules[0].fixmes.len(), 1);
        assert_eq!(&*modules[0].fixmes[0].what, "nesting");
        let block = modules[0].funcs[0].body.as_ref().unwrap();
        assert!(
            matches!(&block.stmts[0].kind, crate::model::ir::StmtKind::Expr(call) if matches!(call.kind, ExprKind::Call { .. }))
        );
    }
}
