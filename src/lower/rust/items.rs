//! Items: modules, `use` declarations, types, functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use syn::{Attribute, Fields, FnArg, GenericParam, Generics, Item, Meta, Signature, UseTree, WherePredicate};

use super::Lowerer;
use super::serde::Attributes;
use super::types::plain;
use crate::model::ir::{
    Alias, Annotation, Block, FieldDef, Func, Global, Include, Param, Pattern, Symbol, Type, TypeDef, TypeKind,
};
use crate::model::source::Span;

/// What a function is beside its signature.
struct Around<'i> {
    attributes: &'i [Attribute],
    owner: Option<Type>,
    implements: Option<Symbol>,
    body: Option<&'i syn::Block>,
    span: Span,
}

impl Lowerer {
    /// Items of one module. Their names come first, since items refer to each other in any order.
    pub(super) fn items(&mut self, items: &[Item]) {
        items.iter().for_each(|item| self.declare(item));
        items.iter().for_each(|item| self.item(item));
    }

    /// Makes the name of an item known in the open module.
    pub(super) fn declare(&mut self, item: &Item) {
        let ident = match item {
            Item::Const(item) => &item.ident,
            Item::Enum(item) => &item.ident,
            Item::Fn(item) => &item.sig.ident,
            Item::Mod(item) => &item.ident,
            Item::Static(item) => &item.ident,
            Item::Struct(item) => &item.ident,
            Item::Trait(item) => &item.ident,
            Item::Type(item) => &item.ident,
            Item::Union(item) => &item.ident,
            Item::Use(item) => {
                let start = if item.leading_colon.is_some() { Some(String::new()) } else { None };
                return self.use_tree(&item.tree, &start.into_iter().collect::<Vec<_>>());
            }
            _ => return,
        };
        self.names.declare_item(&plain(ident));
    }

