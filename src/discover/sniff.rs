//! Is this YAML or JSON an OpenAPI document? Told from its first bytes, without parsing it: a tree
//! may hold a hundred thousand such files, and few of them are contracts.
//!
//! A document is one if its top mapping has the key `openapi` or `swagger` with a value like a
//! version. The key may stand anywhere (generators sort keys), so a first part without it decides
//! only together with the first key: no OpenAPI document starts with, say, `apiVersion`.

use crate::model::source::FileKind;

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is an OpenAPI document.
    Contract,
    /// It may be one; the version key would come later.
    Perhaps,
    /// It is something else.
    Other,
}

/// Keys by which an OpenAPI document (2.0 to 3.2) may start, beside extensions.
const TOP_KEYS: &[&str] = &[
    "$self",
    "basePath",
    "components",
    "consumes",
    "definitions",
    "externalDocs",
    "host",
    "info",
    "jsonSchemaDialect",
    "openapi",
    "parameters",
    "paths",
    "produces",
    "responses",
    "schemes",
    "security",
    "securityDefinitions",
    "servers",
    "swagger",
    "tags",
    "webhooks",
];

/// Whether the first bytes of a binary file are those of a compiled set of `.proto` files: the field 1
/// of `google.protobuf.FileDescriptorSet`, which starts with the field 1 of a file, its path.
pub(super) fn is_descriptor_set(bytes: &[u8]) -> bool {
    const FIRST_FIELD: u8 = 1 << 3 | 2;
    let length = |bytes: &[u8]| {
        let at = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)?;
        let value = (0..=at).rev().fold(0_usize, |value, at| value << 7 | usize::from(bytes[at] & 0x7F));
        Some((value, at + 1))
    };
    let path = || {
        let file = bytes.strip_prefix(&[FIRST_FIELD])?;
        let (_, prefix) = length(file)?;
        let name = file.get(prefix..)?.strip_prefix(&[FIRST_FIELD])?;
        let (size, prefix) = length(name)?;
        name.get(prefix..prefix.checked_add(size)?)
    };
    path().is_some_and(|path| path.ends_with(b".proto"))
}

/// Judges the first bytes of a document; `whole`: there are no more.
pub(super) fn sniff(bytes: &[u8], kind: FileKind, whole: bool) -> Verdict {
    if is_utf16(bytes) {
        // To be told that it cannot be read, it must be recognised first.
        let ascii: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, 0 | 0xFE | 0xFF)).collect();
        return sniff(&ascii, kind, whole);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = bytes.trim_ascii_start().first();
    let (version, starts_like_one) =
        if kind == FileKind::Json || first == Some(&b'{') { json(bytes) } else { yaml(bytes) };
    match (version, starts_like_one && !whole) {
        (true, _) => Verdict::Contract,
        (false, true) => Verdict::Perhaps,
        (false, false) => Verdict::Other,
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF")
}

fn names_version(key: &[u8]) -> bool {
    key == b"openapi" || key == b"swagger"
}

fn may_start(key: &[u8]) -> bool {
    key.starts_with(b"x-") || TOP_KEYS.iter().any(|known| known.as_bytes() == key)
}

/// Whether this is the line by which a service configuration says what it is; it gives rpcs of
/// protobuf contracts their HTTP paths.
fn names_service(key: &[u8], value: &[u8]) -> bool {
    key == b"type" && value.trim_ascii() == b"google.api.Service"
}

/// Whether a value that starts here is a version: `3.0.3`, `"2.0"`.
fn is_version(value: &[u8]) -> bool {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    value.first().is_some_and(u8::is_ascii_digit)
}

/// Whether the top mapping has a version, and whether its first key may start a document. Block
/// style: keys of the top mapping stand in the column of the first one.
fn yaml(bytes: &[u8]) -> (bool, bool) {
    let mut keys = bytes.split(|byte| *byte == b'\n').filter_map(yaml_key);
    let Some((column, first, value)) = keys.next() else { return (false, true) };
    let is_ours = |key: &[u8], value: &[u8]| (names_version(key) && is_version(value)) || names_service(key, value);
    let found = is_ours(first, value) || keys.any(|(at, key, value)| at == column && is_ours(key, value));
    (found, may_start(first))
}

