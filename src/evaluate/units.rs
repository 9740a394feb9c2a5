//! Which modules may know each other.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::walk;
use crate::model::ir::{ExprKind, Module, Type};
use crate::model::source::{FileId, Language, Package, Workspace};

/// Modules that may know each other.
pub(super) struct Unit<'a> {
    pub(super) modules: Vec<&'a Module>,
    /// Files whose functions are looked at for their own sake: those of packages that call somebody, or
    /// that know such a package. All other code counts where these call it.
    pub(super) followed: BTreeSet<FileId>,
}

/// Modules of one family of languages, grouped by packages that refer to each other; groups in which nothing
/// `matters` are left out.
pub(super) fn units<'a>(
    modules: &'a [Module],
    language: Language,
    workspace: &Workspace,
    matters: impl Fn(&Module) -> bool + Sync,
) -> Vec<Unit<'a>> {
    let packages: Vec<&Package> =
        workspace.packages.iter().filter(|package| package.language.family() == language).collect();
    let modules: Vec<&Module> = modules.iter().filter(|module| module.language.family() == language).collect();
    // Code outside any package is a package of its own.
    let outside = packages.len();
    let seen: Vec<(usize, bool, BTreeSet<usize>)> = modules
        .par_iter()
        .map(|module| {
            let mut referred = BTreeSet::new();
            refer(module, |symbol| referred.extend(package_of(symbol, &packages)));
            (package_of(module.name.as_str(), &packages).unwrap_or(outside), matters(module), referred)
        })
        .collect();

    let mut groups = Groups::new(packages.len() + 1);
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
    while let Some(package) = waiting.pop() {
        if relevant.insert(package) {
            waiting.extend(users.get(&package).into_iter().flatten());
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

/// The innermost package that a symbol belongs to: the longest name that it begins with.
fn package_of(symbol: &str, packages: &[&Package]) -> Option<usize> {
    let inside = |name: &str| {
        symbol.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || rest.starts_with('/'))
    };
    (0..packages.len()).filter(|at| inside(&packages[*at].name)).max_by_key(|at| packages[*at].name.len())
}

/// Every foreign name that a module mentions.
fn refer(module: &Module, mut see: impl FnMut(&str)) {
    for func in &module.funcs {
        for ty in func.params.iter().map(|param| &param.ty).chain([&func.ret]) {
            type_names(ty, &mut see);
        }
        if let Some(body) = &func.body {
            walk::block(body, &mut |expr| match &expr.kind {
                ExprKind::Global(symbol) => see(symbol.as_str()),
                ExprKind::Construct { ty: Some(ty), .. } => type_names(ty, &mut see),
                _ => {}
            });
        }
    }
    module.types.iter().flat_map(|ty| &ty.fields).for_each(|field| type_names(&field.ty, &mut see));
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
