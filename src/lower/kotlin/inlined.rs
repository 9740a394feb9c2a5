//! Calls that only run their lambda where they stand: scope functions, and loops that are written as
//! calls. A `return` in them leaves the function around them, as it does in blocks and loops.

use std::sync::Arc;

use tree_sitter::Node;

use super::calls::Parts;
use super::names::{Local, Meaning};
use super::{Lowerer, THIS};
use crate::model::ir::{Block, Catch, Expr, ExprKind, Lambda, Loop, LoopKind, Pattern, Stmt, StmtKind, Type};

impl<'t> Lowerer<'t> {
    /// A call of such a function; none for any other call.
    pub(super) fn inlined(&mut self, node: Node<'t>, callee: Node<'t>, parts: &Parts<'t>) -> Option<Expr> {
        let lambda = parts.lambda?;
        match callee.kind() {
            "navigation_expression" if parts.args.is_none() => {
                let [object, name] = *self.children(callee) else { return None };
                self.on_object(node, object, self.text(name), lambda)
            }
            "identifier" => {
                let name = self.text(callee);
                // Code may have a function of its own that is called so.
                if matches!(self.names.meaning(name), Meaning::Local) {
                    return None;
                }
                self.alone(node, name, parts.args, lambda)
            }
            _ => None,
        }
    }

    /// `object.let { .. }` and its like.
    fn on_object(&mut self, node: Node<'t>, object: Node<'t>, name: &str, lambda: Node<'t>) -> Option<Expr> {
        let (has_receiver, gives_object) = match name {
            "let" | "use" => (false, false),
            "also" | "takeIf" | "takeUnless" => (false, true),
            "run" => (true, false),
            "apply" => (true, true),
            "forEach" | "collect" => return Some(self.for_each(node, object, name, lambda)),
            _ => return None,
        };
        let object = self.operand(object);
        let made = self.scope_function(node, object, lambda, has_receiver, gives_object);
        // `object?.let { return it }`: without an object, the function goes on.
        let is_safe = node.child(0).is_some_and(|callee| self.has_token(callee, "?."));
        Some(if is_safe { self.perhaps(node, made) } else { made })
    }

    /// A block that may not run. Its object is looked at in any case.
    fn perhaps(&mut self, node: Node<'t>, made: Expr) -> Expr {
        let ExprKind::Block(mut block) = made.kind else { return made };
        if block.stmts.is_empty() {
            return Expr { kind: ExprKind::Block(block), span: made.span };
        }
        let bound = block.stmts.remove(0);
        let StmtKind::Let { pattern, value: Some(object), .. } = bound.kind else {
            return Expr { kind: ExprKind::Block(block), span: made.span };
        };
        let cond = Box::new(Expr { span: object.span, kind: ExprKind::Matches(pattern, Box::new(object)) });
        let chosen = self.expr_at(node, ExprKind::If { cond, then: block, otherwise: None });
        self.expr_at(node, ExprKind::Block(Block { stmts: Vec::new(), tail: Some(Box::new(chosen)) }))
    }

    /// `with(object) { .. }`, `run { .. }`, `repeat(n) { .. }`, `runCatching { .. }`.
    fn alone(&mut self, node: Node<'t>, name: &str, args: Option<Node<'t>>, lambda: Node<'t>) -> Option<Expr> {
        match name {
            "with" => {
                let object = self.args(args?).into_iter().next()?.value;
                Some(self.scope_function(node, object, lambda, true, false))
            }
            "run" | "synchronized" => {
                let block = self.scoped(|lowerer| lowerer.lambda_block(lambda));
                Some(self.expr_at(node, ExprKind::Block(block)))
            }
            "runCatching" => {
                let body = self.scoped(|lowerer| lowerer.lambda_block(lambda));
                let catches = vec![Catch { types: Vec::new(), name: None, body: Block::default() }];
                Some(self.expr_at(node, ExprKind::TryCatch { body, catches, finally: None }))
            }
            "flow" | "channelFlow" | "callbackFlow" | "sequence" | "iterator" | "buildList" | "buildSet" => {
                Some(self.generator(node, lambda))
            }
            "repeat" => {
                let times = self.args(args?).into_iter().next()?.value;
                Some(self.looped(node, name, lambda, |lowerer, pattern| lowerer.repeated(node, times, pattern)))
            }
            _ => None,
        }
    }

