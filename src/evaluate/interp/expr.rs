//! Expressions and statements.

use std::rc::Rc;
use std::sync::Arc;

use super::Interp;
use super::argument::{Site, nowhere};
use super::fallback::{coalesce, either};
use crate::evaluate::library::Kind;
use crate::evaluate::origins::Origins;
use crate::evaluate::value::{Callable, ObjectId, Text, Value, What};
use crate::evaluate::walk;
use crate::model::ir::{Arm, Block, Expr, ExprKind, FieldInit, Literal, Op, Piece, Stmt, StmtKind, Symbol, Type};
use crate::model::source::Span;
use crate::model::usage::AccessKind;

/// Alternatives of a text that are put together from alternatives of its parts.
const MAX_TEXTS: usize = 8;
/// Members of a value that a name leads through.
const MAX_MEMBERS: usize = 3;

impl<'a> Interp<'a> {
    /// Statements in a scope of their own, and their value.
    pub(super) fn block(&mut self, block: &'a Block, expected: &Type) -> Value {
        self.scoped(|interp| interp.statements(block, expected))
    }

    /// Statements in the scope that is open.
    pub(super) fn statements(&mut self, block: &'a Block, expected: &Type) -> Value {
        for stmt in &block.stmts {
            if self.frame().dead {
                return Value::unknown();
            }
            self.stmt(stmt);
        }
        match &block.tail {
            Some(tail) if !self.frame().dead => self.eval(tail, expected),
            _ => Value::unknown(),
        }
    }

