//! `switch`, as a statement and as an expression, in the old and the new form.

use tree_sitter::Node;

use super::stmts::YIELD;
use super::{Leaves, Lowerer};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arm, Block, Expr, ExprKind, Pattern, Stmt, StmtKind};

impl<'t> Lowerer<'t> {
    /// `switch`.
    pub(super) fn switch(&mut self, node: Node<'t>) -> Expr {
        let subject = Some(Box::new(self.child(node, "condition")));
        self.leaves.push(Leaves::Choice);
        let mut arms = Vec::new();
        if let Some(body) = node.field("body") {
            for case in self.children(body) {
                match case.kind() {
                    "switch_rule" => arms.push(self.rule(case)),
                    "switch_block_statement_group" => arms.push(self.group(case)),
                    _ => {}
                }
            }
        }
        self.leaves.pop();
        fall_through(&mut arms);
        let mut arms: Vec<Arm> = arms.into_iter().map(|(arm, _)| arm).collect();
        let is_default = |arm: &Arm| arm.guard.is_none() && matches!(arm.pattern, Pattern::Wild);
        if !arms.iter().any(is_default) {
            arms.push(Arm { pattern: Pattern::Wild, guard: None, body: Block::default() });
        }
        self.expr_at(node, ExprKind::Match { subject, arms })
    }

    /// `case A, B -> body`.
    fn rule(&mut self, case: Node<'t>) -> (Arm, bool) {
        let arm = self.scoped(|lowerer| {
            let (pattern, guard) = lowerer.labels(case);
            let parts = lowerer.children(case);
            let body = match parts.iter().rfind(|part| part.kind() != "switch_label") {
                Some(body) if body.kind() == "expression_statement" => lowerer.rule_value(*body),
                Some(body) => lowerer.block(*body),
                None => Block::default(),
            };
            Arm { pattern, guard, body: valued(body) }
        });
        (arm, false)
    }

    /// What a rule gives: its expression, unless that only does something.
    fn rule_value(&mut self, statement: Node<'t>) -> Block {
        let Some(inner) = self.first_child(statement) else { return Block::default() };
        if matches!(inner.kind(), "assignment_expression" | "update_expression") {
            let kind = self.effect(inner);
            return Block { stmts: vec![self.stmt_at(inner, kind)], tail: None };
        }
        Block { stmts: Vec::new(), tail: Some(Box::new(self.expr(inner))) }
    }

    /// `case A: case B: statements`, and whether the next one is run as well.
    fn group(&mut self, case: Node<'t>) -> (Arm, bool) {
        // Names that are declared here are seen in later cases too, but nobody uses them there.
        self.scoped(|lowerer| {
            let (pattern, guard) = lowerer.labels(case);
            let mut nodes = lowerer.children(case);
            nodes.retain(|node| node.kind() != "switch_label");
            let ends = nodes.last().is_some_and(|last| lowerer.ends(*last));
            if nodes.last().is_some_and(|last| last.kind() == "break_statement") {
                nodes.pop();
            }
            let body = lowerer.statements(&nodes);
            (Arm { pattern, guard, body: valued(body) }, !ends)
        })
    }

    /// Whether nothing runs after a statement.
    fn ends(&mut self, node: Node<'t>) -> bool {
        match node.kind() {
            "break_statement" | "return_statement" | "throw_statement" | "continue_statement" | "yield_statement" => {
                true
            }
            "block" => self.children(node).last().is_some_and(|last| {
                matches!(
                    last.kind(),
                    "break_statement"
                        | "return_statement"
                        | "throw_statement"
                        | "continue_statement"
                        | "yield_statement"
                )
            }),
            _ => false,
        }
    }

    /// What the labels of a case take.
    fn labels(&mut self, case: Node<'t>) -> (Pattern, Option<Expr>) {
        let mut patterns = Vec::new();
        let mut guard = None;
        for label in self.children(case) {
            if label.kind() != "switch_label" {
                continue;
            }
            let parts = self.children(label);
            if parts.is_empty() {
                patterns.push(Pattern::Wild);
            }
            for part in parts {
                match part.kind() {
                    "guard" => guard = self.first_child(part).map(|cond| self.expr(cond)),
                    "pattern" => {
                        let pattern = self.first_child(part).map(|pattern| self.pattern(pattern));
                        patterns.push(pattern.unwrap_or(Pattern::Wild));
                    }
                    _ if self.text(part) == "default" => patterns.push(Pattern::Wild),
                    _ => patterns.push(self.case_value(part)),
                }
            }
        }
        if patterns.iter().any(|pattern| matches!(pattern, Pattern::Wild)) {
            return (Pattern::Wild, guard);
        }
        let pattern = if patterns.len() == 1 { patterns.swap_remove(0) } else { Pattern::Or(patterns) };
        (pattern, guard)
    }
}

/// Statements of a case that does not end are followed by those of the next one. In a chain of them
/// each runs only those of the next one, so that long chains do not grow without end.
fn fall_through(arms: &mut [(Arm, bool)]) {
    for at in (1..arms.len()).rev() {
        let (before, after) = arms.split_at_mut(at);
        let (Some((before, true)), Some((next, _))) = (before.last_mut(), after.first()) else { continue };
        if before.body.stmts.is_empty() && before.body.tail.is_none() {
            before.body = next.body.clone();
        } else {
            before.body.stmts.extend(next.body.stmts.iter().take(MAX_SHARED).cloned());
        }
    }
}

/// Statements of the next case that one takes over.
const MAX_SHARED: usize = 20;

/// Choices within choices whose values are looked for.
const MAX_VALUED: usize = 32;

/// A block that is left with `yield` has its value at its end.
fn valued(mut block: Block) -> Block {
    give_value(&mut block, MAX_VALUED);
    block
}

fn give_value(block: &mut Block, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if block.tail.is_some() {
        return;
    }
    let Some(Stmt { kind: StmtKind::Expr(last), .. }) = block.stmts.last_mut() else { return };
    let given = match &mut last.kind {
        ExprKind::Break(Some(label), value) if &**label == YIELD => value.take().map(|value| *value),
        ExprKind::If { then, otherwise: Some(otherwise), .. } => {
            give_value(then, depth);
            give_value(otherwise, depth);
            None
        }
        ExprKind::Block(inner) => {
            give_value(inner, depth);
            None
        }
        ExprKind::TryCatch { body, catches, .. } => {
            give_value(body, depth);
            catches.iter_mut().for_each(|catch| give_value(&mut catch.body, depth));
            None
        }
        _ => return,
    };
    let Some(Stmt { kind: StmtKind::Expr(whole), .. }) = block.stmts.pop() else { return };
    block.tail = Some(Box::new(given.unwrap_or(whole)));
}
