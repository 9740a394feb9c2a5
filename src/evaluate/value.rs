//! What the interpreter knows of a value.

mod fewer;
mod join;

use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use litemap::LiteMap;

use super::origins::Origins;
use super::program::FuncId;
use crate::model::ir::{Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{CallId, Origin, Part, Step, Template};

/// Ways that are longer than this are loops of a recursive type.
const MAX_STEPS: usize = 12;
/// Structs within structs that are kept: deeper ones are lists and trees that grow with each round.
const MAX_NESTING: usize = 4;
/// Parts of a value that a function is given: more of them are a whole program's state, in which
/// functions hold functions, and to compare it costs more than it tells.
pub(super) const MAX_GIVEN: usize = 2_000;
/// The same of each value that a function keeps of where it is made.
pub(super) const MAX_KEPT: usize = 100;
/// Alternatives of one value that are kept apart.
const MAX_ALTERNATIVES: usize = 8;
/// The part of a record that holds what it is as a value of a library's class, which its own class
/// extends.
pub(super) const BASE: &str = "<base>";
/// The part of a record that stands for entries that are not known.
pub(super) const REST: &str = "...";
/// The part of a record that says that an enum is one of the variants that the record has, and no other one.
pub(super) const VARIANTS: &str = "<variants>";

/// A value: its type, what is known of it, and the contract data that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Value {
    /// Declared type, optionality and errors taken off.
    pub(super) ty: Type,
    /// What is known.
    pub(super) what: What,
    /// Where the data came from, sorted.
    pub(super) origins: Origins,
}

/// What is known of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum What {
    /// Nothing.
    #[default]
    Opaque,
    /// `nil`, `None`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, in thousandths.
    Thousandths(i64),
    /// A duration in milliseconds.
    Millis(u64),
    /// Text.
    Text(Text),
    /// A client, request, policy, ...
    Object(ObjectId),
    /// The response of a call, or its body as bytes or text.
    Response(CallId),
    /// Made here: fields by their names in the source, with the place that sets them.
    Record(Rc<Fields>),
    /// Elements of a list or map, as one value.
    List(Rc<Value>),
    /// Several values together.
    Tuple(Rc<Vec<Value>>),
    /// A function.
    Function(Rc<Callable>),
    /// A place that code fills later.
    Cell(CellId),
    /// One of several.
    OneOf(Rc<Vec<Self>>),
}

/// Text, and where its last fixed piece is written: for a URL, its path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Text {
    pub(super) template: Template,
    pub(super) written: Option<Span>,
}

/// An object of the interpreter's arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjectId(pub(super) u32);

/// A place of a library that code fills later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct CellId(pub(super) u32);

/// A function as a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Callable {
    /// A declared function, perhaps bound to its receiver.
    Func(FuncId, Option<Value>),
    /// A function or type of a library, or an own type, by name.
    Foreign(Symbol),
    /// A method of a value, not yet called, that is no function of this unit.
    Method(Value, Arc<str>),
    /// What puts something into a cell, perhaps through a function that is given what the cell holds.
    Setter(CellId, Option<Box<Value>>),
    /// A function, and names of functions among its arguments that are told what it gives.
    Told(Rc<Callable>, Arc<[Arc<str>]>),
    /// A closure: its place, the function it stands in, and the variables it sees.
    Closure { span: Span, home: Symbol, captured: Captured },
}

/// The variables that a closure sees.
pub(super) type Captured = Rc<Variables>;

/// Variables by name. Most functions and blocks have few.
pub(super) type Variables = LiteMap<Arc<str>, Value>;

/// Fields by their names in the source, with the place that sets each.
pub(super) type Fields = LiteMap<Arc<str>, (Span, Value)>;

/// Whether a part of a record is a field or an entry that code has named.
pub(super) fn is_named(part: &str) -> bool {
    !matches!(part, BASE | REST | VARIANTS)
}

