//! Functions, properties and their parts.

use std::sync::Arc;

use tree_sitter::Node;

use super::classes::Open;
use super::names::Local;
use super::types::is_type;
use super::{Lowerer, THIS, value_block};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Expr, ExprKind, Func, Lambda, Param, Pattern, Symbol, Type};

/// Annotations of test methods: `JUnit` 4 and 5, kotlin.test, `TestNG`.
const TESTS: [&str; 4] = ["Test", "ParameterizedTest", "RepeatedTest", "TestFactory"];

impl<'t> Lowerer<'t> {
    /// The type that a function or property extends: `fun T.name()`.
    pub(super) fn extended(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        let children: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let end = children.iter().position(|child| matches!(child.kind(), "." | "?."))?;
        children.get(..end)?.iter().rfind(|child| is_type(child.kind())).copied()
    }

    /// A function: of the file, of a type (with what its methods call their object), or an extension.
    pub(super) fn method(&mut self, node: Node<'t>, of: Option<(Type, Option<Arc<str>>)>) {
        let Some(name) = node.field("name") else {
            self.fixme(node, Vec::new());
            return;
        };
        self.function(|lowerer| {
            let annotations = lowerer.annotations(node);
            let type_params = lowerer.type_params(node);
            let extended = lowerer.extended(node).map(|extended| lowerer.ty(extended));
            let outer = lowerer.names.extend(extended.as_ref().and_then(Type::symbol).cloned());
            let (owner, receiver) = match (extended, of) {
                (Some(extended), _) => {
                    lowerer.names.declare(&Arc::from(THIS), Local::Extended);
                    (Some(extended), Some(Arc::from(THIS)))
                }
                (None, Some((owner, receiver))) => (Some(owner), receiver),
                (None, None) => (None, None),
            };
            let symbol = match owner.as_ref().and_then(Type::symbol) {
                Some(owner) => owner.join(lowerer.text(name)),
                None => lowerer.names.own(lowerer.text(name)),
            };
            let params = lowerer.params(node);
            let body = lowerer.child_of(node, "function_body");
            let ret = lowerer.return_type(node, body);
            let body = body.map(|body| lowerer.body(body));
            lowerer.names.extend(outer);
            let test = lowerer.module.test || annotations.iter().any(|one| TESTS.contains(&one.name.name()));
            let func = lowerer.bare_func(symbol, lowerer.span(node));
            let name_span = lowerer.span(name);
            let func = Func { owner, receiver, type_params, params, ret, annotations, body, name_span, test, ..func };
            lowerer.module.funcs.push(func);
        });
    }

    /// The type behind the parameters. `= value` alone leaves it to the compiler.
    fn return_type(&mut self, node: Node<'t>, body: Option<Node<'t>>) -> Type {
        let children = self.children(node);
        let params = children.iter().position(|child| child.kind() == "function_value_parameters").unwrap_or(0);
        let written = children.iter().skip(params).find(|child| is_type(child.kind()));
        match (written, body) {
            (Some(written), _) => self.ty(*written),
            (None, Some(body)) if self.child_of(body, "block").is_none() => Type::Unknown,
            (None, _) => Type::Unit,
        }
    }

    /// `{ .. }` or `= value`, in a scope that is open.
    pub(super) fn body(&mut self, node: Node<'t>) -> Block {
        match self.first_child(node) {
            Some(block) if block.kind() == "block" => self.block(block),
            Some(value) => value_block(self.value(value)),
            None => Block::default(),
        }
    }

    /// Parameters of a function, declared in the scope that is open.
    pub(super) fn params(&mut self, function: Node<'t>) -> Vec<Param> {
        let Some(list) = self.child_of(function, "function_value_parameters") else { return Vec::new() };
        let mut params = Vec::new();
        let mut annotations = Vec::new();
        let mut variadic = false;
        for node in self.children(list) {
            match node.kind() {
                "parameter_modifiers" => {
                    let list = self.children(node);
                    variadic = list.iter().any(|one| self.text(*one) == "vararg");
                    for one in list.into_iter().filter(|one| one.kind() == "annotation") {
                        annotations.extend(self.annotation(one));
                    }
                }
                "parameter" => {
                    let ty = self.type_in(node).unwrap_or_default();
                    let ty = if variadic { Type::List(Box::new(ty)) } else { ty };
                    let name = self.child_of(node, "identifier");
                    let pattern = name.map_or(Pattern::Wild, |name| self.bind(name));
                    let annotations = std::mem::take(&mut annotations);
                    params.push(Param { variadic, annotations, ..Param::new(pattern, ty) });
                    variadic = false;
                }
                // The value where no argument is passed.
                _ if node.is_named() && !node.is_extra() => {
                    let default = Some(Box::new(self.expr(node)));
                    if let Some(param) = params.last_mut() {
                        param.default = default;
                    }
                }
                _ => {}
            }
        }
        params
    }

