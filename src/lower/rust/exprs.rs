//! Expressions and statements.
//!
//! Spans are put together from those of the parts: asking syn for the span of a whole expression makes
//! tokens of it again, which is quadratic in its depth.

use std::sync::Arc;

use syn::{BinOp, Expr as Syn, Lit, Member, Pat, RangeLimits, UnOp};

use super::Lowerer;
use super::types::plain;
use crate::model::ir::{
    Arg, Arm, Block, Expr, ExprKind, FieldInit, Lambda, Literal, Loop, LoopKind, Op, Param, Stmt, StmtKind, Symbol,
    Type,
};
use crate::model::source::Span;

impl Lowerer {
    /// A block in a scope of its own.
    pub(super) fn block(&mut self, block: &syn::Block) -> Block {
        self.names.push_scope();
        // `use` and `fn` inside a body are seen in all of it.
        let has_items = block.stmts.iter().any(|stmt| matches!(stmt, syn::Stmt::Item(_)));
        if has_items {
            self.names.push_module(self.names.module());
            for stmt in &block.stmts {
                if let syn::Stmt::Item(item) = stmt {
                    self.declare(item);
                }
            }
        }
        let mut stmts = Vec::new();
        let mut tail = None;
        let last = block.stmts.len().saturating_sub(1);
        for (at, stmt) in block.stmts.iter().enumerate() {
            match stmt {
                syn::Stmt::Local(local) => stmts.push(self.local(local)),
                syn::Stmt::Item(item) => self.item(item),
                syn::Stmt::Expr(expr, None) if at == last => tail = Some(Box::new(self.expr(expr))),
                syn::Stmt::Expr(expr, _) => stmts.push(self.expr_stmt(expr)),
                syn::Stmt::Macro(call) => {
                    let value = self.macro_expr(&call.mac);
                    if at == last && call.semi_token.is_none() {
                        tail = Some(Box::new(value));
                    } else {
                        stmts.push(Stmt { span: value.span, kind: StmtKind::Expr(value) });
                    }
                }
            }
        }
        if has_items {
            self.names.pop_module();
        }
        self.names.pop_scope();
        Block { stmts, tail }
    }

    fn local(&mut self, local: &syn::Local) -> Stmt {
        let value = local.init.as_ref().map(|init| self.expr(&init.expr));
        let otherwise =
            local.init.as_ref().and_then(|init| init.diverge.as_ref()).map(|(_, diverge)| self.as_block(diverge));
        let (pattern, ty) = match &local.pat {
            Pat::Type(typed) => (&*typed.pat, Some(self.ty(&typed.ty))),
            pattern => (pattern, None),
        };
        let pattern = self.pattern(pattern);
        let span = self.span(local.let_token.span).to(self.span(local.semi_token.span));
        Stmt { kind: StmtKind::Let { pattern, ty, value, otherwise }, span }
    }

    fn expr_stmt(&mut self, expr: &Syn) -> Stmt {
        match expr {
            Syn::Assign(assign) => {
                let (target, value) = (self.expr(&assign.left), self.expr(&assign.right));
                let span = target.span.to(value.span);
                Stmt { kind: StmtKind::Assign { target, op: None, value }, span }
            }
            Syn::Binary(binary) if compound(&binary.op).is_some() => {
                let (target, value) = (self.expr(&binary.left), self.expr(&binary.right));
                let span = target.span.to(value.span);
                Stmt { kind: StmtKind::Assign { target, op: compound(&binary.op), value }, span }
            }
            _ => {
                let value = self.expr(expr);
                Stmt { span: value.span, kind: StmtKind::Expr(value) }
            }
        }
    }

    /// An expression as a block: the body of an arm, an `else`.
    fn as_block(&mut self, expr: &Syn) -> Block {
        match expr {
            Syn::Block(block) if block.label.is_none() => self.block(&block.block),
            Syn::Assign(_) | Syn::Binary(_) => {
                let stmt = self.expr_stmt(expr);
                match stmt.kind {
                    StmtKind::Expr(value) => Block { stmts: Vec::new(), tail: Some(Box::new(value)) },
                    _ => Block { stmts: vec![stmt], tail: None },
                }
            }
            _ => Block { stmts: Vec::new(), tail: Some(Box::new(self.expr(expr))) },
        }
    }

