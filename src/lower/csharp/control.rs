//! Choices, loops, jumps and handlers.

use tree_sitter::Node;

use super::{Leaves, Lowerer, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arm, Block, Catch, Expr, ExprKind, Literal, Loop, LoopKind, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// A statement that is an expression in the IR.
    pub(super) fn control(&mut self, node: Node<'t>) -> Expr {
        let kind = match node.kind() {
            "if_statement" => self.if_statement(node),
            "switch_statement" => self.switch_statement(node),
            "while_statement" => self.while_statement(node),
            "do_statement" => self.do_statement(node),
            "for_statement" => self.for_statement(node),
            "foreach_statement" => self.foreach_statement(node),
            "try_statement" => self.try_statement(node),
            "return_statement" => {
                let expected = self.results.last().cloned().unwrap_or_default();
                let value = self.first_child(node).map(|value| Box::new(self.expr_as(value, &expected)));
                ExprKind::Return(value)
            }
            "yield_statement" => match self.first_child(node) {
                Some(value) => {
                    let element = match self.results.last() {
                        Some(Type::List(element)) => (**element).clone(),
                        _ => Type::Unknown,
                    };
                    ExprKind::Yield(Some(Box::new(self.expr_as(value, &element))))
                }
                None => ExprKind::Return(None),
            },
            "throw_statement" => {
                ExprKind::Throw(self.first_child(node).map(|value| self.expr(value)).into_iter().collect())
            }
            "continue_statement" => ExprKind::Continue(None),
            "break_statement" => {
                // One that leaves a choice from its middle has no place in the IR.
                if self.leaves.last() == Some(&Leaves::Choice) {
                    return self.fixme(node, Vec::new());
                }
                ExprKind::Break(None, None)
            }
            _ => return self.expr(node),
        };
        self.expr_at(node, kind)
    }

    fn if_statement(&mut self, node: Node<'t>) -> ExprKind {
        // Names of a pattern in the condition can be seen behind the choice as well:
        // `if (x is not Foo foo) return;`.
        let cond = Box::new(self.child(node, "condition"));
        let then = self.branch_in(node, "consequence").unwrap_or_default();
        let otherwise = self.branch_in(node, "alternative");
        ExprKind::If { cond, then, otherwise }
    }

    fn branch_in(&mut self, node: Node<'t>, field: &str) -> Option<Block> {
        node.field(field).map(|branch| self.branch(branch))
    }

    /// The body of a loop.
    fn repeated(&mut self, node: Node<'t>) -> Block {
        self.leaves.push(Leaves::Loop);
        let body = self.branch_in(node, "body").unwrap_or_default();
        self.leaves.pop();
        body
    }

    fn while_statement(&mut self, node: Node<'t>) -> ExprKind {
        self.scoped(|lowerer| {
            let kind = match lowerer.child(node, "condition") {
                Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. } => LoopKind::Infinite,
                cond => LoopKind::While(cond),
            };
            looped(kind, lowerer.repeated(node))
        })
    }

    /// `do .. while (c)`: what leaves is at the end.
    fn do_statement(&mut self, node: Node<'t>) -> ExprKind {
        let mut body = self.repeated(node);
        let cond = self.child(node, "condition");
        if !matches!(cond.kind, ExprKind::Literal(Literal::Bool(true))) {
            let at = node.field("condition").unwrap_or(node);
            let leave = self.expr_at(at, ExprKind::Break(None, None));
            let leave = Block { stmts: vec![self.stmt_at(at, StmtKind::Expr(leave))], tail: None };
            let choice = ExprKind::If { cond: Box::new(cond), then: Block::default(), otherwise: Some(leave) };
            let choice = self.expr_at(at, choice);
            body.stmts.push(self.stmt_at(at, StmtKind::Expr(choice)));
        }
        looped(LoopKind::Infinite, body)
    }

    fn for_statement(&mut self, node: Node<'t>) -> ExprKind {
        self.scoped(|lowerer| {
            let mut init = Vec::new();
            for part in lowerer.fields_of(node, "initializer") {
                if part.kind() == "variable_declaration" {
                    lowerer.variables(part, &mut init);
                } else {
                    let part = lowerer.step(part);
                    init.push(part);
                }
            }
            let cond = node.field("condition").map(|cond| lowerer.expr(cond));
            let body = lowerer.repeated(node);
            let steps = lowerer.fields_of(node, "update");
            let steps = steps.into_iter().map(|step| lowerer.step(step)).collect();
            let kind = match (lowerer.several(node, init), cond, lowerer.several(node, steps)) {
                (None, None, None) => LoopKind::Infinite,
                (init, cond, step) => LoopKind::Counted { init, cond, step },
            };
            looped(kind, body)
        })
    }

    fn fields_of(&mut self, node: Node<'t>, field: &str) -> Vec<Node<'t>> {
        node.children_by_field_name(field, &mut self.cursor).filter(Node::is_named).collect()
    }

    fn step(&mut self, node: Node<'t>) -> Stmt {
        let kind = match self.assignment(node) {
            Some(assigned) => assigned,
            None => StmtKind::Expr(self.expr(node)),
        };
        self.stmt_at(node, kind)
    }

    /// Several statements as one. Names that the first of them declares are seen by the loop.
    fn several(&mut self, node: Node<'t>, mut stmts: Vec<Stmt>) -> Option<Box<Stmt>> {
        if stmts.len() < 2 {
            return stmts.pop().map(Box::new);
        }
        let block = self.expr_at(node, ExprKind::Block(Block { stmts, tail: None }));
        Some(Box::new(self.stmt_at(node, StmtKind::Expr(block))))
    }

    /// `foreach`, perhaps `await foreach`. Two names are the key and value of a dictionary.
    fn foreach_statement(&mut self, node: Node<'t>) -> ExprKind {
        self.scoped(|lowerer| {
            let over = lowerer.child(node, "right");
            let ty = lowerer.ty_in(node, "type");
            let left = node.field("left");
            let pattern = match left {
                Some(left) if left.kind() == "identifier" || left.kind() == "tuple_pattern" => {
                    lowerer.loop_pattern(left, ty)
                }
                Some(left) => lowerer.deconstructed(left).unwrap_or(Pattern::Wild),
                None => Pattern::Wild,
            };
            let keyed = matches!(&pattern, Pattern::Tuple(parts) if parts.len() == 2);
            let body = lowerer.repeated(node);
            looped(LoopKind::Each { pattern, over, keyed }, body)
        })
    }

    /// `switch (value) { case p when c: .. }`. Labels without statements share those of the next one.
    fn switch_statement(&mut self, node: Node<'t>) -> ExprKind {
        let subject = Some(Box::new(self.child(node, "value")));
        let body = node.field("body");
        let sections = body.map(|body| self.children_of(body, "switch_section")).unwrap_or_default();
        let mut arms = Vec::with_capacity(sections.len());
        let mut waiting: Vec<Pattern> = Vec::new();
        for section in sections {
            self.scoped(|lowerer| {
                let (mut patterns, guard, body) = lowerer.section(section);
                if body.is_empty() {
                    waiting.append(&mut patterns);
                    return;
                }
                waiting.append(&mut patterns);
                let pattern = any_of(std::mem::take(&mut waiting));
                lowerer.leaves.push(Leaves::Choice);
                let body = lowerer.statements(without_break(&body));
                lowerer.leaves.pop();
                arms.push(Arm { pattern, guard, body });
            });
        }
        let has_default = arms.iter().any(|arm| arm.guard.is_none() && matches!(arm.pattern, Pattern::Wild));
        if !has_default {
            arms.push(Arm { pattern: Pattern::Wild, guard: None, body: Block::default() });
        }
        ExprKind::Match { subject, arms }
    }

    /// Labels of a section, its condition, and its statements.
    fn section(&mut self, section: Node<'t>) -> (Vec<Pattern>, Option<Expr>, Vec<Node<'t>>) {
        let mut patterns = Vec::new();
        let mut guard = None;
        let mut body = Vec::new();
        if self.has_token(section, "default") {
            patterns.push(Pattern::Wild);
        }
        for part in self.children(section) {
            match part.kind() {
                "when_clause" => guard = Some(self.inner(part)),
                kind if kind.ends_with("_pattern") || kind == "discard" => {
                    let pattern = self.pattern(part);
                    patterns.push(pattern);
                }
                kind if kind.ends_with("_statement") || kind == "block" => body.push(part),
                _ => {
                    let value = Box::new(self.expr(part));
                    patterns.push(Pattern::Value(value));
                }
            }
        }
        (patterns, guard, body)
    }

    /// `value switch { p when c => e, .. }`.
    pub(super) fn switch_expression(&mut self, node: Node<'t>, expected: &Type) -> ExprKind {
        let parts = self.children(node);
        let mut arms = Vec::new();
        let mut subject = None;
        for part in parts {
            if part.kind() != "switch_expression_arm" {
                subject = Some(Box::new(self.expr(part)));
                continue;
            }
            let arm = self.scoped(|lowerer| lowerer.arm(part, expected));
            arms.extend(arm);
        }
        ExprKind::Match { subject, arms }
    }

    fn arm(&mut self, node: Node<'t>, expected: &Type) -> Option<Arm> {
        let parts = self.children(node);
        let (pattern, rest) = parts.split_first()?;
        let pattern = self.pattern(*pattern);
        let (value, rest) = rest.split_last()?;
        let guard = rest.first().map(|clause| self.inner(*clause));
        let body = self.value_of(*value, expected);
        Some(Arm { pattern, guard, body })
    }

    fn try_statement(&mut self, node: Node<'t>) -> ExprKind {
        let body = self.branch_in(node, "body").unwrap_or_default();
        let clauses = self.children_of(node, "catch_clause");
        let catches = clauses.into_iter().map(|clause| self.scoped(|lowerer| lowerer.catch(clause))).collect();
        let last = self.child_of(node, "finally_clause").and_then(|clause| self.child_of(clause, "block"));
        let finally = last.map(|last| self.block(last));
        ExprKind::TryCatch { body, catches, finally }
    }

    /// `catch (T e) when (c) { .. }`: where the condition is not met, the error goes on.
    fn catch(&mut self, node: Node<'t>) -> Catch {
        let declaration = self.child_of(node, "catch_declaration");
        let types = declaration.and_then(|declaration| self.ty_in(declaration, "type")).into_iter().collect();
        let name = declaration.and_then(|declaration| declaration.field("name"));
        let name = name.map(|name| self.name(name));
        if let Some(name) = &name {
            self.declare(name);
        }
        let filter = self.child_of(node, "catch_filter_clause");
        let cond = filter.map(|filter| self.inner(filter));
        let body = self.branch_in(node, "body").unwrap_or_default();
        let body = match (cond, filter) {
            (Some(cond), Some(filter)) => {
                let again = value_block(self.expr_at(filter, ExprKind::Throw(Vec::new())));
                let choice = ExprKind::If { cond: Box::new(cond), then: body, otherwise: Some(again) };
                let choice = self.expr_at(filter, choice);
                Block { stmts: vec![self.stmt_at(filter, StmtKind::Expr(choice))], tail: None }
            }
            _ => body,
        };
        Catch { types, name, body }
    }
}

fn looped(kind: LoopKind, body: Block) -> ExprKind {
    ExprKind::Loop(Box::new(Loop { kind, body, label: None }))
}

/// Statements of a section without the `break` at its end.
fn without_break<'n, 't>(nodes: &'n [Node<'t>]) -> &'n [Node<'t>] {
    match nodes.split_last() {
        Some((last, before)) if last.kind() == "break_statement" => before,
        _ => nodes,
    }
}

fn any_of(mut patterns: Vec<Pattern>) -> Pattern {
    match patterns.len() {
        0 => Pattern::Wild,
        1 => patterns.swap_remove(0),
        _ if patterns.iter().any(|pattern| matches!(pattern, Pattern::Wild)) => Pattern::Wild,
        _ => Pattern::Or(patterns),
    }
}
