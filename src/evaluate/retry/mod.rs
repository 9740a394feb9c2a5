//! Loops and recursion that repeat a remote call until it succeeds.
//!
//! A retry is told by its exits, not by names: one round is run along all its ways, once with the call
//! succeeding and once with it failing ([`paths`]). If success leaves and failure comes back to the
//! head, it is a retry; if success comes back too, it is a worker, a poller or a list of pages. What
//! ends it are the choices that a failing way passes and whose other side leaves ([`bound`]).

mod another;
mod answers;
mod bound;
mod called;
mod chosen;
mod circle;
mod condition;
mod contexts;
mod counted;
mod declared;
mod decorated;
mod exhausted;
mod flags;
mod forever;
mod guarded;
mod guess;
mod hooked;
mod items;
mod itself;
mod listened;
mod names;
mod outcome;
mod passed_by;
mod paths;
mod pause;
mod piped;
mod queued;
mod raised;
pub(super) mod seeming;
mod timed;
mod understood;
mod waiting;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::library::Libraries;
use super::program::{FuncId, Program};
use super::walk;
use crate::model::ir::{Block, Expr, ExprKind, Loop, LoopKind, Param};
use crate::model::source::{FileId, Language, Span};
use crate::model::usage::{Bound, CallId, Iteration, Location, Pause, Retry, RetryKind};
use circle::Circles;
use itself::Itself;
use names::NAMES;
use outcome::Outcome;
use paths::{Flow, Path, Runner};
use pause::Pauses;

/// Remote calls below each call expression of a function.
pub(super) type Remote = BTreeMap<Span, BTreeSet<CallId>>;

/// All retries that the code of a unit makes itself, and all calls that it makes for each element of a list. `failing` are calls that end with an error where the
/// provider refuses what it is asked.
pub(super) fn find(
    program: &Program<'_>,
    libraries: &Libraries,
    remote: &BTreeMap<FuncId, Remote>,
    limited: &BTreeSet<Span>,
    failing: &BTreeSet<CallId>,
) -> (Vec<Retry>, Vec<Iteration>) {
    let mut iterations = Vec::new();
    let mut found = decorated::find(program, libraries, remote);
    let circles = Circles::new(program, remote);
    let world = World {
        program,
        remotes: remote,
        none: Remote::new(),
        circles,
        failing,
        summaries: RefCell::default(),
        idle: RefCell::default(),
        waiting: RefCell::default(),
        direct: RefCell::default(),
        guessed: false,
        fuel: Cell::new(0),
    };
    for (id, remote) in remote {
        let (func, module) = (program.func(*id), program.module_of(*id));
        let Some(body) = func.body.as_ref().filter(|_| !module.generated) else { continue };
        let finder = Finder { world: &world, id: *id, libraries, remote, limited, body };
        let location = |span| Location {
            service: module.service,
            span,
            function: func.symbol.clone(),
            test: module.test || func.test,
        };
        walk::block(body, &mut |expr| match &expr.kind {
            ExprKind::Loop(inner) => {
                let Some(calls) = finder.calls_inside(&inner.body, inner) else { return };
                if let Some(retry) = finder.attempted(inner, &calls, location(head_of(expr, inner))) {
                    return found.push(retry);
                }
                found.extend(finder.put_back(inner, &calls, location(head_of(expr, inner))));
                let paths = finder.world.runner(finder.id, None, 0).round(inner);
                let retry = finder.looped(expr, inner, (calls, &paths), location(head_of(expr, inner)));
                if retry.is_none() {
                    iterations.extend(finder.per_element(inner, &paths, location(head_of(expr, inner))));
                }
                found.extend(retry);
            }
            ExprKind::Call { callee, args, .. } => {
                found.extend(finder.hooked(callee, args, location(callee.span)));
                found.extend(finder.timed(callee, args, location(callee.span)));
                found.extend(finder.piped((expr, callee), args, location));
                for arg in args {
                    if let ExprKind::Lambda(lambda) = &arg.value.kind {
                        iterations.extend(finder.per_element_of(callee, lambda, location(callee.span)));
                    }
                }
            }
            _ => {}
        });
        found.extend(finder.recursive(&Itself::Func(func), &func.params, body, location(func.name_span)));
        for (itself, lambda, span) in itself::lambdas(body).into_iter().chain(itself::objects(func, body)) {
            found.extend(finder.recursive(&itself, &lambda.params, &lambda.body, location(span)));
        }
    }
    once_round(&mut found, &world.direct.borrow());
    (found, iterations)
}

