//! Types: messages with their fields, enumerations, extensions, and named schemas that are no message.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::View;
use crate::model::contract::{
    Cardinality, Enum, Field, Message, Presence, ProtoField, ProtoKind, ProtoMessage, Reserved, Schema, SchemaId, Shape,
};
use crate::model::source::Site;
use crate::report::contracts::block::{Block, Note, Row, Tone, heading};
use crate::report::contracts::words::marks;

impl View<'_> {
    pub(super) fn types(&self, out: &mut dyn Write) -> io::Result<()> {
        let messages = &self.part.messages;
        if !messages.is_empty() {
            self.title("messages", messages.len(), out)?;
            for (_, message) in messages.iter().take(self.shown(messages.len())) {
                self.message(message, out)?;
            }
            self.more(messages.len(), 4, out)?;
        }
        let enums = &self.part.enums;
        if !enums.is_empty() {
            self.title("enumerations", enums.len(), out)?;
            enums.iter().take(self.shown(enums.len())).try_for_each(|declared| self.enumeration(declared, out))?;
            self.more(enums.len(), 4, out)?;
        }
        self.extensions(out)?;
        self.schemas(out)
    }

    fn message(&self, message: &Message, out: &mut dyn Write) -> io::Result<()> {
        let mut notes = marks(&message.marks);
        notes.extend((!message.named).then(|| Note::new(Tone::Faint, "inline")));
        notes.extend(self.words.constraints(message.schema));
        if let Some(proto) = &message.proto {
            notes.extend(proto.is_group.then(|| Note::plain("group")));
            notes.extend(self.words.options(&proto.options));
        }
        heading(self.words.short(&message.name), &notes, self.place(&message.site).as_deref(), 4, out)?;
        let mut block = Block::default();
        let shown = self.shown(message.fields.len());
        message.fields.iter().take(shown).for_each(|field| block.push(self.field(field)));
        if let more @ 1.. = message.fields.len() - shown {
            block.push(Row::more(more));
        }
        if let Some(proto) = &message.proto {
            self.numbers_taken(proto, &mut block);
        }
        block.write(6, out)
    }

    fn numbers_taken(&self, proto: &ProtoMessage, block: &mut Block) {
        for oneof in proto.oneofs.iter().filter(|oneof| !oneof.options.is_empty()) {
            let notes = self.words.options(&oneof.options);
            block.push(Row::new(["", &format!("oneof {}", oneof.name), ""], notes).at(self.place(&oneof.site)));
        }
        self.reserved(&proto.reserved, &proto.reserved_names, block);
        if !proto.extension_ranges.is_empty() {
            let ranges = self.ranges(&proto.extension_ranges);
            block.push(Row::new(["", "extensions", &ranges], Vec::new()));
        }
    }

    fn reserved(&self, numbers: &[Reserved], names: &[(String, Site)], block: &mut Block) {
        let names = names.iter().map(|(name, _)| format!("\"{name}\""));
        let mut all: Vec<String> = numbers.iter().map(range).collect();
        all.extend(names);
        if !all.is_empty() {
            let count = all.len();
            let text = self.words.joined(all.into_iter(), count);
            block.push(Row::new(["", "reserved", &text], Vec::new()));
        }
    }

    fn ranges(&self, ranges: &[Reserved]) -> String {
        self.words.joined(ranges.iter().map(range), ranges.len())
    }

    fn field(&self, field: &Field) -> Row {
        let number = field.number.map(|number| number.to_string()).unwrap_or_default();
        let mut notes = Vec::new();
        notes.extend(presence(field).map(Note::plain));
        notes.extend(marks(&field.marks));
        notes.extend(field.oneof.as_ref().map(|oneof| Note::plain(format!("oneof {oneof}"))));
        notes.extend(field.json_name.as_ref().map(|name| Note::new(Tone::Faint, format!("json {name}"))));
        notes.extend(self.words.values(&field.shape));
        // What is asked of a message is said where the message is listed.
        if !matches!(field.shape, Shape::Message(_)) {
            notes.extend(self.words.constraints(field.schema));
        }
        if let Some(proto) = &field.proto {
            notes.extend((proto.kind == ProtoKind::Group).then(|| Note::plain("delimited")));
            notes.extend(proto.default.as_ref().map(|it| Note::plain(format!("default {}", self.words.value(it)))));
            notes.extend(self.words.options(&proto.options));
        }
        Row::new([&number, &field.name, &self.field_type(field)], notes).at(self.place(&field.site))
    }

    fn field_type(&self, field: &Field) -> String {
        let item = match (&field.shape, field.cardinality) {
            (Shape::List(item), Cardinality::Repeated) => Some(item),
            _ => None,
        };
        match (&field.proto.as_deref(), &field.shape, item) {
            (Some(ProtoField { kind: ProtoKind::Map(key), .. }), Shape::Map(value), _) => {
                format!("map<{}, {}>", key.name(), self.words.shape(value))
            }
            (_, _, Some(item)) => format!("repeated {}", self.words.shape(item)),
            (_, shape, None) => self.words.shape(shape),
        }
    }

    fn enumeration(&self, declared: &Enum, out: &mut dyn Write) -> io::Result<()> {
        let mut notes = marks(&declared.marks);
        notes.extend((!declared.features.open_enum).then(|| Note::plain("closed")));
        notes.extend(self.words.options(&declared.options));
        heading(self.words.short(&declared.name), &notes, self.place(&declared.site).as_deref(), 4, out)?;
        let mut block = Block::default();
        let shown = self.shown(declared.values.len());
        for value in declared.values.iter().take(shown) {
            let mut notes = marks(&value.marks);
            notes.extend(self.words.options(&value.options));
            block.push(Row::new([&value.number.to_string(), &value.name, ""], notes).at(self.place(&value.site)));
        }
        if let more @ 1.. = declared.values.len() - shown {
            block.push(Row::more(more));
        }
        self.reserved(&declared.reserved, &declared.reserved_names, &mut block);
        block.write(6, out)
    }

    /// Fields that are added to messages elsewhere. A selection of parts is about messages, not these.
    fn extensions(&self, out: &mut dyn Write) -> io::Result<()> {
        let all: Vec<_> = self.part.contract.proto_files.iter().flat_map(|file| &file.extensions).collect();
        if all.is_empty() || self.part.is_narrowed {
            return Ok(());
        }
        self.title("extensions", all.len(), out)?;
        let mut block = Block::default();
        for extension in all.iter().take(self.shown(all.len())) {
            let mut row = self.field(&extension.field);
            row.rename(self.words.short(&extension.name));
            row.note(Note::new(Tone::Faint, format!("extends {}", extension.extendee)));
            block.push(row);
        }
        block.write(4, out)?;
        self.more(all.len(), 4, out)
    }

    /// Named schemas that no message is made of: scalars, lists, unions.
    fn schemas(&self, out: &mut dyn Write) -> io::Result<()> {
        let schemas = &self.part.contract.schemas;
        if schemas.is_empty() || self.part.is_narrowed {
            return Ok(());
        }
        let messages: BTreeSet<SchemaId> = self.part.messages.iter().filter_map(|(_, it)| it.schema).collect();
        let named = |(id, schema): &(SchemaId, &Schema)| schema.name.is_some() && !messages.contains(id);
        let all: Vec<(SchemaId, &Schema)> = schemas.iter().filter(named).collect();
        if all.is_empty() {
            return Ok(());
        }
        self.title("other schemas", all.len(), out)?;
        let mut block = Block::default();
        for (id, schema) in all.iter().take(self.shown(all.len())) {
            let mut notes = marks(&schema.marks);
            notes.extend(schema.values.as_ref().map(|values| {
                Note::plain(format!(
                    "one of {}",
                    self.words.joined(values.iter().map(ToString::to_string), values.len())
                ))
            }));
            notes.extend(self.words.constraints(Some(*id)));
            let name = schema.name.as_deref().unwrap_or_default();
            let place = self.detail.places.then(|| self.finder.name(&schemas.site(*id)));
            block.push(Row::new(["", name, &self.words.schema_type(schema)], notes).at(place));
        }
        block.write(4, out)?;
        self.more(all.len(), 4, out)
    }
}

/// Whether a field must, or may not, be told from an unset one. What goes without saying is not said:
/// messages and members of a oneof always can.
fn presence(field: &Field) -> Option<&'static str> {
    if field.cardinality == Cardinality::Required {
        return Some("required");
    }
    let proto = field.proto.as_deref()?;
    let is_plain = matches!(proto.kind, ProtoKind::Scalar | ProtoKind::Enum);
    let is_single = field.cardinality == Cardinality::Optional && field.oneof.is_none();
    (is_plain && is_single && proto.features.presence == Presence::Explicit).then_some("optional")
}

/// The largest number of a field: 2^29 - 1.
const LAST_NUMBER: i64 = 536_870_911;

/// `3`, `5..7`, `100..max`
fn range(reserved: &Reserved) -> String {
    let (first, last) = (reserved.numbers.start(), reserved.numbers.end());
    match *last {
        last if *first == last => first.to_string(),
        LAST_NUMBER => format!("{first}..max"),
        last => format!("{first}..{last}"),
    }
}
