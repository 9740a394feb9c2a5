//! What values look like on the wire, by their declared types and by how they are made.

use std::collections::BTreeMap;

use super::Interp;
use crate::evaluate::Table;
use crate::evaluate::routes::Says;
use crate::evaluate::value::{Fields, Value, What, is_named};
use crate::model::ir::{
    Annotation, Arg, Codec, ExprKind, FieldDef, Literal, Symbol, Type, TypeDef, TypeKind, WireName,
};
use crate::model::source::{Language, Span};
use crate::model::usage::{Data, DataField, FieldName, Note, Record, RecordId};

/// Levels of values that are put together on the spot.
const MAX_MADE: usize = 6;
/// Declared types of one unit.
const MAX_RECORDS: usize = 10_000;
/// Types within the arguments of a type: a generic that holds itself of another argument has no end of them.
const MAX_ARGUMENTS: usize = 8;
/// The argument by which annotations of many frameworks say so: `deprecated = true`.
const DEPRECATED: &str = "deprecated";

/// Declared types whose values travel, with their arguments.
#[derive(Default)]
pub(in crate::evaluate) struct Records {
    ids: Table<Type, RecordId>,
    pub(in crate::evaluate) all: Vec<Record>,
    /// Annotations on them and on their fields.
    pub(in crate::evaluate) notes: BTreeMap<Span, Vec<Note>>,
}

impl Interp<'_> {
    /// What a value of a declared type looks like.
    pub(super) fn data_of_type(&mut self, ty: &Type) -> Data {
        let ty = self.without_wrappers(ty);
        match &ty {
            Type::Str => Data::Text,
            Type::Number => Data::Number,
            Type::Bool => Data::Bool,
            Type::List(item) => Data::List(Box::new(self.data_of_type(item))),
            Type::Map(item) => Data::Map(Box::new(self.data_of_type(item))),
            Type::Named(symbol, _) => self.record_of(symbol, &ty).map_or(Data::Unknown, Data::Declared),
            _ => Data::Unknown,
        }
    }

    /// The same of what a function declares to give, and whether that says all.
    pub(super) fn data_declared(&mut self, ty: &Type) -> (Data, Says) {
        let says = match self.without_wrappers(ty) {
            Type::Named(symbol, args) => {
                let is_open = |ty: &Type| {
                    let is_any = ty.symbol().is_some_and(|symbol| symbol.name() == "Object");
                    is_any || matches!(ty, Type::Unknown | Type::Dynamic | Type::Parameter(_))
                };
                let is_vague = args.len() < self.program.type_params(&symbol).len() || args.iter().any(is_open);
                if is_vague { Says::Less } else { Says::All }
            }
            _ => Says::All,
        };
        (self.data_of_type(ty), says)
    }

    /// A type without what only says how its value is sent: `ResponseEntity<Order>` is `Order`.
    fn without_wrappers(&self, ty: &Type) -> Type {
        let mut ty = self.program.expand(ty);
        while let Type::Named(symbol, args) = &ty {
            let wraps = self.libraries.given(symbol.as_str()).and_then(|model| model.wraps);
            let held = wraps.or_else(|| self.libraries.wrapper(symbol.as_str()).map(|wrapper| wrapper.of));
            let Some(inner) = held.and_then(|at| args.get(at)) else { break };
            ty = self.program.expand(inner);
        }
        ty
    }

    /// The record of a declared type; none of a type that is not known, or has no fields that travel.
    fn record_of(&mut self, symbol: &Symbol, ty: &Type) -> Option<RecordId> {
        if let Some(known) = self.records.ids.get(ty) {
            return Some(*known);
        }
        let (module, declared) = self.program.type_def(symbol)?;
        let has_fields = declared.kind == TypeKind::Struct && !self.program.fields(symbol).is_empty();
        let is_endless = is_deeper(ty, MAX_ARGUMENTS) || self.records.all.len() >= MAX_RECORDS;
        if !has_fields || is_endless || self.is_protobuf(symbol) {
            return None;
        }
        let id = RecordId(u32::try_from(self.records.all.len()).ok()?);
        self.records.ids.insert(ty.clone(), id);
        // It may hold itself.
        let record = Record { name: declared.symbol.name().into(), fields: Vec::new(), span: declared.span };
        self.records.all.push(record);
        self.records.annotate(declared.span, &declared.annotations);
        let fields = self.travelling(module.language, declared, ty, MAX_MADE);
        if let Some(record) = self.records.all.get_mut(id.0 as usize) {
            record.fields = fields;
        }
        Some(id)
    }

    /// Whether a type is generated for a message of protobuf: what its contract declares is its own, also where it is
    /// sent as JSON.
    fn is_protobuf(&self, symbol: &Symbol) -> bool {
        let fields = self.program.fields(symbol).into_iter();
        fields.flat_map(|field| &field.wire).any(|wire| wire.codec == Codec::Protobuf)
    }

    /// The fields of a type that travel, those of types that stand flat in it among them.
    fn travelling(&mut self, language: Language, declared: &TypeDef, ty: &Type, depth: usize) -> Vec<DataField> {
        let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
        let mut fields: Vec<DataField> = Vec::new();
        for field in self.program.fields(&declared.symbol) {
            if field.skipped || is_private(language, field) {
                continue;
            }
            let held = self.field_type(ty, &field.name);
            let inner = held.symbol().filter(|_| field.flatten).and_then(|symbol| self.program.type_def(symbol));
            let found = match inner {
                Some((module, inner)) => self.travelling(module.language, inner, &held, depth),
                None if field.flatten => continue,
                None => {
                    let name = written(language, self.field_name(ty, &field.name));
                    self.records.annotate(field.span, &field.annotations);
                    vec![DataField { name, data: self.data_of_type(&held), span: field.span }]
                }
            };
            for field in found {
                fields.retain(|known| known.name != field.name);
                fields.push(field);
            }
        }
        fields
    }

    /// What a value looks like: how it is made, or else what its type says.
    pub(super) fn data_of(&mut self, value: &Value) -> Data {
        self.data_within(value, MAX_MADE)
    }

    fn data_within(&mut self, value: &Value, depth: usize) -> Data {
        let Some(depth) = depth.checked_sub(1) else { return Data::Unknown };
        let declared = self.data_of_type(&value.ty);
        if let (Data::Declared(id), What::Record(made)) = (&declared, &value.what) {
            return self.completed(*id, made, depth).unwrap_or(declared);
        }
        if declared.has_fields() || value.ty.symbol().is_some_and(|symbol| self.is_protobuf(symbol)) {
            return declared;
        }
        match &value.what {
            What::Record(fields) => {
                let named = fields.iter().filter(|(name, _)| is_named(name));
                let made = named.map(|(name, (span, inner))| DataField {
                    name: self.wire_field(&value.ty, name),
                    data: self.data_within(inner, depth),
                    span: *span,
                });
                Data::Made(made.collect())
            }
            What::List(item) if matches!(declared, Data::Map(_)) => Data::Map(Box::new(self.data_within(item, depth))),
            What::List(item) => Data::List(Box::new(self.data_within(item, depth))),
            What::Text(_) => Data::Text,
            What::Int(_) | What::Thousandths(_) => Data::Number,
            What::Bool(_) => Data::Bool,
            _ => declared,
        }
    }
}

