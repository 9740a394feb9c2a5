//! What is raised, and what catches it.

use super::bound;
use super::names::{self, NAMES};
use super::outcome::{Fact, Outcome};
use super::paths::{Choice, Flow, Runner, State, Ways};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Catch, Expr, ExprKind, Op, Pattern, Type};

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
                let outside = inside.handling;
                inside.handling |= failed.is_some();
                inside.last = if repairs { None } else { inside.last };
                ways.extend(self.block(&catch.body, inside).into_iter().map(|(flow, state)| {
                    // What goes well in the handler does not make up for what failed: who comes back tries again. Who
                    // has repaired something asks for something else.
                    let last = match flow {
                        Flow::Leave(_) => state.last,
                        _ if repairs => state.last.filter(|last| *last == Outcome::Failure),
                        _ => failed.or(state.last),
                    };
                    (flow, State { last, handling: outside, ..state })
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
    let is = |is: fn(&names::Names, &str) -> bool| {
        !catch.types.is_empty()
            && catch.types.iter().all(|ty| ty.symbol().is_some_and(|symbol| is(&NAMES, symbol.name())))
    };
    // Who removes what is there, to put the own in its place, contends with whoever puts it there.
    is(names::Names::is_state_error) && !(is(names::Names::is_taken_error) && removes(&catch.body))
}

/// Whether a choice was made for an error that says how things are: `code(error) == Code.NODE_EXISTS`.
///
/// Who waits for what is there to go away asks for the same again.
pub(super) fn tells_state(choice: &Choice<'_>, waited: bool) -> bool {
    let is_code = |name: &str| NAMES.is_state_code(name) && !(waited && NAMES.is_taken_code(name));
    let is_state = |expr: &Expr| match &expr.kind {
        ExprKind::Global(symbol) => is_code(symbol.name()),
        ExprKind::Member { name, .. } => is_code(name),
        _ => false,
    };
    choice.at == 0
        && holds(choice.on, choice.taken, &|on, taken| match &on.kind {
            ExprKind::Binary(Op::Eq, left, right) => taken && (is_state(left) || is_state(right)),
            ExprKind::Binary(Op::Ne, left, right) => !taken && (is_state(left) || is_state(right)),
            // `IsConflict(err)`
            ExprKind::Call { callee, args, .. } => {
                let named = super::outcome::name_of(callee).is_some_and(is_code);
                taken && named && args.iter().any(|arg| bound::is_error(&arg.value))
            }
            ExprKind::Matches(Pattern::Typed(ty, _), _) => {
                taken && ty.symbol().is_some_and(|symbol| is_code(symbol.name()))
            }
            _ => false,
        })
}

/// Whether something is true of a part of a condition which holds wherever the whole came out like this.
fn holds(cond: &Expr, taken: bool, is: &dyn Fn(&Expr, bool) -> bool) -> bool {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => holds(inner, !taken, is),
        ExprKind::Binary(Op::And, left, right) if taken => holds(left, true, is) || holds(right, true, is),
        ExprKind::Binary(Op::Or, left, right) if !taken => holds(left, false, is) || holds(right, false, is),
        _ => is(cond, taken),
    }
}

/// Whether a call gives an error to what decides whether to go on, and raises when it gives up:
/// `retryer.continueOrPropagate(error)`.
pub(super) fn may_give_up(callee: &Expr, args: &[Arg]) -> bool {
    let ExprKind::Member { base, .. } = &callee.kind else { return false };
    let name = match &base.kind {
        ExprKind::Local(name) | ExprKind::Member { name, .. } => &**name,
        _ => return false,
    };
    let method = super::outcome::name_of(callee).unwrap_or_default();
    (NAMES.is_policy(name) || NAMES.backs_off(method)) && args.iter().any(|arg| bound::is_error(&arg.value))
}

fn removes(body: &Block) -> bool {
    let mut found = false;
    walk::block(body, &mut |expr| {
        if let ExprKind::Call { callee, .. } = &expr.kind
            && let ExprKind::Member { name, .. } = &callee.kind
        {
            found = found || NAMES.removes(name);
        }
    });
    found
}

/// Whether a handler is for errors that no remote call raises: interruption, and text that cannot be
/// understood.
pub(super) fn is_for_others(catch: &Catch) -> bool {
    let is_other = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_other_error(symbol.name()));
    !catch.types.is_empty() && catch.types.iter().all(is_other)
}
