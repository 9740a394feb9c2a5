//! What is known of values on one way: whether the call that they come from went well.

use super::names::NAMES;
use super::paths::{End, Path};
use crate::model::ir::{Expr, ExprKind, Literal, Op, Pattern};

/// How a remote call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An answer that means success.
    Success,
    /// An answer that means success and that there is nothing yet: 202, 204. Told apart where code does.
    Nothing,
    /// An answer that means failure: an HTTP status.
    Refused,
    /// No answer: an error.
    Failure,
    /// An answer of what only seems to be remote. Nothing is known of what it says, but that it says that all went well
    /// where somebody asks.
    Hoped,
    /// The same, but that it says that it did not.
    Feared,
}

impl Outcome {
    /// Whether the provider did what it was asked.
    pub(super) const fn went_well(self) -> bool {
        matches!(self, Self::Success | Self::Nothing | Self::Hoped)
    }
}

/// A value, as far as it matters for where a way leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    Unknown,
    Bool(bool),
    /// `nil`, `None`.
    Null,
    /// Anything else than `nil`.
    Present,
    /// A call's result: a value or an error.
    Result(Outcome),
    /// A call's answer.
    Answer(Outcome),
    /// The status of an answer.
    Status(Outcome),
    /// No value: it was raised.
    Raised,
}

impl Fact {
    pub(super) const fn truth(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            Self::Null => Some(false),
            Self::Present => Some(true),
            Self::Answer(Outcome::Hoped | Outcome::Feared) => None,
            Self::Result(Outcome::Feared) => Some(true),
            Self::Result(outcome) | Self::Answer(outcome) => Some(outcome.went_well()),
            Self::Unknown | Self::Status(_) | Self::Raised => None,
        }
    }

    /// Whether it is `nil`. A result that is bound to one name alone is an error in Go.
    pub(super) const fn is_null(self) -> Option<bool> {
        match self {
            Self::Null => Some(true),
            Self::Present => Some(false),
            Self::Result(outcome) => Some(!matches!(outcome, Outcome::Failure)),
            Self::Answer(outcome) => Some(matches!(outcome, Outcome::Failure)),
            Self::Unknown | Self::Bool(_) | Self::Status(_) | Self::Raised => None,
        }
    }

    /// The fact of `self op other`.
    pub(super) fn compare(self, op: Op, other: Self, literal: Option<i64>) -> Self {
        let negate = |value: bool| if op == Op::Ne { !value } else { value };
        match (self, other, op) {
            (fact, Self::Null, Op::Eq | Op::Ne) | (Self::Null, fact, Op::Eq | Op::Ne) => {
                fact.is_null().map_or(Self::Unknown, |null| Self::Bool(negate(null)))
            }
            (Self::Bool(left), Self::Bool(right), Op::Eq | Op::Ne) => Self::Bool(negate(left == right)),
            (Self::Status(outcome), _, _) => status(outcome, op, literal),
            _ => Self::Unknown,
        }
    }
}

/// Whether a status means success and that there is nothing yet.
pub(super) const fn is_nothing(number: i64) -> bool {
    matches!(number, 202 | 204)
}

/// An answer's status against a number: 2xx is success, everything from 300 on is not.
fn status(outcome: Outcome, op: Op, number: Option<i64>) -> Fact {
    let success = outcome.went_well();
    // A code of the provider's own, `0`, says nothing that is known.
    let Some(number) = number.filter(|number| (100..600).contains(number)) else { return Fact::Unknown };
    if matches!(op, Op::Eq | Op::Ne) && (200..300).contains(&number) && success {
        let is_it = is_nothing(number) == (outcome == Outcome::Nothing);
        return Fact::Bool(is_it == (op == Op::Eq));
    }
    match op {
        Op::Eq if (200..300).contains(&number) => Fact::Bool(success),
        Op::Ne if (200..300).contains(&number) => Fact::Bool(!success),
        // One status of many: success is none of them, failure may be.
        Op::Eq if success => Fact::Bool(false),
        Op::Ne if success => Fact::Bool(true),
        Op::Lt | Op::Le if number >= 299 => match number {
            _ if success => Fact::Bool(true),
            ..=400 => Fact::Bool(false),
            // 4xx is below, 5xx is not.
            401..=599 => Fact::Unknown,
            _ => Fact::Bool(outcome == Outcome::Refused),
        },
        Op::Ge | Op::Gt if number >= 299 => {
            if success {
                Fact::Bool(false)
            } else if number <= 400 {
                Fact::Bool(true)
            } else {
                Fact::Unknown
            }
        }
        Op::Ge | Op::Gt if number <= 200 => Fact::Bool(true),
        _ => Fact::Unknown,
    }
}