impl Interp<'_> {
    /// What a value of a declared type looks like whose fields hold more than they declare: `new Answer<>(order)`.
    /// None if they do not.
    fn completed(&mut self, id: RecordId, made: &Fields, depth: usize) -> Option<Data> {
        let mut fields = self.records.all.get(id.0 as usize)?.fields.clone();
        let mut says_more = false;
        for field in fields.iter_mut().filter(|field| field.data == Data::Unknown) {
            let Some((_, held)) = made.get(&field.name.source) else { continue };
            let held = self.data_within(held, depth);
            if held.has_fields() {
                says_more = true;
                field.data = held;
            }
        }
        says_more.then_some(Data::Made(fields))
    }
}

impl Records {
    fn annotate(&mut self, at: Span, annotations: &[Annotation]) {
        let notes = notes(annotations);
        if !notes.is_empty() {
            self.notes.insert(at, notes);
        }
    }
}

/// What annotations say, as marks are told by.
pub(in crate::evaluate) fn notes(annotations: &[Annotation]) -> Vec<Note> {
    let mut notes = Vec::new();
    for Annotation { name, args, span } in annotations {
        let literal = |arg: &Arg| match &arg.value.kind {
            ExprKind::Literal(literal) => Some(literal.clone()),
            _ => None,
        };
        let value = args.first().filter(|arg| arg.name.is_none()).and_then(literal);
        let value = match value {
            Some(Literal::Str(text)) => Some(text),
            _ => None,
        };
        notes.push(Note { key: format!("@{}", name.name()).into(), value, span: *span });
        let says = |arg: &&Arg| matches!(literal(arg), Some(Literal::Bool(true)));
        let said = args.iter().filter(says).filter_map(|arg| arg.name.clone()).filter(|name| **name == *DEPRECATED);
        notes.extend(said.map(|key| Note { key, value: None, span: *span }));
    }
    notes
}

fn is_deeper(ty: &Type, levels: usize) -> bool {
    let Some(below) = levels.checked_sub(1) else { return true };
    match ty {
        Type::Named(_, inner) | Type::Tuple(inner) => inner.iter().any(|ty| is_deeper(ty, below)),
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => is_deeper(inner, below),
        _ => false,
    }
}

/// Servers in C# begin the names of properties small (`JsonSerializerDefaults.Web`) unless they are told otherwise.
fn written(language: Language, mut name: FieldName) -> FieldName {
    if language == Language::CSharp && name.wire.is_empty() {
        let letters: Vec<char> = name.source.chars().collect();
        let is_large = |at: usize| letters.get(at).is_some_and(|letter| letter.is_uppercase());
        // `URLOfOrder` is `urlOfOrder`: the last capital in a row begins the next word.
        let run = (0..letters.len()).take_while(|at| is_large(*at)).count();
        let small = if run > 1 && run < letters.len() { run - 1 } else { run };
        let begun = letters.iter().take(small).flat_map(|letter| letter.to_lowercase());
        let wire: String = begun.chain(letters.iter().skip(small).copied()).collect();
        name.wire.push(WireName { codec: Codec::Json, name: wire.into() });
    }
    name
}

/// Go encodes only what other packages can see.
fn is_private(language: Language, field: &FieldDef) -> bool {
    language == Language::Go && !field.flatten && !field.name.starts_with(char::is_uppercase)
}
