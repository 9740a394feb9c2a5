//! The keywords of one schema object, each read once, into the form of JSON Schema 2020-12.
//!
//! What older versions write otherwise waits in a [`Draft`] until all of the object is read:
//! `nullable`, bounds made exclusive by a flag (JSON Schema draft 4, sections 5.1.2 and 5.1.3), `items`
//! that is a list (draft 4, section 5.3.1), `const` beside `enum`.

use std::mem;
use std::sync::Arc;

use serde_json::{Number, Value};

use super::graph::Holder;
use super::library::Node;
use super::reader::Reader;
use super::version::Version;
use crate::model::contract::{
    Annotations, ArrayKeywords, Composition, JsonType, NumberKeywords, ObjectKeywords, Place, Schema, SchemaId,
    SchemaStep, StringKeywords,
};

/// A schema while its keywords are read.
#[expect(clippy::struct_excessive_bools, reason = "each is a keyword of its own that another one waits for")]
struct Draft {
    schema: Schema,
    /// `nullable`, `x-nullable`.
    nullable: bool,
    /// `exclusiveMinimum: true`
    above_minimum: bool,
    /// `exclusiveMaximum: true`
    below_maximum: bool,
    /// `const`
    constant: Option<Value>,
    /// `x-extensible-enum`, which stands in for `enum`.
    known_values: Option<Arc<[Value]>>,
    /// `additionalItems`
    further_items: Option<SchemaId>,
    /// `items` is a list.
    items_are_places: bool,
}

impl Draft {
    fn number(&mut self) -> &mut NumberKeywords {
        self.schema.number.get_or_insert_default()
    }

    fn string(&mut self) -> &mut StringKeywords {
        self.schema.string.get_or_insert_default()
    }

    fn array(&mut self) -> &mut ArrayKeywords {
        self.schema.array.get_or_insert_default()
    }

    fn object(&mut self) -> &mut ObjectKeywords {
        self.schema.object.get_or_insert_default()
    }

    fn composition(&mut self) -> &mut Composition {
        self.schema.composition.get_or_insert_default()
    }

    fn annotations(&mut self) -> &mut Annotations {
        self.schema.annotations.get_or_insert_default()
    }

    /// The schema, once every keyword is read.
    fn finish(mut self) -> Schema {
        if self.nullable && !self.schema.types.is_empty() {
            self.schema.types.insert(JsonType::Null);
        }
        if let Some(number) = &mut self.schema.number {
            if self.above_minimum {
                number.exclusive_minimum = number.minimum.take();
            }
            if self.below_maximum {
                number.exclusive_maximum = number.maximum.take();
            }
        }
        if self.items_are_places
            && let Some(array) = &mut self.schema.array
        {
            array.items = self.further_items;
        }
        if let Some(object) = &mut self.schema.object {
            object.required.sort();
            object.required.dedup();
        }
        if let Some(composition) = &mut self.schema.composition
            && composition.condition.is_none()
        {
            // Without `if` they have no effect (JSON Schema 2020-12, section 10.2.2).
            (composition.then, composition.otherwise) = (None, None);
        }
        let constant = self.constant.take();
        self.schema.is_constant = constant.is_some();
        self.schema.values = match (constant, self.schema.values.take().or(self.known_values)) {
            (None, values) => values,
            (Some(constant), None) => Some([constant].into()),
            (Some(constant), Some(values)) => {
                Some(if values.contains(&constant) { [constant].into() } else { [].into() })
            }
        };
        self.schema
    }
}

impl<'a> Reader<'a> {
    /// Reads a schema object into its place in the graph.
    pub(super) fn read_schema(&mut self, id: SchemaId, node: &Node<'a>, holder: Holder) {
        let is_false = node.as_bool() == Some(false);
        let Some(slot) = self.graph.schemas.get_mut(id) else { return };
        slot.never = is_false;
        if node.as_bool().is_some() {
            return;
        }
        if !node.is_object() {
            self.lost(node, "a schema must be a mapping");
            return;
        }
        let blank = Schema::anything(Place::Under { parent: id, step: SchemaStep::Keyword("") });
        let mut draft = Draft {
            schema: mem::replace(slot, blank),
            nullable: false,
            above_minimum: false,
            below_maximum: false,
            constant: None,
            known_values: None,
            further_items: None,
            items_are_places: false,
        };
        for (key, value) in node.members() {
            let is_of_parameter = holder == Holder::Parameter && is_of_parameter(key);
            if !is_of_parameter {
                self.keyword(id, key, &value, holder, &mut draft);
            }
            self.read_mark(node, key, &value, &mut draft.schema.marks);
        }
        if let Some(slot) = self.graph.schemas.get_mut(id) {
            *slot = draft.finish();
        }
    }

