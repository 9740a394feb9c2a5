//! Both parsers against `serde_json` and `serde_yaml`, and what broken texts still give.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::*;

mod against;
mod broken;

/// Everything in a value.
fn value(tree: &Tree, at: Index) -> Value {
    match tree.kind(at) {
        Kind::Null | Kind::Alias => Value::Null,
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        Kind::Number => tree.number(at).map_or(Value::Null, Value::Number),
        Kind::Text => Value::from(tree.written(at).unwrap()),
        Kind::List => tree.items(at).map(|item| value(tree, item)).collect(),
        Kind::Map => {
            let members = tree.members(at).map(|member| (tree.key(member).to_owned(), value(tree, member)));
            Value::Object(members.collect::<Map<_, _>>())
        }
    }
}

fn read_all(kind: FileKind, text: &str) -> (Vec<Value>, Vec<Fault>) {
    let (tree, faults) = read(&text.into(), kind);
    (tree.roots().iter().map(|root| value(&tree, *root)).collect(), faults)
}

fn first(kind: FileKind, text: &str) -> Value {
    read_all(kind, text).0.remove(0)
}

fn faults(kind: FileKind, text: &str) -> Vec<Fault> {
    read_all(kind, text).1
}

#[test]
fn yaml_and_json_give_the_same_tree() {
    let yaml = "a: {b: [1, 2.5, true, null, x]}\n200: y\n1.10: z\n";
    let json = r#"{"a": {"b": [1, 2.5, true, null, "x"]}, "200": "y", "1.10": "z"}"#;
    assert_eq!(first(FileKind::Yaml, yaml), first(FileKind::Json, json));
    assert_eq!(first(FileKind::Yaml, json), first(FileKind::Json, json));
}

#[test]
fn keys_are_text_as_it_is_written() {
    let text = "200: a\n0200: b\n1e3: c\nyes: d\non: e\ny: f\ntrue: g\n~: h\n0x1F: i\n1.10: j\n";
    let keys = ["200", "0200", "1e3", "yes", "on", "y", "true", "~", "0x1F", "1.10"];
    let (tree, faults) = read(&text.into(), FileKind::Yaml);
    assert_eq!(tree.members(tree.first()).map(|member| tree.key(member)).collect::<Vec<_>>(), keys);
    assert_eq!(faults, []);
}

#[test]
fn anchors_and_merge_keys_are_applied() {
    let text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 3}\nw: *x\nv: {<<: *x, <<: *y, '<<': 4}\n";
    let value = first(FileKind::Yaml, text);
    assert_eq!(value["z"], json!({"a": 3, "b": 1, "c": 2}));
    assert_eq!(value["w"], json!({"a": 1, "b": 1}));
    assert_eq!(value["v"], json!({"<<": 4, "a": 1, "b": 1, "c": 2}));
    assert_eq!(faults(FileKind::Yaml, text), []);
}

#[test]
fn merged_mappings_may_be_merged_themselves() {
    let text = "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b, z: 3}\n";
    assert_eq!(first(FileKind::Yaml, text)["c"], json!({"z": 3, "y": 2, "x": 1}));
}

#[test]
fn an_alias_of_what_it_stands_in_is_null() {
    for text in ["a: &a [*a]\n", "a: &a {b: *a}\n", "a: &a {<<: *a, b: 1}\n"] {
        let (values, faults) = read_all(FileKind::Yaml, text);
        assert_eq!(values.len(), 1, "{text}");
        assert!(matches!(faults.as_slice(), [Fault { what: What::UnknownAlias, .. }]), "{text}: {faults:?}");
    }
}

#[test]
fn tags_say_what_a_scalar_is() {
    let text = "a: !include x.yaml\nb: !t {c: 1}\nd: !!str 5\ne: !!int \"5\"\nf: ! 5\ng: !t\n  h: 1\n";
    let expected = json!({"a": "x.yaml", "b": {"c": 1}, "d": "5", "e": 5, "f": "5", "g": {"h": 1}});
    assert_eq!(first(FileKind::Yaml, text), expected);
}

