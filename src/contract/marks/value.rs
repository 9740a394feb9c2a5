//! What the value of a mark says: yes, no, a certain word, a class.

use serde_json::Value;

/// Keys under which the object form of a mark says how sensitive the element is.
const LEVEL_KEYS: &[&str] = &["sensitivity", "classification", "level", "sensitive", "enabled", "value"];

/// Keys under which the object form of a mark names its class.
const CLASS_KEYS: &[&str] = &["category", "class", "type", "kind", "sensitivity", "classification", "level", "value"];

/// Keys under which the object form of a deprecation may take it back.
const DEPRECATION_KEYS: &[&str] = &["deprecated", "isDeprecated", "enabled", "value"];

/// Whether a value, a member of it, or an item of it is this text; `wanted` is in lower case.
pub(super) fn says(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| scalar_is(item, wanted)),
        Value::Object(members) => members.values().any(|member| scalar_is(member, wanted)),
        scalar => scalar_is(scalar, wanted),
    }
}

fn scalar_is(value: &Value, wanted: &str) -> bool {
    match value {
        Value::String(text) if text.is_ascii() => text.eq_ignore_ascii_case(wanted),
        Value::String(text) => text.to_lowercase() == wanted,
        Value::Bool(yes) => (if *yes { "true" } else { "false" }) == wanted,
        Value::Number(number) => number.to_string() == wanted,
        _ => false,
    }
}

/// Whether the value of a mark says "this is so".
pub(super) fn is_yes(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => false,
        Value::Bool(true) => true,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !is_harmless(text),
        Value::Array(items) => items.iter().any(is_yes),
        Value::Object(members) => LEVEL_KEYS.iter().filter_map(|key| members.get(*key)).all(is_yes),
    }
}

/// Whether the value of a deprecation says so: `true`, or the reason, version, day or replacement
/// that people write in its stead.
pub(super) fn says_deprecated(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !matches!(text.trim().to_ascii_lowercase().as_str(), "" | "false" | "no" | "none" | "0"),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => {
            let mut said = DEPRECATION_KEYS.iter().filter_map(|key| members.get(*key));
            said.all(says_deprecated)
        }
    }
}

/// Whether a word names a level that needs no protection: `public`, `Internal`, `none`,
/// `SENSITIVITY_UNSPECIFIED`, `not_sensitive`. A `not` before it turns that round.
fn is_harmless(text: &str) -> bool {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    let Some((last, before)) = words.split_last() else { return true };
    let harmless = matches!(
        last.as_str(),
        "public" | "internal" | "false" | "no" | "none" | "off" | "0" | "unspecified" | "unknown" | "unclassified"
    );
    let denied = before.last().is_some_and(|word| word == "non" || word == "not");
    harmless != denied
}

/// The words of a value that may name a class.
pub(super) fn class_words(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        Value::Object(members) => CLASS_KEYS.iter().filter_map(|key| members.get(*key)?.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// A mark as it is shown: `deprecated`, `x-pii: true`, `x-data-classification: {"category":"PII"}`.
#[must_use]
pub fn written(key: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{key}: {text}"),
        other => format!("{key}: {other}"),
    }
}
