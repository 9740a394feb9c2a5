//! Files, imports, functions, constants and variables.

use std::sync::Arc;

use tree_sitter::Node;

use super::{Lowerer, field_children, literals, named_children};
use crate::model::ir::{Block, Expr, ExprKind, Func, Global, Lambda, Literal, Param, Pattern, StmtKind, Type};

/// Lowers a whole file: imports first, since everything is named through them.
pub(super) fn file(lowerer: &mut Lowerer<'_>, root: Node<'_>) {
    let all = named_children(root);
    for node in all.iter().filter(|node| node.kind() == "import_declaration") {
        lowerer.imports(*node);
    }
    for node in all {
        match node.kind() {
            "package_clause" | "import_declaration" => {}
            "function_declaration" => lowerer.function(node, None),
            "method_declaration" => lowerer.method(node),
            "type_declaration" => lowerer.type_declaration(node),
            "const_declaration" => lowerer.constants(node),
            "var_declaration" => lowerer.variables(node),
            _ => lowerer.fixme(node),
        }
    }
}

impl Lowerer<'_> {
    fn imports(&mut self, node: Node<'_>) {
        let mut specs = Vec::new();
        for child in named_children(node) {
            match child.kind() {
                "import_spec" => specs.push(child),
                _ => specs.extend(named_children(child).into_iter().filter(|spec| spec.kind() == "import_spec")),
            }
        }
        for spec in specs {
            let Some(path) = spec.child_by_field_name("path") else { continue };
            let name = spec.child_by_field_name("name").map(|name| self.text(name));
            let path = literals::string(self.text(path));
            self.names.import(name, &path);
        }
    }

    fn method(&mut self, node: Node<'_>) {
        let receiver = node.child_by_field_name("receiver").map(named_children).unwrap_or_default();
        let Some(receiver) = receiver.first() else { return self.fixme(node) };
        // Type arguments of a receiver are names, not types: `func (c *Cache[K, V]) Get()`.
        let params: Vec<Arc<str>> = receiver
            .child_by_field_name("type")
            .map(|ty| generic_names(ty).into_iter().map(|name| Arc::from(self.text(name))).collect())
            .unwrap_or_default();
        self.names.push_type_params(&params);
        let ty = receiver.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
        let name = receiver.child_by_field_name("name").map_or("_", |name| self.text(name));
        self.function(node, Some((Arc::from(name), ty)));
        self.names.pop_type_params();
    }

    fn function(&mut self, node: Node<'_>, receiver: Option<(Arc<str>, Type)>) {
        let Some(name) = node.child_by_field_name("name") else { return self.fixme(node) };
        let type_params = self.type_params(node);
        self.names.push_type_params(&type_params);
        let ret = self.result(node);
        let (receiver, owner) = receiver.map_or((None, None), |(name, ty)| (Some(name), Some(ty)));
        self.names.push_scope();
        if let Some(receiver) = &receiver {
            self.names.declare(receiver);
        }
        let params = node.child_by_field_name("parameters").map(|list| self.params(list)).unwrap_or_default();
        let body = node.child_by_field_name("body").map(|body| self.body(node, body));
        self.names.pop_scope();
        self.names.pop_type_params();
        let symbol = match owner.as_ref().and_then(Type::symbol) {
            Some(owner) => owner.join(self.text(name)),
            None => self.names.package().join(self.text(name)),
        };
        let (span, name_span, test) = (self.span(node), self.span(name), self.module.test);
        self.module.funcs.push(Func {
            symbol,
            owner,
            implements: None,
            receiver,
            type_params,
            params,
            ret,
            annotations: Vec::new(),
            body,
            span,
            name_span,
            test,
        });
    }

    /// Parameters, declared in the scope that is open.
    pub(super) fn params(&mut self, list: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        for node in named_children(list) {
            let variadic = node.kind() == "variadic_parameter_declaration";
            let ty = node.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
            let ty = if variadic { Type::List(Box::new(ty)) } else { ty };
            let names = field_children(node, "name");
            if names.is_empty() {
                params.push(Param { pattern: Pattern::Wild, ty: ty.clone(), variadic });
            }
            for name in names {
                let pattern = self.bind(name);
                params.push(Param { pattern, ty: ty.clone(), variadic });
            }
        }
        params
    }

    /// The body of a function: named results are variables.
    pub(super) fn body(&mut self, function: Node<'_>, body: Node<'_>) -> Block {
        let mut results = Vec::new();
        let mut declared = Vec::new();
        if let Some(list) = function.child_by_field_name("result").filter(|list| list.kind() == "parameter_list") {
            for node in named_children(list) {
                let ty = node.child_by_field_name("type").map(|ty| self.ty(ty));
                for name in field_children(node, "name") {
                    results.push(Arc::from(self.text(name)));
                    let span = self.span(name);
                    let pattern = self.bind(name);
                    declared.push(crate::model::ir::Stmt {
                        kind: StmtKind::Let { pattern, ty: ty.clone(), value: None, otherwise: None },
                        span,
                    });
                }
            }
        }
        self.results.push(results);
        let mut block = self.block(body);
        self.results.pop();
        declared.append(&mut block.stmts);
        Block { stmts: declared, tail: None }
    }

    /// A new name in the scope that is open.
    pub(super) fn bind(&mut self, name: Node<'_>) -> Pattern {
        let text = self.text(name);
        if text == "_" {
            return Pattern::Wild;
        }
        let text: Arc<str> = Arc::from(text);
        self.names.declare(&text);
        Pattern::Bind(text, self.span(name), None)
    }

    /// A function literal.
    pub(super) fn lambda(&mut self, node: Node<'_>) -> Lambda {
        self.names.push_scope();
        let params = node.child_by_field_name("parameters").map(|list| self.params(list)).unwrap_or_default();
        let ret = self.result(node);
        let body = node.child_by_field_name("body").map(|body| self.body(node, body)).unwrap_or_default();
        self.names.pop_scope();
        Lambda { params, ret, body }
    }

    /// Constants of the package. One without a value repeats the one before (`iota` counts on).
    fn constants(&mut self, node: Node<'_>) {
        let mut before: Option<(Option<Type>, Vec<Node<'_>>)> = None;
        for (iota, spec) in named_children(node).into_iter().filter(|spec| spec.kind() == "const_spec").enumerate() {
            let ty = spec.child_by_field_name("type").map(|ty| self.ty(ty));
            let values: Vec<Node<'_>> = field_children(spec, "value").into_iter().flat_map(list_items).collect();
            let (ty, values) = match &before {
                Some((ty, values)) if values_missing(&spec) => (ty.clone(), values.clone()),
                _ => (ty, values),
            };
            for (at, name) in field_children(spec, "name").into_iter().enumerate() {
                let value = values.get(at).map(|value| self.constant(*value, iota));
                self.global(name, ty.clone().unwrap_or_default(), value);
            }
            before = Some((ty, values));
        }
    }

    fn constant(&mut self, node: Node<'_>, iota: usize) -> Expr {
        if node.kind() == "iota" {
            let number = i64::try_from(iota).unwrap_or(i64::MAX);
            return self.expr_at(node, ExprKind::Literal(Literal::Int(number)));
        }
        self.expr(node)
    }

    /// Variables of the package.
    fn variables(&mut self, node: Node<'_>) {
        let mut specs = Vec::new();
        for child in named_children(node) {
            match child.kind() {
                "var_spec" => specs.push(child),
                _ => specs.extend(named_children(child).into_iter().filter(|spec| spec.kind() == "var_spec")),
            }
        }
        for spec in specs {
            let ty = spec.child_by_field_name("type").map(|ty| self.ty(ty)).unwrap_or_default();
            let values: Vec<Node<'_>> = field_children(spec, "value").into_iter().flat_map(list_items).collect();
            for (at, name) in field_children(spec, "name").into_iter().enumerate() {
                let value = values.get(at).map(|value| self.expr(*value));
                self.global(name, ty.clone(), value);
            }
        }
    }

    fn global(&mut self, name: Node<'_>, ty: Type, value: Option<Expr>) {
        if self.text(name) == "_" {
            return;
        }
        let symbol = self.names.package().join(self.text(name));
        let span = self.span(name);
        self.module.globals.push(Global { symbol, ty, value, span });
    }
}

/// Items of an expression list; a single expression is a list of itself.
pub(super) fn list_items(node: Node<'_>) -> Vec<Node<'_>> {
    if node.kind() == "expression_list" { named_children(node) } else { vec![node] }
}

fn values_missing(spec: &Node<'_>) -> bool {
    spec.child_by_field_name("value").is_none()
}

/// Names in the brackets of a generic receiver.
fn generic_names(ty: Node<'_>) -> Vec<Node<'_>> {
    let ty = if ty.kind() == "pointer_type" { named_children(ty).first().copied().unwrap_or(ty) } else { ty };
    let Some(args) = ty.child_by_field_name("type_arguments") else { return Vec::new() };
    named_children(args)
        .into_iter()
        .map(|arg| if arg.kind() == "type_elem" { named_children(arg).first().copied().unwrap_or(arg) } else { arg })
        .collect()
}
