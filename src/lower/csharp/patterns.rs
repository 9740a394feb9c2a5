//! Patterns, and names that are taken from a tuple.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::tree::Field as _;
use crate::model::ir::{ExprKind, FieldPattern, Pattern, Type};

impl<'t> Lowerer<'t> {
    /// A pattern; its names are declared in the scope that is open.
    pub(super) fn pattern(&mut self, node: Node<'t>) -> Pattern {
        self.deeper(|lowerer| lowerer.pattern_here(node)).unwrap_or(Pattern::Wild)
    }

    fn pattern_here(&mut self, node: Node<'t>) -> Pattern {
        match node.kind() {
            "constant_pattern" => match self.first_child(node) {
                Some(tuple) if tuple.kind() == "tuple_expression" => self.tuple_pattern(tuple),
                // `case Foo:` is a type or a constant; a name alone is not told apart.
                Some(value) => self.value_pattern(value),
                None => Pattern::Wild,
            },
            "declaration_pattern" => self.declaration_pattern(node),
            "var_pattern" => match node.field("name").or_else(|| self.first_child(node)) {
                Some(name) => self.designation(name),
                None => Pattern::Wild,
            },
            "type_pattern" => Pattern::Typed(self.ty_in(node, "type").unwrap_or_default(), None),
            "recursive_pattern" => self.recursive_pattern(node),
            "parenthesized_pattern" => match self.first_child(node) {
                Some(inner) => self.pattern(inner),
                None => Pattern::Wild,
            },
            "or_pattern" => {
                let sides = ["left", "right"].map(|side| node.field(side));
                Pattern::Or(sides.into_iter().flatten().map(|side| self.pattern(side)).collect())
            }
            // Both sides hold; the one that binds something tells more.
            "and_pattern" => {
                let sides = ["left", "right"].map(|side| node.field(side));
                let sides: Vec<Pattern> = sides.into_iter().flatten().map(|side| self.pattern(side)).collect();
                let says = |pattern: &Pattern| !matches!(pattern, Pattern::Wild | Pattern::Value(_));
                let at = sides.iter().position(says).unwrap_or(0);
                sides.into_iter().nth(at).unwrap_or(Pattern::Wild)
            }
            "list_pattern" => Pattern::List(self.children(node).into_iter().map(|item| self.pattern(item)).collect()),
            // `not x` and `> 3` bind nothing.
            _ => Pattern::Wild,
        }
    }

    fn value_pattern(&mut self, node: Node<'t>) -> Pattern {
        let value = self.expr(node);
        match (&value.kind, node.kind()) {
            (ExprKind::Global(symbol), "identifier") if self.names.is_type(symbol) => {
                Pattern::Typed(Type::Named(symbol.clone(), Vec::new()), None)
            }
            _ => Pattern::Value(Box::new(value)),
        }
    }

    fn tuple_pattern(&mut self, tuple: Node<'t>) -> Pattern {
        let args = self.children_of(tuple, "argument");
        let mut parts = Vec::with_capacity(args.len());
        for arg in args {
            parts.push(match self.first_child(arg) {
                Some(value) if self.text(value) == "_" => Pattern::Wild,
                Some(value) => self.value_pattern(value),
                None => Pattern::Wild,
            });
        }
        Pattern::Tuple(parts)
    }

    /// `T name`, `var name`, `var (a, b)`.
    fn declaration_pattern(&mut self, node: Node<'t>) -> Pattern {
        let ty = self.ty_in(node, "type");
        let Some(name) = node.field("name") else {
            let parts = self.child_of(node, "parenthesized_variable_designation");
            return match (parts, ty) {
                (Some(parts), _) => self.designation(parts),
                (None, Some(ty)) => Pattern::Typed(ty, None),
                (None, None) => Pattern::Wild,
            };
        };
        match (self.bind(name), ty) {
            (Pattern::Bind(name, span, _), Some(ty)) => Pattern::Typed(ty, Some((name, span))),
            (bound, _) => bound,
        }
    }

