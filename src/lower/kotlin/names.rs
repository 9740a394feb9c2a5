//! Which name means what: scopes, members of the open types, imports, declarations of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::Symbol;

/// Functions that every file, or every one with coroutines, can call: they are no members of anything.
const STANDARD: [&str; 50] = [
    "println",
    "print",
    "readln",
    "readLine",
    "listOf",
    "listOfNotNull",
    "mutableListOf",
    "arrayListOf",
    "setOf",
    "mutableSetOf",
    "hashSetOf",
    "mapOf",
    "mutableMapOf",
    "hashMapOf",
    "linkedMapOf",
    "emptyList",
    "emptyMap",
    "emptySet",
    "arrayOf",
    "byteArrayOf",
    "intArrayOf",
    "buildString",
    "buildMap",
    "lazy",
    "require",
    "requireNotNull",
    "check",
    "checkNotNull",
    "error",
    "maxOf",
    "minOf",
    "runBlocking",
    "launch",
    "async",
    "delay",
    "withContext",
    "coroutineScope",
    "supervisorScope",
    "withTimeout",
    "withTimeoutOrNull",
    "flowOf",
    "sequenceOf",
    "generateSequence",
    "runCatching",
    "suspendCoroutine",
    "thread",
    "synchronized",
    "repeat",
    "with",
    "measureTimeMillis",
];

/// The names that can be seen at a place of a file.
#[derive(Default)]
pub(super) struct Names {
    package: String,
    /// What is imported by name.
    imports: BTreeMap<Arc<str>, Symbol>,
    /// Types and objects that this file declares.
    types: BTreeSet<Symbol>,
    /// Functions and properties that this file declares outside of all types.
    declared: BTreeSet<Arc<str>>,
    members: BTreeMap<Symbol, BTreeMap<Arc<str>, Member>>,
    /// Types that have members which this file does not show.
    unbounded: BTreeSet<Symbol>,
    /// Types that are open, innermost last.
    classes: Vec<Class>,
    /// What the extension function that is open extends.
    extended: Option<Symbol>,
    scopes: Vec<BTreeMap<Arc<str>, Local>>,
}

/// A type that is open.
struct Class {
    symbol: Symbol,
    /// What its methods call their object; none in an object or companion.
    receiver: Option<Arc<str>>,
}

/// What a member belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// Each object of the type.
    Instance,
    /// The type: members of objects and companions.
    Static,
}

/// What a name of a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// A variable or parameter.
    Variable,
    /// A type parameter.
    Parameter,
    /// The receiver of a lambda.
    Receiver,
    /// The receiver of an extension function.
    Extended,
}

/// What an identifier stands for where a value is meant.
pub(super) enum Meaning {
    /// A variable.
    Local,
    /// A member of the object with this name.
    Member(Arc<str>),
    /// Anything that has a name in every file.
    Global(Symbol),
}

impl Names {
    pub(super) fn set_package(&mut self, package: String) {
        self.package = package;
    }

    pub(super) fn package(&self) -> Symbol {
        Symbol::new(&self.package)
    }

    /// A name of the package.
    pub(super) fn in_package(&self, name: &str) -> Symbol {
        if self.package.is_empty() { Symbol::new(name) } else { Symbol::new(format!("{}::{name}", self.package)) }
    }

    pub(super) fn import(&mut self, name: &str, target: Symbol) {
        self.imports.insert(Arc::from(name), target);
    }

    pub(super) fn imported(&self, name: &str) -> Option<&Symbol> {
        self.imports.get(name)
    }

    pub(super) fn declare_type(&mut self, symbol: &Symbol, unbounded: bool) {
        self.types.insert(symbol.clone());
        if unbounded {
            self.unbounded.insert(symbol.clone());
        }
    }

    pub(super) fn declare_global(&mut self, name: &str) {
        self.declared.insert(Arc::from(name));
    }

    pub(super) fn declare_member(&mut self, owner: &Symbol, name: &str, what: Member) {
        self.members.entry(owner.clone()).or_default().entry(Arc::from(name)).or_insert(what);
    }

    pub(super) fn open_type(&mut self, symbol: Symbol, receiver: Option<Arc<str>>) {
        self.classes.push(Class { symbol, receiver });
    }

    pub(super) fn close_type(&mut self) {
        self.classes.pop();
    }

    /// The innermost type that is open.
    pub(super) fn class(&self) -> Option<&Symbol> {
        self.classes.last().map(|class| &class.symbol)
    }

    /// The receiver of the methods of the innermost type.
    pub(super) fn receiver(&self) -> Option<Arc<str>> {
        self.classes.last().and_then(|class| class.receiver.clone())
    }

    /// The receiver of the open type with this simple name: `this@Outer`.
    pub(super) fn receiver_of(&self, name: &str) -> Option<Arc<str>> {
        let found = self.classes.iter().rev().find(|class| class.symbol.name() == name)?;
        found.receiver.clone()
    }

