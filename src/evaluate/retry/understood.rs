//! What is made of an answer. Where errors are values it may be an error, and then the call as a whole has failed.

use super::names::NAMES;
use super::outcome::{Fact, Outcome};
use super::paths::{Flow, Runner, State, Ways, with_fact};
use crate::evaluate::walk;
use crate::model::ir::{Expr, ExprKind, Pattern};

impl<'a> Runner<'_, 'a> {
    /// The ways of a value that is looked at by a pattern which tells values from errors.
    pub(super) fn understood(&self, value: &'a Expr, tells: bool, ways: Ways<'a>) -> Ways<'a> {
        if self.raises || !tells {
            return ways;
        }
        with_fact(ways, |fact, state| {
            let last = state.last.filter(|last| last.went_well() && matches!(fact, Fact::Unknown | Fact::Present));
            let Some(last) = last.filter(|_| is_made_of_answer(value, &state)) else {
                return vec![(Flow::Next(fact), state)];
            };
            let failed = State { last: Some(Outcome::Failure), refused: false, ..state.clone() };
            vec![(Flow::Next(Fact::Result(last)), state), (Flow::Next(Fact::Result(Outcome::Failure)), failed)]
        })
    }
}

/// Whether a pattern tells a value from an error: `Ok(..)`, `found, err`, `err`.
pub(super) fn tells_errors(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Variant(symbol, ..) => matches!(symbol.as_str(), "Ok" | "Err"),
        Pattern::Bind(name, _, None) => NAMES.errors.contains(&**name),
        Pattern::Tuple(parts) => {
            matches!(parts.last(), Some(Pattern::Bind(name, ..)) if NAMES.errors.contains(&**name))
        }
        Pattern::Or(all) => all.iter().any(tells_errors),
        _ => false,
    }
}

/// The same of what is assigned to.
pub(super) fn takes_errors(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Local(name) => NAMES.errors.contains(&**name),
        ExprKind::Tuple(targets) => targets.last().is_some_and(takes_errors),
        _ => false,
    }
}

/// Whether a call is given an answer, or is a method of one.
fn is_made_of_answer(value: &Expr, state: &State<'_>) -> bool {
    let (mut called, mut given) = (false, false);
    walk::expr(value, &mut |expr| match &expr.kind {
        ExprKind::Call { .. } => called = true,
        ExprKind::Local(name) => {
            given |= matches!(state.facts.get(name), Some(Fact::Answer(outcome)) if outcome.went_well());
        }
        _ => {}
    });
    called && given
}
