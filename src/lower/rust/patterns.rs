//! Patterns.

use syn::{Member, Pat};

use super::Lowerer;
use super::types::plain;
use crate::model::ir::{Expr, ExprKind, FieldPattern, Pattern, Symbol};

impl Lowerer {
    /// A pattern; its names are declared in the scope that is open.
    pub(super) fn pattern(&mut self, pattern: &Pat) -> Pattern {
        match pattern {
            Pat::Ident(ident) => {
                let name = plain(&ident.ident);
                // A name in capitals, or one that is an item here, is a constant or unit variant.
                let constant = ident.subpat.is_none() && ident.by_ref.is_none() && ident.mutability.is_none();
                if constant && (name == "None" || (name.starts_with(char::is_uppercase) && name.len() > 1)) {
                    return self.constant_pattern(&ident.ident);
                }
                let inner = ident.subpat.as_ref().map(|(_, inner)| Box::new(self.pattern(inner)));
                self.bind(&ident.ident, inner)
            }
            Pat::Guard(guard) => self.pattern(&guard.pat),
            Pat::Lit(literal) => match Self::literal(&literal.lit) {
                Some(kind) => Pattern::Value(Box::new(Expr { kind, span: self.span(literal.lit.span()) })),
                None => Pattern::Wild,
            },
            Pat::Or(all) => Pattern::Or(all.cases.iter().map(|case| self.pattern(case)).collect()),
            Pat::Paren(inner) => self.pattern(&inner.pat),
            Pat::Path(path) => {
                let symbol = Symbol::new(self.path_name(&path.path));
                let span = self.path_span(&path.path);
                Pattern::Value(Box::new(Expr { kind: ExprKind::Global(symbol), span }))
            }
            Pat::Reference(inner) => self.pattern(&inner.pat),
            Pat::Slice(list) => Pattern::List(list.elems.iter().map(|item| self.pattern(item)).collect()),
            Pat::Struct(record) => {
                let symbol = Symbol::new(self.path_name(&record.path));
                let fields = record.fields.iter().map(|field| self.field_pattern(field)).collect();
                Pattern::Record(Some(symbol), fields)
            }
            Pat::Tuple(tuple) => Pattern::Tuple(tuple.elems.iter().map(|item| self.pattern(item)).collect()),
            Pat::TupleStruct(variant) => {
                let parts = variant.elems.iter().map(|item| self.pattern(item)).collect();
                Pattern::Variant(self.variant_name(&variant.path), parts)
            }
            Pat::Type(typed) => self.pattern(&typed.pat),
            _ => Pattern::Wild,
        }
    }

    fn constant_pattern(&self, ident: &proc_macro2::Ident) -> Pattern {
        let name = plain(ident);
        let symbol = if name == "None" {
            Symbol::new("None")
        } else {
            Symbol::new(self.names.resolve(std::slice::from_ref(&name)))
        };
        Pattern::Value(Box::new(Expr { kind: ExprKind::Global(symbol), span: self.span(ident.span()) }))
    }

    fn field_pattern(&mut self, field: &syn::FieldPat) -> FieldPattern {
        let (name, span) = match &field.member {
            Member::Named(ident) => (plain(ident), self.span(ident.span())),
            Member::Unnamed(index) => (index.index.to_string(), self.span(index.span)),
        };
        FieldPattern { name: name.into(), name_span: span, pattern: self.pattern(&field.pat) }
    }

    /// The variants of the standard library by their short names, others canonical.
    fn variant_name(&self, path: &syn::Path) -> Symbol {
        let last = path.segments.last().map(|segment| plain(&segment.ident)).unwrap_or_default();
        if matches!(last.as_str(), "Ok" | "Err" | "Some" | "None") {
            return Symbol::new(last);
        }
        Symbol::new(self.path_name(path))
    }
}
