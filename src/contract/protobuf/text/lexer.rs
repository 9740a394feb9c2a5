//! Bytes into tokens, one at a time.
//!
//! Names and comments follow `google/protobuf/io/tokenizer.h`. Nothing is decoded here: a token is a
//! kind and a range, and most of them are never looked at again.

use super::ast::{Comments, Range};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word: name or keyword.
    Word,
    /// A number without fraction or exponent, in any base.
    Integer,
    /// A number with a fraction or an exponent.
    Float,
    /// A string with its quotes.
    String,
    /// A string that its line ends before its quote does.
    OpenString,
    /// Any other single character.
    Punctuation(u8),
    /// A character outside ASCII, or a control character.
    Stray,
    /// The end of the file.
    End,
}

/// A token and what stands before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where.
    pub(super) range: Range,
    /// It is the first of its line.
    pub(super) begins_line: bool,
    /// `trailing`: the comment behind the token before this one, on its line. `leading`: the block
    /// of comments right above this one, if nothing else stands on their lines.
    pub(super) comments: Comments,
}

/// Walks over a text.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'s> {
    text: &'s str,
    at: usize,
    /// A comment that is never closed, if one was met.
    pub(super) open_comment: Option<Range>,
}

impl<'s> Lexer<'s> {
    /// At the beginning of a text; a byte order mark is no part of it.
    pub(super) fn new(text: &'s str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, open_comment: None }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn range(&self, start: usize) -> Range {
        range(start, self.at)
    }

    /// The next token; at the end, the end again and again.
    pub(super) fn next(&mut self) -> Token {
        let (begins_line, comments) = self.skip_blanks();
        let start = self.at;
        let kind = match self.byte(start) {
            None => Kind::End,
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => {
                self.skip_while(is_word);
                Kind::Word
            }
            Some(b'0'..=b'9') => self.number(),
            Some(b'.') if self.byte(start + 1).is_some_and(|next| next.is_ascii_digit()) && !self.follows_word() => {
                self.number()
            }
            Some(quote @ (b'"' | b'\'')) => self.string(quote),
            Some(byte) if byte.is_ascii_graphic() => {
                self.at += 1;
                Kind::Punctuation(byte)
            }
            Some(_) => {
                self.at += self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                Kind::Stray
            }
        };
        Token { kind, range: self.range(start), begins_line, comments }
    }

    /// `a.5` is no number behind a name.
    fn follows_word(&self) -> bool {
        self.at.checked_sub(1).and_then(|before| self.byte(before)).is_some_and(is_word)
    }

    fn skip_while(&mut self, belongs: fn(u8) -> bool) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|byte| !belongs(*byte)).unwrap_or(rest.len());
    }

    fn number(&mut self) -> Kind {
        let start = self.at;
        if self.byte(start) == Some(b'0') && matches!(self.byte(start + 1), Some(b'x' | b'X')) {
            self.at += 2;
            self.skip_while(|byte| byte.is_ascii_hexdigit());
            return Kind::Integer;
        }
        let digits = |byte: u8| byte.is_ascii_digit();
        self.skip_while(digits);
        let mut kind = Kind::Integer;
        if self.byte(self.at) == Some(b'.') {
            kind = Kind::Float;
            self.at += 1;
            self.skip_while(digits);
        }
        if matches!(self.byte(self.at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.byte(self.at + 1), Some(b'+' | b'-')));
            if self.byte(self.at + 1 + sign).is_some_and(|byte| byte.is_ascii_digit()) {
                kind = Kind::Float;
                self.at += 1 + sign;
                self.skip_while(digits);
            }
        }
        if matches!(self.byte(self.at), Some(b'f' | b'F')) && !self.byte(self.at + 1).is_some_and(is_word) {
            kind = Kind::Float;
            self.at += 1;
        }
        kind
    }

    fn string(&mut self, quote: u8) -> Kind {
        self.at += 1;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => return Kind::OpenString,
                b'\\' if self.byte(self.at + 1).is_some_and(|next| next.is_ascii() && next != b'\n') => self.at += 2,
                byte if byte == quote => {
                    self.at += 1;
                    return Kind::String;
                }
                _ => self.at += 1,
            }
        }
        Kind::OpenString
    }

    /// Skips blanks and comments. Says whether a line began, and which comments belong to what.
    fn skip_blanks(&mut self) -> (bool, Comments) {
        // Most tokens have one blank before them, or none.
        if self.byte(self.at) == Some(b' ') {
            self.at += 1;
        }
        if self.byte(self.at).is_some_and(|byte| byte > b' ' && byte != b'/') {
            return (self.at == 0, Comments::default());
        }
        let mut blanks = Blanks { lines: u32::from(self.at == 0), ..Blanks::default() };
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => {
                    blanks.line();
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' => {
                    let start = self.at;
                    if !self.comment() {
                        break;
                    }
                    blanks.comment(self.range(start));
                }
                _ => break,
            }
        }
        (blanks.lines > 0, blanks.attached())
    }

    /// Skips a comment; false if there is none here. The end of a line is no part of it.
    fn comment(&mut self) -> bool {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        match rest.get(1) {
            Some(b'/') => self.skip_while(|byte| byte != b'\n'),
            Some(b'*') => {
                let body = self.text.get(start + 2..).unwrap_or_default();
                if let Some(end) = body.find("*/") {
                    self.at = start + 2 + end + 2;
                } else {
                    self.at = self.text.len();
                    self.open_comment = Some(range(start, start + 2));
                }
            }
            _ => return false,
        }
        true
    }
}

