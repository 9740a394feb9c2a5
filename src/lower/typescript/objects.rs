//! Object and array literals, templates, and places that are assigned to.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::Lowerer;
use crate::model::ir::{Expr, ExprKind, FieldInit, Literal, Op, Piece, Stmt, StmtKind};

impl Lowerer<'_> {
    /// `{ a: 1, b, ...c, [d]: 2, e() {} }`.
    pub(super) fn object(&mut self, node: &js::ObjectExpression<'_>) -> ExprKind {
        let mut fields = Vec::new();
        let mut spreads = Vec::new();
        for property in &node.properties {
            match property {
                js::ObjectPropertyKind::SpreadProperty(spread) => spreads.push(self.expr(&spread.argument)),
                js::ObjectPropertyKind::ObjectProperty(property) => self.entry(property, &mut fields),
            }
        }
        self.construct(fields, spreads)
    }

    fn entry(&mut self, property: &js::ObjectProperty<'_>, fields: &mut Vec<FieldInit>) {
        let mut name = self.key(&property.key).map(|(name, _)| name);
        if name.is_none()
            && let Some(key) = property.key.as_expression()
        {
            let computed = self.expr(key);
            if let ExprKind::Literal(Literal::Str(text)) = &computed.kind {
                name = Some(Arc::clone(text));
            } else {
                fields.push(FieldInit { name: None, name_span: computed.span, value: computed });
            }
        }
        let value = self.expr(&property.value);
        fields.push(FieldInit { name, name_span: self.span(&property.key), value });
    }

    /// An object of entries and of others whose entries it takes over.
    pub(super) fn construct(&self, fields: Vec<FieldInit>, spreads: Vec<Expr>) -> ExprKind {
        // Several of them are one value, in their order.
        let spread = match <[Expr; 1]>::try_from(spreads) {
            Ok([only]) => Some(Box::new(only)),
            Err(all) => all
                .first()
                .map(|first| first.span)
                .zip(all.last().map(|last| last.span))
                .map(|(first, last)| Box::new(Expr { span: first.to(last), kind: ExprKind::Tuple(all) })),
        };
        ExprKind::Construct { ty: None, fields, spread }
    }

    /// `[a, ...b]`.
    pub(super) fn array(&mut self, node: &js::ArrayExpression<'_>) -> ExprKind {
        let mut items = Vec::with_capacity(node.elements.len());
        for element in &node.elements {
            match element {
                js::ArrayExpressionElement::SpreadElement(spread) => items.push(self.spread(spread)),
                js::ArrayExpressionElement::Elision(_) => {}
                other => items.extend(other.as_expression().map(|element| self.expr(element))),
            }
        }
        ExprKind::List(items)
    }

    pub(super) fn spread(&mut self, node: &js::SpreadElement<'_>) -> Expr {
        let inner = Box::new(self.expr(&node.argument));
        self.expr_at(node, ExprKind::Spread(inner))
    }

    /// Text with holes; without any it is a literal.
    pub(super) fn template(&mut self, node: &js::TemplateLiteral<'_>) -> ExprKind {
        let mut pieces = Vec::new();
        let mut holes = node.expressions.iter();
        for text in &node.quasis {
            let cooked = text.value.cooked.as_ref().unwrap_or(&text.value.raw);
            if !cooked.is_empty() {
                pieces.push(Piece::Text(Arc::from(cooked.as_str()), self.place(text.span)));
            }
            pieces.extend(holes.next().map(|hole| Piece::Hole(self.expr(hole))));
        }
        match pieces.as_slice() {
            [] => ExprKind::Literal(Literal::Str(Arc::from(""))),
            [Piece::Text(text, _)] => ExprKind::Literal(Literal::Str(Arc::clone(text))),
            _ => ExprKind::Template(pieces),
        }
    }

    /// A place that is assigned to.
    pub(super) fn target(&mut self, node: &js::AssignmentTarget<'_>) -> Expr {
        match node {
            js::AssignmentTarget::AssignmentTargetIdentifier(id) => {
                let kind = self.identifier(id.name.as_str());
                self.expr_at(&**id, kind)
            }
            js::AssignmentTarget::TSAsExpression(cast) => self.expr(&cast.expression),
            js::AssignmentTarget::TSSatisfiesExpression(cast) => self.expr(&cast.expression),
            js::AssignmentTarget::TSNonNullExpression(cast) => self.expr(&cast.expression),
            js::AssignmentTarget::TSTypeAssertion(cast) => self.expr(&cast.expression),
            js::AssignmentTarget::ArrayAssignmentTarget(array) => {
                let targets = array.elements.iter().flatten().filter_map(maybe_default);
                let targets: Vec<Expr> = targets.map(|target| self.target(target)).collect();
                self.expr_at(&**array, ExprKind::Tuple(targets))
            }
            js::AssignmentTarget::ObjectAssignmentTarget(object) => {
                self.expr_at(&**object, ExprKind::Tuple(Vec::new()))
            }
            other => match other.as_member_expression() {
                Some(member) => self.member_place(member),
                None => self.fixme(other, "assignment", Vec::new()),
            },
        }
    }

    /// `a = b`, `a += b`, `({ a, b: c.d } = e)`.
    pub(super) fn assignment(&mut self, node: &js::AssignmentExpression<'_>, stmts: &mut Vec<Stmt>) {
        if let js::AssignmentTarget::ObjectAssignmentTarget(object) = &node.left {
            let value = self.expr(&node.right);
            return self.assign_parts(object, value, stmts);
        }
        // `a = b = c` sets both.
        if let js::Expression::AssignmentExpression(inner) = &node.right
            && node.operator == js::AssignmentOperator::Assign
        {
            let lowered = self.deeper(|lowerer| lowerer.assignment(inner, stmts));
            let value = lowered.map(|()| self.target(&inner.left));
            let value = value.unwrap_or_else(|| self.fixme(&**inner, "nesting", Vec::new()));
            let target = self.target(&node.left);
            stmts.push(self.stmt_at(node, StmtKind::Assign { target, op: None, value }));
            return;
        }
        let target = self.target(&node.left);
        let value = self.expr(&node.right);
        let (op, value) = match node.operator {
            js::AssignmentOperator::Assign | js::AssignmentOperator::LogicalAnd => (None, value),
            js::AssignmentOperator::LogicalOr | js::AssignmentOperator::LogicalNullish => {
                let kind = ExprKind::Binary(Op::Coalesce, Box::new(target.clone()), Box::new(value));
                (None, self.expr_at(node, kind))
            }
            js::AssignmentOperator::Addition => (Some(Op::Add), value),
            js::AssignmentOperator::Subtraction => (Some(Op::Sub), value),
            js::AssignmentOperator::Multiplication => (Some(Op::Mul), value),
            js::AssignmentOperator::Division => (Some(Op::Div), value),
            _ => (Some(Op::Other), value),
        };
        stmts.push(self.stmt_at(node, StmtKind::Assign { target, op, value }));
    }

    fn assign_parts(&mut self, object: &js::ObjectAssignmentTarget<'_>, value: Expr, stmts: &mut Vec<Stmt>) {
        for property in &object.properties {
            let (name, name_span, target) = match property {
                js::AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(property) => {
                    let kind = self.identifier(property.binding.name.as_str());
                    let name: Arc<str> = Arc::from(property.binding.name.as_str());
                    (name, self.place(property.binding.span), self.expr_at(&property.binding, kind))
                }
                js::AssignmentTargetProperty::AssignmentTargetPropertyProperty(property) => {
                    let Some((name, span)) = self.key(&property.name) else { continue };
                    let Some(target) = maybe_default(&property.binding) else { continue };
                    (name, span, self.target(target))
                }
            };
            let part = ExprKind::Member { base: Box::new(value.clone()), name, name_span };
            let part = Expr { kind: part, span: name_span };
            stmts.push(Stmt { kind: StmtKind::Assign { target, op: None, value: part }, span: name_span });
        }
    }

    /// `i++`.
    pub(super) fn update(&mut self, node: &js::UpdateExpression<'_>) -> StmtKind {
        let target = match &node.argument {
            js::SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => {
                let kind = self.identifier(id.name.as_str());
                self.expr_at(&**id, kind)
            }
            other => match other.as_member_expression() {
                Some(member) => self.member_place(member),
                None => self.fixme(other, "update", Vec::new()),
            },
        };
        let op = if node.operator == js::UpdateOperator::Increment { Op::Add } else { Op::Sub };
        let value = self.expr_at(node, ExprKind::Literal(Literal::Int(1)));
        StmtKind::Assign { target, op: Some(op), value }
    }

    /// `a[b]`, `a.b` as a place.
    fn member_place(&mut self, node: &js::MemberExpression<'_>) -> Expr {
        let kind = self.deeper(|lowerer| lowerer.member(node));
        match kind {
            Some(kind) => self.expr_at(node, kind),
            None => self.fixme(node, "nesting", Vec::new()),
        }
    }
}

/// The place in `place = default`.
fn maybe_default<'n, 'a>(node: &'n js::AssignmentTargetMaybeDefault<'a>) -> Option<&'n js::AssignmentTarget<'a>> {
    match node {
        js::AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(target) => Some(&target.binding),
        other => other.as_assignment_target(),
    }
}
