//! `new Promise(..)`: its value is whatever its function gives to the first of its parameters.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::{Block, Expr, ExprKind, Global, Lambda, Param, Pattern, Stmt, StmtKind, Symbol, Type};
use crate::model::source::Span;

impl Lowerer<'_> {
    /// A promise becomes a block: the two functions are declared, the code runs with them, and what was
    /// given to the first one is the value. That is kept in a variable of the module, for it is set by
    /// functions that others call.
    pub(super) fn new_promise(&mut self, node: &js::NewExpression<'_>) -> Option<ExprKind> {
        let executor = node.arguments.first()?.as_expression()?;
        let params = match executor {
            js::Expression::ArrowFunctionExpression(arrow) => &arrow.params,
            js::Expression::FunctionExpression(function) => &function.params,
            _ => return None,
        };
        let names: Vec<(Arc<str>, Span)> = params.items.iter().filter_map(|param| self.plain_name(param)).collect();
        let span = self.place(node.span);
        let kept = self.module.name.join(&format!("<promise {}>", node.span.start));
        let ty = self.type_args(node.type_arguments.as_deref()).into_iter().next().unwrap_or_default();
        self.module.globals.push(Global { symbol: kept.clone(), ty, value: None, span });
        let mut stmts = Vec::new();
        let body = self.scoped(|lowerer| {
            for (at, (name, name_span)) in names.iter().enumerate() {
                lowerer.names.declare(name);
                let lambda = if at == 0 { resolves(&kept, span) } else { rejects(span) };
                let value = Some(Expr { kind: lambda, span: *name_span });
                let pattern = Pattern::Bind(Arc::clone(name), *name_span, None);
                stmts
                    .push(Stmt { kind: StmtKind::Let { pattern, ty: None, value, otherwise: None }, span: *name_span });
            }
            match executor {
                js::Expression::ArrowFunctionExpression(arrow) => lowerer.arrow_body(arrow),
                js::Expression::FunctionExpression(function) => {
                    function.body.as_ref().map(|body| lowerer.function_body(body)).unwrap_or_default()
                }
                _ => Block::default(),
            }
        });
        // The function's own `return` leaves only itself.
        let lambda = ExprKind::Lambda(Box::new(Lambda { params: Vec::new(), ret: Type::Unknown, body }));
        let lambda = Expr { kind: lambda, span: self.span(executor) };
        let run = ExprKind::Call { callee: Box::new(lambda), type_args: Vec::new(), args: Vec::new() };
        let run = Expr { kind: run, span };
        stmts.push(Stmt { kind: StmtKind::Expr(run), span });
        let tail = Expr { kind: ExprKind::Global(kept), span };
        Some(ExprKind::Block(Block { stmts, tail: Some(Box::new(tail)) }))
    }

    fn plain_name(&self, param: &js::FormalParameter<'_>) -> Option<(Arc<str>, Span)> {
        match &param.pattern {
            js::BindingPattern::BindingIdentifier(id) => Some((Arc::from(id.name.as_str()), self.place(id.span))),
            _ => None,
        }
    }
}

/// `(value) => { kept = value }`.
fn resolves(kept: &Symbol, span: Span) -> ExprKind {
    let name: Arc<str> = Arc::from("value");
    let target = Expr { kind: ExprKind::Global(kept.clone()), span };
    let value = Expr { kind: ExprKind::Local(Arc::clone(&name)), span };
    let body = Block { stmts: vec![Stmt { kind: StmtKind::Assign { target, op: None, value }, span }], tail: None };
    let params = vec![Param::new(Pattern::Bind(name, span, None), Type::Unknown)];
    ExprKind::Lambda(Box::new(Lambda { params, ret: Type::Unknown, body }))
}

/// `(error) => {}`: who waits gets the error, which is left out of values.
fn rejects(span: Span) -> ExprKind {
    let params = vec![Param::new(Pattern::Bind(Arc::from("error"), span, None), Type::Unknown)];
    ExprKind::Lambda(Box::new(Lambda { params, ret: Type::Unknown, body: Block::default() }))
}
