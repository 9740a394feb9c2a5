//! Items: modules, functions, implementations, constants and statics.

use std::collections::BTreeMap;

use syn::{Attribute, FnArg, ImplItem, Item, TraitItem};

use super::attributes;
use super::lowerer::{self, Lowerer};
use super::scope::{self, Namespace};
use super::types::param_names;
use crate::model::ir::{Alias, Expr, ExprKind, Func, Global, Implementation, Param, Symbol, Type, TypeDef, TypeKind};

/// What makes a function a method.
#[derive(Clone, Copy)]
struct Member<'m> {
    /// The type it belongs to, as the start of its name.
    prefix: &'m Symbol,
    /// The trait it implements.
    implements: Option<&'m Symbol>,
}

impl Lowerer<'_> {
    /// Lowers items in the present scope.
    pub(super) fn items(&mut self, items: &[Item]) {
        for item in items {
            // Modules in modules are as deep as anything else.
            self.deeper(|this| this.item(item));
        }
    }

    /// Lowers one item.
    pub(super) fn item(&mut self, item: &Item) {
        let outer = self.test;
        self.test |= attributes::is_test_only(attributes::of_item(item));
        match item {
            Item::Fn(item) => {
                let symbol = self.path.join(&scope::text(&item.sig.ident));
                self.function(symbol, &item.attrs, &item.sig, Some(&item.block), None);
            }
            Item::Struct(item) => self.structure(item),
            Item::Enum(item) => self.enumeration(item),
            Item::Union(item) => self.union(item),
            Item::Trait(item) => self.interface(item),
            Item::Impl(item) => self.implementation(item),
            Item::Mod(item) => self.module(item),
            Item::Const(item) => self.global(&item.ident, &item.ty, &item.expr),
            Item::Static(item) => self.global(&item.ident, &item.ty, &item.expr),
            Item::Type(item) => self.type_alias(item),
            Item::Use(item) => self.reexports(item),
            Item::Macro(item) => self.item_macro(&item.mac),
            _ => {}
        }
        self.test = outer;
    }

    fn module(&mut self, item: &syn::ItemMod) {
        let name = self.path.join(&scope::text(&item.ident));
        let Some((_, items)) = &item.content else {
            self.path_module(name, &item.attrs);
            return;
        };
        // A module inside a function body has no scope of its own there.
        let scope = self.scopes.find_module(&name).unwrap_or(self.scope);
        let outer = (std::mem::replace(&mut self.path, name), std::mem::replace(&mut self.scope, scope));
        self.items(items);
        (self.path, self.scope) = outer;
    }

    /// `#[path = "x.rs"] mod y;` is known by both names.
    fn path_module(&mut self, name: Symbol, attrs: &[Attribute]) {
        let Some(path) = attrs.iter().find_map(|attr| attributes::text_value(attr, "path")) else { return };
        if let Some(target) = self.place.at_path(&path, self.workspace)
            && target != name
        {
            self.out.aliases.push(Alias { name, target: Type::Named(target, Vec::new()) });
        }
    }

    fn type_alias(&mut self, item: &syn::ItemType) {
        let name = self.path.join(&scope::text(&item.ident));
        let target = self.with_generics(&item.generics, |this| this.ty(&item.ty));
        self.out.aliases.push(Alias { name, target });
    }

    /// Every import of a module is a name that can be reached through it: child modules see the
    /// private ones, too. A glob is `module::*`.
    fn reexports(&mut self, item: &syn::ItemUse) {
        for (name, path) in scope::leaves(item) {
            let target = self.resolve_names(&path, Namespace::Type);
            let name = self.path.join(name.as_deref().unwrap_or("*"));
            let target = if name.name() == "*" { target.join("*") } else { target };
            if name != target {
                self.out.aliases.push(Alias { name, target: Type::Named(target, Vec::new()) });
            }
        }
    }

    pub(super) fn global(&mut self, ident: &proc_macro2::Ident, ty: &syn::Type, value: &syn::Expr) {
        let symbol = self.path.join(&scope::text(ident));
        let span = self.span(ident.span());
        let ty = self.ty(ty);
        let value = self.scoped(|this| this.expr(value));
        self.out.globals.push(Global { symbol, ty, value: Some(run_lazily(value)), span });
    }

    fn interface(&mut self, item: &syn::ItemTrait) {
        let symbol = self.path.join(&scope::text(&item.ident));
        let params = param_names(&item.generics);
        let args = params.iter().map(|param| Type::Parameter(param.clone())).collect();
        let outer = self.owner.replace(Type::Named(symbol.clone(), args));
        self.with_generics(&item.generics, |this| {
            let supertypes = this.supertypes(item.supertraits.iter());
            let span = this.span(item.ident.span());
            let kind = TypeKind::Interface;
            this.out.types.push(TypeDef {
                symbol: symbol.clone(),
                kind,
                params,
                fields: Vec::new(),
                supertypes,
                annotations: Vec::new(),
                span,
            });
            for member in &item.items {
                this.trait_item(&symbol, member);
            }
        });
        self.owner = outer;
    }

    fn trait_item(&mut self, owner: &Symbol, item: &TraitItem) {
        match item {
            TraitItem::Fn(item) => {
                let symbol = owner.join(&scope::text(&item.sig.ident));
                let member = Member { prefix: owner, implements: None };
                self.function(symbol, &item.attrs, &item.sig, item.default.as_ref(), Some(member));
            }
            TraitItem::Const(item) => {
                if let Some((_, value)) = &item.default {
                    self.constant(owner, &item.ident, &item.ty, value);
                }
            }
            _ => {}
        }
    }

    fn constant(&mut self, owner: &Symbol, ident: &proc_macro2::Ident, ty: &syn::Type, value: &syn::Expr) {
        let outer = std::mem::replace(&mut self.path, owner.clone());
        self.global(ident, ty, value);
        self.path = outer;
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        self.with_generics(&item.generics, |this| {
            let implements = item.trait_.as_ref().map(|(path, _)| this.resolve(path, Namespace::Type));
            let owner = this.ty(&item.self_ty);
            let prefix = match (&owner, &implements) {
                (Type::Named(symbol, _), _) => symbol.clone(),
                // An extension of foreign or of all types goes by its trait.
                (_, Some(extension)) => extension.clone(),
                _ => this.path.clone(),
            };
            if let (Type::Named(by, _), Some((path, _))) = (&owner, &item.trait_) {
                let interface = this.supertype(path);
                this.out.implementations.push(Implementation { by: by.clone(), interface });
            }
            let outer_owner = this.owner.replace(owner);
            let outer_assoc = std::mem::take(&mut this.assoc);
            this.assoc = this.associated_types(&item.items);
            let member = Member { prefix: &prefix, implements: implements.as_ref() };
            for item in &item.items {
                this.impl_item(member, item);
            }
            this.assoc = outer_assoc;
            this.owner = outer_owner;
        });
    }

    fn associated_types(&mut self, items: &[ImplItem]) -> BTreeMap<String, Type> {
        let mut found = BTreeMap::new();
        for item in items {
            if let ImplItem::Type(item) = item {
                found.insert(scope::text(&item.ident), self.ty(&item.ty));
            }
        }
        found
    }

    fn impl_item(&mut self, member: Member<'_>, item: &ImplItem) {
        match item {
            ImplItem::Fn(item) => {
                let outer = self.test;
                self.test |= attributes::is_test_only(&item.attrs);
                let symbol = member.prefix.join(&scope::text(&item.sig.ident));
                self.function(symbol, &item.attrs, &item.sig, Some(&item.block), Some(member));
                self.test = outer;
            }
            ImplItem::Const(item) => self.constant(member.prefix, &item.ident, &item.ty, &item.expr),
            ImplItem::Macro(item) => self.unread_macro("ImplItem::Macro", &item.mac),
            _ => {}
        }
    }

    fn function(
        &mut self,
        symbol: Symbol,
        attrs: &[Attribute],
        sig: &syn::Signature,
        body: Option<&syn::Block>,
        member: Option<Member<'_>>,
    ) {
        // A nested function sees no variable of the one around it.
        let locals = std::mem::take(&mut self.locals);
        let path = std::mem::replace(&mut self.path, symbol.clone());
        let annotations = self.annotations(attrs);
        self.with_generics(&sig.generics, |this| {
            let mut receiver = None;
            let mut params = Vec::new();
            for input in &sig.inputs {
                match input {
                    FnArg::Receiver(_) => receiver = Some("self".into()),
                    FnArg::Typed(input) => params.push(this.param(&input.pat, Some(&input.ty))),
                }
            }
            this.locals.extend(receiver.clone());
            let ret = this.return_type(&sig.output);
            let body_span = body.map(|body| this.span(body.brace_token.span.join()));
            let start = this.span_of(sig);
            let body = body.map(|body| this.block(body));
            let name_span = this.span(sig.ident.span());
            let span = body_span.map_or(start, |body| start.to(body));
            this.out.funcs.push(Func {
                symbol,
                owner: member.and_then(|_| this.owner.clone()),
                implements: member.and_then(|member| member.implements.cloned()),
                receiver,
                type_params: param_names(&sig.generics),
                params,
                ret,
                annotations,
                property: false,
                body,
                span,
                name_span,
                test: this.test || attributes::is_test(attrs),
            });
        });
        self.path = path;
        self.locals = locals;
    }

    /// A parameter; its names are local from here on.
    pub(super) fn param(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>) -> Param {
        let (pat, ty) = match pat {
            syn::Pat::Type(typed) => (&*typed.pat, Some(&*typed.ty)),
            pat => (pat, ty),
        };
        let ty = ty.map(|ty| self.ty(ty)).unwrap_or_default();
        Param::new(self.pattern(pat), ty)
    }
}

/// A value that is made on first use is the value of its closure: `LazyLock::new(|| ..)`.
fn run_lazily(value: Expr) -> Expr {
    let ExprKind::Call { callee, args, .. } = &value.kind else { return value };
    let ExprKind::Global(name) = &callee.kind else { return value };
    let owner = name.parent().rsplit("::").next().unwrap_or_default();
    let makes_lazily =
        name.name() == "new" && matches!(owner, "LazyLock" | "LazyCell" | "Lazy" | "AsyncLazy" | "AsyncOnce");
    match args.as_slice() {
        [arg] if makes_lazily && matches!(arg.value.kind, ExprKind::Lambda(_)) => {
            lowerer::call(arg.value.clone(), Vec::new(), value.span)
        }
        _ => value,
    }
}
