//! Takes values apart by patterns.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::nowhere;
use crate::evaluate::library::FieldModel;
use crate::evaluate::value::{BASE, Fields, ObjectId, Value, What};
use crate::model::ir::{FieldPattern, Pattern, Symbol, Type};
use crate::model::source::{Language, Span};
use crate::model::usage::{AccessKind, Step};

/// What is left of an object when fields are taken out: `const { password, ...rest } = user`. Which of its
/// fields are sensitive is not known here; who takes some out means to.
fn without(value: Value, taken: &[FieldPattern]) -> Value {
    if taken.is_empty() {
        return value;
    }
    let what = match &value.what {
        What::Record(fields) => {
            let mut left = (**fields).clone();
            taken.iter().for_each(|field| drop(left.remove(&field.name)));
            What::Record(Rc::new(left))
        }
        other => other.clone(),
    };
    Value { what, origins: if value.origins.is_empty() { value.origins } else { value.origins.cleaned() }, ..value }
}

impl<'a> Interp<'a> {
    /// Binds the names of a pattern to the parts of a value.
    pub(super) fn bind(&mut self, pattern: &'a Pattern, value: Value) {
        match pattern {
            Pattern::Wild => {}
            Pattern::Bind(name, _, inner) => {
                if let Some(inner) = inner {
                    self.bind(inner, value.clone());
                }
                let value = match inner.as_deref() {
                    Some(Pattern::Record(None, taken)) => without(value, taken),
                    _ => value,
                };
                self.frame_mut().env.declare(name, value);
            }
            Pattern::Value(literal) => {
                self.eval(literal, &Type::Unknown);
            }
            Pattern::Variant(symbol, parts, span) => self.bind_variant(symbol, parts, *span, &value),
            Pattern::Record(symbol, fields) => {
                let value = match symbol {
                    Some(symbol) => self.as_variant_or_type(value, symbol),
                    None => value,
                };
                for field in fields {
                    let part = self.member(&value, &field.name, field.name_span);
                    self.bind(&field.pattern, part);
                }
            }
            Pattern::Tuple(parts) if self.has_components(&value, parts.len()) => self.bind_components(parts, &value),
            Pattern::Tuple(parts) => {
                for (part, value) in parts.iter().zip(split(&value, parts.len())) {
                    self.bind(part, value);
                }
            }
            Pattern::List(parts) if matches!(value.what, What::Tuple(_)) => {
                for (part, value) in parts.iter().zip(split(&value, parts.len())) {
                    self.bind(part, value);
                }
            }
            Pattern::List(parts) => {
                for part in parts {
                    self.bind(part, value.element());
                }
            }
            Pattern::Or(all) => {
                for alternative in all {
                    self.bind(alternative, value.clone());
                }
            }
            Pattern::Typed(ty, bound) => {
                if let Some((name, _)) = bound {
                    let taken = self.taken_for(value, self.concrete(ty));
                    self.frame_mut().env.declare(name, taken);
                }
            }
        }
    }

    /// Whether a value is taken apart into its fields by their order: a data class of Kotlin.
    fn has_components(&self, value: &Value, count: usize) -> bool {
        let is_one = |symbol: &Symbol| {
            self.program.type_def(symbol).is_some_and(|(module, _)| module.language == Language::Kotlin)
                && self.program.fields(symbol).len() >= count
        };
        !matches!(value.what, What::Tuple(_)) && value.ty.symbol().is_some_and(is_one)
    }

    fn bind_components(&mut self, parts: &'a [Pattern], value: &Value) {
        let Some(symbol) = value.ty.symbol() else { return };
        let names: Vec<Arc<str>> = self.program.fields(symbol).iter().map(|field| Arc::clone(&field.name)).collect();
        for (part, name) in parts.iter().zip(names) {
            if let Some(at) = bound_at(part) {
                let inner = self.member(value, &name, at);
                self.bind(part, inner);
            }
        }
    }

