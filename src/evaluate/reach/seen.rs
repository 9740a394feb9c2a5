//! What the body of a function mentions.

use std::sync::Arc;

use crate::evaluate::Set;
use crate::evaluate::walk;
use crate::model::ir::{Expr, ExprKind, Func, Literal, Pattern, Piece, Stmt, StmtKind, Type};

/// What a function mentions.
#[derive(Default)]
pub(super) struct Seen<'a> {
    /// Types that it declares: its receiver's, its parameters', its result's, those of variables and of
    /// objects that it makes.
    pub(super) types: Vec<&'a Type>,
    /// Those of objects that it makes, and that it takes others for.
    pub(super) made: Vec<&'a Type>,
    /// Names that are not local.
    pub(super) globals: Set<&'a str>,
    /// Names of fields and methods.
    pub(super) members: Set<&'a str>,
    /// Fields of its receiver, and what is put there.
    pub(super) kept: Vec<(&'a str, &'a Expr)>,
    /// Fields that it puts something into, with the types of their objects.
    pub(super) put: Vec<(&'a Type, &'a str)>,
    /// It handles something that no type is declared of.
    pub(super) untyped: bool,
    /// It writes down the beginning of a URL.
    pub(super) url: bool,
    /// Expressions.
    pub(super) weight: usize,
}

impl<'a> Seen<'a> {
    pub(super) fn of(func: &'a Func) -> Self {
        let mut seen = Self::default();
        let Some(body) = &func.body else { return seen };
        let declared = func.params.iter().map(|param| &param.ty);
        seen.untyped = declared.clone().any(|ty| matches!(ty, Type::Unknown | Type::Dynamic));
        seen.types.extend(declared.chain([&func.ret]).chain(&func.owner));
        let defaults = func.params.iter().filter_map(|param| param.default.as_deref());
        defaults.for_each(|value| walk::expr(value, &mut |expr| seen.see(expr)));
        walk::block(body, &mut |expr| seen.see(expr));
        walk::stmts(body, &mut |stmt: &'a Stmt| match &stmt.kind {
            StmtKind::Let { ty: Some(ty), .. } => seen.types.push(ty),
            StmtKind::Assign { target, value, op: None } => {
                let Some((object, field)) = field_of(target) else { return };
                let param = func
                    .params
                    .iter()
                    .find(|param| matches!(&param.pattern, Pattern::Bind(name, ..) if name == object));
                if func.receiver.as_ref() == Some(object) {
                    seen.kept.push((field, value));
                    seen.put.extend(func.owner.as_ref().map(|owner| (owner, field)));
                } else if let Some(param) = param {
                    seen.put.push((param.ty.peeled(), field));
                }
            }
            _ => {}
        });
        seen
    }

    fn see(&mut self, expr: &'a Expr) {
        self.weight += 1;
        match &expr.kind {
            ExprKind::Global(symbol) => {
                self.globals.insert(symbol.as_str());
            }
            ExprKind::Member { name, .. } => {
                self.members.insert(name);
            }
            ExprKind::Construct { ty: Some(ty), fields, .. } => {
                self.types.push(ty);
                self.made.push(ty);
                let names = fields.iter().filter_map(|field| field.name.as_deref());
                self.put.extend(names.map(|name| (ty, name)));
            }
            ExprKind::Cast(ty, _) => {
                self.types.push(ty);
                self.made.push(ty);
            }
            ExprKind::Literal(Literal::Str(text)) => self.url |= text.contains("://"),
            ExprKind::Template(pieces) => {
                self.url |= pieces.iter().any(|piece| matches!(piece, Piece::Text(text, _) if text.contains("://")));
            }
            ExprKind::Matches(Pattern::Typed(ty, _), _) => self.types.push(ty),
            ExprKind::Lambda(lambda) => self.types.extend(lambda.params.iter().map(|param| &param.ty)),
            _ => {}
        }
    }
}

/// The variable and the field of it that a place is.
fn field_of(place: &Expr) -> Option<(&Arc<str>, &str)> {
    let ExprKind::Member { base, name, .. } = &place.kind else { return None };
    match &base.kind {
        ExprKind::Local(local) => Some((local, name)),
        _ => None,
    }
}
