//! Contracts, whatever they are written in: operations, messages, fields, and the marks on them.

mod marks;
mod operation;
mod protobuf;
mod schema;
mod shape;
mod silence;
mod stability;

pub use marks::{Mark, MarkSet, Marks, Sensitive};
pub use operation::{
    ANY_METHOD, Body, Operation, OperationKind, Parameter, ParameterPlace, Protocol, Requirement, Response, SchemeKind,
    SecurityScheme,
};
pub use protobuf::{
    BindingBody, Enum, EnumValue, Extension, Features, FieldSpans, HttpBinding, Import, ImportKind, MapKey, Oneof,
    OptionSetting, Presence, ProtoField, ProtoFile, ProtoKind, ProtoMessage, ProtoMethod, ProtoService, Reserved,
    Syntax,
};
pub use schema::{
    Annotations, ArrayKeywords, Composition, Discriminator, JsonType, NumberKeywords, ObjectKeywords, Place, Schema,
    SchemaId, SchemaStep, Schemas, StringKeywords, Types,
};
pub use shape::{Cardinality, Field, FieldRef, Message, Shape};
pub use silence::Silence;
pub use stability::Stability;

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
    /// Enumerations of protobuf, nested ones included. Those of OpenAPI are shapes only.
    pub enums: Vec<Enum>,
    /// What contracts say is not to be told of their elements.
    pub silences: Vec<Silence>,
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
            if let Some(binding) = &mut operation.binding {
                binding.rpc = OperationId::at(binding.rpc.index() + operations);
            }
        }
        for message in &mut other.messages {
            message.contract = ContractId::at(message.contract.index() + contracts);
            message.fields.iter_mut().for_each(|field| field.shape.shift(messages));
        }
        for declared in &mut other.enums {
            declared.contract = ContractId::at(declared.contract.index() + contracts);
        }
        let extensions = other.contracts.iter_mut().flat_map(|contract| &mut contract.proto_files);
        for extension in extensions.flat_map(|file| &mut file.extensions) {
            extension.field.shape.shift(messages);
        }
        self.enums.append(&mut other.enums);
        self.contracts.append(&mut other.contracts);
        self.operations.append(&mut other.operations);
        self.messages.append(&mut other.messages);
    }

    /// The operations of one of its contracts.
    #[must_use]
    pub fn operations_of(&self, contract: &Contract) -> &[Operation] {
        let range = contract.operations.start.index()..contract.operations.end.index();
        self.operations.get(range).unwrap_or_default()
    }

    /// Contracts that somebody wrote, and those that are known from code alone.
    #[must_use]
    pub fn by_hand(&self) -> (Vec<&Contract>, Vec<&Contract>) {
        self.contracts.iter().partition(|contract| contract.kind != ContractKind::Code)
    }

    /// Whether somebody wrote down what an operation takes and answers: nobody vouches for what is known of code alone.
    #[must_use]
    pub fn is_promised(&self, id: OperationId) -> bool {
        self.contract(self.operation(id).contract).kind != ContractKind::Code
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
    /// Nothing: what a service answers over HTTP is known from its code alone.
    Code,
}

impl ContractKind {
    /// Stable name in output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "openapi",
            Self::Protobuf => "protobuf",
            Self::Code => "code",
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
    /// The version of the format it is written in: `2.0`, `3.1.0`; of protobuf the syntax of its
    /// main file.
    pub version: String,
    /// Servers: URL templates as written (OpenAPI `servers`); empty if none are given.
    pub servers: Vec<String>,
    /// Security schemes that it declares.
    pub security_schemes: Vec<SecurityScheme>,
    /// Every schema of an OpenAPI description.
    pub schemas: Schemas,
    /// The files of a protobuf package, main one first; the same files as in `files`.
    pub proto_files: Vec<ProtoFile>,
    /// Options of the files that generators go by (`go_package`, `java_package`), by name.
    pub options: Vec<(String, String)>,
    /// Its operations: a range of [`Catalog::operations`].
    pub operations: std::ops::Range<OperationId>,
    /// The whole document or package statement.
    pub site: Site,
}

impl Contract {
    /// A contract that nothing else is known of yet.
    #[must_use]
    pub fn new(kind: ContractKind, id: impl Into<String>, site: Site) -> Self {
        let id = id.into();
        Self {
            title: id.clone(),
            id,
            kind,
            files: Vec::new(),
            copies: Vec::new(),
            provider: None,
            version: String::new(),
            servers: Vec::new(),
            security_schemes: Vec::new(),
            schemas: Schemas::default(),
            proto_files: Vec::new(),
            options: Vec::new(),
            operations: OperationId(0)..OperationId(0),
            site,
        }
    }
}
