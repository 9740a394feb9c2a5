//! The cursor over the tokens of a file, and how it goes on after a fault.

use std::borrow::Cow;

use super::ast::{Comments, Fault, Name, Range};
use super::lexer::{Kind, Lexer, Token};

/// Messages, groups and values that may nest. `protoc` allows 32 levels of messages.
pub(super) const MAX_DEPTH: usize = 100;

/// Faults of one file that are told one by one.
const MAX_FAULTS: usize = 200;

/// Why a statement could not be read; the fault is recorded already.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken;

/// What reading a part of a statement gives.
pub(super) type Read<T> = Result<T, Broken>;

/// Reads one file.
pub(super) struct Parser<'s> {
    text: &'s str,
    lexer: Lexer<'s>,
    /// The token that is next.
    token: Token,
    /// End of the token before it.
    last_end: u32,
    /// A declaration in the first column ends all bodies above it.
    pub(super) columns_count: bool,
    /// A body that the file ends in.
    pub(super) open_body: Option<Range>,
    /// How deep we are in messages and values.
    pub(super) depth: usize,
    pub(super) faults: Vec<Fault>,
}

impl<'s> Parser<'s> {
    pub(super) fn new(text: &'s str, columns_count: bool) -> Self {
        let mut lexer = Lexer::new(text);
        let token = lexer.next();
        Self { text, lexer, token, last_end: 0, columns_count, open_body: None, depth: 0, faults: Vec::new() }
    }

    /// The next token.
    pub(super) const fn token(&self) -> Token {
        self.token
    }

    /// The token behind the next one.
    pub(super) fn second(&self) -> Token {
        self.lexer.clone().next()
    }

    /// Comments above the next token.
    pub(super) const fn leading(&self) -> Option<Range> {
        self.token.comments.leading
    }

    /// Comments of a statement that just ended, or whose body was just opened.
    pub(super) const fn comments(&self, leading: Option<Range>) -> Comments {
        Comments { leading, trailing: self.token.comments.trailing }
    }

    /// First byte of the next token.
    pub(super) const fn start(&self) -> u32 {
        self.token.range.start
    }

    /// From `start` to the end of the last token.
    pub(super) fn since(&self, start: u32) -> Range {
        Range { start, end: self.last_end.max(start) }
    }

    /// What the text says there.
    pub(super) fn text(&self, range: Range) -> &'s str {
        self.text.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    /// Goes on to the next token and gives the one that was passed.
    pub(super) fn advance(&mut self) -> Token {
        let passed = self.token;
        self.last_end = passed.range.end;
        self.token = self.lexer.next();
        if let Some(range) = self.lexer.open_comment.take() {
            self.fault(range, "this comment is never closed");
        }
        passed
    }

    /// Whether the next token is this character.
    pub(super) fn is(&self, character: u8) -> bool {
        self.token.kind == Kind::Punctuation(character)
    }

