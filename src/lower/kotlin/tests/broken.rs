//! Code that is broken, or nests without end.

use super::lowered;
use crate::lower;
use crate::model::problem::ProblemKind;
use crate::model::source::{FileKind, Language, Revision, SourceFile, Sources, Workspace};

/// Code that nests without end, in each way that the front end recurses on.
fn towers(height: usize) -> Vec<String> {
    let nest = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(height), close.repeat(height));
    let value = |value: String| format!("fun f() {{\n val x = {value}\n}}");
    let stmt = |stmt: String| format!("fun f() {{\n {stmt}\n }}");
    vec![
        value(nest("(", "1", ")")),
        value(nest("!", "x", "")),
        value(nest("-", "x", "")),
        value(nest("x + ", "x", "")),
        value(nest("", "x", " + x")),
        value(nest("x ?: ", "x", "")),
        value(nest("", "x", ".y")),
        value(nest("!", "x", ".y()")),
        value(nest("", "x", "?.y()")),
        value(nest("", "x", "[0]")),
        value(nest("", "x", "!!")),
        value(nest("", "x", " as T")),
        value(nest("f(", "1", ")")),
        value(nest("f { ", "it", " }")),
        value(nest("x.let { ", "1", " }")),
        value(nest("x.forEach { ", "1", " }")),
        value(nest("x.apply { ", "y = 1", " }")),
        value(nest("if (a) 1 else ", "2", "")),
        value(nest("when (x) { else -> ", "1", " }")),
        value(nest("when { a -> ", "1", " }")),
        value(nest("try { ", "1", " } catch (e: E) { 1 }")),
        value(nest("\"${", "x", "}\"")),
        value(nest("object : T { fun g() = ", "1", " }")),
        value(nest("1 step ", "1", "")),
        stmt(format!("for (i in 1..2{}) {{ }}", " step 1".repeat(height))),
        stmt(nest("if (a) { ", "", "}")),
        stmt(nest("while (a) { ", "", "}")),
        stmt(nest("fun g() { ", "", "}")),
        stmt(nest("class C {\n", "", "}\n")),
        format!("val x: {} = 1", nest("List<", "Int", ">")),
        format!("val x: Int{} = 1", "?".repeat(height)),
        format!("val x: {} = 1", nest("(", "Int", ")")),
        format!("val x: {}Int = f", "() -> ".repeat(height)),
        format!("import {}b", "a.".repeat(height)),
        format!("val x = {}b", "a.".repeat(height)),
        nest("class C {\n", "", "}\n"),
        "}".repeat(height),
        "{".repeat(height),
        "(".repeat(height),
    ]
}

#[test]
fn no_nesting_breaks_a_run() {
    for height in [100, 3_000, 20_000] {
        let mut sources = Sources::default();
        for text in towers(height) {
            sources.push(SourceFile::new("A.kt", Revision::Head, FileKind::Code(Language::Kotlin), text));
        }
        let (modules, problems) = lower::lower(&sources, &Workspace::default());
        assert!(problems.iter().all(|problem| problem.kind == ProblemKind::CodeUnreadable), "{problems:?}");
        assert!(modules.len() + problems.len() >= towers(1).len());
    }
}

#[test]
fn deep_code_is_counted_where_it_is_cut_off() {
    let text = format!("fun f() = x{}\n", ".y()".repeat(1_000));
    let (module, _) = lowered(&text);
    assert_eq!(module.fixmes.len(), 1);
}

#[test]
fn the_first_mistake_is_a_problem_and_the_rest_is_used() {
    let (module, problems) = lowered("fun a() { call(1 }\n\nfun b() { }\n\nclass C {\n fun d() { }\n}\n");
    assert_eq!(problems.len(), 1);
    assert!(module.funcs.iter().any(|func| func.symbol.name() == "d"));
}

#[test]
fn a_property_may_end_with_the_braces_around_it() {
    let (module, problems) = lowered("class A { companion object { const val B = \"b }\" } }\n");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(module.globals[0].symbol.as_str(), "A::B");
}
