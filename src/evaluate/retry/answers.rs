//! Answers that are told by their status: what has a status of HTTP was given by somebody else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::names::NAMES;
use super::outcome;
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Pattern, StmtKind};

/// Calls whose answers are asked for a status of HTTP.
pub(super) fn asked(body: &Block) -> Vec<&Expr> {
    let answers = Answers::new(body).found;
    let mut calls = Vec::new();
    if answers.is_empty() {
        return calls;
    }
    walk::stmts(body, &mut |stmt| {
        let (name, value) = match &stmt.kind {
            StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } => (name, value),
            StmtKind::Assign { target, op: None, value } => match &target.kind {
                ExprKind::Local(name) => (name, value),
                _ => return,
            },
            _ => return,
        };
        let value = plain(value);
        if matches!(value.kind, ExprKind::Call { .. }) && answers.contains(name) {
            calls.push(value);
        }
    });
    calls
}

struct Answers<'a> {
    /// Variables that hold a status, and of which variable.
    statuses: BTreeMap<&'a str, &'a Arc<str>>,
    found: BTreeSet<Arc<str>>,
}

impl<'a> Answers<'a> {
    fn new(body: &'a Block) -> Self {
        let mut all = Self { statuses: BTreeMap::new(), found: BTreeSet::new() };
        walk::stmts(body, &mut |stmt| {
            if let StmtKind::Let { pattern: Pattern::Bind(name, ..), value: Some(value), .. } = &stmt.kind
                && let Some(answer) = status_of(value)
            {
                all.statuses.insert(name, answer);
            }
        });
        walk::block(body, &mut |expr| match &expr.kind {
            ExprKind::Member { base, name, .. } if NAMES.is_http_status(name) => {
                if let ExprKind::Local(answer) = &base.kind {
                    all.found.insert(Arc::clone(answer));
                }
            }
            ExprKind::Binary(_, left, right) => {
                for (status, number) in [(left, right), (right, left)] {
                    if outcome::number(number).is_some_and(is_failure) {
                        all.asks(status);
                    }
                }
            }
            ExprKind::Match { subject: Some(subject), arms } if arms.iter().any(|arm| names_failure(&arm.pattern)) => {
                all.asks(subject);
            }
            _ => {}
        });
        all
    }

    fn asks(&mut self, status: &'a Expr) {
        let answer = match &status.kind {
            ExprKind::Local(name) => self.statuses.get(&**name).copied(),
            _ => status_of(status),
        };
        self.found.extend(answer.map(Arc::clone));
    }
}

/// The variable whose status an expression is.
fn status_of(expr: &Expr) -> Option<&Arc<str>> {
    let member = match &expr.kind {
        ExprKind::Call { callee, args, .. } if args.is_empty() => callee,
        _ => expr,
    };
    let ExprKind::Member { base, name, .. } = &member.kind else { return None };
    match &base.kind {
        ExprKind::Local(answer) if outcome::is_status(name) => Some(answer),
        _ => None,
    }
}

const fn is_failure(number: i64) -> bool {
    400 <= number && number < 600
}

fn names_failure(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Value(value) => outcome::number(value).is_some_and(is_failure),
        Pattern::Or(all) => all.iter().any(names_failure),
        _ => false,
    }
}

fn plain(value: &Expr) -> &Expr {
    match &value.kind {
        ExprKind::Await(inner) | ExprKind::Cast(_, inner) | ExprKind::Try(inner) => plain(inner),
        _ => value,
    }
}
