//! Statements.

use std::sync::Arc;

use tree_sitter::Node;

use super::decls::list_items;
use super::{Lowerer, field_children, named_children};
use crate::model::ir::{Arm, Block, Expr, ExprKind, Literal, Loop, LoopKind, Op, Pattern, Stmt, StmtKind, Type};

impl Lowerer<'_> {
    /// A block in a scope of its own.
    pub(super) fn block(&mut self, node: Node<'_>) -> Block {
        self.names.push_scope();
        let block = self.statements(&named_children(node));
        self.names.pop_scope();
        block
    }

    /// Statements in the scope that is open.
    fn statements(&mut self, nodes: &[Node<'_>]) -> Block {
        let mut stmts = Vec::new();
        for node in nodes {
            if node.kind() == "statement_list" {
                stmts.append(&mut self.statements(&named_children(*node)).stmts);
            } else {
                self.stmt(*node, &mut stmts);
            }
        }
        Block { stmts, tail: None }
    }

    pub(super) fn stmt(&mut self, node: Node<'_>, stmts: &mut Vec<Stmt>) {
        if !self.deeper() {
            return self.fixme(node);
        }
        self.stmt_inner(node, stmts);
        self.depth -= 1;
    }

    fn stmt_inner(&mut self, node: Node<'_>, stmts: &mut Vec<Stmt>) {
        let span = self.span(node);
        let mut push = |kind: StmtKind| stmts.push(Stmt { kind, span });
        match node.kind() {
            "expression_statement" => {
                if let Some(inner) = named_children(node).first() {
                    let inner = self.expr(*inner);
                    push(StmtKind::Expr(inner));
                }
            }
            "short_var_declaration" => {
                let kind = self.short_declaration(node);
                push(kind);
            }
            "assignment_statement" => {
                let kind = self.assignment(node);
                push(kind);
            }
            "inc_statement" | "dec_statement" => {
                if let Some(target) = named_children(node).first() {
                    let op = if node.kind() == "inc_statement" { Op::Add } else { Op::Sub };
                    let value = self.expr_at(node, ExprKind::Literal(Literal::Int(1)));
                    let target = self.expr(*target);
                    push(StmtKind::Assign { target, op: Some(op), value });
                }
            }
            "var_declaration" | "const_declaration" => self.local_variables(node, stmts),
            "type_declaration" => self.type_declaration(node),
            "return_statement" => {
                let value = self.returned(node);
                push(StmtKind::Expr(self.expr_at(node, ExprKind::Return(value))));
            }
            "if_statement" => {
                let inner = self.if_statement(node);
                push(StmtKind::Expr(inner));
            }
            "for_statement" => {
                let inner = self.for_statement(node, None);
                push(StmtKind::Expr(inner));
            }
            "expression_switch_statement" | "type_switch_statement" => {
                let inner = self.switch(node);
                push(StmtKind::Expr(inner));
            }
            "select_statement" => {
                let inner = self.select(node);
                push(StmtKind::Expr(inner));
            }
            "block" => {
                let block = self.block(node);
                push(StmtKind::Expr(self.expr_at(node, ExprKind::Block(block))));
            }
            "go_statement" | "defer_statement" => {
                if let Some(call) = named_children(node).first() {
                    let call = self.expr(*call);
                    let is_defer = node.kind() == "defer_statement";
                    push(if is_defer {
                        StmtKind::Defer(call)
                    } else {
                        StmtKind::Expr(self.expr_at(node, ExprKind::Spawn(Box::new(call))))
                    });
                }
            }
            "labeled_statement" => self.labeled(node, stmts),
            "break_statement" => push(StmtKind::Expr(self.expr_at(node, ExprKind::Break(self.label(node), None)))),
            "continue_statement" => push(StmtKind::Expr(self.expr_at(node, ExprKind::Continue(self.label(node))))),
            "send_statement" => {
                let parts = named_children(node).into_iter().map(|part| self.expr(part)).collect();
                push(StmtKind::Expr(self.expr_at(node, ExprKind::Tuple(parts))));
            }
            "fallthrough_statement" | "empty_statement" => {}
            _ => {
                self.fixme(node);
                let children = named_children(node).into_iter().map(|child| self.expr(child)).collect();
                push(StmtKind::Expr(self.expr_at(node, ExprKind::Fixme(children))));
            }
        }
    }

    fn label(&self, node: Node<'_>) -> Option<Arc<str>> {
        named_children(node).first().map(|label| Arc::from(self.text(*label)))
    }

    /// `a, err := f()`. Values are lowered before their names are declared: `err := wrap(err)`.
    fn short_declaration(&mut self, node: Node<'_>) -> StmtKind {
        let values = self.side(node, "right");
        let names: Vec<Node<'_>> = node.child_by_field_name("left").map(list_items).unwrap_or_default();
        let mut patterns: Vec<Pattern> = names.into_iter().map(|name| self.bind(name)).collect();
        let pattern = if patterns.len() == 1 { patterns.swap_remove(0) } else { Pattern::Tuple(patterns) };
        StmtKind::Let { pattern, ty: None, value: values, otherwise: None }
    }

    /// One side of an assignment: several expressions are a tuple.
    fn side(&mut self, node: Node<'_>, field: &str) -> Option<Expr> {
        let list = node.child_by_field_name(field)?;
        let mut items: Vec<Expr> = list_items(list).into_iter().map(|item| self.expr(item)).collect();
        match items.len() {
            0 => None,
            1 => Some(items.swap_remove(0)),
            _ => Some(self.expr_at(list, ExprKind::Tuple(items))),
        }
    }

    fn assignment(&mut self, node: Node<'_>) -> StmtKind {
        let (target, value) = (self.side(node, "left"), self.side(node, "right"));
        let op = node.child_by_field_name("operator").map_or("=", |op| self.text(op));
        let op = op.strip_suffix('=').filter(|op| !op.is_empty()).map(super::exprs::op);
        match (target, value) {
            (Some(target), Some(value)) => StmtKind::Assign { target, op, value },
            (target, value) => {
                let parts = target.into_iter().chain(value).collect();
                StmtKind::Expr(self.expr_at(node, ExprKind::Fixme(parts)))
            }
        }
    }

    fn local_variables(&mut self, node: Node<'_>, stmts: &mut Vec<Stmt>) {
        let mut specs = Vec::new();
        for child in named_children(node) {
            match child.kind() {
                "var_spec" | "const_spec" => specs.push(child),
                _ => specs.extend(named_children(child)),
            }
        }
        for spec in specs {
            let ty = spec.child_by_field_name("type").map(|ty| self.ty(ty));
            let values: Vec<Node<'_>> = field_children(spec, "value").into_iter().flat_map(list_items).collect();
            let values: Vec<Expr> = values.into_iter().map(|value| self.expr(value)).collect();
            let names = field_children(spec, "name");
            let span = self.span(spec);
            let mut push = |pattern, value| {
                stmts.push(Stmt { kind: StmtKind::Let { pattern, ty: ty.clone(), value, otherwise: None }, span });
            };
            // `var a, b = f()`
            if names.len() > 1 && values.len() == 1 {
                let patterns = names.into_iter().map(|name| self.bind(name)).collect();
                push(Pattern::Tuple(patterns), values.into_iter().next());
                continue;
            }
            let mut values = values.into_iter();
            for name in names {
                let pattern = self.bind(name);
                push(pattern, values.next());
            }
        }
    }

    fn returned(&mut self, node: Node<'_>) -> Option<Box<Expr>> {
        let mut values: Vec<Expr> =
            named_children(node).into_iter().flat_map(list_items).map(|value| self.expr(value)).collect();
        if values.is_empty() {
            let names = self.results.last().cloned().unwrap_or_default();
            values = names.into_iter().map(|name| self.expr_at(node, ExprKind::Local(name))).collect();
        }
        match values.len() {
            0 => None,
            1 => values.pop().map(Box::new),
            _ => Some(Box::new(self.expr_at(node, ExprKind::Tuple(values)))),
        }
    }

    /// An `if` with an initial statement is a block around it.
    fn if_statement(&mut self, node: Node<'_>) -> Expr {
        self.names.push_scope();
        let mut stmts = Vec::new();
        if let Some(init) = node.child_by_field_name("initializer") {
            self.stmt(init, &mut stmts);
        }
        let cond = node.child_by_field_name("condition").map(|cond| self.expr(cond));
        let cond = cond.unwrap_or_else(|| self.expr_at(node, ExprKind::Fixme(Vec::new())));
        let then = node.child_by_field_name("consequence").map(|then| self.block(then)).unwrap_or_default();
        let otherwise = node.child_by_field_name("alternative").map(|other| {
            if other.kind() == "block" {
                return self.block(other);
            }
            let mut stmts = Vec::new();
            self.stmt(other, &mut stmts);
            Block { stmts, tail: None }
        });
        self.names.pop_scope();
        let choice = self.expr_at(node, ExprKind::If { cond: Box::new(cond), then, otherwise });
        self.with_init(node, stmts, choice)
    }

    fn with_init(&self, node: Node<'_>, mut stmts: Vec<Stmt>, inner: Expr) -> Expr {
        if stmts.is_empty() {
            return inner;
        }
        let span = inner.span;
        stmts.push(Stmt { kind: StmtKind::Expr(inner), span });
        self.expr_at(node, ExprKind::Block(Block { stmts, tail: None }))
    }

    fn labeled(&mut self, node: Node<'_>, stmts: &mut Vec<Stmt>) {
        let label = node.child_by_field_name("label").map(|label| Arc::from(self.text(label)));
        let Some(inner) = named_children(node).into_iter().find(|child| child.kind() != "label_name") else { return };
        if inner.kind() == "for_statement" {
            let inner_loop = self.for_statement(inner, label);
            let span = self.span(inner);
            stmts.push(Stmt { kind: StmtKind::Expr(inner_loop), span });
        } else {
            self.stmt(inner, stmts);
        }
    }

    fn for_statement(&mut self, node: Node<'_>, label: Option<Arc<str>>) -> Expr {
        self.names.push_scope();
        let body = node.child_by_field_name("body");
        let head = named_children(node).into_iter().find(|child| Some(*child) != body);
        let kind = match head {
            None => LoopKind::Infinite,
            Some(clause) if clause.kind() == "for_clause" => self.for_clause(clause),
            Some(clause) if clause.kind() == "range_clause" => self.range_clause(clause),
            Some(cond) => match self.expr(cond) {
                Expr { kind: ExprKind::Literal(Literal::Bool(true)), .. } => LoopKind::Infinite,
                cond => LoopKind::While(cond),
            },
        };
        let body = body.map(|body| self.block(body)).unwrap_or_default();
        self.names.pop_scope();
        self.expr_at(node, ExprKind::Loop(Box::new(Loop { kind, body, label })))
    }

    fn for_clause(&mut self, clause: Node<'_>) -> LoopKind {
        let part = |lowerer: &mut Self, field: &str| {
            let mut stmts = Vec::new();
            if let Some(node) = clause.child_by_field_name(field) {
                lowerer.stmt(node, &mut stmts);
            }
            stmts.pop().map(Box::new)
        };
        let init = part(self, "initializer");
        let cond = clause.child_by_field_name("condition").map(|cond| self.expr(cond));
        let step = part(self, "update");
        match (&init, &cond, &step) {
            (None, None, None) => LoopKind::Infinite,
            _ => LoopKind::Counted { init, cond, step },
        }
    }

    /// `for i, v := range e`; one name is the key, or the element of what has no keys.
    fn range_clause(&mut self, clause: Node<'_>) -> LoopKind {
        let over = clause.child_by_field_name("right").map(|over| self.expr(over));
        let over = over.unwrap_or_else(|| self.expr_at(clause, ExprKind::Fixme(Vec::new())));
        let names: Vec<Node<'_>> = clause.child_by_field_name("left").map(list_items).unwrap_or_default();
        let mut patterns: Vec<Pattern> = names.into_iter().map(|name| self.bind(name)).collect();
        patterns.resize_with(2, || Pattern::Wild);
        LoopKind::Each { pattern: Pattern::Tuple(patterns), over, keyed: true }
    }

    fn switch(&mut self, node: Node<'_>) -> Expr {
        self.names.push_scope();
        let mut stmts = Vec::new();
        if let Some(init) = node.child_by_field_name("initializer") {
            self.stmt(init, &mut stmts);
        }
        let subject = node.child_by_field_name("value").map(|value| Box::new(self.expr(value)));
        let alias = node.child_by_field_name("alias").and_then(|alias| list_items(alias).first().copied());
        let by_type = node.kind() == "type_switch_statement";
        let mut arms = Vec::new();
        for case in named_children(node) {
            if !matches!(case.kind(), "expression_case" | "type_case" | "default_case") {
                continue;
            }
            self.names.push_scope();
            let arm = if by_type { self.type_arm(case, alias) } else { self.value_arm(case, subject.is_some()) };
            self.names.pop_scope();
            arms.push(arm);
        }
        self.names.pop_scope();
        add_default(&mut arms);
        let choice = self.expr_at(node, ExprKind::Match { subject, arms });
        self.with_init(node, stmts, choice)
    }

    fn value_arm(&mut self, case: Node<'_>, has_subject: bool) -> Arm {
        let values: Vec<Node<'_>> = field_children(case, "value").into_iter().flat_map(list_items).collect();
        let lowered: Vec<Expr> = values.iter().map(|value| self.expr(*value)).collect();
        let body = self.case_body(case, "value");
        if !has_subject {
            let any = lowered.into_iter().reduce(|left, right| {
                let span = left.span.to(right.span);
                Expr { kind: ExprKind::Binary(Op::Or, Box::new(left), Box::new(right)), span }
            });
            return Arm { pattern: Pattern::Wild, guard: any, body };
        }
        let mut patterns: Vec<Pattern> = lowered.into_iter().map(|value| Pattern::Value(Box::new(value))).collect();
        let pattern = match patterns.len() {
            0 => Pattern::Wild,
            1 => patterns.swap_remove(0),
            _ => Pattern::Or(patterns),
        };
        Arm { pattern, guard: None, body }
    }

    fn type_arm(&mut self, case: Node<'_>, alias: Option<Node<'_>>) -> Arm {
        let types = field_children(case, "type");
        let ty = match types.as_slice() {
            [single] => self.ty(*single),
            _ => Type::Unknown,
        };
        let bound = alias.map(|alias| {
            let name: Arc<str> = Arc::from(self.text(alias));
            self.names.declare(&name);
            (name, self.span(alias))
        });
        let body = self.case_body(case, "type");
        Arm { pattern: Pattern::Typed(ty, bound), guard: None, body }
    }

    /// Statements of a case: all that is not in the field of its head.
    fn case_body(&mut self, case: Node<'_>, head: &str) -> Block {
        let heads = field_children(case, head);
        let rest: Vec<Node<'_>> = named_children(case).into_iter().filter(|child| !heads.contains(child)).collect();
        self.statements(&rest)
    }

    /// `select`: each case waits for a channel.
    fn select(&mut self, node: Node<'_>) -> Expr {
        let mut arms = Vec::new();
        for case in named_children(node) {
            self.names.push_scope();
            let mut stmts = Vec::new();
            let mut guard = None;
            let communication = case.child_by_field_name("communication");
            if let Some(communication) = communication {
                let received = communication.child_by_field_name("right");
                guard = Some(match received {
                    Some(right) => self.expr(right),
                    None => match named_children(communication).as_slice() {
                        [single] => self.expr(*single),
                        _ => self.expr_at(communication, ExprKind::Fixme(Vec::new())),
                    },
                });
                if let (Some(left), Some(value)) = (communication.child_by_field_name("left"), guard.clone()) {
                    let mut patterns: Vec<Pattern> = list_items(left).into_iter().map(|name| self.bind(name)).collect();
                    let pattern = if patterns.len() == 1 { patterns.swap_remove(0) } else { Pattern::Tuple(patterns) };
                    let span = self.span(communication);
                    stmts.push(Stmt {
                        kind: StmtKind::Let { pattern, ty: None, value: Some(value), otherwise: None },
                        span,
                    });
                }
            }
            let mut body = self.case_body(case, "communication");
            stmts.append(&mut body.stmts);
            self.names.pop_scope();
            arms.push(Arm { pattern: Pattern::Wild, guard, body: Block { stmts, tail: None } });
        }
        self.expr_at(node, ExprKind::Match { subject: None, arms })
    }
}

/// A switch without a default may take no case at all.
fn add_default(arms: &mut Vec<Arm>) {
    let is_default = |arm: &Arm| matches!(arm.pattern, Pattern::Wild) && arm.guard.is_none();
    if !arms.iter().any(is_default) {
        arms.push(Arm { pattern: Pattern::Wild, guard: None, body: Block::default() });
    }
}
