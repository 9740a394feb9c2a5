//! Lambdas and method references.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use super::names::Local;
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Block, Expr, ExprKind, Lambda, Param, Pattern, Symbol, Type};

/// Static methods of the library that are often given by name; all others of other classes are
/// methods of the value.
const STATIC: [&str; 22] = [
    "asList",
    "compare",
    "copyOf",
    "create",
    "empty",
    "equals",
    "format",
    "get",
    "hash",
    "isNull",
    "just",
    "max",
    "min",
    "nonNull",
    "nullsFirst",
    "of",
    "ofNullable",
    "parse",
    "requireNonNull",
    "stream",
    "sum",
    "unmodifiableList",
];

impl<'t> Lowerer<'t> {
    /// `(a, b) -> body`.
    pub(super) fn lambda(&mut self, node: Node<'t>) -> Lambda {
        self.scoped(|lowerer| {
            let params = lowerer.lambda_params(node);
            let body = match node.field("body") {
                Some(body) if body.kind() == "block" => lowerer.function_body(body),
                Some(body) => lowerer.lambda_value(body),
                None => Block::default(),
            };
            Lambda { params, ret: Type::Unknown, body }
        })
    }

    fn lambda_params(&mut self, node: Node<'t>) -> Vec<Param> {
        let Some(list) = node.field("parameters") else { return Vec::new() };
        match list.kind() {
            "identifier" => vec![Param::new(self.bind(list), Type::Unknown)],
            "inferred_parameters" => {
                self.children(list).into_iter().map(|name| Param::new(self.bind(name), Type::Unknown)).collect()
            }
            _ => self.children(list).into_iter().filter_map(|param| self.parameter(param)).collect(),
        }
    }

    /// `a -> b = a` is a statement, any other expression the value.
    fn lambda_value(&mut self, body: Node<'t>) -> Block {
        if matches!(body.kind(), "assignment_expression" | "update_expression") {
            let kind = self.effect(body);
            return Block { stmts: vec![self.stmt_at(body, kind)], tail: None };
        }
        Block { stmts: Vec::new(), tail: Some(Box::new(self.expr(body))) }
    }

    /// `value::name`, `Type::name`, `Type::new`.
    pub(super) fn method_reference(&mut self, node: Node<'t>) -> Expr {
        let parts: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let (Some(base), Some(name)) = (parts.first().copied(), parts.last().copied()) else {
            return self.fixme(node, Vec::new());
        };
        if name.kind() == "new" {
            return match base.kind() {
                // `String[]::new` makes an empty array.
                "array_type" => self.expr_at(node, ExprKind::List(Vec::new())),
                _ => {
                    let ty = self.type_name(base);
                    self.expr_at(node, ExprKind::Global(ty))
                }
            };
        }
        let is_type = match base.kind() {
            "identifier" | "field_access" => self.type_of_chain(base).is_some(),
            kind => kind.contains("type"),
        };
        if is_type {
            let ty = self.type_of_chain(base).unwrap_or_else(|| self.type_name(base));
            return self.type_method(node, base, name, ty);
        }
        if is_setter(self.text(name)) && !matches!(base.kind(), "this" | "super") {
            return self.setter_reference(node, base, name);
        }
        let base = Box::new(self.expr(base));
        let (name, name_span) = (self.name(name), self.span(name));
        self.expr_at(node, ExprKind::Member { base, name, name_span })
    }

    /// `builder::setName`: what it is given is set there.
    fn setter_reference(&mut self, node: Node<'t>, base: Node<'t>, name: Node<'t>) -> Expr {
        let owner = Box::new(self.expr(base));
        let (name, name_span) = (self.name(name), self.span(name));
        let callee = Box::new(self.expr_at(node, ExprKind::Member { base: owner, name, name_span }));
        let it: Arc<str> = Arc::from("it");
        let param = Param::new(Pattern::Bind(Arc::clone(&it), name_span, None), Type::Unknown);
        let given = Arg { name: None, value: self.expr_at(node, ExprKind::Local(it)) };
        let call = self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args: vec![given] });
        let body = Block { stmts: Vec::new(), tail: Some(Box::new(call)) };
        self.expr_at(node, ExprKind::Lambda(Box::new(Lambda { params: vec![param], ret: Type::Unknown, body })))
    }

    /// A method of a class by name: a static one, or one of the value that it is called with.
    fn type_method(&mut self, node: Node<'t>, base: Node<'t>, name: Node<'t>, ty: Symbol) -> Expr {
        let method = self.text(name);
        let own_package = ty.parent() == self.names.package.as_str() || self.names.types.contains_key(&ty);
        let is_static = match self.names.is_static_method(&ty, method) {
            Some(is_static) => is_static,
            None if ty.as_str().starts_with("java::") => is_library_static(&ty, method),
            // Whether it is one, the declaration knows; accessors that nobody wrote are of the value.
            None => !is_accessor(method) && (own_package || STATIC.contains(&method) || method.starts_with("from")),
        };
        if is_static {
            return self.expr_at(node, ExprKind::Global(ty.join(method)));
        }
        let it: Arc<str> = Arc::from("it");
        let pattern = Pattern::Bind(Arc::clone(&it), self.span(base), None);
        let param = Param::new(pattern, super::known::ty(ty, Vec::new()));
        self.scoped(|lowerer| {
            lowerer.names.declare(&it, Local::Variable);
            let value = Box::new(lowerer.expr_at(base, ExprKind::Local(it)));
            let (name, name_span) = (lowerer.name(name), lowerer.span(name));
            let callee = Box::new(lowerer.expr_at(node, ExprKind::Member { base: value, name, name_span }));
            let call = ExprKind::Call { callee, type_args: Vec::new(), args: Vec::new() };
            let body = Block { stmts: Vec::new(), tail: Some(Box::new(lowerer.expr_at(node, call))) };
            lowerer.expr_at(node, ExprKind::Lambda(Box::new(Lambda { params: vec![param], ret: Type::Unknown, body })))
        })
    }
}

/// Whether a method of the library is static, by its class and name.
fn is_library_static(ty: &Symbol, method: &str) -> bool {
    match ty.name() {
        "Objects" | "Arrays" | "Collections" | "Math" | "Collectors" | "Files" | "Paths" | "Executors" | "System"
        | "Thread" => true,
        "Integer" | "Long" | "Double" | "Float" | "Short" | "Byte" | "Boolean" | "Character" => {
            !matches!(method, "intValue" | "longValue" | "doubleValue" | "compareTo" | "toString" | "booleanValue")
        }
        "String" => matches!(method, "valueOf" | "format" | "join" | "copyValueOf"),
        _ => STATIC.contains(&method) || method.starts_with("of") || method.starts_with("parse") || method == "valueOf",
    }
}

/// Whether a method is named as accessors are.
fn is_accessor(method: &str) -> bool {
    begins_with(method, &["get", "is", "has"])
}

/// Whether a method is named as those that set one thing.
fn is_setter(method: &str) -> bool {
    begins_with(method, &["set", "add"])
}

fn begins_with(method: &str, prefixes: &[&str]) -> bool {
    let goes_on = |prefix: &&str| method.strip_prefix(*prefix).is_some_and(|rest| rest.starts_with(char::is_uppercase));
    prefixes.iter().any(goes_on)
}
