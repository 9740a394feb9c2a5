//! Classes.

use std::sync::Arc;

use ruff_python_ast as ast;

use super::names::Known;
use super::wire::Naming;
use super::{Constant, Lowerer};
use crate::model::ir::{ExprKind, FieldDef, FieldInit, Stmt, StmtKind, Symbol, Type, TypeDef, TypeKind};

/// What the body of a class declares.
#[derive(Default)]
pub(super) struct Body<'t> {
    pub(super) fields: Vec<FieldDef>,
    /// Values that fields have in every object that is not given others.
    values: Vec<FieldInit>,
    methods: Vec<&'t ast::StmtFunctionDef>,
}

impl Lowerer<'_> {
    /// A class, wherever it stands.
    pub(super) fn class(&mut self, def: &ast::StmtClassDef, stmts: &mut Vec<Stmt>) {
        let symbol = self.inside.join(def.name.as_str());
        if !self.at_module() || !self.classes.is_empty() {
            self.names.declare(def.name.as_str(), Known::Class(symbol.clone()));
        }
        let annotations = self.annotations(&def.decorator_list);
        let outer = self.receiver.take();
        self.names.push_scope();
        let (supertypes, params) = self.bases(def);
        if let Some(parent) = supertypes.iter().find(|ty| ty.symbol().is_some()) {
            self.parents.insert(symbol.clone(), parent.clone());
        }
        let kind = kind(&supertypes, def);
        let naming = self.naming_of(def, &supertypes, &annotations);
        self.naming.insert(symbol.clone(), naming.clone());
        self.classes.push(symbol.clone());
        let mut body = Body::default();
        self.inside(symbol.clone(), |lowerer| {
            // What the body declares is seen in the body, and not in methods.
            lowerer.names.push_scope();
            lowerer.class_body(&def.body, &naming, &mut body, stmts);
            lowerer.names.pop_scope();
            for method in &body.methods {
                lowerer.fields_of_method(method, &mut body.fields);
            }
            for method in std::mem::take(&mut body.methods) {
                lowerer.deeper(|lowerer| lowerer.function(method, Some(&symbol)));
            }
        });
        self.classes.pop();
        self.names.pop_scope();
        self.receiver = outer;
        self.attribute_map(&def.body, &mut body.fields);
        let span = self.span(&def.name);
        if !body.values.is_empty() && kind != TypeKind::Enum {
            let ty = Some(Type::Named(symbol.clone(), Vec::new()));
            let made = self.expr_at(&def.name, ExprKind::Construct { ty, fields: body.values, spread: None });
            stmts.push(self.stmt_at(&def.name, StmtKind::Expr(made)));
        }
        let fields = if kind == TypeKind::Enum { Vec::new() } else { body.fields };
        self.module.types.push(TypeDef { symbol, kind, params, fields, supertypes, annotations, span });
    }

    /// What a class extends, and its type parameters.
    fn bases(&mut self, def: &ast::StmtClassDef) -> (Vec<Type>, Vec<Arc<str>>) {
        let mut params: Vec<Arc<str>> = Vec::new();
        for param in def.type_params.iter().flat_map(|params| &params.type_params) {
            let name: Arc<str> = Arc::from(param.name().as_str());
            self.names.declare(&name, Known::Parameter);
            params.push(name);
        }
        let mut supertypes = Vec::new();
        for base in def.bases() {
            let written = match base {
                ast::Expr::Subscript(generic) => &generic.value,
                _ => base,
            };
            let Some(symbol) = self.path(written) else { continue };
            let args = match base {
                ast::Expr::Subscript(generic) => self.arguments_of(&generic.slice),
                _ => Vec::new(),
            };
            for arg in &args {
                if let Type::Parameter(name) = arg
                    && !params.contains(name)
                {
                    params.push(Arc::clone(name));
                }
            }
            if !matches!(symbol.name(), "Generic" | "object") {
                supertypes.push(Type::Named(symbol, args));
            }
        }
        (supertypes, params)
    }

    fn arguments_of(&mut self, slice: &ast::Expr) -> Vec<Type> {
        match slice {
            ast::Expr::Tuple(args) => args.elts.iter().map(|arg| self.ty(arg)).collect(),
            single => vec![self.ty(single)],
        }
    }

    /// The statements of a class: fields, methods, classes inside it.
    fn class_body<'t>(&mut self, body: &'t [ast::Stmt], naming: &Naming, found: &mut Body<'t>, stmts: &mut Vec<Stmt>) {
        for stmt in body {
            match stmt {
                ast::Stmt::FunctionDef(def) => {
                    // What follows in the body may call it, as no method can.
                    let symbol = self.inside.join(def.name.as_str());
                    self.names.declare(def.name.as_str(), Known::Function(symbol));
                    found.methods.push(def);
                }
                ast::Stmt::ClassDef(def) => {
                    self.deeper(|lowerer| lowerer.class(def, stmts));
                }
                ast::Stmt::AnnAssign(assign) => {
                    let ty = self.ty(&assign.annotation);
                    self.class_field(
                        &assign.target,
                        Some((ty, &*assign.annotation)),
                        assign.value.as_deref(),
                        naming,
                        found,
                    );
                }
                ast::Stmt::Assign(assign) => {
                    for target in &assign.targets {
                        self.class_field(target, None, Some(&assign.value), naming, found);
                    }
                }
                ast::Stmt::If(choice) => {
                    self.deeper(|lowerer| lowerer.class_body(&choice.body, naming, found, stmts));
                    for clause in &choice.elif_else_clauses {
                        self.deeper(|lowerer| lowerer.class_body(&clause.body, naming, found, stmts));
                    }
                }
                ast::Stmt::Try(attempt) => {
                    self.deeper(|lowerer| lowerer.class_body(&attempt.body, naming, found, stmts));
                }
                _ => {}
            }
        }
    }

    /// `name: T = value`, `name: T`, `name = value`.
    fn class_field(
        &mut self,
        target: &ast::Expr,
        declared: Option<(Type, &ast::Expr)>,
        value: Option<&ast::Expr>,
        naming: &Naming,
        found: &mut Body<'_>,
    ) {
        let ast::Expr::Name(name) = target else { return };
        let text = name.id.as_str();
        let symbol = self.inside.join(text);
        if let Some(ast::Expr::StringLiteral(literal)) = value {
            let constant = Constant { text: Arc::from(literal.value.to_str()) };
            self.constants.insert(symbol.clone(), constant);
        }
        let annotation = declared.as_ref().map(|(_, annotation)| *annotation);
        if is_about_class(text) {
            return;
        }
        let mut field = self.field(name, declared.map(|(ty, _)| ty), value);
        self.name_on_wire(&mut field, annotation, value, naming);
        let ty = field.ty.clone();
        found.fields.push(field);
        self.names.declare(text, Known::Global(symbol.clone()));
        if let Some(lowered) = self.class_value(text, value, naming) {
            let read = self.expr_at(name, ExprKind::Global(symbol));
            let name_span = self.span(name);
            found.values.push(FieldInit { name: Some(Arc::from(text)), name_span, value: read });
            self.global(text, name.range, ty, Some(lowered));
        }
    }

    fn field(&mut self, name: &ast::ExprName, ty: Option<Type>, value: Option<&ast::Expr>) -> FieldDef {
        let ty = ty.unwrap_or_else(|| value.map(|value| self.type_of_value(value)).unwrap_or_default());
        let annotations = match value {
            Some(call @ ast::Expr::Call(_)) => vec![self.annotation(call)],
            _ => Vec::new(),
        };
        FieldDef {
            name: Arc::from(name.id.as_str()),
            wire: Vec::new(),
            ty,
            flatten: false,
            skipped: false,
            annotations,
            span: self.span(name),
        }
    }
}

/// Attributes that say something of the class itself.
fn is_about_class(name: &str) -> bool {
    matches!(
        name,
        "model_config" | "__slots__" | "__doc__" | "__module__" | "attribute_map" | "openapi_types" | "swagger_types"
    )
}

fn kind(supertypes: &[Type], def: &ast::StmtClassDef) -> TypeKind {
    let mut names = supertypes.iter().filter_map(Type::symbol).map(Symbol::name);
    if names.clone().any(|name| name.ends_with("Enum") || matches!(name, "Flag" | "IntFlag")) {
        return TypeKind::Enum;
    }
    let is_abstract = |stmt: &ast::Stmt| match stmt {
        ast::Stmt::FunctionDef(def) => def.decorator_list.iter().any(|decorator| match &decorator.expression {
            ast::Expr::Name(name) => name.id.as_str() == "abstractmethod",
            ast::Expr::Attribute(attribute) => attribute.attr.as_str() == "abstractmethod",
            _ => false,
        }),
        _ => false,
    };
    if names.any(|name| name == "Protocol") || def.body.iter().any(is_abstract) {
        return TypeKind::Interface;
    }
    TypeKind::Struct
}
