//! The IR in short, for tests: `Global` as `pkg::name`, `Local` as `name`.

use crate::model::ir::{
    Arm, Block, Expr, ExprKind, Literal, Loop, LoopKind, Op, Param, Pattern, Piece, Stmt, StmtKind, Type,
};

/// `{a; b}`.
pub(super) fn block(block: &Block) -> String {
    format!("{{{}}}", list(&block.stmts, stmt, "; "))
}

fn list<T>(items: &[T], one: impl Fn(&T) -> String, by: &str) -> String {
    items.iter().map(one).collect::<Vec<_>>().join(by)
}

fn stmt(stmt: &Stmt) -> String {
    match &stmt.kind {
        StmtKind::Let { pattern: bound, ty: declared, value, .. } => {
            let declared = declared.as_ref().map(|declared| format!(": {}", ty(declared))).unwrap_or_default();
            let value = value.as_ref().map(|value| format!(" = {}", expr(value))).unwrap_or_default();
            format!("let {}{declared}{value}", pattern(bound))
        }
        StmtKind::Assign { target, op, value } => {
            format!("{} {}= {}", expr(target), op.map(sign).unwrap_or_default(), expr(value))
        }
        StmtKind::Expr(inner) => expr(inner),
        StmtKind::Defer(inner) => format!("defer {}", expr(inner)),
    }
}

/// An expression.
pub(super) fn expr(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Literal(value) => literal(value),
        ExprKind::Local(name) => name.to_string(),
        ExprKind::Global(symbol) => symbol.to_string(),
        ExprKind::Template(pieces) => list(
            pieces,
            |piece| match piece {
                Piece::Text(text, _) => text.to_string(),
                Piece::Hole(hole) => format!("{{{}}}", expr(hole)),
            },
            "",
        ),
        ExprKind::Member { base, name, .. } => format!("{}.{name}", expr(base)),
        ExprKind::Index { base, index } => format!("{}[{}]", expr(base), expr(index)),
        ExprKind::Call { callee, type_args, args } => {
            let types = if type_args.is_empty() { String::new() } else { format!("<{}>", list(type_args, ty, ", ")) };
            format!("{}{types}({})", expr(callee), list(args, |arg| expr(&arg.value), ", "))
        }
        ExprKind::Construct { ty: made, fields, .. } => {
            let made = made.as_ref().map_or("?".to_owned(), ty);
            let field = |field: &crate::model::ir::FieldInit| {
                format!("{}: {}", field.name.as_deref().unwrap_or("_"), expr(&field.value))
            };
            format!("{made}{{{}}}", list(fields, field, ", "))
        }
        ExprKind::List(items) => format!("[{}]", list(items, expr, ", ")),
        ExprKind::Tuple(items) => format!("({})", list(items, expr, ", ")),
        ExprKind::Lambda(lambda) => {
            format!("|{}| -> {} {}", params(&lambda.params), ty(&lambda.ret), block(&lambda.body))
        }
        ExprKind::Unary(op, inner) => format!("{}{}", if *op == Op::Neg { "-" } else { sign(*op) }, expr(inner)),
        ExprKind::Binary(op, left, right) => format!("({} {} {})", expr(left), sign(*op), expr(right)),
        ExprKind::Cast(target, inner) => format!("({} as {})", expr(inner), ty(target)),
        ExprKind::Ref(inner) => format!("&{}", expr(inner)),
        ExprKind::Deref(inner) => format!("*{}", expr(inner)),
        ExprKind::Block(inner) => block(inner),
        ExprKind::If { cond, then, otherwise } => {
            let otherwise = otherwise.as_ref().map(|other| format!(" else {}", block(other))).unwrap_or_default();
            format!("if {} {}{otherwise}", expr(cond), block(then))
        }
        ExprKind::Match { subject, arms } => {
            let subject = subject.as_ref().map(|subject| format!(" {}", expr(subject))).unwrap_or_default();
            format!("match{subject} {{{}}}", list(arms, arm, ", "))
        }
        ExprKind::Loop(inner) => render_loop(inner),
        ExprKind::Yield(value) => format!("yield{}", optional(value.as_deref().map(expr))),
        ExprKind::Spread(inner) => format!("...{}", expr(inner)),
        ExprKind::Return(value) => format!("return{}", optional(value.as_deref().map(expr))),
        ExprKind::Break(label, _) => format!("break{}", optional(label.as_deref())),
        ExprKind::Continue(label) => format!("continue{}", optional(label.as_deref())),
        ExprKind::Throw(args) => format!("throw({})", list(args, expr, ", ")),
        ExprKind::Spawn(inner) => format!("spawn {}", expr(inner)),
        ExprKind::Fixme(children) => format!("fixme({})", list(children, expr, ", ")),
        other => format!("{other:?}"),
    }
}

