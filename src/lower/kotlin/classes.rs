//! Classes, interfaces, objects.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::annotations::{is_hidden, wire};
use super::decls::is_type;
use crate::lower::tree::Field as _;
use crate::model::ir::{
    Arg, Block, Expr, ExprKind, FieldDef, Func, Global, Param, Stmt, StmtKind, Symbol, Type, TypeDef, TypeKind,
};

/// A type while its members are lowered.
pub(super) struct Open<'t> {
    pub(super) symbol: Symbol,
    params: Vec<Arc<str>>,
    supertypes: Vec<Type>,
    /// What its methods call their object; none in an object, which is there once.
    pub(super) receiver: Option<Arc<str>>,
    fields: Vec<FieldDef>,
    /// What is done when an object is made, in order: initial values and `init` blocks.
    initial: Vec<Node<'t>>,
}

impl Open<'_> {
    /// The type itself, as its own methods see it.
    pub(super) fn ty(&self) -> Type {
        let args = self.params.iter().map(|param| Type::Parameter(Arc::clone(param))).collect();
        Type::Named(self.symbol.clone(), args)
    }
}

/// A parameter of a primary constructor.
pub(super) struct ClassParam<'t> {
    node: Node<'t>,
    name: Node<'t>,
    /// Its name, if it is a property as well.
    pub(super) field: Option<Node<'t>>,
}