/// Column, key, and what follows the colon. Comments, markers and directives have none.
fn yaml_key(line: &[u8]) -> Option<(usize, &[u8], &[u8])> {
    let text = line.trim_ascii_start();
    if text.is_empty() || matches!(text.first(), Some(b'#' | b'%')) || text.starts_with(b"---") {
        return None;
    }
    let colon = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    let (key, rest) = text.split_at(colon);
    let key = key.trim_ascii();
    let unquoted = [b'"', b'\''].iter().find_map(|quote| key.strip_prefix(&[*quote])?.strip_suffix(&[*quote]));
    Some((line.len() - text.len(), unquoted.unwrap_or(key), rest.get(1..).unwrap_or_default()))
}

/// The same for JSON: keys at depth one.
fn json(bytes: &[u8]) -> (bool, bool) {
    let (mut depth, mut at, mut first) = (0usize, 0usize, None);
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                let end = string_end(bytes, at);
                let text = bytes.get(at..end).unwrap_or_default();
                at = end.saturating_add(1);
                let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
                let Some(value) = rest.strip_prefix(b":").filter(|_| depth == 1) else { continue };
                if names_version(text) && is_version(value) {
                    return (true, true);
                }
                first.get_or_insert(text);
            }
            _ => {}
        }
    }
    (false, first.is_none_or(may_start))
}

/// Where the string that starts at `at` ends: the index of its closing quote, or the end of input.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml_part(text: &str) -> Verdict {
        sniff(text.as_bytes(), FileKind::Yaml, false)
    }

    fn json_part(text: &str) -> Verdict {
        sniff(text.as_bytes(), FileKind::Json, false)
    }

    #[test]
    fn the_version_key_of_the_top_mapping_decides() {
        for text in [
            "openapi: 3.0.3\n",
            "# by hand\n---\n'swagger': \"2.0\"\r\n",
            "info:\n  title: x\nopenapi : '3.1.0'\n",
            "{openapi-like: 1, \"openapi\": \"3.0.0\"}",
            "\u{feff}openapi: 3.0.0",
        ] {
            assert_eq!(yaml_part(text), Verdict::Contract, "{text}");
        }
        assert_eq!(json_part("{ \"a\": {}, \"swagger\" :\n \"2.0\"}"), Verdict::Contract);
    }

    #[test]
    fn the_same_key_elsewhere_is_not_one() {
        assert_eq!(yaml_part("dependencies:\n  openapi: 1.2.3\n"), Verdict::Other);
        assert_eq!(yaml_part("swagger:\n  enabled: true\n"), Verdict::Perhaps);
        assert_eq!(sniff(b"swagger:\n  enabled: true\n", FileKind::Yaml, true), Verdict::Other);
        assert_eq!(json_part(r#"{"packages": {"swagger": "0.7.5"}}"#), Verdict::Other);
        assert_eq!(json_part(r#"{"name": "\"openapi\": 3"}"#), Verdict::Other);
    }

    #[test]
    fn a_first_part_that_may_go_on_to_a_version_is_not_given_up() {
        assert_eq!(json_part(r#"{"components": {"schemas": {"#), Verdict::Perhaps);
        assert_eq!(yaml_part("x-common: &c\n  a: 1\n"), Verdict::Perhaps);
        assert_eq!(yaml_part("apiVersion: v1\nkind: Service\n"), Verdict::Other);
    }

    #[test]
    fn utf_16_is_recognised_so_that_its_loss_is_told() {
        let utf16: Vec<u8> = "\u{feff}openapi: 3.0.0".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&utf16, FileKind::Yaml, true), Verdict::Contract);
    }

    #[test]
    fn no_bytes_make_it_panic() {
        for text in ["", "{", "\"", "{\"", "{\"a\\", "}}}", ":", "'", "\"\\", "{\"openapi\""] {
            let _ = (yaml_part(text), json_part(text));
        }
    }
}
