//! Patterns of `instanceof` and `case`.

use tree_sitter::Node;

use super::Lowerer;
use super::names::is_constant_name;
use crate::lower::tree::Field as _;
use crate::model::ir::{Expr, ExprKind, Pattern, Symbol};

impl<'t> Lowerer<'t> {
    /// `value instanceof T name`, `value instanceof R(T name)`.
    pub(super) fn instance_of(&mut self, node: Node<'t>) -> Expr {
        let value = Box::new(self.child(node, "left"));
        let pattern = match (node.field("pattern"), node.field("right")) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, Some(ty)) => {
                let ty = self.ty(ty);
                let name = node.field("name").and_then(|name| match self.bind(name) {
                    Pattern::Bind(name, span, _) => Some((name, span)),
                    _ => None,
                });
                Pattern::Typed(ty, name)
            }
            (None, None) => Pattern::Wild,
        };
        self.expr_at(node, ExprKind::Matches(pattern, value))
    }

    /// A type pattern or record pattern.
    pub(super) fn pattern(&mut self, node: Node<'t>) -> Pattern {
        self.deeper(|lowerer| lowerer.pattern_here(node)).unwrap_or(Pattern::Wild)
    }

    fn pattern_here(&mut self, node: Node<'t>) -> Pattern {
        match node.kind() {
            "type_pattern" | "record_pattern_component" => {
                let parts = self.children(node);
                let [.., ty, name] = parts.as_slice() else { return Pattern::Wild };
                let ty = self.ty(*ty);
                let name = match self.bind(*name) {
                    Pattern::Bind(name, span, _) => Some((name, span)),
                    _ => None,
                };
                Pattern::Typed(ty, name)
            }
            "record_pattern" => self.record_pattern(node),
            _ => Pattern::Wild,
        }
    }

    /// `R(T a, var b)`: components by position.
    fn record_pattern(&mut self, node: Node<'t>) -> Pattern {
        let parts = self.children(node);
        let Some(ty) = parts.first().copied() else { return Pattern::Wild };
        let symbol = self.type_name(ty);
        let body = parts.iter().find(|part| part.kind() == "record_pattern_body");
        let components = body.map(|body| self.children(*body)).unwrap_or_default();
        let components = components.into_iter().map(|component| self.pattern(component)).collect();
        Pattern::Variant(symbol, components, self.span(ty))
    }

    /// A value after `case`. Constants of an enum stand there by their simple names.
    pub(super) fn case_value(&mut self, node: Node<'t>) -> Pattern {
        let is_constant = node.kind() == "identifier" && is_constant_name(self.text(node));
        if is_constant && !self.names.is_member(self.text(node)) {
            let constant = ExprKind::Global(Symbol::new(self.text(node)));
            return Pattern::Value(Box::new(self.expr_at(node, constant)));
        }
        Pattern::Value(Box::new(self.expr(node)))
    }
}
