//! No mistake in one file costs another one.

use std::fmt::Write;

use super::*;
use crate::model::problem::ProblemKind;

const GOOD: &str = "syntax = \"proto3\"; package good; message G { string a = 1; }";

#[test]
fn a_syntax_error_costs_its_own_file_and_says_where() {
    let read = read(&[
        ("good.proto", GOOD),
        ("bad.proto", "syntax = \"proto3\";\r\n// é\r\nmessage A {\r\n  /* ü */ string = 1;\r\n}"),
        ("user.proto", "syntax = \"proto3\"; package u; import \"bad.proto\"; message U { A a = 1; string s = 2; }"),
    ]);
    assert_eq!(read.ids(), ["good", "u"]);
    assert_eq!(read.field("u.U", "a").shape, Shape::Unresolved("A".into()));
    assert!(read.reports()[0].starts_with("bad.proto:4:18 not valid protobuf: expected"), "{:?}", read.reports());
    assert_eq!(read.problems[0].kind, ProblemKind::ContractUnreadable);
}

#[test]
fn a_contradiction_costs_its_own_file() {
    let bad = "syntax = \"proto3\";\npackage b;\nmessage B {\n  string a = 1;\n  string c = 1;\n}";
    let read = read(&[
        ("bad.proto", bad),
        (
            "user.proto",
            "syntax = \"proto3\"; package u; import \"bad.proto\"; import \"good.proto\"; message U { b.B b = 1; good.G g = 2; }",
        ),
        ("good.proto", GOOD),
    ]);
    assert_eq!(read.ids(), ["good", "u"]);
    assert_eq!(read.field("u.U", "b").shape, Shape::Unresolved("b.B".into()));
    assert_eq!(read.name_of(&read.field("u.U", "g").shape), "good.G");
    let unreadable: Vec<_> =
        read.problems.iter().filter(|problem| problem.kind == ProblemKind::ContractUnreadable).collect();
    assert_eq!(unreadable.len(), 1);
    assert!(read.reports().iter().any(|report| report.starts_with("bad.proto:5:")), "{:?}", read.reports());
}

#[test]
fn a_file_that_imports_two_files_with_one_name_sees_the_first() {
    let read = read(&[
        ("a.proto", "syntax = \"proto3\"; package p; message A { string a = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package p; message A { string b = 1; }"),
        ("c.proto", "syntax = \"proto3\"; package c; import \"a.proto\"; import \"b.proto\"; message C { p.A a = 1; }"),
    ]);
    assert_eq!(read.ids(), ["c", "p@a.proto", "p@b.proto"]);
    assert_eq!(read.name_of(&read.field("c.C", "a").shape), "p.A");
    let report = "c.proto:1:1 its imports declare the same names more than once, `b.proto` is left out of what it sees";
    assert_eq!(read.reports(), [report]);
    read.assert_consistent();
}

#[test]
fn a_cycle_of_imports_is_named_and_cut() {
    let read = read(&[
        ("a.proto", "syntax = \"proto3\"; package p; import \"b.proto\"; message A { B b = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package p; import \"a.proto\"; message B { A a = 1; string s = 2; }"),
    ]);
    assert_eq!(read.name_of(&read.field("p.A", "b").shape), "p.B");
    assert_eq!(read.field("p.B", "a").shape, Shape::Unresolved("A".into()));
    let message = "these files import each other: a.proto -> b.proto -> a.proto";
    assert!(read.messages().contains(&message), "{:?}", read.messages());
}

#[test]
fn a_file_that_imports_itself_is_read() {
    let read = read(&[("a.proto", "syntax = \"proto3\"; package p; import \"a.proto\"; message A { A a = 1; }")]);
    assert_eq!(read.name_of(&read.field("p.A", "a").shape), "p.A");
}

#[test]
fn editions_are_named() {
    let read = read(&[
        ("a.proto", "// new\nedition = \"2023\";\npackage p; message A { int32 a = 1; }"),
        ("good.proto", GOOD),
    ]);
    assert_eq!(read.messages(), ["protobuf editions are not read yet"]);
    assert_eq!(read.ids(), ["good"]);
}

#[test]
fn no_text_brings_the_run_down() {
    let deep_messages = format!("syntax = \"proto3\"; {} {}", "message A {".repeat(5000), "}".repeat(5000));
    let deep_option = format!(
        "syntax = \"proto2\"; import \"google/protobuf/descriptor.proto\"; message N {{ optional N n = 1; }} extend google.protobuf.FileOptions {{ optional N o = 50000; }} option (o) = {{ {} {} }};",
        "n {".repeat(20_000),
        "}".repeat(20_000)
    );
    let texts = [
        "",
        "\u{0}",
        "syntax",
        "syntax = \"proto9\";",
        "message",
        "message A { string a = 99999999999; }",
        "syntax = \"proto3\"; message A { map<string, B> m = 1; }",
        "syntax = \"proto3\"; enum E {}",
        "syntax = \"proto3\"; package .a; message A {}",
        "syntax = \"proto3\"; import \"\"; import \"/\"; import \"../x.proto\";",
        "syntax = \"proto3\"; package google.protobuf; message Timestamp { string a = 1; }",
        "syntax = \"proto3\"; option (a.b).c = { x: [ }; message A {}",
        "syntax = \"proto3\"; message A { string a = 1 [(x) = -inf, json_name = 5]; }",
        "/* open",
        "syntax = \"proto3\"; message A { option deprecated = maybe; }",
        &deep_messages,
        &deep_option,
    ];
    for text in texts {
        let read = read(&[("bad.proto", text), ("good.proto", GOOD)]);
        assert!(read.ids().contains(&"good"), "{text:.80}");
        read.assert_consistent();
    }
}

#[test]
fn long_chains_of_imports_are_followed() {
    let files: Vec<(String, String)> = (0..1000)
        .map(|n| {
            let next = n + 1;
            let text = format!(
                "syntax = \"proto3\"; package p; import \"c/f{next}.proto\"; message M{n} {{ M{next} m = 1; }}"
            );
            (format!("c/f{n}.proto"), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let read = read(&files);
    assert_eq!(read.name_of(&read.field("p.M0", "m").shape), "p.M1");
    assert_eq!(read.catalog.messages.len(), 1000);
}

#[test]
fn a_large_file_is_read() {
    let mut text = String::from("syntax = \"proto3\"; package big;\n");
    for n in 0..5_000 {
        writeln!(text, "message M{n} {{ string a = 1; int64 b = 2; M{n} c = 3; }} // {n}").unwrap();
    }
    let read = read(&[("big.proto", &text)]);
    assert_eq!(read.catalog.messages.len(), 5_000);
    assert_eq!(read.text(&read.message("big.M4999").site), "M4999");
}
