//! The facts of a descriptor pool of prost-reflect.

use prost_reflect::prost_types::field_descriptor_proto::Label;
use prost_reflect::prost_types::{DescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto};
use prost_reflect::{
    DescriptorPool, DynamicMessage, EnumDescriptor, ExtensionDescriptor, FieldDescriptor, FileDescriptor, Kind, MapKey,
    MessageDescriptor, MethodDescriptor, OneofDescriptor, ReflectMessage as _, Value,
};
use serde_json::{Map, Number, Value as Json};

use super::facts::Facts;

/// Kinds of facts that a descriptor of prost does not tell.
pub(super) const UNTOLD: &[&str] = &[
    "message is a group",
    "message features",
    "field features",
    "enum features",
    "field json name is explicit",
    "field shape",
    "option without definition",
];

/// Every fact of the files of a pool that are chosen by their path.
pub(super) fn facts(pool: &DescriptorPool, is_chosen: impl Fn(&str) -> bool) -> Facts {
    let mut facts = Facts::default();
    pool.files().filter(|file| is_chosen(file.name())).for_each(|file| facts.pool_file(&file));
    let messages = pool.all_messages().filter(|message| !message.is_map_entry());
    messages.filter(|it| is_chosen(it.parent_file().name())).for_each(|message| facts.pool_message(&message));
    let enums = pool.all_enums().filter(|it| is_chosen(it.parent_file().name()));
    enums.for_each(|declared| facts.pool_enum(&declared));
    let extensions = pool.all_extensions().filter(|it| is_chosen(it.parent_file().name()));
    extensions.for_each(|extension| facts.pool_extension(&extension));
    for service in pool.services().filter(|it| is_chosen(it.parent_file().name())) {
        facts.add("service", service.full_name(), service.parent_file().name());
        facts.dynamic(&format!("service {}", service.full_name()), &service.options());
        service.methods().for_each(|method| facts.pool_method(&method));
    }
    facts
}

impl Facts {
    fn pool_file(&mut self, file: &FileDescriptor) {
        let (name, proto) = (file.name(), file.file_descriptor_proto());
        let syntax = if proto.syntax().is_empty() { "proto2" } else { proto.syntax() };
        self.add("file syntax", name, syntax);
        let imports = proto.dependency.iter().zip(0..).map(|(path, at)| {
            let kind = match (proto.public_dependency.contains(&at), proto.weak_dependency.contains(&at)) {
                (true, _) => "Some(Public)",
                (_, true) => "Some(Weak)",
                _ => "None",
            };
            format!("{kind} {path}")
        });
        self.add("file imports", name, imports.collect::<Vec<_>>().join(", "));
        self.dynamic(&format!("file {name}"), &file.options());
    }

    fn pool_message(&mut self, message: &MessageDescriptor) {
        let (name, proto) = (message.full_name(), message.descriptor_proto());
        self.add("file of message", name, message.parent_file().name());
        self.dynamic(&format!("message {name}"), &message.options());
        self.add("message fields", name, joined(proto.field.iter().map(FieldDescriptorProto::name)));
        let oneofs: Vec<_> = message.oneofs().filter(|oneof| !oneof.is_synthetic()).collect();
        self.add("message oneofs", name, joined(oneofs.iter().map(OneofDescriptor::name)));
        for oneof in &oneofs {
            self.dynamic(&format!("oneof {name}.{}", oneof.name()), &oneof.options());
        }
        self.numbers(name, proto);
        for field in message.fields() {
            let full = format!("{name}.{}", field.name());
            self.pool_field(&full, &field);
        }
    }

    fn numbers(&mut self, name: &str, proto: &DescriptorProto) {
        // Descriptors of messages end a range behind its last number.
        let reserved = proto.reserved_range.iter().map(|it| format!("{}..={}", it.start(), it.end() - 1));
        self.add("message reserved", name, reserved.collect::<Vec<_>>().join(", "));
        self.add("message reserved names", name, proto.reserved_name.join(", "));
        let ranges = proto.extension_range.iter().map(|it| format!("{}..={}", it.start(), it.end() - 1));
        self.add("message extension ranges", name, ranges.collect::<Vec<_>>().join(", "));
    }

