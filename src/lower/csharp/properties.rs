//! Fields and properties.

use tree_sitter::Node;

use super::Lowerer;
use super::attributes::wire;
use super::decls::Open;
use crate::lower::tree::Field as _;
use crate::model::ir::{Expr, ExprKind, FieldDef, Global, Literal, Type};

impl<'t> Lowerer<'t> {
    /// `T a = 1, b;` in a type.
    pub(super) fn field(&mut self, node: Node<'t>, open: &mut Open) {
        let Some(declaration) = self.child_of(node, "variable_declaration") else { return };
        let is_static = self.is_static(node);
        let annotations = self.attributes(node);
        let wire = wire(&annotations);
        let is_hidden = !self.has_modifier(node, "public") && !self.has_modifier(node, "internal");
        for variable in self.children_of(declaration, "variable_declarator") {
            let Some(name) = variable.field("name") else { continue };
            let ty = self.ty_in(declaration, "type").unwrap_or_default();
            let value = self.initial_value(variable, name);
            if is_static {
                let symbol = open.symbol.join(self.text(name));
                let value = value.map(|value| self.standalone(value, &ty));
                self.module.globals.push(Global { symbol, ty, value, span: self.span(name) });
                continue;
            }
            self.starts_with(name, value, &ty, open);
            open.fields.push(FieldDef {
                name: self.name(name),
                wire: wire.names.clone(),
                ty,
                flatten: wire.flatten,
                // Serialisers write what is public, unless an attribute says that a field is a part.
                skipped: wire.skipped || (is_hidden && wire.names.is_empty()),
                annotations: annotations.clone(),
                span: self.span(name),
            });
        }
    }

    /// The value behind `=`: the last child, if it is not the name.
    pub(super) fn initial_value(&mut self, variable: Node<'t>, name: Node<'t>) -> Option<Node<'t>> {
        let children = self.children(variable);
        children.into_iter().rfind(|child| *child != name && child.kind() != "bracketed_argument_list")
    }

    /// A value outside of all functions.
    fn standalone(&mut self, value: Node<'t>, ty: &Type) -> Expr {
        self.scoped(|lowerer| lowerer.function(ty.clone(), |lowerer| lowerer.expr_as(value, ty)))
    }

    /// An initial value is set by the constructors. What is empty or plain says nothing.
    fn starts_with(&mut self, name: Node<'t>, value: Option<Node<'t>>, ty: &Type, open: &mut Open) {
        let Some(node) = value else { return };
        let value = self.standalone(node, ty);
        let says_nothing = match &value.kind {
            ExprKind::Literal(Literal::Null | Literal::Bool(_)) => true,
            ExprKind::Literal(Literal::Str(text)) => text.is_empty(),
            ExprKind::List(items) => items.is_empty(),
            ExprKind::Cast(_, inner) => matches!(&inner.kind, ExprKind::List(items) if items.is_empty()),
            ExprKind::Construct { fields, spread: None, .. } => fields.is_empty(),
            ExprKind::Global(_) => true,
            _ => false,
        };
        if !says_nothing {
            let (text, span) = (self.name(name), self.span(name));
            let set = self.set_field(name, &text, span, value);
            open.initial.push(set);
        }
    }

    /// A property: a field if it can be set or the compiler writes its accessors, else a function that is
    /// read like one.
    pub(super) fn property(&mut self, node: Node<'t>, open: &mut Open) {
        let Some(name) = node.field("name") else { return };
        let symbol = open.symbol.join(self.text(name));
        let value = node.field("value");
        let arrow = value.filter(|value| value.kind() == "arrow_expression_clause");
        let accessors = node.field("accessors").map(|list| self.children(list)).unwrap_or_default();
        let is_computed = arrow.is_some() || accessors.iter().any(|one| one.field("body").is_some());
        let is_static = self.is_static(node);
        if is_computed && accessors.len() < 2 {
            return self.accessors(node, symbol, open, true);
        }
        if is_computed {
            let getter = open.symbol.join(&format!("get_{}", symbol.name()));
            self.accessors(node, getter, open, false);
        }
        let value = value.filter(|_| arrow.is_none());
        let ty = self.ty_in(node, "type").unwrap_or_default();
        if is_static {
            let value = value.map(|value| self.standalone(value, &ty));
            self.module.globals.push(Global { symbol, ty, value, span: self.span(name) });
            return;
        }
        self.starts_with(name, value, &ty, open);
        let annotations = self.attributes(node);
        let wire = wire(&annotations);
        open.fields.push(FieldDef {
            name: self.name(name),
            wire: wire.names,
            ty,
            flatten: wire.flatten,
            skipped: wire.skipped,
            annotations,
            span: self.span(name),
        });
    }
}