    /// `flow { emit(x) }`: a lambda that yields, called at once.
    fn generator(&mut self, node: Node<'t>, lambda: Node<'t>) -> Expr {
        let outer = std::mem::replace(&mut self.yields, true);
        let body = self.function(|lowerer| lowerer.lambda_block(lambda));
        self.yields = outer;
        // What a generator gives is what it yields; its last statement has no value of its own.
        let Block { mut stmts, tail } = body;
        stmts.extend(tail.map(|tail| Stmt { span: tail.span, kind: StmtKind::Expr(*tail) }));
        let lambda = Lambda { params: Vec::new(), ret: Type::Unknown, body: Block { stmts, tail: None } };
        let callee = Box::new(self.expr_at(node, ExprKind::Lambda(Box::new(lambda))));
        self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args: Vec::new() })
    }

    /// `emit(x)` in a generator.
    pub(super) fn yielded(&mut self, node: Node<'t>, callee: Node<'t>, args: Option<Node<'t>>) -> Option<Expr> {
        let gives = matches!(self.text(callee), "emit" | "yield" | "send" | "trySend" | "add");
        if !self.yields || !gives || callee.kind() != "identifier" {
            return None;
        }
        let value = self.args(args?).into_iter().next()?.value;
        Some(self.expr_at(node, ExprKind::Yield(Some(Box::new(value)))))
    }

    /// The object gets a name (`it`, `this`, or what is written) that the block sees.
    fn scope_function(
        &mut self,
        node: Node<'t>,
        object: Expr,
        lambda: Node<'t>,
        has_receiver: bool,
        gives_object: bool,
    ) -> Expr {
        let span = object.span;
        let block = self.scoped(|lowerer| {
            let pattern = if has_receiver {
                let this: Arc<str> = Arc::from(THIS);
                lowerer.names.declare(&this, Local::Receiver);
                Pattern::Bind(this, span, None)
            } else {
                lowerer.inlined_param(lambda)
            };
            let name = match &pattern {
                Pattern::Bind(name, ..) => Some(Arc::clone(name)),
                _ => None,
            };
            let bound = StmtKind::Let { pattern, ty: None, value: Some(object), otherwise: None };
            let mut stmts = vec![Stmt { kind: bound, span }];
            let mut inner = lowerer.lambda_block(lambda);
            stmts.append(&mut inner.stmts);
            let tail = match name.filter(|_| gives_object) {
                Some(name) => {
                    stmts.extend(inner.tail.map(|tail| Stmt { span: tail.span, kind: StmtKind::Expr(*tail) }));
                    Some(Box::new(Expr { kind: ExprKind::Local(name), span }))
                }
                None => inner.tail,
            };
            Block { stmts, tail }
        });
        self.expr_at(node, ExprKind::Block(block))
    }

    /// `list.forEach { .. }`, `flow.collect { .. }`. Two names are the key and value of a map.
    fn for_each(&mut self, node: Node<'t>, object: Node<'t>, name: &str, lambda: Node<'t>) -> Expr {
        let over = self.operand(object);
        self.looped(node, name, lambda, |_, pattern| {
            let keyed = matches!(&pattern, Pattern::Tuple(parts) if parts.len() == 2);
            LoopKind::Each { pattern, over, keyed }
        })
    }

    /// A loop with a lambda as its body: `return@name` goes on with it.
    fn looped(
        &mut self,
        node: Node<'t>,
        name: &str,
        lambda: Node<'t>,
        kind: impl FnOnce(&mut Self, Pattern) -> LoopKind,
    ) -> Expr {
        let label: Arc<str> = Arc::from(name);
        let (kind, body) = self.scoped(|lowerer| {
            let pattern = lowerer.inlined_param(lambda);
            let kind = kind(lowerer, pattern);
            lowerer.loops.push(Arc::clone(&label));
            let body = lowerer.lambda_block(lambda);
            lowerer.loops.pop();
            (kind, body)
        });
        let label = Some(label);
        self.expr_at(node, ExprKind::Loop(Box::new(Loop { kind, body, label })))
    }
}
