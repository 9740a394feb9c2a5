//! What build files say of the project they stand in: its name, and what its code is imported as.
//!
//! Each is read only as far as that needs. No build is understood in full, and a file that is
//! broken still marks its folder as a project.

use crate::model::source::Language;

/// A build file that marks a folder as a project; the first of a folder gives it its name. Beside another one,
/// `package.json` mostly builds what is shown in a browser, and has any name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `go.mod`
    GoMod,
    /// `Cargo.toml`
    Cargo,
    /// `pom.xml`
    Pom,
    /// `build.gradle`, `build.gradle.kts`
    Gradle,
    /// `*.csproj`
    CsProj,
    /// `pyproject.toml`
    PyProject,
    /// `package.json`
    PackageJson,
    /// `requirements.txt`
    Requirements,
}

impl Kind {
    /// The kind of a file by its name.
    pub(super) fn of(name: &str) -> Option<Self> {
        let kind = match name {
            "go.mod" => Self::GoMod,
            "Cargo.toml" => Self::Cargo,
            "package.json" => Self::PackageJson,
            "pyproject.toml" => Self::PyProject,
            "pom.xml" => Self::Pom,
            "build.gradle" | "build.gradle.kts" => Self::Gradle,
            "requirements.txt" => Self::Requirements,
            _ => return name.strip_suffix(".csproj").filter(|stem| !stem.is_empty()).map(|_| Self::CsProj),
        };
        Some(kind)
    }

    /// Whether a later stage reads its text.
    pub(super) const fn is_kept(self) -> bool {
        matches!(self, Self::GoMod | Self::Cargo)
    }
}

/// What a build file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Project {
    /// The project's own name, without what only says where it is kept; `None`: as its folder.
    pub(super) name: Option<String>,
    /// It is a project on its own, not only a list of others or a marker for tools.
    pub(super) stands_alone: bool,
    /// What its code is imported as: Go module path, or Rust crate name.
    pub(super) package: Option<(Language, String)>,
}

/// Reads a build file.
pub(super) fn read(kind: Kind, file_name: &str, text: &str) -> Project {
    let named = |name: Option<&str>| Project { name: name.map(str::to_owned), stands_alone: true, package: None };
    match kind {
        Kind::GoMod => go_mod(text),
        Kind::Cargo => cargo(text),
        Kind::PackageJson => package_json(text),
        Kind::PyProject => {
            let toml = Toml::read(text);
            named(toml.get("project.name").or_else(|| toml.get("tool.poetry.name")))
        }
        Kind::Pom => named(artifact_id(text)),
        Kind::CsProj => named(file_name.strip_suffix(".csproj")),
        Kind::Gradle | Kind::Requirements => named(None),
    }
}

fn go_mod(text: &str) -> Project {
    let module = text.lines().find_map(|line| {
        let line = line.split("//").next().unwrap_or_default().trim();
        let path = line.strip_prefix("module")?;
        path.starts_with(char::is_whitespace).then(|| path.trim().trim_matches(['"', '`']))
    });
    let Some(module) = module.filter(|path| !path.is_empty()) else {
        return Project { stands_alone: true, ..Project::default() };
    };
    Project {
        name: Some(last_of_module(module).to_owned()),
        stands_alone: true,
        package: Some((Language::Go, module.to_owned())),
    }
}

/// `example.com/team/profile/v2` is `profile`.
fn last_of_module(module: &str) -> &str {
    let is_major = |part: &str| {
        part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    };
    let (rest, last) = module.rsplit_once('/').unwrap_or(("", module));
    if is_major(last) && !rest.is_empty() { rest.rsplit('/').next().unwrap_or(rest) } else { last }
}

fn cargo(text: &str) -> Project {
    let toml = Toml::read(text);
    let name = toml.get("package.name");
    let crate_name = toml.get("lib.name").or(name).map(|name| name.replace('-', "_"));
    Project {
        name: name.map(str::to_owned),
        stands_alone: name.is_some() || !toml.has_table("workspace"),
        package: name.and(crate_name).map(|name| (Language::Rust, name)),
    }
}

fn package_json(text: &str) -> Project {
    let name = serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|package| package.get("name")?.as_str().map(str::to_owned))
        .filter(|name| !name.is_empty());
    Project {
        // `@acme/profile` is `profile`. A name with blanks is a title, and none that npm takes
        // (docs.npmjs.com/cli/v11/configuring-npm/package-json, "name").
        name: name
            .as_deref()
            .filter(|name| !name.contains(char::is_whitespace))
            .map(|name| name.rsplit('/').next().unwrap_or(name).to_owned()),
        // Nameless ones only say how Node is to load the folder.
        stands_alone: name.is_some(),
        package: name.map(|name| (Language::TypeScript, name)),
    }
}

/// The text of `<artifactId>` right below `<project>`: those of the parent and of dependencies
/// stand deeper.
fn artifact_id(text: &str) -> Option<&str> {
    let mut depth = 0usize;
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        rest = rest.get(start + 1..)?;
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->")?.1;
            continue;
        }
        let (tag, after) = rest.split_once('>')?;
        rest = after;
        if tag.starts_with(['?', '!']) || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
            continue;
        }
        depth += 1;
        if depth == 2 && tag == "artifactId" {
            return after.split('<').next().map(str::trim).filter(|name| !name.is_empty());
        }
    }
    None
}

