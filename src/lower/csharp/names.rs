//! Which name means what: scopes, members of the open types, types of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::Symbol;

/// The namespace of what stands in none, as C# itself calls it: `global::Name`.
pub(super) const GLOBAL: &str = "global";

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    /// What [`GLOBAL`] says.
    global: Symbol,
    /// Stands for what this file can see of other files in a namespace: `<Client.cs>`. Files of one
    /// namespace open different ones.
    file: String,
    /// Namespaces that are open, innermost last.
    namespaces: Vec<Symbol>,
    /// `using Name = A.B;`
    aliases: BTreeMap<Arc<str>, Symbol>,
    /// Types whose members and inner types are opened: `using static A.B;`
    statics: Vec<Symbol>,
    /// Namespaces that the file mentions, and all that they stand in.
    known: BTreeSet<Symbol>,
    /// Types that this file declares.
    types: BTreeSet<Symbol>,
    /// Members of these types. Partial classes may have more elsewhere, and bases bring their own.
    members: BTreeMap<Symbol, BTreeMap<Arc<str>, Member>>,
    /// Types that have members which this file does not show.
    unbounded: BTreeSet<Symbol>,
    /// Types that are open, innermost last.
    classes: Vec<Symbol>,
    scopes: Vec<BTreeMap<Arc<str>, Local>>,
}

/// What a member belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    /// Each object.
    Instance,
    /// The type.
    Static,
}

/// What a name of a function is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Local {
    /// A variable or parameter.
    Variable,
    /// A type parameter.
    Parameter,
}

/// What an identifier stands for where a value is meant.
pub(super) enum Meaning {
    /// A variable.
    Local,
    /// A member of the object whose method is open.
    Own,
    /// Anything that has a name in every file.
    Global(Symbol),
}

/// How an identifier is used: what it may be if no declaration tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// `name(..)`: a method.
    Called,
    /// `name.member`: most likely a type, if it starts like one.
    Qualifier,
    /// Any other.
    Value,
}

impl Names {
    pub(super) fn new(path: &str) -> Self {
        Self {
            global: Symbol::new(GLOBAL),
            file: format!("<{}>", path.rsplit('/').next().unwrap_or(path)),
            namespaces: Vec::new(),
            aliases: BTreeMap::new(),
            statics: Vec::new(),
            known: ["System", "Microsoft"].map(Symbol::new).into(),
            types: BTreeSet::new(),
            members: BTreeMap::new(),
            unbounded: BTreeSet::new(),
            classes: Vec::new(),
            scopes: Vec::new(),
        }
    }

    /// The innermost namespace that is open.
    pub(super) fn namespace(&self) -> &Symbol {
        self.namespaces.last().unwrap_or(&self.global)
    }

    /// What stands for all that can be seen here and that the file does not declare.
    pub(super) fn seen(&self) -> Symbol {
        self.seen_in(self.namespace())
    }

    /// The same in some namespace of the file.
    pub(super) fn seen_in(&self, namespace: &Symbol) -> Symbol {
        namespace.join(&self.file)
    }

    /// The namespace of a dotted name declared here: `namespace A.B` inside of `namespace C`.
    pub(super) fn nested(&self, path: &str) -> Symbol {
        match self.namespace() {
            outer if outer.as_str() == GLOBAL => Symbol::new(path),
            outer => outer.join(path),
        }
    }

    pub(super) fn open_namespace(&mut self, namespace: Symbol) {
        self.know(&namespace);
        self.namespaces.push(namespace);
    }

    pub(super) fn close_namespace(&mut self) {
        self.namespaces.pop();
    }

    /// Notes a namespace and all that it stands in.
    pub(super) fn know(&mut self, namespace: &Symbol) {
        let text = namespace.as_str();
        let outer = text.match_indices("::").filter_map(|(at, _)| text.get(..at));
        self.known.extend(outer.chain(std::iter::once(text)).map(Symbol::new));
    }

    /// The namespace that a name at the head of a path stands for: one beside an outer namespace, or
    /// one of the root.
    pub(super) fn namespace_of(&self, head: &str) -> Option<Symbol> {
        let mut outer = self.namespace().as_str();
        while !outer.is_empty() {
            let symbol = Symbol::new(format!("{outer}::{head}"));
            if self.known.contains(&symbol) {
                return Some(symbol);
            }
            outer = outer.rsplit_once("::").map_or("", |(parent, _)| parent);
        }
        let symbol = Symbol::new(head);
        self.known.contains(&symbol).then_some(symbol)
    }

    /// Whether a path of names is a namespace that the file mentions.
    pub(super) fn is_namespace(&self, path: &Symbol) -> bool {
        self.known.contains(path)
    }

