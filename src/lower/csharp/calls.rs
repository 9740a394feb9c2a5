//! Calls and their arguments.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Use;
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Expr, ExprKind, Literal, Piece, Type};

impl<'t> Lowerer<'t> {
    /// `f(..)`, `a.f<T>(..)`, `a?.f(..)`.
    pub(super) fn invocation(&mut self, node: Node<'t>) -> Expr {
        let Some(function) = node.field("function") else { return self.fixme(node, Vec::new()) };
        if let Some(name) = self.name_of(node, function) {
            return self.expr_at(node, ExprKind::Literal(Literal::Str(name)));
        }
        if let Some(template) = self.formatted(node, function) {
            return template;
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
        let args = node.field("arguments").map(|list| self.args(list)).unwrap_or_default();
        self.expr_at(node, ExprKind::Call { callee: Box::new(callee), type_args, args })
    }

    /// `nameof(a.b)` is the text `b`.
    fn name_of(&mut self, node: Node<'t>, function: Node<'t>) -> Option<Arc<str>> {
        if function.kind() != "identifier" || self.text(function) != "nameof" {
            return None;
        }
        let list = node.field("arguments")?;
        let arg = self.first_child(list).and_then(|arg| self.first_child(arg))?;
        let path = self.path(arg)?;
        Some(Arc::from(path.name()))
    }

    /// `string.Format("{0}/{1}", a, b)` is a text with holes, if its format is a literal.
    fn formatted(&mut self, node: Node<'t>, function: Node<'t>) -> Option<Expr> {
        if function.kind() != "member_access_expression"
            || !matches!(self.text(function), "string.Format" | "String.Format")
        {
            return None;
        }
        let list = node.field("arguments")?;
        let args = self.children_of(list, "argument");
        let (format, holes) = args.split_first()?;
        let format = self.first_child(*format)?;
        let Some(ExprKind::Literal(Literal::Str(text))) = self.literal(format) else { return None };
        let span = self.span(format);
        let mut pieces = Vec::new();
        let mut rest: &str = &text;
        while let Some((before, after)) = rest.split_once('{') {
            if !before.is_empty() {
                pieces.push(Piece::Text(Arc::from(before), span));
            }
            let (hole, after) = after.split_once('}')?;
            // A width and a format may follow: `{0,10:F2}`.
            let number: usize = hole.split([',', ':']).next()?.trim().parse().ok()?;
            let value = self.arg(*holes.get(number)?).value;
            pieces.push(Piece::Hole(value));
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(Arc::from(rest), span));
        }
        Some(self.expr_at(node, ExprKind::Template(pieces)))
    }

    /// `f().Result` waits for a task, if `f` says that it gives one.
    pub(super) fn is_waited_for(&self, operand: Node<'t>, name: &str) -> bool {
        let callee = operand.field("function").filter(|_| operand.kind() == "invocation_expression");
        let callee = callee.map(|callee| callee.field("name").unwrap_or(callee));
        let called = callee.map_or("", |callee| self.text(callee));
        let called = called.split_once('<').map_or(called, |(called, _)| called);
        name == "Result" && called.ends_with("Async")
    }

    /// Type arguments that are written behind the name of what is called.
    fn type_args_of(&mut self, function: Node<'t>) -> Vec<Type> {
        let name = match function.kind() {
            "generic_name" => Some(function),
            "member_access_expression" => function.field("name"),
            "conditional_access_expression" => {
                let binding = self.child_of(function, "member_binding_expression");
                binding.and_then(|binding| binding.field("name"))
            }
            _ => None,
        };
        name.map(|name| self.type_args_in(name)).unwrap_or_default()
    }

    /// An argument. What is passed `ref` or `out` is a place that the callee writes to.
    pub(super) fn arg(&mut self, node: Node<'t>) -> Arg {
        let name = node.field("name");
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
