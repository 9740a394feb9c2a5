//! Schemas into shapes.
//!
//! Objects become messages, one for each place where an object is written. Everything else is a
//! tree that is held small: only lists, maps and unions nest, and a schema that contains itself
//! without an object in between ends in [`Shape::Any`].

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::view::View;
use crate::model::contract::{JsonType, ObjectKeywords, Place, Schema, SchemaId, Shape, Types};
use crate::model::problem::ProblemKind;

/// Lists, maps, unions and references that may nest in one shape.
const MAX_DEPTH: usize = 48;

/// Nodes that one shape may have.
const MAX_NODES: usize = 4_000;

/// Schemas that are looked at to see whether one of them describes an object.
const MAX_PARTS: usize = 256;

/// Where we are while one shape is made.
#[derive(Debug, Default)]
struct Walk {
    nodes: usize,
    /// The schemas that we are inside of.
    trail: Vec<SchemaId>,
}

impl View<'_, '_> {
    /// The shape of a schema.
    pub(super) fn shape_of(&mut self, id: SchemaId) -> Shape {
        self.shape(id, &mut Walk::default())
    }

    fn shape(&mut self, id: SchemaId, walk: &mut Walk) -> Shape {
        walk.nodes += 1;
        if let Some(shape) = self.shapes.get(&id) {
            walk.nodes += size(shape);
            return shape.clone();
        }
        if let Some(reference) = self.graph.unresolved.get(&id) {
            return Shape::Unresolved(Arc::clone(reference));
        }
        if walk.trail.contains(&id) {
            let message =
                "this schema contains itself without an object in between, its inner part is taken for any value";
            self.say(ProblemKind::Note, self.graph.schemas.site(id), message);
            return Shape::Any;
        }
        if walk.trail.len() >= MAX_DEPTH || walk.nodes >= MAX_NODES {
            let message = "this schema nests too deeply or is too large, the rest of it is taken for any value";
            self.say(ProblemKind::Note, self.graph.schemas.site(id), message);
            return Shape::Any;
        }
        walk.trail.push(id);
        let shape = self.of_schema(id, walk);
        walk.trail.pop();
        let schema = self.schema(id);
        if schema.name.is_some() || matches!(schema.place, Place::Root { .. }) {
            self.shapes.insert(id, shape.clone());
        }
        shape
    }

