//! The package of a file, and what it imports.

use std::collections::BTreeMap;
use std::sync::Arc;

use tree_sitter::Node;

use super::{Lowerer, known};
use crate::model::ir::{Alias, Symbol, Type};

/// What a file imports.
#[derive(Default)]
pub(super) struct Imports {
    /// Types by their simple names.
    types: BTreeMap<Arc<str>, Symbol>,
    /// Static members by their simple names.
    members: BTreeMap<Arc<str>, Symbol>,
    /// Packages and types that all types are imported of.
    packages: Vec<Symbol>,
    /// Whether all static members of some type are imported.
    pub(super) all_members: bool,
}

impl Imports {
    /// The type that a simple name stands for; of packages that are imported with a star those that
    /// the front end knows.
    pub(super) fn ty(&self, name: &str) -> Option<Symbol> {
        if let Some(symbol) = self.types.get(name) {
            return Some(symbol.clone());
        }
        let candidates = self.packages.iter().map(|package| package.join(name));
        candidates.into_iter().find(|symbol| known::is_known(symbol.as_str()))
    }

    /// The static member that a simple name stands for.
    pub(super) fn member(&self, name: &str) -> Option<&Symbol> {
        self.members.get(name)
    }
}

impl<'t> Lowerer<'t> {
    /// The package that a file declares; empty if it declares none.
    pub(super) fn package(&mut self, root: Node<'t>) -> Symbol {
        let declaration = self.children(root).into_iter().find(|node| node.kind() == "package_declaration");
        let name = declaration.and_then(|node| {
            self.children(node).into_iter().find(|part| matches!(part.kind(), "identifier" | "scoped_identifier"))
        });
        name.map_or_else(|| Symbol::new(""), |name| self.dotted(name))
    }

    /// A name with dots as a symbol, whatever blanks and comments stand in it.
    pub(super) fn dotted(&self, node: Node<'_>) -> Symbol {
        let text = self.text(node);
        if text.contains(['/', ' ', '\n', '\t', '\r']) {
            let parts = text.split('.').map(|part| part.split_whitespace().next().unwrap_or_default());
            return Symbol::new(parts.collect::<Vec<_>>().join("::"));
        }
        Symbol::new(text.replace('.', "::"))
    }

    /// All imports of a file.
    pub(super) fn imports(&mut self, root: Node<'t>) {
        for node in self.children(root) {
            if node.kind() == "import_declaration" {
                self.import(node);
            }
        }
    }

    fn import(&mut self, node: Node<'t>) {
        let is_static = self.child_of_kind(node, "static").is_some();
        let parts = self.children(node);
        let Some(name) = parts.iter().find(|part| part.kind() != "asterisk") else { return };
        let symbol = self.dotted(*name);
        let all = parts.iter().any(|part| part.kind() == "asterisk");
        let imports = &mut self.names.imports;
        match (all, is_static) {
            (false, false) => {
                imports.types.insert(Arc::from(symbol.name()), symbol);
            }
            (false, true) => {
                // A static import may bring in a nested class as well.
                imports.types.insert(Arc::from(symbol.name()), symbol.clone());
                imports.members.insert(Arc::from(symbol.name()), symbol);
            }
            (true, _) => {
                imports.all_members |= is_static;
                imports.packages.push(symbol.clone());
                let name = self.names.own("*");
                self.module.aliases.push(Alias { name, target: Type::Named(symbol.join("*"), Vec::new()) });
            }
        }
    }
}
