//! Which name means what: scopes, names of the module, names of the platform.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::{Symbol, Type};

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    /// What the module declares or imports.
    declared: BTreeMap<Arc<str>, Known>,
    scopes: Vec<BTreeMap<Arc<str>, Local>>,
    /// Names of types of the open scopes; none: a type parameter.
    types: Vec<BTreeMap<Arc<str>, Option<Symbol>>>,
    /// Schemas: constants that are types, too.
    pub(super) schemas: BTreeSet<Symbol>,
}

/// A name of the module.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    symbol: Symbol,
    /// Members of it are names of their own: packages, namespaces, classes, enums.
    has_names: bool,
}

/// A name of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Local {
    Variable,
    /// Another name of something that is not local.
    Symbol(Symbol, bool),
}

/// What an identifier stands for where a value is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A variable of a function.
    Local(Arc<str>),
    /// Anything else; and whether its members are names of their own.
    Global(Symbol, bool),
}

impl Names {
    pub(super) const fn new() -> Self {
        Self { declared: BTreeMap::new(), scopes: Vec::new(), types: Vec::new(), schemas: BTreeSet::new() }
    }

    /// A name of the scope that is open that stands for a symbol: an import, `const a = require("a")`.
    pub(super) fn name(&mut self, name: &str, symbol: Symbol, has_names: bool) {
        match self.scopes.last_mut() {
            Some(scope) => {
                scope.insert(Arc::from(name), Local::Symbol(symbol, has_names));
            }
            None => {
                self.declared.insert(Arc::from(name), Known { symbol, has_names });
            }
        }
    }

    pub(super) fn push_scope(&mut self) {
        self.scopes.push(BTreeMap::new());
        self.types.push(BTreeMap::new());
    }

    pub(super) fn pop_scope(&mut self) {
        self.scopes.pop();
        self.types.pop();
    }

    /// A new variable in the scope that is open.
    pub(super) fn declare(&mut self, name: &Arc<str>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(Arc::clone(name), Local::Variable);
        }
    }

    /// A type parameter, or a type of a function.
    pub(super) fn declare_type(&mut self, name: &str, symbol: Option<Symbol>) {
        if let Some(scope) = self.types.last_mut() {
            scope.insert(Arc::from(name), symbol);
        }
    }

    /// Whether the module itself, or a function, has a name.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.declared.contains_key(name) || self.scopes.iter().any(|scope| scope.contains_key(name))
    }

    /// What a name stands for where a value is meant. Names that nobody declares are the platform's.
    pub(super) fn value(&self, name: &str) -> Meaning {
        match self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
            Some(Local::Variable) => Meaning::Local(Arc::from(name)),
            Some(Local::Symbol(symbol, has_names)) => Meaning::Global(symbol.clone(), *has_names),
            None => match self.declared.get(name) {
                Some(known) => Meaning::Global(known.symbol.clone(), known.has_names),
                None => Meaning::Global(Symbol::new(name), true),
            },
        }
    }

    /// What a name stands for where a type is meant.
    pub(super) fn ty(&self, name: &str, args: Vec<Type>) -> Type {
        match self.types.iter().rev().find_map(|scope| scope.get(name)) {
            Some(Some(symbol)) => Type::Named(symbol.clone(), args),
            Some(None) => Type::Parameter(Arc::from(name)),
            None => match self.value(name) {
                Meaning::Global(symbol, _) => Type::Named(symbol, args),
                Meaning::Local(_) => Type::Unknown,
            },
        }
    }

    /// Whether a type's name is declared by nobody: the platform has it.
    pub(super) fn is_platform_type(&self, name: &str) -> bool {
        !self.declared.contains_key(name) && !self.types.iter().any(|scope| scope.contains_key(name))
    }
}
