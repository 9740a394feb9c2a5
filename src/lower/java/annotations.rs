//! Annotations, with the names they have in their libraries.

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::tree::Field as _;
use crate::model::ir::{Annotation, Arg, Expr, ExprKind, Literal, Piece};

/// What stands before a declaration: annotations and words.
#[derive(Default)]
pub(super) struct Modifiers {
    pub(super) annotations: Vec<Annotation>,
    pub(super) is_static: bool,
    pub(super) is_final: bool,
    pub(super) is_transient: bool,
}

impl Modifiers {
    /// The annotation with a simple name, whichever library it is of.
    pub(super) fn find(&self, name: &str) -> Option<&Annotation> {
        self.annotations.iter().find(|annotation| annotation.name.name() == name)
    }

    /// Whether there is one with any of these simple names.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.find(name).is_some())
    }
}

/// The text that an annotation has as an argument; `value` if it has no name.
pub(super) fn text_argument<'a>(annotation: &'a Annotation, name: &str) -> Option<&'a str> {
    match &argument(annotation, name)?.kind {
        ExprKind::Literal(Literal::Str(text)) => Some(text),
        ExprKind::List(items) => items.iter().find_map(literal_text),
        _ => None,
    }
}

fn literal_text(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Literal::Str(text)) => Some(text),
        ExprKind::Template(pieces) => match pieces.as_slice() {
            [Piece::Text(text, _)] => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// An argument of an annotation.
pub(super) fn argument<'a>(annotation: &'a Annotation, name: &str) -> Option<&'a Expr> {
    let named = annotation.args.iter().find(|arg| match &arg.name {
        Some(given) => &**given == name,
        None => name == "value",
    });
    named.map(|arg| &arg.value)
}

impl<'t> Lowerer<'t> {
    /// What stands before a declaration.
    pub(super) fn modifiers(&mut self, declaration: Node<'t>) -> Modifiers {
        let mut found = Modifiers::default();
        let nodes: Vec<Node<'t>> = declaration.children(&mut self.cursor).collect();
        for node in nodes {
            match node.kind() {
                "modifiers" => self.read_modifiers(node, &mut found),
                "annotation" | "marker_annotation" => found.annotations.push(self.annotation(node)),
                _ => {}
            }
        }
        found
    }

    fn read_modifiers(&mut self, node: Node<'t>, found: &mut Modifiers) {
        let parts: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        for part in parts {
            match part.kind() {
                "annotation" | "marker_annotation" => found.annotations.push(self.annotation(part)),
                "static" => found.is_static = true,
                "final" => found.is_final = true,
                "transient" => found.is_transient = true,
                _ => {}
            }
        }
    }

    fn annotation(&mut self, node: Node<'t>) -> Annotation {
        let name = node.field("name").map(|name| self.type_name(name));
        let name = name.unwrap_or_else(|| self.names.own(""));
        let list = node.field("arguments");
        let args = list.map(|list| self.annotation_arguments(list)).unwrap_or_default();
        Annotation { name, args, span: self.span(node) }
    }

    fn annotation_arguments(&mut self, list: Node<'t>) -> Vec<Arg> {
        let mut args = Vec::new();
        for node in self.children(list) {
            let (name, value) = if node.kind() == "element_value_pair" {
                let name = node.field("key").map(|key| self.name(key));
                (name, node.field("value"))
            } else {
                (None, Some(node))
            };
            if let Some(value) = value {
                args.push(Arg { name, value: self.annotation_value(value) });
            }
        }
        args
    }

    /// A value of an annotation: an expression, a list, or another annotation, which is what its type
    /// makes of its arguments.
    pub(super) fn annotation_value(&mut self, node: Node<'t>) -> Expr {
        self.deeper(|lowerer| lowerer.annotation_value_here(node)).unwrap_or_else(|| self.fixme(node, Vec::new()))
    }

    fn annotation_value_here(&mut self, node: Node<'t>) -> Expr {
        match node.kind() {
            "element_value_array_initializer" => {
                let items = self.children(node).into_iter().map(|item| self.annotation_value(item)).collect();
                self.expr_at(node, ExprKind::List(items))
            }
            "annotation" | "marker_annotation" => {
                let Annotation { name, args, .. } = self.annotation(node);
                let callee = Box::new(self.expr_at(node, ExprKind::Global(name)));
                self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args })
            }
            _ => self.expr(node),
        }
    }
}
