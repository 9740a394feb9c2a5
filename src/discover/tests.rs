//! What discovery finds in workspaces that hold one difficulty each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::civil::date;
use tempfile::TempDir;

use super::{Discovered, add_base, discover};
use crate::model::map::Confidence;
use crate::model::problem::ProblemKind;
use crate::model::settings::{IdentitySettings, Policy, ServiceSettings, Settings};
use crate::model::source::{FileKind, Language, Revision, SourceFile};

const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n";

fn settings() -> Settings {
    Settings {
        services: Vec::new(),
        identity: IdentitySettings { headers: Vec::new(), metadata: Vec::new(), required: false },
        policy: Policy { classes: std::collections::BTreeMap::new(), sanitizers: Vec::new() },
        marks: crate::model::settings::MarkPatterns::default(),
        protobuf: crate::model::settings::ProtobufSettings::default(),
        levels: std::collections::BTreeMap::new(),
        retry_amplification: 10,
        sunset_notice_days: 90,
        libraries: Vec::new(),
        accepted: Vec::new(),
        ignore: Vec::new(),
        min_confidence: Confidence::Likely,
        min_level: crate::model::finding::Level::Warning,
        include_tests: false,
        today: date(2026, 1, 1),
    }
}

/// A temporary workspace.
struct Tree(TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn roots(&self, paths: &[&str]) -> Vec<PathBuf> {
        paths.iter().map(|path| self.path(path)).collect()
    }

    fn discover(&self) -> Discovered {
        discover(&self.roots(&[""]), &settings())
    }

    fn git(&self, folder: &str, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
            .args(["-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .current_dir(self.path(folder))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, folder: &str) {
        self.git(folder, &["init", "-q"]);
        self.git(folder, &["add", "-A", "-f"]);
        self.git(folder, &["commit", "-q", "-m", "a state"]);
    }

    fn against(&self, roots: &[&str], against: &str) -> Discovered {
        let roots = self.roots(roots);
        let mut found = discover(&roots, &settings());
        add_base(&mut found, against, &roots, &settings());
        found
    }
}

fn paths(found: &Discovered, revision: Revision) -> Vec<&str> {
    let of_side = found.sources.iter().filter(|(_, file)| file.revision == revision);
    of_side.map(|(_, file)| file.path.as_str()).collect()
}

fn head(found: &Discovered) -> Vec<&str> {
    paths(found, Revision::Head)
}

fn base(found: &Discovered) -> Vec<&str> {
    paths(found, Revision::Base)
}

fn file<'a>(found: &'a Discovered, path: &str) -> &'a SourceFile {
    found.sources.iter().map(|(_, file)| file).find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"))
}

fn service_of<'a>(found: &'a Discovered, path: &str) -> Option<&'a str> {
    file(found, path).service.map(|id| found.workspace.name(id))
}

fn problem_kinds(found: &Discovered) -> Vec<(Option<&str>, ProblemKind)> {
    found.problems.iter().map(|problem| (problem.path.as_deref(), problem.kind)).collect()
}

#[test]
fn files_belong_to_the_innermost_project() {
    let tree = Tree::new(&[
        ("go.mod", "module example.com/shop\n"),
        ("main.go", "package main\n"),
        ("services/age/Cargo.toml", "[package]\nname = \"age-service\"\n"),
        ("services/age/src/main.rs", "fn main() {}\n"),
        ("services/age/api/openapi.yaml", OPENAPI),
        ("services/Cargo.toml", "[workspace]\nmembers = [\"age\"]\n"),
        ("services/tool.go", "package tool\n"),
    ]);
    let found = tree.discover();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(service_of(&found, "services/age/src/main.rs"), Some("age-service"));
    assert_eq!(service_of(&found, "services/age/api/openapi.yaml"), Some("age-service"));
    assert_eq!(service_of(&found, "services/tool.go"), Some("shop"));
    let packages: Vec<_> = found.workspace.packages.iter().map(|it| (it.language, &*it.path, &*it.name)).collect();
    assert_eq!(packages, [(Language::Rust, "services/age", "age_service"), (Language::Go, "", "example.com/shop")]);
}

