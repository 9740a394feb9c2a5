//! Broken and hostile texts.

use super::*;

fn lost(kind: FileKind, text: &str) -> (Value, usize, Lost) {
    let (mut values, faults) = read_all(kind, text);
    let Some(Fault { place, what: What::Syntax { lost, .. } }) = faults.first().cloned() else { panic!("{faults:?}") };
    (values.remove(0), place.start as usize, lost)
}

#[test]
fn broken_json_keeps_what_is_complete_before_the_mistake() {
    let text = r#"{"openapi": "3.0.0", "paths": {"/a": {"get": {"x": 1}, "put": {"y": [1, 2}}}}"#;
    let (value, at, lost) = lost(FileKind::Json, text);
    assert_eq!(value, json!({"openapi": "3.0.0", "paths": {"/a": {"get": {"x": 1}}}}));
    assert_eq!(&text[at..=at], "}");
    assert_eq!(lost, Lost::Rest { keys: ["paths", "/a", "put"].map(str::to_owned).to_vec() });
}

#[test]
fn a_mistake_in_json_is_where_it_is() {
    for (text, at) in [
        ("{\"a\" 1}", 5),
        ("{\"a\": 1,}", 8),
        ("{\"a\": 01}", 6),
        ("[1 2]", 3),
        ("[\"a", 1),
        ("[\"a\\x\"]", 3),
        ("[\"a\tb\"]", 3),
        ("{} {}", 3),
        ("nul", 0),
        ("[1", 2),
        ("", 0),
    ] {
        assert_eq!(lost(FileKind::Json, text).1, at, "{text}");
    }
}

#[test]
fn a_mistake_in_yaml_costs_the_block_it_is_in() {
    let text = "openapi: 3.0.0\npaths:\n  /a:\n    get: {x: 1}\n  /b:\n    get:\n      x: [1\n      y: 2\n  /c:\n    get: {z: 1}\ninfo: {title: t}\n";
    let (value, at, lost) = lost(FileKind::Yaml, text);
    assert_eq!(value["paths"]["/a"], json!({"get": {"x": 1}}));
    assert_eq!(value["paths"]["/c"], json!({"get": {"z": 1}}));
    assert_eq!(value["info"], json!({"title": "t"}));
    let Lost::Block { keys, block } = lost else { panic!("{lost:?}") };
    assert_eq!(keys, ["paths", "/b", "get"]);
    assert!(text[block.start as usize..block.end as usize].starts_with("    get:\n      x: [1"));
    assert!(text[..at].contains("x: [1"));
}

#[test]
fn a_quote_that_does_not_end_costs_its_own_block() {
    let text = "openapi: 3.0.0\npaths:\n  /a:\n    get: {summary: x}\n  /b:\n    get:\n      summary: \"open\n      x: 1\n  /c:\n    get:\n      summary: \"closed\"\n";
    let (value, _, _) = lost(FileKind::Yaml, text);
    assert_eq!(value["paths"]["/a"], json!({"get": {"summary": "x"}}));
    assert_eq!(value["paths"]["/c"], json!({"get": {"summary": "closed"}}));
}

#[test]
fn lines_of_a_flow_may_stand_too_far_left() {
    let text = "a:\n  b:\n    c:\n      {\n        \"x\": [1, # one\n   2],\n  \"y\": \"p\n q\"\n   }\n  d: 3\ne: 4\n";
    let (values, faults) = read_all(FileKind::Yaml, text);
    assert_eq!(faults, []);
    assert_eq!(values[0]["a"], json!({"b": {"c": {"x": [1, 2], "y": "p  q"}}, "d": 3}));
    let (tree, _) = read(&text.into(), FileKind::Yaml);
    let y = ["a", "b", "c", "y"].iter().try_fold(tree.first(), |at, key| tree.member(at, key)).unwrap();
    assert_eq!(tree.place(y).start as usize, text.find("\"y\"").unwrap());
}

