//! Retries of calls that seem to be remote though no descriptor tells of them: servers speak protocols of their own.
//!
//! A call seems to be remote if its receiver is a client by its type or name, if it stands where an error is caught
//! that only calls of somebody else raise, or if it is one of a function in the same file that makes such a call. What
//! is repeated is told by its exits, as everywhere.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::circle::{Circles, owner};
use super::forever;
use super::guarded::Guarded;
use super::guess::{Names, Seeming};
use super::names::NAMES;
use super::{Finder, Remote, World, decorated, head_of, itself, once_round, outcome, waiting};
use crate::evaluate::library::Libraries;
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::walk;
use crate::model::ir::{Block, ExprKind, Func, LoopKind, Module};
use crate::model::source::Span;
use crate::model::usage::{CallId, Location, Retry};

/// Functions that call functions that call functions that seem to make a remote call.
const MAX_ROUNDS: usize = 3;

/// Retries in a file, but for those whose calls are known.
pub(in crate::evaluate) fn find(module: &Module, libraries: &Libraries, known: &[Span]) -> Vec<Retry> {
    if !NAMES.guesses_in(module.language.name()) || module.generated || !may_repeat(module, libraries) {
        return Vec::new();
    }
    let program = Program::new(vec![module], libraries);
    let seen = Seen::new(&program);
    let (failing, limited) = (BTreeSet::new(), BTreeSet::new());
    let world = World {
        program: &program,
        remotes: &seen.remotes,
        none: Remote::new(),
        circles: Circles::new(&program, &seen.remotes),
        failing: &failing,
        summaries: RefCell::default(),
        idle: RefCell::default(),
        waiting: RefCell::default(),
        direct: RefCell::default(),
        guessed: true,
        fuel: Cell::new(0),
    };
    let mut found = Vec::new();
    let mut policies = Vec::new();
    for (id, _, func) in program.funcs() {
        let Some(body) = &func.body else { continue };
        let remote = seen.remotes.get(&id);
        let finder =
            Finder { world: &world, id, libraries, remote: remote.unwrap_or(&world.none), limited: &limited, body };
        let location = |span| Location {
            service: module.service,
            span,
            function: func.symbol.clone(),
            test: module.test || func.test,
        };
        walk::block(body, &mut |expr| {
            if let ExprKind::Call { callee, .. } = &expr.kind {
                policies.extend(finder.for_ever(callee, location));
            }
        });
        if remote.is_none() {
            continue;
        }
        let is_known = |whole: Span| known.iter().any(|call| whole.contains(*call));
        let before = found.len();
        walk::block(body, &mut |expr| {
            let ExprKind::Loop(inner) = &expr.kind else { return };
            let Some(calls) = finder.calls_inside(&inner.body, inner).filter(|_| !is_known(expr.span)) else { return };
            found.extend(finder.put_back(inner, &calls, location(head_of(expr, inner))));
            let paths = world.runner(id, None, 0).round(inner);
            found.extend(finder.looped(expr, inner, (calls, &paths), location(head_of(expr, inner))));
        });
        if !is_known(func.span) {
            found.extend(finder.recursive(&itself::Itself::Func(func), &func.params, body, location(func.name_span)));
            for (itself, lambda, span) in itself::lambdas(body).into_iter().chain(itself::objects(func, body)) {
                found.extend(finder.recursive(&itself, &lambda.params, &lambda.body, location(span)));
            }
        }
        for retry in found.iter_mut().skip(before) {
            retry.seems = seen.called(&retry.calls, func.span);
            retry.repeats_refusals = false;
        }
    }
    for mut retry in decorated::find(&program, libraries, &seen.remotes) {
        let func = program.funcs().find(|(_, _, func)| func.symbol == retry.location.function).map(|(.., func)| func);
        if let Some(func) = func.filter(|func| !known.iter().any(|call| func.span.contains(*call))) {
            retry.seems = seen.called(&retry.calls, func.span);
            found.push(retry);
        }
    }
    once_round(&mut found, &world.direct.borrow());
    found.iter_mut().for_each(|retry| retry.calls.clear());
    found.retain(|retry| retry.seems.is_some());
    found.extend(policies.into_iter().filter(|policy| !known.contains(&policy.location.span)));
    found
}