    fn keyword(&mut self, id: SchemaId, key: &'a str, value: &Node<'a>, holder: Holder, draft: &mut Draft) {
        match key {
            "type" => self.types(value, draft),
            "$ref" | "$dynamicRef" => {
                if let Some(reference) = value.as_str().filter(|_| self.version.counts_siblings()) {
                    draft.schema.reference = Some(self.beside(value, reference, id));
                }
            }
            "properties" => draft.object().properties = self.members(id, value, "properties"),
            "required" => self.required(value, draft),
            "items" => self.items(id, value, holder, draft),
            "format" => {
                if let Some(format) = self.text(value, key) {
                    draft.schema.format.get_or_insert_with(|| format.into());
                }
            }
            "enum" => draft.schema.values = self.values(value, key),
            "const" => draft.constant = Some(value.to_value()),
            "allOf" => draft.composition().all_of = self.places(id, value, "allOf"),
            "oneOf" => draft.composition().one_of = self.places(id, value, "oneOf"),
            "anyOf" => draft.composition().any_of = self.places(id, value, "anyOf"),
            "not" => draft.composition().not = Some(self.part_schema(id, value, "not")),
            "if" => draft.composition().condition = Some(self.part_schema(id, value, "if")),
            "then" => draft.composition().then = Some(self.part_schema(id, value, "then")),
            "else" => draft.composition().otherwise = Some(self.part_schema(id, value, "else")),
            "discriminator" => draft.composition().discriminator = self.discriminator(value),
            "nullable" if self.version == Version::V30 => draft.nullable |= self.flag(value, key),
            "nullable" if self.version == Version::V31 && value.as_bool() == Some(true) => {
                self.note(value, "`nullable` has no effect since OpenAPI 3.1, whose types may be `null`");
            }
            "x-nullable" if self.version != Version::V31 => draft.nullable |= self.flag(value, key),
            "readOnly" => draft.annotations().read_only = self.flag(value, key),
            "writeOnly" => draft.annotations().write_only = self.flag(value, key),
            "default" => draft.annotations().default = Some(value.to_value()),
            "title" => draft.annotations().title = value.as_str().map(str::to_owned),
            "x-extensible-enum" => {
                draft.annotations().open_enum = true;
                draft.known_values = self.values(value, key);
            }
            "x-ms-enum" if value.get("modelAsString").and_then(|open| open.as_bool()) == Some(true) => {
                draft.annotations().open_enum = true;
            }
            _ => self.bound(id, key, value, draft),
        }
    }

    /// Keywords that bound numbers, texts, lists and objects, and the rarer ones.
    fn bound(&mut self, id: SchemaId, key: &'a str, value: &Node<'a>, draft: &mut Draft) {
        match key {
            "minimum" => draft.number().minimum = self.number(value, key),
            "maximum" => draft.number().maximum = self.number(value, key),
            "exclusiveMinimum" => match value.as_bool() {
                Some(exclusive) => draft.above_minimum = exclusive,
                None => draft.number().exclusive_minimum = self.number(value, key),
            },
            "exclusiveMaximum" => match value.as_bool() {
                Some(exclusive) => draft.below_maximum = exclusive,
                None => draft.number().exclusive_maximum = self.number(value, key),
            },
            "multipleOf" => draft.number().multiple_of = self.number(value, key),
            "minLength" => draft.string().min_length = self.count(value, key),
            "maxLength" => draft.string().max_length = self.count(value, key),
            "pattern" => draft.string().pattern = self.text(value, key).map(str::to_owned),
            "contentEncoding" => draft.string().content_encoding = self.text(value, key).map(str::to_owned),
            "contentMediaType" => draft.string().content_media_type = self.text(value, key).map(str::to_owned),
            "minItems" => draft.array().min_items = self.count(value, key),
            "maxItems" => draft.array().max_items = self.count(value, key),
            "uniqueItems" => draft.array().unique_items = self.flag(value, key),
            "prefixItems" => draft.array().prefix_items = self.places(id, value, "prefixItems"),
            "additionalItems" => draft.further_items = Some(self.part_schema(id, value, "additionalItems")),
            "contentSchema" => draft.string().content_schema = Some(self.part_schema(id, value, "contentSchema")),
            "contains" => draft.array().contains = Some(self.part_schema(id, value, "contains")),
            "minContains" => draft.array().min_contains = self.count(value, key),
            "maxContains" => draft.array().max_contains = self.count(value, key),
            "unevaluatedItems" => {
                draft.array().unevaluated_items = Some(self.part_schema(id, value, "unevaluatedItems"));
            }
            "additionalProperties" => {
                draft.object().additional_properties = Some(self.part_schema(id, value, "additionalProperties"));
            }
            "patternProperties" => {
                draft.object().pattern_properties = self.members(id, value, "patternProperties");
            }
            "propertyNames" => draft.object().property_names = Some(self.part_schema(id, value, "propertyNames")),
            "minProperties" => draft.object().min_properties = self.count(value, key),
            "maxProperties" => draft.object().max_properties = self.count(value, key),
            "unevaluatedProperties" => {
                let inner = self.part_schema(id, value, "unevaluatedProperties");
                draft.object().unevaluated_properties = Some(inner);
            }
            "dependentSchemas" => draft.object().dependent_schemas = self.members(id, value, "dependentSchemas"),
            "dependentRequired" => self.dependencies(id, value, "dependentRequired", draft),
            "dependencies" => self.dependencies(id, value, "dependencies", draft),
            "$defs" => self.definitions(id, value, "$defs"),
            "definitions" => self.definitions(id, value, "definitions"),
            _ => {}
        }
    }

