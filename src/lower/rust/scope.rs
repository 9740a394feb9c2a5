//! Names of one file: what is declared, what is imported, and what a path stands for.
//!
//! A file is resolved alone. A name that comes from another file keeps the path it was reached by;
//! the aliases of that file's module say where it really is.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use syn::{Item, ItemType, UseTree};

use super::{item_macros, std_names};
use crate::model::ir::Symbol;

/// A scope of a [`Scopes`].
pub(super) type ScopeId = usize;

/// The three worlds in which Rust keeps names apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Namespace {
    /// Types, traits and modules.
    Type,
    /// Functions, constants, statics, unit and tuple constructors.
    Value,
    /// Macros and attributes.
    Macro,
}

/// How deep imports may lead through each other.
const MAX_STEPS: u8 = 24;

/// A path as written: its segments, and whether it starts with `::`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NamePath {
    /// The identifiers, raw ones without `r#`.
    pub(super) segments: Vec<String>,
    /// Starts at the names of crates.
    pub(super) absolute: bool,
}

/// A module, or a block with items of its own.
#[derive(Debug)]
struct Scope {
    /// The module's name; for a block, the function's.
    name: Symbol,
    /// The enclosing scope of a block, or the parent of a module.
    parent: Option<ScopeId>,
    /// Whether names of the parent are not seen from here.
    module: bool,
    declared: BTreeMap<String, BTreeSet<Namespace>>,
    imports: BTreeMap<String, NamePath>,
    globs: Vec<NamePath>,
}

/// How a name is looked for.
#[derive(Clone, Copy)]
struct Walk<'n> {
    /// The import whose path is being followed: it cannot mean itself.
    through: Option<&'n str>,
    /// Whether globs are looked into.
    globs: bool,
    /// Imports that may still be followed.
    steps: u8,
}

impl Walk<'_> {
    /// One import further; none if they go round in circles.
    fn next(self) -> Option<Self> {
        Some(Walk { steps: self.steps.checked_sub(1)?, ..self })
    }
}

/// All scopes of a file.
pub(super) struct Scopes {
    root: Symbol,
    all: Vec<Scope>,
    modules: BTreeMap<Symbol, ScopeId>,
    variants: BTreeMap<Symbol, BTreeSet<String>>,
    aliases: BTreeMap<Symbol, (Rc<ItemType>, ScopeId)>,
}

/// The text of an identifier; a raw one without `r#`.
pub(super) fn text(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or_else(|| text.clone(), str::to_owned)
}

/// The segments of a path.
pub(super) fn segments(path: &syn::Path) -> NamePath {
    NamePath {
        segments: path.segments.iter().map(|segment| text(&segment.ident)).collect(),
        absolute: path.leading_colon.is_some(),
    }
}

impl Scopes {
    /// The scopes of a file: its own module is scope 0.
    pub(super) fn new(root: Symbol, module: &Symbol) -> Self {
        let mut scopes = Self {
            root,
            all: Vec::new(),
            modules: BTreeMap::new(),
            variants: BTreeMap::new(),
            aliases: BTreeMap::new(),
        };
        scopes.module(module, None);
        scopes
    }

    /// The name of the module or function that a scope belongs to.
    pub(super) fn name(&self, scope: ScopeId) -> &Symbol {
        self.all.get(scope).map_or(&self.root, |scope| &scope.name)
    }

    /// The module around a scope.
    pub(super) fn enclosing_module(&self, scope: ScopeId) -> &Symbol {
        let mut at = scope;
        while let Some(scope) = self.all.get(at) {
            match scope.parent {
                Some(parent) if !scope.module => at = parent,
                _ => break,
            }
        }
        self.name(at)
    }

    /// The scope of a module of this file.
    pub(super) fn find_module(&self, name: &Symbol) -> Option<ScopeId> {
        self.modules.get(name).copied()
    }

    /// The declaration of a type alias of this file, and the scope it stands in.
    pub(super) fn alias(&self, name: &Symbol) -> Option<(Rc<ItemType>, ScopeId)> {
        self.aliases.get(name).cloned()
    }

