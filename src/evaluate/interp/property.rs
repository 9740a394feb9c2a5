//! Members that libraries add to values of any type, and that are read like fields.

use super::Interp;
use super::argument::Site;
use crate::evaluate::library::format::PropertyOf;
use crate::evaluate::value::{Value, What};
use crate::model::ir::Type;
use crate::model::source::Span;

impl Interp<'_> {
    /// A property that a library adds to values of any type: `state.value`, `element.jsonObject`.
    pub(super) fn listed_property(&mut self, base: &Value, name: &str, span: Span) -> Option<Value> {
        let (library, model) = self.libraries.any_method(name)?;
        if !self.may_have(base, model.property?) {
            return None;
        }
        Some(self.apply(library, model, Some((base, None)), &Site::bare(span)))
    }

    /// Whether a member is such a property, and stands for the value itself.
    pub(super) fn is_holder(&self, owner: &Value, name: &str) -> bool {
        let property = self.libraries.any_method(name).and_then(|(_, model)| model.property);
        property.is_some_and(|property| property != PropertyOf::Text && self.may_have(owner, property))
            && self.declared_field(&owner.ty, name).is_none()
            && !matches!(owner.what, What::Record(_))
    }

    /// Whether a listed property may be one of values of a type.
    fn may_have(&self, base: &Value, property: PropertyOf) -> bool {
        let is_fit = match property {
            PropertyOf::Any => true,
            PropertyOf::Text => base.alternatives().iter().any(|what| matches!(what, What::Text(_))),
            PropertyOf::Known => !matches!(base.ty, Type::Unknown),
        };
        is_fit && base.ty.symbol().is_none_or(|symbol| self.program.is_own_type(symbol))
    }
}
