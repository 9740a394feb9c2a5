//! What ends a retry.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::outcome;
use super::paths::{End, Path};
use crate::evaluate::library::{FunctionModel, Libraries, Role};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Func, Loop, LoopKind, Op, Pattern, Stmt, StmtKind};
use crate::model::usage::Bound;

/// What ends a loop whose failing ways come back.
pub(super) fn of_loop(inner: &Loop, paths: &[Path<'_>], libraries: &Libraries, body: &Block) -> Bound {
    if let LoopKind::Each { over, .. } = &inner.kind
        && let Some(bound) = of_list(over, libraries)
    {
        return bound;
    }
    let mut counters = changed_in(&inner.body);
    if let LoopKind::Counted { step: Some(step), .. } = &inner.kind {
        changed_by(step, &mut counters);
    }
    Judge { libraries, counters, own_flags: set_in(&inner.body), never_end: never_ending(body, libraries) }.of(paths)
}

/// What ends a function that calls itself: a parameter that changes with each call and is checked.
pub(super) fn of_recursion(func: &Func, paths: &[Path<'_>], libraries: &Libraries, body: &Block) -> Bound {
    let mut counters = BTreeSet::new();
    walk::block(body, &mut |expr| {
        let ExprKind::Call { args, .. } = &expr.kind else { return };
        if !super::paths::is_self_call(expr, func) {
            return;
        }
        for arg in args {
            if let ExprKind::Binary(Op::Add | Op::Sub, left, _) = &arg.value.kind
                && let ExprKind::Local(name) = &left.kind
            {
                counters.insert(Arc::clone(name));
            }
        }
    });
    Judge { libraries, counters, own_flags: BTreeSet::new(), never_end: never_ending(body, libraries) }.of(paths)
}

struct Judge<'j> {
    libraries: &'j Libraries,
    /// Variables that change from round to round.
    counters: BTreeSet<Arc<str>>,
    /// Variables that the loop sets itself.
    own_flags: BTreeSet<Arc<str>>,
    /// Contexts that nobody ends.
    never_end: BTreeSet<Arc<str>>,
}

impl Judge<'_> {
    /// Every failing way that comes back must have passed a choice whose other side leaves.
    fn of(&self, paths: &[Path<'_>]) -> Bound {
        let leaves = |cond: &Expr, side: bool| {
            paths.iter().any(|path| {
                path.end == End::Leaves
                    && path.choices.iter().any(|(other, taken)| other.span == cond.span && *taken == side)
            })
        };
        let comes_back = |cond: &Expr, side: bool| {
            paths.iter().any(|path| {
                path.end == End::Again
                    && path.choices.iter().any(|(other, taken)| other.span == cond.span && *taken == side)
            })
        };
        let mut weakest: Option<Bound> = None;
        for path in paths.iter().filter(|path| path.end == End::Again && path.succeeded == Some(false)) {
            let guards = path.choices.iter().filter(|(cond, taken)| leaves(cond, !taken) && !comes_back(cond, !taken));
            let bound =
                guards.map(|(cond, _)| self.of_condition(cond)).max_by_key(strength).unwrap_or(Bound::Unbounded);
            weakest = Some(match weakest {
                Some(known) if strength(&known) <= strength(&bound) => known,
                _ => bound,
            });
        }
        weakest.unwrap_or(Bound::Unbounded)
    }

    /// What a condition that leaves looks at.
    fn of_condition(&self, cond: &Expr) -> Bound {
        let mut counts = false;
        let mut clock = false;
        let mut cancels = false;
        let mut endless = false;
        let mut opaque = None;
        walk::expr(cond, &mut |expr| match &expr.kind {
            ExprKind::Local(name) => {
                counts |= self.counters.contains(name);
                endless |= self.never_end.contains(name);
            }
            ExprKind::Member { base, .. } if matches!(&base.kind, ExprKind::Local(_)) => {
                counts |= member_path(expr).is_some_and(|path| self.counters.contains(path.as_str()));
            }
            ExprKind::Call { callee, args, .. } => {
                match model_of(callee, self.libraries).and_then(|model| model.role) {
                    Some(Role::Clock) => clock = true,
                    Some(Role::Cancels) => cancels = true,
                    Some(Role::Endless) => {}
                    // A test of the error itself (`is_retryable(err)`) tells errors apart and ends nothing.
                    None if args.iter().any(|arg| is_error(&arg.value)) || receiver_is_error(callee) => {}
                    None => opaque = Some(callee_name(callee)),
                }
            }
            _ => {}
        });
        if counts {
            return Bound::Attempts(limit(cond));
        }
        if clock {
            return Bound::Elapsed;
        }
        if cancels && !endless {
            return Bound::Cancellation;
        }
        if let Some(name) = opaque {
            return Bound::Unknown(format!("`{name}` decides when it ends"));
        }
        // A flag that only the loop itself sets says that the call went well, which it never does.
        if is_flag(cond) && !flag_name(cond).is_some_and(|name| self.own_flags.contains(name)) {
            return Bound::Unknown("a flag that is set elsewhere ends it".to_owned());
        }
        Bound::Unbounded
    }
}

/// Bounds from the weakest to the strongest.
fn strength(bound: &Bound) -> u8 {
    match bound {
        Bound::Unbounded => 0,
        Bound::Unknown(_) => 1,
        Bound::Cancellation => 2,
        Bound::Elapsed => 3,
        Bound::Attempts(None) => 4,
        Bound::Attempts(Some(_)) => 5,
    }
}

/// A list ends; only what a library gives for ever does not.
fn of_list(over: &Expr, libraries: &Libraries) -> Option<Bound> {
    let mut endless = false;
    let mut taken = None;
    let mut is_range = None;
    walk::expr(over, &mut |expr| {
        let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
        endless |= model_of(callee, libraries).is_some_and(|model| model.role == Some(Role::Endless));
        match &callee.kind {
            ExprKind::Member { name, .. } if &**name == "take" => {
                taken = Some(args.first().and_then(|arg| outcome::number(&arg.value)));
            }
            ExprKind::Global(symbol) if symbol.as_str().starts_with("std::ops::Range") => {
                // A range up to some end has a start too, which is not written.
                let start = symbol.name().starts_with("RangeTo").then_some(Some(0));
                is_range = Some(
                    start.into_iter().chain(args.iter().map(|arg| outcome::number(&arg.value))).collect::<Vec<_>>(),
                );
            }
            _ => {}
        }
    });
    let count = |number: i64| u64::try_from(number).ok();
    if let Some(taken) = taken {
        return Some(Bound::Attempts(taken.and_then(count)));
    }
    match is_range.as_deref() {
        // `0..`
        Some([_]) => return None,
        Some([Some(low), Some(high)]) => return Some(Bound::Attempts(count(high.saturating_sub(*low)))),
        _ => {}
    }
    if endless {
        return None;
    }
    Some(Bound::Attempts(outcome::number(over).and_then(count)))
}

/// Variables that a body changes by counting: `n += 1`, `n = n + 1`.
fn changed_in(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    walk::stmts(body, &mut |stmt| changed_by(stmt, &mut found));
    found
}

/// Variables that a body sets.
fn set_in(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    walk::stmts(body, &mut |stmt| {
        if let StmtKind::Assign { target, .. } = &stmt.kind
            && let ExprKind::Local(name) = &target.kind
        {
            found.insert(Arc::clone(name));
        }
    });
    found
}

fn changed_by(stmt: &Stmt, found: &mut BTreeSet<Arc<str>>) {
    let StmtKind::Assign { target, op, value } = &stmt.kind else { return };
    let name = match &target.kind {
        ExprKind::Local(name) => Arc::clone(name),
        ExprKind::Member { .. } => match member_path(target) {
            Some(path) => Arc::from(path),
            None => return,
        },
        _ => return,
    };
    let counts = match (op, &value.kind) {
        (Some(Op::Add | Op::Sub | Op::Mul), _) => true,
        (None, ExprKind::Binary(Op::Add | Op::Sub | Op::Mul, left, _)) => {
            matches!(&left.kind, ExprKind::Local(other) if *other == name)
        }
        (None, ExprKind::Call { callee, .. }) => {
            // `n = n.saturating_sub(1)`
            matches!(&callee.kind, ExprKind::Member { base, .. } if matches!(&base.kind, ExprKind::Local(other) if *other == name))
        }
        _ => false,
    };
    if counts {
        found.insert(name);
    }
}

/// `self.attempts` as text.
fn member_path(expr: &Expr) -> Option<String> {
    let ExprKind::Member { base, name, .. } = &expr.kind else { return None };
    let ExprKind::Local(base) = &base.kind else { return None };
    Some(format!("{base}.{name}"))
}

/// Variables that hold a context which nobody ends.
fn never_ending(body: &Block, libraries: &Libraries) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    for stmt in &body.stmts {
        let StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } = &stmt.kind else { continue };
        let ExprKind::Call { callee, .. } = &value.kind else { continue };
        if model_of(callee, libraries).is_some_and(|model| model.role == Some(Role::Endless)) {
            found.insert(Arc::clone(name));
        }
    }
    found
}

