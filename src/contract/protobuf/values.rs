//! Values of options and defaults as JSON, by their declared type where that is known.

use std::borrow::Cow;

use serde_json::{Map, Number, Value as Json};

use super::names::{FieldIn, Names, Type};
use super::symbols::{Symbol, SymbolKind};
use super::text::ast::{Entry, Label, OptionStatement, TypeNode, Value};

/// Values nested deeper than this are cut.
const MAX_DEPTH: usize = 64;

/// A value, and what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Typed {
    /// The value in the JSON form of protobuf, with proto field names.
    pub(super) json: Json,
    /// An enum value in it, or a field that is set in it, has `debug_redact`.
    pub(super) redacts: bool,
}

/// Reads values with the types of their fields.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n, 'a> {
    /// All declarations.
    pub(super) names: &'n Names<'a>,
    /// The file in which the value is written.
    pub(super) file: usize,
    /// The scope in which names in the value count.
    pub(super) scope: &'n str,
}

impl Reader<'_, '_> {
    /// The value of a field. One item of a repeated field is a list of one.
    pub(super) fn field(self, field: FieldIn<'_>, value: &Value<'_>, depth: usize) -> Typed {
        let mut redacts = redacts(&field.node.options);
        let is_map = matches!(field.node.kind, TypeNode::Map { .. });
        let is_repeated = matches!(field.node.label, Some((Label::Repeated, _)));
        let json = match value {
            Value::List(items) if is_map => self.map(field, items.iter(), depth, &mut redacts),
            item if is_map => self.map(field, std::iter::once(item), depth, &mut redacts),
            Value::List(items) => items.iter().map(|item| self.item(field, item, depth, &mut redacts)).collect(),
            item if is_repeated => Json::Array(vec![self.item(field, item, depth, &mut redacts)]),
            item => self.item(field, item, depth, &mut redacts),
        };
        Typed { json, redacts }
    }

    fn item(self, field: FieldIn<'_>, value: &Value<'_>, depth: usize, redacts: &mut bool) -> Json {
        match &field.node.kind {
            TypeNode::Named(name) | TypeNode::Group(name) | TypeNode::Map { value: name, .. } => {
                self.typed(field, &name.text, value, depth, redacts)
            }
        }
    }

    /// A value of the type that `name` is in the scope of a field.
    fn typed(self, field: FieldIn<'_>, name: &str, value: &Value<'_>, depth: usize, redacts: &mut bool) -> Json {
        if depth > MAX_DEPTH {
            return Json::Null;
        }
        match self.names.type_of(field.file, field.scope, name) {
            Type::Scalar => scalar(name, value),
            Type::Declared(symbol) => match symbol.kind {
                SymbolKind::Message(_) => self.message(symbol, value, depth, redacts),
                SymbolKind::Enum(_) | SymbolKind::Extension(_) => self.enum_value(symbol, value, redacts),
            },
            Type::Unknown => raw(value, depth),
        }
    }

    fn enum_value(self, symbol: Symbol, value: &Value<'_>, redacts: &mut bool) -> Json {
        let Some(declared) = self.names.enumeration(symbol) else { return raw(value, 0) };
        let mut values = declared.node.values.iter();
        let found = match value {
            Value::Word(word) => values.find(|known| known.name.text == *word),
            Value::Integer { .. } => {
                let number = integer(value).and_then(|number| i32::try_from(number).ok());
                number.and_then(|number| values.find(|known| known.number == Some(number)))
            }
            _ => None,
        };
        let Some(found) = found else { return raw(value, 0) };
        *redacts |= self::redacts(&found.options);
        Json::String(found.name.text.clone().into_owned())
    }

    /// A message in text format, with the fields of a declaration.
    fn message(self, symbol: Symbol, value: &Value<'_>, depth: usize, redacts: &mut bool) -> Json {
        let Value::Message(entries) = value else { return raw(value, depth) };
        let mut members = Map::new();
        for entry in entries {
            if let Some((_, packed)) = entry.name.text.rsplit_once('/').filter(|_| entry.is_extension) {
                members.insert("@type".to_owned(), Json::String(entry.name.text.clone().into_owned()));
                let packed = self.packed(packed, &entry.value, depth, redacts);
                packed.into_iter().for_each(|(key, value)| add(&mut members, key, value));
                continue;
            }
            let (key, typed) = self.entry(symbol, entry, depth);
            *redacts |= typed.redacts;
            add(&mut members, key, typed.json);
        }
        Json::Object(members)
    }

