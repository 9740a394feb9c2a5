//! The facts of our own catalog.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::facts::Facts;
use crate::model::contract::{
    Cardinality, Catalog, Enum, Extension, Field, Message, Operation, OptionSetting, Presence, ProtoField, ProtoFile,
    ProtoKind, Protocol, Reserved, Shape,
};

/// Every fact of a catalog.
pub(super) fn facts(catalog: &Catalog) -> Facts {
    let mut facts = Facts::default();
    for contract in &catalog.contracts {
        for file in &contract.proto_files {
            facts.file(file);
            for extension in &file.extensions {
                facts.extension(extension, catalog);
            }
        }
    }
    let path = |contract: usize, file: u32| &catalog.contracts[contract].proto_files[file as usize].path;
    for message in &catalog.messages {
        let file = message.proto.as_ref().unwrap().file;
        facts.add("file of message", &message.name, path(message.contract.index(), file));
        facts.message(message, catalog);
    }
    for declared in &catalog.enums {
        facts.add("file of enum", &declared.name, path(declared.contract.index(), declared.file));
        facts.enumeration(declared);
    }
    for operation in catalog.operations.iter().filter(|operation| operation.proto.is_some()) {
        facts.rpc(operation);
    }
    facts
}

impl Facts {
    fn file(&mut self, file: &ProtoFile) {
        let name = &file.path;
        self.add("file syntax", name, file.syntax.name());
        let imports = file.imports.iter().map(|import| format!("{:?} {}", import.kind, import.path));
        self.add("file imports", name, imports.collect::<Vec<_>>().join(", "));
        self.settings(&format!("file {name}"), &file.options);
        for service in &file.services {
            self.add("service", &service.name, name);
            self.settings(&format!("service {}", service.name), &service.options);
        }
    }

    fn message(&mut self, message: &Message, catalog: &Catalog) {
        let (name, proto) = (&message.name, message.proto.as_ref().unwrap());
        self.settings(&format!("message {name}"), &proto.options);
        self.add("message fields", name, names(message.fields.iter().map(|field| &field.name)));
        self.add("message oneofs", name, names(proto.oneofs.iter().map(|oneof| &oneof.name)));
        self.add("message reserved", name, ranges(&proto.reserved));
        self.add("message reserved names", name, names(proto.reserved_names.iter().map(|(name, _)| name)));
        self.add("message extension ranges", name, ranges(&proto.extension_ranges));
        self.add("message is a group", name, proto.is_group);
        self.add("message features", name, format!("{:?}", proto.features));
        for oneof in &proto.oneofs {
            self.settings(&format!("oneof {name}.{}", oneof.name), &oneof.options);
        }
        for field in &message.fields {
            self.field(&format!("{name}.{}", field.name), field, catalog);
        }
    }

    fn extension(&mut self, extension: &Extension, catalog: &Catalog) {
        self.add("extendee", &extension.name, &extension.extendee);
        self.field(&extension.name, &extension.field, catalog);
    }

    fn field(&mut self, name: &str, field: &Field, catalog: &Catalog) {
        let proto = field.proto.as_ref().unwrap();
        self.add("field number", name, field.number.unwrap());
        self.add("field type", name, type_of(proto));
        self.add("field cardinality", name, format!("{:?}", field.cardinality));
        self.add("field json name", name, field.json_name.as_ref().unwrap_or(&field.name));
        self.add("field json name is explicit", name, proto.json_name_is_explicit);
        self.add("field oneof", name, format!("{:?}", field.oneof));
        self.add("field has presence", name, proto.features.presence != Presence::Implicit);
        self.add("field proto3 optional", name, proto.proto3_optional);
        self.add("field features", name, format!("{:?}", proto.features));
        self.add("field shape", name, shape(&field.shape, catalog));
        if field.cardinality == Cardinality::Repeated && is_packable(proto) {
            self.add("field packed", name, proto.features.packed);
        }
        if let Some(default) = &proto.default {
            self.option(&format!("field {name}"), "default", default);
        }
        self.settings(&format!("field {name}"), &proto.options);
    }

