//! What may be where two ways meet.

use std::rc::Rc;
use std::sync::Arc;

use super::{Callable, Captured, MAX_ALTERNATIVES, MAX_KEPT, VARIANTS, Value, What, fewer, is_vaguer};
use crate::model::ir::Type;
use crate::model::source::Span;

impl Value {
    /// What may be here after two ways meet.
    pub(in crate::evaluate) fn join(self, other: Self) -> Self {
        if self == other {
            return self;
        }
        let ty = match (self.ty, other.ty) {
            (Type::Unknown, ty) | (ty, Type::Unknown) => ty,
            (left, right) if left == right => left,
            (left, right) if is_vaguer(&left, &right) && !matches!(left, Type::Dynamic) => right,
            // A null or an error on one way says nothing about the other.
            (left, _) if matches!(other.what, What::Null) => left,
            (_, right) if matches!(self.what, What::Null) => right,
            (left, _) => left,
        };
        Self { ty, what: self.what.join(other.what), origins: self.origins.join(&other.origins) }
    }

    /// The same, but an enum, also one in it, may be another variant, too.
    pub(in crate::evaluate) fn or_another_variant(self) -> Self {
        let What::Record(fields) = &self.what else { return self };
        if !fields.contains_key(VARIANTS) && !fields.values().any(|(_, inner)| matches!(inner.what, What::Record(_))) {
            return self;
        }
        let each = |(name, (span, inner)): (&Arc<str>, &(Span, Self))| {
            (Arc::clone(name), (*span, inner.clone().or_another_variant()))
        };
        let inside = What::Record(Rc::new(fields.iter().map(each).collect()));
        Self { what: inside.or_another_variant(), ..self }
    }
}

impl What {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left,
            // Nothing is better than something only if nothing may really come here; a value that
            // could not be followed says no more than that.
            (Self::Null | Self::Opaque, other) | (other, Self::Null | Self::Opaque) if !other.is_plain() => {
                other.or_another_variant()
            }
            // A map that is empty on one way.
            (Self::Record(fields), list @ Self::List(_)) | (list @ Self::List(_), Self::Record(fields))
                if fields.is_empty() =>
            {
                list
            }
            (Self::List(left), Self::List(right)) => Self::List(Rc::new((*left).clone().join((*right).clone()))),
            (Self::Tuple(left), Self::Tuple(right)) if left.len() == right.len() => {
                let joined = left.iter().zip(right.iter()).map(|(left, right)| left.clone().join(right.clone()));
                Self::Tuple(Rc::new(joined.collect()))
            }
            (Self::Record(left), Self::Record(right)) => {
                let mut fields = (*left).clone();
                for (name, (span, value)) in right.iter() {
                    let joined = match fields.remove(name) {
                        Some((earlier, known)) => (earlier, known.join(value.clone())),
                        None => (*span, value.clone()),
                    };
                    fields.insert(Arc::clone(name), joined);
                }
                if !left.contains_key(VARIANTS) || !right.contains_key(VARIANTS) {
                    fields.remove(VARIANTS);
                }
                Self::Record(Rc::new(fields))
            }
            (left, right) => {
                let mut all = left.into_alternatives();
                for what in right.into_alternatives() {
                    if all.contains(&what) {
                        continue;
                    }
                    match all.iter_mut().find_map(|known| known.same_closure(&what)) {
                        Some((known, captured)) => join_captured(known, captured),
                        None => all.push(what),
                    }
                }
                all.sort();
                if all.len() > MAX_ALTERNATIVES { fewer::fewer(all) } else { Self::OneOf(Rc::new(all)) }
            }
        }
    }

    /// The same, but an enum may be another variant, too.
    fn or_another_variant(mut self) -> Self {
        if let Self::Record(fields) = &mut self
            && fields.contains_key(VARIANTS)
        {
            Rc::make_mut(fields).remove(VARIANTS);
        }
        self
    }

    /// What two closures see, if they are the same code.
    fn same_closure<'c>(&mut self, other: &'c Self) -> Option<(&mut Captured, &'c Captured)> {
        let (Self::Function(own), Self::Function(other)) = (self, other) else { return None };
        let (Callable::Closure { span, .. }, Callable::Closure { span: place, captured, .. }) = (&**own, &**other)
        else {
            return None;
        };
        if span != place {
            return None;
        }
        match Rc::make_mut(own) {
            Callable::Closure { captured: known, .. } => Some((known, captured)),
            _ => None,
        }
    }

    fn into_alternatives(self) -> Vec<Self> {
        match self {
            Self::OneOf(all) => (*all).clone(),
            one => vec![one],
        }
    }
}

/// One closure may be made many times: what it sees may be any of what it saw each time.
fn join_captured(known: &mut Captured, other: &Captured) {
    for (name, value) in Rc::make_mut(known) {
        if let Some(other) = other.get(name) {
            *value = std::mem::take(value).join(other.clone()).light(MAX_KEPT);
        }
    }
}
