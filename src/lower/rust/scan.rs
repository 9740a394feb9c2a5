//! A scan of Rust text by significant tokens only: brackets, words and signs, with strings,
//! characters and comments stepped over. It works on text that no parser takes: unbalanced, cut
//! off, half written.

/// A significant token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// An identifier, keyword or number.
    Word {
        /// One past its last byte.
        end: usize,
    },
    /// A string or character literal.
    Quoted,
    /// Any other single character.
    Sign(u8),
}

/// The tokens of a text with the offset at which each starts.
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or(0)
    }

    /// The offset of the first `needle` at or after `from`; the end of the text if there is none.
    fn offset_of(&self, from: usize, needle: &str) -> usize {
        self.text.as_bytes().get(from..).map_or(self.text.len(), |rest| {
            let found = rest.windows(needle.len().max(1)).position(|window| window == needle.as_bytes());
            found.map_or(self.text.len(), |at| from + at)
        })
    }

    /// The end of a block comment that starts at `from`; comments nest.
    fn block_comment(&self, from: usize) -> usize {
        let mut depth = 0_usize;
        let mut at = from;
        while at < self.text.len() {
            match (self.byte(at), self.byte(at + 1)) {
                (b'/', b'*') => {
                    depth += 1;
                    at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    at += 2;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => at += 1,
            }
        }
        self.text.len()
    }

    /// The end of a string whose opening quote stands at `from`.
    fn string(&self, from: usize) -> usize {
        let mut at = from + 1;
        while at < self.text.len() {
            match self.byte(at) {
                b'\\' => at += 2,
                b'"' => return at + 1,
                _ => at += 1,
            }
        }
        self.text.len()
    }

    /// The end of a raw string whose first `#` or quote stands at `from`; none if it is no raw
    /// string (`r#type`).
    fn raw_string(&self, from: usize) -> Option<usize> {
        let hashes = self.text.as_bytes().get(from..)?.iter().take_while(|byte| **byte == b'#').count();
        if self.byte(from + hashes) != b'"' {
            return None;
        }
        let closing = format!("\"{}", "#".repeat(hashes));
        Some((self.offset_of(from + hashes + 1, &closing) + closing.len()).min(self.text.len()))
    }

    /// The end of a character literal whose quote stands at `from`; none if it is a lifetime.
    fn character(&self, from: usize) -> Option<usize> {
        if self.byte(from + 1) == b'\\' {
            let end = self.offset_of(from + 3, "'");
            return Some((end + 1).min(self.text.len()));
        }
        let inner = self.text.get(from + 1..)?.chars().next()?;
        let closing = from + 1 + inner.len_utf8();
        (self.byte(closing) == b'\'').then_some(closing + 1)
    }

    /// The end of a word that starts at `from`.
    fn word(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| is_word(**byte)).count();
        from + length
    }

    fn word_or_prefixed_string(&mut self, from: usize) -> Token {
        let end = self.word(from);
        let quoted = match self.text.get(from..end) {
            Some("r" | "br" | "cr") => self.raw_string(end),
            Some("b" | "c") if self.byte(end) == b'"' => Some(self.string(end)),
            Some("b") if self.byte(end) == b'\'' => self.character(end),
            _ => None,
        };
        self.at = quoted.unwrap_or(end);
        if quoted.is_some() { Token::Quoted } else { Token::Word { end } }
    }
}

impl Iterator for Scanner<'_> {
    type Item = (usize, Token);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let from = self.at;
            let byte = *self.text.as_bytes().get(from)?;
            self.at = from + 1;
            let token = match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'/' if self.byte(from + 1) == b'/' => {
                    self.at = self.offset_of(from, "\n");
                    continue;
                }
                b'/' if self.byte(from + 1) == b'*' => {
                    self.at = self.block_comment(from);
                    continue;
                }
                b'(' | b'[' | b'{' => Token::Open(byte),
                b')' | b']' | b'}' => Token::Close(byte),
                b'"' => {
                    self.at = self.string(from);
                    Token::Quoted
                }
                b'\'' => match self.character(from) {
                    Some(end) => {
                        self.at = end;
                        Token::Quoted
                    }
                    None => Token::Sign(byte),
                },
                _ if is_word(byte) => self.word_or_prefixed_string(from),
                _ => Token::Sign(byte),
            };
            return Some((from, token));
        }
    }
}

/// Bytes of other alphabets count as letters: no sign of the language lies outside ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Brackets open at once in any code that people or generators write, by a wide margin.
const MAX_BRACKETS: usize = 400;

/// Tokens that may stand in a row, over all open brackets, without a separator. Each could be one
/// more level of a syntax tree (`!!!!x`, `a + b + ...`).
const MAX_RUN: usize = 12_000;

/// Where a text nests deeper than a recursive parser should be asked to go.
pub(super) fn too_deep(text: &str) -> Option<usize> {
    let mut runs: Vec<usize> = Vec::new();
    let mut run = 0_usize;
    let mut total = 0_usize;
    let mut after_brace = false;
    for (at, token) in Scanner::new(text) {
        let starts_anew = after_brace
            && match token {
                Token::Word { end } => !matches!(text.get(at..end), Some("else" | "as")),
                Token::Sign(sign) => sign == b'#',
                _ => false,
            };
        if starts_anew || matches!(token, Token::Sign(b';' | b',')) {
            total -= run;
            run = 0;
        }
        after_brace = token == Token::Close(b'}');
        match token {
            Token::Open(_) => {
                runs.push(run);
                run = 0;
                if runs.len() > MAX_BRACKETS {
                    return Some(at);
                }
            }
            Token::Close(_) => {
                total -= run;
                run = runs.pop().unwrap_or(0);
            }
            _ => {}
        }
        run += 1;
        total += 1;
        if total > MAX_RUN {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        Scanner::new(text)
            .filter_map(|(at, token)| match token {
                Token::Word { end } => text.get(at..end),
                Token::Open(_) | Token::Close(_) => text.get(at..=at),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn brackets_in_strings_characters_and_comments_do_not_count() {
        let text = r##"a("}", '{', b'(', r#"")"#, b"[", '\'', '\u{7b}') /* { /* ( */ */ // {
            b"##;
        assert_eq!(words(text), ["a", "(", ")", "b"]);
    }

    #[test]
    fn a_lifetime_does_not_start_a_character() {
        assert_eq!(words("fn f<'a>(x: &'a str) { '{' }"), ["fn", "f", "a", "(", "x", "a", "str", ")", "{", "}"]);
    }

    #[test]
    fn unfinished_literals_end_with_the_text() {
        for text in ["\"abc", "'\\", "/* x", "r##\"abc\"#", "b'", "\"\\", "'é"] {
            assert!(Scanner::new(text).count() <= 2, "{text}");
        }
    }

    #[test]
    fn deep_nesting_is_seen_before_a_parser_sees_it() {
        assert_eq!(too_deep(&"(".repeat(400)), None);
        assert_eq!(too_deep(&"(".repeat(401)), Some(400));
        assert!(too_deep(&format!("fn f() {{ {}x }}", "!".repeat(20_000))).is_some());
        assert_eq!(too_deep(&"fn f() { let a = b + c; } ".repeat(20_000)), None);
        assert_eq!(too_deep(&"const A: &[u8] = &[1, 2, 3];".repeat(20_000)), None);
    }
}
