//! Which modules may know each other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::walk;
use crate::model::ir::{Expr, ExprKind, Module, Type};
use crate::model::source::{FileId, Language, Package, Service, Workspace, is_inside};

/// Modules that may know each other.
pub(super) struct Unit<'a> {
    pub(super) modules: Vec<&'a Module>,
    /// Files whose functions are looked at for their own sake: those of packages that call somebody, or
    /// that know such a package. All other code counts where these call it.
    pub(super) followed: BTreeSet<FileId>,
}

/// Modules of one family of languages, grouped by packages and services that refer to each other;
/// groups in which nothing `matters` are left out.
pub(super) fn units<'a>(
    modules: &'a [Module],
    family: Language,
    workspace: &Workspace,
    matters: impl Fn(&Module) -> bool + Sync,
) -> Vec<Unit<'a>> {
    let modules: Vec<&Module> = modules.iter().filter(|module| module.language.family() == family).collect();
    let homes = Homes::new(&modules, family, workspace);
    let seen: Vec<(usize, bool, BTreeSet<usize>)> = modules
        .par_iter()
        .map(|module| {
            let home = homes.of(module);
            let mut referred = BTreeSet::new();
            refer(module, |symbol| homes.refer(home, symbol, &mut referred));
            (home, matters(module), referred)
        })
        .collect();

    let mut groups = Groups::new(homes.count());
    let mut users: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut waiting: Vec<usize> = Vec::new();
    for (home, matters, referred) in &seen {
        if *matters {
            waiting.push(*home);
        }
        for other in referred {
            groups.unite(*home, *other);
            users.entry(*other).or_default().insert(*home);
        }
    }
    let mut relevant = BTreeSet::new();
    while let Some(home) = waiting.pop() {
        if relevant.insert(home) {
            waiting.extend(users.get(&home).into_iter().flatten());
        }
    }

    let mut units: BTreeMap<usize, Unit<'a>> = BTreeMap::new();
    for (module, (home, ..)) in modules.into_iter().zip(seen) {
        let unit =
            units.entry(groups.root(home)).or_insert_with(|| Unit { modules: Vec::new(), followed: BTreeSet::new() });
        unit.modules.push(module);
        if relevant.contains(&home) {
            unit.followed.insert(module.file);
        }
    }
    units.into_values().filter(|unit| !unit.followed.is_empty()).collect()
}

/// Where code lives: in a package that has a name of its own (a Go module, a crate, an npm package),
/// else in its service. Names of packages and namespaces are no guide to services in languages
/// that let anybody declare anything anywhere, so there the declarations themselves are looked up.
struct Homes<'a> {
    /// The first homes: packages by name. Several may have the same one, in different repositories above all: these
    /// know nothing of each other.
    packages: Vec<&'a Package>,
    /// The homes behind them, and one more for code outside all services.
    services: &'a [Service],
    /// Homes that declare a name, or a namespace that is opened as a whole (`namespace::*`).
    declared: BTreeMap<&'a str, BTreeSet<usize>>,
}

impl<'a> Homes<'a> {
    fn new(modules: &[&'a Module], family: Language, workspace: &'a Workspace) -> Self {
        let named = |package: &&Package| package.language.family() == family && !package.name.is_empty();
        let packages: Vec<&Package> = workspace.packages.iter().filter(named).collect();
        let mut homes = Self { packages, services: &workspace.services, declared: BTreeMap::new() };
        for module in modules {
            let home = homes.of(module);
            // References into named packages are found by those names.
            if home < homes.packages.len() {
                continue;
            }
            let types = module.types.iter().map(|ty| &ty.symbol);
            let funcs = module.funcs.iter().filter(|func| func.owner.is_none()).map(|func| &func.symbol);
            let globals = module.globals.iter().map(|global| &global.symbol);
            for symbol in types.chain(funcs).chain(globals).chain([&module.name]) {
                homes.declared.entry(symbol.as_str()).or_default().insert(home);
            }
        }
        homes
    }

    /// Packages, services, and one more for code outside all of them.
    fn count(&self) -> usize {
        self.packages.len() + self.services.len() + 1
    }

    fn of(&self, module: &Module) -> usize {
        let service = module.service.map_or(self.services.len(), |service| service.0 as usize);
        let service = self.packages.len() + service.min(self.services.len());
        self.package(module.name.as_str(), service).unwrap_or(service)
    }

    /// The folder of a home.
    fn path(&self, home: usize) -> &'a str {
        let service = || self.services.get(home.checked_sub(self.packages.len())?).map(|service| &service.path);
        self.packages.get(home).map(|package| &package.path).or_else(service).map_or("", String::as_str)
    }

