//! A compiled file as the syntax tree of the text that it could have been made from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use prost::Message;

use super::options::Options;
use super::wire;
use crate::contract::protobuf::json_name;
use crate::contract::protobuf::text::ast::{
    Comments, EnumNode, ExtendNode, FieldNode, File, ImportStatement, Label, MessageNode, MethodNode, Name, NamePart,
    OneofNode, OptionStatement, Range, RangeNode, ServiceNode, SyntaxStatement, TypeNode, Value, ValueNode,
};

/// No text, so no place in it.
const NOWHERE: Range = Range { start: 0, end: 0 };

/// The tree of a file.
pub(super) fn file(file: wire::File, options: &Options) -> File<'static> {
    let syntax = match (file.edition, &*file.syntax) {
        (edition @ 1000.., _) | (edition, "editions") => (true, year(edition)),
        (_, "") => (false, "proto2".to_owned()),
        (_, other) => (false, other.to_owned()),
    };
    let rules = Rules { options, has_labels: !syntax.0 && syntax.1 == "proto2", is_edition: syntax.0 };
    File {
        imports: imports(&file),
        package: Some(file.package).filter(|package| !package.is_empty()).map(name),
        options: options.read("google.protobuf.FileOptions", &file.options),
        messages: file.message_type.into_iter().filter_map(|message| rules.message(message, 0)).collect(),
        enums: file.enum_type.into_iter().map(|declared| rules.enumeration(declared)).collect(),
        services: file.service.into_iter().map(|service| rules.service(service)).collect(),
        extends: rules.extends(file.extension),
        syntax: Some(SyntaxStatement { is_edition: syntax.0, value: syntax.1.into(), range: NOWHERE }),
        faults: Vec::new(),
    }
}

/// The year of an edition by its number in `google.protobuf.Edition`.
fn year(edition: i32) -> String {
    (i64::from(edition) + 1023).to_string()
}

fn imports(file: &wire::File) -> Vec<ImportStatement<'static>> {
    let has = |list: &[i32], at: i32| list.contains(&at);
    let plain = (0..).zip(&file.dependency).map(|(at, path)| {
        let modifier = match (has(&file.public_dependency, at), has(&file.weak_dependency, at)) {
            (true, _) => Some("public"),
            (_, true) => Some("weak"),
            _ => None,
        };
        (modifier, path)
    });
    let for_options = file.option_dependency.iter().map(|path| (Some("option"), path));
    let statement = |(modifier, path): (Option<&'static str>, &String)| ImportStatement {
        modifier,
        path: Cow::Owned(path.clone()),
        path_range: NOWHERE,
        range: NOWHERE,
    };
    plain.chain(for_options).map(statement).collect()
}

fn name(text: String) -> Name<'static> {
    Name { text: Cow::Owned(text), range: NOWHERE }
}

/// Messages nested deeper than this are left out; prost does not read deeper ones.
const MAX_DEPTH: usize = 100;

/// What holds in a file.
struct Rules<'o> {
    options: &'o Options,
    /// A field of a single value has the label `optional` (proto2).
    has_labels: bool,
    is_edition: bool,
}

