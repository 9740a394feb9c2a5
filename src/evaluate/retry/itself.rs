//! The function whose calls of itself are looked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::names::NAMES;
use super::outcome;
use super::queued::queue_of;
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Func, Lambda, Pattern, StmtKind, Symbol, Type};
use crate::model::source::Span;

/// A function that may call itself.
#[derive(Clone, Debug)]
pub(super) enum Itself<'a> {
    /// A declared one.
    Func(&'a Func),
    /// One in a variable: `const again = async () => { .. again() .. }`.
    Local(Arc<str>),
    /// What runs when a request has failed, and is run again by these requests.
    Hook(Arc<BTreeSet<Span>>),
    /// A method of an object without a class of its own, which is run again by whoever the object is handed to.
    Object(Arc<str>),
    /// What a worker does with what it takes from this queue, and does again with what it puts back.
    Queue(Arc<str>),
    /// The same, where a function of this name puts it back.
    PutBack(Arc<str>),
}

impl Itself<'_> {
    /// Whether an expression names it, to call it or to give it to somebody who does.
    pub(super) fn is(&self, expr: &Expr) -> bool {
        match (self, &expr.kind) {
            (Self::Local(own), ExprKind::Local(name)) => own == name,
            (Self::Func(func), ExprKind::Global(symbol)) => *symbol == func.symbol,
            (Self::Func(func), ExprKind::Member { base, name, .. }) => {
                **name == *func.symbol.name()
                    && matches!((&base.kind, &func.receiver), (ExprKind::Local(base), Some(receiver)) if base == receiver)
            }
            (Self::Hook(sent), _) if sent.contains(&expr.span) => true,
            // `this.connect.bind(this)`
            (_, ExprKind::Call { callee, .. }) => {
                matches!(&callee.kind, ExprKind::Member { base, name, .. } if &**name == "bind" && self.is(base))
            }
            _ => false,
        }
    }

    /// Whether a call, which is none of it, leads back to it all the same: `executor.execute(this)` in `run`, `new Task(id)` given
    /// to somebody in `Task::run`, `queue.put(task)`.
    pub(super) fn is_led_to_by(&self, call: &Expr) -> bool {
        let ExprKind::Call { callee, args, .. } = &call.kind else { return false };
        if let Self::PutBack(own) = self {
            return outcome::name_of(callee) == Some(own);
        }
        let ExprKind::Member { base, name, .. } = &callee.kind else { return false };
        match self {
            Self::Func(func) if NAMES.is_run(func.symbol.name()) => {
                let own = func.owner.as_ref().and_then(Type::symbol);
                let receiver = func.receiver.as_deref();
                NAMES.runs_later(name) && args.iter().any(|arg| is_object(&arg.value, receiver, own))
            }
            Self::Object(receiver) => {
                NAMES.runs_later(name) && args.iter().any(|arg| is_object(&arg.value, Some(receiver), None))
            }
            Self::Queue(queue) => NAMES.puts(name) && !args.is_empty() && queue_of(base).as_deref() == Some(queue),
            Self::Func(_) | Self::Local(_) | Self::Hook(_) | Self::PutBack(_) => false,
        }
    }
}

/// Whether an argument is the object that a method is of, or a new one of its class.
fn is_object(arg: &Expr, receiver: Option<&str>, own: Option<&Symbol>) -> bool {
    match &arg.kind {
        ExprKind::Local(name) => Some(&**name) == receiver,
        ExprKind::Cast(_, inner) | ExprKind::Ref(inner) => is_object(inner, receiver, own),
        ExprKind::Call { callee, .. } => matches!(&callee.kind, ExprKind::Global(made) if Some(made) == own),
        _ => false,
    }
}

/// Functions in variables, and the names they are bound to.
pub(super) fn lambdas(body: &Block) -> Vec<(Itself<'_>, &Lambda, Span)> {
    let mut found = Vec::new();
    walk::stmts(body, &mut |stmt| {
        if let StmtKind::Let { pattern: Pattern::Bind(name, span, _), value: Some(value), .. } = &stmt.kind
            && let ExprKind::Lambda(lambda) = &value.kind
        {
            found.push((Itself::Local(Arc::clone(name)), &**lambda, *span));
        }
    });
    found
}

/// Methods of objects without a class of their own that are run by whoever the objects are handed to.
pub(super) fn objects<'a>(func: &Func, body: &'a Block) -> Vec<(Itself<'a>, &'a Lambda, Span)> {
    let mut found = Vec::new();
    let Some(receiver) = &func.receiver else { return found };
    walk::block(body, &mut |expr| {
        let ExprKind::Construct { fields, .. } = &expr.kind else { return };
        for field in fields.iter().filter(|field| field.name.as_deref().is_some_and(|name| NAMES.is_run(name))) {
            if let ExprKind::Lambda(lambda) = &field.value.kind {
                found.push((Itself::Object(Arc::clone(receiver)), &**lambda, field.name_span));
            }
        }
    });
    found
}