    fn of_schema(&mut self, id: SchemaId, walk: &mut Walk) -> Shape {
        let schema = self.schema(id);
        if let Some(shape) = self.enumeration(id) {
            return shape;
        }
        if has_parts(schema) {
            if let Some(part) = self.sole_part(schema).filter(|_| schema.name.is_none()) {
                return self.shape(part, walk);
            }
            if self.is_object(id) {
                return self.message(id);
            }
            if let Some(shape) = self.first_part(schema, walk) {
                return shape;
            }
        }
        let variants: Vec<Shape> = variants(schema)
            .filter(|variant| !is_null(self.schema(*variant)))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|variant| self.shape(variant, walk))
            .collect();
        if variants.is_empty() { self.of_types(id, walk) } else { union(variants) }
    }

    /// An enumeration, unless its values are lists or objects.
    fn enumeration(&self, id: SchemaId) -> Option<Shape> {
        let schema = self.schema(id);
        let values = schema.values.as_deref()?;
        if schema.types.has(JsonType::Array) || schema.types.has(JsonType::Object) {
            return None;
        }
        let values: Arc<[String]> = values.iter().filter_map(text_of).collect();
        if values.is_empty() {
            return None;
        }
        let name = schema.name.clone().unwrap_or_default();
        Some(Shape::Enum { name, values })
    }

    /// What the types of a schema say, once its compositions have said nothing.
    fn of_types(&mut self, id: SchemaId, walk: &mut Walk) -> Shape {
        let schema = self.schema(id);
        let types = said_types(schema);
        let shapes = types.iter().filter(|kind| *kind != JsonType::Null).map(|kind| match kind {
            JsonType::Array => self.list(schema, walk),
            JsonType::Object => self.object(id, walk),
            scalar => Shape::Scalar { kind: scalar.name().into(), format: schema.format.clone() },
        });
        union(shapes.collect())
    }

    /// A list; items behind those with a place of their own join in.
    fn list(&mut self, schema: &Schema, walk: &mut Walk) -> Shape {
        let Some(array) = &schema.array else { return Shape::List(Box::new(Shape::Any)) };
        let further = array.items.filter(|items| !self.schema(*items).never);
        let items = array.prefix_items.iter().copied().chain(further);
        let shapes: Vec<Shape> = items.map(|item| self.shape(item, walk)).collect();
        Shape::List(Box::new(union(shapes)))
    }

    /// An object without properties: a map, or a message that has no fields yet.
    fn object(&mut self, id: SchemaId, walk: &mut Walk) -> Shape {
        let schema = self.schema(id);
        let values = schema.object.as_deref().map(of_other_names).unwrap_or_default();
        let (closed, open): (Vec<SchemaId>, Vec<SchemaId>) =
            values.into_iter().partition(|values| self.schema(*values).never);
        let inner = union(open.iter().map(|values| self.shape(*values, walk)).collect());
        let is_closed = open.is_empty() && !closed.is_empty();
        if is_closed || (schema.name.is_some() && inner == Shape::Any) {
            return self.message(id);
        }
        Shape::Map(Box::new(inner))
    }

    /// The first part that says anything about a value that is no object.
    fn first_part(&mut self, schema: &Schema, walk: &mut Walk) -> Option<Shape> {
        let shapes: Vec<Shape> = parts(schema).map(|part| self.shape(part, walk)).collect();
        shapes.into_iter().find(|shape| *shape != Shape::Any)
    }

    /// The part of a schema that adds nothing but words to one other schema: `allOf` is where 3.0 puts
    /// a reference that is to have a description or a mark of its own.
    pub(super) fn sole_part(&self, schema: &Schema) -> Option<SchemaId> {
        if schema.object.is_some() || variants(schema).next().is_some() {
            return None;
        }
        let mut telling = parts(schema).filter(|part| says_anything(self.schema(*part)));
        let first = telling.next()?;
        if telling.next().is_some() { None } else { Some(first) }
    }

    /// Whether a schema that is put together from parts describes an object.
    fn is_object(&self, id: SchemaId) -> bool {
        let mut open = vec![id];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if seen.len() > MAX_PARTS || !seen.insert(id) {
                continue;
            }
            let schema = self.schema(id);
            if schema.types.has(JsonType::Object) {
                return true;
            }
            if !schema.types.is_empty() {
                continue;
            }
            let has_members =
                |object: &ObjectKeywords| !object.properties.is_empty() || object.additional_properties.is_some();
            if schema.object.as_deref().is_some_and(has_members) {
                return true;
            }
            open.extend(parts(schema));
            open.extend(variants(schema));
        }
        false
    }
}

/// The types of a schema, told by its other keywords if it names none.
fn said_types(schema: &Schema) -> Types {
    if !schema.types.is_empty() {
        return schema.types;
    }
    let is_list = schema.array.as_deref().is_some_and(|array| array.items.is_some() || !array.prefix_items.is_empty());
    let is_map = schema.object.as_deref().is_some_and(|object| !of_other_names(object).is_empty());
    let kind = match () {
        () if is_list => Some(JsonType::Array),
        () if is_map => Some(JsonType::Object),
        () if schema.format.is_some() => Some(JsonType::String),
        () => None,
    };
    kind.into_iter().collect()
}

/// The schemas of members that `properties` does not name.
fn of_other_names(object: &ObjectKeywords) -> Vec<SchemaId> {
    let patterns = object.pattern_properties.iter().map(|(_, values)| *values);
    patterns.chain(object.additional_properties.or(object.unevaluated_properties)).collect()
}

/// Whether a schema is put together from properties or from other schemas that all apply.
fn has_parts(schema: &Schema) -> bool {
    schema.object.as_deref().is_some_and(|object| !object.properties.is_empty()) || parts(schema).next().is_some()
}

