//! Statements, and lists of them.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Leaves, Lowerer, declared};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Catch, Expr, ExprKind, Op, Pattern, Stmt, StmtKind, Type};

/// The label of a `yield` that leaves a `switch` with a value, until it becomes the value of its arm.
pub(super) const YIELD: &str = "yield";

impl<'t> Lowerer<'t> {
    /// A block, or a single statement, in a scope of its own.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        self.scoped(|lowerer| match node.kind() {
            "block" | "constructor_body" => {
                let nodes = lowerer.children(node);
                lowerer.statements(&nodes)
            }
            _ => lowerer.statements(&[node]),
        })
    }

    /// Statements in the scope that is open.
    pub(super) fn statements(&mut self, nodes: &[Node<'t>]) -> Block {
        let mut stmts = Vec::new();
        for node in nodes {
            self.stmt(*node, &mut stmts);
        }
        Block { stmts, tail: None }
    }

    /// One statement; some are several in the IR.
    pub(super) fn stmt(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        if self.deeper(|lowerer| lowerer.stmt_here(node, stmts)).is_none() {
            let fixme = self.fixme(node, Vec::new());
            stmts.push(self.stmt_at(node, StmtKind::Expr(fixme)));
        }
    }

    fn stmt_here(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let kind = match node.kind() {
            "local_variable_declaration" => return self.variables(node, stmts),
            "expression_statement" => match self.first_child(node) {
                Some(inner) => self.effect(inner),
                None => return,
            },
            _ if declared::is_type(node) => return self.local_type(node),
            "labeled_statement" => return self.labelled(node, stmts),
            _ => StmtKind::Expr(self.structured(node)),
        };
        stmts.push(self.stmt_at(node, kind));
    }

    /// A statement that is an expression in the IR.
    fn structured(&mut self, node: Node<'t>) -> Expr {
        let kind = match node.kind() {
            "block" | "constructor_body" => ExprKind::Block(self.block(node)),
            "if_statement" => return self.if_statement(node),
            "while_statement" | "do_statement" | "for_statement" | "enhanced_for_statement" => {
                return self.repetition(node, None);
            }
            "switch_expression" | "switch_statement" => return self.switch(node),
            "return_statement" => ExprKind::Return(self.first_child(node).map(|value| Box::new(self.expr(value)))),
            "throw_statement" => {
                ExprKind::Throw(self.children(node).into_iter().map(|value| self.expr(value)).collect())
            }
            "break_statement" => return self.leave(node),
            "continue_statement" => ExprKind::Continue(self.label(node)),
            "yield_statement" => {
                let value = self.first_child(node).map(|value| Box::new(self.expr(value)));
                ExprKind::Break(Some(Arc::from(YIELD)), value)
            }
            "try_statement" | "try_with_resources_statement" => return self.try_statement(node),
            "synchronized_statement" => match node.field("body") {
                Some(body) => ExprKind::Block(self.block(body)),
                None => return self.fixme(node, Vec::new()),
            },
            "assert_statement" => match self.first_child(node) {
                Some(cond) => return self.expr(cond),
                None => return self.fixme(node, Vec::new()),
            },
            "explicit_constructor_invocation" => return self.constructor_call(node),
            _ => return self.expr(node),
        };
        self.expr_at(node, kind)
    }

    /// An expression that stands as a statement.
    pub(super) fn effect(&mut self, node: Node<'t>) -> StmtKind {
        match node.kind() {
            "assignment_expression" => self.assignment(node),
            "update_expression" => self.update(node),
            _ => StmtKind::Expr(self.expr(node)),
        }
    }

    /// `T a = 1, b;`
    fn variables(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        for declarator in self.fields_of(node, "declarator") {
            let Some(name) = declarator.field("name") else { continue };
            let ty = self.declared_ty(node, declarator);
            let value = declarator.field("value").map(|value| self.initial_value(value));
            let pattern = self.bind(name);
            let ty = (ty != Type::Unknown).then_some(ty);
            stmts.push(self.stmt_at(declarator, StmtKind::Let { pattern, ty, value, otherwise: None }));
        }
    }

    /// `a = b`, `a += b`.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> StmtKind {
        let target = self.child(node, "left");
        let value = self.child(node, "right");
        let sign = node.field("operator").map_or("=", |sign| self.text(sign));
        let op = sign.strip_suffix('=').filter(|op| !op.is_empty()).map(super::exprs::op);
        StmtKind::Assign { target, op, value }
    }

    /// `i++`.
    pub(super) fn update(&mut self, node: Node<'t>) -> StmtKind {
        let target = match self.first_child(node) {
            Some(target) => self.expr(target),
            None => self.fixme(node, Vec::new()),
        };
        let op = if self.text(node).contains("++") { Op::Add } else { Op::Sub };
        let value = self.expr_at(node, ExprKind::Literal(crate::model::ir::Literal::Int(1)));
        StmtKind::Assign { target, op: Some(op), value }
    }

    /// A chain of `else if` is gone through here, not entered: it may be long.
    fn if_statement(&mut self, node: Node<'t>) -> Expr {
        let mut branches = Vec::new();
        let mut last = None;
        let mut next = Some(node);
        while let Some(branch) = next.take() {
            // Names that a condition binds are seen after it as well: `if (!(o instanceof A a)) return;`
            let cond = self.child(branch, "condition");
            let then = branch.field("consequence").map(|then| self.block(then)).unwrap_or_default();
            branches.push((branch, cond, then));
            match branch.field("alternative") {
                Some(other) if other.kind() == "if_statement" && branches.len() < MAX_ELSE => next = Some(other),
                Some(other) => last = Some(self.block(other)),
                None => {}
            }
        }
        let mut otherwise = last;
        let mut whole = None;
        for (branch, cond, then) in branches.into_iter().rev() {
            if let Some(inner) = whole.take() {
                otherwise = Some(Block { stmts: vec![inner], tail: None });
            }
            let kind = ExprKind::If { cond: Box::new(cond), then, otherwise: otherwise.take() };
            whole = Some(self.stmt_at(branch, StmtKind::Expr(self.expr_at(branch, kind))));
        }
        match whole {
            Some(Stmt { kind: StmtKind::Expr(whole), .. }) => whole,
            _ => self.fixme(node, Vec::new()),
        }
    }

    /// `break`. In the middle of a `switch` it leaves that, which the IR cannot say.
    fn leave(&mut self, node: Node<'t>) -> Expr {
        let label = self.label(node);
        if label.is_none() && self.leaves.last() == Some(&Leaves::Choice) {
            return self.expr_at(node, ExprKind::Block(Block::default()));
        }
        self.expr_at(node, ExprKind::Break(label, None))
    }

    /// The label in a jump.
    fn label(&mut self, node: Node<'t>) -> Option<Arc<str>> {
        self.first_child(node).map(|label| self.name(label))
    }

    /// `label: statement`. Only loops keep their label.
    fn labelled(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let parts = self.children(node);
        let [label, inner] = parts.as_slice() else { return };
        let is_loop =
            matches!(inner.kind(), "while_statement" | "do_statement" | "for_statement" | "enhanced_for_statement");
        if !is_loop {
            return self.stmt(*inner, stmts);
        }
        let label = self.name(*label);
        let repeated = self.repetition(*inner, Some(label));
        stmts.push(self.stmt_at(*inner, StmtKind::Expr(repeated)));
    }

    /// `try`, with or without resources.
    fn try_statement(&mut self, node: Node<'t>) -> Expr {
        let body = self.scoped(|lowerer| {
            let mut stmts = Vec::new();
            if let Some(resources) = node.field("resources") {
                for resource in lowerer.children(resources) {
                    lowerer.resource(resource, &mut stmts);
                }
            }
            let block = node.field("body").map(|body| lowerer.block(body)).unwrap_or_default();
            stmts.extend(block.stmts);
            Block { stmts, tail: None }
        });
        let parts = self.children(node);
        let catches: Vec<Catch> =
            parts.iter().filter(|part| part.kind() == "catch_clause").map(|clause| self.catch(*clause)).collect();
        let finally = parts.iter().find(|part| part.kind() == "finally_clause");
        let finally = finally.and_then(|clause| self.child_of_kind(*clause, "block")).map(|block| self.block(block));
        if catches.is_empty() && finally.is_none() {
            return self.expr_at(node, ExprKind::Block(body));
        }
        self.expr_at(node, ExprKind::TryCatch { body, catches, finally })
    }

    fn resource(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let Some(name) = node.field("name") else { return };
        let ty = self.declared_ty(node, node);
        let value = node.field("value").map(|value| self.expr(value));
        let pattern = self.bind(name);
        let ty = (ty != Type::Unknown).then_some(ty);
        stmts.push(self.stmt_at(node, StmtKind::Let { pattern, ty, value, otherwise: None }));
    }

    fn catch(&mut self, clause: Node<'t>) -> Catch {
        self.scoped(|lowerer| {
            let parameter = lowerer.child_of_kind(clause, "catch_formal_parameter");
            let mut types = Vec::new();
            let mut name = None;
            if let Some(parameter) = parameter {
                if let Some(list) = lowerer.child_of_kind(parameter, "catch_type") {
                    types = lowerer.children(list).into_iter().map(|ty| lowerer.ty(ty)).collect();
                }
                let pattern = parameter.field("name").map(|name| lowerer.bind(name));
                name = match pattern {
                    Some(Pattern::Bind(name, ..)) => Some(name),
                    _ => None,
                };
            }
            let body = clause.field("body").map(|body| lowerer.block(body)).unwrap_or_default();
            // Whoever catches these catches everything.
            let all = |ty: &Type| {
                ty.symbol()
                    .is_some_and(|symbol| matches!(symbol.as_str(), "java::lang::Exception" | "java::lang::Throwable"))
            };
            if types.iter().any(all) {
                types.clear();
            }
            Catch { types, name, body }
        })
    }
}

/// Branches of a chain of `else if` that are taken as one chain; each nests the IR by one.
const MAX_ELSE: usize = 60;
