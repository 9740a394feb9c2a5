//! Patterns. The names that a pattern binds are local from then on.

use std::sync::Arc;

use syn::Pat;

use super::lowerer::{self, Lowerer};
use super::scope::{self, Namespace};
use crate::model::ir::{ExprKind, FieldPattern, Pattern, Symbol};

impl Lowerer<'_> {
    /// A pattern, with its names bound.
    pub(super) fn pattern(&mut self, pat: &Pat) -> Pattern {
        self.deeper(|this| this.pattern_unchecked(pat)).unwrap_or(Pattern::Wild)
    }

    /// A pattern in an arm, and its guard.
    pub(super) fn guarded<'p>(&mut self, pat: &'p Pat) -> (Pattern, Option<&'p syn::Expr>) {
        match pat {
            Pat::Guard(guarded) => (self.pattern(&guarded.pat), Some(&guarded.guard)),
            pat => (self.pattern(pat), None),
        }
    }

    fn pattern_unchecked(&mut self, pat: &Pat) -> Pattern {
        match pat {
            Pat::Ident(pat) => self.identifier(pat),
            Pat::Paren(pat) => self.pattern(&pat.pat),
            Pat::Reference(pat) => self.pattern(&pat.pat),
            Pat::Type(pat) => self.pattern(&pat.pat),
            Pat::Guard(pat) => self.pattern(&pat.pat),
            Pat::Or(pat) => self.alternatives(pat),
            Pat::Tuple(pat) => Pattern::Tuple(self.positions(pat.elems.iter())),
            Pat::Slice(pat) => Pattern::List(
                pat.elems.iter().filter(|pat| !matches!(pat, Pat::Rest(_))).map(|pat| self.pattern(pat)).collect(),
            ),
            Pat::TupleStruct(pat) => {
                let symbol = self.resolve(&pat.path, Namespace::Value);
                Pattern::Variant(symbol, self.positions(pat.elems.iter()), self.span_of(&pat.path.segments.last()))
            }
            Pat::Struct(pat) => self.record(pat),
            Pat::Path(pat) => {
                let symbol = self.resolve(&pat.path, Namespace::Value);
                let span = self.span_of(&pat.path);
                constant(symbol, span)
            }
            Pat::Lit(pat) => Pattern::Value(Box::new(self.literal(&pat.lit))),
            Pat::Range(pat) => {
                let bounds = [&pat.start, &pat.end].map(|bound| bound.as_deref().map(|bound| self.expr(bound)));
                let span = self.span_of(&pat.limits);
                let bounds = bounds.into_iter().flatten().collect();
                Pattern::Value(Box::new(lowerer::call(lowerer::global("std::ops::Range", span), bounds, span)))
            }
            Pat::Macro(pat) => Pattern::Value(Box::new(self.macro_call(&pat.mac))),
            Pat::Const(pat) => {
                let block = self.block(&pat.block);
                let span = self.span(pat.block.brace_token.span.join());
                Pattern::Value(Box::new(crate::model::ir::Expr { kind: ExprKind::Block(block), span }))
            }
            Pat::Verbatim(tokens) => {
                let span = self.span_of(tokens);
                drop(self.fixme("Pat::Verbatim", span, Vec::new()));
                Pattern::Wild
            }
            _ => Pattern::Wild,
        }
    }

    /// A name alone: a constant or unit variant if it is written like one, for nothing else tells
    /// the two apart across files.
    fn identifier(&mut self, pat: &syn::PatIdent) -> Pattern {
        let name = scope::text(&pat.ident);
        let span = self.span(pat.ident.span());
        let is_plain = pat.subpat.is_none() && pat.by_ref.is_none() && pat.mutability.is_none();
        if is_plain && name.starts_with(char::is_uppercase) {
            let path = syn::Path::from(pat.ident.clone());
            return constant(self.resolve(&path, Namespace::Value), span);
        }
        let inner = pat.subpat.as_ref().map(|(_, inner)| &**inner).filter(|inner| !is_rest(inner));
        let inner = inner.map(|inner| Box::new(self.pattern(inner)));
        let name: Arc<str> = name.into();
        self.locals.push(Arc::clone(&name));
        Pattern::Bind(name, span, inner)
    }

    fn alternatives(&mut self, pat: &syn::PatOr) -> Pattern {
        Pattern::Or(pat.cases.iter().map(|case| self.pattern(case)).collect())
    }

    /// Patterns by position. What stands after `..` has no position that can be told here: its
    /// names are bound to nothing known.
    fn positions<'p>(&mut self, pats: impl Iterator<Item = &'p Pat>) -> Vec<Pattern> {
        let mut found = Vec::new();
        let mut exact = true;
        for pat in pats {
            exact &= !is_rest(pat);
            let pattern = self.pattern(pat);
            if exact {
                found.push(pattern);
            }
        }
        found
    }

    fn record(&mut self, pat: &syn::PatStruct) -> Pattern {
        let symbol = match self.path_type(pat.qself.as_ref(), &pat.path) {
            crate::model::ir::Type::Named(symbol, _) => symbol,
            _ => self.resolve(&pat.path, Namespace::Type),
        };
        let fields = pat.fields.iter().map(|field| self.field_pattern(field)).collect();
        Pattern::Record(Some(symbol), fields)
    }

    fn field_pattern(&mut self, field: &syn::FieldPat) -> FieldPattern {
        let (name, name_span) = self.member(&field.member);
        if field.colon_token.is_some() {
            return FieldPattern { name, name_span, pattern: self.pattern(&field.pat) };
        }
        // `Profile { birthdate }` binds a field by its own name, in capitals or not.
        self.locals.push(Arc::clone(&name));
        FieldPattern { pattern: Pattern::Bind(Arc::clone(&name), name_span, None), name, name_span }
    }

    /// The name of a field, and where it stands.
    pub(super) fn member(&self, member: &syn::Member) -> (Arc<str>, crate::model::source::Span) {
        match member {
            syn::Member::Named(ident) => (scope::text(ident).into(), self.span(ident.span())),
            syn::Member::Unnamed(index) => (index.index.to_string().into(), self.span(index.span)),
        }
    }
}

fn is_rest(pat: &Pat) -> bool {
    matches!(pat, Pat::Rest(_))
        || matches!(pat, Pat::Ident(pat) if pat.subpat.as_ref().is_some_and(|(_, inner)| is_rest(inner)))
}

/// A unit variant or constant; `None` is a variant without payload.
fn constant(symbol: Symbol, span: crate::model::source::Span) -> Pattern {
    if symbol.as_str() == "None" {
        return Pattern::Variant(symbol, Vec::new(), span);
    }
    Pattern::Value(Box::new(crate::model::ir::Expr { kind: ExprKind::Global(symbol), span }))
}