    /// The declared type of a property.
    pub(super) fn property_type(&mut self, node: Node<'t>) -> Option<Type> {
        let variable = self.child_of(node, "variable_declaration")?;
        self.type_in(variable)
    }

    /// The initial value of a property: behind `=`, or what `by` delegates to.
    pub(super) fn property_value(&mut self, node: Node<'t>) -> Option<Node<'t>> {
        if let Some(delegate) = self.child_of(node, "property_delegate") {
            return Some(delegate);
        }
        let children: Vec<Node<'t>> = node.children(&mut self.cursor).collect();
        let sign = children.iter().position(|child| child.kind() == "=")?;
        children.get(sign + 1..)?.iter().find(|child| child.is_named()).copied()
    }

    /// An initial value. `by lazy { value }` is the value; what another delegate gives is not known.
    pub(super) fn initial(&mut self, node: Node<'t>) -> Expr {
        if node.kind() != "property_delegate" {
            return self.value(node);
        }
        let Some(call) = self.first_child(node) else { return self.fixme(node, Vec::new()) };
        let is_lazy = self.first_child(call).is_some_and(|callee| self.text(callee) == "lazy");
        let lambda = self.trailing_lambda(call).filter(|_| is_lazy);
        match lambda {
            Some(lambda) => {
                let block = self.scoped(|lowerer| lowerer.lambda_block(lambda));
                self.expr_at(node, ExprKind::Block(block))
            }
            None => {
                let delegate = self.expr(call);
                self.expr_at(node, ExprKind::Fixme(vec![delegate]))
            }
        }
    }

    /// `get() = ..`: a function that is read like a field.
    pub(super) fn getter(
        &mut self,
        node: Node<'t>,
        symbol: Symbol,
        owner: Option<Type>,
        receiver: Option<Arc<str>>,
        ty: Option<Type>,
    ) {
        let Some(body) = self.child_of(node, "function_body") else { return };
        self.function(|lowerer| {
            if receiver.as_deref() == Some(THIS) {
                lowerer.names.declare(&Arc::from(THIS), Local::Extended);
            }
            let body = Some(lowerer.body(body));
            let func = lowerer.bare_func(symbol, lowerer.span(node));
            let ret = ty.unwrap_or_default();
            lowerer.module.funcs.push(Func { owner, receiver, ret, body, property: true, ..func });
        });
    }

    /// `set(value) { .. }`: what it does is followed, though not where the property is set.
    pub(super) fn setter(&mut self, node: Node<'t>, name: Node<'t>, open: &Open<'t>) {
        let Some(body) = self.child_of(node, "function_body") else { return };
        self.function(|lowerer| {
            let value = lowerer.child_of(node, "identifier").map_or(Pattern::Wild, |value| lowerer.bind(value));
            let params = vec![Param::new(value, Type::Unknown)];
            let body = Some(lowerer.body(body));
            let symbol = open.symbol.join(&format!("set_{}", lowerer.text(name)));
            let func = lowerer.bare_func(symbol, lowerer.span(node));
            let (owner, receiver) = (Some(open.ty()), open.receiver.clone());
            lowerer.module.funcs.push(Func { owner, receiver, params, body, ..func });
        });
    }

    /// `fun(a: A): R { .. }`, or a function in a function.
    pub(super) fn inner_function(&mut self, node: Node<'t>) -> Lambda {
        self.function(|lowerer| {
            lowerer.type_params(node);
            let params = lowerer.params(node);
            let body = lowerer.child_of(node, "function_body");
            let ret = lowerer.return_type(node, body);
            let body = body.map(|body| lowerer.body(body)).unwrap_or_default();
            Lambda { params, ret, body }
        })
    }

    /// `object : T { .. }`: its interface, and a lambda for each method.
    pub(super) fn object_literal(&mut self, node: Node<'t>) -> ExprKind {
        let ty = self.supertypes(node).into_iter().next();
        let mut fields = Vec::new();
        for member in self.members_of(node) {
            let (name, value) = match member.kind() {
                "function_declaration" => {
                    let Some(name) = member.field("name") else { continue };
                    let lambda = self.inner_function(member);
                    (name, self.expr_at(member, ExprKind::Lambda(Box::new(lambda))))
                }
                "property_declaration" => {
                    let (Some(name), Some(value)) = (self.property_name(member), self.property_value(member)) else {
                        continue;
                    };
                    (name, self.initial(value))
                }
                _ => continue,
            };
            let (name, name_span) = (Some(self.name(name)), self.span(name));
            fields.push(crate::model::ir::FieldInit { name, name_span, value });
        }
        ExprKind::Construct { ty, fields, spread: None }
    }
}
