//! Operations, messages and fields of one linked file.

use std::collections::BTreeMap;
use std::sync::Arc;

use prost_reflect::prost_types::field_descriptor_proto::Label;
use prost_reflect::prost_types::{DescriptorProto, FieldDescriptorProto, MessageOptions, MethodDescriptorProto};
use prost_reflect::{EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ServiceDescriptor};

use super::annotate::{Element, Reader};
use super::bundled;
use super::link::Linked;
use super::prune::{child, tag};
use super::symbols::join;
use super::syntax::Parsed;
use crate::contract::marks::{MarkTable, add_sensitive};
use crate::model::contract::{
    Body, Cardinality, ContractId, Field, Mark, Marks, Message, MessageId, Operation, OperationKind, Protocol,
    Response, Shape,
};
use crate::model::source::{Site, SourceFile, Sources};

/// What one file declares.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Messages, each before those nested in it.
    pub(super) messages: Vec<Message>,
    /// Operations.
    pub(super) operations: Vec<Operation>,
    /// Fields, requests and responses whose type is not there: where, and the type.
    pub(super) lost: Vec<(Site, String)>,
}

/// Numbers of all messages, by the file that declares them and their full name.
pub(super) type Numbers = BTreeMap<(usize, String), MessageId>;

/// Full names of the messages of a file in the order [`Builder`] gives them; entries of maps are no
/// messages of their own.
pub(super) fn message_names(file: &Parsed) -> Vec<String> {
    fn add(message: &DescriptorProto, scope: &str, names: &mut Vec<String>) {
        let name = join(scope, message.name());
        names.push(name.clone());
        message.nested_type.iter().filter(|nested| !is_map_entry(nested)).for_each(|nested| add(nested, &name, names));
    }
    let mut names = Vec::new();
    file.descriptor.message_type.iter().for_each(|message| add(message, file.package(), &mut names));
    names
}

fn is_map_entry(message: &DescriptorProto) -> bool {
    message.options.as_ref().is_some_and(MessageOptions::map_entry)
}

/// Everything a file is read with.
pub(super) struct Builder<'a> {
    /// All files, by index.
    pub(super) files: &'a [Parsed],
    /// Indices of the files, by name.
    pub(super) by_name: &'a BTreeMap<&'a str, usize>,
    /// The text of the files.
    pub(super) sources: &'a Sources,
    /// Numbers of all messages.
    pub(super) numbers: &'a Numbers,
    /// What is sensitive.
    pub(super) marks: &'a MarkTable,
    /// The pool of the file.
    pub(super) linked: &'a Linked,
    /// The file, by index.
    pub(super) file: usize,
    /// The contract it belongs to.
    pub(super) contract: ContractId,
}

