//! Types, marks, constraints and options in few words.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use serde_json::Value;

use super::block::{Note, Tone};
use crate::model::contract::{
    Catalog, Composition, Contract, ContractKind, JsonType, Marks, OptionSetting, Schema, SchemaId, Shape,
};
use crate::report::excerpt::width;

/// Items of a list within a line that are named.
const INLINE: usize = 8;
/// Characters of a value that are shown.
const VALUE: usize = 60;
/// Types within types that are followed.
const DEPTH: usize = 32;

/// How the elements of one contract are put into words.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) contract: &'a Contract,
    /// Enumerations that are listed with their values.
    pub(super) declared: &'a BTreeSet<&'a str>,
    /// Nothing is cut.
    pub(super) all: bool,
}

impl Words<'_> {
    /// A name without the package that the contract's heading says.
    pub(super) fn short<'n>(&self, name: &'n str) -> &'n str {
        if self.contract.kind != ContractKind::Protobuf {
            return name;
        }
        name.strip_prefix(self.contract.title.as_str()).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
    }

    /// A type.
    pub(super) fn shape(&self, shape: &Shape) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write_shape(shape, &mut text, 0);
        text
    }

    fn write_shape(&self, shape: &Shape, text: &mut String, depth: usize) -> fmt::Result {
        if depth > DEPTH {
            return text.write_str("...");
        }
        match shape {
            Shape::Message(id) => match self.catalog.messages.get(id.index()) {
                Some(message) => text.write_str(self.short(&message.name)),
                None => text.write_str("message"),
            },
            Shape::Enum { name, .. } if !name.is_empty() => text.write_str(self.short(name)),
            Shape::List(inner) => {
                text.push_str("list of ");
                self.write_shape(inner, text, depth + 1)
            }
            Shape::Map(inner) => {
                text.push_str("map of ");
                self.write_shape(inner, text, depth + 1)
            }
            Shape::Union(members) => {
                for (at, member) in members.iter().enumerate() {
                    if at >= INLINE && !self.all {
                        return write!(text, " | ... {} more", members.len() - at);
                    }
                    text.push_str(if at > 0 { " | " } else { "" });
                    self.write_shape(member, text, depth + 1)?;
                }
                Ok(())
            }
            other => write!(text, "{other}"),
        }
    }

    /// The values of an enumeration that nothing else lists.
    pub(super) fn values(&self, shape: &Shape) -> Option<Note> {
        let mut inner = shape;
        while let Shape::List(item) | Shape::Map(item) = inner {
            inner = item;
        }
        match inner {
            Shape::Enum { name, values } if !self.declared.contains(&**name) && !values.is_empty() => {
                Some(Note::plain(format!("one of {}", self.joined(values.iter().cloned(), values.len()))))
            }
            _ => None,
        }
    }

    /// `a, b, ... 3 more`
    pub(super) fn joined(&self, items: impl Iterator<Item = String>, count: usize) -> String {
        self.joined_by(", ", items, count)
    }

    fn joined_by(&self, word: &str, items: impl Iterator<Item = String>, count: usize) -> String {
        let shown = if self.all || count <= INLINE + 1 { count } else { INLINE };
        let mut named: Vec<String> = items.take(shown).collect();
        if count > shown {
            named.push(format!("... {} more", count - shown));
        }
        named.join(word)
    }

    /// Options as they are written, those left out that are shown otherwise.
    pub(super) fn options(&self, options: &[OptionSetting]) -> Vec<Note> {
        let others = options.iter().filter(|option| !SHOWN_OTHERWISE.contains(&option.name.as_str()));
        others
            .map(|option| Note::new(Tone::Faint, format!("{} = {}", option.name, self.value(&option.value))))
            .collect()
    }

    /// A value, cut where it is long.
    pub(super) fn value(&self, value: &Value) -> String {
        self.cut(&value.to_string())
    }

    /// A text, cut where it is long.
    pub(super) fn cut(&self, text: &str) -> String {
        if self.all || width(text) <= VALUE {
            return text.to_owned();
        }
        text.chars().take(VALUE - 1).chain(['…']).collect()
    }

    /// What a schema asks of a value beyond its type; nothing for one that is shown by itself.
    pub(super) fn constraints(&self, id: Option<SchemaId>) -> Vec<Note> {
        let Some(schema) = id.and_then(|id| self.schema(id)) else { return Vec::new() };
        let mut words = Vec::new();
        self.of_schema(schema, &mut words);
        words.into_iter().map(Note::plain).collect()
    }

    fn of_schema(&self, schema: &Schema, words: &mut Vec<String>) {
        if schema.never {
            words.push("nothing is allowed".to_owned());
        }
        if schema.types.has(JsonType::Null) {
            words.push("nullable".to_owned());
        }
        if let Some(number) = &schema.number {
            for (word, bound) in [
                ("min", &number.minimum),
                ("max", &number.maximum),
                ("above", &number.exclusive_minimum),
                ("below", &number.exclusive_maximum),
                ("multiple of", &number.multiple_of),
            ] {
                words.extend(bound.as_ref().map(|bound| format!("{word} {bound}")));
            }
        }
        if let Some(string) = &schema.string {
            words.extend(range("length", string.min_length, string.max_length));
            words.extend(string.pattern.as_ref().map(|pattern| format!("pattern {}", self.cut(pattern))));
            words.extend(string.content_encoding.as_ref().map(|it| format!("encoding {it}")));
            words.extend(string.content_media_type.as_ref().map(|it| format!("content {it}")));
        }
        self.of_array(schema, words);
        self.of_object(schema, words);
        self.of_composition(schema, words);
        self.of_annotations(schema, words);
    }

    #[expect(clippy::unused_self, reason = "one of four that are called alike")]
    fn of_array(&self, schema: &Schema, words: &mut Vec<String>) {
        let Some(array) = &schema.array else { return };
        words.extend(range("items", array.min_items, array.max_items));
        words.extend(array.unique_items.then(|| "unique".to_owned()));
        words.extend((!array.prefix_items.is_empty()).then(|| format!("prefix items {}", array.prefix_items.len())));
        let matching = array.contains.map(|_| range("contains", array.min_contains, array.max_contains));
        words.extend(matching.map(|range| range.unwrap_or_else(|| "contains".to_owned())));
        words.extend(array.unevaluated_items.map(|_| "unevaluated items".to_owned()));
    }

    fn of_object(&self, schema: &Schema, words: &mut Vec<String>) {
        let Some(object) = &schema.object else { return };
        words.extend(range("properties", object.min_properties, object.max_properties));
        let is_never = |id: SchemaId| self.schema(id).is_some_and(|schema| schema.never);
        words.extend(object.additional_properties.filter(|id| is_never(*id)).map(|_| "no other properties".to_owned()));
        let patterns = object.pattern_properties.iter().map(|(pattern, _)| self.cut(pattern));
        words.extend(
            (!object.pattern_properties.is_empty())
                .then(|| format!("properties like {}", self.joined(patterns, object.pattern_properties.len()))),
        );
        words.extend(object.property_names.map(|_| "property names".to_owned()));
        words.extend((!object.dependent_required.is_empty()).then(|| "dependent required".to_owned()));
        words.extend((!object.dependent_schemas.is_empty()).then(|| "dependent schemas".to_owned()));
        words.extend(object.unevaluated_properties.map(|_| "unevaluated properties".to_owned()));
    }

    #[expect(clippy::unused_self, reason = "one of four that are called alike")]
    fn of_composition(&self, schema: &Schema, words: &mut Vec<String>) {
        let Some(composition) = &schema.composition else { return };
        words.extend(composition.not.map(|_| "not".to_owned()));
        words.extend(composition.condition.map(|_| "if/then/else".to_owned()));
        words.extend(composition.discriminator.as_ref().map(|it| format!("told apart by {}", it.property)));
    }

    fn of_annotations(&self, schema: &Schema, words: &mut Vec<String>) {
        let Some(annotations) = &schema.annotations else { return };
        words.extend(annotations.read_only.then(|| "read only".to_owned()));
        words.extend(annotations.write_only.then(|| "write only".to_owned()));
        words.extend(annotations.default.as_ref().map(|value| format!("default {}", self.value(value))));
        words.extend(annotations.open_enum.then(|| "open".to_owned()));
    }
}

