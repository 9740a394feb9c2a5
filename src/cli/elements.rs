//! The elements of all contracts under the names that people write.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::analysis::Analysis;
use crate::model::contract::{Catalog, Field, FieldRef, Message, MessageId, Operation, OperationId, Protocol, Shape};
use crate::model::map::{Edge, EdgeKind};
use crate::model::usage::AccessKind;
use crate::report::uses::Section;
use crate::report::view::is_test;

/// Something of a contract that can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Element {
    /// An operation.
    Operation(OperationId),
    /// A field, wherever its message travels.
    Field(FieldRef),
    /// A field in what one operation takes or gives.
    FieldOf(OperationId, FieldRef),
}

/// Elements by name, and edges by element.
pub(super) struct Elements<'a> {
    catalog: &'a Catalog,
    /// Operation keys and field names, each name with all elements that bear it.
    pub(super) names: BTreeMap<String, BTreeSet<Element>>,
    /// Other names of the same, which no answer shows: operation ids, `profile.v1.ProfileService.GetProfile`.
    pub(super) aliases: BTreeMap<String, BTreeSet<Element>>,
    /// Messages by name.
    pub(super) messages: BTreeMap<&'a str, BTreeSet<MessageId>>,
    by_operation: BTreeMap<OperationId, Vec<&'a Edge>>,
    by_field: BTreeMap<FieldRef, Vec<&'a Edge>>,
    /// Whole messages that are passed on, with the messages that may be in them.
    whole: Vec<(&'a Edge, BTreeSet<MessageId>)>,
}

impl<'a> Elements<'a> {
    /// The edges of test code count only with `tests`.
    pub(super) fn new(analysis: &'a Analysis, tests: bool) -> Self {
        let catalog = &analysis.head;
        let mut elements = Self {
            catalog,
            names: names(catalog),
            aliases: aliases(catalog),
            messages: messages(catalog),
            by_operation: BTreeMap::new(),
            by_field: BTreeMap::new(),
            whole: Vec::new(),
        };
        let mut inside: BTreeMap<OperationId, BTreeSet<MessageId>> = BTreeMap::new();
        for edge in analysis.map.edges.iter().filter(|edge| tests || !is_test(analysis, &edge.location)) {
            let whole = edge.kind == EdgeKind::Access(AccessKind::Whole);
            if let Some(operation) = edge.operation.filter(|_| whole || edge.kind == EdgeKind::Call) {
                elements.by_operation.entry(operation).or_default().push(edge);
            }
            if let Some(field) = edge.field {
                elements.by_field.entry(field).or_default().push(edge);
            } else if let Some(operation) = edge.operation.filter(|_| whole) {
                let messages = inside.entry(operation).or_insert_with(|| messages_of(catalog, operation));
                elements.whole.push((edge, messages.clone()));
            }
        }
        elements
    }

