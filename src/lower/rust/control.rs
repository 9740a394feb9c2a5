//! Expressions that decide where execution goes: choices, loops, blocks and exits.

use std::sync::Arc;

use syn::Expr as SynExpr;
use syn::visit::Visit;

use super::lowerer::{self, Lowerer};
use super::scope;
use crate::model::ir::{Arm, Block, Expr, ExprKind, Lambda, Literal, Loop, LoopKind, Type};
use crate::model::source::Span;

impl Lowerer<'_> {
    /// Lowers an expression of this kind; any other gives a counted gap.
    pub(super) fn control(&mut self, expr: &SynExpr) -> Expr {
        match expr {
            SynExpr::If(expr) => self.choice(expr),
            SynExpr::Match(expr) => self.match_expr(expr),
            SynExpr::Loop(expr) => {
                let body = self.block(&expr.body);
                let start = self.label_or(expr.label.as_ref(), expr.loop_token.span);
                self.repeat(start, LoopKind::Infinite, body, expr.label.as_ref(), &expr.body)
            }
            SynExpr::While(expr) => self.while_loop(expr),
            SynExpr::ForLoop(expr) => self.for_loop(expr),
            SynExpr::Block(expr) => self.block_expr(None, &expr.block),
            SynExpr::Unsafe(expr) => self.block_expr(Some(expr.unsafe_token.span), &expr.block),
            SynExpr::Const(expr) => self.block_expr(Some(expr.const_token.span), &expr.block),
            SynExpr::Async(expr) => self.called(expr.async_token.span, &expr.block, leaves_early(&expr.block)),
            SynExpr::TryBlock(expr) => self.called(expr.try_token.span, &expr.block, true),
            SynExpr::Return(expr) => {
                let value = expr.expr.as_ref().map(|value| Box::new(self.expr(value)));
                let span = self.with_value(expr.return_token.span, value.as_deref());
                Expr { kind: ExprKind::Return(value), span }
            }
            SynExpr::Break(expr) => {
                let value = expr.expr.as_ref().map(|value| Box::new(self.expr(value)));
                let span = self.with_label(expr.break_token.span, expr.label.as_ref());
                let span = value.as_ref().map_or(span, |value| span.to(value.span));
                Expr { kind: ExprKind::Break(expr.label.as_ref().map(label), value), span }
            }
            SynExpr::Continue(expr) => {
                let span = self.with_label(expr.continue_token.span, expr.label.as_ref());
                Expr { kind: ExprKind::Continue(expr.label.as_ref().map(label)), span }
            }
            other => {
                let span = self.span_of(other);
                self.fixme("Expr", span, Vec::new())
            }
        }
    }

    fn with_value(&self, keyword: proc_macro2::Span, value: Option<&Expr>) -> Span {
        let span = self.span(keyword);
        value.map_or(span, |value| span.to(value.span))
    }

    fn with_label(&self, keyword: proc_macro2::Span, label: Option<&syn::Lifetime>) -> Span {
        let span = self.span(keyword);
        label.map_or(span, |label| span.to(self.span(label.span())))
    }

    fn label_or(&self, label: Option<&syn::Label>, keyword: proc_macro2::Span) -> Span {
        label.map_or_else(|| self.span(keyword), |label| self.span(label.name.apostrophe))
    }

    /// `if`, with the names of its condition in scope where it is true.
    fn choice(&mut self, expr: &syn::ExprIf) -> Expr {
        let (cond, then) = self.scoped(|this| {
            let cond = this.expr(&expr.cond);
            (cond, this.block(&expr.then_branch))
        });
        let start = self.span(expr.if_token.span);
        let mut span = start.to(self.span(expr.then_branch.brace_token.span.close()));
        let otherwise = expr.else_branch.as_ref().map(|(_, branch)| {
            let branch = self.expr(branch);
            span = span.to(branch.span);
            lowerer::block_of(branch)
        });
        Expr { kind: ExprKind::If { cond: Box::new(cond), then, otherwise }, span }
    }

    fn match_expr(&mut self, expr: &syn::ExprMatch) -> Expr {
        let subject = self.expr(&expr.expr);
        let arms = expr.arms.iter().map(|arm| self.arm(&arm.pat, &arm.body)).collect();
        let span = self.span(expr.match_token.span).to(self.span(expr.brace_token.span.close()));
        Expr { kind: ExprKind::Match { subject: Some(Box::new(subject)), arms }, span }
    }

    fn arm(&mut self, pat: &syn::Pat, body: &SynExpr) -> Arm {
        self.scoped(|this| {
            let (pattern, guard) = this.guarded(pat);
            let guard = guard.map(|guard| this.expr(guard));
            Arm { pattern, guard, body: lowerer::block_of(this.expr(body)) }
        })
    }

    fn repeat(
        &mut self,
        start: Span,
        kind: LoopKind,
        body: Block,
        name: Option<&syn::Label>,
        block: &syn::Block,
    ) -> Expr {
        let span = start.to(self.span(block.brace_token.span.close()));
        let label = name.map(|name| label(&name.name));
        Expr { kind: ExprKind::Loop(Box::new(Loop { kind, body, label })), span }
    }

    fn while_loop(&mut self, expr: &syn::ExprWhile) -> Expr {
        let start = self.label_or(expr.label.as_ref(), expr.while_token.span);
        let (cond, body) = self.scoped(|this| {
            let cond = this.expr(&expr.cond);
            (cond, this.block(&expr.body))
        });
        let kind = match cond.kind {
            ExprKind::Literal(Literal::Bool(true)) => LoopKind::Infinite,
            _ => LoopKind::While(cond),
        };
        self.repeat(start, kind, body, expr.label.as_ref(), &expr.body)
    }

    fn for_loop(&mut self, expr: &syn::ExprForLoop) -> Expr {
        let start = self.label_or(expr.label.as_ref(), expr.for_token.span);
        let over = self.expr(&expr.expr);
        let (pattern, body) = self.scoped(|this| {
            let pattern = this.pattern(&expr.pat);
            (pattern, this.block(&expr.body))
        });
        let kind = LoopKind::Each { pattern, over, keyed: false };
        self.repeat(start, kind, body, expr.label.as_ref(), &expr.body)
    }

    fn block_expr(&mut self, keyword: Option<proc_macro2::Span>, block: &syn::Block) -> Expr {
        let span = self.span(block.brace_token.span.join());
        let span = keyword.map_or(span, |keyword| self.span(keyword).to(span));
        Expr { kind: ExprKind::Block(self.block(block)), span }
    }

    /// `async {}` runs where it is awaited, like a plain block. One that is left early (by `?` or
    /// `return`) leaves itself and not the function around it: a closure that is called.
    fn called(&mut self, keyword: proc_macro2::Span, block: &syn::Block, leaves_early: bool) -> Expr {
        let block = self.block_expr(Some(keyword), block);
        if leaves_early { call_now(block) } else { block }
    }
}

