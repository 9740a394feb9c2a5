//! Macro calls in expressions.
//!
//! A macro is known by its name only where its arguments are no plain expressions, or where it
//! leaves the function. All others are calls of what the macro is called.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Block as SynBlock, Expr as SynExpr, Ident, LitStr, Macro, Pat, Token};

use super::control::call_now;
use super::lowerer::{self, Lowerer, call, global, unnamed};
use super::scope::{self, Namespace};
use crate::model::ir::{Arg, Block, Expr, ExprKind, Literal, Op, Symbol};
use crate::model::source::Span;

/// An argument of a macro as it is written: `value`, `name = value`, `target: value`, `%value`.
pub(super) struct Given {
    pub(super) name: Option<String>,
    pub(super) value: SynExpr,
}

/// Arguments between commas; `log` ends its named ones with a semicolon.
pub(super) struct GivenList(pub(super) Vec<Given>);

impl Parse for GivenList {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut list = Vec::new();
        while !input.is_empty() {
            let given: Given = input.parse()?;
            let is_named = given.name.is_some();
            list.push(given);
            if input.is_empty() {
                break;
            }
            if is_named && input.peek(Token![;]) {
                input.parse::<Token![;]>()?;
            } else {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(Self(list))
    }
}

/// What stands between the commas that are in no brackets.
fn between_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let is_comma = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        if is_comma(&token) {
            parts.push(TokenStream::new());
        } else if let Some(last) = parts.last_mut() {
            last.extend([token]);
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl Parse for Given {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let name = argument_name(&ahead).ok();
        if name.is_some() {
            argument_name(input)?;
        }
        // How `tracing` is to print a value; `insta` has its inline snapshots behind `@`.
        if input.peek(Token![@]) {
            input.parse::<Token![@]>()?;
        } else if input.peek(Token![%]) {
            input.parse::<Token![%]>()?;
        } else if input.peek(Token![?]) {
            input.parse::<Token![?]>()?;
        }
        Ok(Self { name, value: input.parse()? })
    }
}

/// `name =`, `a.b =`, `"name" =`, `name: ` and `name:? =`.
fn argument_name(input: ParseStream<'_>) -> syn::Result<String> {
    let mut name = if input.peek(LitStr) {
        input.parse::<LitStr>()?.value()
    } else {
        let mut name = scope::text(&input.call(syn::ext::IdentExt::parse_any)?);
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?;
            name.push('.');
            name.push_str(&scope::text(&input.call(syn::ext::IdentExt::parse_any)?));
        }
        name
    };
    if input.peek(Token![:]) && !input.peek(Token![::]) {
        input.parse::<Token![:]>()?;
        let sigil = input.peek(Token![?]) || input.peek(Token![%]);
        if sigil && input.peek2(Token![=]) {
            input.parse::<TokenTree>()?;
            input.parse::<Token![=]>()?;
        }
        return Ok(std::mem::take(&mut name));
    }
    if input.peek(Token![==]) || input.peek(Token![=>]) {
        return Err(input.error("no name of an argument"));
    }
    input.parse::<Token![=]>()?;
    Ok(name)
}

