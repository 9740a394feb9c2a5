//! Workers that put what failed back into the queue that they took it from.

use std::sync::Arc;

use super::bound::path_of;
use super::itself::Itself;
use super::names::NAMES;
use super::{Finder, is_retry};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Loop, StmtKind};
use crate::model::usage::{CallId, Location, Pause, Retry, RetryKind};

impl<'a> Finder<'_, 'a> {
    /// `while (true) { task = queue.take(); try { client.send(task); } catch (Exception e) { queue.put(task); } }`. The loop is a
    /// worker, which goes on after success as well; what is repeated is what comes back into the queue.
    pub(super) fn put_back(&self, inner: &'a Loop, calls: &[CallId], location: Location) -> Option<Retry> {
        let func = self.world.program.func(self.id);
        let itself = taken(&inner.body)
            .into_iter()
            .map(Itself::Queue)
            .find(|itself| self.world.circles.may_close(func, itself, &inner.body))?;
        let paths = self.world.runner(self.id, Some(itself.clone()), 0).body(&inner.body);
        if !is_retry(&paths) {
            return None;
        }
        let judge = self.judge().in_recursion(&itself, &[], &inner.body).with_fields(func);
        Some(Retry {
            location,
            kind: RetryKind::Queue,
            carrier: "queue".to_owned(),
            calls: calls.to_vec(),
            bound: judge.of(&paths),
            pause: Pause::Varies,
            repeats_refusals: judge.repeats_refusals(&paths),
            seems: None,
        })
    }
}

/// Queues from which a round takes something.
fn taken(body: &Block) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    let mut see = |value: &Expr| {
        let mut value = value;
        while let ExprKind::Await(inner) | ExprKind::Cast(_, inner) | ExprKind::Try(inner) = &value.kind {
            value = inner;
        }
        if let ExprKind::Call { callee, .. } = &value.kind
            && let ExprKind::Member { base, name, .. } = &callee.kind
            && NAMES.takes(name)
        {
            found.extend(path_of(base).map(Arc::from));
        }
    };
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { value: Some(value), .. } | StmtKind::Assign { op: None, value, .. } => see(value),
        _ => {}
    });
    found
}