    /// What an `Any` holds: `[type.googleapis.com/a.B] { }`. In JSON its members stand beside `@type`
    /// (protobuf.dev, "`ProtoJSON` Format", Any).
    fn packed(self, full_name: &str, value: &Value<'_>, depth: usize, redacts: &mut bool) -> Map<String, Json> {
        let known = self.names.find(self.file, "", full_name, super::symbols::Wanted::Type);
        let json = match known {
            Some(symbol) if depth < MAX_DEPTH => self.message(symbol, value, depth + 1, redacts),
            _ => raw(value, depth + 1),
        };
        match json {
            Json::Object(members) => members,
            other => Map::from_iter([("value".to_owned(), other)]),
        }
    }

    fn entry(self, symbol: Symbol, entry: &Entry<'_>, depth: usize) -> (String, Typed) {
        let name = &*entry.name.text;
        if entry.is_extension {
            return self.extension_entry(name, &entry.value, depth);
        }
        // A group is written by the name of its message.
        let field = self.names.field(symbol, name).or_else(|| self.names.field(symbol, &name.to_lowercase()));
        match field {
            Some(field) => (field.node.name.text.clone().into_owned(), self.field(field, &entry.value, depth + 1)),
            None => (name.to_owned(), Typed { json: raw(&entry.value, depth + 1), redacts: false }),
        }
    }

    /// `[a.b]: value`
    fn extension_entry(self, name: &str, value: &Value<'_>, depth: usize) -> (String, Typed) {
        let known = self.names.extension(self.file, self.scope, name);
        let field = known.and_then(|symbol| {
            let declared = self.names.extension_at(symbol)?;
            Some((declared, FieldIn { node: declared.node, file: symbol.file as usize, scope: &declared.scope }))
        });
        match field {
            Some((declared, field)) => (format!("[{}]", declared.name), self.field(field, value, depth + 1)),
            None => (format!("[{name}]"), Typed { json: raw(value, depth + 1), redacts: false }),
        }
    }

    /// The value of an entry that has none: what its type starts with.
    fn zero(self, field: FieldIn<'_>) -> Value<'static> {
        let TypeNode::Map { value, .. } = &field.node.kind else { return Value::Message(Vec::new()) };
        match self.names.type_of(field.file, field.scope, &value.text) {
            Type::Scalar if matches!(&*value.text, "string" | "bytes") => Value::String(Cow::Borrowed(b"")),
            Type::Declared(Symbol { kind: SymbolKind::Message(_), .. }) => Value::Message(Vec::new()),
            Type::Scalar | Type::Declared(_) | Type::Unknown => Value::Integer { negative: false, magnitude: Some(0) },
        }
    }

    /// A map as it is written, one `{ key: k value: v }` per entry.
    fn map<'v, 's: 'v>(
        self,
        field: FieldIn<'_>,
        items: impl Iterator<Item = &'v Value<'s>>,
        depth: usize,
        redacts: &mut bool,
    ) -> Json {
        let mut members = Map::new();
        for item in items {
            let Value::Message(entries) = item else { continue };
            let part = |name: &str| entries.iter().find(|entry| entry.name.text == name).map(|entry| &entry.value);
            let key = match part("key").map_or_else(|| key_default(field), |key| raw(key, 0)) {
                Json::String(text) => text,
                other => other.to_string(),
            };
            let zero = self.zero(field);
            let value = self.item(field, part("value").unwrap_or(&zero), depth + 1, redacts);
            members.insert(key, value);
        }
        Json::Object(members)
    }
}

/// The key of an entry that has none (protobuf.dev, "Maps": defaults of the type).
fn key_default(field: FieldIn<'_>) -> Json {
    match &field.node.kind {
        TypeNode::Map { key, .. } if key.text == "string" => Json::String(String::new()),
        TypeNode::Map { key, .. } if key.text == "bool" => Json::Bool(false),
        _ => Json::from(0),
    }
}

