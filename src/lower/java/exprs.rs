//! Expressions.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Meaning;
use super::{Lowerer, THIS, literals};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Op, Piece, StmtKind, Symbol, Type};

impl<'t> Lowerer<'t> {
    /// An expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> Expr {
        // What is written in parentheses is the same without them.
        let mut node = node;
        while node.kind() == "parenthesized_expression" {
            match self.first_child(node) {
                Some(inner) => node = inner,
                None => return self.fixme(node, Vec::new()),
            }
        }
        self.deeper(|lowerer| lowerer.expr_here(node)).unwrap_or_else(|| self.fixme(node, Vec::new()))
    }

    /// The expression in a field of the grammar.
    pub(super) fn child(&mut self, node: Node<'t>, field: &str) -> Expr {
        match node.field(field) {
            Some(child) => self.expr(child),
            None => self.fixme(node, Vec::new()),
        }
    }

    fn expr_here(&mut self, node: Node<'t>) -> Expr {
        let kind = match node.kind() {
            "identifier" | "type_identifier" => return self.identifier(node),
            "this" => ExprKind::Local(Arc::from(THIS)),
            "super" => return self.parent(node),
            "string_literal" => text(literals::string(self.text(node))),
            "character_literal" => text(literals::character(self.text(node))),
            "decimal_integer_literal" | "hex_integer_literal" | "octal_integer_literal" | "binary_integer_literal" => {
                ExprKind::Literal(Literal::Int(literals::int(self.text(node))))
            }
            "decimal_floating_point_literal" | "hex_floating_point_literal" => {
                ExprKind::Literal(Literal::Float(literals::float(self.text(node))))
            }
            "true" => ExprKind::Literal(Literal::Bool(true)),
            "false" => ExprKind::Literal(Literal::Bool(false)),
            "null_literal" => ExprKind::Literal(Literal::Null),
            "class_literal" => return self.class_literal(node),
            "field_access" => return self.field_access(node),
            "scoped_identifier" | "scoped_type_identifier" | "generic_type" => ExprKind::Global(self.type_name(node)),
            "method_invocation" => return self.call(node),
            "object_creation_expression" => return self.creation(node),
            "array_access" => {
                let base = Box::new(self.child(node, "array"));
                ExprKind::Index { base, index: Box::new(self.child(node, "index")) }
            }
            "array_initializer" | "element_value_array_initializer" => {
                ExprKind::List(self.children(node).into_iter().map(|item| self.expr(item)).collect())
            }
            "array_creation_expression" => match node.field("value") {
                Some(value) => return self.expr(value),
                None => ExprKind::List(Vec::new()),
            },
            "assignment_expression" | "update_expression" => return self.assigned(node),
            "binary_expression" => return self.binary(node),
            "unary_expression" => self.unary(node),
            "instanceof_expression" => return self.instance_of(node),
            "ternary_expression" => self.ternary(node),
            "cast_expression" => self.cast(node),
            "lambda_expression" => ExprKind::Lambda(Box::new(self.lambda(node))),
            "method_reference" => return self.method_reference(node),
            "switch_expression" => return self.switch(node),
            "annotation" | "marker_annotation" => return self.annotation_value(node),
            _ => {
                let understood = self.children(node).into_iter().map(|child| self.expr(child)).collect();
                return self.fixme(node, understood);
            }
        };
        self.expr_at(node, kind)
    }

    fn identifier(&mut self, node: Node<'t>) -> Expr {
        match self.names.value(self.text(node)) {
            Meaning::Local(name) => self.expr_at(node, ExprKind::Local(name)),
            Meaning::Global(symbol) => self.expr_at(node, ExprKind::Global(symbol)),
            Meaning::Own(owner) => self.own_member(node, owner),
        }
    }

    /// A field or method of `this`, or of an object of a class around it.
    pub(super) fn own_member(&mut self, name_node: Node<'t>, owner: Option<Symbol>) -> Expr {
        let this = self.expr_at(name_node, ExprKind::Local(Arc::from(THIS)));
        let base = match owner {
            Some(owner) => {
                let kind = ExprKind::Cast(Type::Named(owner, Vec::new()), Box::new(this));
                self.expr_at(name_node, kind)
            }
            None => this,
        };
        let (name, name_span) = (self.name(name_node), self.span(name_node));
        self.expr_at(name_node, ExprKind::Member { base: Box::new(base), name, name_span })
    }

    /// `super`: `this`, seen as what its class extends.
    fn parent(&mut self, node: Node<'t>) -> Expr {
        let this = self.expr_at(node, ExprKind::Local(Arc::from(THIS)));
        match self.parents.last().cloned().flatten() {
            Some(parent) => self.expr_at(node, ExprKind::Cast(parent, Box::new(this))),
            None => this,
        }
    }

    /// `T.class` is the type. What the IR has as no name (text, numbers, trees) is said as the argument of
    /// `Class<T>`.
    fn class_literal(&mut self, node: Node<'t>) -> Expr {
        let Some(inner) = self.first_child(node) else { return self.fixme(node, Vec::new()) };
        let is_array = inner.kind() == "array_type" && !self.text(inner).starts_with("byte");
        let named = if is_array { inner.field("element").unwrap_or(inner) } else { inner };
        let kind = match self.ty(named) {
            Type::Named(symbol, _) => ExprKind::Global(symbol),
            other => {
                // A class without its arguments may hold anything.
                let ty = match other {
                    Type::Map(_) => Type::Dynamic,
                    Type::List(_) => Type::List(Box::new(Type::Dynamic)),
                    other => other,
                };
                let class = Type::Named(Symbol::new("java::lang::Class"), vec![ty]);
                ExprKind::Construct { ty: Some(class), fields: Vec::new(), spread: None }
            }
        };
        let ty = self.expr_at(named, kind);
        // The class of an array is that of a list of it.
        if is_array { self.expr_at(node, ExprKind::List(vec![ty])) } else { Expr { span: self.span(node), ..ty } }
    }

    /// `a.b`: a field of a value, a static member, or a name with its package.
    fn field_access(&mut self, node: Node<'t>) -> Expr {
        if let Some(symbol) = self.qualified_name(node) {
            return self.expr_at(node, ExprKind::Global(symbol));
        }
        let (Some(object), Some(field)) = (node.field("object"), node.field("field")) else {
            return self.fixme(node, Vec::new());
        };
        // `Outer.this`
        if field.kind() == "this" {
            let this = Box::new(self.expr_at(node, ExprKind::Local(Arc::from(THIS))));
            let outer = Type::Named(self.type_name(object), Vec::new());
            return self.expr_at(node, ExprKind::Cast(outer, this));
        }
        let base = Box::new(self.expr(object));
        let (name, name_span) = (self.name(field), self.span(field));
        self.expr_at(node, ExprKind::Member { base, name, name_span })
    }

    /// What a chain of names stands for, if it is a type or a static member of one.
    pub(super) fn qualified_name(&self, node: Node<'_>) -> Option<Symbol> {
        let mut parts = Vec::new();
        let mut next = node;
        while next.kind() == "field_access" {
            let field = next.field("field").filter(|field| field.kind() == "identifier")?;
            parts.push(self.text(field));
            next = next.field("object")?;
        }
        if next.kind() != "identifier" {
            return None;
        }
        parts.push(self.text(next));
        parts.reverse();
        self.names.qualified(&parts).filter(|symbol| is_static_path(symbol, &parts))
    }

    /// An assignment as a value: it is made, and gives what was set.
    fn assigned(&mut self, node: Node<'t>) -> Expr {
        let kind = self.effect(node);
        let StmtKind::Assign { target, .. } = &kind else { return self.fixme(node, Vec::new()) };
        // What is no plain place is not said twice: it might hold the same again.
        let tail = is_place(target).then(|| Box::new(target.clone()));
        let stmts = vec![self.stmt_at(node, kind)];
        self.expr_at(node, ExprKind::Block(Block { stmts, tail }))
    }

    fn unary(&mut self, node: Node<'t>) -> ExprKind {
        let sign = node.field("operator").map_or("", |sign| self.text(sign));
        let inner = self.child(node, "operand");
        match (sign, &inner.kind) {
            ("-", ExprKind::Literal(Literal::Int(number))) => ExprKind::Literal(Literal::Int(number.saturating_neg())),
            ("-", ExprKind::Literal(Literal::Float(number))) => ExprKind::Literal(Literal::Float(-number)),
            ("-", _) => ExprKind::Unary(Op::Neg, Box::new(inner)),
            ("+", _) => inner.kind,
            ("!", _) => ExprKind::Unary(Op::Not, Box::new(inner)),
            _ => ExprKind::Unary(Op::Other, Box::new(inner)),
        }
    }

    /// Operators of the same strength lean to the left: `a + b + c` nests on its left side, which is
    /// gone through here, not entered. A sum with text in it is text.
    fn binary(&mut self, node: Node<'t>) -> Expr {
        let mut operands = Vec::new();
        let mut next = node;
        while next.kind() == "binary_expression" {
            let sign = next.field("operator").map_or("", |sign| self.text(sign));
            operands.push((next, op(sign), next.field("right")));
            match next.field("left") {
                Some(left) => next = left,
                None => break,
            }
        }
        let mut whole = self.expr(next);
        let is_text = |lowerer: &Self, node: Option<Node<'_>>| {
            node.is_some_and(|node| node.kind() == "string_literal" && !lowerer.text(node).is_empty())
        };
        let sum = operands.iter().all(|(_, op, _)| *op == Op::Add);
        let has_text = is_text(self, Some(next)) || operands.iter().any(|(_, _, right)| is_text(self, *right));
        if sum && has_text && operands.len() > 1 {
            return self.concatenation(
                node,
                whole,
                operands.into_iter().rev().filter_map(|(.., right)| right).collect(),
            );
        }
        if operands.len() > MAX_OPERANDS {
            return self.fixme(node, vec![whole]);
        }
        for (at, op, right) in operands.into_iter().rev() {
            let right = match right {
                Some(right) => self.expr(right),
                None => self.fixme(at, Vec::new()),
            };
            whole = self.expr_at(at, ExprKind::Binary(op, Box::new(whole), Box::new(right)));
        }
        whole
    }

    /// Text put together of several parts.
    fn concatenation(&mut self, node: Node<'t>, first: Expr, rest: Vec<Node<'t>>) -> Expr {
        let mut pieces = vec![piece(first)];
        for part in rest {
            pieces.push(piece(self.expr(part)));
        }
        self.expr_at(node, ExprKind::Template(pieces))
    }

    fn ternary(&mut self, node: Node<'t>) -> ExprKind {
        let cond = Box::new(self.child(node, "condition"));
        let then = valued(self.child(node, "consequence"));
        let otherwise = Some(valued(self.child(node, "alternative")));
        ExprKind::If { cond, then, otherwise }
    }

    fn cast(&mut self, node: Node<'t>) -> ExprKind {
        let ty = self.fields_of(node, "type").first().map(|ty| self.ty(*ty)).unwrap_or_default();
        let value = self.child(node, "value");
        ExprKind::Cast(ty, Box::new(value))
    }
}

