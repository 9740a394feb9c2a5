//! What ends a retry.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::contexts::{is_given, never_ending};
use super::counted::{self, changed_in, changed_within, counted_by};
use super::declared::{self, begun, set_in};
use super::exhausted::Exhausted;
use super::flags::{flag_of, flags, never_changes, root};
use super::itself::Itself;
use super::names::NAMES;
use super::paths::{Choice, End, Path};
use super::{Remote, outcome, raised};
use crate::evaluate::library::format::Constant;
use crate::evaluate::library::{FunctionModel, Libraries, Role};
use crate::evaluate::program::Program;
use crate::evaluate::walk;
use crate::model::ir::{Block, Expr, ExprKind, Func, Literal, Loop, LoopKind, Op, Param, Pattern, StmtKind, Type};
use crate::model::usage::Bound;

/// Finds what ends the retries of a function.
pub(super) struct Judge<'j, 'a> {
    libraries: &'j Libraries,
    program: &'j Program<'a>,
    remote: &'j Remote,
    /// What variables begin as.
    begun: BTreeMap<Arc<str>, &'a Expr>,
    /// Variables that are something else later.
    changed: BTreeSet<String>,
    /// Variables that change from round to round.
    counters: BTreeSet<Arc<str>>,
    /// Counters that only statements of the loop's body change, so that a way which passes none of them does not.
    somewhere: BTreeSet<Arc<str>>,
    /// Variables that a round sets itself, and what to.
    set: BTreeMap<Arc<str>, Vec<&'a Expr>>,
    exhausted: Exhausted,
    /// Contexts that nobody ends.
    never_end: BTreeSet<Arc<str>>,
    /// Parameters that are in each round of a loop what they were in the first.
    fixed: BTreeSet<Arc<str>>,
    /// Parameters that a function gives itself, and what if that is always the same: `create(path, true)`.
    given: BTreeMap<Arc<str>, Option<bool>>,
}

impl<'j, 'a> Judge<'j, 'a> {
    pub(super) fn new(libraries: &'j Libraries, program: &'j Program<'a>, remote: &'j Remote, body: &'a Block) -> Self {
        let never_end = never_ending(body, libraries);
        let (begun, changed) = begun(body);
        Self {
            libraries,
            program,
            remote,
            begun,
            changed,
            counters: BTreeSet::new(),
            somewhere: BTreeSet::new(),
            set: BTreeMap::new(),
            exhausted: Exhausted::default(),
            never_end,
            fixed: BTreeSet::new(),
            given: BTreeMap::new(),
        }
    }

