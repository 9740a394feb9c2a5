//! Options of compiled files, decoded with the definitions that the set brings along.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use prost::Message;
use prost_reflect::prost_types::{FileDescriptorProto, FileDescriptorSet};
use prost_reflect::{DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MapKey, Value as Reflected};

use crate::contract::protobuf::text::ast::{Entry, Name, NamePart, OptionStatement, Range, Value};

const NOWHERE: Range = Range { start: 0, end: 0 };

/// Values nested deeper than this are cut.
const MAX_DEPTH: usize = 64;

/// The definitions of options.
pub(super) struct Options {
    pool: DescriptorPool,
    /// The set could not be linked, so that only protobuf's own options are read.
    pub(super) is_partial: bool,
}

impl Options {
    /// The definitions in a set, given as its bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        match catch_unwind(AssertUnwindSafe(|| pool(bytes))) {
            Ok(Some(pool)) => Self { pool, is_partial: false },
            Ok(None) | Err(_) => Self { pool: DescriptorPool::global(), is_partial: true },
        }
    }

    /// The options in these bytes, of the type with this full name.
    pub(super) fn read(&self, kind: &str, bytes: &[u8]) -> Vec<OptionStatement<'static>> {
        if bytes.is_empty() {
            return Vec::new();
        }
        catch_unwind(AssertUnwindSafe(|| self.statements(kind, bytes))).ok().flatten().unwrap_or_default()
    }

    fn statements(&self, kind: &str, bytes: &[u8]) -> Option<Vec<OptionStatement<'static>>> {
        let descriptor =
            self.pool.get_message_by_name(kind).or_else(|| DescriptorPool::global().get_message_by_name(kind))?;
        let message = DynamicMessage::decode(descriptor, bytes).ok()?;
        let fields =
            message.fields().map(|(field, value)| (field.name().to_owned(), false, entry_value(&field, value, 0)));
        let extensions = message.extensions().map(|(field, value)| {
            (field.full_name().to_owned(), true, value_of(&field.kind(), field.is_list(), value, 0))
        });
        Some(fields.chain(extensions).map(|(text, is_extension, value)| statement(text, is_extension, value)).collect())
    }
}

/// Links a set. Editions are not known to the linker, and only the types of options matter here, so
/// that such files are taken for proto2.
fn pool(bytes: &[u8]) -> Option<DescriptorPool> {
    let mut set = FileDescriptorSet::decode(bytes).ok()?;
    for file in set.file.iter_mut().filter(|file| file.syntax() == "editions") {
        file.syntax = Some("proto2".to_owned());
    }
    let mut pool = DescriptorPool::new();
    let files: Vec<FileDescriptorProto> = set.file;
    pool.add_file_descriptor_protos(files).ok()?;
    Some(pool)
}

fn statement(text: String, is_extension: bool, value: Value<'static>) -> OptionStatement<'static> {
    // A full name is looked up from the root.
    let text = if is_extension { format!(".{text}") } else { text };
    let part = NamePart { name: Name { text: Cow::Owned(text), range: NOWHERE }, is_extension };
    OptionStatement { name: vec![part], name_range: NOWHERE, value, value_range: NOWHERE, range: NOWHERE }
}

fn entry_value(field: &FieldDescriptor, value: &Reflected, depth: usize) -> Value<'static> {
    value_of(&field.kind(), field.is_list(), value, depth)
}

fn value_of(kind: &Kind, is_list: bool, value: &Reflected, depth: usize) -> Value<'static> {
    if depth > MAX_DEPTH {
        return word("");
    }
    match value {
        Reflected::Bool(value) => word(if *value { "true" } else { "false" }),
        Reflected::I32(value) => integer(i128::from(*value)),
        Reflected::I64(value) => integer(i128::from(*value)),
        Reflected::U32(value) => integer(i128::from(*value)),
        Reflected::U64(value) => integer(i128::from(*value)),
        Reflected::F32(value) => Value::Float(f64::from(*value)),
        Reflected::F64(value) => Value::Float(*value),
        Reflected::String(value) => Value::String(Cow::Owned(value.clone().into_bytes())),
        Reflected::Bytes(value) => Value::String(Cow::Owned(value.to_vec())),
        Reflected::EnumNumber(number) => match kind {
            Kind::Enum(declared) => {
                declared.get_value(*number).map_or_else(|| integer(i128::from(*number)), |value| word(value.name()))
            }
            _ => integer(i128::from(*number)),
        },
        Reflected::Message(message) => {
            let fields = message
                .fields()
                .map(|(field, value)| entry(field.name(), false, entry_value(&field, value, depth + 1)));
            let extensions = message.extensions().map(|(field, value)| {
                entry(field.full_name(), true, value_of(&field.kind(), field.is_list(), value, depth + 1))
            });
            Value::Message(fields.chain(extensions).collect())
        }
        Reflected::List(items) if is_list => {
            Value::List(items.iter().map(|item| value_of(kind, false, item, depth + 1)).collect())
        }
        Reflected::List(_) => word(""),
        Reflected::Map(entries) => {
            let inner = match kind {
                Kind::Message(entry) => entry.map_entry_value_field().kind(),
                other => other.clone(),
            };
            // The entries are hashed: their order must not reach any output.
            let mut sorted: Vec<(&MapKey, &Reflected)> = entries.iter().collect();
            sorted.sort_by_key(|(key, _)| key_text(key));
            let item = |(key, value): (&MapKey, &Reflected)| {
                let key = Value::String(Cow::Owned(key_text(key).into_bytes()));
                Value::Message(vec![
                    entry("key", false, key),
                    entry("value", false, value_of(&inner, false, value, depth + 1)),
                ])
            };
            Value::List(sorted.into_iter().map(item).collect())
        }
    }
}

fn entry(text: &str, is_extension: bool, value: Value<'static>) -> Entry<'static> {
    Entry { name: Name { text: Cow::Owned(text.to_owned()), range: NOWHERE }, is_extension, value }
}

fn word(text: &str) -> Value<'static> {
    Value::Word(Cow::Owned(text.to_owned()))
}

fn integer(number: i128) -> Value<'static> {
    Value::Integer { negative: number < 0, magnitude: u64::try_from(number.unsigned_abs()).ok() }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}
