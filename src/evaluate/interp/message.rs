//! Accessors and builders of messages.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::Site;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, REST, Value, What};
use crate::model::ir::{Expr, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::AccessKind;

/// The function of a type that begins a builder whose methods are named like the fields.
const BUILDER: &str = "builder";
/// The method of a value that begins such a builder with its fields.
const TO_BUILDER: &str = "toBuilder";

/// The method of a data class that gives a copy of a value with named fields set.
const COPY: &str = "copy";

impl<'a> Interp<'a> {
    /// An accessor of a message: `GetItems()`, `set_items(..)`, a step of its builder.
    pub(super) fn accessor(
        &mut self,
        receiver: &Value,
        place: Option<&'a Expr>,
        name: &Arc<str>,
        site: &Site<'a>,
    ) -> Option<Value> {
        let receiver = &self.as_message(receiver);
        let owner = receiver.ty.symbol();
        if owner.is_some_and(|owner| self.program.is_own_type(owner)) {
            return self.own_accessor(receiver, place, name, site);
        }
        let is_library = owner.is_some() && self.library_type(&receiver.ty).is_some();
        if is_library || (owner.is_none() && receiver.origins.is_empty()) {
            return None;
        }
        if let (Some(plain), Some(owner)) = (self.libraries.plain_type(name), owner) {
            return Some(receiver.clone().with_type(Type::Named(owner.join(plain), Vec::new())));
        }
        // A JSON library's `getString("name")` is no accessor of a field `String`.
        let is_listed = self.libraries.any_method(name).is_some();
        if is_listed && (owner.is_none() || !site.args.is_empty()) {
            return None;
        }
        if self.libraries.finishes(name) || (self.libraries.gives_builder(name) && site.args.is_empty()) {
            return Some(receiver.clone());
        }
        // What is read of a tree is no field that is named like the method: `node.getString("x")`.
        if owner.is_none() && self.libraries.any_method(name).is_some() {
            return None;
        }
        if let Some(field) = self.read_as(owner, self.libraries.openers(name)) {
            return Some(self.open_field(receiver, &Arc::from(field), site.name_span));
        }
        if let Some(field) = self.read_as(owner, self.libraries.setters(name)) {
            let field = Arc::from(field);
            let Some(given) = site.args.last() else {
                // `clearNote()`: nothing is what it is set to.
                self.touch(receiver, &field, site.name_span, AccessKind::Write);
                return Some(receiver.clone());
            };
            let value = given.value.clone();
            return Some(self.set_field(receiver, place, &field, value, site.name_span));
        }
        let field = self.read_as(owner, self.libraries.getters(name))?;
        // A getter that is named like its field looks like any method: common ones go before.
        if field == &**name && (is_listed || !site.args.is_empty()) {
            return None;
        }
        let mut value = self.member(receiver, &Arc::from(field), site.name_span);
        // A member of a oneof is no field of the generated type, but its getter is declared.
        if let (Type::Unknown, Some(id)) = (&value.ty, owner.and_then(|owner| self.program.method(owner, name))) {
            value = value.or_type(&self.program.expand(&self.program.func(id).ret));
        }
        // `getItems(0)`: an element of a repeated field.
        Some(if site.args.is_empty() { value } else { value.element() })
    }

    /// An accessor that a compiler writes for a field of an own type: of a record, a data class.
    fn own_accessor(
        &mut self,
        receiver: &Value,
        place: Option<&'a Expr>,
        name: &str,
        site: &Site<'a>,
    ) -> Option<Value> {
        let owner = receiver.ty.symbol()?;
        let declared = |field: &str| {
            let decapitalised = decapitalised(field);
            let found = self.program.field(owner, field).or_else(|| self.program.field(owner, &decapitalised))?;
            Some(Arc::clone(&found.name))
        };
        if name == COPY && !site.args.is_empty() && site.args.iter().all(|arg| arg.name.is_some()) {
            return Some(self.copied(receiver, site));
        }
        match site.args.as_slice() {
            // Its builder stands for the value itself.
            [] if self.has_fluent_builder(owner) && (self.libraries.finishes(name) || name == TO_BUILDER) => {
                Some(receiver.clone())
            }
            [] => {
                let field = self.libraries.getters(name).find_map(declared).or_else(|| declared(name))?;
                Some(self.member(receiver, &field, site.name_span))
            }
            [given] => {
                let fluent = || declared(name).filter(|_| self.has_fluent_builder(owner));
                let field = self.libraries.setters(name).find_map(declared).or_else(fluent)?;
                let value = given.value.clone();
                self.keep(&receiver.ty, &field, &value);
                Some(self.set_field(receiver, place, &field, value, site.name_span))
            }
            _ => None,
        }
    }

    /// A value with some fields set anew: `address.copy(city = "Bern")`.
    fn copied(&mut self, value: &Value, site: &Site<'a>) -> Value {
        let mut fields = match &value.what {
            What::Record(fields) => (**fields).clone(),
            _ if value.origins.is_empty() => Fields::new(),
            _ => Fields::from_iter([(Arc::from(REST), (site.span, value.clone()))]),
        };
        let owner = Value::typed(value.ty.clone());
        for arg in &site.args {
            let Some(name) = &arg.name else { continue };
            let span = arg.span(site.span);
            self.touch(&owner, name, span, AccessKind::Write);
            self.keep(&value.ty, name, &arg.value);
            fields.insert(Arc::clone(name), (span, arg.value.clone().bounded()));
        }
        Value { ty: value.ty.clone(), what: What::Record(Rc::new(fields)), origins: Origins::default() }
    }

    /// Whether values of an own type are built by methods that are named like its fields.
    fn has_fluent_builder(&self, owner: &Symbol) -> bool {
        self.program.function(&self.program.canonical(owner).join(BUILDER)).is_some()
    }

    /// The message with one field set, put where it was.
    fn set_field(
        &mut self,
        message: &Value,
        place: Option<&'a Expr>,
        field: &Arc<str>,
        value: Value,
        span: Span,
    ) -> Value {
        self.touch(message, field, span, AccessKind::Write);
        let mut fields = match &message.what {
            What::Record(fields) => (**fields).clone(),
            What::Opaque if message.origins.is_empty() => self.begun(message),
            _ => return message.clone(),
        };
        fields.insert(Arc::clone(field), (span, value.bounded()));
        let changed = Value { what: What::Record(Rc::new(fields)), ..message.clone() };
        if let Some(place) = place {
            self.store(place, changed.clone());
        }
        changed
    }

    /// What is in a field, to be filled there by its own builder: the field is set.
    fn open_field(&mut self, message: &Value, field: &Arc<str>, span: Span) -> Value {
        self.touch(message, field, span, AccessKind::Write);
        self.quietly(|interp| interp.member(message, field, span))
    }

    /// A builder stands for the message that it builds.
    fn as_message(&self, value: &Value) -> Value {
        let Type::Named(symbol, args) = &value.ty else { return value.clone() };
        match self.libraries.built_message(symbol) {
            Some(message) => Value { ty: Type::Named(message, args.clone()), ..value.clone() },
            None => value.clone(),
        }
    }
}

/// `ProductId` as `productId`.
fn decapitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
