//! Tokens of `.proto` text.
//!
//! The lexer looks at bytes. It never fails: what is no token of the language is [`Kind::Junk`].

use super::ast::Range;
use super::comments::{Comment, Gap, GapReader};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, or words joined by dots without blanks, or that with a leading dot.
    Word,
    /// Starts like a number; whether it is one, `literal` says.
    Number,
    /// A string with both quotes.
    Text,
    /// A string without its closing quote, up to the end of the line.
    OpenText,
    /// One byte of punctuation.
    Mark(u8),
    /// Anything else.
    Junk,
    /// The end of the file.
    End,
}

/// A token and its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Where.
    pub(super) range: Range,
    /// It is the first of its line.
    pub(super) first_of_line: bool,
    /// The comments between the token before and this one.
    pub(super) gap: Gap,
}

/// A place in the text. Copying it looks ahead.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'s> {
    bytes: &'s [u8],
    at: usize,
    /// Where a block comment begins that is never closed.
    open_comment: Option<usize>,
}

/// The mark of byte order, which some editors put in front.
const BOM: &[u8] = b"\xEF\xBB\xBF";

impl<'s> Lexer<'s> {
    /// The start of a text of at most 4 GiB.
    pub(super) fn new(text: &'s str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, open_comment: None }
    }

    /// Where a block comment begins that is never closed, if the lexer came across one.
    pub(super) fn open_comment(&self) -> Option<Range> {
        self.open_comment.map(|start| range(start, self.bytes.len()))
    }

    /// The next token; at the end of the text [`Kind::End`], again and again.
    pub(super) fn next(&mut self) -> Token {
        let (gap, first_of_line) = self.skip_gap();
        let start = self.at;
        let kind = self.cut();
        Token { kind, range: range(start, self.at), first_of_line, gap }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// Skips blanks and comments up to the next token.
    fn skip_gap(&mut self) -> (Gap, bool) {
        let start = self.at;
        let mut first_of_line = start == 0;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => first_of_line = true,
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => {}
                b'/' if self.starts_comment() => return self.skip_comments(start),
                0xEF if self.skip_bom() => continue,
                _ => break,
            }
            self.at += 1;
        }
        (Gap::default(), first_of_line)
    }

    fn skip_bom(&mut self) -> bool {
        let here = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(BOM));
        self.at += if here { BOM.len() } else { 0 };
        here
    }

    fn starts_comment(&self) -> bool {
        self.byte(self.at) == Some(b'/') && matches!(self.byte(self.at + 1), Some(b'/' | b'*'))
    }

    /// The same as `skip_gap`, where there are comments to keep.
    fn skip_comments(&mut self, start: usize) -> (Gap, bool) {
        let mut reader = GapReader::new(start == 0);
        let mut first_of_line = start == 0;
        self.at = start;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => {
                    first_of_line = true;
                    reader.line_ends();
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => self.at += 1,
                b'/' if self.starts_comment() => reader.comment(self.skip_comment()),
                0xEF if self.skip_bom() => {}
                _ => break,
            }
        }
        let closes = matches!(self.byte(self.at), None | Some(b'}' | b']' | b')'));
        (reader.finish(closes), first_of_line)
    }

    /// Skips one comment; that of a line without the end of the line.
    fn skip_comment(&mut self) -> Comment {
        let start = self.at;
        let is_line = self.byte(start + 1) == Some(b'/');
        self.at += 2;
        if is_line {
            self.at += self.rest().iter().position(|byte| *byte == b'\n').unwrap_or(self.rest().len());
        } else {
            self.skip_block(start);
        }
        Comment { range: range(start, self.at), is_line }
    }

    fn skip_block(&mut self, start: usize) {
        while let Some(stars) = self.rest().iter().position(|byte| *byte == b'*') {
            self.at += stars + 1;
            if self.byte(self.at) == Some(b'/') {
                self.at += 1;
                return;
            }
        }
        self.at = self.bytes.len();
        self.open_comment = Some(start);
    }

    fn rest(&self) -> &'s [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Cuts off the token that begins here.
    fn cut(&mut self) -> Kind {
        let Some(first) = self.byte(self.at) else { return Kind::End };
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.string(first),
            b'.' => self.dot(),
            b'!'..=b'~' => self.mark(first),
            _ => {
                self.at += 1;
                Kind::Junk
            }
        }
    }

    fn mark(&mut self, byte: u8) -> Kind {
        self.at += 1;
        Kind::Mark(byte)
    }

    fn dot(&mut self) -> Kind {
        match self.byte(self.at + 1) {
            Some(b'0'..=b'9') => self.number(),
            Some(next) if starts_word(next) => {
                self.at += 1;
                self.word()
            }
            _ => self.mark(b'.'),
        }
    }

    fn word(&mut self) -> Kind {
        loop {
            self.skip_while(continues_word);
            match self.byte(self.at) {
                Some(b'.') if self.byte(self.at + 1).is_some_and(starts_word) => self.at += 1,
                Some(0x80..) => {
                    self.skip_while(|byte| continues_word(byte) || !byte.is_ascii());
                    return Kind::Junk;
                }
                _ => return Kind::Word,
            }
        }
    }

    fn number(&mut self) -> Kind {
        let is_hex = self.byte(self.at) == Some(b'0') && matches!(self.byte(self.at + 1), Some(b'x' | b'X'));
        while let Some(byte) = self.byte(self.at) {
            let signed = !is_hex && matches!(byte, b'e' | b'E');
            self.at += match byte {
                _ if signed && matches!(self.byte(self.at + 1), Some(b'+' | b'-')) => 2,
                b'.' => 1,
                _ if continues_word(byte) => 1,
                _ => break,
            };
        }
        Kind::Number
    }

    fn string(&mut self, quote: u8) -> Kind {
        self.at += 1;
        while let Some(byte) = self.byte(self.at) {
            match byte {
                b'\n' => return Kind::OpenText,
                // A backslash at the end of a line escapes nothing.
                b'\\' if self.byte(self.at + 1).is_some_and(|next| next.is_ascii() && next != b'\n') => self.at += 2,
                _ if byte == quote => {
                    self.at += 1;
                    return Kind::Text;
                }
                _ => self.at += 1,
            }
        }
        Kind::OpenText
    }

    fn skip_while(&mut self, holds: impl Fn(u8) -> bool) {
        while self.byte(self.at).is_some_and(&holds) {
            self.at += 1;
        }
    }
}

const fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

const fn continues_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Bytes of a text that was found to be at most 4 GiB long.
fn range(start: usize, end: usize) -> Range {
    let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Range { start: place(start), end: place(end) }
}
