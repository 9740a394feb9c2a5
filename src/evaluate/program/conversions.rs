//! What makes a value of one type of one of another: `impl From<Draft> for Order`.

use super::{FuncId, Program};
use crate::model::ir::{Symbol, Type};

impl Program<'_> {
    pub(super) fn find_conversions(&mut self) {
        for (at, (_, func)) in (0..).zip(self.funcs.clone()) {
            let converts = func.implements.as_ref().is_some_and(|name| matches!(name.name(), "From" | "TryFrom"));
            let ([from], true, Some(into)) = (func.params.as_slice(), converts, &func.owner) else { continue };
            if let (Some(into), Some(from)) = (into.symbol(), self.expand(&from.ty).peeled().symbol()) {
                self.conversions.entry((self.canonical(into), from.clone())).or_insert(FuncId(at));
            }
        }
    }

    /// The function that makes a value of a type of one of another.
    pub(in crate::evaluate) fn conversion(&self, into: &Symbol, from: &Type) -> Option<FuncId> {
        if self.conversions.is_empty() {
            return None;
        }
        self.conversions.get(&(self.canonical(into), self.canonical(from.symbol()?))).copied()
    }

    /// The only function that makes a value of a type of another one, whatever that is.
    pub(in crate::evaluate) fn only_conversion(&self, into: &Symbol) -> Option<FuncId> {
        let into = self.canonical(into);
        let mut all = self.conversions.iter().filter(|((to, _), _)| *to == into).map(|(_, id)| *id);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }
}
