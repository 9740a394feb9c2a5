//! Functions and methods, their parameters, and what stands above them.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::assigned::Assigned;
use super::names::Known;
use super::{Function, Lowerer};
use crate::model::ir::{
    Annotation, Arg, Block, Expr, ExprKind, Func, Lambda, Literal, Op, Param, Pattern, Stmt, StmtKind, Symbol, Type,
};

/// What the decorators of a method make of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Called on a value of its class.
    Method,
    /// Read like a field.
    Property,
    /// Called when a field is set or deleted.
    Setter,
    /// Called on the class.
    OfClass,
    /// Has nothing to do with values of its class.
    Static,
}

impl Lowerer<'_> {
    /// A function of the module, or a method of a class.
    pub(super) fn function(&mut self, def: &ast::StmtFunctionDef, class: Option<&Symbol>) {
        let name = def.name.as_str();
        let annotations = self.annotations(&def.decorator_list);
        let sort = if class.is_some() { sort(name, &annotations) } else { Sort::Static };
        let symbol = match (name, sort) {
            ("__init__", _) if class.is_some() => self.inside.join("constructor"),
            (_, Sort::Setter) => self.inside.join(name).join("setter"),
            _ => self.inside.join(name),
        };
        let owner = class.map(|class| Type::Named(class.clone(), Vec::new()));
        let implements = class.and_then(|class| self.parents.get(class)).and_then(Type::symbol).cloned();
        let outer = self.receiver.take();
        let function = Function { yields_once: gives_context(&annotations), ..Function::default() };
        let mut func = Func {
            symbol: symbol.clone(),
            owner,
            implements,
            receiver: None,
            type_params: Vec::new(),
            params: Vec::new(),
            ret: Type::Unknown,
            annotations,
            property: sort == Sort::Property,
            body: None,
            span: self.span(def),
            name_span: self.span(&def.name),
            test: self.module.test,
        };
        self.in_function(function, |lowerer| {
            func.type_params = lowerer.type_params(def.type_params.as_deref());
            let skipped = lowerer.receiver_of(def, class, sort);
            func.receiver.clone_from(&lowerer.receiver);
            func.params = lowerer.params(&def.parameters, skipped);
            func.ret = lowerer.ty_or_unknown(def.returns.as_deref());
            if !lowerer.is_only_declared(def, &func.annotations) {
                func.body = Some(lowerer.inside(symbol, |lowerer| lowerer.body(&def.parameters, &def.body)));
            }
        });
        self.receiver = outer;
        self.module.funcs.push(func);
    }

    /// Takes the receiver off the parameters; how many it took.
    fn receiver_of(&mut self, def: &ast::StmtFunctionDef, class: Option<&Symbol>, sort: Sort) -> usize {
        let first = def.parameters.posonlyargs.first().or(def.parameters.args.first());
        let (Some(class), Some(first)) = (class, first) else { return 0 };
        let name = first.parameter.name.as_str();
        match sort {
            Sort::Static => 0,
            Sort::OfClass => {
                self.names.declare(name, Known::Class(class.clone()));
                1
            }
            Sort::Method | Sort::Property | Sort::Setter => {
                self.names.declare(name, Known::Local);
                self.receiver = Some(Arc::from(name));
                1
            }
        }
    }

    /// Whether a function says what others do: `@overload`, abstract methods, stubs.
    fn is_only_declared(&self, def: &ast::StmtFunctionDef, annotations: &[Annotation]) -> bool {
        let declares = |known: &Annotation| matches!(known.name.name(), "overload" | "abstractmethod");
        let is_empty = || {
            def.body.iter().all(|stmt| match stmt {
                ast::Stmt::Expr(inner) => {
                    inner.value.is_ellipsis_literal_expr() || inner.value.is_string_literal_expr()
                }
                ast::Stmt::Pass(_) => annotations.iter().any(declares),
                ast::Stmt::Raise(_) => annotations.iter().any(declares),
                _ => false,
            })
        };
        self.is_stub || annotations.iter().any(|known| known.name.name() == "overload") || is_empty()
    }

    /// Decorators.
    pub(super) fn annotations(&mut self, decorators: &[ast::Decorator]) -> Vec<Annotation> {
        decorators.iter().map(|decorator| self.annotation(&decorator.expression)).collect()
    }

    /// `@name`, `@name(..)`; its name is as written where it cannot be told.
    pub(super) fn annotation(&mut self, written: &ast::Expr) -> Annotation {
        let (named, args) = match written {
            ast::Expr::Call(call) => (&*call.func, self.args(&call.arguments)),
            _ => (written, Vec::new()),
        };
        Annotation { name: self.annotation_name(named), args, span: self.span(written) }
    }

    fn annotation_name(&self, named: &ast::Expr) -> Symbol {
        if let Some(symbol) = self.path(named) {
            return symbol;
        }
        // `@app.get` of a variable of the module.
        if let ast::Expr::Attribute(attribute) = named
            && let Some(base) = self.path(&attribute.value)
        {
            return base.join(attribute.attr.as_str());
        }
        let text = self.source.get(named.range().to_std_range()).unwrap_or_default();
        Symbol::new(text.replace('.', "::"))
    }

    fn type_params(&mut self, params: Option<&ast::TypeParams>) -> Vec<Arc<str>> {
        let names = params.into_iter().flat_map(|params| &params.type_params).map(|param| match param {
            ast::TypeParam::TypeVar(param) => param.name.as_str(),
            ast::TypeParam::TypeVarTuple(param) => param.name.as_str(),
            ast::TypeParam::ParamSpec(param) => param.name.as_str(),
        });
        let names: Vec<Arc<str>> = names.map(Arc::from).collect();
        names.iter().for_each(|name| self.names.declare(name, Known::Parameter));
        names
    }

    /// Parameters, declared in the scope that is open, without the first `skipped`.
    pub(super) fn params(&mut self, params: &ast::Parameters, skipped: usize) -> Vec<Param> {
        let mut lowered = Vec::new();
        let positional = params.posonlyargs.iter().chain(&params.args).skip(skipped);
        for param in positional {
            lowered.push(self.param_with_default(param));
        }
        if let Some(rest) = &params.vararg {
            let param = self.param(rest);
            lowered.push(Param { ty: Type::List(Box::new(param.ty)), variadic: true, ..param });
        }
        for param in &params.kwonlyargs {
            lowered.push(self.param_with_default(param));
        }
        if let Some(rest) = &params.kwarg {
            let param = self.param(rest);
            lowered.push(Param { ty: Type::Dynamic, variadic: true, keywords: true, ..param });
        }
        lowered
    }

    fn param_with_default(&mut self, param: &ast::ParameterWithDefault) -> Param {
        let default = param.default.as_deref().map(|value| Box::new(self.expr(value)));
        Param { default, ..self.param(&param.parameter) }
    }

    fn param(&mut self, param: &ast::Parameter) -> Param {
        let ty = self.ty_or_unknown(param.annotation.as_deref());
        let annotations = param.annotation.as_deref().map(|written| self.annotated_with(written)).unwrap_or_default();
        self.names.declare(param.name.as_str(), Known::Local);
        self.introduce(param.name.as_str());
        Param { annotations, ..Param::new(self.bound(param.name.as_str(), param.name.range), ty) }
    }

    /// What `Annotated[T, ..]` says beside the type.
    pub(super) fn annotated_with(&mut self, annotation: &ast::Expr) -> Vec<Annotation> {
        let ast::Expr::Subscript(generic) = annotation else { return Vec::new() };
        let is_annotated = self.path(&generic.value).is_some_and(|symbol| symbol.name() == "Annotated");
        match &*generic.slice {
            ast::Expr::Tuple(args) if is_annotated => {
                let said = args.elts.iter().skip(1).filter(|said| said.is_call_expr());
                said.map(|said| self.annotation(said)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The body of a function: defaults of its parameters, variables that its blocks set, statements.
    fn body(&mut self, params: &ast::Parameters, body: &[ast::Stmt]) -> Block {
        let defaults = self.defaults(params);
        let mut stmts = self.locals(body);
        if defaults.is_empty() {
            self.statements(body, &mut stmts);
            return Block { stmts, tail: None };
        }
        // In a block of their own: a parameter that is set here is not the caller's.
        let mut inner = defaults;
        inner.append(&mut stmts);
        self.statements(body, &mut inner);
        let (Some(first), Some(last)) = (inner.first(), inner.last()) else { return Block::default() };
        let span = first.span.to(last.span);
        let inner = Expr { kind: ExprKind::Block(Block { stmts: inner, tail: None }), span };
        Block { stmts: vec![Stmt { kind: StmtKind::Expr(inner), span }], tail: None }
    }

    /// Declares the variables of a function, and makes those that must exist before a block sets them.
    fn locals(&mut self, body: &[ast::Stmt]) -> Vec<Stmt> {
        let assigned = Assigned::of(body);
        for name in assigned.names() {
            if !self.names.is_own(name) {
                self.names.declare(name, Known::Local);
            }
        }
        let nested = assigned.nested().into_iter().filter(|name| self.names.get(name) == Known::Local);
        let nested: Vec<&str> = nested.filter(|name| !self.is_introduced(name)).collect();
        nested.into_iter().map(|name| self.hoisted(name)).collect()
    }

    /// Parameters that are left out have their default. One of `None` says nothing.
    fn defaults(&mut self, params: &ast::Parameters) -> Vec<Stmt> {
        let mut stmts = Vec::new();
        for param in params.iter_non_variadic_params() {
            let Some(default) = param.default.as_deref().filter(|default| tells(default)) else { continue };
            let name: Arc<str> = Arc::from(param.parameter.name.as_str());
            let given = Box::new(self.expr_at(&param.parameter, ExprKind::Local(Arc::clone(&name))));
            let default = Box::new(self.expr(default));
            let value = self.expr_at(param, ExprKind::Binary(Op::Coalesce, given, default));
            let pattern = self.bound(&name, param.parameter.name.range);
            stmts.push(self.stmt_at(param, StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None }));
        }
        stmts
    }

    /// A function in a function is a variable that holds it.
    pub(super) fn nested_function(&mut self, def: &ast::StmtFunctionDef, stmts: &mut Vec<Stmt>) {
        let annotations = self.annotations(&def.decorator_list);
        let name = def.name.as_str();
        self.names.declare(name, Known::Local);
        let function = Function { yields_once: gives_context(&annotations), ..Function::default() };
        let lambda = self.in_function(function, |lowerer| {
            lowerer.type_params(def.type_params.as_deref());
            let params = lowerer.params(&def.parameters, 0);
            let ret = lowerer.ty_or_unknown(def.returns.as_deref());
            Lambda { params, ret, body: lowerer.body(&def.parameters, &def.body) }
        });
        let value = self.expr_at(def, ExprKind::Lambda(Box::new(lambda)));
        let kind = if self.introduce(name) {
            let pattern = self.bound(name, def.name.range);
            StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None }
        } else {
            let target = self.expr_at(&def.name, ExprKind::Local(Arc::from(name)));
            StmtKind::Assign { target, op: None, value }
        };
        stmts.push(self.stmt_at(def, kind));
        for decorator in def.decorator_list.iter().rev() {
            self.given_to(decorator, name, stmts);
        }
    }

    /// A decorator is given the function: it may run it now or later. Those of the standard library keep
    /// to what the function does.
    fn given_to(&mut self, decorator: &ast::Decorator, name: &str, stmts: &mut Vec<Stmt>) {
        let named = match &decorator.expression {
            ast::Expr::Call(call) => &*call.func,
            other => other,
        };
        let path = self.path(named);
        let module = path.as_ref().and_then(|symbol| symbol.as_str().split("::").next());
        if matches!(module, Some("functools" | "contextlib" | "builtins" | "typing")) {
            return;
        }
        let callee = Box::new(self.expr(&decorator.expression));
        let given = self.expr_at(decorator, ExprKind::Local(Arc::from(name)));
        let args = vec![Arg { name: None, value: given }];
        let call = self.expr_at(decorator, ExprKind::Call { callee, type_args: Vec::new(), args });
        stmts.push(self.stmt_at(decorator, StmtKind::Expr(call)));
    }

    /// `lambda a: e`.
    pub(super) fn lambda(&mut self, lambda: &ast::ExprLambda) -> ExprKind {
        let lowered = self.in_function(Function { blocks: 1, ..Function::default() }, |lowerer| {
            let params = lambda.parameters.as_ref().map(|params| lowerer.params(params, 0)).unwrap_or_default();
            let tail = Some(Box::new(lowerer.expr(&lambda.body)));
            Lambda { params, ret: Type::Unknown, body: Block { stmts: Vec::new(), tail } }
        });
        ExprKind::Lambda(Box::new(lowered))
    }

    /// `yield e`: an element; in what `with` calls, the value that it binds, after which the rest runs.
    pub(super) fn yielded_value(&mut self, node: &ast::ExprYield) -> Expr {
        let value = node.value.as_ref().map(|value| Box::new(self.expr(value)));
        if !self.functions.last().is_some_and(|function| function.yields_once) {
            return self.expr_at(node, ExprKind::Yield(value));
        }
        let given = self.expr_at(node, ExprKind::Return(value));
        let then = Block { stmts: vec![self.stmt_at(node, StmtKind::Expr(given))], tail: None };
        let cond = Box::new(self.expr_at(node, ExprKind::Fixme(Vec::new())));
        self.expr_at(node, ExprKind::If { cond, then, otherwise: None })
    }

    /// `yield from e`: each element of `e`.
    pub(super) fn yield_from(&mut self, node: &ast::ExprYieldFrom) -> Expr {
        let over = self.expr(&node.value);
        let name: Arc<str> = Arc::from("<element>");
        let element = self.expr_at(node, ExprKind::Local(Arc::clone(&name)));
        let given = self.expr_at(node, ExprKind::Yield(Some(Box::new(element))));
        let body = Block { stmts: vec![self.stmt_at(node, StmtKind::Expr(given))], tail: None };
        let pattern = Pattern::Bind(name, self.span(node), None);
        let kind = crate::model::ir::LoopKind::Each { pattern, over, keyed: false };
        self.expr_at(node, ExprKind::Loop(Box::new(crate::model::ir::Loop { kind, body, label: None })))
    }
}

/// Whether a default tells anything: empty lists, `None` and flags do not.
fn tells(default: &ast::Expr) -> bool {
    match default {
        ast::Expr::NoneLiteral(_) | ast::Expr::EllipsisLiteral(_) | ast::Expr::BooleanLiteral(_) => false,
        ast::Expr::List(list) => !list.elts.is_empty(),
        ast::Expr::Tuple(list) => !list.elts.is_empty(),
        ast::Expr::Dict(dict) => !dict.items.is_empty(),
        ast::Expr::StringLiteral(text) => !text.value.is_empty(),
        _ => true,
    }
}

fn sort(name: &str, annotations: &[Annotation]) -> Sort {
    let has = |wanted: fn(&str) -> bool| annotations.iter().any(|known| wanted(known.name.name()));
    if has(|name| name == "staticmethod") {
        Sort::Static
    } else if has(|name| name == "classmethod") || matches!(name, "__new__" | "__init_subclass__" | "__class_getitem__")
    {
        Sort::OfClass
    } else if has(|name| matches!(name, "property" | "cached_property" | "abstractproperty" | "computed_field")) {
        Sort::Property
    } else if has(|name| matches!(name, "setter" | "deleter")) {
        Sort::Setter
    } else {
        Sort::Method
    }
}

/// Whether a function is made for `with`: its `yield` gives what that binds.
fn gives_context(annotations: &[Annotation]) -> bool {
    let known = ["contextmanager", "asynccontextmanager", "fixture"];
    annotations.iter().any(|annotation| known.contains(&annotation.name.name()))
}

/// Whether an expression is a literal that stands for nothing.
pub(super) fn is_nothing(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Literal(Literal::Null))
}
