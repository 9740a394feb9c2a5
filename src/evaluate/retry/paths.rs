//! Runs one round of a loop, or a function's body, along all its ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chosen;
use super::condition;
use super::counted::{counted_by, counts_up};
use super::itself::Itself;
use super::names::NAMES;
use super::outcome::{self, Fact, Outcome};
use super::raised;
use super::understood::{takes_errors, tells_errors};
use super::waiting::waits;
use super::{Remote, World};
use crate::model::ir::{Block, Expr, ExprKind, Func, Literal, Loop, LoopKind, Op, Pattern, Stmt, StmtKind};
use crate::model::source::{Language, Span};

/// Ways of one round; more are not told apart.
pub(super) const MAX_PATHS: usize = 512;

/// How a way ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It comes back to the head, or calls the function again.
    Again,
    /// It leaves.
    Leaves,
}

/// One way through a round.
#[derive(Clone, Debug)]
pub(super) struct Path<'a> {
    pub(super) end: End,
    /// How the last remote call on it went; none if there was none.
    pub(super) succeeded: Option<bool>,
    /// The answer was a status that may mean that there is nothing yet, and may be what was wanted.
    pub(super) nothing: bool,
    /// It was refused: the provider answered, and will say the same again.
    pub(super) refused: bool,
    /// Choices that nothing is known of.
    pub(super) choices: Vec<Choice<'a>>,
    /// Variables and fields that were counted, and whether up.
    pub(super) counted: Vec<(Arc<str>, bool)>,
    /// Variables that were set to a truth value.
    pub(super) flags: Vec<(Arc<str>, bool)>,
}

/// A choice that nothing is known of, and which side was taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice<'a> {
    /// The condition, or what a match looks at.
    pub(super) on: &'a Expr,
    /// Which arm of a match.
    pub(super) at: usize,
    /// Whether it holds.
    pub(super) taken: bool,
}

impl Choice<'_> {
    /// Whether another is the same choice, whichever side it took.
    pub(super) fn is_about(&self, other: &Choice<'_>) -> bool {
        self.on.span == other.on.span && self.at == other.at
    }
}

/// What holds at a point of a way.
#[derive(Clone, Debug, Default)]
pub(super) struct State<'a> {
    pub(super) facts: BTreeMap<Arc<str>, Fact>,
    pub(super) last: Option<Outcome>,
    /// The last remote call was refused, and nothing told that from any other failure.
    pub(super) refused: bool,
    pub(super) choices: Vec<Choice<'a>>,
    /// Variables that were set, and behind how many choices.
    pub(super) set: Vec<(usize, Arc<str>)>,
    /// See [`Path::counted`].
    pub(super) counted: Vec<(Arc<str>, bool)>,
    /// Something sounded like waiting.
    pub(super) waited: bool,
    /// What runs handles a failure.
    pub(super) handling: bool,
}

/// Where control goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next(Fact),
    Continue(Option<Arc<str>>),
    Break(Option<Arc<str>>),
    Again,
    /// Leaves the function with a value.
    Leave(Fact),
    /// Raises; what catches it goes on.
    Raise,
}

pub(super) type Ways<'a> = Vec<(Flow, State<'a>)>;

/// Runs code along all its ways.
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
pub(super) struct Runner<'r, 'a> {
    pub(super) world: &'r World<'r, 'a>,
    /// The function whose code runs.
    pub(super) func: &'a Func,
    pub(super) remote: &'r Remote,
    /// A call that fails raises in this language.
    pub(super) raises: bool,
    pub(super) language: Language,
    /// The function looks for statuses that mean that there is nothing yet.
    pub(super) waits: bool,
    /// The function looks at what answers say of how it went.
    pub(super) judges: bool,
    /// The function whose own calls count as coming back, when that is what is looked for.
    pub(super) itself: Option<Itself<'a>>,
    /// How many functions deep this is.
    pub(super) depth: usize,
    /// What runs is what a timer runs, and to end the timer leaves.
    pub(super) timed: bool,
}