    fn use_tree(&mut self, tree: &UseTree, prefix: &[String]) {
        let path = |name: &str| {
            let segments: Vec<String> = prefix.iter().cloned().chain([name.to_owned()]).collect();
            segments
        };
        match tree {
            UseTree::Path(inner) => self.use_tree(&inner.tree, &path(&plain(&inner.ident))),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.use_tree(tree, prefix)),
            UseTree::Glob(_) => {
                let module = self.use_path(prefix);
                self.names.declare_glob(module);
            }
            UseTree::Name(name) if name.ident == "self" => {
                let module = self.use_path(prefix);
                if let Some(last) = prefix.last() {
                    self.alias(last, module);
                }
            }
            UseTree::Name(name) => {
                let name = plain(&name.ident);
                let target = self.use_path(&path(&name));
                self.alias(&name, target);
            }
            UseTree::Rename(renamed) => {
                let target = if renamed.ident == "self" {
                    self.use_path(prefix)
                } else {
                    self.use_path(&path(&plain(&renamed.ident)))
                };
                self.alias(&plain(&renamed.rename), target);
            }
        }
    }

    fn use_path(&self, segments: &[String]) -> String {
        match segments.split_first() {
            // `use ::name`: a crate, whatever else is called so.
            Some((first, rest)) if first.is_empty() => rest.join("::"),
            _ => self.names.resolve(segments),
        }
    }

    /// A name that is used here can be reached through this module by others.
    fn alias(&mut self, name: &str, target: String) {
        let symbol = self.names.module().join(name);
        if symbol.as_str() != target {
            self.module.aliases.push(Alias { name: symbol, target: Type::Named(Symbol::new(&target), Vec::new()) });
        }
        self.names.declare_use(name, target);
    }

    pub(super) fn item(&mut self, item: &Item) {
        match item {
            Item::Const(item) => {
                let value = Some(self.expr(&item.expr));
                self.global(&item.ident, self.ty(&item.ty), value);
            }
            Item::Static(item) => {
                let value = Some(self.expr(&item.expr));
                self.global(&item.ident, self.ty(&item.ty), value);
            }
            Item::Struct(item) => self.struct_item(item),
            Item::Enum(item) => self.enum_item(item),
            Item::Type(item) => {
                let params = self.open_generics(&item.generics);
                let target = self.ty(&item.ty);
                self.names.pop_type_params();
                // An alias with parameters is no plain stand-in; `Result<T>` is known without it.
                if params.is_empty() {
                    self.module.aliases.push(Alias { name: self.names.module().join(&plain(&item.ident)), target });
                }
            }
            Item::Fn(item) => {
                let span = self.span(item.sig.fn_token.span).to(self.span(item.block.brace_token.span.close()));
                let around =
                    Around { attributes: &item.attrs, owner: None, implements: None, body: Some(&item.block), span };
                self.function(&item.sig, around);
            }
            Item::Impl(item) => self.impl_item(item),
            Item::Trait(item) => self.trait_item(item),
            Item::Mod(item) => self.mod_item(item),
            Item::Macro(item) => self.item_macro(&item.mac),
            _ => {}
        }
    }

    fn mod_item(&mut self, item: &syn::ItemMod) {
        let Some((_, items)) = &item.content else { return };
        let was_in_tests = self.in_tests;
        self.in_tests |= is_cfg_test(&item.attrs);
        self.names.push_module(self.names.module().join(&plain(&item.ident)));
        self.items(items);
        self.names.pop_module();
        self.in_tests = was_in_tests;
    }

    fn global(&mut self, ident: &proc_macro2::Ident, ty: Type, value: Option<crate::model::ir::Expr>) {
        let symbol = self.names.module().join(&plain(ident));
        let span = self.span(ident.span());
        self.module.globals.push(Global { symbol, ty, value, span });
    }

    /// `tonic::include_proto!("profile.v1");`, and definitions inside `lazy_static!` and the like.
    fn item_macro(&mut self, call: &syn::Macro) {
        let name = Symbol::new(self.path_name(&call.path));
        let span = self.macro_span(call);
        let args = super::macros::string_args(&call.tokens);
        if args.is_empty() {
            if let Ok(items) = super::macros::statics(&call.tokens) {
                for (ident, ty, value) in items {
                    self.names.declare_item(&plain(&ident));
                    let value = Some(self.expr(&value));
                    self.global(&ident, self.ty(&ty), value);
                }
            }
            return;
        }
        self.module.includes.push(Include { module: self.names.module(), name, args, span });
    }

    fn struct_item(&mut self, item: &syn::ItemStruct) {
        let params = self.open_generics(&item.generics);
        let container = Attributes::read(&item.attrs);
        let fields = self.fields(&item.fields, |own, name| own.field_names(&container, name));
        self.names.pop_type_params();
        let symbol = self.names.module().join(&plain(&item.ident));
        let span = self.span(item.ident.span());
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Struct,
            params,
            fields,
            supertypes: Vec::new(),
            span,
        });
    }

    fn fields(
        &mut self,
        fields: &Fields,
        names: impl Fn(&Attributes, &str) -> Vec<crate::model::ir::WireName>,
    ) -> Vec<FieldDef> {
        let mut all = Vec::new();
        for (at, field) in fields.iter().enumerate() {
            let own = Attributes::read(&field.attrs);
            let name = field.ident.as_ref().map_or_else(|| at.to_string(), plain);
            let span =
                field.ident.as_ref().map_or_else(|| self.span(type_start(&field.ty)), |ident| self.span(ident.span()));
            all.push(FieldDef {
                wire: names(&own, &name),
                name: Arc::from(name),
                ty: self.ty(&field.ty),
                flatten: own.flatten,
                skipped: own.skip,
                span,
            });
        }
        all
    }

    /// An enum: one field for each variant with a payload. A variant with several values or with named
    /// fields has a type of its own for them.
    fn enum_item(&mut self, item: &syn::ItemEnum) {
        let params = self.open_generics(&item.generics);
        let symbol = self.names.module().join(&plain(&item.ident));
        let container = Attributes::read(&item.attrs);
        let mut variants = Vec::new();
        for variant in &item.variants {
            let own = Attributes::read(&variant.attrs);
            let name = plain(&variant.ident);
            let span = self.span(variant.ident.span());
            let ty = match &variant.fields {
                Fields::Unit => continue,
                Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => {
                    unnamed.unnamed.first().map(|field| self.ty(&field.ty)).unwrap_or_default()
                }
                Fields::Unnamed(unnamed) => {
                    Type::Tuple(unnamed.unnamed.iter().map(|field| self.ty(&field.ty)).collect())
                }
                Fields::Named(_) => {
                    let fields =
                        self.fields(&variant.fields, |field, name| field.variant_field_names(&container, &own, name));
                    let symbol = symbol.join(&name);
                    self.module.types.push(TypeDef {
                        symbol: symbol.clone(),
                        kind: TypeKind::Struct,
                        params: params.clone(),
                        fields,
                        supertypes: Vec::new(),
                        span,
                    });
                    Type::Named(symbol, Vec::new())
                }
            };
            variants.push(FieldDef {
                wire: own.variant_names(&container, &name),
                name: Arc::from(name),
                ty,
                flatten: false,
                skipped: own.skip,
                span,
            });
        }
        self.names.pop_type_params();
        let span = self.span(item.ident.span());
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Enum,
            params,
            fields: variants,
            supertypes: Vec::new(),
            span,
        });
    }

    fn impl_item(&mut self, item: &syn::ItemImpl) {
        self.open_generics(&item.generics);
        let owner = self.ty(&item.self_ty);
        let implements = item.trait_.as_ref().map(|(path, _)| Symbol::new(self.path_name(path)));
        self.names.push_self(owner.clone());
        for inner in &item.items {
            match inner {
                syn::ImplItem::Fn(method) => {
                    let span = self.span(method.sig.fn_token.span).to(self.span(method.block.brace_token.span.close()));
                    let around = Around {
                        attributes: &method.attrs,
                        owner: Some(owner.clone()),
                        implements: implements.clone(),
                        body: Some(&method.block),
                        span,
                    };
                    self.function(&method.sig, around);
                }
                syn::ImplItem::Const(constant) => {
                    let Some(symbol) = owner.symbol().map(|owner| owner.join(&plain(&constant.ident))) else {
                        continue;
                    };
                    let value = Some(self.expr(&constant.expr));
                    let (ty, span) = (self.ty(&constant.ty), self.span(constant.ident.span()));
                    self.module.globals.push(Global { symbol, ty, value, span });
                }
                syn::ImplItem::Macro(call) => self.item_macro(&call.mac),
                _ => {}
            }
        }
        self.names.pop_self();
        self.names.pop_type_params();
    }

    fn trait_item(&mut self, item: &syn::ItemTrait) {
        let params = self.open_generics(&item.generics);
        let symbol = self.names.module().join(&plain(&item.ident));
        let owner = Type::Named(symbol.clone(), Vec::new());
        let supertypes = item
            .supertraits
            .iter()
            .map(|bound| self.bounds(std::iter::once(bound), 8))
            .filter(|ty| ty.symbol().is_some())
            .collect();
        let span = self.span(item.ident.span());
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Interface,
            params,
            fields: Vec::new(),
            supertypes,
            span,
        });
        self.names.push_self(owner.clone());
        for inner in &item.items {
            let syn::TraitItem::Fn(method) = inner else { continue };
            let name = self.span(method.sig.ident.span());
            let span = method.default.as_ref().map_or(name, |body| name.to(self.span(body.brace_token.span.close())));
            let around = Around {
                attributes: &method.attrs,
                owner: Some(owner.clone()),
                implements: None,
                body: method.default.as_ref(),
                span,
            };
            self.function(&method.sig, around);
        }
        self.names.pop_self();
        self.names.pop_type_params();
    }

    /// Opens the type parameters of a declaration; gives their names.
    fn open_generics(&mut self, generics: &Generics) -> Vec<Arc<str>> {
        let mut params: BTreeMap<Arc<str>, Option<Type>> = BTreeMap::new();
        let mut names = Vec::new();
        for param in &generics.params {
            let GenericParam::Type(param) = param else { continue };
            let name: Arc<str> = Arc::from(plain(&param.ident));
            params.insert(Arc::clone(&name), self.bound(param.bounds.iter()));
            names.push(name);
        }
        for predicate in generics.where_clause.iter().flat_map(|clause| &clause.predicates) {
            let WherePredicate::Type(predicate) = predicate else { continue };
            let syn::Type::Path(path) = &predicate.bounded_ty else { continue };
            let Some(bound) = path.path.get_ident().and_then(|ident| params.get_mut(plain(ident).as_str())) else {
                continue;
            };
            if bound.is_none() {
                *bound = self.bound(predicate.bounds.iter());
            }
        }
        self.names.push_type_params(params);
        names
    }

    /// What a bound says of values, if it is a function, future or list; a trait leaves the parameter
    /// as it is, so that it can be told at the call what it stands for.
    fn bound<'b>(&self, bounds: impl Iterator<Item = &'b syn::TypeParamBound>) -> Option<Type> {
        match self.bounds(bounds, 8) {
            Type::Unknown | Type::Named(..) => None,
            known => Some(known),
        }
    }

    fn function(&mut self, signature: &Signature, around: Around<'_>) {
        let type_params = self.open_generics(&signature.generics);
        self.names.push_scope();
        let mut receiver = None;
        let mut params = Vec::new();
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(_) => {
                    let name: Arc<str> = Arc::from("self");
                    self.names.declare(&name);
                    receiver = Some(name);
                }
                FnArg::Typed(input) => {
                    let ty = self.ty(&input.ty);
                    let pattern = self.pattern(&input.pat);
                    params.push(Param { pattern, ty, variadic: false });
                }
            }
        }
        let ret = self.ret(&signature.output);
        let was_in_tests = self.in_tests;
        self.in_tests |= is_test(around.attributes);
        let body: Option<Block> = around.body.map(|body| self.block(body));
        self.names.pop_scope();
        self.names.pop_type_params();
        let name = plain(&signature.ident);
        let symbol = match around.owner.as_ref().and_then(Type::symbol) {
            Some(owner) => owner.join(&name),
            None => self.names.module().join(&name),
        };
        let annotations = around.attributes.iter().map(|attribute| self.annotation(attribute)).collect();
        let test = self.in_tests || self.module.test;
        self.in_tests = was_in_tests;
        self.module.funcs.push(Func {
            symbol,
            owner: around.owner,
            implements: around.implements,
            receiver,
            type_params,
            params,
            ret,
            annotations,
            body,
            span: around.span,
            name_span: self.span(signature.ident.span()),
            test,
        });
    }

    fn annotation(&mut self, attribute: &Attribute) -> Annotation {
        let name = Symbol::new(self.path_name(attribute.path()));
        let span = self.span(attribute.bracket_token.span.join());
        let args = match &attribute.meta {
            Meta::List(list) => self.macro_args(&list.tokens).unwrap_or_default(),
            Meta::Path(_) | Meta::NameValue(_) => Vec::new(),
        };
        Annotation { name, args, span }
    }

    /// A new name in the scope that is open.
    pub(super) fn bind(&mut self, ident: &proc_macro2::Ident, inner: Option<Box<Pattern>>) -> Pattern {
        let name: Arc<str> = Arc::from(plain(ident));
        self.names.declare(&name);
        Pattern::Bind(name, self.span(ident.span()), inner)
    }
}

/// `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[cfg(test)]`.
fn is_test(attributes: &[Attribute]) -> bool {
    let named = |attribute: &Attribute| {
        attribute.path().segments.last().is_some_and(|last| last.ident == "test" || last.ident == "rstest")
    };
    is_cfg_test(attributes) || attributes.iter().any(named)
}

fn is_cfg_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let Meta::List(list) = &attribute.meta else { return false };
        list.path.is_ident("cfg") && list.parse_args::<syn::Ident>().is_ok_and(|flag| flag == "test")
    })
}

fn type_start(ty: &syn::Type) -> proc_macro2::Span {
    use syn::spanned::Spanned;
    ty.span()
}
