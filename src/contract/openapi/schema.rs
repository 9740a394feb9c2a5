//! Schemas into shapes.
//!
//! Objects become messages, one for each place where an object is written. Everything else is a
//! tree that is held small: only lists, maps and unions nest, and a schema that contains itself
//! without an object in between ends in [`Shape::Any`].

use super::keywords::SchemaKeywords;
use super::library::{Node, NodeId};
use super::names;
use super::reader::Reader;
use crate::contract::document::Kind;
use crate::model::contract::Shape;

/// Lists, maps, unions and references that may nest in one shape.
const MAX_DEPTH: usize = 48;

/// Nodes that one shape may have.
const MAX_NODES: usize = 4_000;

/// Where we are while one shape is made.
#[derive(Debug, Default)]
pub(super) struct Walk {
    depth: usize,
    nodes: usize,
    /// References that were followed to get here.
    trail: Vec<NodeId>,
}

/// The name for a message, if the schema makes one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Naming<'n> {
    /// The name.
    pub(super) name: &'n str,
    /// It is declared under that name.
    pub(super) named: bool,
}

impl<'n> Naming<'n> {
    /// A schema that is written in place.
    pub(super) const fn inline(name: &'n str) -> Self {
        Self { name, named: false }
    }
}

impl<'a> Reader<'a> {
    /// The shape of a schema.
    pub(super) fn shape_of(&mut self, node: &Node<'a>, naming: Naming<'_>) -> Shape {
        self.shape(node, naming, &mut Walk::default())
    }

    fn shape(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        walk.nodes += 1;
        if walk.depth >= MAX_DEPTH || walk.nodes >= MAX_NODES {
            self.note(node, "this schema nests too deeply or is too large, the rest of it is taken for any value");
            return Shape::Any;
        }
        walk.depth += 1;
        let shape = match node.kind() {
            Kind::True | Kind::False => Shape::Any,
            Kind::Map if self.plain_reference(node).is_some() => self.referred(node, naming, walk),
            Kind::Map => self.written_here(node, naming, walk),
            _ => {
                self.lost(node, "a schema must be a mapping");
                Shape::Any
            }
        };
        walk.depth -= 1;
        shape
    }

    /// The shape of the schema that a reference leads to.
    fn referred(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        let Some(target) = self.follow_schema(node) else {
            return Shape::Unresolved(node.reference().unwrap_or_default().into());
        };
        let id = target.id();
        if let Some(shape) = self.shapes.get(&id) {
            walk.nodes += size(shape);
            return shape.clone();
        }
        if walk.trail.contains(&id) {
            self.note(
                node,
                "this schema contains itself without an object in between, its inner part is taken for any value",
            );
            return Shape::Any;
        }
        let declared = self.name_at(node, &target, naming.name);
        walk.trail.push(id.clone());
        let shape = self.shape(&target, Naming { name: &declared.name, named: declared.whole }, walk);
        walk.trail.pop();
        self.shapes.insert(id, shape.clone());
        shape
    }

    /// The shape of a schema object.
    fn written_here(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        let keywords = SchemaKeywords::read(node, &mut self.problems);
        if !keywords.values.is_empty() && !keywords.is_collection() {
            let name = if naming.named { naming.name } else { "" };
            return Shape::Enum { name: name.into(), values: keywords.values.into() };
        }
        if has_parts(node) {
            if let Some(part) = sole_part(node).filter(|_| !naming.named) {
                return self.shape(&part, naming, walk);
            }
            if self.is_object(node) {
                return self.message(node, naming.name, naming.named);
            }
            if let Some(shape) = self.first_part(node, naming, walk) {
                return shape;
            }
        }
        let variants = self.variants(node, naming, walk);
        if !variants.is_empty() {
            return union(variants);
        }
        self.of_types(node, &keywords, naming, walk)
    }

    /// What the types of a schema say, once its compositions have said nothing.
    fn of_types(&mut self, node: &Node<'a>, keywords: &SchemaKeywords, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        let has = |key: &str| node.has(key);
        let inferred = match keywords.types.as_slice() {
            [] if has("items") || has("prefixItems") => &["array".to_owned()],
            [] if has("additionalProperties") || has("patternProperties") => &["object".to_owned()],
            [] if keywords.format.is_some() => &["string".to_owned()],
            said => said,
        };
        let shapes: Vec<Shape> = inferred
            .iter()
            .map(|kind| match kind.as_str() {
                "array" => self.list(node, naming, walk),
                "object" => self.object(node, naming, walk),
                scalar => Shape::Scalar { kind: scalar.into(), format: keywords.format.as_deref().map(Into::into) },
            })
            .collect();
        union(shapes)
    }

