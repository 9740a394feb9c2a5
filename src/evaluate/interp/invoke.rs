//! Runs functions, closures and the initial values of globals.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::argument::Site;
use super::scope::{Env, Frame};
use super::{
    Interp, MAX_CALLBACKS, MAX_CLIENT_CONTEXTS, MAX_CONTEXTS, MAX_DEPTH, MAX_FRUITFUL_CONTEXTS, MemoKey, NEWS_AMONG,
    Outcome,
};
use crate::evaluate::library::Kind;
use crate::evaluate::program::FuncId;
use crate::evaluate::types::{substitute, unify};
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Func, Param, Pattern, Symbol, Type};
use crate::model::source::{Language, Span};

impl<'a> Interp<'a> {
    pub(super) fn invoke_outcome(
        &mut self,
        id: FuncId,
        receiver: Option<Value>,
        args: Vec<Value>,
        type_args: &[Type],
        expected: &Type,
        site: Span,
    ) -> Outcome {
        let func = self.program.func(id);
        let mut types = self.types_of_call(id, receiver.as_ref(), &args, type_args);
        unify(&func.ret, expected, &mut types);
        let recursive = self.frames.iter().filter(|frame| frame.func == Some(id)).count();
        if !self.is_worth_it(id, receiver.as_ref(), &args)
            || self.frames.len() >= MAX_DEPTH
            || recursive > 1
            || !self.spend()
        {
            return self.unfollowed(id, &types);
        }
        let told_receiver = receiver.clone().map(|value| self.told(id, value));
        let declared = func.params.iter().map(|param| &param.ty).chain(std::iter::repeat(&Type::Unknown));
        let told_args =
            args.iter().zip(declared).map(|(value, ty)| Self::without_way(self.told(id, value.clone()), ty));
        let told_args: Vec<Value> = told_args.collect();
        let selected = self.chosen(func, &args, &told_args, &types, site);
        let key = MemoKey {
            func: id,
            receiver: told_receiver,
            args: told_args,
            types,
            branches: self.branches.is_empty(),
            site: self.client_site(self.program.module_of(id), site),
        };
        let mut outcome = self.known_outcome(key, site);
        if let Some(selected) = selected.filter(|_| !outcome.value.is_informative()) {
            outcome.value = selected;
        }
        if let (Some(before), Some(after)) = (receiver, &mut outcome.receiver) {
            *after = Self::after_call(&before, std::mem::take(after));
        }
        for (at, after) in &mut outcome.changed {
            if let Some(before) = args.get(*at) {
                *after = Self::after_call(before, std::mem::take(after));
            }
        }
        outcome
    }

    /// What a function gives that gives what its callback gives (`use<T>(select: (state: State) => T): T`), where it
    /// was called with so many callbacks that it is not told this one.
    fn chosen(
        &mut self,
        func: &Func,
        args: &[Value],
        told: &[Value],
        types: &BTreeMap<Arc<str>, Type>,
        site: Span,
    ) -> Option<Value> {
        let gives @ Type::Parameter(_) = func.ret.peeled() else { return None };
        let dropped = |(arg, told): (&Value, &Value)| {
            arg.functions().next().cloned().filter(|_| told.functions().next().is_none())
        };
        let mut callbacks = func.params.iter().zip(args.iter().zip(told));
        callbacks.find_map(|(param, given)| {
            let Type::Function(takes, result) = param.ty.peeled() else { return None };
            let callback = dropped(given).filter(|_| result.peeled() == gives)?;
            let given = takes.iter().map(|ty| Value::typed(self.program.expand(&substitute(ty, types))));
            let given: Vec<Value> = given.collect();
            Some(self.call_value(&callback, &Site::bare(site).with_values(&given)))
        })
    }

    /// Whether to follow a call at all: something may happen in the function, or it is given something.
    /// What nobody calls is followed for its own sake.
    fn is_worth_it(&self, id: FuncId, receiver: Option<&Value>, args: &[Value]) -> bool {
        self.frames.is_empty()
            || self.reach.is_followed(id)
            || receiver.into_iter().chain(args).any(|value| self.is_hot(value))
    }

    /// Whether nothing more is to be learnt of a function that nothing came of when it was followed before, and
    /// that is told nothing now.
    fn has_learnt_enough(&self, key: &MemoKey) -> bool {
        self.learning
            && self.contexts.get(&key.func).is_some_and(|followed| !followed.fruitful)
            && !key.receiver.iter().chain(&key.args).any(Value::is_informative)
    }