/// Functions that call each other in a circle are one retry, told where the first of them stands; each that calls itself
/// is one of its own.
fn once_round(found: &mut Vec<Retry>, direct: &BTreeSet<Span>) {
    found.sort_by(|left, right| left.location.cmp(&right.location));
    let mut seen = BTreeSet::new();
    found.retain(|retry| {
        if retry.kind != RetryKind::Recursion {
            return true;
        }
        let is_first = seen.insert((retry.location.span.file, retry.calls.clone()));
        is_first || direct.contains(&retry.location.span)
    });
}

/// How a function ends.
#[derive(Clone, Debug, PartialEq, Eq)]
struct End {
    /// How its last remote call went.
    last: Option<Outcome>,
    /// See [`paths::State::refused`].
    refused: bool,
    /// What it gives or raises.
    flow: Flow,
}

/// All ways in which a function ends.
type Ends = Vec<End>;

/// What is known when a way is followed from one function into another.
struct World<'w, 'a> {
    program: &'w Program<'a>,
    remotes: &'w BTreeMap<FuncId, Remote>,
    none: Remote,
    /// Calls that fail where they are refused.
    failing: &'w BTreeSet<CallId>,
    circles: Circles<'w, 'a>,
    /// How own functions end, once that is known.
    summaries: RefCell<BTreeMap<FuncId, Option<Ends>>>,
    /// Choices that decide nothing, once that is known.
    idle: RefCell<BTreeMap<Span, bool>>,
    /// Files in which a status is looked for that means that there is nothing yet, once that is known.
    waiting: RefCell<BTreeMap<FileId, bool>>,
    /// Where functions stand that call themselves, and not only each other.
    direct: RefCell<BTreeSet<Span>>,
    /// Calls only seem to be remote: nothing is known of what they answer, but that they may fail.
    guessed: bool,
    /// How many expressions may still be run for the place that is looked at.
    fuel: Cell<u32>,
}

/// Expressions that are run for one place. What is not known by then has too many ways to be told apart.
const FUEL: u32 = 200_000;

impl<'w, 'a> World<'w, 'a> {
    fn runner(&'w self, id: FuncId, itself: Option<Itself<'a>>, depth: usize) -> Runner<'w, 'a> {
        let remote = self.remotes.get(&id).unwrap_or(&self.none);
        if depth == 0 {
            self.fuel.set(FUEL);
        }
        let language = self.program.module_of(id).language;
        let raises = !matches!(language, Language::Go | Language::Rust);
        let func = self.program.func(id);
        let waits = if depth == 0 { func.body.as_ref().is_some_and(looks_for_nothing) } else { self.waits_in(id) };
        let judges = self.guessed && func.body.as_ref().is_some_and(asks_how_it_went);
        Runner { world: self, func, remote, raises, language, waits, judges, itself, depth, timed: false }
    }
}

impl World<'_, '_> {
    /// Whether some function of the same file looks for a status that means that there is nothing yet, so that it matters
    /// in those that it calls.
    fn waits_in(&self, id: FuncId) -> bool {
        let module = self.program.module_of(id);
        let known = self.waiting.borrow().get(&module.file).copied();
        known.unwrap_or_else(|| {
            let waits = module.funcs.iter().filter_map(|func| func.body.as_ref()).any(looks_for_nothing);
            self.waiting.borrow_mut().insert(module.file, waits);
            waits
        })
    }
}

/// What is shown of a loop: its head, up to the body.
fn head_of(whole: &Expr, inner: &Loop) -> Span {
    let first =
        inner.body.stmts.first().map(|stmt| stmt.span).or_else(|| inner.body.tail.as_ref().map(|tail| tail.span));
    match first {
        Some(first) if first.start > whole.span.start => Span { end: first.start, ..whole.span },
        _ => whole.span,
    }
}

/// Whether code compares with a status that means that there is nothing yet.
fn looks_for_nothing(body: &Block) -> bool {
    let mut found = false;
    walk::block(body, &mut |expr| {
        if let ExprKind::Binary(_, left, right) = &expr.kind {
            found |= [left, right].into_iter().filter_map(|side| outcome::number(side)).any(outcome::is_nothing);
        }
    });
    found
}

/// Whether code looks at what answers say of how it went.
fn asks_how_it_went(body: &Block) -> bool {
    let mut found = false;
    walk::block(body, &mut |expr| {
        found = found || matches!(&expr.kind, ExprKind::Member { name, .. } if outcome::tells(name));
    });
    found
}

struct Finder<'f, 'a> {
    world: &'f World<'f, 'a>,
    id: FuncId,
    libraries: &'f Libraries,
    remote: &'f Remote,
    limited: &'f BTreeSet<Span>,
    body: &'a Block,
}

