//! Names and access paths of client code <-> fields of a contract.

use std::collections::BTreeMap;

use super::name::normalised;
use crate::model::contract::{Body, Catalog, ContractKind, Field, FieldRef, MessageId, Operation, Response, Shape};
use crate::model::ir::Codec;
use crate::model::usage::{FieldName, Step};

/// A walk that branches at every union stops here.
const MAX_PLACES: usize = 64;

/// Fields of every message by name.
pub(super) struct Fields<'a> {
    catalog: &'a Catalog,
    messages: Vec<Names<'a>>,
}

#[derive(Default)]
struct Names<'a> {
    exact: BTreeMap<&'a str, u32>,
    json: BTreeMap<&'a str, u32>,
    /// None where two fields differ in nothing else.
    normalised: BTreeMap<String, Option<u32>>,
}

/// What travels in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// The bodies that an operation takes.
    Request,
    /// The bodies that an operation answers.
    Response,
}

/// A value inside a body.
#[derive(Clone)]
pub(super) struct Place<'a> {
    /// What it may be.
    pub shape: &'a Shape,
    /// The field that holds it, or the list or map that it is an element of; none for a body.
    pub field: Option<FieldRef>,
    /// The way to it: `GET /profiles/{id}#200.items[]`.
    pub path: String,
    /// It stands in the answer to a call that went wrong.
    pub failure: bool,
}

/// A field that was found by a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FoundField {
    /// The field.
    pub field: FieldRef,
    /// As output names it.
    pub path: String,
    /// It stands in the answer to a call that went wrong.
    pub failure: bool,
}

impl<'a> Fields<'a> {
    /// Reads every field.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let names = |fields: &'a [Field]| {
            let mut names = Names::default();
            for (at, field) in (0..).zip(fields) {
                names.exact.entry(&field.name).or_insert(at);
                names.json.entry(field.json_name.as_ref().unwrap_or(&field.name)).or_insert(at);
                names.normalised.entry(normalised(&field.name)).and_modify(|known| *known = None).or_insert(Some(at));
            }
            names
        };
        Self { catalog, messages: catalog.messages.iter().map(|message| names(&message.fields)).collect() }
    }

    /// The field of a message that client code names.
    pub(super) fn find(&self, message: MessageId, name: &FieldName) -> Option<FieldRef> {
        let names = self.messages.get(message.index())?;
        let found = |index: &u32| FieldRef { message, index: *index };
        let by_source = || {
            let exact = names.exact.get(name.source.as_ref());
            exact.or_else(|| names.normalised.get(&normalised(&name.source))?.as_ref()).map(found)
        };
        match self.kind(message)? {
            ContractKind::Protobuf => by_wire(names, name).map(found).or_else(by_source),
            ContractKind::OpenApi | ContractKind::Code => {
                let mut json = name.wire.iter().filter(|wire| wire.codec == Codec::Json).peekable();
                if json.peek().is_none() {
                    return by_source();
                }
                json.find_map(|wire| names.exact.get(wire.name.as_ref())).map(found)
            }
        }
    }

    fn kind(&self, message: MessageId) -> Option<ContractKind> {
        let message = self.catalog.messages.get(message.index())?;
        self.catalog.contracts.get(message.contract.index()).map(|contract| contract.kind)
    }

    /// The fields of this name where the steps lead to: in bodies of success, or else of failure.
    pub(super) fn walk(&self, operation: &Operation, side: Side, steps: &[Step], name: &FieldName) -> Vec<FoundField> {
        for failure in [false, true] {
            let fields = self.fields(&self.follow(roots(operation, side, failure), steps), name);
            if !fields.is_empty() {
                return fields;
            }
        }
        Vec::new()
    }

    /// Where the steps lead to: in bodies of success, or else of failure.
    pub(super) fn places<'c>(&self, operation: &'c Operation, side: Side, steps: &[Step]) -> Vec<Place<'c>>
    where
        'a: 'c,
    {
        let places = self.follow(roots(operation, side, false), steps);
        if places.is_empty() { self.follow(roots(operation, side, true), steps) } else { places }
    }

    fn follow<'c>(&self, mut places: Vec<Place<'c>>, steps: &[Step]) -> Vec<Place<'c>>
    where
        'a: 'c,
    {
        for step in steps {
            places = places.iter().flat_map(|place| self.step(place, step)).take(MAX_PLACES).collect();
        }
        places
    }

    /// The fields of the messages at a place, each as a place of its own.
    pub(super) fn inside<'c>(&self, place: &Place<'c>) -> Vec<(&'a Field, Place<'c>)>
    where
        'a: 'c,
    {
        let mut inside = Vec::new();
        for (message, path, failure) in messages_at(place) {
            for (index, field) in (0..).zip(&self.catalog.message(message).fields) {
                let id = FieldRef { message, index };
                let path = self.name_field(id, &path);
                inside.push((field, Place { shape: &field.shape, field: Some(id), path, failure }));
            }
        }
        inside.truncate(MAX_PLACES);
        inside
    }

    /// The places where the steps lead to from a message.
    pub(super) fn places_from<'c>(&self, shape: &'c Shape, message: MessageId, steps: &[Step]) -> Vec<Place<'c>>
    where
        'a: 'c,
    {
        let path = self.catalog.message(message).name.clone();
        self.follow(vec![Place { shape, field: None, path, failure: false }], steps)
    }

    /// The fields of this name where the steps lead to from a message.
    pub(super) fn walk_from(&self, message: MessageId, steps: &[Step], name: &FieldName) -> Vec<FoundField> {
        let shape = Shape::Message(message);
        let path = self.catalog.message(message).name.clone();
        let root = Place { shape: &shape, field: None, path, failure: false };
        self.fields(&self.follow(vec![root], steps), name)
    }

    /// The fields of this name in all places that a walk ended at.
    fn fields(&self, places: &[Place<'_>], name: &FieldName) -> Vec<FoundField> {
        let mut fields: Vec<FoundField> = Vec::new();
        for (message, path, failure) in places.iter().flat_map(messages_at) {
            let Some(field) = self.find(message, name) else { continue };
            if fields.iter().all(|known| known.field != field) {
                let path = self.name_field(field, &path);
                fields.push(FoundField { field, path, failure });
            }
        }
        fields
    }

    fn step<'c>(&self, place: &Place<'c>, step: &Step) -> Vec<Place<'c>>
    where
        'a: 'c,
    {
        match step {
            Step::Element => entered(place),
            Step::Field(name) => {
                let mut places = Vec::new();
                for (message, path, failure) in messages_at(place) {
                    let Some(field) = self.find(message, name) else { continue };
                    let path = self.name_field(field, &path);
                    places.push(Place { shape: &self.catalog.field(field).shape, field: Some(field), path, failure });
                }
                if places.is_empty() {
                    // The name is a key of a map.
                    places.extend(entered(place).into_iter().filter(|entered| entered.path.ends_with("{}")));
                }
                places
            }
        }
    }

    fn name_field(&self, field: FieldRef, path: &str) -> String {
        match self.kind(field.message) {
            Some(ContractKind::OpenApi | ContractKind::Code) => format!("{path}.{}", self.catalog.field(field).name),
            _ => self.catalog.field_name(field),
        }
    }
}