    /// An expression.
    pub(super) fn expr(&mut self, expr: &Syn) -> Expr {
        match expr {
            Syn::Array(array) => {
                let items = array.elems.iter().map(|item| self.expr(item)).collect();
                Expr { kind: ExprKind::List(items), span: self.span(array.bracket_token.span.join()) }
            }
            Syn::Assign(_) => {
                let stmt = self.expr_stmt(expr);
                Expr { span: stmt.span, kind: ExprKind::Block(Block { stmts: vec![stmt], tail: None }) }
            }
            Syn::Async(block) => self.async_block(block),
            Syn::Await(inner) => {
                let base = self.expr(&inner.base);
                let span = base.span.to(self.span(inner.await_token.span));
                Expr { kind: ExprKind::Await(Box::new(base)), span }
            }
            Syn::Binary(binary) => self.binary(binary, expr),
            Syn::Block(block) => {
                let span = self.span(block.block.brace_token.span.join());
                Expr { kind: ExprKind::Block(self.block(&block.block)), span }
            }
            Syn::Unsafe(block) => {
                let span = self.span(block.block.brace_token.span.join());
                Expr { kind: ExprKind::Block(self.block(&block.block)), span }
            }
            Syn::Break(inner) => {
                let value = inner.expr.as_ref().map(|value| Box::new(self.expr(value)));
                let start = self.span(inner.break_token.span);
                let span = value.as_ref().map_or(start, |value| start.to(value.span));
                Expr { kind: ExprKind::Break(inner.label.as_ref().map(label), value), span }
            }
            Syn::Continue(inner) => Expr {
                kind: ExprKind::Continue(inner.label.as_ref().map(label)),
                span: self.span(inner.continue_token.span),
            },
            Syn::Call(call) => {
                let (callee, type_args) = self.callee(&call.func);
                let args = call.args.iter().map(|arg| Arg { name: None, value: self.expr(arg) }).collect();
                let span = callee.span.to(self.span(call.paren_token.span.close()));
                Expr { kind: ExprKind::Call { callee: Box::new(callee), type_args, args }, span }
            }
            Syn::MethodCall(call) => self.method_call(call),
            Syn::Cast(cast) => {
                let inner = self.expr(&cast.expr);
                let span = inner.span.to(self.span(cast.as_token.span));
                Expr { kind: ExprKind::Cast(self.ty(&cast.ty), Box::new(inner)), span }
            }
            Syn::Closure(closure) => self.closure(closure),
            Syn::Field(field) => {
                let base = self.expr(&field.base);
                let (name, name_span) = match &field.member {
                    Member::Named(ident) => (plain(ident), self.span(ident.span())),
                    Member::Unnamed(index) => (index.index.to_string(), self.span(index.span)),
                };
                let span = base.span.to(name_span);
                Expr { kind: ExprKind::Member { base: Box::new(base), name: Arc::from(name), name_span }, span }
            }
            Syn::ForLoop(inner) => {
                let over = self.expr(&inner.expr);
                self.names.push_scope();
                let pattern = self.pattern(&inner.pat);
                let body = self.block(&inner.body);
                self.names.pop_scope();
                let kind = LoopKind::Each { pattern, over, keyed: false };
                self.looped(kind, body, inner.label.as_ref(), self.span(inner.for_token.span), &inner.body)
            }
            Syn::While(inner) => {
                self.names.push_scope();
                let cond = self.expr(&inner.cond);
                let body = self.block(&inner.body);
                self.names.pop_scope();
                let kind = match cond.kind {
                    ExprKind::Literal(Literal::Bool(true)) => LoopKind::Infinite,
                    _ => LoopKind::While(cond),
                };
                self.looped(kind, body, inner.label.as_ref(), self.span(inner.while_token.span), &inner.body)
            }
            Syn::Loop(inner) => {
                let body = self.block(&inner.body);
                self.looped(
                    LoopKind::Infinite,
                    body,
                    inner.label.as_ref(),
                    self.span(inner.loop_token.span),
                    &inner.body,
                )
            }
            Syn::Group(inner) => self.expr(&inner.expr),
            Syn::Paren(inner) => self.expr(&inner.expr),
            Syn::If(choice) => self.choice(choice),
            Syn::Index(inner) => {
                let (base, index) = (self.expr(&inner.expr), self.expr(&inner.index));
                let span = base.span.to(self.span(inner.bracket_token.span.close()));
                if matches!(*inner.index, Syn::Range(_)) {
                    return Expr { span, ..base };
                }
                Expr { kind: ExprKind::Index { base: Box::new(base), index: Box::new(index) }, span }
            }
            Syn::Let(inner) => {
                let value = self.expr(&inner.expr);
                let pattern = self.pattern(&inner.pat);
                let span = self.span(inner.let_token.span).to(value.span);
                Expr { kind: ExprKind::Matches(pattern, Box::new(value)), span }
            }
            Syn::Lit(literal) => {
                let span = self.span(literal.lit.span());
                match Self::literal(&literal.lit) {
                    Some(kind) => Expr { kind, span },
                    None => Expr { kind: ExprKind::Literal(Literal::Int(0)), span },
                }
            }
            Syn::Macro(call) => self.macro_expr(&call.mac),
            Syn::Match(inner) => {
                let subject = self.expr(&inner.expr);
                let span = self.span(inner.match_token.span).to(self.span(inner.brace_token.span.close()));
                let arms = inner.arms.iter().map(|arm| self.arm(arm)).collect();
                Expr { kind: ExprKind::Match { subject: Some(Box::new(subject)), arms }, span }
            }
            Syn::Path(path) => self.path_expr(&path.path),
            Syn::Range(range) => self.range(range),
            Syn::Reference(inner) => {
                let value = self.expr(&inner.expr);
                let span = self.span(inner.and_token.span).to(value.span);
                Expr { kind: ExprKind::Ref(Box::new(value)), span }
            }
            Syn::RawAddr(inner) => self.expr(&inner.expr),
            Syn::Repeat(repeat) => {
                let item = self.expr(&repeat.expr);
                Expr { kind: ExprKind::List(vec![item]), span: self.span(repeat.bracket_token.span.join()) }
            }
            Syn::Return(inner) => {
                let value = inner.expr.as_ref().map(|value| Box::new(self.expr(value)));
                let start = self.span(inner.return_token.span);
                let span = value.as_ref().map_or(start, |value| start.to(value.span));
                Expr { kind: ExprKind::Return(value), span }
            }
            Syn::Struct(record) => self.record(record),
            Syn::Try(inner) => {
                let value = self.expr(&inner.expr);
                let span = value.span.to(self.span(inner.question_token.span));
                Expr { kind: ExprKind::Try(Box::new(value)), span }
            }
            Syn::Tuple(tuple) => {
                let items = tuple.elems.iter().map(|item| self.expr(item)).collect();
                Expr { kind: ExprKind::Tuple(items), span: self.span(tuple.paren_token.span.join()) }
            }
            Syn::Unary(unary) => self.unary(unary),
            other => {
                use syn::spanned::Spanned;
                let span = self.span(other.span());
                self.fixme("expression", span, Vec::new())
            }
        }
    }

