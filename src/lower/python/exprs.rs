//! Expressions.

use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_text_size::Ranged;

use super::Lowerer;
use super::names::Known;
use crate::model::ir::{Arg, Block, Expr, ExprKind, FieldInit, Literal, Op, Symbol};

impl Lowerer<'_> {
    /// An expression whose value is used.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Expr {
        self.deeper(|lowerer| lowerer.expr_here(expr)).unwrap_or_else(|| self.fixme(expr, "nesting", Vec::new()))
    }

    fn expr_here(&mut self, expr: &ast::Expr) -> Expr {
        let kind = match expr {
            ast::Expr::Name(name) if name.is_invalid() => return self.fixme(expr, "syntax error", Vec::new()),
            ast::Expr::Name(name) => self.name(name.id.as_str()),
            ast::Expr::StringLiteral(text) => string(text.value.to_str()),
            ast::Expr::BytesLiteral(bytes) => {
                let bytes: Vec<u8> = bytes.value.bytes().collect();
                string(&String::from_utf8_lossy(&bytes))
            }
            ast::Expr::NumberLiteral(number) => ExprKind::Literal(self::number(&number.value)),
            ast::Expr::BooleanLiteral(truth) => ExprKind::Literal(Literal::Bool(truth.value)),
            ast::Expr::NoneLiteral(_) | ast::Expr::EllipsisLiteral(_) => ExprKind::Literal(Literal::Null),
            ast::Expr::FString(text) => self.f_string(&text.value),
            ast::Expr::TString(text) => self.t_string(&text.value),
            ast::Expr::Attribute(attribute) => self.attribute(attribute),
            ast::Expr::Subscript(subscript) => return self.subscript(subscript),
            ast::Expr::Call(call) => return self.call(call),
            ast::Expr::BoolOp(choice) => return self.value_of_choice(choice),
            ast::Expr::BinOp(binary) => self.binary(binary),
            ast::Expr::UnaryOp(unary) => self.unary(unary),
            ast::Expr::Compare(compare) => self.compare(compare),
            ast::Expr::If(choice) => self.conditional(choice),
            ast::Expr::Named(named) => self.walrus(named),
            ast::Expr::Lambda(lambda) => self.lambda(lambda),
            ast::Expr::Dict(dict) => self.dict(dict),
            ast::Expr::List(items) => ExprKind::List(self.exprs(&items.elts)),
            ast::Expr::Set(items) => ExprKind::List(self.exprs(&items.elts)),
            ast::Expr::Tuple(items) => ExprKind::Tuple(self.exprs(&items.elts)),
            ast::Expr::Starred(inner) => ExprKind::Spread(Box::new(self.expr(&inner.value))),
            ast::Expr::Await(inner) => ExprKind::Await(Box::new(self.expr(&inner.value))),
            ast::Expr::Yield(inner) => return self.yielded_value(inner),
            ast::Expr::YieldFrom(inner) => return self.yield_from(inner),
            ast::Expr::ListComp(inner) => return self.comprehension(inner, &[&inner.elt], &inner.generators),
            ast::Expr::SetComp(inner) => return self.comprehension(inner, &[&inner.elt], &inner.generators),
            ast::Expr::Generator(inner) => return self.comprehension(inner, &[&inner.elt], &inner.generators),
            ast::Expr::DictComp(inner) => {
                if let Some(copied) = super::comprehensions::copied(inner) {
                    return self.expr(copied);
                }
                let elements: Vec<&ast::Expr> = inner.key.as_deref().into_iter().chain([&*inner.value]).collect();
                return self.comprehension(inner, &elements, &inner.generators);
            }
            ast::Expr::Slice(_) => ExprKind::Literal(Literal::Null),
            ast::Expr::IpyEscapeCommand(_) => return self.fixme(expr, "ipython", Vec::new()),
        };
        self.expr_at(expr, kind)
    }

    pub(super) fn exprs(&mut self, exprs: &[ast::Expr]) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// A condition: `and` and `or` are no values here.
    pub(super) fn cond(&mut self, expr: &ast::Expr) -> Expr {
        let lowered = self.deeper(|lowerer| match expr {
            ast::Expr::BoolOp(choice) => {
                let op = if choice.op == ast::BoolOp::And { Op::And } else { Op::Or };
                let values: Vec<Expr> = choice.values.iter().map(|value| lowerer.cond(value)).collect();
                lowerer.folded(op, values, expr)
            }
            ast::Expr::UnaryOp(unary) if unary.op == ast::UnaryOp::Not => {
                let inner = lowerer.cond(&unary.operand);
                lowerer.expr_at(expr, ExprKind::Unary(Op::Not, Box::new(inner)))
            }
            _ => lowerer.expr(expr),
        });
        lowered.unwrap_or_else(|| self.fixme(expr, "nesting", Vec::new()))
    }

    /// `a op b op c`, from the left.
    fn folded(&mut self, op: Op, values: Vec<Expr>, whole: &impl Ranged) -> Expr {
        let join = |left: Expr, right: Expr| {
            let span = left.span.to(right.span);
            Expr { kind: ExprKind::Binary(op, Box::new(left), Box::new(right)), span }
        };
        values.into_iter().reduce(join).unwrap_or_else(|| self.fixme(whole, "syntax error", Vec::new()))
    }

    /// `a or b` is the first that is something; `a and b` is the last, if all others are something.
    fn value_of_choice(&mut self, choice: &ast::ExprBoolOp) -> Expr {
        let mut values = self.exprs(&choice.values);
        if choice.op == ast::BoolOp::Or {
            return self.folded(Op::Coalesce, values, choice);
        }
        let Some(last) = values.pop() else { return self.fixme(choice, "syntax error", Vec::new()) };
        let cond = Box::new(self.folded(Op::And, values, choice));
        let then = Block { stmts: Vec::new(), tail: Some(Box::new(last)) };
        self.expr_at(choice, ExprKind::If { cond, then, otherwise: None })
    }

    pub(super) fn name(&self, name: &str) -> ExprKind {
        match self.names.get(name) {
            Known::Local => ExprKind::Local(Arc::from(name)),
            Known::Global(symbol) | Known::Imported(symbol) | Known::Function(symbol) | Known::Class(symbol) => {
                ExprKind::Global(symbol)
            }
            Known::Parameter => ExprKind::Global(self.module.name.join(name)),
        }
    }

    /// The canonical name of a function, class or the like: `module.name`, `module.Class.method`.
    pub(super) fn path(&self, expr: &ast::Expr) -> Option<Symbol> {
        let mut names = Vec::new();
        let mut base = expr;
        while let ast::Expr::Attribute(attribute) = base {
            names.push(attribute.attr.as_str());
            base = &attribute.value;
        }
        let ast::Expr::Name(name) = base else { return None };
        let mut symbol = match self.names.get(name.id.as_str()) {
            Known::Imported(symbol) | Known::Class(symbol) => symbol,
            Known::Function(symbol) | Known::Global(symbol) => return names.is_empty().then_some(symbol),
            Known::Local | Known::Parameter => return None,
        };
        for name in names.into_iter().rev() {
            if !holds_names(&symbol) {
                return None;
            }
            symbol = symbol.join(if name == "__init__" { "constructor" } else { name });
        }
        Some(symbol)
    }

    fn attribute(&mut self, attribute: &ast::ExprAttribute) -> ExprKind {
        let name = attribute.attr.as_str();
        if name.is_empty() {
            let base = self.expr(&attribute.value);
            return self.fixme(attribute, "syntax error", vec![base]).kind;
        }
        if self.is_path(attribute)
            && let Some(symbol) = self.path_of(attribute)
        {
            return ExprKind::Global(symbol);
        }
        let base = Box::new(self.expr(&attribute.value));
        if name == "value" && is_member_of_enum(&base) {
            return base.kind;
        }
        let name: Arc<str> = Arc::from(if name == "__init__" { "constructor" } else { name });
        ExprKind::Member { base, name, name_span: self.span(&attribute.attr) }
    }

    /// Whether a chain of attributes begins with a name, not with a call or the like.
    fn is_path(&self, attribute: &ast::ExprAttribute) -> bool {
        let mut base = &*attribute.value;
        while let ast::Expr::Attribute(inner) = base {
            base = &inner.value;
        }
        matches!(base, ast::Expr::Name(name) if self.names.get(name.id.as_str()) != Known::Local)
    }

    fn path_of(&self, attribute: &ast::ExprAttribute) -> Option<Symbol> {
        let base = self.path(&attribute.value)?;
        let is_namespace = match &*attribute.value {
            ast::Expr::Name(name) => {
                matches!(self.names.get(name.id.as_str()), Known::Imported(_) | Known::Class(_))
            }
            _ => true,
        };
        let name = attribute.attr.as_str();
        let name = if name == "__init__" { "constructor" } else { name };
        (is_namespace && holds_names(&base)).then(|| base.join(name))
    }

    /// `a[b]`; a slice is the list itself.
    fn subscript(&mut self, subscript: &ast::ExprSubscript) -> Expr {
        if let Some(symbol) = self.path(&subscript.value)
            && (is_class_name(symbol.name()) || is_generic_builtin(&symbol))
        {
            return self.type_as_value(&symbol, subscript);
        }
        let base = self.expr(&subscript.value);
        if subscript.slice.is_slice_expr() {
            return base;
        }
        let index = Box::new(self.expr(&subscript.slice));
        self.expr_at(subscript, ExprKind::Index { base: Box::new(base), index })
    }

    /// `TypeAdapter(list[Item])`: a list of the class; of other generic classes the class itself.
    fn type_as_value(&mut self, symbol: &Symbol, subscript: &ast::ExprSubscript) -> Expr {
        let first = match &*subscript.slice {
            ast::Expr::Tuple(args) => args.elts.first(),
            single => Some(single),
        };
        match (symbol.name(), first) {
            ("Optional" | "Annotated", Some(inner)) => self.expr(inner),
            ("list" | "List" | "set" | "Sequence" | "Iterable", Some(inner)) => {
                let inner = self.expr(inner);
                self.expr_at(subscript, ExprKind::List(vec![inner]))
            }
            _ => self.expr_at(subscript, ExprKind::Global(symbol.clone())),
        }
    }

    fn binary(&mut self, binary: &ast::ExprBinOp) -> ExprKind {
        if binary.op == ast::Operator::Mod
            && let Some(template) = self.percent_format(&binary.left, &binary.right)
        {
            return template;
        }
        if binary.op == ast::Operator::Mod && is_text_filled(binary) {
            return self.filled_elsewhere(binary);
        }
        let (left, right) = (self.expr(&binary.left), self.expr(&binary.right));
        // `defaults | {"a": 1}`
        if binary.op == ast::Operator::BitOr && matches!(right.kind, ExprKind::Construct { spread: None, .. }) {
            let ExprKind::Construct { ty, fields, .. } = right.kind else { return right.kind };
            return ExprKind::Construct { ty, fields, spread: Some(Box::new(left)) };
        }
        ExprKind::Binary(operator(binary.op), Box::new(left), Box::new(right))
    }

    /// `URL % (a, b)`, where `URL` is known when the code runs only.
    fn filled_elsewhere(&mut self, binary: &ast::ExprBinOp) -> ExprKind {
        let values: &[ast::Expr] = match &*binary.right {
            ast::Expr::Tuple(values) => &values.elts,
            single => std::slice::from_ref(single),
        };
        let args = std::iter::once(&*binary.left).chain(values);
        let args = args.map(|value| Arg { name: None, value: self.expr(value) }).collect();
        let callee = Box::new(self.expr_at(binary, ExprKind::Global(Symbol::new("operator::mod"))));
        ExprKind::Call { callee, type_args: Vec::new(), args }
    }

    fn unary(&mut self, unary: &ast::ExprUnaryOp) -> ExprKind {
        let inner = self.expr(&unary.operand);
        match (unary.op, &inner.kind) {
            (ast::UnaryOp::USub, ExprKind::Literal(Literal::Int(number))) => {
                ExprKind::Literal(Literal::Int(number.saturating_neg()))
            }
            (ast::UnaryOp::USub, ExprKind::Literal(Literal::Float(number))) => {
                ExprKind::Literal(Literal::Float(-number))
            }
            (ast::UnaryOp::UAdd, _) => inner.kind,
            (ast::UnaryOp::USub, _) => ExprKind::Unary(Op::Neg, Box::new(inner)),
            (ast::UnaryOp::Not, _) => ExprKind::Unary(Op::Not, Box::new(inner)),
            (ast::UnaryOp::Invert, _) => ExprKind::Unary(Op::Other, Box::new(inner)),
        }
    }

    /// `a < b < c` is `a < b and b < c`.
    fn compare(&mut self, compare: &ast::ExprCompare) -> ExprKind {
        let mut left = self.expr(&compare.left);
        let mut parts = Vec::new();
        for (op, right) in compare.ops.iter().zip(&compare.comparators) {
            let right = self.expr(right);
            let span = left.span.to(right.span);
            let kind = ExprKind::Binary(comparison(*op), Box::new(left), Box::new(right.clone()));
            parts.push(Expr { kind, span });
            left = right;
        }
        self.folded(Op::And, parts, compare).kind
    }

    fn conditional(&mut self, choice: &ast::ExprIf) -> ExprKind {
        let cond = Box::new(self.cond(&choice.test));
        let mut way = |expr: &ast::Expr| Block { stmts: Vec::new(), tail: Some(Box::new(self.expr(expr))) };
        let (then, otherwise) = (way(&choice.body), way(&choice.orelse));
        ExprKind::If { cond, then, otherwise: Some(otherwise) }
    }

    /// `{"a": 1, **b}`.
    fn dict(&mut self, dict: &ast::ExprDict) -> ExprKind {
        let mut fields = Vec::new();
        let mut spreads = Vec::new();
        for item in &dict.items {
            let value = self.expr(&item.value);
            let Some(key) = &item.key else {
                spreads.push(value);
                continue;
            };
            let name = self.fixed_text(key);
            if name.is_none() && !matches!(key, ast::Expr::NumberLiteral(_)) {
                let computed = self.expr(key);
                fields.push(FieldInit { name: None, name_span: computed.span, value: computed });
            }
            fields.push(FieldInit { name, name_span: self.span(key), value });
        }
        self.object(fields, spreads)
    }

    /// An object of entries and of others whose entries it takes over.
    pub(super) fn object(&self, fields: Vec<FieldInit>, spreads: Vec<Expr>) -> ExprKind {
        let nest = |inner: Option<Box<Expr>>, outer: Expr| match inner {
            None => Some(Box::new(outer)),
            Some(inner) => {
                let span = inner.span.to(outer.span);
                let both = [inner, Box::new(outer)].map(|spread| ExprKind::Construct {
                    ty: None,
                    fields: Vec::new(),
                    spread: Some(spread),
                });
                let [inner, outer] = both.map(|kind| Expr { kind, span });
                Some(Box::new(Expr { kind: ExprKind::Binary(Op::Coalesce, Box::new(outer), Box::new(inner)), span }))
            }
        };
        let spread = spreads.into_iter().fold(None, nest);
        ExprKind::Construct { ty: None, fields, spread }
    }
}

