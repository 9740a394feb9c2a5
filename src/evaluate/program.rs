//! The declarations of one unit of code, by name.

mod conversions;
mod documents;
mod globs;
mod implemented;
mod inherited;
mod overloads;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use super::library::Libraries;
use super::{Name, Table};
use crate::evaluate::Set;
use crate::model::ir::{
    Alias, Annotation, EXTENDED, FieldDef, Func, Global, Implementation, Module, Symbol, Type, TypeDef, TypeKind,
};
use crate::model::source::Language;
use crate::model::usage::Opened;

/// A function of a [`Program`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FuncId(pub(super) u32);

/// All declarations of modules that may know each other.
pub(super) struct Program<'a> {
    modules: Vec<&'a Module>,
    funcs: Vec<(&'a Module, &'a Func)>,
    by_symbol: Table<Symbol, FuncId>,
    /// Methods by the symbol of their type, then by name.
    methods: Table<Symbol, Table<&'a str, FuncId>>,
    types: Table<Symbol, (&'a Module, &'a TypeDef)>,
    globals: Table<Symbol, (&'a Module, &'a Global)>,
    aliases: Table<Symbol, &'a Type>,
    /// Modules whose names a module has too: `pub use target::*`.
    /// Extension functions by their package and name, as they are imported.
    extensions: BTreeMap<Symbol, FuncId>,
    globs: Table<&'a str, Vec<&'a str>>,
    /// Types by the trait or interface that they implement by declaration.
    implementors: Table<&'a str, BTreeSet<&'a str>>,
    /// Interfaces that types are given apart from their declaration.
    given: BTreeMap<Symbol, Vec<Symbol>>,
    /// Functions that share their name with others, in languages that tell them by their parameters.
    overloads: Table<&'a str, Vec<FuncId>>,
    /// Classes by the class or interface that they extend.
    subtypes: Table<Symbol, BTreeSet<&'a str>>,
    /// Segments of all names that are declared.
    segments: Set<&'a str>,
    /// What makes a value of one type, the first, of one of another: `impl From<Draft> for Order`.
    conversions: BTreeMap<(Symbol, Symbol), FuncId>,
    /// Modules into which macros write clients of documents.
    documents: documents::Documents<'a>,
    libraries: &'a Libraries,
    known: Known,
}

/// Methods of the types behind an interface, by name.
type Methods = Table<String, Rc<[FuncId]>>;

/// What has been asked before, and is asked all the time.
#[derive(Default)]
struct Known {
    resolved: RefCell<Table<Symbol, Option<Symbol>>>,
    ancestors: RefCell<Table<Symbol, Rc<[Symbol]>>>,
    implementations: RefCell<Table<Symbol, Methods>>,
    behaviour: RefCell<Table<Symbol, bool>>,
}

/// Chains of aliases and embedded types longer than this are cyclic or not written by people.
const MAX_CHAIN: usize = 16;
/// Names longer than this come of aliases that stand for parts of themselves.
const MAX_NAME: usize = 4096;
/// Names that are looked at for one that modules pass on.
const MAX_PASSED_ON: usize = 64;
/// Types that one extends, or that extend it, that are looked at.
const MAX_ANCESTORS: usize = 64;

/// Whether methods of a class can be overridden in others that extend it.
const fn has_classes(language: Language) -> bool {
    !matches!(language, Language::Go | Language::Rust)
}

/// Whether functions of one name may differ in their parameters.
const fn has_overloads(language: Language) -> bool {
    matches!(language, Language::Java | Language::Kotlin | Language::CSharp)
}

impl<'a> Program<'a> {
    pub(super) fn new(modules: Vec<&'a Module>, libraries: &'a Libraries) -> Self {
        let mut program = Self {
            modules,
            funcs: Vec::new(),
            by_symbol: Table::default(),
            methods: Table::default(),
            types: Table::default(),
            globals: Table::default(),
            aliases: Table::default(),
            extensions: BTreeMap::new(),
            globs: Table::default(),
            implementors: Table::default(),
            given: BTreeMap::new(),
            overloads: Table::default(),
            subtypes: Table::default(),
            segments: Set::default(),
            conversions: BTreeMap::new(),
            documents: documents::Documents::default(),
            libraries,
            known: Known::default(),
        };
        for module in program.modules.clone() {
            program.declare(module);
            program.documents.add(module, libraries);
        }
        for (name, parameter) in libraries.stand_ins() {
            program.aliases.entry(Symbol::new(name)).or_insert(parameter);
        }
        program.segments = program.declared_segments();
        program.bring_methods_home();
        program.find_subtypes();
        program.find_given();
        program.find_conversions();
        program
    }

