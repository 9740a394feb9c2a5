//! The declarations of one unit of code, by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::{Alias, FieldDef, Func, Global, Module, Symbol, Type, TypeDef, TypeKind};

/// A function of a [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FuncId(pub(super) u32);

/// All declarations of modules that may know each other.
pub(super) struct Program<'a> {
    modules: Vec<&'a Module>,
    funcs: Vec<(&'a Module, &'a Func)>,
    by_symbol: BTreeMap<&'a str, FuncId>,
    /// Methods by the symbol of their type, then by name.
    methods: BTreeMap<&'a str, BTreeMap<&'a str, FuncId>>,
    types: BTreeMap<&'a str, (&'a Module, &'a TypeDef)>,
    globals: BTreeMap<&'a str, (&'a Module, &'a Global)>,
    aliases: BTreeMap<&'a str, &'a Type>,
    /// Modules whose names a module has too: `pub use target::*`.
    globs: BTreeMap<&'a str, Vec<&'a str>>,
    /// Types by the trait or interface that they implement by declaration.
    implementors: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// Chains of aliases and embedded types longer than this are cyclic or not written by people.
const MAX_CHAIN: usize = 16;

impl<'a> Program<'a> {
    pub(super) fn new(modules: Vec<&'a Module>) -> Self {
        let mut program = Self {
            modules,
            funcs: Vec::new(),
            by_symbol: BTreeMap::new(),
            methods: BTreeMap::new(),
            types: BTreeMap::new(),
            globals: BTreeMap::new(),
            aliases: BTreeMap::new(),
            globs: BTreeMap::new(),
            implementors: BTreeMap::new(),
        };
        for module in program.modules.clone() {
            program.declare(module);
        }
        program
    }

    fn declare(&mut self, module: &'a Module) {
        for ty in &module.types {
            self.types.entry(ty.symbol.as_str()).or_insert((module, ty));
        }
        for global in &module.globals {
            self.globals.entry(global.symbol.as_str()).or_insert((module, global));
        }
        for Alias { name, target } in &module.aliases {
            let glob = |text: &'a Symbol| text.as_str().strip_suffix("::*");
            if let (Some(module), Some(target)) = (glob(name), target.symbol().and_then(glob)) {
                self.globs.entry(module).or_default().push(target);
                continue;
            }
            self.aliases.entry(name.as_str()).or_insert(target);
        }
        for func in &module.funcs {
            let id = FuncId(u32::try_from(self.funcs.len()).unwrap_or(u32::MAX));
            self.funcs.push((module, func));
            // Of two functions with one name (build tags, cfg) the one with a body is the better one.
            let earlier = self.by_symbol.get(func.symbol.as_str()).copied();
            if earlier.is_none_or(|earlier| self.func(earlier).body.is_none()) {
                self.by_symbol.insert(func.symbol.as_str(), id);
            }
            let Some(owner) = func.owner.as_ref().and_then(Type::symbol) else { continue };
            let methods = self.methods.entry(owner.as_str()).or_default();
            match methods.get(func.symbol.name()) {
                Some(earlier) if self.funcs[earlier.0 as usize].1.body.is_some() => {}
                _ => {
                    methods.insert(func.symbol.name(), id);
                }
            }
            if let Some(implements) = &func.implements {
                self.implementors.entry(implements.as_str()).or_default().insert(owner.as_str());
            }
        }
    }

    pub(super) fn modules(&self) -> &[&'a Module] {
        &self.modules
    }

    pub(super) fn funcs(&self) -> impl Iterator<Item = (FuncId, &'a Module, &'a Func)> {
        self.funcs
            .iter()
            .enumerate()
            .map(|(at, (module, func))| (FuncId(u32::try_from(at).unwrap_or(u32::MAX)), *module, *func))
    }

