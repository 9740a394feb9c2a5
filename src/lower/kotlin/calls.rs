//! Calls, their arguments, and lambdas.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::Local;
use super::{Lowerer, THIS};
use crate::lower::tree::Field as _;
use crate::model::ir::{Arg, Block, Expr, ExprKind, FieldInit, Lambda, Param, Pattern, Symbol, Type};

/// Functions that run their lambda without a receiver of use to what is called in it: of Kotlin, its
/// coroutines, and its test frameworks.
const PLAIN: [&str; 34] = [
    "runBlocking",
    "runTest",
    "launch",
    "async",
    "withContext",
    "coroutineScope",
    "supervisorScope",
    "withTimeout",
    "withTimeoutOrNull",
    "flow",
    "channelFlow",
    "callbackFlow",
    "sequence",
    "thread",
    "lazy",
    "synchronized",
    "measureTime",
    "measureTimeMillis",
    "measureTimedValue",
    "require",
    "check",
    "requireNotNull",
    "checkNotNull",
    "error",
    "assertThrows",
    "assertFailsWith",
    "transaction",
    "newSuspendedTransaction",
    "test",
    "it",
    "describe",
    "context",
    "remember",
    "suspendCoroutine",
];

impl<'t> Lowerer<'t> {
    /// `f(..)`, `a.f<T>(..) { .. }`.
    pub(super) fn call(&mut self, node: Node<'t>) -> Expr {
        let parts = self.call_parts(node);
        let Some(callee) = parts.callee else { return self.fixme(node, Vec::new()) };
        if let Some(inlined) = self.inlined(node, callee, &parts) {
            return inlined;
        }
        if let Some(yielded) = self.yielded(node, callee, parts.args) {
            return yielded;
        }
        let is_plain = PLAIN.contains(&self.called_name(callee));
        let lowered = Box::new(self.callee(callee));
        let type_args = parts.types.map(|types| self.type_args(types)).unwrap_or_default();
        let mut args = parts.args.map(|args| self.args(args)).unwrap_or_default();
        if let Some(lambda) = parts.lambda {
            args.push(Arg { name: None, value: self.lambda(lambda, is_plain) });
        }
        self.expr_at(node, ExprKind::Call { callee: lowered, type_args, args })
    }

    /// An expression whose value is used: there `helloRequest { name = x }` makes a message.
    pub(super) fn value(&mut self, node: Node<'t>) -> Expr {
        match self.deeper(|lowerer| lowerer.message(node)).flatten() {
            Some(made) => made,
            None => self.expr(node),
        }
    }

