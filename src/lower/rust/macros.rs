//! Macros: what they mean where that is known, their arguments everywhere else.

use std::sync::Arc;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr as Syn, Lit, Token};

use super::Lowerer;
use super::types::plain;
use crate::model::ir::{Arg, Arm, Block, Expr, ExprKind, FieldInit, Literal, Op, Pattern, Piece, Symbol, Type};
use crate::model::source::Span;

/// An argument of a macro: `value` or `name = value`.
struct MacroArg {
    name: Option<String>,
    value: Syn,
}

impl Lowerer {
    pub(super) fn macro_span(&self, call: &syn::Macro) -> Span {
        let open = match &call.delimiter {
            syn::MacroDelimiter::Paren(token) => token.span,
            syn::MacroDelimiter::Brace(token) => token.span,
            syn::MacroDelimiter::Bracket(token) => token.span,
        };
        self.path_span(&call.path).to(self.span(open.close()))
    }

    /// A macro call as an expression.
    pub(super) fn macro_expr(&mut self, call: &syn::Macro) -> Expr {
        let span = self.macro_span(call);
        let name = call.path.segments.last().map(|segment| plain(&segment.ident)).unwrap_or_default();
        let kind = match name.as_str() {
            "json" => self.json(call.tokens.clone(), span),
            "vec" => self.vec(call, span),
            "matches" => self.matches(call),
            "format" | "format_args" | "concat" => self.formatted(call, span, None).map(|(template, _)| template.kind),
            "panic" | "unreachable" | "todo" | "unimplemented" => {
                let args = self
                    .formatted(call, span, None)
                    .map(|(template, rest)| std::iter::once(template).chain(rest).collect());
                Some(ExprKind::Throw(args.unwrap_or_default()))
            }
            "bail" => Some(Self::fail(span)),
            "ensure" => self.ensure(call, span),
            "join" | "try_join" => self.macro_exprs(&call.tokens).map(ExprKind::Tuple),
            "select" => self.select(call),
            _ => None,
        };
        if let Some(kind) = kind {
            return Expr { kind, span };
        }
        // Logging and printing: a format and what is put into it.
        let symbol = Symbol::new(format!("{}!", self.path_name(&call.path)));
        let args = match self.formatted(call, span, Some(&name)) {
            Some((template, rest)) => {
                rest.into_iter().chain([template]).map(|value| Arg { name: None, value }).collect()
            }
            None => match self.macro_args(&call.tokens) {
                Some(args) => args,
                None => return self.fixme("macro", span, Vec::new()),
            },
        };
        let callee = Box::new(Expr { kind: ExprKind::Global(symbol), span: self.path_span(&call.path) });
        Expr { kind: ExprKind::Call { callee, type_args: Vec::new(), args }, span }
    }

    /// Arguments of a macro or attribute, if they are expressions.
    pub(super) fn macro_args(&mut self, tokens: &TokenStream) -> Option<Vec<Arg>> {
        let args = parse_args(tokens)?;
        Some(
            args.iter()
                .map(|arg| Arg { name: arg.name.as_deref().map(Arc::from), value: self.expr(&arg.value) })
                .collect(),
        )
    }

    fn macro_exprs(&mut self, tokens: &TokenStream) -> Option<Vec<Expr>> {
        let args = parse_args(tokens)?;
        Some(args.iter().map(|arg| self.expr(&arg.value)).collect())
    }

    /// A format string with its arguments put in, and the arguments that stand before it. For macros
    /// that log (`of` is their name) the format is the first literal; fields may stand before it.
    fn formatted(&mut self, call: &syn::Macro, span: Span, of: Option<&str>) -> Option<(Expr, Vec<Expr>)> {
        let args = parse_args(&call.tokens)?;
        let is_text = |arg: &MacroArg| {
            arg.name.is_none() && matches!(&arg.value, Syn::Lit(literal) if matches!(literal.lit, Lit::Str(_)))
        };
        let at = args.iter().position(is_text)?;
        if of.is_none() && at > 0 {
            return None;
        }
        let (before, rest) = args.split_at(at);
        let (format, rest) = rest.split_first()?;
        let Syn::Lit(literal) = &format.value else { return None };
        let Lit::Str(text) = &literal.lit else { return None };
        let before: Vec<Expr> = before.iter().map(|arg| self.expr(&arg.value)).collect();
        let literal_span = self.span(text.span());
        let is_concat = call.path.is_ident("concat");
        let pieces = if is_concat { self.concat_pieces(&args) } else { self.pieces(&text.value(), rest, literal_span) };
        Some((Expr { kind: ExprKind::Template(pieces), span }, before))
    }