fn model_of<'l>(callee: &Expr, libraries: &'l Libraries) -> Option<&'l FunctionModel> {
    match &callee.kind {
        ExprKind::Global(symbol) => libraries.function(symbol.as_str()).map(|(_, model)| model),
        ExprKind::Member { name, .. } => libraries.any_method(name).map(|(_, model)| model),
        _ => None,
    }
}

fn callee_name(callee: &Expr) -> String {
    match &callee.kind {
        ExprKind::Global(symbol) => symbol.name().to_owned(),
        ExprKind::Member { name, .. } => name.to_string(),
        _ => "a function".to_owned(),
    }
}

/// Names under which errors go in every language.
fn is_error(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(name) => {
            matches!(&**name, "e" | "err" | "error" | "ex" | "status" | "resp" | "response" | "res")
        }
        ExprKind::Ref(inner) | ExprKind::Deref(inner) => is_error(inner),
        ExprKind::Member { base, .. } => is_error(base),
        ExprKind::Call { callee, args, .. } => receiver_is_error(callee) || args.iter().any(|arg| is_error(&arg.value)),
        _ => false,
    }
}

fn receiver_is_error(callee: &Expr) -> bool {
    matches!(&callee.kind, ExprKind::Member { base, .. } if is_error(base))
}

/// A truth value alone: a variable or field, perhaps negated.
fn is_flag(cond: &Expr) -> bool {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => is_flag(inner),
        ExprKind::Local(_) | ExprKind::Member { .. } | ExprKind::Global(_) => true,
        _ => false,
    }
}

fn flag_name(cond: &Expr) -> Option<&Arc<str>> {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => flag_name(inner),
        ExprKind::Local(name) => Some(name),
        _ => None,
    }
}

/// The greatest number that a counter is compared with, where it is written there.
fn limit(cond: &Expr) -> Option<u64> {
    let mut found = None;
    walk::expr(cond, &mut |expr| {
        if let ExprKind::Binary(Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne, left, right) = &expr.kind {
            found = found.max(outcome::number(right).or_else(|| outcome::number(left)));
        }
    });
    found.and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0)
}
