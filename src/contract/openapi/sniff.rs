//! Which files claim to be OpenAPI documents, told from their bytes, without parsing them.

use crate::model::source::{FileKind, SourceFile};

/// The keys that make a file an OpenAPI document.
const KEYS: [&str; 2] = ["openapi", "swagger"];

/// Whether a file looks like an OpenAPI document: a key `openapi` or `swagger` at its top level with
/// a version number behind it. Parsing decides; this only saves parsing the rest of a repository.
pub(super) fn is_candidate(file: &SourceFile) -> bool {
    let text = &*file.text;
    match file.kind {
        FileKind::Json => in_braces(text),
        FileKind::Yaml if first_token(text) == Some('{') => in_braces(text),
        FileKind::Yaml => in_block(text),
        _ => false,
    }
}

/// The first character of a YAML text that is neither space, comment nor document start.
fn first_token(text: &str) -> Option<char> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().map(str::trim_start);
    let mut content =
        lines.filter(|line| !(line.is_empty() || line.starts_with(['#', '%']) || line.starts_with("---")));
    content.next()?.chars().next()
}

/// Block style: a line that starts with the key, as far to the right as the first key does.
fn in_block(text: &str) -> bool {
    let says_key = |text: &str| KEYS.iter().any(|key| after_key(text, key).is_some_and(is_version));
    if !KEYS.iter().any(|key| text.contains(key)) {
        return false;
    }
    let mut column = None;
    for line in text.strip_prefix('\u{feff}').unwrap_or(text).lines() {
        // Another document, which may stand somewhere else.
        if let Some(rest) = line.strip_prefix("---") {
            column = None;
            if says_key(rest.trim_start()) {
                return true;
            }
            continue;
        }
        let content = line.trim_start_matches(' ');
        if content.is_empty() || content.starts_with(['#', '%']) {
            continue;
        }
        let indent = line.len() - content.len();
        if *column.get_or_insert(indent) == indent && says_key(content) {
            return true;
        }
    }
    false
}

/// JSON, or YAML in flow style: the key one level deep.
fn in_braces(text: &str) -> bool {
    if !KEYS.iter().any(|key| text.contains(key)) {
        return false;
    }
    let bytes = text.as_bytes();
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let starts_key = matches!(byte, b'"' | b'\'' | b'o' | b's');
        if depth == 1 && starts_key && KEYS.iter().any(|key| after_key(&text[at..], key).is_some_and(is_version)) {
            return true;
        }
        at = if matches!(byte, b'"') { end_of_string(bytes, at) } else { at + 1 };
    }
    false
}

/// The index behind a JSON string that starts at `at`.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    loop {
        match bytes.get(at) {
            None | Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

/// What follows `key:` at the start of `text`, the key plain or quoted.
fn after_key<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let inner = quote.map_or(text, |_| &text[1..]).strip_prefix(key)?;
    let inner = match quote {
        Some(quote) => inner.strip_prefix(quote)?,
        None => inner,
    };
    inner.trim_start().strip_prefix(':').map(str::trim_start)
}

/// Whether a value starts like a version, quoted or not.
fn is_version(value: &str) -> bool {
    value.trim_start_matches(['"', '\'']).starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Revision;

    fn candidate(kind: FileKind, text: &str) -> bool {
        is_candidate(&SourceFile::new("a", Revision::Head, kind, text))
    }

    #[test]
    fn documents_of_every_style_are_seen() {
        for text in [
            "openapi: 3.0.3\n",
            "# note\ninfo: {}\r\n'openapi' : \"3.1.0\"\r\n",
            "swagger: '2.0'",
            "--- \nopenapi: 3.0.0",
            "a: 1\n---\nopenapi: 3.0.0\n",
            "  info: {}\n  openapi: 3.0.0\n",
            "\u{feff}openapi: 3.0.0\n",
            "# c\n---\n{info: {title: x}, openapi: 3.0.0}",
        ] {
            assert!(candidate(FileKind::Yaml, text), "{text}");
        }
        assert!(candidate(FileKind::Json, r#"{"info":{"title":"\"}"},"openapi" : "3.0.0"}"#));
        assert!(candidate(FileKind::Json, "{\n\t\"swagger\":\"2.0\"}"));
    }

    #[test]
    fn other_files_are_left_alone() {
        for text in ["openapi: ./api.yaml\n", "a:\n  openapi: 3.0.0\n", "openapiGenerator: 1\n", "# openapi: 3.0.0"] {
            assert!(!candidate(FileKind::Yaml, text), "{text}");
        }
        assert!(!candidate(FileKind::Json, r#"{"a":{"openapi":"3.0.0"},"b":"\"openapi\":\"3\""}"#));
        assert!(!candidate(FileKind::Json, r#"{"dependencies":{"openapi":"1"}}"#));
        assert!(!candidate(FileKind::Manifest, r#"{"openapi":"3.0.0"}"#));
    }
}