    fn looped(&self, kind: LoopKind, body: Block, name: Option<&syn::Label>, start: Span, block: &syn::Block) -> Expr {
        let span = start.to(self.span(block.brace_token.span.close()));
        let name = name.map(|name| label(&name.name));
        Expr { kind: ExprKind::Loop(Box::new(Loop { kind, body, label: name })), span }
    }

    /// An async block is a function that is called at once: `return` and `?` leave it alone.
    fn async_block(&mut self, block: &syn::ExprAsync) -> Expr {
        let span = self.span(block.async_token.span).to(self.span(block.block.brace_token.span.close()));
        let body = self.block(&block.block);
        let lambda = Lambda { params: Vec::new(), ret: Type::Unknown, body };
        let callee = Expr { kind: ExprKind::Lambda(Box::new(lambda)), span };
        Expr { kind: ExprKind::Call { callee: Box::new(callee), type_args: Vec::new(), args: Vec::new() }, span }
    }

    fn closure(&mut self, closure: &syn::ExprClosure) -> Expr {
        self.names.push_scope();
        let mut params = Vec::new();
        for input in &closure.inputs {
            let ty = match input {
                Pat::Type(typed) => self.ty(&typed.ty),
                _ => Type::Unknown,
            };
            let pattern = self.pattern(input);
            params.push(Param { pattern, ty, variadic: false });
        }
        let ret = match &closure.output {
            syn::ReturnType::Default => Type::Unknown,
            output @ syn::ReturnType::Type(..) => self.ret(output),
        };
        let body = self.as_block(&closure.body);
        self.names.pop_scope();
        let start = self.span(closure.inputs_begin.span);
        let end = body
            .tail
            .as_ref()
            .map(|tail| tail.span)
            .or_else(|| body.stmts.last().map(|stmt| stmt.span))
            .unwrap_or(start);
        Expr { kind: ExprKind::Lambda(Box::new(Lambda { params, ret, body })), span: start.to(end) }
    }

