//! Workers that put what failed back into the queue that they took it from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bound::path_of;
use super::circle::owner;
use super::itself::Itself;
use super::names::NAMES;
use super::{Finder, is_retry, outcome};
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Loop, StmtKind};
use crate::model::usage::{Bound, CallId, Location, Pause, Retry, RetryKind};

impl<'a> Finder<'_, 'a> {
    /// `while (true) { task = queue.take(); try { client.send(task); } catch (Exception e) { queue.put(task); } }`. The loop is a
    /// worker, which goes on after success as well; what is repeated is what comes back into the queue.
    pub(super) fn put_back(&self, inner: &'a Loop, calls: &[CallId], location: Location) -> Option<Retry> {
        let func = self.world.program.func(self.id);
        let itself = taken(&inner.body)
            .into_iter()
            .map(Itself::Queue)
            .chain(handed_back(&inner.body).map(Itself::PutBack))
            .find(|itself| self.world.circles.may_close(func, itself, &inner.body))?;
        let paths = self.world.runner(self.id, Some(itself.clone()), 0).body(&inner.body);
        if !is_retry(&paths) {
            return None;
        }
        let judge = self.judge().in_recursion(&itself, &[], &inner.body).with_fields(func);
        let bound = match (judge.of(&paths), &itself) {
            // Who puts it back may count how often.
            (Bound::Unbounded, Itself::PutBack(name)) if !self.always_puts_back(name, &inner.body) => {
                Bound::Unknown(format!("`{name}` decides"))
            }
            (bound, _) => bound,
        };
        Some(Retry {
            location,
            kind: RetryKind::Queue,
            carrier: "queue".to_owned(),
            calls: calls.to_vec(),
            bound,
            pause: Pause::Varies,
            repeats_refusals: judge.repeats_refusals(&paths),
            seems: None,
        })
    }

    /// Whether what puts something back is an own function that looks at nothing.
    fn always_puts_back(&self, name: &str, body: &Block) -> bool {
        let (program, func) = (self.world.program, self.world.program.func(self.id));
        let mut always = false;
        walk::block(body, &mut |expr| {
            let own = match &expr.kind {
                ExprKind::Global(symbol) if symbol.name() == name => program.function(symbol),
                ExprKind::Member { base, name: method, .. } if **method == *name => {
                    owner(func, base).and_then(|owner| program.method(owner, method))
                }
                _ => return,
            };
            always |= own.and_then(|id| program.func(id).body.as_ref()).is_some_and(|body| !looks(body));
        });
        always
    }
}

fn looks(body: &Block) -> bool {
    let mut found = false;
    walk::block(body, &mut |expr| {
        let is_choice = matches!(expr.kind, ExprKind::If { .. } | ExprKind::Match { .. } | ExprKind::Throw(_));
        found |= is_choice;
    });
    found
}

/// Functions of one's own that a round gives what it has taken, to put it back.
fn handed_back(body: &Block) -> impl Iterator<Item = Arc<str>> {
    let mut found = BTreeSet::new();
    walk::block(body, &mut |expr| {
        if let ExprKind::Call { callee, args, .. } = &expr.kind
            && let Some(name) = outcome::name_of(callee).filter(|name| NAMES.puts_back(name) && !args.is_empty())
        {
            found.insert(Arc::from(name));
        }
    });
    found.into_iter()
}

/// A queue as text, whichever object it is a field of: `Outer.this.queue` is `queue` in a class inside of `Outer`.
pub(super) fn queue_of(base: &Expr) -> Option<String> {
    let path = path_of(base)?;
    Some(path.rsplit_once("this.").map_or_else(|| path.clone(), |(_, field)| field.to_owned()))
}

/// Queues from which a round takes something.
pub(super) fn taken(body: &Block) -> Vec<Arc<str>> {
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
            found.extend(queue_of(base).map(Arc::from));
        }
    };
    walk::stmts(body, &mut |stmt| match &stmt.kind {
        StmtKind::Let { value: Some(value), .. } | StmtKind::Assign { op: None, value, .. } => see(value),
        _ => {}
    });
    found
}
