//! What is made: objects, lists, dictionaries, with what stands in their braces.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Block, Expr, ExprKind, FieldInit, Literal, Pattern, Stmt, StmtKind, Type};

/// The variable that an object has while the braces behind it are run. No other can be called so.
const MADE: &str = "new";

/// An element in braces.
enum Element<'t> {
    /// `Name = value`
    Field(Node<'t>, Node<'t>),
    /// `[key] = value`
    Entry(Node<'t>, Node<'t>),
    /// `{ key, value }`
    Pair(Node<'t>, Node<'t>),
    /// `value`
    Item(Node<'t>),
}

impl<'t> Lowerer<'t> {
    /// `new T(..) { .. }`.
    pub(super) fn creation(&mut self, node: Node<'t>) -> Expr {
        let ty = self.ty_in(node, "type").unwrap_or_default();
        let args = node.field("arguments");
        let braces = node.field("initializer");
        self.made(node, &ty, args, braces)
    }

    /// `new(..) { .. }`: of the type that is wanted.
    pub(super) fn target_typed(&mut self, node: Node<'t>, expected: &Type) -> Expr {
        let args = self.child_of(node, "argument_list");
        let braces = self.child_of(node, "initializer_expression");
        self.made(node, &expected.peeled().clone(), args, braces)
    }

    fn made(&mut self, node: Node<'t>, ty: &Type, args: Option<Node<'t>>, braces: Option<Node<'t>>) -> Expr {
        let args = args.map(|list| self.args(list)).unwrap_or_default();
        let elements = braces.map(|braces| self.elements(braces)).unwrap_or_default();
        let kind = match ty {
            Type::List(item) => self.list_of(node, ty, item, args, &elements),
            Type::Bytes => self.list_of(node, ty, &Type::Number, args, &elements),
            Type::Map(value) => {
                let spread = args.into_iter().next().map(|arg| Box::new(arg.value));
                ExprKind::Construct { ty: Some(ty.clone()), fields: self.entries(&elements, value), spread }
            }
            Type::Named(symbol, type_args) => {
                let callee = Box::new(self.expr_at(node, ExprKind::Global(symbol.clone())));
                let is_plain = !elements.iter().any(|element| self.adds(element));
                if braces.is_some() && args.is_empty() && is_plain {
                    let fields = self.entries(&elements, &Type::Unknown);
                    ExprKind::Construct { ty: Some(ty.clone()), fields, spread: None }
                } else {
                    let call = ExprKind::Call { callee, type_args: type_args.clone(), args };
                    let call = self.expr_at(node, call);
                    return if elements.is_empty() { call } else { self.filled(node, call, &elements) };
                }
            }
            _ => {
                let unnamed = |arg: Arg| FieldInit { name: arg.name, name_span: arg.value.span, value: arg.value };
                let mut fields: Vec<FieldInit> = args.into_iter().map(unnamed).collect();
                fields.extend(self.entries(&elements, &Type::Unknown));
                ExprKind::Construct { ty: None, fields, spread: None }
            }
        };
        self.expr_at(node, kind)
    }

    /// Whether an element is added by a method of what is made, or of one of its members.
    fn adds(&mut self, element: &Element<'t>) -> bool {
        match element {
            Element::Pair(..) | Element::Item(_) => true,
            Element::Field(_, value) if value.kind() == "initializer_expression" => {
                self.elements(*value).iter().any(|inner| matches!(inner, Element::Pair(..)))
            }
            Element::Field(..) | Element::Entry(..) => false,
        }
    }