    fn bind_variant(&mut self, symbol: &Symbol, parts: &'a [Pattern], span: Span, value: &Value) {
        // Optionality and success are left out of values: what is inside is the value itself.
        match symbol.as_str() {
            "Ok" | "Some" => {
                if let Some(part) = parts.first() {
                    self.bind(part, value.clone());
                }
            }
            "Err" | "None" => parts.iter().for_each(|part| self.bind(part, Value::unknown())),
            // A wrapper that handlers are given is taken off already.
            name if self.libraries.given(name).is_some_and(|given| given.wraps.is_some()) => {
                if let Some(part) = parts.first() {
                    self.bind(part, value.clone());
                }
            }
            _ => {
                let variant = symbol.name();
                let inner = self.member_of_variant(value, symbol, variant, span);
                let split = if parts.len() == 1 { vec![inner] } else { split(&inner, parts.len()) };
                for (part, value) in parts.iter().zip(split) {
                    self.bind(part, value);
                }
            }
        }
    }

    /// The payload of an enum's variant: the data is the same, one case of it.
    fn member_of_variant(&mut self, value: &Value, symbol: &Symbol, variant: &str, span: Span) -> Value {
        let owner = Symbol::new(symbol.parent());
        // A generated oneof: the variant is the field.
        if !self.program.is_own_type(&owner) {
            let oneof = Value::typed(Type::Named(owner.clone(), Vec::new()));
            self.touch(&oneof, &Arc::from(variant), span, AccessKind::Read);
        }
        let Some(field) = self.program.field(&owner, variant) else {
            // Code that a macro brings in is declared nowhere in sight: what is in the variant goes by its name.
            let is_ours = symbol.as_str().split("::").next() == self.frame().module.name.as_str().split("::").next();
            let ty = if is_ours { Type::Named(symbol.clone(), Vec::new()) } else { Type::Unknown };
            let owner = Value { ty: Type::Named(owner, Vec::new()), ..value.clone() };
            return owner.stepped(&Step::Element, ty);
        };
        let held = Self::held_by(value, variant).unwrap_or_default().or_type(field.ty.peeled());
        Value { origins: value.origins.clone().join(&held.origins), ..held }
    }

    fn as_variant_or_type(&self, value: Value, symbol: &Symbol) -> Value {
        if let Some(held) = Self::held_by(&value, symbol.name()).filter(|held| held.ty.symbol() == Some(symbol)) {
            return held;
        }
        if self.program.type_def(symbol).is_some() || matches!(value.ty, Type::Unknown) {
            let args = match &value.ty {
                Type::Named(_, args) => args.clone(),
                _ => Vec::new(),
            };
            return value.with_type(Type::Named(self.program.canonical(symbol), args));
        }
        value
    }

    /// Sets a place that exists.
    pub(super) fn assign(&mut self, target: &'a crate::model::ir::Expr, value: Value) {
        use crate::model::ir::ExprKind;
        match &target.kind {
            ExprKind::Tuple(targets) => {
                for (target, value) in targets.iter().zip(split(&value, targets.len())) {
                    self.assign(target, value);
                }
            }
            ExprKind::Member { base, name, name_span } => {
                let owner = self.eval(base, &Type::Unknown);
                // `state.value = user`: what holds a value stands for it.
                if self.is_holder(&owner, name) {
                    self.assign(base, value.or_type(&owner.ty));
                    return;
                }
                if !self.set_member(&owner, name, &value, *name_span) {
                    self.touch(&owner, name, *name_span, AccessKind::Write);
                    if !is_reply(&owner) {
                        self.keep(&owner.ty, name, &value);
                    }
                    self.store_at(target, value, Some(*name_span));
                }
            }
            ExprKind::Index { base, index } => {
                let key = self.eval(index, &Type::Unknown);
                let owner = self.eval(base, &Type::Unknown);
                if self.is_configuration(&owner) {
                    if let Some(key) = key.as_fixed_text() {
                        self.keep(&owner.ty, &Arc::from(key), &value);
                    }
                    return;
                }
                self.set_keyed(&owner, &key, &value, index.span);
                self.put_in_memory(base, &owner, &value, index.span);
                self.store(target, value);
            }
            _ => self.store(target, value),
        }
    }