    /// An input as the function is told it; only its type, and which variant of an enum it is, once the function was
    /// followed for many others.
    fn told(&mut self, id: FuncId, value: Value) -> Value {
        let value = self.passed_on(value, self.reach.is_followed(id));
        let most = if matches!(value.what, What::Function(_)) { MAX_CALLBACKS } else { MAX_CONTEXTS };
        if !self.is_well_known(id, most) {
            return value;
        }
        let what = if self.is_well_known(id, MAX_CALLBACKS) { What::Opaque } else { Self::choice(&value.what) };
        Value { what, ..value }
    }

    /// Whether a function was followed for so many inputs that further ones are not told apart.
    fn is_well_known(&self, id: FuncId, most: usize) -> bool {
        let Some(followed) = self.contexts.get(&id) else { return false };
        let most = match followed.fruitful {
            _ if self.program.module_of(id).generated_client => MAX_CLIENT_CONTEXTS,
            true if followed.times < MAX_CALLBACKS || followed.news * NEWS_AMONG >= followed.times => {
                MAX_FRUITFUL_CONTEXTS
            }
            true => MAX_CALLBACKS,
            false => most,
        };
        followed.times >= self.enough(most)
    }

    /// A value of which nothing is known, as the parameter's default. Numbers and flags stay unknown: code
    /// that a flag switches off by default is followed too.
    fn or_default(&mut self, value: Value, param: &'a Param, ty: &Type) -> Value {
        let Some(default) = param.default.as_deref().filter(|_| !value.is_informative()) else { return value };
        let default = self.eval(default, ty);
        let says = |what: &What| {
            matches!(what, What::Text(_) | What::Object(_) | What::Record(_) | What::Function(_) | What::Response(_))
        };
        if default.alternatives().iter().any(says) { default.or_type(&value.ty) } else { value }
    }

    /// What a function gives for some inputs: as it is known, or found out.
    fn known_outcome(&mut self, key: MemoKey, site: Span) -> Outcome {
        let id = key.func;
        let hashed = key.hashed();
        let known = self.memo.get(&hashed).and_then(|all| all.iter().find(|(known, _)| *known == key));
        if let Some(outcome) = known.map(|(_, outcome)| outcome.clone()) {
            if let Some(open) = self.made.last_mut() {
                open.extend(outcome.calls.iter().copied());
            }
            return outcome;
        }
        if self.has_learnt_enough(&key) {
            return self.unfollowed(id, &key.types);
        }
        self.reached.insert(id);
        // What is looked at for its own sake is told nothing, and leaves room for those that call it.
        if !self.frames.is_empty() {
            self.contexts.entry(id).or_default().times += 1;
            self.called.insert(id);
        }
        let made = self.objects.count_made();
        let addressed = self.objects.addressed();
        let (mut outcome, calls) = self.collecting(|interp| interp.run_function(&key, site));
        outcome.calls = Rc::new(calls);
        // A short helper may put paths together, of calls or of routes, and calls nobody itself.
        let gives_address = self.reach.is_followed(id) && self.is_part_of_request(&outcome.value);
        let is_address = gives_address || self.objects.addressed() > addressed && outcome.calls.is_empty();
        if !outcome.calls.is_empty() || is_address {
            let known = self.came_of.entry(id).or_default();
            let before = known.len();
            known.extend(outcome.calls.iter().copied());
            let is_news = is_address || known.len() > before;
            let followed = self.contexts.entry(id).or_default();
            followed.fruitful = true;
            followed.news += usize::from(is_news);
        }
        // What one caller sets on a request that it was given is not set on the next one's.
        let shared = self.is_well_known(id, MAX_CALLBACKS) || !self.gives_fresh_request(&outcome.value, made);
        if self.quiet == 0 && shared {
            self.memo.entry(hashed).or_default().push((key, outcome.clone()));
        }
        outcome
    }

    /// What a function gives that is not followed: what it declares.
    fn unfollowed(&self, id: FuncId, types: &BTreeMap<Arc<str>, Type>) -> Outcome {
        let value = Value::typed(self.program.expand(&substitute(&self.program.func(id).ret, types)));
        Outcome { value, receiver: None, changed: Vec::new(), calls: Rc::default() }
    }