    fn list_of(
        &mut self,
        node: Node<'t>,
        ty: &Type,
        item: &Type,
        mut args: Vec<Arg>,
        elements: &[Element<'t>],
    ) -> ExprKind {
        // `new List<T>(others)`; a number alone is how many there is room for.
        if elements.is_empty()
            && let Some(arg) = args.pop()
            && !matches!(arg.value.kind, ExprKind::Literal(Literal::Int(_)))
        {
            return ExprKind::Cast(ty.clone(), Box::new(arg.value));
        }
        let items = elements.iter().map(|element| self.item(element, item)).collect();
        let items = self.expr_at(node, ExprKind::List(items));
        ExprKind::Cast(ty.clone(), Box::new(items))
    }

    fn item(&mut self, element: &Element<'t>, ty: &Type) -> Expr {
        match element {
            Element::Item(value) | Element::Field(_, value) | Element::Entry(_, value) => self.expr_as(*value, ty),
            Element::Pair(key, value) => {
                let pair = vec![self.expr(*key), self.expr(*value)];
                self.expr_at(*key, ExprKind::Tuple(pair))
            }
        }
    }

    /// The elements of braces.
    fn elements(&mut self, braces: Node<'t>) -> Vec<Element<'t>> {
        let children = self.children(braces);
        children.into_iter().map(|child| self.element(child)).collect()
    }

    fn element(&mut self, node: Node<'t>) -> Element<'t> {
        if node.kind() == "assignment_expression"
            && let (Some(left), Some(right)) = (node.field("left"), node.field("right"))
        {
            return match left.kind() {
                "identifier" => Element::Field(left, right),
                _ => Element::Entry(left, right),
            };
        }
        if node.kind() == "initializer_expression"
            && let [key, value] = *self.children(node)
        {
            return Element::Pair(key, value);
        }
        Element::Item(node)
    }

    /// Fields of a literal. An item of a list that is no field has no name.
    fn entries(&mut self, elements: &[Element<'t>], ty: &Type) -> Vec<FieldInit> {
        let mut fields = Vec::with_capacity(elements.len());
        for element in elements {
            let (name, place, value) = match element {
                Element::Field(name, value) => (Some(self.name(*name)), *name, *value),
                Element::Entry(key, value) | Element::Pair(key, value) => (self.constant_key(*key), *key, *value),
                Element::Item(value) => (None, *value, *value),
            };
            fields.push(FieldInit { name, name_span: self.span(place), value: self.expr_as(value, ty) });
        }
        fields
    }

    /// The text of a key: a literal, or `["literal"]`.
    fn constant_key(&mut self, node: Node<'t>) -> Option<Arc<str>> {
        let mut node = node;
        while matches!(node.kind(), "element_binding_expression" | "argument" | "bracketed_argument_list") {
            node = self.first_child(node)?;
        }
        match self.literal(node) {
            Some(ExprKind::Literal(Literal::Str(text))) => Some(text),
            _ => None,
        }
    }

    /// Braces inside of braces: `Items = { a, b }`, `Header = { Name = x }`.
    pub(super) fn nested_initializer(&mut self, node: Node<'t>) -> ExprKind {
        let elements = self.elements(node);
        if elements.iter().all(|element| matches!(element, Element::Item(_))) {
            return ExprKind::List(elements.iter().map(|element| self.item(element, &Type::Unknown)).collect());
        }
        ExprKind::Construct { ty: None, fields: self.entries(&elements, &Type::Unknown), spread: None }
    }

    /// An object that is made by a call and then filled: `{ var made = ..; made.A = 1; made }`.
    fn filled(&mut self, node: Node<'t>, made: Expr, elements: &[Element<'t>]) -> Expr {
        let span = made.span;
        let name: Arc<str> = Arc::from(MADE);
        let pattern = Pattern::Bind(Arc::clone(&name), span, None);
        let place = Expr { kind: ExprKind::Local(name), span };
        let mut stmts =
            vec![Stmt { kind: StmtKind::Let { pattern, ty: None, value: Some(made), otherwise: None }, span }];
        self.fill(&place, elements, &mut stmts);
        let block = Block { stmts, tail: Some(Box::new(place)) };
        self.expr_at(node, ExprKind::Block(block))
    }

    fn fill(&mut self, place: &Expr, elements: &[Element<'t>], stmts: &mut Vec<Stmt>) {
        for element in elements {
            let (at, kind) = match element {
                Element::Field(name, value) => {
                    let base = Box::new(place.clone());
                    let member = ExprKind::Member { base, name: self.name(*name), name_span: self.span(*name) };
                    let member = self.expr_at(*name, member);
                    if value.kind() == "initializer_expression" {
                        let inner = self.elements(*value);
                        self.deeper(|lowerer| lowerer.fill(&member, &inner, stmts));
                        continue;
                    }
                    (*value, StmtKind::Assign { target: member, op: None, value: self.expr(*value) })
                }
                Element::Entry(key, value) => {
                    let index = match self.constant_key(*key) {
                        Some(text) => self.expr_at(*key, ExprKind::Literal(Literal::Str(text))),
                        None => self.first_argument(*key),
                    };
                    let base = Box::new(place.clone());
                    let target = self.expr_at(*key, ExprKind::Index { base, index: Box::new(index) });
                    (*value, StmtKind::Assign { target, op: None, value: self.expr(*value) })
                }
                Element::Pair(key, value) => {
                    let args = vec![self.expr(*key), self.expr(*value)];
                    (*key, self.added(*key, place, args))
                }
                Element::Item(value) => {
                    let args = vec![self.expr(*value)];
                    (*value, self.added(*value, place, args))
                }
            };
            stmts.push(self.stmt_at(at, kind));
        }
    }

    fn first_argument(&mut self, node: Node<'t>) -> Expr {
        match self.first_child(node) {
            Some(arg) if arg.kind() == "argument" => self.arg(arg).value,
            _ => self.fixme(node, Vec::new()),
        }
    }

    /// `place.Add(..)`.
    fn added(&mut self, at: Node<'t>, place: &Expr, args: Vec<Expr>) -> StmtKind {
        let name_span = self.span(at);
        let callee = ExprKind::Member { base: Box::new(place.clone()), name: Arc::from("Add"), name_span };
        let callee = Box::new(self.expr_at(at, callee));
        let args = args.into_iter().map(|value| Arg { name: None, value }).collect();
        StmtKind::Expr(self.expr_at(at, ExprKind::Call { callee, type_args: Vec::new(), args }))
    }

    /// `new { Name = x, y, a.Z }`: a member is called as it is written, or like what it is.
    pub(super) fn anonymous(&mut self, node: Node<'t>) -> ExprKind {
        let mut fields = Vec::new();
        let mut name: Option<Node<'t>> = None;
        let parts: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let mut parts = parts.into_iter().peekable();
        while let Some(part) = parts.next() {
            if !super::counts(part) {
                continue;
            }
            if parts.next_if(|next| next.kind() == "=").is_some() {
                name = Some(part);
                continue;
            }
            let named = name.take().or_else(|| self.last_name(part));
            let value = self.expr(part);
            let name_span = named.map_or(value.span, |named| self.span(named));
            fields.push(FieldInit { name: named.map(|named| self.name(named)), name_span, value });
        }
        ExprKind::Construct { ty: None, fields, spread: None }
    }

    /// The name that a projection is called by: `a.B` is `B`.
    fn last_name(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        match node.kind() {
            "identifier" => Some(node),
            "member_access_expression" => node.field("name"),
            "conditional_access_expression" => {
                self.child_of(node, "member_binding_expression").and_then(|binding| binding.field("name"))
            }
            _ => None,
        }
    }

    /// `base with { A = 1 }`.
    pub(super) fn with(&mut self, node: Node<'t>) -> ExprKind {
        let spread = Some(Box::new(self.inner(node)));
        let mut fields = Vec::new();
        for initializer in self.children_of(node, "with_initializer") {
            let [name, value] = *self.children(initializer) else { continue };
            fields.push(FieldInit { name: Some(self.name(name)), name_span: self.span(name), value: self.expr(value) });
        }
        ExprKind::Construct { ty: None, fields, spread }
    }

    /// `new T[] { .. }`, `new[] { .. }`, `new T[n]`.
    pub(super) fn array(&mut self, node: Node<'t>) -> ExprKind {
        let ty = self.ty_in(node, "type").unwrap_or_default();
        let braces = self.child_of(node, "initializer_expression");
        let item = if let Type::List(item) = &ty { (**item).clone() } else { Type::Unknown };
        let mut elements = braces.map(|braces| self.children(braces)).unwrap_or_default();
        if ty == Type::Bytes {
            // Tables of bytes can be huge, and say nothing.
            elements.retain(|element| element.kind() != "integer_literal");
        }
        let items = ExprKind::List(elements.into_iter().map(|element| self.expr_as(element, &item)).collect());
        if ty == Type::Unknown { items } else { ExprKind::Cast(ty, Box::new(self.expr_at(node, items))) }
    }

    /// `[a, ..b]`.
    pub(super) fn collection(&mut self, node: Node<'t>) -> ExprKind {
        let mut items = Vec::new();
        for element in self.children_of(node, "collection_element") {
            let Some(inner) = self.first_child(element) else { continue };
            let value = self.inner(inner);
            let is_spread = inner.kind() == "spread_element";
            items.push(if is_spread { self.expr_at(inner, ExprKind::Spread(Box::new(value))) } else { value });
        }
        ExprKind::List(items)
    }
}
