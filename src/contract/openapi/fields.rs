//! The fields of a message: its own, those it inherits through `allOf`, those a variant may bring.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::annotations;
use super::keywords::{SchemaKeywords, says_object};
use super::library::{Node, NodeId};
use super::names;
use super::reader::Reader;
use super::schema::{Naming, sole_part, union, variants};
use crate::contract::marks;
use crate::model::contract::{Cardinality, Field, MarkSet, Marks, Shape};

/// Schemas that may inherit from each other in a row.
const MAX_DEPTH: usize = 48;

/// Schemas that are looked at to see whether one of them describes an object.
const MAX_PARTS: usize = 256;

/// Fields that one message may have.
const MAX_FIELDS: usize = 10_000;

/// A message while its parts are put together.
#[derive(Debug, Default)]
struct Merged {
    fields: IndexMap<String, Field>,
    required: BTreeSet<String>,
    /// Fields that only variants bring.
    of_variants: BTreeSet<String>,
    marks: Marks,
    /// Referenced schemas that are in already: a diamond brings its fields once.
    seen: BTreeSet<NodeId>,
    /// Schemas that we are inside of.
    path: Vec<NodeId>,
}

/// How a part belongs to the message.
#[derive(Clone, Copy, Debug)]
struct Part<'n> {
    /// Name of the schema it is written in, for the messages inside it.
    name: &'n str,
    /// It comes with a variant, so its fields may be missing.
    optional: bool,
    /// It is a schema of its own, reached by reference.
    inherited: bool,
}

impl<'a> Reader<'a> {
    /// The fields of an object schema, and the marks that its inline parts add.
    pub(super) fn fields(&mut self, node: &Node<'a>, name: &str) -> (Vec<Field>, Marks) {
        let mut merged = Merged { path: vec![node.id()], ..Merged::default() };
        self.collect(node, Part { name, optional: false, inherited: false }, &mut merged);
        let Merged { fields, required, marks, .. } = merged;
        let finish = |mut field: Field| {
            let is_required = required.contains(&field.name);
            field.cardinality = if is_required { Cardinality::Required } else { Cardinality::Optional };
            self.select(name, &mut field);
            field
        };
        (fields.into_values().map(finish).collect(), marks)
    }

    /// Adds what a schema brings: what it inherits first, then its own, then its variants.
    fn collect(&mut self, node: &Node<'a>, part: Part<'_>, merged: &mut Merged) {
        if merged.path.len() > MAX_DEPTH || merged.fields.len() > MAX_FIELDS {
            self.lost(node, "this schema inherits too deeply or has too many fields, the rest of it is left out");
            return;
        }
        if node.reference().is_some() {
            self.collect_referred(node, part, merged);
            if self.plain_reference(node).is_some() {
                return;
            }
        }
        for inner in node.get("allOf").iter().flat_map(Node::items) {
            if inner.reference().is_none() {
                let own = self.own_marks(&inner);
                marks::merge(&mut merged.marks, own);
                merged.path.push(inner.id());
                self.collect(&inner, part, merged);
                merged.path.pop();
            } else {
                self.collect(&inner, part, merged);
            }
        }
        self.own_fields(node, part, merged);
        self.collect_variants(node, part, merged);
    }

    fn collect_referred(&mut self, node: &Node<'a>, part: Part<'_>, merged: &mut Merged) {
        let Some(target) = self.target(node) else { return };
        let id = target.id();
        if merged.path.contains(&id) {
            if !part.optional {
                self.note(node, "this schema is part of itself through `allOf`, which adds nothing to it");
            }
            return;
        }
        if !merged.seen.insert(id.clone()) {
            return;
        }
        let declared = self.name_at(node, &target, part.name);
        merged.path.push(id);
        self.collect(&target, Part { name: &declared.name, inherited: true, ..part }, merged);
        merged.path.pop();
    }

    fn own_fields(&mut self, node: &Node<'a>, part: Part<'_>, merged: &mut Merged) {
        if !part.optional {
            let keywords = SchemaKeywords::read(node, &mut self.problems);
            merged.required.extend(keywords.required);
        }
        let Some(properties) = self.part(node, "properties") else { return };
        if !properties.is_object() {
            self.lost(&properties, "`properties` must be a mapping");
            return;
        }
        for (key, property) in properties.members() {
            let field = self.field(key, &property, part.name);
            let Some(known) = merged.fields.get_mut(key) else {
                if part.optional {
                    merged.of_variants.insert(key.to_owned());
                }
                merged.fields.insert(key.to_owned(), field);
                continue;
            };
            marks::merge(&mut known.marks, field.marks);
            if part.optional {
                // Variants exclude each other; what is said outside of them is wide enough for all.
                if merged.of_variants.contains(key) {
                    known.shape = union(vec![known.shape.clone(), field.shape]);
                }
            } else if refines(&field.shape, &known.shape) {
                known.shape = field.shape;
            } else if !refines(&known.shape, &field.shape) {
                let message = format!("`{key}` is declared again with another type, the inherited one is used");
                self.note(&property, message);
            }
        }
    }