/// Schemas within schemas that are followed for their type.
const SCHEMAS: usize = 3;

impl Words<'_> {
    /// The type of a schema that is no message: `string (date)`, `list of Amount`, `Cat | Dog`.
    pub(super) fn schema_type(&self, schema: &Schema) -> String {
        self.schema_within(schema, 0)
    }

    fn schema_within(&self, schema: &Schema, depth: usize) -> String {
        let composition = schema.composition.as_deref();
        let of = |choose: fn(&Composition) -> &[SchemaId]| composition.map(choose).unwrap_or_default();
        let (one, any, all) = (of(|it| &it.one_of), of(|it| &it.any_of), of(|it| &it.all_of));
        if let Some(target) = schema.reference {
            return self.schema_named(target, depth);
        }
        for (members, word) in [(one, " | "), (any, " | "), (all, " & ")] {
            if !members.is_empty() {
                return self.joined_by(word, members.iter().map(|id| self.schema_named(*id, depth)), members.len());
            }
        }
        if let Some(items) = schema.array.as_deref().and_then(|array| array.items) {
            return format!("list of {}", self.schema_named(items, depth));
        }
        let types = schema.types.iter().filter(|it| *it != JsonType::Null).map(JsonType::name).collect::<Vec<_>>();
        let mut text = if types.is_empty() { "any".to_owned() } else { types.join(" | ") };
        if let Some(format) = &schema.format {
            let _ = write!(text, " ({format})");
        }
        text
    }

    /// The name of a schema, or its type if it has none.
    fn schema_named(&self, id: SchemaId, depth: usize) -> String {
        let Some(schema) = self.schema(id).filter(|_| depth < SCHEMAS) else { return "any".to_owned() };
        match &schema.name {
            Some(name) => name.to_string(),
            None => self.schema_within(schema, depth + 1),
        }
    }

    fn schema(&self, id: SchemaId) -> Option<&Schema> {
        ((id.0 as usize) < self.contract.schemas.len()).then(|| self.contract.schemas.get(id))
    }
}

