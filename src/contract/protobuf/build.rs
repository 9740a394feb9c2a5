//! What one file gives the catalog: messages, fields, enumerations, operations.

use std::sync::Arc;

use super::features;
use super::files::{Origin, Parsed};
use super::http::{self, HttpRules};
use super::names::{FieldIn, Names, Type, map_key, scalar};
use super::options::{OptionReader, Target, is_repeated};
use super::symbols::{Declared, DeclaredEnum, DeclaredExtension, DeclaredMessage, Symbol, SymbolKind};
use super::text::ast::{
    Comments, FieldNode, Label, MethodNode, Name, OptionStatement, Range, RangeNode, ServiceNode, TypeNode, Value,
};
use super::values::Reader;
use super::{bundled, json_name};
use crate::contract::marks::{self, MarkTable, NoDay};
use crate::model::contract::{
    Body, Cardinality, ContractId, Enum, EnumValue, Extension, Features, Field, FieldSpans, Import, ImportKind, Mark,
    Marks, Message, Oneof, Operation, OptionSetting, Presence, ProtoField, ProtoFile, ProtoKind, ProtoMessage,
    ProtoMethod, ProtoService, Protocol, Reserved, Response, Shape, Syntax,
};
use crate::model::source::{Site, Sources};

/// The largest number of a field (protobuf.dev, "Assigning Field Numbers").
const MAX_FIELD_NUMBER: i64 = 536_870_911;

/// What one file gives.
#[derive(Debug)]
pub(super) struct Built {
    /// Messages, each before those nested in it.
    pub(super) messages: Vec<Message>,
    /// Enumerations.
    pub(super) enums: Vec<Enum>,
    /// Operations; [`rpc`](crate::model::contract::HttpBinding::rpc) counts from the first of them.
    pub(super) operations: Vec<Operation>,
    /// The file itself.
    pub(super) file: ProtoFile,
    /// Fields, requests and responses whose type is not there: where, and the type.
    pub(super) lost: Vec<(Site, String)>,
    /// Sunsets that are no days.
    pub(super) no_days: Vec<NoDay>,
}

/// Everything a file is read with.
pub(super) struct Builder<'n, 'a> {
    /// All declarations.
    pub(super) names: &'n Names<'a>,
    /// The text of the files.
    pub(super) sources: &'a Sources,
    /// What is a mark.
    pub(super) marks: &'n MarkTable,
    /// Its text may hold marks in comments.
    pub(super) has_tags: bool,
    /// HTTP rules of service configurations.
    pub(super) rules: &'n HttpRules,
    /// The file, by index.
    pub(super) file: usize,
    /// Its place among the files of its contract.
    pub(super) place: u32,
    /// Its path, as others import it.
    pub(super) path: String,
    /// Where that path counts from.
    pub(super) root: String,
    /// Its imports.
    pub(super) imports: Vec<Import>,
    /// The contract it belongs to.
    pub(super) contract: ContractId,
}

/// What an element passes on to those inside it.
#[derive(Clone)]
struct Around {
    features: Features,
    /// Marks of what it stands in, of which some hold for it too.
    marks: Marks,
}