    /// Whether something holds the configuration: what is put into it under a key is found there by everybody.
    fn is_configuration(&self, value: &Value) -> bool {
        self.library_type(&value.ty).is_some_and(|(_, model)| model.configuration)
    }

    /// Sets a member of something of a library's that is built up; false if it is nothing of the kind.
    fn set_member(&mut self, owner: &Value, name: &str, value: &Value, span: Span) -> bool {
        let Some((library, model)) = self.library_type(&owner.ty) else { return owner.objects().next().is_some() };
        if matches!(model.fields.get(name), Some(FieldModel::Held)) {
            self.set_held(owner, value);
            return true;
        }
        let own = self.declares_field(&owner.ty, name);
        let objects: Vec<ObjectId> = self.with_base(owner).objects().collect();
        for id in &objects {
            self.set_object_field(*id, library, model, name, value.clone(), span);
        }
        !objects.is_empty() && (model.fields.contains_key(name) || !own)
    }

    /// Makes a place hold a value, without recording anything.
    pub(super) fn store(&mut self, target: &'a crate::model::ir::Expr, value: Value) {
        self.store_at(target, value, None);
    }

    /// The same; a field that code sets has the place where it does. One that is changed inside, or by
    /// a function that was given it, keeps the place it was set at.
    fn store_at(&mut self, target: &'a crate::model::ir::Expr, value: Value, written: Option<Span>) {
        use crate::model::ir::ExprKind;
        match &target.kind {
            ExprKind::Local(name) => {
                let known = self.frame().env.get(name).map(|known| known.ty.clone()).unwrap_or_default();
                let value = value.or_type(&known);
                self.frame_mut().env.set(name, value);
            }
            ExprKind::Global(symbol) => self.store_global(symbol, value),
            ExprKind::Ref(inner) | ExprKind::Deref(inner) | ExprKind::Try(inner) | ExprKind::Await(inner) => {
                self.store(inner, value);
            }
            ExprKind::Member { base, name, name_span } => {
                let owner = self.quietly(|interp| interp.eval(base, &Type::Unknown));
                if self.given_set(&owner, name, &value, *name_span) {
                    return;
                }
                if let Some(url) = self.with_url_part(&owner, name, &value) {
                    self.store(base, url);
                    return;
                }
                // A constructor of a generated message sets all fields, with nothing where it is given nothing.
                if value.what == What::Null && self.frame().module.generated_client {
                    return;
                }
                let mut fields = match &owner.what {
                    What::Record(fields) => (**fields).clone(),
                    What::Opaque | What::Null => self.begun(&owner),
                    // A response that is given a field of its own: `reply.data = await reply.json()`.
                    What::Response(_) if self.declares_field(&owner.ty, name) => {
                        Fields::from_iter([(Arc::from(BASE), (*name_span, owner.clone()))])
                    }
                    _ => return,
                };
                // What a variable of the module holds was made by code that is not known, which may set
                // its fields, too: that one is emptied (`input.value = ""`) says nothing of others.
                let is_module_wide = matches!(base.kind, ExprKind::Global(_)) && owner.what == What::Opaque;
                if is_module_wide && value.as_fixed_text() == Some("") {
                    return;
                }
                // A message that came from somewhere stays what it is, with one field made here.
                if owner.what == What::Opaque && !owner.origins.is_empty() {
                    return;
                }
                if !is_reply(&owner) {
                    self.keep(&owner.ty, name, &value);
                }
                let earlier = || fields.get(name).map(|(span, _)| *span);
                let span = written.map(|span| self.by_hand(span)).or_else(earlier).unwrap_or_else(nowhere);
                fields.insert(Arc::clone(name), (span, value.bounded()));
                self.store(base, Value { what: What::Record(Rc::new(fields)), ..owner });
            }
            ExprKind::Index { base, index } => {
                let owner = self.quietly(|interp| interp.eval(base, &Type::Unknown));
                let key = self.quietly(|interp| interp.eval(index, &Type::Unknown));
                match (&owner.what, key.as_fixed_text()) {
                    (What::Record(fields), Some(key)) => {
                        let mut fields = (**fields).clone();
                        fields.insert(Arc::from(key), (index.span, value.bounded()));
                        self.store(base, Value { what: What::Record(Rc::new(fields)), ..owner });
                    }
                    // The first entry of a map that nothing is known of.
                    (What::Opaque, Some(key)) if owner.origins.is_empty() => {
                        let mut fields = self.begun(&owner);
                        fields.insert(Arc::from(key), (index.span, value.bounded()));
                        self.store(base, Value { what: What::Record(Rc::new(fields)), ..owner });
                    }
                    // A map under keys that are not known: all that it holds is one value.
                    (What::Record(fields), None) if fields.is_empty() && matches!(owner.ty, Type::Map(_)) => {
                        self.store(base, Value { what: What::List(Rc::new(value.bounded())), ..owner });
                    }
                    (What::List(element), _) => {
                        let element = (**element).clone().join(value).bounded();
                        self.store(base, Value { what: What::List(Rc::new(element)), ..owner });
                    }
                    (What::Record(fields), None) if fields.is_empty() && !matches!(owner.ty, Type::Named(..)) => {
                        self.store(base, Value { what: What::List(Rc::new(value.bounded())), ..owner });
                    }
                    (What::Opaque | What::Null, None) if owner.origins.is_empty() => {
                        self.store(base, Value { what: What::List(Rc::new(value)), ..owner });
                    }
                    (What::Record(_), None) => self.loosen(&owner, Some(base)),
                    _ => {}
                }
            }
            _ => {}
        }
    }
}

