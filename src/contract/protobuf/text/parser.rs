//! The place in the text, what the grammar asks of it, and the faults found so far.

use std::borrow::Cow;

use super::ast::{Comments, Fault, Name, Range};
use super::lexer::{Kind, Lexer, Token};

/// Messages, or values in text format, inside each other: one more is a fault.
pub(super) const MAX_DEPTH: u32 = 100;

/// Faults of one file that are told.
const MAX_FAULTS: usize = 200;

/// Characters of the text that a message quotes.
const MAX_QUOTED: usize = 40;

/// A part of the grammar, read; or the fault that costs the statement it stands in.
pub(super) type Parse<T> = Result<T, Fault>;

/// Whether indentation says where a body ends whose `}` is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Only braces count.
    Ignored,
    /// A declaration that is not further right than the head of the body it stands in closes that.
    Trusted,
}

/// A reader of one file.
#[derive(Debug)]
pub(super) struct Parser<'s> {
    text: &'s str,
    pub(super) lexer: Lexer<'s>,
    /// The token to be read next.
    pub(super) token: Token,
    /// The token read last.
    pub(super) last: Range,
    pub(super) layout: Layout,
    /// A body was open at the end of the file.
    pub(super) unclosed: bool,
    depth: u32,
    faults: Vec<Fault>,
}

impl<'s> Parser<'s> {
    /// At the first token of a text.
    pub(super) fn new(text: &'s str, layout: Layout) -> Self {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Self { text, lexer, token, last: Range::default(), layout, unclosed: false, depth: 0, faults: Vec::new() }
    }

    /// The faults, in the order of the text.
    pub(super) fn into_faults(mut self) -> Vec<Fault> {
        if let Some(range) = self.lexer.open_comment() {
            self.fault(Fault { range, message: "expected `*/` at the end of this comment, found none".to_owned() });
        }
        self.faults.sort_by_key(|fault| fault.range.start);
        self.faults
    }

    /// What the bytes of a range say.
    pub(super) fn text(&self, range: Range) -> &'s str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// The column of a place, in bytes from 0.
    pub(super) fn column(&self, start: u32) -> usize {
        let before = self.text.as_bytes().get(..start as usize).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte != b'\n').count()
    }

    /// Reads the current token.
    pub(super) fn bump(&mut self) -> Range {
        self.last = self.token.range;
        self.token = self.lexer.next();
        self.last
    }

    /// The current token is this mark.
    pub(super) fn at(&self, mark: u8) -> bool {
        self.token.kind == Kind::Mark(mark)
    }

    /// The file is at its end.
    pub(super) fn at_end(&self) -> bool {
        self.token.kind == Kind::End
    }

    /// The current token is a word.
    pub(super) fn at_word(&self) -> bool {
        self.token.kind == Kind::Word
    }

    /// The current token, if it is a word; empty otherwise.
    pub(super) fn word(&self) -> &'s str {
        if self.at_word() { self.text(self.token.range) } else { "" }
    }

    /// The token behind the current one.
    pub(super) fn peek(&self) -> Token {
        let mut ahead = self.lexer;
        ahead.next()
    }

    /// Reads the mark if it is the current token.
    pub(super) fn eat(&mut self, mark: u8) -> bool {
        let found = self.at(mark);
        if found {
            self.bump();
        }
        found
    }

    /// Reads the mark.
    pub(super) fn expect(&mut self, mark: u8) -> Parse<()> {
        if self.eat(mark) { Ok(()) } else { Err(self.missing(&format!("`{}`", char::from(mark)))) }
    }

    /// Reads the word.
    pub(super) fn expect_word(&mut self, word: &str) -> Parse<()> {
        if self.word() == word {
            self.bump();
            return Ok(());
        }
        Err(self.missing(&format!("`{word}`")))
    }

    /// Reads a word without dots.
    pub(super) fn simple_name(&mut self, what: &str) -> Parse<Name<'s>> {
        let text = self.word();
        if text.is_empty() || text.contains('.') {
            return Err(self.missing(what));
        }
        Ok(Name { text: Cow::Borrowed(text), range: self.bump() })
    }

    /// Reads a dotted name, with or without a leading dot, with or without blanks around its dots.
    pub(super) fn dotted_name(&mut self, what: &str) -> Parse<Name<'s>> {
        if !self.at_word() && !self.at(b'.') {
            return Err(self.missing(what));
        }
        let mut range = self.token.range;
        let mut name = Cow::Borrowed("");
        loop {
            let dot = self.at(b'.');
            let part = self.text(self.bump());
            if name.is_empty() { name = Cow::Borrowed(part) } else { name.to_mut().push_str(part) }
            range.end = self.last.end;
            let goes_on = if dot { self.at_word() } else { self.at(b'.') || self.word().starts_with('.') };
            match goes_on {
                true => {}
                false if dot => return Err(self.missing(what)),
                false => return Ok(Name { text: name, range }),
            }
        }
    }

    /// From the start of something to the token read last.
    pub(super) fn since(&self, start: u32) -> Range {
        Range { start, end: self.last.end.max(start) }
    }

    /// The comments of a declaration whose `;` or `{` was read just now.
    pub(super) fn comments(&self, leading: Option<Range>) -> Comments {
        Comments { leading, trailing: self.token.gap.trailing }
    }

    /// The fault that something else stands here.
    pub(super) fn missing(&self, what: &str) -> Fault {
        Fault { range: self.token.range, message: format!("expected {what}, found {}", self.found()) }
    }

    /// Notes a fault. One place has one fault; what follows from it is not told again.
    pub(super) fn fault(&mut self, fault: Fault) {
        let known = self.faults.last().is_some_and(|last| last.range.start == fault.range.start);
        if self.faults.len() < MAX_FAULTS && !known {
            self.faults.push(fault);
        }
    }

    /// Reads something one level deeper, as long as the limit allows.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.depth >= MAX_DEPTH {
            let message = format!("expected at most {MAX_DEPTH} levels of nesting, found one more");
            return Err(Fault { range: self.token.range, message });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn found(&self) -> String {
        let text = self.text(self.token.range);
        match self.token.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::OpenText => "a string without its closing quote".to_owned(),
            Kind::Text => "a string".to_owned(),
            _ if text.chars().nth(MAX_QUOTED).is_some() => {
                format!("`{}...`", text.chars().take(MAX_QUOTED).collect::<String>().escape_debug())
            }
            _ => format!("`{}`", text.escape_debug()),
        }
    }
}