/// Options that are seen as marks, bindings or parts of a line.
const SHOWN_OTHERWISE: [&str; 3] = ["deprecated", "(google.api.http)", "json_name"];

/// `length 1..64`, `items ..5`
fn range(what: &str, min: Option<u64>, max: Option<u64>) -> Option<String> {
    let end = |bound: Option<u64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    match (min, max) {
        (None, None) => None,
        (min, max) if min == max => Some(format!("{what} {}", end(min))),
        (min, max) => Some(format!("{what} {}..{}", end(min), end(max))),
    }
}

/// `sensitive: pii`, `deprecated`, `sunset 2026-12-01`
pub(super) fn marks(marks: &Marks) -> Vec<Note> {
    if marks.is_empty() {
        return Vec::new();
    }
    let mut words = Vec::new();
    words.extend(marks.deprecated.is_some().then(|| "deprecated".to_owned()));
    words.extend(marks.sunset.as_ref().map(|(day, _)| format!("sunset {day}")));
    let classes: Vec<&str> = marks.sensitive.iter().map(|sensitive| sensitive.class.as_str()).collect();
    words.extend((!classes.is_empty()).then(|| format!("sensitive: {}", classes.join(" "))));
    words.extend(marks.identity.is_some().then(|| "identity".to_owned()));
    words.extend(marks.idempotent.is_some().then(|| "idempotent".to_owned()));
    words.extend(marks.public.is_some().then(|| "public".to_owned()));
    words.into_iter().map(|word| Note::new(Tone::Mark, word)).collect()
}
