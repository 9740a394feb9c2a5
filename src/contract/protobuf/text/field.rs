//! Fields: plain ones, maps and groups.

use super::ast::{FieldNode, Label, MessageNode, Name, OptionStatement, Range, TypeNode};
use super::lexer::Kind;
use super::message::{Fields, empty, group_field_name};
use super::parser::{Parser, Read};

/// What stands before the type of a field.
#[derive(Clone, Copy)]
struct Head {
    start: u32,
    leading: Option<Range>,
    label: Option<(Label, Range)>,
    oneof: Option<u32>,
}

impl<'s> Parser<'s> {
    /// A field. The body of a group becomes a message.
    pub(super) fn field(
        &mut self,
        fields: &mut Fields<'s>,
        messages: &mut Vec<MessageNode<'s>>,
        oneof: Option<u32>,
    ) -> Read<()> {
        let head = Head { start: self.start(), leading: self.leading(), label: self.label(), oneof };
        if self.is_word("group") && self.second().kind == Kind::Word {
            return self.group(head, fields, messages);
        }
        let kind_start = self.start();
        let kind = if self.is_word("map") && self.second().kind == Kind::Punctuation(b'<') {
            self.map()?
        } else {
            TypeNode::Named(self.name("the type of a field")?)
        };
        let kind_range = self.since(kind_start);
        let name = self.word("the name of a field")?;
        let (number, number_range) = self.field_number(&name)?;
        let options = self.bracketed()?;
        self.end_statement();
        let comments = self.comments(head.leading);
        fields.push(FieldNode {
            name,
            label: head.label,
            kind,
            kind_range,
            number,
            number_range,
            oneof: head.oneof,
            options,
            comments,
            range: self.since(head.start),
        });
        Ok(())
    }

    /// `optional`, `required` or `repeated`, unless it is the name of a type: then `=` is the
    /// second word behind it.
    fn label(&mut self) -> Option<(Label, Range)> {
        let label = match self.text(self.token().range) {
            "optional" => Label::Optional,
            "required" => Label::Required,
            "repeated" => Label::Repeated,
            _ => return None,
        };
        let range = self.advance().range;
        Some((label, range))
    }

    /// `map<key, value>`
    fn map(&mut self) -> Read<TypeNode<'s>> {
        self.advance();
        self.expect(b'<')?;
        let key = self.name("the type of the keys")?;
        self.expect(b',')?;
        let value = self.name("the type of the values")?;
        self.expect(b'>')?;
        Ok(TypeNode::Map { key, value })
    }

    /// `= number`. Where it is missing or no number, the field stays without one.
    fn field_number(&mut self, name: &Name<'s>) -> Read<(Option<i64>, Range)> {
        if self.is(b';') || self.is(b'[') {
            self.fault(name.range, &format!("field `{}` has no number", name.text));
            return Ok((None, name.range));
        }
        self.expect(b'=')?;
        let (number, range) = self.integer("the number of the field")?;
        if number.is_none() {
            self.fault(range, "this number is too large");
        }
        Ok((number, range))
    }

    fn group(&mut self, head: Head, fields: &mut Fields<'s>, messages: &mut Vec<MessageNode<'s>>) -> Read<()> {
        let kind_range = self.advance().range;
        let name = self.word("the name of a group")?;
        let (number, number_range) = self.field_number(&name)?;
        let options: Vec<OptionStatement<'s>> = self.bracketed()?;
        let mut body =
            MessageNode { is_group: true, ..empty(name.clone(), Range { start: head.start, end: head.start }) };
        self.message_body(&mut body, head.leading)?;
        fields.push(FieldNode {
            name: group_field_name(&name),
            label: head.label,
            kind: TypeNode::Group(name),
            kind_range,
            number,
            number_range,
            oneof: head.oneof,
            options,
            comments: body.comments,
            range: body.range,
        });
        messages.push(body);
        Ok(())
    }
}
