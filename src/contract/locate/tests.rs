//! Every pointer's range is the key it names, in every style of writing.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::document::pointer;
use crate::model::source::FileKind;
use crate::model::source::Revision;

/// The texts at these pointers.
fn texts<'t>(kind: FileKind, text: &'t str, pointers: &[&str]) -> Vec<&'t str> {
    let file = SourceFile::new("a", Revision::Head, kind, text);
    let ranges = in_file(&file, pointers.iter().copied());
    ranges.into_iter().map(|(start, end)| &text[start as usize..end as usize]).collect()
}

fn yaml<'t>(text: &'t str, pointers: &[&str]) -> Vec<&'t str> {
    texts(FileKind::Yaml, text, pointers)
}

#[test]
fn keys_items_and_documents_have_their_tokens() {
    let text = "# note\na:\n  - x\n  - b: 1\n  - [p, q]\n'c/d': {\"e~f\": 2}\n";
    assert_eq!(
        yaml(text, &["", "/a", "/a/0", "/a/1", "/a/1/b", "/a/2", "/a/2/1", "/c~1d", "/c~1d/e~0f"]),
        ["a", "a", "x", "b", "b", "[", "q", "'c/d'", "\"e~f\""]
    );
    let json = "{\"a\": [\"x\", {\"b\": 1}],\t\"c/d\": {\"e~f\": 2}, \"\\u00e4\\\"\": [true]}";
    assert_eq!(
        texts(FileKind::Json, json, &["", "/a", "/a/0", "/a/1", "/a/1/b", "/c~1d/e~0f", "/ä\"", "/ä\"/0"]),
        ["{", "\"a\"", "\"x\"", "{", "\"b\"", "\"e~f\"", "\"\\u00e4\\\"\"", "true"]
    );
}

#[test]
fn an_unknown_pointer_is_its_nearest_ancestor() {
    assert_eq!(yaml("a:\n  b: 1\n", &["/a/x/y", "/a/b/c", "/z", "/a/b"]), ["a", "b", "a", "b"]);
    assert_eq!(
        texts(FileKind::Json, "{\"a\": {\"b\": [1]}}", &["/a/x", "/a/b/7", "/a/b/01"]),
        ["\"a\"", "\"b\"", "\"b\""]
    );
}

#[test]
fn aliases_and_merge_keys_lead_to_where_the_text_is() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\none: *b\ntwo: {<<: [*b, *m], w: 5}\nthree: {<<: *b, x: 6}\nlist: [*b]\n";
    let wanted = ["/one/x", "/two/y", "/two/z", "/two/w", "/three/x", "/list/0", "/list/0/y"];
    let file = SourceFile::new("a", Revision::Head, FileKind::Yaml, text);
    let starts: Vec<usize> = in_file(&file, wanted.into_iter()).iter().map(|range| range.0 as usize).collect();
    let of = |needle: &str| text.find(needle).unwrap();
    assert_eq!(starts, [of("x: 1"), of("y: 2"), of("z: 4"), of("w: 5"), of("x: 6"), of("*b]\n"), of("y: 2")]);
}

#[test]
fn of_equal_keys_the_last_one_is_meant() {
    for (kind, text) in
        [(FileKind::Json, "{\"a\": {\"b\": 1}, \"a\": {\"b\": 2}}"), (FileKind::Yaml, "a: {b: 1}\na: {b: 2}\n")]
    {
        let file = SourceFile::new("a", Revision::Head, kind, text);
        let found = in_file(&file, ["/a", "/a/b"].into_iter());
        assert_eq!(found[0].0 as usize, text.rfind("a\"").map_or_else(|| text.rfind('a').unwrap(), |at| at - 1));
        assert!(found[1].0 > found[0].0);
    }
}

#[test]
fn line_ends_comments_and_wide_characters_do_not_shift_anything() {
    let text = "\u{e9}t\u{e9}: 1 # caf\u{e9}\r\nblock: |\r\n  \u{1f600} text\r\n\r\n  more\r\nfolded: >-\r\n  a\r\n  b\r\n\"q\\u00e9z\": {'it''s': [\u{1f600}, x]}\r\nlast: 2\r\n";
    assert_eq!(
        yaml(text, &["/\u{e9}t\u{e9}", "/block", "/folded", "/last", "/q\u{e9}z/it's", "/q\u{e9}z/it's/1"]),
        ["\u{e9}t\u{e9}", "block", "folded", "last", "'it''s'", "x"]
    );
}

#[test]
fn keys_that_are_no_text_and_complex_keys_are_passed() {
    let text = "200: a\n? [x, y]\n: {b: 1}\n~: c\ntrue: d\n? long\n: e\n&k key: f\n";
    assert_eq!(yaml(text, &["/200", "/~0", "/true", "/long", "/key"]), ["200", "~", "true", "long", "key"]);
}

