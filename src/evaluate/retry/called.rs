//! Calls on a way: remote ones go well, are refused or fail; own functions are followed.

use std::collections::BTreeSet;

use super::bound::path_of;
use super::circle;
use super::listened::{counted_in, told_anyhow};
use super::names::NAMES;
use super::outcome::{self, Fact, Outcome};
use super::paths::{Choice, Flow, Runner, State, Ways, bind, with_fact};
use super::raised;
use super::understood::tells_errors;
use super::{End, Ends, timed};
use crate::evaluate::program::FuncId;
use crate::evaluate::walk;
use crate::model::ir::{Arg, Block, Expr, ExprKind, FieldInit, Lambda, Literal, Param};

/// How deep own functions are followed.
const MAX_DEPTH: usize = 4;

impl<'a> Runner<'_, 'a> {
    pub(super) fn call(&self, whole: &'a Expr, callee: &'a Expr, args: &'a [Arg], state: State<'a>) -> Ways<'a> {
        if self.is_itself(callee) || self.leads_back(whole) {
            return vec![(Flow::Again, state)];
        }
        let mut state = state;
        counted_in(args, &mut state);
        state.waited |= outcome::name_of(callee).is_some_and(|name| NAMES.sounds_like_waiting(name));
        if self.timed && timed::ends_timer(callee) {
            return vec![(Flow::Break(None), state)];
        }
        if path_of(callee).is_some_and(|path| NAMES.never_returns(&path)) {
            return vec![(Flow::Leave(Fact::Unknown), state)];
        }
        if self.raises
            && let ExprKind::Member { base, name, .. } = &callee.kind
            && let Some(ways) = self.chained(base, name, args, &state).or_else(|| self.at_event(name, args, &state))
        {
            return ways;
        }
        if let Some(ways) = self.listened(callee, args, &state) {
            return ways;
        }
        if let Some(id) = self.own(whole, callee) {
            let handles = state.handling || state.last == Some(Outcome::Failure);
            if self.comes_round(id) || handles && self.leads_round(id) {
                return self.followed(id, args, state);
            }
            if handles && self.may_raise(id) {
                // Who handles the failure may give up: `handle(error)` that raises at the last attempt.
                return self.followed(id, args, state);
            }
            if let Some(ends) = self.remote.contains_key(&whole.span).then(|| self.summary(id)).flatten() {
                return ends
                    .iter()
                    .map(|End { last, refused, flow }| {
                        (flow.clone(), State { last: last.or(state.last), refused: *refused, ..state.clone() })
                    })
                    .collect();
            }
        }
        // What is put off until later makes its calls then: they are no calls of this way.
        let put_off = state.last.is_some() && self.coming_round(args).is_some();
        if self.remote.contains_key(&whole.span) && !put_off && !self.is_inner_call(callee) {
            let asks_status = matches!(&callee.kind, ExprKind::Member { name, .. } if outcome::is_status(name));
            let ways = with_fact(self.sent(whole, state), |fact, state| match fact {
                // `connection.getResponseCode()` sends, and gives the status alone.
                Fact::Answer(outcome) if asks_status => vec![(Flow::Next(Fact::Status(outcome)), state)],
                fact => vec![(Flow::Next(fact), state)],
            });
            return self.told_by(args, ways).unwrap_or_else(|ways| self.with_callbacks(args, ways));
        }
        let handles = state.handling || state.last == Some(Outcome::Failure);
        if self.raises && handles && raised::may_give_up(callee, args) {
            let decided = |gives_up: bool| {
                let mut decided = state.clone();
                decided.choices.push(Choice { on: whole, at: 0, taken: gives_up });
                (if gives_up { Flow::Raise } else { Flow::Next(Fact::Unknown) }, decided)
            };
            return vec![decided(false), decided(true)];
        }
        match &callee.kind {
            // A method on what a call gave.
            ExprKind::Member { base, name, .. } => {
                let ways = self.expr(base, state);
                let ways = with_fact(ways, |fact, state| {
                    if matches!((fact, &**name), (Fact::Result(Outcome::Failure), "unwrap" | "expect")) {
                        return vec![(Flow::Leave(Fact::Unknown), state)];
                    }
                    if outcome::insists(fact, name) {
                        return vec![(Flow::Raise, State { last: Some(Outcome::Failure), ..state })];
                    }
                    let fact = match (fact, &**name) {
                        (Fact::Result(outcome), "unwrap" | "expect") => Fact::Answer(outcome),
                        (fact, name) => outcome::method(fact, name).unwrap_or(Fact::Unknown),
                    };
                    vec![(Flow::Next(fact), state)]
                });
                self.with_callbacks(args, ways)
            }
            ExprKind::Lambda(lambda) => self.called_at_once(lambda, state),
            _ => {
                let ways = self.in_order(args.iter().map(|arg| &arg.value), state);
                let wraps =
                    matches!(&callee.kind, ExprKind::Global(symbol) if matches!(symbol.as_str(), "Ok" | "Some"));
                let ways =
                    with_fact(ways, |fact, state| vec![(Flow::Next(if wraps { fact } else { Fact::Unknown }), state)]);
                self.with_callbacks(args, ways)
            }
        }
    }

    /// The ends of a remote call.
    fn sent(&self, whole: &Expr, state: State<'a>) -> Ways<'a> {
        if self.world.guessed {
            return self.guessed(&state);
        }
        let fails = self.remote.get(&whole.span).is_some_and(|calls| !calls.is_disjoint(self.world.failing));
        let ends = [Outcome::Success, Outcome::Nothing, Outcome::Refused, Outcome::Failure];
        let told = ends.into_iter().map(|outcome| (outcome, outcome == Outcome::Refused));
        // The library may have been told otherwise: a refusal may come as an answer all the same.
        let raised = fails.then_some((Outcome::Failure, true));
        told.chain(raised)
            .filter(|(outcome, _)| self.waits || *outcome != Outcome::Nothing)
            .map(|(outcome, refused)| {
                let flow = match outcome {
                    Outcome::Failure if self.raises => Flow::Raise,
                    outcome if self.raises => Flow::Next(Fact::Answer(outcome)),
                    outcome => Flow::Next(Fact::Result(outcome)),
                };
                (flow, State { last: Some(outcome), refused, ..state.clone() })
            })
            .collect()
    }

    /// The ends of a call that only seems to be remote. Whether its answer means that it went well is a question where
    /// somebody asks.
    fn guessed(&self, state: &State<'a>) -> Ways<'a> {
        let ended = |outcome| {
            let flow = match outcome {
                Outcome::Failure if self.raises => Flow::Raise,
                outcome if self.raises => Flow::Next(Fact::Answer(outcome)),
                outcome => Flow::Next(Fact::Result(outcome)),
            };
            (flow, State { last: Some(outcome), refused: false, ..state.clone() })
        };
        let feared = self.judges.then_some(Outcome::Feared);
        [Outcome::Hoped, Outcome::Failure].into_iter().chain(feared).map(ended).collect()
    }

    /// An async block, or `Ok(call()?)`.
    fn called_at_once(&self, lambda: &'a Lambda, state: State<'a>) -> Ways<'a> {
        let ended = |(flow, state): (Flow, State<'a>)| match flow {
            Flow::Leave(fact) if self.raises => (Flow::Next(fact), state),
            Flow::Leave(_) if state.last == Some(Outcome::Failure) => {
                (Flow::Next(Fact::Result(Outcome::Failure)), state)
            }
            Flow::Leave(_) => (Flow::Next(Fact::Result(state.last.unwrap_or(Outcome::Success))), state),
            other => (other, state),
        };
        self.block(&lambda.body, state).into_iter().map(ended).collect()
    }

    /// Whether the receiver of a method call makes the call already: `get(url).send().await?.json()`
    /// fails as a whole, but `.is_ok()` behind it only looks.
    fn is_inner_call(&self, callee: &Expr) -> bool {
        let ExprKind::Member { base, name, .. } = &callee.kind else {
            return matches!(callee.kind, ExprKind::Lambda(_));
        };
        let looks = outcome::method(Fact::Result(Outcome::Success), name).is_some()
            || outcome::method(Fact::Answer(Outcome::Success), name).is_some()
            || outcome::insists(Fact::Answer(Outcome::Refused), name)
            || matches!(&**name, "unwrap" | "expect" | "unwrap_or_default");
        looks && self.remote_in(base).is_some()
    }

    /// What is chained to a promise, a future or a stream: `.then(f)`, `.catch(f)`, `.subscribe(f, g)`.
    fn chained(&self, base: &'a Expr, name: &str, args: &'a [Arg], state: &State<'a>) -> Option<Ways<'a>> {
        let first = args.first().map(|arg| &arg.value);
        let second = args.get(1).map(|arg| &arg.value);
        let (well, badly) = match name.strip_suffix("Async").unwrap_or(name) {
            "then" => (first, second),
            "thenApply" | "thenAccept" | "thenCompose" | "thenRun" => (first, None),
            "catch" | "exceptionally" | "exceptionallyCompose" | "onErrorResume" | "doOnError" => (None, first),
            "finally" | "whenComplete" | "handle" => match first.map(|first| &made(first).kind) {
                Some(ExprKind::Construct { fields, .. }) => {
                    (told(fields, &NAMES.told_well), told(fields, &NAMES.told_badly))
                }
                _ => (first, first),
            },
            "addCallback" | "addListener" => match first.map(|first| &made(first).kind) {
                Some(ExprKind::Construct { fields, .. }) if told(fields, &NAMES.told_badly).is_some() => {
                    (told(fields, &NAMES.told_well), told(fields, &NAMES.told_badly))
                }
                Some(_) if first.is_some_and(|first| told_anyhow(first).is_some()) => {
                    let anyhow = first.and_then(told_anyhow);
                    self.remote_in(base)?;
                    return Some(self.told_anyhow(anyhow?, self.expr(base, state.clone())));
                }
                _ => return None,
            },
            "subscribe" => match first.map(|first| &first.kind) {
                Some(ExprKind::Construct { fields, .. }) => {
                    let field = |name| fields.iter().find(|field| field.name.as_deref() == Some(name));
                    (field("next").map(|field| &field.value), field("error").map(|field| &field.value))
                }
                _ => (first, second),
            },
            "on" | "once" => match first.map(|first| &first.kind) {
                Some(ExprKind::Literal(Literal::Str(event))) if matches!(&**event, "error" | "timeout") => {
                    (None, second)
                }
                _ => return None,
            },
            _ => return None,
        };
        self.remote_in(base)?;
        let keeps = matches!(name, "finally" | "whenComplete" | "whenCompleteAsync" | "doOnError");
        let mut all = Vec::new();
        for (flow, state) in self.expr(base, state.clone()) {
            let (callback, fact) = match &flow {
                // What only seems to be remote answers something, if it does not fail.
                Flow::Next(Fact::Unknown) if self.world.guessed => (well, Fact::Answer(Outcome::Hoped)),
                Flow::Next(fact) => (well, *fact),
                Flow::Raise => (badly, Fact::Present),
                _ => (None, Fact::Unknown),
            };
            match callback {
                Some(callback) => all.extend(self.callback(callback, fact, state).into_iter().map(|(ended, state)| {
                    (if keeps && matches!(ended, Flow::Next(_)) { flow.clone() } else { ended }, state)
                })),
                None => all.push((flow, state)),
            }
        }
        Some(all)
    }

    /// A function that is run with a value.
    pub(super) fn callback(&self, function: &'a Expr, fact: Fact, state: State<'a>) -> Ways<'a> {
        if self.is_itself(function) {
            return vec![(Flow::Again, state)];
        }
        match &function.kind {
            ExprKind::Lambda(lambda) => {
                let mut inside = state;
                match lambda.params.as_slice() {
                    // `(value, error) -> ..`: one of them is nothing.
                    [first, second] if matches!(fact, Fact::Present | Fact::Answer(_)) => {
                        let failed = fact == Fact::Present;
                        let is_error = tells_errors(&first.pattern) && !tells_errors(&second.pattern);
                        let (value, error) = if is_error { (second, first) } else { (first, second) };
                        bind(&value.pattern, if failed { Fact::Null } else { fact }, &mut inside);
                        bind(&error.pattern, if failed { Fact::Present } else { Fact::Null }, &mut inside);
                    }
                    [first, ..] => bind(&first.pattern, fact, &mut inside),
                    [] => {}
                }
                self.called_at_once(lambda, inside)
            }
            ExprKind::Block(Block { tail: Some(tail), .. }) => self.callback(tail, fact, state),
            // An object that is run later.
            ExprKind::Construct { fields, .. } => {
                let comes = |field: &&'a FieldInit| match &field.value.kind {
                    ExprKind::Lambda(lambda) => self.may_come_round(&lambda.body),
                    _ => false,
                };
                match fields.iter().find(comes) {
                    Some(field) => self.callback(&field.value, Fact::Unknown, state),
                    None => vec![(Flow::Next(Fact::Unknown), state)],
                }
            }
            _ => match self.own(function, function) {
                Some(id) if self.comes_round(id) => self.followed(id, &[], state),
                _ => vec![(Flow::Next(Fact::Unknown), state)],
            },
        }
    }

    /// Functions that are given to a call may call the function that is looked for, now or later.
    fn with_callbacks(&self, args: &'a [Arg], ways: Ways<'a>) -> Ways<'a> {
        let Some(again) = self.coming_round(args) else { return ways };
        with_fact(ways, |fact, state| {
            let ended = self.callback(&again.value, Fact::Unknown, state);
            ended
                .into_iter()
                // What is put off before anything was called waits for it: it is a time limit.
                .map(|(flow, state)| {
                    (if flow == Flow::Again && state.last.is_some() { flow } else { Flow::Next(fact) }, state)
                })
                .collect()
        })
    }

    /// Who is given to a call an object that is told how it went, or a function of an answer and an error, goes on there:
    /// `client.send(request, new Callback() { .. })`. Else the ways come back as they were.
    pub(super) fn told_by(&self, args: &'a [Arg], ways: Ways<'a>) -> Result<Ways<'a>, Ways<'a>> {
        let Some(again) = self.coming_round(args).filter(|_| self.raises) else { return Err(ways) };
        let (well, badly) = match &made(&again.value).kind {
            ExprKind::Construct { fields, .. } => (told(fields, &NAMES.told_well), told(fields, &NAMES.told_badly)),
            ExprKind::Lambda(lambda) if takes_error(&lambda.params) => (Some(&again.value), Some(&again.value)),
            _ => return Err(ways),
        };
        if badly.is_none() {
            return Err(ways);
        }
        let mut all = Vec::new();
        for (flow, state) in ways {
            let (callback, fact) = match &flow {
                Flow::Next(Fact::Unknown) => (well, Fact::Answer(Outcome::Hoped)),
                Flow::Next(fact) => (well, *fact),
                Flow::Raise => (badly, Fact::Present),
                _ => (None, Fact::Unknown),
            };
            let Some(callback) = callback else {
                all.push((flow, state));
                continue;
            };
            let ended = self.callback(callback, fact, state).into_iter();
            all.extend(ended.map(|(flow, state)| match flow {
                Flow::Again => (flow, state),
                _ => (Flow::Next(Fact::Unknown), state),
            }));
        }
        Ok(all)
    }

    /// The function among arguments that calls the function that is looked for.
    pub(super) fn coming_round(&self, args: &'a [Arg]) -> Option<&'a Arg> {
        self.itself.as_ref()?;
        args.iter().find(|arg| match &made(&arg.value).kind {
            ExprKind::Lambda(lambda) => self.may_come_round(&lambda.body),
            ExprKind::Construct { fields, .. } => fields.iter().any(|field| match &field.value.kind {
                ExprKind::Lambda(lambda) => self.may_come_round(&lambda.body),
                _ => false,
            }),
            _ => self.is_itself(&arg.value) || self.own(&arg.value, &arg.value).is_some_and(|id| self.comes_round(id)),
        })
    }

    /// Whether an expression is the function that is looked for.
    fn is_itself(&self, expr: &Expr) -> bool {
        self.itself.as_ref().is_some_and(|itself| itself.is(expr))
    }

    /// Whether a call leads back to the function that is looked for, see `is_led_to_by`.
    fn leads_back(&self, call: &Expr) -> bool {
        self.itself.as_ref().is_some_and(|itself| itself.is_led_to_by(call))
    }

    fn mentions_itself(&self, body: &'a Block) -> bool {
        let mut found = false;
        walk::block(body, &mut |expr| found = found || self.is_itself(expr) || self.leads_back(expr));
        found
    }

    /// Whether what is put off calls the function that is looked for, or an own function that does.
    fn may_come_round(&self, body: &'a Block) -> bool {
        if self.mentions_itself(body) {
            return true;
        }
        let mut found = false;
        walk::block(body, &mut |expr| {
            if let ExprKind::Call { callee, .. } = &expr.kind {
                found = found || self.own(expr, callee).is_some_and(|id| self.comes_round(id));
            }
        });
        found
    }

    /// Whether an own function, which is called here, calls the function that is looked for.
    fn comes_round(&self, id: FuncId) -> bool {
        self.itself.is_some()
            && self.depth < MAX_DEPTH
            && self.world.program.func(id).body.as_ref().is_some_and(|body| self.mentions_itself(body))
    }

    /// The same through others in between, where a failure is handled: what is done about an answer may end there as well.
    fn leads_round(&self, id: FuncId) -> bool {
        self.itself.is_some() && self.depth < MAX_DEPTH && self.world.circles.leads_to(id, &|id| self.comes_round(id))
    }

    /// Whether an own function raises something itself.
    fn may_raise(&self, id: FuncId) -> bool {
        if !self.raises || self.depth >= MAX_DEPTH {
            return false;
        }
        let mut found = false;
        if let Some(body) = &self.world.program.func(id).body {
            walk::block(body, &mut |expr| found |= matches!(expr.kind, ExprKind::Throw(_)));
        }
        found
    }

    /// The ways of another function, as part of this one.
    fn followed(&self, id: FuncId, args: &'a [Arg], state: State<'a>) -> Ways<'a> {
        let runner = self.world.runner(id, self.itself.clone(), self.depth + 1);
        let Some(body) = &runner.func.body else { return vec![(Flow::Next(Fact::Unknown), state)] };
        let mut start = State { facts: std::collections::BTreeMap::default(), ..state.clone() };
        for (param, arg) in runner.func.params.iter().zip(args) {
            if let ExprKind::Local(name) = &arg.value.kind
                && let Some(fact) = state.facts.get(name)
            {
                bind(&param.pattern, *fact, &mut start);
            }
        }
        let ended = |(flow, after): (Flow, State<'a>)| {
            let flow = match flow {
                Flow::Leave(fact) => Flow::Next(fact),
                Flow::Next(_) | Flow::Again | Flow::Raise => flow,
                Flow::Break(_) | Flow::Continue(_) => Flow::Next(Fact::Unknown),
            };
            (flow, State { facts: state.facts.clone(), ..after })
        };
        runner.block(body, start).into_iter().map(ended).collect()
    }

    /// The own function that a call runs.
    fn own(&self, whole: &Expr, callee: &Expr) -> Option<FuncId> {
        let program = self.world.program;
        match &callee.kind {
            ExprKind::Global(symbol) => program.function(symbol),
            ExprKind::Member { base, name, .. } => {
                if let Some(owner) = circle::owner(self.func, base) {
                    return program.method(owner, name);
                }
                let is_unknown = !self.remote.contains_key(&whole.span) || self.remote_in(base).is_some();
                // What only seems to be remote is a method of somebody else, whatever its name.
                if is_unknown || self.world.guessed {
                    return None;
                }
                self.world.circles.named(name)
            }
            _ => None,
        }
    }

    /// How an own function that makes a remote call ends; none where that is not told.
    fn summary(&self, id: FuncId) -> Option<Ends> {
        let truth = matches!(self.world.program.func(id).ret.peeled(), crate::model::ir::Type::Bool);
        let runner = self.world.runner(id, None, self.depth + 1);
        if self.depth >= MAX_DEPTH || !(runner.raises || truth) {
            return None;
        }
        if let Some(known) = self.world.summaries.borrow().get(&id) {
            return known.clone();
        }
        // A function that calls itself is not known while it is followed.
        self.world.summaries.borrow_mut().insert(id, None);
        let mut ends = Ends::new();
        for (flow, state) in runner.block(runner.func.body.as_ref()?, State::default()) {
            let flow = match flow {
                Flow::Leave(fact) => Flow::Next(fact),
                Flow::Next(fact) => Flow::Next(fact),
                Flow::Raise => Flow::Raise,
                Flow::Again | Flow::Break(_) | Flow::Continue(_) => Flow::Next(Fact::Unknown),
            };
            let end = End { last: state.last, refused: state.refused, flow };
            if !ends.contains(&end) {
                ends.push(end);
            }
        }
        let told = ends.iter().any(|end| end.last.is_some()).then_some(ends);
        self.world.summaries.borrow_mut().insert(id, told.clone());
        told
    }
}

/// What is made, where variables stand around it.
pub(super) fn made(expr: &Expr) -> &Expr {
    match &expr.kind {
        ExprKind::Block(Block { tail: Some(tail), .. }) => made(tail),
        _ => expr,
    }
}

/// Whether a function is told of an answer and of an error, one of which is nothing.
fn takes_error(params: &[Param]) -> bool {
    matches!(params, [first, second] if tells_errors(&first.pattern) || tells_errors(&second.pattern))
}

/// The method of an object that is told how a call went.
pub(super) fn told<'a>(fields: &'a [FieldInit], names: &BTreeSet<String>) -> Option<&'a Expr> {
    let named = fields.iter().find(|field| field.name.as_deref().is_some_and(|name| names.contains(name)));
    named.map(|field| &field.value)
}