/// The string values of a TOML file, by `table.key`. Of the language only what names need is
/// understood: tables, and keys with a string on one line.
#[derive(Debug, Default)]
struct Toml<'a> {
    strings: Vec<(String, &'a str)>,
    tables: Vec<String>,
}

impl<'a> Toml<'a> {
    fn read(text: &'a str) -> Self {
        let mut toml = Self::default();
        let mut table = String::new();
        let mut in_long_string = false;
        for line in text.lines().map(str::trim) {
            let long_quotes = line.matches("\"\"\"").count() + line.matches("'''").count();
            let inside = in_long_string;
            in_long_string ^= long_quotes % 2 == 1;
            if inside || line.starts_with('#') {
                continue;
            }
            if let Some(header) = line.strip_prefix('[') {
                table = header.split(']').next().map(bare).unwrap_or_default();
                toml.tables.push(table.clone());
            } else if let Some((key, value)) = line.split_once('=') {
                let path = if table.is_empty() { bare(key) } else { format!("{table}.{}", bare(key)) };
                toml.strings.extend(string(value.trim()).map(|value| (path, value)));
            }
        }
        toml
    }

    fn get(&self, path: &str) -> Option<&'a str> {
        self.strings.iter().find(|(key, _)| key == path).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }

    fn has_table(&self, name: &str) -> bool {
        self.tables.iter().any(|table| table.split('.').next() == Some(name))
    }
}

/// A key or table name without blanks and quotes.
fn bare(key: &str) -> String {
    key.chars().filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'')).collect()
}

fn string(value: &str) -> Option<&str> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(kind: Kind, text: &str) -> Option<String> {
        read(kind, "x", text).name
    }

    #[test]
    fn a_go_module_is_named_by_the_last_part_of_its_path() {
        let project =
            read(Kind::GoMod, "go.mod", "// about\nmodule \"example.com/team/profile/v2\" // why\n\ngo 1.22\n");
        assert_eq!(project.name.as_deref(), Some("profile"));
        assert_eq!(project.package, Some((Language::Go, "example.com/team/profile/v2".into())));
        assert_eq!(name_of(Kind::GoMod, "module v2\n").as_deref(), Some("v2"));
        assert_eq!(name_of(Kind::GoMod, "modules x\n"), None);
    }

    #[test]
    fn a_crate_is_imported_by_its_library_name() {
        let plain = read(Kind::Cargo, "Cargo.toml", "[package]\nname = \"age-service\" # it\n");
        assert_eq!(plain.package, Some((Language::Rust, "age_service".into())));
        let renamed = read(Kind::Cargo, "Cargo.toml", "[ package ]\nname='a'\n[lib]\nname = \"b-c\"\n");
        assert_eq!((renamed.name.as_deref(), renamed.package), (Some("a"), Some((Language::Rust, "b_c".into()))));
    }

    #[test]
    fn a_workspace_is_no_project_but_a_broken_manifest_is() {
        assert!(!read(Kind::Cargo, "Cargo.toml", "[workspace]\nmembers = [\"a\"]\n").stands_alone);
        assert!(!read(Kind::Cargo, "Cargo.toml", "[workspace.package]\nname = \"no\"\n").stands_alone);
        assert!(read(Kind::Cargo, "Cargo.toml", "[workspace]\n[package]\nname = \"a\"\n").stands_alone);
        assert!(read(Kind::Cargo, "Cargo.toml", "}{").stands_alone);
    }

    #[test]
    fn names_inside_other_tables_and_long_strings_do_not_count() {
        let text =
            "[package]\ndescription = \"\"\"\nname = \"no\"\n[lib]\n\"\"\"\nname = \"yes\"\n[[bin]]\nname = \"bin\"\n";
        assert_eq!(name_of(Kind::Cargo, text).as_deref(), Some("yes"));
        assert_eq!(name_of(Kind::PyProject, "[tool.poetry]\nname = \"py\"\n").as_deref(), Some("py"));
    }

    #[test]
    fn an_artifact_id_of_the_parent_or_of_a_dependency_is_not_taken() {
        let pom = "<?xml version='1.0'?><!-- <artifactId>c</artifactId> --><project a='b'><parent>\
                   <artifactId>p</artifactId></parent><x/><artifactId> own </artifactId><dependencies>\
                   <dependency><artifactId>d</artifactId></dependency></dependencies></project>";
        assert_eq!(name_of(Kind::Pom, pom).as_deref(), Some("own"));
        assert_eq!(name_of(Kind::Pom, "<project><parent><artifactId>p</artifactId>"), None);
    }

    #[test]
    fn a_package_without_a_name_is_a_marker_for_tools() {
        let project = read(Kind::PackageJson, "package.json", r#"{"name": "@acme/web"}"#);
        assert_eq!(project.name.as_deref(), Some("web"));
        assert_eq!(project.package, Some((Language::TypeScript, "@acme/web".into())));
        assert!(!read(Kind::PackageJson, "package.json", r#"{"type": "module"}"#).stands_alone);
        let titled = read(Kind::PackageJson, "package.json", r#"{"name": "Acme :: Web Shop"}"#);
        assert_eq!((titled.name, titled.stands_alone), (None, true));
    }
}
