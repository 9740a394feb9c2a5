//! Arguments of calls: by position, by name, and spread out of lists and records.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::expr::variadic;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, REST, Value, What};
use crate::model::ir::{Arg, Expr, ExprKind, Param, Pattern, Type};
use crate::model::source::Span;

/// A call as it stands in the code, with its arguments evaluated.
#[derive(Clone)]
pub(super) struct Site<'e> {
    pub(super) span: Span,
    /// Where its name stands: what a report shows.
    pub(super) name_span: Span,
    pub(super) args: Vec<Given<'e>>,
    pub(super) type_args: Vec<Type>,
    pub(super) expected: Type,
}

/// An argument.
#[derive(Clone)]
pub(super) struct Given<'e> {
    /// Its name, if it is passed by name.
    pub(super) name: Option<Arc<str>>,
    pub(super) value: Value,
    /// Its expression, which the callee may write to.
    pub(super) place: Option<&'e Expr>,
    /// It stands for any number of arguments, each an element of it.
    pub(super) spread: bool,
}

/// What a declared parameter or argument looks like to the arguments: its name, and its type as a hint.
pub(super) struct Hint {
    pub(super) name: Option<Arc<str>>,
    pub(super) ty: Type,
}

impl Given<'_> {
    /// An argument that stands nowhere in the code.
    pub(super) fn of(value: Value) -> Self {
        Self { name: None, value, place: None, spread: false }
    }

    /// Arguments with names that nobody knows.
    pub(super) fn unknown_names() -> Self {
        Self { name: Some(Arc::from(REST)), spread: true, ..Self::of(Value::unknown()) }
    }

    /// What one parameter gets of it.
    pub(super) fn one(&self) -> Value {
        if self.spread { self.value.element() } else { self.value.clone() }
    }

    /// Where it stands.
    pub(super) fn span(&self, site: Span) -> Span {
        self.place.map_or(site, |place| place.span)
    }
}

impl<'e> Site<'e> {
    /// A call without arguments.
    pub(super) const fn bare(span: Span) -> Self {
        Self { span, name_span: span, args: Vec::new(), type_args: Vec::new(), expected: Type::Unknown }
    }

    /// The same place with other arguments.
    pub(super) fn with(&self, args: Vec<Given<'e>>) -> Self {
        Self {
            span: self.span,
            name_span: self.name_span,
            args,
            type_args: self.type_args.clone(),
            expected: self.expected.clone(),
        }
    }

    /// The same place with values that a library passes.
    pub(super) fn with_values(&self, values: &[Value]) -> Self {
        self.with(values.iter().cloned().map(Given::of).collect())
    }

    /// The argument at a position, not counting those that are passed by name.
    pub(super) fn positional(&self, at: usize) -> Option<&Given<'e>> {
        let unnamed = || self.args.iter().filter(|arg| arg.name.is_none());
        match unnamed().position(|arg| arg.spread) {
            Some(spread) if spread <= at => unnamed().nth(spread),
            _ => unnamed().nth(at),
        }
    }

    /// The argument that is passed by a name.
    pub(super) fn named(&self, name: &str) -> Option<&Given<'e>> {
        self.args.iter().find(|arg| arg.name.as_deref() == Some(name))
    }

    /// An argument by position, or by the name that the position has.
    pub(super) fn argument(&self, at: usize, params: &[Arc<str>]) -> Option<&Given<'e>> {
        self.positional(at).or_else(|| self.named(params.get(at)?))
    }

    /// Positional arguments from one on.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = &Given<'e>> {
        self.args.iter().filter(|arg| arg.name.is_none()).skip(at)
    }
}

/// Values for parameters, each with the argument that it is, if it is one.
pub(super) type Aligned = Vec<(Value, Option<usize>)>;