/// Whether names can stand below a symbol: modules and classes, not constants and members of classes.
fn holds_names(symbol: &Symbol) -> bool {
    let name = symbol.name();
    let in_class = symbol.parent().rsplit("::").next().is_some_and(is_class_name);
    !is_constant_name(name) && (!in_class || is_class_name(name))
}

/// `CartService`, as against `cart_service` and `CART`.
pub(super) fn is_class_name(name: &str) -> bool {
    let name = name.trim_start_matches('_');
    name.starts_with(char::is_uppercase) && (name.len() == 1 || name.contains(char::is_lowercase))
}

/// `BASE_URL`.
fn is_constant_name(name: &str) -> bool {
    name.len() > 1 && name.contains(char::is_uppercase) && !name.contains(char::is_lowercase)
}

/// `list` of `list[int]`.
fn is_generic_builtin(symbol: &Symbol) -> bool {
    matches!(
        symbol.as_str(),
        "builtins::list" | "builtins::dict" | "builtins::set" | "builtins::tuple" | "builtins::type"
    )
}

/// `Status.ACTIVE`, whose `value` is what the class gives it.
fn is_member_of_enum(base: &Expr) -> bool {
    let ExprKind::Global(symbol) = &base.kind else { return false };
    is_constant_name(symbol.name()) && symbol.parent().rsplit("::").next().is_some_and(is_class_name)
}

