//! Runs closures.
//!
//! A closure is run again wherever it is called, and code in callbacks within callbacks (components,
//! effects, handlers of events) would cost more with each level, so results are kept here, too.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use super::argument::{Given, align};
use super::scope::{Env, Frame};
use super::{Interp, MAX_CLIENT_CONTEXTS, MAX_CLOSURE_RUNS, MAX_DEPTH};
use crate::evaluate::types::substitute;
use crate::evaluate::value::{Captured, Value, What};
use crate::model::ir::{Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::CallId;

/// Results of closures by place and hash of what they are given.
pub(super) type Closures = BTreeMap<(Span, u64), Vec<(ClosureKey, ClosureOutcome)>>;

/// A closure with all that it can see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ClosureKey {
    place: Span,
    home: Symbol,
    /// The variables that it mentions.
    seen: Captured,
    args: Vec<Value>,
    expected: Type,
    types: BTreeMap<Arc<str>, Type>,
    /// The function it stands in is running.
    is_running: bool,
    branches: bool,
    /// See [`Interp::client_site`].
    site: Option<Span>,
}

impl ClosureKey {
    /// The place, and a hash of what stands outermost in what it sees and is given.
    fn hashed(&self) -> (Span, u64) {
        // With fixed keys: the same on every run.
        let mut hasher = rustc_hash::FxHasher::default();
        self.seen.values().chain(&self.args).for_each(|value| value.hash_outside(&mut hasher));
        self.expected.hash(&mut hasher);
        self.types.hash(&mut hasher);
        (self.is_running, self.branches, self.site).hash(&mut hasher);
        (self.place, hasher.finish())
    }
}

/// What a closure gives, and does to what it sees.
#[derive(Clone, Debug)]
pub(super) struct ClosureOutcome {
    value: Value,
    calls: Rc<BTreeSet<CallId>>,
    changed: Rc<[(Arc<str>, Value)]>,
}

impl Interp<'_> {
    /// Runs a closure: it sees the variables of the function it stands in, and may change them.
    pub(super) fn enter_closure(
        &mut self,
        place: Span,
        home: &Symbol,
        captured: &Captured,
        args: &[Given<'_>],
        expected: &Type,
        site: Span,
    ) -> Value {
        let Some(lambda) = self.lambdas.get(&place).map(|(lambda, _)| *lambda) else { return Value::unknown() };
        let running = self.frames.iter().filter(|frame| frame.site == place).count();
        if self.frames.len() >= MAX_DEPTH || running > 1 || !self.spend() {
            return Value::unknown();
        }
        let Some(last) = self.frames.last() else { return Value::unknown() };
        if self.quiet == 0 {
            self.entered.insert(place);
        }
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
        let seen = self.seen_now(captured, outer);
        let declared = match (&lambda.ret, expected) {
            (Type::Unknown, Type::Unknown) => self.lambda_result(place),
            (Type::Unknown, expected) => expected.clone(),
            (declared, _) => substitute(declared, &types),
        };
        let given: Vec<Value> = align(&lambda.params, args).into_iter().map(|(value, _)| value).collect();
        let key = ClosureKey {
            place,
            home: home.clone(),
            seen: Rc::clone(&seen),
            args: given.clone(),
            expected: declared.clone(),
            types: types.clone(),
            is_running: outer.is_some(),
            branches: self.branches.is_empty(),
            site: self.client_site(module, site),
        };
        let hashed = key.hashed();
        let known = self.closures.get(&hashed).and_then(|all| all.iter().find(|(known, _)| *known == key));
        if let Some(outcome) = known.map(|(_, outcome)| outcome.clone()) {
            if let Some(open) = self.made.last_mut() {
                open.extend(outcome.calls.iter().copied());
            }
            self.write_back(outer, &outcome.changed);
            return outcome.value;
        }
        let runs = self.closure_runs.entry(place).or_default();
        *runs += 1;
        if *runs > if module.generated_client { MAX_CLIENT_CONTEXTS } else { MAX_CLOSURE_RUNS } {
            return Value::unknown();
        }
        let mut env = Env::of(Rc::clone(&seen));
        let made = self.objects.count_made();
        env.push();
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
            yields: None,
            loops: Vec::new(),
            bound: 0,
            dead: false,
        });
        let ((), calls) = self.collecting(|interp| {
            for (at, (param, value)) in lambda.params.iter().zip(given).enumerate() {
                let ty = interp.lambda_param(place, at, &param.ty);
                // What is made here of a type of its own stays that, whatever the closure is used as.
                let is_made = matches!(value.what, What::Record(_)) && value.ty.symbol().is_some();
                let value = if is_made && param.ty == Type::Unknown { value } else { interp.as_declared(value, &ty) };
                interp.bind(&param.pattern, value);
            }
            let tail = interp.statements(&lambda.body, &declared);
            if !interp.frame().dead && lambda.body.tail.is_some() {
                interp.give(tail);
            }
        });
        let Some(mut frame) = self.frames.pop() else { return Value::unknown() };
        // Its own parameters may have the names of variables outside.
        frame.env.pop();
        let changed = captured.keys().filter_map(|name| {
            let (old, new) = (seen.get(name)?, frame.env.get(name)?);
            (old != new).then(|| (Arc::clone(name), old.clone().join(new.clone())))
        });
        let changed: Rc<[(Arc<str>, Value)]> = changed.collect();
        self.write_back(outer, &changed);
        let value = self.as_declared(frame.result(), &declared);
        // What one caller sets on a request that it was given is not set on the next one's.
        if self.quiet == 0 && !self.gives_fresh_request(&value, made) {
            let outcome = ClosureOutcome { value: value.clone(), calls: Rc::new(calls), changed };
            self.closures.entry(hashed).or_default().push((key, outcome));
        }
        value
    }

    /// The variables that a closure sees, as they are now if the function that it stands in still runs.
    fn seen_now(&self, captured: &Captured, outer: Option<usize>) -> Captured {
        let Some(frame) = outer.and_then(|at| self.frames.get(at)) else { return Rc::clone(captured) };
        let now = |name: &Arc<str>, made: &Value| frame.env.get(name).filter(|now| *now != made).cloned();
        if captured.iter().all(|(name, made)| now(name, made).is_none()) {
            return Rc::clone(captured);
        }
        let all =
            captured.iter().map(|(name, made)| (Arc::clone(name), now(name, made).unwrap_or_else(|| made.clone())));
        Rc::new(all.collect())
    }

    /// What a closure has changed of the variables of the function it stands in, if that still runs.
    fn write_back(&mut self, outer: Option<usize>, changed: &[(Arc<str>, Value)]) {
        let Some(frame) = outer.and_then(|at| self.frames.get_mut(at)) else { return };
        for (name, value) in changed {
            frame.env.set(name, value.clone());
        }
    }
}
