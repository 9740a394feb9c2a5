//! Loops.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use crate::evaluate::value::{Value, What};
use crate::evaluate::walk;
use crate::model::ir::{ExprKind, Loop, LoopKind, Stmt, StmtKind, Type};

impl<'a> Interp<'a> {
    /// Runs a loop.
    pub(super) fn run_loop(&mut self, inner: &'a Loop) -> Value {
        self.frame_mut().breaks.push(Value::unknown());
        self.scoped(|interp| {
            if let LoopKind::Counted { init: Some(init), .. } = &inner.kind {
                interp.stmt(init);
            }
            interp.forget_counters(inner);
            // Twice: what the first round leaves behind is what the second one starts from.
            for _ in 0..2 {
                let before = interp.frame().env.clone();
                interp.branch(|interp| interp.round(inner));
                interp.frame_mut().dead = false;
                interp.merge_env(before);
            }
        });
        self.frame_mut().breaks.pop().unwrap_or_default()
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