/// What a method that every language has says of a result or answer.
pub(super) fn method(fact: Fact, name: &str) -> Option<Fact> {
    let (outcome, is_status, is_result) = match fact {
        Fact::Result(outcome) => (outcome, false, true),
        Fact::Answer(outcome) => (outcome, false, false),
        Fact::Status(outcome) => (outcome, true, false),
        _ => return None,
    };
    let well = outcome.went_well();
    if is_result {
        match name {
            "is_ok" | "is_some" => return Some(Fact::Bool(outcome != Outcome::Failure)),
            "is_err" | "is_none" => return Some(Fact::Bool(outcome == Outcome::Failure)),
            _ => {}
        }
    }
    let names = &*NAMES;
    if names.succeeds.contains(name) {
        return Some(Fact::Bool(well));
    }
    if !is_result && names.fails.contains(name) {
        return Some(Fact::Bool(!well));
    }
    if !is_result && well && names.fails_partly.contains(name) {
        return Some(Fact::Bool(false));
    }
    if is_status {
        return names.status_forms.contains(name).then_some(fact);
    }
    if names.statuses.contains(name) {
        return Some(Fact::Status(outcome));
    }
    // What an answer holds is there where the answer is.
    if fact == Fact::Answer(Outcome::Success) && names.bodies.contains(name) {
        return Some(Fact::Present);
    }
    if names.judges.contains(name) {
        let fails = matches!(outcome, Outcome::Refused | Outcome::Feared);
        return Some(Fact::Result(if fails { Outcome::Failure } else { outcome }));
    }
    names.same.contains(name).then_some(fact)
}

/// What a field that every language has says of an answer; all else is as it is with methods.
pub(super) fn member(fact: Fact, name: &str) -> Fact {
    match (fact, name) {
        (Fact::Answer(outcome), "ok") => Fact::Bool(outcome.went_well()),
        (fact, name) => method(fact, name).unwrap_or(Fact::Unknown),
    }
}

/// Whether a method of an answer tells success from failure, or gives what does.
pub(super) fn tells(name: &str) -> bool {
    let names = &*NAMES;
    [&names.succeeds, &names.fails, &names.statuses, &names.insists, &names.judges]
        .iter()
        .any(|known| known.contains(name))
}

/// The name of what is called.
pub(super) fn name_of(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Global(symbol) => Some(symbol.name()),
        ExprKind::Local(name) | ExprKind::Member { name, .. } => Some(name),
        _ => None,
    }
}

/// Whether a method gives the status of an answer.
pub(super) fn is_status(name: &str) -> bool {
    NAMES.statuses.contains(name)
}

/// Whether a method raises unless the answer means success.
pub(super) fn insists(fact: Fact, name: &str) -> bool {
    matches!(fact, Fact::Answer(Outcome::Refused | Outcome::Feared)) && NAMES.insists.contains(name)
}

/// Whether an expression is the status that means success: `expected`, `config.wantedStatus`.
pub(super) fn is_expected(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(name) | ExprKind::Member { name, .. } => NAMES.is_expected(name),
        ExprKind::Cast(_, inner) | ExprKind::Ref(inner) | ExprKind::Deref(inner) => is_expected(inner),
        _ => false,
    }
}

