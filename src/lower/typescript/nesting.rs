//! Whether code nests too deep to be parsed.
//!
//! The parser takes a level of its stack for each bracket, and for each operator or word that has all
//! that follows as its operand. What stands in text, comments and regular expressions does not count.

/// Brackets that may be open at once.
const MAX_BRACKETS: usize = 400;
/// Tokens with which something may nest without brackets, since the last comma or semicolon at each
/// level that is open: more than in any code of a person, and few enough for the stack.
const MAX_TOKENS: usize = 3_000;

/// What the scanner tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// An opening bracket; a backtick is one too.
    Open(u8),
    /// A closing one.
    Close,
    /// Anything else that may nest, or ends what nests.
    Other,
}

/// The place at which code nests deeper than can be parsed.
pub(super) fn too_deep(text: &str) -> Option<u32> {
    let mut scanner = Scanner::new(text);
    let mut open: Vec<usize> = Vec::new();
    let (mut outer, mut here) = (0usize, 0usize);
    while let Some((at, lexeme)) = scanner.next() {
        match lexeme {
            Lexeme::Open(_) => {
                open.push(here);
                outer += here;
                here = 0;
            }
            Lexeme::Close => {
                here = open.pop().unwrap_or_default();
                outer = outer.saturating_sub(here);
            }
            Lexeme::Ends => here = 0,
            Lexeme::Nests => here += 1,
            Lexeme::Plain => {}
        }
        if open.len() > MAX_BRACKETS || outer + here > MAX_TOKENS {
            return Some(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }
    None
}

/// Tells of every bracket of a text.
pub(super) fn scan(text: &str, mut tell: impl FnMut(Token)) {
    let mut scanner = Scanner::new(text);
    while let Some((_, lexeme)) = scanner.next() {
        tell(match lexeme {
            Lexeme::Open(bracket) => Token::Open(bracket),
            Lexeme::Close => Token::Close,
            _ => Token::Other,
        });
    }
}

/// A piece of code, as far as nesting goes.
enum Lexeme {
    Open(u8),
    Close,
    /// A comma or semicolon.
    Ends,
    /// Has all that follows as its operand.
    Nests,
    Plain,
}

/// Goes through code.
struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    /// A `/` here starts a regular expression.
    takes_value: bool,
    /// Brackets that are open; a backtick is a template, and `$` a hole in one.
    open: Vec<u8>,
}

/// Words before an operand.
const PREFIXES: [&[u8]; 22] = [
    b"return",
    b"typeof",
    b"void",
    b"delete",
    b"await",
    b"new",
    b"yield",
    b"else",
    b"if",
    b"for",
    b"while",
    b"do",
    b"case",
    b"throw",
    b"in",
    b"of",
    b"extends",
    b"keyof",
    b"infer",
    b"readonly",
    b"unique",
    b"instanceof",
];

impl<'t> Scanner<'t> {
    fn new(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, takes_value: true, open: Vec::new() }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<(usize, Lexeme)> {
        if self.open.last() == Some(&b'`') {
            return self.template();
        }
        loop {
            let start = self.at;
            let byte = self.peek(0)?;
            self.at += 1;
            let lexeme = match byte {
                byte if byte.is_ascii_whitespace() => continue,
                b'/' if self.peek(0) == Some(b'/') => {
                    self.skip_until(b"\n");
                    continue;
                }
                b'/' if self.peek(0) == Some(b'*') => {
                    self.at += 1;
                    self.skip_until(b"*/");
                    continue;
                }
                b'/' if self.takes_value => {
                    self.skip_regex();
                    self.takes_value = false;
                    Lexeme::Plain
                }
                b'"' | b'\'' => {
                    self.skip_string(byte);
                    self.takes_value = false;
                    Lexeme::Plain
                }
                b'(' | b'[' | b'{' | b'`' => {
                    self.open.push(byte);
                    self.takes_value = true;
                    Lexeme::Open(byte)
                }
                b')' | b']' | b'}' => {
                    self.open.pop();
                    self.takes_value = byte == b'}';
                    Lexeme::Close
                }
                b',' | b';' => {
                    self.takes_value = true;
                    Lexeme::Ends
                }
                b'.' => Lexeme::Plain,
                byte if is_word(byte) => self.word(start),
                _ => {
                    self.takes_value = true;
                    Lexeme::Nests
                }
            };
            return Some((start, lexeme));
        }
    }

    fn word(&mut self, start: usize) -> Lexeme {
        while self.peek(0).is_some_and(is_word) {
            self.at += 1;
        }
        let is_prefix = self.bytes.get(start..self.at).is_some_and(|word| PREFIXES.contains(&word));
        self.takes_value = is_prefix;
        if is_prefix { Lexeme::Nests } else { Lexeme::Plain }
    }

    /// The next bracket of a template that is open: its end, or a hole.
    fn template(&mut self) -> Option<(usize, Lexeme)> {
        loop {
            let start = self.at;
            let byte = self.peek(0)?;
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'`' => {
                    self.open.pop();
                    self.takes_value = false;
                    return Some((start, Lexeme::Close));
                }
                b'$' if self.peek(0) == Some(b'{') => {
                    self.at += 1;
                    self.open.push(b'{');
                    self.takes_value = true;
                    return Some((start, Lexeme::Open(b'{')));
                }
                _ => {}
            }
        }
    }

    fn skip_until(&mut self, end: &[u8]) {
        while self.at < self.bytes.len() && !self.bytes[self.at..].starts_with(end) {
            self.at += 1;
        }
        self.at = (self.at + end.len()).min(self.bytes.len());
    }

    fn skip_string(&mut self, quote: u8) {
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'\n' => return,
                byte if byte == quote => return,
                _ => {}
            }
        }
    }

    fn skip_regex(&mut self) {
        let mut in_class = false;
        while let Some(byte) = self.peek(0) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'[' => in_class = true,
                b']' => in_class = false,
                b'/' if !in_class => return,
                b'\n' => return,
                _ => {}
            }
        }
    }
}

/// Letters of names in any language.
const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_text_and_regular_expressions_are_none() {
        let mut open = 0_i32;
        let count = |text: &str, open: &mut i32| {
            *open = 0;
            scan(text, |token| match token {
                Token::Open(_) => *open += 1,
                Token::Close => *open -= 1,
                Token::Other => {}
            });
            *open
        };
        for text in ["'(('", "/[(]\\/(/.test(x)", "`a ( ${b[0]} (`", "// ((\n/* {{ */", "a / (b) / c", "\"\\\"(\""] {
            assert_eq!(count(text, &mut open), 0, "{text}");
        }
        assert_eq!(count("f(`${a", &mut open), 3);
    }

    #[test]
    fn long_code_is_not_deep_code() {
        assert_eq!(too_deep(&"const a = b ? c : d;\nif (x) { y = [1, 2] }\n".repeat(5_000)), None);
        assert!(too_deep(&"[".repeat(1_000)).is_some());
        assert!(too_deep(&"!".repeat(100_000)).is_some());
        assert!(too_deep(&"if (a) {} else ".repeat(10_000)).is_some());
    }
}
