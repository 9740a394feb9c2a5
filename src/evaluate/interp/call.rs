//! Calls: which code runs, and with what.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use crate::evaluate::library::Setting;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, ObjectId, Value, What};
use crate::model::ir::{Arg, Expr, ExprKind, Symbol, Type};
use crate::model::source::Span;

/// Implementations of one interface method that are followed.
const MAX_IMPLEMENTATIONS: usize = 8;

/// A call as it stands in the code, with its arguments evaluated.
pub(super) struct Site<'e> {
    pub(super) span: Span,
    /// Where its name stands: what a report shows.
    pub(super) name_span: Span,
    pub(super) args: Vec<Value>,
    /// The arguments' expressions, which callees may write to.
    pub(super) places: &'e [Arg],
    pub(super) type_args: Vec<Type>,
    pub(super) expected: Type,
}

impl<'a> Interp<'a> {
    /// A call expression.
    pub(super) fn call(
        &mut self,
        whole: &'a Expr,
        callee: &'a Expr,
        type_args: &'a [Type],
        args: &'a [Arg],
        expected: &Type,
    ) -> Value {
        let (value, calls) = self.collecting(|interp| interp.call_inner(whole, callee, type_args, args, expected));
        if let (Some(func), false, 0) = (self.frame().func, calls.is_empty(), self.quiet) {
            self.remote.entry(func).or_default().entry(whole.span).or_default().extend(calls);
        }
        value
    }

    fn call_inner(
        &mut self,
        whole: &'a Expr,
        callee: &'a Expr,
        type_args: &'a [Type],
        args: &'a [Arg],
        expected: &Type,
    ) -> Value {
        let type_args: Vec<Type> = type_args.iter().map(|ty| self.concrete(ty)).collect();
        let site = |interp: &mut Self, name_span: Span, hints: &[Type]| {
            let values = args
                .iter()
                .enumerate()
                .map(|(at, arg)| interp.eval(&arg.value, hints.get(at).unwrap_or(&Type::Unknown)))
                .collect();
            Site {
                span: whole.span,
                name_span,
                args: values,
                places: args,
                type_args: type_args.clone(),
                expected: expected.clone(),
            }
        };
        match &callee.kind {
            ExprKind::Member { base, name, name_span } => {
                let receiver = self.eval(base, &Type::Unknown);
                let hints = self.method_hints(&receiver, name);
                let site = site(self, *name_span, &hints);
                self.method_call(&receiver, base, name, &site)
            }
            ExprKind::Global(symbol) => {
                let hints = self.function_hints(symbol, expected);
                let site = site(self, callee.span, &hints);
                self.named_call(symbol, &site)
            }
            _ => {
                let function = self.eval(callee, &Type::Unknown);
                let site = site(self, callee.span, &[]);
                self.value_call(&function, &site)
            }
        }
    }

    /// Declared types of a function's parameters: what untyped literals among the arguments become.
    fn function_hints(&self, symbol: &Symbol, expected: &Type) -> Vec<Type> {
        if matches!(symbol.as_str(), "Ok" | "Some") {
            return vec![expected.peeled().clone()];
        }
        self.program.function(symbol).map(|id| self.hints_of(id)).unwrap_or_default()
    }

    fn method_hints(&self, receiver: &Value, name: &str) -> Vec<Type> {
        let id = receiver.ty.symbol().and_then(|owner| self.program.method(owner, name));
        id.map(|id| self.hints_of(id)).unwrap_or_default()
    }

    fn hints_of(&self, id: FuncId) -> Vec<Type> {
        self.program.func(id).params.iter().map(|param| self.program.expand(&param.ty)).collect()
    }

    /// A call of something by its canonical name.
    fn named_call(&mut self, symbol: &Symbol, site: &Site<'a>) -> Value {
        match symbol.as_str() {
            "Ok" | "Some" => return site.args.first().cloned().unwrap_or_default(),
            "Err" => return Value::unknown(),
            _ => {}
        }
        self.foreign_call(symbol, site)
    }

