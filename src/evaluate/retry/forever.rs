//! Policies of a repository's own whose names say that they never give up: `Retry.indefinitely(..)`, `new RetryForever(..)`.

use super::Finder;
use super::decorated::named;
use super::names::NAMES;
use crate::model::ir::{Expr, ExprKind};
use crate::model::source::Span;
use crate::model::usage::{Bound, Location, Retry};

impl<'a> Finder<'_, 'a> {
    /// A call that makes such a policy. What makes one for others is named like it, and not looked at.
    pub(super) fn for_ever(&self, callee: &'a Expr, location: impl Fn(Span) -> Location) -> Option<Retry> {
        let carrier = policy(callee)?;
        // What a descriptor tells of is judged where it is used.
        if named(callee).is_some_and(|symbol| self.libraries.decides(symbol.as_str())) {
            return None;
        }
        let func = self.world.program.func(self.id);
        let is_maker = |name: &str| NAMES.is_endless(name);
        let owner = func.owner.as_ref().and_then(crate::model::ir::Type::symbol);
        let given = func.ret.peeled().symbol();
        if is_maker(func.symbol.name()) || owner.into_iter().chain(given).any(|ty| is_maker(ty.name())) {
            return None;
        }
        let seems = Some(carrier.clone());
        Some(Retry { seems, ..Retry::of_library(location(callee.span), carrier, Vec::new(), Bound::Unbounded) })
    }
}

/// The name of what makes a policy that never gives up: a function of a type or a constructor, if their names say that
/// something is repeated, and for ever.
pub(super) fn policy(callee: &Expr) -> Option<String> {
    let (name, ty) = match &callee.kind {
        ExprKind::Member { base, name, .. } => match &base.kind {
            ExprKind::Global(ty) => (&**name, ty.name()),
            _ => return None,
        },
        ExprKind::Global(symbol) => {
            (symbol.name(), symbol.parent().rsplit("::").next().filter(|_| symbol.parent() != "").unwrap_or_default())
        }
        _ => return None,
    };
    let is_policy = NAMES.is_endless(name)
        && !NAMES.is_local_method(name)
        && [name, ty].into_iter().any(|part| NAMES.sounds_like_retry(part))
        && ![name, ty].into_iter().any(|part| NAMES.sounds_like_ending(part));
    is_policy.then(|| name.to_owned())
}
