//! What a body declares, and what it sets later.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bound::path_of;
use super::names::NAMES;
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Param, Pattern, StmtKind};

/// Variables that a body sets, and what to.
pub(super) fn set_in(body: &Block) -> BTreeMap<Arc<str>, Vec<&Expr>> {
    let mut found: BTreeMap<Arc<str>, Vec<&Expr>> = BTreeMap::new();
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Assign { target, value, .. } => {
            if let ExprKind::Local(name) = &target.kind {
                found.entry(Arc::clone(name)).or_default().push(value);
            }
        }
        StmtKind::Let { pattern: Pattern::Bind(name, ..), value, .. } => {
            found.entry(Arc::clone(name)).or_default().extend(value);
        }
        StmtKind::Let { pattern: Pattern::Tuple(parts), value, .. } => {
            for part in parts {
                if let Pattern::Bind(name, ..) = part {
                    let values = found.entry(Arc::clone(name)).or_default();
                    // The error says what the call itself says.
                    values.extend(value.iter().filter(|_| NAMES.errors.contains(&**name)));
                }
            }
        }
        _ => {}
    });
    found
}

/// Variables that a body declares once, with what they begin as; and those that it changes later.
pub(super) fn begun(body: &Block) -> (BTreeMap<Arc<str>, &Expr>, BTreeSet<String>) {
    let mut found: BTreeMap<Arc<str>, Option<&Expr>> = BTreeMap::new();
    let mut changed = BTreeSet::new();
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } => {
            let first = (!found.contains_key(name)).then_some(value);
            found.insert(Arc::clone(name), first);
        }
        StmtKind::Assign { target, .. } => changed.extend(path_of(target)),
        _ => {}
    });
    (found.into_iter().filter_map(|(name, value)| Some((name, value?))).collect(), changed)
}

/// Parameters for which a function that calls itself makes something anew: they are there in each call.
pub(super) fn passed_on(params: &[Param], args: &[Arg], fixed: &mut BTreeSet<Arc<str>>) {
    for (param, arg) in params.iter().zip(args) {
        let Pattern::Bind(name, ..) = &param.pattern else { continue };
        let is_there = match &arg.value.kind {
            ExprKind::Construct { .. } => true,
            ExprKind::Call { callee, .. } => {
                matches!(&callee.kind, ExprKind::Global(ty) if ty.name().starts_with(char::is_uppercase))
            }
            _ => false,
        };
        if is_there {
            fixed.insert(Arc::clone(name));
        }
    }
}
