//! Members that Lombok adds to a class: builders and constructors. Accessors are not made: what is
//! called like one of a field is one, and its place is that of the call.

use std::sync::Arc;

use super::Lowerer;
use super::annotations::Modifiers;
use super::members::{Body, Constructor, Field, constructor_func, made_method, set_from_local};
use super::typedecls::Class;
use crate::model::ir::{Alias, Annotation, Block, Expr, ExprKind, FieldDef, Func, Param, Pattern, Stmt};

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

impl Takes {
    fn takes(self, field: &Field) -> bool {
        match self {
            Self::Nothing => false,
            Self::Required => !field.has_value && (field.modifiers.is_final || field.modifiers.has(&["NonNull"])),
            Self::All => !(field.has_value && field.modifiers.is_final),
        }
    }
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
            self.builder(class);
        }
        if let Some(takes) = wanted.constructor.filter(|_| body.constructors.is_empty()) {
            // Calling a class without a constructor sets all its fields, at the place of the call.
            if takes == Takes::All && class.parent.is_none() && body.fields.iter().all(|field| takes.takes(field)) {
                return;
            }
            let func = all_args(class, &body.fields, takes);
            body.constructors.push(Constructor { func, delegates: false, compact: false });
        }
    }

    /// `X.builder().a(1).b(2).build()`: the type that the builder has stands for the class itself, whose
    /// fields are set where the builder's methods are called.
    fn builder(&mut self, class: &Class) {
        let name = class.symbol.join(&format!("{}Builder", class.symbol.name()));
        self.module.aliases.push(Alias { name, target: class.ty.clone() });
        let made = ExprKind::Construct { ty: Some(class.ty.clone()), fields: Vec::new(), spread: None };
        let made = Expr { kind: made, span: class.span };
        let start = made_method(class, class.symbol.join("builder"), Vec::new(), class.ty.clone(), made);
        self.module.funcs.push(Func { receiver: None, ..start });
    }
}

fn param(field: &FieldDef) -> Param {
    Param::new(Pattern::Bind(Arc::clone(&field.name), field.span, None), field.ty.clone())
}

/// A constructor that sets fields to its parameters.
fn all_args(class: &Class, fields: &[Field], takes: Takes) -> Func {
    let taken = fields.iter().filter(|field| takes.takes(field));
    let (params, stmts): (Vec<Param>, Vec<Stmt>) =
        taken.map(|field| (param(&field.def), set_from_local(&field.def))).unzip();
    constructor_func(class, params, Block { stmts, tail: None }, class.span)
}