impl Builder<'_> {
    /// Reads the file.
    pub(super) fn build(&self) -> Declared {
        let mut declared = Declared::default();
        let parsed = self.parsed();
        let reader = self.reader();
        let file_marks = match &parsed.descriptor.options {
            Some(options) => {
                let linked = self.linked.pool.get_file_by_name(&parsed.name).map(|file| file.options());
                let path = vec![tag::FILE_OPTIONS];
                let element = Element { options: &options.uninterpreted_option, scope: parsed.package(), path };
                reader.marks(&element, linked.as_ref())
            }
            None => Marks::default(),
        };
        let inherited = file_marks.into_set().deprecated;
        for (at, message) in (0..).zip(&parsed.descriptor.message_type) {
            self.message(message, parsed.package(), &[tag::FILE_MESSAGE, at], inherited.as_ref(), &mut declared);
        }
        self.services(inherited.as_ref(), &mut declared);
        declared
    }

    fn parsed(&self) -> &Parsed {
        &self.files[self.file]
    }

    fn source(&self) -> &SourceFile {
        self.sources.get(self.parsed().file)
    }

    fn reader(&self) -> Reader<'_> {
        Reader { file: self.parsed(), source: self.source(), pool: &self.linked.pool, table: self.marks }
    }

    /// A message and those nested in it; they nest at most as deep as the parser allows.
    fn message(
        &self,
        raw: &DescriptorProto,
        scope: &str,
        path: &[i32],
        inherited: Option<&Mark>,
        declared: &mut Declared,
    ) {
        let name = join(scope, raw.name());
        let linked = self.linked.pool.get_message_by_name(&name);
        let options = raw.options.as_ref().map(|options| options.uninterpreted_option.as_slice()).unwrap_or_default();
        let element = Element { options, scope: &name, path: child(path, &[tag::MESSAGE_OPTIONS]) };
        let mut marks = self.reader().marks(&element, linked.as_ref().map(MessageDescriptor::options).as_ref());
        inherit(&mut marks, inherited);
        let numbered = (0..).zip(&raw.field);
        let fields = numbered.map(|(at, field)| {
            let path = child(path, &[tag::MESSAGE_FIELD, at]);
            let descriptor = linked.as_ref().and_then(|message| message.get_field_by_name(field.name()));
            self.field(field, raw, &name, &path, descriptor.as_ref(), marks.deprecated.as_ref(), declared)
        });
        let fields = fields.collect();
        let deprecated = marks.deprecated.clone();
        let site = self.parsed().site(&child(path, &[tag::NAME]), self.source());
        declared.messages.push(Message {
            contract: self.contract,
            name: name.clone(),
            named: true,
            fields,
            schema: None,
            proto: None,
            marks,
            site,
        });
        for (at, nested) in (0..).zip(&raw.nested_type).filter(|(_, nested)| !is_map_entry(nested)) {
            let path = child(path, &[tag::MESSAGE_NESTED, at]);
            self.message(nested, &name, &path, deprecated.as_ref(), declared);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "a field is read from two descriptors and its message")]
    fn field(
        &self,
        raw: &FieldDescriptorProto,
        message: &DescriptorProto,
        message_name: &str,
        path: &[i32],
        linked: Option<&FieldDescriptor>,
        inherited: Option<&Mark>,
        declared: &mut Declared,
    ) -> Field {
        let options = raw.options.as_ref().map(|options| options.uninterpreted_option.as_slice()).unwrap_or_default();
        let element = Element { options, scope: message_name, path: child(path, &[tag::FIELD_OPTIONS]) };
        let mut marks = self.reader().marks(&element, linked.map(FieldDescriptor::options).as_ref());
        if let Some(Kind::Enum(of)) = linked.map(FieldDescriptor::kind) {
            inherit(&mut marks, self.deprecated_enum(&of).as_ref());
        }
        inherit(&mut marks, inherited);
        let site = self.parsed().site(&child(path, &[tag::NAME]), self.source());
        let classes = self.marks.selected(message_name, raw.name());
        if !classes.is_empty() {
            add_sensitive(&mut marks, classes, &format!("{message_name}.{} in the policy", raw.name()), &site);
        }
        let (shape, lost) = self.field_shape(path, linked);
        declared.lost.extend(lost.map(|name| (site.clone(), name)));
        Field {
            name: raw.name().to_owned(),
            json_name: linked.map(|field| field.json_name().to_owned()).filter(|json| json != raw.name()),
            number: raw.number.and_then(|number| u32::try_from(number).ok()),
            shape,
            cardinality: match raw.label() {
                Label::Required => Cardinality::Required,
                Label::Optional => Cardinality::Optional,
                Label::Repeated => Cardinality::Repeated,
            },
            oneof: oneof(raw, message),
            schema: None,
            proto: None,
            marks,
            site,
        }
    }

    /// The shape of a field, and its type if that is not there.
    fn field_shape(&self, path: &[i32], linked: Option<&FieldDescriptor>) -> (Shape, Option<String>) {
        let Some(field) = linked else { return (Shape::Any, None) };
        if field.is_map()
            && let Kind::Message(entry) = field.kind()
        {
            let value = entry.map_entry_value_field();
            let (shape, lost) = self.value_shape(value.path(), &value);
            return (Shape::Map(Box::new(shape)), lost);
        }
        let (shape, lost) = self.value_shape(path, field);
        (if field.is_list() { Shape::List(Box::new(shape)) } else { shape }, lost)
    }

    /// The shape of one value of a field.
    fn value_shape(&self, path: &[i32], field: &FieldDescriptor) -> (Shape, Option<String>) {
        if let Some(name) = self.lost(path) {
            return (Shape::Unresolved(name.into()), Some(name.to_owned()));
        }
        (self.shape(&field.kind()), None)
    }

    fn shape(&self, kind: &Kind) -> Shape {
        match kind {
            Kind::Message(message) => self.message_shape(message),
            Kind::Enum(declared) => Shape::Enum {
                name: declared.full_name().into(),
                values: declared.values().map(|value| value.name().to_owned()).collect::<Vec<_>>().into(),
            },
            scalar => Shape::Scalar { kind: scalar_name(scalar), format: None },
        }
    }

    fn message_shape(&self, message: &MessageDescriptor) -> Shape {
        let file = message.parent_file();
        let Some(file) = self.by_name.get(file.name()) else { return bundled::shape(message.full_name()) };
        let number = self.numbers.get(&(*file, message.full_name().to_owned()));
        number.map_or_else(|| Shape::Unresolved(message.full_name().into()), |number| Shape::Message(*number))
    }

    /// The type as written that stood at this place and is not there.
    fn lost(&self, path: &[i32]) -> Option<&str> {
        self.linked.lost.get(&self.file)?.get(path).map(String::as_str)
    }

    /// The mark of an enumeration that is deprecated: so are the fields that hold it.
    fn deprecated_enum(&self, declared: &EnumDescriptor) -> Option<Mark> {
        let options = declared.options();
        let is_deprecated = options.get_field_by_name("deprecated")?.as_bool()?;
        let file = self.files.get(*self.by_name.get(declared.parent_file().name())?)?;
        let site = file.site(&child(declared.path(), &[tag::NAME]), self.sources.get(file.file));
        is_deprecated.then(|| Mark { text: format!("deprecated enum {}", declared.full_name()), site })
    }

    fn services(&self, inherited: Option<&Mark>, declared: &mut Declared) {
        let parsed = self.parsed();
        for (at, service) in (0..).zip(&parsed.descriptor.service) {
            let name = join(parsed.package(), service.name());
            let linked = self.linked.pool.get_service_by_name(&name);
            let options =
                service.options.as_ref().map(|options| options.uninterpreted_option.as_slice()).unwrap_or_default();
            let path = vec![tag::FILE_SERVICE, at, tag::SERVICE_OPTIONS];
            let element = Element { options, scope: &name, path };
            let mut marks = self.reader().marks(&element, linked.as_ref().map(ServiceDescriptor::options).as_ref());
            inherit(&mut marks, inherited);
            for (method_at, method) in (0..).zip(&service.method) {
                let path = vec![tag::FILE_SERVICE, at, tag::SERVICE_METHOD, method_at];
                let operation = self.operation(&name, method, &path, &marks, declared);
                declared.operations.push(operation);
            }
        }
    }

    fn operation(
        &self,
        service: &str,
        raw: &MethodDescriptorProto,
        path: &[i32],
        of_service: &Marks,
        declared: &mut Declared,
    ) -> Operation {
        let linked = self.linked.pool.get_service_by_name(service);
        let linked = linked.and_then(|service| service.methods().find(|method| method.name() == raw.name()));
        let options = raw.options.as_ref().map(|options| options.uninterpreted_option.as_slice()).unwrap_or_default();
        let element = Element { options, scope: service, path: child(path, &[tag::METHOD_OPTIONS]) };
        let mut marks = self.reader().marks(&element, linked.as_ref().map(MethodDescriptor::options).as_ref());
        inherit(&mut marks, of_service.deprecated.as_ref());
        let site = self.parsed().site(&child(path, &[tag::NAME]), self.source());
        let input = linked.as_ref().map(MethodDescriptor::input);
        let output = linked.as_ref().map(MethodDescriptor::output);
        let request = self.body(input.as_ref(), &child(path, &[tag::METHOD_INPUT]), declared);
        let response = self.body(output.as_ref(), &child(path, &[tag::METHOD_OUTPUT]), declared);
        Operation {
            contract: self.contract,
            key: format!("{service}/{}", raw.name()),
            kind: OperationKind::Served,
            tags: Vec::new(),
            servers: Vec::new(),
            security: None,
            binding: None,
            proto: None,
            operation_id: None,
            protocol: Protocol::Rpc {
                service: service.to_owned(),
                method: raw.name().to_owned(),
                client_streaming: raw.client_streaming(),
                server_streaming: raw.server_streaming(),
            },
            parameters: Vec::new(),
            request: vec![request],
            responses: vec![Response {
                status: String::new(),
                site: response.site.clone(),
                bodies: vec![response],
                headers: Vec::new(),
            }],
            marks,
            site,
        }
    }

    /// A request or response.
    fn body(&self, message: Option<&MessageDescriptor>, path: &[i32], declared: &mut Declared) -> Body {
        let site = self.parsed().site(path, self.source());
        let lost = self.lost(path);
        declared.lost.extend(lost.map(|name| (site.clone(), name.to_owned())));
        let shape = match (lost, message) {
            (Some(name), _) => Shape::Unresolved(name.into()),
            (None, Some(message)) => self.message_shape(message),
            (None, None) => Shape::Any,
        };
        Body { media_type: String::new(), required: true, shape, schema: None, site }
    }
}

