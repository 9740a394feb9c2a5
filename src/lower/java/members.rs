//! Fields, methods, constructors and initialisers of types.

use std::sync::Arc;

use tree_sitter::Node;

use super::annotations::Modifiers;
use super::names::Local;
use super::typedecls::Class;
use super::{CONSTRUCTOR, Lowerer, THIS, accessors};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, FieldDef, Func, Global, Param, Pattern, Stmt, StmtKind, Symbol, Type};
use crate::model::source::Span;

/// What the body of a type holds, gathered before its constructors can be made.
#[derive(Default)]
pub(super) struct Body {
    pub(super) fields: Vec<Field>,
    /// Initial values of fields and blocks outside of methods, in order: every constructor runs them.
    pub(super) initial: Vec<Stmt>,
    /// Static blocks, in order.
    pub(super) statics: Vec<Stmt>,
    /// Constructors as written.
    pub(super) constructors: Vec<Constructor>,
    /// Methods by name, with their annotations: some name fields.
    pub(super) methods: Vec<(Arc<str>, Modifiers)>,
}

/// A field of an object.
pub(super) struct Field {
    pub(super) def: FieldDef,
    pub(super) modifiers: Modifiers,
    /// It is set where it is declared.
    pub(super) has_value: bool,
}

/// A constructor.
pub(super) struct Constructor {
    pub(super) func: Func,
    /// It begins with `this(..)`: another one sets the initial values.
    pub(super) delegates: bool,
    /// It is the body of a record's constructor without its parameters.
    pub(super) compact: bool,
}

