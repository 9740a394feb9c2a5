//! Code whose failure is answered by trying again later: nobody does so for what fails in the same process.

use std::sync::Arc;

use super::names::NAMES;
use super::queued::{queue_of, taken};
use super::understood::{takes_errors, tells_errors};
use super::{outcome, raised};
use crate::evaluate::walk;
use crate::model::ir::{Block, Catch, Expr, ExprKind, Func, Literal, Piece, StmtKind, Type};
use crate::model::source::Span;

/// What is guarded in a function.
pub(super) struct Guarded(Vec<Span>);

impl Guarded {
    pub(super) fn new(body: &Block) -> Self {
        let mut found = Vec::new();
        let queues = taken(body);
        walk::block(body, &mut |expr| match &expr.kind {
            ExprKind::TryCatch { body, catches, .. } => {
                let is_remote = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_remote_error(symbol.name()));
                let is_repeated = |catch: &Catch| {
                    !raised::is_for_others(catch)
                        && (waits(&catch.body, &queues) || says_again(&catch.body) && !is_for_files(catch))
                };
                if catches.iter().any(|catch| catch.types.iter().any(is_remote) || is_repeated(catch)) {
                    spans_of(body, &mut found);
                }
            }
            ExprKind::Loop(inner) if pauses(&inner.body) => fallible(&inner.body, &mut found),
            // `ask().then(use).catch(again)`
            ExprKind::Call { callee, args, .. } => {
                if let ExprKind::Member { base, name, .. } = &callee.kind
                    && NAMES.is_told_of_failure(name)
                    && let Some(handler) = args.last()
                    && let ExprKind::Lambda(handler) = &handler.value.kind
                    && tries_again(&handler.body)
                {
                    found.push(base.span);
                }
            }
            _ => {}
        });
        Self(found)
    }

    /// All of a function that is called where its failure is answered so.
    pub(super) fn whole(func: &Func) -> Self {
        Self(vec![func.span])
    }

    pub(super) fn contains(&self, span: Span) -> bool {
        self.0.iter().any(|guarded| guarded.contains(span))
    }
}

fn spans_of(body: &Block, found: &mut Vec<Span>) {
    found.extend(body.stmts.iter().map(|stmt| stmt.span));
    found.extend(body.tail.iter().map(|tail| tail.span));
}

/// What may fail in a round of a loop that pauses: what stands in a `try`, and what gives an error as a value.
fn fallible(body: &Block, found: &mut Vec<Span>) {
    walk::block(body, &mut |expr| match &expr.kind {
        ExprKind::TryCatch { body, catches, .. } if catches.iter().any(|catch| !raised::is_for_others(catch)) => {
            spans_of(body, found);
        }
        ExprKind::Matches(pattern, value) if tells_errors(pattern) => found.push(value.span),
        ExprKind::Match { subject: Some(subject), arms } if arms.iter().any(|arm| tells_errors(&arm.pattern)) => {
            found.push(subject.span);
        }
        _ => {}
    });
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { pattern, value: Some(value), .. } if tells_errors(pattern) => found.push(value.span),
        StmtKind::Assign { target, value, op: None } if takes_errors(target) => found.push(value.span),
        _ => {}
    });
}

/// Whether each round of a loop pauses, but for what a loop or a function inside does.
fn pauses(body: &Block) -> bool {
    let mut inside: Vec<Span> = Vec::new();
    let mut found = false;
    walk::block(body, &mut |expr| match &expr.kind {
        _ if inside.iter().any(|span| span.contains(expr.span)) => {}
        ExprKind::Lambda(_) | ExprKind::Loop(_) => inside.push(expr.span),
        ExprKind::Call { callee, .. } => found |= outcome::name_of(callee).is_some_and(|name| NAMES.pauses(name)),
        _ => {}
    });
    found
}

/// Whether a handler is for errors that files raise as well as connections.
fn is_for_files(catch: &Catch) -> bool {
    !catch.types.is_empty()
        && catch.types.iter().all(|ty| ty.symbol().is_some_and(|symbol| NAMES.is_file_error(symbol.name())))
}

/// Whether a handler waits, or says that it will try again.
fn tries_again(handler: &Block) -> bool {
    waits(handler, &[]) || says_again(handler)
}

/// Whether a handler waits, or puts something back into a queue.
fn waits(handler: &Block, queues: &[Arc<str>]) -> bool {
    let mut found = false;
    walk::block(handler, &mut |expr| {
        if let ExprKind::Call { callee, .. } = &expr.kind {
            let waits = || outcome::name_of(callee).is_some_and(|name| NAMES.sounds_like_waiting(name));
            found = found || waits() || puts_back(callee, queues);
        }
    });
    found
}

/// Whether a handler says that something is tried again.
fn says_again(handler: &Block) -> bool {
    let mut found = false;
    walk::block(handler, &mut |expr| {
        found = found
            || match &expr.kind {
                ExprKind::Literal(Literal::Str(text)) => NAMES.says_again(text),
                ExprKind::Template(pieces) => {
                    pieces.iter().any(|piece| matches!(piece, Piece::Text(text, _) if NAMES.says_again(text)))
                }
                _ => false,
            };
    });
    found
}

/// `queue.put(..)`, or whatever was taken from before.
fn puts_back(callee: &Expr, queues: &[Arc<str>]) -> bool {
    if outcome::name_of(callee).is_some_and(|name| NAMES.puts_back(name)) {
        return true;
    }
    let ExprKind::Member { base, name, .. } = &callee.kind else { return false };
    let (ExprKind::Local(queue) | ExprKind::Member { name: queue, .. }) = &base.kind else { return false };
    let is_taken_from = || queue_of(base).is_some_and(|path| queues.iter().any(|taken| **taken == *path));
    NAMES.puts(name) && (NAMES.is_queue(queue) || is_taken_from())
}
