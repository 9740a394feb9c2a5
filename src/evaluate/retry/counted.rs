//! What counts attempts, where it begins anew, and which ways count.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bound::{names_of, path_of};
use super::names::NAMES;
use super::outcome;
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Loop, LoopKind, Op, Pattern, Stmt, StmtKind};

/// Variables that a body changes by counting: `n += 1`, `n = n + 1`.
pub(super) fn changed_in(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    walk::stmts(body, &mut |stmt| found.extend(counted_by(stmt)));
    found.extend(reckoned_in(body));
    found
}

/// Variables that are reckoned from others, which are set to them: `let half = size / 2; .. size = half;`.
fn reckoned_in(body: &Block) -> BTreeSet<Arc<str>> {
    let mut made: Vec<(&Arc<str>, &Expr)> = Vec::new();
    let mut given: Vec<(String, &Arc<str>)> = Vec::new();
    let mut kept: Vec<(String, &Arc<str>)> = Vec::new();
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } => made.push((name, value)),
        StmtKind::Assign { target, op: None, value } => match (&target.kind, &value.kind, path_of(target)) {
            (_, ExprKind::Local(from), Some(path)) => given.push((path, from)),
            // `let tries = options.tries ?? 0; .. options.tries = tries + 1`
            (ExprKind::Member { .. }, ExprKind::Binary(Op::Add | Op::Sub, left, _), Some(path)) => {
                if let ExprKind::Local(from) = &left.kind {
                    kept.push((path, from));
                }
            }
            (ExprKind::Local(name), ..) => made.push((name, value)),
            _ => {}
        },
        _ => {}
    });
    let mut found = BTreeSet::new();
    for (path, from) in &given {
        if made.iter().any(|(name, value)| name == from && reckons_with(value, path)) {
            found.extend([Arc::from(path.as_str()), Arc::clone(from)]);
        }
    }
    for (path, from) in &kept {
        if made.iter().any(|(name, value)| name == from && mentions_path(value, path)) {
            found.extend([Arc::from(path.as_str()), Arc::clone(from)]);
        }
    }
    found
}

/// Variables from which the next is reckoned for an object to keep: `pool.setIndex(index + 1)`.
pub(super) fn kept_in(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    walk::block(body, &mut |expr| {
        let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
        if !outcome::name_of(callee).is_some_and(|name| NAMES.sets(name)) {
            return;
        }
        for arg in args {
            if let ExprKind::Binary(Op::Add | Op::Sub, left, _) = &arg.value.kind {
                found.extend(path_of(left).map(Arc::<str>::from));
            }
        }
    });
    found
}

fn mentions_path(value: &Expr, path: &str) -> bool {
    let mut found = false;
    walk::expr(value, &mut |part| found |= path_of(part).is_some_and(|other| other == path));
    found
}

/// Whether a value is reckoned from a variable: `int(size / 2)`.
fn reckons_with(value: &Expr, path: &str) -> bool {
    let mut found = false;
    walk::expr(value, &mut |part| {
        if let ExprKind::Binary(Op::Add | Op::Sub | Op::Mul | Op::Div, left, right) = &part.kind {
            found |= [left, right].into_iter().any(|side| path_of(side).is_some_and(|other| other == path));
        }
    });
    found
}

/// Variables that an expression changes: `n++ < 3`.
pub(super) fn changed_within(cond: &Expr, found: &mut BTreeSet<Arc<str>>) {
    walk::expr(cond, &mut |expr| {
        if let ExprKind::Block(block) = &expr.kind {
            found.extend(block.stmts.iter().filter_map(counted_by));
        }
    });
}

/// The variable that a statement counts up or down.
pub(super) fn counted_by(stmt: &Stmt) -> Option<Arc<str>> {
    let StmtKind::Assign { target, op, value } = &stmt.kind else { return None };
    let name = path_of(target)?;
    let is_it = |expr: &Expr| path_of(expr).is_some_and(|other| other == name);
    let counts = match (op, &value.kind) {
        (Some(Op::Add | Op::Sub | Op::Mul | Op::Div), _) => true,
        (None, ExprKind::Binary(Op::Add | Op::Sub | Op::Mul | Op::Div, left, right)) => is_it(left) || is_it(right),
        // `size = floor(size / 2)`
        (None, ExprKind::Call { args, .. }) if args.iter().any(|arg| reckons_with(&arg.value, &name)) => true,
        (None, ExprKind::Call { callee, .. }) => {
            // `n = n.saturating_sub(1)`
            matches!(&callee.kind, ExprKind::Member { base, .. } if is_it(base))
        }
        _ => false,
    };
    counts.then(|| Arc::from(name))
}

/// Whether a statement that counts does so upwards.
pub(super) const fn counts_up(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Assign { op: Some(op), .. } => !matches!(op, Op::Sub),
        StmtKind::Assign { value: Expr { kind: ExprKind::Binary(op, ..), .. }, .. } => !matches!(op, Op::Sub),
        _ => true,
    }
}

/// Variables that each round of a loop declares anew, and that no loop inside counts: they never get far.
pub(super) fn begun_anew(body: &Block) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    for stmt in &body.stmts {
        if let StmtKind::Let { pattern, value: Some(value), .. } = &stmt.kind
            && matches!(value.kind, ExprKind::Literal(_))
        {
            names_of(pattern, &mut found);
        }
    }
    walk::block(body, &mut |expr| {
        let mut inside = BTreeSet::new();
        match &expr.kind {
            ExprKind::Loop(inner) => {
                inside = changed_in(&inner.body);
                match &inner.kind {
                    LoopKind::While(cond) => changed_within(cond, &mut inside),
                    LoopKind::Counted { cond, step, init } => {
                        cond.iter().for_each(|cond| changed_within(cond, &mut inside));
                        inside.extend(step.iter().chain(init).filter_map(|stmt| counted_by(stmt)));
                    }
                    LoopKind::Infinite | LoopKind::Each { .. } => {}
                }
            }
            ExprKind::Lambda(lambda) => inside = changed_in(&lambda.body),
            _ => {}
        }
        found.retain(|name| !inside.contains(name));
    });
    found
}

/// Counters of a loop that statements of its body alone change: neither its head nor a function in it.
pub(super) fn by_statements(inner: &Loop) -> BTreeSet<Arc<str>> {
    let mut found = changed_in(&inner.body);
    let mut otherwise = BTreeSet::new();
    match &inner.kind {
        LoopKind::While(cond) => changed_within(cond, &mut otherwise),
        LoopKind::Counted { cond, step, .. } => {
            cond.iter().for_each(|cond| changed_within(cond, &mut otherwise));
            otherwise.extend(step.iter().filter_map(|step| counted_by(step)));
        }
        LoopKind::Each { pattern, .. } => names_of(pattern, &mut otherwise),
        LoopKind::Infinite => {}
    }
    walk::block(&inner.body, &mut |expr| match &expr.kind {
        ExprKind::Lambda(lambda) => otherwise.extend(changed_in(&lambda.body)),
        ExprKind::Loop(inner) => otherwise.extend(changed_in(&inner.body)),
        _ => {}
    });
    found.retain(|name| !otherwise.contains(name));
    found
}
