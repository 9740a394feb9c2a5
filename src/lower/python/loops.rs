//! Loops.

use std::sync::Arc;

use ruff_python_ast as ast;

use super::Lowerer;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Loop, LoopKind, Op, Pattern, Stmt, StmtKind};

impl Lowerer<'_> {
    /// `while c: .. else: ..`.
    pub(super) fn while_statement(&mut self, repeat: &ast::StmtWhile, stmts: &mut Vec<Stmt>) {
        let kind = match self.cond(&repeat.test) {
            Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. } => LoopKind::Infinite,
            Expr { kind: ExprKind::Literal(Literal::Int(number)), .. } if number != 0 => LoopKind::Infinite,
            cond => LoopKind::While(cond),
        };
        let body = self.block(&repeat.body);
        self.repeated(repeat, kind, body, stmts);
        self.otherwise_after(&repeat.orelse, stmts);
    }

    /// `for x in y: .. else: ..`.
    pub(super) fn for_statement(&mut self, each: &ast::StmtFor, stmts: &mut Vec<Stmt>) {
        let (kind, mut first) = self.going_through(&each.target, &each.iter);
        let mut body = self.block(&each.body);
        first.append(&mut body.stmts);
        self.repeated(each, kind, Block { stmts: first, tail: None }, stmts);
        self.otherwise_after(&each.orelse, stmts);
    }

    fn repeated(&mut self, node: &impl ruff_text_size::Ranged, kind: LoopKind, body: Block, stmts: &mut Vec<Stmt>) {
        let repeated = self.expr_at(node, ExprKind::Loop(Box::new(Loop { kind, body, label: None })));
        stmts.push(self.stmt_at(node, StmtKind::Expr(repeated)));
    }

    /// The `else` of a loop runs unless the loop was left by `break`: perhaps.
    fn otherwise_after(&mut self, body: &[ast::Stmt], stmts: &mut Vec<Stmt>) {
        let Some(first) = body.first() else { return };
        let then = self.block(body);
        let unknown = Box::new(self.expr_at(first, ExprKind::Fixme(Vec::new())));
        let choice = self.expr_at(first, ExprKind::If { cond: unknown, then, otherwise: None });
        stmts.push(self.stmt_at(first, StmtKind::Expr(choice)));
    }

    /// How a loop goes through something, and what it does first in each round. What only counts, or
    /// goes through several things together, is taken apart.
    pub(super) fn going_through(&mut self, target: &ast::Expr, over: &ast::Expr) -> (LoopKind, Vec<Stmt>) {
        if let Some(kind) = self.counting(target, over) {
            return (kind, Vec::new());
        }
        if let Some(zipped) = self.zipped(target, over) {
            return zipped;
        }
        if let Some(base) = self.keyed(target, over) {
            let over = self.expr(base);
            return (LoopKind::Each { pattern: self.target(target), over, keyed: true }, Vec::new());
        }
        let over = self.expr(over);
        (LoopKind::Each { pattern: self.target(target), over, keyed: false }, Vec::new())
    }

    /// `for i in range(n)`.
    fn counting(&mut self, target: &ast::Expr, over: &ast::Expr) -> Option<LoopKind> {
        let (ast::Expr::Name(name), ast::Expr::Call(call)) = (target, over) else { return None };
        let is_plain = call.arguments.keywords.is_empty() && self.is_builtin_call(call, "range");
        let args = &call.arguments.args;
        let (start, end, step) = match &args[..] {
            [end] if is_plain => (None, end, None),
            [start, end] if is_plain => (Some(start), end, None),
            [start, end, step] if is_plain => (Some(start), end, Some(step)),
            _ => return None,
        };
        let number = |lowerer: &mut Self, given: Option<&ast::Expr>, default| match given {
            Some(given) => lowerer.expr(given),
            None => lowerer.expr_at(call, ExprKind::Literal(Literal::Int(default))),
        };
        let (start, end, step) = (number(self, start, 0), self.expr(end), number(self, step, 1));
        let is_down = matches!(&step.kind, ExprKind::Literal(Literal::Int(number)) if *number < 0);
        let pattern = self.target(target);
        let counter = self.expr_at(name, ExprKind::Local(Arc::from(name.id.as_str())));
        let init = StmtKind::Let { pattern, ty: None, value: Some(start), otherwise: None };
        let reached = if is_down { Op::Gt } else { Op::Lt };
        let cond = ExprKind::Binary(reached, Box::new(counter.clone()), Box::new(end));
        let step = StmtKind::Assign { target: counter, op: Some(Op::Add), value: step };
        Some(LoopKind::Counted {
            init: Some(Box::new(self.stmt_at(target, init))),
            cond: Some(self.expr_at(over, cond)),
            step: Some(Box::new(self.stmt_at(over, step))),
        })
    }

    /// What `for k, v in d.items()` and `for i, x in enumerate(l)` go through.
    fn keyed<'t>(&self, target: &ast::Expr, over: &'t ast::Expr) -> Option<&'t ast::Expr> {
        let (ast::Expr::Tuple(names), ast::Expr::Call(call)) = (target, over) else { return None };
        if names.elts.len() != 2 {
            return None;
        }
        match (&*call.func, &call.arguments.args[..]) {
            // A copy, in some order.
            (ast::Expr::Name(name), [inner, ..])
                if matches!(name.id.as_str(), "list" | "tuple" | "sorted" | "reversed") =>
            {
                self.keyed(target, inner)
            }
            (ast::Expr::Attribute(method), []) if method.attr.as_str() == "items" => Some(&method.value),
            (_, [first, ..]) if self.is_builtin_call(call, "enumerate") => Some(first),
            _ => None,
        }
    }

    /// `for a, b in zip(x, y)`: through `x`, with an element of `y` each time.
    fn zipped(&mut self, target: &ast::Expr, over: &ast::Expr) -> Option<(LoopKind, Vec<Stmt>)> {
        let (ast::Expr::Tuple(names), ast::Expr::Call(call)) = (target, over) else { return None };
        let lists = &call.arguments.args;
        if names.elts.len() != lists.len() || !self.is_builtin_call(call, "zip") {
            return None;
        }
        let lists: Vec<Expr> = lists.iter().map(|list| self.expr(list)).collect();
        let mut parts = names.elts.iter().zip(lists);
        let (name, over) = parts.next()?;
        let kind = LoopKind::Each { pattern: self.target(name), over, keyed: false };
        let mut first = Vec::new();
        for (name, list) in parts {
            let any = Box::new(self.expr_at(name, ExprKind::Literal(Literal::Int(0))));
            let value = Some(self.expr_at(name, ExprKind::Index { base: Box::new(list), index: any }));
            let pattern: Pattern = self.target(name);
            first.push(self.stmt_at(name, StmtKind::Let { pattern, ty: None, value, otherwise: None }));
        }
        Some((kind, first))
    }

    /// Whether a call is one of a function of the language.
    pub(super) fn is_builtin_call(&self, call: &ast::ExprCall, name: &str) -> bool {
        let ast::Expr::Name(function) = &*call.func else { return false };
        function.id.as_str() == name
            && self.path(&call.func).is_some_and(|symbol| symbol.as_str().starts_with("builtins::"))
    }
}
