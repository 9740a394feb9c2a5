//! Runs one round of a loop, or a function's body, along all its ways.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Remote;
use super::outcome::{self, Fact, Outcome};
use crate::model::ir::{Block, Expr, ExprKind, Func, Literal, Loop, LoopKind, Op, Pattern, Stmt, StmtKind};
use crate::model::source::Span;

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
    /// Conditions that nothing is known of, and which side was taken.
    pub(super) choices: Vec<(&'a Expr, bool)>,
}

/// What holds at a point of a way.
#[derive(Clone, Debug, Default)]
pub(super) struct State<'a> {
    facts: BTreeMap<Arc<str>, Fact>,
    last: Option<Outcome>,
    pub(super) choices: Vec<(&'a Expr, bool)>,
}

/// Where control goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Flow {
    Next(Fact),
    Continue(Option<Arc<str>>),
    Break(Option<Arc<str>>),
    Again,
    Leave,
}

pub(super) type Ways<'a> = Vec<(Flow, State<'a>)>;

/// Runs code along all its ways.
pub(super) struct Runner<'r> {
    remote: &'r Remote,
    /// The function whose own calls count as coming back, when that is what is looked for.
    itself: Option<&'r Func>,
}

/// Whether an expression is a call of the function that it stands in.
pub(super) fn is_self_call(expr: &Expr, func: &Func) -> bool {
    let ExprKind::Call { callee, .. } = &expr.kind else { return false };
    match &callee.kind {
        ExprKind::Global(symbol) => *symbol == func.symbol,
        ExprKind::Member { base, name, .. } => {
            **name == *func.symbol.name()
                && matches!((&base.kind, &func.receiver), (ExprKind::Local(base), Some(receiver)) if base == receiver)
        }
        _ => false,
    }
}

impl<'r> Runner<'r> {
    pub(super) const fn new(remote: &'r Remote, itself: Option<&'r Func>) -> Self {
        Self { remote, itself }
    }

