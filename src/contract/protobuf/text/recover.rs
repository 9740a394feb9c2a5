//! The way back after a fault, and bodies in braces.

use super::ast::{Comments, Range};
use super::lexer::{Kind, Token};
use super::parser::{Layout, Parse, Parser};

/// The head of a body, which says when a forgotten `}` shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// First byte of the declaration.
    pub(super) start: u32,
    /// Comment above it.
    pub(super) leading: Option<Range>,
    /// What it may hold.
    pub(super) scope: Scope,
}

/// What a body may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Messages and groups: nearly everything.
    Message,
    /// Oneofs and `extend` blocks: fields.
    Fields,
    /// Enumerations: values.
    Enum,
    /// Services and methods.
    Service,
}

impl<'s> Parser<'s> {
    /// Reads statement by statement up to the `}`. Reading goes on behind each fault.
    pub(super) fn body(&mut self, head: Head, mut statement: impl FnMut(&mut Self) -> Parse<()>) -> Parse<Comments> {
        self.open_body()?;
        let comments = self.comments(head.leading);
        let column = (self.layout == Layout::Trusted).then(|| self.column(head.start));
        loop {
            if self.eat(b'}') {
                break;
            }
            if self.at_end() {
                self.unclosed = true;
                self.fault(self.missing("`}`"));
                break;
            }
            if self.shows_missing_brace(head.scope, column) {
                self.fault(self.missing("`}`"));
                break;
            }
            self.guarded(&mut statement);
        }
        Ok(comments)
    }

    /// Reads one statement; after a fault goes on behind it.
    pub(super) fn guarded(&mut self, statement: &mut impl FnMut(&mut Self) -> Parse<()>) {
        let start = self.token.range.start;
        if self.eat(b';') {
            return;
        }
        if let Err(fault) = statement(self) {
            self.fault(fault);
            if self.token.range.start == start {
                self.skip_first();
            } else {
                self.skip_statement();
            }
        }
    }

    /// Reads the `;` of a statement. Where it was forgotten the statement counts all the same.
    pub(super) fn end_statement(&mut self) {
        if self.eat(b';') {
            return;
        }
        let mut fault = self.missing("`;`");
        let next_line = self.token.first_of_line || self.at(b'}') || self.at_end();
        if next_line {
            // The place to mend is where the statement ends.
            fault.range = self.last;
        }
        self.fault(fault);
        if !(next_line && (self.at_word() || self.at(b'}') || self.at_end())) {
            self.skip_statement();
        }
    }

    /// Reads a `{`. It may have been forgotten if a line follows that belongs into the body.
    fn open_body(&mut self) -> Parse<()> {
        if self.eat(b'{') {
            return Ok(());
        }
        let fault = self.missing("`{`");
        if !(self.token.first_of_line && self.at_word()) {
            return Err(fault);
        }
        self.fault(fault);
        Ok(())
    }

    /// A declaration begins here that cannot stand in the current body.
    fn shows_missing_brace(&self, scope: Scope, column: Option<usize>) -> bool {
        if !self.token.first_of_line || !self.at_word() {
            return false;
        }
        if column.is_some_and(|column| self.column(self.token.range.start) <= column) && self.begins_declaration() {
            return true;
        }
        let next = || self.peek().kind;
        match self.word() {
            "syntax" | "edition" => scope != Scope::Enum && next() == Kind::Mark(b'='),
            "import" => next() == Kind::Text,
            "service" => self.begins_block(),
            "message" | "enum" => scope != Scope::Message && self.begins_block(),
            "rpc" => matches!(scope, Scope::Enum | Scope::Fields) && next() == Kind::Word,
            _ => false,
        }
    }

    /// A keyword, a name and an opening brace.
    fn begins_block(&self) -> bool {
        let mut ahead = self.lexer;
        ahead.next().kind == Kind::Word && ahead.next().kind == Kind::Mark(b'{')
    }

    /// Skips the first token of a statement that does not begin like any, and then its rest.
    fn skip_first(&mut self) {
        match self.token.kind {
            Kind::Mark(b'}') => {
                self.bump();
            }
            Kind::Mark(b'{') => self.skip_statement(),
            _ => {
                self.bump();
                self.skip_statement();
            }
        }
    }

    /// Skips to behind the next `;` or balanced `}`, or to the end of the body, or to a line that
    /// begins a declaration.
    pub(super) fn skip_statement(&mut self) {
        let mut open = 0_usize;
        loop {
            match self.token.kind {
                Kind::End => return,
                Kind::Mark(b'{') => open += 1,
                Kind::Mark(b'}') if open == 0 => return,
                Kind::Mark(b'}') => {
                    open -= 1;
                    if open == 0 {
                        self.bump();
                        self.eat(b';');
                        return;
                    }
                }
                Kind::Mark(b';') if open == 0 => {
                    self.bump();
                    return;
                }
                Kind::Word if open == 0 && self.begins_declaration() => return,
                _ => {}
            }
            self.bump();
        }
    }

    /// Skips to the `,` or `]` that ends an option in brackets. False if the brackets end otherwise.
    pub(super) fn skip_option(&mut self) -> bool {
        let mut open = 0_usize;
        loop {
            match self.token.kind {
                Kind::End => return false,
                Kind::Mark(b',' | b']') if open == 0 => return true,
                Kind::Mark(b';' | b'}') if open == 0 => return false,
                Kind::Mark(b'{' | b'[') => open += 1,
                Kind::Mark(b'}' | b']') => open -= 1,
                Kind::Word if self.begins_declaration() => return false,
                _ => {}
            }
            self.bump();
        }
    }

    /// The current token is the first of a line and begins a declaration, as far as a few tokens tell.
    pub(super) fn begins_declaration(&self) -> bool {
        if !self.token.first_of_line {
            return false;
        }
        let mut ahead = self.lexer;
        let mut next = || ahead.next();
        let is_word = |token: Token| token.kind == Kind::Word;
        match self.word() {
            "" => false,
            "message" | "enum" | "service" | "oneof" => is_word(next()) && next().kind == Kind::Mark(b'{'),
            "extend" => is_word(next()),
            "export" | "local" => matches!(self.text(next().range), "message" | "enum"),
            "rpc" => is_word(next()) && next().kind == Kind::Mark(b'('),
            "optional" | "required" | "repeated" => is_word(next()) && is_word(next()),
            "option" => matches!(next().kind, Kind::Word | Kind::Mark(b'(')) && next().kind != Kind::Mark(b';'),
            "reserved" => matches!(next().kind, Kind::Number | Kind::Text),
            "extensions" => next().kind == Kind::Number,
            "import" => matches!(next().kind, Kind::Text | Kind::Word),
            "package" => is_word(next()) && next().kind == Kind::Mark(b';'),
            "map" => next().kind == Kind::Mark(b'<'),
            _ => match (next().kind, next().kind) {
                // `Type name =` of a field, `NAME = 1;` of an enumeration.
                (Kind::Word, Kind::Mark(b'=')) => true,
                (Kind::Mark(b'='), Kind::Number) => matches!(next().kind, Kind::Mark(b';' | b'[')),
                (Kind::Mark(b'='), Kind::Text) => {
                    matches!(self.word(), "syntax" | "edition") && next().kind == Kind::Mark(b';')
                }
                _ => false,
            },
        }
    }
}
