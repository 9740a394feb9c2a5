//! The fields of a message: its own, those it inherits through `allOf`, those a variant may bring.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;

use super::annotations;
use super::names;
use super::shape::{meet, union, variants};
use super::view::View;
use crate::contract::marks;
use crate::document::pointer;
use crate::model::contract::{Cardinality, Field, Marks, Place, Schema, SchemaId, Shape};
use crate::model::problem::ProblemKind;
use crate::model::source::{FileId, Site};

/// Schemas that may inherit from each other in a row.
const MAX_DEPTH: usize = 48;

/// Fields that one message may have.
const MAX_FIELDS: usize = 10_000;

/// Values of an enumeration that a message shows.
const SHOWN_VALUES: usize = 4;

/// A message while its parts are put together.
#[derive(Debug, Default)]
struct Merged {
    fields: IndexMap<Arc<str>, Entry>,
    required: BTreeSet<Arc<str>>,
    marks: Marks,
    /// Referenced schemas that are in already: a diamond brings its fields once.
    seen: BTreeSet<SchemaId>,
    /// Those that are in as a variant, so that they may still come in as a part.
    seen_optional: BTreeSet<SchemaId>,
    /// Schemas that we are inside of.
    path: Vec<SchemaId>,
}

impl Merged {
    /// Whether a referenced schema has not come in yet, in this way or as a part; it has from now on.
    fn is_new(&mut self, id: SchemaId, optional: bool) -> bool {
        if optional { !self.seen.contains(&id) && self.seen_optional.insert(id) } else { self.seen.insert(id) }
    }
}

/// A field, and the schemas that declare it.
#[derive(Debug)]
struct Entry {
    field: Field,
    declared: Vec<SchemaId>,
    /// Only variants bring it.
    of_variants: bool,
}

/// How a part belongs to the message.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// It comes with a variant, so its fields may be missing.
    optional: bool,
    /// It is a schema of its own, reached by reference.
    inherited: bool,
}

impl View<'_, '_> {
    /// The fields of a message that these schemas make together, and its marks: those of the schemas
    /// and of the inline parts of their `allOf`.
    pub(super) fn fields(&mut self, schemas: &[SchemaId], name: &str) -> (Vec<Field>, Marks) {
        let mut merged = Merged::default();
        for id in schemas {
            marks::merge(&mut merged.marks, self.schema(*id).marks.clone());
            merged.path.push(*id);
            self.collect(*id, name, Part { optional: false, inherited: false }, &mut merged);
            merged.path.pop();
        }
        let Merged { fields, required, marks, .. } = merged;
        let finish = |(key, Entry { mut field, .. }): (Arc<str>, Entry)| {
            let is_required = required.contains(&key);
            field.cardinality = if is_required { Cardinality::Required } else { Cardinality::Optional };
            annotations::select(self.context.marks, name, &mut field);
            field
        };
        (fields.into_iter().map(finish).collect(), marks)
    }

    /// Adds what a schema brings: what it inherits first, then its own, then its variants.
    fn collect(&mut self, id: SchemaId, name: &str, part: Part, merged: &mut Merged) {
        if merged.path.len() > MAX_DEPTH || merged.fields.len() > MAX_FIELDS {
            let message = "this schema inherits too deeply or has too many fields, the rest of it is left out";
            self.say(ProblemKind::ContractUnreadable, self.graph.schemas.site(id), message);
            return;
        }
        let schema = self.schema(id);
        if let Some(target) = schema.reference {
            self.inherit(target, (id, "/$ref".to_owned()), name, part, merged);
        }
        let all_of = schema.composition.iter().flat_map(|composition| &composition.all_of);
        for (at, inner) in all_of.enumerate() {
            if self.is_inside(*inner, id) {
                marks::merge(&mut merged.marks, self.schema(*inner).marks.clone());
                merged.path.push(*inner);
                self.collect(*inner, name, part, merged);
                merged.path.pop();
            } else {
                self.inherit(*inner, (id, format!("/allOf/{at}")), name, part, merged);
            }
        }
        self.own_fields(id, name, part, merged);
        self.collect_variants(id, name, part, merged);
    }

    /// Whether a schema is written inside another one.
    fn is_inside(&self, id: SchemaId, holder: SchemaId) -> bool {
        matches!(self.schema(id).place, Place::Under { parent, .. } if parent == holder)
    }

    fn inherit(
        &mut self,
        target: SchemaId,
        (from, step): (SchemaId, String),
        name: &str,
        part: Part,
        merged: &mut Merged,
    ) {
        if merged.path.contains(&target) {
            if !part.optional {
                let message = "this schema is part of itself through `allOf`, which adds nothing to it";
                let site = self.graph.schemas.site(from);
                let pointer = format!("{}{step}", pointer_of(&site)).into();
                self.say(ProblemKind::Note, Site::Pointer { file: site.file(), pointer }, message);
            }
            return;
        }
        if !merged.is_new(target, part.optional) {
            return;
        }
        merged.path.push(target);
        self.collect(target, name, Part { inherited: true, ..part }, merged);
        merged.path.pop();
    }

