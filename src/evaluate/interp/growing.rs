//! Builders of text, which hold more with every call.

use super::Interp;
use crate::evaluate::value::Value;
use crate::model::ir::{Expr, ExprKind, Type};

impl<'a> Interp<'a> {
    /// A builder holds longer text from now on. What a loop adds is not known.
    pub(super) fn grow(&mut self, before: &Value, place: &'a Expr, longer: Value) {
        let in_loop = !self.frame().loops.is_empty();
        let longer = if in_loop { super::printf::going_on(before) } else { longer };
        let builder = beginning(place);
        if std::ptr::eq(builder, place) || self.quietly(|interp| interp.eval(builder, &Type::Unknown)).ty == longer.ty {
            self.store(builder, longer);
        }
    }
}

/// What a chain of calls begins with: `url` in `url.append(shelf)`.
fn beginning(mut place: &Expr) -> &Expr {
    while let ExprKind::Call { callee, .. } = &place.kind
        && let ExprKind::Member { base, .. } = &callee.kind
    {
        place = base;
    }
    place
}