    /// What `oneOf` and `anyOf` add beside the fields of the schema itself. The base of a hierarchy
    /// often lists its own heirs there; they are no part of the heir that inherits from it.
    fn collect_variants(&mut self, node: &Node<'a>, part: Part<'_>, merged: &mut Merged) {
        let is_base = node.has("properties") || node.has("allOf");
        if part.inherited && is_base {
            return;
        }
        for (at, variant) in variants(node).enumerate() {
            let name = names::variant(part.name, at);
            merged.path.push(variant.id());
            self.collect(&variant, Part { name: &name, optional: true, ..part }, merged);
            merged.path.pop();
        }
    }

    fn field(&mut self, key: &str, property: &Node<'a>, parent: &str) -> Field {
        let name = names::member(parent, key);
        let shape = self.shape_of(property, Naming::inline(&name));
        let mut field = Field {
            name: key.to_owned(),
            json_name: None,
            number: None,
            shape,
            cardinality: Cardinality::Optional,
            oneof: None,
            schema: None,
            proto: None,
            marks: self.marks_of(property),
            site: property.site(),
        };
        self.select(parent, &mut field);
        field
    }

    /// Applies the field selectors of the policy.
    fn select(&self, message: &str, field: &mut Field) {
        let classes = self.context.marks.selected(message, &field.name);
        if !classes.is_empty() {
            let text = format!("{message}.{} in the policy", field.name);
            marks::add_sensitive(&mut field.marks, classes, &text, &field.site);
        }
    }

    /// Whether a schema that is put together from parts describes an object.
    pub(super) fn is_object(&mut self, node: &Node<'a>) -> bool {
        let mut open = vec![node.clone()];
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            if seen.len() > MAX_PARTS || !seen.insert(node.id()) {
                continue;
            }
            let has = |key: &str| node.get(key).is_some_and(|part| part.is_object());
            match says_object(&node) {
                Some(true) => return true,
                Some(false) => continue,
                None if has("properties") || has("additionalProperties") => return true,
                None => {}
            }
            if node.reference().is_some() {
                open.extend(self.target(&node));
            }
            open.extend(node.get("allOf").iter().flat_map(Node::items));
            open.extend(variants(&node));
        }
        false
    }

    /// The marks that stand on a schema object itself. In 3.0 those beside a reference do not count.
    pub(super) fn own_marks(&mut self, node: &Node<'a>) -> Marks {
        let own = annotations::read(node, self.context.marks, &mut self.problems);
        if node.reference().is_none() || self.siblings_count || annotations::is_empty(&own) {
            return own;
        }
        self.note(node, "marks beside `$ref` have no effect in OpenAPI 3.0; put the reference into `allOf`");
        Marks::default()
    }

    /// The marks of a property, parameter or header: those of its schema, those of the schema that it
    /// refers to, and the sensitive ones of what it is a list, map or union of.
    pub(super) fn marks_of(&mut self, node: &Node<'a>) -> Marks {
        let mut found = Marks::default();
        let mut seen = BTreeSet::new();
        let mut open = vec![(node.clone(), true)];
        while let Some((node, whole)) = open.pop() {
            if !seen.insert(node.id()) {
                continue;
            }
            let own = self.own_marks(&node);
            let own =
                if whole { own } else { MarkSet { sensitive: own.sensitive.clone(), ..MarkSet::default() }.into() };
            marks::merge(&mut found, own);
            if node.reference().is_some() {
                open.extend(self.target(&node).map(|target| (target, whole)));
            }
            let sole = sole_part(&node);
            open.extend(sole.map(|part| (part, whole)));
            let values = node.get("additionalProperties").filter(|values| values.is_object());
            let parts = node.get("items").into_iter().chain(values).chain(variants(&node));
            open.extend(parts.map(|part| (part, false)));
            open.extend(node.get("allOf").iter().flat_map(Node::items).map(|part| (part, false)));
        }
        found
    }
}

/// Whether a shape says the same as another one, or more: where both apply, it is the one to keep.
fn refines(shape: &Shape, other: &Shape) -> bool {
    match (shape, other) {
        (_, Shape::Any) | (Shape::Enum { .. }, Shape::Scalar { .. }) => true,
        (Shape::Scalar { kind, .. }, Shape::Scalar { kind: wide, format: None }) => kind == wide,
        (Shape::List(inner), Shape::List(wide)) | (Shape::Map(inner), Shape::Map(wide)) => refines(inner, wide),
        (Shape::Message(_), Shape::Map(wide)) => **wide == Shape::Any,
        _ => shape == other,
    }
}