/// The blanks and comments between two tokens.
#[derive(Debug, Default)]
struct Blanks {
    /// Lines that began since the last token.
    lines: u32,
    /// Lines that began since the last comment.
    since_comment: u32,
    trailing: Option<Range>,
    /// The last block of comments that is not the trailing one.
    block: Option<Range>,
}

impl Blanks {
    fn line(&mut self) {
        self.lines += 1;
        self.since_comment += 1;
    }

    fn comment(&mut self, range: Range) {
        match &mut self.block {
            None if self.lines == 0 && self.trailing.is_none() => self.trailing = Some(range),
            // An empty line between two comments sets them apart.
            Some(block) if self.since_comment <= 1 => block.end = range.end,
            block => *block = Some(range),
        }
        self.since_comment = 0;
    }

    fn attached(self) -> Comments {
        Comments { leading: self.block.filter(|_| self.since_comment <= 1), trailing: self.trailing }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Files of 4 GiB are refused long before.
pub(super) fn range(start: usize, end: usize) -> Range {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Range { start: offset(start), end: offset(end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let mut lexer = Lexer::new(text);
        let tokens = std::iter::from_fn(|| Some(lexer.next()).filter(|token| token.kind != Kind::End));
        tokens.map(|token| (token.kind, &text[token.range.start as usize..token.range.end as usize])).collect()
    }

    #[test]
    fn words_numbers_and_strings_are_told_apart() {
        use Kind::{Float, Integer, Punctuation, String, Word};
        assert_eq!(
            kinds("a.b1_ = 0x1F"),
            [(Word, "a"), (Punctuation(b'.'), "."), (Word, "b1_"), (Punctuation(b'='), "="), (Integer, "0x1F")]
        );
        assert_eq!(
            kinds("1 1. .5 1e9 1.5E-3 2f"),
            [(Integer, "1"), (Float, "1."), (Float, ".5"), (Float, "1e9"), (Float, "1.5E-3"), (Float, "2f")]
        );
        assert_eq!(kinds(r#""a\"b" 'c"'"#), [(String, r#""a\"b""#), (String, r#"'c"'"#)]);
    }

    #[test]
    fn what_is_not_closed_ends_with_its_line_or_the_file() {
        assert_eq!(kinds("\"ab\nc"), [(Kind::OpenString, "\"ab"), (Kind::Word, "c")]);
        assert_eq!(kinds("\"ab\\"), [(Kind::OpenString, "\"ab\\")]);
        let mut lexer = Lexer::new("a /* b");
        lexer.next();
        assert_eq!(lexer.next().kind, Kind::End);
        assert_eq!(lexer.open_comment, Some(Range { start: 2, end: 4 }));
    }

    #[test]
    fn comments_belong_to_what_is_beside_or_below_them() {
        let text = "a; // behind a\n// far\n\n// above b\n/* too */\nb; /* c */ c\n// d\n\nd";
        let mut lexer = Lexer::new(text);
        let shown = |range: Option<Range>| range.map(|range| &text[range.start as usize..range.end as usize]);
        let mut found = Vec::new();
        for _ in 0..6 {
            let token = lexer.next();
            found.push((shown(token.comments.trailing), shown(token.comments.leading)));
        }
        let none = (None, None);
        let above_b = (Some("// behind a"), Some("// above b\n/* too */"));
        assert_eq!(found, [none, none, above_b, none, (Some("/* c */"), None), none]);
    }
}
