//! JSON Schema as the contract says it, with nothing merged or left out.
//!
//! A [`Message`](super::Message) is what consumers see: the fields of an object after `allOf` and
//! references are done with. A [`Schema`] is what the document says: a conjunction of keywords, one
//! node for each place where a schema is written. Keywords are those of JSON Schema 2020-12 (OpenAPI
//! 3.1); what older versions write otherwise is brought into that form: `nullable: true` adds
//! `null` to the types, a boolean `exclusiveMaximum` turns the maximum into an exclusive one, a
//! single `const` is an enumeration of one value.

use std::sync::Arc;

use serde_json::{Number, Value};

use super::Marks;
use crate::model::source::{FileId, Site};

/// A schema of a [`Schemas`]; ids are those of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub u32);

/// Every schema of one contract. A reference without anything beside it is no node of its own: who
/// refers, holds the id of the target. Cycles are therefore common.
#[derive(Clone, Debug, Default)]
pub struct Schemas {
    nodes: Vec<Schema>,
}

impl Schemas {
    /// Adds a schema.
    pub fn push(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(schema);
        id
    }

    /// The schema with this id.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> &Schema {
        &self.nodes[id.0 as usize]
    }

    /// The same, while it is being read.
    pub fn get_mut(&mut self, id: SchemaId) -> Option<&mut Schema> {
        self.nodes.get_mut(id.0 as usize)
    }

    /// Every schema with its id.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (SchemaId, &Schema)> {
        self.nodes.iter().enumerate().map(|(at, node)| (SchemaId(u32::try_from(at).unwrap_or(u32::MAX)), node))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Where a schema is written. Made when asked for: places cost nothing until a finding needs them.
    #[must_use]
    pub fn site(&self, id: SchemaId) -> Site {
        let mut steps = Vec::new();
        let mut at = id;
        loop {
            match &self.get(at).place {
                Place::Root { file, pointer } => {
                    let mut text = pointer.to_string();
                    steps.iter().rev().for_each(|step: &&SchemaStep| step.write(&mut text));
                    return Site::Pointer { file: *file, pointer: text.into() };
                }
                Place::Under { parent, step } => {
                    steps.push(step);
                    at = *parent;
                }
            }
        }
    }
}

/// Where a schema is written.
#[derive(Clone, Debug)]
pub enum Place {
    /// At a JSON pointer of a file.
    Root {
        /// The file.
        file: FileId,
        /// RFC 6901 pointer.
        pointer: Arc<str>,
    },
    /// Inside another schema, which has a smaller id.
    Under {
        /// That schema.
        parent: SchemaId,
        /// How to get from there to here.
        step: SchemaStep,
    },
}

/// One or two tokens of a JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemaStep {
    /// `/items`
    Keyword(&'static str),
    /// `/properties/name`
    Member(&'static str, Arc<str>),
    /// `/allOf/0`
    Item(&'static str, u32),
}

impl SchemaStep {
    fn write(&self, pointer: &mut String) {
        let (keyword, token) = match self {
            Self::Keyword(keyword) => (keyword, None),
            Self::Member(keyword, name) => (keyword, Some(name.replace('~', "~0").replace('/', "~1"))),
            Self::Item(keyword, at) => (keyword, Some(at.to_string())),
        };
        pointer.push('/');
        pointer.push_str(keyword);
        if let Some(token) = token {
            pointer.push('/');
            pointer.push_str(&token);
        }
    }
}

/// A conjunction of keywords: a value is allowed if every one of them allows it. What is not said
/// allows everything.
#[derive(Clone, Debug)]
pub struct Schema {
    /// Where it is written.
    pub place: Place,
    /// Name under `components/schemas`, `definitions` or `$defs`, if it has one.
    pub name: Option<Arc<str>>,
    /// It is the schema `false`, which allows nothing. (`true` is a schema that says nothing.)
    pub never: bool,
    /// `$ref` with other keywords beside it: the target applies too.
    pub reference: Option<SchemaId>,
    /// `type`, with `null` for a nullable one; empty if it is not said.
    pub types: Types,
    /// `format`.
    pub format: Option<Arc<str>>,
    /// `enum` and `const`: only these values.
    pub values: Option<Arc<[Value]>>,
    /// `const` gives the one value.
    pub is_constant: bool,
    /// Keywords for numbers.
    pub number: Option<Box<NumberKeywords>>,
    /// Keywords for strings.
    pub string: Option<Box<StringKeywords>>,
    /// Keywords for arrays.
    pub array: Option<Box<ArrayKeywords>>,
    /// Keywords for objects.
    pub object: Option<Box<ObjectKeywords>>,
    /// `allOf`, `oneOf` and so on.
    pub composition: Option<Box<Composition>>,
    /// What does not decide whether a value is allowed.
    pub annotations: Option<Box<Annotations>>,
    /// Deprecated, sensitive.
    pub marks: Marks,
}

impl Schema {
    /// A schema that allows everything.
    #[must_use]
    pub fn anything(place: Place) -> Self {
        Self {
            place,
            name: None,
            never: false,
            reference: None,
            types: Types::default(),
            format: None,
            values: None,
            is_constant: false,
            number: None,
            string: None,
            array: None,
            object: None,
            composition: None,
            annotations: None,
            marks: Marks::default(),
        }
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Types(u8);

/// A JSON type; `integer` is the number type without fractions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl JsonType {
    /// Every type.
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The name in a schema.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl Types {
    /// Whether no type is said, so that all are allowed.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the type is said.
    #[must_use]
    pub const fn has(self, kind: JsonType) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    /// Adds a type.
    pub const fn insert(&mut self, kind: JsonType) {
        self.0 |= 1 << kind as u8;
    }

    /// Every type.
    #[must_use]
    pub const fn all() -> Self {
        Self(u8::MAX >> 1)
    }

    /// Those that are in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in this one alone.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The types, in the order of [`JsonType::ALL`].
    pub fn iter(self) -> impl Iterator<Item = JsonType> {
        JsonType::ALL.into_iter().filter(move |kind| self.has(*kind))
    }
}

impl FromIterator<JsonType> for Types {
    fn from_iter<I: IntoIterator<Item = JsonType>>(kinds: I) -> Self {
        let mut types = Self::default();
        kinds.into_iter().for_each(|kind| types.insert(kind));
        types
    }
}

impl std::fmt::Debug for Types {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(JsonType::name)).finish()
    }
}

/// Keywords for numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberKeywords {
    /// `minimum`
    pub minimum: Option<Number>,
    /// `maximum`
    pub maximum: Option<Number>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<Number>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<Number>,
    /// `multipleOf`
    pub multiple_of: Option<Number>,
}

/// Keywords for strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringKeywords {
    /// `minLength`, in characters.
    pub min_length: Option<u64>,
    /// `maxLength`, in characters.
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression, not anchored.
    pub pattern: Option<String>,
    /// `contentEncoding`
    pub content_encoding: Option<String>,
    /// `contentMediaType`
    pub content_media_type: Option<String>,
    /// `contentSchema`: what the text holds once it is decoded.
    pub content_schema: Option<SchemaId>,
}

