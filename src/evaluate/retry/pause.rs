//! How long a retry waits between two attempts.

use std::collections::BTreeSet;

use super::bound::Judge;
use super::circle;
use super::names::NAMES;
use crate::evaluate::program::Program;
use crate::evaluate::walk;
use crate::model::ir::{Arg, Expr, ExprKind, Func, Op};
use crate::model::usage::Pause;

/// Own functions that call each other to wait.
const MAX_DEPTH: usize = 3;

/// What is known of the function that waits.
pub(super) struct Pauses<'p, 'a> {
    pub(super) program: &'p Program<'a>,
    pub(super) func: &'a Func,
    /// What knows the variables that differ from round to round.
    pub(super) judge: &'p Judge<'p, 'a>,
}

impl Pauses<'_, '_> {
    /// The waits among expressions: those of a loop, its head included, or of a function.
    pub(super) fn among<'e>(&self, walk: impl FnOnce(&mut dyn FnMut(&'e Expr))) -> Pause {
        let mut pause = Pause::None;
        walk(&mut |expr| pause = pause.max(self.of(expr)));
        pause
    }

    fn of(&self, expr: &Expr) -> Pause {
        match &expr.kind {
            // Who receives from a channel waits for somebody.
            ExprKind::Unary(Op::Receive, _) => Pause::Varies,
            ExprKind::Call { callee, args, .. } => {
                let name = name(callee).unwrap_or_default();
                if NAMES.sounds_like_waiting(name) {
                    let fixed = !args.is_empty() && args.iter().all(|arg| self.is_fixed(&arg.value));
                    return if fixed { Pause::Fixed } else { Pause::Varies };
                }
                if self.waits(callee, args, self.func, &mut BTreeSet::new()) { Pause::Varies } else { Pause::None }
            }
            _ => Pause::None,
        }
    }

    /// Whether an own function that is called, or that is given to a call, waits.
    fn waits(&self, callee: &Expr, args: &[Arg], func: &Func, seen: &mut BTreeSet<u32>) -> bool {
        let own = |expr: &Expr| match &expr.kind {
            ExprKind::Global(symbol) => self.program.function(symbol),
            ExprKind::Member { base, name, .. } => self.program.method(circle::owner(func, base)?, name),
            _ => None,
        };
        let called = std::iter::once(callee).chain(args.iter().map(|arg| &arg.value)).filter_map(own);
        for id in called {
            if seen.len() >= MAX_DEPTH || !seen.insert(id.0) {
                continue;
            }
            let func = self.program.func(id);
            let Some(body) = &func.body else { continue };
            let mut found = false;
            walk::block(body, &mut |expr| {
                found = found
                    || match &expr.kind {
                        ExprKind::Unary(Op::Receive, _) => true,
                        ExprKind::Call { callee, args, .. } => {
                            name(callee).is_some_and(|name| NAMES.sounds_like_waiting(name))
                                || self.waits(callee, args, func, seen)
                        }
                        _ => false,
                    };
            });
            if found {
                return true;
            }
        }
        false
    }

    /// Whether an argument is the same in each round: a number, a constant, a variable that nothing sets.
    fn is_fixed(&self, arg: &Expr) -> bool {
        match &arg.kind {
            ExprKind::Literal(_) | ExprKind::Global(_) | ExprKind::Lambda(_) => true,
            ExprKind::Local(name) => !self.judge.varies(name),
            ExprKind::Member { base, .. } => self.is_fixed(base),
            ExprKind::Binary(_, left, right) => self.is_fixed(left) && self.is_fixed(right),
            ExprKind::Cast(_, inner) | ExprKind::Ref(inner) | ExprKind::Deref(inner) => self.is_fixed(inner),
            ExprKind::Call { callee, args, .. } => {
                let is_unit = name(callee).is_some_and(|name| NAMES.is_unit(name));
                is_unit
                    && args.iter().all(|arg| self.is_fixed(&arg.value))
                    && receiver(callee).is_none_or(|base| self.is_fixed(base))
            }
            _ => false,
        }
    }
}

fn name(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Global(symbol) => Some(symbol.name()),
        ExprKind::Local(name) | ExprKind::Member { name, .. } => Some(name),
        _ => None,
    }
}

fn receiver(callee: &Expr) -> Option<&Expr> {
    match &callee.kind {
        ExprKind::Member { base, .. } => Some(base),
        _ => None,
    }
}