/// Arguments as the values of parameters: by position, then by name; what is left over goes to the
/// parameters that take it.
pub(super) fn align(params: &[Param], args: &[Given<'_>]) -> Aligned {
    let mut unnamed = (0..args.len()).filter(|at| args[*at].name.is_none()).peekable();
    let mut taken = vec![false; args.len()];
    let mut aligned: Aligned = Vec::with_capacity(params.len());
    for param in params {
        if param.keywords {
            aligned.push((Value::unknown(), None));
            continue;
        }
        if param.variadic {
            let rest: Vec<Value> = unnamed.by_ref().map(|at| args[at].value.clone()).collect();
            aligned.push((if is_unsaid(&param.ty) { in_turn(rest) } else { variadic(rest) }, None));
            continue;
        }
        let by_name = || {
            let name = param_name(param)?;
            (0..args.len()).find(|at| args[*at].name.as_ref() == Some(name))
        };
        let at = match unnamed.peek().copied() {
            // A list that is spread out gives this parameter an element, and all behind it.
            Some(at) if args[at].spread => match by_name() {
                Some(named) => named,
                None => {
                    aligned.push((args[at].value.element(), None));
                    continue;
                }
            },
            Some(at) => {
                unnamed.next();
                at
            }
            None => match by_name() {
                Some(at) => at,
                None => {
                    aligned.push((Value::unknown(), None));
                    continue;
                }
            },
        };
        taken[at] = true;
        aligned.push((args[at].value.clone(), Some(at)));
    }
    if let Some(at) = params.iter().position(|param| param.keywords) {
        let rest = args.iter().zip(taken).filter(|(arg, taken)| arg.name.is_some() && !taken).map(|(arg, _)| arg);
        aligned[at].0 = keywords(rest);
    }
    aligned
}

/// Whether nothing is declared of the elements of a list.
fn is_unsaid(list: &Type) -> bool {
    match list.peeled() {
        Type::List(element) => matches!(element.peeled(), Type::Unknown | Type::Dynamic),
        Type::Unknown | Type::Dynamic => true,
        _ => false,
    }
}

/// Arguments of any kind that are kept to be passed on as they are: `(...args) => fetch(...args)`.
fn in_turn(values: Vec<Value>) -> Value {
    if values.len() < 2 { variadic(values) } else { Value::of(What::Tuple(Rc::new(values))) }
}

/// Named arguments as one object.
fn keywords<'s, 'e: 's>(args: impl Iterator<Item = &'s Given<'e>>) -> Value {
    let mut fields = Fields::new();
    for arg in args {
        let (Some(name), place) = (&arg.name, arg.place) else { continue };
        let span = place.map_or_else(nowhere, |place| place.span);
        fields.insert(Arc::clone(name), (span, arg.value.clone().bounded()));
    }
    Value { ty: Type::Dynamic, what: What::Record(Rc::new(fields)), origins: Origins::default() }
}

/// The place of what stands nowhere.
pub(super) fn nowhere() -> Span {
    Span::new(crate::model::source::FileId(0), 0, 0)
}

/// The name that a parameter binds.
pub(super) const fn param_name(param: &Param) -> Option<&Arc<str>> {
    match &param.pattern {
        Pattern::Bind(name, ..) => Some(name),
        _ => None,
    }
}

impl<'a> Interp<'a> {
    /// Arguments of a call, with what is known of the parameters they are for.
    pub(super) fn arguments(&mut self, args: &'a [Arg], hints: &[Hint]) -> Vec<Given<'a>> {
        let mut given = Vec::with_capacity(args.len());
        for (at, arg) in args.iter().enumerate() {
            if let ExprKind::Spread(inner) = &arg.value.kind {
                let value = self.eval(inner, &Type::Unknown);
                spread_out(value, inner, &mut given);
                continue;
            }
            let hint = match &arg.name {
                Some(_) => hints.iter().find(|hint| hint.name == arg.name),
                None => hints.get(at),
            };
            let ty = hint.map_or(&Type::Unknown, |hint| &hint.ty);
            let value = self.eval(&arg.value, ty);
            let value = self.adopted(value, ty);
            given.push(Given { name: arg.name.clone(), value, place: Some(&arg.value), spread: false });
        }
        given
    }
}

/// The arguments that a spread list, tuple or record stands for.
fn spread_out<'e>(value: Value, place: &'e Expr, given: &mut Vec<Given<'e>>) {
    let one = |value: Value, name: Option<Arc<str>>, spread: bool| Given { name, value, place: Some(place), spread };
    match &value.what {
        What::Record(fields) => {
            // Of arguments that are passed on, those without a known name may be any.
            let entries =
                fields.iter().map(|(name, (_, value))| one(value.clone(), Some(Arc::clone(name)), &**name == REST));
            given.extend(entries);
        }
        What::Tuple(items) => given.extend(items.iter().map(|item| one(item.clone(), None, false))),
        // Whether a mapping is spread or a list is not known: nothing is said of positions then.
        _ if matches!(value.ty, Type::Map(_) | Type::Dynamic) => given.push(one(value, Some(Arc::from(REST)), true)),
        _ => given.push(one(value, None, true)),
    }
}
