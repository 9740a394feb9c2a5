//! Choices that were made before: what was once true on a way stays true until something is set.

use super::bound::path_of;
use super::outcome::Fact;
use super::paths::State;
use crate::model::ir::{Expr, ExprKind, Literal, Op};

/// Whether a comparison holds, if an earlier choice on the same way decides it.
pub(super) fn before(cond: &Expr, state: &State<'_>) -> Option<bool> {
    if state.choices.is_empty() || !is_plain(cond) {
        return None;
    }
    let decided = state.choices.iter().enumerate().rev().find_map(|(at, choice)| {
        // Which arm of a match was taken is no comparison.
        let decides = if choice.at == 0 { said(choice.on, choice.taken, cond) } else { None };
        decides.map(|truth| (at, truth))
    });
    let (at, truth) = decided?;
    let changed = state.set.iter().any(|(behind, name)| *behind > at && mentions(cond, name));
    (!changed).then_some(truth)
}

/// Remembers that a variable is another from here on.
pub(super) fn forget(target: &Expr, state: &mut State<'_>) {
    match &target.kind {
        ExprKind::Local(name) => {
            let behind = state.choices.len();
            // A choice that comes later is made on the new value.
            state.set.push((behind, std::sync::Arc::clone(name)));
        }
        ExprKind::Member { base, .. } | ExprKind::Index { base, .. } | ExprKind::Deref(base) => forget(base, state),
        ExprKind::Tuple(targets) => targets.iter().for_each(|target| forget(target, state)),
        _ => {}
    }
}

/// Remembers what a field was set to, if that is what a call gave.
pub(super) fn keep(target: &Expr, fact: Fact, state: &mut State<'_>) {
    let is_given = matches!(fact, Fact::Result(_) | Fact::Answer(_) | Fact::Status(_));
    let (ExprKind::Member { .. }, true) = (&target.kind, is_given || !state.facts.is_empty()) else { return };
    let Some(path) = path_of(target) else { return };
    if is_given {
        state.facts.insert(path.into(), fact);
    } else {
        state.facts.remove(path.as_str());
    }
}

/// What a field is known to hold.
pub(super) fn kept(field: &Expr, state: &State<'_>) -> Option<Fact> {
    let ExprKind::Member { base, .. } = &field.kind else { return None };
    if state.facts.is_empty() || !matches!(base.kind, ExprKind::Local(_)) {
        return None;
    }
    state.facts.get(path_of(field)?.as_str()).copied()
}

/// What a condition that came out like this says of another.
fn said(on: &Expr, taken: bool, cond: &Expr) -> Option<bool> {
    match &on.kind {
        ExprKind::Unary(Op::Not, inner) => said(inner, !taken, cond),
        ExprKind::Binary(Op::And, left, right) if taken => said(left, true, cond).or_else(|| said(right, true, cond)),
        ExprKind::Binary(Op::Or, left, right) if !taken => said(left, false, cond).or_else(|| said(right, false, cond)),
        ExprKind::Binary(known, left, right) => {
            let ExprKind::Binary(asked, other_left, other_right) = &cond.kind else { return None };
            // `found == nil`, `nil == found`
            let turned = matches!(asked, Op::Eq | Op::Ne) && is_same(left, other_right) && is_same(right, other_left);
            let same = turned || is_same(left, other_left) && is_same(right, other_right);
            if same && known == asked {
                return Some(taken);
            }
            (same && opposite(*known) == Some(*asked)).then_some(!taken)
        }
        _ => None,
    }
}

/// A comparison of a variable with something that nobody else sets: asked twice, it is answered alike.
fn is_plain(cond: &Expr) -> bool {
    let ExprKind::Binary(op, left, right) = &cond.kind else { return false };
    let is_local = |side: &Expr| matches!(side.kind, ExprKind::Local(_));
    opposite(*op).is_some()
        && (is_local(left) && is_same(right, right) || is_local(right) && is_same(left, left) && is_constant(left))
}

const fn is_constant(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(_))
}

const fn opposite(op: Op) -> Option<Op> {
    Some(match op {
        Op::Eq => Op::Ne,
        Op::Ne => Op::Eq,
        Op::Lt => Op::Ge,
        Op::Ge => Op::Lt,
        Op::Gt => Op::Le,
        Op::Le => Op::Gt,
        _ => return None,
    })
}

fn is_same(left: &Expr, right: &Expr) -> bool {
    match (&left.kind, &right.kind) {
        (ExprKind::Local(left), ExprKind::Local(right)) => left == right,
        (ExprKind::Global(left), ExprKind::Global(right)) => left == right,
        (ExprKind::Literal(Literal::Int(left)), ExprKind::Literal(Literal::Int(right))) => left == right,
        (ExprKind::Literal(Literal::Str(left)), ExprKind::Literal(Literal::Str(right))) => left == right,
        (ExprKind::Literal(Literal::Null), ExprKind::Literal(Literal::Null)) => true,
        (
            ExprKind::Member { base: left, name: left_name, .. },
            ExprKind::Member { base: right, name: right_name, .. },
        ) => left_name == right_name && is_same(left, right),
        _ => false,
    }
}

fn mentions(expr: &Expr, name: &str) -> bool {
    match &expr.kind {
        ExprKind::Local(own) => &**own == name,
        ExprKind::Member { base, .. } => mentions(base, name),
        ExprKind::Binary(_, left, right) => mentions(left, name) || mentions(right, name),
        _ => false,
    }
}
