//! Statements, and lists of them.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Lowerer;
use crate::model::ir::{Block, Catch, Expr, ExprKind, Op, Stmt, StmtKind};

impl Lowerer<'_> {
    /// The statements of a block. Blocks of Python have no scope of their own.
    pub(super) fn block(&mut self, body: &[ast::Stmt]) -> Block {
        let mut stmts = Vec::new();
        self.in_block(|lowerer| lowerer.statements(body, &mut stmts));
        Block { stmts, tail: None }
    }

    /// Does something inside a block.
    pub(super) fn in_block<T>(&mut self, lower: impl FnOnce(&mut Self) -> T) -> T {
        let count = |lowerer: &mut Self, change: fn(usize) -> usize| {
            if let Some(function) = lowerer.functions.last_mut() {
                function.blocks = change(function.blocks);
            }
        };
        count(self, |blocks| blocks + 1);
        let lowered = lower(self);
        count(self, |blocks| blocks - 1);
        lowered
    }

    /// Statements in the block that is open.
    pub(super) fn statements(&mut self, body: &[ast::Stmt], stmts: &mut Vec<Stmt>) {
        for stmt in body {
            if self.deeper(|lowerer| lowerer.stmt(stmt, stmts)).is_none() {
                let fixme = self.fixme(stmt, "nesting", Vec::new());
                stmts.push(self.stmt_at(stmt, StmtKind::Expr(fixme)));
            }
        }
    }

    fn stmt(&mut self, stmt: &ast::Stmt, stmts: &mut Vec<Stmt>) {
        let expr = match stmt {
            ast::Stmt::Import(import) if !self.at_module() => return self.import(import),
            ast::Stmt::ImportFrom(import) if !self.at_module() => return self.import_from(import),
            ast::Stmt::FunctionDef(def) if self.at_module() => return self.function(def, None),
            ast::Stmt::FunctionDef(def) => return self.nested_function(def, stmts),
            ast::Stmt::ClassDef(def) => return self.class(def, stmts),
            ast::Stmt::Assign(assign) => return self.assignment(assign, stmts),
            ast::Stmt::AnnAssign(assign) => return self.annotated(assign, stmts),
            ast::Stmt::AugAssign(assign) => return self.augmented(assign, stmts),
            ast::Stmt::TypeAlias(alias) => return self.type_alias(alias),
            ast::Stmt::Expr(inner) if is_constant(&inner.value) => return,
            ast::Stmt::Expr(inner) => match self.filled_field(&inner.value) {
                Some(kind) => return stmts.push(self.stmt_at(inner, kind)),
                None => self.expr(&inner.value),
            },
            ast::Stmt::Return(inner) => {
                let value = inner.value.as_ref().map(|value| Box::new(self.expr(value)));
                self.expr_at(inner, ExprKind::Return(value))
            }
            ast::Stmt::Raise(raise) => {
                let raised = raise.exc.iter().chain(&raise.cause).map(|raised| self.expr(raised)).collect();
                self.expr_at(raise, ExprKind::Throw(raised))
            }
            ast::Stmt::If(choice) => self.choice(choice),
            ast::Stmt::For(each) => return self.for_statement(each, stmts),
            ast::Stmt::While(repeat) => return self.while_statement(repeat, stmts),
            ast::Stmt::With(with) => self.with_statement(with),
            ast::Stmt::Try(attempt) => self.try_statement(attempt),
            ast::Stmt::Match(choice) => self.match_statement(choice),
            ast::Stmt::Assert(assert) => self.assertion(assert),
            ast::Stmt::Break(_) => self.expr_at(stmt, ExprKind::Break(None, None)),
            ast::Stmt::Continue(_) => self.expr_at(stmt, ExprKind::Continue(None)),
            ast::Stmt::Import(_)
            | ast::Stmt::ImportFrom(_)
            | ast::Stmt::Pass(_)
            | ast::Stmt::Global(_)
            | ast::Stmt::Nonlocal(_)
            | ast::Stmt::Delete(_) => return,
            ast::Stmt::IpyEscapeCommand(_) => self.fixme(stmt, "ipython", Vec::new()),
        };
        stmts.push(self.stmt_at(stmt, StmtKind::Expr(expr)));
    }

    /// `a.b.append(c)`, `a.b.extend(c)` and `a.b.CopyFrom(c)` of messages write the field `b`.
    fn filled_field(&mut self, expr: &ast::Expr) -> Option<StmtKind> {
        let ast::Expr::Call(call) = expr else { return None };
        let ast::Expr::Attribute(method) = &*call.func else { return None };
        let ([given], true) = (&call.arguments.args[..], call.arguments.keywords.is_empty()) else { return None };
        if !method.value.is_attribute_expr() || self.path(&method.value).is_some() {
            return None;
        }
        let value = match method.attr.as_str() {
            "append" => {
                let element = self.expr(given);
                self.expr_at(given, ExprKind::List(vec![element]))
            }
            "extend" | "CopyFrom" => self.expr(given),
            _ => return None,
        };
        Some(StmtKind::Assign { target: self.expr(&method.value), op: None, value })
    }

    fn choice(&mut self, choice: &ast::StmtIf) -> Expr {
        let cond = Box::new(self.cond(&choice.test));
        let then = self.block(&choice.body);
        let otherwise = self.otherwise(&choice.elif_else_clauses);
        self.expr_at(choice, ExprKind::If { cond, then, otherwise })
    }

    /// `elif`s and `else`, from the last to the first: a chain of them may be long.
    fn otherwise(&mut self, clauses: &[ast::ElifElseClause]) -> Option<Block> {
        let mut parts: Vec<(&ast::ElifElseClause, Option<Expr>, Block)> = Vec::new();
        for clause in clauses {
            let cond = clause.test.as_ref().map(|test| self.cond(test));
            parts.push((clause, cond, self.block(&clause.body)));
        }
        let mut rest: Option<Block> = None;
        let room = super::MAX_DEPTH.saturating_sub(self.depth);
        parts.truncate(room.max(1));
        for (clause, cond, then) in parts.into_iter().rev() {
            rest = Some(match cond {
                None => then,
                Some(cond) => {
                    let choice = ExprKind::If { cond: Box::new(cond), then, otherwise: rest };
                    Block {
                        stmts: vec![self.stmt_at(clause, StmtKind::Expr(self.expr_at(clause, choice)))],
                        tail: None,
                    }
                }
            });
        }
        rest
    }

    fn assertion(&mut self, assert: &ast::StmtAssert) -> Expr {
        let cond = self.cond(&assert.test);
        let failed = self.expr_at(&*assert.test, ExprKind::Unary(Op::Not, Box::new(cond)));
        let message = assert.msg.iter().map(|message| self.expr(message)).collect();
        let raised = self.expr_at(assert, ExprKind::Throw(message));
        let then = Block { stmts: vec![self.stmt_at(assert, StmtKind::Expr(raised))], tail: None };
        self.expr_at(assert, ExprKind::If { cond: Box::new(failed), then, otherwise: None })
    }

    /// `try`. What stands in its `else` runs where nothing was raised: behind its body.
    fn try_statement(&mut self, attempt: &ast::StmtTry) -> Expr {
        let mut body = self.block(&attempt.body);
        let mut catches = Vec::new();
        for ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
            catches.push(self.catch(handler));
        }
        body.stmts.append(&mut self.block(&attempt.orelse).stmts);
        let finally = (!attempt.finalbody.is_empty()).then(|| self.block(&attempt.finalbody));
        self.expr_at(attempt, ExprKind::TryCatch { body, catches, finally })
    }

    fn catch(&mut self, handler: &ast::ExceptHandlerExceptHandler) -> Catch {
        let all = |symbol: &str| matches!(symbol, "builtins::Exception" | "builtins::BaseException");
        let types = match handler.type_.as_deref() {
            None => Vec::new(),
            Some(ast::Expr::Tuple(types)) => types.elts.iter().map(|ty| self.ty(ty)).collect(),
            Some(ty) => vec![self.ty(ty)],
        };
        let catches_all = types.iter().any(|ty| ty.symbol().is_some_and(|symbol| all(symbol.as_str())));
        let types = if catches_all { Vec::new() } else { types };
        let name = handler.name.as_ref().map(|name| {
            self.names.declare(name.as_str(), super::names::Known::Local);
            name.as_str().into()
        });
        Catch { types, name, body: self.block(&handler.body) }
    }

    /// `with a as b: ..`. What is suppressed is caught.
    fn with_statement(&mut self, with: &ast::StmtWith) -> Expr {
        let mut stmts = Vec::new();
        let mut suppressed = false;
        self.in_block(|lowerer| {
            for item in &with.items {
                suppressed |= lowerer.suppresses(&item.context_expr);
                lowerer.context(item, with.is_async, &mut stmts);
            }
            lowerer.statements(&with.body, &mut stmts);
        });
        let body = Block { stmts, tail: None };
        if !suppressed {
            return self.expr_at(with, ExprKind::Block(body));
        }
        let nothing = Catch { types: Vec::new(), name: None, body: Block::default() };
        self.expr_at(with, ExprKind::TryCatch { body, catches: vec![nothing], finally: None })
    }

    fn context(&mut self, item: &ast::WithItem, is_async: bool, stmts: &mut Vec<Stmt>) {
        let mut value = self.expr(&item.context_expr);
        if is_async {
            value = self.expr_at(&item.context_expr, ExprKind::Await(Box::new(value)));
        }
        match &item.optional_vars {
            Some(target) => self.set(target, None, value, item.range(), stmts),
            None => stmts.push(self.stmt_at(item, StmtKind::Expr(value))),
        }
    }

    fn suppresses(&self, context: &ast::Expr) -> bool {
        let ast::Expr::Call(call) = context else { return false };
        self.path(&call.func).is_some_and(|symbol| symbol.as_str() == "contextlib::suppress")
    }
}

/// Whether an expression does nothing: a docstring, `...`.
fn is_constant(expr: &ast::Expr) -> bool {
    expr.is_literal_expr()
}
