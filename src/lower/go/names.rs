//! Which name means what: scopes, names of the package, names of the language.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::imports::Imports;
use crate::model::ir::{Symbol, Type};

/// Functions that the language declares itself.
const BUILTINS: [&str; 18] = [
    "append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new",
    "panic", "print", "println", "real", "recover",
];

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    package: Symbol,
    pub(super) imports: Imports,
    /// What this file declares in its package. Other files of the package may declare more.
    declared: BTreeMap<Arc<str>, Declared>,
    scopes: Vec<BTreeMap<Arc<str>, Local>>,
}

/// What a name of the package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Declared {
    Type,
    Function,
    Value,
}

/// What a name of a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// A variable, constant or parameter.
    Variable,
    /// A variable that is known to be a channel.
    Channel,
    /// A type declared in a function.
    Type(Symbol),
    /// A type parameter.
    Parameter,
}

/// What an identifier stands for where a value is meant.
pub(super) enum Meaning {
    Local(Arc<str>),
    Global(Symbol),
}

impl Names {
    pub(super) fn new(package: Symbol) -> Self {
        Self { package, imports: Imports::default(), declared: BTreeMap::new(), scopes: Vec::new() }
    }

    pub(super) const fn package(&self) -> &Symbol {
        &self.package
    }

    /// A name of the package.
    pub(super) fn declare_global(&mut self, name: &str, what: Declared) {
        self.declared.insert(Arc::from(name), what);
    }

    pub(super) fn push_scope(&mut self) {
        self.scopes.push(BTreeMap::new());
    }

    pub(super) fn pop_scope(&mut self) {
        self.scopes.pop();
    }

    /// A new name in the scope that is open.
    pub(super) fn declare(&mut self, name: &Arc<str>, what: Local) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(Arc::clone(name), what);
        }
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// Whether a name is a variable of the function.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        matches!(self.local(name), Some(Local::Variable | Local::Channel))
    }

    /// Whether a name is a variable that holds a channel.
    pub(super) fn is_channel(&self, name: &str) -> bool {
        self.local(name) == Some(&Local::Channel)
    }

    /// The import path that a qualifier stands for. Variables hide packages.
    pub(super) fn imported(&self, name: &str) -> Option<&str> {
        if self.local(name).is_some() || self.declared.contains_key(name) {
            return None;
        }
        self.imports.path(name)
    }

    /// What a name without a qualifier stands for where a value is meant.
    pub(super) fn value(&self, name: &str) -> Meaning {
        match self.local(name) {
            Some(Local::Variable | Local::Channel) => Meaning::Local(Arc::from(name)),
            Some(Local::Type(symbol)) => Meaning::Global(symbol.clone()),
            Some(Local::Parameter) | None => Meaning::Global(self.global(name)),
        }
    }

    /// A name that no function declares.
    fn global(&self, name: &str) -> Symbol {
        if self.declared.contains_key(name) {
            return self.package.join(name);
        }
        if BUILTINS.contains(&name) {
            return Symbol::new(format!("builtin::{name}"));
        }
        match self.imports.dotted() {
            Some(path) if name.starts_with(char::is_uppercase) => Symbol::new(format!("{path}::{name}")),
            _ => self.package.join(name),
        }
    }

    /// What this file declares under a name, unless a function hides it.
    pub(super) fn declared(&self, name: &str) -> Option<Declared> {
        if self.local(name).is_some() { None } else { self.declared.get(name).copied() }
    }

    /// What a name without a qualifier stands for where a type is meant.
    pub(super) fn ty(&self, name: &str) -> Type {
        match self.local(name) {
            Some(Local::Type(symbol)) => return Type::Named(symbol.clone(), Vec::new()),
            Some(Local::Parameter) => return Type::Parameter(Arc::from(name)),
            // A type and a variable cannot both be seen; `user := user{}` is over by now.
            Some(Local::Variable | Local::Channel) | None => {}
        }
        let hidden = self.declared.contains_key(name);
        predeclared(name).filter(|_| !hidden).unwrap_or_else(|| Type::Named(self.global(name), Vec::new()))
    }

    /// Whether a name is known to be a type. Types of other files of the package are not known.
    pub(super) fn is_type(&self, name: &str) -> bool {
        match (self.local(name), self.declared.get(name)) {
            (Some(local), _) => matches!(local, Local::Type(_) | Local::Parameter),
            (None, Some(declared)) => *declared == Declared::Type,
            (None, None) => predeclared(name).is_some(),
        }
    }
}

/// Types that the language declares itself. A rune is written as text and nearly always put into
/// text, so it is text of one character.
fn predeclared(name: &str) -> Option<Type> {
    Some(match name {
        "string" | "rune" => Type::Str,
        "bool" => Type::Bool,
        "error" => Type::Named(Symbol::new("builtin::error"), Vec::new()),
        "any" => Type::Dynamic,
        "byte" | "int" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16" | "uint32" | "uint64"
        | "uintptr" | "float32" | "float64" | "complex64" | "complex128" => Type::Number,
        _ => return None,
    })
}

/// Whether a type is the `error` of the language.
pub(super) fn is_error(ty: &Type) -> bool {
    ty.symbol().is_some_and(|symbol| symbol.as_str() == "builtin::error")
}