    fn enumeration(&mut self, declared: &Enum) {
        let name = &declared.name;
        self.settings(&format!("enum {name}"), &declared.options);
        self.add("enum values", name, names(declared.values.iter().map(|value| &value.name)));
        self.add("enum reserved", name, ranges(&declared.reserved));
        self.add("enum reserved names", name, names(declared.reserved_names.iter().map(|(name, _)| name)));
        self.add("enum features", name, format!("{:?}", declared.features));
        for value in &declared.values {
            let value_name = format!("{name}.{}", value.name);
            self.add("enum value number", &value_name, value.number);
            self.settings(&format!("value {value_name}"), &value.options);
        }
    }

    fn rpc(&mut self, operation: &Operation) {
        let Protocol::Rpc { service, method, client_streaming, server_streaming } = &operation.protocol else { return };
        let (name, proto) = (format!("{service}.{method}"), operation.proto.as_ref().unwrap());
        self.add("rpc request", &name, &proto.types.0);
        self.add("rpc response", &name, &proto.types.1);
        self.add("rpc streaming", &name, format!("{client_streaming} {server_streaming}"));
        self.settings(&format!("rpc {name}"), &proto.options);
    }

    fn settings(&mut self, element: &str, settings: &[OptionSetting]) {
        let mut whole: BTreeMap<&str, Json> = BTreeMap::new();
        for setting in settings {
            let (first, path) = split(&setting.name);
            nest(whole.entry(first).or_insert(Json::Null), &path, &setting.value);
            if !setting.known {
                self.add("option without definition", &format!("{element} {}", setting.name), "");
            }
        }
        whole.into_iter().for_each(|(name, value)| self.option(element, name, &value));
    }
}

/// `features.(pb.java).utf8` into `features`, and `[pb.java]`, `utf8`. An extension that is set as a
/// whole has no parts.
fn split(name: &str) -> (&str, Vec<String>) {
    if name.starts_with('(') {
        return (name, Vec::new());
    }
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in name.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '.' if depth == 0 => {
                parts.push(&name[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&name[start..]);
    (parts[0], parts[1..].iter().map(|part| part.replace('(', "[").replace(')', "]")).collect())
}

/// Puts a value at a path of members.
fn nest(whole: &mut Json, path: &[String], value: &Json) {
    let Some((first, rest)) = path.split_first() else {
        *whole = value.clone();
        return;
    };
    if !whole.is_object() {
        *whole = Json::Object(Map::new());
    }
    nest(&mut whole[first.as_str()], rest, value);
}

fn names<'n>(names: impl Iterator<Item = &'n String>) -> String {
    names.map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn ranges(ranges: &[Reserved]) -> String {
    ranges.iter().map(|range| format!("{:?}", range.numbers)).collect::<Vec<_>>().join(", ")
}

fn type_of(proto: &ProtoField) -> String {
    match proto.kind {
        ProtoKind::Map(key) => format!("map<{}, {}>", format!("{key:?}").to_lowercase(), proto.type_name),
        ProtoKind::Group => format!("group {}", proto.type_name),
        ProtoKind::Unresolved => format!("unresolved {}", proto.type_name),
        ProtoKind::Scalar | ProtoKind::Message | ProtoKind::Enum => proto.type_name.to_string(),
    }
}

fn is_packable(proto: &ProtoField) -> bool {
    proto.kind == ProtoKind::Enum
        || (proto.kind == ProtoKind::Scalar && !matches!(&*proto.type_name, "string" | "bytes"))
}

/// The shape, with messages by their name: their numbers depend on the order of files.
fn shape(shape: &Shape, catalog: &Catalog) -> String {
    match shape {
        Shape::Message(id) => catalog.message(*id).name.clone(),
        Shape::List(inner) => format!("list of {}", self::shape(inner, catalog)),
        Shape::Map(inner) => format!("map of {}", self::shape(inner, catalog)),
        other => format!("{other:?}"),
    }
}
