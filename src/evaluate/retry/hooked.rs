//! Clients that send again what failed, in a function that they run after each failure.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Finder;
use super::bound::{names_of, path_of};
use super::itself::Itself;
use super::names::NAMES;
use super::paths::{End, Path};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Expr, ExprKind, Lambda, StmtKind};
use crate::model::source::Span;
use crate::model::usage::{Bound, CallId, Location, Pause, Retry, RetryKind};

impl<'a> Finder<'_, 'a> {
    /// `client.interceptors.response.use(fine, (error) => client.request(error.config))`.
    pub(super) fn hooked(&self, callee: &'a Expr, args: &'a [Arg], location: Location) -> Option<Retry> {
        let ExprKind::Lambda(lambda) = &args.get(1)?.value.kind else { return None };
        let carrier = path_of(callee)?.replace("::", ".");
        if !NAMES.is_failure_hook(&carrier) {
            return None;
        }
        let (sent, calls) = self.sent_again(lambda);
        if calls.is_empty() {
            return None;
        }
        let itself = Itself::Hook(Arc::new(sent));
        let paths = self.world.runner(self.id, Some(itself.clone()), 0).after_failure(&lambda.body);
        if !paths.iter().any(|path| path.end == End::Again) {
            return None;
        }
        let judge = self.judge().in_hook(&itself, &lambda.body);
        let bound = match judge.of(&paths) {
            // What was looked at may be gone when it fails again: a token that was renewed, a server that is back.
            Bound::Unbounded if is_guarded(&paths) => Bound::Unknown("the failure decides".to_owned()),
            bound => bound,
        };
        let pause = self.pauses(&judge).among(|see| walk::block(&lambda.body, see));
        let (kind, calls) = (RetryKind::Library, calls.into_iter().collect());
        let pause = if pause == Pause::None { Pause::None } else { Pause::Varies };
        Some(Retry { location, kind, carrier, calls, bound, pause, repeats_refusals: false, seems: None })
    }

    /// The requests that are made of the one which failed.
    fn sent_again(&self, lambda: &'a Lambda) -> (BTreeSet<Span>, BTreeSet<CallId>) {
        let (mut sent, mut calls) = (BTreeSet::new(), BTreeSet::new());
        let mut names = BTreeSet::new();
        if let Some(param) = lambda.params.first() {
            names_of(&param.pattern, &mut names);
        }
        walk::stmts(&lambda.body, &mut |stmt| {
            if let StmtKind::Let { pattern, value: Some(value), .. } = &stmt.kind
                && mentions(value, &names)
            {
                names_of(pattern, &mut names);
            }
        });
        walk::block(&lambda.body, &mut |expr| {
            if let ExprKind::Call { callee, args, .. } = &expr.kind
                && let Some(made) = self.remote.get(&expr.span)
                && args.first().is_some_and(|arg| mentions(&arg.value, &names))
            {
                sent.insert(callee.span);
                calls.extend(made.iter().copied());
            }
        });
        (sent, calls)
    }
}

/// Whether a way that sends again has passed a choice whose other side does not.
fn is_guarded(paths: &[Path<'_>]) -> bool {
    paths.iter().filter(|path| path.end == End::Again).any(|path| {
        path.choices.iter().any(|choice| {
            let differs = |other: &Path<'_>| {
                other.end == End::Leaves
                    && other.choices.iter().any(|found| found.is_about(choice) && found.taken != choice.taken)
            };
            paths.iter().any(differs)
        })
    })
}

fn mentions(value: &Expr, names: &BTreeSet<Arc<str>>) -> bool {
    let mut found = false;
    walk::expr(value, &mut |expr| found |= matches!(&expr.kind, ExprKind::Local(name) if names.contains(name)));
    found
}