#[test]
fn broken_text_keeps_what_came_before() {
    assert_eq!(yaml("a:\n  b: 1\n  c: [\nd: }\n", &["/a/b", "/d"]), ["b", "a"]);
    assert_eq!(texts(FileKind::Json, "{\"a\": {\"b\": 1, \"c\": \"x", &["/a/b", "/d"]), ["\"b\"", "{"]);
    for text in ["", "{", "}", "\"", "[[[", "\u{e9}", "\"\\", "- ", "? ", "{a: *x}", "&a [*a]"] {
        texts(FileKind::Json, text, &["/a/b", "", "/0/0/0"]);
        texts(FileKind::Yaml, text, &["/a/b", "", "/0/0/0"]);
    }
}

#[test]
fn many_places_are_found_as_one_by_one() {
    let mut sources = Sources::default();
    let file = sources.push(SourceFile::new("a", Revision::Head, FileKind::Yaml, "a: {b: [c, d]}\ne: f\n"));
    let other = sources.push(SourceFile::new("b", Revision::Head, FileKind::Json, "{\"a\": 1}"));
    let at = |file, pointer: &str| Site::Pointer { file, pointer: pointer.into() };
    let sites =
        [at(file, "/a/b/1"), at(other, "/a"), Site::Span(Span::new(file, 3, 4)), at(file, "/a/b/1"), at(file, "/e")];
    let together = locate_all(&sources, &sites);
    assert_eq!(together, sites.iter().map(|site| locate(&sources, site)).collect::<Vec<_>>());
    let texts: Vec<_> = together.iter().map(|span| sources.text(*span)).collect();
    assert_eq!(texts, ["d", "\"a\"", "{", "d", "e"]);
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,6}",
        "/[a-z]{1,4}/\\{[a-z]{1,3}\\}",
        "x-[a-z~/]{1,5}",
        "[\\PC]{1,6}",
        Just("200".to_owned()),
        Just("<".to_owned()),
        Just("a: b # c".to_owned()),
    ]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(Value::from),
        "[\\PC\n]{0,12}".prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..6).prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    });
    prop::collection::vec((key(), tree), 1..5).prop_map(|members| Value::Object(Map::from_iter(members)))
}

/// Every pointer of a value with the key or item it names.
fn pointers(value: &Value, at: &str, found: &mut Vec<(String, Option<String>)>) {
    match value {
        Value::Object(members) => {
            for (key, inner) in members {
                let place = pointer::child(at, key);
                found.push((place.clone(), Some(key.clone())));
                pointers(inner, &place, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let place = pointer::child(at, &index.to_string());
                found.push((place.clone(), None));
                pointers(inner, &place, found);
            }
        }
        _ => {}
    }
}

/// YAML in flow style with every string quoted, and much space.
fn flow(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            text.push_str("{ # \u{e9}\n ");
            for (key, inner) in members {
                let _ = write!(text, "{} :\n   ", Value::from(key.as_str()));
                flow(inner, text);
                text.push_str(" ,\n ");
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push_str("[\n ");
            for inner in items {
                flow(inner, text);
                text.push_str(" , ");
            }
            text.push(']');
        }
        scalar => {
            let _ = write!(text, "{scalar}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_pointer_is_where_its_key_is(value in document(), style in 0..5) {
        let (kind, text) = match style {
            0 => (FileKind::Json, serde_json::to_string(&value).unwrap()),
            1 => (FileKind::Json, serde_json::to_string_pretty(&value).unwrap().replace("  ", "\t")),
            2 => (FileKind::Yaml, serde_yaml::to_string(&value).unwrap()),
            3 => (FileKind::Yaml, serde_yaml::to_string(&value).unwrap().replace('\n', "\r\n")),
            _ => {
                let mut text = String::new();
                flow(&value, &mut text);
                (FileKind::Yaml, text)
            }
        };
        // Where replacing or a parser's own limits changed the document, it is another one.
        let again = match kind {
            FileKind::Json => serde_json::from_str::<Value>(&text).ok(),
            _ => serde_yaml::from_str::<Value>(&text).ok(),
        };
        prop_assume!(again.as_ref() == Some(&value));
        let mut wanted = Vec::new();
        pointers(&value, "", &mut wanted);
        let file = SourceFile::new("a", Revision::Head, kind, text.as_str());
        let ranges = in_file(&file, wanted.iter().map(|(place, _)| place.as_str()));
        for ((place, key), (start, end)) in wanted.iter().zip(ranges) {
            let found = &text[start as usize..end as usize];
            if let Some(key) = key {
                let again = serde_yaml::from_str::<serde_yaml::Value>(found).map(|value| match value {
                    serde_yaml::Value::String(text) => text,
                    _ => found.to_owned(),
                });
                let is_key = found == key || again.is_ok_and(|text| &text == key)
                    || serde_json::from_str::<String>(found).is_ok_and(|text| &text == key);
                prop_assert!(is_key, "{place}: {found:?} in {text}");
            }
        }
    }
}
