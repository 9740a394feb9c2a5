//! Functions of one name that differ in their parameters.

use super::{FuncId, Program};
use crate::model::ir::{Symbol, Type};
use crate::model::source::FileId;

/// How well an argument goes for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Types that have nothing to do with each other.
    Not,
    /// Nothing is known of one of them.
    Unknown,
    /// The argument is of a type that extends the parameter's.
    Extends,
    /// The same type.
    Same,
}

impl Program<'_> {
    /// Of the functions of one name the one that takes arguments of these types: first so many of them,
    /// then those whose types fit, then the one in the file of the call: extensions of a library's type that
    /// are private may have one name in several files.
    pub(in crate::evaluate) fn overload<'t>(
        &self,
        id: FuncId,
        given: impl ExactSizeIterator<Item = &'t Type>,
        from: Option<FileId>,
    ) -> FuncId {
        let Some(all) = self.overloads.get(self.func(id).symbol.as_str()) else { return id };
        let count = given.len();
        let takes = |id: &&FuncId| self.func(**id).params.len() == count && self.func(**id).body.is_some();
        if !all.iter().any(|id| takes(&id)) {
            return all.iter().find(|id| self.takes_by_default(**id, count)).copied().unwrap_or(id);
        }
        let mut candidates = all.iter().filter(takes);
        let (Some(first), more) = (candidates.next(), candidates.next()) else { return id };
        if more.is_none() {
            return *first;
        }
        let given: Vec<&Type> = given.collect();
        let rank = |id: &FuncId| -> (Fit, usize, bool) {
            let params = self.func(*id).params.iter().map(|param| &param.ty);
            let fits: Vec<Fit> = params.zip(&given).map(|(param, given)| self.fit(param, given)).collect();
            let same = fits.iter().filter(|fit| **fit >= Fit::Extends).count();
            let is_here = Some(self.module_of(*id).file) == from;
            (fits.into_iter().min().unwrap_or(Fit::Unknown).min(Fit::Unknown), same, is_here)
        };
        let own = if takes(&&id) { id } else { *first };
        let mut best = (own, rank(&own));
        for other in all.iter().filter(takes) {
            let rank = rank(other);
            if rank > best.1 {
                best = (*other, rank);
            }
        }
        best.0
    }

    /// Whether a function takes so many arguments, and the rest by default.
    fn takes_by_default(&self, id: FuncId, count: usize) -> bool {
        let func = self.func(id);
        let needed = func.params.iter().filter(|param| param.default.is_none() && !param.variadic).count();
        func.body.is_some() && (needed..=func.params.len()).contains(&count)
    }

    fn fit(&self, param: &Type, given: &Type) -> Fit {
        let (param, given) = (param.peeled(), given.peeled());
        match (param, given) {
            (Type::Unknown | Type::Dynamic | Type::Parameter(_), _) | (_, Type::Unknown | Type::Dynamic) => {
                Fit::Unknown
            }
            (Type::Named(param, _), Type::Named(given, _)) => self.fit_names(param, given),
            _ if std::mem::discriminant(param) == std::mem::discriminant(given) => Fit::Same,
            // A class may implement any list, and a function any interface.
            (Type::Named(..), Type::List(_) | Type::Map(_) | Type::Function(..)) => Fit::Unknown,
            (Type::List(_) | Type::Map(_) | Type::Function(..), Type::Named(..)) => Fit::Unknown,
            _ => Fit::Not,
        }
    }

    fn fit_names(&self, param: &Symbol, given: &Symbol) -> Fit {
        let (param, given) = (self.canonical(param), self.canonical(given));
        if param == given {
            return Fit::Same;
        }
        let above = self.ancestors(&given);
        if above.contains(&param) {
            return Fit::Extends;
        }
        // What a type of a library extends is not known here.
        let is_whole = above.iter().all(|symbol| self.type_def(symbol).is_some());
        if is_whole { Fit::Not } else { Fit::Unknown }
    }
}
