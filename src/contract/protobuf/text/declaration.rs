//! Enumerations, services and extensions.

use super::ast::{Comments, EnumNode, ExtendNode, MethodNode, Name, Range, ServiceNode, ValueNode, Visibility};
use super::lexer::Kind;
use super::parser::{Parser, Read};

impl<'s> Parser<'s> {
    /// `enum Name { ... }`
    pub(super) fn enumeration(&mut self, visibility: Option<Visibility>, enums: &mut Vec<EnumNode<'s>>) -> Read<()> {
        let leading = self.leading();
        let start = self.start();
        self.advance();
        let mut found = EnumNode {
            name: self.word("the name of an enumeration")?,
            visibility,
            values: Vec::new(),
            options: Vec::new(),
            reserved: Vec::new(),
            reserved_names: Vec::new(),
            comments: Comments { leading, trailing: None },
            range: Range { start, end: start },
        };
        self.body(|parser| {
            // `option` and `reserved` may also be the names of values.
            let is_value = parser.second().kind == Kind::Punctuation(b'=');
            if parser.is_word("option") && !is_value {
                found.options.push(parser.option_statement()?);
                return Ok(());
            }
            if parser.is_word("reserved") && !is_value {
                return parser.reserved(&mut found.reserved, &mut found.reserved_names);
            }
            let value = parser.value()?;
            found.values.push(value);
            Ok(())
        })?;
        found.range = self.since(start);
        enums.push(found);
        Ok(())
    }

    fn value(&mut self) -> Read<ValueNode<'s>> {
        let leading = self.leading();
        let start = self.start();
        let name = self.word("the name of a value")?;
        self.expect(b'=')?;
        let (number, number_range) = self.integer("the number of the value")?;
        let number = number.and_then(|number| i32::try_from(number).ok());
        if number.is_none() {
            self.fault(number_range, "the number of a value must fit into 32 bits");
        }
        let options = self.bracketed()?;
        self.end_statement();
        let comments = self.comments(leading);
        Ok(ValueNode { name, number, number_range, options, comments, range: self.since(start) })
    }

    /// `extend Extendee { ... }`
    pub(super) fn extend(&mut self, extends: &mut Vec<ExtendNode<'s>>) -> Read<()> {
        let start = self.start();
        self.advance();
        let extendee = self.name("the message that is extended")?;
        let (mut fields, mut messages) = (Vec::new(), Vec::new());
        self.body(|parser| parser.field(&mut fields, &mut messages, None))?;
        extends.push(ExtendNode { extendee, fields, messages, range: self.since(start) });
        Ok(())
    }

    /// `service Name { ... }`
    pub(super) fn service(&mut self, services: &mut Vec<ServiceNode<'s>>) -> Read<()> {
        let leading = self.leading();
        let start = self.start();
        self.advance();
        let name = self.word("the name of a service")?;
        let (mut methods, mut options) = (Vec::new(), Vec::new());
        self.body(|parser| {
            if parser.is_word("option") {
                options.push(parser.option_statement()?);
                return Ok(());
            }
            if !parser.is_word("rpc") {
                return Err(parser.expected("`rpc` or `option`"));
            }
            methods.push(parser.method()?);
            Ok(())
        })?;
        let comments = Comments { leading, trailing: None };
        services.push(ServiceNode { name, methods, options, comments, range: self.since(start) });
        Ok(())
    }

    fn method(&mut self) -> Read<MethodNode<'s>> {
        let leading = self.leading();
        let start = self.start();
        self.advance();
        if self.is_word("rpc") && self.token().begins_line && self.second().kind == Kind::Word {
            return Err(self.expected("the name of a method"));
        }
        let name = self.word("the name of a method")?;
        let (client_streaming, input) = self.payload()?;
        if !self.eat_word("returns") {
            return Err(self.expected("`returns`"));
        }
        let (server_streaming, output) = self.payload()?;
        let mut options = Vec::new();
        let mut trailing = None;
        if self.is(b'{') {
            self.body(|parser| {
                trailing = trailing.or(parser.token().comments.trailing);
                if !parser.is_word("option") {
                    return Err(parser.expected("`option`"));
                }
                options.push(parser.option_statement()?);
                Ok(())
            })?;
        } else {
            self.end_statement();
            trailing = self.token().comments.trailing;
        }
        let comments = Comments { leading, trailing };
        let range = self.since(start);
        Ok(MethodNode { name, input, client_streaming, output, server_streaming, options, comments, range })
    }

    /// `(Type)` or `(stream Type)`
    fn payload(&mut self) -> Read<(bool, Name<'s>)> {
        self.expect(b'(')?;
        let is_stream = self.is_word("stream") && self.second().kind != Kind::Punctuation(b')');
        if is_stream {
            self.advance();
        }
        let name = self.name("the name of a message")?;
        self.expect(b')')?;
        Ok((is_stream, name))
    }
}
