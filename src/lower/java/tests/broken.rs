//! Code that cannot be parsed in full, and code that nobody writes.

use super::lower_file;
use crate::model::problem::ProblemKind;

#[test]
fn broken_code_is_one_problem_and_the_rest_is_used() {
    let (module, problems) = lower_file("package shop; class A { void f() { g( } void h() { p.run(); } }");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].kind, ProblemKind::CodeUnreadable);
    assert_eq!(module.types.len(), 1);
}

#[test]
fn no_nesting_overflows() {
    let nest = |open: &str, inner: &str, close: &str, height: usize| {
        format!("{}{inner}{}", open.repeat(height), close.repeat(height))
    };
    for height in [100, 3_000, 30_000] {
        let value = |value: String| format!("class A {{ void f() {{ x = {value}; }} }}");
        let files = [
            value(nest("(", "1", ")", height)),
            value(nest("!", "a", "", height)),
            value(nest("-", "a", "", height)),
            value(nest("a + ", "a", "", height)),
            value(nest("a + (", "a", ")", height)),
            value(nest("", "a", ".b", height)),
            value(nest("", "a", ".b()", height)),
            value(nest("f(", "a", ")", height)),
            value(nest("a -> ", "a", "", height)),
            value(nest("() -> {", "", "}", height)),
            value(nest("a ? b : ", "a", "", height)),
            value(nest("(T) ", "a", "", height)),
            value(nest("new T() { void f() { x = ", "a", "; } }", height)),
            value(nest("new int[] {", "1", "}", height)),
            value(nest("switch (a) { default -> ", "1", "; }", height)),
            nest("class A { ", "", " }", height),
            nest("class A { void f() { ", "", " } }", height),
            nest("@A(", "1", ")", height) + " class A { }",
            format!("class A {{ {} x; }}", nest("List<", "T", ">", height)),
            format!("class A {{ void f() {{ {} }} }}", nest("{", "", "}", height)),
            format!("class A {{ void f() {{ {} }} }}", nest("if (a) ", "g();", "", height)),
            format!("class A {{ void f() {{ {} }} }}", nest("if (a) {} else ", "g();", "", height)),
            format!("class A {{ void f() {{ {} }} }}", nest("for (;;) ", "g();", "", height)),
            "}".repeat(height),
            "{".repeat(height),
            "(".repeat(height),
        ];
        for file in files {
            let worker = std::thread::Builder::new().stack_size(64 << 20);
            worker.spawn(move || drop(lower_file(&file))).unwrap().join().unwrap();
        }
    }
}
