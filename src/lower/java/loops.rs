//! Loops.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Leaves, Lowerer};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Loop, LoopKind, Op, Stmt, StmtKind};

impl<'t> Lowerer<'t> {
    /// A loop of any kind.
    pub(super) fn repetition(&mut self, node: Node<'t>, label: Option<Arc<str>>) -> Expr {
        let (kind, body) = self.scoped(|lowerer| match node.kind() {
            "while_statement" => {
                let kind = lowerer.condition(node);
                (kind, lowerer.loop_body(node))
            }
            "do_statement" => lowerer.do_loop(node),
            "enhanced_for_statement" => lowerer.each_loop(node),
            _ => lowerer.counted_loop(node),
        });
        self.expr_at(node, ExprKind::Loop(Box::new(Loop { kind, body, label })))
    }

    fn condition(&mut self, node: Node<'t>) -> LoopKind {
        match self.child(node, "condition") {
            Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. } => LoopKind::Infinite,
            cond => LoopKind::While(cond),
        }
    }

    fn loop_body(&mut self, node: Node<'t>) -> Block {
        self.leaves.push(Leaves::Loop);
        let body = node.field("body").map(|body| self.block(body)).unwrap_or_default();
        self.leaves.pop();
        body
    }

    /// `do body while (cond)`: the body is left at its end unless the condition holds.
    fn do_loop(&mut self, node: Node<'t>) -> (LoopKind, Block) {
        let mut body = self.loop_body(node);
        let cond = self.child(node, "condition");
        if matches!(cond.kind, ExprKind::Literal(Literal::Bool(true))) {
            return (LoopKind::Infinite, body);
        }
        let span = cond.span;
        let at = |kind| Expr { kind, span };
        let stmt = |expr| Stmt { kind: StmtKind::Expr(expr), span };
        let then = Block { stmts: vec![stmt(at(ExprKind::Break(None, None)))], tail: None };
        let ends = at(ExprKind::Unary(Op::Not, Box::new(cond)));
        let leave = stmt(at(ExprKind::If { cond: Box::new(ends), then, otherwise: None }));
        let jumps = node.field("body").is_some_and(|body| self.text(body).contains("continue"));
        if jumps {
            // `continue` goes to the condition.
            return (LoopKind::Counted { init: None, cond: None, step: Some(Box::new(leave)) }, body);
        }
        body.stmts.push(leave);
        (LoopKind::Infinite, body)
    }

    fn each_loop(&mut self, node: Node<'t>) -> (LoopKind, Block) {
        let over = self.child(node, "value");
        let pattern = node.field("name").map(|name| self.bind(name));
        let pattern = pattern.unwrap_or(crate::model::ir::Pattern::Wild);
        (LoopKind::Each { pattern, over, keyed: false }, self.loop_body(node))
    }

    fn counted_loop(&mut self, node: Node<'t>) -> (LoopKind, Block) {
        let init = self.clauses(node, "init");
        let cond = node.field("condition").map(|cond| self.expr(cond));
        let step = self.clauses(node, "update");
        let body = self.loop_body(node);
        let endless = matches!(cond, None | Some(Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. }));
        let kind = match (init, step) {
            (None, None) if endless => LoopKind::Infinite,
            (init, step) => LoopKind::Counted { init, cond, step },
        };
        (kind, body)
    }

    /// What is done before or after rounds; several things are one block.
    fn clauses(&mut self, node: Node<'t>, field: &str) -> Option<Box<Stmt>> {
        let mut stmts = Vec::new();
        let nodes = self.fields_of(node, field);
        for clause in &nodes {
            if clause.kind() == "local_variable_declaration" {
                self.stmt(*clause, &mut stmts);
            } else {
                let kind = self.effect(*clause);
                stmts.push(self.stmt_at(*clause, kind));
            }
        }
        if stmts.len() > 1 {
            let first = nodes.first().copied().unwrap_or(node);
            let block = self.expr_at(first, ExprKind::Block(Block { stmts, tail: None }));
            return Some(Box::new(self.stmt_at(first, StmtKind::Expr(block))));
        }
        stmts.pop().map(Box::new)
    }
}
