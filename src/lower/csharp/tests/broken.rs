//! Code that is broken, or nests without end.

use super::lowered;
use crate::lower;
use crate::model::problem::ProblemKind;
use crate::model::source::{FileKind, Language, Revision, SourceFile, Sources, Workspace};

/// Code that nests without end, in each way that the front end recurses on.
fn towers(height: usize) -> Vec<String> {
    let nest = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(height), close.repeat(height));
    let value = |value: String| format!("class C {{ void F() {{ var x = {value}; }} }}");
    let stmt = |stmt: String| format!("class C {{ void F() {{ {stmt} }} }}");
    vec![
        value(nest("(", "1", ")")),
        value(nest("!", "x", "")),
        value(nest("-", "x", "")),
        value(nest("x + ", "x", "")),
        value(nest("", "x", " + x")),
        value(nest("x ?? ", "x", "")),
        value(nest("", "x", ".Y")),
        value(nest("", "x", "?.Y")),
        value(nest("", "x", ".Y()")),
        value(nest("", "x", "[0]")),
        value(nest("", "x", "!")),
        value(nest("f(", "1", ")")),
        value(nest("f(() => ", "1", ")")),
        value(nest("new T { A = ", "1", " }")),
        value(nest("new T(1) { A = { ", "1", " } }")),
        value(nest("new[] { ", "1", " }")),
        value(nest("[", "1", "]")),
        value(nest("x ? 1 : ", "2", "")),
        value(nest("(int)", "x", "")),
        value(nest("await ", "x", "")),
        value(nest("x = ", "x", "")),
        value(nest("x switch { _ => ", "1", " }")),
        value(nest("$\"{", "x", "}\"")),
        value(format!("from a in x {} select a", "where a.B ".repeat(height))),
        value(format!("x is {}", nest("(", "1", ")"))),
        value(format!("x is {}", nest("{ A: ", "1", " }"))),
        value(format!("x is {}", nest("not ", "1", ""))),
        stmt(nest("{", "", "}")),
        stmt(nest("if (a) ", ";", "")),
        stmt(nest("if (a) {} else ", "{}", "")),
        stmt(nest("while (a) ", ";", "")),
        stmt(nest("void G() {", "", "}")),
        stmt(format!("var {} = x;", nest("(", "y", ", z)"))),
        format!("class C {{ {} x; }}", nest("List<", "int", ">")),
        format!("class C {{ int{} x; }}", "[]".repeat(height)),
        format!("class C {{ int{} x; }}", "?".repeat(height)),
        format!("using {}B;", "A.".repeat(height)),
        nest("class C {", "", "}"),
        nest("namespace N {", "", "}"),
        nest("#if A\n", "class C {}", "\n#endif"),
        "}".repeat(height),
        "{".repeat(height),
        "(".repeat(height),
        "namespace A;".repeat(height),
    ]
}

#[test]
fn no_nesting_breaks_a_run() {
    for height in [100, 3_000, 20_000] {
        let mut sources = Sources::default();
        for text in towers(height) {
            sources.push(SourceFile::new("A.cs", Revision::Head, FileKind::Code(Language::CSharp), text));
        }
        let (modules, problems) = lower::lower(&sources, &Workspace::default());
        assert!(problems.iter().all(|problem| problem.kind == ProblemKind::CodeUnreadable), "{problems:?}");
        assert!(modules.len() + problems.len() >= towers(1).len());
    }
}

#[test]
fn deep_code_is_counted_where_it_is_cut_off() {
    let text = format!("class C {{ object F() => x{}; }}", ".Y()".repeat(1_000));
    let (module, _) = lowered(&text);
    assert_eq!(module.fixmes.len(), 1);
    assert_eq!(&*module.fixmes[0].what, "member_access_expression");
}

#[test]
fn the_first_mistake_is_a_problem_and_the_rest_is_used() {
    let (module, problems) = lowered("class A { void F() { Call(1; } }\nclass B { void G() { } }");
    assert_eq!(problems.len(), 1);
    assert!(module.funcs.iter().any(|func| func.symbol.as_str() == "global::B::G"));
}

#[test]
fn conditional_code_counts_whichever_way_it_is_built() {
    let (module, problems) = lowered("class A {\n#if DEBUG\nint X;\n#else\nint Y;\n#endif\n}");
    assert!(problems.is_empty());
    assert_eq!(module.types[0].fields.iter().map(|field| &*field.name).collect::<Vec<_>>(), ["X", "Y"]);
}