impl Callable {
    fn hash_outside(&self, hasher: &mut impl Hasher) {
        match self {
            Self::Func(id, _) => id.hash(hasher),
            Self::Foreign(symbol) => symbol.hash(hasher),
            Self::Method(_, name) => name.hash(hasher),
            Self::Setter(cell, _) => cell.hash(hasher),
            Self::Told(function, _) => function.hash_outside(hasher),
            Self::Closure { span, .. } => span.hash(hasher),
        }
    }
}

impl Text {
    pub(super) fn new(text: &str, written: Span) -> Self {
        let written = (!text.is_empty()).then_some(written);
        Self { template: Template::text(text), written }
    }

    pub(super) fn hole() -> Self {
        Self { template: Template::hole(), written: None }
    }

    fn has_query(&self) -> bool {
        self.template.0.iter().any(|part| matches!(part, Part::Text(text) if text.contains('?')))
    }

    fn begins_query(&self) -> bool {
        matches!(self.template.0.first(), Some(Part::Text(text)) if text.starts_with(['?', '&', '#']))
    }

    pub(super) fn env(name: &str) -> Self {
        Self { template: Template(vec![Part::Env(Arc::from(name))]), written: None }
    }

    pub(super) fn append(&mut self, other: &Self) {
        // A query that is put behind a path does not make the path another one, nor does a fixed number.
        let stays = self.written.is_some() && (self.has_query() || other.begins_query() || other.is_number());
        self.template.append(&other.template);
        self.written = if stays { self.written } else { other.written.or(self.written) };
    }

    fn is_number(&self) -> bool {
        self.template.as_text().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
    }
}

impl Value {
    pub(super) fn unknown() -> Self {
        Self::default()
    }

    pub(super) fn typed(ty: Type) -> Self {
        Self { ty: peel(ty), ..Self::default() }
    }

    pub(super) fn of(what: What) -> Self {
        let ty = match &what {
            What::Text(_) => Type::Str,
            What::Bool(_) => Type::Bool,
            What::Int(_) | What::Thousandths(_) => Type::Number,
            _ => Type::Unknown,
        };
        Self { ty, what, origins: Origins::default() }
    }

    pub(super) fn text(text: Text) -> Self {
        Self::of(What::Text(text))
    }

    pub(super) fn with_type(mut self, ty: Type) -> Self {
        self.ty = peel(ty);
        self
    }

    /// Takes over a declared type where nothing better is known.
    pub(super) fn or_type(mut self, ty: &Type) -> Self {
        if is_vaguer(&self.ty, ty.peeled()) {
            self.ty = ty.peeled().clone();
        }
        self
    }

    /// Alternatives, or the one thing that is known.
    pub(super) fn alternatives(&self) -> &[What] {
        match &self.what {
            What::OneOf(all) => all,
            one => std::slice::from_ref(one),
        }
    }

    /// Objects among the alternatives; a value of an own class that extends a library's is one, too.
    pub(super) fn objects(&self) -> impl Iterator<Item = ObjectId> {
        let base = |what: &What| match what {
            What::Record(fields) => fields.get(BASE).map_or_else(Vec::new, |(_, base)| base.objects().collect()),
            _ => Vec::new(),
        };
        self.alternatives().iter().flat_map(move |what| match what {
            What::Object(id) => vec![*id],
            other => base(other),
        })
    }

    /// Where the data of the responses among the alternatives comes from.
    pub(super) fn responses(&self) -> impl Iterator<Item = Origin> {
        self.alternatives().iter().filter_map(|what| match what {
            What::Response(call) => Some(Origin::Response(*call, Vec::new())),
            _ => None,
        })
    }

    /// Functions among the alternatives.
    pub(super) fn functions(&self) -> impl Iterator<Item = &Callable> {
        self.alternatives().iter().filter_map(|what| match what {
            What::Function(callable) => Some(&**callable),
            _ => None,
        })
    }

