//! Types of values: shapes, messages, fields.

use std::fmt;
use std::sync::Arc;

use super::protobuf::{ProtoField, ProtoMessage};
use super::{ContractId, Marks, MessageId, SchemaId};
use crate::model::source::Site;

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Anything.
    Any,
    /// A scalar: `string`, `integer`, `int32`, `bytes`, ..., and its format.
    Scalar {
        /// OpenAPI type or protobuf scalar name.
        kind: Arc<str>,
        /// OpenAPI format.
        format: Option<Arc<str>>,
    },
    /// An enumeration with its values as text; `name` where it has one.
    Enum {
        /// Full name; empty for an inline one.
        name: Arc<str>,
        /// Values.
        values: Arc<[String]>,
    },
    /// A message.
    Message(MessageId),
    /// Items of one shape.
    List(Box<Self>),
    /// Values of one shape under keys that the contract does not name.
    Map(Box<Self>),
    /// One of several.
    Union(Vec<Self>),
    /// A type whose declaration could not be read, by the name it is referred to.
    Unresolved(Arc<str>),
}

impl Shape {
    /// Renumbers message ids by an offset.
    pub fn shift(&mut self, by: usize) {
        match self {
            Self::Message(id) => *id = MessageId::at(id.index() + by),
            Self::List(inner) | Self::Map(inner) => inner.shift(by),
            Self::Union(members) => members.iter_mut().for_each(|member| member.shift(by)),
            Self::Any | Self::Scalar { .. } | Self::Enum { .. } | Self::Unresolved(_) => {}
        }
    }

    /// The messages it is made of, in no order, without those inside them.
    #[must_use]
    pub fn messages(&self) -> Vec<MessageId> {
        let mut messages = Vec::new();
        let mut open = vec![self];
        while let Some(shape) = open.pop() {
            match shape {
                Self::Message(id) => messages.push(*id),
                Self::List(inner) | Self::Map(inner) => open.push(inner),
                Self::Union(members) => open.extend(members),
                Self::Any | Self::Scalar { .. } | Self::Enum { .. } | Self::Unresolved(_) => {}
            }
        }
        messages
    }
}

/// The type as people write it: `string (date)`, `Profile`'s id is left to the catalog.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any"),
            Self::Scalar { kind, format: None } => f.write_str(kind),
            Self::Scalar { kind, format: Some(format) } => write!(f, "{kind} ({format})"),
            Self::Enum { name, .. } if name.is_empty() => f.write_str("enum"),
            Self::Enum { name, .. } => write!(f, "enum {name}"),
            Self::Message(_) => f.write_str("message"),
            Self::List(inner) => write!(f, "list of {inner}"),
            Self::Map(inner) => write!(f, "map of {inner}"),
            Self::Union(_) => f.write_str("one of several"),
            Self::Unresolved(name) => write!(f, "{name} (not found)"),
        }
    }
}

/// A type with fields.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its contract.
    pub contract: ContractId,
    /// Full name: `profile.v1.Profile`, a schema's name, or the place of an inline object
    /// (`GET /profiles/{id}#200`).
    pub name: String,
    /// Declared under a name of its own, not inline.
    pub named: bool,
    /// Fields in the order of the contract.
    pub fields: Vec<Field>,
    /// The schema that it is made of, in [`Contract::schemas`](super::Contract::schemas).
    pub schema: Option<SchemaId>,
    /// What only a message of protobuf has.
    pub proto: Option<Box<ProtoMessage>>,
    /// Deprecated, sensitive.
    pub marks: Marks,
    /// Where it is declared.
    pub site: Site,
}

/// A field of a message. Ids are positions, so a field is named by message and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldRef {
    /// The message.
    pub message: MessageId,
    /// Index in [`Message::fields`].
    pub index: u32,
}

/// How often a field may occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cardinality {
    /// Must be there.
    Required,
    /// May be left out.
    Optional,
    /// Any number of times (protobuf `repeated`; lists of OpenAPI are a shape).
    Repeated,
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name: protobuf field name or JSON property.
    pub name: String,
    /// Name in JSON where it is another (protobuf `json_name`).
    pub json_name: Option<String>,
    /// Protobuf field number.
    pub number: Option<u32>,
    /// Type; of a repeated field the [`Shape::List`].
    pub shape: Shape,
    /// How often.
    pub cardinality: Cardinality,
    /// The protobuf oneof it belongs to; not a synthetic one.
    pub oneof: Option<String>,
    /// The schema of the property, in [`Contract::schemas`](super::Contract::schemas).
    pub schema: Option<SchemaId>,
    /// What only a field of protobuf has.
    pub proto: Option<Box<ProtoField>>,
    /// Deprecated, sensitive, sunset.
    pub marks: Marks,
    /// Where it is declared: its name.
    pub site: Site,
}

impl Message {
    /// A message without fields, declared under its name.
    #[must_use]
    pub fn new(contract: ContractId, name: impl Into<String>, site: Site) -> Self {
        Self {
            contract,
            name: name.into(),
            named: true,
            fields: Vec::new(),
            schema: None,
            proto: None,
            marks: Marks::default(),
            site,
        }
    }
}

impl Field {
    /// An optional field.
    #[must_use]
    pub fn new(name: impl Into<String>, shape: Shape, site: Site) -> Self {
        Self {
            name: name.into(),
            json_name: None,
            number: None,
            shape,
            cardinality: Cardinality::Optional,
            oneof: None,
            schema: None,
            proto: None,
            marks: Marks::default(),
            site,
        }
    }
}
