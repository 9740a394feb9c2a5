//! Variants of enums that hold data: Rust.
//!
//! A value of such an enum is a record of the variants that it may be, each with what it holds. The part
//! [`VARIANTS`] stands in it as long as it can be no other one.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::nowhere;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Fields, VARIANTS, Value, What};
use crate::model::ir::{ExprKind, Pattern, Symbol, Type, TypeKind};
use crate::model::source::Span;

impl Interp<'_> {
    /// A value of an own enum: this variant of it, with what it holds. None if it is no variant of one.
    pub(super) fn variant_made(&self, variant: &Symbol, args: &[Type], held: Value, span: Span) -> Option<Value> {
        let owner = self.enum_of(variant)?;
        let fields =
            [(Arc::from(VARIANTS), (nowhere(), Value::unknown())), (Arc::from(variant.name()), (span, held.bounded()))];
        let what = What::Record(Rc::new(Fields::from_iter(fields)));
        Some(Value { ty: Type::Named(owner, args.to_vec()), what, origins: Origins::default() })
    }

    /// The enum whose variant a name is.
    pub(super) fn enum_of(&self, variant: &Symbol) -> Option<Symbol> {
        let owner = self.program.canonical(&Symbol::new(variant.parent()));
        let (_, declared) = self.program.type_def(&owner)?;
        (declared.kind == TypeKind::Enum && declared.fields.iter().any(|field| *field.name == *variant.name()))
            .then_some(owner)
    }

    /// What one variant of a value holds, if code made that.
    pub(super) fn held_by(value: &Value, variant: &str) -> Option<Value> {
        let What::Record(fields) = &value.what else { return None };
        fields.get(variant).map(|(_, held)| held.clone())
    }

    /// Which variant a value is, and nothing else of it.
    pub(super) fn choice(what: &What) -> What {
        let What::Record(fields) = what else { return What::Opaque };
        if !fields.contains_key(VARIANTS) {
            return What::Opaque;
        }
        let bare = |name: &Arc<str>| (Arc::clone(name), (nowhere(), Value::unknown()));
        What::Record(Rc::new(fields.keys().map(bare).collect()))
    }

    /// Whether a value, as far as it can be no other variant than those that it is known to be, fits a pattern.
    pub(super) fn fits_variant(&self, pattern: &Pattern, value: &Value) -> Option<bool> {
        let What::Record(fields) = &value.what else { return None };
        if !fields.contains_key(VARIANTS) {
            return None;
        }
        let named = |variant: &Symbol, parts: bool| {
            if self.enum_of(variant).as_ref() != value.ty.symbol() {
                return None;
            }
            let is_only = fields.len() == 2;
            if fields.contains_key(variant.name()) { (is_only && parts).then_some(true) } else { Some(false) }
        };
        match pattern {
            Pattern::Wild | Pattern::Bind(_, _, None) => Some(true),
            Pattern::Bind(_, _, Some(inner)) => self.fits_variant(inner, value),
            Pattern::Variant(variant, parts, _) => named(variant, parts.iter().all(takes_all)),
            Pattern::Record(Some(variant), fields) => {
                named(variant, fields.iter().all(|field| takes_all(&field.pattern)))
            }
            Pattern::Value(constant) => match &constant.kind {
                ExprKind::Global(variant) => named(variant, false),
                _ => None,
            },
            Pattern::Or(all) => one_fits(all.iter().map(|one| self.fits_variant(one, value))),
            _ => None,
        }
    }
}

/// Whether one of several patterns fits.
pub(super) fn one_fits(fits: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(false);
    for fit in fits {
        match fit {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}

/// Whether a pattern fits whatever there is.
fn takes_all(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Wild | Pattern::Bind(_, _, None) => true,
        Pattern::Bind(_, _, Some(inner)) => takes_all(inner),
        Pattern::Tuple(parts) => parts.iter().all(takes_all),
        Pattern::Record(None, fields) => fields.iter().all(|field| takes_all(&field.pattern)),
        _ => false,
    }
}
