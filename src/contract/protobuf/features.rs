//! Features of editions, resolved over file, message, oneof and field; for proto2 and proto3 what
//! these mean.
//!
//! Source of the defaults: `google/protobuf/descriptor.proto`, `edition_defaults` of `FeatureSet`;
//! of the legacy options: protobuf.dev, "Feature Settings for Editions".

use super::text::ast::{Entry, OptionStatement, Value};
use crate::model::contract::{Features, Presence, Syntax};

/// What holds where a file says nothing.
pub(super) const fn defaults(syntax: Syntax) -> Features {
    match syntax {
        Syntax::Proto2 => Features {
            presence: Presence::Explicit,
            open_enum: false,
            packed: false,
            utf8: false,
            delimited: false,
            json: false,
        },
        Syntax::Proto3 => Features {
            presence: Presence::Implicit,
            open_enum: true,
            packed: true,
            utf8: true,
            delimited: false,
            json: true,
        },
        Syntax::Edition2023 | Syntax::Edition2024 | Syntax::EditionLater(_) => Features {
            presence: Presence::Explicit,
            open_enum: true,
            packed: true,
            utf8: true,
            delimited: false,
            json: true,
        },
    }
}

/// The features of an element: those of what it stands in, changed by its own options.
pub(super) fn resolve(inherited: Features, options: &[OptionStatement<'_>]) -> Features {
    let mut features = inherited;
    for option in options {
        match option.name.as_slice() {
            [name] if !name.is_extension && name.name.text == "features" => {
                if let Value::Message(entries) = &option.value {
                    entries
                        .iter()
                        .filter(|entry| !entry.is_extension)
                        .for_each(|entry| set_entry(&mut features, entry));
                }
            }
            [name, feature] if !name.is_extension && !feature.is_extension && name.name.text == "features" => {
                set(&mut features, &feature.name.text, &option.value);
            }
            [name] if !name.is_extension && name.name.text == "packed" => {
                if let Some(packed) = truth(&option.value) {
                    features.packed = packed;
                }
            }
            _ => {}
        }
    }
    features
}

fn set_entry(features: &mut Features, entry: &Entry<'_>) {
    set(features, &entry.name.text, &entry.value);
}

/// Sets one feature; what is not known changes nothing.
fn set(features: &mut Features, name: &str, value: &Value<'_>) {
    let word = match value {
        Value::Word(word) => &**word,
        // As a set writes it; the definition it was decoded with may be older than the value.
        Value::Integer { negative: false, magnitude: Some(number) } => word_of(name, *number),
        _ => return,
    };
    match (name, word) {
        ("field_presence", "EXPLICIT") => features.presence = Presence::Explicit,
        ("field_presence", "IMPLICIT") => features.presence = Presence::Implicit,
        ("field_presence", "LEGACY_REQUIRED") => features.presence = Presence::Required,
        ("enum_type", "OPEN" | "CLOSED") => features.open_enum = word == "OPEN",
        ("repeated_field_encoding", "PACKED" | "EXPANDED") => features.packed = word == "PACKED",
        ("utf8_validation", "VERIFY" | "NONE") => features.utf8 = word == "VERIFY",
        ("message_encoding", "DELIMITED" | "LENGTH_PREFIXED") => features.delimited = word == "DELIMITED",
        ("json_format", "ALLOW" | "LEGACY_BEST_EFFORT") => features.json = word == "ALLOW",
        _ => {}
    }
}

/// The name of a value of a feature by its number in `google.protobuf.FeatureSet`; empty if there is none.
fn word_of(name: &str, number: u64) -> &'static str {
    let words: &[&str] = match name {
        "field_presence" => &["", "EXPLICIT", "IMPLICIT", "LEGACY_REQUIRED"],
        "enum_type" => &["", "OPEN", "CLOSED"],
        "repeated_field_encoding" => &["", "PACKED", "EXPANDED"],
        "utf8_validation" => &["", "", "VERIFY", "NONE"],
        "message_encoding" => &["", "LENGTH_PREFIXED", "DELIMITED"],
        "json_format" => &["", "ALLOW", "LEGACY_BEST_EFFORT"],
        _ => &[],
    };
    usize::try_from(number).ok().and_then(|at| words.get(at)).copied().unwrap_or_default()
}

fn truth(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Word(word) => word.parse().ok(),
        _ => None,
    }
}
