//! What is told later how a call went: listeners, callbacks, handlers of events.

use super::called::{made, told};
use super::counted::{counted_by, counts_up};
use super::names::NAMES;
use super::outcome::{self, Fact, Outcome};
use super::paths::{Flow, Runner, State, Ways};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Expr, ExprKind, Literal};
use crate::model::source::Span;

impl<'a> Runner<'_, 'a> {
    /// `Futures.addCallback(future, new Callback() { .. })`, `future.whenComplete((answer, error) -> ..)`, where a variable
    /// holds what a call gave: now is told whether it went well.
    pub(super) fn listened(&self, callee: &'a Expr, args: &'a [Arg], state: &State<'a>) -> Option<Ways<'a>> {
        let is_registration = outcome::name_of(callee).is_some_and(|name| NAMES.registers(name));
        if !self.raises || !is_registration {
            return None;
        }
        let again = self.coming_round(args)?;
        let base = if let ExprKind::Member { base, .. } = &callee.kind { Some(&**base) } else { None };
        let given = |expr: &Expr| match &expr.kind {
            ExprKind::Local(name) => state.facts.get(name).copied(),
            _ => None,
        };
        let answer = base.into_iter().chain(args.first().map(|arg| &arg.value)).find_map(given)?;
        if !matches!(answer, Fact::Answer(outcome) if outcome.went_well()) {
            return None;
        }
        let failed = State { last: Some(Outcome::Failure), ..state.clone() };
        let ways = vec![(Flow::Next(answer), state.clone()), (Flow::Raise, failed)];
        Some(match told_anyhow(&again.value) {
            Some(anyhow) => self.told_anyhow(anyhow, ways),
            None => self.told_by(args, ways).unwrap_or_else(|ways| self.only_well(again, ways)),
        })
    }

    /// A function of one value is told that all went well.
    fn only_well(&self, again: &'a Arg, ways: Ways<'a>) -> Ways<'a> {
        let mut all = Vec::new();
        for (flow, state) in ways {
            match flow {
                Flow::Next(fact) => all.extend(self.callback(&again.value, fact, state)),
                flow => all.push((flow, state)),
            }
        }
        all
    }

    /// A function that is given a result which came, and asks it how it went.
    pub(super) fn told_anyhow(&self, function: &'a Expr, ways: Ways<'a>) -> Ways<'a> {
        let mut all = Vec::new();
        for (flow, state) in ways {
            let (fact, state) = match flow {
                Flow::Next(Fact::Unknown) => (Fact::Answer(Outcome::Hoped), state),
                Flow::Next(fact) => (fact, state),
                Flow::Raise => (Fact::Answer(Outcome::Failure), State { last: Some(Outcome::Failure), ..state }),
                other => {
                    all.push((other, state));
                    continue;
                }
            };
            all.extend(self.callback(function, fact, state).into_iter().map(|(flow, state)| match flow {
                Flow::Again => (flow, state),
                _ => (Flow::Next(Fact::Unknown), state),
            }));
        }
        all
    }

    /// `socket.on("close", () => connect())`: what happens later is no part of this way, but a failure ends it.
    pub(super) fn at_event(&self, name: &str, args: &'a [Arg], state: &State<'a>) -> Option<Ways<'a>> {
        let (Some(event), Some(handler)) = (args.first(), args.get(1)) else { return None };
        let ExprKind::Literal(Literal::Str(event)) = &event.value.kind else { return None };
        let made_call = state.last.is_some_and(Outcome::went_well);
        if !NAMES.is_of_events(name) || !made_call || self.coming_round(args).is_none() {
            return None;
        }
        let mut ways = vec![(Flow::Next(Fact::Unknown), state.clone())];
        if NAMES.is_failing_event(event) {
            let failed = State { last: Some(Outcome::Failure), ..state.clone() };
            ways.extend(self.callback(&handler.value, Fact::Present, failed));
        }
        Some(ways)
    }
}

/// What is run with a result that came: a function of one value, or the method of an object.
pub(super) fn told_anyhow(listener: &Expr) -> Option<&Expr> {
    match &made(listener).kind {
        ExprKind::Lambda(lambda) if lambda.params.len() == 1 => Some(listener),
        ExprKind::Construct { fields, .. } => told(fields, &NAMES.told_anyhow),
        _ => None,
    }
}

/// What is counted where it is given to a function: `sleep(attempts++)`.
pub(super) fn counted_in(args: &[Arg], state: &mut State<'_>) {
    for arg in args {
        // What a function that is given counts is counted when it runs.
        let mut later: Vec<Span> = Vec::new();
        walk::expr(&arg.value, &mut |part| match &part.kind {
            ExprKind::Lambda(_) => later.push(part.span),
            ExprKind::Block(block) if !later.iter().any(|span| span.contains(part.span)) => {
                let counted = block.stmts.iter().filter_map(|stmt| Some((counted_by(stmt)?, counts_up(stmt))));
                state.counted.extend(counted);
            }
            _ => {}
        });
    }
}
