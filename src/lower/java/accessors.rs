//! Methods that are not kept, because calls say as much without them.
//!
//! `getName()` that only gives the field `name` is a read of that field where it is called, not where
//! it is written, and a class whose accessors nobody calls uses nothing. `equals`, `hashCode` and
//! `toString` mention every field of their class and use none of them for anything.

use super::THIS;
use crate::model::ir::{Expr, ExprKind, Func, Pattern, Stmt, StmtKind, Type};

/// Annotations that leave an accessor what it is, by the beginning of their names.
const HARMLESS: [&str; 6] = ["Json", "Xml", "Nullable", "Nonnull", "NotNull", "Schema"];

/// Whether a method only gives or sets the field that it is named after.
pub(super) fn is_plain(func: &Func) -> bool {
    let harmless = func.annotations.iter().all(|note| HARMLESS.iter().any(|known| note.name.name().starts_with(known)));
    let field = harmless.then(|| given_field(func).or_else(|| set_field(func))).flatten();
    field.is_some_and(|field| is_named_after(func.symbol.name(), field))
}

/// Whether a method is one that every object has.
pub(super) fn is_common(func: &Func) -> bool {
    func.receiver.is_some()
        && matches!((func.symbol.name(), func.params.len()), ("equals", 1) | ("hashCode" | "toString", 0))
}

/// `return this.field;`
fn given_field(func: &Func) -> Option<&str> {
    let [Stmt { kind: StmtKind::Expr(Expr { kind: ExprKind::Return(Some(value)), .. }), .. }] =
        func.body.as_ref()?.stmts.as_slice()
    else {
        return None;
    };
    own_field(value).filter(|_| func.params.is_empty())
}

/// `this.field = parameter;`
fn set_field(func: &Func) -> Option<&str> {
    let [Stmt { kind: StmtKind::Assign { target, op: None, value }, .. }] = func.body.as_ref()?.stmts.as_slice() else {
        return None;
    };
    let [param] = func.params.as_slice() else { return None };
    let (Pattern::Bind(name, ..), ExprKind::Local(local)) = (&param.pattern, &value.kind) else { return None };
    own_field(target).filter(|_| name == local && func.ret == Type::Unit)
}

/// The field of `this` that an expression is.
fn own_field(expr: &Expr) -> Option<&str> {
    let ExprKind::Member { base, name, .. } = &expr.kind else { return None };
    matches!(&base.kind, ExprKind::Local(local) if &**local == THIS).then_some(name)
}

/// Whether an accessor is named as one of this field is; any other may be one of another field as well.
fn is_named_after(method: &str, field: &str) -> bool {
    let property = ["get", "set", "is"].iter().find_map(|prefix| method.strip_prefix(prefix));
    method == field || property.is_some_and(|property| capitalised(field) == property || field == property)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