    /// Whether a value can be what a request is sent with or to.
    fn is_part_of_request(&self, value: &Value) -> bool {
        value.alternatives().iter().any(|what| match what {
            What::Text(_) | What::Response(_) => true,
            What::Object(id) => self.objects.get(*id).kind != Kind::Context,
            _ => false,
        })
    }

    /// Whether a value is a request under construction that was made after so many other objects.
    pub(super) fn gives_fresh_request(&self, value: &Value, made: usize) -> bool {
        value.objects().any(|id| {
            matches!(self.objects.get(id).kind, Kind::Request | Kind::Headers) && self.objects.is_made_since(id, made)
        })
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
            unify(owner, &self.program.seen_as(&receiver.ty, owner), &mut types);
        }
        for (param, arg) in func.params.iter().zip(args) {
            unify(&param.ty, &arg.ty, &mut types);
        }
        types
    }

    fn run_function(&mut self, key: &MemoKey, site: Span) -> Outcome {
        let MemoKey { func: id, receiver, args, types, .. } = key;
        let id = *id;
        let func = self.program.func(id);
        let module = self.program.module_of(id);
        let expected = self.program.expand(&substitute(&func.ret, types));
        self.frames.push(Frame {
            func: Some(id),
            module,
            symbol: func.symbol.clone(),
            test: module.test || func.test,
            span: func.span,
            site,
            env: Env::new(),
            types: types.clone(),
            expected: expected.clone(),
            returns: None,
            yields: None,
            loops: Vec::new(),
            bound: 0,
            dead: false,
        });
        if let (Some(name), Some(receiver)) = (&func.receiver, receiver) {
            let owner = func.owner.clone().unwrap_or_default();
            self.frame_mut().env.declare(name, receiver.clone().or_type(&owner));
        }
        let mut given = args.iter();
        for param in &func.params {
            let ty = self.program.expand(&self.concrete(&param.ty));
            let value = given.next().cloned().unwrap_or_default();
            let value = self.or_default(value, param, &ty);
            let value = if param.annotations.is_empty() { value } else { value.or_type(&ty) };
            let value = self.or_configured(value, &param.annotations);
            let value = self.converted(value, &ty, site);
            // A declared interface says less than the value that is passed.
            let value = self.as_declared(value, &ty);
            self.bind(&param.pattern, value);
        }
        if let Some(body) = &func.body {
            let tail = self.statements(body, &expected);
            if !self.frame().dead && body.tail.is_some() {
                self.give(tail);
            }
        }
        let env = &self.frame().env;
        let now = |param: &Param| match &param.pattern {
            Pattern::Bind(name, ..) if !param.variadic => env.get(name),
            _ => None,
        };
        let after = func.params.iter().zip(args).enumerate().filter_map(|(at, (param, told))| {
            let after = now(param).filter(|after| *after != told)?;
            Some((at, after.clone()))
        });
        let changed = after.collect();
        let after = func.receiver.as_ref().and_then(|name| env.get(name));
        let receiver = after.filter(|after| receiver.as_ref() != Some(after)).cloned();
        let value = self.frames.pop().map(|mut frame| frame.result()).unwrap_or_default();
        let value = self.as_declared(value, &expected);
        self.result_kept(id, &value);
        Outcome { value, receiver, changed, calls: Rc::default() }
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
                yields: None,
                loops: Vec::new(),
                bound: 0,
                dead: false,
            });
            value = match &global.value {
                Some(initial) => self.eval(initial, &ty).or_type(&ty),
                None => self.zero_value(&ty, global.span),
            };
            self.frames.pop();
        } else if module.generated && module.language == Language::TypeScript && value.what == What::Opaque {
            // Generated descriptions of services and messages are what their names say.
            let foreign = || Value::of(What::Function(Rc::new(Callable::Foreign(symbol.clone()))));
            value.what = self.generated_alias(global.value.as_ref()).unwrap_or_else(foreign).what;
        }
        if let Some(named) = self.enum_constant(symbol) {
            value.what = named;
        }
        if let Some(kept) = self.fields.get(symbol, &Arc::from("")) {
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
        if joined.is_informative() {
            self.learnt += usize::from(self.fields.add(symbol.clone(), &Arc::from(""), &joined));
        }
        self.globals.insert(symbol, joined);
    }
}
