//! Functions: their heads, bodies and parameters.

use std::sync::Arc;

use oxc_ast::ast as js;

use super::{Lowerer, THIS};
use crate::model::ir::{Annotation, Arg, Block, Expr, ExprKind, Func, Lambda, Param, Pattern, StmtKind, Symbol, Type};
use crate::model::source::Span;

impl Lowerer<'_> {
    /// A function of the module or a namespace.
    pub(super) fn function_item(&mut self, symbol: Symbol, node: &js::Function<'_>) {
        let name_span = node.id.as_ref().map_or(self.place(node.span), |id| self.place(id.span));
        let func = self.func(symbol, None, node, name_span);
        self.module.funcs.push(func);
    }

    /// A function or method; a method's owner is given.
    pub(super) fn func(
        &mut self,
        symbol: Symbol,
        owner: Option<Type>,
        node: &js::Function<'_>,
        name_span: Span,
    ) -> Func {
        self.scoped(|lowerer| {
            let type_params = lowerer.type_params(node.type_parameters.as_deref());
            let inside = symbol.clone();
            let (params, body) = lowerer.inside(inside, |lowerer| {
                let params = lowerer.params(&node.params);
                (params, node.body.as_ref().map(|body| lowerer.function_body(body)))
            });
            let ret = lowerer.return_type(node.return_type.as_deref());
            lowerer.func_of(symbol, owner, (type_params, params, ret), body, (node.span, name_span))
        })
    }

    /// `const f = (..) => ..` of a module.
    pub(super) fn arrow_func(
        &mut self,
        symbol: Symbol,
        node: &js::ArrowFunctionExpression<'_>,
        name_span: Span,
        ty: Option<Type>,
    ) -> Func {
        self.scoped(|lowerer| {
            let type_params = lowerer.type_params(node.type_parameters.as_deref());
            let (mut params, body) = lowerer.inside(symbol.clone(), |lowerer| {
                let params = lowerer.params(&node.params);
                (params, lowerer.arrow_body(node))
            });
            let mut ret = lowerer.return_type(node.return_type.as_deref());
            if ret == Type::Unknown && ty.is_none() {
                lowerer.returned_object(&symbol, node);
            }
            let (types, gives) = match ty {
                Some(Type::Function(types, gives)) => (types, *gives),
                // `const User: FC<Props> = ({ name }) => ..`: a component is declared by its properties.
                Some(Type::Named(_, args)) if symbol.name().starts_with(char::is_uppercase) => {
                    (args.into_iter().take(1).collect(), Type::Unknown)
                }
                _ => (Vec::new(), Type::Unknown),
            };
            for (param, ty) in params.iter_mut().zip(types).filter(|(param, _)| param.ty == Type::Unknown) {
                param.ty = ty;
            }
            if ret == Type::Unknown {
                ret = gives;
            }
            lowerer.func_of(symbol, None, (type_params, params, ret), Some(body), (node.span, name_span))
        })
    }

    fn func_of(
        &self,
        symbol: Symbol,
        owner: Option<Type>,
        (type_params, params, ret): (Vec<Arc<str>>, Vec<Param>, Type),
        body: Option<Block>,
        (span, name_span): (oxc_span::Span, Span),
    ) -> Func {
        Func {
            symbol,
            owner,
            implements: None,
            receiver: None,
            type_params,
            params,
            ret,
            annotations: Vec::new(),
            property: false,
            body,
            span: self.place(span),
            name_span,
            test: self.module.test,
        }
    }

    /// Type parameters, which can be seen from here on.
    pub(super) fn type_params(&mut self, node: Option<&js::TSTypeParameterDeclaration<'_>>) -> Vec<Arc<str>> {
        let params = node.into_iter().flat_map(|node| &node.params);
        params
            .map(|param| {
                let name = param.name.name.as_str();
                self.names.declare_type(name, None);
                Arc::from(name)
            })
            .collect()
    }

    pub(super) fn return_type(&mut self, node: Option<&js::TSTypeAnnotation<'_>>) -> Type {
        node.map(|node| self.ty(&node.type_annotation)).unwrap_or_default()
    }

    /// The statements of a function.
    pub(super) fn function_body(&mut self, node: &js::FunctionBody<'_>) -> Block {
        Block { stmts: self.statements(&node.statements), tail: None }
    }

    /// What an arrow function does: statements, or one expression.
    pub(super) fn arrow_body(&mut self, node: &js::ArrowFunctionExpression<'_>) -> Block {
        match node.body.statements.first() {
            Some(js::Statement::ExpressionStatement(only)) if node.expression => {
                Block { stmts: Vec::new(), tail: Some(Box::new(self.expr(&only.expression))) }
            }
            _ => self.function_body(&node.body),
        }
    }

    /// Parameters, whose names can be seen from here on.
    pub(super) fn params(&mut self, node: &js::FormalParameters<'_>) -> Vec<Param> {
        let mut params: Vec<Param> = node.items.iter().map(|param| self.param(param)).collect();
        if let Some(rest) = &node.rest {
            let ty = rest.type_annotation.as_ref().map(|annotation| self.ty(&annotation.type_annotation));
            let pattern = self.pattern(&rest.rest.argument);
            params.push(Param { variadic: true, ..Param::new(pattern, ty.unwrap_or_default()) });
        }
        params
    }

    fn param(&mut self, node: &js::FormalParameter<'_>) -> Param {
        let declared = node.type_annotation.as_ref().map(|annotation| self.ty(&annotation.type_annotation));
        let mut ty = declared.or_else(|| injected(&node.pattern)).unwrap_or_default();
        if (node.optional || node.initializer.is_some()) && ty != Type::Unknown && !matches!(ty, Type::Optional(_)) {
            ty = Type::Optional(Box::new(ty));
        }
        let annotations = self.decorators(&node.decorators);
        let default = node.initializer.as_ref().map(|value| Box::new(self.expr(value)));
        let pattern = self.pattern(&node.pattern);
        Param { default, annotations, ..Param::new(pattern, ty) }
    }

    /// `(a) => ..`, which sees `this` of the code around it.
    pub(super) fn arrow(&mut self, node: &js::ArrowFunctionExpression<'_>) -> ExprKind {
        let (params, ret, body) = self.scoped(|lowerer| {
            lowerer.type_params(node.type_parameters.as_deref());
            let params = lowerer.params(&node.params);
            let body = lowerer.arrow_body(node);
            (params, lowerer.return_type(node.return_type.as_deref()), body)
        });
        ExprKind::Lambda(Box::new(Lambda { params, ret, body }))
    }

    /// `function (a) { .. }` as a value.
    pub(super) fn function_value(&mut self, node: &js::Function<'_>) -> ExprKind {
        let (params, ret, body) = self.scoped(|lowerer| {
            lowerer.type_params(node.type_parameters.as_deref());
            let params = lowerer.params(&node.params);
            let body = node.body.as_ref().map(|body| lowerer.function_body(body)).unwrap_or_default();
            (params, lowerer.return_type(node.return_type.as_deref()), body)
        });
        ExprKind::Lambda(Box::new(Lambda { params, ret, body }))
    }

    /// A function declared inside another one.
    pub(super) fn nested_function(&mut self, node: &js::Function<'_>) -> Option<StmtKind> {
        let id = node.id.as_ref()?;
        let name: Arc<str> = Arc::from(id.name.as_str());
        self.names.declare(&name);
        let value = self.function_value(node);
        let value = Expr { kind: value, span: self.place(node.span) };
        let pattern = Pattern::Bind(name, self.place(id.span), None);
        Some(StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None })
    }

    /// `@Get(":id")`, `@Injectable()`.
    pub(super) fn decorators(&mut self, nodes: &[js::Decorator<'_>]) -> Vec<Annotation> {
        nodes.iter().filter_map(|node| self.decorator(node)).collect()
    }

    fn decorator(&mut self, node: &js::Decorator<'_>) -> Option<Annotation> {
        let lowered = self.expr(&node.expression);
        let (callee, args) = match lowered.kind {
            ExprKind::Call { callee, args, .. } => (callee.kind, args),
            other => (other, Vec::<Arg>::new()),
        };
        let name = match callee {
            ExprKind::Global(symbol) => symbol,
            ExprKind::Local(name) => Symbol::new(name),
            _ => return None,
        };
        Some(Annotation { name, args, span: self.place(node.span) })
    }

    /// `this`.
    pub(super) fn this(&self, span: oxc_span::Span) -> Expr {
        Expr { kind: ExprKind::Local(Arc::from(THIS)), span: self.place(span) }
    }
}

/// The type of what `AngularJS` gives to a parameter of this name (its guide, "Dependency Injection", implicit annotation).
/// The name says what it is, as a type would.
fn injected(pattern: &js::BindingPattern<'_>) -> Option<Type> {
    let name = pattern.get_identifier_name()?;
    (name.as_str() == "$http").then(|| Type::Named(Symbol::new("angular::IHttpService"), Vec::new()))
}