    pub(super) fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Let { pattern, ty, value, otherwise } => {
                let declared = ty.as_ref().map(|ty| self.concrete(ty)).unwrap_or_default();
                let value = match value {
                    Some(value) => {
                        let value = self.eval(value, &declared);
                        self.converted(value, &declared, stmt.span).or_type(&declared)
                    }
                    None => self.zero_value(&declared, stmt.span),
                };
                if let Some(otherwise) = otherwise {
                    self.alternatives([Some(otherwise), None], |interp, way| match way {
                        Some(otherwise) => interp.block(otherwise, &Type::Unknown),
                        None => Value::unknown(),
                    });
                }
                self.bind(pattern, value);
            }
            StmtKind::Assign { target, op, value } => {
                let new = self.assigned(target, *op, value);
                self.assign(target, new);
            }
            StmtKind::Expr(expr) | StmtKind::Defer(expr) => {
                self.eval(expr, &Type::Unknown);
            }
        }
    }

    /// The value of an expression. `expected` is the type it is used as, if that is known: what a
    /// body is decoded to often stands nowhere else.
    pub(super) fn eval(&mut self, expr: &'a Expr, expected: &Type) -> Value {
        if !self.spend() {
            return Value::unknown();
        }
        match &expr.kind {
            ExprKind::Literal(literal) => literal_value(literal, expr.span),
            ExprKind::Local(name) => self.frame().env.get(name).cloned().unwrap_or_default(),
            ExprKind::Global(symbol) => self.global_name(symbol, expr.span),
            ExprKind::Template(pieces) => self.template(pieces, expr.span),
            ExprKind::Member { base, name, name_span } => {
                let owner = self.eval(base, &Type::Unknown);
                match self.payload(&owner, base, name, *name_span) {
                    Some(payload) => payload,
                    None => self.member(&owner, name, *name_span),
                }
            }
            ExprKind::Index { base, index } => {
                let base = self.eval(base, &Type::Unknown);
                let key = self.eval(index, &Type::Unknown);
                self.index(&base, &key, index.span)
            }
            ExprKind::Call { callee, type_args, args } => self.call(expr, callee, type_args, args, expected),
            ExprKind::Construct { ty, fields, spread } => {
                let ty = ty.as_ref().map_or_else(|| literal_type(expected), |ty| self.concrete(ty));
                let spread = spread.as_ref().map(|spread| (spread.span, self.eval(spread, &ty)));
                self.construct(&ty, fields, spread, expr.span)
            }
            ExprKind::List(items) => {
                let item_type = match expected.peeled() {
                    Type::List(item) => (**item).clone(),
                    _ => Type::Unknown,
                };
                let each = |item: &'a Expr| match &item.kind {
                    ExprKind::Spread(inner) => self.eval(inner, expected).element(),
                    _ => self.eval(item, &item_type),
                };
                list_of(items.iter().map(each).collect())
            }
            ExprKind::Tuple(items) => {
                let types = match expected.peeled() {
                    Type::Tuple(types) => types.clone(),
                    // Go: `return value, err`.
                    single => vec![single.clone()],
                };
                let mut values = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    let ty = types.get(at).cloned().unwrap_or_default();
                    values.push(self.eval(item, &ty).or_type(&ty));
                }
                // `return &out, decode(&out)`: what a call puts into a variable is seen beside it too.
                let last_call = items.iter().rposition(|item| matches!(item.kind, ExprKind::Call { .. })).unwrap_or(0);
                for (item, value) in items.iter().zip(&mut values).take(last_call).filter(|(item, _)| is_variable(item))
                {
                    let ty = value.ty.clone();
                    *value = self.eval(item, &Type::Unknown).or_type(&ty);
                }
                Value::of(What::Tuple(Rc::new(values)))
            }
            ExprKind::Lambda(lambda) => {
                let names = match self.lambdas.get(&expr.span) {
                    Some((_, names)) => Rc::clone(names),
                    None => Rc::new(walk::locals(&lambda.body)),
                };
                self.lambdas.insert(expr.span, (lambda, Rc::clone(&names)));
                self.note_lambda_type(expr.span, expected);
                let captured = self.frame().env.visible(&names);
                let home = self.frame().symbol.clone();
                self.made_closure(expr.span, &home, &captured);
                Value::of(What::Function(Rc::new(Callable::Closure { span: expr.span, home, captured })))
            }
            ExprKind::Unary(op, inner) => {
                let inner = self.eval(inner, &Type::Unknown);
                match (op, &inner.what) {
                    (Op::Neg, What::Int(number)) => Value::of(What::Int(number.saturating_neg())),
                    (Op::Receive, _) => inner.element(),
                    (Op::Not, What::Bool(value)) => Value::of(What::Bool(!value)),
                    (Op::Not, _) => Value::typed(Type::Bool),
                    (Op::Neg, What::Thousandths(number)) => Value::of(What::Thousandths(number.saturating_neg())),
                    _ => self.derive(Value::typed(inner.ty.clone()), [&inner]),
                }
            }
            ExprKind::Binary(op, left, right) => self.binary(*op, left, right, expected),
            ExprKind::Cast(ty, inner) => {
                let ty = self.concrete(ty);
                let value = self.eval(inner, &ty);
                // A conversion to text or bytes keeps what is known of the text.
                if matches!(ty, Type::Unknown) { value } else { self.taken_for(value, ty) }
            }
            ExprKind::Ref(inner) | ExprKind::Deref(inner) | ExprKind::Try(inner) => self.eval(inner, expected),
            ExprKind::Await(inner) => {
                let value = self.eval(inner, expected);
                self.awaited(value, expr.span)
            }
            ExprKind::Spread(inner) => self.eval(inner, &Type::Unknown),
            ExprKind::Yield(value) => {
                let element = value.as_ref().map(|value| self.eval(value, &Type::Unknown)).unwrap_or_default();
                let yields = &mut self.frame_mut().yields;
                *yields = Some(match yields.take() {
                    Some(earlier) => earlier.join(element),
                    None => element,
                });
                Value::unknown()
            }
            ExprKind::Spawn(inner) | ExprKind::OnEvent(inner) => {
                self.eval(inner, &Type::Unknown);
                Value::unknown()
            }
            ExprKind::Block(block) => self.block(block, expected),
            ExprKind::If { cond, then, otherwise } => self.choose(cond, (then, otherwise.as_ref()), expected),
            ExprKind::Matches(pattern, value) => {
                let value = self.eval(value, &Type::Unknown);
                self.bind_tested(pattern, value);
                Value::typed(Type::Bool)
            }
            ExprKind::Match { subject, arms } => {
                let place = subject.as_deref();
                let subject = place.map(|subject| self.eval(subject, &Type::Unknown)).unwrap_or_default();
                let possible = self.possible_arms(place, &subject, arms);
                let follow = |interp: &mut Self, arm: &'a Arm| {
                    interp.asked_matched(&subject, &arm.pattern);
                    interp.bind(&arm.pattern, subject.clone());
                    if let Some(guard) = &arm.guard {
                        interp.eval(guard, &Type::Unknown);
                    }
                    interp.statements(&arm.body, expected)
                };
                self.alternatives(possible, |interp, arm: &'a Arm| {
                    interp.where_arm(place, &arm.pattern, |interp| interp.scoped(|interp| follow(interp, arm)))
                })
            }
            ExprKind::Loop(inner) => self.run_loop(inner),
            ExprKind::Return(value) => {
                let expected = self.frame().expected.clone();
                let value = value.as_ref().map(|value| self.eval(value, &expected)).unwrap_or_default();
                self.give(value);
                Value::unknown()
            }
            ExprKind::Break(label, value) => {
                let value = value.as_ref().map(|value| self.eval(value, &Type::Unknown));
                self.leave_loop(label.as_deref(), value);
                Value::unknown()
            }
            ExprKind::Continue(label) => {
                self.next_round(label.as_deref());
                Value::unknown()
            }
            ExprKind::Throw(args) => {
                args.iter().for_each(|arg| {
                    self.eval(arg, &Type::Unknown);
                });
                self.frame_mut().dead = true;
                Value::unknown()
            }
            ExprKind::TryCatch { body, catches, finally } => {
                let ways =
                    std::iter::once((None, body)).chain(catches.iter().map(|catch| (catch.name.as_ref(), &catch.body)));
                let value = self.alternatives(ways, |interp, (name, block)| {
                    interp.scoped(|interp| {
                        if let Some(name) = name {
                            interp.frame_mut().env.declare(name, Value::unknown());
                        }
                        interp.statements(block, expected)
                    })
                });
                if let Some(finally) = finally {
                    // It runs however the rest is left.
                    let was_dead = std::mem::take(&mut self.frame_mut().dead);
                    self.block(finally, &Type::Unknown);
                    self.frame_mut().dead |= was_dead;
                }
                value
            }
            ExprKind::Fixme(children) => {
                children.iter().for_each(|child| {
                    self.eval(child, &Type::Unknown);
                });
                Value::unknown()
            }
        }
    }

    /// A request that is sent when its promise is waited for.
    fn awaited(&mut self, value: Value, span: Span) -> Value {
        let Some(then) = value.ty.symbol().map(|symbol| symbol.join("then")) else { return value };
        match self.libraries.function(then.as_str()).filter(|(_, model)| model.send.is_some()) {
            Some((library, model)) => self.apply(library, model, Some((&value, None)), &Site::bare(span)),
            None => value,
        }
    }

    /// The function gives a value and ends. Errors are left out of values: of Go's `value, err` only
    /// the value is given.
    pub(super) fn give(&mut self, mut value: Value) {
        if let What::Tuple(items) = &value.what {
            let wanted = match self.frame().expected.peeled() {
                Type::Tuple(types) => types.len(),
                Type::Unknown => items.len(),
                _ => 1,
            };
            value = match items.as_slice() {
                [first, ..] if wanted == 1 => first.clone(),
                all if wanted < all.len() => Value::of(What::Tuple(Rc::new(all[..wanted].to_vec()))),
                _ => value,
            };
        }
        let frame = self.frame_mut();
        frame.returns = Some(match frame.returns.take() {
            Some(earlier) => earlier.join(value),
            None => value,
        });
        frame.dead = true;
    }

    fn template(&mut self, pieces: &'a [Piece], whole: Span) -> Value {
        let mut values = Vec::with_capacity(pieces.len());
        for piece in pieces {
            values.push(match piece {
                Piece::Text(text, span) => {
                    Value::text(Text::new(text, if span.start == span.end { whole } else { *span }))
                }
                Piece::Hole(hole) => {
                    let value = self.eval(hole, &Type::Unknown);
                    self.escape(&value, hole.span);
                    value
                }
            });
        }
        self.derive(concat(&values), &values)
    }

    fn binary(&mut self, op: Op, first: &'a Expr, second: &'a Expr, expected: &Type) -> Value {
        let is_choice = matches!(op, Op::And | Op::Or | Op::Coalesce);
        let expected = if is_choice { expected } else { &Type::Unknown };
        let left = self.eval(first, if op == Op::And { &Type::Unknown } else { expected });
        let right = if is_choice {
            // `name ?: return`: where there is a left value, the function goes on.
            let was_dead = self.frame().dead;
            let right =
                self.branch(|interp| interp.where_it(first, op == Op::And, |interp| interp.eval(second, expected)));
            self.frame_mut().dead = was_dead;
            right
        } else {
            self.eval(second, &Type::Unknown)
        };
        if matches!(op, Op::Eq | Op::Ne) {
            self.compared(first, second);
        }
        self.asked_compared(op, (&left, first), (&right, second));
        match (op, &left.what, &right.what) {
            (Op::Add, What::Int(left), What::Int(right)) => Value::of(What::Int(left.saturating_add(*right))),
            (Op::Sub, What::Int(left), What::Int(right)) => Value::of(What::Int(left.saturating_sub(*right))),
            (Op::Mul, What::Int(left), What::Int(right)) => Value::of(What::Int(left.saturating_mul(*right))),
            (Op::Mul, What::Int(count), What::Millis(unit)) | (Op::Mul, What::Millis(unit), What::Int(count)) => {
                Value::of(What::Millis(unit.saturating_mul(u64::try_from(*count).unwrap_or(0))))
            }
            (Op::Add, What::Millis(left), What::Millis(right)) => Value::of(What::Millis(left.saturating_add(*right))),
            (Op::Add, _, _) if is_text(&left) || is_text(&right) => {
                let parts = [left, right];
                gathered(&parts).unwrap_or_else(|| self.derive(concat(&parts), &parts))
            }
            (Op::Add, _, _) if is_list(&left) || is_list(&right) => {
                Value { ty: left.ty.clone(), ..list_of(vec![left.element(), right.element()]) }
            }
            (Op::Coalesce, _, _) => coalesce(left, right),
            (Op::Or, _, _) if !matches!(left.ty, Type::Bool | Type::Unknown) => either(left, right),
            (Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::And | Op::Or, _, _) => Value::typed(Type::Bool),
            _ => self.derive(Value::typed(left.ty.clone()), [&left, &right]),
        }
    }

    /// What a name that is not local stands for.
    pub(super) fn global_name(&mut self, symbol: &Symbol, span: Span) -> Value {
        if symbol.as_str() == "None" {
            return Value::of(What::Null);
        }
        if let Some(id) = self.program.function(symbol) {
            return Value::of(What::Function(Rc::new(Callable::Func(id, None))));
        }
        if let Some((_, global)) = self.program.global(symbol) {
            let mut value = self.global(&global.symbol);
            // A path that comes from a constant is written where the constant is used.
            if let What::Text(text) = &mut value.what {
                text.written = text.written.map(|_| span);
            }
            return value;
        }
        if let Some(value) = self.constant(symbol, span).or_else(|| self.given_global(symbol)) {
            return value;
        }
        if self.program.type_def(symbol).is_none()
            && let Some(owner) = self.value_named(&Symbol::new(symbol.parent()), span)
        {
            return self.member(&owner, &Arc::from(symbol.name()), span);
        }
        if let Some(method) = self.described_name(symbol) {
            return method;
        }
        Value::of(What::Function(Rc::new(Callable::Foreign(symbol.clone()))))
    }

    /// The value that a name stands for, or a member of one: `settings.session` of a module `settings`.
    pub(super) fn value_named(&mut self, symbol: &Symbol, span: Span) -> Option<Value> {
        let mut owner = symbol.clone();
        let mut members = Vec::new();
        while members.len() < MAX_MEMBERS && !owner.as_str().is_empty() {
            let is_value = self.program.global(&owner).is_some()
                || self.libraries.constant(owner.as_str()).is_some()
                || self.libraries.given_global(owner.as_str()).is_some();
            if is_value {
                let mut value = self.global_name(&owner, span);
                for member in members.iter().rev() {
                    value = self.member(&value, member, span);
                }
                return Some(value);
            }
            members.push(Arc::from(owner.name()));
            owner = Symbol::new(owner.parent());
        }
        None
    }

    /// A struct or object literal.
    fn construct(&mut self, ty: &Type, fields: &'a [FieldInit], spread: Option<(Span, Value)>, span: Span) -> Value {
        let ty = self.program.expand(ty);
        let object = self.construct_object(&ty, fields, span).or_else(|| self.url_literal(&ty, fields));
        if let Some(object) = object.or_else(|| self.oneof_literal(&ty, fields)) {
            return object;
        }
        let owner = Value::typed(ty.clone());
        let mut record = self.spread_fields(spread);
        for (at, field) in fields.iter().enumerate() {
            let Some(name) = &field.name else {
                let value = self.eval(&field.value, &Type::Unknown);
                if value.functions().next().is_some() {
                    // A table of functions, looked up by what is not known.
                    record.insert(Arc::from(format!("[{at}]")), (nowhere(), value));
                } else {
                    self.escape(&value, field.value.span);
                }
                continue;
            };
            let declared = self.field_type(&ty, name);
            let value = self.eval(&field.value, &declared).or_type(&declared);
            // A method of an anonymous class is no field of a message.
            if !matches!(field.value.kind, ExprKind::Lambda(_)) {
                self.touch(&owner, name, field.name_span, AccessKind::Write);
            }
            self.keep(&ty, name, &value);
            record.insert(Arc::clone(name), (field.name_span, value.bounded()));
        }
        let made = Value { ty, what: What::Record(Rc::new(record)), origins: Origins::default() };
        match &made.ty {
            Type::Named(symbol, args) => self.variant_made(symbol, args, made.clone(), span).unwrap_or(made),
            _ => made,
        }
    }

    /// What a variable without an initial value holds.
    pub(super) fn zero_value(&mut self, ty: &Type, span: Span) -> Value {
        let ty = self.program.expand(ty);
        self.construct_object(&ty, &[], span).unwrap_or_else(|| Value::typed(ty))
    }

    /// A literal of a library's type that stands for something that is built up.
    fn construct_object(&mut self, ty: &Type, fields: &'a [FieldInit], span: Span) -> Option<Value> {
        let symbol = ty.symbol()?;
        let (library, model) = self.libraries.type_model(symbol.as_str())?;
        let kind = model.kind.filter(|kind| *kind != Kind::Stub)?;
        let id = self.make_object(library, kind, span);
        if kind == Kind::Headers {
            self.header_literal(id, fields);
            return Some(Value { ty: ty.clone(), what: What::Object(id), origins: Origins::default() });
        }
        for (setting, source) in &model.defaults {
            let value = Self::fixed(source, span);
            self.objects.set(id, *setting, value, &self.branches);
        }
        for field in fields {
            let value = self.eval(&field.value, &Type::Unknown);
            if let Some(name) = &field.name {
                self.set_object_field(id, library, model, name, value, field.name_span);
            }
        }
        Some(Value { ty: ty.clone(), what: What::Object(id), origins: Origins::default() })
    }

    /// A literal of headers: its entries are names and values, or lists of values.
    fn header_literal(&mut self, id: ObjectId, fields: &'a [FieldInit]) {
        for field in fields {
            let value = self.eval(&field.value, &Type::Unknown);
            let value = if matches!(value.what, What::List(_)) { value.element() } else { value };
            let name = field.name.as_ref().map(|name| name.to_ascii_lowercase());
            for text in value.texts() {
                self.objects.add_header(id, name.clone(), text.template, field.name_span, &self.branches);
            }
        }
    }

    /// Runs `act` without recording what it touches.
    pub(super) fn quietly<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        self.quiet += 1;
        let result = act(self);
        self.quiet -= 1;
        result
    }
}

