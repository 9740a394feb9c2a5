//! Generated types that the code at hand does not show: which of their fields an accessor means, and
//! what is behind a field of one.
//!
//! Generated code is often made by the build and kept by nobody. A value of such a type is told by its
//! name; what its fields hold is known to the contract alone, so the way from the type is kept.

use std::sync::Arc;

use super::Interp;
use crate::evaluate::origins::Origins;
use crate::evaluate::reach::plain;
use crate::evaluate::value::{Value, What, is_named};
use crate::model::ir::{FieldDef, Symbol, Type, TypeKind};
use crate::model::usage::{Origin, Step};

impl<'a> Interp<'a> {
    /// A value inside another. Where no type and no flow says what it is, the way from the type is kept.
    pub(super) fn stepped_by_type(&self, base: &Value, step: &Step, ty: Type) -> Value {
        let is_unknown = base.origins.is_empty() && matches!(ty, Type::Unknown);
        let mut value = base.stepped(step, ty);
        if let (true, Type::Named(symbol, _)) = (is_unknown, &base.ty) {
            let symbol = self.message_of(self.program.canonical(symbol));
            if self.reach.is_message(symbol.name()) && !self.program.is_own_type(&symbol) {
                value.origins = Origins::one(Origin::Typed(symbol, vec![step.clone()]));
            }
        }
        value
    }

    /// A value that code takes for one of another type. One generated message is never another: of several
    /// that may be here it is not the one that is known, if that has fields which the other has not.
    pub(super) fn taken_for(&self, value: Value, ty: Type) -> Value {
        let is_other = match (&value.what, ty.peeled().symbol()) {
            (What::Record(set), Some(symbol)) => self.generated_fields(symbol).is_some_and(|declared| {
                set.keys().any(|name| is_named(name) && !declared.iter().any(|it| it.name == *name))
            }),
            _ => false,
        };
        if is_other { Value::typed(ty) } else { value.with_type(ty) }
    }

    /// The fields of a generated message.
    fn generated_fields(&self, symbol: &Symbol) -> Option<&'a [FieldDef]> {
        let (module, declared) = self.program.type_def(&self.program.canonical(symbol))?;
        let is_message = module.generated && declared.kind == TypeKind::Struct && !declared.fields.is_empty();
        is_message.then_some(&declared.fields)
    }

    /// A value as it is passed to a parameter whose declared type says what the way would.
    pub(super) fn without_way(mut value: Value, declared: &Type) -> Value {
        if !matches!(declared.peeled(), Type::Unknown | Type::Dynamic | Type::Parameter(_)) {
            value.origins.retain(|origin| !matches!(origin, Origin::Typed(..)));
        }
        value
    }

    /// Whether something else stands where a generated message is declared: a list, an own type that does
    /// not extend it.
    pub(super) fn is_no_message(&self, declared: &Symbol, ty: &Type) -> bool {
        let is_other = match ty {
            Type::Named(own, _) => {
                own != declared
                    && self.program.is_own_type(own)
                    && !self.program.ancestors(own).contains(&self.program.canonical(declared))
            }
            Type::List(_) | Type::Map(_) | Type::Tuple(_) | Type::Str | Type::Number | Type::Bool => true,
            _ => false,
        };
        is_other && self.reach.is_message(declared.name()) && !self.program.is_own_type(declared)
    }

    /// What a field of a message is called that a plain object of its data has under another name: `itemsList`.
    pub(super) fn plain_field(&self, ty: &Type, name: &str) -> Option<Arc<str>> {
        let owner = ty.symbol().filter(|owner| !self.program.is_own_type(owner))?;
        let (message, readings) = self.libraries.plain_message(owner, name)?;
        self.read_as(Some(&message), readings).map(Arc::from)
    }

    /// The message whose data a plain object holds, if a type is one of such objects.
    pub(super) fn message_of(&self, owner: Symbol) -> Symbol {
        let message = self.libraries.plain_message(&owner, "").map(|(message, _)| message);
        message.filter(|_| !self.program.is_own_type(&owner)).unwrap_or(owner)
    }

    /// The field that an accessor means: of all readings of its name the first that the contract has.
    pub(super) fn read_as<'n>(
        &self,
        owner: Option<&Symbol>,
        readings: impl IntoIterator<Item = &'n str>,
    ) -> Option<&'n str> {
        let mut readings = readings.into_iter().peekable();
        let first = readings.next()?;
        if readings.peek().is_none() {
            return Some(first);
        }
        let message = owner.map(|owner| plain(owner.name()));
        let is_field = |reading: &&str| self.reach.is_field(message.as_deref(), &plain(reading));
        Some(std::iter::once(first).chain(readings).find(is_field).unwrap_or(first))
    }
}