    fn part_schema(&mut self, id: SchemaId, value: &Node<'a>, keyword: &'static str) -> SchemaId {
        self.inner_schema(value, id, SchemaStep::Keyword(keyword))
    }

    /// The schemas of a list. Bundlers follow a reference anywhere, also in place of the list.
    fn places(&mut self, id: SchemaId, value: &Node<'a>, keyword: &'static str) -> Vec<SchemaId> {
        let Some(list) = self.follow(value) else { return Vec::new() };
        if !list.is_array() {
            self.lost(&list, format!("`{keyword}` must be a list of schemas"));
            return Vec::new();
        }
        let is_here = value.reference().is_none();
        let schemas = list.items().zip(0_u32..).map(|(item, at)| {
            if is_here { self.inner_schema(&item, id, SchemaStep::Item(keyword, at)) } else { self.schema_at(&item) }
        });
        schemas.collect()
    }

    /// The schemas of a mapping from names.
    fn members(&mut self, id: SchemaId, value: &Node<'a>, keyword: &'static str) -> Vec<(Arc<str>, SchemaId)> {
        let Some(mapping) = self.follow(value) else { return Vec::new() };
        if !mapping.is_object() {
            self.lost(&mapping, format!("`{keyword}` must be a mapping from names to schemas"));
            return Vec::new();
        }
        let is_here = value.reference().is_none();
        let mut members = Vec::new();
        for (name, schema) in mapping.members() {
            let name: Arc<str> = name.into();
            let inner = if is_here {
                self.inner_schema(&schema, id, SchemaStep::Member(keyword, Arc::clone(&name)))
            } else {
                self.graph.moved.insert((id, Arc::clone(&name)), schema.site());
                self.schema_at(&schema)
            };
            members.push((name, inner));
        }
        members
    }

    /// Schemas that are declared inside a schema, each under its name.
    fn definitions(&mut self, id: SchemaId, value: &Node<'a>, keyword: &'static str) {
        for (name, inner) in self.members(id, value, keyword) {
            let is_here = |schema: &&mut Schema| matches!(schema.place, Place::Under { parent, .. } if parent == id);
            if let Some(schema) = self.graph.schemas.get_mut(inner).filter(is_here) {
                schema.name = Some(name);
            }
        }
    }

    fn items(&mut self, id: SchemaId, value: &Node<'a>, holder: Holder, draft: &mut Draft) {
        if value.is_array() {
            draft.array().prefix_items = self.places(id, value, "items");
            draft.items_are_places = true;
            return;
        }
        let step = SchemaStep::Keyword("items");
        draft.array().items = Some(match holder {
            Holder::Schema => self.inner_schema(value, id, step),
            Holder::Parameter => self.inner_parameter(value, id, step),
        });
    }

