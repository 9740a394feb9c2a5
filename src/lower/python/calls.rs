//! Calls, and what looks like one: conversions and functions of the language.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Lowerer;
use crate::model::ir::{Arg, Expr, ExprKind, FieldInit, Literal, Op, Pattern, Type};

impl Lowerer<'_> {
    pub(super) fn call(&mut self, call: &ast::ExprCall) -> Expr {
        if let Some(kind) = self.of_the_language(call) {
            return self.expr_at(call, kind);
        }
        if let Some(template) = self.formatted(call) {
            return self.expr_at(call, template);
        }
        let type_args = self.type_args(call);
        let callee = Box::new(self.expr(&call.func));
        let args = self.args(&call.arguments);
        let made = self.expr_at(call, ExprKind::Call { callee, type_args, args });
        self.or_default(call, made)
    }

    pub(super) fn args(&mut self, arguments: &ast::Arguments) -> Vec<Arg> {
        let mut args: Vec<Arg> =
            arguments.args.iter().map(|value| Arg { name: None, value: self.expr(value) }).collect();
        for keyword in &arguments.keywords {
            let value = self.expr(&keyword.value);
            args.push(match &keyword.arg {
                Some(name) => Arg { name: Some(Arc::from(name.as_str())), value },
                None => Arg { name: None, value: self.expr_at(keyword, ExprKind::Spread(Box::new(value))) },
            });
        }
        args
    }

    /// `Page[Item](..)`.
    fn type_args(&mut self, call: &ast::ExprCall) -> Vec<Type> {
        let generic = match &*call.func {
            ast::Expr::Subscript(subscript) => self.path(&subscript.value).map(|_| &*subscript.slice),
            ast::Expr::Attribute(attribute) => match &*attribute.value {
                ast::Expr::Subscript(subscript) => self.path(&subscript.value).map(|_| &*subscript.slice),
                _ => None,
            },
            _ => None,
        };
        match generic {
            Some(ast::Expr::Tuple(types)) => types.elts.iter().map(|ty| self.ty(ty)).collect(),
            Some(ty) => vec![self.ty(ty)],
            None => Vec::new(),
        }
    }

    /// What the language or its typing does itself.
    fn of_the_language(&mut self, call: &ast::ExprCall) -> Option<ExprKind> {
        let args = &call.arguments.args[..];
        let keywords = &call.arguments.keywords[..];
        let symbol = self.path(&call.func)?;
        match (symbol.as_str(), args) {
            ("builtins::super", _) => self.parent_of_receiver(call),
            ("typing::cast" | "typing_extensions::cast", [ty, value]) => {
                let ty = self.ty(ty);
                Some(ExprKind::Cast(ty, Box::new(self.expr(value))))
            }
            ("builtins::dict", []) => Some(self.dict_of(keywords)),
            ("builtins::dict", [given]) if keywords.is_empty() => Some(self.expr(given).kind),
            ("builtins::getattr", [base, name, rest @ ..]) => {
                let name_span = self.span(name);
                let name = self.fixed_text(name)?;
                let base = Box::new(self.expr(base));
                let read = self.expr_at(call, ExprKind::Member { base, name, name_span });
                Some(self.or(call, read, rest.first()).kind)
            }
            // What they give comes in the order of what is given.
            ("asyncio::gather", [_, ..]) if !args.iter().any(ast::Expr::is_starred_expr) => {
                Some(ExprKind::Tuple(self.exprs(args)))
            }
            ("functools::partial", [function, ..]) => Some(self.partial(call, function)),
            _ => None,
        }
    }

    /// `super()`: the receiver, seen as what its class extends.
    fn parent_of_receiver(&mut self, call: &ast::ExprCall) -> Option<ExprKind> {
        let class = self.classes.last()?;
        let parent = self.parents.get(class).cloned().unwrap_or_default();
        let receiver = self.expr_at(call, ExprKind::Local(self.receiver.clone()?));
        Some(ExprKind::Cast(parent, Box::new(receiver)))
    }

    /// `dict(a=1, **b)`.
    fn dict_of(&mut self, keywords: &[ast::Keyword]) -> ExprKind {
        let mut fields = Vec::new();
        let mut spreads = Vec::new();
        for keyword in keywords {
            let value = self.expr(&keyword.value);
            match &keyword.arg {
                Some(name) => {
                    fields.push(FieldInit { name: Some(Arc::from(name.as_str())), name_span: self.span(name), value });
                }
                None => spreads.push(value),
            }
        }
        self.object(fields, spreads)
    }

    /// `partial(f, a, b=c)`: a function that gives `f` these arguments before its own.
    fn partial(&mut self, call: &ast::ExprCall, function: &ast::Expr) -> ExprKind {
        let callee = Box::new(self.expr(function));
        let mut args = self.args(&call.arguments);
        if !args.is_empty() {
            args.remove(0);
        }
        let rest: Arc<str> = Arc::from("<rest>");
        let passed = self.expr_at(call, ExprKind::Local(Arc::clone(&rest)));
        let positional = args.iter().position(|arg| arg.name.is_some()).unwrap_or(args.len());
        args.insert(positional, Arg { name: None, value: self.expr_at(call, ExprKind::Spread(Box::new(passed))) });
        let param = crate::model::ir::Param {
            variadic: true,
            ..crate::model::ir::Param::new(Pattern::Bind(rest, self.span(call), None), Type::Unknown)
        };
        let tail = self.expr_at(call, ExprKind::Call { callee, type_args: Vec::new(), args });
        let body = crate::model::ir::Block { stmts: Vec::new(), tail: Some(Box::new(tail)) };
        ExprKind::Lambda(Box::new(crate::model::ir::Lambda { params: vec![param], ret: Type::Unknown, body }))
    }

    /// `d.get(key, default)` and `os.getenv(name, default)` give one or the other. Of a `get` with two
    /// arguments only one with a plain key can be meant: `session.get(url, params)`.
    fn or_default(&mut self, call: &ast::ExprCall, mut made: Expr) -> Expr {
        let ([key, default], true) = (&call.arguments.args[..], call.arguments.keywords.is_empty()) else {
            return made;
        };
        let takes_default = match &*call.func {
            ast::Expr::Attribute(method) if matches!(method.attr.as_str(), "get" | "pop" | "setdefault") => {
                let is_key = |text: &str| !text.contains(['/', ':', ' ']);
                self.fixed_text(key).is_some_and(|text| is_key(&text)) && !default.is_dict_expr()
            }
            ast::Expr::Attribute(method) => method.attr.as_str() == "getenv",
            ast::Expr::Name(_) => self.path(&call.func).is_some_and(|symbol| symbol.as_str() == "os::getenv"),
            _ => false,
        };
        if !takes_default {
            return made;
        }
        if let ExprKind::Call { args, .. } = &mut made.kind {
            args.truncate(1);
        }
        self.or(call, made, Some(default))
    }

    /// A value, or a default where there is none.
    fn or(&mut self, node: &impl Ranged, value: Expr, default: Option<&ast::Expr>) -> Expr {
        let Some(default) = default else { return value };
        let default = self.expr(default);
        if matches!(default.kind, ExprKind::Literal(Literal::Null)) {
            return value;
        }
        self.expr_at(node, ExprKind::Binary(Op::Coalesce, Box::new(value), Box::new(default)))
    }
}
