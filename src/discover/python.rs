//! Folders from which Python code imports its own modules.
//!
//! Nothing declares them: the interpreter is started with a folder, or a build tool installs one. They
//! are told from packages (folders with an `__init__.py`, imported from the folder above the outermost
//! one), from projects, and from what modules beside each other import.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{ancestors, join, parent};
use crate::model::source::{Language, Package, is_inside};

/// What is known of one folder with Python code.
#[derive(Default)]
struct Folder<'t> {
    /// It is a package.
    is_package: bool,
    /// What can be imported from it: its modules, and the folders below it.
    offers: BTreeSet<&'t str>,
    texts: Vec<&'t str>,
}

/// The import roots of some code, as packages without a name.
pub(super) fn roots<'t>(
    code: impl Iterator<Item = (&'t str, &'t str)>,
    projects: &BTreeSet<String>,
) -> impl Iterator<Item = Package> {
    let mut folders: BTreeMap<&str, Folder<'_>> = BTreeMap::new();
    for (path, text) in code {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let folder = folders.entry(parent(path)).or_default();
        folder.is_package |= stem == "__init__";
        folder.offers.insert(stem);
        folder.texts.push(text);
        let mut below = parent(path);
        while !below.is_empty() {
            let above = folders.entry(parent(below)).or_default();
            if !above.offers.insert(below.rsplit('/').next().unwrap_or(below)) {
                break;
            }
            below = parent(below);
        }
    }
    let tree = Tree { folders, projects };
    let with_code = tree.folders.iter().filter(|(_, folder)| !folder.texts.is_empty());
    let roots: BTreeSet<String> = with_code.map(|(path, _)| tree.root_of(path)).collect();
    roots.into_iter().map(|path| Package { language: Language::Python, path, name: String::new() })
}

struct Tree<'t> {
    folders: BTreeMap<&'t str, Folder<'t>>,
    projects: &'t BTreeSet<String>,
}

impl Tree<'_> {
    /// The folder that modules in `path` are imported from.
    fn root_of(&self, path: &str) -> String {
        if let Some(package) = self.outermost_package(path) {
            return parent(package).to_owned();
        }
        let project = ancestors_and_self(path).find(|folder| self.projects.contains(*folder)).unwrap_or("");
        let inside = || ancestors_and_self(path).take_while(|folder| is_inside(folder, project));
        if let Some(folder) = inside().find(|folder| *folder != project && self.is_imported_from(folder)) {
            return folder.to_owned();
        }
        let sources = join(project, "src");
        if is_inside(path, &sources) && !self.is_imported(project, "src") { sources } else { project.to_owned() }
    }

    /// The outermost of the packages within each other that a folder is or lies in.
    fn outermost_package<'p>(&self, path: &'p str) -> Option<&'p str> {
        let mut outermost = ancestors_and_self(path).find(|folder| self.is_package(folder))?;
        while !outermost.is_empty() && self.is_package(parent(outermost)) {
            outermost = parent(outermost);
        }
        Some(outermost)
    }

    fn is_package(&self, path: &str) -> bool {
        self.folders.get(path).is_some_and(|folder| folder.is_package)
    }

    /// Whether modules in a folder import others in it by their bare names.
    fn is_imported_from(&self, path: &str) -> bool {
        let Some(folder) = self.folders.get(path).filter(|folder| !folder.is_package) else { return false };
        folder.texts.iter().any(|text| imported(text).any(|name| folder.offers.contains(name)))
    }

    /// Whether some module directly in a folder imports a name.
    fn is_imported(&self, path: &str, name: &str) -> bool {
        let below = self.folders.iter().filter(|(folder, _)| is_inside(folder, path));
        below.flat_map(|(_, folder)| &folder.texts).any(|text| imported(text).any(|found| found == name))
    }
}

/// A folder and those above it, the innermost first.
fn ancestors_and_self(path: &str) -> impl Iterator<Item = &str> {
    std::iter::once(path).chain(ancestors(path).filter(move |folder| *folder != path))
}

/// The first segments of the modules that a text imports, relative imports left out.
fn imported(text: &str) -> impl Iterator<Item = &str> {
    let named = text.lines().filter_map(|line| {
        let line = line.trim_start();
        line.strip_prefix("import ").or_else(|| line.strip_prefix("from ")).map(str::trim_start)
    });
    named
        .filter_map(|rest| rest.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roots_of(files: &[(&str, &str)], projects: &[&str]) -> Vec<String> {
        let projects = projects.iter().map(|project| (*project).to_owned()).collect();
        roots(files.iter().copied(), &projects).map(|package| package.path).collect()
    }

    #[test]
    fn packages_are_imported_from_the_folder_above_them() {
        let files = [("a/src/shop/__init__.py", ""), ("a/src/shop/api/__init__.py", ""), ("a/src/shop/api/x.py", "")];
        assert_eq!(roots_of(&files, &["a"]), ["a/src"]);
        let files = [("a/shop/__init__.py", ""), ("a/shop/data/x.py", "")];
        assert_eq!(roots_of(&files, &["a"]), ["a"]);
    }

    #[test]
    fn scripts_are_imported_from_their_project() {
        let files = [("svc/main.py", "from app.db import x\n"), ("svc/app/db.py", "import os\n")];
        assert_eq!(roots_of(&files, &["svc"]), ["svc"]);
        let files = [("svc/src/main.py", ""), ("svc/src/app/db.py", "")];
        assert_eq!(roots_of(&files, &["svc"]), ["svc/src"]);
        let files = [("svc/src/main.py", "from src.app import db\n"), ("svc/src/app/db.py", "")];
        assert_eq!(roots_of(&files, &["svc"]), ["svc"]);
    }

    #[test]
    fn modules_that_import_each_other_by_bare_names_are_a_root() {
        let files = [
            ("services/a/main.py", "import client\n"),
            ("services/a/client.py", ""),
            ("services/b/main.py", "if x:\n    from client import y\n"),
            ("services/b/client/y.py", ""),
        ];
        assert_eq!(roots_of(&files, &[]), ["services/a", "services/b"]);
    }
}
