//! Destructuring.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::{Expr, ExprKind, FieldPattern, Pattern, Symbol};

impl Lowerer<'_> {
    /// What a declaration or parameter takes apart; its names can be seen from here on. What a part is
    /// where it is missing is left out.
    pub(super) fn pattern(&mut self, node: &js::BindingPattern<'_>) -> Pattern {
        self.deeper(|lowerer| lowerer.pattern_inner(node)).unwrap_or(Pattern::Wild)
    }

    /// The same where the value is known: parts of a tuple are taken by position.
    pub(super) fn pattern_for(&mut self, node: &js::BindingPattern<'_>, value: Option<&Expr>) -> Pattern {
        let pattern = self.pattern(node);
        let is_tuple = value.is_some_and(|value| match &value.kind {
            ExprKind::Tuple(_) => true,
            ExprKind::Await(inner) => matches!(inner.kind, ExprKind::Tuple(_)),
            _ => false,
        });
        match pattern {
            Pattern::List(parts) if is_tuple => Pattern::Tuple(parts),
            other => other,
        }
    }

    pub(super) fn optional_pattern(&mut self, node: Option<&js::BindingPattern<'_>>) -> Pattern {
        node.map_or(Pattern::Wild, |node| self.pattern(node))
    }

    fn pattern_inner(&mut self, node: &js::BindingPattern<'_>) -> Pattern {
        match node {
            js::BindingPattern::BindingIdentifier(id) => {
                let name: Arc<str> = Arc::from(id.name.as_str());
                self.names.declare(&name);
                Pattern::Bind(name, self.place(id.span), None)
            }
            js::BindingPattern::AssignmentPattern(pattern) => self.pattern(&pattern.left),
            js::BindingPattern::ArrayPattern(array) => {
                let mut parts: Vec<Pattern> =
                    array.elements.iter().map(|part| self.optional_pattern(part.as_ref())).collect();
                parts.extend(array.rest.as_ref().map(|rest| self.pattern(&rest.argument)));
                Pattern::List(parts)
            }
            js::BindingPattern::ObjectPattern(object) => {
                let mut fields: Vec<FieldPattern> = Vec::new();
                for property in &object.properties {
                    let pattern = self.pattern(&property.value);
                    let Some((name, name_span)) = self.key(&property.key) else { continue };
                    fields.push(FieldPattern { name, name_span, pattern });
                }
                let record = Pattern::Record(None::<Symbol>, fields);
                match object.rest.as_ref().map(|rest| self.pattern(&rest.argument)) {
                    // The rest is the object itself, as far as its fields are concerned.
                    Some(Pattern::Bind(name, span, None)) => Pattern::Bind(name, span, Some(Box::new(record))),
                    _ => record,
                }
            }
        }
    }
}
