//! Which functions may come back to themselves, by the names that they mention.
//!
//! To run a function along all its ways costs far more than to look for its name, and nearly no function
//! calls itself.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Remote;
use super::itself::Itself;
use super::names::NAMES;
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Func, Symbol, Type};

/// Names and who has them.
pub(super) struct Circles<'w, 'a> {
    program: &'w Program<'a>,
    /// Functions that make remote calls, by simple name; none where several share it.
    by_name: BTreeMap<&'a str, Option<FuncId>>,
    /// Simple names that the body of a function mentions.
    mentioned: RefCell<BTreeMap<FuncId, Rc<BTreeSet<&'a str>>>>,
    /// Own functions that a function mentions.
    called: RefCell<BTreeMap<FuncId, Rc<BTreeSet<FuncId>>>>,
}

/// Functions between a function and the one that calls it again: `retry`, `backOff`, `schedule`, `retry`.
const MAX_BETWEEN: usize = 3;

impl<'w, 'a> Circles<'w, 'a> {
    pub(super) fn new(program: &'w Program<'a>, remotes: &BTreeMap<FuncId, Remote>) -> Self {
        let mut by_name = BTreeMap::new();
        for id in remotes.keys() {
            by_name.entry(program.func(*id).symbol.name()).and_modify(|one| *one = None).or_insert(Some(*id));
        }
        Self { program, by_name, mentioned: RefCell::default(), called: RefCell::default() }
    }

    /// The one function of this simple name that makes remote calls.
    pub(super) fn named(&self, name: &str) -> Option<FuncId> {
        self.by_name.get(name).copied().flatten()
    }

    /// Whether a body may call the function that it belongs to: it names it, or names one that does.
    pub(super) fn may_close(&self, func: &Func, itself: &Itself<'_>, body: &'a Block) -> bool {
        let mut found = false;
        walk::block(body, &mut |expr| {
            found = found || itself.is(expr) || itself.is_led_to_by(expr) || self.may_lead_back(func, itself, expr);
        });
        found
    }

    fn may_lead_back(&self, func: &Func, itself: &Itself<'_>, expr: &Expr) -> bool {
        // Another function does not see the variables of this one.
        let back = match itself {
            Itself::Func(back) => back,
            Itself::Queue(_) => return self.own(func, expr).is_some_and(|id| self.puts_back(id, itself)),
            _ => return false,
        };
        let is_run = NAMES.is_run(back.symbol.name());
        let leads = |id: FuncId| {
            let mentioned = self.mentioned_by(id);
            mentioned.contains(back.symbol.name()) || is_run && mentioned.iter().any(|name| NAMES.runs_later(name))
        };
        self.own(func, expr).is_some_and(|id| self.leads_to(id, &leads))
    }

    /// Whether an own function, or one that it calls, and so on, is such a one.
    pub(super) fn leads_to(&self, id: FuncId, is: &dyn Fn(FuncId) -> bool) -> bool {
        let mut seen = BTreeSet::from([id]);
        let mut now = vec![id];
        for _ in 0..MAX_BETWEEN {
            if now.iter().any(|id| is(*id)) {
                return true;
            }
            let called = now.iter().flat_map(|id| self.called_by(*id).iter().copied().collect::<Vec<_>>());
            now = called.filter(|id| seen.insert(*id)).collect();
        }
        false
    }

    fn called_by(&self, id: FuncId) -> Rc<BTreeSet<FuncId>> {
        if let Some(known) = self.called.borrow().get(&id) {
            return Rc::clone(known);
        }
        let func = self.program.func(id);
        let mut called = BTreeSet::new();
        if let Some(body) = &func.body {
            walk::block(body, &mut |expr| {
                if let ExprKind::Call { callee, .. } = &expr.kind {
                    called.extend(self.own(func, callee));
                }
            });
        }
        let called = Rc::new(called);
        self.called.borrow_mut().insert(id, Rc::clone(&called));
        called
    }

    fn own(&self, func: &Func, expr: &Expr) -> Option<FuncId> {
        match &expr.kind {
            ExprKind::Global(symbol) => self.program.function(symbol),
            ExprKind::Member { base, name, .. } => match owner(func, base) {
                Some(owner) => self.program.method(owner, name),
                None => self.named(name),
            },
            _ => None,
        }
    }

    fn puts_back(&self, id: FuncId, queue: &Itself<'_>) -> bool {
        let mut found = false;
        if let Some(body) = &self.program.func(id).body {
            walk::block(body, &mut |expr| found = found || queue.is_led_to_by(expr));
        }
        found
    }

    fn mentioned_by(&self, id: FuncId) -> Rc<BTreeSet<&'a str>> {
        if let Some(known) = self.mentioned.borrow().get(&id) {
            return Rc::clone(known);
        }
        let mut names = BTreeSet::new();
        if let Some(body) = &self.program.func(id).body {
            walk::block(body, &mut |expr| match &expr.kind {
                ExprKind::Global(symbol) => {
                    names.insert(symbol.name());
                }
                ExprKind::Member { name, .. } => {
                    names.insert(&**name);
                }
                _ => {}
            });
        }
        let names = Rc::new(names);
        self.mentioned.borrow_mut().insert(id, Rc::clone(&names));
        names
    }
}

/// The type that a method belongs to, if an expression is the object that it was called on.
pub(super) fn owner<'a>(func: &'a Func, base: &Expr) -> Option<&'a Symbol> {
    let is_receiver = matches!((&base.kind, &func.receiver), (ExprKind::Local(base), Some(own)) if base == own);
    func.owner.as_ref().filter(|_| is_receiver).and_then(Type::symbol)
}
