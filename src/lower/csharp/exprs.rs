//! Expressions.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::{Meaning, Use};
use super::{Lowerer, THIS, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Literal, Op, Pattern, Stmt, StmtKind, Symbol, Type};
use crate::model::source::Span;

impl<'t> Lowerer<'t> {
    /// An expression.
    pub(super) fn expr(&mut self, node: Node<'t>) -> Expr {
        self.expr_as(node, &Type::Unknown)
    }

    /// An expression of which the type is known by what it is for: `T x = new();`.
    pub(super) fn expr_as(&mut self, node: Node<'t>, expected: &Type) -> Expr {
        // What is written in parentheses, or said not to be null, is the same without.
        let mut node = node;
        loop {
            let wraps = match node.kind() {
                "parenthesized_expression" | "checked_expression" | "ref_expression" | "expression_element" => true,
                "postfix_unary_expression" => self.has_token(node, "!"),
                _ => false,
            };
            if !wraps {
                break;
            }
            match self.first_child(node) {
                Some(inner) => node = inner,
                None => return self.fixme(node, Vec::new()),
            }
        }
        self.deeper(|lowerer| lowerer.expr_here(node, expected)).unwrap_or_else(|| self.fixme(node, Vec::new()))
    }

    /// The expression in a field of the grammar.
    pub(super) fn child(&mut self, node: Node<'t>, field: &str) -> Expr {
        self.child_as(node, field, &Type::Unknown)
    }

    fn child_as(&mut self, node: Node<'t>, field: &str, expected: &Type) -> Expr {
        match node.field(field) {
            Some(child) => self.expr_as(child, expected),
            None => self.fixme(node, Vec::new()),
        }
    }

    /// The only expression in a node.
    pub(super) fn inner(&mut self, node: Node<'t>) -> Expr {
        match self.first_child(node) {
            Some(child) => self.expr(child),
            None => self.fixme(node, Vec::new()),
        }
    }

    fn expr_here(&mut self, node: Node<'t>, expected: &Type) -> Expr {
        if let Some(literal) = self.literal(node) {
            return self.expr_at(node, literal);
        }
        let kind = match node.kind() {
            "identifier" => return self.identifier(node, Use::Value),
            "this" => ExprKind::Local(Arc::from(THIS)),
            "base" => return self.base_object(node),
            "interpolated_string_expression" => return self.template(node),
            "member_access_expression" => return self.member_access(node),
            "conditional_access_expression" => return self.conditional_access(node),
            "member_binding_expression" | "element_binding_expression" => return self.fixme(node, Vec::new()),
            "qualified_name" | "alias_qualified_name" | "generic_name" => match self.ty(node) {
                Type::Named(symbol, _) => ExprKind::Global(symbol),
                _ => return self.fixme(node, Vec::new()),
            },
            // `string.Join`: types that the language names are known by their long names.
            "predefined_type" => ExprKind::Global(Symbol::new(format!("System::{}", long_name(self.text(node))))),
            "element_access_expression" => return self.element_access(node),
            "invocation_expression" => return self.invocation(node),
            "object_creation_expression" => return self.creation(node),
            "implicit_object_creation_expression" => return self.target_typed(node, expected),
            "anonymous_object_creation_expression" => self.anonymous(node),
            "with_expression" => self.with(node),
            "array_creation_expression"
            | "implicit_array_creation_expression"
            | "stackalloc_expression"
            | "implicit_stackalloc_expression" => self.array(node),
            "collection_expression" => self.collection(node),
            "initializer_expression" => self.nested_initializer(node),
            "await_expression" => ExprKind::Await(Box::new(self.inner(node))),
            "lambda_expression" => {
                let body = node.field("body");
                ExprKind::Lambda(Box::new(self.lambda(node, body)))
            }
            "anonymous_method_expression" => {
                let body = self.child_of(node, "block");
                ExprKind::Lambda(Box::new(self.lambda(node, body)))
            }
            "query_expression" => return self.query(node),
            "conditional_expression" => {
                let cond = Box::new(self.child(node, "condition"));
                let then = value_block(self.child_as(node, "consequence", expected));
                let otherwise = Some(value_block(self.child_as(node, "alternative", expected)));
                ExprKind::If { cond, then, otherwise }
            }
            "switch_expression" => self.switch_expression(node, expected),
            "binary_expression" => self.binary(node, expected),
            "prefix_unary_expression" | "unary_expression" => return self.prefix(node),
            "postfix_unary_expression" | "assignment_expression" => return self.assigned(node),
            "is_pattern_expression" => {
                let value = Box::new(self.child(node, "expression"));
                let pattern = node.field("pattern").map(|pattern| self.pattern(pattern));
                ExprKind::Matches(pattern.unwrap_or(Pattern::Wild), value)
            }
            "is_expression" => {
                let value = Box::new(self.child(node, "left"));
                let ty = self.ty_in(node, "right").unwrap_or_default();
                ExprKind::Matches(Pattern::Typed(ty, None), value)
            }
            "as_expression" => {
                let value = Box::new(self.child(node, "left"));
                ExprKind::Cast(self.ty_in(node, "right").unwrap_or_default(), value)
            }
            "cast_expression" => {
                let ty = self.ty_in(node, "type").unwrap_or_default();
                ExprKind::Cast(ty.clone(), Box::new(self.child_as(node, "value", &ty)))
            }
            "tuple_expression" => {
                let args = self.children_of(node, "argument");
                ExprKind::Tuple(args.into_iter().map(|arg| self.arg(arg).value).collect())
            }
            "typeof_expression" => match self.ty_in(node, "type") {
                Some(Type::Named(symbol, _)) => ExprKind::Global(symbol),
                _ => ExprKind::Literal(Literal::Null),
            },
            "default_expression" => ExprKind::Literal(Literal::Null),
            "sizeof_expression" => ExprKind::Literal(Literal::Int(0)),
            "throw_expression" => ExprKind::Throw(vec![self.inner(node)]),
            "declaration_expression" => return self.declaration_expression(node),
            "range_expression" => {
                let ends = self.children(node);
                ExprKind::Tuple(ends.into_iter().map(|end| self.expr(end)).collect())
            }
            _ => return self.not_understood(node),
        };
        self.expr_at(node, kind)
    }

