//! No mistake in one file costs another one.

use std::fmt::Write;

use super::*;
use crate::model::problem::ProblemKind;

const GOOD: &str = "syntax = \"proto3\"; package good; message G { string a = 1; }";

#[test]
fn a_syntax_error_costs_its_statement_and_says_where() {
    let read = read(&[
        ("good.proto", GOOD),
        ("bad.proto", "syntax = \"proto3\";\r\n// é\r\nmessage A {\r\n  /* ü */ string = 1;\r\n  int32 b = 2;\r\n}"),
        ("user.proto", "syntax = \"proto3\"; package u; import \"bad.proto\"; message U { A a = 1; string s = 2; }"),
    ]);
    assert_eq!(read.ids(), ["bad.proto", "good", "u"]);
    assert_eq!(read.name_of(&read.field("u.U", "a").shape), "A");
    assert_eq!(read.field("A", "b").number, Some(2));
    assert_eq!(read.problems.len(), 1);
    assert!(read.reports()[0].starts_with("bad.proto:4:"), "{:?}", read.reports());
    assert_eq!(read.problems[0].kind, ProblemKind::ContractUnreadable);
}

#[test]
fn a_contradiction_is_told_and_costs_nothing() {
    let bad = "syntax = \"proto3\";\npackage b;\nmessage B {\n  string a = 1;\n  string c = 1;\n  int32 a = 3;\n}\nmessage B {}\nmessage C { B b = 1; }";
    let read = read(&[("bad.proto", bad), ("good.proto", GOOD)]);
    assert_eq!(read.ids(), ["b", "good"]);
    assert_eq!(read.message("b.B").fields.len(), 3);
    assert_eq!(read.name_of(&read.field("b.C", "b").shape), "b.B");
    assert_eq!(
        read.reports(),
        [
            "bad.proto:5:10 `b.B` has a field with the number 1 already: `a`",
            "bad.proto:6:9 `b.B` has a field `a` already",
            "bad.proto:8:9 `b.B` is declared before in this file, so this declaration is left out",
        ]
    );
    assert!(read.problems.iter().all(|problem| problem.kind == ProblemKind::ContractUnreadable));
}

#[test]
fn a_file_that_imports_two_files_with_one_name_sees_the_first() {
    let read = read(&[
        ("a.proto", "syntax = \"proto3\"; package p; message A { string a = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package p; message A { string b = 1; }"),
        ("c.proto", "syntax = \"proto3\"; package c; import \"a.proto\"; import \"b.proto\"; message C { p.A a = 1; }"),
    ]);
    assert_eq!(read.ids(), ["c", "p@a.proto", "p@b.proto"]);
    let Shape::Message(seen) = read.field("c.C", "a").shape else { panic!() };
    assert_eq!(read.catalog.message(seen).fields[0].name, "a");
    let report = "c.proto:1:1 `p.A` is declared in `a.proto` and in `b.proto`, of which this file sees the first";
    assert_eq!(read.reports(), [report]);
    read.assert_consistent();
}

#[test]
fn a_cycle_of_imports_is_named_and_costs_nothing() {
    let read = read(&[
        ("a.proto", "syntax = \"proto3\"; package p; import \"b.proto\"; message A { B b = 1; }"),
        ("b.proto", "syntax = \"proto3\"; package p; import \"a.proto\"; message B { A a = 1; string s = 2; }"),
    ]);
    assert_eq!(read.name_of(&read.field("p.A", "b").shape), "p.B");
    assert_eq!(read.name_of(&read.field("p.B", "a").shape), "p.A");
    assert_eq!(read.messages(), ["these files import each other: a.proto -> b.proto -> a.proto"]);
    assert_eq!(read.problems[0].kind, ProblemKind::Note);
}

#[test]
fn a_file_that_imports_itself_is_read() {
    let read = read(&[("a.proto", "syntax = \"proto3\"; package p; import \"a.proto\"; message A { A a = 1; }")]);
    assert_eq!(read.name_of(&read.field("p.A", "a").shape), "p.A");
}

#[test]
fn an_edition_that_is_not_known_is_read_like_the_last_one() {
    let read = read(&[("a.proto", "edition = \"2031\";\npackage p; message A { int32 a = 1; }")]);
    assert_eq!(read.messages(), ["edition `2031` is not known yet, the file is read as edition 2024"]);
    assert_eq!(read.contract("p").version, "edition 2031");
    assert_eq!(read.field("p.A", "a").number, Some(1));
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