    /// The innermost package that a symbol in `home` belongs to: the longest name that it begins with, and of packages
    /// of one name the nearest one.
    fn package(&self, symbol: &str, home: usize) -> Option<usize> {
        let inside = |name: &str| {
            symbol
                .strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || rest.starts_with('/'))
        };
        let nearness = |at: usize| {
            let (from, to) = (self.path(home), self.packages[at].path.as_str());
            let shared = from.split('/').zip(to.split('/')).take_while(|(left, right)| left == right).count();
            // What holds the place goes before what only stands near.
            (is_inside(from, to), shared, Reverse(to.len()))
        };
        (0..self.packages.len())
            .filter(|at| inside(&self.packages[*at].name))
            .max_by_key(|at| (self.packages[*at].name.len(), nearness(*at)))
    }

    /// Adds the homes that a name mentioned in `home` belongs to; its own goes before all others.
    fn refer(&self, home: usize, symbol: &str, found: &mut BTreeSet<usize>) {
        if let Some(package) = self.package(symbol, home) {
            found.insert(package);
            return;
        }
        let symbol = symbol.strip_suffix("::*").unwrap_or(symbol);
        let mut cuts = std::iter::once(symbol.len()).chain(symbol.rmatch_indices("::").map(|(at, _)| at));
        let declared = cuts.find_map(|cut| self.declared.get(symbol.get(..cut)?));
        if let Some(homes) = declared.filter(|homes| !homes.contains(&home)) {
            found.extend(homes);
        }
    }
}

/// Every foreign name that a module mentions.
fn refer(module: &Module, mut see: impl FnMut(&str)) {
    for func in &module.funcs {
        for ty in func.params.iter().map(|param| &param.ty).chain([&func.ret]) {
            type_names(ty, &mut see);
        }
        let mut mentioned = |expr: &Expr| match &expr.kind {
            ExprKind::Global(symbol) => see(symbol.as_str()),
            ExprKind::Construct { ty: Some(ty), .. } => type_names(ty, &mut see),
            _ => {}
        };
        func.params.iter().filter_map(|param| param.default.as_deref()).for_each(|it| walk::expr(it, &mut mentioned));
        func.body.iter().for_each(|body| walk::block(body, &mut mentioned));
    }
    module.types.iter().flat_map(|ty| &ty.fields).for_each(|field| type_names(&field.ty, &mut see));
    module.types.iter().flat_map(|ty| &ty.supertypes).for_each(|ty| type_names(ty, &mut see));
    module.implementations.iter().for_each(|it| type_names(&it.interface, &mut see));
    module.aliases.iter().for_each(|alias| type_names(&alias.target, &mut see));
}

fn type_names(ty: &Type, see: &mut impl FnMut(&str)) {
    match ty {
        Type::Named(symbol, args) => {
            see(symbol.as_str());
            args.iter().for_each(|arg| type_names(arg, see));
        }
        Type::List(inner) | Type::Map(inner) | Type::Optional(inner) | Type::Result(inner) => type_names(inner, see),
        Type::Tuple(all) => all.iter().for_each(|ty| type_names(ty, see)),
        _ => {}
    }
}

