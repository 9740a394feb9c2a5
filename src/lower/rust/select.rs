//! `select!`: the first of several futures that is ready.

use proc_macro2::TokenStream;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr as SynExpr, Ident, Pat, Token, token};

use super::lowerer::{self, Lowerer};
use super::macros::peek_word;
use crate::model::ir::{Arm, Expr, ExprKind, Pattern, Stmt, StmtKind};
use crate::model::source::Span;

/// One branch. That of `else`, `complete` or `default` waits for nothing.
struct Branch {
    waits: Option<(Pat, SynExpr)>,
    condition: Option<SynExpr>,
    handler: SynExpr,
}

/// Words that stand for a branch without a future.
const DEFAULTS: [&str; 3] = ["else", "complete", "default"];

fn branches(input: ParseStream<'_>) -> syn::Result<Vec<Branch>> {
    if peek_word(input, &["biased"]) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut found = Vec::new();
    while !input.is_empty() {
        found.push(branch(input)?);
        input.parse::<Option<Token![,]>>()?;
    }
    Ok(found)
}

fn branch(input: ParseStream<'_>) -> syn::Result<Branch> {
    let waits = if peek_word(input, &DEFAULTS) && input.peek2(Token![=>]) {
        input.call(Ident::parse_any)?;
        None
    } else {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        input.parse::<Token![=]>()?;
        Some((pattern, input.parse()?))
    };
    let condition = if input.peek(Token![,]) && input.peek2(Token![if]) {
        input.parse::<Token![,]>()?;
        input.parse::<Token![if]>()?;
        Some(input.parse()?)
    } else {
        None
    };
    input.parse::<Token![=>]>()?;
    let handler = if input.peek(token::Brace) {
        SynExpr::Block(syn::ExprBlock { attrs: Vec::new(), label: None, block: input.parse()? })
    } else {
        input.parse()?
    };
    Ok(Branch { waits, condition, handler })
}

impl Lowerer<'_> {
    /// A choice without a subject: each arm first waits for its own future.
    pub(super) fn select_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let branches = branches.parse2(tokens.clone()).ok()?;
        let arms = branches.iter().map(|branch| self.branch(branch)).collect();
        Some(Expr { kind: ExprKind::Match { subject: None, arms }, span })
    }

    fn branch(&mut self, branch: &Branch) -> Arm {
        self.scoped(|this| {
            let guard = branch.condition.as_ref().map(|condition| this.expr(condition));
            let wait = branch.waits.as_ref().map(|(pattern, future)| {
                let future = this.expr(future);
                let span = future.span;
                let value = Some(Expr { kind: ExprKind::Await(Box::new(future)), span });
                let pattern = this.pattern(pattern);
                Stmt { kind: StmtKind::Let { pattern, ty: None, value, otherwise: None }, span }
            });
            let mut body = lowerer::block_of(this.expr(&branch.handler));
            body.stmts.splice(0..0, wait);
            Arm { pattern: Pattern::Wild, guard, body }
        })
    }
}