/// The schemas that apply together with a schema's own keywords: a reference beside them, `allOf`.
pub(super) fn parts(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let all_of = schema.composition.iter().flat_map(|composition| &composition.all_of);
    schema.reference.into_iter().chain(all_of.copied())
}

/// The members of `oneOf` and `anyOf`.
pub(super) fn variants(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let lists = schema.composition.iter().flat_map(|composition| [&composition.one_of, &composition.any_of]);
    lists.flatten().copied()
}

/// Whether a schema says anything about the values that it allows.
fn says_anything(schema: &Schema) -> bool {
    schema.never
        || !schema.types.is_empty()
        || schema.object.is_some()
        || schema.values.is_some()
        || schema.array.as_deref().is_some_and(|array| array.items.is_some())
        || parts(schema).next().is_some()
        || variants(schema).next().is_some()
}

/// Whether a schema allows null and nothing else, which is how 3.1 writes `nullable`.
fn is_null(schema: &Schema) -> bool {
    let mut types = schema.types.iter();
    types.next() == Some(JsonType::Null) && types.next().is_none()
}

/// A value of an enumeration as text; none for null and for values with members.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// One of several shapes: without repetition, unions in unions laid open, nothing known is any.
pub(super) fn union(shapes: Vec<Shape>) -> Shape {
    let mut members: Vec<Shape> = Vec::new();
    for shape in shapes {
        let inner = if let Shape::Union(inner) = shape { inner } else { vec![shape] };
        for member in inner {
            if !members.contains(&member) {
                members.push(member);
            }
        }
    }
    if members.len() > 1 { Shape::Union(members) } else { members.pop().unwrap_or(Shape::Any) }
}

/// What fits two shapes at once; `None` if nothing does. Of two messages the first.
pub(super) fn meet(one: &Shape, other: &Shape) -> Option<Shape> {
    match (one, other) {
        (Shape::Any | Shape::Unresolved(_), shape) | (shape, Shape::Any | Shape::Unresolved(_)) => Some(shape.clone()),
        _ if one == other => Some(one.clone()),
        (Shape::Union(members), shape) | (shape, Shape::Union(members)) => {
            let fitting: Vec<Shape> = members.iter().filter_map(|member| meet(member, shape)).collect();
            if fitting.is_empty() { None } else { Some(union(fitting)) }
        }
        (Shape::Enum { name, values }, Shape::Enum { values: others, .. }) => {
            let common: Arc<[String]> = values.iter().filter(|value| others.contains(value)).cloned().collect();
            let name = if common.len() == values.len() { Arc::clone(name) } else { "".into() };
            if common.is_empty() { None } else { Some(Shape::Enum { name, values: common }) }
        }
        (values @ Shape::Enum { .. }, Shape::Scalar { .. }) | (Shape::Scalar { .. }, values @ Shape::Enum { .. }) => {
            Some(values.clone())
        }
        (Shape::Scalar { kind, format }, Shape::Scalar { kind: other, format: more }) => {
            let kind = match (&**kind, &**other) {
                (one, other) if one == other => kind,
                ("integer", "number") => kind,
                ("number", "integer") => other,
                _ => return None,
            };
            // A format only describes; the one of the narrower type is the better one.
            let format = format.as_ref().or(more.as_ref()).cloned();
            Some(Shape::Scalar { kind: Arc::clone(kind), format })
        }
        (Shape::List(one), Shape::List(other)) => Some(Shape::List(Box::new(meet(one, other)?))),
        (Shape::Map(one), Shape::Map(other)) => Some(Shape::Map(Box::new(meet(one, other)?))),
        (message @ Shape::Message(_), Shape::Map(_) | Shape::Message(_))
        | (Shape::Map(_), message @ Shape::Message(_)) => Some(message.clone()),
        _ => None,
    }
}

/// How many nodes a shape has.
fn size(shape: &Shape) -> usize {
    match shape {
        Shape::List(inner) | Shape::Map(inner) => 1 + size(inner),
        Shape::Union(members) => 1 + members.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}
