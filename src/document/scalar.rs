//! What a plain YAML scalar means: the core schema of YAML 1.2, section 10.3.
//!
//! `yes`, `on` and `0200` are text, as they are to `serde_yaml`; most people who write them in a
//! contract mean text.

use serde_json::Number;

use super::tree::Kind;

/// What an unquoted scalar is.
pub(super) fn kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::True,
        "false" | "False" | "FALSE" => Kind::False,
        _ if is_number(text) => Kind::Number,
        _ => Kind::Text,
    }
}

/// Whether a scalar is a number. `.inf` and `.nan` are.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    if !bytes.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'.') {
        return false;
    }
    if let Some((digits, radix)) = with_radix(unsigned) {
        // Longer ones are hashes and addresses, which must not lose a digit.
        return digits.starts_with(|c: char| c.is_digit(radix)) && u64::from_str_radix(digits, radix).is_ok();
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    // `0200` and `007` are identifiers and codes.
    let is_padded = bytes.len() > 1 && bytes.iter().all(u8::is_ascii_digit) && bytes.starts_with(b"0");
    // A commit such as `3463754e3540884` is no number either.
    !is_padded && is_decimal(bytes) && unsigned.parse().is_ok_and(f64::is_finite)
}

/// `1`, `1.5`, `.5`, `1.`, `1e3`
fn is_decimal(bytes: &[u8]) -> bool {
    let digits = |from: usize| bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(0);
    let mut at = whole;
    let mut fraction = 0;
    if bytes.get(at) == Some(&b'.') {
        fraction = digits(at + 1);
        at += 1 + fraction;
    }
    if whole + fraction == 0 {
        return false;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at);
        if exponent == 0 {
            return false;
        }
        at += exponent;
    }
    at == bytes.len()
}

/// The digits behind `0x`, `0o` and `0b`, and their radix.
fn with_radix(unsigned: &str) -> Option<(&str, u32)> {
    let radix = |prefix, radix| Some((unsigned.strip_prefix(prefix)?, radix));
    radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2))
}

/// The number that a scalar is. Integers that need more than 64 bits become floats; `None` for what
/// no finite float holds.
pub(super) fn number(text: &str) -> Option<Number> {
    if let Ok(number) = text.parse::<u64>() {
        return Some(number.into());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Some(number.into());
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if let Some((digits, radix)) = with_radix(unsigned) {
        let number = i128::from(u64::from_str_radix(digits, radix).ok()?);
        let number = if text.starts_with('-') { -number } else { number };
        return Number::from_i128(number);
    }
    Number::from_f64(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0x00000000219ab540356cBB839Cbe05303d7705Fa";

    #[test]
    fn plain_scalars_mean_what_yaml_1_2_says() {
        for text in ["1", "-1", "+1", "0", "1.0", "-.5", "1.", "1e3", "1E-3", "0x1F", "0o17", ".inf", "-.inf", ".nan"] {
            assert_eq!(kind(text), Kind::Number, "{text}");
        }
        for text in ["", "~", "null", "Null"] {
            assert_eq!(kind(text), Kind::Null, "{text}");
        }
        for text in [
            "yes",
            "on",
            "y",
            "0200",
            "1_000",
            "1.2.3",
            "e3",
            ".",
            "-",
            "+",
            "0x",
            "1e",
            "nan",
            "inf",
            "nULL",
            "0x+1",
            "3463754e3540884",
            HASH,
        ] {
            assert_eq!(kind(text), Kind::Text, "{text}");
        }
    }

    #[test]
    fn numbers_are_as_serde_yaml_reads_them() {
        for text in ["1", "-1", "+1", "0", "1.0", "-.5", "1.", "1e3", "0x1F", "-0x1F", "0o17", "18446744073709551615"] {
            let expected: serde_json::Value = serde_yaml::from_str(text).unwrap();
            assert_eq!(number(text).map(serde_json::Value::Number), Some(expected), "{text}");
        }
        assert_eq!(number("99999999999999999999999"), Number::from_f64(1e23));
        assert_eq!(number(".inf"), None);
        assert_eq!(number("1e999"), None);
    }
}
