//! Which name means what: scopes, members of the classes that are open, types of the file, imports.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::imports::Imports;
use super::known;
use crate::model::ir::Symbol;

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    pub(super) package: Symbol,
    pub(super) imports: Imports,
    /// Types that the file declares outside of all others.
    pub(super) top_types: BTreeSet<Arc<str>>,
    /// Types of the file by their symbols.
    pub(super) types: BTreeMap<Symbol, Members>,
    /// Types whose bodies are open, innermost last.
    classes: Vec<Symbol>,
    scopes: Vec<BTreeMap<Arc<str>, Local>>,
}

/// What is known of a type before its body is lowered.
#[derive(Default)]
pub(super) struct Members {
    /// Types declared in it.
    pub(super) types: BTreeSet<Arc<str>>,
    /// Fields: whether they are static.
    pub(super) fields: BTreeMap<Arc<str>, bool>,
    /// Methods: whether they are static.
    pub(super) methods: BTreeMap<Arc<str>, bool>,
    /// Whether it extends or implements anything: it may have more members.
    pub(super) inherits: bool,
}

/// What a name of a function is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// A variable or parameter.
    Variable,
    /// A type declared in a function.
    Type(Symbol),
    /// A type parameter.
    Parameter,
}

/// What a simple name stands for where a value is meant.
pub(super) enum Meaning {
    /// A variable.
    Local(Arc<str>),
    /// A field or method of an object whose class is open: of `this`, or of an outer one of this type.
    Own(Option<Symbol>),
    /// A static member, or a type.
    Global(Symbol),
}

impl Default for Names {
    fn default() -> Self {
        Self {
            package: Symbol::new(""),
            imports: Imports::default(),
            top_types: BTreeSet::new(),
            types: BTreeMap::new(),
            classes: Vec::new(),
            scopes: Vec::new(),
        }
    }
}

/// A name in a package, which may be the one without a name.
pub(super) fn within(package: &Symbol, name: &str) -> Symbol {
    if package.as_str().is_empty() { Symbol::new(name) } else { package.join(name) }
}