impl<'t> Lowerer<'t> {
    /// Parameters of a primary constructor.
    pub(super) fn class_params(&mut self, node: Node<'t>) -> Vec<ClassParam<'t>> {
        let list = self.child_of(node, "primary_constructor");
        let list = list.and_then(|list| self.child_of(list, "class_parameters"));
        let mut params = Vec::new();
        for node in list.map(|list| self.children_of(list, "class_parameter")).unwrap_or_default() {
            let Some(name) = self.child_of(node, "identifier") else { continue };
            let is_field = self.has_token(node, "val") || self.has_token(node, "var");
            params.push(ClassParam { node, name, field: is_field.then_some(name) });
        }
        params
    }

    /// The value of a parameter of a class where no argument is passed.
    fn default_of(&mut self, param: Node<'t>) -> Option<Node<'t>> {
        self.child_of(param, "=")?.next_named_sibling()
    }

    /// Whether a type derives from a class, whose members it has too. Classes are constructed.
    pub(super) fn has_base(&mut self, node: Node<'t>) -> bool {
        self.base_arguments(node).is_some()
    }

    /// `: Base(arguments)`
    fn base_arguments(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let list = self.child_of(node, "delegation_specifiers")?;
        let specifiers = self.children_of(list, "delegation_specifier");
        specifiers.into_iter().find_map(|one| self.child_of(one, "constructor_invocation"))
    }

    /// Classes and interfaces that a type derives from, in order.
    pub(super) fn supertypes(&mut self, node: Node<'t>) -> Vec<Type> {
        let list = self.child_of(node, "delegation_specifiers");
        let specifiers = list.map(|list| self.children_of(list, "delegation_specifier")).unwrap_or_default();
        let mut supertypes = Vec::new();
        for one in specifiers {
            let holder =
                self.child_of(one, "constructor_invocation").or_else(|| self.child_of(one, "explicit_delegation"));
            supertypes.extend(self.type_in(holder.unwrap_or(one)));
        }
        supertypes
    }

    /// A class, interface, enumeration or object.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) {
        let lowered = self.deeper(|lowerer| lowerer.function(|lowerer| lowerer.type_here(node)));
        if lowered.is_none() {
            self.fixme(node, Vec::new());
        }
    }

    fn type_here(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let symbol = self.names.own(self.text(name));
        let annotations = self.annotations(node);
        let params = self.type_params(node);
        let supertypes = self.supertypes(node);
        let is_object = node.kind() == "object_declaration";
        let kind = if self.has_token(node, "interface") {
            TypeKind::Interface
        } else if self.child_of(node, "enum_class_body").is_some() {
            TypeKind::Enum
        } else {
            TypeKind::Struct
        };
        let receiver = (!is_object).then(|| Arc::from(format!("this@{}", self.text(name))));
        let base = self.base_arguments(node).and_then(|base| self.type_in(base));
        let mut open = Open {
            symbol: symbol.clone(),
            params,
            supertypes,
            receiver: receiver.clone(),
            fields: Vec::new(),
            initial: Vec::new(),
        };
        self.names.open_type(symbol, receiver);
        self.bases.push(base);
        self.primary_fields(node, &mut open);
        for member in self.members_of(node) {
            self.member(member, &mut open);
        }
        self.constructors(node, &open);
        self.bases.pop();
        self.names.close_type();
        let Open { symbol, params, supertypes, fields, .. } = open;
        let fields = if kind == TypeKind::Enum { Vec::new() } else { fields };
        let span = self.span(name);
        self.module.types.push(TypeDef { symbol, kind, params, fields, supertypes, annotations, span });
    }

    fn primary_fields(&mut self, node: Node<'t>, open: &mut Open<'t>) {
        for param in self.class_params(node) {
            let Some(name) = param.field else { continue };
            let annotations = self.annotations(param.node);
            let ty = self.type_in(param.node).unwrap_or_default();
            open.fields.push(FieldDef {
                name: self.name(name),
                wire: wire(&annotations),
                ty,
                flatten: false,
                skipped: is_hidden(&annotations),
                annotations,
                span: self.span(name),
            });
        }
    }

    fn member(&mut self, node: Node<'t>, open: &mut Open<'t>) {
        match node.kind() {
            "function_declaration" => self.method(node, Some((open.ty(), open.receiver.clone()))),
            "property_declaration" if open.receiver.is_none() => {
                let ty = open.ty();
                self.global_property(node, Some(&ty));
            }
            "property_declaration" => self.property(node, open),
            "companion_object" => self.companion(node, open),
            "anonymous_initializer" => open.initial.push(node),
            "secondary_constructor" => {}
            "enum_entry" => self.enum_entry(node, open),
            kind if is_type(kind) => self.type_declaration(node),
            _ => {
                self.fixme(node, Vec::new());
            }
        }
    }

    /// A constant of an enum that has nothing but its name.
    fn enum_entry(&mut self, node: Node<'t>, open: &Open<'t>) {
        let Some(name) = self.child_of(node, "identifier") else { return };
        if node.named_child_count() > 1 {
            return;
        }
        let ty = open.ty();
        let Some(symbol) = ty.symbol().map(|class| class.join(&self.name(name))) else { return };
        let span = self.span(name);
        self.module.globals.push(Global { symbol, ty, value: None, span });
    }

    /// Members of a companion belong to the class.
    fn companion(&mut self, node: Node<'t>, open: &Open<'t>) {
        let ty = open.ty();
        self.names.open_type(open.symbol.clone(), None);
        for member in self.members_of(node) {
            match member.kind() {
                "function_declaration" => self.method(member, Some((ty.clone(), None))),
                "property_declaration" => self.global_property(member, Some(&ty)),
                kind if is_type(kind) => self.type_declaration(member),
                _ => {}
            }
        }
        self.names.close_type();
    }

    /// A property of a class: a field, or a function that is read like one.
    fn property(&mut self, node: Node<'t>, open: &mut Open<'t>) {
        let Some(name) = self.property_name(node) else { return };
        let ty = self.property_type(node);
        let value = self.property_value(node);
        let extended = self.extended(node).map(|extended| self.ty(extended));
        if let Some(getter) = self.child_of(node, "getter").filter(|_| value.is_none()) {
            let symbol = extended.as_ref().and_then(Type::symbol).unwrap_or(&open.symbol).join(self.text(name));
            let receiver = if extended.is_some() { Some(Arc::from(super::THIS)) } else { open.receiver.clone() };
            let owner = extended.unwrap_or_else(|| open.ty());
            return self.getter(getter, symbol, Some(owner), receiver, ty);
        }
        if let Some(setter) = self.child_of(node, "setter") {
            self.setter(setter, name, open);
        }
        let annotations = self.annotations(node);
        let wire = wire(&annotations);
        let is_private = self.has_modifier(node, "private") && wire.is_empty();
        open.fields.push(FieldDef {
            name: self.name(name),
            wire,
            ty: ty.unwrap_or_default(),
            flatten: false,
            skipped: is_private || is_hidden(&annotations),
            annotations,
            span: self.span(name),
        });
        if value.is_some() {
            open.initial.push(node);
        }
    }

    /// The constructors of a class. One that only keeps its parameters is not written out: making an
    /// object without a constructor sets its fields.
    fn constructors(&mut self, node: Node<'t>, open: &Open<'t>) {
        let Some(receiver) = open.receiver.clone() else {
            return self.object_initializer(node, open);
        };
        let params = self.class_params(node);
        let base = self.base_arguments(node);
        let base_args = base.and_then(|base| self.child_of(base, "value_arguments"));
        // What data classes leave out says nothing: they hold what others send.
        let has_defaults =
            !self.has_modifier(node, "data") && params.iter().any(|param| self.default_of(param.node).is_some());
        let is_plain = open.initial.is_empty()
            && !has_defaults
            && params.iter().all(|param| param.field.is_some())
            && base_args.is_none_or(|args| args.named_child_count() == 0);
        let secondary = self.secondary_constructors(node);
        if !is_plain || (params.is_empty() && !open.initial.is_empty()) {
            self.function(|lowerer| {
                let mut lowered = Vec::new();
                for param in &params {
                    let ty = lowerer.type_in(param.node).unwrap_or_default();
                    let annotations = lowerer.annotations(param.node);
                    let variadic = lowerer.has_modifier(param.node, "vararg");
                    let pattern = lowerer.bind(param.name);
                    let default = lowerer.default_of(param.node).map(|value| Box::new(lowerer.expr(value)));
                    lowered.push(Param { variadic, default, annotations, ..Param::new(pattern, ty) });
                }
                let mut stmts = Vec::new();
                if let (Some(base), Some(args)) = (base, base_args) {
                    stmts.extend(lowerer.super_constructor(base, args, &receiver));
                }
                for param in &params {
                    let Some(field) = param.field else { continue };
                    let name = lowerer.name(field);
                    let value = lowerer.local_at(field, &name);
                    stmts.push(lowerer.set_field(field, &receiver, value));
                }
                lowerer.initial_stmts(open, &receiver, &mut stmts);
                lowerer.constructor(node, open, lowered, stmts);
            });
        }
        for constructor in secondary {
            self.secondary_constructor(constructor, open, &receiver);
        }
    }

    fn secondary_constructors(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut members = self.members_of(node);
        members.retain(|member| member.kind() == "secondary_constructor");
        members
    }

    /// `init` blocks of an object run once; no constructor is ever called.
    fn object_initializer(&mut self, node: Node<'t>, open: &Open<'t>) {
        if open.initial.is_empty() {
            return;
        }
        self.function(|lowerer| {
            let mut stmts = Vec::new();
            for initial in &open.initial {
                stmts.extend(lowerer.init_block(*initial));
            }
            let func = lowerer.bare_func(open.symbol.join("<init>"), lowerer.span(node));
            let body = Some(Block { stmts, tail: None });
            lowerer.module.funcs.push(Func { owner: Some(open.ty()), body, ..func });
        });
    }

    /// Initial values and `init` blocks, in the scope of the primary constructor.
    fn initial_stmts(&mut self, open: &Open<'t>, receiver: &Arc<str>, stmts: &mut Vec<Stmt>) {
        for initial in &open.initial {
            if initial.kind() == "anonymous_initializer" {
                stmts.extend(self.init_block(*initial));
                continue;
            }
            let (Some(name), Some(value)) = (self.property_name(*initial), self.property_value(*initial)) else {
                continue;
            };
            let value = self.initial(value);
            let set = self.set_field(name, receiver, value);
            stmts.push(set);
        }
    }

    fn init_block(&mut self, node: Node<'t>) -> Option<Stmt> {
        let block = self.child_of(node, "block")?;
        let block = self.block(block);
        let block = self.expr_at(node, ExprKind::Block(block));
        Some(self.stmt_at(node, StmtKind::Expr(block)))
    }

    /// `: Base(args)`, as the first thing that a constructor does.
    fn super_constructor(&mut self, base: Node<'t>, args: Node<'t>, receiver: &Arc<str>) -> Option<Stmt> {
        let ty = self.type_in(base)?;
        let this = Box::new(self.local_at(base, receiver));
        let base_object = self.expr_at(base, ExprKind::Cast(ty, this));
        let args = self.args(args);
        Some(self.constructs(base, base_object, args))
    }

    fn constructs(&mut self, at: Node<'t>, base: Expr, args: Vec<Arg>) -> Stmt {
        let callee =
            ExprKind::Member { base: Box::new(base), name: Arc::from("constructor"), name_span: self.span(at) };
        let callee = Box::new(self.expr_at(at, callee));
        let call = self.expr_at(at, ExprKind::Call { callee, type_args: Vec::new(), args });
        self.stmt_at(at, StmtKind::Expr(call))
    }

    /// `this@T.name = value`.
    fn set_field(&mut self, name: Node<'t>, receiver: &Arc<str>, value: Expr) -> Stmt {
        let base = Box::new(self.local_at(name, receiver));
        let target = ExprKind::Member { base, name: self.name(name), name_span: self.span(name) };
        let target = self.expr_at(name, target);
        self.stmt_at(name, StmtKind::Assign { target, op: None, value })
    }

    fn secondary_constructor(&mut self, node: Node<'t>, open: &Open<'t>, receiver: &Arc<str>) {
        self.function(|lowerer| {
            let params = lowerer.params(node);
            let mut stmts = Vec::new();
            if let Some(call) = lowerer.child_of(node, "constructor_delegation_call") {
                let this = lowerer.local_at(call, receiver);
                let base = lowerer.bases.last().cloned().flatten();
                let object = match base.filter(|_| lowerer.text(call).starts_with("super")) {
                    Some(base) => lowerer.expr_at(call, ExprKind::Cast(base, Box::new(this))),
                    None => this,
                };
                let args = lowerer.child_of(call, "value_arguments").map(|args| lowerer.args(args));
                let call = lowerer.constructs(call, object, args.unwrap_or_default());
                stmts.push(call);
            }
            if let Some(block) = lowerer.child_of(node, "block") {
                stmts.append(&mut lowerer.block(block).stmts);
            }
            lowerer.constructor(node, open, params, stmts);
        });
    }

    fn constructor(&mut self, node: Node<'t>, open: &Open<'t>, params: Vec<Param>, stmts: Vec<Stmt>) {
        let at = self.child_of(node, "primary_constructor").unwrap_or(node);
        let func = self.bare_func(open.symbol.join("constructor"), self.span(at));
        let body = Some(Block { stmts, tail: None });
        let (owner, receiver) = (Some(open.ty()), open.receiver.clone());
        self.module.funcs.push(Func { owner, receiver, params, body, ..func });
    }
}