    /// The section of an answer about one element, under the name it was asked for.
    pub(super) fn section(&self, element: Element, name: String) -> Section<'a> {
        match element {
            Element::Operation(id) => {
                let operation = self.catalog.operations.get(id.index());
                Section {
                    element: name,
                    shape: None,
                    marks: operation.map(|operation| &operation.marks),
                    site: operation.map(|operation| &operation.site),
                    edges: self.by_operation.get(&id).cloned().unwrap_or_default(),
                }
            }
            Element::Field(field) => self.field_section(field, name, |_| true),
            Element::FieldOf(operation, field) => {
                self.field_section(field, name, |edge| edge.operation == Some(operation))
            }
        }
    }

    fn field_section(&self, field: FieldRef, name: String, keep: impl Fn(&Edge) -> bool) -> Section<'a> {
        let declared = field_of(self.catalog, field).map(|(_, field)| field);
        let direct = self.by_field.get(&field).into_iter().flatten().copied();
        let whole = self.whole.iter().filter(|(_, messages)| messages.contains(&field.message)).map(|(edge, _)| *edge);
        let mut edges: Vec<&Edge> = direct.chain(whole).filter(|edge| keep(edge)).collect();
        edges.sort_by_key(|edge| edge.location.span);
        Section {
            element: name,
            shape: declared.map(|field| field.shape.to_string()),
            marks: declared.map(|field| &field.marks),
            site: declared.map(|field| &field.site),
            edges,
        }
    }

    /// The fields that a way from an operation leads to: `GET /profiles/{id}#200.items[].name`.
    pub(super) fn walk(&self, key: &str, way: &str) -> BTreeSet<Element> {
        let Some(elements) = self.names.get(key) else { return BTreeSet::new() };
        let operations = elements.iter().filter_map(|element| match element {
            Element::Operation(id) => Some(*id),
            Element::Field(_) | Element::FieldOf(..) => None,
        });
        let fields = operations.flat_map(|id| self.walk_from(id, way).into_iter().map(move |it| (id, it)));
        fields.map(|(operation, field)| Element::FieldOf(operation, field)).collect()
    }

    /// The fields that a way from a message leads to: `Profile.address.city`, the front of whose name may
    /// be left out.
    pub(super) fn walk_message(&self, name: &str, way: &str) -> BTreeSet<FieldRef> {
        let tail = format!(".{name}");
        let fits = |known: &str| known == name || known.ends_with(&tail);
        let messages = self.messages.iter().filter(|(known, _)| fits(known)).flat_map(|(_, ids)| ids.iter().copied());
        self.walk_fields(messages.collect(), way)
    }

    fn walk_from(&self, id: OperationId, way: &str) -> BTreeSet<FieldRef> {
        let Some(operation) = self.catalog.operations.get(id.index()) else { return BTreeSet::new() };
        let (start, path) = way.split_once('.').unwrap_or((way, ""));
        let start = start.trim_end_matches("[]").trim_end_matches("{}");
        let answers = operation.responses.iter().filter(|it| it.status == start).flat_map(|it| &it.bodies);
        let bodies = operation.request.iter().filter(|_| start == "request").chain(answers);
        self.walk_fields(bodies.flat_map(|body| messages_in(&body.shape)).collect(), path)
    }

    /// The fields that a dotted way from messages leads to.
    fn walk_fields(&self, mut messages: BTreeSet<MessageId>, way: &str) -> BTreeSet<FieldRef> {
        let mut found = BTreeSet::new();
        let steps = way.split('.').map(|step| step.trim_end_matches(['[', ']', '{', '}']));
        for step in steps.filter(|step| !step.is_empty()) {
            found = messages.iter().filter_map(|id| self.field_named(*id, step)).collect();
            let inner = found.iter().filter_map(|field| field_of(self.catalog, *field));
            messages = inner.flat_map(|(_, field)| messages_in(&field.shape)).collect();
        }
        found
    }

    /// Every field of a message, under its name in output.
    pub(super) fn fields_of(&self, id: MessageId) -> Vec<(String, Element)> {
        let Some(message) = self.catalog.messages.get(id.index()) else { return Vec::new() };
        let fields = (0u32..).zip(&message.fields);
        fields
            .map(|(index, field)| (full_name(message, field), Element::Field(FieldRef { message: id, index })))
            .collect()
    }

    /// The name of a field in output.
    pub(super) fn name_of(&self, field: FieldRef) -> Option<String> {
        field_of(self.catalog, field).map(|(message, declared)| full_name(message, declared))
    }

    /// The operations on a path: `GET /profiles/42`, `/profiles/{id}`. Parameters of the contract are met by
    /// anything.
    pub(super) fn on_path(&self, selector: &str) -> BTreeSet<(String, Element)> {
        let (wanted, path) = selector.split_once(' ').map_or((None, selector), |(method, path)| (Some(method), path));
        let fits = |operation: &Operation| match &operation.protocol {
            Protocol::Http { method, path: template } => {
                wanted.is_none_or(|wanted| wanted.eq_ignore_ascii_case(method)) && is_on(template, path.trim())
            }
            Protocol::Rpc { .. } => false,
        };
        let found = self.catalog.operations().filter(|(_, operation)| fits(operation));
        found.map(|(id, operation)| (operation.key.clone(), Element::Operation(id))).collect()
    }

    fn field_named(&self, id: MessageId, name: &str) -> Option<FieldRef> {
        let message = self.catalog.messages.get(id.index())?;
        let named = |field: &Field| field.name == name || field.json_name.as_deref() == Some(name);
        let at = message.fields.iter().position(named)?;
        Some(FieldRef { message: id, index: u32::try_from(at).ok()? })
    }

    /// Every field of a class of sensitive data, by name.
    pub(super) fn sensitive(&self, class: &str) -> Vec<(String, Element)> {
        let is_of_class = |field: &Field| field.marks.sensitive.iter().any(|it| it.class == class);
        let fields = fields(self.catalog).filter(|(_, _, field)| is_of_class(field));
        fields.map(|(at, message, field)| (full_name(message, field), Element::Field(at))).collect()
    }

    /// Every class that a field is marked with.
    pub(super) fn classes(&self) -> BTreeSet<&'a str> {
        fields(self.catalog)
            .flat_map(|(_, _, field)| field.marks.sensitive.iter().map(|it| it.class.as_str()))
            .collect()
    }

    /// The element an edge is about, under its name in output.
    pub(super) fn of_edge(&self, edge: &Edge) -> Option<(String, Element)> {
        if let Some(field) = edge.field {
            let (message, declared) = field_of(self.catalog, field)?;
            let name = edge.field_path.clone().unwrap_or_else(|| full_name(message, declared));
            return Some((name, edge.operation.map_or(Element::Field(field), |it| Element::FieldOf(it, field))));
        }
        let id = edge.operation?;
        Some((self.catalog.operations.get(id.index())?.key.clone(), Element::Operation(id)))
    }
}

