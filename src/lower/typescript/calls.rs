//! Calls, and what looks like one.

use std::sync::Arc;

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use crate::model::ir::{Arg, Expr, ExprKind, Literal, Op, Type};

impl Lowerer<'_> {
    /// `f(a, ...b)`.
    pub(super) fn call(&mut self, node: &js::CallExpression<'_>) -> ExprKind {
        if let Some((symbol, _)) = self.required_by(node) {
            return ExprKind::Global(symbol);
        }
        if let Some(kind) = self.promised(node).or_else(|| self.rebound(node)) {
            return kind;
        }
        let callee = match &node.callee {
            js::Expression::Super(parent) => {
                let base = self.super_value(parent.span);
                let base = Box::new(self.expr_at(&**parent, base));
                let name = Arc::from("constructor");
                let kind = ExprKind::Member { base, name, name_span: self.place(parent.span) };
                self.expr_at(&**parent, kind)
            }
            callee => self.expr(callee),
        };
        let type_args = self.type_args(node.type_arguments.as_deref());
        let args = self.args(&node.arguments);
        ExprKind::Call { callee: Box::new(callee), type_args, args }
    }

    pub(super) fn args(&mut self, nodes: &[js::Argument<'_>]) -> Vec<Arg> {
        let mut args = Vec::with_capacity(nodes.len());
        for node in nodes {
            let value = match node {
                js::Argument::SpreadElement(spread) => self.spread(spread),
                other => match other.as_expression() {
                    Some(value) => self.expr(value),
                    None => continue,
                },
            };
            args.push(Arg { name: None, value });
        }
        args
    }

    /// `new T(a)`.
    pub(super) fn new_object(&mut self, node: &js::NewExpression<'_>) -> ExprKind {
        if self.is_platform(&node.callee, "Promise")
            && let Some(kind) = self.new_promise(node)
        {
            return kind;
        }
        let callee = Box::new(self.expr(&node.callee));
        let type_args = self.type_args(node.type_arguments.as_deref());
        let args = self.args(&node.arguments);
        ExprKind::Call { callee, type_args, args }
    }

    /// Whether an expression is a name of the platform.
    pub(super) fn is_platform(&self, node: &js::Expression<'_>, wanted: &str) -> bool {
        matches!(node, js::Expression::Identifier(name) if name.name == wanted && !self.names.is_declared(wanted))
    }

    /// Functions of `Promise` that only pass values on: promises are left out of values.
    fn promised(&mut self, node: &js::CallExpression<'_>) -> Option<ExprKind> {
        let js::Expression::StaticMemberExpression(member) = &node.callee else { return None };
        if !self.is_platform(&member.object, "Promise") {
            return None;
        }
        let argument = node.arguments.first().and_then(js::Argument::as_expression);
        match (member.property.name.as_str(), argument) {
            ("resolve", Some(value)) => Some(self.expr(value).kind),
            ("resolve", None) => Some(ExprKind::Literal(Literal::Null)),
            ("reject", error) => Some(ExprKind::Throw(error.map(|error| self.expr(error)).into_iter().collect())),
            ("all", Some(js::Expression::ArrayExpression(array))) => Some(match self.array(array) {
                ExprKind::List(items) if !items.iter().any(|item| matches!(item.kind, ExprKind::Spread(_))) => {
                    ExprKind::Tuple(items)
                }
                other => other,
            }),
            ("all", Some(list)) => Some(self.expr(list).kind),
            ("race" | "any", Some(js::Expression::ArrayExpression(array))) => {
                let ExprKind::List(items) = self.array(array) else { return None };
                let either = |left: Expr, right: Expr| {
                    let span = left.span.to(right.span);
                    Expr { kind: ExprKind::Binary(Op::Coalesce, Box::new(left), Box::new(right)), span }
                };
                Some(items.into_iter().reduce(either)?.kind)
            }
            _ => None,
        }
    }

    /// `f.bind(this)` is `f`; so is `promisify(f)`, whose callback is left out.
    fn rebound(&mut self, node: &js::CallExpression<'_>) -> Option<ExprKind> {
        if let js::Expression::StaticMemberExpression(member) = &node.callee
            && member.property.name == "bind"
            && node.arguments.len() == 1
        {
            return Some(self.expr(&member.object).kind);
        }
        let (symbol, _) = self.path(&node.callee)?;
        let function = node.arguments.first()?.as_expression()?;
        (symbol.as_str() == "util::promisify").then(|| self.expr(function).kind)
    }

    /// `` tag`text ${hole}` ``.
    pub(super) fn tagged(&mut self, node: &js::TaggedTemplateExpression<'_>) -> ExprKind {
        let callee = Box::new(self.expr(&node.tag));
        let type_args = self.type_args(node.type_arguments.as_deref());
        let text = self.template(&node.quasi);
        let value = self.expr_at(&node.quasi, text);
        ExprKind::Call { callee, type_args, args: vec![Arg { name: None, value }] }
    }

    /// Explicit type arguments.
    pub(super) fn type_args(&mut self, node: Option<&js::TSTypeParameterInstantiation<'_>>) -> Vec<Type> {
        node.into_iter().flat_map(|node| &node.params).map(|ty| self.ty(ty)).collect()
    }

    /// A call of a function value without arguments: what handlers of events get is not known.
    pub(super) fn called(&self, node: &impl GetSpan, callee: Expr) -> Expr {
        let kind = ExprKind::Call { callee: Box::new(callee), type_args: Vec::new(), args: Vec::new() };
        self.expr_at(node, kind)
    }
}
