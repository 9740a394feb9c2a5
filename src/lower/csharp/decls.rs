//! Files, namespaces and types.

use std::sync::Arc;

use tree_sitter::Node;

use super::attributes::wire;
use super::names::{GLOBAL, Member};
use super::{Lowerer, THIS};
use crate::lower::tree::Field as _;
use crate::model::ir::{Alias, FieldDef, Func, Stmt, Symbol, Type, TypeDef, TypeKind};

/// A type while its members are lowered.
pub(super) struct Open {
    pub(super) symbol: Symbol,
    pub(super) params: Vec<Arc<str>>,
    pub(super) supertypes: Vec<Type>,
    pub(super) kind: TypeKind,
    pub(super) fields: Vec<FieldDef>,
    /// `this.field = value` for each initial value, in order.
    pub(super) initial: Vec<Stmt>,
}

impl Open {
    /// The type itself, as its own methods see it.
    pub(super) fn ty(&self) -> Type {
        let args = self.params.iter().map(|param| Type::Parameter(Arc::clone(param))).collect();
        Type::Named(self.symbol.clone(), args)
    }

    /// The class that it derives from, if it has one.
    pub(super) fn base(&self) -> Option<&Type> {
        self.supertypes.first().filter(|first| first.symbol().is_some_and(|first| !is_interface(first.name())))
    }
}

impl<'t> Lowerer<'t> {
    /// A whole file.
    pub(super) fn file(&mut self, root: Node<'t>) {
        self.announce_all(root);
        let statements = self.declarations(root, Vec::new());
        if !statements.is_empty() {
            self.top_level(root, &statements);
        }
    }

    /// Notes names that a file or namespace brings, before anything uses them.
    fn announce_all(&mut self, node: Node<'t>) {
        let mut file_scoped = false;
        for child in self.children(node) {
            match child.kind() {
                "using_directive" => {
                    self.using(child);
                }
                "namespace_declaration" => {
                    let Some(namespace) = self.namespace_at(child) else { continue };
                    self.names.open_namespace(namespace);
                    if let Some(body) = child.field("body") {
                        self.deeper(|lowerer| lowerer.announce_all(body));
                    }
                    self.names.close_namespace();
                }
                "file_scoped_namespace_declaration" => {
                    let Some(namespace) = self.namespace_at(child).filter(|_| !file_scoped) else { continue };
                    self.names.open_namespace(namespace);
                    file_scoped = true;
                }
                "ERROR" => {
                    self.deeper(|lowerer| lowerer.announce_all(child));
                }
                kind if is_type(kind) => self.announce_type(child),
                _ => {}
            }
        }
        if file_scoped {
            self.names.close_namespace();
        }
    }

    fn namespace_at(&mut self, node: Node<'t>) -> Option<Symbol> {
        let path = self.path(node.field("name")?)?;
        Some(self.names.nested(path.as_str()))
    }

    fn announce_type(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let symbol = self.names.own(self.text(name));
        let unbounded = self.has_modifier(node, "partial") || self.has_base(node);
        self.names.declare_type(&symbol, unbounded);
        let is_interface = node.kind() == "interface_declaration";
        if let Some(list) = self.child_of(node, "parameter_list") {
            for param in self.children_of(list, "parameter") {
                self.announce_member(&symbol, param, Member::Instance);
            }
        }
        let Some(body) = node.field("body") else { return };
        self.names.open_type(symbol.clone());
        for member in self.children(body) {
            let what = if !is_interface && self.is_static(member) { Member::Static } else { Member::Instance };
            match member.kind() {
                "field_declaration" | "event_field_declaration" => {
                    let Some(declaration) = self.child_of(member, "variable_declaration") else { continue };
                    for variable in self.children_of(declaration, "variable_declarator") {
                        self.announce_member(&symbol, variable, what);
                    }
                }
                "property_declaration" | "method_declaration" | "event_declaration" => {
                    self.announce_member(&symbol, member, what);
                }
                kind if is_type(kind) => {
                    self.deeper(|lowerer| lowerer.announce_type(member));
                }
                _ => {}
            }
        }
        self.names.close_type();
    }

    fn announce_member(&mut self, owner: &Symbol, node: Node<'t>, what: Member) {
        if let Some(name) = node.field("name") {
            self.names.declare_member(owner, self.text(name), what);
        }
    }

    pub(super) fn is_static(&mut self, node: Node<'t>) -> bool {
        self.has_modifier(node, "static") || self.has_modifier(node, "const")
    }