    /// A node that has no meaning here: what is understood inside is kept.
    fn not_understood(&mut self, node: Node<'t>) -> Expr {
        let mut understood = Vec::new();
        for child in self.children(node) {
            if child.kind().ends_with("_statement") || child.kind() == "block" {
                let block = self.scoped(|lowerer| lowerer.statements(&[child]));
                understood.push(self.expr_at(child, ExprKind::Block(block)));
            } else if child.kind().ends_with("_expression") {
                understood.push(self.expr(child));
            }
        }
        self.fixme(node, understood)
    }

    /// A name alone.
    pub(super) fn identifier(&mut self, node: Node<'t>, used: Use) -> Expr {
        let name = self.name(node);
        if &*name == "_" {
            return self.expr_at(node, ExprKind::Local(name));
        }
        let kind = match self.names.meaning(&name, used) {
            Meaning::Local => ExprKind::Local(name),
            Meaning::Own => {
                let name_span = self.span(node);
                ExprKind::Member { base: Box::new(self.this_at(node)), name, name_span }
            }
            Meaning::Global(symbol) => ExprKind::Global(symbol),
        };
        self.expr_at(node, kind)
    }

    /// `base`: the object, seen as what it derives from.
    fn base_object(&mut self, node: Node<'t>) -> Expr {
        let this = self.this_at(node);
        let open = self.bases.last().cloned().flatten();
        match open {
            Some(base) => self.expr_at(node, ExprKind::Cast(base, Box::new(this))),
            None => this,
        }
    }

    /// `a.b`: a member of a value, of a type, or a name of a namespace.
    fn member_access(&mut self, node: Node<'t>) -> Expr {
        let (Some(operand), Some(name)) = (node.field("expression"), node.field("name")) else {
            return self.fixme(node, Vec::new());
        };
        let (name, name_span) = self.member_name(name);
        if self.is_waited_for(operand, &name) {
            let task = Box::new(self.expr(operand));
            return self.expr_at(node, ExprKind::Await(task));
        }
        if let Some(symbol) = self.qualifier(operand) {
            return self.expr_at(node, ExprKind::Global(symbol.join(&name)));
        }
        let base = match operand.kind() {
            "identifier" => self.identifier(operand, Use::Qualifier),
            _ => self.expr(operand),
        };
        self.expr_at(node, ExprKind::Member { base: Box::new(base), name, name_span })
    }