    fn concat_pieces(&mut self, args: &[MacroArg]) -> Vec<Piece> {
        args.iter().map(|arg| Piece::Hole(self.expr(&arg.value))).collect()
    }

    /// The pieces of a format string (`std::fmt`, "Syntax"): `{}` takes the next argument, `{0}` one by
    /// position, `{name}` one by name or a variable; `{{` and `}}` are braces.
    fn pieces(&mut self, format: &str, args: &[MacroArg], span: Span) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut next = 0usize;
        let mut letters = format.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) => {
                    letters.next();
                    text.push(letter);
                }
                '{' => {
                    let inside: String = letters.by_ref().take_while(|letter| *letter != '}').collect();
                    if !text.is_empty() {
                        pieces.push(Piece::Text(Arc::from(std::mem::take(&mut text)), span));
                    }
                    let name = inside.split(':').next().unwrap_or_default().trim();
                    pieces.push(Piece::Hole(self.argument(name, args, &mut next, span)));
                }
                other => text.push(other),
            }
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(Arc::from(text), span));
        }
        pieces
    }

    fn argument(&mut self, name: &str, args: &[MacroArg], next: &mut usize, span: Span) -> Expr {
        let found = if name.is_empty() {
            *next += 1;
            args.iter().filter(|arg| arg.name.is_none()).nth(*next - 1)
        } else if let Ok(at) = name.parse::<usize>() {
            args.get(at)
        } else {
            args.iter().find(|arg| arg.name.as_deref() == Some(name))
        };
        match found {
            Some(arg) => self.expr(&arg.value),
            None if self.names.is_local(name) => Expr { kind: ExprKind::Local(Arc::from(name)), span },
            None if name.is_empty() => Expr { kind: ExprKind::Fixme(Vec::new()), span },
            None => Expr { kind: ExprKind::Global(Symbol::new(self.names.resolve(&[name.to_owned()]))), span },
        }
    }

    fn vec(&mut self, call: &syn::Macro, _span: Span) -> Option<ExprKind> {
        if let Some(items) = self.macro_exprs(&call.tokens) {
            return Some(ExprKind::List(items));
        }
        // `vec![item; count]`
        let repeat = |input: ParseStream<'_>| {
            let item: Syn = input.parse()?;
            input.parse::<Token![;]>()?;
            let _count: Syn = input.parse()?;
            Ok(item)
        };
        let item = repeat.parse2(call.tokens.clone()).ok()?;
        Some(ExprKind::List(vec![self.expr(&item)]))
    }

    fn matches(&mut self, call: &syn::Macro) -> Option<ExprKind> {
        let parts = |input: ParseStream<'_>| {
            let value: Syn = input.parse()?;
            input.parse::<Token![,]>()?;
            let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
            let guard: Option<Syn> =
                if input.parse::<Option<Token![if]>>()?.is_some() { Some(input.parse()?) } else { None };
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pattern, guard))
        };
        let (value, pattern, guard) = parts.parse2(call.tokens.clone()).ok()?;
        let value = self.expr(&value);
        self.names.push_scope();
        let pattern = self.pattern(&pattern);
        let guard = guard.map(|guard| self.expr(&guard));
        self.names.pop_scope();
        let span = value.span;
        let test = Expr { kind: ExprKind::Matches(pattern, Box::new(value)), span };
        Some(match guard {
            Some(guard) => ExprKind::Binary(Op::And, Box::new(test), Box::new(guard)),
            None => test.kind,
        })
    }

    /// Leaves the function with an error.
    fn fail(span: Span) -> ExprKind {
        let callee = Box::new(Expr { kind: ExprKind::Global(Symbol::new("Err")), span });
        let error = Expr { kind: ExprKind::Call { callee, type_args: Vec::new(), args: Vec::new() }, span };
        ExprKind::Return(Some(Box::new(error)))
    }

    fn ensure(&mut self, call: &syn::Macro, span: Span) -> Option<ExprKind> {
        let cond = self.macro_exprs(&call.tokens)?.into_iter().next()?;
        let failed = Expr { kind: Self::fail(span), span };
        let cond = Expr { kind: ExprKind::Unary(Op::Not, Box::new(cond)), span };
        let then = Block { stmts: Vec::new(), tail: Some(Box::new(failed)) };
        Some(ExprKind::If { cond: Box::new(cond), then, otherwise: None })
    }

    /// `tokio::select!`: branches `pattern = future => body`, of which one runs.
    fn select(&mut self, call: &syn::Macro) -> Option<ExprKind> {
        let branches = |input: ParseStream<'_>| {
            let mut all = Vec::new();
            input
                .parse::<Option<syn::Ident>>()
                .ok()
                .flatten()
                .filter(|word| word == "biased")
                .map(|_| input.parse::<Token![;]>())
                .transpose()?;
            while !input.is_empty() {
                if input.parse::<Option<Token![else]>>()?.is_some() {
                    input.parse::<Token![=>]>()?;
                    all.push((None, None, input.parse::<Syn>()?));
                } else {
                    let pattern = syn::Pat::parse_multi_with_leading_vert(input)?;
                    input.parse::<Token![=]>()?;
                    let future: Syn = input.parse()?;
                    if input.parse::<Option<Token![,]>>()?.is_some() {
                        input.parse::<Token![if]>()?;
                        input.parse::<Syn>()?;
                    }
                    input.parse::<Token![=>]>()?;
                    all.push((Some(pattern), Some(future), input.parse::<Syn>()?));
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(all)
        };
        let branches = branches.parse2(call.tokens.clone()).ok()?;
        let mut arms = Vec::new();
        for (pattern, future, body) in branches {
            let guard = future.map(|future| self.expr(&future));
            self.names.push_scope();
            let pattern = pattern.map_or(Pattern::Wild, |pattern| self.pattern(&pattern));
            let body = self.expr(&body);
            self.names.pop_scope();
            let span = body.span;
            let mut stmts = Vec::new();
            if let Some(value) = guard.clone() {
                let kind = crate::model::ir::StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None };
                stmts.push(crate::model::ir::Stmt { kind, span });
            }
            arms.push(Arm { pattern: Pattern::Wild, guard, body: Block { stmts, tail: Some(Box::new(body)) } });
        }
        Some(ExprKind::Match { subject: None, arms })
    }

    /// `serde_json::json!`: objects, lists, and expressions between them.
    fn json(&mut self, tokens: TokenStream, span: Span) -> Option<ExprKind> {
        let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
        if let [TokenTree::Group(group)] = trees.as_slice() {
            let span = self.span(group.span());
            match group.delimiter() {
                Delimiter::Brace => return Some(self.json_object(group.stream(), span)),
                Delimiter::Bracket => {
                    let items =
                        split(group.stream(), ',').into_iter().filter_map(|item| self.json_value(item, span)).collect();
                    return Some(ExprKind::List(items));
                }
                _ => {}
            }
        }
        if matches!(trees.as_slice(), [TokenTree::Ident(ident)] if ident == "null") {
            return Some(ExprKind::Literal(Literal::Null));
        }
        let value: Syn = syn::parse2(tokens).ok()?;
        let value = self.expr(&value);
        let _ = span;
        Some(value.kind)
    }

    fn json_value(&mut self, tokens: TokenStream, span: Span) -> Option<Expr> {
        let first = tokens.clone().into_iter().next()?;
        let last = tokens.clone().into_iter().last()?;
        let inner = self.span(first.span()).to(self.span(last.span()));
        let span = if inner.start == inner.end { span } else { inner };
        let kind = self.json(tokens, span)?;
        Some(Expr { kind, span })
    }

    fn json_object(&mut self, tokens: TokenStream, span: Span) -> ExprKind {
        let mut fields = Vec::new();
        for entry in split(tokens, ',') {
            let mut parts = split_once(entry, ':');
            let (Some(value), Some(key)) = (parts.pop(), parts.pop()) else { continue };
            let key: Vec<TokenTree> = key.into_iter().collect();
            let name_span = key.first().map_or(span, |token| self.span(token.span()));
            let name = match key.as_slice() {
                [TokenTree::Literal(literal)] => match syn::parse2::<Lit>(TokenTree::Literal(literal.clone()).into()) {
                    Ok(Lit::Str(text)) => Some(Arc::from(text.value())),
                    _ => None,
                },
                _ => None,
            };
            if let Some(value) = self.json_value(value, span) {
                fields.push(FieldInit { name, name_span, value });
            }
        }
        ExprKind::Construct { ty: Some(Type::Dynamic), fields, spread: None }
    }
}

