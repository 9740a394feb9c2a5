//! Calls and their arguments.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Use;
use crate::model::ir::{Arg, Expr, ExprKind, Literal, Type};

impl<'t> Lowerer<'t> {
    /// `f(..)`, `a.f<T>(..)`, `a?.f(..)`.
    pub(super) fn invocation(&mut self, node: Node<'t>) -> Expr {
        let Some(function) = node.child_by_field_name("function") else { return self.fixme(node, Vec::new()) };
        if let Some(name) = self.name_of(node, function) {
            return self.expr_at(node, ExprKind::Literal(Literal::Str(name)));
        }
        let callee = match function.kind() {
            "identifier" => self.identifier(function, Use::Called),
            "generic_name" => match self.first_child(function) {
                Some(name) => self.identifier(name, Use::Called),
                None => self.fixme(function, Vec::new()),
            },
            _ => self.expr(function),
        };
        let type_args = self.type_args_of(function);
        let args = node.child_by_field_name("arguments").map(|list| self.args(list)).unwrap_or_default();
        self.expr_at(node, ExprKind::Call { callee: Box::new(callee), type_args, args })
    }

    /// `nameof(a.b)` is the text `b`.
    fn name_of(&mut self, node: Node<'t>, function: Node<'t>) -> Option<Arc<str>> {
        if function.kind() != "identifier" || self.text(function) != "nameof" {
            return None;
        }
        let list = node.child_by_field_name("arguments")?;
        let arg = self.first_child(list).and_then(|arg| self.first_child(arg))?;
        let path = self.path(arg)?;
        Some(Arc::from(path.name()))
    }

    /// Type arguments that are written behind the name of what is called.
    fn type_args_of(&mut self, function: Node<'t>) -> Vec<Type> {
        let name = match function.kind() {
            "generic_name" => Some(function),
            "member_access_expression" => function.child_by_field_name("name"),
            "conditional_access_expression" => {
                let binding = self.child_of(function, "member_binding_expression");
                binding.and_then(|binding| binding.child_by_field_name("name"))
            }
            _ => None,
        };
        name.map(|name| self.type_args_in(name)).unwrap_or_default()
    }

    /// An argument. What is passed `ref` or `out` is a place that the callee writes to.
    pub(super) fn arg(&mut self, node: Node<'t>) -> Arg {
        let name = node.child_by_field_name("name");
        let value = self.children(node).into_iter().find(|child| Some(*child) != name);
        let is_place = self.has_token(node, "out") || self.has_token(node, "ref");
        let value = match value {
            Some(value) if is_place => {
                let place = Box::new(self.expr(value));
                self.expr_at(node, ExprKind::Ref(place))
            }
            Some(value) => self.expr(value),
            None => self.fixme(node, Vec::new()),
        };
        Arg { name: name.map(|name| self.name(name)), value }
    }
}