    /// A name without its type arguments.
    fn member_name(&mut self, node: Node<'t>) -> (Arc<str>, Span) {
        let name = if node.kind() == "generic_name" { self.first_child(node).unwrap_or(node) } else { node };
        (self.name(name), self.span(name))
    }

    /// What stands before a dot, if it is a type or namespace: `Environment`, `System.Text.Encoding`,
    /// `global::Shop.Cart`. A type is one name, unless the file knows better.
    fn qualifier(&mut self, node: Node<'t>) -> Option<Symbol> {
        match node.kind() {
            "identifier" => match self.names.meaning(self.text(node), Use::Qualifier) {
                Meaning::Global(symbol) => {
                    let name = self.text(node);
                    let is_known = self.names.declared_type(name).is_some() || self.names.aliased(name).is_some();
                    let namespace = self.names.namespace_of(name).filter(|_| !is_known);
                    let is_value = self.names.is_static_member(&symbol) || name.starts_with(char::is_lowercase);
                    namespace.or((!is_value).then_some(symbol))
                }
                Meaning::Local | Meaning::Own => None,
            },
            "predefined_type" => Some(Symbol::new(format!("System::{}", long_name(self.text(node))))),
            "generic_name" => self.ty(node).symbol().cloned(),
            "alias_qualified_name" => self.path(node),
            "member_access_expression" => {
                let outer = self.qualifier(node.field("expression")?)?;
                let name = node.field("name")?;
                let symbol = outer.join(&self.member_name(name).0);
                let goes_on = self.names.is_namespace(&outer) || self.names.is_type(&symbol) || self.is_rooted(node);
                goes_on.then_some(symbol)
            }
            _ => None,
        }
    }

    /// Whether a path begins with `global::`: namespaces and a type follow.
    fn is_rooted(&self, node: Node<'t>) -> bool {
        self.text(node).starts_with("global::")
    }

    /// `a?.b`, `a?[i]`: as if it were `a.b`.
    fn conditional_access(&mut self, node: Node<'t>) -> Expr {
        let condition = node.field("condition");
        let binding = self.children(node).into_iter().find(|child| Some(*child) != condition);
        let (Some(condition), Some(binding)) = (condition, binding) else { return self.fixme(node, Vec::new()) };
        let base = Box::new(self.expr(condition));
        match (binding.kind(), binding.field("name")) {
            ("member_binding_expression", Some(name)) => {
                let (name, name_span) = self.member_name(name);
                self.expr_at(node, ExprKind::Member { base, name, name_span })
            }
            ("element_binding_expression", _) => self.indexed(node, *base, binding),
            _ => self.fixme(node, vec![*base]),
        }
    }

    fn element_access(&mut self, node: Node<'t>) -> Expr {
        let base = self.child(node, "expression");
        match node.field("subscript") {
            Some(subscript) => self.indexed(node, base, subscript),
            None => base,
        }
    }

    /// `base[index]`; a part of a list is the list.
    fn indexed(&mut self, node: Node<'t>, base: Expr, subscript: Node<'t>) -> Expr {
        let args = self.children_of(subscript, "argument");
        let Some(arg) = args.first().copied() else { return base };
        if self.child_of(arg, "range_expression").is_some() {
            return base;
        }
        let index = Box::new(self.arg(arg).value);
        self.expr_at(node, ExprKind::Index { base: Box::new(base), index })
    }

    fn binary(&mut self, node: Node<'t>, expected: &Type) -> ExprKind {
        let sign = node.field("operator").map_or("", |sign| self.text(sign));
        let op = op(sign);
        let hint = if op == Op::Coalesce { expected } else { &Type::Unknown };
        let left = Box::new(self.child_as(node, "left", hint));
        let right = Box::new(self.child_as(node, "right", hint));
        ExprKind::Binary(op, left, right)
    }