fn by_wire<'n>(names: &'n Names<'_>, name: &FieldName) -> Option<&'n u32> {
    name.wire.iter().find_map(|wire| match wire.codec {
        Codec::Protobuf => names.exact.get(wire.name.as_ref()),
        Codec::Json => names.json.get(wire.name.as_ref()),
        Codec::Form => None,
    })
}

/// Messages at a place; lists are entered, all members of a union looked at.
pub(super) fn messages_at(place: &Place<'_>) -> Vec<(MessageId, String, bool)> {
    let mut messages = Vec::new();
    let mut open = vec![(place.shape, place.path.clone())];
    while let Some((shape, path)) = open.pop() {
        match shape {
            Shape::Message(id) => messages.push((*id, path, place.failure)),
            Shape::List(inner) => open.push((inner, path + "[]")),
            Shape::Union(members) => open.extend(members.iter().rev().map(|member| (member, path.clone()))),
            _ => {}
        }
        if messages.len() >= MAX_PLACES {
            break;
        }
    }
    messages
}

/// Elements of lists and values of maps at a place.
fn entered<'a>(place: &Place<'a>) -> Vec<Place<'a>> {
    let mut places = Vec::new();
    let mut open = vec![place.shape];
    while let Some(shape) = open.pop() {
        let (inner, mark) = match shape {
            Shape::List(inner) => (inner, "[]"),
            Shape::Map(inner) => (inner, "{}"),
            Shape::Union(members) => {
                open.extend(members.iter().rev());
                continue;
            }
            _ => continue,
        };
        places.push(Place { shape: inner, path: format!("{}{mark}", place.path), ..place.clone() });
    }
    places
}

/// The bodies of one side of an operation.
fn roots(operation: &Operation, side: Side, failure: bool) -> Vec<Place<'_>> {
    let bodies: Vec<(&Body, &str)> = match side {
        Side::Request if failure => Vec::new(),
        Side::Request => preferred(&operation.request).map(|body| (body, "request")).into_iter().collect(),
        Side::Response => {
            // `default` is the only answer of many a careless contract.
            let has_success = operation.responses.iter().any(Response::is_success);
            let is_failure = |response: &Response| has_success && !response.is_success();
            let responses = operation.responses.iter().filter(|response| is_failure(response) == failure);
            responses.filter_map(|response| Some((preferred(&response.bodies)?, response.status.as_str()))).collect()
        }
    };
    bodies
        .into_iter()
        .map(|(body, name)| Place {
            shape: &body.shape,
            field: None,
            path: format!("{}#{name}", operation.key),
            failure,
        })
        .collect()
}

/// The JSON body, or else the first.
fn preferred(bodies: &[Body]) -> Option<&Body> {
    let is_json = |body: &&Body| body.media_type.to_ascii_lowercase().contains("json");
    bodies.iter().find(is_json).or_else(|| bodies.first())
}