    pub(super) fn func(&self, id: FuncId) -> &'a Func {
        self.funcs[id.0 as usize].1
    }

    pub(super) fn module_of(&self, id: FuncId) -> &'a Module {
        self.funcs[id.0 as usize].0
    }

    /// A function or associated function by its canonical name, through re-exports.
    pub(super) fn function(&self, symbol: &Symbol) -> Option<FuncId> {
        if let Some(id) = self.by_symbol.get(symbol.as_str()) {
            return Some(*id);
        }
        let symbol = self.resolve(symbol)?;
        self.by_symbol.get(symbol.as_str()).copied()
    }

    /// A method of a type, its own or of what it embeds.
    pub(super) fn method(&self, owner: &Symbol, name: &str) -> Option<FuncId> {
        self.method_within(owner, name, MAX_CHAIN)
    }

    fn method_within(&self, owner: &Symbol, name: &str, depth: usize) -> Option<FuncId> {
        let canonical = self.canonical(owner);
        if let Some(id) = self.methods.get(canonical.as_str()).and_then(|methods| methods.get(name)) {
            return Some(*id);
        }
        let (_, ty) = self.types.get(canonical.as_str())?;
        let depth = depth.checked_sub(1)?;
        ty.supertypes.iter().filter_map(Type::symbol).find_map(|parent| self.method_within(parent, name, depth))
    }

    /// Methods of that name of all types that may stand behind an interface.
    pub(super) fn implementations(&self, interface: &Symbol, name: &str) -> Vec<FuncId> {
        let canonical = self.canonical(interface);
        if let Some(owners) = self.implementors.get(canonical.as_str()) {
            let found = owners.iter().filter_map(|owner| self.methods.get(owner)?.get(name).copied());
            return found.filter(|id| self.func(*id).body.is_some()).collect();
        }
        // Go: a type implements an interface by having its methods.
        let Some(wanted) = self.methods.get(canonical.as_str()) else { return Vec::new() };
        self.methods
            .iter()
            .filter(|(owner, methods)| {
                **owner != canonical.as_str() && wanted.keys().all(|name| methods.contains_key(name))
            })
            .filter_map(|(_, methods)| methods.get(name).copied())
            .filter(|id| self.func(*id).body.is_some())
            .collect()
    }

    /// A declared type, through re-exports and aliases.
    pub(super) fn type_def(&self, symbol: &Symbol) -> Option<(&'a Module, &'a TypeDef)> {
        let canonical = self.canonical(symbol);
        self.types.get(canonical.as_str()).copied()
    }

    pub(super) fn is_interface(&self, symbol: &Symbol) -> bool {
        self.type_def(symbol).is_some_and(|(_, ty)| ty.kind == TypeKind::Interface)
    }

    /// A constant, static or package variable.
    pub(super) fn global(&self, symbol: &Symbol) -> Option<(&'a Module, &'a Global)> {
        if let Some(found) = self.globals.get(symbol.as_str()) {
            return Some(*found);
        }
        let symbol = self.resolve(symbol)?;
        self.globals.get(symbol.as_str()).copied()
    }

    /// The name that a type is really declared under.
    pub(super) fn canonical(&self, symbol: &Symbol) -> Symbol {
        if self.types.contains_key(symbol.as_str()) || self.methods.contains_key(symbol.as_str()) {
            return symbol.clone();
        }
        self.resolve(symbol).unwrap_or_else(|| symbol.clone())
    }

    /// What a re-exported or aliased name stands for; aliases of enclosing modules count too.
    fn resolve(&self, symbol: &Symbol) -> Option<Symbol> {
        let mut current = symbol.clone();
        for _ in 0..MAX_CHAIN {
            let Some(next) = self.resolve_once(&current) else { break };
            current = next;
        }
        (current != *symbol).then_some(current)
    }

    fn resolve_once(&self, symbol: &Symbol) -> Option<Symbol> {
        self.resolve_alias(symbol).or_else(|| self.resolve_glob(symbol))
    }

    /// A name that a module has by a glob import: `module::*` stands for `target::*`. It counts only
    /// where the target really declares the name.
    fn resolve_glob(&self, symbol: &Symbol) -> Option<Symbol> {
        let text = symbol.as_str();
        text.match_indices("::").find_map(|(cut, _)| {
            let (module, rest) = (text.get(..cut)?, text.get(cut..)?);
            let target = self.globs.get(module)?.iter().map(|target| Symbol::new(format!("{target}{rest}")));
            let declared = |symbol: &Symbol| {
                let name = symbol.as_str();
                self.types.contains_key(name) || self.by_symbol.contains_key(name) || self.globals.contains_key(name)
            };
            target.filter(|symbol| symbol.as_str().len() < 4096).find(declared)
        })
    }

    fn resolve_alias(&self, symbol: &Symbol) -> Option<Symbol> {
        let text = symbol.as_str();
        let mut cuts = std::iter::once(text.len()).chain(text.rmatch_indices("::").map(|(at, _)| at));
        cuts.find_map(|cut| {
            let target = self.aliases.get(text.get(..cut)?)?.peeled().symbol()?;
            let resolved = format!("{target}{}", text.get(cut..)?);
            (resolved != text && resolved.len() < 4096).then(|| Symbol::new(resolved))
        })
    }

    /// A type with aliases at its top replaced, and optionality taken off.
    pub(super) fn expand(&self, ty: &Type) -> Type {
        let mut ty = ty.peeled().clone();
        for _ in 0..MAX_CHAIN {
            let Type::Named(symbol, args) = &ty else { break };
            if self.types.contains_key(symbol.as_str()) {
                break;
            }
            if let Some(target) = self.aliases.get(symbol.as_str()) {
                ty = target.peeled().clone();
                continue;
            }
            let Some(resolved) = self.resolve_once(symbol) else { break };
            ty = Type::Named(resolved, args.clone());
        }
        ty
    }

    /// A field of a declared type, its own or one of a flattened or embedded type.
    pub(super) fn field(&self, owner: &Symbol, name: &str) -> Option<&'a FieldDef> {
        self.field_within(owner, name, MAX_CHAIN)
    }

    fn field_within(&self, owner: &Symbol, name: &str, depth: usize) -> Option<&'a FieldDef> {
        let (_, ty) = self.type_def(owner)?;
        if let Some(field) = ty.fields.iter().find(|field| &*field.name == name) {
            return Some(field);
        }
        let depth = depth.checked_sub(1)?;
        ty.fields
            .iter()
            .filter(|field| field.flatten)
            .filter_map(|field| field.ty.peeled().symbol())
            .find_map(|inner| self.field_within(inner, name, depth))
    }

    /// The type that a field of `owner` is really declared in: itself, or one that it embeds or is
    /// defined as. Of types that are not in this unit nothing is known: if one of them alone is
    /// embedded, what nobody else declares must be there.
    pub(super) fn declaring(&self, owner: &Symbol, name: &str) -> Option<Symbol> {
        self.declaring_within(owner, name, MAX_CHAIN).or_else(|| {
            let mut foreign = self.embedded(owner).filter(|symbol| self.type_def(symbol).is_none());
            foreign.next().filter(|_| foreign.next().is_none())
        })
    }

    fn declaring_within(&self, owner: &Symbol, name: &str, depth: usize) -> Option<Symbol> {
        let (_, ty) = self.type_def(owner)?;
        if ty.fields.iter().any(|field| &*field.name == name) {
            return Some(ty.symbol.clone());
        }
        let depth = depth.checked_sub(1)?;
        self.embedded(owner).find_map(|inner| self.declaring_within(&inner, name, depth))
    }

    /// The types whose fields stand in an outer object of this type.
    fn embedded(&self, owner: &Symbol) -> impl Iterator<Item = Symbol> {
        let fields = self.type_def(owner).map_or(&[][..], |(_, ty)| &ty.fields);
        fields.iter().filter(|field| field.flatten).filter_map(|field| field.ty.peeled().symbol().cloned())
    }

    /// Whether a type is declared by hand in this unit: its fields are the unit's own affair.
    pub(super) fn is_own_type(&self, symbol: &Symbol) -> bool {
        self.type_def(symbol).is_some_and(|(module, _)| !module.generated)
    }

    /// Type parameters of a declared type.
    pub(super) fn type_params(&self, symbol: &Symbol) -> &'a [Arc<str>] {
        self.type_def(symbol).map_or(&[], |(_, ty)| &ty.params)
    }
}
