//! The messages of a contract that nobody wrote: what its handlers take and answer.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::contract::{Body, ContractId, Field, Message, MessageId, Response, Shape};
use crate::model::ir::Codec;
use crate::model::source::{Site, Span};
use crate::model::usage::{Data, DataField, Record, RecordId};

/// Code encodes as JSON what it says no more of.
const MEDIA_TYPE: &str = "application/json";
/// With which status a handler answers what is seldom to be seen.
const STATUS: &str = "default";

/// Messages as they are asked for.
pub(super) struct Messages<'f> {
    records: &'f [Record],
    known: BTreeMap<RecordId, MessageId>,
    names: BTreeSet<String>,
    all: Vec<Message>,
}

impl<'f> Messages<'f> {
    pub(super) const fn new(records: &'f [Record]) -> Self {
        Self { records, known: BTreeMap::new(), names: BTreeSet::new(), all: Vec::new() }
    }

    /// The messages of all shapes that were asked for.
    pub(super) fn finish(self) -> Vec<Message> {
        self.all
    }

    /// The body that an operation takes.
    pub(super) fn request(&mut self, key: &str, taken: &[Data], site: &Site) -> Vec<Body> {
        self.body(&format!("{key}#request"), taken, site).into_iter().collect()
    }

    /// What an operation answers.
    pub(super) fn responses(&mut self, key: &str, given: &[Data], site: &Site) -> Vec<Response> {
        let body = self.body(&format!("{key}#{STATUS}"), given, site);
        let response =
            |body| Response { status: STATUS.to_owned(), bodies: vec![body], headers: Vec::new(), site: site.clone() };
        body.map(response).into_iter().collect()
    }

    fn body(&mut self, place: &str, all: &[Data], site: &Site) -> Option<Body> {
        let mut shapes: Vec<Shape> = Vec::new();
        for data in united(all) {
            let shape = self.shape(&data, place);
            if !shapes.contains(&shape) {
                shapes.push(shape);
            }
        }
        let shape = if shapes.len() > 1 { Shape::Union(shapes) } else { shapes.pop()? };
        Some(Body::new(MEDIA_TYPE, shape, site.clone()))
    }

    fn shape(&mut self, data: &Data, place: &str) -> Shape {
        let scalar = |kind: &str| Shape::Scalar { kind: Arc::from(kind), format: None };
        match data {
            Data::Unknown => Shape::Any,
            Data::Text => scalar("string"),
            Data::Number => scalar("number"),
            Data::Bool => scalar("boolean"),
            Data::List(item) => Shape::List(Box::new(self.shape(item, &format!("{place}[]")))),
            Data::Map(item) => Shape::Map(Box::new(self.shape(item, &format!("{place}{{}}")))),
            Data::Declared(id) => self.declared(*id).map_or(Shape::Any, Shape::Message),
            Data::Made(fields) => match fields.first() {
                Some(first) => {
                    let id = self.begin(place.to_owned(), false, first.span);
                    self.fill(id, fields, place);
                    Shape::Message(id)
                }
                None => Shape::Any,
            },
        }
    }

    fn declared(&mut self, id: RecordId) -> Option<MessageId> {
        if let Some(known) = self.known.get(&id) {
            return Some(*known);
        }
        let record = self.records.get(id.0 as usize)?;
        let name = self.unused(&record.name);
        let message = self.begin(name.clone(), true, record.span);
        self.known.insert(id, message);
        self.fill(message, &record.fields, &name);
        Some(message)
    }

    /// A name that no other message has: types of several packages may be called alike.
    fn unused(&mut self, name: &str) -> String {
        let mut name = name.to_owned();
        while !self.names.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    fn begin(&mut self, name: String, named: bool, span: Span) -> MessageId {
        let id = MessageId::at(self.all.len());
        self.all.push(Message { named, ..Message::new(ContractId(0), name, Site::Span(span)) });
        id
    }

    fn fill(&mut self, message: MessageId, fields: &[DataField], place: &str) {
        let fields: Vec<Field> = fields
            .iter()
            .map(|field| {
                let name = on_wire(field);
                let shape = self.shape(&field.data, &format!("{place}.{name}"));
                Field::new(&*name, shape, Site::Span(field.span))
            })
            .collect();
        if let Some(message) = self.all.get_mut(message.index()) {
            message.fields = fields;
        }
    }
}

/// The name of a field in JSON.
fn on_wire(field: &DataField) -> Arc<str> {
    let json = field.name.wire.iter().find(|wire| wire.codec == Codec::Json);
    json.map_or_else(|| Arc::clone(&field.name.source), |wire| Arc::clone(&wire.name))
}

/// Objects that are put together in several places, as one that has the fields of all.
fn united(all: &[Data]) -> Vec<Data> {
    let mut united: Vec<Data> = Vec::new();
    for data in all {
        if !united.iter_mut().any(|known| unite(known, data)) {
            united.push(data.clone());
        }
    }
    united
}

/// Whether `known` is of the same sort; then it holds what `other` does too.
fn unite(known: &mut Data, other: &Data) -> bool {
    match (known, other) {
        (Data::Made(known), Data::Made(other)) => {
            for field in other {
                match known.iter_mut().find(|it| on_wire(it) == on_wire(field)) {
                    Some(it) if it.data == Data::Unknown => it.data = field.data.clone(),
                    Some(it) => {
                        unite(&mut it.data, &field.data);
                    }
                    None => known.push(field.clone()),
                }
            }
            true
        }
        (Data::List(known), Data::List(other)) | (Data::Map(known), Data::Map(other)) => unite(known, other),
        (known, other) => known == other,
    }
}
