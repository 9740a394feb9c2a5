//! Assignments: which of them make a variable, and which change something that exists.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange};

use super::Lowerer;
use super::exprs::operator;
use super::names::Known;
use crate::model::ir::{Block, Expr, ExprKind, Pattern, Stmt, StmtKind, Type};

impl Lowerer<'_> {
    /// `a = b = e`: `e` is evaluated once, further targets take what the first one holds.
    pub(super) fn assignment(&mut self, assign: &ast::StmtAssign, stmts: &mut Vec<Stmt>) {
        if self.declares_type(assign) {
            return;
        }
        let mut value = self.expr(&assign.value);
        let Some((first, further)) = assign.targets.split_first() else { return };
        let mut copies = Vec::new();
        for target in further {
            let copied = if matches!(first, ast::Expr::Tuple(_) | ast::Expr::List(_)) { target } else { first };
            copies.push((target, copied));
        }
        if let (Some((target, _)), true) = (copies.first(), matches!(first, ast::Expr::Tuple(_))) {
            // `a, b = pair = e`
            self.set(target, None, value, assign.range, stmts);
            value = self.expr(target);
        }
        self.set(first, None, value, assign.range, stmts);
        for (target, copied) in copies {
            if !std::ptr::eq(target, copied) {
                let value = self.expr(copied);
                self.set(target, None, value, assign.range, stmts);
            }
        }
    }

    /// `a: T = e`, or `a: T` alone.
    pub(super) fn annotated(&mut self, assign: &ast::StmtAnnAssign, stmts: &mut Vec<Stmt>) {
        let ty = self.ty(&assign.annotation);
        match &assign.value {
            Some(value) => {
                let value = self.expr(value);
                self.set(&assign.target, Some(ty), value, assign.range, stmts);
            }
            None => self.declared(&assign.target, ty, stmts),
        }
    }

    /// A variable that is declared and not set yet.
    fn declared(&mut self, target: &ast::Expr, ty: Type, stmts: &mut Vec<Stmt>) {
        let ast::Expr::Name(name) = target else { return };
        match self.names.get(name.id.as_str()) {
            Known::Global(_) if self.at_module() => self.global(name.id.as_str(), name.range, ty, None),
            Known::Local if self.introduce(name.id.as_str()) => {
                let pattern = self.bound(name.id.as_str(), name.range);
                stmts.push(self.stmt_at(name, StmtKind::Let { pattern, ty: Some(ty), value: None, otherwise: None }));
            }
            _ => {}
        }
    }

    /// `a += e`.
    pub(super) fn augmented(&mut self, assign: &ast::StmtAugAssign, stmts: &mut Vec<Stmt>) {
        let value = self.expr(&assign.value);
        let target = self.expr(&assign.target);
        let kind = StmtKind::Assign { target, op: Some(operator(assign.op)), value };
        stmts.push(self.stmt_at(assign, kind));
    }

    /// Gives a target its value.
    pub(super) fn set(
        &mut self,
        target: &ast::Expr,
        ty: Option<Type>,
        value: Expr,
        whole: TextRange,
        stmts: &mut Vec<Stmt>,
    ) {
        let kind = match target {
            ast::Expr::Name(name) => match self.set_name(name, ty, value) {
                Some(kind) => kind,
                None => return,
            },
            ast::Expr::Tuple(items) => self.set_all(&items.elts, target, value, stmts),
            ast::Expr::List(items) => self.set_all(&items.elts, target, value, stmts),
            ast::Expr::Starred(inner) => return self.set(&inner.value, ty, value, whole, stmts),
            _ => StmtKind::Assign { target: self.expr(target), op: None, value },
        };
        stmts.push(Stmt { kind, span: super::span_of(self.file, whole) });
    }

    fn set_name(&mut self, target: &ast::ExprName, ty: Option<Type>, value: Expr) -> Option<StmtKind> {
        let name = target.id.as_str();
        Some(match self.names.get(name) {
            Known::Local if self.names.is_own(name) && self.introduce(name) => {
                let pattern = self.bound(name, target.range);
                StmtKind::Let { pattern, ty, value: Some(value), otherwise: None }
            }
            Known::Local => {
                let target = self.expr_at(target, ExprKind::Local(Arc::from(name)));
                StmtKind::Assign { target, op: None, value }
            }
            Known::Global(symbol) => {
                let loads = self.at_module() && self.functions.last().is_some_and(|module| module.blocks == 0);
                if loads && self.introduce(name) {
                    self.global(name, target.range, ty.unwrap_or_default(), Some(value));
                    return None;
                }
                let target = self.expr_at(target, ExprKind::Global(symbol));
                StmtKind::Assign { target, op: None, value }
            }
            // A stand-in for something that could not be imported, a class that is wrapped.
            _ => StmtKind::Expr(value),
        })
    }

    /// `a, b = e`. New names are bound by a pattern; where some exist, all are set as places.
    fn set_all(&mut self, items: &[ast::Expr], whole: &ast::Expr, value: Expr, stmts: &mut Vec<Stmt>) -> StmtKind {
        if items.iter().all(|item| self.is_new(item)) {
            let pattern = self.target(whole);
            return StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None };
        }
        for name in items.iter().filter_map(ast::Expr::as_name_expr) {
            self.declared_before(name, stmts);
        }
        StmtKind::Assign { target: self.places(items, whole), op: None, value }
    }

    /// Whether a target has only names that do not exist yet.
    fn is_new(&self, target: &ast::Expr) -> bool {
        match target {
            ast::Expr::Name(name) => {
                let name = name.id.as_str();
                self.names.get(name) == Known::Local && self.names.is_own(name) && !self.is_introduced(name)
            }
            ast::Expr::Tuple(items) => items.elts.iter().all(|item| self.is_new(item)),
            ast::Expr::List(items) => items.elts.iter().all(|item| self.is_new(item)),
            ast::Expr::Starred(inner) => self.is_new(&inner.value),
            _ => false,
        }
    }

    /// Makes a variable that is set together with others.
    fn declared_before(&mut self, target: &ast::ExprName, stmts: &mut Vec<Stmt>) {
        let name = target.id.as_str();
        match self.names.get(name) {
            Known::Local if self.names.is_own(name) && self.introduce(name) => {
                let pattern = self.bound(name, target.range);
                stmts.push(self.stmt_at(target, StmtKind::Let { pattern, ty: None, value: None, otherwise: None }));
            }
            Known::Global(_) if self.at_module() && self.introduce(name) => {
                self.global(name, target.range, Type::Unknown, None);
            }
            _ => {}
        }
    }

    fn places(&mut self, items: &[ast::Expr], whole: &ast::Expr) -> Expr {
        let places = items.iter().map(|item| match item {
            ast::Expr::Tuple(inner) => self.places(&inner.elts, item),
            ast::Expr::List(inner) => self.places(&inner.elts, item),
            ast::Expr::Starred(inner) => self.expr(&inner.value),
            _ => self.expr(item),
        });
        let places = places.collect();
        self.expr_at(whole, ExprKind::Tuple(places))
    }

    /// What a loop, `with` or comprehension binds: new names in the scope that is open. What is no
    /// name (`for self.x in y`) binds nothing.
    pub(super) fn target(&mut self, target: &ast::Expr) -> Pattern {
        let lowered = self.deeper(|lowerer| match target {
            ast::Expr::Name(name) => {
                lowerer.introduce(name.id.as_str());
                lowerer.names.declare(name.id.as_str(), Known::Local);
                lowerer.bound(name.id.as_str(), name.range)
            }
            ast::Expr::Tuple(items) => lowerer.targets(&items.elts),
            ast::Expr::List(items) => lowerer.targets(&items.elts),
            ast::Expr::Starred(inner) => lowerer.target(&inner.value),
            _ => Pattern::Wild,
        });
        lowered.unwrap_or(Pattern::Wild)
    }

    fn targets(&mut self, items: &[ast::Expr]) -> Pattern {
        let parts = items.iter().map(|item| self.target(item)).collect();
        if items.iter().any(ast::Expr::is_starred_expr) { Pattern::List(parts) } else { Pattern::Tuple(parts) }
    }

    /// `(a := e)`.
    pub(super) fn walrus(&mut self, named: &ast::ExprNamed) -> ExprKind {
        let value = self.expr(&named.value);
        let mut stmts = Vec::new();
        self.set(&named.target, None, value, named.range(), &mut stmts);
        let tail = Some(Box::new(self.expr(&named.target)));
        ExprKind::Block(Block { stmts, tail })
    }

    /// A name that is bound.
    pub(super) fn bound(&self, name: &str, at: TextRange) -> Pattern {
        Pattern::Bind(Arc::from(name), super::span_of(self.file, at), None)
    }

    /// Makes a variable that blocks of the function set, so that it is seen behind them.
    pub(super) fn hoisted(&mut self, name: &str) -> Stmt {
        self.introduce(name);
        self.names.declare(name, Known::Local);
        let pattern = self.bound(name, TextRange::default());
        self.stmt_at(&TextRange::default(), StmtKind::Let { pattern, ty: None, value: None, otherwise: None })
    }

    /// Notes that a variable exists from here on; whether it did not before.
    pub(super) fn introduce(&mut self, name: &str) -> bool {
        !self.is_introduced(name)
            && self.functions.last_mut().is_some_and(|function| function.introduced.insert(Arc::from(name)))
    }

    pub(super) fn is_introduced(&self, name: &str) -> bool {
        self.functions.last().is_some_and(|function| function.introduced.contains(name))
    }
}
