//! Types as they are written.

use tree_sitter::Node;

use super::Lowerer;
use super::known;
use super::names::Local;
use crate::lower::tree::Field as _;
use crate::model::ir::{Symbol, Type};
use std::sync::Arc;

impl<'t> Lowerer<'t> {
    /// A type. `var` says nothing.
    pub(super) fn ty(&mut self, node: Node<'t>) -> Type {
        self.deeper(|lowerer| lowerer.ty_here(node)).unwrap_or_default()
    }

    fn ty_here(&mut self, node: Node<'t>) -> Type {
        match node.kind() {
            "integral_type" if self.text(node) == "char" => Type::Str,
            "integral_type" | "floating_point_type" => Type::Number,
            "boolean_type" => Type::Bool,
            "void_type" => Type::Unit,
            "type_identifier" | "identifier" => self.named(self.text(node)),
            "scoped_type_identifier" | "scoped_identifier" => known::ty(self.type_name(node), Vec::new()),
            "generic_type" => self.generic(node),
            "array_type" => self.array(node),
            "annotated_type" => self.last_type(node),
            "wildcard" => match self.children(node).last().copied() {
                // `? super T` takes a T; `?` takes anything.
                Some(bound) if bound.kind() != "super" => self.ty(bound),
                _ => Type::Unknown,
            },
            _ => Type::Unknown,
        }
    }

    fn named(&self, name: &str) -> Type {
        match name {
            "var" => Type::Unknown,
            _ if self.names.is_parameter(name) => Type::Parameter(Arc::from(name)),
            _ => known::ty(self.names.type_symbol(name), Vec::new()),
        }
    }

    /// The type behind annotations.
    fn last_type(&mut self, node: Node<'t>) -> Type {
        match self.children(node).last().copied() {
            Some(inner) => self.ty(inner),
            None => Type::Unknown,
        }
    }

    /// The canonical name of a type, without its arguments.
    pub(super) fn type_name(&mut self, node: Node<'t>) -> Symbol {
        let text = self.text(node);
        let plain = text.split(['<', '@', '[']).next().unwrap_or_default();
        let parts: Vec<&str> = plain.split('.').map(str::trim).filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [one] => self.names.type_symbol(one),
            several => self.names.qualified(several).unwrap_or_else(|| Symbol::new(several.join("::"))),
        }
    }

    fn generic(&mut self, node: Node<'t>) -> Type {
        let parts = self.children(node);
        let Some(base) = parts.first().copied() else { return Type::Unknown };
        let symbol = self.type_name(base);
        let args = match parts.iter().find(|part| part.kind() == "type_arguments") {
            Some(list) => self.type_arguments(*list),
            None => Vec::new(),
        };
        known::ty(symbol, args)
    }

    /// `<A, B>`.
    pub(super) fn type_arguments(&mut self, list: Node<'t>) -> Vec<Type> {
        self.children(list).into_iter().map(|arg| self.ty(arg)).collect()
    }

    fn array(&mut self, node: Node<'t>) -> Type {
        let Some(element) = node.field("element") else { return Type::Unknown };
        let dimensions = node.field("dimensions");
        let ty = if self.text(element) == "byte" { Type::Bytes } else { Type::List(Box::new(self.ty(element))) };
        let more = dimensions.map_or(0, |dimensions| self.count_dimensions(dimensions).saturating_sub(1));
        (0..more).fold(ty, |ty, _| Type::List(Box::new(ty)))
    }

    /// How many pairs of brackets there are; more than a few are not written by people.
    pub(super) fn count_dimensions(&self, node: Node<'_>) -> usize {
        self.text(node).matches('[').count().min(4)
    }

    /// The type in the field `type`, with brackets that stand behind the name.
    pub(super) fn declared_ty(&mut self, node: Node<'t>, declarator: Node<'t>) -> Type {
        let ty = node.field("type").map(|ty| self.ty(ty)).unwrap_or_default();
        let brackets = declarator.field("dimensions").map_or(0, |node| self.count_dimensions(node));
        (0..brackets).fold(ty, |ty, _| Type::List(Box::new(ty)))
    }

    /// Declares type parameters and gives their names.
    pub(super) fn type_parameters(&mut self, node: Node<'t>) -> Vec<Arc<str>> {
        let Some(list) = node.field("type_parameters") else { return Vec::new() };
        let mut names = Vec::new();
        for parameter in self.children(list) {
            let Some(name) = self.child_of_kind(parameter, "type_identifier") else { continue };
            let name = self.name(name);
            self.names.declare(&name, Local::Parameter);
            names.push(name);
        }
        names
    }
}