/// Comma-separated arguments, some of them with names.
fn parse_args(tokens: &TokenStream) -> Option<Vec<MacroArg>> {
    let one = |input: ParseStream<'_>| {
        // `?error` and `%error` of the tracing macros.
        if input.peek(Token![?]) || input.peek(Token![%]) {
            input.parse::<TokenTree>()?;
        }
        let named = input.peek(syn::Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]);
        let name = if named { Some(plain(&input.parse::<syn::Ident>()?)) } else { None };
        if named {
            input.parse::<Token![=]>()?;
            if input.peek(Token![?]) || input.peek(Token![%]) {
                input.parse::<TokenTree>()?;
            }
        }
        Ok(MacroArg { name, value: input.parse()? })
    };
    let all = |input: ParseStream<'_>| Punctuated::<MacroArg, Token![,]>::parse_terminated_with(input, one);
    all.parse2(tokens.clone()).ok().map(|args| args.into_iter().collect())
}

/// The string literals among the arguments of an item-position macro, if all of them are.
pub(super) fn string_args(tokens: &TokenStream) -> Vec<String> {
    let all = Punctuated::<syn::LitStr, Token![,]>::parse_terminated.parse2(tokens.clone());
    all.map(|args| args.iter().map(syn::LitStr::value).collect()).unwrap_or_default()
}