    /// What a variable is, if that is said once.
    pub(super) fn begun_as(&self, name: &str) -> Option<&'a Expr> {
        self.begun.get(name).copied().filter(|_| !self.changed.contains(name))
    }

    /// The whole number that an expression is: written there, or in the constant that it names.
    fn number(&self, expr: &Expr) -> Option<i64> {
        match &expr.kind {
            ExprKind::Local(name) if !self.changed.contains(&**name) => self.beginning(name),
            ExprKind::Cast(_, inner) | ExprKind::Ref(inner) | ExprKind::Deref(inner) => self.number(inner),
            ExprKind::Global(symbol) => {
                let constant = self.program.global(symbol).and_then(|(_, global)| global.value.as_ref());
                let known = || self.libraries.constant(symbol.as_str()).and_then(Constant::whole);
                constant.and_then(outcome::number).or_else(known).or_else(|| outcome::number(expr))
            }
            _ => outcome::number(expr),
        }
    }

    fn beginning(&self, name: &str) -> Option<i64> {
        let value = self.begun.get(name)?;
        if matches!(value.kind, ExprKind::Local(_)) { None } else { self.number(value) }
    }

    /// The greatest number that a counter is compared with; of one that counts down, what it begins as.
    fn limit(&self, cond: &Expr) -> Option<u64> {
        let (mut found, mut counted, mut down) = (None, None, None);
        walk::expr(cond, &mut |expr| {
            if let ExprKind::Binary(Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne, left, right) = &expr.kind {
                let number = self.number(right).or_else(|| self.number(left));
                found = found.max(number);
                if [left, right].into_iter().any(|side| self.mentions_counter(side)) {
                    counted = counted.max(number);
                }
            }
            if let ExprKind::Local(name) = &expr.kind
                && self.counters.contains(name)
            {
                down = down.max(self.beginning(name));
            }
        });
        let found = counted.or(found);
        let found = found.filter(|number| *number > 0).or(down);
        found.and_then(|number| u64::try_from(number).ok()).filter(|number| *number > 0)
    }

    fn mentions_counter(&self, expr: &Expr) -> bool {
        let mut found = false;
        walk::expr(expr, &mut |part| found |= path_of(part).is_some_and(|path| self.counters.contains(path.as_str())));
        found
    }

    /// Whether a variable of the function is always what it begins as.
    fn stays(&self, name: &str) -> bool {
        self.begun.contains_key(name) && !self.changed.iter().any(|path| path.split('.').next() == Some(name))
    }

    /// Whether a variable differs from round to round.
    pub(super) fn varies(&self, name: &str) -> bool {
        self.counters.contains(name) || self.set.contains_key(name)
    }

    /// What ends a loop whose failing ways come back.
    pub(super) fn of_loop(&self, inner: &'a Loop, paths: &[Path<'a>]) -> Bound {
        if let LoopKind::Each { over, .. } = &inner.kind
            && let Some(bound) = self.of_list(over)
        {
            return bound;
        }
        self.of(paths)
    }

    /// Knows what changes in a loop.
    pub(super) fn in_loop(mut self, inner: &'a Loop) -> Self {
        self.counters = changed_in(&inner.body);
        let begun_anew = counted::begun_anew(&inner.body);
        self.counters.retain(|name| !begun_anew.contains(name));
        self.somewhere = counted::by_statements(inner);
        self.set = set_in(&inner.body);
        self.exhausted = Exhausted::of(&inner.body);
        match &inner.kind {
            LoopKind::Counted { cond, step, .. } => {
                self.counters.extend(step.iter().filter_map(|step| counted_by(step)));
                cond.iter().for_each(|cond| changed_within(cond, &mut self.counters));
            }
            LoopKind::While(cond) => changed_within(cond, &mut self.counters),
            LoopKind::Each { pattern, .. } => names_of(pattern, &mut self.counters),
            LoopKind::Infinite => {}
        }
        self
    }

    /// Knows what changes in a function that calls itself: a parameter that is another with each call, or
    /// a variable outside of it that counts.
    pub(super) fn in_recursion(mut self, itself: &Itself<'a>, params: &[Param], body: &'a Block) -> Self {
        self.counters = changed_in(body);
        self.set = set_in(body);
        walk::block(body, &mut |expr| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
            let is_call = itself.is(callee);
            if !is_call && !itself.is_led_to_by(expr) {
                return;
            }
            if is_call {
                declared::passed_on(params, args, &mut self.fixed);
            }
            for (param, arg) in params.iter().zip(args) {
                if let (true, Pattern::Bind(name, ..), ExprKind::Literal(Literal::Bool(truth))) =
                    (is_call, &param.pattern, &arg.value.kind)
                {
                    let given = self.given.entry(Arc::clone(name)).or_insert(Some(*truth));
                    *given = given.filter(|given| given == truth);
                }
            }
            for arg in args {
                walk::expr(&arg.value, &mut |part| {
                    if let ExprKind::Binary(Op::Add | Op::Sub, left, _) = &part.kind
                        && let Some(name) = path_of(left)
                    {
                        self.counters.insert(Arc::from(name));
                    }
                });
            }
        });
        self
    }

    /// Knows the parameters that a loop leaves as they are.
    pub(super) fn with_params(mut self, func: &Func) -> Self {
        for param in &func.params {
            names_of(&param.pattern, &mut self.fixed);
        }
        let changed = &self.changed;
        self.fixed.retain(|name| !changed.contains(&**name));
        self
    }

    /// Knows the fields that other methods of the same object count.
    pub(super) fn with_fields(mut self, func: &Func) -> Self {
        let (Some(owner), Some(receiver)) = (func.owner.as_ref().and_then(Type::symbol), &func.receiver) else {
            return self;
        };
        let prefix = format!("{receiver}.");
        for id in self.program.methods(owner) {
            let Some(body) = &self.program.func(id).body else { continue };
            self.counters.extend(counted::kept_in(body));
            let counted = changed_in(body);
            self.counters.extend(counted.into_iter().filter(|path| path.starts_with(&prefix)));
        }
        self
    }

    /// Knows what changes from one run of a timer to the next.
    pub(super) fn in_timer(mut self, body: &'a Block) -> Self {
        self.counters = changed_in(body);
        self.set = set_in(body);
        self
    }

    /// Knows what changes in a function that is run after each failure: a mark on the request that failed ends it too.
    pub(super) fn in_hook(self, itself: &Itself<'a>, body: &'a Block) -> Self {
        let mut judge = self.in_recursion(itself, &[], body);
        walk::stmts(body, &mut |stmt| {
            if let StmtKind::Assign { target, .. } = &stmt.kind
                && matches!(target.kind, ExprKind::Member { .. })
            {
                judge.counters.extend(path_of(target).map(Arc::from));
            }
        });
        judge
    }

    /// Whether an answer that says that the request is wrong comes back, and nothing on its way looked at
    /// more than what ends the retry.
    pub(super) fn repeats_refusals(&self, paths: &[Path<'a>]) -> bool {
        let only_ends = |choice: &Choice<'a>| {
            matches!(self.of_condition(choice.on), Bound::Attempts(_) | Bound::Elapsed | Bound::Cancellation)
        };
        let comes_back = |path: &&Path<'a>| path.end == End::Again && path.refused && path.succeeded == Some(false);
        paths.iter().filter(comes_back).any(|path| path.choices.iter().all(only_ends))
    }

    /// Every failing way that comes back must have passed a choice whose other side leaves.
    pub(super) fn of(&self, paths: &[Path<'a>]) -> Bound {
        let ends = |choice: &Choice<'_>, end: End| {
            paths.iter().any(|path| {
                path.end == end
                    && path.choices.iter().any(|other| other.is_about(choice) && other.taken != choice.taken)
            })
        };
        let mut weakest: Option<Bound> = None;
        for path in paths.iter().filter(|path| path.end == End::Again && path.succeeded == Some(false)) {
            let guards = path.choices.iter().filter(|choice| ends(choice, End::Leaves) && !ends(choice, End::Again));
            let bounds = guards.map(|choice| self.of_choice(choice, path));
            let bound = bounds.max_by_key(strength).unwrap_or(Bound::Unbounded);
            weakest = Some(match weakest {
                Some(known) if strength(&known) <= strength(&bound) => known,
                _ => bound,
            });
        }
        match weakest {
            Some(Bound::Unbounded) => self.of_all(paths).unwrap_or(Bound::Unbounded),
            weakest => weakest.unwrap_or(Bound::Unbounded),
        }
    }

    /// What ends a retry of which every failing way that comes back looks at a count or a clock: none of these choices
    /// leaves by itself, but some failing way leaves that came out otherwise.
    fn of_all(&self, paths: &[Path<'a>]) -> Option<Bound> {
        let fails = |path: &&Path<'a>, end: End| path.end == end && path.succeeded == Some(false);
        let leaves = |choice: &Choice<'_>| {
            paths
                .iter()
                .filter(|path| fails(path, End::Leaves))
                .any(|path| path.choices.iter().any(|other| other.is_about(choice) && other.taken != choice.taken))
        };
        let mut weakest: Option<Bound> = None;
        for path in paths.iter().filter(|path| fails(path, End::Again)) {
            let guards = path.choices.iter().filter(|choice| choice.at == 0 && leaves(choice));
            let bounds = guards.map(|choice| self.of_choice(choice, path));
            let bound =
                bounds.max_by_key(strength).filter(|bound| matches!(bound, Bound::Attempts(_) | Bound::Elapsed))?;
            weakest = Some(
                weakest.map_or(bound.clone(), |known| if strength(&known) <= strength(&bound) { known } else { bound }),
            );
        }
        weakest
    }

    /// What a choice that leaves looks at. A flag that the function gives itself is the same each time but the first.
    fn of_choice(&self, choice: &Choice<'a>, path: &Path<'a>) -> Bound {
        let (flag, truth) = flag_of(choice.on, choice.taken);
        // Who sets it on the same way comes by but once.
        if let ExprKind::Local(name) = &flag.kind
            && path.flags.iter().any(|(set, to)| set == name && *to != truth)
        {
            return Bound::Attempts(Some(2));
        }
        let given = if let ExprKind::Local(name) = &flag.kind { self.given.get(name).copied().flatten() } else { None };
        match given {
            Some(given) if given == truth => Bound::Unbounded,
            Some(_) => Bound::Attempts(Some(2)),
            None if self.counts_elsewhere(choice.on, path) => Bound::Unbounded,
            None => self.of_condition(choice.on),
        }
    }

    /// Whether a condition looks at nothing but counters that other ways count, and this one does not.
    fn counts_elsewhere(&self, cond: &Expr, path: &Path<'_>) -> bool {
        let mut looked_at = BTreeSet::new();
        let mut otherwise = false;
        walk::expr(cond, &mut |expr| match &expr.kind {
            ExprKind::Local(_) | ExprKind::Member { .. } | ExprKind::Global(_) => {
                let name = path_of(expr).filter(|name| self.counters.contains(name.as_str()));
                looked_at.extend(name.map(Arc::<str>::from));
            }
            ExprKind::Call { .. } | ExprKind::Block(_) | ExprKind::Unary(Op::Receive, _) => otherwise = true,
            _ => {}
        });
        // What was counted up and down again is where it was.
        let moved = |name: &Arc<str>| {
            let counted = |up: bool| path.counted.iter().any(|(counted, way)| counted == name && *way == up);
            counted(true) != counted(false)
        };
        let is_counted = |name: &Arc<str>| !self.somewhere.contains(name) || moved(name);
        !otherwise && !looked_at.is_empty() && !looked_at.iter().any(is_counted)
    }

    /// What a condition that leaves looks at.
    fn of_condition(&self, cond: &'a Expr) -> Bound {
        if self.exhausted.runs_out(cond) {
            return Bound::Attempts(None);
        }
        if let ExprKind::Local(name) = &cond.kind
            && self.set.get(name).is_some_and(|values| values.iter().any(|value| self.exhausted.is_fresh(value)))
        {
            return Bound::Attempts(Some(2));
        }
        let mut seen = Seen::default();
        self.look(cond, &mut seen, 0);
        // `policy.allows(error, ++attempts)`, wherever that stands.
        let mut counted = BTreeSet::new();
        changed_within(cond, &mut counted);
        if seen.counts || !counted.is_empty() {
            return Bound::of_attempts(self.limit(cond));
        }
        if seen.clock {
            return Bound::Elapsed;
        }
        if seen.cancels && !seen.endless {
            return Bound::Cancellation;
        }
        if let Some(name) = seen.opaque {
            return Bound::Unknown(format!("`{name}` decides when it ends"));
        }
        // A flag that only the loop itself sets says that the call went well, which it never does.
        let ends_nothing = |name: &Arc<str>| self.set.contains_key(name) || is_error_name(name) || self.stays(name);
        if flags(cond)
            .into_iter()
            .any(|flag| !root(flag).is_some_and(ends_nothing) && !never_changes(flag) && !self.is_fixed(flag))
        {
            return Bound::Unknown("a flag that is set elsewhere ends it".to_owned());
        }
        if let Some(name) = self.counted_elsewhere(cond) {
            return Bound::Unknown(format!("`{name}` may be counted elsewhere"));
        }
        Bound::Unbounded
    }

    fn is_fixed(&self, flag: &Expr) -> bool {
        matches!(&flag.kind, ExprKind::Local(name) if self.fixed.contains(name))
    }

    /// A variable in a comparison that sounds like the number of an attempt, and that others may change.
    fn counted_elsewhere(&self, cond: &Expr) -> Option<String> {
        let mut found = None;
        walk::expr(cond, &mut |expr| {
            let ExprKind::Binary(Op::Lt | Op::Le | Op::Gt | Op::Ge, left, right) = &expr.kind else { return };
            for side in [left, right] {
                let side = if let ExprKind::Index { base, .. } = &side.kind { base } else { side };
                let Some(path) = path_of(side) else { continue };
                let name = path.rsplit(['.', ':']).next().unwrap_or(&path);
                if NAMES.sounds_like_counting(name) && !self.stays(name) && !self.set.contains_key(name) {
                    found = Some(name.to_owned());
                }
            }
        });
        found
    }

    fn look(&self, cond: &'a Expr, seen: &mut Seen, depth: usize) {
        let mut behind: Vec<&Expr> = Vec::new();
        walk::expr(cond, &mut |expr| match &expr.kind {
            ExprKind::Unary(Op::Receive, from) => seen.role(Some(self.sender(from))),
            ExprKind::Local(name) => {
                seen.counts |= self.counters.contains(name);
                seen.endless |= self.never_end.contains(name);
                behind.extend(self.set.get(name).into_iter().flatten().copied());
            }
            ExprKind::Member { name, .. } => {
                seen.counts |= path_of(expr).is_some_and(|path| self.counters.contains(path.as_str()));
                seen.role(self.libraries.any_method(name).and_then(|(_, model)| model.role));
            }
            ExprKind::Global(symbol) => {
                seen.counts |= self.counters.contains(symbol.as_str());
                seen.role(self.libraries.function(symbol.as_str()).and_then(|(_, model)| model.role));
            }
            ExprKind::Call { callee, args, .. } => {
                match model_of(callee, self.libraries).and_then(|model| model.role) {
                    Some(role) => seen.role(Some(role)),
                    // What the call itself says of how it went ends nothing.
                    None if self.remote.contains_key(&expr.span) => {}
                    None if raised::may_give_up(callee, args) => seen.opaque = Some(callee_name(callee)),
                    None if args.is_empty() && NAMES.is_clock(&callee_name(callee)) => seen.clock = true,
                    // `err = pause(ctx, delay)`
                    None if depth > 0 && is_given(args, &self.never_end) => seen.cancels = true,
                    // A test of the error itself (`is_retryable(err)`) tells errors apart and ends nothing.
                    None if args.iter().any(|arg| is_error(&arg.value)) || receiver_is_error(callee) => {}
                    // `let again = client.shouldRetry()`
                    // It is not, for as long as it cannot connect.
                    None if NAMES.is_connected(&callee_name(callee)) => {}
                    None if depth > 0 && !NAMES.is_policy(&callee_name(callee)) => {}
                    None => seen.opaque = Some(callee_name(callee)),
                }
            }
            _ => {}
        });
        // `const late = Date.now() > end; if (late) ..`
        for value in behind.into_iter().filter(|_| depth < 2) {
            // `let lost = client.reconnect(attempts++)`
            let mut counted = BTreeSet::new();
            changed_within(value, &mut counted);
            seen.counts |= !counted.is_empty();
            if !self.is_remote(value) {
                self.look(value, seen, depth + 1);
            }
        }
    }

    /// What a receive from a channel waits for: the end of some time, or somebody outside.
    fn sender(&self, from: &Expr) -> Role {
        let begun = match &from.kind {
            ExprKind::Local(name) => self.begun.get(name).copied(),
            _ => Some(from),
        };
        let model = begun.and_then(|value| match &value.kind {
            ExprKind::Call { callee, .. } => model_of(callee, self.libraries),
            ExprKind::Member { name, .. } => self.libraries.any_method(name).map(|(_, model)| model),
            _ => None,
        });
        model.and_then(|model| model.role).unwrap_or(Role::Cancels)
    }

    /// A list ends; only what a library gives for ever does not.
    fn of_list(&self, over: &Expr) -> Option<Bound> {
        let mut endless = false;
        let mut taken = None;
        let mut is_range = None;
        walk::expr(over, &mut |expr| {
            let ExprKind::Call { callee, args, .. } = &expr.kind else { return };
            endless |= model_of(callee, self.libraries).is_some_and(|model| model.role == Some(Role::Endless));
            match &callee.kind {
                ExprKind::Member { name, .. } if &**name == "take" => {
                    taken = Some(args.first().and_then(|arg| self.number(&arg.value)));
                }
                ExprKind::Global(symbol) if symbol.as_str().starts_with("std::ops::Range") => {
                    // A range up to some end has a start too, which is not written.
                    let start = symbol.name().starts_with("RangeTo").then_some(Some(0));
                    is_range = Some(
                        start.into_iter().chain(args.iter().map(|arg| self.number(&arg.value))).collect::<Vec<_>>(),
                    );
                }
                _ => {}
            }
        });
        let count = |number: i64| u64::try_from(number).ok();
        if let Some(taken) = taken {
            return Some(Bound::of_attempts(taken.and_then(count)));
        }
        match is_range.as_deref() {
            // `0..`
            Some([_]) => return None,
            Some([Some(low), Some(high)]) => return Some(Bound::of_attempts(count(high.saturating_sub(*low)))),
            _ => {}
        }
        if endless {
            return None;
        }
        Some(Bound::Attempts(self.number(over).and_then(count)))
    }

    fn is_remote(&self, value: &'a Expr) -> bool {
        let mut found = false;
        walk::expr(value, &mut |expr| found |= self.remote.contains_key(&expr.span));
        found
    }
}

