//! What the path of a file says of its module.

use crate::model::ir::Symbol;
use crate::model::source::{Language, SourceFile, Workspace};

/// The name that a module is imported by: its path from its import root.
pub(super) fn name(file: &SourceFile, workspace: &Workspace) -> Symbol {
    let root = workspace.package_of(&file.path, Language::Python).map_or("", |package| &package.path);
    let below = file.path.strip_prefix(root).unwrap_or(&file.path).trim_start_matches('/');
    let path = below.rsplit_once('.').map_or(below, |(path, _)| path);
    let path = path.strip_suffix("__init__").map_or(path, |folder| folder.trim_end_matches('/'));
    if path.is_empty() { Symbol::new("__init__") } else { Symbol::new(path.replace('/', "::")) }
}

/// Whether a file is the module that its folder is.
pub(super) fn is_package(name: &str) -> bool {
    matches!(name, "__init__.py" | "__init__.pyi")
}

/// Names that the generators of protobuf code give.
pub(super) fn is_generated(name: &str) -> bool {
    let Some((stem, _)) = name.rsplit_once('.') else { return false };
    ["_pb2", "_pb2_grpc", ".pb2"].iter().any(|end| stem.ends_with(end))
}

/// Names by which test runners find tests.
pub(super) fn is_test(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(".py") else { return false };
    stem == "conftest" || stem.starts_with("test_") || stem.ends_with("_test")
}

/// The module that `from <dots><module> import x` names.
pub(super) fn relative(own: &Symbol, is_package: bool, dots: u32, module: Option<&str>) -> Symbol {
    let mut segments: Vec<&str> = own.as_str().split("::").collect();
    // One dot is the own package: the module itself, if it is one.
    let up = dots as usize - usize::from(is_package && dots > 0);
    segments.truncate(segments.len().saturating_sub(up));
    if dots == 0 {
        segments.clear();
    }
    segments.extend(module.into_iter().flat_map(|module| module.split('.')).filter(|part| !part.is_empty()));
    Symbol::new(segments.join("::"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, Package, Revision};

    fn named(path: &str) -> String {
        let package = Package { language: Language::Python, path: "svc/src".into(), name: String::new() };
        let workspace = Workspace { packages: vec![package], ..Workspace::default() };
        let file = SourceFile::new(path, Revision::Head, FileKind::Code(Language::Python), "");
        name(&file, &workspace).to_string()
    }

    #[test]
    fn a_module_is_named_by_its_path_from_its_import_root() {
        assert_eq!(named("svc/src/shop/api/client.py"), "shop::api::client");
        assert_eq!(named("svc/src/shop/__init__.py"), "shop");
        assert_eq!(named("svc/src/__init__.py"), "__init__");
        assert_eq!(named("tools/run.py"), "tools::run");
        assert_eq!(named("tools/demo.pb2.pyi"), "tools::demo.pb2");
    }

    #[test]
    fn dots_go_up_from_the_own_package() {
        let module = Symbol::new("shop::api::client");
        let at = |is_package, dots, name| relative(&module, is_package, dots, name).to_string();
        assert_eq!(at(false, 0, Some("a.b")), "a::b");
        assert_eq!(at(false, 1, Some("a.b")), "shop::api::a::b");
        assert_eq!(at(false, 2, None), "shop");
        assert_eq!(at(true, 1, Some("a")), "shop::api::client::a");
        assert_eq!(at(true, 2, None), "shop::api");
        assert_eq!(at(false, 9, Some("a")), "a");
    }
}