/// `static ref NAME: T = value;` inside `lazy_static!`, and the same without `ref`.
pub(super) fn statics(tokens: &TokenStream) -> syn::Result<Vec<(proc_macro2::Ident, syn::Type, Syn)>> {
    let all = |input: ParseStream<'_>| {
        let mut found = Vec::new();
        while !input.is_empty() {
            syn::Attribute::parse_outer(input)?;
            input.parse::<syn::Visibility>()?;
            input.parse::<Token![static]>()?;
            input.parse::<Option<Token![ref]>>()?;
            let name = input.parse()?;
            input.parse::<Token![:]>()?;
            let ty = input.parse()?;
            input.parse::<Token![=]>()?;
            found.push((name, ty, input.parse()?));
            input.parse::<Option<Token![;]>>()?;
        }
        Ok(found)
    };
    all.parse2(tokens.clone())
}

/// Tokens between separators.
fn split(tokens: TokenStream, separator: char) -> Vec<TokenStream> {
    let mut parts: Vec<Vec<TokenTree>> = vec![Vec::new()];
    for token in tokens {
        let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == separator);
        match parts.last_mut() {
            Some(_) if ends => parts.push(Vec::new()),
            Some(part) => part.push(token),
            None => {}
        }
    }
    parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.into_iter().collect()).collect()
}

/// Tokens before and behind the first separator that is not part of `::`.
fn split_once(tokens: TokenStream, separator: char) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let is = |at: usize| matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == separator);
    let at = (0..trees.len()).find(|at| is(*at) && !is(at + 1) && (*at == 0 || !is(at - 1)));
    let Some(at) = at else { return Vec::new() };
    let (before, behind) = trees.split_at(at);
    vec![before.iter().cloned().collect(), behind.iter().skip(1).cloned().collect()]
}
