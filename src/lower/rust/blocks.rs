//! Blocks and statements.

use syn::{Expr as SynExpr, Item, Stmt as SynStmt};

use super::lowerer::{self, Lowerer};
use crate::model::ir::{Block, Expr, ExprKind, Op, Stmt, StmtKind};

impl Lowerer<'_> {
    /// A block; its names end with it.
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        self.statements(&block.stmts)
    }

    /// Statements, and the value of the last one.
    pub(super) fn statements(&mut self, stmts: &[SynStmt]) -> Block {
        let items = || stmts.iter().filter_map(item);
        if items().next().is_none() {
            return self.scoped(|this| this.statements_in_scope(stmts));
        }
        let scope = self.scopes.block(self.path.clone(), self.scope, items());
        let outer = std::mem::replace(&mut self.scope, scope);
        let block = self.scoped(|this| this.statements_in_scope(stmts));
        self.scope = outer;
        block
    }

    fn statements_in_scope(&mut self, stmts: &[SynStmt]) -> Block {
        let mut block = Block::default();
        for (at, stmt) in stmts.iter().enumerate() {
            let is_last = at + 1 == stmts.len();
            match stmt {
                SynStmt::Item(item) => self.nested_item(item),
                SynStmt::Local(local) => {
                    let stmt = self.local(local);
                    block.stmts.push(stmt);
                }
                // A semicolon too many.
                SynStmt::Expr(SynExpr::Verbatim(tokens), Some(_)) if tokens.is_empty() => {}
                SynStmt::Expr(value, None) if is_last => block.tail = Some(Box::new(self.expr(value))),
                SynStmt::Expr(value, semi) => {
                    let mut stmt = self.expr_statement(value);
                    if let Some(semi) = semi {
                        stmt.span = stmt.span.to(self.span(semi.span));
                    }
                    block.stmts.push(stmt);
                }
                SynStmt::Macro(stmt) => {
                    let value = self.macro_call(&stmt.mac);
                    if is_last && stmt.semi_token.is_none() {
                        block.tail = Some(Box::new(value));
                    } else {
                        block.stmts.push(lowerer::expr_stmt(value));
                    }
                }
            }
        }
        block
    }

    /// An item in a function body: it sees none of the function's variables, and `Self` is still
    /// what it was.
    fn nested_item(&mut self, item: &Item) {
        // Imports of a block are resolved where they are used; nobody else reaches them.
        if matches!(item, Item::Use(_)) {
            return;
        }
        let locals = std::mem::take(&mut self.locals);
        self.items(std::slice::from_ref(item));
        self.locals = locals;
    }

    fn local(&mut self, local: &syn::Local) -> Stmt {
        let value = local.init.as_ref().map(|init| self.expr(&init.expr));
        let diverge = local.init.as_ref().and_then(|init| init.diverge.as_ref());
        let otherwise = diverge.map(|(_, block)| self.scoped(|this| lowerer::block_of(this.expr(block))));
        let param = self.param(&local.pat, None);
        let ty = matches!(local.pat, syn::Pat::Type(_)).then_some(param.ty);
        let span = self.span(local.let_token.span).to(self.span(local.semi_token.span));
        Stmt { kind: StmtKind::Let { pattern: param.pattern, ty, value, otherwise }, span }
    }

    /// An expression as a statement: assignments are statements of their own.
    pub(super) fn expr_statement(&mut self, value: &SynExpr) -> Stmt {
        let (target, op, value) = match value {
            SynExpr::Assign(assign) => (&assign.left, None, &assign.right),
            SynExpr::Binary(binary) => match compound(&binary.op) {
                Some(op) => (&binary.left, Some(op), &binary.right),
                None => return lowerer::expr_stmt(self.expr(value)),
            },
            value => return lowerer::expr_stmt(self.expr(value)),
        };
        let value = self.expr(value);
        let target = self.expr(target);
        Stmt { span: target.span.to(value.span), kind: StmtKind::Assign { target, op, value } }
    }

    /// An assignment where a value is expected: a block that does it and gives nothing.
    pub(super) fn assignment(&mut self, value: &SynExpr) -> Expr {
        let stmt = self.expr_statement(value);
        Expr { span: stmt.span, kind: ExprKind::Block(Block { stmts: vec![stmt], tail: None }) }
    }
}

fn item(stmt: &SynStmt) -> Option<&Item> {
    match stmt {
        SynStmt::Item(item) => Some(item),
        _ => None,
    }
}

/// The operator of `a += b`.
pub(super) fn compound(op: &syn::BinOp) -> Option<Op> {
    Some(match op {
        syn::BinOp::AddAssign(_) => Op::Add,
        syn::BinOp::SubAssign(_) => Op::Sub,
        syn::BinOp::MulAssign(_) => Op::Mul,
        syn::BinOp::DivAssign(_) => Op::Div,
        syn::BinOp::RemAssign(_)
        | syn::BinOp::BitXorAssign(_)
        | syn::BinOp::BitAndAssign(_)
        | syn::BinOp::BitOrAssign(_)
        | syn::BinOp::ShlAssign(_)
        | syn::BinOp::ShrAssign(_) => Op::Other,
        _ => return None,
    })
}

/// The operator of `a + b`.
pub(super) fn binary(op: &syn::BinOp) -> Op {
    match op {
        syn::BinOp::Add(_) => Op::Add,
        syn::BinOp::Sub(_) => Op::Sub,
        syn::BinOp::Mul(_) => Op::Mul,
        syn::BinOp::Div(_) => Op::Div,
        syn::BinOp::And(_) => Op::And,
        syn::BinOp::Or(_) => Op::Or,
        syn::BinOp::Eq(_) => Op::Eq,
        syn::BinOp::Ne(_) => Op::Ne,
        syn::BinOp::Lt(_) => Op::Lt,
        syn::BinOp::Le(_) => Op::Le,
        syn::BinOp::Gt(_) => Op::Gt,
        syn::BinOp::Ge(_) => Op::Ge,
        _ => Op::Other,
    }
}