impl<'a> Runner<'_, 'a> {
    /// All ways of one round of a loop.
    pub(super) fn round(&self, inner: &'a Loop) -> Vec<Path<'a>> {
        let mut paths = Vec::new();
        let start = vec![(Flow::Next(Fact::Unknown), State::default())];
        let entered = match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => {
                self.split(start, cond, &mut |runner, truth, state| {
                    if truth { runner.block(&inner.body, state) } else { vec![(Flow::Leave(Fact::Unknown), state)] }
                })
            }
            _ => then(start, |state| self.block(&inner.body, state)),
        };
        // A condition at the head is looked at again where a round ends: what the round found out decides.
        for (flow, state) in self.stepped(inner, entered) {
            let again = match &flow {
                Flow::Next(_) | Flow::Again => true,
                Flow::Continue(label) => label.is_none() || *label == inner.label,
                Flow::Break(_) | Flow::Leave(_) | Flow::Raise => false,
            };
            if !again {
                paths.push(path(End::Leaves, state));
                continue;
            }
            match &inner.kind {
                LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. }
                    if self.remote_in(cond).is_none() =>
                {
                    for (fact, state) in self.cond(cond, state) {
                        match fact.truth() {
                            _ if fact == Fact::Raised => paths.push(path(End::Leaves, state)),
                            Some(false) => paths.push(path(End::Leaves, state)),
                            _ => paths.push(path(End::Again, state)),
                        }
                    }
                }
                _ => paths.push(path(End::Again, state)),
            }
        }
        self.understood_all(paths)
    }

    /// The ways, unless there were too many to run them all.
    fn understood_all(&self, paths: Vec<Path<'a>>) -> Vec<Path<'a>> {
        if self.world.fuel.get() == 0 { Vec::new() } else { outcome::wanted(paths) }
    }

    /// What runs at the end of each round, also behind a `continue`.
    fn stepped(&self, inner: &'a Loop, ways: Ways<'a>) -> Ways<'a> {
        let LoopKind::Counted { step: Some(step), .. } = &inner.kind else { return ways };
        let mut all = Vec::new();
        for (flow, state) in ways {
            match &flow {
                Flow::Continue(label) if label.is_some() && *label != inner.label => all.push((flow, state)),
                Flow::Next(_) | Flow::Continue(_) => all.extend(self.stmt(step, state)),
                _ => all.push((flow, state)),
            }
        }
        all
    }

    /// All ways of a function's body.
    pub(super) fn body(&self, body: &'a Block) -> Vec<Path<'a>> {
        let ended = |(flow, state)| path(if flow == Flow::Again { End::Again } else { End::Leaves }, state);
        let paths = self.block(body, State::default()).into_iter().map(ended).collect();
        self.understood_all(paths)
    }

    /// All ways of a function that is run when a request has failed.
    pub(super) fn after_failure(&self, body: &'a Block) -> Vec<Path<'a>> {
        let start = State { last: Some(Outcome::Failure), ..State::default() };
        let ended = |(flow, state)| path(if flow == Flow::Again { End::Again } else { End::Leaves }, state);
        self.block(body, start).into_iter().map(ended).collect()
    }

    pub(super) fn remote_in(&self, expr: &Expr) -> Option<Span> {
        let mut found = None;
        crate::evaluate::walk::expr(expr, &mut |inner| {
            if self.remote.contains_key(&inner.span) && matches!(inner.kind, ExprKind::Call { .. }) {
                found = Some(inner.span);
            }
        });
        found
    }

    pub(super) fn block(&self, block: &'a Block, state: State<'a>) -> Ways<'a> {
        let mut ways = vec![(Flow::Next(Fact::Unknown), state)];
        for stmt in &block.stmts {
            ways = then(ways, |state| self.stmt(stmt, state));
        }
        match &block.tail {
            Some(tail) => then(ways, |state| self.expr(tail, state)),
            None => ways
                .into_iter()
                .map(|(flow, state)| (if let Flow::Next(_) = flow { Flow::Next(Fact::Unknown) } else { flow }, state))
                .collect(),
        }
    }

    fn stmt(&self, stmt: &'a Stmt, state: State<'a>) -> Ways<'a> {
        match &stmt.kind {
            // `let _ = freeze.send(until).await;`
            StmtKind::Let { pattern: Pattern::Wild, value: Some(value), otherwise: None, .. } => {
                self.beside(value, state)
            }
            StmtKind::Let { pattern, value: Some(value), otherwise, .. } => {
                let ways = self.understood(value, tells_errors(pattern), self.expr(value, state));
                with_fact(ways, |fact, mut state| {
                    if let Some(otherwise) = otherwise {
                        return match outcome::matches(fact, pattern) {
                            Some(false) => self.block(otherwise, state),
                            Some(true) => {
                                bind(pattern, fact, &mut state);
                                vec![(Flow::Next(Fact::Unknown), state)]
                            }
                            None => {
                                let mut ways = self.block(otherwise, state.clone());
                                bind(pattern, fact, &mut state);
                                ways.push((Flow::Next(Fact::Unknown), state));
                                ways
                            }
                        };
                    }
                    bind(pattern, fact, &mut state);
                    vec![(Flow::Next(Fact::Unknown), state)]
                })
            }
            StmtKind::Let { pattern, .. } => {
                let mut state = state;
                bind(pattern, Fact::Null, &mut state);
                vec![(Flow::Next(Fact::Unknown), state)]
            }
            StmtKind::Assign { target, op, value } => {
                let ways = self.understood(value, op.is_none() && takes_errors(target), self.expr(value, state));
                with_fact(ways, |fact, mut state| {
                    chosen::forget(target, &mut state);
                    state.counted.extend(counted_by(stmt).map(|name| (name, counts_up(stmt))));
                    assign(target, if op.is_none() { fact } else { Fact::Unknown }, &mut state);
                    vec![(Flow::Next(Fact::Unknown), state)]
                })
            }
            StmtKind::Expr(expr) => match &expr.kind {
                ExprKind::If { cond, .. } if self.leads_nowhere(expr) => self.passed_by(cond, state),
                _ => self.beside(expr, state),
            },
            StmtKind::Defer(_) => vec![(Flow::Next(Fact::Unknown), state)],
        }
    }

    /// A statement, whose value nobody looks at. A call of which only that it goes well is expected, told of a failure
    /// or about one, does not make up for what has failed.
    fn beside(&self, expr: &'a Expr, state: State<'a>) -> Ways<'a> {
        let failed = state.last == Some(Outcome::Failure) && is_plain_call(expr);
        let ways = self.expr(expr, state);
        let kept = |(flow, after): (Flow, State<'a>)| match flow {
            Flow::Next(_) if failed => (flow, State { last: Some(Outcome::Failure), ..after }),
            _ => (flow, after),
        };
        ways.into_iter().map(kept).collect()
    }

    pub(super) fn expr(&self, expr: &'a Expr, state: State<'a>) -> Ways<'a> {
        let Some(left) = self.world.fuel.get().checked_sub(1) else { return Vec::new() };
        self.world.fuel.set(left);
        let known = |fact: Fact, state: State<'a>| vec![(Flow::Next(fact), state)];
        match &expr.kind {
            ExprKind::Literal(Literal::Bool(value)) => known(Fact::Bool(*value), state),
            ExprKind::Literal(Literal::Null) => known(Fact::Null, state),
            // What runs beside does not decide where this way leads.
            ExprKind::Literal(_)
            | ExprKind::Lambda(_)
            | ExprKind::Global(_)
            | ExprKind::Spawn(_)
            | ExprKind::OnEvent(_)
            | ExprKind::Template(_) => known(Fact::Unknown, state),
            ExprKind::Yield(value) => match value {
                Some(value) => self.expr(value, state),
                None => known(Fact::Unknown, state),
            },
            ExprKind::Local(name) => known(state.facts.get(name).copied().unwrap_or(Fact::Unknown), state),
            ExprKind::Call { callee, args, .. } => self.call(expr, callee, args, state),
            ExprKind::Await(inner)
            | ExprKind::Spread(inner)
            | ExprKind::Ref(inner)
            | ExprKind::Deref(inner)
            | ExprKind::Cast(_, inner)
            | ExprKind::Unary(Op::Neg | Op::Receive | Op::Other, inner) => self.expr(inner, state),
            ExprKind::Try(inner) => {
                let ways = self.expr(inner, state);
                with_fact(ways, |fact, state| match fact {
                    Fact::Result(Outcome::Failure) => vec![(Flow::Leave(fact), state)],
                    Fact::Result(outcome) => vec![(Flow::Next(Fact::Answer(outcome)), state)],
                    other => vec![(Flow::Next(other), state)],
                })
            }
            ExprKind::Member { base, name, .. } => {
                if let Some(fact) = chosen::kept(expr, &state) {
                    return known(fact, state);
                }
                let ways = self.expr(base, state);
                with_fact(ways, |fact, state| vec![(Flow::Next(outcome::member(fact, name)), state)])
            }
            ExprKind::Binary(Op::Coalesce, left, right) => {
                let ways = self.expr(left, state);
                with_fact(ways, |fact, state| match fact.is_null() {
                    Some(true) => self.expr(right, state),
                    Some(false) => vec![(Flow::Next(fact), state)],
                    None => vec![(Flow::Next(Fact::Unknown), state)],
                })
            }
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Matches(..) => {
                let flow = |fact: Fact| if fact == Fact::Raised { Flow::Raise } else { Flow::Next(fact) };
                self.cond(expr, state).into_iter().map(|(fact, state)| (flow(fact), state)).collect()
            }
            ExprKind::Block(block) => self.block(block, state),
            ExprKind::If { cond, then, otherwise } => {
                let start = vec![(Flow::Next(Fact::Unknown), state)];
                self.split(start, cond, &mut |runner, truth, state| match (truth, otherwise) {
                    (true, _) => runner.block(then, state),
                    (false, Some(otherwise)) => runner.block(otherwise, state),
                    (false, None) => vec![(Flow::Next(Fact::Unknown), state)],
                })
            }
            ExprKind::Match { subject, arms } => match subject {
                Some(subject) => {
                    let tells = arms.iter().any(|arm| tells_errors(&arm.pattern));
                    let ways = self.understood(subject, tells, self.expr(subject, state));
                    with_fact(ways, |fact, state| self.arms(Some(subject), fact, arms, state))
                }
                None if waits(arms) => self.first_of(arms, &state),
                None => self.arms(None, Fact::Unknown, arms, state),
            },
            ExprKind::Loop(inner) => self.inner_loop(inner, state),
            ExprKind::Return(value) => {
                let start = match value {
                    Some(value) => self.expr(value, state),
                    None => vec![(Flow::Next(Fact::Unknown), state)],
                };
                start
                    .into_iter()
                    .map(|(flow, state)| (if let Flow::Next(fact) = flow { Flow::Leave(fact) } else { flow }, state))
                    .collect()
            }
            ExprKind::Break(label, value) => {
                let start = match value {
                    Some(value) => self.expr(value, state),
                    None => vec![(Flow::Next(Fact::Unknown), state)],
                };
                start
                    .into_iter()
                    .map(|(flow, state)| {
                        (if matches!(flow, Flow::Next(_)) { Flow::Break(label.clone()) } else { flow }, state)
                    })
                    .collect()
            }
            ExprKind::Continue(label) => vec![(Flow::Continue(label.clone()), state)],
            ExprKind::Throw(raised) => self.throw(raised, state),
            ExprKind::TryCatch { body, catches, finally } => self.tried(body, catches, finally.as_ref(), state),
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Fixme(items) => {
                self.in_order(items.iter(), state)
            }
            ExprKind::Index { base, index } => self.in_order([&**base, &**index].into_iter(), state),
            ExprKind::Construct { fields, .. } => self.in_order(fields.iter().map(|field| &field.value), state),
        }
    }

    pub(super) fn in_order(&self, all: impl Iterator<Item = &'a Expr>, state: State<'a>) -> Ways<'a> {
        let mut ways = vec![(Flow::Next(Fact::Unknown), state)];
        for expr in all {
            ways = then(ways, |state| self.expr(expr, state));
        }
        ways
    }

    fn inner_loop(&self, inner: &'a Loop, state: State<'a>) -> Ways<'a> {
        let ways = match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => {
                let mut ways: Ways<'a> = Vec::new();
                for (fact, state) in self.cond(cond, state) {
                    if fact == Fact::Raised {
                        ways.push((Flow::Raise, state));
                        continue;
                    }
                    ways.extend(self.block(&inner.body, state.clone()));
                    ways.push((Flow::Next(Fact::Unknown), state));
                }
                ways
            }
            LoopKind::Infinite => self.block(&inner.body, state),
            _ => {
                let mut ways = self.block(&inner.body, state.clone());
                ways.push((Flow::Next(Fact::Unknown), state));
                ways
            }
        };
        // What leaves the inner loop goes on behind it; what it repeats ends some day.
        ways.into_iter()
            .map(|(flow, state)| {
                let flow = match flow {
                    Flow::Break(label) if label.is_none() || label == inner.label => Flow::Next(Fact::Unknown),
                    Flow::Continue(label) if label.is_none() || label == inner.label => Flow::Next(Fact::Unknown),
                    other => other,
                };
                (flow, state)
            })
            .collect()
    }

    fn arms(
        &self,
        subject: Option<&'a Expr>,
        fact: Fact,
        arms: &'a [crate::model::ir::Arm],
        state: State<'a>,
    ) -> Ways<'a> {
        let mut all = Vec::new();
        let mut state = state;
        for (at, arm) in arms.iter().enumerate() {
            let fits = outcome::matches(fact, &arm.pattern);
            if fits == Some(false) {
                continue;
            }
            let mut inside = state.clone();
            bind(&arm.pattern, fact, &mut inside);
            // Another arm may take it: which one is a choice on the subject.
            if let (None, Some(on)) = (fits, subject) {
                inside.choices.push(Choice { on, at, taken: true });
                if self.world.guessed && outcome::holds_nothing(&arm.pattern) {
                    inside.last = None;
                }
                if pattern_names_failure(&arm.pattern) {
                    inside.last = inside.last.map(|_| Outcome::Feared);
                }
                state.choices.push(Choice { on, at, taken: false });
            }
            let Some(guard) = &arm.guard else {
                all.extend(self.block(&arm.body, inside));
                if fits == Some(true) {
                    return all;
                }
                continue;
            };
            let mut always = fits == Some(true);
            for (truth, mut chosen) in self.cond(guard, inside) {
                always &= truth.truth() == Some(true);
                match truth.truth() {
                    Some(false) => {}
                    Some(true) => all.extend(self.block(&arm.body, chosen)),
                    None => {
                        chosen.choices.push(Choice { on: guard, at: 0, taken: true });
                        all.extend(self.block(&arm.body, chosen));
                        // The arms behind run where this one does not.
                        state.choices.push(Choice { on: guard, at: 0, taken: false });
                    }
                }
            }
            if always {
                return all;
            }
            if all.len() > MAX_PATHS {
                break;
            }
        }
        // A switch without a default may take no arm at all.
        let open = matches!(self.language, Language::Go) && subject.is_some();
        if (self.raises || open)
            && !arms.iter().any(|arm| arm.guard.is_none() && outcome::matches(fact, &arm.pattern) == Some(true))
        {
            all.push((Flow::Next(Fact::Unknown), state));
        }
        all
    }
}