    fn prefix(&mut self, node: Node<'t>) -> Expr {
        let sign = self.text.get(node.byte_range()).unwrap_or_default();
        if sign.starts_with("++") || sign.starts_with("--") {
            return self.assigned(node);
        }
        let inner = self.inner(node);
        let kind = match (sign.chars().next(), inner.kind) {
            (Some('-'), ExprKind::Literal(Literal::Int(number))) => {
                ExprKind::Literal(Literal::Int(number.saturating_neg()))
            }
            (Some('-'), ExprKind::Literal(Literal::Float(number))) => ExprKind::Literal(Literal::Float(-number)),
            (Some('+' | '*' | '&'), kind) => kind,
            (sign, kind) => {
                let op = match sign {
                    Some('-') => Op::Neg,
                    Some('!') => Op::Not,
                    _ => Op::Other,
                };
                ExprKind::Unary(op, Box::new(Expr { kind, span: inner.span }))
            }
        };
        self.expr_at(node, kind)
    }

    /// `a = b`, `a += b`, `a++` as a value: it is set, and its place gives the value.
    fn assigned(&mut self, node: Node<'t>) -> Expr {
        let Some(kind) = self.assignment(node) else { return self.not_understood(node) };
        let place = node.field("left").or_else(|| self.first_child(node));
        let place = place.filter(|place| is_plain(*place)).map(|place| Box::new(self.expr(place)));
        let stmts = vec![self.stmt_at(node, kind)];
        self.expr_at(node, ExprKind::Block(Block { stmts, tail: place }))
    }

    /// An assignment of any kind.
    pub(super) fn assignment(&mut self, node: Node<'t>) -> Option<StmtKind> {
        if node.kind() != "assignment_expression" {
            let source = self.text.get(node.byte_range())?;
            let op = match () {
                () if source.starts_with("++") || source.ends_with("++") => Op::Add,
                () if source.starts_with("--") || source.ends_with("--") => Op::Sub,
                () => return None,
            };
            let target = self.inner(node);
            let value = self.expr_at(node, ExprKind::Literal(Literal::Int(1)));
            return Some(StmtKind::Assign { target, op: Some(op), value });
        }
        let left = node.field("left")?;
        let sign = node.field("operator").map_or("=", |sign| self.text(sign));
        let value = self.child(node, "right");
        if let Some(pattern) = self.deconstructed(left) {
            return Some(StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None });
        }
        let target = self.expr(left);
        let op = sign.strip_suffix('=').filter(|sign| !sign.is_empty()).map(op);
        Some(StmtKind::Assign { target, op, value })
    }

    /// `out var x` and the like: the name is declared before the statement that is open.
    fn declaration_expression(&mut self, node: Node<'t>) -> Expr {
        let Some(name) = node.field("name") else { return self.fixme(node, Vec::new()) };
        let ty = self.ty_in(node, "type");
        let pattern = self.bind(name);
        let declared = StmtKind::Let { pattern, ty, value: None, otherwise: None };
        let declared: Stmt = self.stmt_at(node, declared);
        self.declared.push(declared);
        self.expr_at(node, ExprKind::Local(self.name(name)))
    }
}

/// Whether a place can be written twice: a name, or a member of the object itself.
fn is_plain(node: Node<'_>) -> bool {
    let operand = node.field("expression").map(|operand| operand.kind());
    match node.kind() {
        "identifier" => true,
        "member_access_expression" => matches!(operand, Some("this" | "identifier")),
        _ => false,
    }
}

/// The name in `System` of a type that the language has a word for.
fn long_name(word: &str) -> &str {
    match word {
        "string" => "String",
        "object" => "Object",
        "bool" => "Boolean",
        "char" => "Char",
        "int" => "Int32",
        "long" => "Int64",
        "double" => "Double",
        "decimal" => "Decimal",
        other => other,
    }
}

/// An operator by its sign.
pub(super) fn op(sign: &str) -> Op {
    match sign {
        "+" => Op::Add,
        "-" => Op::Sub,
        "*" => Op::Mul,
        "/" => Op::Div,
        "==" => Op::Eq,
        "!=" => Op::Ne,
        "<" => Op::Lt,
        "<=" => Op::Le,
        ">" => Op::Gt,
        ">=" => Op::Ge,
        "&&" => Op::And,
        "||" => Op::Or,
        "??" => Op::Coalesce,
        _ => Op::Other,
    }
}
