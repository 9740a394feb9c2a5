//! Ends that no counter tells: candidates of which each is tried once, and a connection that is made anew but once.

use std::collections::BTreeSet;

use super::bound::path_of;
use super::names::NAMES;
use super::outcome;
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Op, StmtKind};

/// What a round of a loop puts more into, and what it throws away.
#[derive(Default)]
pub(super) struct Exhausted {
    grown: BTreeSet<String>,
    thrown_away: BTreeSet<String>,
}

impl Exhausted {
    pub(super) fn of(body: &Block) -> Self {
        let mut found = Self::default();
        walk::block(body, &mut |expr| {
            if let ExprKind::Call { callee, args, .. } = &expr.kind
                && let ExprKind::Member { base, name, .. } = &callee.kind
                && NAMES.grows.contains(&**name)
                && !args.is_empty()
            {
                found.grown.extend(path_of(base));
            }
        });
        walk::stmts(body, &mut |stmt| {
            if let StmtKind::Assign { target, op: None, value } = &stmt.kind
                && is_nothing(value)
            {
                found.thrown_away.extend(path_of(target));
            }
        });
        found
    }

    /// Whether a condition compares how much has been put into something: `len(tried) < len(servers)`.
    pub(super) fn runs_out(&self, cond: &Expr) -> bool {
        let mut found = false;
        walk::expr(cond, &mut |expr| {
            if let ExprKind::Binary(Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne, left, right) = &expr.kind {
                found |=
                    [left, right].into_iter().any(|side| sized(side).is_some_and(|path| self.grown.contains(&path)));
            }
        });
        found
    }

    /// Whether a value asks if there was something that the round throws away when it fails: the next round
    /// finds nothing, and fails for good. `bool fresh = session == null; .. if (fresh) { throw e; } session = null;`
    pub(super) fn is_fresh(&self, value: &Expr) -> bool {
        let ExprKind::Binary(Op::Eq, left, right) = &value.kind else { return false };
        [(left, right), (right, left)].into_iter().any(|(asked, nothing)| {
            is_nothing(nothing) && path_of(asked).is_some_and(|path| self.thrown_away.contains(&path))
        })
    }
}

const fn is_nothing(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Literal(Literal::Null))
}

/// What `len(tried)`, `tried.size()` and `tried.length` measure.
fn sized(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Call { callee, args, .. } => match (&callee.kind, args.as_slice()) {
            (ExprKind::Member { base, name, .. }, []) if NAMES.sizes.contains(&**name) => path_of(base),
            (_, [arg]) if outcome::name_of(callee).is_some_and(|name| NAMES.sizes.contains(name)) => {
                path_of(&arg.value)
            }
            _ => None,
        },
        ExprKind::Member { base, name, .. } if NAMES.sizes.contains(&**name) => path_of(base),
        _ => None,
    }
}