    fn module(&mut self, name: &Symbol, parent: Option<ScopeId>) -> ScopeId {
        if let Some(known) = self.find_module(name) {
            return known;
        }
        let id = self.push(name.clone(), parent, true);
        self.modules.insert(name.clone(), id);
        id
    }

    fn push(&mut self, name: Symbol, parent: Option<ScopeId>, module: bool) -> ScopeId {
        let (declared, imports) = (BTreeMap::new(), BTreeMap::new());
        self.all.push(Scope { name, parent, module, declared, imports, globs: Vec::new() });
        self.all.len() - 1
    }

    /// A scope for the items of a block.
    pub(super) fn block<'i>(
        &mut self,
        name: Symbol,
        parent: ScopeId,
        items: impl Iterator<Item = &'i Item>,
    ) -> ScopeId {
        let id = self.push(name, Some(parent), false);
        self.declare(id, items);
        id
    }

    /// Enters items, and inline modules with theirs, into a scope.
    pub(super) fn declare<'i>(&mut self, scope: ScopeId, items: impl Iterator<Item = &'i Item>) {
        for item in items {
            self.declare_item(scope, item);
        }
    }

    fn declare_item(&mut self, scope: ScopeId, item: &Item) {
        use Namespace::{Macro, Type, Value};
        match item {
            Item::Const(item) => self.add(scope, &item.ident, &[Value]),
            Item::Static(item) => self.add(scope, &item.ident, &[Value]),
            Item::Fn(item) => self.add(scope, &item.sig.ident, &[Value]),
            Item::Struct(item) => self.add(scope, &item.ident, &[Type, Value]),
            Item::Union(item) => self.add(scope, &item.ident, &[Type]),
            Item::Trait(item) => self.add(scope, &item.ident, &[Type]),
            Item::TraitAlias(item) => self.add(scope, &item.ident, &[Type]),
            Item::Macro(item) => {
                if let Some(ident) = &item.ident {
                    self.add(scope, ident, &[Macro]);
                }
                for ident in item_macros::declared_statics(&item.mac) {
                    self.add(scope, &ident, &[Value]);
                }
            }
            Item::Enum(item) => {
                self.add(scope, &item.ident, &[Type]);
                let variants = item.variants.iter().map(|variant| text(&variant.ident)).collect();
                self.variants.insert(self.name(scope).join(&text(&item.ident)), variants);
            }
            Item::Type(item) => {
                self.add(scope, &item.ident, &[Type]);
                let name = self.name(scope).join(&text(&item.ident));
                self.aliases.insert(name, (Rc::new(item.clone()), scope));
            }
            Item::Mod(item) => {
                self.add(scope, &item.ident, &[Type]);
                let name = self.name(scope).join(&text(&item.ident));
                if let Some((_, items)) = &item.content {
                    let inner = self.module(&name, Some(scope));
                    self.declare(inner, items.iter());
                }
            }
            Item::ExternCrate(item) => {
                let name = item.rename.as_ref().map_or(&item.ident, |(_, rename)| rename);
                let target = NamePath { segments: vec![text(&item.ident)], absolute: item.ident != "self" };
                self.import(scope, text(name), target);
            }
            Item::Use(item) => {
                for (name, path) in leaves(item) {
                    match name {
                        Some(name) => self.import(scope, name, path),
                        None => self.glob(scope, path),
                    }
                }
            }
            Item::ForeignMod(item) => {
                for item in &item.items {
                    if let syn::ForeignItem::Fn(item) = item {
                        self.add(scope, &item.sig.ident, &[Value]);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, scope: ScopeId, ident: &proc_macro2::Ident, namespaces: &[Namespace]) {
        let Some(scope) = self.all.get_mut(scope) else { return };
        scope.declared.entry(text(ident)).or_default().extend(namespaces);
    }

    fn import(&mut self, scope: ScopeId, name: String, path: NamePath) {
        if let Some(scope) = self.all.get_mut(scope) {
            scope.imports.entry(name).or_insert(path);
        }
    }

    fn glob(&mut self, scope: ScopeId, path: NamePath) {
        if let Some(scope) = self.all.get_mut(scope) {
            scope.globs.push(path);
        }
    }

    /// What a path stands for, seen from a scope.
    pub(super) fn resolve(&self, scope: ScopeId, path: &NamePath, namespace: Namespace) -> Symbol {
        self.resolve_at(scope, path, namespace, Walk { through: None, globs: true, steps: MAX_STEPS })
    }

    fn resolve_at(&self, scope: ScopeId, path: &NamePath, namespace: Namespace, walk: Walk<'_>) -> Symbol {
        let Some((first, mut rest)) = path.segments.split_first() else { return self.enclosing_module(scope).clone() };
        let mut at = match first.as_str() {
            _ if path.absolute => Symbol::new(first),
            "crate" | "$crate" => self.root.clone(),
            "self" => self.enclosing_module(scope).clone(),
            "super" => parent(self.enclosing_module(scope)),
            _ if rest.is_empty() => self.first(scope, first, namespace, true, walk),
            _ => self.first(scope, first, Namespace::Type, false, walk),
        };
        while let Some((segment, after)) = rest.split_first() {
            let namespace = if after.is_empty() { namespace } else { Namespace::Type };
            at = match (segment.as_str(), self.find_module(&at)) {
                ("super", _) => parent(&at),
                ("self", _) => at,
                (_, Some(module)) => self.member(module, segment, namespace, walk).unwrap_or_else(|| at.join(segment)),
                (_, None) => self.through_alias(at, walk).join(segment),
            };
            rest = after;
        }
        std_names::canonical(at)
    }

    /// The first segment of a path that starts with an ordinary name.
    fn first(&self, scope: ScopeId, name: &str, namespace: Namespace, alone: bool, walk: Walk<'_>) -> Symbol {
        if let Some(found) = self.lookup(scope, name, namespace, walk) {
            return found;
        }
        if let Some(known) = std_names::prelude(name, namespace) {
            return Symbol::new(known);
        }
        // What no name of this file explains, in a path, is a crate: `serde_json::from_str`.
        let is_crate = !alone && !name.starts_with(char::is_uppercase);
        if is_crate || walk.through.is_some() || !walk.globs {
            return Symbol::new(name);
        }
        match (self.only_glob(scope, walk), namespace) {
            (Some(module), _) => module.join(name),
            // Macros and attributes come from preludes that are not seen here.
            (None, Namespace::Macro) => Symbol::new(name),
            (None, _) => self.enclosing_module(scope).join(name),
        }
    }

    /// A name as seen from a scope, if this file says where it comes from.
    fn lookup(&self, scope: ScopeId, name: &str, namespace: Namespace, walk: Walk<'_>) -> Option<Symbol> {
        let mut at = scope;
        let mut walk = walk;
        loop {
            if let Some(found) = self.member(at, name, namespace, walk) {
                return Some(found);
            }
            let here = self.all.get(at)?;
            if here.module {
                return None;
            }
            at = here.parent?;
            walk.through = None;
        }
    }

    /// A name of a module or block itself: declared, imported, or from a glob of this file.
    fn member(&self, scope: ScopeId, name: &str, namespace: Namespace, walk: Walk<'_>) -> Option<Symbol> {
        if let Some(own) = self.own(scope, name, namespace, walk) {
            return Some(own);
        }
        if !walk.globs {
            return None;
        }
        // Globs may go round in circles: `use super::*` in a child whose parent has `use child::*`.
        let mut seen = BTreeSet::from([scope]);
        let mut open = vec![scope];
        while let Some(here) = open.pop() {
            for target in self.globs(here, walk) {
                if let Some(module) = self.find_module(&target) {
                    if !seen.insert(module) {
                        continue;
                    }
                    if let Some(found) = self.own(module, name, namespace, walk.next()?) {
                        return Some(found);
                    }
                    open.push(module);
                } else if self.variants.get(&target).is_some_and(|variants| variants.contains(name)) {
                    return Some(target.join(name));
                }
            }
        }
        None
    }

    /// A name that a scope declares or imports by name.
    fn own(&self, scope: ScopeId, name: &str, namespace: Namespace, walk: Walk<'_>) -> Option<Symbol> {
        let here = self.all.get(scope)?;
        if here.declared.get(name).is_some_and(|known| known.contains(&namespace)) {
            return Some(here.name.join(name));
        }
        let (import, path) = here.imports.get_key_value(name)?;
        if walk.through == Some(name) {
            return None;
        }
        Some(self.resolve_at(scope, path, namespace, Walk { through: Some(import), ..walk.next()? }))
    }

    /// The modules and enums that a scope takes all names from. Their own paths are not looked up
    /// through globs: that would never end.
    fn globs(&self, scope: ScopeId, walk: Walk<'_>) -> Vec<Symbol> {
        let (Some(here), Some(walk)) = (self.all.get(scope), walk.next()) else { return Vec::new() };
        let walk = Walk { globs: false, through: None, ..walk };
        here.globs.iter().map(|glob| self.resolve_at(scope, glob, Namespace::Type, walk)).collect()
    }

    /// The module that a name must come from if nothing else explains it: the only glob of a
    /// module of this crate in another file, or else the only glob of another crate.
    fn only_glob(&self, scope: ScopeId, walk: Walk<'_>) -> Option<Symbol> {
        let (mut own, mut foreign) = (BTreeSet::new(), BTreeSet::new());
        let mut seen = BTreeSet::from([scope]);
        let mut open = vec![scope];
        while let Some(at) = open.pop() {
            for target in self.globs(at, walk) {
                match self.find_module(&target) {
                    Some(module) if seen.insert(module) => open.push(module),
                    Some(_) => {}
                    None if self.variants.contains_key(&target) => {}
                    None if self.is_own(&target) => drop(own.insert(target)),
                    None => drop(foreign.insert(target)),
                }
            }
            let outer = self.all.get(at).filter(|here| !here.module).and_then(|here| here.parent);
            open.extend(outer.filter(|outer| seen.insert(*outer)));
        }
        let mut candidates = if own.is_empty() { foreign } else { own }.into_iter();
        candidates.next().filter(|_| candidates.next().is_none())
    }

    /// Whether a name belongs to the crate of this file.
    fn is_own(&self, name: &Symbol) -> bool {
        let rest = name.as_str().strip_prefix(self.root.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }

    /// What a plain alias of this file stands for: `type Http = reqwest::Client; Http::new()`.
    fn through_alias(&self, name: Symbol, walk: Walk<'_>) -> Symbol {
        let (Some((alias, scope)), Some(walk)) = (self.aliases.get(&name), walk.next()) else { return name };
        match &*alias.ty {
            syn::Type::Path(path) if path.qself.is_none() => {
                self.resolve_at(*scope, &segments(&path.path), Namespace::Type, walk)
            }
            _ => name,
        }
    }
}

/// The parent of a module.
fn parent(module: &Symbol) -> Symbol {
    match module.parent() {
        "" => module.clone(),
        parent => Symbol::new(parent),
    }
}

/// The names that a `use` brings in, with their paths; a glob has no name.
pub(super) fn leaves(item: &syn::ItemUse) -> Vec<(Option<String>, NamePath)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), &item.tree)];
    while let Some((prefix, tree)) = open.pop() {
        let path = |last: Option<String>| NamePath {
            segments: prefix.iter().cloned().chain(last).collect(),
            absolute: item.leading_colon.is_some(),
        };
        match tree {
            UseTree::Path(tree) => open.push((path(Some(text(&tree.ident))).segments, &tree.tree)),
            UseTree::Group(group) => open.extend(group.items.iter().rev().map(|tree| (prefix.clone(), tree))),
            UseTree::Glob(_) => found.push((None, path(None))),
            UseTree::Name(tree) if tree.ident == "self" => found.push((prefix.last().cloned(), path(None))),
            UseTree::Name(tree) => found.push((Some(text(&tree.ident)), path(Some(text(&tree.ident))))),
            UseTree::Rename(tree) if tree.rename == "_" => {}
            UseTree::Rename(tree) if tree.ident == "self" => found.push((Some(text(&tree.rename)), path(None))),
            UseTree::Rename(tree) => found.push((Some(text(&tree.rename)), path(Some(text(&tree.ident))))),
        }
    }
    // `use self;` has no name to bring in.
    found.retain(|(name, path)| name.is_some() || !path.segments.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of `paths`, seen from `module` of a file that is `app::api`.
    fn resolved(code: &str, module: &str, paths: &[&str]) -> Vec<String> {
        let file = syn::parse_file(code).unwrap();
        let mut scopes = Scopes::new("app".into(), &"app::api".into());
        scopes.declare(0, file.items.iter());
        let scope = scopes.find_module(&module.into()).unwrap();
        let path = |path: &str| segments(&syn::parse_str(path).unwrap());
        paths.iter().map(|text| scopes.resolve(scope, &path(text), Namespace::Type).to_string()).collect()
    }

    #[test]
    fn imports_lead_to_full_names() {
        let code = "use reqwest::{self, header::{HeaderMap as Map, *}, Client};
            use crate::pb::{self, profile as proto}; use super::x; use self::y::z; extern crate serde_json as json;";
        let paths =
            ["Client", "reqwest::Url", "Map", "pb::A", "proto::B", "x::C", "z", "json::Value", "crate::q", "::c::d"];
        let full = [
            "reqwest::Client",
            "reqwest::Url",
            "reqwest::header::HeaderMap",
            "app::pb::A",
            "app::pb::profile::B",
            "app::x::C",
            "app::api::y::z",
            "serde_json::Value",
            "app::q",
            "c::d",
        ];
        assert_eq!(resolved(code, "app::api", &paths), full);
    }

    #[test]
    fn own_names_come_before_crates_and_the_prelude() {
        let code = "mod log; struct Vec; struct Here;";
        let full = ["app::api::log::x", "app::api::Vec", "app::api::Here", "std::string::String", "anyhow::Error"];
        assert_eq!(resolved(code, "app::api", &["log::x", "Vec", "Here", "String", "anyhow::Error"]), full);
    }

    #[test]
    fn a_glob_of_a_module_of_this_file_is_looked_into() {
        let code = "use reqwest::Client; struct A; enum Kind { Red } use Kind::*;
            mod tests { use super::*; mod deep { use super::super::*; } }";
        let full = ["reqwest::Client", "app::api::A", "app::api::Kind::Red"];
        assert_eq!(resolved(code, "app::api::tests", &["Client", "A", "Red"]), full);
        assert_eq!(resolved(code, "app::api::tests::deep", &["Client", "A", "Red"]), full);
    }

    #[test]
    fn an_unknown_name_comes_from_the_only_glob() {
        assert_eq!(resolved("use crate::pb::*; use other::*;", "app::api", &["Profile"]), ["app::pb::Profile"]);
        assert_eq!(resolved("use other::*;", "app::api", &["Profile"]), ["other::Profile"]);
        assert_eq!(resolved("use crate::a::*; use crate::b::*;", "app::api", &["Profile"]), ["app::api::Profile"]);
    }

    #[test]
    fn circles_end() {
        let code = "use a::b; use b::a; use c::*; use d::*; pub use self::m::*; pub use self::n::*;
            mod m { pub use super::*; pub use super::n::*; pub use super::zz::*; }
            mod n { pub use super::*; pub use super::m::*; pub use super::zz::*; }
            type X = Y; type Y = X;";
        for name in ["a", "b", "x::y", "Nowhere", "zz::Q", "X::new", "m::n::m::Nope"] {
            resolved(code, "app::api", &[name]);
        }
    }

    #[test]
    fn a_type_alias_is_followed_in_a_path() {
        let code = "type Http = reqwest::Client;";
        assert_eq!(resolved(code, "app::api", &["Http::new"]), ["reqwest::Client::new"]);
    }
}