impl Names {
    /// A name in the package of the file.
    pub(super) fn own(&self, name: &str) -> Symbol {
        within(&self.package, name)
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

    pub(super) fn open(&mut self, class: Symbol) {
        self.classes.push(class);
    }

    pub(super) fn close(&mut self) {
        self.classes.pop();
    }

    /// The type whose body is open.
    pub(super) fn class(&self) -> Option<&Symbol> {
        self.classes.last()
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// Whether a name is a variable of the function.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.local(name) == Some(&Local::Variable)
    }

    /// Classes whose bodies are open, innermost first, with what is known of them.
    fn open_classes(&self) -> impl Iterator<Item = (&Symbol, &Members)> {
        self.classes.iter().rev().filter_map(|class| Some((class, self.types.get(class)?)))
    }

    /// A member of an open class that the file declares. Without an object, so static or of `this`.
    fn open_member(&self, name: &str, of: impl Fn(&Members) -> Option<bool>) -> Option<Meaning> {
        let (class, is_static) = self.open_classes().find_map(|(class, members)| Some((class, of(members)?)))?;
        if is_static {
            return Some(Meaning::Global(class.join(name)));
        }
        let is_own = self.class() == Some(class);
        Some(Meaning::Own((!is_own).then(|| class.clone())))
    }

    /// Whether a simple name is a field that the file declares, or imported.
    pub(super) fn is_member(&self, name: &str) -> bool {
        self.imports.member(name).is_some()
            || self.open_member(name, |members| members.fields.get(name).copied()).is_some()
    }

    /// What a simple name stands for where a value is meant: variable, field, constant or type.
    pub(super) fn value(&self, name: &str) -> Meaning {
        match self.local(name) {
            Some(Local::Variable) => return Meaning::Local(Arc::from(name)),
            Some(Local::Type(symbol)) => return Meaning::Global(symbol.clone()),
            Some(Local::Parameter) | None => {}
        }
        if let Some(field) = self.open_member(name, |members| members.fields.get(name).copied()) {
            return field;
        }
        if let Some(symbol) = self.imports.member(name) {
            return Meaning::Global(symbol.clone());
        }
        if let Some(symbol) = self.declared_type(name) {
            return Meaning::Global(symbol);
        }
        if is_type_name(name) {
            return Meaning::Global(self.type_symbol(name));
        }
        match self.inheriting() {
            // Constants are inherited from interfaces as well.
            Some(class) if is_constant_name(name) => Meaning::Global(class.join(name)),
            Some(_) if !self.imports.all_members => Meaning::Own(None),
            _ => Meaning::Global(self.own(name)),
        }
    }

    /// What a simple name stands for that is called.
    pub(super) fn function(&self, name: &str) -> Meaning {
        if let Some(method) = self.open_member(name, |members| members.methods.get(name).copied()) {
            return method;
        }
        if let Some(symbol) = self.imports.member(name) {
            return Meaning::Global(symbol.clone());
        }
        match self.inheriting() {
            Some(_) if !self.imports.all_members => Meaning::Own(None),
            _ if self.imports.all_members => Meaning::Global(self.own(name)),
            _ => Meaning::Own(None),
        }
    }

    /// The innermost open class, if it may have members that the file does not show.
    fn inheriting(&self) -> Option<&Symbol> {
        let class = self.class()?;
        self.open_classes().any(|(_, members)| members.inherits).then_some(class)
    }

    /// A type that the file declares or imports by its simple name.
    pub(super) fn declared_type(&self, name: &str) -> Option<Symbol> {
        if let Some(Local::Type(symbol)) = self.local(name) {
            return Some(symbol.clone());
        }
        if let Some((class, _)) = self.open_classes().find(|(_, members)| members.types.contains(name)) {
            return Some(class.join(name));
        }
        if let Some(class) = self.classes.iter().rev().find(|class| class.name() == name) {
            return Some(class.clone());
        }
        if self.top_types.contains(name) {
            return Some(self.own(name));
        }
        self.imports.ty(name)
    }

    /// The canonical name of a type by its simple name.
    pub(super) fn type_symbol(&self, name: &str) -> Symbol {
        self.declared_type(name).or_else(|| known::language(name)).unwrap_or_else(|| self.own(name))
    }

    /// Whether a simple name is a type parameter here.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.local(name) == Some(&Local::Parameter)
    }

    /// The canonical name that a name with dots has as a type or a member of one, unless it begins with
    /// a value.
    pub(super) fn qualified(&self, parts: &[&str]) -> Option<Symbol> {
        let (first, rest) = parts.split_first()?;
        let is_value = self.is_variable(first)
            || self.open_member(first, |members| members.fields.get(*first).copied()).is_some()
            || self.imports.member(first).is_some_and(|_| !is_type_name(first));
        if is_value {
            return None;
        }
        let is_type = self.declared_type(first).is_some() || is_type_name(first) || known::language(first).is_some();
        let symbol = if is_type {
            self.type_symbol(first)
        } else if rest.iter().any(|part| is_type_name(part)) && starts_small(first) {
            Symbol::new(first)
        } else {
            return None;
        };
        Some(rest.iter().fold(symbol, |symbol, part| symbol.join(part)))
    }

    /// Whether the file declares a method as static; `None` if it does not know the type or the method.
    pub(super) fn is_static_method(&self, ty: &Symbol, name: &str) -> Option<bool> {
        self.types.get(ty)?.methods.get(name).copied()
    }
}

fn starts_small(name: &str) -> bool {
    name.starts_with(|first: char| first.is_lowercase())
}

/// Whether a name is written as types are: `HttpClient`. A type such as `URL` has to be imported.
pub(super) fn is_type_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && (name.contains(char::is_lowercase) || name.len() == 1)
}

/// Whether a name is written as constants are: `BASE_URL`.
pub(super) fn is_constant_name(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && !name.contains(char::is_lowercase)
}
