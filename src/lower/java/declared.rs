//! What a file declares, found before anything is lowered: a name may be used above its declaration.

use tree_sitter::Node;

use super::Lowerer;
use super::names::Members;
use crate::lower::tree::Field as _;
use crate::model::ir::Symbol;

/// Whether a node declares a type.
pub(super) fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "class_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "record_declaration"
            | "annotation_type_declaration"
    )
}

/// Nested types beyond this are not looked for.
const MAX_NESTED: usize = 40;

impl<'t> Lowerer<'t> {
    /// All types of the file but those declared in functions, with the names of their members.
    pub(super) fn find_types(&mut self, root: Node<'t>) {
        for node in self.children(root) {
            if let Some(name) = node.field("name").filter(|_| is_type(node)) {
                let name = self.name(name);
                let symbol = self.names.own(&name);
                self.names.top_types.insert(name);
                self.find_members(node, symbol);
            }
        }
    }

    /// The names of the members of a type and of all types within it.
    pub(super) fn find_members(&mut self, node: Node<'t>, symbol: Symbol) {
        let mut open = vec![(node, symbol, 0)];
        while let Some((node, symbol, depth)) = open.pop() {
            let inherits = ["superclass", "interfaces"].iter().any(|of| node.field(of).is_some())
                || self.child_of_kind(node, "extends_interfaces").is_some();
            let mut members = Members { inherits, ..Members::default() };
            self.find_components(node, &mut members);
            for member in self.members_of(node) {
                if let Some(name) = member.field("name").filter(|_| is_type(member)) {
                    let name = self.name(name);
                    if depth < MAX_NESTED {
                        open.push((member, symbol.join(&name), depth + 1));
                    }
                    members.types.insert(name);
                } else {
                    self.find_member(node, member, &mut members);
                }
            }
            self.names.types.insert(symbol, members);
        }
    }

    /// Components of a record are fields and accessors.
    fn find_components(&mut self, node: Node<'t>, members: &mut Members) {
        let Some(list) = node.field("parameters") else { return };
        for component in self.children(list) {
            let Some(name) = component.field("name") else { continue };
            let name = self.name(name);
            members.fields.insert(name.clone(), false);
            members.methods.insert(name, false);
        }
    }

    fn find_member(&mut self, owner: Node<'t>, member: Node<'t>, members: &mut Members) {
        match member.kind() {
            "field_declaration" => {
                let is_static = self.is_static(member);
                self.find_variables(member, is_static, members);
            }
            "constant_declaration" => self.find_variables(member, true, members),
            "enum_constant" => {
                let Some(name) = member.field("name") else { return };
                members.fields.insert(self.name(name), true);
            }
            "method_declaration" => {
                let Some(name) = member.field("name") else { return };
                let is_static = self.is_static(member);
                members.methods.insert(self.name(name), is_static);
            }
            _ => {}
        }
        if owner.kind() == "enum_declaration" {
            members.methods.entry("valueOf".into()).or_insert(true);
            members.methods.entry("values".into()).or_insert(true);
        }
    }

    fn find_variables(&mut self, declaration: Node<'t>, is_static: bool, members: &mut Members) {
        for declarator in self.fields_of(declaration, "declarator") {
            if let Some(name) = declarator.field("name") {
                members.fields.insert(self.name(name), is_static);
            }
        }
    }

    /// Whether a declaration has the word `static`.
    fn is_static(&mut self, declaration: Node<'t>) -> bool {
        let modifiers = self.child_of_kind(declaration, "modifiers");
        modifiers.is_some_and(|modifiers| self.child_of_kind(modifiers, "static").is_some())
    }

    /// What stands in the body of a type; in an enum, constants first.
    pub(super) fn members_of(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let Some(body) = node.field("body") else { return Vec::new() };
        let mut members = Vec::new();
        for child in self.children(body) {
            match child.kind() {
                "enum_body_declarations" => members.extend(self.children(child)),
                _ => members.push(child),
            }
        }
        members
    }
}
