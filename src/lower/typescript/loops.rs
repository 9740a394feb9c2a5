//! Loops.

use std::sync::Arc;

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Loop, LoopKind, Pattern, Stmt, StmtKind};

impl Lowerer<'_> {
    /// A loop, if the statement is one.
    pub(super) fn loop_statement(&mut self, node: &js::Statement<'_>, label: Option<Arc<str>>) -> Option<ExprKind> {
        let outer = std::mem::replace(&mut self.in_switch, false);
        let lowered = self.scoped(|lowerer| lowerer.loop_parts(node));
        self.in_switch = outer;
        let (kind, body) = lowered?;
        Some(ExprKind::Loop(Box::new(Loop { kind, body, label })))
    }

    fn loop_parts(&mut self, node: &js::Statement<'_>) -> Option<(LoopKind, Block)> {
        Some(match node {
            js::Statement::WhileStatement(node) => {
                let kind = self.while_kind(&node.test);
                (kind, self.block_of(&node.body))
            }
            js::Statement::DoWhileStatement(node) => {
                let body = self.block_of(&node.body);
                (self.while_kind(&node.test), body)
            }
            js::Statement::ForStatement(node) => self.counted(node),
            js::Statement::ForOfStatement(node) => {
                let each = self.each_of(&node.left, &node.right);
                self.each(each, &node.left, &node.body)
            }
            js::Statement::ForInStatement(node) => {
                let over = self.expr(&node.right);
                let key = self.loop_pattern(&node.left);
                let each = LoopKind::Each { pattern: Pattern::Tuple(vec![key, Pattern::Wild]), over, keyed: true };
                self.each(each, &node.left, &node.body)
            }
            _ => return None,
        })
    }

    fn while_kind(&mut self, test: &js::Expression<'_>) -> LoopKind {
        let cond = self.condition(test);
        match &cond.kind {
            ExprKind::Literal(Literal::Bool(true)) => LoopKind::Infinite,
            ExprKind::Literal(Literal::Int(number)) if *number != 0 => LoopKind::Infinite,
            _ => LoopKind::While(cond),
        }
    }

    fn counted(&mut self, node: &js::ForStatement<'_>) -> (LoopKind, Block) {
        let mut before = Vec::new();
        match &node.init {
            Some(js::ForStatementInit::VariableDeclaration(variables)) => self.variables(variables, &mut before),
            Some(init) => {
                if let Some(init) = init.as_expression() {
                    before.push(self.statement_of(init));
                }
            }
            None => {}
        }
        let cond = node.test.as_ref().map(|test| self.condition(test));
        let step = node.update.as_ref().map(|update| Box::new(self.statement_of(update)));
        let body = self.block_of(&node.body);
        if before.is_empty() && cond.is_none() && step.is_none() {
            return (LoopKind::Infinite, body);
        }
        let init = self.one_statement(before).map(Box::new);
        (LoopKind::Counted { init, cond, step }, body)
    }

    /// An expression that stands where a statement may.
    fn statement_of(&mut self, node: &js::Expression<'_>) -> Stmt {
        let kind = match node {
            js::Expression::UpdateExpression(update) => self.update(update),
            js::Expression::AssignmentExpression(assignment) => {
                let mut stmts = Vec::new();
                self.assignment(assignment, &mut stmts);
                match self.one_statement(stmts) {
                    Some(stmt) => stmt.kind,
                    None => StmtKind::Expr(self.expr(node)),
                }
            }
            _ => StmtKind::Expr(self.expr(node)),
        };
        self.stmt_at(node, kind)
    }

    /// Several variables of a loop (`let i = 0, n = items.length`) are one pattern.
    fn one_statement(&self, mut stmts: Vec<Stmt>) -> Option<Stmt> {
        if stmts.len() < 2 {
            return stmts.pop();
        }
        let span = stmts.first()?.span.to(stmts.last()?.span);
        let mut patterns = Vec::new();
        let mut values = Vec::new();
        for stmt in stmts {
            let StmtKind::Let { pattern, value, .. } = stmt.kind else { continue };
            patterns.push(pattern);
            values.push(value.unwrap_or(Expr { kind: ExprKind::Literal(Literal::Null), span: stmt.span }));
        }
        let value = Expr { kind: ExprKind::Tuple(values), span };
        let kind = StmtKind::Let { pattern: Pattern::Tuple(patterns), ty: None, value: Some(value), otherwise: None };
        Some(Stmt { kind, span })
    }

    /// `for (const a of b)`; of the entries of an object, both parts are bound.
    fn each_of(&mut self, left: &js::ForStatementLeft<'_>, right: &js::Expression<'_>) -> LoopKind {
        if let (Some(object), Some(pair)) = (self.entries_of(right), pair_of(left)) {
            let over = self.expr(object);
            let pattern = Pattern::Tuple(pair.into_iter().map(|part| self.optional_pattern(part)).collect());
            return LoopKind::Each { pattern, over, keyed: true };
        }
        let over = self.expr(right);
        let pattern = self.loop_pattern(left);
        LoopKind::Each { pattern, over, keyed: false }
    }

    /// The object in `Object.entries(object)`.
    fn entries_of<'n, 'a>(&self, node: &'n js::Expression<'a>) -> Option<&'n js::Expression<'a>> {
        let js::Expression::CallExpression(call) = node else { return None };
        let js::Expression::StaticMemberExpression(member) = &call.callee else { return None };
        let is_object = matches!(&member.object, js::Expression::Identifier(name) if name.name == "Object");
        let is_entries = is_object && member.property.name == "entries" && !self.names.is_declared("Object");
        call.arguments.first()?.as_expression().filter(|_| is_entries)
    }

    fn each(&mut self, kind: LoopKind, left: &js::ForStatementLeft<'_>, body: &js::Statement<'_>) -> (LoopKind, Block) {
        let mut block = self.block_of(body);
        // `for (place of list)` sets a place that exists.
        if !matches!(left, js::ForStatementLeft::VariableDeclaration(_))
            && let Some(target) = left.as_assignment_target()
        {
            let name: Arc<str> = Arc::from(ELEMENT);
            let value = Expr { kind: ExprKind::Local(name), span: self.place(target.span()) };
            let target = self.target(target);
            let span = target.span;
            block.stmts.insert(0, Stmt { kind: StmtKind::Assign { target, op: None, value }, span });
        }
        (kind, block)
    }

    fn loop_pattern(&mut self, left: &js::ForStatementLeft<'_>) -> Pattern {
        match left {
            js::ForStatementLeft::VariableDeclaration(variables) => match variables.declarations.first() {
                Some(variable) => self.pattern(&variable.id),
                None => Pattern::Wild,
            },
            other => {
                let span = other.as_assignment_target().map_or(oxc_span::Span::default(), GetSpan::span);
                let name: Arc<str> = Arc::from(ELEMENT);
                self.names.declare(&name);
                Pattern::Bind(name, self.place(span), None)
            }
        }
    }
}

/// What an element is called before it is put into a place that exists; no name of the language.
const ELEMENT: &str = "<element>";

/// The two parts of `const [key, value]`.
fn pair_of<'n, 'a>(left: &'n js::ForStatementLeft<'a>) -> Option<[Option<&'n js::BindingPattern<'a>>; 2]> {
    let js::ForStatementLeft::VariableDeclaration(variables) = left else { return None };
    let js::BindingPattern::ArrayPattern(array) = &variables.declarations.first()?.id else { return None };
    match array.elements.as_slice() {
        [key, value] => Some([key.as_ref(), value.as_ref()]),
        _ => None,
    }
}
