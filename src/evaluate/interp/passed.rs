//! What of a value a function is told when it is called.
//!
//! A function is followed once for each set of inputs that it is given. Servers hand a state with
//! hundreds of fields through all of their code, so inputs are brought down to what can make a
//! difference: clients, responses, functions that call somebody, and text that may become a URL. The
//! rest of an object is known by its declared type, and by what is kept of its fields.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use crate::evaluate::Table;
use crate::evaluate::library::{Kind, Setting};
use crate::evaluate::value::{Callable, Fields, MAX_GIVEN, ObjectId, VARIANTS, Value, What};
use crate::model::ir::Type;
use crate::model::usage::Origin;

/// Levels of a value that are looked at for what makes it worth following.
const HOT_DEPTH: usize = 4;
/// Levels of objects whose texts and numbers are told: a client's base URL, that of its settings.
const PLAIN_DEPTH: usize = 2;

/// Records that are remembered: the few that go everywhere are soon there again, and most are given to
/// one function only.
const MAX_TOLD: usize = 1_000;

/// What functions are told of records, by the place of a record in memory, the type that it is passed as,
/// and whether it may be sent: the state of a server is handed to all of its functions.
pub(super) type AllTold = Table<(usize, Type, bool), Told>;

/// What functions are told of one record.
#[derive(Debug)]
pub(super) struct Told {
    /// Keeps the record, so that no other one takes its place.
    _whole: Rc<Fields>,
    /// How many buffers had been filled: an empty one tells nothing.
    version: usize,
    what: What,
}

