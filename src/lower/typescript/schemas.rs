//! Schemas that are written as values: `z.object({ .. })` is a type, too.

use oxc_ast::ast as js;
use oxc_span::GetSpan;

use super::Lowerer;
use super::typedecls::plain_field;
use crate::model::ir::{FieldDef, Symbol, Type, TypeDef, TypeKind};

/// Packages whose functions make schemas.
const PACKAGES: [&str; 6] = ["zod", "zod/v4", "zod/v3", "zod/mini", "@hono/zod-openapi", "valibot"];

/// What a schema says of an object.
struct Object {
    fields: Vec<FieldDef>,
    supertypes: Vec<Type>,
}

impl Lowerer<'_> {
    /// Declares the type of a schema that a name is given to.
    pub(super) fn schema(&mut self, symbol: &Symbol, node: &js::Expression<'_>) {
        let Some(object) = self.deeper(|lowerer| lowerer.schema_object(symbol, node)).flatten() else { return };
        self.names.schemas.insert(symbol.clone());
        self.declare_schema(symbol, object, node.span());
    }

    fn declare_schema(&mut self, symbol: &Symbol, object: Object, span: oxc_span::Span) {
        self.module.types.push(TypeDef {
            symbol: symbol.clone(),
            kind: TypeKind::Struct,
            params: Vec::new(),
            fields: object.fields,
            supertypes: object.supertypes,
            annotations: Vec::new(),
            span: self.place(span),
        });
    }

    /// `z.object({ .. })`, and what methods of it make: `.extend({ .. })`, `.strict()`.
    fn schema_object(&mut self, symbol: &Symbol, node: &js::Expression<'_>) -> Option<Object> {
        let js::Expression::CallExpression(call) = node else { return None };
        let argument = call.arguments.first().and_then(js::Argument::as_expression);
        if let Some(made) = self.schema_function(&call.callee) {
            let is_object = matches!(made.as_str(), "object" | "strictObject" | "looseObject" | "interface");
            let js::Expression::ObjectExpression(fields) = argument.filter(|_| is_object)? else { return None };
            return Some(Object { fields: self.schema_fields(symbol, fields), supertypes: Vec::new() });
        }
        let js::Expression::StaticMemberExpression(member) = &call.callee else { return None };
        let mut object = self.schema_base(symbol, &member.object)?;
        match (member.property.name.as_str(), argument) {
            ("extend" | "augment" | "safeExtend", Some(js::Expression::ObjectExpression(fields))) => {
                let more = self.schema_fields(symbol, fields);
                object.fields.extend(more);
            }
            ("merge" | "and", Some(js::Expression::Identifier(other))) => {
                object.supertypes.push(Type::Named(self.type_symbol(other.name.as_str()), Vec::new()));
            }
            _ => {}
        }
        Some(object)
    }

    /// The schema that a method is called on: another one by its name, or what is made here.
    fn schema_base(&mut self, symbol: &Symbol, node: &js::Expression<'_>) -> Option<Object> {
        if let js::Expression::Identifier(name) = node {
            let base = self.type_symbol(name.name.as_str());
            let is_schema = self.names.schemas.contains(&base);
            return is_schema.then(|| Object { fields: Vec::new(), supertypes: vec![Type::Named(base, Vec::new())] });
        }
        self.deeper(|lowerer| lowerer.schema_object(symbol, node)).flatten()
    }

    fn schema_fields(&mut self, symbol: &Symbol, node: &js::ObjectExpression<'_>) -> Vec<FieldDef> {
        let mut fields = Vec::new();
        for property in &node.properties {
            let js::ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let Some((name, span)) = self.key(&property.key) else { continue };
            let ty = self.schema_type(&symbol.join(&name), &property.value);
            fields.push(plain_field(name, ty, span));
        }
        fields
    }

    /// The type that a schema stands for.
    fn schema_type(&mut self, symbol: &Symbol, node: &js::Expression<'_>) -> Type {
        self.deeper(|lowerer| lowerer.schema_type_inner(symbol, node)).unwrap_or_default()
    }

    fn schema_type_inner(&mut self, symbol: &Symbol, node: &js::Expression<'_>) -> Type {
        if let js::Expression::Identifier(name) = node {
            return Type::Named(self.type_symbol(name.name.as_str()), Vec::new());
        }
        let js::Expression::CallExpression(call) = node else { return Type::Unknown };
        let argument = call.arguments.first().and_then(js::Argument::as_expression);
        let Some(made) = self.schema_function(&call.callee) else {
            let js::Expression::StaticMemberExpression(member) = &call.callee else { return Type::Unknown };
            let ty = self.schema_type(symbol, &member.object);
            return match member.property.name.as_str() {
                "optional" | "nullable" | "nullish" => Type::Optional(Box::new(ty)),
                "array" => Type::List(Box::new(ty)),
                _ => ty,
            };
        };
        match (made.as_str(), argument) {
            ("string" | "enum" | "nativeEnum" | "email" | "uuid" | "url" | "iso" | "literal" | "date", _) => Type::Str,
            ("number" | "int" | "bigint", _) => Type::Number,
            ("boolean", _) => Type::Bool,
            ("any" | "unknown", _) => Type::Dynamic,
            ("array" | "set", Some(item)) => Type::List(Box::new(self.schema_type(symbol, item))),
            ("optional" | "nullable" | "nullish", Some(inner)) => {
                Type::Optional(Box::new(self.schema_type(symbol, inner)))
            }
            ("record", value) => {
                let value = call.arguments.get(1).and_then(js::Argument::as_expression).or(value);
                value.map(|value| Type::Map(Box::new(self.schema_type(symbol, value)))).unwrap_or_default()
            }
            ("object" | "strictObject" | "looseObject", Some(js::Expression::ObjectExpression(fields))) => {
                let fields = self.schema_fields(symbol, fields);
                self.declare_schema(symbol, Object { fields, supertypes: Vec::new() }, node.span());
                Type::Named(symbol.clone(), Vec::new())
            }
            _ => Type::Unknown,
        }
    }

    /// The function of a schema package that is called.
    fn schema_function(&self, callee: &js::Expression<'_>) -> Option<String> {
        let (symbol, _) = self.path(callee)?;
        let (package, rest) = symbol.as_str().split_once("::")?;
        let name = rest.strip_prefix("z::").or_else(|| rest.strip_prefix("coerce::")).unwrap_or(rest);
        let name = name.strip_prefix("coerce::").unwrap_or(name);
        PACKAGES.contains(&package).then(|| name.to_owned())
    }
}
