//! The schemas of a contract as one JSON Schema 2020-12 resource: `$defs` holds every node under its
//! id, and nodes refer to each other by it. Cut out of the document it is a schema that any validator
//! reads.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::object::Object;
use super::{Context, With, element::marks};
use crate::model::contract::{
    ArrayKeywords, Composition, Contract, Discriminator, JsonType, NumberKeywords, ObjectKeywords, Schema, SchemaId,
    Schemas, StringKeywords,
};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

impl Serialize for With<'_, Contract> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(context, contract) = self;
        let mut object = Object::open(serializer)?;
        object.set("$schema", DIALECT)?;
        object.set("$defs", &Nodes { context, schemas: &contract.schemas })?;
        object.close()
    }
}

struct Nodes<'c> {
    context: &'c Context<'c>,
    schemas: &'c Schemas,
}

impl Serialize for Nodes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let nodes = self.schemas.iter();
        serializer.collect_map(nodes.map(|(id, schema)| (id.0, Node { nodes: self, id, schema })))
    }
}

struct Node<'c> {
    nodes: &'c Nodes<'c>,
    id: SchemaId,
    schema: &'c Schema,
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { nodes: Nodes { context, schemas }, id, schema } = self;
        let mut object = Object::open(serializer)?;
        object.maybe("x-name", schema.name.as_deref())?;
        object.maybe("$ref", schema.reference.map(Reference).as_ref())?;
        let types: Vec<&str> = schema.types.iter().map(JsonType::name).collect();
        match types.as_slice() {
            [] => {}
            [only] => object.set("type", only)?,
            several => object.set("type", several)?,
        }
        object.maybe("format", schema.format.as_deref())?;
        object.maybe("enum", schema.values.as_deref())?;
        if let Some(keywords) = &schema.number {
            number(&mut object, keywords)?;
        }
        if let Some(keywords) = &schema.string {
            string(&mut object, keywords)?;
        }
        if let Some(keywords) = &schema.array {
            array(&mut object, keywords)?;
        }
        if let Some(keywords) = &schema.object {
            members(&mut object, keywords)?;
        }
        // `false` as an object, which can say where it stands.
        if schema.never {
            object.set("not", &true)?;
        }
        if let Some(keywords) = &schema.composition {
            composition(&mut object, keywords, schema.never)?;
        }
        annotations(&mut object, schema)?;
        object.maybe("x-marks", marks(context, &schema.marks).as_ref())?;
        object.set("x-at", &With(context, &schemas.site(*id)))?;
        object.close()
    }
}

/// `{"$ref": "#/$defs/7"}`, or its text alone behind a `$ref`.
struct Reference(SchemaId);

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("#/$defs/{}", self.0.0))
    }
}

struct To(SchemaId);

impl Serialize for To {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("$ref", &Reference(self.0))?;
        map.end()
    }
}

fn list(ids: &[SchemaId]) -> Option<Vec<To>> {
    (!ids.is_empty()).then(|| ids.iter().map(|id| To(*id)).collect())
}

/// Schemas by name, in their order.
struct Named<'a>(&'a [(std::sync::Arc<str>, SchemaId)]);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, id)| (&**name, To(*id))))
    }
}

fn named<M: SerializeMap>(
    object: &mut Object<M>,
    key: &str,
    schemas: &[(std::sync::Arc<str>, SchemaId)],
) -> Result<(), M::Error> {
    object.maybe(key, Some(&Named(schemas)).filter(|_| !schemas.is_empty()))
}

fn number<M: SerializeMap>(object: &mut Object<M>, keywords: &NumberKeywords) -> Result<(), M::Error> {
    object.maybe("minimum", keywords.minimum.as_ref())?;
    object.maybe("maximum", keywords.maximum.as_ref())?;
    object.maybe("exclusiveMinimum", keywords.exclusive_minimum.as_ref())?;
    object.maybe("exclusiveMaximum", keywords.exclusive_maximum.as_ref())?;
    object.maybe("multipleOf", keywords.multiple_of.as_ref())
}

