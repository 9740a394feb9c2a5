//! JSX: a component is called with its properties, an element of the page only shows what it is given.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use super::names::Meaning;
use crate::model::ir::{Arg, Expr, ExprKind, FieldInit, Literal};

impl Lowerer<'_> {
    /// `<User name={name} {...rest}>..</User>`.
    pub(super) fn jsx_element(&mut self, node: &js::JSXElement<'_>) -> ExprKind {
        let component = self.component(&node.opening_element.name);
        let mut fields = Vec::new();
        let mut spreads = Vec::new();
        for attribute in &node.opening_element.attributes {
            match attribute {
                js::JSXAttributeItem::Attribute(attribute) => {
                    if let Some(field) = self.attribute(attribute) {
                        fields.push(field);
                    }
                }
                js::JSXAttributeItem::SpreadAttribute(spread) => spreads.push(self.expr(&spread.argument)),
            }
        }
        let children = self.children(&node.children);
        let Some(callee) = component else {
            return self.shown(fields, spreads, children);
        };
        let span = self.place(node.span);
        if !children.is_empty() {
            let value = Expr { kind: ExprKind::Fixme(children), span };
            fields.push(FieldInit { name: Some(Arc::from("children")), name_span: span, value });
        }
        let value = Expr { kind: self.construct(fields, spreads), span };
        let callee = Box::new(Expr { kind: callee, span: self.span(&node.opening_element.name) });
        let type_args = self.type_args(node.opening_element.type_arguments.as_deref());
        ExprKind::Call { callee, type_args, args: vec![Arg { name: None, value }] }
    }

    /// What an element of the page shows. What handles its events may run.
    fn shown(&self, fields: Vec<FieldInit>, spreads: Vec<Expr>, mut parts: Vec<Expr>) -> ExprKind {
        for field in fields {
            let is_event = field.name.as_deref().is_some_and(|name| name.starts_with("on"));
            let is_function = matches!(field.value.kind, ExprKind::Lambda(_));
            let span = field.value.span;
            parts.push(if is_event || is_function {
                let kind = ExprKind::Call { callee: Box::new(field.value), type_args: Vec::new(), args: Vec::new() };
                Expr { kind: ExprKind::OnEvent(Box::new(Expr { kind, span })), span }
            } else {
                field.value
            });
        }
        parts.extend(spreads);
        ExprKind::Fixme(parts)
    }

    /// What is called for an element; nothing for one of the page.
    fn component(&self, name: &js::JSXElementName<'_>) -> Option<ExprKind> {
        match name {
            js::JSXElementName::IdentifierReference(id) => Some(match self.names.value(id.name.as_str()) {
                Meaning::Local(name) => ExprKind::Local(name),
                Meaning::Global(symbol, _) => ExprKind::Global(symbol),
            }),
            js::JSXElementName::MemberExpression(member) => {
                let js::JSXMemberExpressionObject::IdentifierReference(object) = &member.object else { return None };
                match self.names.value(object.name.as_str()) {
                    Meaning::Global(symbol, _) => Some(ExprKind::Global(symbol.join(member.property.name.as_str()))),
                    Meaning::Local(_) => None,
                }
            }
            js::JSXElementName::Identifier(_)
            | js::JSXElementName::NamespacedName(_)
            | js::JSXElementName::ThisExpression(_) => None,
        }
    }

    fn attribute(&mut self, node: &js::JSXAttribute<'_>) -> Option<FieldInit> {
        let js::JSXAttributeName::Identifier(name) = &node.name else { return None };
        let span = self.place(node.span);
        let value = match &node.value {
            None => Expr { kind: ExprKind::Literal(Literal::Bool(true)), span },
            Some(js::JSXAttributeValue::StringLiteral(text)) => {
                let text = Arc::from(text.value.as_str());
                Expr { kind: ExprKind::Literal(Literal::Str(text)), span }
            }
            Some(js::JSXAttributeValue::ExpressionContainer(container)) => {
                self.expr(container.expression.as_expression()?)
            }
            Some(js::JSXAttributeValue::Element(element)) => {
                let kind = self.jsx_deeper(element);
                Expr { kind, span }
            }
            Some(js::JSXAttributeValue::Fragment(fragment)) => {
                let kind = self.jsx_children(&fragment.children);
                Expr { kind, span }
            }
        };
        Some(FieldInit { name: Some(Arc::from(name.name.as_str())), name_span: self.place(name.span), value })
    }

    fn jsx_deeper(&mut self, node: &js::JSXElement<'_>) -> ExprKind {
        match self.deeper(|lowerer| lowerer.jsx_element(node)) {
            Some(kind) => kind,
            None => self.fixme(node, "nesting", Vec::new()).kind,
        }
    }

    /// `<>..</>`.
    pub(super) fn jsx_children(&mut self, nodes: &[js::JSXChild<'_>]) -> ExprKind {
        ExprKind::Fixme(self.children(nodes))
    }

    fn children(&mut self, nodes: &[js::JSXChild<'_>]) -> Vec<Expr> {
        let mut children = Vec::new();
        for node in nodes {
            let child = match node {
                js::JSXChild::Text(_) => continue,
                js::JSXChild::Element(element) => {
                    let kind = self.jsx_deeper(element);
                    Expr { kind, span: self.place(element.span) }
                }
                js::JSXChild::Fragment(fragment) => {
                    let kind = self.deeper(|lowerer| lowerer.jsx_children(&fragment.children));
                    Expr { kind: kind.unwrap_or(ExprKind::Fixme(Vec::new())), span: self.place(fragment.span) }
                }
                js::JSXChild::ExpressionContainer(container) => match container.expression.as_expression() {
                    Some(value) => self.child_value(value),
                    None => continue,
                },
                js::JSXChild::Spread(spread) => self.expr(&spread.expression),
            };
            children.push(child);
        }
        children
    }

    /// A child; a function is called by the component that it is given to.
    fn child_value(&mut self, node: &js::Expression<'_>) -> Expr {
        let value = self.expr(node);
        if matches!(value.kind, ExprKind::Lambda(_)) { self.called(node, value) } else { value }
    }
}