impl Rules<'_> {
    /// A message; `None` for what is nested too deep.
    fn message(&self, message: wire::MessageType, depth: usize) -> Option<MessageNode<'static>> {
        if depth > MAX_DEPTH {
            return None;
        }
        let entries = map_entries(&message.nested_type);
        let real = real_oneofs(&message);
        let groups: Vec<&str> = message
            .field
            .iter()
            .filter(|field| field.r#type == GROUP)
            .filter_map(|field| field.type_name.rsplit('.').next())
            .collect();
        let is_group: Vec<bool> =
            message.nested_type.iter().map(|nested| groups.contains(&nested.name.as_str())).collect();
        let oneofs =
            message.oneof_decl.iter().enumerate().filter(|(at, _)| real.contains_key(at)).map(|(_, oneof)| OneofNode {
                name: name(oneof.name.clone()),
                options: self.options.read("google.protobuf.OneofOptions", &oneof.options),
                comments: Comments::default(),
                range: NOWHERE,
            });
        let oneofs = oneofs.collect();
        let fields = message.field.iter().map(|field| {
            let mut node = self.field(field, &entries);
            node.oneof = field.oneof_index.and_then(|at| real.get(&usize::try_from(at).ok()?).copied());
            if node.oneof.is_some() {
                node.label = None;
            }
            node
        });
        let fields = fields.collect();
        let nested = message.nested_type.into_iter().zip(is_group).filter(|(nested, _)| !is_map_entry(nested));
        let nested =
            nested.filter_map(|(nested, is_group)| Some(MessageNode { is_group, ..self.message(nested, depth + 1)? }));
        Some(MessageNode {
            name: name(message.name),
            visibility: None,
            fields,
            oneofs,
            messages: nested.collect(),
            enums: message.enum_type.into_iter().map(|declared| self.enumeration(declared)).collect(),
            extends: self.extends(message.extension),
            reserved: message.reserved_range.iter().map(|range| numbers(*range, 1, 536_870_911)).collect(),
            reserved_names: message.reserved_name.into_iter().map(name).collect(),
            extension_ranges: message.extension_range.iter().map(|range| numbers(*range, 1, 536_870_911)).collect(),
            extension_options: Vec::new(),
            options: self.options.read("google.protobuf.MessageOptions", &message.options),
            is_group: false,
            comments: Comments::default(),
            range: NOWHERE,
        })
    }

    fn field(&self, field: &wire::Field, entries: &BTreeMap<String, (String, String)>) -> FieldNode<'static> {
        let entry = field.type_name.rsplit('.').next().and_then(|last| entries.get(last));
        let kind = match (entry, scalar(field.r#type)) {
            (Some((key, value)), _) if field.label == REPEATED => {
                TypeNode::Map { key: name(key.clone()), value: name(value.clone()) }
            }
            (_, Some(scalar)) => TypeNode::Named(name(scalar.to_owned())),
            _ if field.r#type == GROUP && !self.is_edition => TypeNode::Group(name(field.type_name.clone())),
            _ => TypeNode::Named(name(field.type_name.clone())),
        };
        let label = match field.label {
            _ if matches!(kind, TypeNode::Map { .. }) => None,
            REPEATED => Some(Label::Repeated),
            REQUIRED => Some(Label::Required),
            _ if self.has_labels || field.proto3_optional => Some(Label::Optional),
            _ => None,
        };
        let mut options = self.options.read("google.protobuf.FieldOptions", &field.options);
        if let Some(json) = field.json_name.as_ref().filter(|json| **json != json_name::derived(&field.name)) {
            options.push(own("json_name", Value::String(Cow::Owned(json.clone().into_bytes()))));
        }
        if let Some(default) = &field.default_value {
            options.push(own("default", default_value(field.r#type, default)));
        }
        FieldNode {
            name: name(field.name.clone()),
            label: label.map(|label| (label, NOWHERE)),
            kind,
            kind_range: NOWHERE,
            number: Some(i64::from(field.number)),
            number_range: NOWHERE,
            oneof: None,
            options,
            comments: Comments::default(),
            range: NOWHERE,
        }
    }

    fn extends(&self, fields: Vec<wire::Field>) -> Vec<ExtendNode<'static>> {
        let extend = |field: wire::Field| ExtendNode {
            extendee: name(field.extendee.clone()),
            fields: vec![self.field(&field, &BTreeMap::new())],
            messages: Vec::new(),
            range: NOWHERE,
        };
        fields.into_iter().map(extend).collect()
    }

    fn enumeration(&self, declared: wire::EnumType) -> EnumNode<'static> {
        let value = |value: wire::EnumValue| ValueNode {
            options: self.options.read("google.protobuf.EnumValueOptions", &value.options),
            name: name(value.name),
            number: Some(value.number),
            number_range: NOWHERE,
            comments: Comments::default(),
            range: NOWHERE,
        };
        EnumNode {
            options: self.options.read("google.protobuf.EnumOptions", &declared.options),
            name: name(declared.name),
            visibility: None,
            values: declared.value.into_iter().map(value).collect(),
            reserved: declared.reserved_range.iter().map(|range| numbers(*range, 0, i64::from(i32::MAX))).collect(),
            reserved_names: declared.reserved_name.into_iter().map(name).collect(),
            comments: Comments::default(),
            range: NOWHERE,
        }
    }

    fn service(&self, service: wire::Service) -> ServiceNode<'static> {
        let method = |method: wire::Method| MethodNode {
            options: self.options.read("google.protobuf.MethodOptions", &method.options),
            name: name(method.name),
            input: name(method.input_type),
            client_streaming: method.client_streaming,
            output: name(method.output_type),
            server_streaming: method.server_streaming,
            comments: Comments::default(),
            range: NOWHERE,
        };
        ServiceNode {
            options: self.options.read("google.protobuf.ServiceOptions", &service.options),
            name: name(service.name),
            methods: service.method.into_iter().map(method).collect(),
            comments: Comments::default(),
            range: NOWHERE,
        }
    }
}