pub(super) fn string(text: &str) -> ExprKind {
    ExprKind::Literal(Literal::Str(Arc::from(text)))
}

fn number(number: &ast::Number) -> Literal {
    match number {
        ast::Number::Int(int) => Literal::Int(int.as_i64().unwrap_or(i64::MAX)),
        // `timeout=10.0`: a whole number all the same. What is beyond these limits is none of ours.
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        ast::Number::Float(float) if float.fract() == 0.0 && float.abs() < 1e9 => Literal::Int(*float as i64),
        ast::Number::Float(float) => Literal::Float(*float),
        // The size of a complex number does not matter to any call.
        ast::Number::Complex { .. } => Literal::Float(0.0),
    }
}

/// Whether `a % b` may fill a text: what is divided by a number does not.
fn is_text_filled(binary: &ast::ExprBinOp) -> bool {
    let is_path = |expr: &ast::Expr| expr.is_name_expr() || expr.is_attribute_expr();
    let is_starred = |expr: &ast::Expr| matches!(expr, ast::Expr::Tuple(values) if values.elts.iter().any(ast::Expr::is_starred_expr));
    is_path(&binary.left)
        && !matches!(&*binary.right, ast::Expr::NumberLiteral(_) | ast::Expr::Dict(_))
        && !is_starred(&binary.right)
}

pub(super) const fn operator(op: ast::Operator) -> Op {
    match op {
        ast::Operator::Add => Op::Add,
        ast::Operator::Sub => Op::Sub,
        ast::Operator::Mult => Op::Mul,
        ast::Operator::Div => Op::Div,
        _ => Op::Other,
    }
}

const fn comparison(op: ast::CmpOp) -> Op {
    match op {
        ast::CmpOp::Eq | ast::CmpOp::Is => Op::Eq,
        ast::CmpOp::NotEq | ast::CmpOp::IsNot => Op::Ne,
        ast::CmpOp::Lt => Op::Lt,
        ast::CmpOp::LtE => Op::Le,
        ast::CmpOp::Gt => Op::Gt,
        ast::CmpOp::GtE => Op::Ge,
        ast::CmpOp::In | ast::CmpOp::NotIn => Op::Other,
    }
}
