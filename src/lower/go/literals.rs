//! Literals and struct tags.

use std::sync::Arc;

use crate::model::ir::{Codec, WireName};

/// The text of a string literal, quotes and escapes taken off.
pub(super) fn string(source: &str) -> String {
    if let Some(raw) = source.strip_prefix('`') {
        return raw.strip_suffix('`').unwrap_or(raw).replace('\r', "");
    }
    let inner = source.strip_prefix('"').unwrap_or(source);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut bytes = Vec::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            flush(&mut bytes, &mut text);
            text.push(letter);
            continue;
        }
        match letters.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('x') => bytes.extend(number(&mut letters, 2, 16).and_then(|value| u8::try_from(value).ok())),
            Some('u') => text.extend(number(&mut letters, 4, 16).and_then(char::from_u32)),
            Some('U') => text.extend(number(&mut letters, 8, 16).and_then(char::from_u32)),
            Some(other) => text.push(other),
            None => {}
        }
    }
    flush(&mut bytes, &mut text);
    text
}

/// `\xe2\x82\xac` is bytes of UTF-8 text.
fn flush(bytes: &mut Vec<u8>, text: &mut String) {
    if !bytes.is_empty() {
        text.push_str(&String::from_utf8_lossy(bytes));
        bytes.clear();
    }
}

fn number(letters: &mut std::str::Chars<'_>, digits: usize, radix: u32) -> Option<u32> {
    let text: String = letters.by_ref().take(digits).collect();
    u32::from_str_radix(&text, radix).ok()
}

/// A whole number; one that does not fit is the greatest.
pub(super) fn int(source: &str) -> i64 {
    let plain: String = source.chars().filter(|letter| *letter != '_').collect::<String>().to_ascii_lowercase();
    let (digits, radix) = match plain.get(..2) {
        Some("0x") => (&plain[2..], 16),
        Some("0b") => (&plain[2..], 2),
        Some("0o") => (&plain[2..], 8),
        _ if plain.len() > 1 && plain.starts_with('0') => (&plain[1..], 8),
        _ => (plain.as_str(), 10),
    };
    i64::from_str_radix(digits, radix).unwrap_or(i64::MAX)
}

/// What a struct tag says of a field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) wire: Vec<WireName>,
    /// `json:"-"`.
    pub(super) skipped: bool,
    /// `json:",inline"`, or no name at all: an embedded struct stays embedded.
    pub(super) unnamed: bool,
}

/// Reads a struct tag: `json:"product_id,omitempty" protobuf:"bytes,1,opt,name=product_id"`
/// (reflect.StructTag).
pub(super) fn tag(source: &str) -> Tag {
    let text = string(source);
    let mut tag = Tag { unnamed: true, ..Tag::default() };
    let mut rest = text.trim_start();
    while let Some((key, after)) = rest.split_once(":\"") {
        let Some((value, after)) = quoted(after) else { break };
        read(&mut tag, key.trim(), &value);
        rest = after.trim_start();
    }
    tag.wire.sort();
    tag.wire.dedup_by(|left, right| left.codec == right.codec);
    tag
}

/// A value up to its closing quote.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some((text[..at].replace("\\\"", "\""), &text[at + 1..])),
            _ => escaped = false,
        }
    }
    None
}

fn read(tag: &mut Tag, key: &str, value: &str) {
    let (name, options) = value.split_once(',').unwrap_or((value, ""));
    let mut add = |codec, name: &str| {
        if !name.is_empty() {
            tag.wire.push(WireName { codec, name: Arc::from(name) });
        }
    };
    match key {
        "json" if value == "-" => tag.skipped = true,
        "json" => {
            add(Codec::Json, name);
            tag.unnamed = name.is_empty() || options.contains("inline");
        }
        "form" | "url" | "schema" | "query" => add(Codec::Form, name),
        "protobuf" => {
            for option in value.split(',') {
                if let Some(name) = option.strip_prefix("name=") {
                    add(Codec::Protobuf, name);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(tag: &Tag) -> Vec<(Codec, &str)> {
        tag.wire.iter().map(|name| (name.codec, &*name.name)).collect()
    }

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(string(r#""a\"b\n\u00e4\xc3\xa4""#), "a\"b\nää");
        assert_eq!(string("`a\\n`"), "a\\n");
    }

    #[test]
    fn numbers_of_all_bases_are_read() {
        assert_eq!([int("0x1F"), int("0b11"), int("0o17"), int("017"), int("1_000")], [31, 3, 15, 15, 1000]);
        assert_eq!(int("99999999999999999999"), i64::MAX);
    }

    #[test]
    fn tags_give_names_on_the_wire() {
        let tag = tag(r#"`protobuf:"bytes,1,opt,name=user_id,json=userId,proto3" json:"user_id,omitempty"`"#);
        assert_eq!(names(&tag), [(Codec::Json, "user_id"), (Codec::Protobuf, "user_id")]);
    }

    #[test]
    fn a_dash_hides_a_field_and_a_missing_name_does_not() {
        assert!(tag(r#"`json:"-"`"#).skipped);
        let empty = tag(r#"`json:",omitempty"`"#);
        assert!(!empty.skipped && empty.wire.is_empty());
    }
}