    /// `T { A: p, B.C: q } name`, `T(a, b)`.
    fn recursive_pattern(&mut self, node: Node<'t>) -> Pattern {
        let ty = self.ty_in(node, "type");
        let clause = self.child_of(node, "property_pattern_clause");
        let positions = self.child_of(node, "positional_pattern_clause");
        let mut fields = Vec::new();
        for part in clause.map(|clause| self.children_of(clause, "subpattern")).unwrap_or_default() {
            fields.extend(self.subpattern(part));
        }
        let symbol = ty.as_ref().and_then(Type::symbol).cloned();
        let inner = match positions {
            Some(positions) if fields.is_empty() => {
                let mut parts = Vec::new();
                for part in self.children_of(positions, "subpattern") {
                    parts.push(self.first_child(part).map_or(Pattern::Wild, |part| self.pattern(part)));
                }
                Pattern::Tuple(parts)
            }
            _ => Pattern::Record(symbol, fields),
        };
        match node.field("name").map(|name| self.bind(name)) {
            Some(Pattern::Bind(name, span, _)) => Pattern::Bind(name, span, Some(Box::new(inner))),
            _ => inner,
        }
    }

    /// `A: p`; `A.B: p` is `A: { B: p }`.
    fn subpattern(&mut self, node: Node<'t>) -> Option<FieldPattern> {
        let [place, inner] = *self.children(node) else { return None };
        let mut pattern = self.pattern(inner);
        let mut place = place;
        while place.kind() == "member_access_expression" {
            let name = place.field("name")?;
            let field = FieldPattern { name: self.name(name), name_span: self.span(name), pattern };
            pattern = Pattern::Record(None, vec![field]);
            place = place.field("expression")?;
        }
        Some(FieldPattern { name: self.name(place), name_span: self.span(place), pattern })
    }

    /// A name, or several in parentheses.
    pub(super) fn designation(&mut self, node: Node<'t>) -> Pattern {
        match node.kind() {
            "identifier" => self.bind(node),
            "parenthesized_variable_designation" | "tuple_pattern" => {
                let parts = self.children(node);
                Pattern::Tuple(
                    self.deeper(|lowerer| parts.into_iter().map(|part| lowerer.designation(part)).collect())
                        .unwrap_or_default(),
                )
            }
            _ => Pattern::Wild,
        }
    }

    /// `(var a, var b) = ..`, `var (a, b) = ..` as an assignment: new names, if all of them are new.
    pub(super) fn deconstructed(&mut self, node: Node<'t>) -> Option<Pattern> {
        if node.kind() == "declaration_expression" {
            let parts = self.child_of(node, "parenthesized_variable_designation")?;
            return Some(self.designation(parts));
        }
        if node.kind() != "tuple_expression" {
            return None;
        }
        let args = self.children_of(node, "argument");
        let inner: Vec<Node<'t>> = args.iter().filter_map(|arg| self.first_child(*arg)).collect();
        let is_new = |part: &Node<'t>| part.kind() == "declaration_expression" || self.text(*part) == "_";
        if inner.is_empty() || inner.len() != args.len() || !inner.iter().all(is_new) {
            return None;
        }
        let mut parts = Vec::with_capacity(inner.len());
        for part in inner {
            parts.push(match part.field("name") {
                Some(name) => self.bind(name),
                None => Pattern::Wild,
            });
        }
        Some(Pattern::Tuple(parts))
    }

    /// The pattern of a variable in a loop or a query.
    pub(super) fn loop_pattern(&mut self, node: Node<'t>, ty: Option<Type>) -> Pattern {
        match (self.designation(node), ty) {
            (Pattern::Bind(name, span, _), Some(ty)) => Pattern::Typed(ty, Some((Arc::clone(&name), span))),
            (pattern, _) => pattern,
        }
    }
}