/// Where a pattern binds a name first.
fn bound_at(pattern: &Pattern) -> Option<Span> {
    match pattern {
        Pattern::Bind(_, span, _) | Pattern::Typed(_, Some((_, span))) => Some(*span),
        Pattern::Record(_, fields) => fields.first().map(|field| field.name_span),
        Pattern::Variant(_, parts, _) | Pattern::Tuple(parts) | Pattern::List(parts) => parts.iter().find_map(bound_at),
        _ => None,
    }
}

/// A value as so many values. One that is not several is the first: of Go's `value, err` the error
/// is left out of values, and so are `ok` and the like.
pub(super) fn split(value: &Value, count: usize) -> Vec<Value> {
    if let What::Tuple(items) = &value.what
        && items.len() == count
    {
        return items.to_vec();
    }
    let mut all = vec![Value::unknown(); count];
    match (&value.what, &value.ty) {
        // `(A, B, error)` bound to three names, with the error left out.
        (What::Tuple(items), _) => all.iter_mut().zip(items.iter()).for_each(|(place, item)| *place = item.clone()),
        (_, Type::Tuple(types)) => {
            for (at, (place, ty)) in all.iter_mut().zip(types).enumerate() {
                *place = Value::typed(ty.clone());
                if at == 0 {
                    place.origins.clone_from(&value.origins);
                }
            }
        }
        _ => {
            if let Some(first) = all.first_mut() {
                *first = value.clone();
            }
        }
    }
    all
}

/// Whether a value is the response of one call, perhaps with fields of its own: what these hold is nobody
/// else's.
fn is_reply(value: &Value) -> bool {
    let base = match &value.what {
        What::Record(fields) => fields.get(BASE).map(|(_, base)| base),
        _ => None,
    };
    base.unwrap_or(value).responses().next().is_some()
}