/// Keywords for arrays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayKeywords {
    /// `items`: every item, or every one behind `prefixItems`.
    pub items: Option<SchemaId>,
    /// `prefixItems`: the first items, one schema each.
    pub prefix_items: Vec<SchemaId>,
    /// `contains`
    pub contains: Option<SchemaId>,
    /// `minContains`
    pub min_contains: Option<u64>,
    /// `maxContains`
    pub max_contains: Option<u64>,
    /// `minItems`
    pub min_items: Option<u64>,
    /// `maxItems`
    pub max_items: Option<u64>,
    /// `uniqueItems`
    pub unique_items: bool,
    /// `unevaluatedItems`
    pub unevaluated_items: Option<SchemaId>,
}

/// Keywords for objects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectKeywords {
    /// `properties`, in the order of the document.
    pub properties: Vec<(Arc<str>, SchemaId)>,
    /// `required`, sorted.
    pub required: Vec<Arc<str>>,
    /// `patternProperties`, in the order of the document.
    pub pattern_properties: Vec<(Arc<str>, SchemaId)>,
    /// `additionalProperties`
    pub additional_properties: Option<SchemaId>,
    /// `propertyNames`
    pub property_names: Option<SchemaId>,
    /// `minProperties`
    pub min_properties: Option<u64>,
    /// `maxProperties`
    pub max_properties: Option<u64>,
    /// `dependentRequired`: where the property is there, these must be.
    pub dependent_required: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// `dependentSchemas`
    pub dependent_schemas: Vec<(Arc<str>, SchemaId)>,
    /// `unevaluatedProperties`
    pub unevaluated_properties: Option<SchemaId>,
}

/// Schemas put together from schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// `allOf`
    pub all_of: Vec<SchemaId>,
    /// `oneOf`
    pub one_of: Vec<SchemaId>,
    /// `anyOf`
    pub any_of: Vec<SchemaId>,
    /// `not`
    pub not: Option<SchemaId>,
    /// `if`
    pub condition: Option<SchemaId>,
    /// `then`
    pub then: Option<SchemaId>,
    /// `else`
    pub otherwise: Option<SchemaId>,
    /// `discriminator`
    pub discriminator: Option<Discriminator>,
}

/// The property that tells which member of a union a value is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discriminator {
    /// Name of the property.
    pub property: String,
    /// Its values, and the schema that each stands for as the document writes it.
    pub mapping: Vec<(String, String)>,
    /// The same with the schemas themselves, as far as they are found.
    pub targets: Vec<(String, SchemaId)>,
}

/// What a schema says beside which values it allows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotations {
    /// `readOnly`: only in responses.
    pub read_only: bool,
    /// `writeOnly`: only in requests.
    pub write_only: bool,
    /// `default`
    pub default: Option<Value>,
    /// `title`
    pub title: Option<String>,
    /// Other values may follow: `x-extensible-enum` and `x-ms-enum` with `modelAsString`.
    pub open_enum: bool,
}
