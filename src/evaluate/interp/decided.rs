//! Choices that what is known decides: one dispatcher sends the requests of all callers, by their method.

use std::rc::Rc;

use super::Interp;
use crate::evaluate::value::{Callable, Value, What};
use crate::model::ir::{Arm, Expr, ExprKind, Literal, Op, Pattern, Symbol, Type, TypeKind};
use crate::model::usage::Part;

/// Methods that compare a value with another.
const EQUALS: [&str; 3] = ["equals", "equalsIgnoreCase", "Equals"];
/// Methods that tell whether a text begins with another.
const STARTS: [&str; 4] = ["startsWith", "startswith", "StartsWith", "starts_with"];

impl<'a> Interp<'a> {
    /// What a comparison with a constant comes to, if both sides are known.
    pub(super) fn decided(&mut self, cond: &'a Expr) -> Option<bool> {
        match &cond.kind {
            ExprKind::Binary(Op::Eq, left, right) => self.is_same(left, right),
            ExprKind::Binary(Op::Ne, left, right) => self.is_same(left, right).map(|same| !same),
            ExprKind::Unary(Op::Not, inner) => self.decided(inner).map(|decided| !decided),
            ExprKind::Call { callee, args, .. } => {
                let (ExprKind::Member { base, name, .. }, [other]) = (&callee.kind, args.as_slice()) else {
                    return None;
                };
                match &**name {
                    name if EQUALS.contains(&name) => self.is_same(base, &other.value),
                    name if STARTS.contains(&name) => self.starts_with(base, &other.value),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn is_same(&mut self, left: &'a Expr, right: &'a Expr) -> Option<bool> {
        let other = if is_plain(left) { right } else { left };
        if !is_plain(left) && !is_plain(right) || self.is_own_state(other) {
            return None;
        }
        let (left, right) =
            self.quietly(|interp| (interp.eval(left, &Type::Unknown), interp.eval(right, &Type::Unknown)));
        Some(self.identity(&left)? == self.identity(&right)?)
    }

    /// Whether a text begins with a constant one, as far as its beginning is known.
    fn starts_with(&mut self, text: &'a Expr, prefix: &'a Expr) -> Option<bool> {
        let ExprKind::Literal(Literal::Str(prefix)) = &prefix.kind else { return None };
        if self.is_own_state(text) {
            return None;
        }
        let value = self.quietly(|interp| interp.eval(text, &Type::Unknown));
        let What::Text(text) = &value.what else { return None };
        let known = match text.template.0.first() {
            None => "",
            Some(Part::Text(known)) => known,
            Some(_) => return None,
        };
        if known.starts_with(&**prefix) {
            return Some(true);
        }
        // What follows may still make it so.
        (text.template.0.len() < 2 || !prefix.starts_with(known)).then_some(false)
    }

    /// A field of the object whose method runs: who sets it need not have been followed.
    fn is_own_state(&self, expr: &Expr) -> bool {
        let ExprKind::Member { base, .. } = &expr.kind else { return false };
        let ExprKind::Local(owner) = &base.kind else { return false };
        self.frame().func.is_some_and(|id| self.program.func(id).receiver.as_ref() == Some(owner))
    }

    /// What tells a value from all others of its type: a constant of an enum by its name, fixed text.
    fn identity(&self, value: &Value) -> Option<String> {
        match value.as_name() {
            Some(name) => self.is_enum_constant(name).then(|| name.as_str().to_owned()),
            None => value.as_fixed_text().map(|text| format!("\"{text}\"")),
        }
    }

    /// Whether a name is that of a constant that has nothing but its name.
    pub(super) fn is_enum_constant(&self, name: &Symbol) -> bool {
        let declared = |owner: &Symbol| self.program.type_def(owner).is_some_and(|(_, ty)| ty.kind == TypeKind::Enum);
        let owner = Symbol::new(name.parent());
        self.program.global(name).is_some_and(|(_, global)| global.value.is_none()) && declared(&owner)
    }

    /// A constant of an enum, as a value: it is known by its name.
    pub(super) fn enum_constant(&self, name: &Symbol) -> Option<What> {
        let named = || What::Function(Rc::new(Callable::Foreign(name.clone())));
        self.is_enum_constant(name).then(named)
    }

    /// The alternatives of a match that its subject may come to.
    pub(super) fn possible_arms(&mut self, written: Option<&Expr>, subject: &Value, arms: &'a [Arm]) -> Vec<&'a Arm> {
        let known = written.filter(|written| !self.is_own_state(written)).and_then(|_| self.identity(subject));
        let Some(known) = known else { return arms.iter().collect() };
        let mut possible = Vec::new();
        for arm in arms {
            match self.fits(&arm.pattern, &known) {
                Some(false) => {}
                Some(true) if arm.guard.is_none() => {
                    possible.push(arm);
                    return possible;
                }
                _ => possible.push(arm),
            }
        }
        if possible.is_empty() { arms.iter().collect() } else { possible }
    }

    fn fits(&mut self, pattern: &'a Pattern, known: &str) -> Option<bool> {
        match pattern {
            // Java: a constant by its simple name, since the subject says of which enum.
            Pattern::Value(value) if is_simple(value) => {
                let ExprKind::Global(name) = &value.kind else { return None };
                (!known.starts_with('"')).then(|| known.rsplit("::").next() == Some(name.as_str()))
            }
            Pattern::Value(value) => {
                let value = self.quietly(|interp| interp.eval(value, &Type::Unknown));
                self.identity(&value).map(|value| value == known)
            }
            Pattern::Or(all) => {
                let fits: Vec<Option<bool>> = all.iter().map(|one| self.fits(one, known)).collect();
                if fits.contains(&Some(true)) {
                    return Some(true);
                }
                fits.iter().all(|fit| *fit == Some(false)).then_some(false)
            }
            _ => None,
        }
    }
}

fn is_simple(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Global(name) if name.parent().is_empty())
}

/// A constant as it is written.
fn is_plain(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Global(_) | ExprKind::Literal(Literal::Str(_)))
}