    /// Whether a type derives from a class, whose members it has too.
    fn has_base(&mut self, node: Node<'t>) -> bool {
        let Some(list) = self.child_of(node, "base_list") else { return false };
        let bases = self.children(list);
        bases.into_iter().any(|base| self.path(base).is_none_or(|path| !is_interface(path.name())))
    }

    /// Lowers what a file or namespace declares; gives statements that stand outside of all types.
    fn declarations(&mut self, node: Node<'t>, mut opened: Vec<Symbol>) -> Vec<Node<'t>> {
        let mut statements = Vec::new();
        let mut file_scoped = false;
        let children = self.children(node);
        for child in children.iter().filter(|child| child.kind() == "using_directive") {
            opened.extend(self.using(*child));
        }
        let before = children.iter().take_while(|child| child.kind() != "file_scoped_namespace_declaration");
        let declares = before.into_iter().any(|child| is_type(child.kind()) || child.kind() == "global_statement");
        if declares {
            let namespace = self.names.namespace().clone();
            self.opened(&namespace, &opened);
        }
        for child in children {
            match child.kind() {
                "using_directive" | "global_attribute" | "extern_alias_directive" => {}
                "namespace_declaration" => {
                    let (Some(namespace), Some(body)) = (self.namespace_at(child), child.field("body")) else {
                        continue;
                    };
                    self.names.open_namespace(namespace);
                    let inner = self.deeper(|lowerer| lowerer.declarations(body, opened.clone()));
                    self.names.close_namespace();
                    statements.extend(inner.unwrap_or_default());
                }
                "file_scoped_namespace_declaration" => {
                    let Some(namespace) = self.namespace_at(child).filter(|_| !file_scoped) else { continue };
                    self.opened(&namespace, &opened);
                    self.names.open_namespace(namespace);
                    file_scoped = true;
                }
                "global_statement" => statements.extend(self.children(child)),
                kind if is_type(kind) => self.type_declaration(child),
                "ERROR" => {
                    self.fixme(child, Vec::new());
                    let inner = self.deeper(|lowerer| lowerer.declarations(child, opened.clone()));
                    statements.extend(inner.unwrap_or_default());
                }
                // Statements under `#if` stand for themselves. What else could not be read is no statement.
                kind if kind.ends_with("_statement") => statements.push(child),
                _ => {}
            }
        }
        if file_scoped {
            self.names.close_namespace();
        }
        statements
    }

    /// Makes a namespace of this file see what the file opens.
    fn opened(&mut self, namespace: &Symbol, opened: &[Symbol]) {
        if self.module.name.as_str() == GLOBAL {
            self.module.name = namespace.clone();
        }
        self.open_all(namespace, opened);
    }

    /// Statements of a program outside of all types. The language makes a method of a class `Program` of
    /// them; it is named after the folder as well, since each program has one.
    fn top_level(&mut self, root: Node<'t>, statements: &[Node<'t>]) {
        let symbol = self.names.namespace().join("Program").join("<module>");
        let body = self.scoped(|lowerer| {
            lowerer.declare(&Arc::from("args"));
            lowerer.function(Type::Unknown, |lowerer| lowerer.statements(statements))
        });
        let span = self.span(root);
        let func = self.bare_func(symbol, span);
        self.module.funcs.push(Func { body: Some(body), ..func });
    }

    /// A function of which nothing is known but its name.
    pub(super) fn bare_func(&self, symbol: Symbol, span: crate::model::source::Span) -> Func {
        Func {
            symbol,
            owner: None,
            implements: None,
            receiver: None,
            type_params: Vec::new(),
            params: Vec::new(),
            ret: Type::Unit,
            annotations: Vec::new(),
            property: false,
            body: None,
            span,
            name_span: span,
            test: self.module.test,
        }
    }

    /// A type, with all that stands in it.
    pub(super) fn type_declaration(&mut self, node: Node<'t>) {
        let lowered = self.deeper(|lowerer| {
            lowerer.scoped(|lowerer| match node.kind() {
                "delegate_declaration" => lowerer.delegate(node),
                _ => lowerer.type_here(node),
            });
        });
        if lowered.is_none() {
            self.fixme(node, Vec::new());
        }
    }