fn literal_value(literal: &Literal, span: Span) -> Value {
    match literal {
        Literal::Str(text) => Value::text(Text::new(text, span)),
        Literal::Int(number) => Value::of(What::Int(*number)),
        Literal::Bool(value) => Value::of(What::Bool(*value)),
        Literal::Float(number) => thousandths(*number),
        Literal::Null => Value::of(What::Null),
    }
}

/// A number with a fraction, as exactly as is kept.
fn thousandths(number: f64) -> Value {
    let scaled = (number * 1_000.0).round();
    if scaled.abs() > 1e15 {
        return Value::typed(Type::Number);
    }
    #[expect(clippy::cast_possible_truncation, reason = "its size has been looked at")]
    let scaled = scaled as i64;
    Value::of(What::Thousandths(scaled))
}

/// The type of a literal that names none: the one that it is used as.
fn literal_type(expected: &Type) -> Type {
    match expected.peeled() {
        named @ Type::Named(..) => named.clone(),
        _ => Type::Dynamic,
    }
}

/// Whether a condition is the same whenever it is looked at.
pub(super) fn is_constant(cond: &Expr) -> bool {
    match &cond.kind {
        ExprKind::Literal(_) => true,
        // Variables may be set by who knows whom; what is written in capitals is meant to stay.
        ExprKind::Global(symbol) => !symbol.name().contains(|letter: char| letter.is_lowercase()),
        ExprKind::Unary(Op::Not, inner) => is_constant(inner),
        _ => false,
    }
}

