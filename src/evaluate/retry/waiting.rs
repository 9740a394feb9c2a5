//! Choices that wait for whatever comes first: Go's `select`.

use super::paths::{Choice, Flow, Runner, State, Ways, with_fact};
use crate::model::ir::{Arm, ExprKind, Op};

/// Whether the arms wait for something: whichever comes first runs, in whatever order they are written.
pub(super) fn waits(arms: &[Arm]) -> bool {
    arms.iter().filter_map(|arm| arm.guard.as_ref()).any(|guard| matches!(guard.kind, ExprKind::Unary(Op::Receive, _)))
}

impl<'a> Runner<'_, 'a> {
    /// The ways through arms of which any may be first: where one runs and control goes on, each other one could
    /// have run instead.
    pub(super) fn first_of(&self, arms: &'a [Arm], state: &State<'a>) -> Ways<'a> {
        let mut all = Vec::new();
        for (at, arm) in arms.iter().enumerate() {
            let taken = |on| Choice { on, at: 0, taken: true };
            let mut ways = match &arm.guard {
                None => self.block(&arm.body, state.clone()),
                Some(guard) => with_fact(self.expr(guard, state.clone()), |_, mut chosen| {
                    chosen.choices.push(taken(guard));
                    self.block(&arm.body, chosen)
                }),
            };
            let others = arms.iter().enumerate().filter(|(other, _)| *other != at);
            let others = others.filter_map(|(_, other)| other.guard.as_ref());
            let others: Vec<Choice<'a>> = others.map(|on| Choice { on, at: 0, taken: false }).collect();
            for (flow, passed) in &mut ways {
                if matches!(flow, Flow::Next(_) | Flow::Continue(_)) {
                    passed.choices.extend(&others);
                }
            }
            all.extend(ways);
        }
        all
    }
}