/// `Status::Error`, `case FAILED`
fn pattern_names_failure(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Value(value) => condition::names_failure(value),
        Pattern::Variant(symbol, parts, _) => parts.is_empty() && NAMES.names_failure(symbol.name()),
        Pattern::Or(all) => all.iter().all(pattern_names_failure),
        _ => false,
    }
}

fn is_plain_call(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Await(inner) => is_plain_call(inner),
        ExprKind::Call { .. } => true,
        _ => false,
    }
}

/// Goes on where control goes on.
pub(super) fn then<'a>(ways: Ways<'a>, mut go: impl FnMut(State<'a>) -> Ways<'a>) -> Ways<'a> {
    with_fact(ways, |_, state| go(state))
}

/// Goes on where control goes on, with what is known of the value.
pub(super) fn with_fact<'a>(ways: Ways<'a>, mut go: impl FnMut(Fact, State<'a>) -> Ways<'a>) -> Ways<'a> {
    let mut all = Vec::new();
    for (flow, state) in ways {
        match flow {
            Flow::Next(fact) if all.len() < MAX_PATHS => all.extend(go(fact, state)),
            other => all.push((other, state)),
        }
    }
    all.truncate(MAX_PATHS);
    all
}

pub(super) fn path(end: End, state: State<'_>) -> Path<'_> {
    let State { last, refused, choices, counted, waited, facts, .. } = state;
    let flag = |(name, fact): (Arc<str>, Fact)| if let Fact::Bool(truth) = fact { Some((name, truth)) } else { None };
    let flags = facts.into_iter().filter_map(flag).collect();
    // Who finds that something is missing, or there already, does something else about it.
    let repairs = choices.iter().any(|choice| raised::tells_state(choice, waited));
    let nothing = last == Some(Outcome::Nothing);
    let succeeded = last.filter(|last| last.went_well() || !repairs).map(Outcome::went_well);
    Path { end, succeeded, nothing, refused, choices, counted, flags }
}

/// Binds the names of a pattern. Of several names the last one is the error, if a call gave them.
pub(super) fn bind(pattern: &Pattern, fact: Fact, state: &mut State<'_>) {
    match pattern {
        Pattern::Bind(name, _, _) => {
            state.facts.insert(Arc::clone(name), fact);
        }
        Pattern::Tuple(parts) => {
            let facts = several(fact, parts.len());
            parts.iter().zip(facts).for_each(|(part, fact)| bind(part, fact, state));
        }
        Pattern::Variant(_, parts, _) => {
            let inner = match fact {
                Fact::Result(Outcome::Failure) => Fact::Present,
                Fact::Result(outcome) => Fact::Answer(outcome),
                _ => Fact::Unknown,
            };
            parts.iter().for_each(|part| bind(part, inner, state));
        }
        // `const { status } = await get()`
        Pattern::Record(_, fields) => {
            fields.iter().for_each(|field| bind(&field.pattern, outcome::member(fact, &field.name), state));
        }
        Pattern::Or(all) => all.iter().for_each(|one| bind(one, Fact::Unknown, state)),
        _ => {}
    }
}

fn assign(target: &Expr, fact: Fact, state: &mut State<'_>) {
    match &target.kind {
        ExprKind::Local(name) => {
            state.facts.insert(Arc::clone(name), fact);
        }
        ExprKind::Tuple(targets) => {
            let facts = several(fact, targets.len());
            targets.iter().zip(facts).for_each(|(target, fact)| assign(target, fact, state));
        }
        _ => chosen::keep(target, fact, state),
    }
}

/// A call's result as so many values: the answer first, the error last.
fn several(fact: Fact, count: usize) -> Vec<Fact> {
    let mut facts = vec![Fact::Unknown; count];
    if let Fact::Result(outcome) = fact {
        if let Some(first) = facts.first_mut() {
            *first = Fact::Answer(outcome);
        }
        if let Some(last) = facts.last_mut() {
            *last = if outcome == Outcome::Failure { Fact::Present } else { Fact::Null };
        }
    }
    facts
}
