//! Members that Lombok adds to a class, and those that the language adds to a record.

use std::sync::Arc;

use super::annotations::{Modifiers, argument};
use super::members::{Body, Constructor, Field, constructor_func, made_method, own_field, set_from_local};
use super::typedecls::Class;
use super::{Lowerer, THIS};
use crate::model::ir::{
    Annotation, Block, Expr, ExprKind, FieldDef, FieldInit, Func, Literal, Param, Pattern, Stmt, Symbol, Type, TypeDef,
    TypeKind,
};

/// What annotations of a class ask for.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted {
    getters: bool,
    setters: bool,
    builder: bool,
    /// Names of accessors are those of the fields.
    fluent: bool,
    /// Setters give the object.
    chained: bool,
    withers: bool,
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
        let flag = |name: &str| {
            let accessors = modifiers.find("Accessors").and_then(|found| argument(found, name));
            accessors.is_some_and(|value| matches!(value.kind, ExprKind::Literal(Literal::Bool(true))))
        };
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
        Self {
            getters: has("Data") || has("Getter") || is_value,
            setters: has("Data") || has("Setter"),
            builder: has("Builder") || has("SuperBuilder"),
            fluent: flag("fluent"),
            chained: flag("chain") || flag("fluent"),
            withers: has("With") || has("Wither"),
            constructor,
        }
    }
}

/// Whether an annotation is Lombok's: `@Value` is Spring's as well.
fn is_lombok(annotation: &Annotation) -> bool {
    annotation.name.as_str().starts_with("lombok::") || !annotation.name.as_str().contains("springframework")
}

impl<'t> Lowerer<'t> {
    /// Members that annotations of a class and its fields ask for.
    pub(super) fn lombok(&mut self, class: &Class, body: &mut Body, wanted: &Wanted) {
        let mut made = Vec::new();
        for field in &body.fields {
            let has = |name: &str| {
                field.modifiers.find(name).is_some_and(|found| found.name.as_str().starts_with("lombok::"))
            };
            if wanted.getters || has("Getter") {
                made.push(getter(class, &field.def, wanted.fluent));
            }
            if (wanted.setters || has("Setter")) && !field.modifiers.is_final {
                made.push(setter(class, &field.def, wanted));
            }
            if wanted.withers || has("With") {
                made.push(wither(class, &field.def));
            }
        }
        let written = |func: &Func| body.methods.iter().any(|(name, _)| **name == *func.symbol.name());
        made.retain(|func| !written(func));
        self.module.funcs.append(&mut made);
        if wanted.builder {
            self.builder(class, body);
        }
        if let Some(takes) = wanted.constructor.filter(|_| body.constructors.is_empty()) {
            let func = all_args(class, &body.fields, takes);
            body.constructors.push(Constructor { func, delegates: false, compact: false });
        }
    }

    /// Accessors of a record, which are called as its components.
    pub(super) fn record_accessors(&mut self, class: &Class, body: &Body) {
        for field in &body.fields {
            if !body.methods.iter().any(|(name, _)| *name == field.def.name) {
                self.module.funcs.push(getter(class, &field.def, true));
            }
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
            let func = setting(class, symbol.join(&field.name), field, ty.clone(), true);
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

/// `getX()`, `isX()` for truth values, or `x()`.
fn getter(class: &Class, field: &FieldDef, fluent: bool) -> Func {
    let name = if fluent { field.name.to_string() } else { accessor_name(field, "get") };
    made_method(class, class.symbol.join(&name), Vec::new(), field.ty.clone(), own_field(&field.name, field.span))
}

/// The name of an accessor: the property `isActive` of a truth value has `isActive` and `setActive`.
fn accessor_name(field: &FieldDef, prefix: &str) -> String {
    let is_bool = field.ty == Type::Bool;
    let bare = field.name.strip_prefix("is").filter(|rest| is_bool && rest.starts_with(char::is_uppercase));
    let property = bare.unwrap_or(&field.name);
    let prefix = if is_bool && prefix == "get" { "is" } else { prefix };
    let mut letters = property.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{prefix}{first}{}", letters.as_str())
}

fn setter(class: &Class, field: &FieldDef, wanted: &Wanted) -> Func {
    let name = if wanted.fluent { field.name.to_string() } else { accessor_name(field, "set") };
    let ret = if wanted.chained { class.ty.clone() } else { Type::Unit };
    setting(class, class.symbol.join(&name), field, ret, wanted.chained)
}

/// A method that sets a field, and perhaps gives the object.
fn setting(class: &Class, symbol: Symbol, field: &FieldDef, ret: Type, gives_object: bool) -> Func {
    let this = Expr { kind: ExprKind::Local(Arc::from(THIS)), span: field.span };
    let body = Block { stmts: vec![set_from_local(field)], tail: gives_object.then(|| Box::new(this)) };
    let func = constructor_func(class, vec![param(field)], body, field.span);
    Func { symbol, ret, ..func }
}

/// `withX(x)`: a copy with another value.
fn wither(class: &Class, field: &FieldDef) -> Func {
    let value = Expr { kind: ExprKind::Local(Arc::clone(&field.name)), span: field.span };
    let this = Expr { kind: ExprKind::Local(Arc::from(THIS)), span: field.span };
    let init = FieldInit { name: Some(Arc::clone(&field.name)), name_span: field.span, value };
    let kind = ExprKind::Construct { ty: Some(class.ty.clone()), fields: vec![init], spread: Some(Box::new(this)) };
    let copy = Expr { kind, span: field.span };
    let symbol = class.symbol.join(&accessor_name(field, "with"));
    made_method(class, symbol, vec![param(field)], class.ty.clone(), copy)
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
