//! What only protobuf says: files, options, features, numbers that are taken.
//!
//! Messages, fields and operations are those of [`super`]; what is here hangs on them.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde_json::Value;

use super::{ContractId, Field, Marks, OperationId};
use crate::model::source::{FileId, Site, Span};

/// One `.proto` file of a contract.
#[derive(Clone, Debug)]
pub struct ProtoFile {
    /// The file; of a compiled descriptor set, that set.
    pub file: FileId,
    /// The path by which others import it: relative to its import root.
    pub path: String,
    /// That root: a folder, or a compiled set.
    pub root: String,
    /// What it is written in, and where that is said.
    pub syntax: Syntax,
    /// The `syntax` or `edition` statement, if there is one.
    pub syntax_site: Option<Site>,
    /// The name in the `package` statement, if there is one.
    pub package_site: Option<Site>,
    /// Imports, in order.
    pub imports: Vec<Import>,
    /// What holds for its declarations unless they say something else.
    pub features: Features,
    /// Options of the file.
    pub options: Vec<OptionSetting>,
    /// Services, in order; their methods are the operations.
    pub services: Vec<ProtoService>,
    /// `extend` fields at any level, in order.
    pub extensions: Vec<Extension>,
    /// Deprecated.
    pub marks: Marks,
}

/// The language version of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Syntax {
    /// `proto2`, also where nothing is said.
    Proto2,
    /// `proto3`
    Proto3,
    /// Edition 2023.
    Edition2023,
    /// Edition 2024.
    Edition2024,
    /// An edition after those that were known when this was written, read like the last known one.
    EditionLater(u32),
}

impl Syntax {
    /// As a person writes it: `proto3`, `edition 2023`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Proto2 => "proto2".to_owned(),
            Self::Proto3 => "proto3".to_owned(),
            Self::Edition2023 => "edition 2023".to_owned(),
            Self::Edition2024 => "edition 2024".to_owned(),
            Self::EditionLater(year) => format!("edition {year}"),
        }
    }
}

/// An `import` statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The path as written.
    pub path: String,
    /// `public`, `weak` or `option`, if it is one of them.
    pub kind: Option<ImportKind>,
    /// The file that was found for it; `None` also for well-known files that are built in.
    pub file: Option<FileId>,
    /// Neither a file nor built in.
    pub missing: bool,
    /// The path in the text.
    pub site: Site,
}

/// A kind of import other than the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    /// Who imports this file sees that one too.
    Public,
    /// May be missing at run time.
    Weak,
    /// For options only (edition 2024).
    Option,
}

/// An option that is set, by its full name: `deprecated`, `(google.api.http)`,
/// `(acme.privacy).level`, `features.field_presence`.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionSetting {
    /// The name, extensions with their full name where their definition was found.
    pub name: String,
    /// The value in the JSON form of protobuf: names of enum values, messages as objects with proto
    /// field names, 64-bit numbers as numbers, bytes as base64. Without a definition, what the text
    /// says: a bare word is a string.
    pub value: Value,
    /// Its definition was found (or is built in), so that the value has its declared type.
    pub known: bool,
    /// The enum value it is set to, or holds, has `debug_redact`.
    pub redacts: bool,
    /// The whole setting, `name = value`.
    pub site: Site,
}

/// A service.
#[derive(Clone, Debug)]
pub struct ProtoService {
    /// Full name.
    pub name: String,
    /// Options.
    pub options: Vec<OptionSetting>,
    /// Deprecated.
    pub marks: Marks,
    /// Its name.
    pub site: Site,
}

/// A field that a file adds to a message of another.
#[derive(Clone, Debug)]
pub struct Extension {
    /// Full name of the message that it extends, as far as it was found.
    pub extendee: String,
    /// Full name of the extension.
    pub name: String,
    /// The field.
    pub field: Field,
}

/// What only a message of protobuf has.
#[derive(Clone, Debug, Default)]
pub struct ProtoMessage {
    /// Index in [`Contract::proto_files`](super::Contract::proto_files).
    pub file: u32,
    /// Options.
    pub options: Vec<OptionSetting>,
    /// Reserved numbers.
    pub reserved: Vec<Reserved>,
    /// Reserved names, and where.
    pub reserved_names: Vec<(String, Site)>,
    /// Numbers left to extensions.
    pub extension_ranges: Vec<Reserved>,
    /// Declared oneofs, in order.
    pub oneofs: Vec<Oneof>,
    /// It is the body of a proto2 group.
    pub is_group: bool,
    /// Resolved features of the message.
    pub features: Features,
}

/// A range of numbers of a message or enumeration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// The numbers; `max` is the largest that is allowed there.
    pub numbers: RangeInclusive<i64>,
    /// Where.
    pub site: Site,
}

/// A oneof.
#[derive(Clone, Debug)]
pub struct Oneof {
    /// Its name.
    pub name: String,
    /// Options.
    pub options: Vec<OptionSetting>,
    /// Its name.
    pub site: Site,
}

