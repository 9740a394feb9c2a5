//! The package of a file, and what it imports.

use tree_sitter::Node;

use super::Lowerer;
use crate::model::ir::{Alias, Symbol, Type};

/// Packages that every file opens (Kotlin documentation, "Packages and imports", "Default imports").
const DEFAULT: [&str; 9] = [
    "kotlin",
    "kotlin::annotation",
    "kotlin::collections",
    "kotlin::comparisons",
    "kotlin::io",
    "kotlin::ranges",
    "kotlin::sequences",
    "kotlin::text",
    "java::lang",
];

impl<'t> Lowerer<'t> {
    /// Reads the head of a file.
    pub(super) fn head(&mut self, root: Node<'t>) {
        if let Some(header) = self.child_of(root, "package_header")
            && let Some(path) = self.child_of(header, "qualified_identifier")
        {
            let path = self.dotted(path);
            self.names.set_package(path);
        }
        let package = self.names.package();
        self.module.name = package.clone();
        for import in self.children_of(root, "import") {
            self.import(import, &package);
        }
        DEFAULT.iter().for_each(|target| self.open(&package, target));
    }

    fn import(&mut self, node: Node<'t>, package: &Symbol) {
        let Some(path) = self.child_of(node, "qualified_identifier") else { return };
        let target = self.dotted(path);
        if self.has_token(node, "*") {
            return self.open(package, &target);
        }
        let alias = self.child_of(node, "identifier").map(|alias| self.text(alias));
        // A member of a companion is a member of its class.
        let target = Symbol::new(target.replace("::Companion", ""));
        let name = alias.unwrap_or_else(|| target.name()).to_owned();
        self.names.import(&name, target);
    }

    fn dotted(&mut self, node: Node<'t>) -> String {
        let names: Vec<&str> = self.children_of(node, "identifier").into_iter().map(|name| self.text(name)).collect();
        names.join("::")
    }

    /// `package::*` stands for `target::*`.
    fn open(&mut self, package: &Symbol, target: &str) {
        let name = if package.as_str().is_empty() { Symbol::new("*") } else { package.join("*") };
        let target = Symbol::new(target).join("*");
        if name != target {
            self.module.aliases.push(Alias { name, target: Type::Named(target, Vec::new()) });
        }
    }
}
