//! Options: their names, their values, and values in text format.

use std::borrow::Cow;

use super::ast::{Entry, Name, NamePart, OptionStatement, Value};
use super::lexer::Kind;
use super::parser::{Broken, Parser, Read};

impl<'s> Parser<'s> {
    /// `option name = value;`
    pub(super) fn option_statement(&mut self) -> Read<OptionStatement<'s>> {
        self.advance();
        let option = self.setting()?;
        self.end_statement();
        Ok(option)
    }

    /// `[name = value, ...]`, if it is there. A broken setting costs itself.
    pub(super) fn bracketed(&mut self) -> Read<Vec<OptionStatement<'s>>> {
        let mut options = Vec::new();
        if !self.eat(b'[') {
            return Ok(options);
        }
        while !self.eat(b']') {
            match self.setting() {
                Ok(option) => options.push(option),
                Err(Broken) => self.skip_setting()?,
            }
            if !self.eat(b',') && !self.is(b']') {
                self.expected("`,` or `]`");
                self.skip_setting()?;
                self.eat(b',');
            }
        }
        // Most lists hold one option, and there is one list per field.
        options.shrink_to_fit();
        Ok(options)
    }

    /// Goes to the `,` or `]` behind a broken setting; a statement that ends before is broken too.
    fn skip_setting(&mut self) -> Read<()> {
        loop {
            match self.token().kind {
                Kind::Punctuation(b',' | b']') => return Ok(()),
                Kind::Punctuation(b';' | b'}') | Kind::End => return Err(Broken),
                Kind::Punctuation(b'{') => self.skip_body(),
                _ => drop(self.advance()),
            }
        }
    }

    fn setting(&mut self) -> Read<OptionStatement<'s>> {
        let start = self.start();
        let mut name = vec![self.name_part()?];
        while self.eat(b'.') {
            name.push(self.name_part()?);
        }
        let name_range = self.since(start);
        self.expect(b'=')?;
        let value_start = self.start();
        let value = self.option_value()?;
        Ok(OptionStatement { name, name_range, value, value_range: self.since(value_start), range: self.since(start) })
    }

    fn name_part(&mut self) -> Read<NamePart<'s>> {
        if !self.eat(b'(') {
            return Ok(NamePart { name: self.word("the name of an option")?, is_extension: false });
        }
        let name = self.name("the name of an extension")?;
        self.expect(b')')?;
        Ok(NamePart { name, is_extension: true })
    }

    fn option_value(&mut self) -> Read<Value<'s>> {
        if self.is(b'{') {
            return self.nested(Self::aggregate);
        }
        self.scalar()
    }

    /// A word, a number or a string.
    fn scalar(&mut self) -> Read<Value<'s>> {
        let start = self.start();
        let negative = self.is(b'-');
        if negative || self.is(b'+') {
            self.advance();
        }
        let range = self.token().range;
        match self.token().kind {
            Kind::Word => {
                let name = self.name("a value")?;
                let text = if negative { Cow::Owned(format!("-{}", name.text)) } else { name.text };
                Ok(Value::Word(text))
            }
            Kind::Integer => {
                self.advance();
                Ok(Value::Integer { negative, magnitude: self.magnitude(range) })
            }
            Kind::Float => {
                self.advance();
                let value = self.decimal(range);
                Ok(Value::Float(if negative { -value } else { value }))
            }
            Kind::String if start == self.start() => Ok(Value::String(self.string("a string")?.0)),
            _ => Err(self.expected("a value")),
        }
    }

    /// `{ entry* }` or `< entry* >` in text format; the separators `,` and `;` may be left out.
    fn aggregate(&mut self) -> Read<Value<'s>> {
        let open = self.token().range;
        let close = if self.is(b'<') { b'>' } else { b'}' };
        self.advance();
        let mut entries = Vec::new();
        while !self.eat(close) {
            if self.is_end() {
                self.fault(open, "this value is never closed");
                return Err(Broken);
            }
            let Ok(entry) = self.entry() else {
                self.close_body();
                return Err(Broken);
            };
            entries.push(entry);
            if !self.eat(b',') {
                self.eat(b';');
            }
        }
        entries.shrink_to_fit();
        Ok(Value::Message(entries))
    }

    fn entry(&mut self) -> Read<Entry<'s>> {
        let is_extension = self.eat(b'[');
        let name = if is_extension { self.any_name()? } else { self.word("the name of a field")? };
        let has_colon = self.eat(b':');
        let opens = self.is(b'{') || self.is(b'<') || self.is(b'[');
        if !has_colon && !opens {
            return Err(self.expected("`:`"));
        }
        let value = self.nested(Self::entry_value)?;
        Ok(Entry { name, is_extension, value })
    }

    /// `ext.name]` or `type.googleapis.com/pkg.Type]`.
    fn any_name(&mut self) -> Read<Name<'s>> {
        let start = self.start();
        while !self.is(b']') {
            if !matches!(self.token().kind, Kind::Word | Kind::Integer | Kind::Punctuation(b'.' | b'/' | b'-')) {
                return Err(self.expected("the name of an extension"));
            }
            self.advance();
        }
        let range = self.since(start);
        self.advance();
        let text = self.text(range);
        let text =
            if text.contains(char::is_whitespace) { text.split_whitespace().collect() } else { Cow::Borrowed(text) };
        Ok(Name { text, range })
    }

    fn entry_value(&mut self) -> Read<Value<'s>> {
        if self.is(b'{') || self.is(b'<') {
            return self.aggregate();
        }
        if !self.eat(b'[') {
            return self.scalar();
        }
        let mut items = Vec::new();
        while !self.eat(b']') {
            items.push(self.nested(Self::entry_value)?);
            if !self.eat(b',') && !self.is(b']') {
                return Err(self.expected("`,` or `]`"));
            }
        }
        Ok(Value::List(items))
    }
}