    fn choice(&mut self, choice: &syn::ExprIf) -> Expr {
        self.names.push_scope();
        let cond = self.expr(&choice.cond);
        let then = self.block(&choice.then_branch);
        self.names.pop_scope();
        let start = self.span(choice.if_token.span);
        let mut span = start.to(self.span(choice.then_branch.brace_token.span.close()));
        let otherwise = choice.else_branch.as_ref().map(|(_, otherwise)| {
            let block = self.as_block(otherwise);
            if let Some(tail) = &block.tail {
                span = span.to(tail.span);
            }
            block
        });
        Expr { kind: ExprKind::If { cond: Box::new(cond), then, otherwise }, span }
    }

    fn arm(&mut self, arm: &syn::Arm) -> Arm {
        self.names.push_scope();
        let pattern = self.pattern(&arm.pat);
        let guard = match &arm.pat {
            Pat::Guard(guarded) => Some(self.expr(&guarded.guard)),
            _ => None,
        };
        let body = self.as_block(&arm.body);
        self.names.pop_scope();
        Arm { pattern, guard, body }
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall) -> Expr {
        let base = self.expr(&call.receiver);
        let name_span = self.span(call.method.span());
        let type_args = call.turbofish.iter().flat_map(|turbofish| &turbofish.args);
        let type_args = type_args
            .filter_map(|arg| match arg {
                syn::GenericArgument::Type(ty) => Some(self.ty(ty)),
                _ => None,
            })
            .collect();
        let args = call.args.iter().map(|arg| Arg { name: None, value: self.expr(arg) }).collect();
        let span = base.span.to(self.span(call.paren_token.span.close()));
        let callee_span = base.span.to(name_span);
        let callee = ExprKind::Member { base: Box::new(base), name: Arc::from(plain(&call.method)), name_span };
        let callee = Box::new(Expr { kind: callee, span: callee_span });
        Expr { kind: ExprKind::Call { callee, type_args, args }, span }
    }

    /// What is called, and its explicit type arguments.
    fn callee(&mut self, func: &Syn) -> (Expr, Vec<Type>) {
        let type_args = match func {
            Syn::Path(path) => self.last_args(&path.path),
            _ => Vec::new(),
        };
        (self.expr(func), type_args)
    }

    pub(super) fn path_span(&self, path: &syn::Path) -> Span {
        let first = path.segments.first().map(|segment| segment.ident.span());
        let last = path.segments.last().map(|segment| segment.ident.span());
        match (first, last) {
            (Some(first), Some(last)) => self.span(first).to(self.span(last)),
            _ => Span::new(self.file, 0, 0),
        }
    }

    fn path_expr(&self, path: &syn::Path) -> Expr {
        let span = self.path_span(path);
        if let Some(ident) = path.get_ident() {
            let name = plain(ident);
            if self.names.is_local(&name) {
                return Expr { kind: ExprKind::Local(Arc::from(name)), span };
            }
            if name == "None" {
                return Expr { kind: ExprKind::Literal(Literal::Null), span };
            }
            if matches!(name.as_str(), "Ok" | "Err" | "Some") {
                return Expr { kind: ExprKind::Global(Symbol::new(name)), span };
            }
        }
        // `String::from`, `Vec::new`: names of the prelude by where they are declared.
        let mut symbol = self.path_name(path);
        if let Some((first, rest)) = symbol.split_once("::")
            && let Some(home) = prelude(first)
            && !self.names.is_declared(first)
        {
            symbol = format!("{home}::{first}::{rest}");
        }
        Expr { kind: ExprKind::Global(Symbol::new(symbol)), span }
    }

    fn record(&mut self, record: &syn::ExprStruct) -> Expr {
        let span = self.path_span(&record.path).to(self.span(record.brace_token.span.close()));
        let ty = match record.path.get_ident() {
            Some(ident) if ident == "Self" => self.names.self_type(),
            _ => Type::Named(Symbol::new(self.path_name(&record.path)), self.last_args(&record.path)),
        };
        let mut fields = Vec::new();
        for field in &record.fields {
            let (name, name_span) = match &field.member {
                Member::Named(ident) => (plain(ident), self.span(ident.span())),
                Member::Unnamed(index) => (index.index.to_string(), self.span(index.span)),
            };
            fields.push(FieldInit { name: Some(Arc::from(name)), name_span, value: self.expr(&field.expr) });
        }
        let spread = record.rest.as_ref().map(|rest| Box::new(self.expr(rest)));
        Expr { kind: ExprKind::Construct { ty: Some(ty), fields, spread }, span }
    }

