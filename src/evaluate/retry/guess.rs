//! Which calls of a function seem to be remote, by the names and types of what they are calls of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::circle::owner;
use super::names::NAMES;
use super::{outcome, raised};
use crate::evaluate::program::Program;
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Catch, Expr, ExprKind, Func, Literal, Pattern, Piece, StmtKind, Symbol, Type};
use crate::model::source::Span;

/// A call that seems to be remote.
pub(super) struct Seeming {
    /// What is called.
    pub(super) name: Arc<str>,
    /// What is called tells so, not only what is done about a failure of all that stands around it.
    pub(super) by_itself: bool,
}

/// What the names of a function stand for.
pub(super) struct Names<'n, 'a> {
    program: &'n Program<'a>,
    func: &'a Func,
    types: BTreeMap<Arc<str>, &'a Type>,
}

impl<'n, 'a> Names<'n, 'a> {
    pub(super) fn new(program: &'n Program<'a>, func: &'a Func) -> Self {
        let mut types = BTreeMap::new();
        for param in &func.params {
            if let Pattern::Bind(name, ..) = &param.pattern {
                types.insert(Arc::clone(name), &param.ty);
            }
        }
        if let Some(body) = &func.body {
            walk::stmts(body, &mut |stmt| {
                if let StmtKind::Let { pattern: Pattern::Bind(name, ..), ty: Some(ty), .. } = &stmt.kind {
                    types.insert(Arc::clone(name), ty);
                }
            });
        }
        Self { program, func, types }
    }