/// What a condition looks at.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each says a thing of its own")]
struct Seen {
    counts: bool,
    clock: bool,
    cancels: bool,
    endless: bool,
    opaque: Option<String>,
}

impl Seen {
    const fn role(&mut self, role: Option<Role>) {
        match role {
            Some(Role::Clock) => self.clock = true,
            Some(Role::Cancels) => self.cancels = true,
            Some(Role::Counts) => self.counts = true,
            Some(Role::Endless) | None => {}
        }
    }
}

/// Bounds from the weakest to the strongest.
fn strength(bound: &Bound) -> u8 {
    match bound {
        Bound::Unbounded => 0,
        Bound::Unknown(_) => 1,
        Bound::Cancellation => 2,
        Bound::Elapsed => 3,
        Bound::Attempts(None) => 4,
        Bound::Attempts(Some(_)) => 5,
    }
}

/// Variables that a pattern binds.
pub(super) fn names_of(pattern: &Pattern, found: &mut BTreeSet<Arc<str>>) {
    match pattern {
        Pattern::Bind(name, ..) => {
            found.insert(Arc::clone(name));
        }
        Pattern::Tuple(all) | Pattern::List(all) | Pattern::Or(all) | Pattern::Variant(_, all, _) => {
            all.iter().for_each(|inner| names_of(inner, found));
        }
        Pattern::Record(_, fields) => fields.iter().for_each(|field| names_of(&field.pattern, found)),
        _ => {}
    }
}

