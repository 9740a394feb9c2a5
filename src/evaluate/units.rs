//! Which modules may know each other.

use std::collections::BTreeMap;

use super::walk;
use crate::model::ir::{ExprKind, Module, Type};
use crate::model::source::{Language, Package, Workspace};

/// Modules of one language, grouped by packages that refer to each other.
pub(super) fn units<'a>(modules: &'a [Module], language: Language, workspace: &Workspace) -> Vec<Vec<&'a Module>> {
    let packages: Vec<&Package> = workspace.packages.iter().filter(|package| package.language == language).collect();
    let mut groups = Groups::new(packages.len());
    let modules: Vec<&Module> = modules.iter().filter(|module| module.language == language).collect();
    let home: Vec<Option<usize>> = modules.iter().map(|module| package_of(module.name.as_str(), &packages)).collect();
    for (module, home) in modules.iter().zip(&home) {
        let Some(home) = *home else { continue };
        refer(module, |symbol| {
            if let Some(other) = package_of(symbol, &packages) {
                groups.unite(home, other);
            }
        });
    }
    let mut units: BTreeMap<Option<usize>, Vec<&Module>> = BTreeMap::new();
    for (module, home) in modules.into_iter().zip(home) {
        units.entry(home.map(|home| groups.root(home))).or_default().push(module);
    }
    units.into_values().collect()
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