    /// `delegate R Name(A a)` is another name of a function type.
    fn delegate(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let name = self.names.own(self.text(name));
        self.type_params(node);
        let params = self.params(node).into_iter().map(|param| param.ty).collect();
        let target = Type::Function(params, Box::new(self.result(node, "type")));
        self.module.aliases.push(Alias { name, target });
    }

    fn type_here(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let symbol = self.names.own(self.text(name));
        let annotations = self.attributes(node);
        let params = self.type_params(node);
        let supertypes = self.supertypes(node);
        let kind = match node.kind() {
            "interface_declaration" => TypeKind::Interface,
            "enum_declaration" => TypeKind::Enum,
            _ => TypeKind::Struct,
        };
        let mut open = Open { symbol, params, supertypes, kind, fields: Vec::new(), initial: Vec::new() };
        self.names.open_type(open.symbol.clone());
        self.bases.push(open.base().cloned());
        if kind != TypeKind::Enum {
            self.body(node, &mut open);
        }
        self.bases.pop();
        self.names.close_type();
        let Open { symbol, params, supertypes, kind, fields, .. } = open;
        let span = self.span(name);
        self.module.types.push(TypeDef { symbol, kind, params, fields, supertypes, annotations, span });
    }

    /// Classes and interfaces that a type derives from. Numbers behind an enumeration are none.
    fn supertypes(&mut self, node: Node<'t>) -> Vec<Type> {
        let Some(list) = self.child_of(node, "base_list").filter(|_| node.kind() != "enum_declaration") else {
            return Vec::new();
        };
        let mut supertypes = Vec::new();
        for base in self.children(list) {
            match base.kind() {
                "argument_list" => {}
                "primary_constructor_base_type" => supertypes.extend(self.ty_in(base, "type")),
                _ => supertypes.push(self.ty(base)),
            }
        }
        supertypes
    }

    fn body(&mut self, node: Node<'t>, open: &mut Open) {
        let primary = self.child_of(node, "parameter_list");
        if let Some(list) = primary.filter(|_| node.kind() == "record_declaration") {
            self.record_fields(list, open);
        }
        let members = node.field("body").map(|body| self.children(body)).unwrap_or_default();
        // Constructors come last: they begin with the initial values of all fields.
        let (constructors, others): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|member| member.kind() == "constructor_declaration");
        if let Some(list) = primary.filter(|_| node.kind() != "record_declaration") {
            self.primary_fields(list, open);
        }
        for member in others {
            self.member(member, open);
        }
        let written = constructors.iter().filter(|constructor| !self.is_static(**constructor)).count();
        for constructor in constructors {
            self.constructor(constructor, open);
        }
        if let Some(list) = primary.filter(|_| node.kind() != "record_declaration") {
            self.primary_constructor(node, list, open);
        } else if written == 0 && !open.initial.is_empty() {
            self.default_constructor(node, open);
        }
    }

    /// Parameters of a record are its properties.
    fn record_fields(&mut self, list: Node<'t>, open: &mut Open) {
        for param in self.children_of(list, "parameter") {
            let Some(name) = param.field("name") else { continue };
            let annotations = self.attributes(param);
            let wire = wire(&annotations);
            open.fields.push(FieldDef {
                name: self.name(name),
                wire: wire.names,
                ty: self.ty_in(param, "type").unwrap_or_default(),
                flatten: wire.flatten,
                skipped: wire.skipped,
                annotations,
                span: self.span(name),
            });
        }
    }

    /// Parameters of a class can be seen in its methods: they are fields, but not on the wire.
    fn primary_fields(&mut self, list: Node<'t>, open: &mut Open) {
        for param in self.children_of(list, "parameter") {
            let Some(name) = param.field("name") else { continue };
            open.fields.push(FieldDef {
                name: self.name(name),
                wire: Vec::new(),
                ty: self.ty_in(param, "type").unwrap_or_default(),
                flatten: false,
                skipped: true,
                annotations: Vec::new(),
                span: self.span(name),
            });
        }
    }

    /// The receiver of a member, unless it belongs to the type.
    pub(super) fn receiver(&mut self, node: Node<'t>) -> Option<Arc<str>> {
        (!self.is_static(node)).then(|| Arc::from(THIS))
    }
}

/// Whether a name is one of an interface, by the convention that all C# code keeps: `IName`.
pub(super) fn is_interface(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('I') && letters.next().is_some_and(char::is_uppercase)
}

fn is_type(kind: &str) -> bool {
    matches!(
        kind,
        "class_declaration"
            | "record_declaration"
            | "struct_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "delegate_declaration"
    )
}