#[test]
fn several_roots_are_named_from_the_folder_above_them() {
    let tree = Tree::new(&[
        ("w/profile/go.mod", "module profile\n"),
        ("w/profile/main.go", "package main\n"),
        ("w/age/Cargo.toml", "[package]\nname = \"age\"\n"),
        ("w/age/src/lib.rs", ""),
        ("w/other/main.go", "package main\n"),
    ]);
    let found = discover(&tree.roots(&["w/profile", "w/age", "w/age/src"]), &settings());
    assert_eq!(head(&found), ["age/Cargo.toml", "age/src/lib.rs", "profile/go.mod", "profile/main.go"]);
    let services: Vec<_> = found.workspace.services.iter().map(|it| (&*it.path, &*it.name, &*it.repository)).collect();
    assert_eq!(services, [("age", "age", "age"), ("profile", "profile", "profile")]);
}

#[test]
fn a_repository_is_the_innermost_one_and_counts_without_a_project() {
    let tree = Tree::new(&[("mono/.git/HEAD", ""), ("mono/a/go.mod", "module a\n"), ("scripts/.git", "gitdir: x\n")]);
    let found = tree.discover();
    let services: Vec<_> = found.workspace.services.iter().map(|it| (&*it.path, &*it.repository)).collect();
    assert_eq!(services, [("mono/a", "mono"), ("scripts", "scripts")]);
}

#[test]
fn what_git_ignores_is_left_out_without_a_repository_too() {
    let tree = Tree::new(&[
        (".gitignore", "/target\n*.gen.rs\n"),
        ("target/debug/a.rs", ""),
        ("src/b.gen.rs", ""),
        ("src/a.rs", ""),
        (".hidden/openapi.yaml", OPENAPI),
    ]);
    assert_eq!(head(&tree.discover()), ["src/a.rs"]);
}

#[test]
fn what_the_configuration_ignores_is_left_out_from_every_anchor() {
    let tree = Tree::new(&[(".git/HEAD", ""), ("svc/old/a.rs", ""), ("svc/new/a.rs", ""), ("svc/x.go", "")]);
    let ignoring =
        |patterns: &[&str]| Settings { ignore: patterns.iter().map(ToString::to_string).collect(), ..settings() };
    let roots = tree.roots(&["svc"]);
    assert_eq!(head(&discover(&roots, &ignoring(&["svc/old/**"]))), ["new/a.rs", "x.go"]);
    assert_eq!(head(&discover(&roots, &ignoring(&["/old", "*.go"]))), ["new/a.rs"]);
}