    pub(super) fn foreign_call(&mut self, symbol: &Symbol, site: &Site<'a>) -> Value {
        if let Some(value) = self.stub_made(symbol, site) {
            return value;
        }
        if let Some(id) = self.program.function(symbol) {
            return self.own_call(id, None, None, site);
        }
        if let Some((library, model)) = self.libraries.function(symbol.as_str()) {
            return self.apply(library, model, None, site);
        }
        if let Some((_, global)) = self.program.global(symbol) {
            let function = self.global(&global.symbol);
            return self.value_call(&function, site);
        }
        // `Type::method(receiver, ..)`, and methods that are implemented for a trait.
        let owner = Symbol::new(symbol.parent());
        if let Some(id) = self.program.method(&owner, symbol.name()) {
            let receiver = site.args.first().cloned();
            let rest = Site {
                args: site.args.iter().skip(1).cloned().collect(),
                places: site.places.get(1..).unwrap_or(&[]),
                ..site.copied()
            };
            return self.own_call(id, receiver, site.places.first().map(|arg| &arg.value), &rest);
        }
        if let Some((module, ty)) = self.program.type_def(symbol) {
            return self.tuple_struct(symbol, module.generated, ty.fields.len(), site);
        }
        // A tuple variant of an own enum holds what it is given.
        if self.program.type_def(&owner).is_some() && site.args.len() == 1 {
            let ty = Type::Named(self.program.canonical(&owner), Vec::new());
            let inner = site.args[0].clone();
            let mut fields = BTreeMap::new();
            fields.insert(Arc::from(symbol.name()), (site.span, inner.bounded()));
            return Value { ty, what: What::Record(Rc::new(fields)), origins: Vec::new() };
        }
        self.unknown_call(site)
    }

    /// `Wrapper(value)`: a conversion, or a struct with fields by position.
    fn tuple_struct(&mut self, symbol: &Symbol, generated: bool, count: usize, site: &Site<'a>) -> Value {
        let ty = Type::Named(self.program.canonical(symbol), Vec::new());
        if count == 0 || generated {
            return site.args.first().cloned().unwrap_or_default().with_type(ty);
        }
        let mut fields = BTreeMap::new();
        for (at, arg) in site.args.iter().enumerate() {
            let name: Arc<str> = Arc::from(at.to_string());
            self.keep(&ty, &name, arg);
            fields.insert(name, (site.span, arg.clone().bounded()));
        }
        Value { ty, what: What::Record(Rc::new(fields)), origins: Vec::new() }
    }

    /// `receiver.name(..)`.
    fn method_call(&mut self, receiver: &Value, place: &'a Expr, name: &Arc<str>, site: &Site<'a>) -> Value {
        if let Some(stub) = self.declared_stub(place)
            && let Some(value) = self.stub_called(receiver, place, &stub, name, site)
        {
            return value;
        }
        let owner = receiver.ty.symbol().map(|symbol| self.program.canonical(symbol));
        if let Some(owner) = &owner {
            let method = owner.join(name);
            if let Some(value) = self.stub_called(receiver, place, owner, name, site) {
                return value;
            }
            if let Some((library, model)) = self.libraries.function(method.as_str()) {
                return self.apply(library, model, Some((receiver, place)), site);
            }
            if let Some(value) = self.unlisted_setting(receiver, owner, name, site) {
                return value;
            }
            if self.program.is_interface(owner) {
                let found = self.program.implementations(owner, name);
                if !found.is_empty() {
                    return self.dispatch(&found, receiver, place, site);
                }
            }
            if let Some(id) = self.program.method(owner, name)
                && self.program.func(id).body.is_some()
                && !self.program.module_of(id).generated
            {
                return self.own_call(id, Some(receiver.clone()), Some(place), site);
            }
        }
        // A function in a field.
        if let What::Record(fields) = &receiver.what
            && let Some((_, function)) = fields.get(name)
        {
            return self.value_call(&function.clone(), site);
        }
        if let Some(value) = self.accessor(receiver, name, site) {
            return value;
        }
        if let Some((library, model)) = self.libraries.any_method(name) {
            return self.apply(library, model, Some((receiver, place)), site);
        }
        if let Some(owner) = &owner {
            let kept = self.member_quietly(receiver, name);
            if matches!(kept.what, What::Function(_)) {
                return self.value_call(&kept, site);
            }
            // A method that is declared but not followed still tells its result's type.
            if let Some(id) = self.program.method(owner, name) {
                let ret = self.program.expand(&self.program.func(id).ret);
                self.unknown_call(site);
                return Value::typed(ret);
            }
        }
        self.unknown_call(site)
    }

