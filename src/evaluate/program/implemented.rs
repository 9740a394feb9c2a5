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

    /// Whether a method can be that of an interface, in languages where a type implements what it has the methods of: it
    /// takes as much, and gives the same.
    pub(super) fn can_be(&self, declared: FuncId, own: FuncId) -> bool {
        let (declared, own) = (self.func(declared), self.func(own));
        declared.params.len() == own.params.len() && self.may_be_same(&declared.ret, &own.ret)
    }

    fn may_be_same(&self, one: &Type, other: &Type) -> bool {
        let (one, other) = (self.expand(one), self.expand(other));
        match (one.peeled(), other.peeled()) {
            (Type::Unknown | Type::Dynamic | Type::Parameter(_), _)
            | (_, Type::Unknown | Type::Dynamic | Type::Parameter(_)) => true,
            (Type::Named(one, _), Type::Named(other, _)) => self.canonical(one) == self.canonical(other),
            (Type::Tuple(one), Type::Tuple(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| self.may_be_same(one, other))
            }
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }

    fn takes_the_same(&self, declared: FuncId, own: FuncId) -> bool {
        let taken =
            |id: FuncId| -> Vec<Type> { self.func(id).params.iter().map(|param| self.expand(&param.ty)).collect() };
        taken(declared) == taken(own)
    }
}
