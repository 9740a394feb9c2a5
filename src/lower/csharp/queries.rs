//! Queries: `from x in xs where .. select ..` is a lambda that loops and yields, called at once.

use tree_sitter::Node;

use super::{Lowerer, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Lambda, Loop, LoopKind, Op, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// A query.
    pub(super) fn query(&mut self, node: Node<'t>) -> Expr {
        let clauses = self.children(node);
        let stmts = self.scoped(|lowerer| lowerer.function(Type::Unknown, |lowerer| lowerer.clauses(&clauses)));
        let body = Block { stmts, tail: None };
        let lambda = Lambda { params: Vec::new(), ret: Type::Unknown, body };
        let callee = Box::new(self.expr_at(node, ExprKind::Lambda(Box::new(lambda))));
        self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args: Vec::new() })
    }

    /// The clauses from the first one on: each holds those that follow.
    fn clauses(&mut self, clauses: &[Node<'t>]) -> Vec<Stmt> {
        let Some((clause, rest)) = clauses.split_first() else { return Vec::new() };
        self.deeper(|lowerer| lowerer.clause(*clause, rest)).unwrap_or_else(|| {
            let fixme = self.fixme(*clause, Vec::new());
            vec![self.stmt_at(*clause, StmtKind::Expr(fixme))]
        })
    }

    fn clause(&mut self, clause: Node<'t>, rest: &[Node<'t>]) -> Vec<Stmt> {
        let parts = self.children(clause);
        match clause.kind() {
            "from_clause" => {
                let name = clause.field("name");
                let ty = self.ty_in(clause, "type");
                let over = self.last_expr(clause);
                let pattern = name.map_or(Pattern::Wild, |name| self.loop_pattern(name, ty));
                let body = self.clauses(rest);
                vec![self.each(clause, pattern, over, body)]
            }
            "join_clause" => self.join(clause, &parts, rest),
            "let_clause" => {
                let value = self.last_expr(clause);
                let pattern = parts.first().map_or(Pattern::Wild, |name| self.bind(*name));
                let mut stmts = vec![self.binding(clause, pattern, value)];
                stmts.extend(self.clauses(rest));
                stmts
            }
            "where_clause" => {
                let cond = Box::new(self.last_expr(clause));
                let then = Block { stmts: self.clauses(rest), tail: None };
                let choice = self.expr_at(clause, ExprKind::If { cond, then, otherwise: None });
                vec![self.stmt_at(clause, StmtKind::Expr(choice))]
            }
            "order_by_clause" => {
                let mut stmts = Vec::new();
                for key in parts {
                    let key = self.expr(key);
                    stmts.push(self.stmt_at(clause, StmtKind::Expr(key)));
                }
                stmts.extend(self.clauses(rest));
                stmts
            }
            "select_clause" => {
                let value = self.last_expr(clause);
                self.given(clause, value, rest)
            }
            // `group a by b` gives groups, each a list.
            "group_clause" => {
                let mut values = parts.into_iter().map(|part| self.expr(part)).collect::<Vec<_>>().into_iter();
                let element: Vec<Expr> = values.next().into_iter().collect();
                let group = self.expr_at(clause, ExprKind::List(element));
                let mut stmts: Vec<Stmt> = values.map(|key| self.stmt_at(clause, StmtKind::Expr(key))).collect();
                stmts.extend(self.given(clause, group, rest));
                stmts
            }
            _ => self.clauses(rest),
        }
    }

    /// The value of a query: an element of the whole, or what the query goes on with (`into name`).
    fn given(&mut self, clause: Node<'t>, value: Expr, rest: &[Node<'t>]) -> Vec<Stmt> {
        if let Some((name, rest)) = rest.split_first() {
            let pattern = self.bind(*name);
            let mut stmts = vec![self.binding(clause, pattern, value)];
            stmts.extend(self.clauses(rest));
            return stmts;
        }
        let element = self.expr_at(clause, ExprKind::Yield(Some(Box::new(value))));
        vec![self.stmt_at(clause, StmtKind::Expr(element))]
    }

    /// `join b in bs on a.Id equals b.Id`, perhaps `into group`.
    fn join(&mut self, clause: Node<'t>, parts: &[Node<'t>], rest: &[Node<'t>]) -> Vec<Stmt> {
        let ty = clause.field("type");
        let into = parts.iter().find(|part| part.kind() == "join_into_clause").copied();
        let parts: Vec<Node<'t>> =
            parts.iter().copied().filter(|part| Some(*part) != ty && part.kind() != "join_into_clause").collect();
        let [name, over, left, right] = *parts else {
            let fixme = self.fixme(clause, Vec::new());
            return vec![self.stmt_at(clause, StmtKind::Expr(fixme))];
        };
        let over = self.expr(over);
        let left = Box::new(self.expr(left));
        let pattern = self.bind(name);
        let right = Box::new(self.expr(right));
        let cond = Box::new(self.expr_at(clause, ExprKind::Binary(Op::Eq, left, right)));
        let group = into.and_then(|into| self.first_child(into));
        let mut inner = Vec::new();
        if let Some(group) = group {
            let pattern = self.bind(group);
            let element = ExprKind::Local(self.name(name));
            let element = vec![self.expr_at(name, element)];
            let list = self.expr_at(clause, ExprKind::List(element));
            inner.push(self.binding(clause, pattern, list));
        }
        inner.extend(self.clauses(rest));
        let then = Block { stmts: inner, tail: None };
        let choice = self.expr_at(clause, ExprKind::If { cond, then, otherwise: None });
        let body = vec![self.stmt_at(clause, StmtKind::Expr(choice))];
        vec![self.each(clause, pattern, over, body)]
    }

    fn each(&mut self, clause: Node<'t>, pattern: Pattern, over: Expr, body: Vec<Stmt>) -> Stmt {
        let kind = LoopKind::Each { pattern, over, keyed: false };
        let body = Block { stmts: body, tail: None };
        let each = self.expr_at(clause, ExprKind::Loop(Box::new(Loop { kind, body, label: None })));
        self.stmt_at(clause, StmtKind::Expr(each))
    }

    fn binding(&mut self, clause: Node<'t>, pattern: Pattern, value: Expr) -> Stmt {
        self.stmt_at(clause, StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None })
    }

    /// The expression at the end of a clause.
    fn last_expr(&mut self, clause: Node<'t>) -> Expr {
        match self.children(clause).last() {
            Some(last) => self.expr(*last),
            None => self.fixme(clause, Vec::new()),
        }
    }

    /// The value of one alternative of a choice.
    pub(super) fn value_of(&mut self, node: Node<'t>, expected: &Type) -> Block {
        value_block(self.expr_as(node, expected))
    }
}