fn string<M: SerializeMap>(object: &mut Object<M>, keywords: &StringKeywords) -> Result<(), M::Error> {
    object.maybe("minLength", keywords.min_length.as_ref())?;
    object.maybe("maxLength", keywords.max_length.as_ref())?;
    object.maybe("pattern", keywords.pattern.as_ref())?;
    object.maybe("contentEncoding", keywords.content_encoding.as_ref())?;
    object.maybe("contentMediaType", keywords.content_media_type.as_ref())?;
    object.maybe("contentSchema", keywords.content_schema.map(To).as_ref())
}

fn array<M: SerializeMap>(object: &mut Object<M>, keywords: &ArrayKeywords) -> Result<(), M::Error> {
    object.maybe("items", keywords.items.map(To).as_ref())?;
    object.maybe("prefixItems", list(&keywords.prefix_items).as_ref())?;
    object.maybe("contains", keywords.contains.map(To).as_ref())?;
    object.maybe("minContains", keywords.min_contains.as_ref())?;
    object.maybe("maxContains", keywords.max_contains.as_ref())?;
    object.maybe("minItems", keywords.min_items.as_ref())?;
    object.maybe("maxItems", keywords.max_items.as_ref())?;
    object.flag("uniqueItems", keywords.unique_items)?;
    object.maybe("unevaluatedItems", keywords.unevaluated_items.map(To).as_ref())
}

fn members<M: SerializeMap>(object: &mut Object<M>, keywords: &ObjectKeywords) -> Result<(), M::Error> {
    named(object, "properties", &keywords.properties)?;
    let required: Vec<&str> = keywords.required.iter().map(AsRef::as_ref).collect();
    object.maybe("required", Some(&required).filter(|names| !names.is_empty()))?;
    named(object, "patternProperties", &keywords.pattern_properties)?;
    object.maybe("additionalProperties", keywords.additional_properties.map(To).as_ref())?;
    object.maybe("propertyNames", keywords.property_names.map(To).as_ref())?;
    object.maybe("minProperties", keywords.min_properties.as_ref())?;
    object.maybe("maxProperties", keywords.max_properties.as_ref())?;
    if !keywords.dependent_required.is_empty() {
        object.set("dependentRequired", &Dependent(keywords))?;
    }
    named(object, "dependentSchemas", &keywords.dependent_schemas)?;
    object.maybe("unevaluatedProperties", keywords.unevaluated_properties.map(To).as_ref())
}

struct Dependent<'a>(&'a ObjectKeywords);

impl Serialize for Dependent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = |names: &[std::sync::Arc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        serializer.collect_map(self.0.dependent_required.iter().map(|(name, others)| (&**name, names(others))))
    }
}

fn composition<M: SerializeMap>(object: &mut Object<M>, keywords: &Composition, never: bool) -> Result<(), M::Error> {
    object.maybe("allOf", list(&keywords.all_of).as_ref())?;
    object.maybe("oneOf", list(&keywords.one_of).as_ref())?;
    object.maybe("anyOf", list(&keywords.any_of).as_ref())?;
    object.maybe("not", keywords.not.filter(|_| !never).map(To).as_ref())?;
    object.maybe("if", keywords.condition.map(To).as_ref())?;
    object.maybe("then", keywords.then.map(To).as_ref())?;
    object.maybe("else", keywords.otherwise.map(To).as_ref())?;
    object.maybe("discriminator", keywords.discriminator.as_ref().map(Told).as_ref())
}

/// The `discriminator` of OpenAPI.
struct Told<'a>(&'a Discriminator);

impl Serialize for Told<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mapping: serde_json::Map<String, Value> =
            self.0.mapping.iter().map(|(value, schema)| (value.clone(), Value::from(schema.as_str()))).collect();
        let mut object = Object::open(serializer)?;
        object.set("propertyName", &self.0.property)?;
        object.maybe("mapping", Some(&mapping).filter(|mapping| !mapping.is_empty()))?;
        object.close()
    }
}

fn annotations<M: SerializeMap>(object: &mut Object<M>, schema: &Schema) -> Result<(), M::Error> {
    if let Some(annotations) = &schema.annotations {
        object.maybe("title", annotations.title.as_ref())?;
        object.maybe("default", annotations.default.as_ref())?;
        object.flag("readOnly", annotations.read_only)?;
        object.flag("writeOnly", annotations.write_only)?;
        object.flag("x-extensible-enum", annotations.open_enum)?;
    }
    object.flag("deprecated", schema.marks.deprecated.is_some())
}
