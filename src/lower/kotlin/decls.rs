//! Files, and what they declare outside of all types.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Member;
use crate::lower::tree::Field as _;
use crate::model::ir::{Alias, Func, Global, Symbol, Type};
use crate::model::source::Span;

impl<'t> Lowerer<'t> {
    /// A whole file.
    pub(super) fn file(&mut self, root: Node<'t>) {
        self.head(root);
        let declarations = self.declarations(root);
        declarations.iter().for_each(|node| self.announce(*node));
        let mut statements = Vec::new();
        for node in declarations {
            match node.kind() {
                "function_declaration" => self.method(node, None),
                "property_declaration" => self.global_property(node, None),
                "type_alias" => self.type_alias(node),
                kind if is_type(kind) => self.type_declaration(node),
                _ => statements.push(node),
            }
        }
        // Only a script has statements outside of all functions.
        if !statements.is_empty() && self.stem_is_script(root) {
            self.script(root, &statements);
        }
    }

    /// Declarations and statements that stand in a node. What stands in broken code is used as well.
    fn declarations(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut declarations = Vec::new();
        let mut open = vec![node];
        while let Some(next) = open.pop() {
            if next.kind() == "ERROR" || next == node {
                if next != node {
                    self.fixme(next, Vec::new());
                }
                open.extend(self.children(next).into_iter().rev());
            } else if !matches!(next.kind(), "package_header" | "import" | "file_annotation" | "shebang") {
                declarations.push(next);
            }
        }
        declarations
    }

    fn stem_is_script(&self, root: Node<'t>) -> bool {
        // A file without a package that begins with a statement; declarations alone never get here.
        !root.has_error()
    }

    fn script(&mut self, root: Node<'t>, statements: &[Node<'t>]) {
        let symbol = self.stem.join("<module>");
        let body = self.function(|lowerer| lowerer.statements(statements));
        let func = self.bare_func(symbol, self.span(root));
        self.module.funcs.push(Func { body: Some(body), ..func });
    }

    /// A function of which nothing is known but its name.
    pub(super) fn bare_func(&self, symbol: Symbol, span: Span) -> Func {
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

    /// Notes the names that a declaration brings, before anything uses them.
    fn announce(&mut self, node: Node<'t>) {
        match node.kind() {
            // An extension is called on what it extends.
            "function_declaration" if self.extended(node).is_none() => {
                if let Some(name) = node.field("name") {
                    self.names.declare_global(self.text(name));
                }
            }
            "property_declaration" => {
                if let Some(name) = self.property_name(node) {
                    self.names.declare_global(self.text(name));
                }
            }
            kind if is_type(kind) => self.announce_type(node),
            _ => {}
        }
    }

    fn announce_type(&mut self, node: Node<'t>) {
        let Some(name) = node.field("name") else { return };
        let symbol = self.names.own(self.text(name));
        let unbounded = self.has_base(node);
        self.names.declare_type(&symbol, unbounded);
        for param in self.class_params(node) {
            if let Some(name) = param.field {
                self.names.declare_member(&symbol, self.text(name), Member::Instance);
            }
        }
        let what = if node.kind() == "object_declaration" { Member::Static } else { Member::Instance };
        self.names.open_type(symbol.clone(), None);
        self.announce_members(node, &symbol, what);
        self.names.close_type();
    }

    fn announce_members(&mut self, node: Node<'t>, owner: &Symbol, what: Member) {
        for member in self.members_of(node) {
            let name = match member.kind() {
                "property_declaration" => self.property_name(member),
                // An extension inside a class is called on what it extends, too.
                "function_declaration" => member.field("name").filter(|_| self.extended(member).is_none()),
                "enum_entry" => self.child_of(member, "identifier"),
                "companion_object" => {
                    self.announce_members(member, owner, Member::Static);
                    None
                }
                kind if is_type(kind) => {
                    self.deeper(|lowerer| lowerer.announce_type(member));
                    None
                }
                _ => None,
            };
            let what = if member.kind() == "enum_entry" { Member::Static } else { what };
            if let Some(name) = name {
                self.names.declare_member(owner, self.text(name), what);
            }
        }
    }

    /// Members of a type, object or companion. Those of a body that could not be read as a whole count too.
    pub(super) fn members_of(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut members = Vec::new();
        let body = self.child_of(node, "class_body").or_else(|| self.child_of(node, "enum_class_body"));
        let mut open: Vec<Node<'t>> = body.into_iter().collect();
        while let Some(next) = open.pop() {
            for child in self.children(next) {
                if child.kind() == "ERROR" {
                    open.push(child);
                } else {
                    members.push(child);
                }
            }
        }
        members
    }

    /// The name of a property, if it is one name.
    pub(super) fn property_name(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let variable = self.child_of(node, "variable_declaration")?;
        self.child_of(variable, "identifier")
    }

    fn type_alias(&mut self, node: Node<'t>) {
        let Some(name) = node.field("type") else { return };
        let name = self.names.own(self.text(name));
        let target = self.scoped(|lowerer| {
            lowerer.type_params(node);
            lowerer.type_in(node)
        });
        if let Some(target) = target {
            self.module.aliases.push(Alias { name, target });
        }
    }

    /// A property of a file, object or companion: its value, or a function that is read like one.
    pub(super) fn global_property(&mut self, node: Node<'t>, owner: Option<&Type>) {
        let Some(name) = self.property_name(node) else { return };
        let extended = self.extended(node).map(|extended| self.ty(extended));
        let symbol = match extended.as_ref().and_then(Type::symbol) {
            Some(extended) => extended.join(self.text(name)),
            None => self.names.own(self.text(name)),
        };
        let ty = self.property_type(node);
        if let Some(getter) = self.child_of(node, "getter") {
            let receiver = extended.is_some().then(|| Arc::from(super::THIS));
            let owner = extended.or_else(|| owner.cloned());
            return self.getter(getter, symbol, owner, receiver, ty);
        }
        let value = self.property_value(node).map(|value| self.function(|lowerer| lowerer.initial(value)));
        self.module.globals.push(Global { symbol, ty: ty.unwrap_or_default(), value, span: self.span(name) });
    }
}

/// Whether a node declares a type or object.
pub(super) fn is_type(kind: &str) -> bool {
    matches!(kind, "class_declaration" | "object_declaration")
}
