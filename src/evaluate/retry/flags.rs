//! Flags that a condition looks at.

use std::sync::Arc;

use super::names::NAMES;
use crate::model::ir::{Expr, ExprKind, Literal, Op};

/// Truth values that stand alone, or among others: variables and fields, perhaps negated.
pub(super) fn flags(cond: &Expr) -> Vec<&Expr> {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => flags(inner),
        ExprKind::Binary(Op::And | Op::Or, left, right) => [flags(left), flags(right)].concat(),
        // What is there or not is a flag too.
        ExprKind::Binary(Op::Eq | Op::Ne, left, right) => match (&left.kind, &right.kind) {
            (_, ExprKind::Literal(Literal::Null)) => flags(left),
            (ExprKind::Literal(Literal::Null), _) => flags(right),
            _ => Vec::new(),
        },
        ExprKind::Local(_) | ExprKind::Member { .. } | ExprKind::Global(_) => vec![cond],
        _ => Vec::new(),
    }
}

/// Whether a flag is a constant, or a setting: it is in each round what it was in the first.
pub(super) fn never_changes(flag: &Expr) -> bool {
    let is_constant =
        |name: &str| name.contains(|letter: char| letter.is_ascii_uppercase()) && name == name.to_ascii_uppercase();
    match &flag.kind {
        ExprKind::Unary(Op::Not, inner) => never_changes(inner),
        ExprKind::Global(symbol) => is_constant(symbol.name()),
        ExprKind::Local(name) => is_constant(name),
        ExprKind::Member { base, name, .. } => is_constant(name) || is_of_settings(base),
        _ => false,
    }
}

fn is_of_settings(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(name) => NAMES.is_setting(name),
        ExprKind::Member { base, name, .. } => NAMES.is_setting(name) || is_of_settings(base),
        _ => false,
    }
}

/// The variable that a flag is, or is part of.
pub(super) fn root(cond: &Expr) -> Option<&Arc<str>> {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => root(inner),
        ExprKind::Member { base, .. } => root(base),
        ExprKind::Local(name) => Some(name),
        _ => None,
    }
}

/// The flag that a choice looks at, and what it is: `!done`, `done == false`.
pub(super) fn flag_of(on: &Expr, taken: bool) -> (&Expr, bool) {
    match &on.kind {
        ExprKind::Unary(Op::Not, inner) => (&**inner, !taken),
        ExprKind::Binary(op @ (Op::Eq | Op::Ne), left, right) => match &right.kind {
            ExprKind::Literal(Literal::Bool(truth)) => (&**left, (taken == (*op == Op::Eq)) == *truth),
            _ => (on, taken),
        },
        _ => (on, taken),
    }
}