/// What only a field of protobuf has.
#[derive(Clone, Debug)]
pub struct ProtoField {
    /// The scalar type, or the full name of the message or enumeration as far as it was found, without
    /// a leading dot.
    pub type_name: Arc<str>,
    /// What kind of type it is.
    pub kind: ProtoKind,
    /// Resolved features.
    pub features: Features,
    /// `optional` is written, in proto3.
    pub proto3_optional: bool,
    /// `default`
    pub default: Option<Value>,
    /// Options, `default` and `json_name` left out.
    pub options: Vec<OptionSetting>,
    /// `json_name` is written, not derived.
    pub json_name_is_explicit: bool,
    /// Byte ranges of label, type and number.
    pub spans: FieldSpans,
}

/// Where the parts of a field are written; none of them for compiled descriptors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldSpans {
    /// The whole declaration.
    pub whole: Option<Span>,
    /// `optional`, `required`, `repeated`.
    pub label: Option<Span>,
    /// The type.
    pub kind: Option<Span>,
    /// The number.
    pub number: Option<Span>,
}

/// The kind of a field's type on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProtoKind {
    /// A scalar, by [`ProtoField::type_name`].
    Scalar,
    /// A message with a length before it.
    Message,
    /// A message between group tags: a proto2 group, or a delimited field of an edition.
    Group,
    /// An enumeration.
    Enum,
    /// A `map<K, V>`; the type name is that of the value, the key's scalar type stands here.
    Map(MapKey),
    /// A type that was not found.
    Unresolved,
}

/// Types that keys of maps may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are those of the language")]
pub enum MapKey {
    Int32,
    Int64,
    Uint32,
    Uint64,
    Sint32,
    Sint64,
    Fixed32,
    Fixed64,
    Sfixed32,
    Sfixed64,
    Bool,
    String,
}

impl MapKey {
    /// The name of the type in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
            Self::Sint32 => "sint32",
            Self::Sint64 => "sint64",
            Self::Fixed32 => "fixed32",
            Self::Fixed64 => "fixed64",
            Self::Sfixed32 => "sfixed32",
            Self::Sfixed64 => "sfixed64",
            Self::Bool => "bool",
            Self::String => "string",
        }
    }
}

/// Features of an edition, resolved over file, message, oneof and field; for proto2 and proto3 what
/// these mean. Defaults: `google/protobuf/descriptor.proto`, `edition_defaults`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "features of two values each, by the names of the language")]
pub struct Features {
    /// `field_presence`
    pub presence: Presence,
    /// `enum_type = OPEN`
    pub open_enum: bool,
    /// `repeated_field_encoding = PACKED`
    pub packed: bool,
    /// `utf8_validation = VERIFY`
    pub utf8: bool,
    /// `message_encoding = DELIMITED`
    pub delimited: bool,
    /// `json_format = ALLOW`
    pub json: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { presence: Presence::Explicit, open_enum: true, packed: true, utf8: true, delimited: false, json: true }
    }
}

/// Whether a field that is not set can be told from one that is set to its default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// It can.
    Explicit,
    /// It cannot.
    Implicit,
    /// It must be set (`required`, `LEGACY_REQUIRED`).
    Required,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub struct Enum {
    /// Its contract.
    pub contract: ContractId,
    /// Index in [`Contract::proto_files`](super::Contract::proto_files).
    pub file: u32,
    /// Full name.
    pub name: String,
    /// Values, in order.
    pub values: Vec<EnumValue>,
    /// Reserved numbers.
    pub reserved: Vec<Reserved>,
    /// Reserved names, and where.
    pub reserved_names: Vec<(String, Site)>,
    /// Options.
    pub options: Vec<OptionSetting>,
    /// Resolved features.
    pub features: Features,
    /// Deprecated.
    pub marks: Marks,
    /// Its name.
    pub site: Site,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: i32,
    /// Options.
    pub options: Vec<OptionSetting>,
    /// Deprecated.
    pub marks: Marks,
    /// Its name.
    pub site: Site,
}

/// What only an rpc has.
#[derive(Clone, Debug, Default)]
pub struct ProtoMethod {
    /// Index in [`Contract::proto_files`](super::Contract::proto_files).
    pub file: u32,
    /// Full names of request and response, as far as they were found.
    pub types: (String, String),
    /// Options.
    pub options: Vec<OptionSetting>,
}

/// How an HTTP operation stands for an rpc: `google.api.http`, or a rule of a service configuration.
/// Source of the mapping: `google/api/http.proto`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpBinding {
    /// The rpc.
    pub rpc: OperationId,
    /// Variables of the path: the field path of the request, and the segments it stands for
    /// (`*` where none are written).
    pub variables: Vec<(String, String)>,
    /// Which part of the request is the body. All other fields that are not in the path are query
    /// parameters by their dotted path, in JSON or proto names.
    pub body: BindingBody,
    /// The field of the response that is the body, if it is not the whole.
    pub response_body: Option<String>,
}

/// The part of a request that is its HTTP body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BindingBody {
    /// None.
    Nothing,
    /// Everything that is not in the path.
    Rest,
    /// This field.
    Field(String),
}
