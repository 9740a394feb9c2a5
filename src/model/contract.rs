//! Contracts, whatever they are written in: operations, messages, fields, and the marks on them.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use super::source::{FileId, ServiceId, Site};

macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The id of the element at this index; catalogs of 4 billion elements do not exist.
            #[must_use]
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }

            /// The index.
            #[must_use]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index!(
    /// A contract of a [`Catalog`].
    ContractId
);
index!(
    /// An operation of a [`Catalog`].
    OperationId
);
index!(
    /// A message of a [`Catalog`].
    MessageId
);

/// Every contract of one revision, in three flat lists that refer to each other by id.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Contracts, sorted by id text.
    pub contracts: Vec<Contract>,
    /// Operations of all contracts; those of one contract are together and in its order.
    pub operations: Vec<Operation>,
    /// Messages of all contracts, inline and nested ones included.
    pub messages: Vec<Message>,
}

impl Catalog {
    /// Adds all of `other`, renumbering its ids.
    pub fn absorb(&mut self, mut other: Self) {
        let (contracts, operations, messages) = (self.contracts.len(), self.operations.len(), self.messages.len());
        for contract in &mut other.contracts {
            contract.operations = OperationId::at(contract.operations.start.index() + operations)
                ..OperationId::at(contract.operations.end.index() + operations);
        }
        for operation in &mut other.operations {
            operation.contract = ContractId::at(operation.contract.index() + contracts);
            operation.shapes_mut().for_each(|shape| shape.shift(messages));
        }
        for message in &mut other.messages {
            message.contract = ContractId::at(message.contract.index() + contracts);
            message.fields.iter_mut().for_each(|field| field.shape.shift(messages));
        }
        self.contracts.append(&mut other.contracts);
        self.operations.append(&mut other.operations);
        self.messages.append(&mut other.messages);
    }

    /// The contract with this id.
    #[must_use]
    pub fn contract(&self, id: ContractId) -> &Contract {
        &self.contracts[id.index()]
    }

    /// The operation with this id.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.operations[id.index()]
    }

    /// The message with this id.
    #[must_use]
    pub fn message(&self, id: MessageId) -> &Message {
        &self.messages[id.index()]
    }

    /// The field a reference names.
    #[must_use]
    pub fn field(&self, field: FieldRef) -> &Field {
        &self.messages[field.message.index()].fields[field.index as usize]
    }

    /// `Message.field`, with the full name of the message: the name of a field in findings.
    #[must_use]
    pub fn field_name(&self, field: FieldRef) -> String {
        format!("{}.{}", self.message(field.message).name, self.field(field).name)
    }

    /// Every operation with its id.
    pub fn operations(&self) -> impl Iterator<Item = (OperationId, &Operation)> {
        self.operations.iter().enumerate().map(|(at, operation)| (OperationId::at(at), operation))
    }

    /// Every message with its id.
    pub fn messages(&self) -> impl Iterator<Item = (MessageId, &Message)> {
        self.messages.iter().enumerate().map(|(at, message)| (MessageId::at(at), message))
    }
}

/// What a contract is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContractKind {
    /// An OpenAPI description.
    OpenApi,
    /// A protobuf package.
    Protobuf,
}

impl ContractKind {
    /// Stable name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Protobuf => "protobuf",
        }
    }
}

/// One contract: an OpenAPI document, or one protobuf package below one import root.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Unique name: the path of an OpenAPI document; a protobuf package, with its root behind `@`
    /// where drifted copies of one package exist.
    pub id: String,
    /// What it is written in.
    pub kind: ContractKind,
    /// Title (OpenAPI `info.title`) or package.
    pub title: String,
    /// Files it is read from, its main one first.
    pub files: Vec<FileId>,
    /// Identical copies that were folded into it.
    pub copies: Vec<FileId>,
    /// The service that provides it, when configuration or its place says so.
    pub provider: Option<ServiceId>,
    /// Servers: URL templates as written (OpenAPI `servers`); empty if none are given.
    pub servers: Vec<String>,
    /// Options of the files that generators go by (`go_package`, `java_package`), by name.
    pub options: Vec<(String, String)>,
    /// Its operations: a range of [`Catalog::operations`].
    pub operations: std::ops::Range<OperationId>,
    /// The whole document or package statement.
    pub site: Site,
}

