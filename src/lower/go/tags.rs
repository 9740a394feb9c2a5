//! Struct tags: what a field is called on the wire.

use std::sync::Arc;

use super::literals;
use crate::model::ir::{Codec, WireName};

/// What a struct tag says of a field.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    /// Names on the wire, by codec.
    pub(super) wire: Vec<WireName>,
    /// `json:"-"`.
    pub(super) skipped: bool,
    /// It has a name in JSON: an embedded struct is an object of its own then.
    pub(super) named: bool,
}

/// Reads a struct tag as `reflect.StructTag` does: `json:"product_id,omitempty" form:"product"`.
///
/// Code generated from protobuf has two names in JSON: the one of `encoding/json` in the `json` tag,
/// and the one of the protobuf mapping in the `protobuf` tag. The second counts: it is what protobuf's
/// own encoder writes, and what the contract says.
pub(super) fn read(source: &str) -> Tag {
    let text = literals::string(source);
    let mut tag = Tag::default();
    let mut names: [Option<String>; 3] = [None, None, None];
    let [json, protobuf, form] = &mut names;
    for (key, value) in pairs(&text) {
        let (name, options) = value.split_once(',').unwrap_or((&value, ""));
        match key {
            "json" if value == "-" => tag.skipped = true,
            "json" => {
                tag.named = !name.is_empty() && !options.split(',').any(|option| option == "inline");
                if json.is_none() && !name.is_empty() {
                    *json = Some(name.to_owned());
                }
            }
            "protobuf" => {
                let option = |key: &str| value.split(',').find_map(|option| option.strip_prefix(key));
                *protobuf = option("name=").map(str::to_owned);
                if let Some(name) = option("json=") {
                    *json = Some(name.to_owned());
                }
            }
            "form" | "url" | "schema" | "query" if !name.is_empty() && name != "-" => {
                form.get_or_insert_with(|| name.to_owned());
            }
            _ => {}
        }
    }
    let codecs = [Codec::Json, Codec::Protobuf, Codec::Form];
    tag.wire = codecs
        .into_iter()
        .zip(names)
        .filter_map(|(codec, name)| Some(WireName { codec, name: Arc::from(name?) }))
        .collect();
    tag
}

/// The keys and values of a tag; what follows a mistake is not read, as in Go.
fn pairs(text: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (key, after) = rest.trim_start_matches(' ').split_once(":\"")?;
        if key.is_empty() || key.contains([' ', '"', ':']) {
            return None;
        }
        let end = closing_quote(after)?;
        let value = after.get(..end)?;
        rest = after.get(end + 1..)?;
        Some((key, literals::unescape(value)))
    })
}

/// Where the first quote stands that is not escaped.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(source: &str) -> Vec<(Codec, String)> {
        read(source).wire.iter().map(|name| (name.codec, name.name.to_string())).collect()
    }

    #[test]
    fn json_and_form_tags_give_names_without_options() {
        let found = names(r#"`json:"product_id,omitempty" form:"product" yaml:"ignored"`"#);
        assert_eq!(found, [(Codec::Json, "product_id".to_owned()), (Codec::Form, "product".to_owned())]);
    }

    #[test]
    fn protobuf_tags_give_the_name_of_the_field_and_of_its_json_mapping() {
        let found = names(r#"`protobuf:"bytes,1,opt,name=user_id,json=userId,proto3" json:"user_id,omitempty"`"#);
        assert_eq!(found, [(Codec::Json, "userId".to_owned()), (Codec::Protobuf, "user_id".to_owned())]);
        let plain = names(r#"`protobuf:"varint,2,opt,name=id,proto3" json:"id,omitempty"`"#);
        assert_eq!(plain, [(Codec::Json, "id".to_owned()), (Codec::Protobuf, "id".to_owned())]);
    }

    #[test]
    fn a_dash_hides_a_field_and_a_dash_with_a_comma_names_it() {
        assert!(read(r#"`json:"-"`"#).skipped);
        assert_eq!(names(r#"`json:"-,"`"#), [(Codec::Json, "-".to_owned())]);
    }

    #[test]
    fn options_without_a_name_name_nothing() {
        let tag = read(r#"`json:",omitempty"`"#);
        assert!(tag.wire.is_empty() && !tag.skipped && !tag.named);
        assert!(!read(r#"`json:"meta,inline"`"#).named);
    }

    #[test]
    fn interpreted_tags_and_escapes_are_read() {
        assert_eq!(names(r#""json:\"a\"""#), [(Codec::Json, "a".to_owned())]);
        assert_eq!(names(r#"`x:"say \"json:\"" json:"b"`"#), [(Codec::Json, "b".to_owned())]);
    }

    #[test]
    fn broken_tags_give_what_stands_before_the_mistake() {
        assert_eq!(names("`json:\"a\" form`"), [(Codec::Json, "a".to_owned())]);
        for broken in ["`json:\"a`", "`json`", "`:\"a\"`", "`json: \"a\"`", "``", "`", ""] {
            assert!(names(broken).is_empty(), "{broken}");
        }
    }
}
