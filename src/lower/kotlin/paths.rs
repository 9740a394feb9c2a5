//! Names, and paths of them: members of values, of types, of packages.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Meaning;
use super::{Lowerer, THIS};
use crate::lower::tree::Field as _;
use crate::model::ir::{Expr, ExprKind, Lambda, Literal, Op, Param, Pattern, Symbol, Type};
use crate::model::source::Span;

impl<'t> Lowerer<'t> {
    /// A name alone. What the grammar does not tell from a name is among them.
    pub(super) fn identifier(&mut self, node: Node<'t>) -> Expr {
        let kind = match self.text(node) {
            "true" => ExprKind::Literal(Literal::Bool(true)),
            "false" => ExprKind::Literal(Literal::Bool(false)),
            "null" => ExprKind::Literal(Literal::Null),
            "break" => ExprKind::Break(None, None),
            "continue" => ExprKind::Continue(None),
            name => return self.named(name, self.span(node)),
        };
        self.expr_at(node, kind)
    }

    /// What a name stands for.
    pub(super) fn named(&self, name: &str, span: Span) -> Expr {
        let kind = match self.names.meaning(name) {
            Meaning::Local => ExprKind::Local(Arc::from(name)),
            Meaning::Member(receiver) => {
                let base = Box::new(Expr { kind: ExprKind::Local(receiver), span });
                ExprKind::Member { base, name: Arc::from(name), name_span: span }
            }
            Meaning::Global(symbol) => ExprKind::Global(symbol),
        };
        Expr { kind, span }
    }

    /// `this`, `this@Type`.
    pub(super) fn this(&mut self, node: Node<'t>) -> Expr {
        let label = self.child_of(node, "identifier").map(|label| self.text(label));
        let of_type = label.and_then(|label| self.names.receiver_of(label));
        let receiver = match of_type {
            Some(receiver) => receiver,
            None if self.names.has_receiver() => Arc::from(THIS),
            None => self.names.receiver().unwrap_or_else(|| Arc::from(THIS)),
        };
        self.local_at(node, &receiver)
    }

    /// `super`: the object, seen as what it derives from.
    pub(super) fn super_object(&mut self, node: Node<'t>) -> Expr {
        let written = self.type_in(node);
        let receiver = self.names.receiver().unwrap_or_else(|| Arc::from(THIS));
        let this = self.local_at(node, &receiver);
        match written.or_else(|| self.bases.last().cloned().flatten()) {
            Some(base) => self.expr_at(node, ExprKind::Cast(base, Box::new(this))),
            None => this,
        }
    }

    /// `a.b`, `a?.b`, `A::class`, `a::b`.
    pub(super) fn navigation(&mut self, node: Node<'t>) -> Expr {
        let [operand, name] = *self.children(node) else { return self.not_understood(node) };
        if self.has_token(node, "::") {
            return self.reference(node, operand, name);
        }
        // The class of a type, for Java: `A::class.java`.
        let is_class = operand.kind() == "navigation_expression" && self.has_token(operand, "::");
        if is_class && matches!(self.text(name), "java" | "javaObjectType" | "javaPrimitiveType") {
            return self.expr(operand);
        }
        if let Some(symbol) = self.qualifier(operand) {
            let symbol = if self.text(name) == "Companion" { symbol } else { symbol.join(self.text(name)) };
            return self.expr_at(node, ExprKind::Global(symbol));
        }
        let base = Box::new(self.operand(operand));
        self.expr_at(node, ExprKind::Member { base, name: self.name(name), name_span: self.span(name) })
    }

    /// What stands before a dot. The grammar takes `!a.b` for `(!a).b`: the sign is put around the whole
    /// by [`Lowerer::expr`].
    pub(super) fn operand(&mut self, node: Node<'t>) -> Expr {
        let inner = self.negated(node).and_then(|_| node.field("argument"));
        match inner {
            Some(inner) => self.operand(inner),
            None => self.chained(node),
        }
    }

    /// The sign of `!a` and `-a`.
    fn negated(&self, node: Node<'t>) -> Option<Op> {
        if node.kind() != "unary_expression" {
            return None;
        }
        let (sign, argument) = (node.field("operator")?, node.field("argument")?);
        match self.text(sign) {
            "!" if sign.start_byte() < argument.start_byte() => Some(Op::Not),
            "-" if sign.start_byte() < argument.start_byte() => Some(Op::Neg),
            _ => None,
        }
    }