    /// A method of something that is built up which its descriptor does not list: it gives the same
    /// thing, changed in a way that is not known.
    fn unlisted_setting(&mut self, receiver: &Value, owner: &Symbol, name: &str, site: &Site<'a>) -> Option<Value> {
        self.libraries.type_model(owner.as_str())?.1.kind?;
        let objects: Vec<ObjectId> = receiver.objects().collect();
        if objects.is_empty() || self.libraries.any_method(name).is_some() {
            return None;
        }
        self.unknown_call(site);
        for id in objects {
            self.objects.set(id, Setting::Opaque, Value::of(What::Bool(true)), &self.branches);
        }
        Some(receiver.clone())
    }

    fn member_quietly(&mut self, base: &Value, name: &Arc<str>) -> Value {
        self.quietly(|interp| interp.member(base, name, Span::new(crate::model::source::FileId(0), 0, 0)))
    }

    /// A method of an interface: all that may stand behind it.
    fn dispatch(&mut self, found: &[FuncId], receiver: &Value, place: &'a Expr, site: &Site<'a>) -> Value {
        let mut value = Value::unknown();
        for id in found.iter().take(MAX_IMPLEMENTATIONS) {
            let owner = self.program.func(*id).owner.clone().unwrap_or_default();
            let receiver = match &receiver.what {
                What::Record(_) => receiver.clone(),
                _ => Value::typed(owner),
            };
            let given = self.branch(|interp| interp.own_call(*id, Some(receiver), Some(place), site));
            value = value.join(given);
        }
        value
    }

    /// A call of a function of the unit; what it does to its arguments is done to their places.
    fn own_call(&mut self, id: FuncId, receiver: Option<Value>, place: Option<&'a Expr>, site: &Site<'a>) -> Value {
        let func = self.program.func(id);
        if func.body.is_none() || self.program.module_of(id).generated {
            self.unknown_call(site);
            return Value::typed(self.program.expand(&func.ret));
        }
        let outcome =
            self.invoke_outcome(id, receiver.clone(), site.args.clone(), &site.type_args, &site.expected, site.span);
        if let (Some(place), Some(before), Some(after)) = (place, receiver, outcome.receiver)
            && before != after
        {
            self.store(place, after);
        }
        for ((arg, before), after) in site.places.iter().zip(&site.args).zip(outcome.args) {
            if *before != after && after.is_informative() {
                self.store(&arg.value, after);
            }
        }
        outcome.value
    }

    /// A call of a function that is a value.
    fn value_call(&mut self, function: &Value, site: &Site<'a>) -> Value {
        let mut known = false;
        let mut value = Value::unknown();
        for what in function.alternatives() {
            let What::Function(callable) = what else { continue };
            known = true;
            if let Callable::Foreign(symbol) = &**callable {
                value = value.join(self.named_call(symbol, site));
            } else {
                value = value.join(self.call_value(
                    callable,
                    site.args.clone(),
                    &site.type_args,
                    &site.expected,
                    site.span,
                ));
            }
        }
        if known { value } else { self.unknown_call(site) }
    }

    /// Runs a function value.
    pub(super) fn call_value(
        &mut self,
        callable: &Callable,
        args: Vec<Value>,
        type_args: &[Type],
        expected: &Type,
        span: Span,
    ) -> Value {
        match callable {
            Callable::Func(id, receiver) => self.invoke(*id, receiver.clone(), args, type_args, expected, span),
            Callable::Closure { span: place, home, captured } => {
                self.enter_closure(*place, home, captured, args, expected, span)
            }
            Callable::Foreign(_) => Value::unknown(),
        }
    }

    /// A call that is not known: functions among its arguments may run, messages leave as a whole.
    pub(super) fn unknown_call(&mut self, site: &Site<'a>) -> Value {
        for (value, arg) in site.args.iter().zip(site.places) {
            self.escape(value, arg.value.span);
        }
        Value::unknown()
    }
}

impl Site<'_> {
    /// The same place without its arguments.
    pub(super) fn copied(&self) -> Self {
        Self {
            span: self.span,
            name_span: self.name_span,
            args: Vec::new(),
            places: self.places,
            type_args: self.type_args.clone(),
            expected: self.expected.clone(),
        }
    }
}