fn names(catalog: &Catalog) -> BTreeMap<String, BTreeSet<Element>> {
    let mut names: BTreeMap<String, BTreeSet<Element>> = BTreeMap::new();
    for (id, operation) in catalog.operations() {
        names.entry(operation.key.clone()).or_default().insert(Element::Operation(id));
    }
    for (at, message, field) in fields(catalog) {
        names.entry(full_name(message, field)).or_default().insert(Element::Field(at));
    }
    names
}

/// Other names of operations: their ids; of an rpc also its name with dots, as a path, and on its own.
fn aliases(catalog: &Catalog) -> BTreeMap<String, BTreeSet<Element>> {
    let mut aliases: BTreeMap<String, BTreeSet<Element>> = BTreeMap::new();
    for (id, operation) in catalog.operations() {
        let mut names: Vec<String> = operation.operation_id.iter().cloned().collect();
        if let Protocol::Rpc { service, method, .. } = &operation.protocol {
            names.extend([format!("{service}.{method}"), format!("/{service}/{method}"), method.clone()]);
        }
        for name in names {
            aliases.entry(name).or_default().insert(Element::Operation(id));
        }
    }
    aliases
}

fn messages(catalog: &Catalog) -> BTreeMap<&str, BTreeSet<MessageId>> {
    let mut messages: BTreeMap<&str, BTreeSet<MessageId>> = BTreeMap::new();
    for (id, message) in catalog.messages() {
        messages.entry(&message.name).or_default().insert(id);
    }
    messages
}

/// Whether a path is one of a template: segment by segment, `{name}` by anything.
fn is_on(template: &str, path: &str) -> bool {
    let segments = |text: &'_ str| -> Vec<String> {
        text.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
    };
    let (template, path) = (segments(template), segments(path));
    !path.is_empty()
        && template.len() == path.len()
        && template.iter().zip(&path).all(|(wanted, given)| wanted == given || wanted.starts_with('{'))
        // A path of nothing but parameters would be anything.
        && template.iter().zip(&path).any(|(wanted, given)| wanted == given)
}

fn full_name(message: &Message, field: &Field) -> String {
    format!("{}.{}", message.name, field.name)
}

fn fields(catalog: &Catalog) -> impl Iterator<Item = (FieldRef, &Message, &Field)> {
    catalog.messages().flat_map(|(id, message)| {
        let field = move |(index, field)| (FieldRef { message: id, index }, message, field);
        (0u32..).zip(&message.fields).map(field)
    })
}

fn field_of(catalog: &Catalog, at: FieldRef) -> Option<(&Message, &Field)> {
    let message = catalog.messages.get(at.message.index())?;
    Some((message, message.fields.get(at.index as usize)?))
}

/// The messages a shape is made of, without those inside them.
fn messages_in(shape: &Shape) -> Vec<MessageId> {
    let mut messages = Vec::new();
    let mut open = vec![shape];
    while let Some(shape) = open.pop() {
        match shape {
            Shape::Message(id) => messages.push(*id),
            Shape::List(inner) | Shape::Map(inner) => open.push(inner),
            Shape::Union(members) => open.extend(members),
            Shape::Any | Shape::Scalar { .. } | Shape::Enum { .. } | Shape::Unresolved(_) => {}
        }
    }
    messages
}

/// Every message that may travel in what an operation takes or gives.
fn messages_of(catalog: &Catalog, id: OperationId) -> BTreeSet<MessageId> {
    let Some(operation) = catalog.operations.get(id.index()) else { return BTreeSet::new() };
    let bodies = operation.request.iter().chain(operation.responses.iter().flat_map(|response| &response.bodies));
    let mut open: Vec<MessageId> = bodies.flat_map(|body| messages_in(&body.shape)).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let fields = catalog.messages.get(id.index()).into_iter().flat_map(|message| &message.fields);
            open.extend(fields.flat_map(|field| messages_in(&field.shape)));
        }
    }
    seen
}
