//! The syntax tree of one `.proto` file: what is written, with its place, and nothing resolved.
//!
//! Grammar: the protobuf language specifications of proto2, proto3 and editions. Names borrow from
//! the text, so a tree is small and quick to make; ranges are bytes of the file.

use std::borrow::Cow;

/// Bytes `start..end` of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::contract::protobuf) struct Range {
    /// First byte.
    pub(in crate::contract::protobuf) start: u32,
    /// One past the last byte.
    pub(in crate::contract::protobuf) end: u32,
}

/// A word or a dotted name. Borrowed unless blanks or comments stand between its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) struct Name<'s> {
    /// As written, a leading dot included.
    pub(in crate::contract::protobuf) text: Cow<'s, str>,
    /// Where.
    pub(in crate::contract::protobuf) range: Range,
}

/// Comments that belong to a declaration, delimiters included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::contract::protobuf) struct Comments {
    /// The block right above, from its first comment to its last.
    pub(in crate::contract::protobuf) leading: Option<Range>,
    /// Behind it, on the line on which it ends or, for a body, on which that opens.
    pub(in crate::contract::protobuf) trailing: Option<Range>,
}

/// What is wrong with the text: where, and one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) struct Fault {
    /// Where the parser stumbled.
    pub(in crate::contract::protobuf) range: Range,
    /// One sentence, lower case, no full stop.
    pub(in crate::contract::protobuf) message: String,
}

/// A file.
#[derive(Clone, Debug, Default)]
pub(in crate::contract::protobuf) struct File<'s> {
    /// `syntax = "proto3"` or `edition = "2023"`.
    pub(in crate::contract::protobuf) syntax: Option<SyntaxStatement<'s>>,
    /// `package`.
    pub(in crate::contract::protobuf) package: Option<Name<'s>>,
    /// `import`, in order.
    pub(in crate::contract::protobuf) imports: Vec<ImportStatement<'s>>,
    /// `option`, in order.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Messages at the top.
    pub(in crate::contract::protobuf) messages: Vec<MessageNode<'s>>,
    /// Enumerations at the top.
    pub(in crate::contract::protobuf) enums: Vec<EnumNode<'s>>,
    /// Services.
    pub(in crate::contract::protobuf) services: Vec<ServiceNode<'s>>,
    /// `extend` blocks at the top.
    pub(in crate::contract::protobuf) extends: Vec<ExtendNode<'s>>,
    /// Everything that could not be read. Each cost its statement and nothing more.
    pub(in crate::contract::protobuf) faults: Vec<Fault>,
}

/// The first statement of a file.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct SyntaxStatement<'s> {
    /// It is `edition = ...`, not `syntax = ...`.
    pub(in crate::contract::protobuf) is_edition: bool,
    /// What stands in the quotes.
    pub(in crate::contract::protobuf) value: Cow<'s, str>,
    /// The whole statement.
    pub(in crate::contract::protobuf) range: Range,
}

/// `import "path";`
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct ImportStatement<'s> {
    /// `public`, `weak` or `option`.
    pub(in crate::contract::protobuf) modifier: Option<&'s str>,
    /// What stands in the quotes.
    pub(in crate::contract::protobuf) path: Cow<'s, str>,
    /// The path with its quotes.
    pub(in crate::contract::protobuf) path_range: Range,
    /// The whole statement.
    pub(in crate::contract::protobuf) range: Range,
}

/// An option, as a statement or in square brackets.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct OptionStatement<'s> {
    /// `(google.api.http).get` has two parts.
    pub(in crate::contract::protobuf) name: Vec<NamePart<'s>>,
    /// The name, all parts.
    pub(in crate::contract::protobuf) name_range: Range,
    /// What it is set to.
    pub(in crate::contract::protobuf) value: Value<'s>,
    /// The value.
    pub(in crate::contract::protobuf) value_range: Range,
    /// `name = value`, without `option`, `;` and brackets.
    pub(in crate::contract::protobuf) range: Range,
}

/// A part of the name of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) struct NamePart<'s> {
    /// Without parentheses.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// It stands in parentheses: the name of an extension.
    pub(in crate::contract::protobuf) is_extension: bool,
}

