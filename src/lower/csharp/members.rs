//! Methods, constructors and what has a body like one.

use std::sync::Arc;

use tree_sitter::Node;

use super::decls::Open;
use super::{Lowerer, THIS, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{
    Annotation, Arg, Block, Expr, ExprKind, Func, Lambda, Param, Pattern, Stmt, StmtKind, Symbol, Type,
};
use crate::model::source::Span;

/// Attributes of test methods: xUnit, `NUnit`, `MSTest`.
const TESTS: [&str; 7] = ["Fact", "Theory", "Test", "TestCase", "TestMethod", "DataTestMethod", "TestCaseSource"];

impl<'t> Lowerer<'t> {
    /// A member of a type, constructors excepted.
    pub(super) fn member(&mut self, node: Node<'t>, open: &mut Open) {
        match node.kind() {
            "method_declaration" => self.method(node, open),
            "field_declaration" => self.field(node, open),
            "property_declaration" => self.property(node, open),
            "indexer_declaration" => self.indexer(node, open),
            "operator_declaration" | "conversion_operator_declaration" => self.operator(node, open),
            // Events tell subscribers; nothing of a message is in them.
            "event_declaration" | "event_field_declaration" | "destructor_declaration" | "constructor_declaration" => {}
            "ERROR" => {
                self.fixme(node, Vec::new());
            }
            _ => self.type_declaration(node),
        }
    }

    fn method(&mut self, node: Node<'t>, open: &Open) {
        let Some(name) = node.field("name") else { return };
        self.scoped(|lowerer| {
            let annotations = lowerer.attributes(node);
            let type_params = lowerer.type_params(node);
            let ret = lowerer.result(node, "returns");
            let mut params = lowerer.params(node);
            let mut owner = open.ty();
            let mut receiver = lowerer.receiver(node);
            if lowerer.is_extension(node)
                && let Some(Param { pattern: Pattern::Bind(this, ..), ty: extended @ Type::Named(..), .. }) =
                    params.first().cloned()
            {
                params.remove(0);
                (owner, receiver) = (extended, Some(this));
            }
            let symbol = owner.symbol().unwrap_or(&open.symbol).join(lowerer.text(name));
            let body = lowerer.func_body(node, &ret);
            let test = lowerer.module.test || is_test(&annotations);
            let func = lowerer.bare_func(symbol, lowerer.span(node));
            let name_span = lowerer.span(name);
            let owner = Some(owner);
            let func = Func { owner, receiver, type_params, params, ret, annotations, body, name_span, test, ..func };
            lowerer.module.funcs.push(func);
        });
    }

    /// `static R Name(this T value)`: a method of `T` for all who call it.
    fn is_extension(&mut self, node: Node<'t>) -> bool {
        let list = node.field("parameters");
        let first = list.and_then(|list| self.child_of(list, "parameter"));
        first.is_some_and(|first| self.has_modifier(first, "this"))
    }

    /// The body of a function in a scope that is open: a block, or `=> value`.
    pub(super) fn func_body(&mut self, node: Node<'t>, ret: &Type) -> Option<Block> {
        let body = node.field("body")?;
        Some(self.body_of(body, ret))
    }

    /// A block, or `=> value`.
    pub(super) fn body_of(&mut self, body: Node<'t>, ret: &Type) -> Block {
        self.function(ret.clone(), |lowerer| match body.kind() {
            "block" => lowerer.block(body),
            "arrow_expression_clause" => match lowerer.first_child(body) {
                Some(value) => lowerer.arrow_value(value, ret),
                None => Block::default(),
            },
            _ => lowerer.arrow_value(body, ret),
        })
    }

    /// What an arrow gives. Variables that it declares are declared before.
    fn arrow_value(&mut self, value: Node<'t>, ret: &Type) -> Block {
        let value = self.expr_as(value, ret);
        Block { stmts: std::mem::take(&mut self.declared), ..value_block(value) }
    }

    /// Parameters of a function, declared in the scope that is open.
    pub(super) fn params(&mut self, function: Node<'t>) -> Vec<Param> {
        let list = function.field("parameters");
        let Some(list) = list.or_else(|| self.child_of(function, "parameter_list")) else { return Vec::new() };
        if list.kind() == "implicit_parameter" {
            return vec![Param::new(self.bind(list), Type::Unknown)];
        }
        let mut params = Vec::new();
        for node in self.children_of(list, "parameter") {
            let annotations = self.attributes(node);
            let ty = self.ty_in(node, "type").unwrap_or_default();
            let pattern = node.field("name").map_or(Pattern::Wild, |name| self.bind(name));
            let default = self.default_of(node).map(|value| Box::new(self.expr(value)));
            params.push(Param { default, annotations, ..Param::new(pattern, ty) });
        }
        // The grammar has no node of its own for `params T[] names`.
        if let Some(name) = list.field("name") {
            let ty = self.ty_in(list, "type").unwrap_or_default();
            params.push(Param { variadic: true, ..Param::new(self.bind(name), ty) });
        }
        params
    }

    /// What a parameter is where no argument is passed: `int page = 1`.
    fn default_of(&self, param: Node<'t>) -> Option<Node<'t>> {
        let children: Vec<Node<'t>> = param.children(&mut param.walk()).collect();
        let sign = children.iter().position(|child| child.kind() == "=")?;
        children.into_iter().skip(sign).find(Node::is_named)
    }

    /// A new name in the scope that is open.
    pub(super) fn bind(&mut self, name: Node<'t>) -> Pattern {
        let text = self.name(name);
        if &*text == "_" {
            return Pattern::Wild;
        }
        self.declare(&text);
        Pattern::Bind(text, self.span(name), None)
    }

    fn indexer(&mut self, node: Node<'t>, open: &Open) {
        let symbol = open.symbol.join("Item");
        self.accessors(node, symbol, open, false);
    }

    fn operator(&mut self, node: Node<'t>, open: &Open) {
        self.scoped(|lowerer| {
            let ret = lowerer.result(node, "type");
            let params = lowerer.params(node);
            let body = lowerer.func_body(node, &ret);
            let func = lowerer.bare_func(open.symbol.join("operator"), lowerer.span(node));
            lowerer.module.funcs.push(Func { owner: Some(open.ty()), params, ret, body, ..func });
        });
    }

    /// A constructor that is written.
    pub(super) fn constructor(&mut self, node: Node<'t>, open: &Open) {
        let Some(name) = node.field("name") else { return };
        let is_static = self.is_static(node);
        self.scoped(|lowerer| {
            let annotations = lowerer.attributes(node);
            let params = lowerer.params(node);
            let initializer = lowerer.child_of(node, "constructor_initializer");
            let mut stmts = Vec::new();
            let delegates = match initializer {
                Some(initializer) => lowerer.has_token(initializer, THIS),
                None => false,
            };
            if !delegates && !is_static {
                stmts.extend(open.initial.iter().cloned());
            }
            if let Some(initializer) = initializer {
                let args = lowerer.child_of(initializer, "argument_list");
                stmts.extend(lowerer.constructs(initializer, args, delegates, open));
            }
            let body = lowerer.func_body(node, &Type::Unit).unwrap_or_default();
            stmts.extend(body.stmts);
            let body = Some(Block { stmts, tail: body.tail });
            // A static constructor runs before everything else, on no object.
            let symbol = open.symbol.join(if is_static { ".cctor" } else { "constructor" });
            let receiver = lowerer.receiver(node);
            let func = lowerer.bare_func(symbol, lowerer.span(node));
            let name_span = lowerer.span(name);
            let func = Func { owner: Some(open.ty()), receiver, params, annotations, body, name_span, ..func };
            lowerer.module.funcs.push(func);
        });
    }

    /// `: base(..)`, `: this(..)`: another constructor runs on the same object.
    fn constructs(&mut self, at: Node<'t>, args: Option<Node<'t>>, own: bool, open: &Open) -> Option<Stmt> {
        let args = args.map(|list| self.args(list)).unwrap_or_default();
        let this = self.this_at(at);
        let base = if own { this } else { self.expr_at(at, ExprKind::Cast(open.base()?.clone(), Box::new(this))) };
        let name_span = self.span(at);
        let callee = ExprKind::Member { base: Box::new(base), name: Arc::from("constructor"), name_span };
        let callee = Box::new(self.expr_at(at, callee));
        let call = self.expr_at(at, ExprKind::Call { callee, type_args: Vec::new(), args });
        Some(self.stmt_at(at, StmtKind::Expr(call)))
    }

    /// `class Name(A a) : Base(a)`: the constructor keeps its parameters.
    pub(super) fn primary_constructor(&mut self, node: Node<'t>, list: Node<'t>, open: &Open) {
        self.scoped(|lowerer| {
            let params = lowerer.params(node);
            let mut stmts = Vec::new();
            for param in &params {
                let Pattern::Bind(name, span, _) = &param.pattern else { continue };
                let value = Expr { kind: ExprKind::Local(Arc::clone(name)), span: *span };
                stmts.push(lowerer.set_field(list, name, *span, value));
            }
            stmts.extend(open.initial.iter().cloned());
            let bases = lowerer.child_of(node, "base_list");
            let args = bases.and_then(|bases| lowerer.base_args(bases));
            if let Some(args) = args {
                stmts.extend(lowerer.constructs(args, Some(args), false, open));
            }
            lowerer.constructor_of(list, params, stmts, open);
        });
    }

    /// The arguments in `: Base(a)`.
    fn base_args(&mut self, bases: Node<'t>) -> Option<Node<'t>> {
        let holder = self.child_of(bases, "primary_constructor_base_type").unwrap_or(bases);
        self.child_of(holder, "argument_list")
    }

    /// A type that writes no constructor has one if its fields have initial values.
    pub(super) fn default_constructor(&mut self, node: Node<'t>, open: &Open) {
        let at = node.field("name").unwrap_or(node);
        self.constructor_of(at, Vec::new(), open.initial.clone(), open);
    }

    fn constructor_of(&mut self, at: Node<'t>, params: Vec<Param>, stmts: Vec<Stmt>, open: &Open) {
        let func = self.bare_func(open.symbol.join("constructor"), self.span(at));
        let body = Some(Block { stmts, tail: None });
        let receiver = Some(Arc::from(THIS));
        self.module.funcs.push(Func { owner: Some(open.ty()), receiver, params, body, ..func });
    }

    /// `this.name = value`.
    pub(super) fn set_field(&mut self, at: Node<'t>, name: &Arc<str>, name_span: Span, value: Expr) -> Stmt {
        let base = Box::new(self.this_at(at));
        let target = self.expr_at(at, ExprKind::Member { base, name: Arc::clone(name), name_span });
        self.stmt_at(at, StmtKind::Assign { target, op: None, value })
    }

    /// A getter or setter with a body, or none that matters.
    pub(super) fn accessors(&mut self, node: Node<'t>, symbol: Symbol, open: &Open, property: bool) {
        let annotations = self.attributes(node);
        let ret = self.result(node, "type");
        let receiver = self.receiver(node);
        let arrow = node.field("value").filter(|value| value.kind() == "arrow_expression_clause");
        let accessors = node.field("accessors").map(|list| self.children(list)).unwrap_or_default();
        let named = |lowerer: &Self, accessor: &Node<'t>, names: &[&str]| {
            accessor.field("name").is_some_and(|name| names.contains(&lowerer.text(name)))
        };
        let getter = accessors.iter().find(|accessor| named(self, accessor, &["get"]));
        let body = arrow.or_else(|| getter.and_then(|getter| getter.field("body")));
        if let Some(body) = body {
            self.scoped(|lowerer| {
                let params = lowerer.params(node);
                let body = Some(lowerer.body_of(body, &ret));
                let func = lowerer.bare_func(symbol.clone(), lowerer.span(node));
                let func = Func { owner: Some(open.ty()), receiver: receiver.clone(), params, property, ..func };
                lowerer.module.funcs.push(Func { ret: ret.clone(), annotations, body, ..func });
            });
        }
        let setter = accessors.iter().find(|accessor| named(self, accessor, &["set", "init"]));
        let name = symbol.name().trim_start_matches("get_");
        let Some(body) = setter.and_then(|setter| setter.field("body")) else { return };
        self.scoped(|lowerer| {
            let mut params = lowerer.params(node);
            let value: Arc<str> = Arc::from("value");
            lowerer.declare(&value);
            params.push(Param::new(Pattern::Bind(value, lowerer.span(body), None), ret));
            let body = Some(lowerer.body_of(body, &Type::Unit));
            let setter = Symbol::new(symbol.parent()).join(&format!("set_{name}"));
            let func = lowerer.bare_func(setter, lowerer.span(node));
            lowerer.module.funcs.push(Func { owner: Some(open.ty()), receiver, params, body, ..func });
        });
    }

    /// A lambda, an anonymous method, or a function in a function.
    pub(super) fn lambda(&mut self, node: Node<'t>, body: Option<Node<'t>>) -> Lambda {
        self.scoped(|lowerer| {
            lowerer.type_params(node);
            let ret = lowerer.ty_in(node, "type").unwrap_or_default();
            let params = lowerer.params(node);
            let body = body.map(|body| lowerer.body_of(body, &ret)).unwrap_or_default();
            Lambda { params, ret, body }
        })
    }

    /// Arguments of a call.
    pub(super) fn args(&mut self, list: Node<'t>) -> Vec<Arg> {
        self.children_of(list, "argument").into_iter().map(|arg| self.arg(arg)).collect()
    }
}

fn is_test(annotations: &[Annotation]) -> bool {
    annotations.iter().any(|annotation| TESTS.contains(&annotation.name.name()))
}
