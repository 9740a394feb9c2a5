//! Calls: which code runs, and with what.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, align};
use super::client::Given;
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, Fields, Value, What};
use crate::model::ir::{Arg, EXTENDED, Expr, ExprKind, Symbol, Type};
use crate::model::source::{FileId, Language, Span};
use crate::model::usage::AccessKind;

/// Methods of values that call each other without a function between them.
const MAX_BOUND: usize = 4;
/// Names that a method may have which is called by a name that is put together.
const MAX_NAMES: usize = 8;

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
        let type_args: Vec<Type> = type_args.iter().map(|ty| self.program.expand(&self.concrete(ty))).collect();
        let mut site =
            Site { span: whole.span, name_span: callee.span, args: Vec::new(), type_args, expected: expected.clone() };
        match &callee.kind {
            ExprKind::Member { base, name, name_span } => {
                let receiver = self.eval(base, &Type::Unknown);
                let hints = self.method_hints(&receiver, name, args, &site.type_args);
                site.args = self.arguments(args, &hints);
                site.name_span = *name_span;
                self.asked_given(name, Some(&receiver), &site);
                let value = self.method_call(&receiver, Some(base), name, &site);
                let value = self.asked_of(&receiver, &site, value);
                self.unless_sanitized(name, Some(&receiver), &site, value)
            }
            // `response[format]()`.
            ExprKind::Index { base, index } if matches!(self.frame().module.language, Language::TypeScript) => {
                let receiver = self.eval(base, &Type::Unknown);
                let key = self.eval(index, &Type::Unknown);
                let names = fixed_texts(&key);
                if let Some(first) = names.first() {
                    let hints = self.method_hints(&receiver, first, args, &site.type_args);
                    site.args = self.arguments(args, &hints);
                }
                match names.as_slice() {
                    [] => {
                        let function = self.index(&receiver, &key, index.span);
                        site.args = self.arguments(args, &self.value_hints(&function));
                        self.value_call(&function, &site)
                    }
                    [name] => self.method_call(&receiver, Some(base), name, &site),
                    several => {
                        let each = |name| self.branch(|interp| interp.method_call(&receiver, Some(base), name, &site));
                        several.iter().map(each).reduce(Value::join).unwrap_or_default()
                    }
                }
            }
            ExprKind::Global(symbol) => {
                let hints = self.function_hints(symbol, args, &site);
                site.args = self.arguments(args, &hints);
                self.asked_given(symbol.as_str(), None, &site);
                let value = self.named_call(symbol, &site);
                self.unless_sanitized(symbol.as_str(), None, &site, value)
            }
            _ => {
                let function = self.eval(callee, &Type::Unknown);
                let hints = self.value_hints(&function);
                site.args = self.arguments(args, &hints);
                self.value_call(&function, &site)
            }
        }
    }

    /// A call of something by its canonical name.
    pub(super) fn named_call(&mut self, symbol: &Symbol, site: &Site<'a>) -> Value {
        match symbol.as_str() {
            "Ok" | "Some" => site.args.first().map(|arg| arg.value.clone()).unwrap_or_default(),
            "Err" => Value::unknown(),
            _ => self.foreign_call(symbol, site),
        }
    }

    pub(super) fn foreign_call(&mut self, symbol: &Symbol, site: &Site<'a>) -> Value {
        self.server_registered(symbol, site);
        if let Some(value) = self.stub_made(symbol, site) {
            return value;
        }
        if let Some(id) = self.program.function(symbol) {
            let converted = site.args.first().filter(|_| matches!(symbol.name(), "from" | "try_from"));
            let exact = converted.and_then(|arg| self.program.conversion(&Symbol::new(symbol.parent()), &arg.value.ty));
            return self.call_by_name(exact.unwrap_or(id), site);
        }
        if let Some((library, model)) = self.library_function(symbol) {
            return self.apply(library, model, None, site);
        }
        if let Some(id) = self.program.extension(symbol) {
            let receiver = self.frame().env.get(EXTENDED).cloned();
            return self.own_call(id, receiver, None, site);
        }
        if let Some((_, global)) = self.program.global(symbol) {
            let function = self.global(&global.symbol);
            if function.as_name() == Some(&global.symbol) {
                return self.unknown_call(site);
            }
            if function.what != What::Opaque || self.program.type_def(symbol).is_none() {
                return self.value_call(&function, site);
            }
        }
        let owner = Symbol::new(symbol.parent());
        if let Some(value) = self.associated_call(symbol, &owner, site) {
            return value;
        }
        if self.program.type_def(symbol).is_some() {
            return self.construct_call(symbol, site);
        }
        self.sunk_by_symbol(symbol, &owner, site);
        if let Some(receiver) = self.value_named(&owner, site.span) {
            return self.method_call(&receiver, None, &Arc::from(symbol.name()), site);
        }
        self.oneof_set(symbol, &owner, site);
        if let Some(made) = self.tuple_variant(symbol, &owner, site) {
            return made;
        }
        if let Some(value) = self.generated_call(symbol, &owner, site) {
            return value;
        }
        match self.libraries.any_method(symbol.name()) {
            Some((library, model)) if self.program.type_def(&owner).is_some() => {
                let class = Value::of(What::Function(Rc::new(Callable::Foreign(owner))));
                self.apply(library, model, Some((&class, None)), site)
            }
            _ => {
                // `merge(body, defaults)`
                if let [first, _, ..] = site.args.as_slice() {
                    self.loosen(&first.value.clone(), first.place);
                }
                self.unknown_call(site);
                self.computed(symbol.name(), None, site)
            }
        }
    }

    /// A tuple variant of an own enum holds what it is given.
    fn tuple_variant(&self, symbol: &Symbol, owner: &Symbol, site: &Site<'a>) -> Option<Value> {
        let held = match site.args.as_slice() {
            [] => return None,
            [only] => only.value.clone(),
            several => Value::of(What::Tuple(Rc::new(several.iter().map(|arg| arg.value.clone()).collect()))),
        };
        if let Some(made) = self.variant_made(symbol, &[], held, site.span) {
            return Some(made);
        }
        let ([only], true) = (site.args.as_slice(), self.program.type_def(owner).is_some()) else { return None };
        let ty = Type::Named(self.program.canonical(owner), Vec::new());
        let fields = Fields::from_iter([(Arc::from(symbol.name()), (site.span, only.value.clone().bounded()))]);
        Some(Value { ty, what: What::Record(Rc::new(fields)), origins: Origins::default() })
    }

    /// A variant of a generated oneof is the field that it is named after.
    fn oneof_set(&mut self, symbol: &Symbol, owner: &Symbol, site: &Site<'a>) {
        let is_type = |name: &str| name.starts_with(char::is_uppercase);
        if site.args.len() == 1 && is_type(symbol.name()) && is_type(owner.name()) && !self.program.is_own_type(owner) {
            let oneof = Value::typed(Type::Named(self.program.canonical(owner), Vec::new()));
            self.touch(&oneof, &Arc::from(symbol.name()), site.name_span, AccessKind::Write);
        }
    }

    /// A function of the unit that is called by its own name; a method has its receiver in front.
    fn call_by_name(&mut self, id: FuncId, site: &Site<'a>) -> Value {
        let func = self.program.func(id);
        let is_method = func.receiver.is_some() && site.args.len() > func.params.len();
        match site.args.split_first() {
            Some((receiver, rest)) if is_method => {
                self.own_call(id, Some(receiver.value.clone()), receiver.place, &site.with(rest.to_vec()))
            }
            _ => self.own_call(id, None, None, site),
        }
    }

    /// `Type::method(..)` of a type that inherits it, or that implements a trait with it.
    fn associated_call(&mut self, symbol: &Symbol, owner: &Symbol, site: &Site<'a>) -> Option<Value> {
        if let Some(id) = self.program.method(owner, symbol.name()) {
            if self.program.func(id).receiver.is_none() {
                return Some(self.own_call(id, None, None, site));
            }
            let (receiver, rest) = site.args.split_first().map_or((None, &[][..]), |(first, rest)| (Some(first), rest));
            let place = receiver.and_then(|receiver| receiver.place);
            let receiver = receiver.map(|receiver| receiver.value.clone());
            return Some(self.own_call(id, receiver, place, &site.with(rest.to_vec())));
        }
        self.program.type_def(owner)?;
        let inherited =
            self.program.ancestors(owner).iter().skip(1).map(|above| above.join(symbol.name())).collect::<Vec<_>>();
        let (library, model) = inherited.iter().find_map(|method| self.library_function(method))?;
        let class = Value::of(What::Function(Rc::new(Callable::Foreign(owner.clone()))));
        Some(self.apply(library, model, Some((&class, None)), site))
    }

    /// A call of a function of the unit; what it does to its arguments is done to their places.
    pub(super) fn own_call(
        &mut self,
        id: FuncId,
        receiver: Option<Value>,
        place: Option<&'a Expr>,
        site: &Site<'a>,
    ) -> Value {
        let id = self.program.overload(id, site.args.iter().map(|arg| &arg.value.ty), self.called_from());
        let func = self.program.func(id);
        if func.body.is_none() || self.program.module_of(id).generated {
            self.unknown_call(site);
            let value = self.computed(func.symbol.name(), receiver.as_ref(), site);
            return value.with_type(self.program.expand(&func.ret));
        }
        let (args, sources): (Vec<Value>, Vec<Option<usize>>) = align(&func.params, &site.args).into_iter().unzip();
        let is_client = self.program.module_of(id).generated_client;
        let given = if is_client { Given { on: receiver.clone(), args: args.clone() } } else { Given::default() };
        let mut outcome = self.invoke_outcome(id, receiver.clone(), args, &site.type_args, &site.expected, site.span);
        self.client_called(id, &given, &mut outcome);
        if let (Some(place), Some(before), Some(after)) = (place, receiver, outcome.receiver)
            && before != after
        {
            self.store(place, after);
        }
        for (at, after) in outcome.changed {
            let Some(arg) = sources.get(at).copied().flatten().and_then(|at| site.args.get(at)) else { continue };
            if let Some(place) = arg.place
                && arg.value != after
                && after.is_informative()
                && (matches!(place.kind, ExprKind::Ref(_)) || !is_immutable(&arg.value))
            {
                self.store(place, after);
            }
        }
        outcome.value
    }

    /// The file whose code runs; none where types are looked at alone.
    pub(super) fn called_from(&self) -> Option<FileId> {
        self.frames.last().map(|frame| frame.module.file)
    }

    /// A call of a value: a function, or an object that can be called.
    pub(super) fn value_call(&mut self, function: &Value, site: &Site<'a>) -> Value {
        if let Some(value) = self.object_called(function, site) {
            return value;
        }
        let callables: Vec<Callable> = function.functions().cloned().collect();
        if callables.is_empty() {
            let given = self.unknown_call(site);
            return match function.ty.peeled() {
                Type::Function(_, ret) => Value::typed(self.program.expand(ret)),
                _ => given,
            };
        }
        let given = callables.iter().map(|callable| self.call_value(callable, site));
        given.reduce(Value::join).unwrap_or_default()
    }

    /// Runs a function value.
    pub(super) fn call_value(&mut self, callable: &Callable, site: &Site<'a>) -> Value {
        match callable {
            Callable::Func(id, receiver) => self.own_call(*id, receiver.clone(), None, site),
            Callable::Closure { span, home, captured } => {
                self.enter_closure(*span, home, captured, &site.args, &site.expected, site.span)
            }
            Callable::Foreign(symbol) => self.named_call(symbol, site),
            Callable::Setter(cell, through) => self.put(*cell, through.as_deref(), site),
            Callable::Method(receiver, name) => self.bound_call(receiver, name, site),
            Callable::Told(inner, names) => self.told_call(inner, names, site),
        }
    }

    /// A method of another object than the one that is asked: taken off it (`const get = store.get`), or of what
    /// that one embeds. Objects may hold each other.
    pub(super) fn bound_call(&mut self, receiver: &Value, name: &Arc<str>, site: &Site<'a>) -> Value {
        if self.frame().bound >= MAX_BOUND {
            return self.unknown_call(site);
        }
        self.frame_mut().bound += 1;
        let given = self.method_call(receiver, None, name, site);
        self.frame_mut().bound -= 1;
        given
    }

    /// A value as it is put where another type is declared that it is converted to: `impl Into<Order>`, and
    /// `let order: Order = draft.into()`.
    pub(super) fn converted(&mut self, value: Value, declared: &Type, span: Span) -> Value {
        let Some(into) = declared.peeled().symbol().filter(|into| value.ty.symbol() != Some(into)) else {
            return value;
        };
        // `found.into()` of an answer whose type is not in sight.
        let is_unseen = value.ty == Type::Unknown && !value.origins.is_empty();
        let only = || self.program.only_conversion(into).filter(|_| is_unseen);
        let Some(id) = self.program.conversion(into, &value.ty).or_else(only) else { return value };
        let site = Site::bare(span).with_values(std::slice::from_ref(&value));
        self.own_call(id, None, None, &site)
    }

    /// What a function gives; without the data of its inputs, if it is there to take that out.
    fn unless_sanitized(&self, name: &str, receiver: Option<&Value>, site: &Site<'_>, value: Value) -> Value {
        let is_data = |value: &Value| !value.origins.are_unknown() || value.what.has_parts();
        let is_given = || receiver.into_iter().chain(site.args.iter().map(|arg| &arg.value)).any(is_data);
        if is_data(&value) && is_given() && self.name_says(name).sanitized { value.cleaned() } else { value }
    }

    /// A call that is not known: functions among its arguments may run, messages leave as a whole.
    pub(super) fn unknown_call(&mut self, site: &Site<'a>) -> Value {
        for arg in &site.args {
            self.escape(&arg.value, arg.span(site.span));
        }
        Value::unknown()
    }
}

/// The texts that a value may be, as far as they are known.
fn fixed_texts(value: &Value) -> Vec<Arc<str>> {
    value.texts().iter().filter_map(|text| text.template.as_text().map(Arc::from)).take(MAX_NAMES).collect()
}

/// Texts and numbers: a callee that gives its parameter a new one does not change its caller's.
fn is_immutable(value: &Value) -> bool {
    let scalar = |what: &What| matches!(what, What::Text(_) | What::Bool(_) | What::Int(_) | What::Thousandths(_));
    matches!(value.ty, Type::Str | Type::Number | Type::Bool) || value.alternatives().iter().all(scalar)
}