#[test]
fn of_equal_keys_the_last_one_counts_and_both_places_are_told() {
    let many = (0..40).map(|at| format!("\"k{at}\": {at}, ")).collect::<Vec<_>>().concat();
    let text = format!("{{{many}\"k7\": \"again\"}}");
    for (kind, text, key) in [
        (FileKind::Json, r#"{"a":[0,{"b":1,"b":2}]}"#, "\"b\""),
        (FileKind::Yaml, "a: [0, {b: 1, 'b': 2}]", "b"),
        (FileKind::Json, &text, "\"k7\""),
    ] {
        let (values, faults) = read_all(kind, text);
        let [Fault { place, what: What::DuplicateKey { first, .. } }] = faults.as_slice() else { panic!("{faults:?}") };
        assert_eq!(first.start as usize, text.find(key).unwrap());
        assert!(place.start > first.start && text[place.start as usize..].contains(['2', 'g']));
        if kind == FileKind::Yaml {
            assert_eq!(values[0], json!({"a": [0, {"b": 2}]}));
        }
    }
    assert_eq!(first(FileKind::Json, &text)["k7"], "again");
    let (tree, _) = read(&text.as_str().into(), FileKind::Json);
    assert_eq!(tree.member(tree.first(), "k7").and_then(|at| tree.written(at)), Some("again"));
}

#[test]
fn numbers_of_any_size_are_read() {
    let text = "[99999999999999999999999, -1, 1.0, 1e400, 18446744073709551615]";
    let expected = json!([1e23, -1, 1.0, null, u64::MAX]);
    assert_eq!(first(FileKind::Json, text), expected);
    let (text, mut expected) = (text.replace("1e400", "1e30"), expected);
    expected[3] = json!(1e30);
    assert_eq!(first(FileKind::Yaml, &text.replace('[', "- ").replace(", ", "\n- ").replace(']', "\n")), expected);
    assert_eq!(first(FileKind::Yaml, "[.inf, -.INF, .nan]"), json!([null, null, null]));
}

#[test]
fn every_document_of_a_file_is_read() {
    let text = "a: &x 1\n---\nb: {c: 2}\n...\n---\n- d\n";
    assert_eq!(read_all(FileKind::Yaml, text).0, [json!({"a": 1}), json!({"b": {"c": 2}}), json!(["d"])]);
    let (tree, _) = read(&text.into(), FileKind::Yaml);
    let c = tree.step(tree.roots()[1], "b").and_then(|b| tree.step(b, "c")).unwrap();
    assert_eq!(tree.pointer(c), "#2/b/c");
    assert_eq!(read_all(FileKind::Yaml, "").0, [Value::Null]);
    assert_eq!(read_all(FileKind::Yaml, "# nothing\n").0, [Value::Null]);
}

#[test]
fn a_byte_order_mark_changes_nothing() {
    for (kind, text) in
        [(FileKind::Json, "{\"a\": 1}"), (FileKind::Yaml, "a: 1\nb: \u{e9}\n"), (FileKind::Yaml, "{a: 1}")]
    {
        let marked = format!("\u{feff}{text}");
        assert_eq!(read_all(kind, &marked), (read_all(kind, text).0, Vec::new()), "{text}");
        let (tree, _) = read(&marked.as_str().into(), kind);
        let a = tree.member(tree.first(), "a").unwrap();
        let place = tree.place(a);
        assert!(matches!(&marked[place.start as usize..place.end as usize], "a" | "\"a\""), "{text}");
    }
}

#[test]
fn large_collections_are_searched_like_small_ones() {
    let members: Vec<String> = (0..300).map(|at| format!("\"k{at}\": {at}")).collect();
    let items: Vec<String> = (0..300).map(|at| format!("[{at}]")).collect();
    let text = format!("{{\"m\": {{{}}}, \"l\": [{}]}}", members.join(","), items.join(","));
    let (tree, _) = read(&text.as_str().into(), FileKind::Json);
    for at in 0..300 {
        let found = tree.member(tree.first(), "m").and_then(|map| tree.member(map, &format!("k{at}"))).unwrap();
        assert_eq!(tree.written(found), Some(at.to_string().as_str()));
        let found = tree.member(tree.first(), "l").and_then(|list| tree.item(list, at)).unwrap();
        assert_eq!(tree.pointer(found), format!("/l/{at}"));
    }
    assert_eq!(tree.member(tree.member(tree.first(), "m").unwrap(), "k300"), None);
}
