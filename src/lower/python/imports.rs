//! Imports: what names of other modules are called here.

use ruff_python_ast as ast;

use super::names::Known;
use super::{Lowerer, module};
use crate::model::ir::{Alias, Symbol, Type};

impl Lowerer<'_> {
    /// `import a.b.c`, `import a.b as c`.
    pub(super) fn import(&mut self, import: &ast::StmtImport) {
        for alias in &import.names {
            let path = Symbol::new(alias.name.as_str().replace('.', "::"));
            match &alias.asname {
                Some(name) => self.imported(name.as_str(), &path, self.is_package),
                None => {
                    let first = alias.name.as_str().split('.').next().unwrap_or_default();
                    self.imported(first, &Symbol::new(first), false);
                }
            }
        }
    }

    /// `from a.b import c as d`, `from . import e`, `from a import *`.
    pub(super) fn import_from(&mut self, import: &ast::StmtImportFrom) {
        let from = import.module.as_ref().map(ast::Identifier::as_str);
        let module = module::relative(&self.module.name, self.is_package, import.level, from);
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "*" {
                self.alias(&self.module.name.join("*"), module.join("*"));
                continue;
            }
            let symbol = if module.as_str().is_empty() { Symbol::new(name) } else { module.join(name) };
            self.imported(alias.asname.as_ref().map_or(name, ast::Identifier::as_str), &symbol, true);
        }
    }

    /// A name that stands for something of another module. What a module imports, others can import
    /// from it.
    fn imported(&mut self, name: &str, symbol: &Symbol, passed_on: bool) {
        if !self.at_module() {
            return self.names.declare(name, Known::Imported(symbol.clone()));
        }
        // The first of several: what follows stands in for it where it is missing.
        if matches!(self.names.global(name), Some(Known::Imported(_))) {
            return;
        }
        self.names.declare(name, Known::Imported(symbol.clone()));
        if passed_on {
            self.alias(&self.module.name.join(name), symbol.clone());
        }
    }

    fn alias(&mut self, name: &Symbol, target: Symbol) {
        if *name != target {
            self.module.aliases.push(Alias { name: name.clone(), target: Type::Named(target, Vec::new()) });
        }
    }
}