#[test]
fn two_mistakes_cost_two_blocks() {
    let text = "a:\n  b: 1\nc:\n\td: 2\ne:\n  f: @x\ng:\n  h: 3\n";
    let (values, faults) = read_all(FileKind::Yaml, text);
    assert_eq!(values[0]["a"], json!({"b": 1}));
    assert_eq!(values[0]["g"], json!({"h": 3}));
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn yaml_without_blocks_keeps_what_is_before_the_mistake() {
    let (value, _, lost) = lost(FileKind::Yaml, "{openapi: 3.0.0, paths: {a: {b: {c: 1}, d: {e: ]}}}");
    assert_eq!(value["openapi"], "3.0.0");
    assert!(matches!(lost, Lost::Rest { .. } | Lost::Block { .. }), "{lost:?}");
}

#[test]
fn what_nests_too_deeply_is_left_out_alone() {
    let levels = 10_000;
    let nested = "[".repeat(levels) + &"]".repeat(levels);
    let text = format!("{{\"a\": {nested}, \"b\": 1}}");
    let (values, faults) = read_all(FileKind::Json, &text);
    assert_eq!(values[0]["b"], 1);
    assert!(matches!(faults.as_slice(), [Fault { what: What::TooDeep, .. }]), "{faults:?}");

    let nested = "{\"x\":".repeat(levels) + "1" + &"}".repeat(levels);
    assert!(matches!(faults_of_json(&nested).as_slice(), [Fault { what: What::TooDeep, .. }]));

    let block = (0..2_000).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    let (_, faults) = read_all(FileKind::Yaml, &(block + "b: 1\n"));
    assert!(matches!(faults.as_slice(), [Fault { what: What::TooDeep, .. }]), "{faults:?}");

    let (values, faults) =
        read_all(FileKind::Yaml, &format!("a: {}\nb: 1\n", "[".repeat(levels) + &"]".repeat(levels)));
    assert_eq!(values[0]["b"], 1);
    assert_eq!(faults.len(), 1, "{faults:?}");
}

fn faults_of_json(text: &str) -> Vec<Fault> {
    faults(FileKind::Json, text)
}

#[test]
fn alias_bombs_end_in_a_fault_and_the_rest_is_read() {
    let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..10 {
        let refs = vec![format!("*a{}", level - 1); 9].join(", ");
        writeln!(laughs, "a{level}: &a{level} [{refs}]").unwrap();
    }
    let wide = format!("a: &a [{}]\nb: [{}]\n", vec!["1"; 20_000].join(","), vec!["*a"; 20_000].join(","));
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 20_000].join(","));
    let keys = (0..2_000).map(|at| format!("k{at}: 1, ")).collect::<Vec<_>>().concat();
    let merges = format!("a: &a {{{keys}}}\nb: [{}]\n", vec!["{<<: *a}"; 20_000].join(","));
    for text in [laughs, wide, long, merges] {
        let (values, faults) = read_all(FileKind::Yaml, &(text + "last: 1\n"));
        assert_eq!(values[0]["last"], 1);
        assert!(matches!(faults.as_slice(), [Fault { what: What::TooLarge, .. }]), "{faults:?}");
    }
}

#[test]
fn keys_that_are_no_scalars_are_left_out_with_their_values() {
    let (values, faults) = read_all(FileKind::Yaml, "? [x, {y: z}]\n: {b: [1]}\n? {k: v}\n: 2\nc: 3\n");
    assert_eq!(values[0], json!({"c": 3}));
    assert!(faults.iter().all(|fault| fault.what == What::KeyIsNoScalar) && faults.len() == 2, "{faults:?}");
}

#[test]
fn nothing_brings_the_parsers_down() {
    for text in [
        "",
        "{",
        "}",
        "\"",
        "[[[",
        "\u{e9}",
        "\"\\",
        "- ",
        "? ",
        "{a: *x}",
        "&a [*a]",
        "\u{feff}",
        "a: |",
        "---\n---\n",
    ] {
        for kind in [FileKind::Json, FileKind::Yaml] {
            let (tree, _) = read(&text.into(), kind);
            for at in tree.all() {
                tree.place(at);
                tree.pointer(at);
            }
        }
    }
}
