//! Names that a module has of another one because it takes all that are there: `use a::*`, `using A;`.

use std::collections::BTreeSet;

use super::{MAX_NAME, MAX_PASSED_ON, Program};
use crate::model::ir::Symbol;
use crate::model::source::Language;

impl<'a> Program<'a> {
    /// A name that a module has by a glob import: `module::*` stands for `target::*`. It counts only
    /// where the module has no such name itself and the target really has it, by declaration or as a
    /// descriptor says.
    pub(super) fn resolve_glob(&self, symbol: &Symbol) -> Option<Symbol> {
        let text = symbol.as_str();
        if self.is_declared(text) {
            return None;
        }
        text.match_indices("::").find_map(|(cut, _)| {
            let (module, rest) = (text.get(..cut)?, text.get(cut..)?);
            let targets = self.globs.get(module)?;
            let candidates = || {
                let named = targets.iter().map(|target| Symbol::new(format!("{target}{rest}")));
                named.filter(|symbol| symbol.as_str().len() < MAX_NAME)
            };
            let first = rest.trim_start_matches(':').split("::").next().unwrap_or_default();
            let is_declared = |candidate: &Symbol| {
                // A module that has the name from here itself says nothing of it: `use crate::Client` in a module
                // whose names are all passed on.
                self.is_declared(candidate.as_str()) || self.is_passed_on(candidate, symbol)
            };
            let declared = || candidates().find(is_declared);
            let knows = |symbol: &Symbol| self.libraries.knows(symbol.as_str());
            let opens =
                |target: &&str| self.opened_by(target).any(|inner| knows(&Symbol::new(format!("{inner}{rest}"))));
            let through =
                || targets.iter().find(|target| opens(target)).map(|target| Symbol::new(format!("{target}{rest}")));
            let known = || candidates().find(knows).or_else(through);
            let by_own = self.segments.contains(first).then(declared).flatten();
            let by_library = || self.libraries.has_segment(first).then(known).flatten();
            // Generated modules are known by their names alone: `from .orders_pb2 import *`. What opens namespaces
            // alone has the stub `Orders.OrdersClient` of an opened one by its outer type: `using Net.Smtp` makes
            // no stub of the class `SmtpClient` in it.
            let is_inside = self.opens_namespaces() && first.len() + "::".len() == rest.len();
            let is_stub = |name: &str| !is_inside && self.libraries.stub_type(name).is_some();
            let is_generated = |name: &str| self.libraries.is_message(name) || is_stub(name);
            let by_name = || {
                let unlike = !is_generated(text);
                unlike.then(|| candidates().find(|symbol| is_generated(symbol.as_str()))).flatten()
            };
            by_own.or_else(by_library).or_else(by_name)
        })
    }

    /// Whether a module passes on a name that another one declares: by that name, or all names of it.
    /// Namespaces may open each other in circles, so each name is looked at once, and the one that is asked for not at all.
    fn is_passed_on(&self, symbol: &Symbol, asked: &Symbol) -> bool {
        let mut seen = BTreeSet::from([symbol.clone(), asked.clone()]);
        let mut waiting = vec![symbol.clone()];
        while let Some(symbol) = waiting.pop() {
            let alias = self.aliases.get(&symbol).and_then(|target| target.symbol()).cloned();
            let opened = self.globs.get(symbol.parent()).into_iter().flatten();
            let below = opened.map(|target| Symbol::new(format!("{target}::{}", symbol.name())));
            for next in alias.into_iter().chain(below) {
                if self.is_declared(next.as_str()) {
                    return true;
                }
                if next.as_str().len() < MAX_NAME && seen.len() < MAX_PASSED_ON && seen.insert(next.clone()) {
                    waiting.push(next);
                }
            }
        }
        false
    }

    /// The namespaces that one opens in turn, as `global using` does for all files of a project.
    fn opened_by(&self, namespace: &str) -> impl Iterator<Item = &'a str> {
        self.globs.get(namespace).into_iter().flatten().copied()
    }

    /// Whether the language opens namespaces, and no types, where it opens all names of something; what it opens of
    /// types, its front end resolves.
    fn opens_namespaces(&self) -> bool {
        self.modules.first().is_some_and(|module| module.language == Language::CSharp)
    }
}
