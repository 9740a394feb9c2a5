//! Comprehensions and generator expressions: functions that are called at once, and yield.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::{Function, Lowerer};
use crate::model::ir::{Block, Expr, ExprKind, Lambda, Loop, Stmt, StmtKind, Type};

/// What `{k: v for k, v in d.items() if ..}` is a copy of, some entries left out.
pub(super) fn copied(node: &ast::ExprDictComp) -> Option<&ast::Expr> {
    let [ast::Comprehension { target: ast::Expr::Tuple(names), iter: ast::Expr::Call(call), .. }] =
        node.generators.as_slice()
    else {
        return None;
    };
    let name = |expr: &ast::Expr| expr.as_name_expr().map(|name| name.id.clone());
    let (key, value) = (name(node.key.as_deref()?)?, name(&node.value)?);
    let is_same = matches!(names.elts.as_slice(), [k, v] if name(k) == Some(key) && name(v) == Some(value));
    let ast::Expr::Attribute(method) = &*call.func else { return None };
    (is_same && method.attr.as_str() == "items" && call.arguments.is_empty()).then_some(&*method.value)
}

impl Lowerer<'_> {
    /// `[e for x in y if c]`.
    pub(super) fn comprehension(
        &mut self,
        node: &impl Ranged,
        elements: &[&ast::Expr],
        generators: &[ast::Comprehension],
    ) -> Expr {
        let introduced = self.functions.last().map(|outer| outer.introduced.clone()).unwrap_or_default();
        let function = Function { introduced, blocks: 1, ..Function::default() };
        let stmts = self.in_function(function, |lowerer| lowerer.generated(node, elements, generators));
        let lambda = Lambda { params: Vec::new(), ret: Type::Unknown, body: Block { stmts, tail: None } };
        let callee = Box::new(self.expr_at(node, ExprKind::Lambda(Box::new(lambda))));
        self.expr_at(node, ExprKind::Call { callee, type_args: Vec::new(), args: Vec::new() })
    }

    /// The loops, outermost first. The last element is what is given, others are but evaluated: keys.
    fn generated(
        &mut self,
        node: &impl Ranged,
        elements: &[&ast::Expr],
        generators: &[ast::Comprehension],
    ) -> Vec<Stmt> {
        let Some((first, rest)) = generators.split_first() else { return self.yielded(node, elements) };
        let (kind, mut stmts) = self.going_through(&first.target, &first.iter);
        let conds: Vec<Expr> = first.ifs.iter().map(|cond| self.cond(cond)).collect();
        let mut inner = self.deeper(|lowerer| lowerer.generated(node, elements, rest)).unwrap_or_default();
        for cond in conds.into_iter().rev() {
            let then = Block { stmts: inner, tail: None };
            let choice = self.expr_at(node, ExprKind::If { cond: Box::new(cond), then, otherwise: None });
            inner = vec![self.stmt_at(node, StmtKind::Expr(choice))];
        }
        stmts.append(&mut inner);
        let body = Block { stmts, tail: None };
        let repeated = self.expr_at(first, ExprKind::Loop(Box::new(Loop { kind, body, label: None })));
        vec![self.stmt_at(first, StmtKind::Expr(repeated))]
    }

    fn yielded(&mut self, node: &impl Ranged, elements: &[&ast::Expr]) -> Vec<Stmt> {
        let mut values: Vec<Expr> = elements.iter().map(|element| self.expr(element)).collect();
        let last = values.pop().map(Box::new);
        let mut stmts: Vec<Stmt> =
            values.into_iter().map(|value| Stmt { span: value.span, kind: StmtKind::Expr(value) }).collect();
        let yielded = self.expr_at(node, ExprKind::Yield(last));
        stmts.push(self.stmt_at(node, StmtKind::Expr(yielded)));
        stmts
    }
}