/// A closure around an expression, called at once: what leaves it early stays inside.
pub(super) fn call_now(value: Expr) -> Expr {
    let span = value.span;
    let lambda = Lambda { params: Vec::new(), ret: Type::Unknown, body: lowerer::block_of(value) };
    lowerer::call(Expr { kind: ExprKind::Lambda(Box::new(lambda)), span }, Vec::new(), span)
}

/// A label without its apostrophe.
fn label(lifetime: &syn::Lifetime) -> Arc<str> {
    scope::text(&lifetime.ident).into()
}

/// Whether a `?` or `return` of a block leaves that block.
fn leaves_early(block: &syn::Block) -> bool {
    #[derive(Default)]
    struct Exits(bool);

    impl<'ast> Visit<'ast> for Exits {
        fn visit_expr(&mut self, expr: &'ast SynExpr) {
            match expr {
                SynExpr::Try(_) | SynExpr::Return(_) => self.0 = true,
                SynExpr::Closure(_) | SynExpr::Async(_) => {}
                // What a macro is given may hold a `?`, too.
                SynExpr::Macro(expr) => self.visit_macro(&expr.mac),
                _ if self.0 => {}
                other => syn::visit::visit_expr(self, other),
            }
        }

        fn visit_macro(&mut self, mac: &'ast syn::Macro) {
            let name = mac.path.segments.last().map(|last| last.ident.to_string());
            self.0 |= matches!(name.as_deref(), Some("bail" | "ensure")) || has_question_mark(mac.tokens.clone());
        }

        fn visit_item(&mut self, _: &'ast syn::Item) {}
    }

    let mut exits = Exits::default();
    exits.visit_block(block);
    exits.0
}

/// `?` after something: not the sign that `tracing` puts before a value.
fn has_question_mark(tokens: proc_macro2::TokenStream) -> bool {
    let mut after_value = false;
    for token in tokens {
        match token {
            proc_macro2::TokenTree::Punct(sign) if sign.as_char() == '?' && after_value => return true,
            proc_macro2::TokenTree::Punct(_) => after_value = false,
            proc_macro2::TokenTree::Group(group) => {
                if has_question_mark(group.stream()) {
                    return true;
                }
                after_value = true;
            }
            _ => after_value = true,
        }
    }
    false
}
