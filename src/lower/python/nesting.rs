//! Whether code nests too deep to be parsed.
//!
//! The parser takes a level of its stack for each bracket and each operator that has all that
//! follows as its operand. Python itself refuses more than 200 brackets within each other.

/// Brackets that may be open at once.
const MAX_BRACKETS: usize = 200;
/// Tokens that may stand in one expression without a comma, those around its brackets included: more
/// than in any expression of a person, and few enough for the stack.
const MAX_TOKENS: usize = 20_000;

/// The place at which code nests deeper than can be parsed.
pub(super) fn too_deep(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let mut scan = Scan { open: Vec::new(), before: 0, tokens: 0 };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let start = at;
        at += 1;
        match byte {
            b'#' => at = end_of_line(bytes, at),
            b'"' | b'\'' => {
                at = end_of_string(bytes, start);
                scan.tokens += 1;
            }
            b'(' | b'[' | b'{' => scan.opened(),
            b')' | b']' | b'}' => scan.closed(),
            b',' | b';' => scan.tokens = 0,
            b'\n' if scan.open.is_empty() => scan.tokens = 0,
            _ if byte.is_ascii_whitespace() => {}
            _ if is_word(*byte) => {
                while bytes.get(at).is_some_and(|byte| is_word(*byte)) {
                    at += 1;
                }
                scan.tokens += 1;
            }
            _ => scan.tokens += 1,
        }
        if scan.open.len() > MAX_BRACKETS || scan.before + scan.tokens > MAX_TOKENS {
            return Some(u32::try_from(start).unwrap_or(u32::MAX));
        }
    }
    None
}

struct Scan {
    /// Tokens before each open bracket, since the last comma at its level.
    open: Vec<usize>,
    /// Their sum.
    before: usize,
    /// Tokens since the last comma at the level that is open.
    tokens: usize,
}

impl Scan {
    fn opened(&mut self) {
        self.open.push(self.tokens);
        self.before += self.tokens;
        self.tokens = 0;
    }

    fn closed(&mut self) {
        if let Some(tokens) = self.open.pop() {
            self.before -= tokens;
            self.tokens = tokens + 1;
        }
    }
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn end_of_line(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| from + length)
}

/// One past the last byte of a string. One in single quotes ends with its line.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let quote = bytes.get(start).copied().unwrap_or_default();
    let is_quote = |at: usize| bytes.get(at) == Some(&quote);
    let long = is_quote(start + 1) && is_quote(start + 2);
    let mut at = start + if long { 3 } else { 1 };
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' if !long => return at,
            _ if *byte != quote => at += 1,
            _ if !long => return at + 1,
            _ if is_quote(at + 1) && is_quote(at + 2) => return at + 3,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_of_people_is_not_too_deep() {
        let list = format!("x = [{}]\n", "(1, 'a'), ".repeat(50_000));
        let sum = format!("x = {}1\n", "1 + ".repeat(2_000));
        let brackets = format!("x = {}1{}\n", "(".repeat(150), ")".repeat(150));
        let text = format!("x = '''{}'''\n# {}\n", "((((".repeat(200), "((((".repeat(200));
        for text in [list, sum, brackets, text, "f(\n)\n".repeat(50_000)] {
            assert_eq!(too_deep(&text), None);
        }
    }

    #[test]
    fn towers_are_too_deep() {
        for text in ["(".repeat(300), "not ".repeat(30_000), "x.".repeat(30_000), "[-".repeat(250)] {
            assert!(too_deep(&text).is_some());
        }
    }

    #[test]
    fn strings_may_be_cut_off() {
        for text in ["'", "'''", "\"\\", "'''a''", "x = '(\n("] {
            assert_eq!(too_deep(text), None);
        }
    }
}
