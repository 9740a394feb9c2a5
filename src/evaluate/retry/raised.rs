//! What is raised, and what catches it.

use super::names::NAMES;
use super::outcome::{Fact, Outcome};
use super::paths::{Flow, Runner, State, Ways};
use crate::model::ir::{Block, Catch, Expr, Type};

impl<'a> Runner<'_, 'a> {
    /// `throw`, `raise`. What is thrown after an answer calls that answer a failure.
    pub(super) fn throw(&self, raised: &'a [Expr], state: State<'a>) -> Ways<'a> {
        if !self.raises {
            return vec![(Flow::Leave(Fact::Unknown), state)];
        }
        let ways = self.in_order(raised.iter(), state);
        let failed = |(flow, state): (Flow, State<'a>)| match flow {
            Flow::Next(_) => (Flow::Raise, State { last: state.last.map(|_| Outcome::Failure), ..state }),
            other => (other, state),
        };
        ways.into_iter().map(failed).collect()
    }

    /// `try`, its handlers and what always runs.
    pub(super) fn tried(
        &self,
        body: &'a Block,
        catches: &'a [Catch],
        finally: Option<&'a Block>,
        state: State<'a>,
    ) -> Ways<'a> {
        let handlers: Vec<&Catch> = catches.iter().filter(|catch| !is_for_others(catch)).collect();
        let mut ways = Vec::new();
        for (flow, state) in self.block(body, state) {
            if flow != Flow::Raise || handlers.is_empty() {
                ways.push((flow, state));
                continue;
            }
            for catch in &handlers {
                let mut inside = state.clone();
                // Who names the errors that are caught tells them from others.
                inside.refused &= catch.types.is_empty() || catch.types.iter().any(is_general);
                if let Some(name) = &catch.name {
                    inside.facts.insert(std::sync::Arc::clone(name), Fact::Present);
                }
                let repairs = is_for_states(catch);
                let failed = inside.last.filter(|last| *last == Outcome::Failure && !repairs);
                inside.last = if repairs { None } else { inside.last };
                ways.extend(self.block(&catch.body, inside).into_iter().map(|(flow, state)| {
                    // What goes well in the handler does not make up for what failed: who comes back tries again. Who
                    // has repaired something asks for something else.
                    let last = match flow {
                        Flow::Leave(_) => state.last,
                        _ if repairs => state.last.filter(|last| *last == Outcome::Failure),
                        _ => failed.or(state.last),
                    };
                    (flow, State { last, ..state })
                }));
            }
        }
        let Some(finally) = finally else { return ways };
        let mut all = Vec::new();
        for (flow, state) in ways {
            for (last, state) in self.block(finally, state) {
                all.push((if matches!(last, Flow::Next(_)) { flow.clone() } else { last }, state));
            }
        }
        all
    }
}

/// Whether an error is caught by this type whatever the status of an answer is.
fn is_general(ty: &Type) -> bool {
    ty.symbol().is_some_and(|symbol| NAMES.general_errors.contains(symbol.name()))
}

/// Whether a handler is for errors that say how things are, so that it may repair them: something is missing, is there
/// already, or was changed by somebody else.
fn is_for_states(catch: &Catch) -> bool {
    let is_state = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_state_error(symbol.name()));
    !catch.types.is_empty() && catch.types.iter().all(is_state)
}

/// Whether a handler is for errors that no remote call raises: interruption, and text that cannot be
/// understood.
fn is_for_others(catch: &Catch) -> bool {
    let is_other = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_other_error(symbol.name()));
    !catch.types.is_empty() && catch.types.iter().all(is_other)
}