impl<'f, 'a> Finder<'f, 'a> {
    /// A loop with the calls in it and the ways of one round.
    fn looped(
        &self,
        whole: &'a Expr,
        inner: &'a Loop,
        (calls, paths): (Vec<CallId>, &[Path<'a>]),
        location: Location,
    ) -> Option<Retry> {
        let is_other = self.is_made_by_elements(inner)
            || self.asks_further(inner)
            || self.asks_for_next(inner)
            || asks_people(&inner.body);
        if !is_retry(paths) || is_other {
            return None;
        }
        let func = self.world.program.func(self.id);
        let judge = self.judge().in_loop(inner).with_params(func).with_fields(func);
        let bound = if self.is_limited(whole.span) { Bound::Elapsed } else { judge.of_loop(inner, paths) };
        // Who asks for the next of a list asks for something else.
        let same = !self.asks_for_another(inner);
        let pause = if same { self.pauses(&judge).among(|see| walk::expr(whole, see)) } else { Pause::Varies };
        let repeats_refusals = same && judge.repeats_refusals(paths);
        let carrier = carrier(&inner.kind).to_owned();
        Some(Retry { location, kind: RetryKind::Loop, carrier, calls, bound, pause, repeats_refusals, seems: None })
    }

    fn is_limited(&self, span: Span) -> bool {
        self.limited.iter().any(|limited| limited.contains(span))
    }

    fn judge(&self) -> bound::Judge<'f, 'a> {
        bound::Judge::new(self.libraries, self.world.program, self.remote, self.body)
    }

    fn pauses<'j>(&'j self, judge: &'j bound::Judge<'f, 'a>) -> Pauses<'j, 'a> {
        Pauses { program: self.world.program, func: self.world.program.func(self.id), judge }
    }

    /// A function that calls itself, at once, later or through another one, where a call of it failed.
    fn recursive(&self, itself: &Itself<'a>, params: &[Param], body: &'a Block, location: Location) -> Option<Retry> {
        if !self.world.circles.may_close(self.world.program.func(self.id), itself, body) {
            return None;
        }
        let paths = self.world.runner(self.id, Some(itself.clone()), 0).body(body);
        if !is_retry(&paths) || asks_people(body) || self.asks_for_what_is_proposed(itself, params, body) {
            return None;
        }
        let calls: BTreeSet<CallId> = self.remote.values().flatten().copied().collect();
        let mut is_direct = false;
        walk::block(body, &mut |expr| is_direct |= itself.is(expr));
        if is_direct {
            self.world.direct.borrow_mut().insert(location.span);
        }
        let judge = self.judge().in_recursion(itself, params, body).with_fields(self.world.program.func(self.id));
        let bound = if self.is_limited(location.span) { Bound::Elapsed } else { judge.of(&paths) };
        Some(Retry {
            location,
            kind: RetryKind::Recursion,
            carrier: "recursion".to_owned(),
            calls: calls.into_iter().collect(),
            bound,
            pause: self.pauses(&judge).among(|see| walk::block(body, see)),
            repeats_refusals: judge.repeats_refusals(&paths),
            seems: None,
        })
    }

    /// Remote calls in a loop that are not inside a loop of their own.
    fn calls_inside(&self, body: &'a Block, inner: &'a Loop) -> Option<Vec<CallId>> {
        let mut calls = BTreeSet::new();
        let mut see = |expr: &Expr| {
            if let Some(made) = self.remote.get(&expr.span).filter(|_| matches!(expr.kind, ExprKind::Call { .. })) {
                calls.extend(made.iter().copied());
            }
        };
        walk::block(body, &mut see);
        match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => walk::expr(cond, &mut see),
            _ => {}
        }
        (!calls.is_empty()).then(|| calls.into_iter().collect())
    }
}

/// Failure repeats, success leaves and never repeats.
fn is_retry(paths: &[Path<'_>]) -> bool {
    let ends = |succeeded: bool, again: bool| {
        paths.iter().any(|path| path.succeeded == Some(succeeded) && (path.end == paths::End::Again) == again)
    };
    ends(false, true) && ends(true, false) && !ends(true, true)
}

/// Whether somebody in front of the program is asked in each round, who may stop any time.
fn asks_people(body: &Block) -> bool {
    let mut found = false;
    walk::block(body, &mut |expr| {
        if let ExprKind::Call { callee, .. } = &expr.kind {
            found |= outcome::name_of(callee).is_some_and(|name| NAMES.asks_people(name));
        }
    });
    found
}

fn carrier(kind: &LoopKind) -> &'static str {
    match kind {
        LoopKind::Infinite => "endless loop",
        LoopKind::While(_) => "conditional loop",
        LoopKind::Counted { .. } => "counted loop",
        LoopKind::Each { .. } => "loop over a list",
    }
}
