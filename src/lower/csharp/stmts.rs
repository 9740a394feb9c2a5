//! Statements, and lists of them.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// A block in a scope of its own.
    pub(super) fn block(&mut self, node: Node<'t>) -> Block {
        self.scoped(|lowerer| {
            let nodes = lowerer.children(node);
            lowerer.statements(&nodes)
        })
    }

    /// The body of a loop or choice: a block, or one statement.
    pub(super) fn branch(&mut self, node: Node<'t>) -> Block {
        if node.kind() == "block" { self.block(node) } else { self.scoped(|lowerer| lowerer.statements(&[node])) }
    }

    /// Statements in the scope that is open. Functions among them can be called before they are
    /// written: they are moved up to the first statement that mentions them.
    pub(super) fn statements(&mut self, nodes: &[Node<'t>]) -> Block {
        let mut order: Vec<Node<'t>> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let name = node.field("name").filter(|_| node.kind() == "local_function_statement");
            let Some(name) = name else {
                order.push(*node);
                continue;
            };
            let text = self.name(name);
            self.declare(&text);
            let at = order.iter().position(|earlier| self.text(*earlier).contains(&*text));
            order.insert(at.unwrap_or(order.len()), *node);
        }
        let mut stmts = Vec::new();
        for node in order {
            self.stmt(node, &mut stmts);
        }
        Block { stmts, tail: None }
    }

    /// One statement; some are several in the IR.
    pub(super) fn stmt(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let outer = std::mem::take(&mut self.declared);
        let mut lowered = Vec::new();
        if self.deeper(|lowerer| lowerer.stmt_here(node, &mut lowered)).is_none() {
            let fixme = self.fixme(node, Vec::new());
            lowered.push(self.stmt_at(node, StmtKind::Expr(fixme)));
        }
        stmts.append(&mut std::mem::replace(&mut self.declared, outer));
        stmts.append(&mut lowered);
    }

    fn stmt_here(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        let kind = match node.kind() {
            "empty_statement" => return,
            "local_declaration_statement" => return self.local_declaration(node, stmts),
            "expression_statement" => match self.first_child(node) {
                Some(inner) => self.expression_statement(inner),
                None => return,
            },
            "local_function_statement" => self.local_function(node),
            "labeled_statement" => {
                let children = self.children(node);
                return match children.last() {
                    Some(inner) if inner.kind() != "identifier" => self.stmt(*inner, stmts),
                    _ => {}
                };
            }
            "block" => StmtKind::Expr(self.block_expr(node, node)),
            "checked_statement" | "unsafe_statement" => match self.child_of(node, "block") {
                Some(block) => StmtKind::Expr(self.block_expr(node, block)),
                None => return,
            },
            "using_statement" | "fixed_statement" | "lock_statement" => StmtKind::Expr(self.guarded(node)),
            _ => StmtKind::Expr(self.control(node)),
        };
        stmts.push(self.stmt_at(node, kind));
    }

    fn block_expr(&mut self, node: Node<'t>, block: Node<'t>) -> Expr {
        let block = self.block(block);
        self.expr_at(node, ExprKind::Block(block))
    }

    fn expression_statement(&mut self, node: Node<'t>) -> StmtKind {
        let is_assignment = matches!(node.kind(), "assignment_expression" | "postfix_unary_expression")
            || node.kind() == "prefix_unary_expression";
        let assigned = if is_assignment { self.deeper(|lowerer| lowerer.assignment(node)) } else { None };
        assigned.flatten().unwrap_or_else(|| StmtKind::Expr(self.expr(node)))
    }

    /// `T a = 1, b = 2;`, perhaps with `using` before it.
    fn local_declaration(&mut self, node: Node<'t>, stmts: &mut Vec<Stmt>) {
        if let Some(declaration) = self.child_of(node, "variable_declaration") {
            self.variables(declaration, stmts);
        }
    }

    /// The variables of a declaration. Values are lowered before their names can be seen.
    pub(super) fn variables(&mut self, declaration: Node<'t>, stmts: &mut Vec<Stmt>) {
        let ty = self.ty_in(declaration, "type").filter(|ty| *ty != Type::Unknown);
        let expected = ty.clone().unwrap_or_default();
        for variable in self.children_of(declaration, "variable_declarator") {
            let name = variable.field("name").or_else(|| self.child_of(variable, "tuple_pattern"));
            let Some(name) = name else { continue };
            let value = self.initial_value(variable, name).map(|value| self.initialised(value, &expected));
            let pattern = if name.kind() == "tuple_pattern" { self.designation(name) } else { self.bind(name) };
            let kind = StmtKind::Let { pattern, ty: ty.clone(), value, otherwise: None };
            stmts.push(self.stmt_at(variable, kind));
        }
    }

    /// An initial value; `int[] a = { 1, 2 }` has braces alone.
    fn initialised(&mut self, value: Node<'t>, expected: &Type) -> Expr {
        self.expr_as(value, expected)
    }

    /// A function in a function is a variable that holds it.
    fn local_function(&mut self, node: Node<'t>) -> StmtKind {
        let body = node.field("body");
        let lambda = self.lambda(node, body);
        let value = self.expr_at(node, ExprKind::Lambda(Box::new(lambda)));
        let pattern = node.field("name").map_or(Pattern::Wild, |name| self.bind(name));
        StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None }
    }

    /// `using (var a = b) ..`, `lock (a) ..`, `fixed (..) ..`: what is held, then the body.
    fn guarded(&mut self, node: Node<'t>) -> Expr {
        let block = self.scoped(|lowerer| {
            let mut stmts = Vec::new();
            let children = lowerer.children(node);
            let Some((body, held)) = children.split_last() else { return Block::default() };
            for child in held {
                if child.kind() == "variable_declaration" {
                    lowerer.variables(*child, &mut stmts);
                } else {
                    let kind = lowerer.expression_statement(*child);
                    stmts.push(lowerer.stmt_at(*child, kind));
                }
            }
            if body.kind() == "block" {
                let nodes = lowerer.children(*body);
                stmts.append(&mut lowerer.statements(&nodes).stmts);
            } else {
                lowerer.stmt(*body, &mut stmts);
            }
            Block { stmts, tail: None }
        });
        self.expr_at(node, ExprKind::Block(block))
    }
}