    /// The sign at the very beginning of a chain of calls and members.
    pub(super) fn sign_of_chain(&mut self, node: Node<'t>) -> Option<Op> {
        let mut at = node;
        while matches!(at.kind(), "call_expression" | "navigation_expression" | "index_expression") {
            at = self.first_child(at)?;
        }
        if at == node { None } else { self.negated(at) }
    }

    /// What stands before a dot, if it is a type, object or package: `Environment`, `a.b.Type`,
    /// `Outer.Inner`.
    fn qualifier(&mut self, node: Node<'t>) -> Option<Symbol> {
        match node.kind() {
            "identifier" => {
                let name = self.text(node);
                if matches!(name, "true" | "false" | "null") {
                    return None;
                }
                let is_type = name.starts_with(char::is_uppercase) || self.names.declared_type(name).is_some();
                match self.names.meaning(name) {
                    Meaning::Global(symbol) if is_type && !self.names.is_static_member(&symbol) => Some(symbol),
                    Meaning::Global(_) | Meaning::Local | Meaning::Member(_) => None,
                }
            }
            "navigation_expression" => {
                let [operand, name] = *self.children(node) else { return None };
                let is_type = self.text(name).starts_with(char::is_uppercase);
                if !is_type || self.has_token(node, "::") {
                    return None;
                }
                let outer = self.qualifier(operand).or_else(|| self.package_path(operand))?;
                let name = self.text(name);
                // Constants are values: `Method.GET.name`.
                let is_constant = name.len() > 1 && !name.contains(char::is_lowercase);
                match name {
                    "Companion" => Some(outer),
                    _ => (!is_constant).then(|| outer.join(name)),
                }
            }
            _ => None,
        }
    }

    /// `a.b.c`, if that can be nothing but a package.
    fn package_path(&mut self, node: Node<'t>) -> Option<Symbol> {
        let mut names = Vec::new();
        let mut at = node;
        loop {
            if at.kind() == "identifier" {
                names.push(self.text(at));
                break;
            }
            let [operand, name] = *self.children(at) else { return None };
            if at.kind() != "navigation_expression" || self.has_token(at, "?.") {
                return None;
            }
            names.push(self.text(name));
            at = operand;
        }
        let head = *names.last()?;
        let is_known = self.names.is_variable(head) || self.names.imported(head).is_some();
        if names.len() < 2 || is_known || !names.iter().all(|name| name.starts_with(char::is_lowercase)) {
            return None;
        }
        names.reverse();
        Some(Symbol::new(names.join("::")))
    }

    /// `T::class` is the type; `a::b` is a function that is bound, `T::b` one of what it is given.
    fn reference(&mut self, node: Node<'t>, operand: Node<'t>, name: Node<'t>) -> Expr {
        if self.text(name) == "class" {
            return match self.qualifier(operand) {
                Some(symbol) => self.expr_at(node, ExprKind::Global(symbol)),
                None => self.expr(operand),
            };
        }
        let (member, name_span) = (self.name(name), self.span(name));
        let Some(owner) = self.qualifier(operand) else {
            let base = Box::new(self.operand(operand));
            return self.expr_at(node, ExprKind::Member { base, name: member, name_span });
        };
        if self.names.is_static_member(&owner.join(&member)) {
            return self.expr_at(node, ExprKind::Global(owner.join(&member)));
        }
        let it: Arc<str> = Arc::from("it");
        let span = self.span(operand);
        let base = Box::new(self.local_at(operand, &it));
        let member = self.expr_at(node, ExprKind::Member { base, name: member, name_span });
        let params = vec![Param::new(Pattern::Bind(it, span, None), Type::Named(owner, Vec::new()))];
        let lambda = Lambda { params, ret: Type::Unknown, body: super::value_block(member) };
        self.expr_at(node, ExprKind::Lambda(Box::new(lambda)))
    }

    /// `::f`.
    pub(super) fn callable_reference(&mut self, node: Node<'t>) -> Expr {
        match self.children_of(node, "identifier").pop() {
            Some(name) => self.identifier(name),
            None => self.not_understood(node),
        }
    }
}
