//! Every schema of a document into [`Schemas`]: which ones there are, and which refers to which.
//!
//! A schema object becomes one node, however it is reached: as a part of another schema, through a
//! reference, or from an operation. What stands in it is read by [`keywords`](super::keywords); the
//! schemas inside wait in a queue until then, so nothing here recurses over the input.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::library::{Node, NodeId};
use super::names;
use super::reader::Reader;
use crate::model::contract::{Place, Schema, SchemaId, SchemaStep, Schemas};
use crate::model::source::Site;

/// References in a row before a chain of them is taken for a cycle.
const MAX_CHAIN: usize = 64;

/// Schemas of one document; a document that has more is not written by people or for them.
const MAX_SCHEMAS: usize = 20_000_000;

/// Looked up for every schema.
#[expect(clippy::disallowed_types, reason = "never iterated, so its order shows nowhere")]
type Ids = std::collections::HashMap<NodeId, SchemaId>;

/// The schemas of one document while they are read.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    /// What is read.
    pub(super) schemas: Schemas,
    /// The schema at each place.
    ids: Ids,
    /// Schemas that have an id and are not read yet.
    queue: VecDeque<(SchemaId, Node<'a>, Holder)>,
    /// References that lead nowhere, as written; their schemas allow anything.
    pub(super) unresolved: BTreeMap<SchemaId, Arc<str>>,
    /// Names for schemas that no schema holds, from what does: an operation, a component.
    pub(super) roots: BTreeMap<SchemaId, String>,
    /// Objects whose `properties` are written elsewhere, or that are no objects of the document:
    /// the place of each property.
    pub(super) moved: BTreeMap<(SchemaId, Arc<str>), Site>,
}

/// What the keywords of a schema stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// A schema object.
    Schema,
    /// A parameter, header or items object of 2.0, which is a schema and more.
    Parameter,
}

impl<'a> Reader<'a> {
    /// The schema at a place that no schema holds; `name` is for the message that it may make.
    pub(super) fn root_schema(&mut self, node: &Node<'a>, name: impl FnOnce() -> String) -> SchemaId {
        let id = self.enter(node, Holder::Schema, None);
        if node.reference().is_none() {
            self.name_root(id, name);
        } else if !self.names_itself(id) {
            self.graph.roots.entry(id).or_insert_with(name);
        }
        id
    }

    /// Whether a schema that a reference led to is declared under a name.
    fn names_itself(&self, id: SchemaId) -> bool {
        let schema = self.graph.schemas.get(id);
        let Place::Root { file, pointer } = &schema.place else { return true };
        let path = &self.context.library.sources().get(*file).path;
        schema.name.is_some() || names::declared(path, pointer).is_some()
    }

    /// The same where nothing gives it a name but its place.
    pub(super) fn schema_at(&mut self, node: &Node<'a>) -> SchemaId {
        self.enter(node, Holder::Schema, None)
    }

    /// The schema that a parameter or header of 2.0 is.
    pub(super) fn parameter_schema(&mut self, node: &Node<'a>, name: impl FnOnce() -> String) -> SchemaId {
        let id = self.enter(node, Holder::Parameter, None);
        self.name_root(id, name);
        id
    }

    /// A schema that no place of the document is: an object made of these members.
    pub(super) fn made_schema(&mut self, schema: Schema, name: String) -> SchemaId {
        let id = self.graph.schemas.push(schema);
        self.graph.roots.insert(id, name);
        id
    }

    /// The schema of a component or definition, under its name.
    pub(super) fn declared_schema(&mut self, node: &Node<'a>, name: &str) -> SchemaId {
        let id = self.enter(node, Holder::Schema, None);
        let is_alias = node.reference().is_some();
        let file = node.file;
        if let Some(schema) = self.graph.schemas.get_mut(id) {
            // A schema of another file is known to generated clients by the name the document gives it.
            let is_elsewhere = matches!(schema.place, Place::Root { file: other, .. } if other != file);
            if schema.name.is_none() && (!is_alias || is_elsewhere) {
                schema.name = Some(name.into());
            }
        }
        id
    }

    fn name_root(&mut self, id: SchemaId, name: impl FnOnce() -> String) {
        let is_root = matches!(self.graph.schemas.get(id).place, Place::Root { .. });
        if is_root && self.graph.schemas.get(id).name.is_none() {
            self.graph.roots.insert(id, name());
        }
    }

    /// The schema inside another one, `step` from it; at a place of its own if a reference led there.
    pub(super) fn inner_schema(&mut self, node: &Node<'a>, parent: SchemaId, step: SchemaStep) -> SchemaId {
        self.enter(node, Holder::Schema, Some((parent, step)))
    }

