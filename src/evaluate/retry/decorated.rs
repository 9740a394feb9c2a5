//! Functions that an annotation or a decorator repeats.

use std::collections::{BTreeMap, BTreeSet};

use super::{Remote, outcome};
use crate::evaluate::library::Libraries;
use crate::evaluate::library::format::{Constant, DefaultBound, RepeatedModel};
use crate::evaluate::program::{FuncId, Program};
use crate::evaluate::walk;
use crate::model::ir::{Annotation, Arg, Block, Expr, ExprKind, Literal, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::{Bound, CallId, Location, Retry};

/// All functions that make remote calls and are repeated as a whole: by what stands on them, else on their class.
pub(super) fn find(program: &Program<'_>, libraries: &Libraries, remotes: &BTreeMap<FuncId, Remote>) -> Vec<Retry> {
    let mut found: BTreeMap<Span, Retry> = BTreeMap::new();
    for (id, remote) in remotes {
        let (func, module) = (program.func(*id), program.module_of(*id));
        let repeating = |notes: &[Annotation]| -> Vec<(Span, (String, Bound))> {
            notes.iter().filter_map(|note| Some((note.span, repeats(note, program, libraries)?))).collect()
        };
        let mut notes = repeating(&func.annotations);
        if let (true, Some(class)) = (notes.is_empty(), func.owner.as_ref().and_then(Type::symbol)) {
            notes = program.type_def(class).map(|(_, class)| repeating(&class.annotations)).unwrap_or_default();
        }
        for (span, (carrier, bound)) in notes {
            let location = Location {
                service: module.service,
                span,
                function: func.symbol.clone(),
                test: module.test || func.test,
            };
            let retry = found.entry(span).or_insert_with(|| Retry::of_library(location, carrier, Vec::new(), bound));
            let calls: BTreeSet<CallId> = retry.calls.iter().chain(remote.values().flatten()).copied().collect();
            retry.calls = calls.into_iter().collect();
        }
    }
    found.into_values().collect()
}

/// The library whose annotation it is, and what ends it: `@retry(..)`, `@policy` and `@policy()` with a
/// policy of one's own.
fn repeats(note: &Annotation, program: &Program<'_>, libraries: &Libraries) -> Option<(String, Bound)> {
    let of_made = || libraries.repeated(made_owner(&note.name, program)?.as_str());
    if let Some((library, model)) = libraries.repeated(note.name.as_str()).or_else(of_made) {
        let bound = bound(model, &note.args, libraries);
        let repeats = bound == Bound::Unbounded
            || model.only_with.as_deref().is_none_or(|wanted| argument(model, &note.args, wanted).is_some());
        return repeats.then(|| (library.to_owned(), bound));
    }
    let made = match program.global(&note.name) {
        Some((_, global)) => global.value.as_ref(),
        None => program.function(&note.name).and_then(|id| given(program.func(id).body.as_ref()?)),
    }?;
    made_by(made, program, libraries)
}

/// The method of a library's type that an annotation is, where it is one of an object in a global variable: `@app.task(..)`.
fn made_owner(note: &Symbol, program: &Program<'_>) -> Option<Symbol> {
    let (_, global) = program.global(&Symbol::new(note.parent()))?;
    let ExprKind::Call { callee, .. } = &global.value.as_ref()?.kind else { return None };
    Some(named(callee)?.join(note.name()))
}

/// What makes something that repeats, and what ends it: `Retrying(stop=..)`, or a constant that is it.
pub(super) fn made_by(made: &Expr, program: &Program<'_>, libraries: &Libraries) -> Option<(String, Bound)> {
    match &made.kind {
        ExprKind::Call { callee, args, .. } => {
            let (library, model) = libraries.repeated(named(callee)?.as_str())?;
            Some((library.to_owned(), bound(model, args, libraries)))
        }
        ExprKind::Global(name) => {
            let (_, global) = program.global(name)?;
            let value = global.value.as_ref().filter(|value| matches!(value.kind, ExprKind::Call { .. }))?;
            made_by(value, program, libraries)
        }
        _ => None,
    }
}

/// The function that a callee names: by itself, or as a member of a module or class.
pub(super) fn named(callee: &Expr) -> Option<Symbol> {
    match &callee.kind {
        ExprKind::Global(name) => Some(name.clone()),
        ExprKind::Member { base, name, .. } => match &base.kind {
            ExprKind::Global(owner) => Some(owner.join(name)),
            _ => None,
        },
        _ => None,
    }
}

/// What a function of one statement gives.
fn given(body: &Block) -> Option<&Expr> {
    let mut found = None;
    walk::block(body, &mut |expr| {
        if let ExprKind::Return(Some(value)) = &expr.kind {
            found = Some(&**value);
        }
    });
    found
}

pub(super) fn bound(model: &RepeatedModel, args: &[Arg], libraries: &Libraries) -> Bound {
    let argument = |wanted: &Option<String>| argument(model, args, wanted.as_deref()?);
    let is_null = |value: &Expr| matches!(value.kind, ExprKind::Literal(Literal::Null));
    let endless = |value: Option<&Expr>, numbers: &[i64]| {
        let is_endless = |value: &Expr| whole(value, libraries).is_some_and(|number| numbers.contains(&number));
        value.is_some_and(|value| if is_null(value) { model.endless_null } else { is_endless(value) })
    };
    let (attempts, elapsed) = (argument(&model.attempts), argument(&model.elapsed));
    let goes_on = endless(attempts, &model.endless_attempts);
    if let Some(attempts) = attempts.filter(|value| !goes_on && !is_null(value)) {
        if matches!(attempts.kind, ExprKind::Lambda(_)) {
            return Bound::Unknown("what stops it is decided elsewhere".to_owned());
        }
        return Bound::of_attempts(whole(attempts, libraries).and_then(|number| model.attempts_of(number)));
    }
    let stays = endless(elapsed, &model.endless_elapsed);
    if elapsed.is_some_and(|value| !stays && !is_null(value)) {
        return Bound::Elapsed;
    }
    if let Some(stop) = argument(&model.stop).filter(|value| !is_null(value)) {
        return decided(model, stop, libraries);
    }
    if args.iter().any(|arg| matches!(arg.value.kind, ExprKind::Spread(_))) {
        return Bound::Unknown("its settings come from elsewhere".to_owned());
    }
    match model.default {
        DefaultBound::Unbounded => Bound::Unbounded,
        DefaultBound::Attempts if goes_on => Bound::Unbounded,
        DefaultBound::Elapsed if stays => Bound::Unbounded,
        DefaultBound::Both if goes_on && stays => Bound::Unbounded,
        DefaultBound::Both if goes_on => Bound::Elapsed,
        DefaultBound::Attempts | DefaultBound::Both => Bound::Attempts(model.default_attempts),
        DefaultBound::Elapsed => Bound::Elapsed,
    }
}

/// An argument: by its name, as a field of an object that holds them all, or at its place.
fn argument<'a>(model: &RepeatedModel, args: &'a [Arg], wanted: &str) -> Option<&'a Expr> {
    if let Some(named) = args.iter().find(|arg| arg.name.as_deref() == Some(wanted)) {
        return Some(&named.value);
    }
    let mut among_fields = None;
    for arg in args {
        if let ExprKind::Construct { ty: None, fields, .. } = &arg.value.kind {
            among_fields = among_fields.or(fields.iter().find(|field| field.name.as_deref() == Some(wanted)));
        }
    }
    let at_its_place = || {
        let place = model.params.iter().position(|param| param == wanted)?;
        let value = &args.get(place).filter(|arg| arg.name.is_none())?.value;
        (!matches!(value.kind, ExprKind::Construct { ty: None, .. } | ExprKind::Spread(_))).then_some(value)
    };
    among_fields.map(|field| &field.value).or_else(at_its_place)
}

