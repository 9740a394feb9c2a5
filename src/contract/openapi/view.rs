//! What consumers see of the schemas of a document: messages with fields, and shapes.
//!
//! All of it is made from [`Schemas`](crate::model::contract::Schemas) once they are complete, and
//! every message and field keeps the id of the schema that it is made from, so nothing is read twice.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::graph::Graph;
use super::names::{self, Declared};
use super::reader::Context;
use crate::contract::marks;
use crate::model::contract::{ContractId, Message, MessageId, Operation, Parameter, Place, Schema, SchemaId, Shape};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Site;

/// Makes messages and shapes from the schemas of one document.
pub(super) struct View<'g, 'a> {
    pub(super) context: Context<'a>,
    pub(super) graph: &'g Graph<'a>,
    /// Messages made so far; those still [pending](Self::pending) have no fields yet.
    pub(super) messages: Vec<Message>,
    /// What does not fit together.
    pub(super) problems: Vec<Problem>,
    /// The message of each object schema.
    known: BTreeMap<SchemaId, MessageId>,
    /// The message of several object schemas that apply together.
    joint: BTreeMap<Vec<SchemaId>, MessageId>,
    /// Messages whose fields are to be read, and from which schemas.
    pending: VecDeque<(MessageId, Vec<SchemaId>)>,
    /// The shape of each schema that more than one place may refer to.
    pub(super) shapes: BTreeMap<SchemaId, Shape>,
    /// Schemas that a mark may reach a field from.
    pub(super) marked: Vec<bool>,
    /// The schemas that extend one by `allOf`, where a discriminator tells them apart.
    pub(super) heirs: BTreeMap<SchemaId, Vec<SchemaId>>,
}

impl<'g, 'a> View<'g, 'a> {
    /// A view that shows nothing yet.
    pub(super) fn new(context: Context<'a>, graph: &'g Graph<'a>) -> Self {
        Self {
            context,
            graph,
            messages: Vec::new(),
            problems: Vec::new(),
            known: BTreeMap::new(),
            joint: BTreeMap::new(),
            pending: VecDeque::new(),
            shapes: BTreeMap::new(),
            marked: super::inherited::marked(graph),
            heirs: super::inherited::heirs(graph),
        }
    }

    /// Makes the messages of every declared schema, used or not, and the shapes of the operations.
    pub(super) fn show(&mut self, declared: &[SchemaId], operations: &mut [Operation]) {
        for id in declared {
            self.shape_of(*id);
        }
        self.finish();
        for operation in operations {
            self.show_operation(operation);
        }
        self.finish();
        self.make_names_unique();
    }

    fn show_operation(&mut self, operation: &mut Operation) {
        operation.parameters.iter_mut().for_each(|parameter| self.show_parameter(parameter));
        for body in &mut operation.request {
            body.shape = body.schema.map_or(Shape::Any, |id| self.shape_of(id));
        }
        for response in &mut operation.responses {
            for body in &mut response.bodies {
                body.shape = body.schema.map_or(Shape::Any, |id| self.shape_of(id));
            }
            response.headers.iter_mut().for_each(|header| self.show_parameter(header));
        }
    }

    fn show_parameter(&mut self, parameter: &mut Parameter) {
        let Some(id) = parameter.schema else { return };
        parameter.shape = self.shape_of(id);
        marks::merge(&mut parameter.marks, self.marks_of(id));
    }

    /// The schema with this id.
    pub(super) fn schema(&self, id: SchemaId) -> &'g Schema {
        self.graph.schemas.get(id)
    }

    /// Says something about a schema.
    pub(super) fn say(&mut self, kind: ProblemKind, site: Site, message: impl Into<String>) {
        self.problems.push(Problem::at(kind, site, message));
    }

    /// The name of the message that a schema makes: its own, or that of what holds it and the way from
    /// there.
    pub(super) fn name_of(&self, id: SchemaId) -> Declared {
        let (mut steps, mut at) = (Vec::new(), id);
        let mut declared = loop {
            let schema = self.schema(at);
            if let Some(name) = &schema.name {
                break Declared { name: name.to_string(), whole: true };
            }
            if let Some(name) = self.graph.roots.get(&at) {
                break Declared { name: name.clone(), whole: false };
            }
            match &schema.place {
                Place::Under { parent, step } => {
                    steps.push(step);
                    at = *parent;
                }
                Place::Root { file, pointer } => {
                    let path = &self.context.library.sources().get(*file).path;
                    let by_place = || Declared { name: format!("{path}#{pointer}"), whole: false };
                    break names::declared(path, pointer).unwrap_or_else(by_place);
                }
            }
        };
        declared.whole &= steps.is_empty();
        steps.iter().rev().for_each(|step| names::add_step(&mut declared.name, step));
        declared
    }

    /// The message of an object schema, whose fields are read later.
    pub(super) fn message(&mut self, id: SchemaId) -> Shape {
        if let Some(known) = self.known.get(&id) {
            return Shape::Message(*known);
        }
        let declared = self.name_of(id);
        let message = self.add_message(declared, id, vec![id]);
        self.known.insert(id, message);
        Shape::Message(message)
    }

    /// The message of several object schemas that all apply to one value.
    pub(super) fn joint_message(&mut self, parts: Vec<SchemaId>, name: String) -> Shape {
        if let Some(known) = self.joint.get(&parts) {
            return Shape::Message(*known);
        }
        let Some(first) = parts.first().copied() else { return Shape::Any };
        let message = self.add_message(Declared { name, whole: false }, first, parts.clone());
        self.joint.insert(parts, message);
        Shape::Message(message)
    }

    fn add_message(&mut self, declared: Declared, schema: SchemaId, parts: Vec<SchemaId>) -> MessageId {
        let id = MessageId::at(self.messages.len());
        self.messages.push(Message {
            named: declared.whole,
            schema: Some(schema),
            ..Message::new(ContractId(0), declared.name, self.graph.schemas.site(schema))
        });
        self.pending.push_back((id, parts));
        id
    }

    /// Reads the fields of every message that has none yet, and of those that are met on the way.
    fn finish(&mut self) {
        while let Some((id, parts)) = self.pending.pop_front() {
            let Some(name) = self.messages.get(id.index()).map(|message| message.name.clone()) else { continue };
            let (fields, marks) = self.fields(&parts, &name);
            if let Some(message) = self.messages.get_mut(id.index()) {
                (message.fields, message.marks) = (fields, marks);
            }
        }
    }

    /// Makes the names of messages unique: the first keeps its name, others get their place.
    fn make_names_unique(&mut self) {
        let mut taken = BTreeSet::new();
        for message in &mut self.messages {
            if !taken.insert(message.name.clone())
                && let Site::Pointer { file, pointer } = &message.site
            {
                let path = &self.context.library.sources().get(*file).path;
                message.name = format!("{} ({path}#{pointer})", message.name);
            }
        }
    }
}