/// Whether a file catches anything at all, has a loop that only a choice ends, a function that calls itself, or a policy: nothing is repeated without.
fn may_repeat(module: &Module, libraries: &Libraries) -> bool {
    let is_repeated =
        |func: &Func| func.annotations.iter().any(|note| libraries.repeated(note.name.as_str()).is_some());
    if module.funcs.iter().any(is_repeated) {
        return true;
    }
    let bodies = module.funcs.iter().filter_map(|func| Some((func, func.body.as_ref()?)));
    bodies.into_iter().any(|(func, body)| {
        let mut found = false;
        walk::block(body, &mut |expr| {
            found = found
                || match &expr.kind {
                    ExprKind::TryCatch { .. } | ExprKind::Lambda(_) => true,
                    ExprKind::Call { callee, .. } => {
                        outcome::name_of(callee) == Some(func.symbol.name()) || forever::policy(callee).is_some()
                    }
                    ExprKind::Loop(inner) => !matches!(inner.kind, LoopKind::Each { .. }),
                    _ => false,
                };
        });
        found
    })
}

/// Calls that seem to be remote.
#[derive(Default)]
struct Seen {
    remotes: BTreeMap<FuncId, Remote>,
    /// Where they are, and what is called, by number.
    names: Vec<(Span, Seeming)>,
}

impl Seen {
    fn new(program: &Program<'_>) -> Self {
        let mut seen = Self::default();
        let funcs: Vec<(FuncId, &Func)> =
            program.funcs().filter(|(_, _, func)| func.body.is_some()).map(|(id, _, func)| (id, func)).collect();
        let mut tried = BTreeSet::new();
        for (id, func) in &funcs {
            let Some(body) = &func.body else { continue };
            let (names, guarded) = (Names::new(program, func), Guarded::new(body));
            tried.extend(names.tried(body, &guarded));
            seen.add(*id, names.calls(body, &guarded));
        }
        for (id, func) in funcs.iter().filter(|(id, _)| tried.contains(id)) {
            let Some(body) = &func.body else { continue };
            seen.remotes.remove(id);
            seen.add(*id, Names::new(program, func).calls(body, &Guarded::whole(func)));
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

    fn add(&mut self, id: FuncId, calls: Vec<(Span, Seeming)>) {
        for (span, seeming) in calls {
            let call = CallId(u32::try_from(self.names.len()).unwrap_or(u32::MAX));
            self.names.push((span, seeming));
            self.remotes.entry(id).or_default().entry(span).or_default().insert(call);
        }
    }

    /// What is called first, rather in a function itself than where it leads to.
    fn called(&self, calls: &[CallId], within: Span) -> Option<String> {
        let named = calls.iter().filter_map(|call| self.names.get(call.0 as usize));
        let first = named.min_by_key(|(span, it)| (!within.contains(*span), !it.by_itself, *span));
        first.map(|(_, it)| it.name.to_string())
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
            let called = called.filter(|called| *called != id);
            let Some((called, made)) = called.and_then(|called| Some((called, self.remotes.get(&called)?))) else {
                return;
            };
            // Who starts a worker again whenever it ends asks nobody for the same again.
            let workers = workers(program.func(called));
            let is_asked = |span: &Span| !workers.iter().any(|worker| worker.contains(*span));
            let made: BTreeSet<CallId> =
                made.iter().filter(|(span, _)| is_asked(span)).flat_map(|(_, calls)| calls).copied().collect();
            if !made.is_empty() {
                passed.push((expr.span, made));
            }
        });
        for (span, calls) in passed {
            self.remotes.entry(id).or_default().entry(span).or_default().extend(calls);
        }
    }
}

/// Endless loops of a function that wait for whatever comes first in each round.
fn workers(func: &Func) -> Vec<Span> {
    let mut found = Vec::new();
    let Some(body) = &func.body else { return found };
    walk::block(body, &mut |expr| {
        let ExprKind::Loop(inner) = &expr.kind else { return };
        let mut waits = false;
        walk::block(&inner.body, &mut |part| {
            waits = waits || matches!(&part.kind, ExprKind::Match { subject: None, arms } if waiting::waits(arms));
        });
        if matches!(inner.kind, LoopKind::Infinite) && waits {
            found.push(expr.span);
        }
    });
    found
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