    /// `a..b` is a call of the range's constructor; an end that is missing is no argument.
    fn range(&mut self, range: &syn::ExprRange) -> Expr {
        let ends: Vec<Expr> = range.start.iter().chain(&range.end).map(|end| self.expr(end)).collect();
        let limits = match &range.limits {
            RangeLimits::HalfOpen(dots) => self.span(dots.spans[0]),
            RangeLimits::Closed(dots) => self.span(dots.spans[0]),
        };
        let span = ends.iter().fold(limits, |span, end| span.to(end.span));
        let callee = Box::new(Expr { kind: ExprKind::Global(Symbol::new("std::ops::Range")), span: limits });
        let args = ends.into_iter().map(|value| Arg { name: None, value }).collect();
        Expr { kind: ExprKind::Call { callee, type_args: Vec::new(), args }, span }
    }

    fn unary(&mut self, unary: &syn::ExprUnary) -> Expr {
        let inner = Box::new(self.expr(&unary.expr));
        let end = inner.span;
        let (kind, token) = match &unary.op {
            UnOp::Deref(token) => (ExprKind::Deref(inner), token.span),
            UnOp::Not(token) => (ExprKind::Unary(Op::Not, inner), token.span),
            UnOp::Neg(token) => (ExprKind::Unary(Op::Neg, inner), token.span),
            _ => return *inner,
        };
        Expr { kind, span: self.span(token).to(end) }
    }

    fn binary(&mut self, binary: &syn::ExprBinary, whole: &Syn) -> Expr {
        if compound(&binary.op).is_some() {
            let stmt = self.expr_stmt(whole);
            return Expr { span: stmt.span, kind: ExprKind::Block(Block { stmts: vec![stmt], tail: None }) };
        }
        let left = self.expr(&binary.left);
        let right = self.expr(&binary.right);
        let span = left.span.to(right.span);
        Expr { kind: ExprKind::Binary(operator(&binary.op), Box::new(left), Box::new(right)), span }
    }

    pub(super) fn literal(literal: &Lit) -> Option<ExprKind> {
        Some(ExprKind::Literal(match literal {
            Lit::Str(text) => Literal::Str(Arc::from(text.value())),
            Lit::ByteStr(bytes) => Literal::Str(Arc::from(String::from_utf8_lossy(&bytes.value()).as_ref())),
            Lit::Char(letter) => Literal::Str(Arc::from(letter.value().to_string())),
            Lit::Int(number) => Literal::Int(number.base10_parse().unwrap_or(i64::MAX)),
            Lit::Float(number) => Literal::Float(number.base10_parse().unwrap_or_default()),
            Lit::Bool(value) => Literal::Bool(value.value),
            _ => return None,
        }))
    }
}

fn label(name: &syn::Lifetime) -> Arc<str> {
    Arc::from(name.ident.to_string())
}

/// Where types of the prelude are declared that have functions of their own.
fn prelude(name: &str) -> Option<&'static str> {
    Some(match name {
        "String" => "std::string",
        "Vec" => "std::vec",
        "Box" => "std::boxed",
        "Option" => "std::option",
        "Result" => "std::result",
        _ => return None,
    })
}

fn compound(op: &BinOp) -> Option<Op> {
    Some(match op {
        BinOp::AddAssign(_) => Op::Add,
        BinOp::SubAssign(_) => Op::Sub,
        BinOp::MulAssign(_) => Op::Mul,
        BinOp::DivAssign(_) => Op::Div,
        BinOp::RemAssign(_)
        | BinOp::BitXorAssign(_)
        | BinOp::BitAndAssign(_)
        | BinOp::BitOrAssign(_)
        | BinOp::ShlAssign(_)
        | BinOp::ShrAssign(_) => Op::Other,
        _ => return None,
    })
}

fn operator(op: &BinOp) -> Op {
    match op {
        BinOp::Add(_) => Op::Add,
        BinOp::Sub(_) => Op::Sub,
        BinOp::Mul(_) => Op::Mul,
        BinOp::Div(_) => Op::Div,
        BinOp::And(_) => Op::And,
        BinOp::Or(_) => Op::Or,
        BinOp::Eq(_) => Op::Eq,
        BinOp::Ne(_) => Op::Ne,
        BinOp::Lt(_) => Op::Lt,
        BinOp::Le(_) => Op::Le,
        BinOp::Gt(_) => Op::Gt,
        BinOp::Ge(_) => Op::Ge,
        _ => Op::Other,
    }
}
