//! Loops.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::scope::Env;
use crate::evaluate::value::{Value, What};
use crate::evaluate::walk;
use crate::model::ir::{ExprKind, Loop, LoopKind, Stmt, StmtKind, Type};

/// A loop that is running.
#[derive(Debug, Default)]
pub(super) struct Open {
    label: Option<Arc<str>>,
    /// Scopes around its body.
    depth: usize,
    /// What `break` gives.
    value: Value,
    /// Variables as each `break` leaves them.
    left: Option<Env>,
    /// Variables as each `continue` leaves them.
    continued: Option<Env>,
}

impl<'a> Interp<'a> {
    /// Runs a loop.
    pub(super) fn run_loop(&mut self, inner: &'a Loop) -> Value {
        self.scoped(|interp| {
            let depth = interp.frame().env.depth();
            interp.frame_mut().loops.push(Open { label: inner.label.clone(), depth, ..Open::default() });
            if let LoopKind::Counted { init: Some(init), .. } = &inner.kind {
                interp.stmt(init);
            }
            interp.forget_counters(inner);
            // Twice, unless nothing changed: what the first round leaves behind is what the second one
            // starts from.
            for _ in 0..2 {
                let before = interp.frame().env.clone();
                interp.branch(|interp| interp.round(inner));
                interp.frame_mut().dead = false;
                interp.merge_env(before.clone());
                let continued = interp.frame_mut().loops.last_mut().and_then(|open| open.continued.take());
                continued.into_iter().for_each(|env| interp.merge_env(env));
                if interp.frame().env.is_like(&before) {
                    break;
                }
            }
            let ended = interp.frame_mut().loops.pop().unwrap_or_default();
            ended.left.into_iter().for_each(|env| interp.merge_env(env));
            ended.value
        })
    }

    /// `break`: what variables hold here, they hold behind the loop.
    pub(super) fn leave_loop(&mut self, label: Option<&str>, value: Option<Value>) {
        let env = self.frame().env.clone();
        if let Some(open) = self.open_loop(label) {
            if let Some(value) = value {
                open.value = std::mem::take(&mut open.value).join(value);
            }
            let env = env.outer(open.depth);
            open.left = Some(match open.left.take() {
                Some(earlier) => earlier.join(env),
                None => env,
            });
        }
        self.frame_mut().dead = true;
    }

    /// `continue`: what variables hold here, the next round starts with.
    pub(super) fn next_round(&mut self, label: Option<&str>) {
        let env = self.frame().env.clone();
        if let Some(open) = self.open_loop(label) {
            let env = env.outer(open.depth);
            open.continued = Some(match open.continued.take() {
                Some(earlier) => earlier.join(env),
                None => env,
            });
        }
        self.frame_mut().dead = true;
    }

    /// The loop that a label names, or the innermost one.
    fn open_loop(&mut self, label: Option<&str>) -> Option<&mut Open> {
        let named = |open: &&mut Open| label.is_none() || open.label.as_deref() == label;
        self.frame_mut().loops.iter_mut().rev().find(named)
    }

    /// A number that each round adds to has no value that stays.
    fn forget_counters(&mut self, inner: &'a Loop) {
        let mut counters: Vec<&'a Arc<str>> = Vec::new();
        let mut see = |stmt: &'a Stmt| {
            if let StmtKind::Assign { target, op: Some(_), .. } = &stmt.kind
                && let ExprKind::Local(name) = &target.kind
            {
                counters.push(name);
            }
        };
        walk::stmts(&inner.body, &mut see);
        if let LoopKind::Counted { step: Some(step), .. } = &inner.kind {
            see(step);
        }
        for name in counters {
            let is_number = |value: &Value| matches!(value.what, What::Int(_) | What::Thousandths(_));
            if self.frame().env.get(name).is_some_and(is_number) {
                self.frame_mut().env.set(name, Value::typed(Type::Number));
            }
        }
    }

    fn round(&mut self, inner: &'a Loop) {
        self.scoped(|interp| {
            match &inner.kind {
                LoopKind::Infinite => {}
                LoopKind::While(cond) => {
                    interp.eval(cond, &Type::Bool);
                }
                LoopKind::Counted { cond, .. } => {
                    if let Some(cond) = cond {
                        interp.eval(cond, &Type::Bool);
                    }
                }
                LoopKind::Each { pattern, over, keyed } => {
                    let over = interp.eval(over, &Type::Unknown);
                    let element = over.element();
                    let bound =
                        if *keyed { Value::of(What::Tuple(Rc::new(vec![Value::unknown(), element]))) } else { element };
                    interp.bind(pattern, bound);
                }
            }
            interp.statements(&inner.body, &Type::Unknown);
            if let LoopKind::Counted { step: Some(step), .. } = &inner.kind {
                interp.frame_mut().dead = false;
                interp.stmt(step);
            }
        });
    }
}