    /// `type`: a name, since 3.1 also a list of names.
    fn types(&mut self, value: &Node<'a>, draft: &mut Draft) {
        if let Some(name) = value.as_str() {
            return self.add_type(value, name, draft);
        }
        if !value.is_array() {
            return self.lost(value, "`type` must be the name of a type");
        }
        if self.version != Version::V31 {
            self.note(value, format!("a list of types is none of {}, and read as in 3.1", self.version.name()));
        }
        for item in value.items() {
            match item.as_str() {
                Some(name) => self.add_type(&item, name, draft),
                None => self.lost(&item, "`type` must be the name of a type"),
            }
        }
    }

    fn add_type(&mut self, value: &Node<'a>, name: &str, draft: &mut Draft) {
        if let Some(kind) = JsonType::named(name) {
            draft.schema.types.insert(kind);
            return;
        }
        match name {
            // OpenAPI 2.0, "Parameter Object" and "Response Object"; 3.0 says the same with a format.
            "file" => {
                draft.schema.types.insert(JsonType::String);
                draft.schema.format = Some("binary".into());
            }
            // JSON Schema draft 3.
            "any" => self.note(value, "`any` is no type, a schema without `type` allows anything"),
            _ => self.lost(value, format!("`{name}` is no type")),
        }
    }

    fn required(&mut self, value: &Node<'a>, draft: &mut Draft) {
        if value.as_bool().is_some() {
            let message = "`required` must be a list of names, in the object that has the property";
            return self.lost(value, message);
        }
        let names = self.names(value, "required");
        draft.object().required = names;
    }

    /// A list of names of properties.
    fn names(&mut self, value: &Node<'a>, keyword: &str) -> Vec<Arc<str>> {
        if !value.is_array() {
            self.lost(value, format!("`{keyword}` must be a list of names"));
            return Vec::new();
        }
        let mut names = Vec::new();
        for item in value.items() {
            match item.as_str() {
                Some(name) => names.push(name.into()),
                None => self.lost(&item, format!("`{keyword}` must be a list of names")),
            }
        }
        names
    }

    /// `dependentRequired` and its forerunner `dependencies`, which also holds schemas.
    fn dependencies(&mut self, id: SchemaId, value: &Node<'a>, keyword: &'static str, draft: &mut Draft) {
        if !value.is_object() {
            return self.lost(value, format!("`{keyword}` must be a mapping"));
        }
        for (name, node) in value.members() {
            let name: Arc<str> = name.into();
            if node.is_array() {
                let names = self.names(&node, keyword);
                draft.object().dependent_required.push((name, names));
            } else {
                let step = SchemaStep::Member(keyword, Arc::clone(&name));
                let inner = self.inner_schema(&node, id, step);
                draft.object().dependent_schemas.push((name, inner));
            }
        }
    }

    fn values(&mut self, value: &Node<'a>, keyword: &str) -> Option<Arc<[Value]>> {
        if value.is_array() {
            return Some(value.items().map(|item| item.to_value()).collect());
        }
        self.lost(value, format!("`{keyword}` must be a list of values"));
        None
    }

    fn number(&mut self, value: &Node<'a>, keyword: &str) -> Option<Number> {
        let number = value.as_number();
        if number.is_none() {
            self.lost(value, format!("`{keyword}` must be a number"));
        }
        number
    }

    /// A number of characters, items or members. `5.0` is 5.
    fn count(&mut self, value: &Node<'a>, keyword: &str) -> Option<u64> {
        let number = value.as_number();
        let count = number.and_then(|number| number.as_u64().or_else(|| whole(number.as_f64()?)));
        if count.is_none() {
            self.lost(value, format!("`{keyword}` must be a whole number from zero on"));
        }
        count
    }

    fn flag(&mut self, value: &Node<'a>, keyword: &str) -> bool {
        value.as_bool().unwrap_or_else(|| {
            self.lost(value, format!("`{keyword}` must be true or false"));
            false
        })
    }

    fn text(&mut self, value: &Node<'a>, keyword: &str) -> Option<&'a str> {
        let text = value.as_str();
        if text.is_none() {
            self.lost(value, format!("`{keyword}` must be a text"));
        }
        text
    }
}

/// Keys of a parameter or header of 2.0 that are none of its schema.
fn is_of_parameter(key: &str) -> bool {
    matches!(key, "required" | "schema" | "title" | "properties" | "discriminator")
}

/// A whole number that a fraction stands for.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are checked before")]
fn whole(number: f64) -> Option<u64> {
    let is_whole = number >= 0.0 && number.fract() == 0.0 && number < 9.0e15;
    is_whole.then_some(number as u64)
}