    /// The name of the type or library function that it is, as a value of its own.
    pub(super) fn as_name(&self) -> Option<&Symbol> {
        match &self.what {
            What::Function(callable) => match &**callable {
                Callable::Foreign(symbol) => Some(symbol),
                _ => None,
            },
            _ => None,
        }
    }

    /// Texts among the alternatives; a hole if there is none.
    pub(super) fn texts(&self) -> Vec<Text> {
        let all = self.alternatives();
        // A number that stands for the first of many says nothing of the others.
        let is_any = all.contains(&What::Opaque);
        let said = all.iter().filter(|what| !is_any || !matches!(what, What::Int(_)));
        let texts: Vec<Text> = said.filter_map(What::as_text).collect();
        if texts.is_empty() { vec![Text::hole()] } else { texts }
    }

    /// The text, if it is one and only one.
    pub(super) fn as_fixed_text(&self) -> Option<&str> {
        match &self.what {
            What::Text(text) => text.template.as_text(),
            _ => None,
        }
    }

    /// The value with what is nested too deep in it left unknown. Everything that is put into another
    /// value goes through here: values of recursive types would grow without end.
    pub(super) fn bounded(self) -> Self {
        if self.is_deeper_than(MAX_NESTING) { self.cut(MAX_NESTING) } else { self }
    }

    /// The value without what is inside its parts, if it has more than so many of them.
    pub(super) fn light(self, most: usize) -> Self {
        if !self.is_heavier_than(most) {
            return self;
        }
        let shallow = self.cut(1);
        if shallow.is_heavier_than(most) { Self { what: What::Opaque, ..shallow } } else { shallow }
    }

    fn is_heavier_than(&self, mut most: usize) -> bool {
        self.what.has_inside() && self.spend(&mut most).is_none()
    }

    /// Counts its parts, those that functions keep included, down from a budget; none once that is
    /// used up. Parts that are shared count each time, as they do in a comparison.
    fn spend(&self, budget: &mut usize) -> Option<()> {
        self.what.spend(budget)
    }

    fn is_deeper_than(&self, depth: usize) -> bool {
        let Some(below) = depth.checked_sub(1) else { return self.what.has_parts() };
        match &self.what {
            What::Record(fields) => fields.values().any(|(_, value)| value.is_deeper_than(below)),
            What::List(element) => element.is_deeper_than(below),
            What::Tuple(items) => items.iter().any(|item| item.is_deeper_than(below)),
            What::OneOf(all) => all.iter().any(What::has_parts),
            _ => false,
        }
    }

    fn cut(self, depth: usize) -> Self {
        let what = match (depth.checked_sub(1), self.what) {
            (None, what) if what.has_parts() => What::Opaque,
            (Some(below), What::Record(fields)) => {
                let cut = |(name, (span, value)): (&Arc<str>, &(Span, Self))| {
                    (Arc::clone(name), (*span, value.clone().cut(below)))
                };
                What::Record(Rc::new(fields.iter().map(cut).collect()))
            }
            (Some(below), What::List(element)) => What::List(Rc::new((*element).clone().cut(below))),
            (Some(below), What::Tuple(items)) => {
                What::Tuple(Rc::new(items.iter().map(|item| item.clone().cut(below)).collect()))
            }
            (Some(_), What::OneOf(all)) => {
                let flat: Vec<What> = all.iter().filter(|what| !what.has_parts()).cloned().collect();
                if flat.is_empty() { What::Opaque } else { What::OneOf(Rc::new(flat)) }
            }
            (_, what) => what,
        };
        Self { what, ..self }
    }

    /// Whether it is worth telling apart from any other value of its type.
    pub(super) fn is_informative(&self) -> bool {
        !self.origins.are_unknown() || !matches!(self.what, What::Opaque | What::Null)
    }