    /// All ways of one round of a loop.
    pub(super) fn round<'a>(&self, inner: &'a Loop) -> Vec<Path<'a>> {
        let mut paths = Vec::new();
        let start = vec![(Flow::Next(Fact::Unknown), State::default())];
        let entered = match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => {
                self.split(start, cond, &mut |runner, truth, state| {
                    if truth { runner.block(&inner.body, state) } else { vec![(Flow::Leave, state)] }
                })
            }
            _ => then(start, |state| self.block(&inner.body, state)),
        };
        // A condition at the head is looked at again where a round ends: what the round found out decides.
        for (flow, state) in entered {
            let again = match &flow {
                Flow::Next(_) | Flow::Again => true,
                Flow::Continue(label) => label.is_none() || *label == inner.label,
                Flow::Break(_) | Flow::Leave => false,
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
                            Some(false) => paths.push(path(End::Leaves, state)),
                            _ => paths.push(path(End::Again, state)),
                        }
                    }
                }
                _ => paths.push(path(End::Again, state)),
            }
        }
        paths
    }

    /// All ways of a function's body.
    pub(super) fn body<'a>(&self, body: &'a Block) -> Vec<Path<'a>> {
        let ways = self.block(body, State::default());
        ways.into_iter()
            .map(|(flow, state)| path(if flow == Flow::Again { End::Again } else { End::Leaves }, state))
            .collect()
    }

    fn remote_in(&self, expr: &Expr) -> Option<Span> {
        let mut found = None;
        crate::evaluate::walk::expr(expr, &mut |inner| {
            if self.remote.contains_key(&inner.span) && matches!(inner.kind, ExprKind::Call { .. }) {
                found = Some(inner.span);
            }
        });
        found
    }

    fn block<'a>(&self, block: &'a Block, state: State<'a>) -> Ways<'a> {
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

    fn stmt<'a>(&self, stmt: &'a Stmt, state: State<'a>) -> Ways<'a> {
        match &stmt.kind {
            StmtKind::Let { pattern, value: Some(value), otherwise, .. } => {
                let ways = self.expr(value, state);
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
                let ways = self.expr(value, state);
                with_fact(ways, |fact, mut state| {
                    assign(target, if op.is_none() { fact } else { Fact::Unknown }, &mut state);
                    vec![(Flow::Next(Fact::Unknown), state)]
                })
            }
            StmtKind::Expr(expr) => self.expr(expr, state),
            StmtKind::Defer(_) => vec![(Flow::Next(Fact::Unknown), state)],
        }
    }

    pub(super) fn expr<'a>(&self, expr: &'a Expr, state: State<'a>) -> Ways<'a> {
        let known = |fact: Fact, state: State<'a>| vec![(Flow::Next(fact), state)];
        match &expr.kind {
            ExprKind::Literal(Literal::Bool(value)) => known(Fact::Bool(*value), state),
            ExprKind::Literal(Literal::Null) => known(Fact::Null, state),
            // What runs beside does not decide where this way leads.
            ExprKind::Literal(_)
            | ExprKind::Lambda(_)
            | ExprKind::Global(_)
            | ExprKind::Spawn(_)
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
                    Fact::Result(Outcome::Failure) => vec![(Flow::Leave, state)],
                    Fact::Result(outcome) => vec![(Flow::Next(Fact::Answer(outcome)), state)],
                    other => vec![(Flow::Next(other), state)],
                })
            }
            ExprKind::Member { base, name, .. } => {
                let ways = self.expr(base, state);
                with_fact(ways, |fact, state| {
                    vec![(Flow::Next(outcome::method(fact, name).unwrap_or(Fact::Unknown)), state)]
                })
            }
            ExprKind::Unary(..) | ExprKind::Binary(..) | ExprKind::Matches(..) => {
                self.cond(expr, state).into_iter().map(|(fact, state)| (Flow::Next(fact), state)).collect()
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
                    let ways = self.expr(subject, state);
                    with_fact(ways, |fact, state| self.arms(fact, arms, state))
                }
                None => self.arms(Fact::Unknown, arms, state),
            },
            ExprKind::Loop(inner) => self.inner_loop(inner, state),
            ExprKind::Return(value) => {
                let start = match value {
                    Some(value) => self.expr(value, state),
                    None => vec![(Flow::Next(Fact::Unknown), state)],
                };
                start
                    .into_iter()
                    .map(|(flow, state)| (if flow == Flow::Again { flow } else { Flow::Leave }, state))
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
            ExprKind::Throw(_) => vec![(Flow::Leave, state)],
            ExprKind::TryCatch { body, catches, .. } => {
                let mut ways = self.block(body, state.clone());
                for catch in catches {
                    let failed = State { last: Some(Outcome::Failure), ..state.clone() };
                    ways.extend(self.block(&catch.body, failed));
                }
                ways
            }
            ExprKind::Tuple(items) | ExprKind::List(items) | ExprKind::Fixme(items) => {
                self.in_order(items.iter(), state)
            }
            ExprKind::Index { base, index } => self.in_order([&**base, &**index].into_iter(), state),
            ExprKind::Construct { fields, .. } => self.in_order(fields.iter().map(|field| &field.value), state),
        }
    }

    fn in_order<'a>(&self, all: impl Iterator<Item = &'a Expr>, state: State<'a>) -> Ways<'a> {
        let mut ways = vec![(Flow::Next(Fact::Unknown), state)];
        for expr in all {
            ways = then(ways, |state| self.expr(expr, state));
        }
        ways
    }

    fn call<'a>(
        &self,
        whole: &'a Expr,
        callee: &'a Expr,
        args: &'a [crate::model::ir::Arg],
        state: State<'a>,
    ) -> Ways<'a> {
        if self.itself.is_some_and(|func| is_self_call(whole, func)) {
            return vec![(Flow::Again, state)];
        }
        if self.remote.contains_key(&whole.span) && !self.is_inner_call(callee) {
            return [Outcome::Success, Outcome::Refused, Outcome::Failure]
                .into_iter()
                .map(|outcome| {
                    let mut state = state.clone();
                    state.last = Some(outcome);
                    (Flow::Next(Fact::Result(outcome)), state)
                })
                .collect();
        }
        match &callee.kind {
            // A method on what a call gave.
            ExprKind::Member { base, name, .. } => {
                let ways = self.expr(base, state);
                with_fact(ways, |fact, state| {
                    if matches!((fact, &**name), (Fact::Result(Outcome::Failure), "unwrap" | "expect")) {
                        return vec![(Flow::Leave, state)];
                    }
                    let fact = match (fact, &**name) {
                        (Fact::Result(outcome), "unwrap" | "expect") => Fact::Answer(outcome),
                        (fact, name) => outcome::method(fact, name).unwrap_or(Fact::Unknown),
                    };
                    vec![(Flow::Next(fact), state)]
                })
            }
            // An async block, or `Ok(call()?)`.
            ExprKind::Lambda(lambda) => self
                .block(&lambda.body, state)
                .into_iter()
                .map(|(flow, state)| match flow {
                    Flow::Leave if state.last == Some(Outcome::Failure) => {
                        (Flow::Next(Fact::Result(Outcome::Failure)), state)
                    }
                    Flow::Leave => (Flow::Next(Fact::Result(state.last.unwrap_or(Outcome::Success))), state),
                    other => (other, state),
                })
                .collect(),
            _ => {
                let ways = self.in_order(args.iter().map(|arg| &arg.value), state);
                let wraps =
                    matches!(&callee.kind, ExprKind::Global(symbol) if matches!(symbol.as_str(), "Ok" | "Some"));
                with_fact(ways, |fact, state| vec![(Flow::Next(if wraps { fact } else { Fact::Unknown }), state)])
            }
        }
    }

    /// Whether the receiver of a method call makes the call already: `get(url).send().await?.json()`
    /// fails as a whole, but `.is_ok()` behind it only looks.
    fn is_inner_call(&self, callee: &Expr) -> bool {
        let ExprKind::Member { base, name, .. } = &callee.kind else {
            return matches!(callee.kind, ExprKind::Lambda(_));
        };
        let looks = outcome::method(Fact::Result(Outcome::Success), name).is_some()
            || outcome::method(Fact::Answer(Outcome::Success), name).is_some()
            || matches!(&**name, "unwrap" | "expect" | "unwrap_or_default");
        looks && self.remote_in(base).is_some()
    }

    fn inner_loop<'a>(&self, inner: &'a Loop, state: State<'a>) -> Ways<'a> {
        let ways = match &inner.kind {
            LoopKind::While(cond) | LoopKind::Counted { cond: Some(cond), .. } => {
                let mut ways: Ways<'a> = Vec::new();
                for (_, state) in self.cond(cond, state) {
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

    fn arms<'a>(&self, fact: Fact, arms: &'a [crate::model::ir::Arm], state: State<'a>) -> Ways<'a> {
        let mut all = Vec::new();
        let mut state = state;
        for arm in arms {
            let fits = outcome::matches(fact, &arm.pattern);
            if fits == Some(false) {
                continue;
            }
            let mut inside = state.clone();
            bind(&arm.pattern, fact, &mut inside);
            let Some(guard) = &arm.guard else {
                all.extend(self.block(&arm.body, inside));
                if fits == Some(true) {
                    return all;
                }
                continue;
            };
            for (truth, mut chosen) in self.cond(guard, inside) {
                match truth.truth() {
                    Some(false) => {}
                    Some(true) => all.extend(self.block(&arm.body, chosen)),
                    None => {
                        chosen.choices.push((guard, true));
                        all.extend(self.block(&arm.body, chosen));
                        // The arms behind run where this one does not.
                        state.choices.push((guard, false));
                    }
                }
            }
            if all.len() > MAX_PATHS {
                break;
            }
        }
        all
    }
}

/// Goes on where control goes on.
fn then<'a>(ways: Ways<'a>, mut go: impl FnMut(State<'a>) -> Ways<'a>) -> Ways<'a> {
    with_fact(ways, |_, state| go(state))
}

/// Goes on where control goes on, with what is known of the value.
fn with_fact<'a>(ways: Ways<'a>, mut go: impl FnMut(Fact, State<'a>) -> Ways<'a>) -> Ways<'a> {
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

fn path(end: End, state: State<'_>) -> Path<'_> {
    Path { end, succeeded: state.last.map(|outcome| outcome == Outcome::Success), choices: state.choices }
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
        _ => {}
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
