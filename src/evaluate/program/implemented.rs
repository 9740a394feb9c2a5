//! Which types stand behind a generated interface.

use super::{FuncId, Program};
use crate::model::ir::{Symbol, Type};

impl Program<'_> {
    /// Methods of all types that have those of an interface and take exactly what these take: services of two
    /// versions often have methods of the same names.
    pub(in crate::evaluate) fn exact_implementations(&self, interface: &Symbol) -> Vec<FuncId> {
        let mut found: Vec<FuncId> = Vec::new();
        for declared in self.methods(interface) {
            let all = self.implementations(interface, self.func(declared).symbol.name());
            let by_hand = all.iter().copied().filter(|id| !self.module_of(*id).generated);
            found.extend(by_hand.filter(|id| self.takes_the_same(declared, *id)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn takes_the_same(&self, declared: FuncId, own: FuncId) -> bool {
        let taken =
            |id: FuncId| -> Vec<Type> { self.func(id).params.iter().map(|param| self.expand(&param.ty)).collect() };
        taken(declared) == taken(own)
    }
}
