//! Files, imports, functions and methods.

use std::sync::Arc;

use tree_sitter::Node;

use super::names::{Declared, Local};
use super::{Function, Lowerer, literals};
use crate::lower::tree::Field as _;
use crate::model::ir::{Block, Func, Lambda, Param, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// Lowers a whole file: imports, then what the file declares, then types, then the rest.
    pub(super) fn file(&mut self, root: Node<'t>) {
        self.find_jumps(root);
        let declarations = self.declarations(root);
        for node in &declarations {
            self.announce(*node);
        }
        for node in &declarations {
            if node.kind() == "type_declaration" {
                self.type_declaration(*node);
            }
        }
        for node in declarations {
            match node.kind() {
                "function_declaration" => self.function(node),
                "method_declaration" => self.method(node),
                "const_declaration" => self.global_constants(node),
                "var_declaration" => self.global_variables(node),
                "package_clause" | "import_declaration" | "type_declaration" => {}
                _ => {
                    self.fixme(node, Vec::new());
                }
            }
        }
    }

    /// Declarations of a file. Those that stand in what could not be parsed are used as well.
    fn declarations(&mut self, root: Node<'t>) -> Vec<Node<'t>> {
        let mut declarations = Vec::new();
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if node.kind() == "ERROR" && node != root {
                self.fixme(node, Vec::new());
                let children = self.children(node);
                let readable = |child: &Node<'_>| child.kind() == "ERROR" || child.kind().ends_with("_declaration");
                open.extend(children.into_iter().filter(readable).rev());
            } else if node == root {
                open.extend(self.children(node).into_iter().rev());
            } else {
                declarations.push(node);
            }
        }
        declarations
    }

    /// Notes the names that a declaration brings.
    fn announce(&mut self, node: Node<'t>) {
        match node.kind() {
            "import_declaration" => self.imports(node),
            "function_declaration" => self.announce_all(node, Declared::Function),
            "type_declaration" => {
                self.children(node).into_iter().for_each(|spec| self.announce_all(spec, Declared::Type));
            }
            "const_declaration" | "var_declaration" => {
                for spec in self.specs(node) {
                    self.announce_all(spec, Declared::Value);
                    if spec.kind() == "const_spec" {
                        self.announce_text(spec);
                    }
                }
            }
            _ => {}
        }
    }

    fn announce_all(&mut self, node: Node<'t>, what: Declared) {
        for name in self.fields_of(node, "name") {
            self.names.declare_global(self.text(name), what);
        }
    }

    /// `const Header = "X-Request-Id"`: the key of a map literal may be written so.
    fn announce_text(&mut self, spec: Node<'t>) {
        let values = self.items(spec, "value");
        for (name, value) in self.fields_of(spec, "name").into_iter().zip(values) {
            if matches!(value.kind(), "interpreted_string_literal" | "raw_string_literal") {
                let text = literals::string(self.text(value));
                self.constants.insert(self.name(name), Arc::from(text));
            }
        }
    }

    fn imports(&mut self, node: Node<'t>) {
        for spec in self.specs(node) {
            let Some(path) = spec.field("path") else { continue };
            let name = spec.field("name").map(|name| self.text(name));
            self.names.imports.add(name, &literals::string(self.text(path)));
        }
    }

    /// Specs of a declaration, with or without parentheses around them.
    pub(super) fn specs(&mut self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut specs = Vec::new();
        for child in self.children(node) {
            match child.kind() {
                "import_spec_list" | "var_spec_list" => specs.extend(self.children(child)),
                _ => specs.push(child),
            }
        }
        specs.retain(|spec| spec.kind().ends_with("_spec"));
        specs
    }

    fn function(&mut self, node: Node<'t>) {
        self.scoped(|lowerer| lowerer.func(node, None, None));
    }

    fn method(&mut self, node: Node<'t>) {
        let receiver = node.field("receiver").and_then(|list| self.first_child(list));
        let Some(receiver) = receiver else {
            self.fixme(node, Vec::new());
            return;
        };
        self.scoped(|lowerer| {
            let written = receiver.field("type");
            if let Some(ty) = written {
                lowerer.declare_receiver_params(ty);
            }
            let owner = written.map(|ty| lowerer.ty(ty)).unwrap_or_default();
            let name = receiver.field("name");
            let name = name.map_or_else(|| Arc::from("_"), |name| lowerer.name(name));
            lowerer.names.declare(&name, Local::Variable);
            lowerer.func(node, Some(owner), Some(name));
        });
    }

    /// Type arguments of a receiver are new names: `func (c *Cache[K, V]) Get()`.
    fn declare_receiver_params(&mut self, ty: Node<'t>) {
        let mut ty = ty;
        while matches!(ty.kind(), "pointer_type" | "parenthesized_type") {
            let Some(inner) = self.first_child(ty) else { return };
            ty = inner;
        }
        let Some(args) = ty.field("type_arguments") else { return };
        for arg in self.children(args) {
            self.names.declare(&self.name(arg), Local::Parameter);
        }
    }

    /// A function or method, in a scope that is open already.
    fn func(&mut self, node: Node<'t>, owner: Option<Type>, receiver: Option<Arc<str>>) {
        let Some(name) = node.field("name") else {
            self.fixme(node, Vec::new());
            return;
        };
        let symbol = match owner.as_ref().and_then(Type::symbol) {
            Some(owner) => owner.join(self.text(name)),
            None => self.names.package().join(self.text(name)),
        };
        let type_params = self.declare_type_params(node);
        let (params, ret, body) = self.inside(symbol.clone(), |lowerer| {
            // Types of parameters are written where no parameter can be seen yet.
            let ret = lowerer.result(node);
            let params = lowerer.params(node);
            (params, ret, node.field("body").map(|body| lowerer.body(node, body)))
        });
        self.module.funcs.push(Func {
            symbol,
            owner,
            implements: None,
            receiver,
            type_params,
            params,
            ret,
            annotations: Vec::new(),
            property: false,
            body,
            span: self.span(node),
            name_span: self.span(name),
            test: self.module.test,
        });
    }

    /// Parameters of a function, declared in the scope that is open.
    pub(super) fn params(&mut self, function: Node<'t>) -> Vec<Param> {
        let Some(list) = function.field("parameters") else { return Vec::new() };
        let mut params = Vec::new();
        for node in self.children(list) {
            let variadic = node.kind() == "variadic_parameter_declaration";
            let written = node.field("type");
            let ty = written.map(|ty| self.ty(ty)).unwrap_or_default();
            let ty = if variadic { Type::List(Box::new(ty)) } else { ty };
            let what = variable_of(written.filter(|_| !variadic));
            let names = self.fields_of(node, "name");
            if names.is_empty() {
                params.push(Param { variadic, ..Param::new(Pattern::Wild, ty.clone()) });
            }
            for name in names {
                let pattern = self.bind_as(name, what.clone());
                params.push(Param { variadic, ..Param::new(pattern, ty.clone()) });
            }
        }
        params
    }

    /// The body of a function. Named results are variables that exist from the start.
    fn body(&mut self, function: Node<'t>, body: Node<'t>) -> Block {
        let mut results = Vec::new();
        let mut stmts = Vec::new();
        let list = function.field("result").filter(|list| list.kind() == "parameter_list");
        for node in list.map(|list| self.children(list)).unwrap_or_default() {
            let ty = self.ty_in(node, "type");
            for name in self.fields_of(node, "name") {
                results.push(self.name(name));
                let pattern = self.bind(name);
                let kind = StmtKind::Let { pattern, ty: ty.clone(), value: None, otherwise: None };
                stmts.push(Stmt { kind, span: self.span(name) });
            }
        }
        self.functions.push(Function { results });
        let leaves = std::mem::take(&mut self.leaves);
        stmts.append(&mut self.block(body).stmts);
        self.leaves = leaves;
        self.functions.pop();
        Block { stmts, tail: None }
    }

    /// A function literal.
    pub(super) fn lambda(&mut self, node: Node<'t>) -> Lambda {
        self.scoped(|lowerer| {
            let ret = lowerer.result(node);
            let params = lowerer.params(node);
            let body = node.field("body").map(|body| lowerer.body(node, body)).unwrap_or_default();
            Lambda { params, ret, body }
        })
    }

    /// A new name in the scope that is open. What is no name (`a.b := 1`) binds nothing.
    pub(super) fn bind(&mut self, name: Node<'t>) -> Pattern {
        self.bind_as(name, Local::Variable)
    }

    /// A new name of which more is known.
    pub(super) fn bind_as(&mut self, name: Node<'t>, what: Local) -> Pattern {
        let text = self.text(name);
        if text == "_" || !matches!(name.kind(), "identifier" | "type_identifier") {
            return Pattern::Wild;
        }
        let text: Arc<str> = Arc::from(text);
        self.names.declare(&text, what);
        Pattern::Bind(text, self.span(name), None)
    }
}

/// What a variable of a written type is.
pub(super) fn variable_of(ty: Option<Node<'_>>) -> Local {
    if ty.is_some_and(|ty| ty.kind() == "channel_type") { Local::Channel } else { Local::Variable }
}
