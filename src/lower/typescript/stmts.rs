//! Statements.

use std::sync::Arc;

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use crate::model::ir::{Arm, Block, Catch, Expr, ExprKind, Pattern, Stmt, StmtKind};

/// Cases of a `switch` whose statements also run for the case before them.
const MAX_FALLEN: usize = 8;

impl Lowerer<'_> {
    /// Statements of a block, in a scope that is open. A function stands before the first statement
    /// that mentions it, whatever its place in the text.
    pub(super) fn statements(&mut self, nodes: &[js::Statement<'_>]) -> Vec<Stmt> {
        let functions = nodes.iter().filter_map(|node| match node {
            js::Statement::FunctionDeclaration(function) => Some((function.id.as_ref()?.name.as_str(), &**function)),
            _ => None,
        });
        let functions: Vec<(&str, &js::Function<'_>)> = functions.collect();
        for (name, _) in &functions {
            self.names.declare(&Arc::from(*name));
        }
        let mut placed = vec![false; functions.len()];
        let mut stmts = Vec::with_capacity(nodes.len());
        for node in nodes {
            let text = if functions.is_empty() { "" } else { self.text(node) };
            for ((name, function), placed) in functions.iter().zip(&mut placed) {
                let is_here = function.span == node.span();
                if !*placed && (is_here || mentions(text, name)) {
                    *placed = true;
                    self.push_function(function, &mut stmts);
                }
            }
            if !matches!(node, js::Statement::FunctionDeclaration(_)) {
                self.stmt(node, &mut stmts);
            }
        }
        stmts
    }

    fn push_function(&mut self, node: &js::Function<'_>, stmts: &mut Vec<Stmt>) {
        let lowered = self.deeper(|lowerer| lowerer.nested_function(node)).flatten();
        stmts.extend(lowered.map(|kind| Stmt { kind, span: self.place(node.span) }));
    }

    /// A statement in a scope of its own.
    pub(super) fn block_of(&mut self, node: &js::Statement<'_>) -> Block {
        self.scoped(|lowerer| match node {
            js::Statement::BlockStatement(block) => Block { stmts: lowerer.statements(&block.body), tail: None },
            other => {
                let mut stmts = Vec::new();
                lowerer.stmt(other, &mut stmts);
                Block { stmts, tail: None }
            }
        })
    }

    pub(super) fn block(&mut self, node: &js::BlockStatement<'_>) -> Block {
        self.scoped(|lowerer| Block { stmts: lowerer.statements(&node.body), tail: None })
    }

    /// One statement, which may become several.
    pub(super) fn stmt(&mut self, node: &js::Statement<'_>, stmts: &mut Vec<Stmt>) {
        let lowered = self.deeper(|lowerer| lowerer.stmt_inner(node, stmts));
        if lowered.is_none() {
            let cut = self.fixme(node, "nesting", Vec::new());
            stmts.push(self.stmt_at(node, StmtKind::Expr(cut)));
        }
    }

    fn stmt_inner(&mut self, node: &js::Statement<'_>, stmts: &mut Vec<Stmt>) {
        let kind = match node {
            js::Statement::ExpressionStatement(statement) => {
                return self.expression_statement(&statement.expression, stmts);
            }
            js::Statement::VariableDeclaration(variables) => return self.variables(variables, stmts),
            js::Statement::ReturnStatement(statement) => {
                ExprKind::Return(statement.argument.as_ref().map(|value| Box::new(self.expr(value))))
            }
            js::Statement::IfStatement(statement) => self.if_statement(statement),
            js::Statement::BlockStatement(block) => ExprKind::Block(self.block(block)),
            js::Statement::ThrowStatement(statement) => ExprKind::Throw(vec![self.expr(&statement.argument)]),
            js::Statement::TryStatement(statement) => self.try_statement(statement),
            js::Statement::SwitchStatement(statement) => self.switch(statement),
            js::Statement::BreakStatement(statement) => {
                if statement.label.is_none() && self.in_switch {
                    return; // a case that has run leaves its `switch` anyway
                }
                ExprKind::Break(statement.label.as_ref().map(|label| Arc::from(label.name.as_str())), None)
            }
            js::Statement::ContinueStatement(statement) => {
                ExprKind::Continue(statement.label.as_ref().map(|label| Arc::from(label.name.as_str())))
            }
            js::Statement::LabeledStatement(statement) => {
                let label = Arc::from(statement.label.name.as_str());
                match self.loop_statement(&statement.body, Some(label)) {
                    Some(kind) => kind,
                    None => return self.stmt(&statement.body, stmts),
                }
            }
            js::Statement::FunctionDeclaration(function) => return self.push_function(function, stmts),
            js::Statement::ClassDeclaration(class) => return self.nested_class(class),
            js::Statement::TSTypeAliasDeclaration(alias) => {
                self.nested_type(&alias.id);
                return self.type_alias(alias);
            }
            js::Statement::TSInterfaceDeclaration(interface) => {
                self.nested_type(&interface.id);
                return self.interface(interface);
            }
            js::Statement::TSEnumDeclaration(declared) => {
                let symbol = self.inside.join(declared.id.name.as_str());
                self.names.name(declared.id.name.as_str(), symbol, true);
                return self.enumeration(declared);
            }
            js::Statement::WithStatement(statement) => {
                let object = self.expr(&statement.object);
                stmts.push(self.stmt_at(&statement.object, StmtKind::Expr(object)));
                ExprKind::Block(self.block_of(&statement.body))
            }
            js::Statement::EmptyStatement(_) | js::Statement::DebuggerStatement(_) => return,
            other => match self.loop_statement(other, None) {
                Some(kind) => kind,
                // Imports and exports stand at the top level.
                None => return,
            },
        };
        let value = self.expr_at(node, kind);
        stmts.push(self.stmt_at(node, StmtKind::Expr(value)));
    }

    fn nested_class(&mut self, node: &js::Class<'_>) {
        let Some(id) = &node.id else { return };
        let symbol = self.inside.join(id.name.as_str());
        self.names.name(id.name.as_str(), symbol.clone(), true);
        self.class(symbol, node);
    }

    fn nested_type(&mut self, id: &js::BindingIdentifier<'_>) {
        let symbol = self.inside.join(id.name.as_str());
        self.names.declare_type(id.name.as_str(), Some(symbol));
    }

    fn expression_statement(&mut self, node: &js::Expression<'_>, stmts: &mut Vec<Stmt>) {
        match node {
            js::Expression::AssignmentExpression(assignment) => self.assignment(assignment, stmts),
            js::Expression::UpdateExpression(update) => {
                let kind = self.update(update);
                stmts.push(self.stmt_at(node, kind));
            }
            js::Expression::SequenceExpression(sequence) => {
                sequence.expressions.iter().for_each(|expr| self.expression_statement(expr, stmts));
            }
            _ => {
                let value = self.expr(node);
                stmts.push(self.stmt_at(node, StmtKind::Expr(value)));
            }
        }
    }

    /// `const a = .., { b } = ..`.
    pub(super) fn variables(&mut self, node: &js::VariableDeclaration<'_>, stmts: &mut Vec<Stmt>) {
        for variable in &node.declarations {
            let required = variable.init.as_ref().and_then(|init| self.required(init));
            if let Some((symbol, has_names)) = required
                && self.name_required(&variable.id, &symbol, has_names)
            {
                continue;
            }
            let ty = variable.type_annotation.as_ref().map(|annotation| self.ty(&annotation.type_annotation));
            let name = match &variable.id {
                js::BindingPattern::BindingIdentifier(id) => Some(id.name.as_str()),
                _ => None,
            };
            // A function that calls itself sees its own name.
            let is_function = matches!(
                variable.init,
                Some(js::Expression::ArrowFunctionExpression(_) | js::Expression::FunctionExpression(_))
            );
            if let Some(name) = name.filter(|_| is_function) {
                self.names.declare(&Arc::from(name));
            }
            let value = variable.init.as_ref().map(|init| self.expr(init));
            let pattern = self.pattern_for(&variable.id, value.as_ref());
            stmts.push(self.stmt_at(variable, StmtKind::Let { pattern, ty, value, otherwise: None }));
        }
    }

    fn if_statement(&mut self, node: &js::IfStatement<'_>) -> ExprKind {
        let cond = Box::new(self.condition(&node.test));
        let then = self.block_of(&node.consequent);
        let otherwise = node.alternate.as_ref().map(|other| self.block_of(other));
        ExprKind::If { cond, then, otherwise }
    }

    fn try_statement(&mut self, node: &js::TryStatement<'_>) -> ExprKind {
        let body = self.block(&node.block);
        let catches = node.handler.iter().map(|handler| {
            self.scoped(|lowerer| {
                let pattern = handler.param.as_ref().map(|param| lowerer.pattern(&param.pattern));
                let name = match pattern {
                    Some(Pattern::Bind(name, ..)) => Some(name),
                    _ => None,
                };
                let stmts = lowerer.statements(&handler.body.body);
                Catch { types: Vec::new(), name, body: Block { stmts, tail: None } }
            })
        });
        let catches = catches.collect();
        let finally = node.finalizer.as_ref().map(|finally| self.block(finally));
        ExprKind::TryCatch { body, catches, finally }
    }

    /// `switch`. A case without statements is another pattern of the next one; one that does not leave
    /// goes on with the next one's.
    fn switch(&mut self, node: &js::SwitchStatement<'_>) -> ExprKind {
        let subject = self.expr(&node.discriminant);
        let is_true = matches!(subject.kind, ExprKind::Literal(crate::model::ir::Literal::Bool(true)));
        let outer = std::mem::replace(&mut self.in_switch, true);
        let mut arms = Vec::new();
        let mut patterns: Vec<Pattern> = Vec::new();
        for (at, case) in node.cases.iter().enumerate() {
            let mut guard = None;
            match &case.test {
                Some(test) if is_true => guard = Some(self.condition(test)),
                Some(test) => patterns.push(Pattern::Value(Box::new(self.expr(test)))),
                None => patterns.push(Pattern::Wild),
            }
            if case.consequent.is_empty() && at + 1 < node.cases.len() && guard.is_none() {
                continue;
            }
            let pattern = match patterns.len() {
                0 => Pattern::Wild,
                1 => patterns.remove(0),
                _ if patterns.iter().any(|pattern| matches!(pattern, Pattern::Wild)) => Pattern::Wild,
                _ => Pattern::Or(std::mem::take(&mut patterns)),
            };
            patterns.clear();
            let body = self.scoped(|lowerer| {
                let mut stmts = Vec::new();
                for case in node.cases.iter().skip(at).take(MAX_FALLEN) {
                    stmts.extend(lowerer.statements(&case.consequent));
                    if case.consequent.last().is_some_and(leaves) {
                        break;
                    }
                }
                Block { stmts, tail: None }
            });
            arms.push(Arm { pattern, guard, body });
        }
        self.in_switch = outer;
        ExprKind::Match { subject: (!is_true).then(|| Box::new(subject)), arms }
    }
}

/// Statements as an expression that gives a value.
pub(super) fn block_expr(stmts: Vec<Stmt>, tail: Expr) -> ExprKind {
    ExprKind::Block(Block { stmts, tail: Some(Box::new(tail)) })
}

/// Whether a case ends with its last statement.
fn leaves(node: &js::Statement<'_>) -> bool {
    match node {
        js::Statement::BreakStatement(_)
        | js::Statement::ReturnStatement(_)
        | js::Statement::ThrowStatement(_)
        | js::Statement::ContinueStatement(_) => true,
        js::Statement::BlockStatement(block) => block.body.last().is_some_and(leaves),
        _ => false,
    }
}

/// Whether a text has a name in it as a word.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
