//! Which name means what: imports, names of the module, scopes of functions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::builtins::is_builtin;
use crate::model::ir::Symbol;

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    module: Symbol,
    globals: BTreeMap<Arc<str>, Known>,
    scopes: Vec<BTreeMap<Arc<str>, Known>>,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// A variable of a function.
    Local,
    /// A variable of the module, by its canonical name.
    Global(Symbol),
    /// Something imported: a module, or what a module declares.
    Imported(Symbol),
    /// A function of the module.
    Function(Symbol),
    /// A class declared here.
    Class(Symbol),
    /// A type parameter.
    Parameter,
}

impl Names {
    pub(super) const fn new(module: Symbol) -> Self {
        Self { module, globals: BTreeMap::new(), scopes: Vec::new() }
    }

    /// Declares a name in the scope that is open: the module's if none is.
    pub(super) fn declare(&mut self, name: &str, known: Known) {
        let scope = self.scopes.last_mut().unwrap_or(&mut self.globals);
        scope.insert(Arc::from(name), known);
    }

    /// Declares a name of the module, unless it is known already.
    pub(super) fn declare_global(&mut self, name: &str, known: Known) {
        self.globals.entry(Arc::from(name)).or_insert(known);
    }

    /// What the module declares under a name.
    pub(super) fn global(&self, name: &str) -> Option<&Known> {
        self.globals.get(name)
    }

    pub(super) fn push_scope(&mut self) {
        self.scopes.push(BTreeMap::new());
    }

    pub(super) fn pop_scope(&mut self) {
        self.scopes.pop();
    }

    /// Whether a name is declared in the innermost scope of a function.
    pub(super) fn is_own(&self, name: &str) -> bool {
        self.scopes.last().is_some_and(|scope| scope.contains_key(name))
    }

    /// What a name stands for; names that nothing declares are the module's, where a star import may
    /// have brought them.
    pub(super) fn get(&self, name: &str) -> Known {
        let found = self.scopes.iter().rev().find_map(|scope| scope.get(name)).or_else(|| self.globals.get(name));
        match found {
            Some(known) => known.clone(),
            None if is_builtin(name) => Known::Imported(Symbol::new(format!("builtins::{name}"))),
            None => Known::Global(self.module.join(name)),
        }
    }
}
