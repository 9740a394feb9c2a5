//! Which calls of a function seem to be remote, by the names and types of what they are calls of.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answers;
use super::circle::owner;
use super::guarded::Guarded;
use super::names::NAMES;
use super::outcome;
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Func, Pattern, StmtKind, Symbol, Type};
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
    /// Variables, and the calls that gave what they hold.
    held: BTreeMap<Arc<str>, &'a Expr>,
}

impl<'n, 'a> Names<'n, 'a> {
    pub(super) fn new(program: &'n Program<'a>, func: &'a Func) -> Self {
        let (mut types, mut held) = (BTreeMap::new(), BTreeMap::new());
        for param in &func.params {
            if let Pattern::Bind(name, ..) = &param.pattern {
                types.insert(Arc::clone(name), &param.ty);
            }
        }
        if let Some(body) = &func.body {
            walk::stmts(body, &mut |stmt| {
                let StmtKind::Let { pattern: Pattern::Bind(name, ..), ty, value, .. } = &stmt.kind else { return };
                types.extend(ty.as_ref().map(|ty| (Arc::clone(name), ty)));
                if let Some(value) = value.as_ref().filter(|value| matches!(value.kind, ExprKind::Call { .. })) {
                    held.entry(Arc::clone(name)).or_insert(value);
                }
            });
        }
        Self { program, func, types, held }
    }

    /// Own functions that are called where their failure is answered by trying again later.
    pub(super) fn tried(&self, body: &'a Block, guarded: &Guarded) -> Vec<FuncId> {
        let mut found = Vec::new();
        walk::block(body, &mut |expr| {
            if let ExprKind::Call { callee, .. } = &expr.kind
                && guarded.contains(expr.span)
            {
                let serves = outcome::name_of(callee).is_some_and(|name| NAMES.serves(name));
                found.extend(self.own(callee).filter(|_| !serves));
            }
        });
        found
    }

    /// The own function, with a body, that a call runs.
    fn own(&self, callee: &Expr) -> Option<FuncId> {
        let id = match &callee.kind {
            ExprKind::Global(symbol) => self.program.function(symbol),
            ExprKind::Member { base, name, .. } => {
                owner(self.func, base).and_then(|owner| self.program.method(owner, name))
            }
            _ => None,
        };
        id.filter(|id| self.program.func(*id).body.is_some())
    }

    /// Calls that seem to be remote, with the names of what is called.
    pub(super) fn calls(&self, body: &'a Block, guarded: &Guarded) -> Vec<(Span, Seeming)> {
        let mut found = Vec::new();
        walk::block(body, &mut |expr| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
            if let Some(name) = self.called(callee, args, guarded.contains(expr.span)) {
                found.push((expr.span, name));
            }
            found.extend(self.awaited(callee, args));
        });
        for call in answers::asked(body) {
            if let ExprKind::Call { callee, .. } = &call.kind
                && let Some(name) = outcome::name_of(callee)
                && !found.iter().any(|(span, _)| *span == call.span)
            {
                found.push((call.span, Seeming { name: Arc::from(name), by_itself: true }));
            }
        }
        found
    }

    /// What is called whose failure a function is told of: `reader.fetch(id).whenComplete((found, error) -> ..)`.
    fn awaited(&self, callee: &'a Expr, args: &'a [Arg]) -> Option<(Span, Seeming)> {
        if !outcome::name_of(callee).is_some_and(|name| NAMES.registers(name)) || args.is_empty() {
            return None;
        }
        let base = if let ExprKind::Member { base, .. } = &callee.kind { Some(begun(base)) } else { None };
        let held = |expr: &'a Expr| match &expr.kind {
            ExprKind::Local(name) => self.held.get(name).copied(),
            _ => Some(expr),
        };
        let is_call = |expr: &&'a Expr| matches!(expr.kind, ExprKind::Call { .. });
        let given = args.first().filter(|_| args.len() > 1).map(|arg| &arg.value);
        let begun = [base, given].into_iter().flatten().filter_map(held).find(is_call).map(begun)?;
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
            ExprKind::Global(symbol) => {
                let opens = is_guarded && !args.is_empty() && self.opens(symbol);
                let connects = opens || args.len() > 1 && NAMES.connects(symbol.as_str()) || self.reaches(symbol);
                let gives = args.is_empty() && symbol.name().starts_with("get");
                let seems = connects || is_guarded && !gives && self.is_function_of_others(symbol);
                return seems.then(|| Seeming { name: Arc::from(symbol.name()), by_itself: connects });
            }
            _ => return None,
        };
        if NAMES.is_local_method(name) && !(is_guarded && NAMES.starts(name))
            || args.is_empty() && (name.starts_with("get") || NAMES.locks(name))
            || NAMES.goes_on(name)
            || NAMES.is_told_of_failure(name)
            || NAMES.is_of_events(name)
            || NAMES.serves(name)
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
        let is_local = match &root.kind {
            ExprKind::Local(_) => true,
            ExprKind::Global(symbol) => !NAMES.is_local_type(symbol.as_str()),
            _ => false,
        };
        let connects =
            NAMES.is_remote_method(name) && !matches!(root.kind, ExprKind::Literal(_) | ExprKind::Construct { .. });
        let connects = connects && !named.is_some_and(|named| NAMES.is_channel(named));
        let by_itself = sends((ty, named)) || is_given_client || connects;
        // What an own function does is seen there.
        let is_elsewhere = by_itself || self.own(callee).is_none() && !NAMES.sounds_like_waiting(name);
        let seems = by_itself || is_guarded && is_elsewhere && (ty.is_some() || is_own || is_local);
        seems.then(|| Seeming { name: Arc::clone(name), by_itself })
    }

    /// Whether a function that nothing is known of stands in another file, and calls nobody by its name.
    fn is_function_of_others(&self, symbol: &Symbol) -> bool {
        symbol.name().starts_with(|letter: char| letter.is_ascii_lowercase())
            && self.program.function(symbol).is_none()
            && (!NAMES.is_local_method(symbol.name()) || NAMES.starts(symbol.name()))
            && !NAMES.is_local_type(symbol.as_str())
    }

    /// Whether to make one of a type may well mean to connect: `KafkaProducer(servers)`.
    fn opens(&self, symbol: &Symbol) -> bool {
        NAMES.opens(symbol.name())
            && !NAMES.is_local_type(symbol.as_str())
            && self.program.function(symbol).is_none()
            && self.program.type_def(symbol).is_none()
    }

    /// Whether a function of a package calls somebody by its name: `amqp.Dial(url)`, `TcpStream::connect(address)`.
    fn reaches(&self, symbol: &Symbol) -> bool {
        NAMES.is_remote_method(symbol.name())
            && !NAMES.is_local_method(symbol.name())
            && !NAMES.is_local_type(symbol.as_str())
            && self.program.function(symbol).is_none()
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
