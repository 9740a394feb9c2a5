//! Which name means what: imports, local variables, names of the package.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::ir::Symbol;

/// Names that the language declares itself.
const BUILTINS: [&str; 18] = [
    "append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make", "max", "min", "new",
    "panic", "print", "println", "real", "recover",
];

/// The names that can be seen at a place of a file.
pub(super) struct Names {
    package: Symbol,
    /// Import paths by the name they are used under.
    imports: BTreeMap<String, String>,
    /// Import paths whose package may have any name (`go-redis`, `yaml.v3`).
    unnamed: Vec<String>,
    /// Packages whose names are used without a qualifier.
    dotted: Vec<String>,
    scopes: Vec<BTreeSet<Arc<str>>>,
    type_params: Vec<BTreeSet<Arc<str>>>,
}

/// What an identifier stands for.
pub(super) enum Meaning {
    Local(Arc<str>),
    Global(Symbol),
}

impl Names {
    pub(super) fn new(package: Symbol) -> Self {
        Self {
            package,
            imports: BTreeMap::new(),
            unnamed: Vec::new(),
            dotted: Vec::new(),
            scopes: Vec::new(),
            type_params: Vec::new(),
        }
    }

    pub(super) const fn package(&self) -> &Symbol {
        &self.package
    }

    /// `import name "path"`.
    pub(super) fn import(&mut self, name: Option<&str>, path: &str) {
        match name {
            Some("_") => {}
            Some(".") => self.dotted.push(path.to_owned()),
            Some(name) => {
                self.imports.insert(name.to_owned(), path.to_owned());
            }
            None => {
                self.imports.entry(default_name(path).to_owned()).or_insert_with(|| path.to_owned());
                self.unnamed.push(path.to_owned());
            }
        }
    }

    /// The import path that a qualifier stands for. A package may be named differently from the last
    /// element of its path; then the import whose path contains the name is the one.
    pub(super) fn imported(&self, name: &str) -> Option<&str> {
        if self.is_local(name) {
            return None;
        }
        if let Some(path) = self.imports.get(name) {
            return Some(path);
        }
        let folded = fold(name);
        let last = |path: &&String| fold(default_name(path)).contains(&folded);
        self.unnamed.iter().find(last).map(String::as_str)
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

    pub(super) fn push_type_params(&mut self, params: &[Arc<str>]) {
        self.type_params.push(params.iter().cloned().collect());
    }

    pub(super) fn pop_type_params(&mut self) {
        self.type_params.pop();
    }

    pub(super) fn is_type_param(&self, name: &str) -> bool {
        self.type_params.iter().any(|params| params.contains(name))
    }

    /// What a name without a qualifier stands for.
    pub(super) fn resolve(&self, name: &str) -> Meaning {
        if self.is_local(name) {
            return Meaning::Local(Arc::from(name));
        }
        if BUILTINS.contains(&name) {
            return Meaning::Global(Symbol::new(format!("builtin::{name}")));
        }
        Meaning::Global(self.of_package(name))
    }

    /// A name of this package, or of one that is imported with a dot.
    pub(super) fn of_package(&self, name: &str) -> Symbol {
        match self.dotted.as_slice() {
            [only] if name.starts_with(char::is_uppercase) => Symbol::new(format!("{only}::{name}")),
            _ => self.package.join(name),
        }
    }
}

/// The name that a package most likely has: the last element of its path, without a version.
fn default_name(path: &str) -> &str {
    let mut elements = path.rsplit('/');
    let last = elements.next().unwrap_or(path);
    let is_version = last
        .strip_prefix('v')
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()));
    let last = if is_version { elements.next().unwrap_or(last) } else { last };
    // `gopkg.in/yaml.v3`
    let last = last.rsplit_once(".v").map_or(last, |(name, _)| name);
    last.strip_prefix("go-").or_else(|| last.strip_suffix("-go")).or_else(|| last.strip_suffix(".go")).unwrap_or(last)
}

fn fold(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_named_by_the_last_element_of_their_path() {
        for (path, name) in [
            ("net/http", "http"),
            ("github.com/cenkalti/backoff/v4", "backoff"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("github.com/avast/retry-go/v4", "retry"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
        ] {
            assert_eq!(default_name(path), name, "{path}");
        }
    }

    #[test]
    fn a_local_variable_hides_a_package() {
        let mut names = Names::new(Symbol::new("a"));
        names.import(None, "net/url");
        assert_eq!(names.imported("url"), Some("net/url"));
        names.push_scope();
        names.declare(&Arc::from("url"));
        assert_eq!(names.imported("url"), None);
    }

    #[test]
    fn a_package_that_is_named_differently_is_found_by_its_path() {
        let mut names = Names::new(Symbol::new("a"));
        names.import(None, "example.com/hello-world-go");
        assert_eq!(names.imported("helloworld"), Some("example.com/hello-world-go"));
    }
}