    /// The value inside it that a step leads to, as far as origins and type go.
    pub(super) fn stepped(&self, step: &Step, ty: Type) -> Self {
        if self.origins.are_unknown() {
            return Self::typed(ty);
        }
        let ty = peel(ty);
        let is_chosen = matches!(ty, Type::Named(..) | Type::Bool);
        let mut origins = self.origins.stepped(|origin| extend(origin, step));
        if is_chosen {
            origins = origins.unasked();
        }
        Self { ty, what: What::Opaque, origins }
    }

    /// An element of a list or map.
    pub(super) fn element(&self) -> Self {
        let ty = match &self.ty {
            Type::List(inner) | Type::Map(inner) => (**inner).clone(),
            Type::Dynamic => Type::Dynamic,
            _ => Type::Unknown,
        };
        let mut known = self.alternatives().iter().filter_map(|what| match what {
            What::List(element) => Some((**element).clone()),
            What::Tuple(items) => items.iter().cloned().reduce(Self::join),
            // A map that is written out, entry by entry.
            What::Record(fields) if !matches!(self.ty, Type::Named(..)) => {
                let entries = fields.iter().filter(|(name, _)| is_named(name));
                entries.take(MAX_ALTERNATIVES).map(|(_, (_, value))| value.clone()).reduce(Self::join)
            }
            _ => None,
        });
        let Some(first) = known.next() else { return self.stepped(&Step::Element, ty) };
        let made = known.fold(first, Self::join).or_type(&ty);
        if self.origins.is_empty() { made } else { made.join(self.stepped(&Step::Element, ty)) }
    }

    /// Whether nothing more is known when another value is joined to this one, and what is nested too deep is
    /// left out.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.covers_within(other, MAX_NESTING)
    }

    fn covers_within(&self, other: &Self, depth: usize) -> bool {
        let has_type = self.ty != Type::Unknown && self.what != What::Null;
        let same_type = has_type || self.ty == other.ty || other.ty == Type::Unknown || other.what == What::Null;
        same_type && self.origins.cover(&other.origins) && self.what.covers(&other.what, depth)
    }

    /// Hashes the value without what is inside its parts: to hash a whole state costs more than to
    /// compare two of them now and then, and parts are shared.
    pub(super) fn hash_outside(&self, hasher: &mut impl Hasher) {
        self.ty.hash(hasher);
        self.origins.hash(hasher);
        std::mem::discriminant(&self.what).hash(hasher);
        match &self.what {
            What::Record(fields) => fields.iter().for_each(|(name, (_, field))| {
                name.len().hash(hasher);
                std::mem::discriminant(&field.what).hash(hasher);
            }),
            What::List(element) => std::mem::discriminant(&element.what).hash(hasher),
            What::Tuple(items) => items.len().hash(hasher),
            What::Function(callable) => callable.hash_outside(hasher),
            What::OneOf(all) => all.len().hash(hasher),
            plain => plain.hash(hasher),
        }
    }
}

impl What {
    /// Made of other values.
    pub(super) fn has_parts(&self) -> bool {
        match self {
            Self::Record(_) | Self::List(_) | Self::Tuple(_) => true,
            Self::OneOf(all) => all.iter().any(Self::has_parts),
            _ => false,
        }
    }

    /// Whether values stand in it, be it as its parts or kept by a function.
    fn has_inside(&self) -> bool {
        matches!(self, Self::Record(_) | Self::List(_) | Self::Tuple(_) | Self::Function(_) | Self::OneOf(_))
    }

    fn spend(&self, budget: &mut usize) -> Option<()> {
        *budget = budget.checked_sub(1)?;
        match self {
            Self::Record(fields) => fields.values().try_for_each(|(_, value)| value.spend(budget)),
            Self::List(element) => element.spend(budget),
            Self::Tuple(items) => items.iter().try_for_each(|item| item.spend(budget)),
            Self::OneOf(all) => all.iter().try_for_each(|what| what.spend(budget)),
            Self::Function(callable) => match &**callable {
                Callable::Func(_, receiver) => receiver.iter().try_for_each(|receiver| receiver.spend(budget)),
                Callable::Method(receiver, _) => receiver.spend(budget),
                Callable::Closure { captured, .. } => captured.values().try_for_each(|value| value.spend(budget)),
                Callable::Setter(_, through) => through.iter().try_for_each(|through| through.spend(budget)),
                Callable::Foreign(_) | Callable::Told(..) => Some(()),
            },
            _ => Some(()),
        }
    }

