//! Choices that what is known decides: one dispatcher sends the requests of all callers, by their method.

use std::rc::Rc;

use super::Interp;
use super::variants::one_fits;
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
            ExprKind::Matches(pattern, value) if is_place(value) && !self.is_own_state(value) => {
                let value = self.quietly(|interp| interp.eval(value, &Type::Unknown));
                self.fits_variant(pattern, &value)
            }
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
            Some(name) => self.enum_of_constant(name).map(|owner| owner.join(name.name()).as_str().to_owned()),
            None => value.as_fixed_text().map(|text| format!("\"{text}\"")),
        }
    }

    /// Whether a name is that of a constant that has nothing but its name.
    pub(super) fn is_enum_constant(&self, name: &Symbol) -> bool {
        self.enum_of_constant(name).is_some()
    }

    /// The enum of such a constant.
    fn enum_of_constant(&self, name: &Symbol) -> Option<Symbol> {
        let owner = self.program.canonical(&Symbol::new(name.parent()));
        let (_, declared) = self.program.type_def(&owner).filter(|(_, declared)| declared.kind == TypeKind::Enum)?;
        let is_bare = match self.program.global(name) {
            Some((_, global)) => global.value.is_none(),
            // Rust: a variant that holds nothing.
            None => declared.fields.iter().any(|field| *field.name == *name.name() && field.ty == Type::Unit),
        };
        is_bare.then_some(owner)
    }

    /// A constant of an enum, as a value: it is known by its name.
    pub(super) fn enum_constant(&self, name: &Symbol) -> Option<What> {
        let named = || What::Function(Rc::new(Callable::Foreign(name.clone())));
        self.is_enum_constant(name).then(named)
    }

    /// The alternatives of a match that its subject may come to.
    pub(super) fn possible_arms(&mut self, written: Option<&Expr>, subject: &Value, arms: &'a [Arm]) -> Vec<&'a Arm> {
        if written.is_none_or(|written| self.is_own_state(written)) {
            arms.iter().for_each(|arm| self.take_way(&arm.body));
            return arms.iter().collect();
        }
        let known = self.identity(subject);
        let mut possible = Vec::new();
        for arm in arms {
            let fits = match &known {
                Some(known) => self.fits(&arm.pattern, known),
                None => self.fits_variant(&arm.pattern, subject),
            };
            match fits {
                Some(false) => {}
                Some(true) if arm.guard.is_none() => {
                    possible.push(arm);
                    break;
                }
                _ => possible.push(arm),
            }
        }
        if possible.is_empty() {
            possible.extend(arms);
        }
        for arm in arms {
            let is_open = possible.iter().any(|one| std::ptr::eq(*one, arm));
            if is_open { self.take_way(&arm.body) } else { self.pass_over(&arm.body) }
        }
        possible
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
            Pattern::Or(all) => one_fits(all.iter().map(|one| self.fits(one, known))),
            // A constant is no variant that holds something.
            Pattern::Variant(variant, ..) | Pattern::Record(Some(variant), _) => {
                let owner = self.enum_of(variant)?;
                known.starts_with(owner.join("").as_str()).then_some(false)
            }
            _ => None,
        }
    }
}

fn is_simple(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Global(name) if name.parent().is_empty())
}

/// A variable, or something in it: to look at it costs nothing.
fn is_place(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(_) => true,
        ExprKind::Member { base: inner, .. } | ExprKind::Ref(inner) | ExprKind::Deref(inner) => is_place(inner),
        _ => false,
    }
}

/// A constant as it is written.
fn is_plain(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Global(_) | ExprKind::Literal(Literal::Str(_)))
}
