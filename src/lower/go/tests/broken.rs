//! Code that cannot be parsed in full, and code that nobody writes.

use super::lower_at;
use crate::model::problem::ProblemKind;
use crate::model::source::{FileId, Site, Span};

#[test]
fn the_first_error_is_one_problem_at_its_place() {
    let text = "package a\nfunc f() {\n\tx := )\n}\nfunc g() { y := ( }\nfunc h() { z() }\n";
    let (module, problems) = lower_at("a/a.go", text);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::CodeUnreadable);
    let Some(Site::Span(span)) = problems[0].site else { panic!("a place") };
    assert_eq!(&text[span.start as usize..span.end as usize], "x := )");
    assert!(module.funcs.iter().any(|func| func.symbol.name() == "h"), "the rest is used");
    assert!(!module.fixmes.is_empty());
}

#[test]
fn a_missing_token_is_named() {
    let (_, problems) = lower_at("a/a.go", "package a\nfunc f() { g(1 }\n");
    assert_eq!(problems.len(), 1);
    assert!(problems[0].message.contains("missing") || problems[0].message.contains("syntax error"));
}

#[test]
fn declarations_inside_errors_are_used() {
    let text = "package a\nfunc ok() {}\ntype T struct {\n\tA int `json:\"a\"`\n}\nfunc broken( {\n";
    let (module, problems) = lower_at("a/a.go", text);
    assert_eq!(problems.len(), 1);
    assert!(module.funcs.iter().any(|func| func.symbol.name() == "ok"));
    assert!(module.types.iter().any(|ty| ty.symbol.name() == "T"));
}

#[test]
fn text_that_is_no_go_at_all_is_a_problem_and_no_panic() {
    for text in
        ["", "\u{0}", "}}}}", "<html>ä</html>", "package", "func", "package a; import", "package a; var x = \"\\"]
    {
        let (module, _) = lower_at("a.go", text);
        assert_eq!(module.file, FileId(0));
    }
    let (_, problems) = lower_at("a.go", "}}}}");
    assert_eq!(problems[0].site.as_ref().map(Site::file), Some(FileId(0)));
    assert!(matches!(problems[0].site, Some(Site::Span(Span { start: 0, .. }))));
}

#[test]
fn a_file_may_end_without_a_line_end() {
    let (module, problems) = lower_at("a.go", "package a\ntype T struct{ A int }");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(module.types.len(), 1);
}

#[test]
fn an_unfinished_file_goes_wrong_where_it_ends() {
    let text = "package a\nfunc f() {}\nfunc g() {\n\tx := 1\n";
    let (module, problems) = lower_at("a.go", text);
    let Some(Site::Span(span)) = problems[0].site else { panic!("a place") };
    assert!(span.start as usize >= text.find("func g").unwrap(), "{span:?}");
    assert!(module.funcs.iter().any(|func| func.symbol.name() == "f"));
}

#[test]
fn jumps_that_make_no_loop_are_counted() {
    let (module, problems) = lower_at("a.go", "package a\nfunc f() { goto end; g()\nend:\n}\n");
    assert!(problems.is_empty());
    assert_eq!(module.fixmes.iter().map(|fixme| &*fixme.what).collect::<Vec<_>>(), ["goto_statement"]);
}

/// The stack of a test's thread is that of a worker's.
#[test]
fn code_that_is_nested_without_end_is_cut_off() {
    const DEEP: usize = 15_000;
    for (open, middle, close) in [
        ("(", "1", ")"),
        ("g(", "1", ")"),
        ("-", "1", ""),
        ("!", "x", ""),
        ("[]T{", "1", "}"),
        ("T{A: ", "1", "}"),
        ("func() int { return ", "1", "}"),
        ("[]", "T{}", ""),
        ("1 + ", "1", ""),
        ("", "x", ".y"),
        ("", "x", "()"),
        ("", "x", "[0]"),
        ("", "x", " + 1"),
        ("map[string]", "T{}", ""),
        ("x.(", "T", ")"),
    ] {
        let text = format!("package a\nvar v = {}{middle}{}\n", open.repeat(DEEP), close.repeat(DEEP));
        let (module, _) = lower_at("a.go", &text);
        assert!(module.fixmes.len() < 10, "{open}{middle}{close}: {}", module.fixmes.len());
    }
    for (open, close) in [
        ("if x {", "}"),
        ("for {", "}"),
        ("{", "}"),
        ("switch { case x: ", "}"),
        ("L: ", "x()"),
        ("if x {} else ", "{}"),
    ] {
        let text = format!("package a\nfunc f() {{ {}{} }}\n", open.repeat(DEEP), close.repeat(DEEP));
        lower_at("a.go", &text);
    }
    lower_at("a.go", &format!("package a\nvar v = {}1{}\n", "(-".repeat(100_000), ")".repeat(100_000)));
    let field = format!("package a\ntype T {}int{}\n", "struct { A ".repeat(DEEP), "}".repeat(DEEP));
    lower_at("a.go", &field);
}
