//! Choices, loops, jumps and handlers.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Lowerer, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arm, Block, Catch, Expr, ExprKind, Literal, Loop, LoopKind, Op, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// `if (c) a else b`.
    pub(super) fn if_expression(&mut self, node: Node<'t>) -> ExprKind {
        let cond = Box::new(self.child(node, "condition"));
        let children: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let end = children.iter().position(|child| child.kind() == ")").map_or(0, |at| at + 1);
        let (mut then, mut otherwise) = (None, None);
        let mut is_else = false;
        for child in children.into_iter().skip(end) {
            match child.kind() {
                "else" => is_else = true,
                _ if !child.is_named() || crate::lower::tree::is_comment(child) => {}
                _ if is_else => otherwise = Some(self.branch(child)),
                _ => then = Some(self.branch(child)),
            }
        }
        ExprKind::If { cond, then: then.unwrap_or_default(), otherwise }
    }

    /// `when (subject) { a, b -> .. }`, or with conditions alone.
    pub(super) fn when(&mut self, node: Node<'t>) -> ExprKind {
        self.scoped(|lowerer| {
            let head = lowerer.child_of(node, "when_subject");
            let value = head.and_then(|head| lowerer.last_child(head));
            let value = value.map(|value| lowerer.expr(value));
            let pattern = head.map_or(Pattern::Wild, |head| lowerer.variables(head));
            let entries = lowerer.children_of(node, "when_entry");
            let has_subject = value.is_some();
            let mut arms = Vec::with_capacity(entries.len());
            for entry in entries {
                arms.push(lowerer.arm(entry, has_subject));
            }
            // `when (val x = e)`: the name can be seen in all entries.
            match (pattern, value) {
                (Pattern::Bind(name, span, _), Some(value)) => {
                    let subject = Box::new(Expr { kind: ExprKind::Local(Arc::clone(&name)), span });
                    let pattern = Pattern::Bind(name, span, None);
                    let bound = StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None };
                    let choice = lowerer.expr_at(node, ExprKind::Match { subject: Some(subject), arms });
                    let stmts = vec![lowerer.stmt_at(node, bound)];
                    ExprKind::Block(Block { stmts, tail: Some(Box::new(choice)) })
                }
                (_, value) => ExprKind::Match { subject: value.map(Box::new), arms },
            }
        })
    }

    fn arm(&mut self, node: Node<'t>, has_subject: bool) -> Arm {
        let conditions: Vec<Node<'t>> =
            node.children_by_field_name("condition", &mut self.cursor).filter(Node::is_named).collect();
        let body = self.last_child(node);
        let body = body.map(|body| self.branch(body)).unwrap_or_default();
        if !has_subject {
            let guard = conditions.into_iter().map(|cond| self.expr(cond)).reduce(|left, right| {
                let span = left.span.to(right.span);
                Expr { kind: ExprKind::Binary(Op::Or, Box::new(left), Box::new(right)), span }
            });
            return Arm { pattern: Pattern::Wild, guard, body };
        }
        let mut patterns = Vec::with_capacity(conditions.len());
        let mut guard = None;
        for condition in conditions {
            match condition.kind() {
                "type_test" if self.has_token(condition, "is") => {
                    patterns.push(Pattern::Typed(self.type_in(condition).unwrap_or_default(), None));
                }
                // A range holds what no pattern can say.
                "range_test" | "type_test" => {
                    let inner = self.first_child(condition).filter(|inner| inner.kind() != "user_type");
                    guard = inner.map(|inner| self.expr(inner)).or(guard);
                    patterns.push(Pattern::Wild);
                }
                _ => patterns.push(Pattern::Value(Box::new(self.expr(condition)))),
            }
        }
        let pattern = match patterns.len() {
            0 => Pattern::Wild,
            1 => patterns.swap_remove(0),
            _ if patterns.iter().any(|pattern| matches!(pattern, Pattern::Wild)) => Pattern::Wild,
            _ => Pattern::Or(patterns),
        };
        Arm { pattern, guard, body }
    }

    /// `try { .. } catch (e: T) { .. } finally { .. }`.
    pub(super) fn try_expression(&mut self, node: Node<'t>) -> ExprKind {
        let body = self.child_of(node, "block").map(|block| self.branch(block)).unwrap_or_default();
        let mut catches = Vec::new();
        for clause in self.children_of(node, "catch_block") {
            catches.push(self.scoped(|lowerer| {
                let types = lowerer.type_in(clause).into_iter().collect();
                let name = lowerer.child_of(clause, "identifier");
                let name = match name.map(|name| lowerer.bind(name)) {
                    Some(Pattern::Bind(name, ..)) => Some(name),
                    _ => None,
                };
                let block = lowerer.child_of(clause, "block");
                let body = block.map(|block| lowerer.branch(block)).unwrap_or_default();
                Catch { types, name, body }
            }));
        }
        let last = self.child_of(node, "finally_block").and_then(|last| self.child_of(last, "block"));
        let finally = last.map(|last| self.block(last));
        ExprKind::TryCatch { body, catches, finally }
    }

    /// `for`, `while`, `do .. while`.
    pub(super) fn repetition(&mut self, node: Node<'t>) -> Expr {
        let label = self.child_of(node, "label").map(|label| Arc::from(self.text(label).trim_end_matches('@').trim()));
        let looped = match node.kind() {
            "for_statement" => self.scoped(|lowerer| lowerer.for_statement(node)),
            "do_while_statement" => self.do_while(node),
            _ => {
                let kind = match self.child(node, "condition") {
                    Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. } => LoopKind::Infinite,
                    cond => LoopKind::While(cond),
                };
                let body = self.loop_body(node);
                (kind, body)
            }
        };
        let (kind, body) = looped;
        self.expr_at(node, ExprKind::Loop(Box::new(Loop { kind, body, label })))
    }

    /// The last part of a loop, which is its body unless that is left out.
    fn loop_body(&mut self, node: Node<'t>) -> Block {
        let head = node.field("condition");
        match self.last_child(node).filter(|body| Some(*body) != head) {
            Some(body) if body.kind() == "block" => self.block(body),
            Some(body) => self.scoped(|lowerer| lowerer.statements(&[body])),
            None => Block::default(),
        }
    }

    /// What leaves is at the end.
    fn do_while(&mut self, node: Node<'t>) -> (LoopKind, Block) {
        let body = self.child_of(node, "block");
        let mut body = body.map(|body| self.block(body)).unwrap_or_default();
        let cond = self.child(node, "condition");
        if !matches!(cond.kind, ExprKind::Literal(Literal::Bool(true))) {
            let at = node.field("condition").unwrap_or(node);
            let leave = value_block(self.expr_at(at, ExprKind::Break(None, None)));
            let choice = ExprKind::If { cond: Box::new(cond), then: Block::default(), otherwise: Some(leave) };
            let choice = self.expr_at(at, choice);
            body.stmts.push(self.stmt_at(at, StmtKind::Expr(choice)));
        }
        (LoopKind::Infinite, body)
    }

    /// `for (x in e)`. One over a range counts.
    fn for_statement(&mut self, node: Node<'t>) -> (LoopKind, Block) {
        let children: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let at = children.iter().position(|child| child.kind() == "in");
        let over = at.and_then(|at| children.get(at + 1..)).and_then(|rest| rest.iter().find(|child| child.is_named()));
        let Some(over) = over.copied() else { return (LoopKind::Infinite, Block::default()) };
        let range = self.range(over);
        let elements = if range.is_none() { Some(self.expr(over)) } else { None };
        let pattern = self.variables(node);
        let kind = match (range, elements) {
            (Some(range), _) => self.counted(over, pattern, range),
            (None, elements) => {
                let keyed = matches!(&pattern, Pattern::Tuple(parts) if parts.len() == 2);
                let over = elements.unwrap_or_else(|| self.fixme(over, Vec::new()));
                LoopKind::Each { pattern, over, keyed }
            }
        };
        let body = self.loop_body(node);
        (kind, body)
    }

    /// The parts of `a..b`, `a until b`, `a downTo b`, each perhaps with `step n`.
    fn range(&mut self, node: Node<'t>) -> Option<Range> {
        let mut node = node;
        while node.kind() == "parenthesized_expression" {
            node = self.first_child(node)?;
        }
        if node.kind() == "range_expression" {
            let is_open = self.has_token(node, "..<");
            let [from, to] = *self.children(node) else { return None };
            let (from, to) = (self.expr(from), self.expr(to));
            return Some(Range { from, to, cond: if is_open { Op::Lt } else { Op::Le }, step: (Op::Add, None) });
        }
        let [left, sign, right] = *self.children(node) else { return None };
        if node.kind() != "infix_expression" {
            return None;
        }
        let (cond, step) = match self.text(sign) {
            "until" => (Op::Lt, Op::Add),
            "downTo" => (Op::Ge, Op::Sub),
            "step" => {
                let range = self.deeper(|lowerer| lowerer.range(left))??;
                let by = self.expr(right);
                return Some(Range { step: (range.step.0, Some(by)), ..range });
            }
            _ => return None,
        };
        let (from, to) = (self.expr(left), self.expr(right));
        Some(Range { from, to, cond, step: (step, None) })
    }

    /// A loop that counts.
    fn counted(&mut self, node: Node<'t>, pattern: Pattern, range: Range) -> LoopKind {
        let name = match &pattern {
            Pattern::Bind(name, ..) => Arc::clone(name),
            // A counter that nobody looks at.
            _ => Arc::from("_"),
        };
        let pattern = Pattern::Bind(Arc::clone(&name), self.span(node), None);
        let init = StmtKind::Let { pattern, ty: Some(Type::Number), value: Some(range.from), otherwise: None };
        let counter = self.local_at(node, &name);
        let cond = ExprKind::Binary(range.cond, Box::new(counter.clone()), Box::new(range.to));
        let (op, by) = range.step;
        let value = by.unwrap_or_else(|| self.expr_at(node, ExprKind::Literal(Literal::Int(1))));
        let step = StmtKind::Assign { target: counter, op: Some(op), value };
        LoopKind::Counted {
            init: Some(Box::new(self.stmt_at(node, init))),
            cond: Some(self.expr_at(node, cond)),
            step: Some(Box::new(self.stmt_at(node, step))),
        }
    }

    /// `repeat(n) { .. }` counts from 0.
    pub(super) fn repeated(&mut self, node: Node<'t>, times: Expr, pattern: Pattern) -> LoopKind {
        let from = self.expr_at(node, ExprKind::Literal(Literal::Int(0)));
        self.counted(node, pattern, Range { from, to: times, cond: Op::Lt, step: (Op::Add, None) })
    }

    /// `return`, `return@label value`. One that leaves a lambda which is a loop here goes on with it.
    pub(super) fn returned(&mut self, node: Node<'t>) -> ExprKind {
        let label = node.field("label");
        let value = self.children(node).into_iter().find(|child| Some(*child) != label);
        let name: Option<Arc<str>> = label.map(|label| self.name(label));
        if let Some(name) = name.filter(|name| self.loops.contains(name)) {
            return ExprKind::Continue(Some(name));
        }
        ExprKind::Return(value.map(|value| Box::new(self.value(value))))
    }

    /// `label@ expression`: a loop, a lambda, or a jump to a label.
    pub(super) fn labelled(&mut self, node: Node<'t>) -> Expr {
        let label = self.child_of(node, "label").map_or("", |label| self.text(label).trim_end_matches('@'));
        let Some(inner) = self.last_child(node) else { return self.fixme(node, Vec::new()) };
        match label {
            "break" => self.expr_at(node, ExprKind::Break(Some(self.name(inner)), None)),
            "continue" => self.expr_at(node, ExprKind::Continue(Some(self.name(inner)))),
            _ => self.expr(inner),
        }
    }

    /// A statement where a value is meant.
    pub(super) fn statement_value(&mut self, node: Node<'t>) -> Expr {
        let block = self.statements(&[node]);
        match <[Stmt; 1]>::try_from(block.stmts) {
            Ok([Stmt { kind: StmtKind::Expr(value), .. }]) => value,
            Ok(stmts) => self.expr_at(node, ExprKind::Block(Block { stmts: Vec::from(stmts), tail: None })),
            Err(stmts) => self.expr_at(node, ExprKind::Block(Block { stmts, tail: None })),
        }
    }
}

/// A range of numbers.
struct Range {
    from: Expr,
    to: Expr,
    /// What holds between counter and end while the loop goes on.
    cond: Op,
    /// How the counter goes on, and by how much if not by one.
    step: (Op, Option<Expr>),
}