/// The name of a scalar type in `.proto` files.
fn scalar_name(kind: &Kind) -> Arc<str> {
    match kind {
        Kind::Double => "double",
        Kind::Float => "float",
        Kind::Int32 => "int32",
        Kind::Int64 => "int64",
        Kind::Uint32 => "uint32",
        Kind::Uint64 => "uint64",
        Kind::Sint32 => "sint32",
        Kind::Sint64 => "sint64",
        Kind::Fixed32 => "fixed32",
        Kind::Fixed64 => "fixed64",
        Kind::Sfixed32 => "sfixed32",
        Kind::Sfixed64 => "sfixed64",
        Kind::Bool => "bool",
        Kind::String => "string",
        Kind::Bytes => "bytes",
        Kind::Message(_) => "message",
        Kind::Enum(_) => "enum",
    }
    .into()
}

/// The oneof of a field; the one that stands for proto3 `optional` is none.
fn oneof(field: &FieldDescriptorProto, message: &DescriptorProto) -> Option<String> {
    let at = usize::try_from(field.oneof_index?).ok().filter(|_| !field.proto3_optional())?;
    message.oneof_decl.get(at).map(|oneof| oneof.name().to_owned())
}

/// Deprecates what stands in something deprecated.
fn inherit(marks: &mut Marks, deprecated: Option<&Mark>) {
    if marks.deprecated.is_none() {
        marks.deprecated = deprecated.cloned();
    }
}