    /// `helloRequest { name = x }`: a function that protoc's Kotlin plugin generates for the message
    /// `HelloRequest` beside it. It is imported, and its block does nothing but set fields.
    fn message(&mut self, node: Node<'t>) -> Option<Expr> {
        if node.kind() != "call_expression" {
            return None;
        }
        let parts = self.call_parts(node);
        let (callee, lambda) = (parts.callee?, parts.lambda?);
        let symbol = self.names.imported(self.text(callee))?.clone();
        let name = symbol.name().to_owned();
        let first = name.chars().next().filter(|first| first.is_lowercase())?;
        let stmts = self.children(lambda);
        let sets = |stmt: &Node<'t>| {
            let left = stmt.field("left");
            stmt.kind() == "assignment" && left.is_some_and(|left| left.kind() == "identifier")
        };
        if parts.args.is_some() || callee.kind() != "identifier" || stmts.is_empty() || !stmts.iter().all(sets) {
            return None;
        }
        let mut fields = Vec::with_capacity(stmts.len());
        for stmt in stmts {
            let (left, right) = (stmt.field("left")?, stmt.field("right")?);
            let value = self.value(right);
            fields.push(FieldInit { name: Some(self.name(left)), name_span: self.span(left), value });
        }
        let message: String = first.to_uppercase().chain(name.chars().skip(1)).collect();
        let message = match symbol.parent() {
            "" => Symbol::new(message),
            package => Symbol::new(format!("{package}::{message}")),
        };
        let ty = Some(Type::Named(message, Vec::new()));
        Some(self.expr_at(node, ExprKind::Construct { ty, fields, spread: None }))
    }

    /// The parts of a call. Arguments in parentheses and the lambda behind them are two nested calls in
    /// the grammar.
    pub(super) fn call_parts(&mut self, node: Node<'t>) -> Parts<'t> {
        let mut parts = self.direct_parts(node);
        if let (Some(inner), None, Some(_)) = (parts.callee, parts.args, parts.lambda)
            && inner.kind() == "call_expression"
        {
            let outer = self.direct_parts(inner);
            if outer.lambda.is_none() {
                parts = Parts { lambda: parts.lambda, ..outer };
            }
        }
        parts
    }

    fn direct_parts(&mut self, node: Node<'t>) -> Parts<'t> {
        let mut parts = Parts { callee: None, types: None, args: None, lambda: None };
        for child in self.children(node) {
            match child.kind() {
                "value_arguments" => parts.args = Some(child),
                "type_arguments" => parts.types = Some(node),
                "annotated_lambda" => parts.lambda = self.child_of(child, "lambda_literal"),
                _ => parts.callee = parts.callee.or(Some(child)),
            }
        }
        parts
    }

    /// The lambda behind a call.
    pub(super) fn trailing_lambda(&mut self, call: Node<'t>) -> Option<Node<'t>> {
        if call.kind() != "call_expression" {
            return None;
        }
        self.call_parts(call).lambda
    }

    /// The simple name of what is called.
    pub(super) fn called_name(&mut self, callee: Node<'t>) -> &'t str {
        match callee.kind() {
            "identifier" => self.text(callee),
            "navigation_expression" => self.last_child(callee).map_or("", |name| self.text(name)),
            _ => "",
        }
    }

    pub(super) fn callee(&mut self, node: Node<'t>) -> Expr {
        self.operand(node)
    }

    /// Arguments of a call.
    pub(super) fn args(&mut self, list: Node<'t>) -> Vec<Arg> {
        self.children_of(list, "value_argument").into_iter().map(|arg| self.arg(arg)).collect()
    }

    fn arg(&mut self, node: Node<'t>) -> Arg {
        let is_named = self.has_token(node, "=");
        let children = self.children(node);
        let name = children.first().filter(|first| is_named && first.kind() == "identifier");
        let value = match children.last() {
            Some(value) => self.value(*value),
            None => self.fixme(node, Vec::new()),
        };
        // `f(*list)`
        let is_spread = self.has_token(node, "*") && !matches!(value.kind, ExprKind::Spread(_));
        let value = if is_spread { self.expr_at(node, ExprKind::Spread(Box::new(value))) } else { value };
        Arg { name: name.map(|name| self.name(*name)), value }
    }

    /// `{ a, b -> .. }`. Without parameters it is given `it`, if it says so, or else a receiver.
    pub(super) fn lambda(&mut self, node: Node<'t>, is_plain: bool) -> Expr {
        let lambda = self.function(|lowerer| {
            let params = lowerer.lambda_params(node, is_plain);
            let body = lowerer.lambda_block(node);
            Lambda { params, ret: Type::Unknown, body }
        });
        self.expr_at(node, ExprKind::Lambda(Box::new(lambda)))
    }

    /// What a lambda is given, declared in the scope that is open.
    fn lambda_params(&mut self, node: Node<'t>, is_plain: bool) -> Vec<Param> {
        if let Some(list) = self.child_of(node, "lambda_parameters") {
            let mut params = Vec::new();
            for param in self.children(list) {
                let ty = if param.kind() == "variable_declaration" { self.type_in(param) } else { None };
                params.push(Param::new(self.lambda_param(param), ty.unwrap_or_default()));
            }
            return params;
        }
        if self.has_token(node, "->") {
            return Vec::new();
        }
        let (name, what) = match () {
            () if self.mentions_it(node) => ("it", Local::Variable),
            () if is_plain => return Vec::new(),
            () => (THIS, Local::Receiver),
        };
        let name: Arc<str> = Arc::from(name);
        self.names.declare(&name, what);
        let span = self.span(node);
        vec![Param::new(
            Pattern::Bind(name, crate::model::source::Span::new(span.file, span.start, span.start), None),
            Type::Unknown,
        )]
    }

    /// A parameter: a name, or several in parentheses.
    fn lambda_param(&mut self, node: Node<'t>) -> Pattern {
        if node.kind() == "multi_variable_declaration" {
            let names = self.children_of(node, "variable_declaration");
            return Pattern::Tuple(names.into_iter().map(|name| self.lambda_param(name)).collect());
        }
        match self.child_of(node, "identifier") {
            Some(name) => self.bind(name),
            None => Pattern::Wild,
        }
    }

    /// The only parameter of a lambda that is inlined: the first one written, or `it`.
    pub(super) fn inlined_param(&mut self, node: Node<'t>) -> Pattern {
        if let Some(list) = self.child_of(node, "lambda_parameters") {
            return match *self.children(list) {
                [single] => self.lambda_param(single),
                _ => Pattern::Tuple(self.children(list).into_iter().map(|param| self.lambda_param(param)).collect()),
            };
        }
        let it: Arc<str> = Arc::from("it");
        self.names.declare(&it, Local::Variable);
        let span = self.span(node);
        Pattern::Bind(it, crate::model::source::Span::new(span.file, span.start, span.start), None)
    }

    /// The statements of a lambda, with their value.
    pub(super) fn lambda_block(&mut self, node: Node<'t>) -> Block {
        let mut nodes = self.children(node);
        nodes.retain(|child| child.kind() != "lambda_parameters");
        self.valued(&nodes)
    }

    /// Whether a lambda uses `it`, and no lambda inside of it that has an `it` of its own does so.
    pub(super) fn mentions_it(&mut self, node: Node<'t>) -> bool {
        if !self.text(node).contains("it") {
            return false;
        }
        let mut cursor = node.walk();
        let mut depth = 0_usize;
        loop {
            let at = cursor.node();
            if at.kind() == "identifier" && self.text(at) == "it" {
                return true;
            }
            let content = at.kind() == "string_content" && self.text(at).starts_with("it");
            let after_sign = content && self.text.get(..at.start_byte()).is_some_and(|before| before.ends_with('$'));
            if after_sign {
                return true;
            }
            let is_inner =
                at.kind() == "lambda_literal" && depth > 0 && self.child_of(at, "lambda_parameters").is_none();
            if !is_inner && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() || depth <= 1 {
                    return false;
                }
                depth -= 1;
            }
            if depth == 0 {
                return false;
            }
        }
    }
}

/// The parts of a call.
#[derive(Clone, Copy)]
pub(super) struct Parts<'t> {
    pub(super) callee: Option<Node<'t>>,
    /// The node that type arguments stand in.
    pub(super) types: Option<Node<'t>>,
    pub(super) args: Option<Node<'t>>,
    /// The lambda behind the call.
    pub(super) lambda: Option<Node<'t>>,
}
