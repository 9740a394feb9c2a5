//! Which name means what: `use` declarations, items of the module, local variables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::{Symbol, Type};

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    root: Symbol,
    modules: Vec<ModuleNames>,
    scopes: Vec<BTreeSet<Arc<str>>>,
    /// Type parameters with the trait that bounds them, if that is one that matters.
    type_params: Vec<BTreeMap<Arc<str>, Option<Type>>>,
    self_types: Vec<Type>,
}

/// The names of one module, or of a function's own `use` declarations.
struct ModuleNames {
    name: Symbol,
    uses: BTreeMap<String, String>,
    globs: Vec<String>,
    items: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(root: Symbol, module: Symbol) -> Self {
        let mut names =
            Self { root, modules: Vec::new(), scopes: Vec::new(), type_params: Vec::new(), self_types: Vec::new() };
        names.push_module(module);
        names
    }

    /// The module that is open.
    pub(super) fn module(&self) -> Symbol {
        self.modules.last().map_or_else(|| self.root.clone(), |module| module.name.clone())
    }

    pub(super) fn push_module(&mut self, name: Symbol) {
        self.modules.push(ModuleNames { name, uses: BTreeMap::new(), globs: Vec::new(), items: BTreeSet::new() });
    }

    pub(super) fn pop_module(&mut self) {
        self.modules.pop();
    }

    /// An item of the open module.
    pub(super) fn declare_item(&mut self, name: &str) {
        if let Some(module) = self.modules.last_mut() {
            module.items.insert(name.to_owned());
        }
    }

    /// `use path as name`.
    pub(super) fn declare_use(&mut self, name: &str, path: String) {
        if let Some(module) = self.modules.last_mut() {
            module.uses.insert(name.to_owned(), path);
        }
    }

    /// `use path::*`.
    pub(super) fn declare_glob(&mut self, path: String) {
        if let Some(module) = self.modules.last_mut() {
            module.globs.push(path);
        }
    }

    pub(super) fn push_scope(&mut self) {
        self.scopes.push(BTreeSet::new());
    }

    pub(super) fn pop_scope(&mut self) {
        self.scopes.pop();
    }

    pub(super) fn declare(&mut self, name: &Arc<str>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(Arc::clone(name));
        }
    }

    pub(super) fn is_local(&self, name: &str) -> bool {
        self.scopes.iter().rev().any(|scope| scope.contains(name))
    }

    pub(super) fn push_type_params(&mut self, params: BTreeMap<Arc<str>, Option<Type>>) {
        self.type_params.push(params);
    }

    pub(super) fn pop_type_params(&mut self) {
        self.type_params.pop();
    }

    pub(super) fn type_param(&self, name: &str) -> Option<&Option<Type>> {
        self.type_params.iter().rev().find_map(|params| params.get(name))
    }

    pub(super) fn push_self(&mut self, ty: Type) {
        self.self_types.push(ty);
    }

    pub(super) fn pop_self(&mut self) {
        self.self_types.pop();
    }

    pub(super) fn self_type(&self) -> Type {
        self.self_types.last().cloned().unwrap_or_default()
    }

    /// The canonical name of a path.
    pub(super) fn resolve(&self, segments: &[String]) -> String {
        let Some((first, rest)) = segments.split_first() else { return String::new() };
        let with = |base: &str| if rest.is_empty() { base.to_owned() } else { format!("{base}::{}", rest.join("::")) };
        match first.as_str() {
            "crate" => return with(self.root.as_str()),
            "Self" => return with(self.self_type().symbol().map_or("Self", Symbol::as_str)),
            "self" => return with(self.module().as_str()),
            "super" => {
                let mut module = self.module();
                let mut rest = segments;
                while let Some(("super", tail)) = rest.split_first().map(|(first, tail)| (first.as_str(), tail)) {
                    module = Symbol::new(module.parent());
                    rest = tail;
                }
                return if rest.is_empty() { module.to_string() } else { format!("{module}::{}", rest.join("::")) };
            }
            _ => {}
        }
        self.named(first).map_or_else(|| self.unnamed(first, rest.is_empty(), &with), |base| with(&base))
    }

    /// What a first segment is declared as, here or in a module around (for the `use` declarations of
    /// a function's body).
    fn named(&self, first: &str) -> Option<String> {
        let current = self.module();
        for module in self.modules.iter().rev() {
            if let Some(path) = module.uses.get(first) {
                return Some(path.clone());
            }
            if module.items.contains(first) {
                return Some(format!("{}::{first}", module.name));
            }
            // Only the scopes of the same module see each other.
            if module.name != current {
                break;
            }
        }
        None
    }

    /// A first segment that nothing here declares: from a glob, a crate, or the prelude.
    fn unnamed(&self, first: &str, alone: bool, with: &dyn Fn(&str) -> String) -> String {
        let current = self.module();
        let globs: Vec<&String> = self
            .modules
            .iter()
            .rev()
            .take_while(|module| module.name == current)
            .flat_map(|module| &module.globs)
            .collect();
        let is_type = first.starts_with(char::is_uppercase);
        match globs.as_slice() {
            // A lower-case name in front of a path is a crate far more often than a module of a glob.
            [only] if alone || is_type => with(&format!("{only}::{first}")),
            // `use super::*` beside preludes of libraries: what is not from there is from here.
            several if alone || is_type => {
                match several.iter().filter(|glob| glob.starts_with(self.root.as_str())).collect::<Vec<_>>().as_slice()
                {
                    [own] => with(&format!("{own}::{first}")),
                    _ => with(first),
                }
            }
            _ => with(first),
        }
    }

    /// Whether a name is declared by anything here, so that it cannot be the prelude's.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.named(name).is_some()
    }
}
