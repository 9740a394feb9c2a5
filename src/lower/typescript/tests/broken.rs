//! Code with errors, and code that nests without end.

use super::{lower_at, render};
use crate::model::source::{FileId, FileKind, Language, Revision, SourceFile, Workspace};

#[test]
fn an_error_costs_its_statement_only() {
    let (module, problems) =
        lower_at("web/a.ts", "export function a() { return 1 }\nfunction b() {\n  const x = a.\n}\nconst c = 2;\n");
    assert_eq!(problems.len(), 1);
    assert!(render::module(&module).contains("Global @acme/web::a::c"));
    assert_eq!(module.funcs.len(), 2);
}

/// Code that nests without end, in each way that a parser recurses on.
fn towers(height: usize) -> Vec<String> {
    let nest = |open: &str, inner: &str, close: &str| {
        // Lines as long as these are those of a bundle.
        format!("{}{inner}{}", format!("{open}\n").repeat(height), format!("{close}\n").repeat(height))
    };
    let value = |value: String| format!("function f() {{ const x = {value}; }}");
    vec![
        value(nest("(", "1", ")")),
        value(nest("[", "1", "]")),
        value(nest("{a: ", "1", "}")),
        value(nest("!", "x", "")),
        value(nest("- ", "x", "")),
        value(nest("a => ", "x", "")),
        value(nest("x + ", "x", "")),
        value(nest("x ** ", "x", "")),
        value(nest("x = ", "x", "")),
        value(nest("x ? y : ", "x", "")),
        value(nest("", "x", ".y")),
        value(nest("", "x", ".y()")),
        value(nest("", "x", "[0]")),
        value(nest("new ", "x", "")),
        value(nest("typeof ", "x", "")),
        value(nest("await ", "x", "")),
        value(nest("f(() => ", "1", ")")),
        value(nest("`${", "1", "}`")),
        value(nest("<a>", "1", "</a>")),
        value(nest("", "x", " as T")),
        value(nest("class extends ", "x", " {}")),
        format!("type T = {};", nest("Array<", "string", ">")),
        format!("type T = {};", nest("{ a: ", "string", " }")),
        format!("type T = {};", nest("A extends B ? C : ", "string", "")),
        format!("type T = {};", nest("keyof ", "string", "")),
        format!("type T = {};", nest("", "A", "[]")),
        format!("type T = {};", nest("() => ", "A", "")),
        format!("const {} = x;", nest("[", "a", "]")),
        format!("const {} = x;", nest("{ a: ", "a", " }")),
        nest("namespace N { ", "", " }"),
        nest("function f() { ", "", " }"),
        nest("class A { static { ", "", " } }"),
        nest("if (a) {} else ", "{}", ""),
        nest("if (a) ", "b()", ""),
        nest("while (a) ", "b()", ""),
        nest("l: ", "b()", ""),
        nest("switch (a) { case 1: ", "", " }"),
        nest("try { ", "", " } catch {}"),
        nest("@a(", "", ") class A {}"),
        "}\n".repeat(height),
        "{\n".repeat(height),
        "(\n".repeat(height),
        "<a>\n".repeat(height),
    ]
}

#[test]
fn no_nesting_breaks_a_run() {
    let run = || {
        for height in [100, 390, 3_000, 100_000] {
            for text in towers(height) {
                let kind = FileKind::Code(Language::TypeScript);
                let file = SourceFile::new("a.tsx", Revision::Head, kind, text);
                let (module, problems) = crate::lower::typescript::lower(&file, FileId(0), &Workspace::default());
                assert!(module.is_some() || !problems.is_empty());
            }
        }
    };
    // As large as the stack of the threads that files are lowered on.
    std::thread::Builder::new().stack_size(256 << 20).spawn(run).unwrap().join().unwrap();
}
