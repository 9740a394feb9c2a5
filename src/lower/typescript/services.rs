//! Generated descriptions of services: what their methods are given and give.
//!
//! `protoc-gen-es` writes them as a type, `GenService<{ getCart: { input: typeof GetCartRequestSchema; .. } }>`,
//! `protoc-gen-connect-es` as a value, `{ methods: { getCart: { I: GetCartRequest, .. } } }`.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::{Func, Param, Pattern, Symbol, Type};
use crate::model::source::Span;

/// What stands behind the name of a message in the name of its description.
const SCHEMA: &str = "Schema";

/// A method of a described service.
struct Method<'n> {
    name: &'n str,
    span: oxc_span::Span,
    input: Option<Symbol>,
    output: Option<Symbol>,
    /// It gives any number of messages.
    streams: bool,
}

impl Lowerer<'_> {
    /// Declares the methods of a service that a variable of a generated module describes.
    pub(super) fn described_service(&mut self, variable: &js::VariableDeclarator<'_>) {
        let js::BindingPattern::BindingIdentifier(id) = &variable.id else { return };
        if !self.module.generated {
            return;
        }
        let declared = variable.type_annotation.as_ref().map(|annotation| &annotation.type_annotation);
        let methods = match (declared, &variable.init) {
            (Some(declared), _) => self.declared_methods(declared),
            (None, Some(init)) => self.written_methods(init),
            (None, None) => Vec::new(),
        };
        let service = self.inside.join(id.name.as_str());
        for method in methods {
            let func = self.stub_method(&service, method);
            self.module.funcs.push(func);
        }
    }

    fn stub_method(&self, service: &Symbol, method: Method<'_>) -> Func {
        let span = self.place(method.span);
        let message = |symbol: Option<Symbol>| symbol.map_or(Type::Unknown, |symbol| Type::Named(symbol, Vec::new()));
        let output = message(method.output);
        Func {
            symbol: service.join(method.name),
            owner: Some(Type::Named(service.clone(), Vec::new())),
            implements: None,
            receiver: Some(Arc::from(super::THIS)),
            type_params: Vec::new(),
            params: vec![request(message(method.input), span)],
            ret: if method.streams { Type::List(Box::new(output)) } else { output },
            annotations: Vec::new(),
            property: false,
            body: None,
            span,
            name_span: span,
            test: self.module.test,
        }
    }

    /// `GenService<{ .. }>`, `{ readonly methods: { .. } }`.
    fn declared_methods<'n>(&self, ty: &'n js::TSType<'_>) -> Vec<Method<'n>> {
        let literal = match ty {
            js::TSType::TSTypeReference(reference) => {
                reference.type_arguments.as_ref().and_then(|args| args.params.first())
            }
            js::TSType::TSTypeLiteral(literal) => {
                literal.members.iter().filter_map(property).find(|(name, ..)| *name == "methods").map(|(.., ty)| ty)
            }
            _ => None,
        };
        let Some(js::TSType::TSTypeLiteral(literal)) = literal else { return Vec::new() };
        let methods = literal.members.iter().filter_map(property);
        methods.filter_map(|(name, span, ty)| self.declared_method(name, span, ty)).collect()
    }

    fn declared_method<'n>(&self, name: &'n str, span: oxc_span::Span, ty: &js::TSType<'_>) -> Option<Method<'n>> {
        let js::TSType::TSTypeLiteral(literal) = ty else { return None };
        let part =
            |names: [&str; 2]| literal.members.iter().filter_map(property).find(|(name, ..)| names.contains(name));
        let input = self.described_message(part(["input", "I"])?.2);
        let output = self.described_message(part(["output", "O"])?.2);
        let kind = part(["methodKind", "kind"]).map(|(.., ty)| ty);
        Some(Method { name, span, input, output, streams: kind.is_some_and(streams) })
    }

    /// `typeof GetCartRequestSchema`, `typeof GetCartRequest`.
    fn described_message(&self, ty: &js::TSType<'_>) -> Option<Symbol> {
        let js::TSType::TSTypeQuery(query) = ty else { return None };
        let js::TSTypeQueryExprName::IdentifierReference(id) = &query.expr_name else { return None };
        let symbol = self.type_symbol(id.name.as_str());
        Some(symbol.as_str().strip_suffix(SCHEMA).map_or(symbol.clone(), Symbol::new))
    }

    /// `{ typeName: "shop.v1.CartService", methods: { getCart: { I: GetCartRequest, O: Cart } } } as const`.
    fn written_methods<'n>(&self, init: &'n js::Expression<'_>) -> Vec<Method<'n>> {
        let Some(service) = object(init) else { return Vec::new() };
        let Some((.., methods)) = entries(service).find(|(name, ..)| *name == "methods") else { return Vec::new() };
        let methods = object(methods).into_iter().flat_map(entries);
        let method = |(name, span, value): (&'n str, oxc_span::Span, &'n js::Expression<'_>)| {
            let parts = object(value)?;
            let part = |wanted: &str| entries(parts).find(|(name, ..)| *name == wanted).map(|(.., value)| value);
            let message = |wanted: &str| match part(wanted)? {
                js::Expression::Identifier(id) => Some(self.type_symbol(id.name.as_str())),
                _ => None,
            };
            let streams = matches!(part("kind"), Some(js::Expression::StaticMemberExpression(kind))
                if matches!(kind.property.name.as_str(), "ServerStreaming" | "BiDiStreaming"));
            Some(Method { name, span, input: Some(message("I")?), output: message("O"), streams })
        };
        methods.filter_map(method).collect()
    }
}