#[test]
fn only_contracts_and_what_they_refer_to_are_kept_of_yaml_and_json() {
    let tree = Tree::new(&[
        ("api/openapi.yaml", "openapi: 3.0.0\npaths:\n  /a:\n    $ref: '../common/paths.yaml#/a'\n"),
        ("common/paths.yaml", "a:\n  $ref: \"deep/types.json#/T\"\n"),
        ("common/deep/types.json", "{}"),
        ("common/unused.yaml", "a: 1\n"),
        ("deploy.yaml", "kind: Service\n"),
        ("swagger.json", r#"{"info": {}, "swagger": "2.0"}"#),
    ]);
    let found = tree.discover();
    assert_eq!(head(&found), ["api/openapi.yaml", "common/deep/types.json", "common/paths.yaml", "swagger.json"]);
    assert!(found.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn a_reference_out_of_the_roots_is_not_read_and_said() {
    let tree = Tree::new(&[
        ("root/openapi.yaml", "openapi: 3.0.0\nx-a: {$ref: link/secret.yaml}\nx-b: {$ref: ../outside/secret.yaml}\n"),
        ("outside/secret.yaml", "secret: 1\n"),
    ]);
    std::os::unix::fs::symlink(tree.path("outside"), tree.path("root/link")).unwrap();
    let found = discover(&tree.roots(&["root"]), &settings());
    assert_eq!(head(&found), ["openapi.yaml"]);
    assert_eq!(
        problem_kinds(&found),
        [(Some("link"), ProblemKind::Note), (Some("openapi.yaml"), ProblemKind::Note)],
        "the link, and the reference through it"
    );
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_that_leads_in_a_circle_ends() {
    let tree = Tree::new(&[("a/b/main.go", "package main\n")]);
    std::os::unix::fs::symlink(tree.path("a"), tree.path("a/b/again")).unwrap();
    std::os::unix::fs::symlink("self.yaml", tree.path("self.yaml")).unwrap();
    let found = tree.discover();
    assert_eq!(head(&found), ["a/b/main.go"]);
    assert!(found.problems.is_empty());
}

#[cfg(unix)]
#[test]
fn a_reference_through_a_link_inside_the_roots_is_read_under_its_own_name() {
    let tree =
        Tree::new(&[("api/openapi.yaml", "openapi: 3.0.0\nx-a: {$ref: shared/t.yaml}\n"), ("common/t.yaml", "t: 1\n")]);
    std::os::unix::fs::symlink("../common", tree.path("api/shared")).unwrap();
    tree.commit("");
    let found = tree.against(&[""], "HEAD");
    assert_eq!(head(&found), ["api/openapi.yaml", "api/shared/t.yaml"]);
    assert_eq!(base(&found), head(&found));
}

#[test]
fn what_cannot_be_read_is_a_problem_and_loses_nothing_else() {
    let tree = Tree::new(&[("ok.go", "package ok\n")]);
    tree.write("latin.go", b"package caf\xE9\n");
    tree.write("latin.yaml", b"openapi: 3.0.0\n# caf\xE9\n");
    tree.write("data.json", b"{\"a\": \"\xE9\"}");
    tree.write("latin.proto", b"// \xE9\n");
    fs::File::create(tree.path("huge.rs")).unwrap().set_len(5 << 20).unwrap();
    fs::File::create(tree.path("huge.json")).unwrap().set_len(300 << 20).unwrap();
    let found = discover(&tree.roots(&["", "gone"]), &settings());
    assert_eq!(head(&found), ["ok.go"]);
    let problems = problem_kinds(&found);
    let of =
        |path: &str| problems.iter().find(|(at, _)| at.is_some_and(|at| at.ends_with(path))).map(|(_, kind)| *kind);
    assert_eq!(of("latin.go"), Some(ProblemKind::FileSkipped));
    assert_eq!(of("latin.yaml"), Some(ProblemKind::ContractUnreadable));
    assert_eq!(of("latin.proto"), Some(ProblemKind::ContractUnreadable));
    assert_eq!(of("huge.rs"), Some(ProblemKind::FileSkipped));
    assert_eq!(of("gone"), Some(ProblemKind::FileSkipped));
    assert_eq!(of("data.json"), None, "it does not concern us");
    let message = |path: &str| &found.problems.iter().find(|it| it.path.as_deref() == Some(path)).unwrap().message;
    assert_eq!(message("latin.go"), "not UTF-8, from byte 11 on");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_entered_is_a_problem() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::new(&[("ok.go", "package ok\n"), ("locked/a.go", "package a\n")]);
    fs::set_permissions(tree.path("locked"), fs::Permissions::from_mode(0o000)).unwrap();
    let readable = fs::read_dir(tree.path("locked")).is_ok();
    let found = tree.discover();
    fs::set_permissions(tree.path("locked"), fs::Permissions::from_mode(0o755)).unwrap();
    // Nothing is locked for root.
    if !readable {
        assert_eq!(problem_kinds(&found), [(Some("locked"), ProblemKind::FileSkipped)]);
    }
    assert!(head(&found).contains(&"ok.go"));
}

#[cfg(unix)]
#[test]
fn hostile_names_are_names_like_others() {
    let names = ["-rf.go", "a\nb.go", "with space.go", "é/日本.go", "$(x).go", "a\\b.go"];
    let tree = Tree::new(&names.map(|name| (name, "package a\n")));
    tree.write("-c.proto", "syntax = \"proto3\";\n");
    tree.write("new\nline.proto", "syntax = \"proto3\";\n");
    tree.commit("");
    let found = tree.against(&[""], "HEAD");
    for name in names {
        assert!(head(&found).contains(&name), "{name:?}");
    }
    assert_eq!(base(&found), ["-c.proto", "new\nline.proto"]);
}

#[test]
fn marks_tell_whose_hand_wrote_a_file() {
    let tree = Tree::new(&[
        (".gitattributes", "own.pb.go -linguist-generated\n"),
        (".git/HEAD", ""),
        ("a.pb.go", "package a\n"),
        ("own.pb.go", "package a\n"),
        ("a_test.go", "package a\n"),
        ("vendor/x/Cargo.toml", "[package]\nname = \"x\"\n"),
        ("vendor/x/src/lib.rs", ""),
    ]);
    let found = tree.discover();
    assert!(file(&found, "a.pb.go").provenance.generated);
    assert!(!file(&found, "own.pb.go").provenance.generated);
    assert!(file(&found, "a_test.go").provenance.test);
    assert!(file(&found, "vendor/x/src/lib.rs").provenance.vendored);
    assert_eq!(found.workspace.services.len(), 1, "a copy of somebody's crate is no service");
    assert_eq!(found.workspace.packages[0].name, "x");
}

fn service(name: &str, path: &str, contracts: &[&str]) -> ServiceSettings {
    let contracts = contracts.iter().map(ToString::to_string).collect();
    ServiceSettings { name: name.into(), path: path.into(), contracts, ..ServiceSettings::default() }
}

#[test]
fn configured_services_come_first_and_the_rest_is_found() {
    let tree = Tree::new(&[
        ("core/go.mod", "module core\n"),
        ("core/.gitignore", "/build\n"),
        ("core/tools/go.mod", "module tools\n"),
        ("core/build/api.txt", "openapi: 3.0.0\n"),
        ("core/other/Cargo.toml", "[package]\nname = \"kit\"\n"),
        ("beside/proto/a.proto", "syntax = \"proto3\";\n"),
        ("beside/api.yaml", OPENAPI),
        ("beside/go.mod", "module beside\n"),
    ]);
    let settings = Settings {
        services: vec![
            service("profile", "../beside", &["proto"]),
            service("kit", "tools", &["../build/api.txt"]),
            service("gone", "../gone", &["api.yaml"]),
        ],
        ..settings()
    };
    let found = discover(&tree.roots(&["core"]), &settings);
    let services: Vec<_> = found.workspace.services.iter().map(|it| (&*it.path, &*it.name)).collect();
    assert_eq!(services, [("beside", "profile"), ("core", "core"), ("core/other", "core/kit"), ("core/tools", "kit")]);
    assert_eq!(found.workspace.services[0].contracts, ["beside/proto"]);
    assert_eq!(found.workspace.services[3].contracts, ["core/build/api.txt"]);
    assert_eq!(file(&found, "core/build/api.txt").kind, FileKind::Yaml, "named, so neither ignored nor judged by name");
    assert_eq!(service_of(&found, "beside/proto/a.proto"), Some("profile"));
    assert_eq!(found.problems.len(), 1);
    assert_eq!(found.problems[0].kind, ProblemKind::ContractUnreadable);
    assert!(found.problems[0].message.contains("`gone`"));
}

#[test]
fn a_configured_contract_that_is_not_there_is_a_lost_contract() {
    let tree = Tree::new(&[("go.mod", "module a\n")]);
    let settings = Settings { services: vec![service("a", "", &["api.yaml"])], ..settings() };
    let found = discover(&tree.roots(&[""]), &settings);
    assert_eq!(problem_kinds(&found), [(Some("api.yaml"), ProblemKind::ContractUnreadable)]);
}

#[test]
fn two_runs_see_the_same() {
    let tree = Tree::new(&[]);
    for n in 0..200 {
        tree.write(&format!("s{}/f{n}.go", n % 7), "package a\n");
        tree.write(&format!("s{}/api{n}.yaml", n % 5), OPENAPI);
        tree.write(&format!("s{}/go.mod", n % 7), format!("module m{}\n", n % 3));
    }
    let seen = || {
        let found = tree.discover();
        let files: Vec<_> = found.sources.iter().map(|(_, file)| (file.path.clone(), file.service)).collect();
        format!("{files:?} {:?} {:?}", found.workspace, found.problems)
    };
    let first = seen();
    for _ in 0..5 {
        assert_eq!(seen(), first);
    }
    let found = tree.discover();
    assert!(head(&found).is_sorted());
}

#[test]
fn the_base_of_a_revision_is_read_without_touching_the_clone() {
    let tree = Tree::new(&[
        ("api/openapi.yaml", "openapi: 3.0.0\nx: {$ref: t.yaml}\n"),
        ("api/t.yaml", "old: 1\n"),
        ("api/gone.proto", "syntax = \"proto3\";\n"),
        ("deploy.yaml", "kind: x\n"),
        ("main.go", "package main\n"),
    ]);
    tree.commit("");
    fs::remove_file(tree.path("api/gone.proto")).unwrap();
    tree.write("api/t.yaml", "new: 1\n");
    tree.write("api/added.proto", "syntax = \"proto3\";\n");
    let index = fs::read(tree.path(".git/index")).unwrap();
    let found = tree.against(&[""], "HEAD");
    assert_eq!(base(&found), ["api/gone.proto", "api/openapi.yaml", "api/t.yaml"]);
    let old =
        found.sources.iter().map(|(_, file)| file).find(|it| it.revision == Revision::Base && it.path == "api/t.yaml");
    assert_eq!(&*old.unwrap().text, "old: 1\n");
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(fs::read(tree.path(".git/index")).unwrap(), index);
}

#[test]
fn any_syntax_of_a_revision_is_understood() {
    let tree = Tree::new(&[("a.proto", "syntax = \"proto3\";\n")]);
    tree.commit("");
    tree.write("b.proto", "syntax = \"proto3\";\n");
    tree.commit("");
    tree.git("", &["branch", "side"]);
    for revision in ["HEAD^1", "main~1", "HEAD~", ":/a state", "HEAD^{/a state}~1"] {
        let expected: &[&str] = if revision.starts_with(':') { &["a.proto", "b.proto"] } else { &["a.proto"] };
        assert_eq!(base(&tree.against(&[""], revision)), expected, "{revision}");
    }
    assert_eq!(base(&tree.against(&[""], "main~1...side")), ["a.proto"]);
}

#[test]
fn base_paths_are_head_paths_in_several_repositories_and_below_a_root() {
    let tree = Tree::new(&[
        ("one/api/a.proto", "syntax = \"proto3\";\n"),
        ("one/else/b.proto", "syntax = \"proto3\";\n"),
        ("two/c.proto", "syntax = \"proto3\";\n"),
    ]);
    tree.commit("one");
    tree.commit("two");
    let found = tree.against(&["one/api", "two"], "main");
    assert_eq!(head(&found), ["one/api/a.proto", "two/c.proto"]);
    assert_eq!(base(&found), head(&found));
    assert_eq!(base(&tree.against(&["one/api"], "main")), ["a.proto"]);
    assert_eq!(base(&tree.against(&[""], "main")), ["one/api/a.proto", "one/else/b.proto", "two/c.proto"]);
}

#[test]
fn what_head_ignores_although_it_is_tracked_is_not_missed_on_the_base_side() {
    let tree = Tree::new(&[("gen/a.proto", "syntax = \"proto3\";\n"), (".gitignore", "/gen\n"), ("b.proto", "")]);
    tree.commit("");
    let found = tree.against(&[""], "HEAD");
    assert_eq!(base(&found), head(&found));
}

#[test]
fn a_submodule_is_compared_with_the_commit_it_was_bound_to() {
    let tree = Tree::new(&[("lib/a.proto", "// old\n"), ("app/b.proto", "")]);
    tree.commit("lib");
    tree.git("app", &["init", "-q"]);
    tree.git("app", &["submodule", "--quiet", "add", "../lib", "api"]);
    tree.commit("app");
    tree.write("app/api/a.proto", "// new\n");
    tree.commit("app/api");
    let found = tree.against(&["app"], "HEAD");
    let old =
        found.sources.iter().map(|(_, it)| it).find(|it| it.revision == Revision::Base && it.path == "api/a.proto");
    assert_eq!(&*old.unwrap().text, "// old\n");
}

#[test]
fn a_missing_base_names_the_line_that_brings_it() {
    let tree = Tree::new(&[("origin/a.proto", "")]);
    tree.commit("origin");
    tree.git("", &["clone", "-q", "--single-branch", "origin", "clone"]);
    let found = tree.against(&["clone"], "origin/release");
    let missing = &found.problems[0];
    assert_eq!(missing.kind, ProblemKind::BaseMissing);
    assert!(
        missing.message.contains("`git fetch --no-tags --depth=1 origin release:refs/remotes/origin/release`"),
        "{}",
        missing.message
    );
    tree.git("clone", &["config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"]);
    let message = |against| tree.against(&["clone"], against).problems[0].message.clone();
    assert!(message("origin/release").contains("`git fetch --no-tags --depth=1 origin release`"));
    assert!(message("HEAD~2").contains("`git fetch --no-tags --deepen=2 origin`"));
    assert!(message("release").contains("`git fetch --no-tags --depth=1 origin release:release`"));
    assert!(base(&found).is_empty());
}

#[test]
fn the_line_that_brings_a_missing_base_works() {
    let tree = Tree::new(&[("origin/a.proto", "")]);
    tree.commit("origin");
    tree.git("origin", &["branch", "release"]);
    tree.git("", &["clone", "-q", "--single-branch", "--branch", "main", "origin", "clone"]);
    for against in ["origin/release", "release"] {
        let found = tree.against(&["clone"], against);
        let line = found.problems[0].message.split('`').find(|part| part.starts_with("git fetch")).unwrap().to_owned();
        tree.git("clone", &line.split(' ').skip(1).collect::<Vec<_>>());
        assert_eq!(base(&tree.against(&["clone"], against)), ["a.proto"], "{line}");
    }
}

#[test]
fn a_base_that_looks_like_an_option_never_reaches_git() {
    let tree = Tree::new(&[("a.proto", "")]);
    tree.commit("");
    for against in ["--output=pwned", "-h", "HEAD...--output=pwned", "--"] {
        let found = tree.against(&[""], against);
        assert_eq!(found.problems[0].kind, ProblemKind::BaseMissing, "{against}");
        assert!(found.problems[0].message.contains("is no revision"), "{}", found.problems[0].message);
    }
    assert!(!Path::new("pwned").exists() && !tree.path("pwned").exists());
}

#[test]
fn without_a_repository_a_revision_is_missing() {
    let tree = Tree::new(&[("a.proto", "")]);
    let found = tree.against(&[""], "no-such-branch-anywhere");
    assert_eq!(found.problems.last().unwrap().kind, ProblemKind::BaseMissing);
}

#[test]
fn a_branch_that_only_one_of_many_repositories_has_is_enough_where_the_others_have_no_contract() {
    let tree = Tree::new(&[("api/a.proto", ""), ("client/main.go", "package main\n")]);
    tree.commit("api");
    tree.commit("client");
    tree.git("api", &["branch", "feature"]);
    let found = tree.against(&["api", "client"], "feature");
    assert_eq!(base(&found), ["api/a.proto"]);
    assert_eq!(problem_kinds(&found), [(Some("client"), ProblemKind::Note)]);
}

#[test]
fn a_folder_is_a_base_with_the_same_paths() {
    let tree = Tree::new(&[
        ("new/api/openapi.yaml", OPENAPI),
        ("old/api/openapi.yaml", "openapi: 3.0.0\nx: {$ref: ../t.yaml}\n"),
        ("old/t.yaml", "a: 1\n"),
        ("old/main.go", "package main\n"),
    ]);
    let against = tree.path("old").to_string_lossy().into_owned();
    let found = tree.against(&["new"], &against);
    assert_eq!(base(&found), ["api/openapi.yaml", "t.yaml"]);
    assert!(found.problems.is_empty());
}

#[test]
fn a_file_is_a_base_for_the_file_it_can_only_mean() {
    let tree = Tree::new(&[
        ("new/openapi.yaml", "openapi: 3.0.0\nx: {$ref: parts/t.yaml}\n"),
        ("new/parts/t.yaml", "a: 1\n"),
        ("old/was.yaml", "openapi: 3.0.0\nx: {$ref: parts/t.yaml}\n"),
        ("old/parts/t.yaml", "a: 2\n"),
    ]);
    let against = tree.path("old/was.yaml").to_string_lossy().into_owned();
    let found = tree.against(&["new/openapi.yaml"], &against);
    assert_eq!(head(&found), ["openapi.yaml", "parts/t.yaml"]);
    assert_eq!(base(&found), ["openapi.yaml", "parts/t.yaml"]);
}

#[test]
fn a_base_folder_stands_for_the_only_root_even_if_configuration_adds_another() {
    let tree = Tree::new(&[("core/a.proto", ""), ("beside/b.proto", ""), ("was/a.proto", "")]);
    let settings = Settings { services: vec![service("b", "../beside", &[])], ..settings() };
    let roots = tree.roots(&["core"]);
    let mut found = discover(&roots, &settings);
    add_base(&mut found, &tree.path("was").to_string_lossy(), &roots, &settings);
    assert_eq!(head(&found), ["beside/b.proto", "core/a.proto"]);
    assert_eq!(base(&found), ["core/a.proto"]);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn configured_paths_hold_for_a_root_that_is_one_file() {
    let tree = Tree::new(&[("api.yaml", OPENAPI), ("svc/go.mod", "module svc\n")]);
    let settings = Settings { services: vec![service("mine", "svc", &[])], ..settings() };
    let found = discover(&tree.roots(&["api.yaml"]), &settings);
    assert_eq!(head(&found), ["api.yaml", "svc/go.mod"]);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn a_named_contract_is_compared_although_git_ignores_it() {
    let tree = Tree::new(&[
        (".gitignore", "/gen\n"),
        ("gen/api.txt", "openapi: 3.0.0\n"),
        (".api/openapi.yaml", OPENAPI),
        ("gen/other.proto", ""),
        ("go.mod", "module a\n"),
    ]);
    tree.commit("");
    let settings = Settings { services: vec![service("a", "", &["gen/api.txt", ".api"])], ..settings() };
    let roots = tree.roots(&[""]);
    let mut found = discover(&roots, &settings);
    add_base(&mut found, "HEAD", &roots, &settings);
    assert_eq!(base(&found), [".api/openapi.yaml", "gen/api.txt"]);
    assert_eq!(head(&found), [".api/openapi.yaml", "gen/api.txt", "go.mod"]);
    assert!(found.problems.is_empty(), "{:?}", found.problems);
}

#[test]
fn a_repository_around_others_is_not_blamed_for_their_contracts() {
    let tree = Tree::new(&[("README.md", "")]);
    tree.commit("");
    tree.write("api/a.proto", "");
    tree.commit("api");
    tree.git("api", &["branch", "feature"]);
    let found = tree.against(&[""], "feature");
    assert_eq!(base(&found), ["api/a.proto"]);
    assert_eq!(problem_kinds(&found), [(Some(""), ProblemKind::Note)]);
}
