//! Statements, and lists of them.

use std::sync::Arc;

use tree_sitter::Node;

use super::exprs::op;
use super::{Leaves, Lowerer};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Literal, Op, Pattern, Stmt, StmtKind, Symbol};

impl<'t> Lowerer<'t> {
    /// A block in a scope of its own.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        self.scoped(|lowerer| {
            let nodes = lowerer.statements_of(node);
            lowerer.statements(&nodes)
        })
    }

    /// Statements that stand directly in a node.
    pub(super) fn statements_of(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut nodes = Vec::new();
        for child in self.children(node) {
            match child.kind() {
                "statement_list" => nodes.extend(self.children(child)),
                _ => nodes.push(child),
            }
        }
        nodes
    }

    /// Statements in the scope that is open.
    pub(super) fn statements(&mut self, nodes: &[Node<'t>]) -> Block {
        let mut stmts = Vec::new();
        let mut rest = nodes;
        while let Some((node, after)) = rest.split_first() {
            rest = after;
            if let Some(last) = self.jump_back(*node, after) {
                let (repeated, after) = after.split_at(last);
                rest = after;
                let repeated = self.deeper(|lowerer| lowerer.repeated(*node, repeated));
                let repeated = repeated.unwrap_or_else(|| self.fixme(*node, Vec::new()));
                stmts.push(self.stmt_at(*node, StmtKind::Expr(repeated)));
            } else {
                self.stmt(*node, &mut stmts);
            }
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
            "var_declaration" => return self.local_variables(node, stmts),
            "const_declaration" => return self.local_constants(node, stmts),
            "type_declaration" => return self.type_declaration(node),
            "labeled_statement" => return self.labeled(node, stmts),
            "fallthrough_statement" | "empty_statement" => return,
            "expression_statement" => match self.first_child(node) {
                Some(inner) => StmtKind::Expr(self.expr(inner)),
                None => return,
            },
            "short_var_declaration" => self.short_declaration(node),
            "assignment_statement" => self.assignment(node),
            "inc_statement" => self.step(node, Op::Add),
            "dec_statement" => self.step(node, Op::Sub),
            "send_statement" => self.send(node),
            "defer_statement" => match self.first_child(node) {
                Some(call) => StmtKind::Defer(self.expr(call)),
                None => return,
            },
            _ => StmtKind::Expr(self.structured(node)),
        };
        stmts.push(self.stmt_at(node, kind));
    }

    /// A statement that is an expression in the IR.
    fn structured(&mut self, node: Node<'t>) -> Expr {
        match node.kind() {
            "if_statement" => self.if_statement(node),
            "for_statement" => self.for_statement(node, None),
            "expression_switch_statement" => self.switch(node, None),
            "type_switch_statement" => self.type_switch(node, None),
            "select_statement" => self.select(node, None),
            "return_statement" => {
                let value = self.returned(node).map(Box::new);
                self.expr_at(node, ExprKind::Return(value))
            }
            "break_statement" => self.leave(node),
            "continue_statement" => {
                let label = self.label(node);
                self.expr_at(node, ExprKind::Continue(label))
            }
            "block" => {
                let block = self.block(node);
                self.expr_at(node, ExprKind::Block(block))
            }
            "go_statement" => {
                let call = self.children(node).first().map(|call| self.expr(*call));
                match call {
                    Some(call) => self.expr_at(node, ExprKind::Spawn(Box::new(call))),
                    None => self.fixme(node, Vec::new()),
                }
            }
            "goto_statement" => self.goto(node),
            _ => self.not_understood(node),
        }
    }

    /// Syntax errors, and nodes that the grammar did not have: what is understood inside is kept.
    fn not_understood(&mut self, node: Node<'t>) -> Expr {
        let mut understood = Vec::new();
        for child in self.children(node) {
            if child.kind().ends_with("_statement") || child.kind().ends_with("_declaration") {
                let mut stmts = Vec::new();
                self.stmt(child, &mut stmts);
                understood.push(self.expr_at(child, ExprKind::Block(Block { stmts, tail: None })));
            } else {
                understood.push(self.expr(child));
            }
        }
        self.fixme(node, understood)
    }

    /// `a, err := f()`. Values are lowered before their names can be seen: `err := wrap(err)`.
    fn short_declaration(&mut self, node: Node<'t>) -> StmtKind {
        let value = self.side(node, "right");
        let values = self.items(node, "right");
        let names = self.items(node, "left");
        let matched = names.len() == values.len();
        let mut patterns = Vec::with_capacity(names.len());
        for (at, name) in names.into_iter().enumerate() {
            let what = values.get(at).filter(|_| matched).map(|value| self.variable_with(*value));
            patterns.push(match what {
                Some(what) => self.bind_as(name, what),
                None => self.bind(name),
            });
        }
        StmtKind::Let { pattern: together(patterns), ty: None, value, otherwise: None }
    }

    /// One side of an assignment: several expressions are a tuple.
    pub(super) fn side(&mut self, node: Node<'t>, field: &str) -> Option<Expr> {
        let items = self.items(node, field);
        let mut lowered: Vec<Expr> = items.into_iter().map(|item| self.expr(item)).collect();
        match (lowered.len(), node.field(field)) {
            (1, _) => lowered.pop(),
            (0, _) | (_, None) => None,
            (_, Some(list)) => Some(self.expr_at(list, ExprKind::Tuple(lowered))),
        }
    }

    fn assignment(&mut self, node: Node<'t>) -> StmtKind {
        let (target, value) = (self.side(node, "left"), self.side(node, "right"));
        let sign = node.field("operator").map_or("=", |sign| self.text(sign));
        let op = sign.strip_suffix('=').filter(|sign| !sign.is_empty()).map(op);
        match (target, value) {
            (Some(target), Some(value)) => StmtKind::Assign { target, op, value },
            (target, value) => StmtKind::Expr(self.fixme(node, target.into_iter().chain(value).collect())),
        }
    }

    /// `i++` is `i += 1`.
    fn step(&mut self, node: Node<'t>, op: Op) -> StmtKind {
        match self.first_child(node) {
            Some(target) => {
                let target = self.expr(target);
                let value = self.expr_at(node, ExprKind::Literal(Literal::Int(1)));
                StmtKind::Assign { target, op: Some(op), value }
            }
            None => StmtKind::Expr(self.fixme(node, Vec::new())),
        }
    }

    /// `c <- v`. A channel is a list in the IR: what is sent is appended to it.
    pub(super) fn send(&mut self, node: Node<'t>) -> StmtKind {
        let (channel, value) = (self.child(node, "channel"), self.child(node, "value"));
        let callee = self.expr_at(node, ExprKind::Global(Symbol::new("builtin::append")));
        let args = [channel.clone(), value].map(|value| Arg { name: None, value });
        let call = ExprKind::Call { callee: Box::new(callee), type_args: Vec::new(), args: Vec::from(args) };
        StmtKind::Assign { target: channel, op: None, value: self.expr_at(node, call) }
    }

    /// What is returned: several values are a tuple, and none are the named results.
    fn returned(&mut self, node: Node<'t>) -> Option<Expr> {
        let mut values: Vec<Expr> = Vec::new();
        for list in self.children(node) {
            let items = if list.kind() == "expression_list" { self.children(list) } else { vec![list] };
            values.extend(items.into_iter().map(|item| self.expr(item)));
        }
        if values.is_empty() {
            let names = self.functions.last().map(|function| function.results.clone()).unwrap_or_default();
            values = names.into_iter().map(|name| self.expr_at(node, named_result(name))).collect();
        }
        match values.len() {
            0 | 1 => values.pop(),
            _ => Some(self.expr_at(node, ExprKind::Tuple(values))),
        }
    }

    /// `break`. One that leaves a choice from its middle has no place in the IR.
    fn leave(&mut self, node: Node<'t>) -> Expr {
        let label = self.label(node);
        if self.leaves_choice(label.as_deref()) {
            return self.fixme(node, Vec::new());
        }
        self.expr_at(node, ExprKind::Break(label, None))
    }

    /// Whether a `break` with this label leaves the innermost choice, not a loop.
    pub(super) fn leaves_choice(&self, label: Option<&str>) -> bool {
        match self.leaves.last() {
            Some(Leaves::Choice(own)) => label.is_none() || label == own.as_deref(),
            _ => false,
        }
    }

    /// The label in a jump.
    pub(super) fn label(&mut self, node: Node<'t>) -> Option<Arc<str>> {
        self.first_child(node).map(|label| self.name(label))
    }
}

/// A result without a name to return is not known.
fn named_result(name: Arc<str>) -> ExprKind {
    if &*name == "_" { ExprKind::Literal(Literal::Null) } else { ExprKind::Local(name) }
}

/// Several names together.
pub(super) fn together(mut patterns: Vec<Pattern>) -> Pattern {
    if patterns.len() == 1 { patterns.swap_remove(0) } else { Pattern::Tuple(patterns) }
}
