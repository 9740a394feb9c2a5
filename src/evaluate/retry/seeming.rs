//! Retries of calls that seem to be remote though no descriptor tells of them: servers speak protocols of their own.
//!
//! A call seems to be remote if its receiver is a client by its type or name, if it stands where an error is caught
//! that only calls of somebody else raise, or if it is one of a function in the same file that makes such a call. What
//! is repeated is told by its exits, as everywhere.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::circle::{Circles, owner};
use super::names::NAMES;
use super::{Finder, Remote, World, head_of, itself, once_round};
use crate::evaluate::library::Libraries;
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Func, Module, Pattern, StmtKind, Symbol, Type};
use crate::model::source::{Language, Span};
use crate::model::usage::{CallId, Location, Retry};

/// Functions that call functions that call functions that seem to make a remote call.
const MAX_ROUNDS: usize = 3;

/// Retries in a file, but for those whose calls are known.
pub(in crate::evaluate) fn find(module: &Module, libraries: &Libraries, known: &[Span]) -> Vec<Retry> {
    if !matches!(module.language, Language::Java | Language::Kotlin) || module.generated || !may_repeat(module) {
        return Vec::new();
    }
    let program = Program::new(vec![module], libraries);
    let seen = Seen::new(&program);
    if seen.remotes.is_empty() {
        return Vec::new();
    }
    let (failing, limited) = (BTreeSet::new(), BTreeSet::new());
    let world = World {
        program: &program,
        remotes: &seen.remotes,
        none: Remote::new(),
        circles: Circles::new(&program, &seen.remotes),
        failing: &failing,
        summaries: RefCell::default(),
        idle: RefCell::default(),
        guessed: true,
    };
    let mut found = Vec::new();
    for (id, remote) in &seen.remotes {
        let func = program.func(*id);
        let Some(body) = &func.body else { continue };
        let finder = Finder { world: &world, id: *id, libraries, remote, limited: &limited, body };
        let location = |span| Location {
            service: module.service,
            span,
            function: func.symbol.clone(),
            test: module.test || func.test,
        };
        let is_known = |whole: Span| known.iter().any(|call| whole.contains(*call));
        walk::block(body, &mut |expr| {
            let ExprKind::Loop(inner) = &expr.kind else { return };
            let Some(calls) = finder.calls_inside(&inner.body, inner).filter(|_| !is_known(expr.span)) else { return };
            let paths = world.runner(*id, None, 0).round(inner);
            found.extend(finder.looped(expr, inner, (calls, &paths), location(head_of(expr, inner))));
        });
        if is_known(func.span) {
            continue;
        }
        found.extend(finder.recursive(&itself::Itself::Func(func), &func.params, body, location(func.name_span)));
    }
    once_round(&mut found);
    for retry in &mut found {
        let names = std::mem::take(&mut retry.calls).into_iter().filter_map(|call| seen.names.get(call.0 as usize));
        retry.seems = names.min_by_key(|name| name.0).map(|name| name.1.to_string());
        retry.repeats_refusals = false;
    }
    found.retain(|retry| retry.seems.is_some());
    found
}

/// Whether a file catches anything at all: nothing is repeated without.
fn may_repeat(module: &Module) -> bool {
    module.funcs.iter().filter_map(|func| func.body.as_ref()).any(|body| {
        let mut found = false;
        walk::block(body, &mut |expr| {
            found = found || matches!(expr.kind, ExprKind::TryCatch { .. } | ExprKind::Lambda(_));
        });
        found
    })
}

/// Calls that seem to be remote.
#[derive(Default)]
struct Seen {
    remotes: BTreeMap<FuncId, Remote>,
    /// Where they are, and what is called, by number.
    names: Vec<(Span, Arc<str>)>,
}

impl Seen {
    fn new(program: &Program<'_>) -> Self {
        let mut seen = Self::default();
        let funcs: Vec<(FuncId, &Func)> =
            program.funcs().filter(|(_, _, func)| func.body.is_some()).map(|(id, _, func)| (id, func)).collect();
        for (id, func) in &funcs {
            let names = Names::new(program, func);
            let calls = func.body.as_ref().map(|body| names.calls(body)).unwrap_or_default();
            for (span, name) in calls {
                let call = CallId(u32::try_from(seen.names.len()).unwrap_or(u32::MAX));
                seen.names.push((span, name));
                seen.remotes.entry(*id).or_default().entry(span).or_default().insert(call);
            }
        }
        for _ in 0..MAX_ROUNDS {
            for (id, func) in &funcs {
                seen.pass_on(program, *id, func);
            }
        }
        let Self { remotes, .. } = &mut seen;
        for (id, func) in &funcs {
            if let (Some(remote), Some(body)) = (remotes.get_mut(id), &func.body) {
                enclose(body, remote);
            }
        }
        seen
    }