    /// Calls that seem to be remote, with the names of what is called.
    pub(super) fn calls(&self, body: &'a Block) -> Vec<(Span, Seeming)> {
        let mut guarded: Vec<Span> = Vec::new();
        walk::block(body, &mut |expr| {
            if let ExprKind::TryCatch { body, catches, .. } = &expr.kind {
                let is_remote = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_remote_error(symbol.name()));
                let is_repeated = |catch: &Catch| !raised::is_for_others(catch) && tries_again(&catch.body);
                if catches.iter().any(|catch| catch.types.iter().any(is_remote) || is_repeated(catch)) {
                    guarded.extend(body.stmts.iter().map(|stmt| stmt.span));
                    guarded.extend(body.tail.iter().map(|tail| tail.span));
                }
            }
        });
        let mut found = Vec::new();
        walk::block(body, &mut |expr| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
            let is_guarded = guarded.iter().any(|span| span.contains(expr.span));
            if let Some(name) = self.called(callee, args, is_guarded) {
                found.push((expr.span, name));
            }
            found.extend(self.awaited(callee, args));
        });
        found
    }

    /// What is called whose failure a function is told of: `reader.fetch(id).whenComplete((found, error) -> ..)`.
    fn awaited(&self, callee: &'a Expr, args: &'a [Arg]) -> Option<(Span, Seeming)> {
        let ExprKind::Member { base, name, .. } = &callee.kind else { return None };
        if !NAMES.tells_of_failure(name) || args.is_empty() {
            return None;
        }
        let begun = begun(base);
        let ExprKind::Call { callee, .. } = &begun.kind else { return None };
        let ExprKind::Member { base, name, .. } = &callee.kind else { return None };
        let root = self.root(base);
        let is_local = |symbol: &Symbol| NAMES.is_local_type(symbol.as_str());
        let is_function = matches!(&root.kind, ExprKind::Global(symbol) if is_local(symbol));
        if is_function || self.of(root).0.is_some_and(is_local) || NAMES.is_local_method(name) {
            return None;
        }
        Some((begun.span, Seeming { name: Arc::clone(name), by_itself: true }))
    }

    /// What is called, if it seems to be remote.
    fn called(&self, callee: &'a Expr, args: &[Arg], is_guarded: bool) -> Option<Seeming> {
        let (base, name) = match &callee.kind {
            ExprKind::Member { base, name, .. } => (base, name),
            // A function that somebody else has given.
            ExprKind::Local(name) => {
                return is_guarded.then(|| Seeming { name: Arc::clone(name), by_itself: false });
            }
            ExprKind::Global(ty) => {
                let connects = args.len() > 1 && NAMES.connects(ty.as_str());
                return connects.then(|| Seeming { name: Arc::from(ty.name()), by_itself: true });
            }
            _ => return None,
        };
        if NAMES.is_local_method(name) && !(is_guarded && NAMES.starts(name))
            || args.is_empty() && name.starts_with("get")
        {
            return None;
        }
        let root = self.root(base);
        let (ty, named) = self.of(root);
        let is_local =
            |ty: &&Symbol| NAMES.is_local_type(ty.as_str()) && !(is_guarded && NAMES.is_function(ty.as_str()));
        if ty.as_ref().is_some_and(is_local) {
            return None;
        }
        let sends = |(ty, named): (Option<&Symbol>, Option<&str>)| {
            ty.is_some_and(|ty| NAMES.sends(ty.name())) || named.is_some_and(|named| NAMES.sends(named))
        };
        let is_given_client = args.iter().any(|arg| sends(self.of(&arg.value)));
        // Of what is not known by its type, nothing is known either where it is no variable.
        let is_own = owner(self.func, root).is_some();
        let is_local = matches!(root.kind, ExprKind::Local(_));
        let connects =
            NAMES.is_remote_method(name) && !matches!(root.kind, ExprKind::Literal(_) | ExprKind::Construct { .. });
        let by_itself = sends((ty, named)) || is_given_client || connects;
        let seems = by_itself || is_guarded && (ty.is_some() || is_own || is_local);
        seems.then(|| Seeming { name: Arc::clone(name), by_itself })
    }

    /// The type of a variable or field, and its name.
    fn of<'e>(&'e self, expr: &'e Expr) -> (Option<&'e Symbol>, Option<&'e str>) {
        let (ty, named) = match &expr.kind {
            ExprKind::Local(name) => (self.types.get(name).copied(), Some(&**name)),
            ExprKind::Member { base, name, .. } => {
                let field = owner(self.func, base).and_then(|owner| self.program.field(owner, name));
                (field.map(|field| &field.ty), Some(&**name))
            }
            ExprKind::Global(symbol) => {
                let global = self.program.global(symbol).map(|(_, global)| &global.ty);
                (global, Some(symbol.name()))
            }
            _ => (None, None),
        };
        (ty.and_then(|ty| ty.peeled().symbol()), named)
    }

    /// Whether an expression is the function's own object, as every language writes it.
    fn is_object(&self, expr: &Expr) -> bool {
        let ExprKind::Local(name) = &expr.kind else { return false };
        self.func.receiver.as_ref() == Some(name) || matches!(&**name, "this" | "self")
    }

    /// What a chain of calls and members begins with: a variable, or a field of the function's own object.
    fn root<'e>(&self, expr: &'e Expr) -> &'e Expr {
        match &expr.kind {
            ExprKind::Call { callee, .. } => match &callee.kind {
                ExprKind::Member { base, .. } => self.root(base),
                _ => expr,
            },
            ExprKind::Member { base, .. } if !self.is_object(base) => self.root(base),
            ExprKind::Await(inner) | ExprKind::Cast(_, inner) | ExprKind::Ref(inner) | ExprKind::Deref(inner) => {
                self.root(inner)
            }
            _ => expr,
        }
    }
}

/// Whether a handler waits, or says that it will try again: nobody does so for what fails in the same process.
fn tries_again(handler: &Block) -> bool {
    let mut found = false;
    walk::block(handler, &mut |expr| {
        found = found
            || match &expr.kind {
                ExprKind::Call { callee, .. } => {
                    outcome::name_of(callee).is_some_and(|name| NAMES.sounds_like_waiting(name)) || puts_back(callee)
                }
                ExprKind::Literal(Literal::Str(text)) => NAMES.says_again(text),
                ExprKind::Template(pieces) => {
                    pieces.iter().any(|piece| matches!(piece, Piece::Text(text, _) if NAMES.says_again(text)))
                }
                _ => false,
            };
    });
    found
}

/// `queue.put(..)`
fn puts_back(callee: &Expr) -> bool {
    let ExprKind::Member { base, name, .. } = &callee.kind else { return false };
    let (ExprKind::Local(queue) | ExprKind::Member { name: queue, .. }) = &base.kind else { return false };
    NAMES.puts(name) && NAMES.is_queue(queue)
}

/// What a chain of callbacks hangs on: `fetch(id)` in `fetch(id).thenApply(f).whenComplete(g)`.
fn begun(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Member { base, name, .. } if NAMES.goes_on(name) => begun(base),
            _ => expr,
        },
        ExprKind::Await(inner) | ExprKind::Cast(_, inner) => begun(inner),
        _ => expr,
    }
}