    /// What a name may begin with behind a namespace that is opened.
    fn declared_segments(&self) -> Set<&'a str> {
        let types = self.types.values().map(|(_, ty)| &ty.symbol);
        let funcs = self.funcs.iter().map(|(_, func)| &func.symbol);
        let globals = self.globals.values().map(|(_, global)| &global.symbol);
        let aliases = self.modules.iter().flat_map(|module| &module.aliases).map(|alias| &alias.name);
        let aliases = aliases.filter(|name| !name.as_str().ends_with("::*"));
        let declared = types.chain(funcs).chain(globals).chain(aliases).map(Symbol::as_str);
        let given = self.libraries.stand_ins().keys().map(String::as_str);
        declared.chain(given).flat_map(|name| name.split("::")).collect()
    }

    /// Methods that are written apart from their type, where that is known by another name: extensions of what
    /// `import io.ktor.client.request.*` brings, `impl` of a type that is re-exported.
    fn bring_methods_home(&mut self) {
        let mut apart: Vec<Symbol> =
            self.methods.keys().filter(|owner| !self.types.contains_key(*owner)).cloned().collect();
        apart.sort_unstable();
        for owner in apart {
            let Some(home) = self.resolve(&owner) else { continue };
            let brought = self.methods.swap_remove(&owner).unwrap_or_default();
            let own = self.methods.entry(home).or_default();
            for (name, id) in brought {
                own.entry(name).or_insert(id);
            }
        }
    }

    /// Which class extends which. What is embedded in Go, or required of a trait, overrides nothing.
    fn find_subtypes(&mut self) {
        for module in self.modules.iter().filter(|module| has_classes(module.language)) {
            for ty in &module.types {
                for parent in ty.supertypes.iter().filter_map(Type::symbol) {
                    self.subtypes.entry(self.canonical(parent)).or_default().insert(ty.symbol.as_str());
                }
            }
        }
    }

    /// Which interfaces types are given, of those that tell something: nearly every type can be cloned.
    fn find_given(&mut self) {
        for Implementation { by, interface } in self.modules.iter().flat_map(|module| &module.implementations) {
            let Some(interface) = interface.symbol().map(|interface| self.canonical(interface)) else { continue };
            if self.types.contains_key(&interface) || self.libraries.type_model(interface.as_str()).is_some() {
                self.given.entry(self.canonical(by)).or_default().push(interface);
            }
        }
    }

    fn declare(&mut self, module: &'a Module) {
        for ty in &module.types {
            self.types.entry(ty.symbol.clone()).or_insert((module, ty));
        }
        for global in &module.globals {
            self.globals.entry(global.symbol.clone()).or_insert((module, global));
        }
        for Alias { name, target } in &module.aliases {
            let glob = |text: &'a Symbol| text.as_str().strip_suffix("::*");
            if let (Some(module), Some(target)) = (glob(name), target.symbol().and_then(glob)) {
                // Every file of a namespace opens much the same ones.
                let targets = self.globs.entry(module).or_default();
                if !targets.contains(&target) {
                    targets.push(target);
                }
                continue;
            }
            self.aliases.entry(name.clone()).or_insert(target);
        }
        for func in &module.funcs {
            let id = FuncId(u32::try_from(self.funcs.len()).unwrap_or(u32::MAX));
            self.funcs.push((module, func));
            // Of two functions with one name (build tags, cfg) the one with a body is the better one.
            let earlier = self.by_symbol.get(&func.symbol).copied();
            if let Some(earlier) = earlier.filter(|_| has_overloads(module.language)) {
                self.overloads.entry(func.symbol.as_str()).or_insert_with(|| vec![earlier]).push(id);
            }
            if earlier.is_none_or(|earlier| self.func(earlier).body.is_none()) {
                self.by_symbol.insert(func.symbol.clone(), id);
            }
            let Some(owner) = func.owner.as_ref().and_then(Type::symbol) else { continue };
            if func.receiver.as_deref() == Some(EXTENDED) {
                self.extensions.entry(module.name.join(func.symbol.name())).or_insert(id);
            }
            let methods = self.methods.entry(owner.clone()).or_default();
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
        if let Some(id) = self.by_symbol.get(symbol) {
            return Some(*id);
        }
        let symbol = self.resolve(symbol)?;
        self.by_symbol.get(&symbol).copied()
    }

    /// An extension function by the name that it is imported by: that of its package, not of what it extends.
    pub(super) fn extension(&self, symbol: &Symbol) -> Option<FuncId> {
        self.extensions.get(symbol).copied()
    }

    /// A method of a type, its own or of what it embeds or extends.
    pub(super) fn method(&self, owner: &Symbol, name: &str) -> Option<FuncId> {
        self.ancestors(owner).iter().find_map(|owner| self.own_method(owner, name))
    }

    /// A method that a type declares itself.
    pub(super) fn own_method(&self, owner: &Symbol, name: &str) -> Option<FuncId> {
        self.methods.get(owner).and_then(|methods| methods.get(name)).copied()
    }

    /// A type by its canonical name and all that it embeds or extends, nearest first, types of libraries
    /// included.
    pub(super) fn ancestors(&self, owner: &Symbol) -> Rc<[Symbol]> {
        if let Some(known) = self.known.ancestors.borrow().get(owner) {
            return Rc::clone(known);
        }
        let mut all = vec![self.canonical(owner)];
        self.add_ancestors(&mut all, 0, MAX_CHAIN);
        let all: Rc<[Symbol]> = all.into();
        self.known.ancestors.borrow_mut().insert(owner.clone(), Rc::clone(&all));
        all
    }

    /// All methods of a type itself.
    pub(super) fn methods(&self, owner: &Symbol) -> impl Iterator<Item = FuncId> {
        let canonical = self.canonical(owner);
        let methods: Vec<FuncId> =
            self.methods.get(&canonical).map(|methods| methods.values().copied().collect()).unwrap_or_default();
        methods.into_iter()
    }

    /// Whether a type has methods that are more than accessors of its fields: they take something, and
    /// are not its constructor.
    pub(super) fn has_behaviour(&self, owner: &Symbol) -> bool {
        if let Some(known) = self.known.behaviour.borrow().get(owner) {
            return *known;
        }
        let has = self.find_behaviour(owner);
        self.known.behaviour.borrow_mut().insert(owner.clone(), has);
        has
    }

    fn find_behaviour(&self, owner: &Symbol) -> bool {
        self.methods(owner).any(|id| {
            let func = self.func(id);
            let is_setter = func.symbol.name().starts_with("set") && func.params.len() == 1;
            func.body.is_some()
                && func.receiver.is_some()
                && func.symbol.name() != super::CONSTRUCTOR
                && !func.params.is_empty()
                && !is_setter
                && !matches!(func.symbol.name(), "equals" | "Equals" | "__eq__" | "fmt")
        })
    }

    /// Adds the supertypes of the one at a place, each with its own behind it.
    fn add_ancestors(&self, all: &mut Vec<Symbol>, at: usize, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let Some(owner) = all.get(at).cloned() else { return };
        let declared = self.types.get(&owner).into_iter().flat_map(|(_, ty)| &ty.supertypes);
        let declared = declared.filter_map(Type::symbol).map(|parent| self.canonical(parent));
        let given = self.given.get(&owner).into_iter().flatten().cloned();
        for parent in declared.chain(given) {
            if all.len() < MAX_ANCESTORS && !all.contains(&parent) {
                all.push(parent);
                self.add_ancestors(all, all.len() - 1, depth);
            }
        }
    }

    /// Methods of that name, with a body, of all types that may stand behind an interface or a class that
    /// others extend.
    pub(super) fn implementations(&self, interface: &Symbol, name: &str) -> Rc<[FuncId]> {
        let interface = self.canonical(interface);
        if let Some(known) = self.known.implementations.borrow().get(&interface).and_then(|all| all.get(name)) {
            return Rc::clone(known);
        }
        let found: Rc<[FuncId]> = self.find_implementations(&interface, name).into();
        let mut known = self.known.implementations.borrow_mut();
        known.entry(interface).or_default().insert(name.to_owned(), Rc::clone(&found));
        found
    }

    /// Whether values of a type may be of others that have its methods, or have them in their own way.
    pub(super) fn has_implementations(&self, ty: &Symbol) -> bool {
        let canonical = self.canonical(ty);
        self.implementors.contains_key(canonical.as_str())
            || self.subtypes.contains_key(&canonical)
            || self.is_interface(&canonical)
    }

    fn find_implementations(&self, canonical: &Symbol, name: &str) -> Vec<FuncId> {
        let with_body = |id: &FuncId| self.func(*id).body.is_some();
        if let Some(owners) = self.implementors.get(canonical.as_str()) {
            let found = owners.iter().filter_map(|owner| self.methods.get(&Name(owner))?.get(name).copied());
            return found.filter(with_body).collect();
        }
        if self.subtypes.contains_key(canonical) {
            let mut below = Vec::new();
            self.add_subtypes(canonical, &mut below, MAX_CHAIN);
            let found = below.iter().filter_map(|owner| self.methods.get(owner)?.get(name).copied());
            return found.filter(with_body).collect();
        }
        // Go: a type implements an interface by having its methods.
        let wanted = self.method_names(canonical);
        if !wanted.contains(name) {
            return Vec::new();
        }
        let may_stand_for_others =
            |(module, ty): &(&Module, &TypeDef)| ty.kind == TypeKind::Interface && !has_classes(module.language);
        if self.types.get(canonical).is_some_and(|declared| !may_stand_for_others(declared)) {
            return Vec::new();
        }
        let declared = self.method(canonical, name);
        let fits = |id: &FuncId| declared.is_none_or(|declared| self.can_be(declared, *id));
        self.methods
            .iter()
            .filter(|(owner, methods)| {
                *owner != canonical && methods.get(name).is_some_and(fits) && self.has_all(owner, methods, &wanted)
            })
            .filter_map(|(_, methods)| methods.get(name).copied())
            .filter(with_body)
            .collect()
    }

    /// Names of all methods of a type, those of what it embeds included.
    fn method_names(&self, owner: &Symbol) -> BTreeSet<&'a str> {
        let ancestors = self.ancestors(owner);
        ancestors.iter().filter_map(|above| self.methods.get(above)).flat_map(|all| all.keys().copied()).collect()
    }

    /// Whether a type has all methods of these names, its own or embedded ones.
    fn has_all(&self, owner: &Symbol, own: &Table<&'a str, FuncId>, wanted: &BTreeSet<&'a str>) -> bool {
        let mut missing = wanted.iter().filter(|name| !own.contains_key(**name)).peekable();
        if missing.peek().is_none() {
            return true;
        }
        let embedded = self.method_names(owner);
        missing.all(|name| embedded.contains(name))
    }

    fn add_subtypes(&self, parent: &Symbol, all: &mut Vec<Symbol>, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        for child in self.subtypes.get(parent).into_iter().flatten().map(Symbol::new) {
            if all.len() < MAX_ANCESTORS && !all.contains(&child) {
                all.push(child.clone());
                self.add_subtypes(&child, all, depth);
            }
        }
    }

    /// A declared type, through re-exports and aliases.
    pub(super) fn type_def(&self, symbol: &Symbol) -> Option<(&'a Module, &'a TypeDef)> {
        self.types.get(symbol).copied().or_else(|| self.types.get(&self.canonical(symbol)).copied())
    }

    pub(super) fn is_interface(&self, symbol: &Symbol) -> bool {
        self.type_def(symbol).is_some_and(|(_, ty)| ty.kind == TypeKind::Interface)
    }

    /// A constant, static or package variable.
    pub(super) fn global(&self, symbol: &Symbol) -> Option<(&'a Module, &'a Global)> {
        if let Some(found) = self.globals.get(symbol) {
            return Some(*found);
        }
        let symbol = self.resolve(symbol)?;
        self.globals.get(&symbol).copied()
    }

    /// The name that a type is really declared under.
    pub(super) fn canonical(&self, symbol: &Symbol) -> Symbol {
        if self.types.contains_key(symbol) || self.methods.contains_key(symbol) {
            return symbol.clone();
        }
        self.resolve(symbol).unwrap_or_else(|| symbol.clone())
    }

    /// What an annotation is called where a library describes it: of names that mean the same the one that is described.
    pub(super) fn annotation(&self, annotation: &Annotation) -> Symbol {
        let canonical = self.canonical(&annotation.name);
        self.libraries.unalias(canonical.as_str()).map_or(canonical, Symbol::new)
    }

    /// Namespaces that modules open and that nothing here is declared in.
    pub(super) fn opened(&self) -> Vec<Opened> {
        let own: BTreeSet<&str> = self.types.values().map(|(_, ty)| ty.symbol.parent()).collect();
        let foreign = |targets: &[&str]| {
            let unique: BTreeSet<&str> = targets.iter().copied().filter(|target| !own.contains(target)).collect();
            unique.into_iter().map(Symbol::new).collect::<Vec<Symbol>>()
        };
        let opened = self
            .globs
            .iter()
            .map(|(module, targets)| Opened { module: Symbol::new(module), namespaces: foreign(targets) });
        opened.filter(|opened| !opened.namespaces.is_empty()).collect()
    }

    /// What a name that is not declared stands for.
    pub(super) fn canonical_name(&self, symbol: &Symbol) -> Option<Symbol> {
        self.resolve(symbol)
    }

    /// What a re-exported or aliased name stands for; aliases of enclosing modules count too.
    fn resolve(&self, symbol: &Symbol) -> Option<Symbol> {
        if let Some(known) = self.known.resolved.borrow().get(symbol) {
            return known.clone();
        }
        let mut current = symbol.clone();
        for _ in 0..MAX_CHAIN {
            let Some(next) = self.resolve_once(&current) else { break };
            current = next;
        }
        let resolved = (current != *symbol).then_some(current);
        self.known.resolved.borrow_mut().insert(symbol.clone(), resolved.clone());
        resolved
    }

    fn resolve_once(&self, symbol: &Symbol) -> Option<Symbol> {
        let written = || self.documents.resolve(symbol).filter(|_| !self.is_declared(symbol.as_str()));
        self.resolve_alias(symbol).or_else(|| self.resolve_glob(symbol)).or_else(written)
    }

    fn is_declared(&self, name: &str) -> bool {
        let name = &Name(name);
        self.types.contains_key(name) || self.by_symbol.contains_key(name) || self.globals.contains_key(name)
    }

    fn resolve_alias(&self, symbol: &Symbol) -> Option<Symbol> {
        let text = symbol.as_str();
        let mut cuts = std::iter::once(text.len()).chain(text.rmatch_indices("::").map(|(at, _)| at));
        cuts.find_map(|cut| {
            let target = self.aliases.get(&Name(text.get(..cut)?))?.peeled().symbol()?;
            let resolved = format!("{target}{}", text.get(cut..)?);
            (resolved != text && resolved.len() < MAX_NAME).then(|| Symbol::new(resolved))
        })
    }

    /// A type with aliases at its top replaced, and optionality taken off.
    pub(super) fn expand(&self, ty: &Type) -> Type {
        let mut ty = ty.peeled().clone();
        for _ in 0..MAX_CHAIN {
            let Type::Named(symbol, args) = &ty else { break };
            if self.types.contains_key(symbol) {
                break;
            }
            if let Some(target) = self.aliases.get(symbol) {
                ty = super::types::of_one(target.peeled(), args);
                continue;
            }
            ty = match self.resolve(symbol) {
                Some(resolved) => Type::Named(resolved, args.clone()),
                None => match self.of_part(symbol) {
                    Some(part) => part,
                    None => break,
                },
            };
        }
        ty
    }

    /// A field of a declared type, its own or one of a flattened or embedded type.
    pub(super) fn field(&self, owner: &Symbol, name: &str) -> Option<&'a FieldDef> {
        self.field_within(owner, name, MAX_CHAIN)
    }

    fn field_within(&self, owner: &Symbol, name: &str, depth: usize) -> Option<&'a FieldDef> {
        let depth = depth.checked_sub(1)?;
        self.ancestors(owner).iter().find_map(|owner| {
            let (_, ty) = self.types.get(owner)?;
            if let Some(field) = ty.fields.iter().find(|field| &*field.name == name) {
                return Some(field);
            }
            let flat = ty.fields.iter().filter(|field| field.flatten).filter_map(|field| field.ty.peeled().symbol());
            flat.into_iter().find_map(|inner| self.field_within(inner, name, depth))
        })
    }

    /// Fields of a declared type, those of what it extends first.
    pub(super) fn fields(&self, owner: &Symbol) -> Vec<&'a FieldDef> {
        let ancestors = self.ancestors(owner);
        let declared = ancestors.iter().rev().filter_map(|owner| self.types.get(owner));
        declared.flat_map(|(_, ty)| &ty.fields).collect()
    }

    /// The type whose values share a field: the outermost own class that has it, or that there is.
    pub(super) fn home_of_field(&self, owner: &Symbol, name: &str) -> Symbol {
        let ancestors = self.ancestors(owner);
        let [canonical, above @ ..] = &*ancestors else { return owner.clone() };
        let own = |symbol: &&Symbol| self.types.get(*symbol).is_some_and(|(module, _)| has_classes(module.language));
        // What the parameter of a generic class holds is another thing in each class that extends it.
        let has = |symbol: &&Symbol| {
            let (_, ty) = self.types[*symbol];
            let shared = |field: &&FieldDef| !matches!(field.ty.peeled(), Type::Parameter(_));
            ty.fields.iter().filter(shared).any(|field| &*field.name == name)
        };
        let Some((_, ty)) = self.types.get(canonical) else { return canonical.clone() };
        if above.is_empty() || ty.fields.iter().any(|field| &*field.name == name) {
            return canonical.clone();
        }
        above.iter().filter(own).find(has).unwrap_or(canonical).clone()
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
