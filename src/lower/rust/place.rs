//! From the path of a file to the name of its module, by the rules of Cargo and Rust.

use crate::model::ir::Symbol;
use crate::model::source::{Language, Workspace};

/// Where a file stands in its crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What `crate` stands for.
    pub(super) root: Symbol,
    /// The file's own module.
    pub(super) module: Symbol,
    /// The folder in which `#[path]` is looked up, relative like the path of the file.
    folder: String,
}

/// The place of the file at `path`.
pub(super) fn place(path: &str, workspace: &Workspace) -> Place {
    let (krate, inside) = krate(path, workspace);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let inside = inside.strip_suffix(".rs").unwrap_or(inside);
    let parts: Vec<&str> = inside.split('/').filter(|part| !part.is_empty()).collect();
    let (root, rest) = target(&krate, &parts);
    let rest = rest.strip_suffix(&["mod"]).unwrap_or(rest);
    let module = rest.iter().fold(root.clone(), |module, part| module.join(part));
    Place { root, module, folder }
}

impl Place {
    /// The name under which the file of `#[path = "relative"]` is lowered.
    pub(super) fn at_path(&self, relative: &str, workspace: &Workspace) -> Option<Symbol> {
        let mut parts: Vec<&str> = self.folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in relative.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        Some(place(&parts.join("/"), workspace).module)
    }
}

/// The crate's name and the path inside its folder. Without a `Cargo.toml` in sight, the folder
/// around `src` gives the name.
fn krate<'p>(path: &'p str, workspace: &Workspace) -> (String, &'p str) {
    if let Some(package) = workspace.package_of(path, Language::Rust) {
        let inside = path.strip_prefix(package.path.as_str()).unwrap_or(path);
        return (package.name.clone(), inside.trim_start_matches('/'));
    }
    let Some((before, inside)) =
        path.rsplit_once("src/").filter(|(before, _)| before.is_empty() || before.ends_with('/'))
    else {
        return ("crate".to_owned(), path);
    };
    let name = before.trim_end_matches('/').rsplit('/').next().unwrap_or_default().replace('-', "_");
    let name = if name.is_empty() { "crate".to_owned() } else { name };
    let source = path.len() - inside.len() - "src/".len();
    (name, path.get(source..).unwrap_or(inside))
}

/// The root module of the target that a file belongs to, and what is left of its path. Binaries,
/// tests, examples and benches are crates of their own.
fn target<'p, 's>(krate: &str, parts: &'p [&'s str]) -> (Symbol, &'p [&'s str]) {
    let root = Symbol::new(krate);
    match parts {
        ["src", "bin", name, "main"] => (root.join("bin").join(name), &[]),
        ["src", "bin", name, rest @ ..] => (root.join("bin").join(name), rest),
        ["src", "lib" | "main"] | ["lib" | "main"] => (root, &[]),
        [kind @ ("tests" | "examples" | "benches"), name, "main"] => (root.join(kind).join(name), &[]),
        [kind @ ("tests" | "examples" | "benches"), name, rest @ ..] => (root.join(kind).join(name), rest),
        ["src", rest @ ..] | rest => (root, rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Package;

    fn names(path: &str) -> (String, String) {
        let package =
            |path: &str, name: &str| Package { language: Language::Rust, path: path.into(), name: name.into() };
        let packages = vec![package("services/core-api", "core_api"), package("", "top")];
        let place = place(path, &Workspace { packages, ..Workspace::default() });
        (place.root.to_string(), place.module.to_string())
    }

    #[test]
    fn modules_are_named_by_the_rules_of_rust() {
        for (path, root, module) in [
            ("services/core-api/src/lib.rs", "core_api", "core_api"),
            ("services/core-api/src/main.rs", "core_api", "core_api"),
            ("services/core-api/src/a.rs", "core_api", "core_api::a"),
            ("services/core-api/src/a/mod.rs", "core_api", "core_api::a"),
            ("services/core-api/src/a/b.rs", "core_api", "core_api::a::b"),
            ("services/core-api/src/bin/tool.rs", "core_api::bin::tool", "core_api::bin::tool"),
            ("services/core-api/src/bin/tool/main.rs", "core_api::bin::tool", "core_api::bin::tool"),
            ("services/core-api/src/bin/tool/args.rs", "core_api::bin::tool", "core_api::bin::tool::args"),
            ("services/core-api/tests/api.rs", "core_api::tests::api", "core_api::tests::api"),
            ("services/core-api/tests/common/mod.rs", "core_api::tests::common", "core_api::tests::common"),
            ("services/core-api/examples/x.rs", "core_api::examples::x", "core_api::examples::x"),
            ("services/core-api/build.rs", "core_api", "core_api::build"),
            ("src/gen/pb.rs", "top", "top::gen::pb"),
        ] {
            assert_eq!(names(path), (root.to_owned(), module.to_owned()), "{path}");
        }
    }

    #[test]
    fn without_a_manifest_the_folder_around_src_is_the_crate() {
        let place = place("repo/my-client/src/net/http.rs", &Workspace::default());
        assert_eq!(place.module.as_str(), "my_client::net::http");
        assert_eq!(super::place("x.rs", &Workspace::default()).module.as_str(), "crate::x");
    }

    #[test]
    fn a_path_attribute_names_the_file_it_points_to() {
        let place = place("app/src/a/mod.rs", &Workspace::default());
        assert_eq!(place.at_path("../gen/pb.rs", &Workspace::default()).unwrap().as_str(), "app::gen::pb");
        assert!(place.at_path("../../../../x.rs", &Workspace::default()).is_none());
    }
}