impl Interp<'_> {
    /// Whether a value holds contract data, a client, or code: whoever gets it is followed.
    pub(super) fn is_hot(&self, value: &Value) -> bool {
        self.is_hot_within(value, HOT_DEPTH)
    }

    fn is_hot_within(&self, value: &Value, depth: usize) -> bool {
        let Some(below) = depth.checked_sub(1) else { return false };
        value.origins.iter().any(|origin| self.is_hot_origin(origin, &value.ty))
            || value.origins.derived().iter().any(|origin| matches!(origin, Origin::Response(..)))
            || value.alternatives().iter().any(|what| match what {
                What::Response(_) => true,
                What::Function(callable) => self.is_hot_function(callable),
                What::Object(id) => self.is_hot_object(*id),
                What::Record(fields) => fields.values().any(|(_, value)| self.is_hot_within(value, below)),
                What::List(element) => self.is_hot_within(element, below),
                What::Tuple(items) => items.iter().any(|item| self.is_hot_within(item, below)),
                _ => false,
            })
    }

    /// Deadlines go everywhere, and an empty buffer holds nothing.
    fn is_hot_object(&self, id: ObjectId) -> bool {
        match self.objects.get(id).kind {
            Kind::Context => false,
            Kind::Body => self.objects.setting(id, Setting::Body).is_some(),
            _ => true,
        }
    }

    fn is_hot_function(&self, callable: &Callable) -> bool {
        match callable {
            Callable::Func(id, receiver) => {
                self.reach.is_followed(*id) || receiver.as_ref().is_some_and(|receiver| self.is_hot_within(receiver, 1))
            }
            Callable::Method(receiver, _) => self.is_hot_within(receiver, 1),
            // A constant of an enum runs nothing.
            Callable::Foreign(symbol) => !self.is_enum_constant(symbol),
            Callable::Closure { .. } | Callable::Setter(..) | Callable::Told(..) => true,
        }
    }

    /// A part of what a service was asked tells nothing new wherever it is handed; the whole of it may be
    /// a framework's object, which the answer is given to.
    fn is_hot_origin(&self, origin: &Origin, ty: &Type) -> bool {
        match origin {
            Origin::Handler(_, steps) => steps.is_empty() && !self.is_context(ty),
            Origin::Response(..) | Origin::Request(..) => true,
            Origin::Typed(..) | Origin::Asked(..) => false,
        }
    }

    /// Deadlines and metadata go through all code of a server, and hold no message.
    fn is_context(&self, ty: &Type) -> bool {
        let model = ty.symbol().and_then(|symbol| self.libraries.type_model(symbol.as_str()));
        model.is_some_and(|(_, model)| model.kind == Some(Kind::Context))
    }

    /// A value as a function is given it. One that may send it, or hand it on, is told which fields of it
    /// are set.
    pub(super) fn passed_on(&mut self, mut value: Value, may_send: bool) -> Value {
        if value.origins.iter().any(|origin| matches!(origin, Origin::Handler(..))) && self.is_context(&value.ty) {
            value.origins.retain(|origin| !matches!(origin, Origin::Handler(..)));
        }
        let What::Record(fields) = &value.what else {
            return self.essence(value.light(MAX_GIVEN), HOT_DEPTH, may_send);
        };
        let key = (Rc::as_ptr(fields) as usize, value.ty.clone(), may_send);
        let version = self.objects.bodies();
        if let Some(told) = self.told.get(&key).filter(|told| told.version == version) {
            return Value { what: told.what.clone(), ..value };
        }
        if self.told.len() >= MAX_TOLD {
            self.told.clear();
        }
        let whole = Rc::clone(fields);
        let value = self.essence(value.light(MAX_GIVEN), HOT_DEPTH, may_send);
        self.told.insert(key, Told { _whole: whole, version, what: value.what.clone() });
        value
    }

    /// Objects of declared types without what tells nothing.
    fn essence(&self, value: Value, depth: usize, may_send: bool) -> Value {
        match &value.what {
            What::Record(fields) => {
                let what = self.essential_fields(&value.ty, fields, depth, may_send);
                Value { what, ..value }
            }
            What::List(element) if may_send && matches!(element.what, What::Record(_)) => {
                let Some(below) = depth.checked_sub(1) else { return value };
                let what = What::List(Rc::new(self.essence((**element).clone(), below, may_send)));
                Value { what, ..value }
            }
            _ => value,
        }
    }

    fn essential_fields(&self, ty: &Type, fields: &Fields, depth: usize, may_send: bool) -> What {
        let declared = ty.symbol();
        // What has nothing but fields is made to be sent. Which of them are set is told to whoever sends it.
        let outlined =
            self.is_sent(ty) || (may_send && declared.is_some_and(|symbol| !self.program.has_behaviour(symbol)));
        // Which variant an enum is may decide what is sent.
        let outlined = outlined || may_send && depth + PLAIN_DEPTH > HOT_DEPTH && fields.contains_key(VARIANTS);
        let told: Fields = fields
            .iter()
            .filter_map(|(name, (span, field))| {
                if declared.is_none() {
                    return Some((Arc::clone(name), (*span, field.clone())));
                }
                let below = depth.checked_sub(1)?;
                let field = self.essence(field.clone(), below, may_send);
                let tells = match &field.what {
                    What::Opaque | What::Null => false,
                    What::Text(_) | What::Int(_) | What::Millis(_) | What::Bool(_) => depth + PLAIN_DEPTH > HOT_DEPTH,
                    What::Function(_) if field.as_name().is_some_and(|name| self.is_enum_constant(name)) => {
                        depth + PLAIN_DEPTH > HOT_DEPTH
                    }
                    What::Record(_) => true,
                    What::List(element) if outlined => matches!(element.what, What::Record(_)),
                    _ => self.is_hot_within(&field, depth),
                };
                if tells || self.is_hot_within(&field, depth) {
                    return Some((Arc::clone(name), (*span, field)));
                }
                outlined.then(|| (Arc::clone(name), (*span, Value { what: What::Opaque, ..field })))
            })
            .collect();
        if told.is_empty() && declared.is_some() { What::Opaque } else { What::Record(Rc::new(told)) }
    }

    /// What a caller has after a call that changed what it passed on: what was not told is as before.
    pub(super) fn after_call(before: &Value, after: Value) -> Value {
        match (&before.what, &after.what) {
            (What::Record(old), What::Record(new)) if before.ty == after.ty => {
                let mut fields = (**old).clone();
                fields.extend(new.iter().map(|(name, field)| (Arc::clone(name), field.clone())));
                Value { what: What::Record(Rc::new(fields)), ..after }
            }
            _ => after,
        }
    }
}