    fn list(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        let name = names::item(naming.name);
        if let Some(items) = node.get("items") {
            return Shape::List(Box::new(self.shape(&items, Naming::inline(&name), walk)));
        }
        let places: Vec<Node<'a>> = node.get("prefixItems").iter().flat_map(Node::items).collect();
        let named = places.iter().enumerate().map(|(at, place)| {
            let name = names::variant(&name, at);
            self.shape(place, Naming::inline(&name), walk)
        });
        Shape::List(Box::new(union(named.collect())))
    }

    /// An object without properties: a map, or a message that has no fields yet.
    fn object(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Shape {
        let patterns = self.part(node, "patternProperties").and_then(|patterns| patterns.members().next());
        let values = node.get("additionalProperties").or(patterns.map(|(_, values)| values));
        match values {
            Some(values) if values.is_object() => {
                let name = names::value(naming.name);
                Shape::Map(Box::new(self.shape(&values, Naming::inline(&name), walk)))
            }
            Some(values) if values.as_bool() == Some(false) => self.message(node, naming.name, naming.named),
            _ if naming.named => self.message(node, naming.name, naming.named),
            _ => Shape::Map(Box::new(Shape::Any)),
        }
    }

    /// The shapes of `oneOf` and `anyOf`, those of null left out.
    fn variants(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (at, variant) in variants(node).enumerate() {
            if is_null(&variant) {
                continue;
            }
            let name = names::variant(naming.name, at);
            shapes.push(self.shape(&variant, Naming::inline(&name), walk));
        }
        shapes
    }

    /// The first part of an `allOf` that says anything about a value that is no object.
    fn first_part(&mut self, node: &Node<'a>, naming: Naming<'_>, walk: &mut Walk) -> Option<Shape> {
        let parts: Vec<Node<'a>> = node.get("allOf").iter().flat_map(Node::items).collect();
        parts.iter().map(|part| self.shape(part, Naming::inline(naming.name), walk)).find(|shape| *shape != Shape::Any)
    }
}

/// Whether a schema is put together from properties or from other schemas that all apply.
fn has_parts(node: &Node<'_>) -> bool {
    let is_filled = |key| node.get(key).is_some_and(|parts| parts.items().next().is_some());
    node.get("properties").is_some_and(|part| part.is_object()) || is_filled("allOf") || node.reference().is_some()
}

/// The part of a schema that adds nothing but words to one other schema: `allOf` is where 3.0 puts a
/// reference that is to have a description or a mark of its own.
pub(super) fn sole_part<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let adds = ["properties", "required", "oneOf", "anyOf", "additionalProperties", "$ref"];
    if adds.iter().any(|key| node.has(key)) {
        return None;
    }
    let says = ["$ref", "type", "properties", "required", "allOf", "oneOf", "anyOf", "items", "enum", "const"];
    let parts = node.get("allOf")?;
    let mut parts = parts.items().filter(|part| says.iter().any(|key| part.has(key)));
    let first = parts.next()?;
    if parts.next().is_some() { None } else { Some(first) }
}

/// The members of `oneOf` and `anyOf`.
pub(super) fn variants<'a>(node: &Node<'a>) -> impl Iterator<Item = Node<'a>> + use<'a> {
    let lists = ["oneOf", "anyOf"].map(|key| node.get(key));
    let members: Vec<Node<'a>> = lists.iter().flatten().flat_map(Node::items).collect();
    members.into_iter()
}

/// Whether a schema allows null and nothing else, which is how 3.1 writes `nullable`.
fn is_null(node: &Node<'_>) -> bool {
    let Some(said) = node.get("type") else { return false };
    if said.is_array() { said.items().all(|name| name.as_str() == Some("null")) } else { said.as_str() == Some("null") }
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

/// How many nodes a shape has.
fn size(shape: &Shape) -> usize {
    match shape {
        Shape::List(inner) | Shape::Map(inner) => 1 + size(inner),
        Shape::Union(members) => 1 + members.iter().map(size).sum::<usize>(),
        _ => 1,
    }
}