    pub(super) fn alias(&mut self, name: &str, target: Symbol) {
        self.aliases.insert(Arc::from(name), target);
    }

    /// Whether this file declares a type of that name.
    pub(super) fn is_type(&self, symbol: &Symbol) -> bool {
        self.types.contains(symbol)
    }

    /// Whether a name is a static member of a type of this file.
    pub(super) fn is_static_member(&self, symbol: &Symbol) -> bool {
        let members = self.members.get(&Symbol::new(symbol.parent()));
        members.and_then(|members| members.get(symbol.name())) == Some(&Member::Static)
    }

    pub(super) fn open_static(&mut self, target: Symbol) {
        self.statics.push(target);
    }

    /// A type inside of one that is opened. Generated ones are called after the outer one:
    /// `CartServiceClient` of `CartService`.
    fn inside_static(&self, name: &str) -> Option<Symbol> {
        let is_inside = |outer: &&Symbol| name.len() > outer.name().len() && name.starts_with(outer.name());
        self.statics.iter().find(is_inside).map(|outer| outer.join(name))
    }

    /// What an alias of the file stands for.
    pub(super) fn aliased(&self, name: &str) -> Option<&Symbol> {
        self.aliases.get(name)
    }

    pub(super) fn declare_type(&mut self, symbol: &Symbol, unbounded: bool) {
        self.types.insert(symbol.clone());
        if unbounded {
            self.unbounded.insert(symbol.clone());
        }
    }

    pub(super) fn declare_member(&mut self, owner: &Symbol, name: &str, what: Member) {
        self.members.entry(owner.clone()).or_default().entry(Arc::from(name)).or_insert(what);
    }

    pub(super) fn open_type(&mut self, symbol: Symbol) {
        self.classes.push(symbol);
    }

    pub(super) fn close_type(&mut self) {
        self.classes.pop();
    }

    /// The innermost type that is open.
    pub(super) fn class(&self) -> Option<&Symbol> {
        self.classes.last()
    }

    /// The name of a type declared here.
    pub(super) fn own(&self, name: &str) -> Symbol {
        self.class().unwrap_or_else(|| self.namespace()).join(name)
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

    /// Whether a name is a type parameter.
    pub(super) fn is_parameter(&self, name: &str) -> bool {
        self.local(name) == Some(Local::Parameter)
    }

    /// Whether a name is a variable of the function.
    pub(super) fn is_variable(&self, name: &str) -> bool {
        self.local(name) == Some(Local::Variable)
    }

    /// What an identifier stands for.
    pub(super) fn meaning(&self, name: &str, used: Use) -> Meaning {
        if self.is_variable(name) {
            return Meaning::Local;
        }
        for (at, class) in self.classes.iter().enumerate().rev() {
            match self.members.get(class).and_then(|members| members.get(name)) {
                // An inner class sees static members of the outer ones only.
                Some(Member::Instance) if at + 1 == self.classes.len() => return Meaning::Own,
                Some(Member::Static) => return Meaning::Global(class.join(name)),
                Some(Member::Instance) | None => {}
            }
        }
        if let Some(symbol) = self.declared_type(name).or_else(|| self.aliases.get(name).cloned()) {
            return Meaning::Global(symbol);
        }
        let inherits = self.class().is_some_and(|class| self.unbounded.contains(class));
        let like_type = name.starts_with(char::is_uppercase);
        if inherits && (used != Use::Qualifier || !like_type) {
            return Meaning::Own;
        }
        Meaning::Global(self.seen().join(name))
    }

    /// A type that this file declares and that can be seen here.
    pub(super) fn declared_type(&self, name: &str) -> Option<Symbol> {
        for class in self.classes.iter().rev() {
            let inner = class.join(name);
            if self.types.contains(&inner) {
                return Some(inner);
            }
            if class.name() == name {
                return Some(class.clone());
            }
        }
        let mut namespace = self.namespace().as_str();
        while !namespace.is_empty() {
            let symbol = Symbol::new(format!("{namespace}::{name}"));
            if self.types.contains(&symbol) {
                return Some(symbol);
            }
            namespace = namespace.rsplit_once("::").map_or("", |(outer, _)| outer);
        }
        let symbol = Symbol::new(format!("{GLOBAL}::{name}"));
        self.types.contains(&symbol).then_some(symbol)
    }

    /// A type by its simple name: of this file, an alias, or one that the namespace's own aliases lead to.
    pub(super) fn ty(&self, name: &str) -> Symbol {
        self.declared_type(name)
            .or_else(|| self.aliases.get(name).cloned())
            .or_else(|| self.inside_static(name))
            .unwrap_or_else(|| self.seen().join(name))
    }
}
