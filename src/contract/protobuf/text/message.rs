//! Messages, their oneofs, and the numbers and names that they keep.

use std::borrow::Cow;

use super::ast::{Comments, FieldNode, MessageNode, Name, OneofNode, OptionStatement, Range, RangeNode, Visibility};
use super::lexer::Kind;
use super::parser::{Parser, Read};

impl<'s> Parser<'s> {
    /// `message Name { ... }`. It stands in `messages` even if something in it is broken.
    pub(super) fn message(&mut self, visibility: Option<Visibility>, messages: &mut Vec<MessageNode<'s>>) -> Read<()> {
        let leading = self.leading();
        let start = self.start();
        self.advance();
        let name = self.word("the name of a message")?;
        let mut message = MessageNode { visibility, ..empty(name, Range { start, end: start }) };
        self.message_body(&mut message, leading)?;
        messages.push(message);
        Ok(())
    }

    /// The body of a message or group that begins here.
    pub(super) fn message_body(&mut self, message: &mut MessageNode<'s>, leading: Option<Range>) -> Read<()> {
        if !self.is(b'{') {
            return Err(self.expected("`{`"));
        }
        let start = message.range.start;
        self.nested(|parser| {
            let mut trailing = None;
            parser.body(|parser| {
                trailing = trailing.or(Some(parser.comments(leading)));
                parser.member(message)
            })?;
            message.comments = trailing.unwrap_or(Comments { leading, trailing: None });
            Ok(())
        })?;
        message.range = self.since(start);
        Ok(())
    }

    fn member(&mut self, message: &mut MessageNode<'s>) -> Read<()> {
        let word = if self.token().kind == Kind::Word { self.text(self.token().range) } else { "" };
        // Each of these words may also be the type of a field: then two words follow, or a `=`.
        let next_is_word = || self.second().kind == Kind::Word;
        match word {
            "message" if next_is_word() => self.message(None, &mut message.messages),
            "enum" if next_is_word() => self.enumeration(None, &mut message.enums),
            "export" | "local" if self.is_visibility() => {
                let visibility = self.visibility();
                if self.is_word("enum") {
                    return self.enumeration(visibility, &mut message.enums);
                }
                self.message(visibility, &mut message.messages)
            }
            "extend" if self.second().kind == Kind::Word || self.second().kind == Kind::Punctuation(b'.') => {
                self.extend(&mut message.extends)
            }
            "oneof" if next_is_word() => self.oneof(message),
            "option" => {
                let option = self.option_statement()?;
                message.options.push(option);
                Ok(())
            }
            "reserved" => self.reserved(&mut message.reserved, &mut message.reserved_names),
            "extensions" => self.extensions(message),
            _ => self.field(&mut message.fields, &mut message.messages, None),
        }
    }

    fn oneof(&mut self, message: &mut MessageNode<'s>) -> Read<()> {
        let leading = self.leading();
        let start = self.start();
        self.advance();
        let name = self.word("the name of a oneof")?;
        let index = u32::try_from(message.oneofs.len()).ok();
        let range = Range { start, end: start };
        message.oneofs.push(OneofNode {
            name,
            options: Vec::new(),
            comments: Comments { leading, trailing: None },
            range,
        });
        let mut options = Vec::new();
        self.body(|parser| {
            if parser.is_word("option") {
                options.push(parser.option_statement()?);
                return Ok(());
            }
            parser.field(&mut message.fields, &mut message.messages, index)
        })?;
        let range = self.since(start);
        if let Some(oneof) = message.oneofs.last_mut() {
            (oneof.range, oneof.options) = (range, options);
        }
        Ok(())
    }

    /// `reserved 1, 3 to 5, 9 to max;` or `reserved "a", "b";` or, in editions, `reserved a, b;`.
    pub(super) fn reserved(&mut self, numbers: &mut Vec<RangeNode>, names: &mut Vec<Name<'s>>) -> Read<()> {
        self.advance();
        loop {
            match self.token().kind {
                Kind::String => {
                    let (text, range) = self.quoted("a name")?;
                    names.push(Name { text, range });
                }
                Kind::Word => names.push(self.word("a name")?),
                _ => numbers.push(self.number_range()?),
            }
            if !self.eat(b',') {
                break;
            }
        }
        self.end_statement();
        Ok(())
    }

    fn extensions(&mut self, message: &mut MessageNode<'s>) -> Read<()> {
        self.advance();
        loop {
            message.extension_ranges.push(self.number_range()?);
            if !self.eat(b',') {
                break;
            }
        }
        let mut options: Vec<OptionStatement<'s>> = self.bracketed()?;
        message.extension_options.append(&mut options);
        self.end_statement();
        Ok(())
    }

    fn number_range(&mut self) -> Read<RangeNode> {
        let start = self.start();
        let (first, first_range) = self.integer("a number")?;
        let last = match self.eat_word("to") {
            false => first,
            true if self.eat_word("max") => None,
            true => self.integer("a number or `max`")?.0,
        };
        let range = self.since(start);
        let Some(first) = first else {
            self.fault(first_range, "this number is too large");
            return Ok(RangeNode { first: i64::MAX, last: Some(i64::MAX), range });
        };
        Ok(RangeNode { first, last, range })
    }
}

/// A message without anything in it.
pub(super) fn empty(name: Name<'_>, range: Range) -> MessageNode<'_> {
    MessageNode {
        name,
        visibility: None,
        fields: Vec::new(),
        oneofs: Vec::new(),
        messages: Vec::new(),
        enums: Vec::new(),
        extends: Vec::new(),
        reserved: Vec::new(),
        reserved_names: Vec::new(),
        extension_ranges: Vec::new(),
        extension_options: Vec::new(),
        options: Vec::new(),
        is_group: false,
        comments: Comments::default(),
        range,
    }
}

/// The name of the field that a group stands for.
pub(super) fn group_field_name<'s>(group: &Name<'s>) -> Name<'s> {
    Name { text: Cow::Owned(group.text.to_ascii_lowercase()), range: group.range }
}

/// Fields of a message or `extend` block.
pub(super) type Fields<'s> = Vec<FieldNode<'s>>;