    /// The name of something declared here.
    pub(super) fn own(&self, name: &str) -> Symbol {
        self.class().map_or_else(|| self.in_package(name), |class| class.join(name))
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

    fn local(&self, name: &str) -> Option<Local> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name)).copied()
    }

    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.local(name) == Some(Local::Variable)
    }

    /// Whether a name is a type parameter.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.local(name) == Some(Local::Parameter)
    }

    /// Opens an extension function, or closes it with what was open before.
    pub(super) fn extend(&mut self, extended: Option<Symbol>) -> Option<Symbol> {
        std::mem::replace(&mut self.extended, extended)
    }

    /// What stands for `this`, if a lambda or extension function has one of its own.
    pub(super) fn has_receiver(&self) -> bool {
        matches!(self.local(super::THIS), Some(Local::Receiver | Local::Extended))
    }

    /// Whether a name that is set in a block is one of its receiver: it is no variable, and the receiver is
    /// a lambda's.
    pub(super) fn is_in_builder(&self, name: &str) -> bool {
        !self.is_variable(name) && self.local(super::THIS) == Some(Local::Receiver)
    }

    /// Whether a name is a member of an object or companion of this file.
    pub(super) fn is_static_member(&self, symbol: &Symbol) -> bool {
        let members = self.members.get(&Symbol::new(symbol.parent()));
        members.and_then(|members| members.get(symbol.name())) == Some(&Member::Static) && !self.types.contains(symbol)
    }

    /// What an identifier stands for. What nothing declares is a member of the nearest receiver that is
    /// not fully known, unless it looks like a type.
    pub(super) fn meaning(&self, name: &str) -> Meaning {
        if self.is_variable(name) {
            return Meaning::Local;
        }
        if let Some(member) = self.member(name) {
            return member;
        }
        if let Some(symbol) = self.declared_type(name) {
            return Meaning::Global(symbol);
        }
        if self.declared.contains(name) {
            return Meaning::Global(self.in_package(name));
        }
        let like_type = name.starts_with(char::is_uppercase);
        let receiver = self.local(super::THIS);
        if let Some(symbol) = self.imports.get(name) {
            // An imported extension function is called on the receiver; a function of the own code, or one
            // that begins a coroutine, stands for itself.
            let is_extension = match receiver {
                Some(Local::Receiver) => !self.is_standalone(symbol),
                Some(Local::Extended) => self.extended.as_ref().is_some_and(|it| it.parent() == symbol.parent()),
                _ => false,
            };
            if like_type || !is_extension {
                return Meaning::Global(symbol.clone());
            }
            return Meaning::Member(Arc::from(super::THIS));
        }
        if STANDARD.contains(&name) {
            return Meaning::Global(self.in_package(name));
        }
        if !like_type && self.has_receiver() {
            return Meaning::Member(Arc::from(super::THIS));
        }
        let inherits = self.class().is_some_and(|class| self.unbounded.contains(class));
        if let Some(receiver) = self.receiver().filter(|_| inherits && !like_type) {
            return Meaning::Member(receiver);
        }
        Meaning::Global(self.in_package(name))
    }

    /// A member of a type that is open.
    fn member(&self, name: &str) -> Option<Meaning> {
        for class in self.classes.iter().rev() {
            match (self.members.get(&class.symbol).and_then(|members| members.get(name)), &class.receiver) {
                (Some(Member::Instance), Some(receiver)) => return Some(Meaning::Member(Arc::clone(receiver))),
                (Some(Member::Static), _) => return Some(Meaning::Global(class.symbol.join(name))),
                (Some(Member::Instance), None) | (None, _) => {}
            }
        }
        None
    }

    /// Whether an imported function is no extension of whatever block it is called in: it comes from the
    /// same organisation as this file, or is of the language or its coroutines.
    fn is_standalone(&self, symbol: &Symbol) -> bool {
        let root = |text: &str| text.splitn(3, "::").take(2).map(str::to_owned).collect::<Vec<_>>();
        let text = symbol.as_str();
        text.starts_with("kotlin") || text.starts_with("java") || root(text) == root(&self.package)
    }

    /// A type that this file declares and that can be seen here.
    pub(super) fn declared_type(&self, name: &str) -> Option<Symbol> {
        for class in self.classes.iter().rev() {
            let inner = class.symbol.join(name);
            if self.types.contains(&inner) {
                return Some(inner);
            }
            if class.symbol.name() == name {
                return Some(class.symbol.clone());
            }
        }
        let symbol = self.in_package(name);
        self.types.contains(&symbol).then_some(symbol)
    }

    /// A type by its simple name.
    pub(super) fn ty(&self, name: &str) -> Symbol {
        self.declared_type(name).or_else(|| self.imports.get(name).cloned()).unwrap_or_else(|| self.in_package(name))
    }
}
