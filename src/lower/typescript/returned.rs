//! What functions give without saying so: objects whose entries say what they hold.
//!
//! Stores are made by such functions (`(set) => ({ user: null as User | null })`), and everybody who uses the
//! store asks for what the function gives: `ReturnType<typeof createStore>`.

use oxc_ast::ast as js;

use super::Lowerer;
use super::typedecls::plain_field;
use crate::model::ir::{FieldDef, RETURNED, Symbol, Type, TypeDef, TypeKind};

impl Lowerer<'_> {
    /// Declares the type of the object that a function gives, if entries of it say what they hold.
    pub(super) fn returned_object(&mut self, function: &Symbol, node: &js::ArrowFunctionExpression<'_>) {
        let given = match node.body.statements.last() {
            Some(js::Statement::ExpressionStatement(only)) if node.expression => Some(&only.expression),
            Some(js::Statement::ReturnStatement(last)) => last.argument.as_ref(),
            _ => None,
        };
        let Some(js::Expression::ObjectExpression(object)) = given.map(js::Expression::without_parentheses) else {
            return;
        };
        self.object_type(function.join(RETURNED), object);
    }

    fn object_type(&mut self, symbol: Symbol, object: &js::ObjectExpression<'_>) -> Option<Type> {
        let mut fields: Vec<FieldDef> = Vec::new();
        for property in &object.properties {
            let js::ObjectPropertyKind::ObjectProperty(property) = property else { continue };
            let Some((name, _)) = self.key(&property.key) else { continue };
            let Some(ty) = self.said_type(&symbol.join(&name), &property.value) else { continue };
            fields.push(plain_field(name, ty, self.place(property.span)));
        }
        if fields.is_empty() {
            return None;
        }
        self.module.types.push(TypeDef {
            symbol: symbol.clone(),
            kind: TypeKind::Struct,
            params: Vec::new(),
            fields,
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span: self.place(object.span),
        });
        Some(Type::Named(symbol, Vec::new()))
    }

    /// The type that a value is said to be of: `[] as User[]`, `new Map<string, User>()`.
    fn said_type(&mut self, symbol: &Symbol, value: &js::Expression<'_>) -> Option<Type> {
        let ty = match value.without_parentheses() {
            js::Expression::TSAsExpression(cast) => self.ty_named(&cast.type_annotation, Some(symbol)),
            js::Expression::NewExpression(made) => {
                let js::Expression::Identifier(class) = &made.callee else { return None };
                let args = made.type_arguments.as_deref()?;
                match (class.name.as_str(), args.params.as_slice()) {
                    ("Map", [_, held]) => Type::Map(Box::new(self.ty(held))),
                    ("Set", [held]) => Type::List(Box::new(self.ty(held))),
                    _ => return None,
                }
            }
            js::Expression::ObjectExpression(object) => self.object_type(symbol.clone(), object)?,
            _ => return None,
        };
        (ty != Type::Unknown).then_some(ty)
    }

    /// `ReturnType<typeof f>`, `ReturnType<typeof f<User>>`, where `f` is no function of the platform.
    pub(super) fn returned_by(&mut self, name: &str, params: &[js::TSType<'_>]) -> Option<Type> {
        let [js::TSType::TSTypeQuery(query)] = params else { return None };
        let js::TSTypeQueryExprName::IdentifierReference(id) = &query.expr_name else { return None };
        if name != "ReturnType" || self.names.is_platform_type(id.name.as_str()) {
            return None;
        }
        let args = self.type_args(query.type_arguments.as_deref());
        Some(Type::Named(self.type_symbol(id.name.as_str()).join(RETURNED), args))
    }
}
