//! Timers that call again and again until somebody ends them.

use std::collections::BTreeSet;

use super::bound::path_of;
use super::names::NAMES;
use super::paths::{End, Flow, Path, Runner, State, path};
use super::{Finder, is_retry};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind};
use crate::model::usage::{Bound, CallId, Location, Pause, Retry, RetryKind};

impl<'a> Finder<'_, 'a> {
    /// `const timer = setInterval(async () => { await get(url); clearInterval(timer); }, 1000)`.
    pub(super) fn timed(&self, callee: &'a Expr, args: &'a [Arg], location: Location) -> Option<Retry> {
        let name = path_of(callee)?;
        let name = name.rsplit("::").next().unwrap_or(&name);
        let ExprKind::Lambda(lambda) = &args.first().filter(|_| NAMES.is_timer(name))?.value.kind else { return None };
        let mut calls: BTreeSet<CallId> = BTreeSet::new();
        walk::block(&lambda.body, &mut |expr| calls.extend(self.remote.get(&expr.span).into_iter().flatten()));
        if calls.is_empty() {
            return None;
        }
        let runner = Runner { timed: true, ..self.world.runner(self.id, None, 0) };
        let paths = runner.of_timer(&lambda.body);
        if !is_retry(&paths) {
            return None;
        }
        let judge = self.judge().in_timer(&lambda.body);
        let bound = match judge.of(&paths) {
            // Whoever else knows the timer may end it.
            Bound::Unbounded if self.is_ended_elsewhere(&lambda.body) => {
                Bound::Unknown("the timer may be ended elsewhere".to_owned())
            }
            bound => bound,
        };
        Some(Retry {
            location,
            kind: RetryKind::Recursion,
            carrier: name.to_owned(),
            calls: calls.into_iter().collect(),
            bound,
            pause: Pause::Fixed,
            repeats_refusals: judge.repeats_refusals(&paths),
            seems: None,
        })
    }

    /// Whether the function ends a timer outside of what the timer runs.
    fn is_ended_elsewhere(&self, body: &Block) -> bool {
        let ends = |block: &Block| {
            let mut count = 0;
            walk::block(block, &mut |expr| {
                count += usize::from(matches!(&expr.kind, ExprKind::Call { callee, .. } if ends_timer(callee)));
            });
            count
        };
        ends(self.body) > ends(body)
    }
}

impl<'a> Runner<'_, 'a> {
    /// All ways of what a timer runs: it is run again unless the way has ended the timer.
    fn of_timer(&self, body: &'a Block) -> Vec<Path<'a>> {
        let ended = |(flow, state): (Flow, State<'a>)| {
            path(if matches!(flow, Flow::Break(None)) { End::Leaves } else { End::Again }, state)
        };
        self.block(body, State::default()).into_iter().map(ended).collect()
    }
}

/// Whether a call ends a timer.
pub(super) fn ends_timer(callee: &Expr) -> bool {
    path_of(callee).is_some_and(|path| NAMES.ends_timer(path.rsplit("::").next().unwrap_or(&path)))
}