impl<'a> Builder<'_, 'a> {
    /// Reads the file.
    pub(super) fn build(&self) -> Built {
        let parsed = self.parsed();
        let tree = &parsed.tree;
        let mut no_days = Vec::new();
        let (options, marks) = self.options().read(Target::File, parsed.package(), &tree.options, &mut no_days);
        let features = features::resolve(features::defaults(parsed.syntax()), &tree.options);
        let top = Around { features, marks: marks.clone() };
        let file = ProtoFile {
            file: parsed.file,
            path: self.path.clone(),
            root: self.root.clone(),
            syntax: parsed.syntax(),
            syntax_site: tree.syntax.as_ref().map(|statement| parsed.site(statement.range)),
            package_site: tree.package.as_ref().map(|name| parsed.site(name.range)),
            imports: self.imports.clone(),
            features,
            options,
            services: Vec::new(),
            extensions: Vec::new(),
            marks,
        };
        let mut built =
            Built { messages: Vec::new(), enums: Vec::new(), operations: Vec::new(), file, lost: Vec::new(), no_days };
        let mut around: Vec<Around> = Vec::with_capacity(self.declared().messages.len());
        for message in &self.declared().messages {
            let outer = outer(&around, message.parent, &top).clone();
            let inner = self.message(message, &outer, &mut built);
            around.push(inner);
        }
        for declared in &self.declared().enums {
            let declared = self.enumeration(declared, outer(&around, declared.parent, &top), &mut built);
            built.enums.push(declared);
        }
        for extension in &self.declared().extensions {
            let extension = self.extension(extension, outer(&around, extension.parent, &top), &mut built);
            built.file.extensions.push(extension);
        }
        for (name, service) in &self.declared().services {
            self.service(name, service, &top, &mut built);
        }
        built
    }

    fn parsed(&self) -> &'a Parsed<'a> {
        &self.names.files[self.file]
    }

    fn declared(&self) -> &'a Declared<'a> {
        &self.names.declared[self.file]
    }

    fn options(&self) -> OptionReader<'_, 'a> {
        let parsed = self.parsed();
        let source = (parsed.origin == Origin::Text).then(|| self.sources.get(parsed.file));
        OptionReader { names: self.names, file: self.file, source, table: self.marks }
    }

    /// The options of an element, and the marks that they and its comments are.
    fn described(
        &self,
        target: Target,
        scope: &str,
        options: &[OptionStatement<'_>],
        comments: Comments,
        built: &mut Built,
    ) -> (Vec<OptionSetting>, Marks) {
        let (options, mut marks) = self.options().read(target, scope, options, &mut built.no_days);
        let comments = [comments.leading, comments.trailing].into_iter().flatten().filter(|_| self.has_tags);
        for comment in comments {
            let source = self.sources.get(self.parsed().file);
            let text = source.text.get(comment.start as usize..comment.end as usize).unwrap_or_default();
            let offset = |at: usize| comment.start.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let site = |range: std::ops::Range<usize>| {
                self.parsed().site(Range { start: offset(range.start), end: offset(range.end) })
            };
            built.no_days.extend(self.marks.comment(text, site, &mut marks).err());
        }
        (options, marks)
    }

    fn message(&self, declared: &DeclaredMessage<'_>, outer: &Around, built: &mut Built) -> Around {
        let (node, name) = (declared.node, &declared.name);
        let (options, mut marks) = self.described(Target::Message, name, &node.options, node.comments, built);
        marks::inherit(&mut marks, &outer.marks);
        let features = features::resolve(outer.features, &node.options);
        let around = Around { features, marks: marks.clone() };
        let oneof_features: Vec<Features> =
            node.oneofs.iter().map(|oneof| features::resolve(features, &oneof.options)).collect();
        let fields = node.fields.iter().map(|field| {
            let oneof = field
                .oneof
                .and_then(|at| node.oneofs.get(at as usize))
                .map(|oneof| oneof.name.text.clone().into_owned());
            let outer = field.oneof.and_then(|at| oneof_features.get(at as usize)).copied().unwrap_or(features);
            let of = Around { features: outer, marks: around.marks.clone() };
            self.field(field, name, name, oneof, &of, built)
        });
        let fields = fields.collect();
        let oneofs = node.oneofs.iter().map(|oneof| Oneof {
            name: oneof.name.text.clone().into_owned(),
            options: self.options().read(Target::Oneof, name, &oneof.options, &mut built.no_days).0,
            site: self.parsed().site(oneof.name.range),
        });
        let proto = ProtoMessage {
            file: self.place,
            options,
            reserved: self.reserved(&node.reserved, MAX_FIELD_NUMBER),
            reserved_names: self.reserved_names(&node.reserved_names),
            extension_ranges: self.reserved(&node.extension_ranges, MAX_FIELD_NUMBER),
            oneofs: oneofs.collect(),
            is_group: node.is_group,
            features,
        };
        built.messages.push(Message {
            fields,
            proto: Some(Box::new(proto)),
            marks,
            ..Message::new(self.contract, &**name, self.parsed().site(node.name.range))
        });
        around
    }

    fn reserved(&self, ranges: &[RangeNode], max: i64) -> Vec<Reserved> {
        let reserved = |range: &RangeNode| Reserved {
            numbers: range.first..=range.last.unwrap_or(max),
            site: self.parsed().site(range.range),
        };
        ranges.iter().map(reserved).collect()
    }

    fn reserved_names(&self, names: &[Name<'_>]) -> Vec<(String, Site)> {
        names.iter().map(|name| (name.text.clone().into_owned(), self.parsed().site(name.range))).collect()
    }

    /// A field of the message `owner`, or an extension declared in `scope`.
    fn field(
        &self,
        node: &FieldNode<'_>,
        scope: &str,
        owner: &str,
        oneof: Option<String>,
        outer: &Around,
        built: &mut Built,
    ) -> Field {
        let site = self.parsed().site(node.name.range);
        let name = &*node.name.text;
        let (options, mut marks) = self.described(Target::Field, scope, &node.options, node.comments, built);
        let typed = self.field_type(node, scope);
        deprecate(&mut marks, || typed.enumeration.and_then(|symbol| self.deprecated_enum(symbol)));
        marks::inherit(&mut marks, &outer.marks);
        let selected = || Mark { text: format!("{owner}.{name} in the configuration"), site: site.clone() };
        self.marks.select(owner, name, selected, &mut marks);
        if let Some(lost) = typed.lost {
            built.lost.push((self.parsed().site(node.kind_range), lost));
        }
        let mut features = features::resolve(outer.features, &node.options);
        let is_group = matches!(node.kind, TypeNode::Group(_));
        features.delimited |= is_group;
        let kind = if typed.kind == ProtoKind::Message && features.delimited { ProtoKind::Group } else { typed.kind };
        let cardinality = cardinality(node, features);
        features.presence = Self::presence(node, cardinality, kind, features);
        let explicit_json = own_option(&node.options, "json_name").and_then(text_of);
        let json = explicit_json.clone().unwrap_or_else(|| json_name::derived(name));
        let default = own_option(&node.options, "default").map(|value| {
            let reader = Reader { names: self.names, file: self.file, scope };
            reader.field(FieldIn { node: &bare(node), file: self.file, scope }, value, 0).json
        });
        let proto = ProtoField {
            type_name: typed.name,
            kind,
            features,
            proto3_optional: self.parsed().syntax() == Syntax::Proto3
                && matches!(node.label, Some((Label::Optional, _))),
            default,
            options,
            json_name_is_explicit: explicit_json.is_some(),
            spans: self.spans(node),
        };
        Field {
            json_name: Some(json).filter(|json| json != name),
            number: node.number.and_then(|number| u32::try_from(number).ok()),
            cardinality,
            oneof,
            proto: Some(Box::new(proto)),
            marks,
            ..Field::new(name, typed.shape, site)
        }
    }

    fn spans(&self, node: &FieldNode<'_>) -> FieldSpans {
        let parsed = self.parsed();
        if parsed.origin != Origin::Text {
            return FieldSpans::default();
        }
        let written = |range: Range| (range.end > range.start).then(|| parsed.span(range));
        FieldSpans {
            whole: written(node.range),
            label: node.label.and_then(|(_, range)| written(range)),
            kind: written(node.kind_range),
            number: written(node.number_range),
        }
    }

    /// Whether a field that is not set can be told apart (protobuf.dev, "Field Presence").
    fn presence(node: &FieldNode<'_>, cardinality: Cardinality, kind: ProtoKind, features: Features) -> Presence {
        match (cardinality, kind) {
            (Cardinality::Required, _) => Presence::Required,
            (Cardinality::Repeated, _) | (_, ProtoKind::Map(_)) => Presence::Implicit,
            (_, ProtoKind::Message | ProtoKind::Group) => Presence::Explicit,
            _ if node.oneof.is_some() || matches!(node.label, Some((Label::Optional, _))) => Presence::Explicit,
            _ => features.presence,
        }
    }

    fn field_type(&self, node: &FieldNode<'_>, scope: &str) -> FieldType {
        let mut typed = match &node.kind {
            TypeNode::Named(name) | TypeNode::Group(name) => self.value_type(scope, &name.text),
            TypeNode::Map { key, value } => {
                let value = self.value_type(scope, &value.text);
                let kind = map_key(&key.text).map_or(ProtoKind::Unresolved, ProtoKind::Map);
                FieldType { kind, shape: Shape::Map(Box::new(value.shape)), ..value }
            }
        };
        if is_repeated(node.label) {
            typed.shape = Shape::List(Box::new(typed.shape));
        }
        typed
    }

    fn value_type(&self, scope: &str, name: &str) -> FieldType {
        match self.names.type_of(self.file, scope, name) {
            Type::Scalar => {
                let kind = scalar(name).map_or_else(|| name.into(), Arc::clone);
                let shape = Shape::Scalar { kind: Arc::clone(&kind), format: None };
                FieldType { shape, name: kind, kind: ProtoKind::Scalar, enumeration: None, lost: None }
            }
            Type::Declared(symbol) => {
                let is_enum = matches!(symbol.kind, SymbolKind::Enum(_));
                FieldType {
                    shape: self.shape(symbol),
                    name: self.names.full_name(symbol),
                    kind: if is_enum { ProtoKind::Enum } else { ProtoKind::Message },
                    enumeration: is_enum.then_some(symbol),
                    lost: None,
                }
            }
            Type::Unknown => {
                let name: Arc<str> = name.trim_start_matches('.').into();
                let lost = Some(name.to_string());
                FieldType {
                    shape: Shape::Unresolved(Arc::clone(&name)),
                    name,
                    kind: ProtoKind::Unresolved,
                    enumeration: None,
                    lost,
                }
            }
        }
    }

    /// The shape of a declared type.
    fn shape(&self, symbol: Symbol) -> Shape {
        if let Some(declared) = self.names.enumeration(symbol) {
            return Shape::Enum { name: Arc::clone(&declared.name), values: Arc::clone(&declared.values) };
        }
        match self.names.number(symbol) {
            Some(number) => Shape::Message(number),
            None if self.names.is_built_in(symbol) => bundled::shape(&self.names.full_name(symbol)),
            None => Shape::Unresolved(self.names.full_name(symbol)),
        }
    }

    /// The mark of an enumeration that is deprecated: so are the fields that hold it.
    fn deprecated_enum(&self, symbol: Symbol) -> Option<Mark> {
        let declared = self.names.enumeration(symbol).filter(|_| !self.names.is_built_in(symbol))?;
        let is_deprecated = own_option(&declared.node.options, "deprecated")
            .is_some_and(|value| matches!(value, Value::Word(word) if word == "true"));
        let site = self.names.files[symbol.file as usize].site(declared.node.name.range);
        is_deprecated.then(|| Mark { text: format!("deprecated enum {}", declared.name), site })
    }

    fn enumeration(&self, declared: &DeclaredEnum<'_>, outer: &Around, built: &mut Built) -> Enum {
        let (node, name) = (declared.node, &declared.name);
        let (options, mut marks) = self.described(Target::Enum, name, &node.options, node.comments, built);
        marks::inherit(&mut marks, &outer.marks);
        let values = node.values.iter().map(|value| {
            let (options, mut of_value) =
                self.described(Target::EnumValue, name, &value.options, value.comments, built);
            marks::inherit(&mut of_value, &marks);
            EnumValue {
                name: value.name.text.clone().into_owned(),
                number: value.number.unwrap_or_default(),
                options,
                marks: of_value,
                site: self.parsed().site(value.name.range),
            }
        });
        let values = values.collect();
        Enum {
            contract: self.contract,
            file: self.place,
            name: name.to_string(),
            values,
            reserved: self.reserved(&node.reserved, i64::from(i32::MAX)),
            reserved_names: self.reserved_names(&node.reserved_names),
            options,
            features: features::resolve(outer.features, &node.options),
            marks,
            site: self.parsed().site(node.name.range),
        }
    }

    fn extension(&self, declared: &DeclaredExtension<'_>, outer: &Around, built: &mut Built) -> Extension {
        let extendee = match self.names.type_of(self.file, &declared.scope, &declared.extendee.text) {
            Type::Declared(symbol) => self.names.full_name(symbol).to_string(),
            Type::Scalar | Type::Unknown => {
                let name = declared.extendee.text.trim_start_matches('.').to_owned();
                built.lost.push((self.parsed().site(declared.extendee.range), name.clone()));
                name
            }
        };
        let mut field = self.field(declared.node, &declared.scope, &extendee, None, outer, built);
        if let Some(proto) = field.proto.as_mut().filter(|_| field.cardinality == Cardinality::Optional) {
            // An extension is there or not, whatever the syntax (protobuf.dev, "Field Presence").
            proto.features.presence = Presence::Explicit;
        }
        Extension { extendee, name: declared.name.to_string(), field }
    }

    fn service(&self, name: &Arc<str>, node: &ServiceNode<'_>, top: &Around, built: &mut Built) {
        let (options, mut marks) = self.described(Target::Service, name, &node.options, node.comments, built);
        marks::inherit(&mut marks, &top.marks);
        for method in &node.methods {
            self.method(name, method, &marks, built);
        }
        let site = self.parsed().site(node.name.range);
        built.file.services.push(ProtoService { name: name.to_string(), options, marks, site });
    }

    fn method(&self, service: &str, node: &MethodNode<'_>, of_service: &Marks, built: &mut Built) {
        let (options, mut marks) = self.described(Target::Method, service, &node.options, node.comments, built);
        marks::inherit(&mut marks, of_service);
        let (request, input) = self.body(service, &node.input, built);
        let (response, output) = self.body(service, &node.output, built);
        let key = format!("{service}/{}", node.name.text);
        let protocol = Protocol::Rpc {
            service: service.to_owned(),
            method: node.name.text.clone().into_owned(),
            client_streaming: node.client_streaming,
            server_streaming: node.server_streaming,
        };
        let site = self.parsed().site(node.name.range);
        let rules = http::rules_of(&format!("{service}.{}", node.name.text), &options, self.rules, &site);
        let ends = http::Ends { request: request.clone(), response: response.clone(), input, output };
        let types = (self.type_name(service, &node.input), self.type_name(service, &node.output));
        let answer = Response {
            status: String::new(),
            site: response.site.clone(),
            bodies: vec![response],
            headers: Vec::new(),
        };
        let rpc = built.operations.len();
        built.operations.push(Operation {
            request: vec![request],
            responses: vec![answer],
            proto: Some(Box::new(ProtoMethod { file: self.place, types, options })),
            marks: marks.clone(),
            ..Operation::new(self.contract, key, protocol, site)
        });
        let shape_of = |field: FieldIn<'_>| self.shape_in(field);
        let binder = http::Binder {
            names: self.names,
            contract: self.contract,
            rpc,
            ends: &ends,
            marks: &marks,
            shape_of: &shape_of,
        };
        built.operations.extend(rules.iter().filter_map(|rule| binder.operation(rule)));
    }

    /// The shape of a field of any file.
    fn shape_in(&self, field: FieldIn<'_>) -> Shape {
        let of_file =
            Builder { file: field.file, path: String::new(), root: String::new(), imports: Vec::new(), ..*self };
        of_file.field_type(field.node, field.scope).shape
    }

    fn type_name(&self, scope: &str, name: &Name<'_>) -> String {
        match self.names.type_of(self.file, scope, &name.text) {
            Type::Declared(symbol) => self.names.full_name(symbol).to_string(),
            Type::Scalar | Type::Unknown => name.text.trim_start_matches('.').to_owned(),
        }
    }

    /// A request or response, and its message.
    fn body(&self, scope: &str, name: &Name<'_>, built: &mut Built) -> (Body, Option<Symbol>) {
        let site = self.parsed().site(name.range);
        let (shape, symbol) = match self.names.type_of(self.file, scope, &name.text) {
            Type::Declared(symbol) if matches!(symbol.kind, SymbolKind::Message(_)) => {
                (self.shape(symbol), Some(symbol))
            }
            _ => {
                let name = name.text.trim_start_matches('.');
                built.lost.push((site.clone(), name.to_owned()));
                (Shape::Unresolved(name.into()), None)
            }
        };
        (Body { required: true, ..Body::new("", shape, site) }, symbol)
    }
}

/// The type of a field.
struct FieldType {
    shape: Shape,
    name: Arc<str>,
    kind: ProtoKind,
    enumeration: Option<Symbol>,
    lost: Option<String>,
}

/// The import statements of a file, with the files that were found for them.
pub(super) fn import_kind(modifier: Option<&str>) -> Option<ImportKind> {
    match modifier? {
        "public" => Some(ImportKind::Public),
        "weak" => Some(ImportKind::Weak),
        "option" => Some(ImportKind::Option),
        _ => None,
    }
}

/// The message around a declaration, or the file.
fn outer<'o>(around: &'o [Around], parent: Option<u32>, top: &'o Around) -> &'o Around {
    parent.and_then(|at| around.get(at as usize)).unwrap_or(top)
}

fn cardinality(node: &FieldNode<'_>, features: Features) -> Cardinality {
    match node.label {
        Some((Label::Repeated, _)) => Cardinality::Repeated,
        Some((Label::Required, _)) => Cardinality::Required,
        None if features.presence == Presence::Required && node.oneof.is_none() => {
            if matches!(node.kind, TypeNode::Map { .. }) { Cardinality::Optional } else { Cardinality::Required }
        }
        Some((Label::Optional, _)) | None => Cardinality::Optional,
    }
}

/// A field without its label and options: its default is one value.
fn bare<'s>(node: &FieldNode<'s>) -> FieldNode<'s> {
    FieldNode { label: None, options: Vec::new(), ..node.clone() }
}

/// The value of an option that the language itself has.
fn own_option<'v, 's>(options: &'v [OptionStatement<'s>], name: &str) -> Option<&'v Value<'s>> {
    let is_it = |option: &&OptionStatement<'_>| matches!(option.name.as_slice(), [part] if !part.is_extension && part.name.text == name);
    options.iter().find(is_it).map(|option| &option.value)
}

fn text_of(value: &Value<'_>) -> Option<String> {
    match value {
        Value::String(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        _ => None,
    }
}

/// Deprecates what is of a deprecated type.
fn deprecate(marks: &mut Marks, of_type: impl FnOnce() -> Option<Mark>) {
    if marks.deprecated.is_none()
        && let Some(mark) = of_type()
    {
        marks.deprecated = Some(mark);
    }
}