    /// A call of an own function that makes such calls makes them too.
    fn pass_on(&mut self, program: &Program<'_>, id: FuncId, func: &Func) {
        let Some(body) = &func.body else { return };
        let mut passed: Vec<(Span, BTreeSet<CallId>)> = Vec::new();
        walk::block(body, &mut |expr| {
            let ExprKind::Call { callee, .. } = &expr.kind else { return };
            let called = match &callee.kind {
                ExprKind::Global(symbol) => program.function(symbol),
                ExprKind::Member { base, name, .. } => owner(func, base).and_then(|owner| program.method(owner, name)),
                _ => None,
            };
            let made = called.filter(|called| *called != id).and_then(|called| self.remotes.get(&called));
            if let Some(made) = made {
                passed.push((expr.span, made.values().flatten().copied().collect()));
            }
        });
        for (span, calls) in passed {
            self.remotes.entry(id).or_default().entry(span).or_default().extend(calls);
        }
    }
}

/// Calls around such a call lead to it, unless they are only given a function that makes it.
fn enclose(body: &Block, remote: &mut Remote) {
    let made = remote.clone();
    walk::block(body, &mut |outer| {
        if !matches!(outer.kind, ExprKind::Call { .. }) {
            return;
        }
        let mut later: Vec<Span> = Vec::new();
        let mut calls: BTreeSet<CallId> = BTreeSet::new();
        walk::expr(outer, &mut |inner| match &inner.kind {
            ExprKind::Lambda(_) => later.push(inner.span),
            _ if later.iter().any(|lambda| lambda.contains(inner.span)) => {}
            _ => calls.extend(made.get(&inner.span).into_iter().flatten()),
        });
        if !calls.is_empty() {
            remote.entry(outer.span).or_default().extend(calls);
        }
    });
}

/// What the names of a function stand for.
struct Names<'n, 'a> {
    program: &'n Program<'a>,
    func: &'a Func,
    types: BTreeMap<Arc<str>, &'a Type>,
}

impl<'n, 'a> Names<'n, 'a> {
    fn new(program: &'n Program<'a>, func: &'a Func) -> Self {
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
    fn calls(&self, body: &'a Block) -> Vec<(Span, Arc<str>)> {
        let mut guarded: Vec<Span> = Vec::new();
        walk::block(body, &mut |expr| {
            if let ExprKind::TryCatch { body, catches, .. } = &expr.kind {
                let is_remote = |ty: &Type| ty.symbol().is_some_and(|symbol| NAMES.is_remote_error(symbol.name()));
                if catches.iter().any(|catch| catch.types.iter().any(is_remote)) {
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
        });
        found
    }

    /// What is called, if it seems to be remote.
    fn called(&self, callee: &'a Expr, args: &[Arg], is_guarded: bool) -> Option<Arc<str>> {
        let (base, name) = match &callee.kind {
            ExprKind::Member { base, name, .. } => (base, name),
            ExprKind::Global(ty) => {
                return (args.len() > 1 && NAMES.connects(ty.as_str())).then(|| Arc::from(ty.name()));
            }
            _ => return None,
        };
        if NAMES.is_local_method(name) || args.is_empty() && name.starts_with("get") {
            return None;
        }
        let root = root(base);
        let (ty, named) = self.of(root);
        if ty.is_some_and(|ty| NAMES.is_local_type(ty.as_str())) {
            return None;
        }
        let sends = |(ty, named): (Option<&Symbol>, Option<&str>)| {
            ty.is_some_and(|ty| NAMES.sends(ty.name())) || named.is_some_and(|named| NAMES.sends(named))
        };
        let is_given_client = args.iter().any(|arg| sends(self.of(&arg.value)));
        // Of what is not known by its type, nothing is known either where it is no variable.
        let is_own = owner(self.func, root).is_some();
        let seems = sends((ty, named)) || is_given_client || is_guarded && (ty.is_some() || is_own);
        seems.then(|| Arc::clone(name))
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
}

/// What a chain of calls and members begins with.
fn root(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Member { base, .. } => root(base),
            _ => expr,
        },
        ExprKind::Member { base, .. } if !is_field_of_own(base) => root(base),
        ExprKind::Await(inner) | ExprKind::Cast(_, inner) | ExprKind::Ref(inner) => root(inner),
        _ => expr,
    }
}

fn is_field_of_own(base: &Expr) -> bool {
    matches!(&base.kind, ExprKind::Local(name) if &**name == "this")
}
