//! Fields that methods give their receiver: `self.x = ..`.

use std::sync::Arc;

use ruff_python_ast as ast;

use super::Lowerer;
use crate::model::ir::{FieldDef, Type};

impl Lowerer<'_> {
    /// Adds the fields that a method sets and that are not known yet.
    pub(super) fn fields_of_method(&mut self, def: &ast::StmtFunctionDef, fields: &mut Vec<FieldDef>) {
        let first = def.parameters.posonlyargs.first().or(def.parameters.args.first());
        let Some(receiver) = first.map(|first| first.parameter.name.as_str()) else { return };
        let is_property = def.decorator_list.iter().any(|decorator| {
            matches!(&decorator.expression, ast::Expr::Name(name) if matches!(name.id.as_str(), "staticmethod" | "classmethod"))
        });
        if !is_property {
            self.fields_in(&def.body, (receiver, &def.parameters), fields);
        }
    }

    fn fields_in(&mut self, body: &[ast::Stmt], method: (&str, &ast::Parameters), fields: &mut Vec<FieldDef>) {
        for stmt in body {
            self.deeper(|lowerer| lowerer.fields_in_stmt(stmt, method, fields));
        }
    }

    fn fields_in_stmt(&mut self, stmt: &ast::Stmt, method: (&str, &ast::Parameters), fields: &mut Vec<FieldDef>) {
        match stmt {
            ast::Stmt::Assign(assign) => {
                for target in &assign.targets {
                    self.field_set(target, None, Some(&assign.value), method, fields);
                }
            }
            ast::Stmt::AnnAssign(assign) => {
                self.field_set(&assign.target, Some(&assign.annotation), assign.value.as_deref(), method, fields);
            }
            ast::Stmt::If(choice) => {
                self.fields_in(&choice.body, method, fields);
                for clause in &choice.elif_else_clauses {
                    self.fields_in(&clause.body, method, fields);
                }
            }
            ast::Stmt::With(with) => self.fields_in(&with.body, method, fields),
            ast::Stmt::For(each) => self.fields_in(&each.body, method, fields),
            ast::Stmt::While(repeat) => self.fields_in(&repeat.body, method, fields),
            ast::Stmt::Try(attempt) => {
                self.fields_in(&attempt.body, method, fields);
                for ast::ExceptHandler::ExceptHandler(handler) in &attempt.handlers {
                    self.fields_in(&handler.body, method, fields);
                }
                self.fields_in(&attempt.orelse, method, fields);
                self.fields_in(&attempt.finalbody, method, fields);
            }
            _ => {}
        }
    }

    fn field_set(
        &mut self,
        target: &ast::Expr,
        annotation: Option<&ast::Expr>,
        value: Option<&ast::Expr>,
        (receiver, params): (&str, &ast::Parameters),
        fields: &mut Vec<FieldDef>,
    ) {
        let ast::Expr::Attribute(attribute) = target else { return };
        if !matches!(&*attribute.value, ast::Expr::Name(base) if base.id.as_str() == receiver) {
            return;
        }
        let ty = match (annotation, value) {
            (Some(annotation), _) => self.ty(annotation),
            (None, Some(value)) => self.type_of_set(value, params),
            (None, None) => Type::Unknown,
        };
        let name = attribute.attr.as_str();
        match fields.iter_mut().find(|field| &*field.name == name) {
            // `self.client = None` says less than what is set later.
            Some(known) if known.ty == Type::Unknown => known.ty = ty,
            Some(_) => {}
            None => fields.push(FieldDef {
                name: Arc::from(name),
                wire: Vec::new(),
                ty,
                flatten: false,
                skipped: false,
                annotations: Vec::new(),
                span: self.span(&attribute.attr),
            }),
        }
    }

    /// A parameter has the type that it is declared with; of `given or default` either tells.
    fn type_of_set(&mut self, value: &ast::Expr, params: &ast::Parameters) -> Type {
        match value {
            ast::Expr::Name(name) => match params.find(name.id.as_str()) {
                Some(param) => self.ty_or_unknown(param.annotation()).peeled().clone(),
                None => Type::Unknown,
            },
            ast::Expr::BoolOp(choice) => {
                let mut types = choice.values.iter().map(|value| self.type_of_set(value, params));
                types.find(|ty| *ty != Type::Unknown).unwrap_or_default()
            }
            ast::Expr::If(choice) => match self.type_of_set(&choice.body, params) {
                Type::Unknown => self.type_of_set(&choice.orelse, params),
                known => known,
            },
            _ => self.type_of_value(value),
        }
    }
}