    fn pool_field(&mut self, name: &str, field: &FieldDescriptor) {
        let proto = field.field_descriptor_proto();
        self.add("field number", name, field.number());
        self.add("field type", name, type_of(&field.kind(), field.is_map(), field.is_group()));
        self.add("field cardinality", name, cardinality(proto.label(), field.is_map()));
        self.add("field json name", name, field.json_name());
        let oneof = field.containing_oneof().filter(|oneof| !oneof.is_synthetic());
        self.add("field oneof", name, format!("{:?}", oneof.map(|oneof| oneof.name().to_owned())));
        self.add("field has presence", name, field.supports_presence());
        self.add("field proto3 optional", name, proto.proto3_optional());
        if field.is_list() && is_packable(&field.kind()) {
            self.add("field packed", name, field.is_packed());
        }
        if let Some(default) = &proto.default_value {
            self.pool_default(name, &field.kind(), &field.default_value(), default);
        }
        self.dynamic(&format!("field {name}"), &field.options());
    }

    fn pool_extension(&mut self, field: &ExtensionDescriptor) {
        let (name, proto) = (field.full_name(), field.field_descriptor_proto());
        self.add("extendee", name, field.containing_message().full_name());
        self.add("field number", name, field.number());
        self.add("field type", name, type_of(&field.kind(), false, field.is_group()));
        self.add("field cardinality", name, cardinality(proto.label(), false));
        self.add("field json name", name, proto.json_name());
        self.add("field oneof", name, "None");
        self.add("field has presence", name, field.supports_presence());
        self.add("field proto3 optional", name, proto.proto3_optional());
        if field.is_list() && is_packable(&field.kind()) {
            self.add("field packed", name, field.is_packed());
        }
        if let Some(default) = &proto.default_value {
            self.pool_default(name, &field.kind(), &field.default_value(), default);
        }
        self.dynamic(&format!("field {name}"), &field.options());
    }

    fn pool_default(&mut self, name: &str, kind: &Kind, value: &Value, text: &str) {
        let json = match kind {
            Kind::Enum(_) => Json::String(text.to_owned()),
            _ => json_of(kind, value),
        };
        self.option(&format!("field {name}"), "default", &json);
    }

    fn pool_enum(&mut self, declared: &EnumDescriptor) {
        let (name, proto) = (declared.full_name(), declared.enum_descriptor_proto());
        self.add("file of enum", name, declared.parent_file().name());
        self.dynamic(&format!("enum {name}"), &declared.options());
        self.add("enum values", name, joined(proto.value.iter().map(EnumValueDescriptorProto::name)));
        let reserved = proto.reserved_range.iter().map(|it| format!("{}..={}", it.start(), it.end()));
        self.add("enum reserved", name, reserved.collect::<Vec<_>>().join(", "));
        self.add("enum reserved names", name, proto.reserved_name.join(", "));
        for value in declared.values() {
            let value_name = format!("{name}.{}", value.name());
            self.add("enum value number", &value_name, value.number());
            self.dynamic(&format!("value {value_name}"), &value.options());
        }
    }

    fn pool_method(&mut self, method: &MethodDescriptor) {
        let name = method.full_name();
        self.add("rpc request", name, method.input().full_name());
        self.add("rpc response", name, method.output().full_name());
        self.add("rpc streaming", name, format!("{} {}", method.is_client_streaming(), method.is_server_streaming()));
        self.dynamic(&format!("rpc {name}"), &method.options());
    }

    fn dynamic(&mut self, element: &str, options: &DynamicMessage) {
        for (name, value) in members(options) {
            let name = match name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
                Some(extension) => format!("({extension})"),
                None => name,
            };
            self.option(element, &name, &value);
        }
    }
}

fn joined<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn cardinality(label: Label, is_map: bool) -> &'static str {
    match label {
        Label::Required => "Required",
        Label::Repeated if !is_map => "Repeated",
        Label::Repeated | Label::Optional => "Optional",
    }
}

