//! Expressions.
//!
//! The span of an expression is put together from those of its parts: asking `syn` for it would
//! print the whole tree again at each level.

use syn::{Expr as SynExpr, Lit, RangeLimits, UnOp};

use super::blocks;
use super::lowerer::{self, Lowerer, call, global, unnamed};
use super::scope::{self, Namespace};
use crate::model::ir::{Expr, ExprKind, FieldInit, Lambda, Literal, Op, Type};
use crate::model::source::Span;

impl Lowerer<'_> {
    /// An expression. What lies too deep is left out, and counted.
    pub(super) fn expr(&mut self, expr: &SynExpr) -> Expr {
        self.deeper(|this| this.expr_unchecked(expr)).unwrap_or_else(|| {
            let span = Span::new(self.file, self.first_byte(expr), self.first_byte(expr));
            self.fixme("nesting", span, Vec::new())
        })
    }

    fn boxed(&mut self, expr: &SynExpr) -> Box<Expr> {
        Box::new(self.expr(expr))
    }

    fn first_byte(&self, expr: &SynExpr) -> u32 {
        match expr {
            SynExpr::Path(path) => path.path.segments.first().map_or(0, |first| self.span(first.ident.span()).start),
            SynExpr::MethodCall(call) => self.span(call.method.span()).start,
            SynExpr::Call(call) => self.span(call.paren_token.span.open()).start,
            SynExpr::Paren(paren) => self.span(paren.paren_token.span.open()).start,
            _ => u32::try_from(self.base).unwrap_or(u32::MAX),
        }
    }

    fn expr_unchecked(&mut self, expr: &SynExpr) -> Expr {
        match expr {
            SynExpr::Lit(expr) => self.literal(&expr.lit),
            SynExpr::Path(expr) => self.path_expr(expr).0,
            SynExpr::Paren(expr) => {
                let inner = self.expr(&expr.expr);
                Expr { span: self.span(expr.paren_token.span.join()), ..inner }
            }
            SynExpr::Group(expr) => self.expr(&expr.expr),
            SynExpr::Field(expr) => self.field_access(expr),
            SynExpr::MethodCall(expr) => self.method_call(expr),
            SynExpr::Call(expr) => self.call(expr),
            SynExpr::Macro(expr) => self.macro_call(&expr.mac),
            SynExpr::Struct(expr) => self.construct(expr),
            SynExpr::Array(expr) => {
                let elems = expr.elems.iter().map(|elem| self.expr(elem)).collect();
                Expr { kind: ExprKind::List(elems), span: self.span(expr.bracket_token.span.join()) }
            }
            SynExpr::Repeat(expr) => {
                let elem = self.expr(&expr.expr);
                Expr { kind: ExprKind::List(vec![elem]), span: self.span(expr.bracket_token.span.join()) }
            }
            SynExpr::Tuple(expr) => {
                let elems = expr.elems.iter().map(|elem| self.expr(elem)).collect();
                Expr { kind: ExprKind::Tuple(elems), span: self.span(expr.paren_token.span.join()) }
            }
            SynExpr::Index(expr) => self.index(expr),
            SynExpr::Range(expr) => self.range(expr),
            SynExpr::Unary(expr) => self.unary(expr),
            SynExpr::Assign(_) => self.assignment(expr),
            SynExpr::Binary(binary) if blocks::compound(&binary.op).is_some() => self.assignment(expr),
            SynExpr::Binary(expr) => self.binary(expr),
            SynExpr::Cast(cast) => {
                let value = self.boxed(&cast.expr);
                let span = value.span.to(self.span_of(&*cast.ty));
                Expr { kind: ExprKind::Cast(self.ty(&cast.ty), value), span }
            }
            SynExpr::Reference(expr) => {
                let start = self.span(expr.and_token.span);
                self.prefixed(start, &expr.expr, ExprKind::Ref)
            }
            SynExpr::RawAddr(expr) => {
                let start = self.span(expr.and_token.span);
                self.prefixed(start, &expr.expr, ExprKind::Ref)
            }
            SynExpr::Try(expr) => {
                let value = self.boxed(&expr.expr);
                let span = value.span.to(self.span(expr.question_token.span));
                Expr { kind: ExprKind::Try(value), span }
            }
            SynExpr::Await(expr) => {
                let value = self.boxed(&expr.base);
                let span = value.span.to(self.span(expr.await_token.span));
                Expr { kind: ExprKind::Await(value), span }
            }
            SynExpr::Closure(expr) => self.closure(expr),
            SynExpr::Let(expr) => {
                // The value is read before the names are bound.
                let value = self.boxed(&expr.expr);
                let pattern = self.pattern(&expr.pat);
                let span = self.span(expr.let_token.span).to(value.span);
                Expr { kind: ExprKind::Matches(pattern, value), span }
            }
            SynExpr::If(_)
            | SynExpr::Match(_)
            | SynExpr::Loop(_)
            | SynExpr::While(_)
            | SynExpr::ForLoop(_)
            | SynExpr::Block(_)
            | SynExpr::Unsafe(_)
            | SynExpr::Const(_)
            | SynExpr::Async(_)
            | SynExpr::TryBlock(_)
            | SynExpr::Return(_)
            | SynExpr::Break(_)
            | SynExpr::Continue(_) => self.control(expr),
            SynExpr::Yield(expr) => {
                let children = expr.expr.iter().map(|value| self.expr(value)).collect();
                let span = self.span(expr.yield_token.span);
                self.fixme("Expr::Yield", span, children)
            }
            // The placeholder in `(_, a) = f()`.
            SynExpr::Infer(expr) => {
                Expr { kind: ExprKind::Local("_".into()), span: self.span(expr.underscore_token.span) }
            }
            other => {
                let span = self.span_of(other);
                self.fixme("Expr::Verbatim", span, Vec::new())
            }
        }
    }

    fn prefixed(&mut self, start: Span, inner: &SynExpr, wrap: fn(Box<Expr>) -> ExprKind) -> Expr {
        let inner = self.boxed(inner);
        Expr { span: start.to(inner.span), kind: wrap(inner) }
    }

    /// A literal.
    pub(super) fn literal(&mut self, lit: &Lit) -> Expr {
        let span = self.span(lit.span());
        let literal = match lit {
            Lit::Str(text) => Literal::Str(text.value().into()),
            Lit::ByteStr(bytes) => Literal::Str(String::from_utf8_lossy(&bytes.value()).into()),
            Lit::CStr(text) => Literal::Str(text.value().to_string_lossy().into()),
            Lit::Char(letter) => Literal::Str(letter.value().to_string().into()),
            Lit::Byte(byte) => Literal::Int(byte.value().into()),
            Lit::Bool(truth) => Literal::Bool(truth.value),
            Lit::Int(number) if number.suffix().starts_with('f') => float(number.base10_digits()),
            // Too large for any of ours is the largest of ours; literals have no sign.
            Lit::Int(number) => Literal::Int(number.base10_parse().unwrap_or(i64::MAX)),
            Lit::Float(number) => float(number.base10_digits()),
            _ => return self.fixme("Lit::Verbatim", span, Vec::new()),
        };
        Expr { kind: ExprKind::Literal(literal), span }
    }

    /// A path, and its type arguments: those of its last segment, or of the type before it.
    fn path_expr(&mut self, expr: &syn::ExprPath) -> (Expr, Vec<Type>) {
        let path = &expr.path;
        let (Some(first), Some(last)) = (path.segments.first(), path.segments.last()) else {
            let span = self.span_of(path);
            return (self.fixme("Expr::Path", span, Vec::new()), Vec::new());
        };
        let mut span = self.span(first.ident.span()).to(self.span(last.ident.span()));
        if let syn::PathArguments::AngleBracketed(list) = &last.arguments {
            span = span.to(self.span(list.gt_token.span));
        }
        let type_args = path.segments.iter().rev().take(2).map(|segment| self.type_args(&segment.arguments));
        let type_args = type_args.collect::<Vec<_>>().into_iter().find(|args| !args.is_empty()).unwrap_or_default();
        let kind = match path.get_ident().map(scope::text) {
            Some(name) if self.is_local(&name) => ExprKind::Local(name.into()),
            _ => ExprKind::Global(self.path_symbol(expr.qself.as_ref(), path)),
        };
        if let Some(qself) = &expr.qself {
            span = self.span(qself.lt_token.span).to(span);
        }
        (Expr { kind, span }, type_args)
    }

    /// `<T as Trait>::f` is `T::f`; where `T` is no type of its own, `Trait::f`.
    fn path_symbol(&mut self, qself: Option<&syn::QSelf>, path: &syn::Path) -> crate::model::ir::Symbol {
        let Some(qself) = qself else { return self.resolve(path, Namespace::Value) };
        let names = scope::segments(path).segments;
        let own = names.get(qself.position..).unwrap_or_default();
        match self.ty(&qself.ty) {
            Type::Named(symbol, _) => own.iter().fold(symbol, |name, segment| name.join(segment)),
            _ => self.resolve(path, Namespace::Value),
        }
    }

    fn field_access(&mut self, expr: &syn::ExprField) -> Expr {
        let base = self.boxed(&expr.base);
        let (name, name_span) = self.member(&expr.member);
        let span = base.span.to(name_span);
        Expr { kind: ExprKind::Member { base, name, name_span }, span }
    }

    fn method_call(&mut self, expr: &syn::ExprMethodCall) -> Expr {
        let base = self.boxed(&expr.receiver);
        let name_span = self.span(expr.method.span());
        let span = base.span.to(self.span(expr.paren_token.span.close()));
        let callee_span = base.span.to(name_span);
        let callee = ExprKind::Member { base, name: scope::text(&expr.method).into(), name_span };
        let type_args = expr.turbofish.as_ref().map(|list| self.generic_args(list)).unwrap_or_default();
        let args = expr.args.iter().map(|arg| unnamed(self.expr(arg))).collect();
        let callee = Box::new(Expr { kind: callee, span: callee_span });
        Expr { kind: ExprKind::Call { callee, type_args, args }, span }
    }

    fn call(&mut self, expr: &syn::ExprCall) -> Expr {
        let (callee, type_args) = match &*expr.func {
            SynExpr::Path(path) => self.path_expr(path),
            other => (self.expr(other), Vec::new()),
        };
        let span = callee.span.to(self.span(expr.paren_token.span.close()));
        let args = expr.args.iter().map(|arg| unnamed(self.expr(arg))).collect();
        Expr { kind: ExprKind::Call { callee: Box::new(callee), type_args, args }, span }
    }

    fn construct(&mut self, expr: &syn::ExprStruct) -> Expr {
        let ty = self.path_type(expr.qself.as_ref(), &expr.path);
        let start = expr.path.segments.first().map(|first| self.span(first.ident.span()));
        let end = self.span(expr.brace_token.span.close());
        let fields = expr.fields.iter().map(|field| {
            let (name, name_span) = self.member(&field.member);
            FieldInit { name: Some(name), name_span, value: self.expr(&field.expr) }
        });
        let fields = fields.collect();
        let spread = expr.rest.as_ref().map(|rest| self.boxed(rest));
        let span = start.map_or(end, |start| start.to(end));
        Expr { kind: ExprKind::Construct { ty: Some(ty), fields, spread }, span }
    }

    fn index(&mut self, expr: &syn::ExprIndex) -> Expr {
        let base = self.boxed(&expr.expr);
        let span = base.span.to(self.span(expr.bracket_token.span.close()));
        if matches!(&*expr.index, SynExpr::Range(_)) {
            return Expr { span, ..*base };
        }
        let index = self.boxed(&expr.index);
        Expr { kind: ExprKind::Index { base, index }, span }
    }

    /// A range is a call of the type that the language makes of it.
    fn range(&mut self, expr: &syn::ExprRange) -> Expr {
        let (name, limits) = match &expr.limits {
            RangeLimits::HalfOpen(dots) => ("Range", dots.spans.to_vec()),
            RangeLimits::Closed(dots) => ("RangeInclusive", dots.spans.to_vec()),
        };
        let name = match (&expr.start, &expr.end) {
            (None, None) => "RangeFull",
            (None, Some(_)) => "RangeTo",
            _ => name,
        };
        let dots = limits.iter().map(|span| self.span(*span)).reduce(Span::to);
        let dots = dots.unwrap_or_else(|| Span::new(self.file, 0, 0));
        let ends: Vec<Expr> = [&expr.start, &expr.end].into_iter().flatten().map(|end| self.expr(end)).collect();
        let span = ends.iter().fold(dots, |span, end| span.to(end.span));
        call(global(&format!("std::ops::{name}"), dots), ends, span)
    }

    fn unary(&mut self, expr: &syn::ExprUnary) -> Expr {
        let (start, wrap): (_, fn(Box<Expr>) -> ExprKind) = match &expr.op {
            UnOp::Deref(star) => (star.span, ExprKind::Deref),
            UnOp::Not(not) => (not.span, |inner| ExprKind::Unary(Op::Not, inner)),
            UnOp::Neg(minus) => (minus.span, |inner| ExprKind::Unary(Op::Neg, inner)),
            _ => return self.expr(&expr.expr),
        };
        let start = self.span(start);
        self.prefixed(start, &expr.expr, wrap)
    }

    fn binary(&mut self, expr: &syn::ExprBinary) -> Expr {
        let left = self.boxed(&expr.left);
        let right = self.boxed(&expr.right);
        let span = left.span.to(right.span);
        Expr { kind: ExprKind::Binary(blocks::binary(&expr.op), left, right), span }
    }

    fn closure(&mut self, expr: &syn::ExprClosure) -> Expr {
        self.scoped(|this| {
            let params = expr.inputs.iter().map(|input| this.param(input, None)).collect();
            let ret = match &expr.output {
                syn::ReturnType::Default => Type::Unknown,
                syn::ReturnType::Type(_, ty) => this.ty(ty),
            };
            let body = this.expr(&expr.body);
            let start = [
                expr.asyncness.as_ref().map(|token| token.span),
                expr.capture.as_ref().map(|token| token.span),
                Some(expr.inputs_begin.span),
            ];
            let start = start.into_iter().flatten().map(|span| this.span(span)).reduce(Span::to);
            let span = start.map_or(body.span, |start| start.to(body.span));
            let body = lowerer::block_of(body);
            Expr { kind: ExprKind::Lambda(Box::new(Lambda { params, ret, body })), span }
        })
    }
}

fn float(digits: &str) -> Literal {
    Literal::Float(digits.parse().unwrap_or(0.0))
}
