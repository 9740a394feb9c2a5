//! The same texts mean the same to us and to the parsers that everybody uses.

use proptest::prelude::*;

use super::*;

fn key() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z]{1,6}", "[\\PC]{0,6}", "[ \\t\"'#:,{}\\[\\]&*!|>%@`~-]{1,4}", Just("200".to_owned())]
}

fn document() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no other", |number| number.is_finite()).prop_map(Value::from),
        key().prop_map(Value::from),
        "[\\PC\n]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 24, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..24).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..24).prop_map(|members| Value::Object(Map::from_iter(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn json_says_what_serde_json_wrote(value in document(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let (values, faults) = read_all(FileKind::Json, &text);
        prop_assert_eq!(faults, Vec::new());
        // Not what `serde_json` reads: without a feature of its own it is one digit off in some floats.
        prop_assert_eq!(&values[0], &value);
    }

    #[test]
    fn the_same_texts_are_json(value in document(), at in any::<prop::sample::Index>(), with in "[\\PC\\t\\n]{0,2}") {
        let mut characters: Vec<char> = value.to_string().chars().collect();
        let at = at.index(characters.len());
        characters.splice(at..=at, with.chars());
        let text: String = characters.into_iter().collect();
        // A number that no float holds and half a surrogate pair are somebody else's mistakes.
        let theirs = serde_json::from_str::<Value>(&text);
        prop_assume!(!theirs.as_ref().is_err_and(|error| error.to_string().contains("out of range") || error.to_string().contains("surrogate")));
        let ours = faults(FileKind::Json, &text);
        let is_broken = ours.iter().any(|fault| matches!(fault.what, What::Syntax { .. }));
        prop_assert_eq!(is_broken, theirs.is_err(), "{} {:?} {:?}", text, ours, theirs);
    }

    #[test]
    fn yaml_says_what_serde_yaml_says(value in document(), crlf: bool) {
        let mut text = serde_yaml::to_string(&value).unwrap();
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let theirs = serde_yaml::from_str::<Value>(&text);
        // Line ends in YAML 1.1, letters in 1.2.
        prop_assume!(theirs.is_ok() && !text.contains(['\u{85}', '\u{2028}', '\u{2029}']));
        let (values, faults) = read_all(FileKind::Yaml, &text);
        prop_assert!(faults.is_empty(), "{:?} in {}", faults, text);
        prop_assert_eq!(&values[0], &theirs.unwrap(), "{}", text);
    }
}
