//! Strings and numbers as values.

use std::borrow::Cow;

use super::ast::Range;
use super::lexer::Kind;
use super::parser::{Parser, Read};

impl<'s> Parser<'s> {
    /// Adjacent strings as text; what is not UTF-8 is replaced.
    pub(super) fn quoted(&mut self, what: &str) -> Read<(Cow<'s, str>, Range)> {
        let (bytes, range) = self.string(what)?;
        let text = match bytes {
            Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
            Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
        };
        Ok((text, range))
    }

    /// Adjacent strings as one, escapes undone.
    pub(super) fn string(&mut self, what: &str) -> Read<(Cow<'s, [u8]>, Range)> {
        let start = self.start();
        let mut value: Option<Cow<'s, [u8]>> = None;
        while self.token().kind == Kind::String {
            let range = self.advance().range;
            let inner = self.text(Range { start: range.start + 1, end: range.end - 1 }).as_bytes();
            let piece = unescaped(inner);
            value = Some(match value {
                None => piece,
                Some(before) => Cow::Owned([before, piece].concat()),
            });
        }
        match value {
            Some(value) => Ok((value, self.since(start))),
            None => Err(self.expected(what)),
        }
    }

    /// The value of an integer token; `None` if it does not fit into 64 bits.
    pub(super) fn magnitude(&self, range: Range) -> Option<u64> {
        let text = self.text(range);
        if let Some(digits) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
            return u64::from_str_radix(digits, 16).ok();
        }
        match text.strip_prefix('0') {
            Some(digits) if !digits.is_empty() => u64::from_str_radix(digits, 8).ok(),
            _ => text.parse().ok(),
        }
    }

    /// The value of a number token that may have a fraction.
    pub(super) fn decimal(&self, range: Range) -> f64 {
        self.text(range).trim_end_matches(['f', 'F']).parse().unwrap_or(f64::NAN)
    }

    /// An integer with or without a minus.
    pub(super) fn integer(&mut self, what: &str) -> Read<(Option<i64>, Range)> {
        let start = self.start();
        let negative = self.eat(b'-');
        if self.token().kind != Kind::Integer {
            return Err(self.expected(what));
        }
        let magnitude = self.magnitude(self.token().range).map(i128::from);
        self.advance();
        let range = self.since(start);
        let value = magnitude.and_then(|value| i64::try_from(if negative { -value } else { value }).ok());
        Ok((value, range))
    }
}

/// The bytes of a string without its quotes. Escapes: those of C, `\x41`, `\101`, `\u0041` and
/// `\U00000041`; any other character stands for itself.
fn unescaped(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'\\') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, behind)) = rest.split_first() {
        rest = behind;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        let Some((escape, behind)) = rest.split_first() else { break };
        rest = behind;
        match escape {
            b'a' => bytes.push(0x07),
            b'b' => bytes.push(0x08),
            b'f' => bytes.push(0x0c),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'v' => bytes.push(0x0b),
            b'x' | b'X' => bytes.extend(digits(&mut rest, 2, 16).map(|value| value.to_le_bytes()[0])),
            b'0'..=b'7' => {
                rest = text.get(text.len() - rest.len() - 1..).unwrap_or_default();
                bytes.extend(digits(&mut rest, 3, 8).map(|value| value.to_le_bytes()[0]));
            }
            b'u' | b'U' => {
                let length = if *escape == b'u' { 4 } else { 8 };
                let character = digits(&mut rest, length, 16).and_then(char::from_u32);
                bytes.extend_from_slice(character.unwrap_or(char::REPLACEMENT_CHARACTER).to_string().as_bytes());
            }
            other => bytes.push(*other),
        }
    }
    Cow::Owned(bytes)
}

/// The number that up to `most` digits make.
fn digits(rest: &mut &[u8], most: usize, radix: u32) -> Option<u32> {
    let mut value = None;
    for _ in 0..most {
        let Some((byte, behind)) = rest.split_first() else { break };
        let Some(digit) = char::from(*byte).to_digit(radix) else { break };
        value = Some(value.unwrap_or(0_u32).wrapping_mul(radix).wrapping_add(digit));
        *rest = behind;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_c() {
        let text = |text: &str| String::from_utf8(unescaped(text.as_bytes()).into_owned()).unwrap();
        assert_eq!(text(r"a\n\t\\\'\x41\101\u00e9"), "a\n\t\\'AAé");
        assert_eq!(unescaped(br"\377\xfF\8"), Cow::<[u8]>::Owned(vec![0xff, 0xff, b'8']));
        assert_eq!(unescaped(br"\"), Cow::<[u8]>::Owned(Vec::new()));
        assert!(matches!(unescaped(b"plain"), Cow::Borrowed(_)));
    }
}