/// The value of an option.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::contract::protobuf) enum Value<'s> {
    /// A bare word: `true`, `SPEED`, `inf`, `-inf`, `nan`. The sign of a word is part of it.
    Word(Cow<'s, str>),
    /// A number without fraction, in any base; `None` where it does not fit into 64 bits.
    Integer {
        /// It has a minus.
        negative: bool,
        /// Its absolute value.
        magnitude: Option<u64>,
    },
    /// A number with a fraction or an exponent.
    Float(f64),
    /// A string, adjacent literals joined, escapes undone; not always UTF-8.
    String(Cow<'s, [u8]>),
    /// A message in text format, in `{}` or `<>`.
    Message(Vec<Entry<'s>>),
    /// A list in text format.
    List(Vec<Value<'s>>),
}

/// An entry of a message in text format. A name that occurs twice is a repeated field.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::contract::protobuf) struct Entry<'s> {
    /// A field, or in brackets an extension or the URL of an `Any`.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// It stood in brackets.
    pub(in crate::contract::protobuf) is_extension: bool,
    /// Its value.
    pub(in crate::contract::protobuf) value: Value<'s>,
}

/// `export` or `local` before a message or enumeration (edition 2024).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) enum Visibility {
    /// `export`
    Export,
    /// `local`
    Local,
}

/// A message.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct MessageNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// `export`, `local`.
    pub(in crate::contract::protobuf) visibility: Option<Visibility>,
    /// Fields in the order of the text, those of oneofs and those that groups stand for included.
    pub(in crate::contract::protobuf) fields: Vec<FieldNode<'s>>,
    /// Oneofs.
    pub(in crate::contract::protobuf) oneofs: Vec<OneofNode<'s>>,
    /// Nested messages, the bodies of groups included.
    pub(in crate::contract::protobuf) messages: Vec<MessageNode<'s>>,
    /// Nested enumerations.
    pub(in crate::contract::protobuf) enums: Vec<EnumNode<'s>>,
    /// Nested `extend` blocks.
    pub(in crate::contract::protobuf) extends: Vec<ExtendNode<'s>>,
    /// `reserved` numbers.
    pub(in crate::contract::protobuf) reserved: Vec<RangeNode>,
    /// `reserved` names, as strings or (editions) as words.
    pub(in crate::contract::protobuf) reserved_names: Vec<Name<'s>>,
    /// `extensions`.
    pub(in crate::contract::protobuf) extension_ranges: Vec<RangeNode>,
    /// Options of the extension ranges, all of them.
    pub(in crate::contract::protobuf) extension_options: Vec<OptionStatement<'s>>,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// It is the body of a group.
    pub(in crate::contract::protobuf) is_group: bool,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// From the first word to the closing brace.
    pub(in crate::contract::protobuf) range: Range,
}

/// Numbers `first..=last`; `last` of `max` is `None`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) struct RangeNode {
    /// First number.
    pub(in crate::contract::protobuf) first: i64,
    /// Last number.
    pub(in crate::contract::protobuf) last: Option<i64>,
    /// Where.
    pub(in crate::contract::protobuf) range: Range,
}

/// The word before a field's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) enum Label {
    /// `optional`
    Optional,
    /// `required`
    Required,
    /// `repeated`
    Repeated,
}

/// The type of a field as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::contract::protobuf) enum TypeNode<'s> {
    /// A scalar, or the name of a message or enumeration.
    Named(Name<'s>),
    /// `map<key, value>`
    Map {
        /// The key.
        key: Name<'s>,
        /// The value.
        value: Name<'s>,
    },
    /// The group of this name, whose body is a nested message.
    Group(Name<'s>),
}

/// A field.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct FieldNode<'s> {
    /// Its name; of a group, the name of the group in lower case, with the place of the group's name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// `optional`, `required`, `repeated`, and where.
    pub(in crate::contract::protobuf) label: Option<(Label, Range)>,
    /// Its type.
    pub(in crate::contract::protobuf) kind: TypeNode<'s>,
    /// The type, all of it.
    pub(in crate::contract::protobuf) kind_range: Range,
    /// Its number; `None` where it is missing or no number, which is a fault.
    pub(in crate::contract::protobuf) number: Option<i64>,
    /// The number.
    pub(in crate::contract::protobuf) number_range: Range,
    /// Index of its oneof in the message.
    pub(in crate::contract::protobuf) oneof: Option<u32>,
    /// Options, `default` and `json_name` included.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// From the label to the semicolon.
    pub(in crate::contract::protobuf) range: Range,
}

/// A oneof.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct OneofNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}

/// An enumeration.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct EnumNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// `export`, `local`.
    pub(in crate::contract::protobuf) visibility: Option<Visibility>,
    /// Values.
    pub(in crate::contract::protobuf) values: Vec<ValueNode<'s>>,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// `reserved` numbers.
    pub(in crate::contract::protobuf) reserved: Vec<RangeNode>,
    /// `reserved` names.
    pub(in crate::contract::protobuf) reserved_names: Vec<Name<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct ValueNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// Its number; `None` where it is missing or no number of 32 bits, which is a fault.
    pub(in crate::contract::protobuf) number: Option<i32>,
    /// The number.
    pub(in crate::contract::protobuf) number_range: Range,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}

/// `extend Extendee { fields }`
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct ExtendNode<'s> {
    /// What is extended.
    pub(in crate::contract::protobuf) extendee: Name<'s>,
    /// The fields.
    pub(in crate::contract::protobuf) fields: Vec<FieldNode<'s>>,
    /// Bodies of groups among the fields.
    pub(in crate::contract::protobuf) messages: Vec<MessageNode<'s>>,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}

/// A service.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct ServiceNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// Methods.
    pub(in crate::contract::protobuf) methods: Vec<MethodNode<'s>>,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}

/// A method.
#[derive(Clone, Debug)]
pub(in crate::contract::protobuf) struct MethodNode<'s> {
    /// Its name.
    pub(in crate::contract::protobuf) name: Name<'s>,
    /// The request.
    pub(in crate::contract::protobuf) input: Name<'s>,
    /// The request is a stream.
    pub(in crate::contract::protobuf) client_streaming: bool,
    /// The response.
    pub(in crate::contract::protobuf) output: Name<'s>,
    /// The response is a stream.
    pub(in crate::contract::protobuf) server_streaming: bool,
    /// Options.
    pub(in crate::contract::protobuf) options: Vec<OptionStatement<'s>>,
    /// Comments.
    pub(in crate::contract::protobuf) comments: Comments,
    /// All of it.
    pub(in crate::contract::protobuf) range: Range,
}
