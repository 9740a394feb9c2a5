//! The tokens of JSON (RFC 8259).

/// The index behind the string that starts at `at`, and whether it has escapes. The error is where it
/// is wrong, and why.
pub(super) fn string(bytes: &[u8], at: usize) -> Result<(usize, bool), (usize, &'static str)> {
    let mut end = at + 1;
    let mut has_escapes = false;
    loop {
        end += literal(bytes.get(end..).unwrap_or_default());
        match bytes.get(end) {
            Some(b'"') => return Ok((end + 1, has_escapes)),
            Some(b'\\') => {
                has_escapes = true;
                end = escape(bytes, end)?;
            }
            Some(_) => return Err((end, "a control character stands in a string, it must be escaped")),
            None => return Err((at, "this string does not end")),
        }
    }
}

/// How many bytes of a string stand for themselves. Eight are looked at together: most of the bytes
/// of a contract are descriptions.
fn literal(bytes: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let (chunks, rest) = bytes.as_chunks();
    let is_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    for (number, chunk) in chunks.iter().enumerate() {
        let word = u64::from_le_bytes(*chunk);
        let is_control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let ends = is_control | is_zero(word ^ (ONES * u64::from(b'"'))) | is_zero(word ^ (ONES * u64::from(b'\\')));
        if ends != 0 {
            return number * 8 + ends.trailing_zeros() as usize / 8;
        }
    }
    let ends = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)).unwrap_or(rest.len());
    bytes.len() - rest.len() + ends
}

/// The index behind an escape.
fn escape(bytes: &[u8], at: usize) -> Result<usize, (usize, &'static str)> {
    match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') if bytes.get(at + 2..at + 6).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit)) => Ok(at + 6),
        _ => Err((at, "this escape is not known")),
    }
}

/// The index behind the number that starts at `at`; `None` if it is none.
pub(super) fn number(bytes: &[u8], mut at: usize) -> Option<usize> {
    let digits = |from: usize| from + bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    at += usize::from(bytes.get(at) == Some(&b'-'));
    let whole = digits(at);
    let is_padded = bytes.get(at) == Some(&b'0') && whole > at + 1;
    if whole == at || is_padded {
        return None;
    }
    at = whole;
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == at + 1 {
            return None;
        }
        at = fraction;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == at + 1 + sign {
            return None;
        }
        at = exponent;
    }
    Some(at)
}

/// What a string says. Half of a surrogate pair says nothing; such a string stays as it is written.
pub(super) fn unescaped(token: &str) -> Box<str> {
    let raw = || token.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(token).into();
    serde_json::from_str(token).unwrap_or_else(|_| raw())
}
