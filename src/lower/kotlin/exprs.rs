//! Expressions.

use tree_sitter::Node;

use super::{Lowerer, literals};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Literal, Op, Pattern, Type};

impl<'t> Lowerer<'t> {
    /// An expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> Expr {
        let sign = self.sign_of_chain(node);
        let value = self.chained(node);
        match sign {
            Some(sign) => self.expr_at(node, ExprKind::Unary(sign, Box::new(value))),
            None => value,
        }
    }

    /// An expression without a sign that stands before a chain of calls.
    pub(super) fn chained(&mut self, node: Node<'t>) -> Expr {
        // What is written in parentheses, or said not to be null, is the same without.
        let mut node = node;
        loop {
            let inner = match node.kind() {
                "parenthesized_expression" => self.first_child(node),
                "annotated_expression" => self.last_child(node),
                "unary_expression" if self.has_token(node, "!!") => node.field("argument"),
                _ => break,
            };
            match inner {
                // A sign inside of parentheses is its own.
                Some(inner) if self.sign_of_chain(inner).is_some() => return self.expr(inner),
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
            "identifier" => return self.identifier(node),
            "this_expression" => return self.this(node),
            "super_expression" => return self.super_object(node),
            "string_literal" | "multiline_string_literal" => return self.string(node),
            "character_literal" => self.character(node),
            "number_literal" => ExprKind::Literal(Literal::Int(literals::int(self.text(node)))),
            "float_literal" => ExprKind::Literal(Literal::Float(literals::float(self.text(node)))),
            "navigation_expression" => return self.navigation(node),
            "call_expression" => return self.call(node),
            "callable_reference" => return self.callable_reference(node),
            "index_expression" => self.index(node),
            "unary_expression" => return self.unary(node),
            "binary_expression" => self.binary(node),
            "infix_expression" => self.infix(node),
            "range_expression" => ExprKind::Tuple(self.each(node)),
            "in_expression" => {
                let sides = (Box::new(self.child(node, "left")), Box::new(self.child(node, "right")));
                ExprKind::Binary(Op::Other, sides.0, sides.1)
            }
            "is_expression" => {
                let value = Box::new(self.child(node, "left"));
                let ty = node.field("right").map(|ty| self.ty(ty)).unwrap_or_default();
                let test = ExprKind::Matches(Pattern::Typed(ty, None), value);
                if self.has_token(node, "!is") {
                    let test = Box::new(self.expr_at(node, test));
                    ExprKind::Unary(Op::Not, test)
                } else {
                    test
                }
            }
            "as_expression" => {
                let value = Box::new(self.child(node, "left"));
                ExprKind::Cast(node.field("right").map(|ty| self.ty(ty)).unwrap_or_default(), value)
            }
            "if_expression" => self.if_expression(node),
            "when_expression" => self.when(node),
            "try_expression" => self.try_expression(node),
            "return_expression" => self.returned(node),
            "throw_expression" => ExprKind::Throw(self.each(node)),
            "labeled_expression" => return self.labelled(node),
            "lambda_literal" => return self.lambda(node, false),
            "anonymous_function" => ExprKind::Lambda(Box::new(self.inner_function(node))),
            "object_literal" => self.object_literal(node),
            "collection_literal" => ExprKind::List(self.each(node)),
            "spread_expression" => match self.first_child(node) {
                Some(inner) => ExprKind::Spread(Box::new(self.expr(inner))),
                None => return self.fixme(node, Vec::new()),
            },
            "assignment"
            | "property_declaration"
            | "for_statement"
            | "while_statement"
            | "do_while_statement"
            | "function_declaration"
            | "class_declaration"
            | "object_declaration" => {
                return self.statement_value(node);
            }
            _ => return self.not_understood(node),
        };
        self.expr_at(node, kind)
    }

    /// All expressions in a node.
    fn each(&mut self, node: Node<'t>) -> Vec<Expr> {
        self.children(node).into_iter().map(|child| self.expr(child)).collect()
    }

    /// A node that has no meaning here: what is understood inside is kept.
    pub(super) fn not_understood(&mut self, node: Node<'t>) -> Expr {
        let mut understood = Vec::new();
        for child in self.children(node) {
            let is_value = child.kind().ends_with("_expression") || child.kind().ends_with("_literal");
            if is_value {
                understood.push(self.expr(child));
            }
        }
        self.fixme(node, understood)
    }

    fn index(&mut self, node: Node<'t>) -> ExprKind {
        let children = self.children(node);
        let mut parts = children.into_iter();
        let Some(base) = parts.next() else { return ExprKind::Fixme(Vec::new()) };
        let base = Box::new(self.operand(base));
        match parts.next() {
            Some(index) => ExprKind::Index { base, index: Box::new(self.expr(index)) },
            None => base.kind,
        }
    }

    fn unary(&mut self, node: Node<'t>) -> Expr {
        if let Some(step) = self.step(node) {
            let stmts = vec![self.stmt_at(node, step)];
            return self.expr_at(node, ExprKind::Block(Block { stmts, tail: None }));
        }
        let sign = node.field("operator").map_or("", |sign| self.text(sign));
        let inner = self.child(node, "argument");
        let kind = match (sign, inner.kind) {
            ("-", ExprKind::Literal(Literal::Int(number))) => ExprKind::Literal(Literal::Int(number.saturating_neg())),
            ("-", ExprKind::Literal(Literal::Float(number))) => ExprKind::Literal(Literal::Float(-number)),
            ("+", kind) => kind,
            (sign, kind) => {
                let op = match sign {
                    "-" => Op::Neg,
                    "!" => Op::Not,
                    _ => Op::Other,
                };
                ExprKind::Unary(op, Box::new(Expr { kind, span: inner.span }))
            }
        };
        self.expr_at(node, kind)
    }

    fn binary(&mut self, node: Node<'t>) -> ExprKind {
        if let Some(call) = self.call_read_as_comparison(node) {
            return call;
        }
        let sign = node.field("operator").map_or("", |sign| self.text(sign));
        let (left, right) = (self.child(node, "left"), self.child(node, "right"));
        ExprKind::Binary(op(sign), Box::new(left), Box::new(right))
    }

    /// `client.get<Profile>(url)` is read by the grammar as two comparisons: `client.get < Profile > (url)`.
    fn call_read_as_comparison(&mut self, node: Node<'t>) -> Option<ExprKind> {
        let part = |node: Node<'t>, name: &str| node.field(name);
        let sign = |lowerer: &Self, node: Node<'t>| part(node, "operator").map(|sign| lowerer.text(sign));
        let (inner, given) = (part(node, "left")?, part(node, "right")?);
        let is_one = sign(self, node) == Some(">")
            && inner.kind() == "binary_expression"
            && sign(self, inner) == Some("<")
            && given.kind() == "parenthesized_expression";
        let (callee, ty) = (part(inner, "left").filter(|_| is_one)?, part(inner, "right")?);
        let name = self.text(ty);
        if ty.kind() != "identifier" || !name.starts_with(char::is_uppercase) {
            return None;
        }
        let type_args = vec![Type::Named(self.names.ty(name), Vec::new())];
        let callee = Box::new(self.callee(callee));
        let args = self.each(given).into_iter().map(|value| Arg { name: None, value }).collect();
        Some(ExprKind::Call { callee, type_args, args })
    }

    /// `a to b` is a pair; any other function between two values is a method of the first.
    fn infix(&mut self, node: Node<'t>) -> ExprKind {
        let [left, name, right] = *self.children(node) else { return ExprKind::Fixme(self.each(node)) };
        let (base, value) = (self.expr(left), self.expr(right));
        if self.text(name) == "to" {
            return ExprKind::Tuple(vec![base, value]);
        }
        let callee = ExprKind::Member { base: Box::new(base), name: self.name(name), name_span: self.span(name) };
        let callee = Box::new(self.expr_at(node, callee));
        ExprKind::Call { callee, type_args: Vec::new(), args: vec![Arg { name: None, value }] }
    }
}

/// An operator by its sign.
pub(super) fn op(sign: &str) -> Op {
    match sign {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "==" | "===" => Op::Eq,
        "!=" | "!==" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "&&" => Op::And,
        "||" => Op::Or,
        "?:" => Op::Coalesce,
        _ => Op::Other,
    }
}
