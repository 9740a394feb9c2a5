//! Pipelines that an operator repeats, and loops through the attempts that a library gives.

use std::collections::BTreeSet;

use super::Finder;
use super::decorated::{bound, made_by, named};
use crate::evaluate::library::Libraries;
use crate::evaluate::library::format::{DefaultBound, RepeatedModel};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Expr, ExprKind, Loop, LoopKind};
use crate::model::source::Span;
use crate::model::usage::{Bound, CallId, Location, Retry};

/// A pipeline in a variable that is a pipeline in a variable, and so on.
const MAX_VARIABLES: usize = 4;

impl<'a> Finder<'_, 'a> {
    /// `client.get(url).retry(3)`, `client.get(url).pipe(retry(3))`.
    pub(super) fn piped(
        &self,
        (whole, callee): (&'a Expr, &'a Expr),
        args: &'a [Arg],
        location: impl Fn(Span) -> Location,
    ) -> Vec<Retry> {
        let ExprKind::Member { base, name, name_span } = &callee.kind else { return Vec::new() };
        let mut found = Vec::new();
        if let Some((library, model)) = self.libraries.pipeline_method(name) {
            let bound = bound(model, args, self.libraries);
            let calls = self.beneath(base, MAX_VARIABLES);
            found.extend(self.repeated(location(*name_span), whole, library, (calls, bound)));
        }
        for (at, arg) in args.iter().enumerate() {
            let ExprKind::Call { callee: operator, args: given, .. } = &arg.value.kind else { continue };
            let known = named(operator).and_then(|name| self.libraries.pipeline(name.as_str()));
            let Some((library, model)) = known else { continue };
            let (before, behind) = args.split_at(at);
            let mut calls = self.beneath(base, MAX_VARIABLES);
            before.iter().for_each(|arg| calls.extend(self.beneath(&arg.value, MAX_VARIABLES)));
            let bound = match bound(model, given, self.libraries) {
                Bound::Unbounded if behind.iter().any(|arg| ends(model, &arg.value, self.libraries)) => Bound::Elapsed,
                bound => bound,
            };
            found.extend(self.repeated(location(arg.value.span), whole, library, (calls, bound)));
        }
        found
    }

    fn repeated(
        &self,
        location: Location,
        whole: &Expr,
        library: &str,
        (calls, bound): (BTreeSet<CallId>, Bound),
    ) -> Option<Retry> {
        let bound = if bound == Bound::Unbounded && self.is_limited(whole.span) { Bound::Elapsed } else { bound };
        (!calls.is_empty()).then(|| Retry::of_library(location, library.to_owned(), calls.into_iter().collect(), bound))
    }

    /// Remote calls that are made for a pipeline, also for one in a variable.
    fn beneath(&self, pipeline: &'a Expr, depth: usize) -> BTreeSet<CallId> {
        let mut calls = BTreeSet::new();
        let mut variables = Vec::new();
        walk::expr(pipeline, &mut |expr| match &expr.kind {
            ExprKind::Call { .. } => calls.extend(self.remote.get(&expr.span).into_iter().flatten().copied()),
            ExprKind::Local(name) => variables.push(name),
            _ => {}
        });
        if depth > 0 && calls.is_empty() {
            let judge = self.judge();
            let begun: Vec<&'a Expr> = variables.into_iter().filter_map(|name| judge.begun_as(name)).collect();
            calls.extend(begun.into_iter().flat_map(|value| self.beneath(value, depth - 1)));
        }
        calls
    }

    /// `for attempt in Retrying(stop=..)`: the library repeats the body until it goes well.
    pub(super) fn attempted(&self, inner: &'a Loop, calls: &[CallId], location: Location) -> Option<Retry> {
        let LoopKind::Each { over, .. } = &inner.kind else { return None };
        let over = match &over.kind {
            ExprKind::Local(name) => self.judge().begun_as(name)?,
            _ => over,
        };
        let (carrier, bound) = made_by(over, self.world.program, self.libraries)?;
        Some(Retry::of_library(location, carrier, calls.to_vec(), bound))
    }
}

/// Whether an operator behind a repeated pipeline ends it.
fn ends(model: &RepeatedModel, operator: &Expr, libraries: &Libraries) -> bool {
    let ExprKind::Call { callee, .. } = &operator.kind else { return false };
    let stop = named(callee).and_then(|name| libraries.stop(model, name.as_str()));
    stop.is_some_and(|stop| *stop == DefaultBound::Elapsed)
}
