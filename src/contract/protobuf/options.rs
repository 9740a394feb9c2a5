//! Options as they are written: the full name of each, its value as JSON, and where it stands.

use prost_reflect::prost_types::UninterpretedOption;
use prost_reflect::{DescriptorPool, DynamicMessage, EnumDescriptor, Kind, MapKey, ReflectMessage, Value as Reflected};
use serde_json::{Map, Number, Value};

use super::symbols::candidates;
use super::text_format;

/// Values nested deeper than this are cut.
const MAX_DEPTH: usize = 64;

/// One option of an element.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// The full name of a custom option (`acme.privacy`), with the path inside it
    /// (`acme.privacy.level`), or the name of a built-in one. Several if the option is declared
    /// nowhere: a short name may then stand for any of them.
    pub(super) names: Vec<String>,
    /// Its value; an enum value by its name.
    pub(super) value: Value,
    /// As in the text: `(acme.privacy).level = PII`.
    pub(super) text: String,
    /// One of the values of its enumeration that it holds is itself marked `debug_redact`.
    pub(super) redacts: bool,
}

/// Reads one option. `linked` holds the options of the element as the linker understood them.
pub(super) fn read(
    option: &UninterpretedOption,
    scope: &str,
    pool: &DescriptorPool,
    linked: Option<&DynamicMessage>,
) -> Written {
    let names = full_names(option, scope, pool);
    let understood = linked.and_then(|linked| find(option, names.first()?, pool, linked));
    let (value, redacts) = match understood {
        Some((value, kind)) => (json(&value, &kind, 0), redacts(&value, &kind, 0)),
        None => (written_value(option), false),
    };
    let text = format!("{} = {}", written_name(option), text_of(option));
    Written { names, value, text, redacts }
}

/// The name as it stands in the text: `(acme.privacy).level`.
fn written_name(option: &UninterpretedOption) -> String {
    let parts = option.name.iter().map(|part| match part.is_extension {
        true => format!("({})", part.name_part),
        false => part.name_part.clone(),
    });
    parts.collect::<Vec<_>>().join(".")
}

fn full_names(option: &UninterpretedOption, scope: &str, pool: &DescriptorPool) -> Vec<String> {
    let Some((first, rest)) = option.name.split_first() else { return Vec::new() };
    let tail: String = rest.iter().map(|part| format!(".{}", part.name_part.trim_start_matches('.'))).collect();
    if !first.is_extension {
        return vec![format!("{}{tail}", first.name_part)];
    }
    let all = candidates(scope, &first.name_part);
    if let Some(known) = all.iter().find(|name| pool.get_extension_by_name(name).is_some()) {
        return vec![format!("{known}{tail}")];
    }
    // As written comes first, then with the packages around it, inner ones first.
    let written = first.name_part.trim_start_matches('.').to_owned();
    let others = all.into_iter().filter(|name| *name != written);
    std::iter::once(written.clone()).chain(others).map(|name| format!("{name}{tail}")).collect()
}

/// The value that the linker read for an option, with its type.
fn find(
    option: &UninterpretedOption,
    name: &str,
    pool: &DescriptorPool,
    linked: &DynamicMessage,
) -> Option<(Reflected, Kind)> {
    let (first, rest) = option.name.split_first()?;
    if !first.is_extension {
        return None;
    }
    let tail: usize = rest.iter().map(|part| part.name_part.trim_start_matches('.').len() + 1).sum();
    let extension = pool.get_extension_by_name(name.get(..name.len().checked_sub(tail)?)?)?;
    if !linked.has_extension(&extension) {
        return None;
    }
    let (mut value, mut kind) = (linked.get_extension(&extension).into_owned(), extension.kind());
    for part in rest.iter().filter(|part| !part.is_extension) {
        let Reflected::Message(message) = &value else { return None };
        let field = message.descriptor().get_field_by_name(&part.name_part)?;
        let inner = message.get_field(&field).into_owned();
        (value, kind) = (inner, field.kind());
    }
    Some((value, kind))
}

