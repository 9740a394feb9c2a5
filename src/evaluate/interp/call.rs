//! Calls: which code runs, and with what.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::scope::{Env, Frame, unify};
use super::{Interp, MAX_CONTEXTS, MAX_DEPTH, MemoKey, Outcome};
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{Callable, Value, What};
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
            fields.insert(Arc::from(symbol.name()), (site.span, inner));
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
            fields.insert(name, (site.span, arg.clone()));
        }
        Value { ty, what: What::Record(Rc::new(fields)), origins: Vec::new() }
    }

    /// `receiver.name(..)`.
    fn method_call(&mut self, receiver: &Value, place: &'a Expr, name: &Arc<str>, site: &Site<'a>) -> Value {
        let owner = receiver.ty.symbol().map(|symbol| self.program.canonical(symbol));
        if let Some(owner) = &owner {
            let method = owner.join(name);
            if let Some(value) = self.stub_called(receiver, place, owner, name, site) {
                return value;
            }
            if let Some((library, model)) = self.libraries.function(method.as_str()) {
                return self.apply(library, model, Some((receiver, place)), site);
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

    pub(super) fn invoke(
        &mut self,
        id: FuncId,
        receiver: Option<Value>,
        args: Vec<Value>,
        type_args: &[Type],
        expected: &Type,
        site: Span,
    ) -> Value {
        self.invoke_outcome(id, receiver, args, type_args, expected, site).value
    }

    fn invoke_outcome(
        &mut self,
        id: FuncId,
        receiver: Option<Value>,
        mut args: Vec<Value>,
        type_args: &[Type],
        expected: &Type,
        site: Span,
    ) -> Outcome {
        let func = self.program.func(id);
        let mut types = self.types_of_call(id, receiver.as_ref(), &args, type_args);
        unify(&func.ret, expected, &mut types);
        let unknown = |interp: &Self, receiver, args| Outcome {
            value: Value::typed(interp.program.expand(&super::scope::substitute(&func.ret, &types))),
            receiver,
            args,
            calls: Default::default(),
        };
        let recursive = self.frames.iter().filter(|frame| frame.func == Some(id)).count();
        if self.frames.len() >= MAX_DEPTH || recursive > 1 || !self.spend() {
            return unknown(self, receiver, args);
        }
        let mut receiver = receiver;
        let contexts = self.contexts.entry(id).or_default();
        if *contexts >= MAX_CONTEXTS {
            let plain = |value: &mut Value| {
                *value = Value { ty: value.ty.clone(), origins: value.origins.clone(), what: What::Opaque }
            };
            args.iter_mut().for_each(plain);
            receiver.iter_mut().for_each(plain);
        }
        let key = MemoKey {
            func: id,
            receiver: receiver.clone(),
            args: args.clone(),
            types: types.clone(),
            branches: self.branches.is_empty(),
        };
        if let Some(outcome) = self.memo.get(&key).cloned() {
            if let Some(open) = self.made.last_mut() {
                open.extend(outcome.calls.iter().copied());
            }
            return outcome;
        }
        *self.contexts.entry(id).or_default() += 1;
        self.reached.insert(id);
        let (mut outcome, calls) = self.collecting(|interp| interp.run_function(id, receiver, args, types, site));
        outcome.calls = calls;
        if self.quiet == 0 {
            self.memo.insert(key, outcome.clone());
        }
        outcome
    }

    fn types_of_call(
        &self,
        id: FuncId,
        receiver: Option<&Value>,
        args: &[Value],
        type_args: &[Type],
    ) -> BTreeMap<Arc<str>, Type> {
        let func = self.program.func(id);
        let mut types: BTreeMap<Arc<str>, Type> = func
            .type_params
            .iter()
            .cloned()
            .zip(type_args.iter().cloned())
            .filter(|(_, ty)| !matches!(ty, Type::Unknown))
            .collect();
        if let (Some(owner), Some(receiver)) = (&func.owner, receiver) {
            unify(owner, &receiver.ty, &mut types);
        }
        for (param, arg) in func.params.iter().zip(args) {
            unify(&param.ty, &arg.ty, &mut types);
        }
        types
    }

    fn run_function(
        &mut self,
        id: FuncId,
        receiver: Option<Value>,
        args: Vec<Value>,
        types: BTreeMap<Arc<str>, Type>,
        site: Span,
    ) -> Outcome {
        let func = self.program.func(id);
        let module = self.program.module_of(id);
        let expected = self.program.expand(&super::scope::substitute(&func.ret, &types));
        self.frames.push(Frame {
            func: Some(id),
            module,
            symbol: func.symbol.clone(),
            test: module.test || func.test,
            span: func.span,
            site,
            env: Env::new(),
            types,
            expected: expected.clone(),
            returns: None,
            breaks: Vec::new(),
            dead: false,
        });
        if let (Some(name), Some(receiver)) = (&func.receiver, &receiver) {
            let owner = func.owner.clone().unwrap_or_default();
            self.frame_mut().env.declare(name, receiver.clone().or_type(&owner));
        }
        let mut args = args.into_iter();
        for param in &func.params {
            let ty = self.program.expand(&self.concrete(&param.ty));
            let value = if param.variadic {
                let rest: Vec<Value> = args.by_ref().collect();
                super::expr::variadic(rest)
            } else {
                args.next().unwrap_or_default()
            };
            // A declared interface says less than the value that is passed.
            self.bind(&param.pattern, value.or_type(&ty));
        }
        if let Some(body) = &func.body {
            let tail = self.statements(body, &expected);
            if !self.frame().dead && body.tail.is_some() {
                self.give(tail);
            }
        }
        let mut after = Vec::with_capacity(func.params.len());
        for param in &func.params {
            after.push(match &param.pattern {
                crate::model::ir::Pattern::Bind(name, ..) if !param.variadic => {
                    self.frame().env.get(name).cloned().unwrap_or_default()
                }
                _ => Value::unknown(),
            });
        }
        let receiver_after = func.receiver.as_ref().and_then(|name| self.frame().env.get(name).cloned());
        let frame = self.frames.pop();
        let value = frame.and_then(|frame| frame.returns).unwrap_or_default().or_type(&expected);
        Outcome { value, receiver: receiver_after, args: after, calls: Default::default() }
    }

    /// Runs a closure: it sees the variables of the function it stands in, and may change them.
    fn enter_closure(
        &mut self,
        place: Span,
        home: &Symbol,
        captured: &Rc<BTreeMap<Arc<str>, Value>>,
        args: Vec<Value>,
        expected: &Type,
        site: Span,
    ) -> Value {
        let Some(lambda) = self.lambdas.get(&place).copied() else { return Value::unknown() };
        let running = self.frames.iter().filter(|frame| frame.site == place).count();
        if self.frames.len() >= MAX_DEPTH || running > 1 || !self.spend() {
            return Value::unknown();
        }
        let Some(last) = self.frames.last() else { return Value::unknown() };
        // The frame of the function that it stands in, if that is still running.
        let outer = self.frames.iter().rposition(|frame| frame.symbol == *home);
        let (func, module, symbol, test, span, types) = match outer.map(|at| &self.frames[at]) {
            Some(frame) => {
                (frame.func, frame.module, frame.symbol.clone(), frame.test, frame.span, frame.types.clone())
            }
            None => match self.program.function(home) {
                Some(id) => {
                    let (module, func) = (self.program.module_of(id), self.program.func(id));
                    (Some(id), module, func.symbol.clone(), module.test || func.test, func.span, BTreeMap::new())
                }
                None => (None, last.module, last.symbol.clone(), last.test, place, BTreeMap::new()),
            },
        };
        let mut env = Env::new();
        for (name, value) in captured.iter() {
            let now = outer.and_then(|at| self.frames[at].env.get(name)).unwrap_or(value);
            env.declare(name, now.clone());
        }
        let before = env.clone();
        env.push();
        let declared = if matches!(lambda.ret, Type::Unknown) {
            expected.clone()
        } else {
            super::scope::substitute(&lambda.ret, &types)
        };
        self.frames.push(Frame {
            func,
            module,
            symbol,
            test,
            span,
            site,
            env,
            types,
            expected: declared.clone(),
            returns: None,
            breaks: Vec::new(),
            dead: false,
        });
        let mut args = args.into_iter();
        for param in &lambda.params {
            let ty = self.program.expand(&self.concrete(&param.ty));
            let value = args.next().unwrap_or_default().or_type(&ty);
            self.bind(&param.pattern, value);
        }
        let tail = self.statements(&lambda.body, &declared);
        if !self.frame().dead && lambda.body.tail.is_some() {
            self.give(tail);
        }
        let Some(frame) = self.frames.pop() else { return Value::unknown() };
        if let Some(outer) = outer {
            for name in captured.keys() {
                let (Some(old), Some(new)) = (before.get(name), frame.env.get(name)) else { continue };
                if old != new {
                    let joined = old.clone().join(new.clone());
                    self.frames[outer].env.set(name, joined);
                }
            }
        }
        frame.returns.unwrap_or_default().or_type(&declared)
    }

    /// The value of a constant, static or package variable.
    pub(super) fn global(&mut self, symbol: &Symbol) -> Value {
        if let Some(value) = self.globals.get(symbol) {
            return value.clone();
        }
        let Some((module, global)) = self.program.global(symbol) else { return Value::unknown() };
        let ty = self.program.expand(&global.ty);
        // A global that refers to itself finds its type only.
        self.globals.insert(symbol.clone(), Value::typed(ty.clone()));
        let mut value = Value::typed(ty.clone());
        if !module.generated && self.frames.len() < MAX_DEPTH {
            self.frames.push(Frame {
                func: None,
                module,
                symbol: symbol.clone(),
                test: module.test,
                span: global.span,
                site: global.span,
                env: Env::new(),
                types: BTreeMap::new(),
                expected: ty.clone(),
                returns: None,
                breaks: Vec::new(),
                dead: false,
            });
            value = match &global.value {
                Some(initial) => self.eval(initial, &ty).or_type(&ty),
                None => self.zero_value(ty.clone(), global.span),
            };
            self.frames.pop();
        }
        if let Some(kept) = self.fields.get(&(symbol.clone(), Arc::from(""))) {
            value = value.join(kept.clone());
        }
        self.globals.insert(symbol.clone(), value.clone());
        value
    }

    /// A package variable or static gets a new value, for everybody who reads it.
    pub(super) fn store_global(&mut self, symbol: &Symbol, value: Value) {
        let Some((_, global)) = self.program.global(symbol) else { return };
        let symbol = global.symbol.clone();
        let joined = self.global(&symbol).join(value);
        let key = (symbol.clone(), Arc::from(""));
        if joined.is_informative() && self.fields.get(&key) != Some(&joined) {
            self.fields.insert(key, joined.clone());
            self.changed = true;
        }
        self.globals.insert(symbol, joined);
    }
}

impl<'e> Site<'e> {
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
