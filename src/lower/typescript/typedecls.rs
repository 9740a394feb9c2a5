//! Declared types: interfaces, aliases, enums.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::{Alias, Expr, ExprKind, FieldDef, Func, Global, Literal, Symbol, Type, TypeDef, TypeKind};

/// What an object type declares.
#[derive(Default)]
struct Members {
    fields: Vec<FieldDef>,
    /// What keys that are not named hold.
    values: Option<Type>,
    has_methods: bool,
}

impl Lowerer<'_> {
    /// `interface A<T> extends B { .. }`.
    pub(super) fn interface(&mut self, node: &js::TSInterfaceDeclaration<'_>) {
        let symbol = self.type_symbol(node.id.name.as_str());
        self.scoped(|lowerer| {
            let params = lowerer.type_params(node.type_parameters.as_deref());
            let supertypes = node.extends.iter().filter_map(|parent| {
                let args = lowerer.type_args(parent.type_arguments.as_deref());
                lowerer.heritage_type(&parent.expression, args)
            });
            let supertypes: Vec<Type> = supertypes.collect();
            let members = lowerer.members(&symbol, &node.body.body);
            let span = node.id.span;
            lowerer.add_type(symbol, params, members, supertypes, span);
        });
    }

    /// A name in `extends`; `Omit<A, "b">` and the like are what they are made of.
    fn heritage_type(&mut self, node: &js::Expression<'_>, args: Vec<Type>) -> Option<Type> {
        if let js::Expression::Identifier(id) = node {
            let name = id.name.as_str();
            let is_part = matches!(name, "Omit" | "Pick" | "Partial" | "Required" | "Readonly");
            if is_part && self.names.is_platform_type(name) {
                return args.into_iter().next();
            }
            return Some(self.names.ty(name, args));
        }
        self.path(node).map(|(symbol, _)| Type::Named(symbol, args))
    }

    fn add_type(
        &mut self,
        symbol: Symbol,
        params: Vec<Arc<str>>,
        members: Members,
        supertypes: Vec<Type>,
        span: oxc_span::Span,
    ) {
        // Declarations of one name add up; functions may have fields, too.
        if let Some(known) = self.module.types.iter_mut().find(|ty| ty.symbol == symbol) {
            known.fields.extend(members.fields);
            return;
        }
        let kind = if members.has_methods { TypeKind::Interface } else { TypeKind::Struct };
        let span = self.place(span);
        self.module.types.push(TypeDef {
            symbol,
            kind,
            params,
            fields: members.fields,
            supertypes,
            annotations: Vec::new(),
            span,
        });
    }

    /// `type A<T> = ..`.
    pub(super) fn type_alias(&mut self, node: &js::TSTypeAliasDeclaration<'_>) {
        let symbol = self.type_symbol(node.id.name.as_str());
        self.scoped(|lowerer| {
            let params = lowerer.type_params(node.type_parameters.as_deref());
            let ty = lowerer.ty_named(&node.type_annotation, Some(&symbol));
            match ty {
                Type::Named(declared, _) if declared == symbol => {
                    if let Some(declared) = lowerer.module.types.iter_mut().find(|ty| ty.symbol == symbol) {
                        declared.params = params;
                    }
                }
                Type::Unknown => {}
                target => lowerer.module.aliases.push(Alias { name: symbol, target }),
            }
        });
    }

    /// `{ a: A; b(): B }` by its name. One that has only keys without names is a map.
    pub(super) fn literal_type(
        &mut self,
        symbol: &Symbol,
        nodes: &[js::TSSignature<'_>],
        span: oxc_span::Span,
    ) -> Type {
        let members = self.members(symbol, nodes);
        if let (true, false, Some(values)) = (members.fields.is_empty(), members.has_methods, &members.values) {
            return Type::Map(Box::new(values.clone()));
        }
        self.add_type(symbol.clone(), Vec::new(), members, Vec::new(), span);
        Type::Named(symbol.clone(), Vec::new())
    }

    /// A type that has the fields of several: `A & { b: B }`, `A | B`.
    pub(super) fn joined_of(&mut self, symbol: Symbol, all: &[&js::TSType<'_>], span: oxc_span::Span) -> Type {
        let mut joined = Members::default();
        let mut supertypes = Vec::new();
        for ty in all {
            if let js::TSType::TSTypeLiteral(literal) = ty {
                let members = self.members(&symbol, &literal.members);
                let news = members.fields.into_iter();
                let news: Vec<FieldDef> =
                    news.filter(|field| !joined.fields.iter().any(|known| known.name == field.name)).collect();
                joined.fields.extend(news);
                joined.has_methods |= members.has_methods;
                continue;
            }
            match self.ty(ty) {
                Type::Optional(inner) => supertypes.push(*inner),
                other => supertypes.push(other),
            }
        }
        supertypes.retain(|ty| ty.symbol().is_some_and(|parent| *parent != symbol));
        if let ([only], true) = (supertypes.as_slice(), joined.fields.is_empty() && !joined.has_methods) {
            return only.clone();
        }
        if supertypes.is_empty() && joined.fields.is_empty() {
            return Type::Unknown;
        }
        self.add_type(symbol.clone(), Vec::new(), joined, supertypes, span);
        Type::Named(symbol, Vec::new())
    }

    /// Fields and methods; types of fields are named after them.
    fn members(&mut self, symbol: &Symbol, nodes: &[js::TSSignature<'_>]) -> Members {
        let mut members = Members::default();
        for node in nodes {
            match node {
                js::TSSignature::TSPropertySignature(property) => {
                    let Some((name, span)) = self.key(&property.key) else { continue };
                    let inner = symbol.join(&name);
                    let ty = property.type_annotation.as_ref();
                    if let Some(oneof) = ty.and_then(|ty| self.oneof(&inner, &ty.type_annotation)) {
                        members.fields.push(FieldDef { flatten: true, ..plain_field(name, oneof, span) });
                        continue;
                    }
                    let mut ty = ty.map(|ty| self.ty_named(&ty.type_annotation, Some(&inner))).unwrap_or_default();
                    if property.optional && !matches!(ty, Type::Unknown | Type::Optional(_)) {
                        ty = Type::Optional(Box::new(ty));
                    }
                    members.fields.push(plain_field(name, ty, span));
                }
                js::TSSignature::TSMethodSignature(method) => {
                    let Some((name, span)) = self.key(&method.key) else { continue };
                    if method.kind == js::TSMethodSignatureKind::Get {
                        let ty = self.return_type(method.return_type.as_deref());
                        members.fields.push(plain_field(name, ty, span));
                        continue;
                    }
                    members.has_methods = true;
                    self.method_signature(symbol, &name, method);
                }
                js::TSSignature::TSIndexSignature(index) => {
                    members.values = Some(self.ty(&index.type_annotation.type_annotation));
                }
                js::TSSignature::TSCallSignatureDeclaration(_)
                | js::TSSignature::TSConstructSignatureDeclaration(_) => {}
            }
        }
        members
    }

    fn method_signature(&mut self, owner: &Symbol, name: &str, node: &js::TSMethodSignature<'_>) {
        let func = self.scoped(|lowerer| {
            let type_params = lowerer.type_params(node.type_parameters.as_deref());
            let params = lowerer.params(&node.params);
            let ret = lowerer.return_type(node.return_type.as_deref());
            let (span, name_span) = (lowerer.place(node.span), lowerer.span(&node.key));
            Func {
                symbol: owner.join(name),
                owner: Some(Type::Named(owner.clone(), Vec::new())),
                implements: None,
                receiver: Some(Arc::from(super::THIS)),
                type_params,
                params,
                ret,
                annotations: Vec::new(),
                property: false,
                body: None,
                span,
                name_span,
                test: lowerer.module.test,
            }
        });
        self.module.funcs.push(func);
    }

    /// `enum A { B = "b", C }`: each member is a constant.
    pub(super) fn enumeration(&mut self, node: &js::TSEnumDeclaration<'_>) {
        let symbol = self.type_symbol(node.id.name.as_str());
        for (at, member) in (0_i64..).zip(&node.body.members) {
            let span = self.place(member.span);
            let value = match &member.initializer {
                Some(value) => self.scoped(|lowerer| lowerer.expr(value)),
                None => Expr { kind: ExprKind::Literal(Literal::Int(at)), span },
            };
            let symbol = symbol.join(member.id.static_name().as_str());
            self.module.globals.push(Global { symbol, ty: Type::Unknown, value: Some(value), span });
        }
        self.module.types.push(TypeDef {
            symbol,
            kind: TypeKind::Enum,
            params: Vec::new(),
            fields: Vec::new(),
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span: self.place(node.id.span),
        });
    }
}

/// A field that is called on the wire as in the code.
pub(super) fn plain_field(name: Arc<str>, ty: Type, span: crate::model::source::Span) -> FieldDef {
    FieldDef { name, wire: Vec::new(), ty, flatten: false, skipped: false, annotations: Vec::new(), span }
}