impl Lowerer<'_> {
    /// A macro call in an expression.
    pub(super) fn macro_call(&mut self, mac: &Macro) -> Expr {
        let span = self.macro_span(mac);
        self.deeper(|this| this.macro_call_unchecked(mac, span))
            .unwrap_or_else(|| self.fixme("nesting", span, Vec::new()))
    }

    fn macro_span(&self, mac: &Macro) -> Span {
        let start = mac.path.segments.first().map(|first| self.span(first.ident.span()));
        let end = self.span(mac.delimiter.span().close());
        start.map_or(end, |start| start.to(end))
    }

    fn macro_call_unchecked(&mut self, mac: &Macro, span: Span) -> Expr {
        let symbol = self.resolve(&mac.path, Namespace::Macro);
        let tokens = &mac.tokens;
        let known = match symbol.name() {
            "vec" if symbol.as_str() == "std::vec" => self.list_macro(tokens, span),
            "json" => self.json_macro(tokens, span),
            "matches" => self.matches_macro(tokens, span),
            "select" | "select_biased" => self.select_macro(tokens, span),
            "join" => self.join_macro(tokens, span),
            "try_join" => self.try_join_macro(tokens, span),
            "concat" if symbol.as_str() == "std::concat" => self.concat_macro(tokens, span),
            "stringify" if symbol.as_str() == "std::stringify" => {
                Some(Expr { kind: ExprKind::Literal(Literal::Str(tokens.to_string().into())), span })
            }
            _ => None,
        };
        let known = known.or_else(|| self.call_macro(&symbol, mac, span));
        if let Some(known) = known.or_else(|| self.pairs_macro(tokens, span)) {
            return known;
        }
        if let Some(body) = self.code(tokens.clone(), span) {
            return call(self.macro_name(&symbol, mac), vec![body], span);
        }
        let understood = self.code_in_groups(tokens);
        self.fixme("Expr::Macro", span, understood)
    }

    /// Tokens that are the statements of a block.
    fn code(&mut self, tokens: TokenStream, span: Span) -> Option<Expr> {
        let stmts = SynBlock::parse_within.parse2(tokens).ok()?;
        Some(Expr { kind: ExprKind::Block(self.statements(&stmts)), span })
    }

    /// What stands in the brackets of a macro with a syntax of its own, where that is code.
    fn code_in_groups(&mut self, tokens: &TokenStream) -> Vec<Expr> {
        let groups = tokens.clone().into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group),
            _ => None,
        });
        let mut found = Vec::new();
        for group in groups {
            let span = self.span(group.span());
            if let Some(args) = self.plain_args(&group.stream()) {
                found.extend(args);
            } else if group.delimiter() == Delimiter::Brace {
                found.extend(self.code(group.stream(), span));
            }
        }
        found
    }

    fn macro_name(&self, symbol: &Symbol, mac: &Macro) -> Expr {
        let start = mac.path.segments.first().map(|first| self.span(first.ident.span()));
        let end = self.span(mac.bang_token.span);
        Expr { kind: ExprKind::Global(symbol.clone()), span: start.map_or(end, |start| start.to(end)) }
    }

    /// A macro whose arguments are expressions.
    fn call_macro(&mut self, symbol: &Symbol, mac: &Macro, span: Span) -> Option<Expr> {
        let args = self.macro_args(mac.tokens.clone())?;
        let kind = match symbol.as_str() {
            "std::format" | "std::format_args" if args.len() == 1 => {
                let only = args.into_iter().next()?;
                return Some(Expr { kind: only.value.kind, span });
            }
            "std::panic" | "std::unreachable" | "std::todo" | "std::unimplemented" => {
                ExprKind::Throw(args.into_iter().map(|arg| arg.value).collect())
            }
            _ if symbol.name() == "bail" => leave(args, span).kind,
            _ if symbol.name() == "ensure" && !args.is_empty() => ensure(args, span)?,
            _ => {
                let callee = Box::new(self.macro_name(symbol, mac));
                ExprKind::Call { callee, type_args: Vec::new(), args }
            }
        };
        Some(Expr { kind, span })
    }

    /// Arguments of a macro, with a format string and what it takes made one template.
    pub(super) fn macro_args(&mut self, tokens: TokenStream) -> Option<Vec<Arg>> {
        let GivenList(given) = syn::parse2(tokens).ok()?;
        let template = self.template(&given);
        let mut args = Vec::new();
        for (at, given) in given.iter().enumerate() {
            if let Some(template) = template.as_ref().filter(|template| template.at == at) {
                args.push(unnamed(template.expr.clone()));
            } else if template.as_ref().is_none_or(|template| !template.taken.contains(&at)) {
                let name = given.name.as_deref().map(Into::into);
                args.push(Arg { name, value: self.expr(&given.value) });
            }
        }
        Some(args)
    }

    /// Arguments of an attribute: text in them is no format string. Macros may take what is no expression
    /// (`responses((body = Page<'_>))`); that keeps its place, and says nothing.
    pub(super) fn attribute_args(&mut self, tokens: TokenStream) -> Vec<Arg> {
        let mut args = Vec::new();
        for part in between_commas(tokens) {
            let span = part.clone().into_iter().next().map(|first| self.span(first.span()));
            match (syn::parse2::<Given>(part), span) {
                (Ok(given), _) => {
                    args.push(Arg { name: given.name.map(Into::into), value: self.expr(&given.value) });
                }
                (Err(_), Some(span)) => args.push(unnamed(Expr { kind: ExprKind::Tuple(Vec::new()), span })),
                (Err(_), None) => {}
            }
        }
        args
    }

    /// Arguments that are expressions between commas.
    pub(super) fn plain_args(&mut self, tokens: &TokenStream) -> Option<Vec<Expr>> {
        let GivenList(given) = syn::parse2(tokens.clone()).ok()?;
        Some(given.iter().map(|given| self.expr(&given.value)).collect())
    }

    fn list_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let repeated = |input: ParseStream<'_>| {
            let elem: SynExpr = input.parse()?;
            input.parse::<Token![;]>()?;
            input.parse::<SynExpr>()?;
            Ok(elem)
        };
        let elems = match repeated.parse2(tokens.clone()) {
            Ok(elem) => vec![self.expr(&elem)],
            Err(_) => self.plain_args(tokens)?,
        };
        Some(Expr { kind: ExprKind::List(elems), span })
    }

    /// `matches!(value, pattern if guard)`
    fn matches_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let parser = |input: ParseStream<'_>| {
            let value: SynExpr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = Pat::parse_multi_with_leading_vert(input)?;
            let guard = if input.peek(Token![if]) {
                input.parse::<Token![if]>()?;
                Some(input.parse::<SynExpr>()?)
            } else {
                None
            };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = parser.parse2(tokens.clone()).ok()?;
        Some(self.scoped(|this| {
            let value = this.expr(&value);
            let matches = ExprKind::Matches(this.pattern(&pattern), Box::new(value));
            let Some(guard) = guard else { return Expr { kind: matches, span } };
            let guard = this.expr(&guard);
            Expr { kind: ExprKind::Binary(Op::And, Box::new(Expr { kind: matches, span }), Box::new(guard)), span }
        }))
    }

    fn awaited(&mut self, tokens: &TokenStream) -> Option<Vec<Expr>> {
        let futures = self.plain_args(tokens)?;
        Some(
            futures
                .into_iter()
                .map(|future| Expr { span: future.span, kind: ExprKind::Await(Box::new(future)) })
                .collect(),
        )
    }

    fn join_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        Some(Expr { kind: ExprKind::Tuple(self.awaited(tokens)?), span })
    }

    /// All values, or the first error: a closure that is left by the first `?` that fails.
    fn try_join_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let tried = self.awaited(tokens)?.into_iter();
        let tried = tried.map(|value| Expr { span: value.span, kind: ExprKind::Try(Box::new(value)) }).collect();
        let all = Expr { kind: ExprKind::Tuple(tried), span };
        Some(call_now(call(global("Ok", span), vec![all], span)))
    }
}

/// `return Err(args)`
fn leave(args: Vec<Arg>, span: Span) -> Expr {
    let error = call(global("Err", span), args.into_iter().map(|arg| arg.value).collect(), span);
    Expr { kind: ExprKind::Return(Some(Box::new(error))), span }
}

/// `if !cond { return Err(args) }`
fn ensure(mut args: Vec<Arg>, span: Span) -> Option<ExprKind> {
    if args.is_empty() {
        return None;
    }
    let cond = args.remove(0).value;
    let cond = Expr { span: cond.span, kind: ExprKind::Unary(Op::Not, Box::new(cond)) };
    let then = Block { stmts: vec![lowerer::expr_stmt(leave(args, span))], tail: None };
    Some(ExprKind::If { cond: Box::new(cond), then, otherwise: None })
}

/// An identifier that ends a clause of its own kind in `select!`.
pub(super) fn peek_word(input: ParseStream<'_>, words: &[&str]) -> bool {
    let ahead = input.fork();
    ahead.call(<Ident as syn::ext::IdentExt>::parse_any).is_ok_and(|word| words.iter().any(|known| word == known))
}
