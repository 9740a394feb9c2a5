//! Types as they are written.

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use crate::model::ir::{Symbol, Type};

/// Types of the platform that stand for their first argument: they only say when it is there, or
/// which part of it.
const TRANSPARENT: [&str; 17] = [
    "Promise",
    "PromiseLike",
    "Awaited",
    "Partial",
    "Required",
    "Readonly",
    "Pick",
    "Omit",
    "NonNullable",
    "Exclude",
    "Extract",
    "NoInfer",
    "DeepPartial",
    "Observable",
    "Subject",
    "BehaviorSubject",
    "Maybe",
];

/// Types of the platform that are lists of their first argument.
const LISTS: [&str; 11] = [
    "Array",
    "ReadonlyArray",
    "Set",
    "ReadonlySet",
    "Iterable",
    "AsyncIterable",
    "Iterator",
    "AsyncIterator",
    "Generator",
    "AsyncGenerator",
    "IterableIterator",
];

impl Lowerer<'_> {
    /// A type; an object type without a name is named after where it stands.
    pub(super) fn ty(&mut self, node: &js::TSType<'_>) -> Type {
        self.ty_named(node, None)
    }

    /// A type; an object type without a name gets the one that is given.
    pub(super) fn ty_named(&mut self, node: &js::TSType<'_>, name: Option<&Symbol>) -> Type {
        self.deeper(|lowerer| lowerer.ty_inner(node, name)).unwrap_or_default()
    }

    fn ty_inner(&mut self, node: &js::TSType<'_>, name: Option<&Symbol>) -> Type {
        match node {
            js::TSType::TSStringKeyword(_) | js::TSType::TSTemplateLiteralType(_) => Type::Str,
            js::TSType::TSNumberKeyword(_) | js::TSType::TSBigIntKeyword(_) => Type::Number,
            js::TSType::TSBooleanKeyword(_) | js::TSType::TSTypePredicate(_) => Type::Bool,
            js::TSType::TSAnyKeyword(_) | js::TSType::TSUnknownKeyword(_) | js::TSType::TSObjectKeyword(_) => {
                Type::Dynamic
            }
            js::TSType::TSVoidKeyword(_)
            | js::TSType::TSUndefinedKeyword(_)
            | js::TSType::TSNullKeyword(_)
            | js::TSType::TSNeverKeyword(_) => Type::Unit,
            js::TSType::TSArrayType(array) => Type::List(Box::new(self.ty_named(&array.element_type, name))),
            js::TSType::TSTupleType(tuple) => {
                let parts = tuple.element_types.iter().map(|part| self.tuple_part(part)).collect();
                Type::Tuple(parts)
            }
            js::TSType::TSNamedTupleMember(member) => self.tuple_part(&member.element_type),
            js::TSType::TSParenthesizedType(inner) => self.ty_named(&inner.type_annotation, name),
            js::TSType::TSTypeOperatorType(operator) => match operator.operator {
                js::TSTypeOperatorOperator::Readonly => self.ty_named(&operator.type_annotation, name),
                js::TSTypeOperatorOperator::Keyof => Type::Str,
                js::TSTypeOperatorOperator::Unique => Type::Unknown,
            },
            js::TSType::TSLiteralType(literal) => match &literal.literal {
                js::TSLiteral::BooleanLiteral(_) => Type::Bool,
                js::TSLiteral::StringLiteral(_) | js::TSLiteral::TemplateLiteral(_) => Type::Str,
                _ => Type::Number,
            },
            js::TSType::TSFunctionType(function) => self.scoped(|lowerer| {
                lowerer.type_params(function.type_parameters.as_deref());
                let params = lowerer.params(&function.params).into_iter().map(|param| param.ty).collect();
                let gives = lowerer.ty(&function.return_type.type_annotation);
                Type::Function(params, Box::new(gives))
            }),
            js::TSType::TSTypeReference(reference) => self.reference(reference, name),
            js::TSType::TSTypeLiteral(literal) => {
                let symbol = self.type_name(node, name);
                self.literal_type(&symbol, &literal.members, node.span())
            }
            js::TSType::TSUnionType(union) => self.union(union, name),
            js::TSType::TSIntersectionType(intersection) => {
                let symbol = self.type_name(node, name);
                self.joined_type(symbol, &intersection.types, node.span())
            }
            js::TSType::TSIndexedAccessType(access) => self.indexed(access),
            js::TSType::TSImportType(import) => self.imported(import),
            js::TSType::TSMappedType(mapped) => self.mapped(mapped),
            _ => Type::Unknown,
        }
    }

    /// The name of an object type: the given one, or one made of its place.
    fn type_name(&self, node: &js::TSType<'_>, name: Option<&Symbol>) -> Symbol {
        name.cloned().unwrap_or_else(|| self.inside.join(&format!("<type {}>", node.span().start)))
    }

    fn tuple_part(&mut self, node: &js::TSTupleElement<'_>) -> Type {
        match node {
            js::TSTupleElement::TSOptionalType(inner) => Type::Optional(Box::new(self.ty(&inner.type_annotation))),
            js::TSTupleElement::TSRestType(inner) => self.ty(&inner.type_annotation),
            other => other.as_ts_type().map(|ty| self.ty(ty)).unwrap_or_default(),
        }
    }

    /// `T`, `a.T<U>`.
    fn reference(&mut self, node: &js::TSTypeReference<'_>, name: Option<&Symbol>) -> Type {
        let params = node.type_arguments.as_ref().map_or(&[][..], |args| &args.params);
        if let Some(schema) = self.inferred(&node.type_name, params) {
            return schema;
        }
        if let js::TSTypeName::IdentifierReference(id) = &node.type_name
            && self.names.is_platform_type(id.name.as_str())
            && let Some(ty) = self.returned_by(id.name.as_str(), params)
        {
            return ty;
        }
        if let js::TSTypeName::IdentifierReference(id) = &node.type_name
            && self.names.is_platform_type(id.name.as_str())
            && let Some(ty) = self.platform(id.name.as_str(), params, name)
        {
            return ty;
        }
        let args: Vec<Type> = params.iter().map(|ty| self.argument_type(ty)).collect();
        let named = self.named_type(&node.type_name, args);
        match &named {
            // RxJS and grpc wrap what they give.
            Type::Named(symbol, args) if symbol.as_str().starts_with("rxjs::") => {
                args.first().cloned().unwrap_or(named)
            }
            _ => named,
        }
    }

    /// What a schema describes: `z.infer<typeof S>`.
    fn inferred(&mut self, name: &js::TSTypeName<'_>, params: &[js::TSType<'_>]) -> Option<Type> {
        let last = match name {
            js::TSTypeName::QualifiedName(name) => name.right.name.as_str(),
            js::TSTypeName::IdentifierReference(name) => name.name.as_str(),
            js::TSTypeName::ThisExpression(_) => return None,
        };
        if !matches!(last, "infer" | "TypeOf" | "output" | "input" | "InferOutput" | "InferType" | "Static") {
            return None;
        }
        self.queried(params.first()?)
    }

    /// A type argument. `typeof x` is what `x` stands for: a schema, a generated service.
    fn argument_type(&mut self, node: &js::TSType<'_>) -> Type {
        self.queried(node).unwrap_or_else(|| self.ty(node))
    }

    /// `typeof x`, by the name of `x`.
    fn queried(&self, node: &js::TSType<'_>) -> Option<Type> {
        let js::TSType::TSTypeQuery(query) = node else { return None };
        match &query.expr_name {
            js::TSTypeQueryExprName::IdentifierReference(id) => {
                Some(Type::Named(self.type_symbol(id.name.as_str()), Vec::new()))
            }
            js::TSTypeQueryExprName::QualifiedName(name) => Some(Type::Named(self.qualified(name), Vec::new())),
            _ => None,
        }
    }

    /// A type of the platform.
    fn platform(&mut self, name: &str, params: &[js::TSType<'_>], outer: Option<&Symbol>) -> Option<Type> {
        let first = params.first();
        if TRANSPARENT.contains(&name) {
            return first.map(|ty| self.ty_named(ty, outer));
        }
        if LISTS.contains(&name) {
            return first.map(|ty| Type::List(Box::new(self.ty_named(ty, outer))));
        }
        Some(match name {
            "Record" | "Map" | "ReadonlyMap" | "WeakMap" => match params.get(1) {
                Some(ty) => Type::Map(Box::new(self.ty_named(ty, outer))),
                None => Type::Dynamic,
            },
            "String" => Type::Str,
            "Number" | "BigInt" => Type::Number,
            "Boolean" => Type::Bool,
            "Object" | "JSON" => Type::Dynamic,
            "Uint8Array" | "ArrayBuffer" | "Buffer" | "Blob" | "ArrayBufferLike" => Type::Bytes,
            "Function" | "ReturnType" | "Parameters" | "InstanceType" | "ThisType" | "ConstructorParameters" => {
                Type::Unknown
            }
            _ => return None,
        })
    }

    /// A type by its name.
    pub(super) fn named_type(&mut self, node: &js::TSTypeName<'_>, args: Vec<Type>) -> Type {
        match node {
            js::TSTypeName::IdentifierReference(id) => self.names.ty(id.name.as_str(), args),
            js::TSTypeName::QualifiedName(name) => Type::Named(self.qualified(name), args),
            js::TSTypeName::ThisExpression(_) => Type::Unknown,
        }
    }

    /// The symbol of a name where a type is meant.
    pub(super) fn type_symbol(&self, name: &str) -> Symbol {
        match self.names.ty(name, Vec::new()) {
            Type::Named(symbol, _) => symbol,
            _ => self.inside.join(name),
        }
    }

    /// `a.b.C`.
    pub(super) fn qualified(&self, node: &js::TSQualifiedName<'_>) -> Symbol {
        let mut names = vec![node.right.name.as_str()];
        let mut left = &node.left;
        let base = loop {
            match left {
                js::TSTypeName::IdentifierReference(id) => break self.type_symbol(id.name.as_str()),
                js::TSTypeName::QualifiedName(name) => {
                    names.push(name.right.name.as_str());
                    left = &name.left;
                }
                js::TSTypeName::ThisExpression(_) => break self.inside.clone(),
            }
        };
        names.iter().rev().fold(base, |symbol, name| symbol.join(name))
    }

    /// `A | B`: perhaps absent, text of certain values, or one of several objects.
    fn union(&mut self, node: &js::TSUnionType<'_>, name: Option<&Symbol>) -> Type {
        let is_nothing =
            |ty: &&js::TSType<'_>| matches!(ty, js::TSType::TSNullKeyword(_) | js::TSType::TSUndefinedKeyword(_));
        let is_absent = node.types.iter().any(|ty| is_nothing(&ty));
        let some: Vec<&js::TSType<'_>> = node.types.iter().filter(|ty| !is_nothing(ty)).collect();
        let ty = match some.as_slice() {
            [] => Type::Unit,
            [only] => self.ty_named(only, name),
            all => self.one_of(all, name, node.span),
        };
        if is_absent && !matches!(ty, Type::Unknown | Type::Unit) { Type::Optional(Box::new(ty)) } else { ty }
    }

    fn one_of(&mut self, all: &[&js::TSType<'_>], name: Option<&Symbol>, span: oxc_span::Span) -> Type {
        let is_object = |ty: &&js::TSType<'_>| {
            matches!(
                ty,
                js::TSType::TSTypeReference(_) | js::TSType::TSTypeLiteral(_) | js::TSType::TSIntersectionType(_)
            )
        };
        if all.iter().all(is_object) {
            let symbol = name.cloned().unwrap_or_else(|| self.inside.join(&format!("<type {}>", span.start)));
            return self.joined_of(symbol, all, span);
        }
        let mut types: Vec<Type> = all.iter().map(|ty| self.ty(ty)).collect();
        types.dedup();
        match types.as_slice() {
            [only] => only.clone(),
            _ => Type::Unknown,
        }
    }

    fn joined_type(&mut self, symbol: Symbol, all: &[js::TSType<'_>], span: oxc_span::Span) -> Type {
        self.joined_of(symbol, &all.iter().collect::<Vec<_>>(), span)
    }

    /// `components["schemas"]["User"]`: object types are named after the fields that they stand in.
    fn indexed(&mut self, node: &js::TSIndexedAccessType<'_>) -> Type {
        let object = self.ty(&node.object_type);
        match (&node.index_type, object) {
            (js::TSType::TSLiteralType(literal), Type::Named(symbol, _)) => match &literal.literal {
                js::TSLiteral::StringLiteral(key) => Type::Named(symbol.join(key.value.as_str()), Vec::new()),
                js::TSLiteral::NumericLiteral(key) => Type::Named(symbol.join(&key.value.to_string()), Vec::new()),
                _ => Type::Unknown,
            },
            (js::TSType::TSNumberKeyword(_), Type::List(item) | Type::Map(item)) => *item,
            (js::TSType::TSNumberKeyword(_), named @ Type::Named(..)) => named,
            (_, Type::Map(item)) => *item,
            _ => Type::Unknown,
        }
    }

    /// `import("./a").B`.
    fn imported(&mut self, node: &js::TSImportType<'_>) -> Type {
        let target = self.paths.resolve(node.source.value.as_str());
        let mut names = Vec::new();
        let mut qualifier = node.qualifier.as_ref();
        while let Some(part) = qualifier {
            qualifier = match part {
                js::TSImportTypeQualifier::Identifier(id) => {
                    names.push(id.name.as_str());
                    None
                }
                js::TSImportTypeQualifier::QualifiedName(name) => {
                    names.push(name.right.name.as_str());
                    Some(&name.left)
                }
            };
        }
        let args = self.type_args(node.type_arguments.as_deref());
        Type::Named(names.iter().rev().fold(target.symbol, |symbol, name| symbol.join(name)), args)
    }

    /// `{ [K in Keys]: V }`. What has the keys of a type has its fields: `{ [K in keyof T]?: Deep<T[K]> }`.
    fn mapped(&mut self, node: &js::TSMappedType<'_>) -> Type {
        if let js::TSType::TSTypeOperatorType(keys) = &node.constraint
            && keys.operator == js::TSTypeOperatorOperator::Keyof
            && node.type_annotation.as_ref().is_none_or(is_of_its_field)
        {
            return self.ty(&keys.type_annotation);
        }
        self.scoped(|lowerer| {
            lowerer.names.declare_type(node.key.name.as_str(), None);
            match node.type_annotation.as_ref().map(|ty| lowerer.ty(ty)) {
                Some(Type::Unknown) | None => Type::Unknown,
                Some(ty) => Type::Map(Box::new(ty)),
            }
        })
    }
}

/// Whether what a mapped type holds may be made of what the field holds: `T[K]`, `Init<T[K]>`, but no plain text.
fn is_of_its_field(held: &js::TSType<'_>) -> bool {
    match held {
        js::TSType::TSIndexedAccessType(_) | js::TSType::TSConditionalType(_) => true,
        js::TSType::TSTypeReference(reference) => {
            let args = reference.type_arguments.as_ref().map_or(&[][..], |args| &args.params);
            args.iter().any(is_of_its_field)
        }
        js::TSType::TSUnionType(union) => union.types.iter().any(is_of_its_field),
        js::TSType::TSParenthesizedType(inner) => is_of_its_field(&inner.type_annotation),
        _ => false,
    }
}