/// Whether an expression is a variable, or a reference to one.
fn is_variable(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Local(_) => true,
        ExprKind::Ref(inner) => is_variable(inner),
        _ => false,
    }
}

pub(super) fn is_text(value: &Value) -> bool {
    value.ty == Type::Str || value.alternatives().iter().any(|what| matches!(what, What::Text(_)))
}

/// The body of a response that is gathered piece by piece: `data += chunk`.
pub(super) fn gathered([before, piece]: &[Value; 2]) -> Option<Value> {
    let is_begun = match &before.what {
        What::Text(text) => text.template.as_text() == Some(""),
        what => matches!(what, What::Opaque | What::Response(_)),
    };
    (is_begun && piece.responses().next().is_some()).then(|| piece.clone())
}

/// Made as a list here, or declared as one.
pub(super) fn is_list(value: &Value) -> bool {
    matches!(value.what, What::List(_)) || matches!(value.ty, Type::List(_))
}

pub(super) fn list_of(items: Vec<Value>) -> Value {
    let element = items.into_iter().reduce(Value::join).unwrap_or_default().bounded();
    Value {
        ty: Type::List(Box::new(element.ty.clone())),
        what: What::List(Rc::new(element)),
        origins: Origins::default(),
    }
}

/// Texts one behind the other; parts that are not known are holes.
pub(super) fn concat(values: &[Value]) -> Value {
    let mut texts = vec![Text { template: crate::model::usage::Template::default(), written: None }];
    for value in values {
        let alternatives = value.texts();
        if texts.len() * alternatives.len() > MAX_TEXTS {
            texts.iter_mut().for_each(|text| text.append(&Text::hole()));
            continue;
        }
        texts = texts
            .iter()
            .flat_map(|text| {
                alternatives.iter().map(|more| {
                    let mut text = text.clone();
                    text.append(more);
                    text
                })
            })
            .collect();
    }
    texts.into_iter().map(Value::text).reduce(Value::join).unwrap_or_default()
}

/// Further arguments as the list that a variadic parameter is. A list that is passed on whole
/// (`options...`) is not told from one of its elements.
pub(super) fn variadic(values: Vec<Value>) -> Value {
    match values.as_slice() {
        [single] if matches!(single.what, What::List(_)) || matches!(single.ty, Type::List(_)) => single.clone(),
        _ => list_of(values),
    }
}
