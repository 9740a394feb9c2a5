//! Contexts that nobody ends while a function runs.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bound::model_of;
use super::names::NAMES;
use crate::evaluate::library::format::Setting;
use crate::evaluate::library::{Libraries, Role};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Pattern, StmtKind};

/// Variables that hold a context which nobody ends: one that never ends, and one that is made of it whose end is only
/// put off until the function is left (`ctx, cancel := context.WithCancel(context.Background())`, `defer cancel()`).
pub(super) fn never_ending(body: &Block, libraries: &Libraries) -> BTreeSet<Arc<str>> {
    let mut found = BTreeSet::new();
    for stmt in &body.stmts {
        let StmtKind::Let { pattern, value: Some(value), .. } = &stmt.kind else { continue };
        let ExprKind::Call { callee, args, .. } = &value.kind else { continue };
        let Some(model) = model_of(callee, libraries) else { continue };
        match pattern {
            Pattern::Bind(name, ..) if model.role == Some(Role::Endless) => {
                found.insert(Arc::clone(name));
            }
            Pattern::Tuple(parts) if model.set.contains_key(&Setting::Cancel) => {
                if let [Pattern::Bind(context, ..), Pattern::Bind(cancel, ..)] = parts.as_slice()
                    && args.first().is_some_and(|arg| is_endless(&arg.value, &found, libraries))
                    && is_only_put_off(body, context, cancel)
                {
                    found.insert(Arc::clone(context));
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a call is given a context that somebody may end.
pub(super) fn is_given(args: &[Arg], never_end: &BTreeSet<Arc<str>>) -> bool {
    args.iter().any(|arg| {
        matches!(&arg.value.kind, ExprKind::Local(name) if NAMES.contexts.contains(&**name) && !never_end.contains(name))
    })
}

fn is_endless(expr: &Expr, known: &BTreeSet<Arc<str>>, libraries: &Libraries) -> bool {
    match &expr.kind {
        ExprKind::Local(name) => known.contains(name),
        ExprKind::Call { callee, .. } => {
            model_of(callee, libraries).is_some_and(|model| model.role == Some(Role::Endless))
        }
        _ => false,
    }
}

/// Whether nothing ends a context but a call that is put off until the function is left, and nothing that runs
/// beside it, and so longer, looks at it.
fn is_only_put_off(body: &Block, context: &str, cancel: &str) -> bool {
    let mut put_off = 0;
    walk::stmts(body, &mut |stmt| {
        if let StmtKind::Defer(deferred) = &stmt.kind {
            put_off += mentions(deferred, cancel);
        }
    });
    let (mut all, mut beside) = (0, 0);
    walk::block(body, &mut |expr| match &expr.kind {
        ExprKind::Local(name) => all += usize::from(**name == *cancel),
        ExprKind::Lambda(_) | ExprKind::Spawn(_) => beside += mentions(expr, context),
        _ => {}
    });
    put_off > 0 && all == put_off && beside == 0
}

fn mentions(expr: &Expr, name: &str) -> usize {
    let mut found = 0;
    walk::expr(expr, &mut |part| {
        found += usize::from(matches!(&part.kind, ExprKind::Local(other) if **other == *name));
    });
    found
}