/// Whether `debug_redact = true` is among options.
pub(super) fn redacts(options: &[OptionStatement<'_>]) -> bool {
    options.iter().any(|option| {
        matches!(option.name.as_slice(), [name] if !name.is_extension && name.name.text == "debug_redact")
            && matches!(&option.value, Value::Word(word) if word == "true")
    })
}

/// Adds a member; lists and objects that are there already are gone on with.
pub(super) fn add(members: &mut Map<String, Json>, key: String, value: Json) {
    match members.get_mut(&key) {
        Some(known) => merge(known, value),
        None => {
            members.insert(key, value);
        }
    }
}

/// Merges as protobuf does: lists are joined, messages are merged, of scalars the last one stays.
pub(super) fn merge(known: &mut Json, value: Json) {
    match (known, value) {
        (Json::Array(items), Json::Array(mut more)) => items.append(&mut more),
        (Json::Object(members), Json::Object(more)) => {
            more.into_iter().for_each(|(key, value)| add(members, key, value));
        }
        (known, value) => *known = value,
    }
}

/// A scalar of a declared type; what does not fit it is as the text gives it.
fn scalar(name: &str, value: &Value<'_>) -> Json {
    match (name, value) {
        ("string", Value::String(bytes)) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
        ("bytes", Value::String(bytes)) => Json::String(base64(bytes)),
        ("bool", Value::Word(word)) => match &**word {
            "true" | "True" | "t" => Json::Bool(true),
            "false" | "False" | "f" => Json::Bool(false),
            _ => raw(value, 0),
        },
        ("bool", Value::Integer { magnitude: Some(number @ (0 | 1)), negative: false }) => Json::Bool(*number == 1),
        ("float" | "double", Value::Word(word)) => match &*word.to_ascii_lowercase() {
            "inf" | "infinity" => Json::String("Infinity".to_owned()),
            "-inf" | "-infinity" => Json::String("-Infinity".to_owned()),
            "nan" | "-nan" => Json::String("NaN".to_owned()),
            _ => raw(value, 0),
        },
        ("float" | "double", Value::Integer { .. } | Value::Float(_)) => {
            floating(value).map_or_else(|| raw(value, 0), |number| float_of(name, number))
        }
        _ => raw(value, 0),
    }
}

/// A number of a floating type. Of a `float` the shortest digits that mean the same `float` are given.
fn float_of(name: &str, number: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "the declared type is of 32 bits")]
    let rounded = if name == "float" { (number as f32).to_string().parse().unwrap_or(number) } else { number };
    match Number::from_f64(rounded) {
        Some(number) => Json::Number(number),
        None => Json::String(
            if rounded.is_nan() {
                "NaN"
            } else if rounded > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            }
            .to_owned(),
        ),
    }
}

fn floating(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        #[expect(clippy::cast_precision_loss, reason = "the declared type is a floating one")]
        Value::Integer { negative, magnitude } => {
            magnitude.map(|number| if *negative { -(number as f64) } else { number as f64 })
        }
        _ => None,
    }
}

/// The number of an integer, in the range of all integer types.
fn integer(value: &Value<'_>) -> Option<i128> {
    match value {
        Value::Integer { negative, magnitude } => {
            let number = i128::from((*magnitude)?);
            Some(if *negative { -number } else { number })
        }
        _ => None,
    }
}

/// The value as the text gives it, without knowing its type.
pub(super) fn raw(value: &Value<'_>, depth: usize) -> Json {
    if depth > MAX_DEPTH {
        return Json::Null;
    }
    match value {
        Value::Word(word) => match &**word {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            word => Json::String(word.to_owned()),
        },
        Value::Integer { .. } => {
            integer(value).map_or(Json::Null, |number| match (u64::try_from(number), i64::try_from(number)) {
                (Ok(number), _) => Json::from(number),
                (_, Ok(number)) => Json::from(number),
                _ => Json::String(number.to_string()),
            })
        }
        Value::Float(number) => {
            Number::from_f64(*number).map_or_else(|| Json::String(number.to_string()), Json::Number)
        }
        Value::String(bytes) => Json::String(String::from_utf8_lossy(bytes).into_owned()),
        Value::List(items) => items.iter().map(|item| raw(item, depth + 1)).collect(),
        Value::Message(entries) => {
            let mut members = Map::new();
            for entry in entries {
                let value = raw(&entry.value, depth + 1);
                match members.get_mut(&*entry.name.text) {
                    // Without the type, only a second occurrence shows that a field is repeated.
                    Some(Json::Array(items)) => items.push(value),
                    Some(first) => *first = Json::Array(vec![first.take(), value]),
                    None => {
                        members.insert(entry.name.text.clone().into_owned(), value);
                    }
                }
            }
            Json::Object(members)
        }
    }
}

/// RFC 4648, section 4, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4_usize {
            let at = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= chunk.len() { char::from(DIGITS[at]) } else { '=' });
        }
    }
    text
}