    /// Whether joining another one to it changes nothing, if parts below so many levels are left out.
    fn covers(&self, other: &Self, depth: usize) -> bool {
        let Some(below) = depth.checked_sub(1) else { return other.has_parts() || self == other };
        match (self, other) {
            (Self::Record(all), Self::Null | Self::Opaque) => !all.contains_key(VARIANTS),
            (_, Self::Null | Self::Opaque) => true,
            (Self::Record(all), Self::Record(fields))
                if all.contains_key(VARIANTS) == fields.contains_key(VARIANTS) =>
            {
                let covers = |(name, (_, field)): (&Arc<str>, &(Span, Value))| {
                    all.get(name).is_some_and(|(_, known)| known.covers_within(field, below))
                };
                Rc::ptr_eq(all, fields) || fields.iter().all(covers)
            }
            (Self::List(all), Self::List(element)) => all.covers_within(element, below),
            (Self::Tuple(all), Self::Tuple(items)) if all.len() == items.len() => {
                all.iter().zip(items.iter()).all(|(known, item)| known.covers_within(item, below))
            }
            (Self::OneOf(all), Self::OneOf(some)) => some.iter().all(|one| all.contains(one)),
            (Self::OneOf(all), one) => all.contains(one),
            _ => self == other,
        }
    }

    /// A text, number or truth value: one that may be there is told from one that is.
    pub(super) const fn is_plain(&self) -> bool {
        matches!(self, Self::Text(_) | Self::Bool(_) | Self::Int(_) | Self::Thousandths(_))
    }

    fn as_text(&self) -> Option<Text> {
        match self {
            Self::Text(text) => Some(text.clone()),
            // A number put into a path is a value like any other, but a known one.
            Self::Int(number) => Some(Text { template: Template::text(&number.to_string()), written: None }),
            _ => None,
        }
    }
}

fn extend(origin: &Origin, step: &Step) -> Option<Origin> {
    let longer = |steps: &Vec<Step>| {
        let mut steps = steps.clone();
        steps.push(step.clone());
        (steps.len() <= MAX_STEPS).then_some(steps)
    };
    Some(match origin {
        Origin::Response(call, steps) => Origin::Response(*call, longer(steps)?),
        Origin::Request(call, steps) => Origin::Request(*call, longer(steps)?),
        Origin::Handler(symbol, steps) => Origin::Handler(symbol.clone(), longer(steps)?),
        Origin::Typed(symbol, steps) => Origin::Typed(symbol.clone(), longer(steps)?),
        Origin::Asked(handler, name) => match step {
            Step::Field(field) if name.is_empty() => Origin::Asked(handler.clone(), field.on_wire()),
            _ => origin.clone(),
        },
    })
}

/// Whether a type says less than another: an empty list is one of anything.
fn is_vaguer(ty: &Type, other: &Type) -> bool {
    match (ty, other) {
        (_, Type::Unknown) | (Type::Parameter(_), Type::Parameter(_)) => false,
        (Type::Unknown | Type::Dynamic | Type::Parameter(_), _) => true,
        (Type::List(left), Type::List(right)) | (Type::Map(left), Type::Map(right)) => {
            is_vaguer(left.peeled(), right.peeled())
        }
        _ => false,
    }
}

/// Takes optionality and errors off a type, where they stand outermost.
fn peel(ty: Type) -> Type {
    match ty {
        Type::Optional(inner) | Type::Result(inner) => peel(*inner),
        other => other,
    }
}