/// What a decider bounds: the strongest of those that it is put together from.
fn decided(model: &RepeatedModel, stop: &Expr, libraries: &Libraries) -> Bound {
    let mut known = Vec::new();
    let mut count = None;
    walk::expr(stop, &mut |expr| match &expr.kind {
        ExprKind::Global(name) => known.extend(libraries.stop(model, name.as_str())),
        ExprKind::Call { callee, args, .. } => {
            let Some(name) = named(callee) else { return };
            if !matches!(callee.kind, ExprKind::Global(_)) {
                known.extend(libraries.stop(model, name.as_str()));
            }
            if libraries.stop(model, name.as_str()) == Some(&DefaultBound::Attempts) {
                count = args.first().and_then(|arg| whole(&arg.value, libraries));
            }
        }
        _ => {}
    });
    if known.contains(&&DefaultBound::Attempts) {
        return Bound::of_attempts(count.and_then(|count| model.attempts_of(count)));
    }
    if known.contains(&&DefaultBound::Elapsed) {
        return Bound::Elapsed;
    }
    if known.is_empty() {
        return Bound::Unknown("what stops it is decided elsewhere".to_owned());
    }
    Bound::Unbounded
}

/// The whole number that an expression is, a negative one too.
fn whole(expr: &Expr, libraries: &Libraries) -> Option<i64> {
    match &expr.kind {
        ExprKind::Global(symbol) => {
            libraries.constant(symbol.as_str()).and_then(Constant::whole).or_else(|| outcome::number(expr))
        }
        ExprKind::Unary(crate::model::ir::Op::Neg, inner) => outcome::number(inner).map(|number| -number),
        _ => outcome::number(expr),
    }
}