/// Operators in a row that are taken as they stand; each nests the IR by one.
const MAX_OPERANDS: usize = 100;

/// A block that only gives a value.
fn valued(value: Expr) -> Block {
    Block { stmts: Vec::new(), tail: Some(Box::new(value)) }
}

fn piece(value: Expr) -> Piece {
    match value.kind {
        ExprKind::Literal(Literal::Str(text)) => Piece::Text(text, value.span),
        _ => Piece::Hole(value),
    }
}

fn text(text: String) -> ExprKind {
    ExprKind::Literal(Literal::Str(Arc::from(text)))
}

/// Whether all that follows a type in a chain of names can be static: `A.B.c` is `c` of the class `B`,
/// `A.INSTANCE.c` and `A.b.c` are fields of values.
fn is_static_path(symbol: &Symbol, parts: &[&str]) -> bool {
    let members = symbol.as_str().split("::").count().min(parts.len());
    let first_type = parts.iter().position(|part| super::names::is_type_name(part)).unwrap_or(0);
    let between = parts.get(first_type + 1..members.saturating_sub(1).max(first_type + 1)).unwrap_or_default();
    between.iter().all(|part| super::names::is_type_name(part))
}

/// An operator by its sign.
pub(super) fn op(sign: &str) -> Op {
    match sign {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "==" => Op::Eq,
        "!=" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "&&" => Op::And,
        "||" => Op::Or,
        _ => Op::Other,
    }
}

/// Whether an expression is a variable, or a field of one.
fn is_place(expr: &Expr) -> bool {
    let mut expr = expr;
    while let ExprKind::Member { base, .. } = &expr.kind {
        expr = base;
    }
    matches!(expr.kind, ExprKind::Local(_) | ExprKind::Global(_))
}