    fn own_fields(&mut self, id: SchemaId, name: &str, part: Part, merged: &mut Merged) {
        let Some(object) = &self.schema(id).object else { return };
        if !part.optional {
            merged.required.extend(object.required.iter().cloned());
        }
        if object.properties.is_empty() {
            return;
        }
        let owner = self.properties_of(id);
        // The policy may select a field by the schema that declares it as well as by the message.
        let declared = (part.inherited || part.optional).then(|| self.name_of(id).name);
        for (key, property) in &object.properties {
            let site = match self.graph.moved.get(&(id, Arc::clone(key))) {
                Some(site) => site.clone(),
                None => owner.child(key),
            };
            let shape = self.shape_of(*property);
            let mut field =
                Field { schema: Some(*property), marks: self.marks_of(*property), ..Field::new(&**key, shape, site) };
            declared.iter().for_each(|declared| annotations::select(self.context.marks, declared, &mut field));
            self.add_field(key, field, *property, name, part, merged);
        }
    }

    fn add_field(
        &mut self,
        key: &Arc<str>,
        mut field: Field,
        schema: SchemaId,
        name: &str,
        part: Part,
        merged: &mut Merged,
    ) {
        let Some(known) = merged.fields.get_mut(key) else {
            let entry = Entry { field, declared: vec![schema], of_variants: part.optional };
            merged.fields.insert(Arc::clone(key), entry);
            return;
        };
        let marks = std::mem::take(&mut field.marks);
        marks::merge(&mut known.field.marks, marks);
        if part.optional {
            // Variants exclude each other; what is said outside of them is wide enough for all.
            if known.of_variants {
                known.field.shape = union(vec![known.field.shape.clone(), field.shape]);
            }
            return;
        }
        if known.declared.contains(&schema) {
            return;
        }
        known.declared.push(schema);
        known.of_variants = false;
        let both_messages =
            matches!((&known.field.shape, &field.shape), (Shape::Message(one), Shape::Message(other)) if one != other);
        if both_messages {
            let parts = known.declared.clone();
            known.field.shape = self.joint_message(parts, names::member(name, key));
            return;
        }
        if let Some(shape) = meet(&known.field.shape, &field.shape) {
            known.field.shape = shape;
            return;
        }
        let message = format!(
            "`{key}` is {} here and {} at `{}`, no value can be both; the latter is used",
            described(&field.shape),
            described(&known.field.shape),
            pointer_of(&known.field.site)
        );
        self.say(ProblemKind::Note, field.site, message);
    }

    /// What `oneOf`, `anyOf`, the branches of `if`, and dependencies add beside the fields of the schema
    /// itself; and, in a hierarchy with a discriminator, the schemas that extend it. The base of a
    /// hierarchy often lists its own heirs; they are no part of the heir that inherits from it.
    fn collect_variants(&mut self, id: SchemaId, name: &str, part: Part, merged: &mut Merged) {
        let schema = self.schema(id);
        if part.inherited && is_base(schema) {
            return;
        }
        let branches = schema.composition.iter().flat_map(|composition| [composition.then, composition.otherwise]);
        let dependent = schema.object.iter().flat_map(|object| &object.dependent_schemas).map(|(_, id)| *id);
        let heirs = if part.optional { Vec::new() } else { self.heirs_of(id) };
        let brought: Vec<SchemaId> = variants(schema).chain(branches.flatten()).chain(dependent).chain(heirs).collect();
        for variant in brought {
            let is_known = !self.is_inside(variant, id) && !merged.is_new(variant, true);
            if is_known || merged.path.contains(&variant) {
                continue;
            }
            merged.path.push(variant);
            self.collect(variant, name, Part { optional: true, inherited: false }, merged);
            merged.path.pop();
        }
    }

    /// Where the properties of a schema are written.
    fn properties_of(&self, id: SchemaId) -> Properties {
        let site = self.graph.schemas.site(id);
        Properties { pointer: pointer::child(pointer_of(&site), "properties"), file: site.file() }
    }
}

/// The place of `properties`.
struct Properties {
    file: FileId,
    pointer: String,
}

impl Properties {
    fn child(&self, key: &str) -> Site {
        Site::Pointer { file: self.file, pointer: pointer::child(&self.pointer, key).into() }
    }
}

/// Whether a schema says something of its own beside the list of its variants.
fn is_base(schema: &Schema) -> bool {
    schema.object.as_deref().is_some_and(|object| !object.properties.is_empty())
        || schema.composition.as_deref().is_some_and(|composition| !composition.all_of.is_empty())
}

/// A shape in a message: an enumeration without a name by its values.
fn described(shape: &Shape) -> String {
    match shape {
        Shape::Enum { name, values } if name.is_empty() => {
            let shown: Vec<&str> = values.iter().take(SHOWN_VALUES).map(String::as_str).collect();
            let more = if values.len() > SHOWN_VALUES { ", ..." } else { "" };
            format!("one of {}{more}", shown.join(", "))
        }
        other => other.to_string(),
    }
}

fn pointer_of(site: &Site) -> &str {
    match site {
        Site::Pointer { pointer, .. } => pointer,
        Site::Span(_) => "",
    }
}
