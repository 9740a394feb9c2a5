//! Literals: text, numbers, runes.

/// The text of a string literal, quotes and escapes taken off.
pub(super) fn string(source: &str) -> String {
    if let Some(raw) = source.strip_prefix('`') {
        // Carriage returns are no part of a raw string (Go specification, "String literals").
        return raw.strip_suffix('`').unwrap_or(raw).replace('\r', "");
    }
    unescape(between(source, '"'))
}

/// The character of a rune literal, as text.
pub(super) fn rune(source: &str) -> String {
    unescape(between(source, '\''))
}

fn between(source: &str, quote: char) -> &str {
    let inner = source.strip_prefix(quote).unwrap_or(source);
    inner.strip_suffix(quote).unwrap_or(inner)
}

/// Replaces escapes. Bytes that are no UTF-8 together become the replacement character.
pub(super) fn unescape(source: &str) -> String {
    if !source.contains('\\') {
        return source.to_owned();
    }
    let mut bytes = Vec::with_capacity(source.len());
    let mut rest = source;
    while let Some((plain, escape)) = rest.split_once('\\') {
        bytes.extend_from_slice(plain.as_bytes());
        rest = unescape_one(escape, &mut bytes);
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Adds what one escape (its backslash taken off) stands for, and gives what follows it.
fn unescape_one<'s>(escape: &'s str, bytes: &mut Vec<u8>) -> &'s str {
    let mut letters = escape.chars();
    let Some(letter) = letters.next() else { return "" };
    let after = letters.as_str();
    let (digits, radix, rest) = match letter {
        'x' => (2, 16, after),
        'u' => (4, 16, after),
        'U' => (8, 16, after),
        '0'..='7' => (3, 8, escape),
        _ => {
            push(bytes, simple_escape(letter));
            return after;
        }
    };
    let Some(value) = rest.get(..digits).and_then(|digits| u32::from_str_radix(digits, radix).ok()) else {
        push(bytes, letter);
        return after;
    };
    match letter {
        // `\xe2\x82\xac` and `\342\202\254` are bytes of UTF-8 text.
        'x' | '0'..='7' => bytes.extend(u8::try_from(value)),
        _ => push(bytes, char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
    rest.get(digits..).unwrap_or_default()
}

fn simple_escape(letter: char) -> char {
    match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        other => other,
    }
}

fn push(bytes: &mut Vec<u8>, letter: char) {
    bytes.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// A whole number; one that does not fit is the greatest.
pub(super) fn int(source: &str) -> i64 {
    let plain = source.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = if let Some(digits) = plain.strip_prefix("0x") {
        (digits, 16)
    } else if let Some(digits) = plain.strip_prefix("0b") {
        (digits, 2)
    } else if let Some(digits) = plain.strip_prefix("0o") {
        (digits, 8)
    } else if let Some(digits) = plain.strip_prefix('0').filter(|digits| !digits.is_empty()) {
        (digits, 8)
    } else {
        (plain.as_str(), 10)
    };
    i64::from_str_radix(digits, radix).unwrap_or(i64::MAX)
}

/// A number with a fraction or exponent. Hexadecimal ones are not told apart by anything later.
pub(super) fn float(source: &str) -> f64 {
    source.replace('_', "").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_unescaped() {
        assert_eq!(string(r#""a\"b\n\u00e4\xc3\xa4\303\244\U0001F600\\""#), "a\"b\näää😀\\");
        assert_eq!(string("`a\\n\r\nb`"), "a\\n\nb");
        assert_eq!(rune(r"'\''"), "'");
        assert_eq!(rune("'ä'"), "ä");
    }

    #[test]
    fn broken_escapes_stay_readable() {
        for (source, text) in [
            (r#""\xz""#, "xz"),
            (r#""\u12""#, "u12"),
            (r#""\"#, ""),
            (r#""\xä""#, "xä"),
            (r#""\xff""#, "\u{fffd}"),
            (r#""\ud800""#, "\u{fffd}"),
        ] {
            assert_eq!(string(source), text, "{source}");
        }
    }

    #[test]
    fn numbers_of_all_bases_are_read() {
        assert_eq!(
            [int("0x1F"), int("0b1_1"), int("0o17"), int("017"), int("1_000"), int("0")],
            [31, 3, 15, 15, 1000, 0]
        );
        assert_eq!(int("99999999999999999999"), i64::MAX);
        assert!((float("1_0.5e1") - 105.0).abs() < f64::EPSILON);
    }
}
