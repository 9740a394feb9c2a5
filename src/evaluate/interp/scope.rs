//! Local variables.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use crate::evaluate::program::FuncId;
use crate::evaluate::types::substitute;
use crate::evaluate::value::{Captured, MAX_KEPT, Value, Variables};
use crate::model::ir::{Module, Symbol, Type};
use crate::model::source::Span;

/// Code that is being followed: a function's body, or a global's initial value.
#[derive(Debug)]
pub(super) struct Frame<'a> {
    /// The function; none for a global.
    pub(super) func: Option<FuncId>,
    pub(super) module: &'a Module,
    /// The function's or global's name.
    pub(super) symbol: Symbol,
    pub(super) test: bool,
    /// The whole function or global.
    pub(super) span: Span,
    /// The call that led here, in the frame below.
    pub(super) site: Span,
    pub(super) env: Env,
    /// What type parameters stand for.
    pub(super) types: BTreeMap<Arc<str>, Type>,
    /// What its result is used as.
    pub(super) expected: Type,
    pub(super) returns: Option<Value>,
    /// An element of what it gives, if it is a generator.
    pub(super) yields: Option<Value>,
    /// Loops that are running, the innermost last.
    pub(super) loops: Vec<super::loops::Open>,
    /// Methods of values that are being called, each by the one before.
    pub(super) bound: usize,
    /// This way ends here: nothing behind it runs.
    pub(super) dead: bool,
}

impl Frame<'_> {
    /// What the code gives: what it returns, or a list of what it yields.
    pub(super) fn result(&mut self) -> Value {
        match self.yields.take() {
            Some(element) => super::expr::list_of(vec![element]),
            None => self.returns.take().unwrap_or_default(),
        }
    }
}

/// Variables by scope, innermost last. Scopes are shared until somebody writes to one: each branch of
/// the code starts with a copy of all of them, and most branches write to few.
#[derive(Clone, Debug, Default)]
pub(super) struct Env {
    scopes: Vec<Rc<Variables>>,
    /// A scope without variables, which most stay.
    empty: Rc<Variables>,
}

impl Env {
    pub(super) fn new() -> Self {
        Self::of(Rc::default())
    }

    /// These variables, in one scope.
    pub(super) fn of(variables: Captured) -> Self {
        Self { scopes: vec![variables], empty: Rc::default() }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// A new variable in the innermost scope.
    pub(super) fn declare(&mut self, name: &Arc<str>, value: Value) {
        if let Some(scope) = self.scopes.last_mut() {
            Rc::make_mut(scope).insert(Arc::clone(name), value);
        }
    }

    /// A variable that exists gets a new value; false if it does not exist.
    pub(super) fn set(&mut self, name: &str, value: Value) -> bool {
        let Some(scope) = self.scopes.iter_mut().rev().find(|scope| scope.contains_key(name)) else { return false };
        if let Some(place) = Rc::make_mut(scope).get_mut(name) {
            *place = value;
        }
        true
    }

    pub(super) fn push(&mut self) {
        self.scopes.push(Rc::clone(&self.empty));
    }

    pub(super) fn pop(&mut self) {
        self.scopes.pop();
    }

    /// The outermost scopes.
    pub(super) fn outer(&self, count: usize) -> Self {
        Self { scopes: self.scopes.iter().take(count).cloned().collect(), empty: Rc::clone(&self.empty) }
    }

    pub(super) fn depth(&self) -> usize {
        self.scopes.len()
    }

    /// Those of some names that can be seen.
    pub(super) fn visible(&self, names: &BTreeSet<Arc<str>>) -> Captured {
        let seen = names.iter().filter_map(|name| Some((Arc::clone(name), self.get(name)?.clone().light(MAX_KEPT))));
        Rc::new(seen.collect())
    }

    /// Whether all variables hold the same.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let is_same = |(left, right): (&Rc<_>, &Rc<_>)| Rc::ptr_eq(left, right) || left == right;
        self.depth() == other.depth() && self.scopes.iter().zip(&other.scopes).all(is_same)
    }

    /// The variables after two ways meet; both have the same scopes.
    pub(super) fn join(self, other: Self) -> Self {
        let scopes = self.scopes.into_iter().zip(other.scopes).map(|(left, right)| join_scopes(left, right));
        Self { scopes: scopes.collect(), empty: self.empty }
    }
}

fn join_scopes(mut left: Captured, right: Captured) -> Captured {
    // Most branches change nothing, and a scope that is shared costs a copy to write to.
    let is_same = |((known, before), (name, value)): ((&Arc<str>, _), (&Arc<str>, &Value))| {
        Arc::ptr_eq(known, name) && before == value
    };
    if Rc::ptr_eq(&left, &right) || (left.len() == right.len() && left.iter().zip(right.iter()).all(is_same)) {
        return left;
    }
    let scope = Rc::make_mut(&mut left);
    for (name, value) in Rc::unwrap_or_clone(right) {
        match scope.get_mut(&name) {
            Some(known) if *known == value => {}
            Some(known) => *known = std::mem::take(known).join(value),
            None => {
                scope.insert(name, value);
            }
        }
    }
    left
}

impl Interp<'_> {
    /// Follows ways that exclude each other, from the same variables, and lets them meet.
    pub(super) fn alternatives<T>(
        &mut self,
        ways: impl IntoIterator<Item = T>,
        mut follow: impl FnMut(&mut Self, T) -> Value,
    ) -> Value {
        let before = self.frame().env.clone();
        let was_dead = self.frame().dead;
        let mut value: Option<Value> = None;
        let mut after: Option<Env> = None;
        let mut any = false;
        for way in ways {
            any = true;
            self.frame_mut().env = before.clone();
            self.frame_mut().dead = was_dead;
            let given = self.branch(|interp| follow(interp, way));
            if self.frame().dead {
                continue;
            }
            let env = std::mem::take(&mut self.frame_mut().env);
            after = Some(match after {
                Some(earlier) => earlier.join(env),
                None => env,
            });
            value = Some(match value {
                Some(earlier) => earlier.join(given),
                None => given,
            });
        }
        let dead = any && after.is_none();
        self.frame_mut().env = after.unwrap_or(before);
        self.frame_mut().dead = was_dead || dead;
        value.unwrap_or_default()
    }

    /// Runs `act` with an inner scope.
    pub(super) fn scoped<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.frame_mut().env.push();
        let result = act(self);
        self.frame_mut().env.pop();
        result
    }

    /// A type with the parameters of the function that is followed put in.
    pub(super) fn concrete(&self, ty: &Type) -> Type {
        substitute(ty, &self.frame().types)
    }

    /// Adds what a loop's body leaves behind to what was there before.
    pub(super) fn merge_env(&mut self, before: Env) {
        let env = std::mem::take(&mut self.frame_mut().env);
        self.frame_mut().env = before.join(env);
    }

    /// Runs `act`, and gives the calls that were made meanwhile too.
    pub(super) fn collecting<T>(
        &mut self,
        act: impl FnOnce(&mut Self) -> T,
    ) -> (T, BTreeSet<crate::model::usage::CallId>) {
        self.made.push(BTreeSet::new());
        let result = act(self);
        let calls = self.made.pop().unwrap_or_default();
        if let Some(outer) = self.made.last_mut() {
            outer.extend(calls.iter().copied());
        }
        (result, calls)
    }
}
