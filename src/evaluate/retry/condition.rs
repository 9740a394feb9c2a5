//! Conditions: which sides of them are open.

use super::chosen;
use super::names::NAMES;
use super::outcome::{self, Fact, Outcome};
use super::paths::{Choice, Flow, MAX_PATHS, Runner, State, Ways, bind};
use super::understood::tells_errors;
use crate::model::ir::{Arg, Expr, ExprKind, Op};

impl<'a> Runner<'_, 'a> {
    /// Goes both ways of a condition, or the one that is open.
    pub(super) fn split(
        &self,
        ways: Ways<'a>,
        cond: &'a Expr,
        go: &mut dyn FnMut(&Self, bool, State<'a>) -> Ways<'a>,
    ) -> Ways<'a> {
        let mut all = Vec::new();
        for (flow, state) in ways {
            if !matches!(flow, Flow::Next(_)) || all.len() > MAX_PATHS {
                all.push((flow, state));
                continue;
            }
            for (fact, state) in self.cond(cond, state) {
                match fact.truth() {
                    _ if fact == Fact::Raised => all.push((Flow::Raise, state)),
                    Some(truth) => all.extend(go(self, truth, state)),
                    None => {
                        for truth in [true, false] {
                            let mut side = state.clone();
                            side.choices.push(Choice { on: cond, at: 0, taken: truth });
                            if says_failure(cond, truth) {
                                side.last = side.last.map(|_| Outcome::Feared);
                            }
                            all.extend(go(self, truth, side));
                        }
                    }
                }
            }
        }
        all
    }

    /// The truth of a condition, on each way that its calls open. A way that leaves inside a condition
    /// (`f()? == 1`) is left out: it does not come back.
    pub(super) fn cond(&self, cond: &'a Expr, state: State<'a>) -> Vec<(Fact, State<'a>)> {
        match &cond.kind {
            ExprKind::Unary(Op::Not, inner) => {
                let negated = |fact: Fact| match fact {
                    Fact::Raised => fact,
                    fact => fact.truth().map_or(Fact::Unknown, |truth| Fact::Bool(!truth)),
                };
                self.cond(inner, state).into_iter().map(|(fact, state)| (negated(fact), state)).collect()
            }
            ExprKind::Binary(op @ (Op::And | Op::Or | Op::Coalesce), left, right) => {
                let decides = *op != Op::And;
                let mut all = Vec::new();
                for (left, state) in self.cond(left, state) {
                    if left == Fact::Raised {
                        all.push((left, state));
                        continue;
                    }
                    if left.truth() == Some(decides) {
                        all.push((Fact::Bool(decides), state));
                        continue;
                    }
                    for (right, state) in self.cond(right, state) {
                        let fact = match (left.truth(), right.truth()) {
                            _ if right == Fact::Raised => right,
                            (_, Some(right)) if right == decides => Fact::Bool(decides),
                            (Some(_), Some(_)) => Fact::Bool(!decides),
                            _ => Fact::Unknown,
                        };
                        all.push((fact, state));
                    }
                }
                all
            }
            // `status.Code(err) == codes.Unavailable`, where there is no error.
            ExprKind::Binary(op @ (Op::Eq | Op::Ne), left, right)
                if [(left, right), (right, left)]
                    .into_iter()
                    .any(|(constant, asked)| names_failure(constant) && is_of_no_error(asked, &state)) =>
            {
                vec![(Fact::Bool(*op == Op::Ne), state)]
            }
            // `connection.State == State.Connected`
            ExprKind::Binary(op @ (Op::Eq | Op::Ne), left, right)
                if [left, right].into_iter().any(|side| is_connected(side)) && self.joined(&state).is_some() =>
            {
                let well = self.joined(&state) == Some(true);
                vec![(Fact::Bool(well == (*op == Op::Eq)), state)]
            }
            ExprKind::Binary(op, left, right) => {
                let mut all = Vec::new();
                for (left_fact, state) in self.facts(left, state) {
                    for (right_fact, state) in self.facts(right, state) {
                        let expected =
                            || [right, left].into_iter().any(|side| outcome::is_expected(side)).then_some(200);
                        let literal = outcome::number(right).or_else(|| outcome::number(left)).or_else(expected);
                        let fact = match (left_fact, right_fact) {
                            (Fact::Raised, _) | (_, Fact::Raised) => Fact::Raised,
                            (other, status @ Fact::Status(_)) if !matches!(other, Fact::Status(_)) => {
                                status.compare(mirrored(*op), other, literal)
                            }
                            (left, right) => left.compare(*op, right, literal),
                        };
                        let fact = match fact {
                            Fact::Unknown => chosen::before(cond, &state).map_or(fact, Fact::Bool),
                            known => known,
                        };
                        all.push((fact, state));
                    }
                }
                all
            }
            // `Code.OK.equals(code)`
            ExprKind::Call { callee, args, .. } if is_comparison(callee, args) => {
                let (ExprKind::Member { base: left, .. }, [right]) = (&callee.kind, args.as_slice()) else {
                    return self.facts(cond, state);
                };
                let right = &right.value;
                let literal = outcome::number(right).or_else(|| outcome::number(left));
                let mut all = Vec::new();
                for (left, state) in self.facts(left, state) {
                    for (right, state) in self.facts(right, state) {
                        let status = if matches!(right, Fact::Status(_)) { right } else { left };
                        all.push((status.compare(Op::Eq, Fact::Unknown, literal), state));
                    }
                }
                all
            }
            ExprKind::Matches(pattern, value) => self
                .told(self.understood(value, tells_errors(pattern), self.expr(value, state)))
                .into_iter()
                .map(|(fact, mut state)| {
                    let truth = outcome::matches(fact, pattern);
                    if truth != Some(false) {
                        bind(pattern, fact, &mut state);
                    }
                    (truth.map_or(Fact::Unknown, Fact::Bool), state)
                })
                .collect(),
            _ => {
                let is_it = outcome::name_of(plain_callee(cond)).is_some_and(|name| NAMES.is_connected(name));
                if let Some(well) = self.joined(&state).filter(|_| is_it) {
                    return vec![(Fact::Bool(well), state)];
                }
                self.facts(cond, state)
            }
        }
    }

    /// How the last call went, if it only seems to be remote: who is asked whether it is connected says the same.
    fn joined(&self, state: &State<'_>) -> Option<bool> {
        state.last.filter(|_| self.world.guessed).map(Outcome::went_well)
    }

    fn facts(&self, expr: &'a Expr, state: State<'a>) -> Vec<(Fact, State<'a>)> {
        self.told(self.expr(expr, state))
    }

    fn told(&self, ways: Ways<'a>) -> Vec<(Fact, State<'a>)> {
        ways.into_iter()
            .filter_map(|(flow, state)| match flow {
                Flow::Next(fact) => Some((fact, state)),
                Flow::Raise => Some((Fact::Raised, state)),
                _ => None,
            })
            .collect()
    }
}