/// The parameter of a method.
fn request(ty: Type, span: Span) -> Param {
    Param::new(Pattern::Bind(Arc::from("request"), span, None), ty)
}

fn streams(kind: &js::TSType<'_>) -> bool {
    match kind {
        js::TSType::TSLiteralType(literal) => match &literal.literal {
            js::TSLiteral::StringLiteral(kind) => matches!(kind.value.as_str(), "server_streaming" | "bidi_streaming"),
            _ => false,
        },
        // `MethodKind.ServerStreaming`
        js::TSType::TSTypeReference(reference) => match &reference.type_name {
            js::TSTypeName::QualifiedName(name) => {
                matches!(name.right.name.as_str(), "ServerStreaming" | "BiDiStreaming")
            }
            _ => false,
        },
        _ => false,
    }
}

/// A property with its name and type.
fn property<'n, 'p>(node: &'n js::TSSignature<'p>) -> Option<(&'n str, oxc_span::Span, &'n js::TSType<'p>)> {
    let js::TSSignature::TSPropertySignature(property) = node else { return None };
    let js::PropertyKey::StaticIdentifier(key) = &property.key else { return None };
    Some((key.name.as_str(), key.span, &property.type_annotation.as_ref()?.type_annotation))
}

/// An object literal, perhaps `as const`.
fn object<'n, 'p>(node: &'n js::Expression<'p>) -> Option<&'n js::ObjectExpression<'p>> {
    match node {
        js::Expression::ObjectExpression(object) => Some(object),
        js::Expression::TSAsExpression(cast) => match &cast.expression {
            js::Expression::ObjectExpression(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Entries of an object literal whose keys are names.
fn entries<'n, 'p>(
    object: &'n js::ObjectExpression<'p>,
) -> impl Iterator<Item = (&'n str, oxc_span::Span, &'n js::Expression<'p>)> {
    object.properties.iter().filter_map(|entry| match entry {
        js::ObjectPropertyKind::ObjectProperty(entry) => match &entry.key {
            js::PropertyKey::StaticIdentifier(key) => Some((key.name.as_str(), key.span, &entry.value)),
            _ => None,
        },
        js::ObjectPropertyKind::SpreadProperty(_) => None,
    })
}