fn optional(text: Option<impl std::fmt::Display>) -> String {
    text.map(|text| format!(" {text}")).unwrap_or_default()
}

fn arm(arm: &Arm) -> String {
    let guard = arm.guard.as_ref().map(|guard| format!(" if {}", expr(guard))).unwrap_or_default();
    format!("{}{guard} => {}", pattern(&arm.pattern), block(&arm.body))
}

fn render_loop(inner: &Loop) -> String {
    let label = inner.label.as_ref().map(|label| format!("{label}: ")).unwrap_or_default();
    let head = match &inner.kind {
        LoopKind::Infinite => "loop".to_owned(),
        LoopKind::While(cond) => format!("while {}", expr(cond)),
        LoopKind::Counted { init, cond, step } => format!(
            "for [{}; {}; {}]",
            init.as_deref().map(stmt).unwrap_or_default(),
            cond.as_ref().map(expr).unwrap_or_default(),
            step.as_deref().map(stmt).unwrap_or_default()
        ),
        LoopKind::Each { pattern: bound, over, keyed } => {
            format!("each{} {} in {}", if *keyed { "-keyed" } else { "" }, pattern(bound), expr(over))
        }
    };
    format!("{label}{head} {}", block(&inner.body))
}

/// Parameters with their types.
pub(super) fn params(params: &[Param]) -> String {
    let one = |param: &Param| {
        format!("{}: {}{}", pattern(&param.pattern), if param.variadic { "..." } else { "" }, ty(&param.ty))
    };
    list(params, one, ", ")
}

fn pattern(p: &Pattern) -> String {
    match p {
        Pattern::Wild => "_".to_owned(),
        Pattern::Bind(name, _, None) => name.to_string(),
        Pattern::Bind(name, _, Some(inner)) => format!("{name} = {}", pattern(inner)),
        Pattern::Value(value) => expr(value),
        Pattern::Tuple(parts) => format!("({})", list(parts, pattern, ", ")),
        Pattern::Or(parts) => list(parts, pattern, " | "),
        Pattern::Typed(typed, bound) => {
            format!("{}: {}", bound.as_ref().map_or("_", |(name, _)| name), ty(typed))
        }
        other => format!("{other:?}"),
    }
}

/// A type.
pub(super) fn ty(t: &Type) -> String {
    match t {
        Type::Named(symbol, args) if args.is_empty() => symbol.to_string(),
        Type::Named(symbol, args) => format!("{symbol}<{}>", list(args, ty, ", ")),
        Type::List(inner) => format!("[{}]", ty(inner)),
        Type::Map(inner) => format!("Map<{}>", ty(inner)),
        Type::Result(inner) => format!("Result<{}>", ty(inner)),
        Type::Tuple(parts) => format!("({})", list(parts, ty, ", ")),
        Type::Function(params, ret) => format!("fn({}) -> {}", list(params, ty, ", "), ty(ret)),
        Type::Parameter(name) => format!("'{name}"),
        other => format!("{other:?}"),
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Str(text) => format!("{text:?}"),
        Literal::Int(number) => number.to_string(),
        Literal::Float(number) => number.to_string(),
        Literal::Bool(value) => value.to_string(),
        Literal::Null => "nil".to_owned(),
    }
}

fn sign(op: Op) -> &'static str {
    match op {
        Op::Add => "+",
        Op::Sub | Op::Neg => "-",
        Op::Mul => "*",
        Op::Div => "/",
        Op::Eq => "==",
        Op::Ne => "!=",
        Op::Lt => "<",
        Op::Le => "<=",
        Op::Gt => ">",
        Op::Ge => ">=",
        Op::And => "&&",
        Op::Or => "||",
        Op::Coalesce => "??",
        Op::Not => "!",
        Op::Receive => "<-",
        Op::Other => "?",
    }
}