/// Whether a comparison that came out like this says that an answer names a failure: `answer.state == State.FAILED`.
fn says_failure(cond: &Expr, taken: bool) -> bool {
    match &cond.kind {
        ExprKind::Unary(Op::Not, inner) => says_failure(inner, !taken),
        ExprKind::Binary(Op::Eq, left, right) => taken && [left, right].into_iter().any(|side| names_failure(side)),
        ExprKind::Binary(Op::Ne, left, right) => !taken && [left, right].into_iter().any(|side| names_failure(side)),
        _ => false,
    }
}

/// A constant that names a failure.
pub(super) fn names_failure(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Global(symbol) => NAMES.names_failure(symbol.name()),
        ExprKind::Member { name, .. } => {
            name.starts_with(|letter: char| letter.is_ascii_uppercase()) && NAMES.names_failure(name)
        }
        _ => false,
    }
}

/// Whether what is asked is what a call says of an error, and there is none.
fn is_of_no_error(asked: &Expr, state: &State<'_>) -> bool {
    let ExprKind::Call { args, .. } = &asked.kind else { return false };
    args.iter().any(|arg| match &arg.value.kind {
        ExprKind::Local(name) => NAMES.errors.contains(&**name) && state.facts.get(name) == Some(&Fact::Null),
        _ => false,
    })
}

/// A constant that says that something is connected.
fn is_connected(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Global(symbol) => NAMES.is_connected(symbol.name()),
        ExprKind::Member { name, .. } => NAMES.is_connected(name),
        _ => false,
    }
}

/// What is called, or the field that is asked.
fn plain_callee(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Call { callee, args, .. } if args.is_empty() => callee,
        ExprKind::Await(inner) => plain_callee(inner),
        _ => expr,
    }
}

/// Whether a call asks whether two values are the same, one of which names a status.
fn is_comparison(callee: &Expr, args: &[Arg]) -> bool {
    let (ExprKind::Member { base, name, .. }, [arg]) = (&callee.kind, args) else { return false };
    NAMES.is_same(name) && (outcome::number(base).is_some() || outcome::number(&arg.value).is_some())
}

fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        other => other,
    }
}
