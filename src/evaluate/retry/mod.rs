//! Loops and recursion that repeat a remote call until it succeeds.
//!
//! A retry is told by its exits, not by names: one round is run along all its ways, once with the call
//! succeeding and once with it failing ([`paths`]). If success leaves and failure comes back to the
//! head, it is a retry; if success comes back too, it is a worker, a poller or a list of pages. What
//! ends it are the choices that a failing way passes and whose other side leaves ([`bound`]).

mod bound;
mod condition;
mod outcome;
mod paths;

use std::collections::{BTreeMap, BTreeSet};

use super::library::Libraries;
use super::program::{FuncId, Program};
use super::walk;
use crate::model::ir::{Block, Expr, ExprKind, Func, Loop, LoopKind};
use crate::model::source::Span;
use crate::model::usage::{Bound, CallId, Location, Retry, RetryKind};
use paths::{End, Path, Runner};

/// Remote calls below each call expression of a function.
pub(super) type Remote = BTreeMap<Span, BTreeSet<CallId>>;

/// All retries that the code of a unit makes itself.
pub(super) fn find(
    program: &Program<'_>,
    libraries: &Libraries,
    remote: &BTreeMap<FuncId, Remote>,
    limited: &BTreeSet<Span>,
) -> Vec<Retry> {
    let mut found = Vec::new();
    for (id, remote) in remote {
        let (func, module) = (program.func(*id), program.module_of(*id));
        let Some(body) = func.body.as_ref().filter(|_| !module.generated) else { continue };
        let finder = Finder { libraries, remote, limited, func, body };
        let location = |span| Location {
            service: module.service,
            span,
            function: func.symbol.clone(),
            test: module.test || func.test,
        };
        walk::block(body, &mut |expr| {
            if let ExprKind::Loop(inner) = &expr.kind {
                found.extend(finder.looped(expr, inner, location(head_of(expr, inner))));
            }
        });
        found.extend(finder.recursive(location(func.name_span)));
    }
    found
}

/// What is shown of a loop: its head, up to the body.
fn head_of(whole: &Expr, inner: &Loop) -> Span {
    let first =
        inner.body.stmts.first().map(|stmt| stmt.span).or_else(|| inner.body.tail.as_ref().map(|tail| tail.span));
    match first {
        Some(first) if first.start > whole.span.start => Span { end: first.start, ..whole.span },
        _ => whole.span,
    }
}

struct Finder<'f> {
    libraries: &'f Libraries,
    remote: &'f Remote,
    limited: &'f BTreeSet<Span>,
    func: &'f Func,
    body: &'f Block,
}

impl<'f> Finder<'f> {
    fn looped(&self, whole: &'f Expr, inner: &'f Loop, location: Location) -> Option<Retry> {
        let calls = self.calls_inside(&inner.body, inner)?;
        let paths = Runner::new(self.remote, None).round(inner);
        if !is_retry(&paths) {
            return None;
        }
        let bound = if self.limited.iter().any(|limited| limited.contains(whole.span)) {
            Bound::Elapsed
        } else {
            bound::of_loop(inner, &paths, self.libraries, self.body)
        };
        Some(Retry { location, kind: RetryKind::Loop, carrier: carrier(&inner.kind).to_owned(), calls, bound })
    }

    /// A function that calls itself where a call of it failed.
    fn recursive(&self, location: Location) -> Option<Retry> {
        let mut calls_itself = false;
        walk::block(self.body, &mut |expr| calls_itself |= paths::is_self_call(expr, self.func));
        if !calls_itself {
            return None;
        }
        let paths = Runner::new(self.remote, Some(self.func)).body(self.body);
        if !is_retry(&paths) {
            return None;
        }
        let calls: BTreeSet<CallId> = self.remote.values().flatten().copied().collect();
        let bound = bound::of_recursion(self.func, &paths, self.libraries, self.body);
        let kind = RetryKind::Recursion;
        Some(Retry { location, kind, carrier: "recursion".to_owned(), calls: calls.into_iter().collect(), bound })
    }

    /// Remote calls in a loop that are not inside a loop of their own.
    fn calls_inside(&self, body: &Block, inner: &Loop) -> Option<Vec<CallId>> {
        let mut calls = BTreeSet::new();
        let mut see = |expr: &Expr| {
            if let Some(made) = self.remote.get(&expr.span).filter(|_| matches!(expr.kind, ExprKind::Call { .. })) {
                calls.extend(made.iter().copied());
            }
        };
        walk::block(body, &mut see);
        match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => walk::expr(cond, &mut see),
            _ => {}
        }
        (!calls.is_empty()).then(|| calls.into_iter().collect())
    }
}

/// Failure repeats, success leaves and never repeats.
fn is_retry(paths: &[Path<'_>]) -> bool {
    let ends = |succeeded: bool, again: bool| {
        paths.iter().any(|path| path.succeeded == Some(succeeded) && (path.end == End::Again) == again)
    };
    ends(false, true) && ends(true, false) && !ends(true, true)
}

fn carrier(kind: &LoopKind) -> &'static str {
    match kind {
        LoopKind::Infinite => "endless loop",
        LoopKind::While(_) => "conditional loop",
        LoopKind::Counted { .. } => "counted loop",
        LoopKind::Each { .. } => "loop over a list",
    }
}