/// A value as JSON.
fn json(value: &Reflected, kind: &Kind, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    match value {
        Reflected::Bool(value) => Value::Bool(*value),
        Reflected::I32(value) => Value::from(*value),
        Reflected::I64(value) => Value::from(*value),
        Reflected::U32(value) => Value::from(*value),
        Reflected::U64(value) => Value::from(*value),
        Reflected::F32(value) => Number::from_f64(f64::from(*value)).map_or(Value::Null, Value::Number),
        Reflected::F64(value) => Number::from_f64(*value).map_or(Value::Null, Value::Number),
        Reflected::String(value) => Value::String(value.clone()),
        Reflected::Bytes(value) => Value::String(String::from_utf8_lossy(value).into_owned()),
        Reflected::EnumNumber(number) => match kind {
            Kind::Enum(declared) => enum_value(declared, *number),
            _ => Value::from(*number),
        },
        Reflected::Message(message) => {
            let fields = message.fields();
            let members = fields.map(|(field, value)| (field.name().to_owned(), json(value, &field.kind(), depth + 1)));
            Value::Object(members.collect())
        }
        Reflected::List(items) => items.iter().map(|item| json(item, kind, depth + 1)).collect(),
        Reflected::Map(entries) => {
            let kind = match kind {
                Kind::Message(entry) => entry.get_field_by_name("value").map_or(Kind::String, |field| field.kind()),
                _ => Kind::String,
            };
            let mut members: Vec<(String, Value)> =
                entries.iter().map(|(key, value)| (map_key(key), json(value, &kind, depth + 1))).collect();
            // The entries are hashed: their order must not reach any output.
            members.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(members.into_iter().collect::<Map<_, _>>())
        }
    }
}

fn enum_value(declared: &EnumDescriptor, number: i32) -> Value {
    declared.get_value(number).map_or_else(|| Value::from(number), |value| Value::String(value.name().to_owned()))
}

fn map_key(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}

/// Whether a value of an enumeration in it is marked `debug_redact`: protobuf then takes the field
/// with this option for redacted (`EnumValueOptions.debug_redact`).
fn redacts(value: &Reflected, kind: &Kind, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match (value, kind) {
        (Reflected::EnumNumber(number), Kind::Enum(declared)) => {
            let options = declared.get_value(*number).map(|value| value.options());
            let redact = options.as_ref().and_then(|options| options.get_field_by_name("debug_redact"));
            redact.is_some_and(|value| matches!(*value, Reflected::Bool(true)))
        }
        (Reflected::List(items), kind) => items.iter().any(|item| redacts(item, kind, depth + 1)),
        (Reflected::Message(message), _) => {
            message.fields().any(|(field, value)| redacts(value, &field.kind(), depth + 1))
        }
        _ => false,
    }
}

/// The value as the text gives it, without knowing the type.
fn written_value(option: &UninterpretedOption) -> Value {
    if let Some(word) = &option.identifier_value {
        return match word.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            word => Value::String(word.to_owned()),
        };
    }
    if let Some(number) = option.positive_int_value {
        return Value::from(number);
    }
    if let Some(number) = option.negative_int_value {
        return Value::from(number);
    }
    if let Some(number) = option.double_value {
        return Number::from_f64(number).map_or(Value::Null, Value::Number);
    }
    if let Some(text) = &option.string_value {
        return Value::String(String::from_utf8_lossy(text).into_owned());
    }
    text_format::message(option.aggregate_value())
}

/// The value for people.
fn text_of(option: &UninterpretedOption) -> String {
    match &option.aggregate_value {
        Some(text) => format!("{{ {} }}", text.trim()),
        None => match written_value(option) {
            Value::String(text) if option.identifier_value.is_some() => text,
            other => other.to_string(),
        },
    }
}