/// Annotations of functions that a test framework runs.
const TESTS: [&str; 8] =
    ["Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "BeforeEach", "BeforeAll", "AfterEach", "AfterAll"];

impl<'t> Lowerer<'t> {
    /// A member of a type.
    pub(super) fn member(&mut self, node: Node<'t>, class: &Class, body: &mut Body) {
        match node.kind() {
            "field_declaration" | "constant_declaration" => self.field(node, class, body),
            "method_declaration" | "annotation_type_element_declaration" => self.method(node, class, body),
            "constructor_declaration" => self.constructor(node, class, body),
            "compact_constructor_declaration" => self.constructor(node, class, body),
            "block" => {
                let block = self.scoped(|lowerer| lowerer.block(node));
                let block = self.expr_at(node, ExprKind::Block(block));
                body.initial.push(self.stmt_at(node, StmtKind::Expr(block)));
            }
            "static_initializer" => {
                let Some(block) = self.child_of_kind(node, "block") else { return };
                let lowered = self.scoped(|lowerer| lowerer.block(block));
                let lowered = self.expr_at(block, ExprKind::Block(lowered));
                body.statics.push(self.stmt_at(node, StmtKind::Expr(lowered)));
            }
            "enum_constant" => self.enum_constant(node, class),
            _ if self.type_declaration(node) => {}
            _ => {
                self.fixme(node, Vec::new());
            }
        }
    }

    /// A member that stands outside of all types, in a file that is broken.
    pub(super) fn stray_member(&mut self, node: Node<'t>) {
        let class = Class {
            symbol: self.module.name.clone(),
            ty: Type::Unknown,
            parent: None,
            span: self.span(node),
            modifiers: Modifiers::default(),
            naming: super::wire::Naming::AsWritten,
        };
        let mut body = Body::default();
        self.member(node, &class, &mut body);
    }

    fn field(&mut self, node: Node<'t>, class: &Class, body: &mut Body) {
        for declarator in self.fields_of(node, "declarator") {
            let Some(name_node) = declarator.field("name") else { continue };
            let modifiers = self.modifiers(node);
            let is_static = modifiers.is_static || node.kind() == "constant_declaration";
            let (name, span) = (self.name(name_node), self.span(name_node));
            let ty = self.declared_ty(node, declarator);
            let value = declarator.field("value").map(|value| self.initial_value(value));
            if is_static {
                self.module.globals.push(Global { symbol: class.symbol.join(&name), ty, value, span });
                continue;
            }
            self.add_field(class, body, Arc::clone(&name), ty, modifiers, span);
            let Some(value) = value else { continue };
            if let Some(field) = body.fields.last_mut() {
                field.has_value = true;
            }
            let target = own_field(&name, span);
            let kind = StmtKind::Assign { target, op: None, value };
            body.initial.push(self.stmt_at(declarator, kind));
        }
    }

    /// The value of a variable; `{a, b}` is a list there.
    pub(super) fn initial_value(&mut self, node: Node<'t>) -> Expr {
        self.expr(node)
    }

    fn method(&mut self, node: Node<'t>, class: &Class, body: &mut Body) {
        let Some(name_node) = node.field("name") else { return };
        let modifiers = self.modifiers(node);
        let name = self.name(name_node);
        let func = self.scoped(|lowerer| {
            let type_params = lowerer.type_parameters(node);
            let params = lowerer.parameters(node);
            let ret = lowerer.declared_ty(node, node);
            let block = node.field("body").map(|block| lowerer.function_body(block));
            Func {
                symbol: class.symbol.join(&name),
                owner: owner_of(class),
                implements: None,
                receiver: (!modifiers.is_static).then(|| Arc::from(THIS)),
                type_params,
                params,
                ret,
                annotations: modifiers.annotations.clone(),
                property: false,
                body: block,
                span: lowerer.span(node),
                name_span: lowerer.span(name_node),
                test: modifiers.has(&TESTS),
            }
        });
        if !accessors::is_plain(&func) && !accessors::is_common(&func) {
            self.module.funcs.push(func);
        }
        body.methods.push((name, modifiers));
    }

    /// Statements of a function, whose loops and choices are its own.
    pub(super) fn function_body(&mut self, block: Node<'t>) -> Block {
        let leaves = std::mem::take(&mut self.leaves);
        let lowered = self.block(block);
        self.leaves = leaves;
        lowered
    }

    fn constructor(&mut self, node: Node<'t>, class: &Class, body: &mut Body) {
        let modifiers = self.modifiers(node);
        let name_span = node.field("name").map_or_else(|| self.span(node), |name| self.span(name));
        let compact = node.kind() == "compact_constructor_declaration";
        let (func, delegates) = self.scoped(|lowerer| {
            let type_params = lowerer.type_parameters(node);
            let params = lowerer.parameters(node);
            if compact {
                for field in &body.fields {
                    lowerer.names.declare(&field.def.name, Local::Variable);
                }
            }
            let written = node.field("body");
            let delegates = written.is_some_and(|written| lowerer.delegates(written));
            let block = written.map(|written| lowerer.function_body(written));
            let mut func = constructor_func(class, params, block.unwrap_or_default(), lowerer.span(node));
            func.type_params = type_params;
            func.annotations = modifiers.annotations;
            func.name_span = name_span;
            (func, delegates)
        });
        body.constructors.push(Constructor { func, delegates, compact });
    }

    /// Whether a constructor begins with `this(..)`.
    fn delegates(&mut self, body: Node<'t>) -> bool {
        let first = self.first_child(body).filter(|first| first.kind() == "explicit_constructor_invocation");
        first.and_then(|first| first.field("constructor")).is_some_and(|of| of.kind() == "this")
    }

    /// Constructors of a class: each runs the initial values first. A class without one has one that
    /// does nothing else, which is made only if there is something to run.
    pub(super) fn constructors(&mut self, class: &Class, body: &mut Body) {
        if body.constructors.is_empty() && !body.initial.is_empty() {
            let func = constructor_func(class, Vec::new(), Block::default(), class.span);
            body.constructors.push(Constructor { func, delegates: false, compact: false });
        }
        for mut constructor in std::mem::take(&mut body.constructors) {
            if let Some(block) = constructor.func.body.as_mut().filter(|_| !constructor.delegates) {
                // What comes before the initial values is a call of the parent's constructor.
                let first = usize::from(block.stmts.first().is_some_and(is_parent_call));
                let rest = block.stmts.split_off(first);
                block.stmts.extend(body.initial.iter().cloned());
                block.stmts.extend(rest);
            }
            self.module.funcs.push(constructor.func);
        }
        self.static_blocks(class, body);
    }

    fn static_blocks(&mut self, class: &Class, body: &mut Body) {
        let stmts = std::mem::take(&mut body.statics);
        let Some(first) = stmts.first() else { return };
        let span = first.span;
        let mut func = constructor_func(class, Vec::new(), Block { stmts, tail: None }, span);
        func.symbol = class.symbol.join("<static>");
        func.receiver = None;
        self.module.funcs.push(func);
    }

    /// The constructor of a record: it sets the fields to the parameters, after what is written for it.
    pub(super) fn record_constructor(&mut self, class: &Class, body: &mut Body, components: Vec<Param>) {
        for mut constructor in std::mem::take(&mut body.constructors) {
            if constructor.compact {
                constructor.func.params.clone_from(&components);
                if let Some(block) = &mut constructor.func.body {
                    block.stmts.extend(body.fields.iter().map(|field| set_from_local(&field.def)));
                }
            }
            self.module.funcs.push(constructor.func);
        }
        self.static_blocks(class, body);
    }

    /// Parameters of a function, declared in the scope that is open.
    pub(super) fn parameters(&mut self, node: Node<'t>) -> Vec<Param> {
        match node.field("parameters") {
            Some(list) => self.children(list).into_iter().filter_map(|param| self.parameter(param)).collect(),
            None => Vec::new(),
        }
    }

    /// One parameter.
    pub(super) fn parameter(&mut self, node: Node<'t>) -> Option<Param> {
        let variadic = node.kind() == "spread_parameter";
        let (name, ty) = if variadic {
            let declarator = self.child_of_kind(node, "variable_declarator")?;
            let ty = self.children(node).into_iter().find(|part| {
                !matches!(part.kind(), "modifiers" | "variable_declarator" | "annotation" | "marker_annotation")
            });
            let ty = ty.map(|ty| self.ty(ty)).unwrap_or_default();
            (declarator.field("name")?, Type::List(Box::new(ty)))
        } else {
            (node.field("name")?, self.declared_ty(node, node))
        };
        let annotations = self.modifiers(node).annotations;
        let pattern = self.bind(name);
        Some(Param { variadic, annotations, ..Param::new(pattern, ty) })
    }

    /// Declares a variable.
    pub(super) fn bind(&mut self, name: Node<'t>) -> Pattern {
        if matches!(name.kind(), "underscore_pattern") || self.text(name) == "_" {
            return Pattern::Wild;
        }
        let text = self.name(name);
        self.names.declare(&text, Local::Variable);
        Pattern::Bind(text, self.span(name), None)
    }
}

fn is_parent_call(stmt: &Stmt) -> bool {
    let StmtKind::Expr(Expr { kind: ExprKind::Call { callee, .. }, .. }) = &stmt.kind else { return false };
    matches!(&callee.kind, ExprKind::Member { name, .. } if &**name == CONSTRUCTOR)
}

/// The type that methods of a class belong to.
pub(super) fn owner_of(class: &Class) -> Option<Type> {
    matches!(class.ty, Type::Named(..)).then(|| class.ty.clone())
}

/// A constructor without anything but what it must have.
pub(super) fn constructor_func(class: &Class, params: Vec<Param>, body: Block, span: Span) -> Func {
    Func {
        symbol: class.symbol.join(CONSTRUCTOR),
        owner: owner_of(class),
        implements: None,
        receiver: Some(Arc::from(THIS)),
        type_params: Vec::new(),
        params,
        ret: Type::Unit,
        annotations: Vec::new(),
        property: false,
        body: Some(body),
        span,
        name_span: span,
        test: false,
    }
}

/// `this.name`.
pub(super) fn own_field(name: &Arc<str>, span: Span) -> Expr {
    let base = Box::new(Expr { kind: ExprKind::Local(Arc::from(THIS)), span });
    Expr { kind: ExprKind::Member { base, name: Arc::clone(name), name_span: span }, span }
}

/// `this.name = name`.
pub(super) fn set_from_local(field: &FieldDef) -> Stmt {
    let value = Expr { kind: ExprKind::Local(Arc::clone(&field.name)), span: field.span };
    let target = own_field(&field.name, field.span);
    Stmt { kind: StmtKind::Assign { target, op: None, value }, span: field.span }
}

/// A method that is not written.
pub(super) fn made_method(class: &Class, symbol: Symbol, params: Vec<Param>, ret: Type, body: Expr) -> Func {
    let span = body.span;
    let block = Block { stmts: Vec::new(), tail: Some(Box::new(body)) };
    Func { symbol, ret, ..constructor_func(class, params, block, span) }
}