/// A variable or field as text: `attempts`, `self.attempts`.
pub(super) fn path_of(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Local(name) => Some(name.to_string()),
        ExprKind::Global(symbol) => Some(symbol.as_str().to_owned()),
        ExprKind::Member { base, name, .. } => Some(format!("{}.{name}", path_of(base)?)),
        ExprKind::Deref(inner) | ExprKind::Ref(inner) => path_of(inner),
        _ => None,
    }
}

pub(super) fn model_of<'l>(callee: &Expr, libraries: &'l Libraries) -> Option<&'l FunctionModel> {
    match &callee.kind {
        ExprKind::Global(symbol) => libraries.function(symbol.as_str()).map(|(_, model)| model),
        ExprKind::Member { name, .. } => libraries.any_method(name).map(|(_, model)| model),
        _ => None,
    }
}

fn callee_name(callee: &Expr) -> String {
    match &callee.kind {
        ExprKind::Global(symbol) => symbol.name().to_owned(),
        ExprKind::Member { name, .. } => name.to_string(),
        _ => "a function".to_owned(),
    }
}

/// Names under which errors go in every language.
pub(super) fn is_error(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(name) => is_error_name(name),
        ExprKind::Ref(inner) | ExprKind::Deref(inner) => is_error(inner),
        ExprKind::Member { base, .. } => is_error(base),
        ExprKind::Call { callee, args, .. } => receiver_is_error(callee) || args.iter().any(|arg| is_error(&arg.value)),
        _ => false,
    }
}

fn is_error_name(name: &str) -> bool {
    NAMES.errors.contains(name) || NAMES.answered.contains(name)
}

fn receiver_is_error(callee: &Expr) -> bool {
    matches!(&callee.kind, ExprKind::Member { base, .. } if is_error(base))
}
