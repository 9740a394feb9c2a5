//! `json!`, and macros of `key => value` pairs: untyped objects.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr as SynExpr, Lit, LitStr, Token, braced, bracketed, token};

use super::lowerer::Lowerer;
use crate::model::ir::{Expr, ExprKind, FieldInit, Literal};
use crate::model::source::Span;

/// A value in `json!`.
enum Json {
    Object(Vec<(Key, Json)>, token::Brace),
    Array(Vec<Json>, token::Bracket),
    Null(syn::Ident),
    Value(SynExpr),
}

/// A key of an object.
enum Key {
    Constant(LitStr),
    Computed(Box<SynExpr>),
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) && !input.peek2(Token![.]) {
            return input.parse().map(Self::Constant);
        }
        input.parse().map(|key| Self::Computed(Box::new(key)))
    }
}

/// How deep objects may lie inside each other.
const MAX_DEPTH: u32 = 100;

impl Json {
    fn parse(input: ParseStream<'_>, depth: u32) -> syn::Result<Self> {
        let Some(depth) = depth.checked_sub(1) else { return Err(input.error("nested too deep")) };
        if input.peek(token::Brace) {
            let inner;
            let brace = braced!(inner in input);
            let mut fields = Vec::new();
            while !inner.is_empty() {
                let key = inner.parse()?;
                inner.parse::<Token![:]>()?;
                fields.push((key, Self::parse(&inner, depth)?));
                inner.parse::<Option<Token![,]>>()?;
            }
            return Ok(Self::Object(fields, brace));
        }
        // `[..]` that goes on, as in `[a, b].concat()`, is an expression.
        if input.peek(token::Bracket) && (input.peek2(Token![,]) || ends_after_one(input)) {
            let inner;
            let bracket = bracketed!(inner in input);
            let mut elems = Vec::new();
            while !inner.is_empty() {
                elems.push(Self::parse(&inner, depth)?);
                inner.parse::<Option<Token![,]>>()?;
            }
            return Ok(Self::Array(elems, bracket));
        }
        if super::macros::peek_word(input, &["null"]) && (input.peek2(Token![,]) || ends_after_one(input)) {
            return input.parse().map(Self::Null);
        }
        input.parse().map(Self::Value)
    }
}

fn ends_after_one(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    ahead.parse::<proc_macro2::TokenTree>().is_ok() && ahead.is_empty()
}

impl Lowerer<'_> {
    /// The value of a `json!` call; none if it cannot be read.
    pub(super) fn json_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let parser = |input: ParseStream<'_>| {
            let value = Json::parse(input, MAX_DEPTH)?;
            input.parse::<Option<Token![,]>>()?;
            Ok(value)
        };
        let json = parser.parse2(tokens.clone()).ok()?;
        let value = self.json(&json);
        // The whole call is the value.
        Some(Expr { span, ..value })
    }

    fn json(&mut self, json: &Json) -> Expr {
        match json {
            Json::Object(fields, brace) => {
                let fields = fields.iter().map(|(key, value)| self.json_field(key, value)).collect();
                Expr {
                    kind: ExprKind::Construct { ty: None, fields, spread: None },
                    span: self.span(brace.span.join()),
                }
            }
            Json::Array(elems, bracket) => {
                let elems = elems.iter().map(|elem| self.json(elem)).collect();
                Expr { kind: ExprKind::List(elems), span: self.span(bracket.span.join()) }
            }
            Json::Null(word) => Expr { kind: ExprKind::Literal(Literal::Null), span: self.span(word.span()) },
            Json::Value(value) => self.expr(value),
        }
    }

    fn json_field(&mut self, key: &Key, value: &Json) -> FieldInit {
        let (name, name_span) = match key {
            Key::Constant(text) => (Some(text.value().into()), self.inside_quotes(text)),
            Key::Computed(key) => (None, self.expr(key).span),
        };
        FieldInit { name, name_span, value: self.json(value) }
    }

    /// The text of a plain literal without its quotes: the name alone.
    fn inside_quotes(&self, text: &LitStr) -> Span {
        let span = self.span(text.span());
        let is_plain = text.value().len() + 2 == (span.end - span.start) as usize;
        if is_plain { Span::new(span.file, span.start + 1, span.end - 1) } else { span }
    }

    /// `hashmap! { "key" => value }`: an object, too.
    pub(super) fn pairs_macro(&mut self, tokens: &TokenStream, span: Span) -> Option<Expr> {
        let parser = |input: ParseStream<'_>| {
            let mut pairs: Vec<(SynExpr, SynExpr)> = Vec::new();
            while !input.is_empty() {
                let key = input.parse()?;
                input.parse::<Token![=>]>()?;
                pairs.push((key, input.parse()?));
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(pairs)
        };
        let pairs = parser.parse2(tokens.clone()).ok().filter(|pairs| !pairs.is_empty())?;
        let fields = pairs.iter().map(|(key, value)| {
            let (name, name_span) = match key {
                SynExpr::Lit(syn::ExprLit { lit: Lit::Str(text), .. }) => {
                    (Some(text.value().into()), self.inside_quotes(text))
                }
                key => (None, self.expr(key).span),
            };
            FieldInit { name, name_span, value: self.expr(value) }
        });
        let fields = fields.collect();
        Some(Expr { kind: ExprKind::Construct { ty: None, fields, spread: None }, span })
    }
}
