//! Clients that a framework makes in one place and passes on in others: to the constructor of a type, or to
//! who asks by a name (.NET's `AddHttpClient`).

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::Interp;
use super::model::Inputs;
use crate::evaluate::CONSTRUCTOR;
use crate::evaluate::library::Kind;
use crate::evaluate::library::format::InjectedModel;
use crate::evaluate::origins::Origins;
use crate::evaluate::program::FuncId;
use crate::evaluate::value::{ObjectId, Value, What};
use crate::model::ir::{Func, Symbol, Type};

/// What is passed on, by who gets it.
#[derive(Debug, Default)]
pub(super) struct Injected {
    types: BTreeMap<Symbol, BTreeSet<ObjectId>>,
    names: BTreeMap<String, BTreeSet<ObjectId>>,
}

impl<'a> Interp<'a> {
    /// Notes who will be given what a call makes.
    pub(super) fn inject(&mut self, model: &InjectedModel, inputs: &Inputs<'_, 'a>) {
        let made: Vec<ObjectId> = inputs.made.into_iter().collect();
        let mut is_new = false;
        let types = inputs.site.type_args.iter().filter(|_| model.types).filter_map(Type::symbol);
        for symbol in types {
            let known = self.injected.types.entry(self.program.canonical(symbol)).or_default();
            is_new |= made.iter().filter(|id| known.insert(**id)).count() > 0;
        }
        if let Some(name) = model.name.as_ref().map(|port| inputs.get(port))
            && let Some(name) = name.as_fixed_text()
        {
            let known = self.injected.names.entry(name.to_owned()).or_default();
            is_new |= made.iter().filter(|id| known.insert(**id)).count() > 0;
        }
        self.learnt += usize::from(is_new);
    }

    /// What is given out by a name is made as it was set up.
    pub(super) fn obtain(&mut self, made: ObjectId, name: &Value) {
        let known = name.as_fixed_text().and_then(|name| self.injected.names.get(name));
        for set_up in known.into_iter().flatten() {
            self.objects.add_parent(made, *set_up);
        }
    }

    /// Whether a function is a constructor that something is passed on to.
    pub(super) fn is_injected(&self, id: FuncId) -> bool {
        let func = self.program.func(id);
        let owner = func.owner.as_ref().and_then(Type::symbol).filter(|_| func.symbol.name() == CONSTRUCTOR);
        owner.is_some_and(|owner| self.injected.types.contains_key(owner))
    }

    /// A parameter of a function that nobody calls: what is passed on to its constructor, else its type.
    pub(super) fn given_to(&self, func: &Func, ty: &Type) -> Value {
        let nothing = || Value::typed(ty.clone());
        let owner = func.owner.as_ref().and_then(Type::symbol).filter(|_| func.symbol.name() == CONSTRUCTOR);
        let Some(known) = owner.and_then(|owner| self.injected.types.get(owner)) else { return nothing() };
        let ty = self.program.expand(ty);
        let kind: Option<Kind> = self.library_type(&ty).and_then(|(_, model)| model.kind);
        let fits = |id: &&ObjectId| Some(self.objects.get(**id).kind) == kind;
        let mut all: Vec<What> = known.iter().filter(fits).map(|id| What::Object(*id)).collect();
        let what = match all.len() {
            0 => return nothing(),
            1 => all.swap_remove(0),
            _ => What::OneOf(Rc::new(all)),
        };
        Value { ty, what, origins: Origins::default() }
    }
}
