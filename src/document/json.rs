//! JSON into a tree.
//!
//! A scanner of its own: it keeps places, does not recurse, and keeps what stands before a mistake,
//! none of which `serde_json` does. It takes the same texts; a test holds the two against each other.

use std::sync::Arc;

use super::build::Builder;
use super::fault::{Fault, Lost, What};
use super::json_token as token;
use super::tree::{Form, Kind, Tree, Words};
use super::{Range, offset};

/// Depth below which what is incomplete is kept as far as it goes: a path keeps its complete methods.
pub(super) const KEPT_LEVELS: usize = 2;

/// Reads a text; of broken text, what is complete before the mistake.
pub(super) fn read(text: &Arc<str>) -> (Tree, Vec<Fault>) {
    let mut scanner = Scanner { text, at: 0, builder: Builder::new(text) };
    if text.starts_with('\u{feff}') {
        scanner.at = '\u{feff}'.len_utf8();
    }
    if let Err(mistake) = scanner.document() {
        let place = offset(mistake.at.min(text.len()));
        let lost = scanner.builder.cut(KEPT_LEVELS).map_or(Lost::Everything, |keys| Lost::Rest { keys });
        let what = What::Syntax { message: mistake.message.to_owned(), lost };
        scanner.builder.fault(place..place, what);
    }
    scanner.builder.finish()
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    builder: Builder,
}

/// Where a text stops being JSON, and why.
struct Mistake {
    at: usize,
    message: &'static str,
}

impl Scanner<'_> {
    fn document(&mut self) -> Result<(), Mistake> {
        self.skip_space();
        self.value()?;
        while let Some(is_map) = self.builder.in_map() {
            self.next_part(is_map)?;
        }
        self.skip_space();
        if self.at < self.text.len() { Err(self.mistake("nothing may follow here")) } else { Ok(()) }
    }

    /// Behind a value in a list or mapping: the next part, or its end.
    fn next_part(&mut self, is_map: bool) -> Result<(), Mistake> {
        self.skip_space();
        match (self.peek(), is_map) {
            (Some(b'}'), true) | (Some(b']'), false) => {
                self.at += 1;
                self.builder.close();
                return Ok(());
            }
            (Some(b','), _) => self.at += 1,
            (None, _) => return Err(self.mistake("the text ends too early")),
            (_, true) => return Err(self.mistake("`,` or `}` is missing")),
            (_, false) => return Err(self.mistake("`,` or `]` is missing")),
        }
        self.skip_space();
        self.part(is_map)
    }

    fn part(&mut self, is_map: bool) -> Result<(), Mistake> {
        if is_map {
            self.member_key()?;
        }
        self.value()
    }

    fn member_key(&mut self) -> Result<(), Mistake> {
        if self.peek() != Some(b'"') {
            return Err(self.mistake("a key in double quotes is missing"));
        }
        let key = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.mistake("`:` is missing"));
        }
        self.at += 1;
        self.skip_space();
        self.builder.key(key);
        Ok(())
    }

    /// A value up to its end; of a list or mapping only what is in front of the first value in it that
    /// is neither.
    fn value(&mut self) -> Result<(), Mistake> {
        loop {
            let is_map = match self.peek() {
                Some(b'{') => true,
                Some(b'[') => false,
                _ => return self.scalar(),
            };
            self.builder.enter(is_map, offset(self.at), 0);
            self.at += 1;
            self.skip_space();
            match (self.peek(), is_map) {
                (Some(b'}'), true) | (Some(b']'), false) => {
                    self.at += 1;
                    self.builder.close();
                    return Ok(());
                }
                (_, true) => self.member_key()?,
                (_, false) => {}
            }
        }
    }

    fn scalar(&mut self) -> Result<(), Mistake> {
        match self.peek() {
            Some(b'"') => {
                let words = self.string()?;
                self.builder.scalar(Kind::Text, words, 0);
                Ok(())
            }
            Some(b't') => self.literal("true", Kind::True),
            Some(b'f') => self.literal("false", Kind::False),
            Some(b'n') => self.literal("null", Kind::Null),
            Some(b'-' | b'0'..=b'9') => {
                let Some(end) = token::number(self.text.as_bytes(), self.at) else {
                    return Err(self.mistake("this is no number"));
                };
                let words = plain(self.at..end);
                self.at = end;
                self.builder.scalar(Kind::Number, words, 0);
                Ok(())
            }
            None => Err(self.mistake("the text ends too early")),
            Some(_) => Err(self.mistake("a value is missing")),
        }
    }

    fn literal(&mut self, word: &'static str, kind: Kind) -> Result<(), Mistake> {
        let end = self.at + word.len();
        if self.text.as_bytes().get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.mistake("a value is missing"));
        }
        self.builder.scalar(kind, plain(self.at..end), 0);
        self.at = end;
        Ok(())
    }

    fn string(&mut self) -> Result<Words, Mistake> {
        let start = self.at;
        let (end, has_escapes) =
            token::string(self.text.as_bytes(), start).map_err(|(at, message)| Mistake { at, message })?;
        self.at = end;
        if has_escapes {
            return Ok(self.builder.decoded(range(start..end), None));
        }
        Ok(Words { form: Form::Quoted, ..plain(start + 1..end - 1) })
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
    }

    const fn mistake(&self, message: &'static str) -> Mistake {
        Mistake { at: self.at, message }
    }
}

fn plain(range: std::ops::Range<usize>) -> Words {
    Words { start: offset(range.start), length: offset(range.len()), form: Form::Plain }
}

fn range(range: std::ops::Range<usize>) -> Range {
    offset(range.start)..offset(range.end)
}