/// Disjoint sets.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn unite(&mut self, left: usize, right: usize) {
        let (left, right) = (self.root(left), self.root(right));
        // The smaller index leads, so that the order of units does not depend on the order of names.
        self.0[left.max(right)] = left.min(right);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ir::{Alias, Symbol, TypeDef, TypeKind};
    use crate::model::source::{ServiceId, Span};

    /// A module of a service that declares a type and mentions others.
    fn module(at: u32, service: u32, declares: &str, mentions: &[&str]) -> Module {
        let span = Span::new(FileId(at), 0, 0);
        let named = |symbol: &str| Type::Named(Symbol::new(symbol), Vec::new());
        Module {
            file: FileId(at),
            language: Language::Java,
            service: Some(ServiceId(service)),
            name: Symbol::new(Symbol::new(declares).parent()),
            types: vec![TypeDef {
                symbol: Symbol::new(declares),
                kind: TypeKind::Struct,
                params: Vec::new(),
                fields: Vec::new(),
                supertypes: Vec::new(),
                annotations: Vec::new(),
                span,
            }],
            funcs: Vec::new(),
            globals: Vec::new(),
            aliases: mentions.iter().map(|target| Alias { name: Symbol::new("x::*"), target: named(target) }).collect(),
            implementations: Vec::new(),
            generated_client: false,
            includes: Vec::new(),
            generated: false,
            test: false,
            fixmes: Vec::new(),
        }
    }

    fn grouped(modules: &[Module]) -> Vec<Vec<u32>> {
        let services = vec![Service::default(), Service::default(), Service::default()];
        let workspace = Workspace { services, ..Workspace::default() };
        let units = units(modules, Language::Java, &workspace, |_| true);
        units.iter().map(|unit| unit.modules.iter().map(|module| module.file.0).collect()).collect()
    }

    #[test]
    fn services_are_apart_unless_one_mentions_what_only_the_other_declares() {
        let lib = module(0, 0, "acme::lib::Client", &[]);
        let user = module(1, 1, "acme::a::Main", &["acme::lib::Client"]);
        let other = module(2, 2, "acme::b::Main", &[]);
        assert_eq!(grouped(&[lib, user, other]), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_namespace_that_is_opened_counts_as_mentioned() {
        let lib = module(0, 0, "acme::lib::Client", &[]);
        let user = module(1, 1, "acme::a::Main", &["acme::lib::*"]);
        assert_eq!(grouped(&[lib, user]), [vec![0, 1]]);
    }

    #[test]
    fn packages_of_one_name_are_apart_and_found_by_who_is_near() {
        let path = |path: &str| path.to_owned();
        let service = |folder: &str| Service { path: path(folder), ..Service::default() };
        let package =
            |folder: &str, name: &str| Package { language: Language::Java, path: path(folder), name: path(name) };
        let workspace = Workspace {
            services: vec![service("east/portal"), service("west/portal"), service("west/tool")],
            packages: vec![package("east/portal", "portal"), package("west/portal", "portal")],
            ..Workspace::default()
        };
        let east = module(0, 0, "portal::api::Client", &[]);
        let west = module(1, 1, "portal::api::Client", &[]);
        let tool = module(2, 2, "tool::Main", &["portal::api::Client"]);
        let modules = [east, west, tool];
        let units = units(&modules, Language::Java, &workspace, |_| true);
        let files = units.iter().map(|unit| unit.modules.iter().map(|module| module.file.0).collect::<Vec<_>>());
        assert_eq!(files.collect::<Vec<_>>(), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn an_own_declaration_goes_before_that_of_another_service() {
        let theirs = module(0, 0, "acme::Dto", &[]);
        let own = module(1, 1, "acme::Dto", &[]);
        let user = module(2, 1, "acme::Main", &["acme::Dto"]);
        assert_eq!(grouped(&[theirs, own, user]), [vec![0], vec![1, 2]]);
    }
}