fn is_packable(kind: &Kind) -> bool {
    !matches!(kind, Kind::Message(_) | Kind::String | Kind::Bytes)
}

fn type_of(kind: &Kind, is_map: bool, is_group: bool) -> String {
    match kind {
        Kind::Message(entry) if is_map => {
            let part = |kind: Kind| type_of(&kind, false, false);
            format!("map<{}, {}>", part(entry.map_entry_key_field().kind()), part(entry.map_entry_value_field().kind()))
        }
        Kind::Message(message) if is_group => format!("group {}", message.full_name()),
        Kind::Message(message) => message.full_name().to_owned(),
        Kind::Enum(declared) => declared.full_name().to_owned(),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// What a message holds, in the JSON form of protobuf with proto field names.
fn members(message: &DynamicMessage) -> Map<String, Json> {
    let fields = message.fields().map(|(field, value)| (field.name().to_owned(), json_of(&field.kind(), value)));
    let extensions =
        message.extensions().map(|(field, value)| (format!("[{}]", field.full_name()), json_of(&field.kind(), value)));
    fields.chain(extensions).collect()
}

fn json_of(kind: &Kind, value: &Value) -> Json {
    match value {
        Value::Bool(value) => Json::from(*value),
        Value::I32(value) => Json::from(*value),
        Value::I64(value) => Json::from(*value),
        Value::U32(value) => Json::from(*value),
        Value::U64(value) => Json::from(*value),
        Value::F32(value) => number(f64::from(*value)),
        Value::F64(value) => number(*value),
        Value::String(value) => Json::from(value.as_str()),
        Value::Bytes(value) => Json::from(base64(value)),
        Value::EnumNumber(number) => {
            let Kind::Enum(declared) = kind else { panic!("{number} is of no enum") };
            Json::from(declared.get_value(*number).unwrap().name())
        }
        Value::Message(message) if message.descriptor().full_name() == "google.protobuf.Any" => any(message),
        Value::Message(message) => Json::Object(members(message)),
        Value::List(items) => items.iter().map(|item| json_of(kind, item)).collect(),
        Value::Map(entries) => {
            let Kind::Message(entry) = kind else { panic!("a map without entries") };
            let kind = entry.map_entry_value_field().kind();
            entries.iter().map(|(key, value)| (key_text(key), json_of(&kind, value))).collect()
        }
    }
}

fn any(message: &DynamicMessage) -> Json {
    let text = |name: &str| message.get_field_by_name(name).unwrap().into_owned();
    let (Value::String(url), Value::Bytes(bytes)) = (text("type_url"), text("value")) else { panic!("not an Any") };
    let (_, name) = url.rsplit_once('/').unwrap();
    let inner = message.descriptor().parent_pool().get_message_by_name(name).unwrap();
    let mut whole = Map::from_iter([("@type".to_owned(), Json::from(url.as_str()))]);
    whole.extend(members(&DynamicMessage::decode(inner, bytes).unwrap()));
    Json::Object(whole)
}

fn number(value: f64) -> Json {
    match Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => Json::from("NaN"),
        None if value > 0.0 => Json::from("Infinity"),
        None => Json::from("-Infinity"),
    }
}

fn key_text(key: &MapKey) -> String {
    match key {
        MapKey::Bool(key) => key.to_string(),
        MapKey::I32(key) => key.to_string(),
        MapKey::I64(key) => key.to_string(),
        MapKey::U32(key) => key.to_string(),
        MapKey::U64(key) => key.to_string(),
        MapKey::String(key) => key.clone(),
    }
}

/// RFC 4648, section 4, digit by digit.
fn base64(bytes: &[u8]) -> String {
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)).collect();
    let digit = |six: &[u8]| {
        let value = (0..6).fold(0, |value, at| value << 1 | six.get(at).copied().unwrap_or(0));
        match value {
            0..=25 => char::from(b'A' + value),
            26..=51 => char::from(b'a' + value - 26),
            52..=61 => char::from(b'0' + value - 52),
            62 => '+',
            _ => '/',
        }
    };
    let mut text: String = bits.chunks(6).map(digit).collect();
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}
