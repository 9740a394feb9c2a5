//! Choices that decide nothing: both of their sides go on alike.
//!
//! Each choice doubles the ways of a round. Most only decide what is logged, counted or put into a list.

use super::bound::path_of;
use super::names::NAMES;
use super::outcome::Fact;
use super::paths::{Choice, Flow, Runner, State, Ways};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, StmtKind};

impl<'a> Runner<'_, 'a> {
    /// Whether nothing in a choice calls somebody, leaves, comes back, or sets what is looked at later.
    pub(super) fn leads_nowhere(&self, choice: &'a Expr) -> bool {
        // Of the function that is looked for any mention may count, and of what ends a timer.
        if self.itself.is_some() || self.timed {
            return false;
        }
        if let Some(known) = self.world.idle.borrow().get(&choice.span) {
            return *known;
        }
        let mut idle = true;
        walk::expr(choice, &mut |part| {
            idle = idle
                && !self.remote.contains_key(&part.span)
                && match &part.kind {
                    ExprKind::Return(_)
                    | ExprKind::Break(..)
                    | ExprKind::Continue(_)
                    | ExprKind::Throw(_)
                    | ExprKind::Try(_)
                    | ExprKind::Yield(_) => false,
                    ExprKind::If { then, otherwise, .. } => {
                        [Some(then), otherwise.as_ref()].into_iter().flatten().all(sets_nothing)
                    }
                    ExprKind::Block(block) => sets_nothing(block),
                    ExprKind::Call { callee, .. } => !path_of(callee).is_some_and(|path| NAMES.never_returns(&path)),
                    _ => true,
                };
        });
        self.world.idle.borrow_mut().insert(choice.span, idle);
        idle
    }

    /// Goes on behind such a choice, and remembers that something was looked at.
    pub(super) fn passed_by(&self, cond: &'a Expr, mut state: State<'a>) -> Ways<'a> {
        let known = self.cond(cond, state.clone()).iter().all(|(fact, _)| fact.truth().is_some());
        if !known {
            // Which side was taken says nothing of later choices.
            state.choices.push(Choice { on: cond, at: usize::MAX, taken: true });
        }
        vec![(Flow::Next(Fact::Unknown), state)]
    }
}

fn sets_nothing(block: &Block) -> bool {
    let mut sets = false;
    walk::stmts(block, &mut |stmt| sets |= matches!(stmt.kind, StmtKind::Assign { .. }));
    !sets
}