    /// Whether the next token is this word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.token.kind == Kind::Word && self.text(self.token.range) == word
    }

    /// Whether the file ends here.
    pub(super) fn is_end(&self) -> bool {
        self.token.kind == Kind::End
    }

    /// Passes this character if it is next.
    pub(super) fn eat(&mut self, character: u8) -> bool {
        let found = self.is(character);
        if found {
            self.advance();
        }
        found
    }

    /// Passes this word if it is next.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Passes this character, which must be next.
    pub(super) fn expect(&mut self, character: u8) -> Read<()> {
        if self.eat(character) { Ok(()) } else { Err(self.expected(&format!("`{}`", char::from(character)))) }
    }

    /// A single word.
    pub(super) fn word(&mut self, what: &str) -> Read<Name<'s>> {
        if self.token.kind != Kind::Word {
            return Err(self.expected(what));
        }
        let range = self.advance().range;
        Ok(Name { text: Cow::Borrowed(self.text(range)), range })
    }

    /// A dotted name, with a leading dot or without.
    pub(super) fn name(&mut self, what: &str) -> Read<Name<'s>> {
        let start = self.start();
        let mut pieces = Range { start, end: start };
        let mut joined: Option<String> = None;
        let mut wants_word = !self.is(b'.');
        loop {
            let fits = if wants_word { self.token.kind == Kind::Word } else { self.is(b'.') };
            if !fits {
                break;
            }
            let range = self.advance().range;
            if range.start == pieces.end || joined.is_some() {
                pieces.end = range.end;
            } else {
                joined = Some(self.text(pieces).to_owned());
                pieces.end = range.end;
            }
            let piece = self.text(range);
            if let Some(joined) = &mut joined {
                joined.push_str(piece);
            }
            wants_word = !wants_word;
        }
        if wants_word || pieces.end == start {
            return Err(self.expected(what));
        }
        let text = joined.map_or_else(|| Cow::Borrowed(self.text(pieces)), Cow::Owned);
        Ok(Name { text, range: pieces })
    }

    /// Records that something else was expected here.
    pub(super) fn expected(&mut self, what: &str) -> Broken {
        let range = self.token.range;
        let found = match self.token.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::OpenString => "a string that its line ends before its quote does".to_owned(),
            _ => format!("`{}`", shortened(self.text(range))),
        };
        self.fault(range, &format!("expected {what}, found {found}"));
        Broken
    }

    /// Records a fault; a second one at the same place says nothing new.
    pub(super) fn fault(&mut self, range: Range, message: &str) {
        if self.faults.len() >= MAX_FAULTS || self.faults.last().is_some_and(|last| last.range == range) {
            return;
        }
        let message = if self.faults.len() + 1 == MAX_FAULTS {
            "too many syntax errors, the rest of them is not told"
        } else {
            message
        };
        self.faults.push(Fault { range, message: message.to_owned() });
    }

    /// Ends a statement that is read in full. Where only its `;` is missing, nothing is lost.
    pub(super) fn end_statement(&mut self) {
        if self.eat(b';') {
            return;
        }
        let place = Range { start: self.last_end, end: self.last_end };
        if self.token.begins_line || self.is(b'}') || self.is_end() {
            self.fault(place, "expected `;` behind this statement");
        } else {
            self.expected("`;`");
            self.recover();
        }
    }

    /// Goes to where the next statement may begin: behind a `;` or a body, at the end of the body
    /// that we are in, or at the first word of a line.
    pub(super) fn recover(&mut self) {
        let mut is_first = true;
        loop {
            match self.token.kind {
                Kind::End | Kind::Punctuation(b'}') => return,
                Kind::Word if self.token.begins_line && !is_first => return,
                Kind::Punctuation(b';') => {
                    self.advance();
                    return;
                }
                Kind::Punctuation(b'{') => {
                    self.skip_body();
                    return;
                }
                Kind::Punctuation(b'[') => self.skip_brackets(),
                _ => drop(self.advance()),
            }
            is_first = false;
        }
    }

    /// Passes a `{`, everything in it, and its `}`.
    pub(super) fn skip_body(&mut self) {
        let mut depth = 0_usize;
        while !self.is_end() {
            match self.advance().kind {
                Kind::Punctuation(b'{') => depth += 1,
                Kind::Punctuation(b'}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// Goes behind the `}` of the body that we are in.
    pub(super) fn close_body(&mut self) {
        while !self.is_end() && !self.eat(b'}') {
            if self.is(b'{') {
                self.skip_body();
            } else {
                self.advance();
            }
        }
    }

    /// Passes a `[` and goes behind its `]`, but not past the end of the statement or body.
    fn skip_brackets(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.token.kind {
                Kind::End | Kind::Punctuation(b';' | b'}') => return,
                Kind::Punctuation(b'{') => self.skip_body(),
                Kind::Punctuation(b'[') => {
                    depth += 1;
                    self.advance();
                }
                Kind::Punctuation(b']') => {
                    self.advance();
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => drop(self.advance()),
            }
        }
    }

    /// Reads `{ statement* }`. A statement that does not advance costs a token.
    pub(super) fn body(&mut self, mut statement: impl FnMut(&mut Self) -> Read<()>) -> Read<()> {
        let open = self.token.range;
        self.expect(b'{')?;
        loop {
            if self.is_end() || self.is_beyond() {
                self.open_body.get_or_insert(open);
                self.fault(open, "this `{` is never closed");
                return Ok(());
            }
            if self.eat(b'}') {
                return Ok(());
            }
            self.attempt(&mut statement);
        }
    }

    /// Reads one statement and goes on behind it.
    pub(super) fn attempt(&mut self, statement: &mut impl FnMut(&mut Self) -> Read<()>) {
        let start = self.start();
        if self.eat(b';') {
            return;
        }
        let depth = self.depth;
        if statement(self).is_err() {
            self.depth = depth;
            // What begins a line was not part of the broken statement.
            let is_next = self.token.begins_line && self.token.kind == Kind::Word && self.start() > start;
            if !is_next {
                self.recover();
            }
        }
        if self.start() == start && !self.is_end() {
            self.advance();
        }
    }

    /// Whether a declaration in the first column shows that the body we are in should have ended.
    fn is_beyond(&self) -> bool {
        let declarations = ["message", "enum", "service", "extend", "import", "package", "syntax", "edition", "option"];
        let start = self.start() as usize;
        let in_first_column = start == 0 || self.text.as_bytes().get(start - 1) == Some(&b'\n');
        self.columns_count
            && in_first_column
            && declarations.contains(&self.text(self.token.range))
            && self.token.kind == Kind::Word
            && matches!(self.second().kind, Kind::Word | Kind::Punctuation(b'=' | b'(' | b'.') | Kind::String)
    }

    /// Goes one level deeper for `read`; too deep is a fault.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            self.fault(self.token.range, &format!("this nests deeper than {MAX_DEPTH} levels"));
            return Err(Broken);
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }
}

/// The first characters of a token.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}