/// How an operation is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// An HTTP method on a path template.
    Http {
        /// Upper case.
        method: String,
        /// Path template as written, with `{name}` segments, without the servers' base path.
        path: String,
    },
    /// A remote procedure of a protobuf service.
    Rpc {
        /// Full name of the service, with its package.
        service: String,
        /// Name of the method.
        method: String,
        /// The request is a stream.
        client_streaming: bool,
        /// The response is a stream.
        server_streaming: bool,
    },
}

/// Something that can be called.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its contract.
    pub contract: ContractId,
    /// Unique in its contract: `GET /profiles/{id}` or `profile.v1.ProfileService/GetProfile`.
    pub key: String,
    /// OpenAPI `operationId`.
    pub operation_id: Option<String>,
    /// How it is called.
    pub protocol: Protocol,
    /// Parameters outside the body, those of the path item included.
    pub parameters: Vec<Parameter>,
    /// Bodies it takes, by media type; a protobuf request has the media type `""`.
    pub request: Vec<Body>,
    /// What it answers.
    pub responses: Vec<Response>,
    /// Deprecated, sunset, sensitive.
    pub marks: Marks,
    /// Where it is declared.
    pub site: Site,
}

impl Operation {
    /// Shapes of everything it takes and gives.
    pub fn shapes_mut(&mut self) -> impl Iterator<Item = &mut Shape> {
        self.parameters
            .iter_mut()
            .map(|parameter| &mut parameter.shape)
            .chain(self.request.iter_mut().map(|body| &mut body.shape))
            .chain(self.responses.iter_mut().flat_map(|response| {
                let headers = response.headers.iter_mut().map(|header| &mut header.shape);
                response.bodies.iter_mut().map(|body| &mut body.shape).chain(headers)
            }))
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ParameterPlace {
    /// `{name}` in the path.
    Path,
    /// URL query.
    Query,
    /// HTTP header.
    Header,
    /// Cookie.
    Cookie,
}

/// A parameter outside the body.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name; header names keep their case here.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// It must be sent.
    pub required: bool,
    /// It says who calls: its header name, or an `x-` mark, is one of the configured identities.
    pub identity: bool,
    /// Type.
    pub shape: Shape,
    /// Deprecated, sensitive.
    pub marks: Marks,
    /// Where it is declared.
    pub site: Site,
}

/// A body in one media type.
#[derive(Clone, Debug)]
pub struct Body {
    /// `application/json`, or `""` for protobuf.
    pub media_type: String,
    /// It must be sent.
    pub required: bool,
    /// Type.
    pub shape: Shape,
    /// Where it is declared.
    pub site: Site,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `2XX`, `default`, or `""` for an rpc.
    pub status: String,
    /// Bodies by media type.
    pub bodies: Vec<Body>,
    /// Headers, as parameters with [`ParameterPlace::Header`].
    pub headers: Vec<Parameter>,
    /// Where it is declared.
    pub site: Site,
}

impl Response {
    /// An answer for a call that went well.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.is_empty() || self.status.starts_with('2')
    }
}

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
    /// Deprecated, sensitive, sunset.
    pub marks: Marks,
    /// Where it is declared: its name.
    pub site: Site,
}

/// What a contract says about an element beyond its shape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Deprecated, by the element itself or by what it stands in.
    pub deprecated: Option<Mark>,
    /// The day from which it may be gone.
    pub sunset: Option<(Date, Mark)>,
    /// Sensitive: one entry per class that a mark stands for.
    pub sensitive: Vec<Sensitive>,
}

/// A mark and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The mark as written: `deprecated`, `x-pii: true`, `(acme.privacy) = PII`.
    pub text: String,
    /// Where.
    pub site: Site,
}

/// A sensitive mark, resolved to a class of the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sensitive {
    /// Class of the policy: `pii`, `financial`, ... or `sensitive` where the mark names none.
    pub class: String,
    /// The mark.
    pub mark: Mark,
}