fn own(option: &str, value: Value<'static>) -> OptionStatement<'static> {
    let part = NamePart { name: name(option.to_owned()), is_extension: false };
    OptionStatement { name: vec![part], name_range: NOWHERE, value, value_range: NOWHERE, range: NOWHERE }
}

/// Numbers of a range whose end is `beyond` past its last number.
fn numbers(range: wire::Range, beyond: i64, max: i64) -> RangeNode {
    let last = i64::from(range.end) - beyond;
    RangeNode { first: i64::from(range.start), last: (last < max).then_some(last), range: NOWHERE }
}

fn is_map_entry(message: &wire::MessageType) -> bool {
    wire::MapEntry::decode(message.options.as_slice()).is_ok_and(|options| options.map_entry)
}

/// Types of key and value of the maps of a message, by the name of their entry.
fn map_entries(nested: &[wire::MessageType]) -> BTreeMap<String, (String, String)> {
    let kind = |message: &wire::MessageType, number: i32| {
        let field = message.field.iter().find(|field| field.number == number)?;
        Some(scalar(field.r#type).map_or_else(|| field.type_name.clone(), str::to_owned))
    };
    let entries = nested.iter().filter(|message| is_map_entry(message));
    entries.filter_map(|message| Some((message.name.clone(), (kind(message, 1)?, kind(message, 2)?)))).collect()
}

/// The oneofs that are declared: those of proto3 `optional` fields are not. By their index, with their
/// index among the real ones.
fn real_oneofs(message: &wire::MessageType) -> BTreeMap<usize, u32> {
    let synthetic = |at: usize| {
        message
            .field
            .iter()
            .any(|field| field.proto3_optional && field.oneof_index.and_then(|at| usize::try_from(at).ok()) == Some(at))
    };
    (0..message.oneof_decl.len()).filter(|at| !synthetic(*at)).zip(0..).collect()
}

/// `google.protobuf.FieldDescriptorProto.Label`
const REQUIRED: i32 = 2;
const REPEATED: i32 = 3;
/// `google.protobuf.FieldDescriptorProto.Type`
const GROUP: i32 = 10;
const ENUM: i32 = 14;

/// The name of a scalar type by its number in `FieldDescriptorProto.Type`.
fn scalar(number: i32) -> Option<&'static str> {
    Some(match number {
        1 => "double",
        2 => "float",
        3 => "int64",
        4 => "uint64",
        5 => "int32",
        6 => "fixed64",
        7 => "fixed32",
        8 => "bool",
        9 => "string",
        12 => "bytes",
        13 => "uint32",
        15 => "sfixed32",
        16 => "sfixed64",
        17 => "sint32",
        18 => "sint64",
        _ => return None,
    })
}

/// A default as `FieldDescriptorProto.default_value` writes it.
fn default_value(kind: i32, text: &str) -> Value<'static> {
    let kind = if kind == ENUM { None } else { scalar(kind) };
    match kind {
        Some("string" | "bytes") => Value::String(Cow::Owned(text.as_bytes().to_vec())),
        Some("bool") | None => Value::Word(Cow::Owned(text.to_owned())),
        Some(_) => match text.parse::<i128>() {
            Ok(number) => Value::Integer { negative: number < 0, magnitude: u64::try_from(number.unsigned_abs()).ok() },
            Err(_) => match text.parse::<f64>().ok().filter(|number| number.is_finite()) {
                Some(number) => Value::Float(number),
                None => Value::Word(Cow::Owned(text.to_owned())),
            },
        },
    }
}
