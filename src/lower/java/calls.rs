//! Calls of methods and constructors.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Meaning;
use super::{CONSTRUCTOR, Lowerer, THIS};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Expr, ExprKind, Op, Symbol, Type};

impl<'t> Lowerer<'t> {
    /// `object.name(args)`, `Type.name(args)`, `name(args)`.
    pub(super) fn call(&mut self, node: Node<'t>) -> Expr {
        let Some(name) = node.field("name") else { return self.fixme(node, Vec::new()) };
        let mut callee = Box::new(self.callee(node, name));
        let type_args = self.explicit_type_arguments(node);
        let mut args = node.field("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        self.normalise_format(&mut callee, &mut args);
        self.expr_at(node, ExprKind::Call { callee, type_args, args })
    }

    /// `format.formatted(a)` and `String.format(locale, format, a)` are `String.format(format, a)`.
    fn normalise_format(&self, callee: &mut Expr, args: &mut Vec<Arg>) {
        let symbol = Symbol::new(FORMAT);
        match &mut callee.kind {
            ExprKind::Member { base, name, .. } if &**name == "formatted" => {
                args.insert(0, Arg { name: None, value: (**base).clone() });
                callee.kind = ExprKind::Global(symbol);
            }
            ExprKind::Global(called) if *called == symbol && args.first().is_some_and(is_locale) => {
                args.remove(0);
            }
            _ => {}
        }
    }

    /// `<A, B>` of a call.
    pub(super) fn explicit_type_arguments(&mut self, node: Node<'t>) -> Vec<Type> {
        node.field("type_arguments").map(|list| self.type_arguments(list)).unwrap_or_default()
    }

    fn callee(&mut self, node: Node<'t>, name: Node<'t>) -> Expr {
        let Some(object) = node.field("object") else {
            return match self.names.function(self.text(name)) {
                Meaning::Local(local) => self.expr_at(name, ExprKind::Local(local)),
                Meaning::Global(symbol) => self.expr_at(name, ExprKind::Global(symbol)),
                Meaning::Own(owner) => self.own_member(name, owner),
            };
        };
        if let Some(ty) = self.type_of_chain(object) {
            let symbol = ty.join(self.text(name));
            let span = self.span(object).to(self.span(name));
            return Expr { kind: ExprKind::Global(symbol), span };
        }
        let base = Box::new(self.expr(object));
        let span = base.span.to(self.span(name));
        Expr { kind: ExprKind::Member { base, name: self.name(name), name_span: self.span(name) }, span }
    }

    /// The type that an expression names: `Type`, `Outer.Type`, `com.acme.Type`.
    pub(super) fn type_of_chain(&self, node: Node<'_>) -> Option<Symbol> {
        match node.kind() {
            "identifier" => {
                let symbol = self.names.qualified(&[self.text(node)])?;
                Some(symbol)
            }
            "field_access" => {
                let field = node.field("field")?;
                let is_type = super::names::is_type_name(self.text(field));
                self.qualified_name(node).filter(|symbol| is_type || self.names.types.contains_key(symbol))
            }
            _ => None,
        }
    }

    /// Arguments in parentheses. A number before its unit, `5, TimeUnit.SECONDS`, is a duration.
    pub(super) fn arguments(&mut self, list: Node<'t>) -> Vec<Arg> {
        let mut args: Vec<Arg> =
            self.children(list).into_iter().map(|arg| Arg { name: None, value: self.expr(arg) }).collect();
        for at in 1..args.len() {
            let (before, after) = args.split_at_mut(at);
            let (Some(number), Some(unit)) = (before.last_mut(), after.first()) else { continue };
            if is_unit(&unit.value) {
                let product = ExprKind::Binary(Op::Mul, Box::new(number.value.clone()), Box::new(unit.value.clone()));
                number.value.kind = product;
            }
        }
        args
    }

    /// `this(args)`, `super(args)`: another constructor of the object.
    pub(super) fn constructor_call(&mut self, node: Node<'t>) -> Expr {
        let Some(which) = node.field("constructor") else { return self.fixme(node, Vec::new()) };
        let base = if which.kind() == "super" {
            self.expr(which)
        } else {
            self.expr_at(which, ExprKind::Local(Arc::from(THIS)))
        };
        let (name, name_span) = (Arc::from(CONSTRUCTOR), self.span(which));
        let callee = Box::new(self.expr_at(which, ExprKind::Member { base: Box::new(base), name, name_span }));
        let args = node.field("arguments").map(|list| self.arguments(list)).unwrap_or_default();
        self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args })
    }
}

/// What puts values into text.
const FORMAT: &str = "java::lang::String::format";

/// Whether an argument says in which language text is made.
fn is_locale(arg: &Arg) -> bool {
    matches!(&arg.value.kind, ExprKind::Global(symbol) if symbol.as_str().starts_with("java::util::Locale::"))
}

/// Whether a value is a unit of time.
fn is_unit(value: &Expr) -> bool {
    matches!(&value.kind, ExprKind::Global(symbol)
        if matches!(symbol.parent(), "java::util::concurrent::TimeUnit" | "java::time::temporal::ChronoUnit"))
}