    /// The same for the items of a parameter of 2.0.
    pub(super) fn inner_parameter(&mut self, node: &Node<'a>, parent: SchemaId, step: SchemaStep) -> SchemaId {
        self.enter(node, Holder::Parameter, Some((parent, step)))
    }

    fn enter(&mut self, node: &Node<'a>, holder: Holder, under: Option<(SchemaId, SchemaStep)>) -> SchemaId {
        match node.reference() {
            Some(_) if self.is_plain(node) => self.target_of(node, under),
            _ => self.add(node, holder, under),
        }
    }

    /// The id of a schema object that is more than a reference.
    fn add(&mut self, node: &Node<'a>, holder: Holder, under: Option<(SchemaId, SchemaStep)>) -> SchemaId {
        let key = node.id();
        if let Some(known) = self.graph.ids.get(&key) {
            return *known;
        }
        let id = self.graph.schemas.push(Schema::anything(place(node, under)));
        self.graph.ids.insert(key, id);
        if self.graph.schemas.len() < MAX_SCHEMAS {
            self.graph.queue.push_back((id, node.clone(), holder));
        }
        id
    }

    /// The schema that a plain reference leads to in the end. One that leads nowhere is a schema of
    /// its own that allows anything, and a problem.
    fn target_of(&mut self, node: &Node<'a>, under: Option<(SchemaId, SchemaStep)>) -> SchemaId {
        if let Some(known) = self.graph.ids.get(&node.id()) {
            return *known;
        }
        let mut current = node.clone();
        for _ in 0..MAX_CHAIN {
            if !self.is_plain(&current) {
                return self.add(&current, Holder::Schema, None);
            }
            self.heed_siblings(&current);
            let Some(next) = current.reference().and_then(|reference| self.step(&current, reference)) else {
                return self.nowhere(node, under);
            };
            current = next;
        }
        self.lost_at(node.site_of("$ref"), "this reference leads back to itself");
        self.nowhere(node, under)
    }

    fn nowhere(&mut self, node: &Node<'a>, under: Option<(SchemaId, SchemaStep)>) -> SchemaId {
        let id = self.graph.schemas.push(Schema::anything(place(node, under)));
        self.graph.ids.insert(node.id(), id);
        self.graph.unresolved.insert(id, node.reference().unwrap_or_default().into());
        id
    }

    /// The target of a reference that more stands beside.
    pub(super) fn beside(&mut self, node: &Node<'a>, reference: &'a str, id: SchemaId) -> SchemaId {
        if let Some(target) = self.step(node, reference) {
            return self.enter(&target, Holder::Schema, None);
        }
        let place = Place::Under { parent: id, step: SchemaStep::Keyword("$ref") };
        let nowhere = self.graph.schemas.push(Schema::anything(place));
        self.graph.unresolved.insert(nowhere, reference.into());
        nowhere
    }

    /// Whether a node is nothing but a reference: what stands beside one counts since 3.1, words about
    /// it apart.
    fn is_plain(&self, node: &Node<'a>) -> bool {
        let is_word = |key: &str| {
            matches!(
                key,
                "$ref"
                    | "$dynamicRef"
                    | "description"
                    | "summary"
                    | "$comment"
                    | "example"
                    | "examples"
                    | "externalDocs"
            )
        };
        node.reference().is_some() && (!self.version.counts_siblings() || node.members().all(|(key, _)| is_word(key)))
    }

    /// Says so where marks stand beside a reference that takes no heed of them.
    fn heed_siblings(&mut self, node: &Node<'a>) {
        if self.version.counts_siblings() || node.members().nth(1).is_none() {
            return;
        }
        let beside = self.read_marks(node);
        if !beside.is_empty() {
            let message = format!(
                "marks beside `$ref` have no effect in {}; put the reference into `allOf`",
                self.version.name()
            );
            self.note(node, message);
        }
    }

    /// Reads every schema that has an id, and those that are met on the way.
    pub(super) fn finish_schemas(&mut self) {
        while let Some((id, node, holder)) = self.graph.queue.pop_front() {
            self.read_schema(id, &node, holder);
        }
    }
}

fn place(node: &Node<'_>, under: Option<(SchemaId, SchemaStep)>) -> Place {
    if let Some((parent, step)) = under {
        return Place::Under { parent, step };
    }
    match node.site() {
        Site::Pointer { file, pointer } => Place::Root { file, pointer },
        Site::Span(span) => Place::Root { file: span.file, pointer: "".into() },
    }
}
