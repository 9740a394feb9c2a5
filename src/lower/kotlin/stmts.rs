//! Statements, and lists of them.

use tree_sitter::Node;

use super::Lowerer;
use super::decls::is_type;
use super::exprs::op;
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// A block in a scope of its own, whose value nobody takes.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        let nodes = self.children(node);
        self.scoped(|lowerer| lowerer.statements(&nodes))
    }

    /// A block, or one statement, with the value of the last expression.
    pub(super) fn branch(&mut self, node: Node<'t>) -> Block {
        let nodes = if node.kind() == "block" { self.children(node) } else { vec![node] };
        self.scoped(|lowerer| lowerer.valued(&nodes))
    }

    /// Statements in the scope that is open.
    pub(super) fn statements(&mut self, nodes: &[Node<'t>]) -> Block {
        let mut stmts = Vec::new();
        nodes.iter().for_each(|node| self.stmt(*node, &mut stmts));
        Block { stmts, tail: None }
    }

    /// Statements in the scope that is open, and the value of the last one.
    pub(super) fn valued(&mut self, nodes: &[Node<'t>]) -> Block {
        let Some((last, before)) = nodes.split_last() else { return Block::default() };
        let mut block = self.statements(before);
        if is_statement(last.kind()) {
            self.stmt(*last, &mut block.stmts);
        } else {
            block.tail = Some(Box::new(self.expr(*last)));
        }
        block
    }

    /// One statement.
    fn stmt(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        if self.deeper(|lowerer| lowerer.stmt_here(node, stmts)).is_none() {
            let fixme = self.fixme(node, Vec::new());
            stmts.push(self.stmt_at(node, StmtKind::Expr(fixme)));
        }
    }

    fn stmt_here(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let kind = match node.kind() {
            "property_declaration" => self.variable(node),
            "assignment" => self.assignment(node),
            "function_declaration" => {
                let name = node.field("name");
                // It may call itself.
                let pattern = name.map_or(Pattern::Wild, |name| self.bind(name));
                let lambda = self.inner_function(node);
                let value = Some(self.expr_at(node, ExprKind::Lambda(Box::new(lambda))));
                StmtKind::Let { pattern, ty: None, value, otherwise: None }
            }
            "unary_expression" => match self.step(node) {
                Some(step) => step,
                None => StmtKind::Expr(self.expr(node)),
            },
            "for_statement" | "while_statement" | "do_while_statement" => StmtKind::Expr(self.repetition(node)),
            "type_alias" => return,
            kind if is_type(kind) => return self.type_declaration(node),
            _ => StmtKind::Expr(self.expr(node)),
        };
        stmts.push(self.stmt_at(node, kind));
    }

    /// `val a: T = e`, `val (a, b) = e`. The value is lowered before its names can be seen.
    fn variable(&mut self, node: Node<'t>) -> StmtKind {
        let ty = self.property_type(node).filter(|ty| *ty != Type::Unknown);
        let value = self.property_value(node).map(|value| self.initial(value));
        let pattern = self.variables(node);
        StmtKind::Let { pattern, ty, value, otherwise: None }
    }

    /// The name, or the names in parentheses, that stand in a node.
    pub(super) fn variables(&mut self, node: Node<'t>) -> Pattern {
        if let Some(several) = self.child_of(node, "multi_variable_declaration") {
            let mut parts = Vec::new();
            for variable in self.children_of(several, "variable_declaration") {
                parts.push(self.variable_name(variable));
            }
            return Pattern::Tuple(parts);
        }
        match self.child_of(node, "variable_declaration") {
            Some(variable) => self.variable_name(variable),
            None => Pattern::Wild,
        }
    }

    fn variable_name(&mut self, variable: Node<'t>) -> Pattern {
        match self.child_of(variable, "identifier") {
            Some(name) => self.bind(name),
            None => Pattern::Wild,
        }
    }

    /// `a = b`, `a += b`.
    fn assignment(&mut self, node: Node<'t>) -> StmtKind {
        let (Some(left), Some(right)) = (node.field("left"), node.field("right")) else {
            return StmtKind::Expr(self.fixme(node, Vec::new()));
        };
        let value = self.value(right);
        let target = self.place(left);
        let sign = node.field("operator").map_or("=", |sign| self.text(sign));
        let op = sign.strip_suffix('=').filter(|sign| !sign.is_empty()).map(op);
        StmtKind::Assign { target, op, value }
    }

    /// A place that is set. In a block with a receiver, a name that is no variable is the receiver's.
    fn place(&mut self, node: Node<'t>) -> Expr {
        let is_receiver = node.kind() == "identifier" && self.names.is_in_builder(self.text(node));
        if !is_receiver {
            return self.expr(node);
        }
        let base = Box::new(self.local_at(node, &super::THIS.into()));
        self.expr_at(node, ExprKind::Member { base, name: self.name(node), name_span: self.span(node) })
    }

    /// `a++` and its like.
    pub(super) fn step(&mut self, node: Node<'t>) -> Option<StmtKind> {
        let op = match node.field("operator").map(|sign| self.text(sign))? {
            "++" => crate::model::ir::Op::Add,
            "--" => crate::model::ir::Op::Sub,
            _ => return None,
        };
        let target = self.expr(node.field("argument")?);
        let value = self.expr_at(node, ExprKind::Literal(crate::model::ir::Literal::Int(1)));
        Some(StmtKind::Assign { target, op: Some(op), value })
    }
}

/// Whether a node has no value.
fn is_statement(kind: &str) -> bool {
    let is_other = matches!(
        kind,
        "property_declaration"
            | "assignment"
            | "function_declaration"
            | "for_statement"
            | "while_statement"
            | "do_while_statement"
            | "type_alias"
    );
    is_other || is_type(kind)
}
