//! What an assignment puts into its target.

use super::Interp;
use super::expr::{concat, gathered, is_list, is_text, list_of};
use super::fallback::coalesce;
use crate::evaluate::value::Value;
use crate::model::ir::{Expr, ExprKind, Op, Type};

impl<'a> Interp<'a> {
    /// The new value of the target: what is assigned, or made of that and of what was there.
    pub(super) fn assigned(&mut self, target: &'a Expr, op: Option<Op>, value: &'a Expr) -> Value {
        let Some(op) = op else {
            let expected = if depends_on_use(value) {
                self.quietly(|interp| interp.eval(target, &Type::Unknown).ty)
            } else {
                Type::Unknown
            };
            return self.eval(value, &expected);
        };
        let new = self.eval(value, &Type::Unknown);
        let old = self.eval(target, &Type::Unknown);
        match op {
            Op::Coalesce => coalesce(old, new),
            Op::Add if is_text(&old) || is_text(&new) => {
                let parts = [old, new];
                gathered(&parts).unwrap_or_else(|| self.derive(concat(&parts), &parts))
            }
            Op::Add if is_list(&old) || (is_list(&new) && !old.origins.is_empty()) => {
                Value { ty: old.ty.clone(), ..list_of(vec![old.element(), new.element()]) }
            }
            _ => self.derive(Value::typed(old.ty.clone()), [&old, &new]),
        }
    }
}

/// Whether the type that an expression is used as may decide what it gives.
fn depends_on_use(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_)
        | ExprKind::Local(_)
        | ExprKind::Global(_)
        | ExprKind::Template(_)
        | ExprKind::Member { .. }
        | ExprKind::Index { .. }
        | ExprKind::Unary(..) => false,
        ExprKind::Ref(inner) | ExprKind::Deref(inner) | ExprKind::Try(inner) => depends_on_use(inner),
        _ => true,
    }
}
