//! Members that Lombok adds to a class: builders and constructors. Accessors are not made: what is
//! called like one of a field is one, and its place is that of the call.

use std::sync::Arc;

use super::annotations::Modifiers;
use super::members::{Body, Constructor, Field, constructor_func, made_method, own_field, set_from_local};
use super::typedecls::Class;
use super::{Lowerer, THIS};
use crate::model::ir::{
    Annotation, Block, Expr, ExprKind, FieldDef, FieldInit, Func, Param, Pattern, Stmt, Symbol, Type, TypeDef, TypeKind,
};

/// What annotations of a class ask for.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted {
    builder: bool,
    constructor: Option<Takes>,
}

/// Which fields a constructor takes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Takes {
    Nothing,
    /// Final ones without a value, and those that must not be null.
    Required,
    All,
}

impl Wanted {
    /// What the annotations of a class ask for.
    pub(super) fn of(modifiers: &Modifiers) -> Self {
        let has = |name: &str| modifiers.find(name).is_some_and(is_lombok);
        let is_value = has("Value");
        let constructor = if has("AllArgsConstructor") {
            Some(Takes::All)
        } else if has("RequiredArgsConstructor") {
            Some(Takes::Required)
        } else if has("NoArgsConstructor") {
            Some(Takes::Nothing)
        } else if is_value || has("Builder") || has("SuperBuilder") {
            Some(Takes::All)
        } else {
            has("Data").then_some(Takes::Required)
        };
        Self { builder: has("Builder") || has("SuperBuilder"), constructor }
    }
}

/// Whether an annotation is Lombok's: `@Value` is Spring's as well.
fn is_lombok(annotation: &Annotation) -> bool {
    annotation.name.as_str().starts_with("lombok::") || !annotation.name.as_str().contains("springframework")
}

impl Lowerer<'_> {
    /// Members that annotations of a class and its fields ask for.
    pub(super) fn lombok(&mut self, class: &Class, body: &mut Body, wanted: Wanted) {
        if wanted.builder {
            self.builder(class, body);
        }
        if let Some(takes) = wanted.constructor.filter(|_| body.constructors.is_empty()) {
            let func = all_args(class, &body.fields, takes);
            body.constructors.push(Constructor { func, delegates: false, compact: false });
        }
    }

    /// `X.builder().a(1).b(2).build()`: a type with the same fields whose methods set them.
    fn builder(&mut self, class: &Class, body: &Body) {
        let symbol = class.symbol.join(&format!("{}Builder", class.symbol.name()));
        let Type::Named(_, args) = &class.ty else { return };
        let ty = Type::Named(symbol.clone(), args.clone());
        let params = args.iter().filter_map(|arg| match arg {
            Type::Parameter(name) => Some(Arc::clone(name)),
            _ => None,
        });
        self.module.types.push(TypeDef {
            symbol: symbol.clone(),
            kind: TypeKind::Struct,
            params: params.collect(),
            fields: body.fields.iter().map(|field| field.def.clone()).collect(),
            supertypes: Vec::new(),
            annotations: Vec::new(),
            span: class.span,
        });
        let empty = Expr {
            kind: ExprKind::Construct { ty: Some(ty.clone()), fields: Vec::new(), spread: None },
            span: class.span,
        };
        let start =
            Func { receiver: None, ..made_method(class, class.symbol.join("builder"), Vec::new(), ty.clone(), empty) };
        self.module.funcs.push(start);
        let of_builder = |func: Func| Func { owner: Some(ty.clone()), ..func };
        for field in body.fields.iter().map(|field| &field.def) {
            let func = setting(class, symbol.join(&field.name), field, ty.clone());
            self.module.funcs.push(of_builder(func));
        }
        let fields = body.fields.iter().map(|field| FieldInit {
            name: Some(Arc::clone(&field.def.name)),
            name_span: field.def.span,
            value: own_field(&field.def.name, field.def.span),
        });
        let made = ExprKind::Construct { ty: Some(class.ty.clone()), fields: fields.collect(), spread: None };
        let made = Expr { kind: made, span: class.span };
        let build = made_method(class, symbol.join("build"), Vec::new(), class.ty.clone(), made);
        self.module.funcs.push(of_builder(build));
    }
}

/// A method that sets a field and gives the object.
fn setting(class: &Class, symbol: Symbol, field: &FieldDef, ret: Type) -> Func {
    let this = Expr { kind: ExprKind::Local(Arc::from(THIS)), span: field.span };
    let body = Block { stmts: vec![set_from_local(field)], tail: Some(Box::new(this)) };
    let func = constructor_func(class, vec![param(field)], body, field.span);
    Func { symbol, ret, ..func }
}

fn param(field: &FieldDef) -> Param {
    Param::new(Pattern::Bind(Arc::clone(&field.name), field.span, None), field.ty.clone())
}

/// A constructor that sets fields to its parameters.
fn all_args(class: &Class, fields: &[Field], takes: Takes) -> Func {
    let taken = fields.iter().filter(|field| match takes {
        Takes::Nothing => false,
        Takes::Required => !field.has_value && (field.modifiers.is_final || field.modifiers.has(&["NonNull"])),
        Takes::All => !(field.has_value && field.modifiers.is_final),
    });
    let (params, stmts): (Vec<Param>, Vec<Stmt>) =
        taken.map(|field| (param(&field.def), set_from_local(&field.def))).unzip();
    constructor_func(class, params, Block { stmts, tail: None }, class.span)
}