/// The ways of who wants a status that else means that there is nothing yet: if nothing but a 204 leaves, all other answers
/// are failures.
pub(super) fn wanted(mut paths: Vec<Path<'_>>) -> Vec<Path<'_>> {
    let is = |nothing: bool, end: End| {
        let mut ways = paths.iter().filter(|path| path.succeeded == Some(true) && path.nothing == nothing).peekable();
        ways.peek().is_some() && ways.all(|path| path.end == end)
    };
    if is(true, End::Leaves) && is(false, End::Again) {
        for path in paths.iter_mut().filter(|path| !path.nothing && path.succeeded.is_some()) {
            path.succeeded = Some(false);
        }
    }
    paths
}

/// Whether a value matches a pattern: none if that is open.
pub(super) fn matches(fact: Fact, pattern: &Pattern) -> Option<bool> {
    match pattern {
        Pattern::Wild | Pattern::Bind(_, _, None) => Some(true),
        Pattern::Bind(_, _, Some(inner)) => matches(fact, inner),
        Pattern::Or(all) => {
            let found: Vec<Option<bool>> = all.iter().map(|one| matches(fact, one)).collect();
            if found.contains(&Some(true)) {
                return Some(true);
            }
            found.iter().all(|one| *one == Some(false)).then_some(false)
        }
        Pattern::Variant(symbol, parts, _) => {
            // `Ok(Err(error))`: what waited for the call went well, and the call did not.
            let outcome = match (fact, symbol.as_str()) {
                (Fact::Result(Outcome::Failure), "Ok") if parts.iter().any(is_error) => return None,
                (Fact::Result(outcome), _) | (Fact::Answer(outcome), "Ok" | "Err") => outcome,
                _ => return None,
            };
            let inner = |fact: Fact| match parts.first() {
                Some(part) => matches(fact, part),
                None => Some(true),
            };
            match (symbol.as_str(), outcome) {
                ("Ok" | "Some", Outcome::Failure) => Some(false),
                ("Err" | "None", outcome) if outcome != Outcome::Failure => Some(false),
                ("Ok" | "Some", outcome) => inner(Fact::Answer(outcome)),
                ("Err", Outcome::Failure) => inner(Fact::Unknown),
                _ => None,
            }
        }
        Pattern::Value(value) => match (&value.kind, fact) {
            (ExprKind::Literal(Literal::Bool(wanted)), Fact::Bool(value)) => Some(*wanted == value),
            (_, Fact::Status(outcome)) => status(outcome, Op::Eq, number(value)).truth(),
            (ExprKind::Literal(Literal::Null), fact) => match fact {
                Fact::Result(outcome) => Some(outcome == Outcome::Failure),
                fact => fact.is_null(),
            },
            (ExprKind::Global(symbol), Fact::Result(outcome)) if symbol.as_str() == "None" => {
                Some(outcome == Outcome::Failure)
            }
            _ => None,
        },
        Pattern::Record(..) | Pattern::Tuple(_) | Pattern::List(_) | Pattern::Typed(..) => None,
    }
}

/// `Ok(None)`: an answer that says neither that it went well nor that it failed.
pub(super) fn holds_nothing(pattern: &Pattern) -> bool {
    let is_nothing = |part: &Pattern| match part {
        Pattern::Value(value) => matches!(&value.kind, ExprKind::Global(symbol) if symbol.as_str() == "None"),
        Pattern::Variant(symbol, parts, _) => symbol.as_str() == "None" && parts.is_empty(),
        _ => false,
    };
    matches!(pattern, Pattern::Variant(symbol, parts, _) if symbol.as_str() == "Ok" && parts.iter().any(is_nothing))
}

fn is_error(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Variant(symbol, ..) if symbol.as_str() == "Err")
}

/// The whole number that an expression is.
pub(super) fn number(expr: &Expr) -> Option<i64> {
    match &expr.kind {
        ExprKind::Literal(Literal::Int(number)) => Some(*number),
        ExprKind::Literal(Literal::Str(text)) => line(text),
        ExprKind::Global(symbol) => NAMES.status(symbol.name()),
        ExprKind::Member { name, base, .. } => NAMES.status(name).or_else(|| number(base)),
        // `HttpStatus.OK.value()`
        ExprKind::Call { callee, args, .. } if args.is_empty() => match &callee.kind {
            ExprKind::Member { base, .. } => number(base),
            _ => None,
        },
        _ => None,
    }
}

/// The status that a text begins with: `"200"`, `"204 No Content"`.
fn line(text: &str) -> Option<i64> {
    let (number, rest) = text.split_at_checked(3)?;
    let number = number.parse().ok().filter(|number| (100..600).contains(number))?;
    (rest.is_empty() || rest.starts_with(' ')).then_some(number)
}
