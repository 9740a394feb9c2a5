//! Declared types: structs, enums and unions, with the names of their fields on the wire.

use std::sync::Arc;

use syn::{Field, Fields, TypeParamBound};

use super::lowerer::Lowerer;
use super::scope::{self, Namespace};
use super::serde::{Both, Case, Serde};
use super::types::param_names;
use crate::model::ir::{Expr, ExprKind, FieldDef, Global, Symbol, Type, TypeDef, TypeKind};

impl Lowerer<'_> {
    pub(super) fn structure(&mut self, item: &syn::ItemStruct) {
        let symbol = self.path.join(&scope::text(&item.ident));
        self.with_generics(&item.generics, |this| {
            let serde = Serde::of(&item.attrs);
            let fields = this.fields(&item.fields, &serde.rename_all, serde.transparent);
            this.define(symbol.clone(), TypeKind::Struct, &item.generics, fields, item.ident.span());
            if matches!(item.fields, Fields::Unit) {
                this.only_value(symbol, item.ident.span());
            }
        });
    }

    /// `struct Clock;` is the name of a value, too.
    fn only_value(&mut self, symbol: Symbol, name: proc_macro2::Span) {
        let span = self.span(name);
        let ty = Type::Named(symbol.clone(), Vec::new());
        let value = ExprKind::Construct { ty: Some(ty.clone()), fields: Vec::new(), spread: None };
        self.out.globals.push(Global { symbol, ty, value: Some(Expr { kind: value, span }), span });
    }

    pub(super) fn union(&mut self, item: &syn::ItemUnion) {
        let symbol = self.path.join(&scope::text(&item.ident));
        self.with_generics(&item.generics, |this| {
            let fields = item.fields.named.iter().filter_map(|field| this.named_field(field, &Both::default()));
            let fields = fields.collect();
            this.define(symbol, TypeKind::Struct, &item.generics, fields, item.ident.span());
        });
    }

    pub(super) fn enumeration(&mut self, item: &syn::ItemEnum) {
        let symbol = self.path.join(&scope::text(&item.ident));
        self.with_generics(&item.generics, |this| {
            let serde = Serde::of(&item.attrs);
            let variants = item.variants.iter();
            let fields = variants.map(|variant| this.variant(&symbol, &item.generics, &serde, variant)).collect();
            this.define(symbol.clone(), TypeKind::Enum, &item.generics, fields, item.ident.span());
        });
    }

    fn define(
        &mut self,
        symbol: Symbol,
        kind: TypeKind,
        generics: &syn::Generics,
        fields: Vec<FieldDef>,
        name: proc_macro2::Span,
    ) {
        let span = self.span(name);
        let params = param_names(generics);
        self.out.types.push(TypeDef {
            symbol,
            kind,
            params,
            fields,
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span,
        });
    }

    /// The traits that a trait asks for.
    pub(super) fn supertypes<'b>(&mut self, bounds: impl Iterator<Item = &'b TypeParamBound>) -> Vec<Type> {
        let traits = bounds.filter_map(|bound| match bound {
            TypeParamBound::Trait(bound) => Some(&bound.path),
            _ => None,
        });
        traits.map(|path| self.supertype(path)).collect()
    }

    /// A trait with its arguments.
    pub(super) fn supertype(&mut self, path: &syn::Path) -> Type {
        let args = path.segments.last().map(|last| self.type_args(&last.arguments)).unwrap_or_default();
        Type::Named(self.resolve(path, Namespace::Type), args)
    }

    /// A variant as a field of its enum. One with fields of its own is a type, too:
    /// `Kind::Variant`.
    fn variant(&mut self, owner: &Symbol, generics: &syn::Generics, outer: &Serde, variant: &syn::Variant) -> FieldDef {
        let name = scope::text(&variant.ident);
        let serde = Serde::of(&variant.attrs);
        let ty = match &variant.fields {
            Fields::Unit => Type::Unit,
            Fields::Unnamed(fields) => {
                let mut types: Vec<Type> = fields.unnamed.iter().map(|field| self.ty(&field.ty)).collect();
                if types.len() == 1 { types.remove(0) } else { Type::Tuple(types) }
            }
            Fields::Named(_) => {
                let symbol = owner.join(&name);
                let rename = serde.rename_all.clone().or(outer.rename_all_fields.clone());
                let fields = self.fields(&variant.fields, &rename, false);
                self.define(symbol.clone(), TypeKind::Struct, generics, fields, variant.ident.span());
                Type::Named(symbol, param_names(generics).into_iter().map(Type::Parameter).collect())
            }
        };
        let by_case = Both {
            serialize: outer.rename_all.serialize.map(|case| case.of_variant(&name)),
            deserialize: outer.rename_all.deserialize.map(|case| case.of_variant(&name)),
        };
        FieldDef {
            wire: serde.wire(&name, &by_case),
            flatten: outer.inline_variants && ty != Type::Unit,
            skipped: serde.skip_serializing && serde.skip_deserializing,
            annotations: Vec::new(),
            ty,
            span: self.span(variant.ident.span()),
            name: name.into(),
        }
    }

    fn fields(&mut self, fields: &Fields, rename: &Both<Case>, transparent: bool) -> Vec<FieldDef> {
        let only = fields.len() == 1;
        let mut found: Vec<FieldDef> = match fields {
            Fields::Named(fields) => fields.named.iter().filter_map(|field| self.named_field(field, rename)).collect(),
            Fields::Unnamed(fields) => {
                fields.unnamed.iter().enumerate().map(|(at, field)| self.tuple_field(at, field)).collect()
            }
            Fields::Unit => Vec::new(),
        };
        // On the wire, a newtype is what it wraps.
        let is_wrapper = only && (transparent || matches!(fields, Fields::Unnamed(_)));
        for field in &mut found {
            field.flatten |= is_wrapper;
        }
        found
    }

    fn named_field(&mut self, field: &Field, rename: &Both<Case>) -> Option<FieldDef> {
        let ident = field.ident.as_ref()?;
        let name = scope::text(ident);
        let by_case = Both {
            serialize: rename.serialize.map(|case| case.of_field(&name)),
            deserialize: rename.deserialize.map(|case| case.of_field(&name)),
        };
        Some(self.field(field, name.as_str().into(), ident.span(), &by_case))
    }

    fn tuple_field(&mut self, at: usize, field: &Field) -> FieldDef {
        let span = syn::spanned::Spanned::span(&field.ty);
        self.field(field, at.to_string().into(), span, &Both::default())
    }

    fn field(&mut self, field: &Field, name: Arc<str>, span: proc_macro2::Span, by_case: &Both<String>) -> FieldDef {
        let serde = Serde::of(&field.attrs);
        FieldDef {
            wire: serde.wire(&name, by_case),
            ty: self.ty(&field.ty),
            flatten: serde.flatten,
            skipped: serde.skip_serializing && serde.skip_deserializing,
            annotations: self.annotations_of_field(&field.attrs),
            span: self.span(span),
            name,
        }
    }
}
