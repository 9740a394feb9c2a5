//! `contract-lint diff BASE HEAD` as a person runs it: files, folders and git revisions.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

const API: &str = r#"openapi: 3.0.3
info: {title: Profile, version: "1"}
paths:
  /profiles/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: the profile
          content: {application/json: {schema: {$ref: "../parts/profile.yaml#/Profile"}}}
"#;

const PARTS: &str = "Profile:
  type: object
  properties:
    id: {type: string}
    birthdate: {type: string}
";

const PROTO: &str = "syntax = \"proto3\";
package a.v1;
import \"common/x.proto\";
message M {
  common.X x = 1;
  string s = 2;
}
";

const COMMON: &str = "syntax = \"proto3\";\npackage common;\nmessage X {}\n";

/// A folder with files, perhaps a repository.
struct Folder(tempfile::TempDir);

/// How a run ended, and what it said.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            folder.write(path, text);
        }
        folder
    }

    /// Two commits: in the second one the birth date is gone.
    fn repository() -> Self {
        let folder = Self::new(&[("api/v1/openapi.yaml", API), ("api/parts/profile.yaml", PARTS)]);
        folder.git(&["init", "-q"]);
        folder.commit();
        folder.write("api/parts/profile.yaml", &without_birthdate());
        folder.commit();
        folder
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"])
            .args(["-c", "commit.gpgsign=false"])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .current_dir(self.0.path())
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "a state: of things"]);
    }

    fn diff(&self, arguments: &[&str]) -> Run {
        self.diff_in("", arguments)
    }

    fn diff_in(&self, folder: &str, arguments: &[&str]) -> Run {
        self.run_in(folder, &[&["diff"], arguments].concat())
    }

    fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_contract-lint"))
            .args(arguments)
            .current_dir(self.0.path().join(folder))
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) }
    }
}

fn without_birthdate() -> String {
    PARTS.replace("    birthdate: {type: string}\n", "")
}

/// The places of the removed field, old and new.
fn places(run: &Run) -> [String; 2] {
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let change =
        document["changes"].as_array().unwrap().iter().find(|it| it["rule"] == "breaking/field-removed").unwrap();
    ["old", "new"].map(|side| format!("{}:{}", change[side]["file"].as_str().unwrap(), change[side]["line"]))
}

#[test]
fn two_files_of_any_name_are_one_contract() {
    let folder = Folder::new(&[
        ("old/api/a.yaml", API.replace("../parts", "parts").as_str()),
        ("old/api/parts/profile.yaml", PARTS),
        ("new/b.yaml", API.replace("../parts", "parts").replace("title: Profile", "title: People").as_str()),
        ("new/parts/profile.yaml", &without_birthdate()),
    ]);
    let run = folder.diff(&["old/api/a.yaml", "./new/b.yaml", "--format", "json"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(places(&run), ["old/api/parts/profile.yaml:5", "new/parts/profile.yaml:1"]);
    assert_eq!(folder.diff(&["old/api/a.yaml", "old/api/a.yaml"]).code, 0);
}

#[test]
fn two_folders_are_compared_file_by_file() {
    let folder = Folder::new(&[
        ("old/v1/openapi.yaml", API),
        ("old/parts/profile.yaml", PARTS),
        ("new/v1/openapi.yaml", API),
        ("new/parts/profile.yaml", &without_birthdate()),
    ]);
    let run = folder.diff(&["old", "new/", "--format", "json"]);
    assert_eq!(places(&run), ["old/parts/profile.yaml:5", "new/parts/profile.yaml:1"]);
    let text = folder.diff(&["old", "new"]);
    assert!(text.out.contains("response field `Profile.birthdate` was removed"), "{text:?}");
    assert!(text.out.contains("= affects: GET /profiles/{id}"), "{text:?}");
    assert!(text.err.contains("1 breaking change"), "{text:?}");
}

#[test]
fn git_is_read_in_any_syntax_and_from_anywhere() {
    let folder = Folder::repository();
    let file = "api/v1/openapi.yaml";
    for base in [
        "HEAD~1:api/v1/openapi.yaml",
        "HEAD~1",
        ":/a state:api/v1/openapi.yaml",
        "HEAD^{/state: of}~1:api/v1/openapi.yaml",
    ] {
        let run = folder.diff(&[base, file, "--format", "json"]);
        let code = i32::from(!base.starts_with(':'));
        assert_eq!(run.code, code, "{base}: {run:?}");
        if code == 1 {
            assert!(places(&run)[0].ends_with(":api/parts/profile.yaml:5"), "{run:?}");
            assert_eq!(places(&run)[1], "api/parts/profile.yaml:1", "{run:?}");
        }
    }
    for sides in
        [["HEAD~1:api", "HEAD:api"], ["HEAD~1", "."], ["HEAD~1:api", "api"], ["HEAD~1", "HEAD"], ["HEAD~1:api", file]]
    {
        assert_eq!(folder.diff(&sides).code, 1, "{sides:?}");
    }
    let below = folder.diff_in("api/v1", &["HEAD~1:./openapi.yaml", "openapi.yaml", "--format", "json"]);
    assert_eq!(places(&below), ["HEAD~1:api/parts/profile.yaml:5", "../parts/profile.yaml:1"]);
}

#[test]
fn imports_are_found_wherever_they_are_in_the_repository() {
    let folder = Folder::new(&[("proto/a/v1/a.proto", PROTO), ("proto/common/x.proto", COMMON)]);
    folder.git(&["init", "-q"]);
    folder.commit();
    folder.write("proto/a/v1/a.proto", &PROTO.replace("  string s = 2;\n", ""));
    let run = folder.diff(&["HEAD:proto/a/v1/a.proto", "proto/a/v1/a.proto"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.out.contains("`M.s` was removed") || run.out.contains("`a.v1.M.s` was removed"), "{run:?}");
}

/// A message of the package `shop.v1`.
fn shop(message: &str, kind: &str) -> String {
    format!("syntax = \"proto3\";\npackage shop.v1;\nmessage {message} {{ {kind} x = 1; }}\n")
}

#[test]
fn modules_of_one_repository_may_hold_one_package_and_files_of_one_path() {
    let (one, two) = ("one/proto/shop/v1/shop.proto", "two/proto/shop/v1/shop.proto");
    let folder = Folder::new(&[(one, &shop("Cart", "int32")), (two, &shop("Order", "int32"))]);
    folder.git(&["init", "-q"]);
    folder.commit();
    folder.write(one, &shop("Cart", "string"));
    // From here on the modules contradict each other and are two contracts.
    folder.write("two/proto/shop/v1/cart.proto", &shop("Cart", "int32"));
    folder.commit();
    let run = folder.diff(&["HEAD~1", "HEAD", "--format", "concise"]);
    let expected = format!("HEAD:{one}:3:16: error[breaking/field-type-changed]");
    assert_eq!(run.out.lines().map(|line| line.starts_with(&expected)).collect::<Vec<_>>(), [true], "{run:?}");
    for module in ["one", "two"] {
        let sides = [format!("HEAD~1:{module}"), format!("HEAD:{module}")];
        assert_eq!(folder.diff(&[&sides[0], &sides[1]]).code, i32::from(module == "one"));
    }
}

#[test]
fn a_compiled_set_stands_for_the_files_that_it_was_made_of() {
    let folder = Folder::new(&[
        ("a/shop/v1/cart.proto", &shop("Cart", "int32")),
        ("a/shop/v1/order.proto", &shop("Order", "int32")),
    ]);
    folder.write("b/shop/v1/cart.proto", &shop("Cart", "int32"));
    folder.write("b/shop/v1/order.proto", &shop("Order", "string"));
    for side in ["a", "b"] {
        let root = folder.0.path().join(side);
        let mut compiler = protox::Compiler::new([&root]).unwrap();
        compiler.include_imports(true).open_files(["shop/v1/cart.proto", "shop/v1/order.proto"]).unwrap();
        fs::write(folder.0.path().join(format!("{side}.binpb")), compiler.encode_file_descriptor_set()).unwrap();
    }
    for sides in [["a.binpb", "b.binpb"], ["a", "b.binpb"], ["a.binpb", "b"], ["a", "b"]] {
        let run = folder.diff(&[sides[0], sides[1], "--format", "json"]);
        let found: Value = serde_json::from_str(&run.out).unwrap();
        let rules: Vec<&str> =
            found["changes"].as_array().unwrap().iter().map(|it| it["rule"].as_str().unwrap()).collect();
        assert_eq!(rules, ["breaking/field-type-changed"], "{sides:?}: {run:?}");
    }
    assert_eq!(folder.diff(&["a", "a.binpb"]).code, 0);
}

#[test]
fn by_the_ids_of_buf_changes_are_those_of_its_category() {
    let folder = Folder::new(&[
        (
            "a/shop/v1/cart.proto",
            "syntax = \"proto3\";\npackage shop.v1;\nmessage Cart { string x = 1; int32 y = 2; }\n",
        ),
        ("b/shop/v1/cart.proto", &shop("Cart", "string")),
    ]);
    let ids = |configuration: &str| -> Vec<String> {
        folder.write("contract-lint.yaml", configuration);
        let run = folder.diff(&["a", "b", "--as", "buf", "--format", "concise", "--config", "contract-lint.yaml"]);
        let id = |line: &str| line.split_once('[').unwrap().1.split_once(']').unwrap().0.to_owned();
        run.out.lines().map(id).collect()
    };
    assert_eq!(ids(""), ["FIELD_NO_DELETE"]);
    assert_eq!(ids("protobuf: {compatibility: package}"), ["FIELD_NO_DELETE"]);
    assert_eq!(ids("protobuf: {compatibility: wire}"), ["FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"]);
    assert_eq!(
        ids("protobuf: {compatibility: wire-json}"),
        ["FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"]
    );
}

#[test]
fn an_id_of_buf_speaks_of_the_changes_that_buf_calls_so() {
    let file = |options: &str| format!("syntax = \"proto3\";\npackage a.v1;\n{options}message A {{ string x = 1; }}\n");
    let folder = Folder::new(&[
        ("a/a.proto", &file("")),
        ("b/a.proto", &file("option go_package = \"x/y\";\noption java_package = \"x.y\";\n")),
    ]);
    let levels = |rules: &str| {
        folder.write("contract-lint.yaml", &format!("rules: {{{rules}}}\n"));
        folder.write("b/contract-lint.yaml", &format!("rules: {{{rules}}}\n"));
        let run = folder.diff(&["a", "b", "--format", "concise", "--config", "contract-lint.yaml"]);
        let checked = folder.run_in("b", &["check", "--against", "../a", "--format", "concise", "."]);
        [run, checked].map(|run| {
            let lines = run.out.lines().filter(|line| line.contains("generated-code-changed"));
            let level = |line: &str| line.split_once(": ").unwrap().1.split_once('[').unwrap().0.to_owned();
            lines.map(level).collect::<Vec<_>>().join(" ")
        })
    };
    for (rules, expected) in [
        ("", "warning warning"),
        ("FILE_SAME_GO_PACKAGE: off", "warning"),
        ("FILE_SAME_JAVA_PACKAGE: error", "warning error"),
        ("FILE_SAME_GO_PACKAGE: off, FILE_SAME_JAVA_PACKAGE: off", ""),
        ("FILE_SAME_GO_PACKAGE: off, breaking/generated-code-changed: error", "error error"),
    ] {
        assert_eq!(levels(rules), [expected, expected], "{rules}");
    }
}

#[test]
fn a_shallow_clone_is_told_what_brings_the_past_of_a_branch() {
    let folder = Folder::repository();
    let clone = Folder::new(&[]);
    clone.git(&["clone", "-q", "--depth=1", &format!("file://{}", folder.0.path().display()), "clone"]);
    for base in ["HEAD~1", "origin/HEAD~1"] {
        let run = clone.diff_in("clone", &[base, "HEAD"]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.err.contains("run `git fetch --no-tags --deepen=1 origin`"), "{run:?}");
    }
}

#[test]
fn what_is_on_one_side_only_is_said() {
    let folder = Folder::repository();
    folder.write("new.yaml", &API.replace("../parts", "api/parts"));
    let new = folder.diff(&["HEAD:new.yaml", "new.yaml"]);
    assert_eq!(new.code, 0, "{new:?}");
    assert!(new.err.contains("HEAD:new.yaml: not there"), "{new:?}");
    let gone = folder.diff(&["new.yaml", "HEAD:new.yaml"]);
    assert_eq!(gone.code, 1, "{gone:?}");
    assert!(gone.out.contains("operation `GET /profiles/{id}` was removed"), "{gone:?}");
    assert_eq!(folder.diff(&["/dev/null", "new.yaml"]).code, 0);
    let all = folder.diff(&["HEAD:new.yaml", "new.yaml", "--all"]);
    assert!(all.out.contains("contract `new.yaml` was added"), "{all:?}");
}

#[test]
fn a_side_that_cannot_be_read_is_named_and_nothing_is_green() {
    let folder = Folder::repository();
    folder.write("pod.yaml", "apiVersion: v1\nkind: Pod\n");
    folder.write("broken.yaml", "openapi: 3.0.0\ninfo: {title: x, version: '1'\n");
    folder.write("a.proto", "syntax = \"proto3\";\npackage a;\nmessage M {}\n");
    folder.git(&["remote", "add", "origin", "https://example.org/a.git"]);
    let file = "api/v1/openapi.yaml";
    for (sides, code, said) in [
        (["nope.yaml", file], 3, "nope.yaml: there is no such file or folder"),
        ([file, "HEAD~9:api"], 3, "run `git fetch --no-tags --deepen=9 origin`"),
        (["origin/main:api", "api"], 3, "run `git fetch --no-tags --depth=1 origin main`"),
        (["HEAD:x.yaml", "HEAD:y.yaml"], 3, "neither `HEAD:x.yaml` nor `HEAD:y.yaml` is there"),
        (["HEAD:../x", file], 3, "`../x` leads out of the repository"),
        (["--", "-x"], 2, "required"),
        (["pod.yaml", file], 3, "no contract found in `pod.yaml`"),
        (["broken.yaml", file], 3, "broken.yaml: "),
        (["a.proto", file], 2, "`a.proto` is protobuf and `api/v1/openapi.yaml` is OpenAPI"),
    ] {
        let run = folder.diff(&sides);
        assert_eq!(run.code, code, "{sides:?}: {run:?}");
        assert!(run.err.contains(said), "{sides:?}: {run:?}");
    }
}

#[test]
fn levels_ids_and_formats_are_those_that_are_asked_for() {
    let folder = Folder::repository();
    let sides = ["HEAD~1", "."];
    let with = |more: &[&str]| folder.diff(&[&sides[..], more].concat());
    assert_eq!(with(&["--fail-on", "never"]).code, 0);
    assert_eq!(with(&["--format", "table"]).code, 2);
    assert_eq!(with(&["--against", "HEAD"]).code, 2);
    folder.write("contract-lint.yaml", "rules: {field-removed-not: warning}\n");
    assert_eq!(with(&[]).code, 2);
    folder.write("contract-lint.yaml", "rules: {breaking/field-removed: warning}\n");
    assert_eq!((with(&[]).code, with(&["--fail-on", "warning"]).code), (0, 1));
    let hidden = with(&["--min-level", "error"]);
    assert_eq!(hidden.out, "");
    assert!(hidden.err.contains("1 hidden: below level `error`"), "{hidden:?}");
    folder.write("contract-lint.yaml", "rules: {breaking/field-removed: off}\n");
    let off = with(&["--fail-on", "warning"]);
    assert_eq!(off.code, 0);
    assert!(off.err.contains("1 hidden: of rules that are switched off"), "{off:?}");
}

#[test]
fn what_the_contract_silences_is_counted_and_not_told() {
    let folder = Folder::repository();
    let parts = without_birthdate();
    for text in [
        format!("# contract-lint: ignore[breaking/field-removed] nobody has it\n{parts}"),
        parts
            .replace("type: object", "type: object\n  x-contract-lint-ignore: {breaking/field-removed: nobody has it}"),
    ] {
        folder.write("api/parts/profile.yaml", &text);
        let run = folder.diff(&["HEAD~1", "api"]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
        assert!(run.err.contains("1 hidden: by `contract-lint: ignore` comments and extensions"), "{run:?}");
    }
}

/// Ids, levels and sentences of `--all --as oasdiff` between two documents of one operation each.
fn told(old: &str, new: &str) -> Vec<String> {
    let api = |operation: &str| {
        let operation = operation.replace('\n', "\n      ");
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      {operation}\n      responses: {{'200': {{description: x}}}}\n"
        )
    };
    let folder = Folder::new(&[("old.yaml", &api(old)), ("new.yaml", &api(new))]);
    let run =
        folder.diff(&["old.yaml", "new.yaml", "--all", "--as", "oasdiff", "--format", "json", "--today", "2026-06-01"]);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    let changes = document["changes"].as_array().unwrap().iter();
    let text = |change: &Value, key: &str| change[key].as_str().unwrap().to_owned();
    changes.map(|it| format!("{} {} {}", text(it, "level"), text(it, "rule"), text(it, "message"))).collect()
}

#[test]
fn the_life_of_an_operation_is_in_the_changelog() {
    let get = "operation `GET /a`";
    let day = |day: &str| format!("deprecated: true\nx-sunset: '{day}'");
    for (old, new, expected) in [
        ("", "deprecated: true", vec![format!("info endpoint-deprecated {get} is deprecated now")]),
        (
            "",
            &day("2027-01-31"),
            vec![format!(
                "info endpoint-deprecated-with-sunset {get} is deprecated now and may be gone from 2027-01-31 on"
            )],
        ),
        ("deprecated: true", "", vec![format!("info endpoint-reactivated {get} is no longer deprecated")]),
        (
            &day("2027-01-31"),
            &day("2026-08-31"),
            vec![format!(
                "error api-sunset-date-changed-too-small {get} moved its sunset from `2027-01-31` to `2026-08-31`"
            )],
        ),
        (
            &day("2027-01-31"),
            "deprecated: true",
            vec![format!("info sunset-deleted {get} changed its `sunset`, from `2027-01-31`")],
        ),
        (
            "tags: [a, b]",
            "tags: [b, c]",
            vec![
                format!("info api-tag-removed {get} changed its `tag`, from `a`"),
                format!("info api-tag-added {get} changed its `tag` to `c`"),
            ],
        ),
        (
            "operationId: a",
            "operationId: b",
            vec![format!("info api-operation-id-removed {get} has `operationId = b` instead of `a`")],
        ),
        ("", "operationId: b", vec![format!("info api-operation-id-added {get} changed its `operationId` to `b`")]),
        (
            "",
            "x-stability-level: alpha",
            vec![format!("warning api-stability-decreased {get} is less stable now, from `stable` to `alpha`")],
        ),
        (
            "x-stability-level: draft",
            "x-stability-level: beta",
            vec![format!("info api-stability-increased {get} changed its `x-stability-level` from `draft` to `beta`")],
        ),
    ] {
        assert_eq!(told(old, new), expected, "{old} -> {new}");
    }
    let parameter = |mark: &str| format!("parameters: [{{name: p, in: query, schema: {{type: string}}{mark}}}]");
    assert_eq!(
        told(&parameter(""), &parameter(", deprecated: true")),
        ["info request-parameter-deprecated query parameter `p` is deprecated now"]
    );
}

#[test]
fn the_end_of_an_operation_is_told_by_how_it_was_announced() {
    let both = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get: {responses: {'200': {description: x}}}\n";
    for (mark, level, id, note) in [
        ("", "error", "api-path-removed-without-deprecation", "it was not deprecated before"),
        (
            "deprecated: true, ",
            "error",
            "api-path-removed-with-deprecation",
            "it was deprecated, without a day from which it may be gone",
        ),
        ("x-sunset: '2026-12-31', ", "error", "api-path-removed-before-sunset", "it was promised until 2026-12-31"),
        (
            "x-sunset: '2026-03-31', ",
            "info",
            "api-path-removed-with-deprecation",
            "it was allowed to be gone since 2026-03-31",
        ),
        ("x-stability-level: alpha, ", "info", "api-path-removed-without-deprecation", "it was not deprecated before"),
    ] {
        let old = format!("{both}  /b:\n    get: {{{mark}responses: {{'200': {{description: x}}}}}}\n");
        let folder = Folder::new(&[("old.yaml", &old), ("new.yaml", both)]);
        let run = folder.diff(&["old.yaml", "new.yaml", "--format", "json", "--today", "2026-06-01"]);
        let document: Value = serde_json::from_str(&run.out).unwrap();
        let change = &document["changes"][0];
        assert_eq!(
            (change["level"].as_str(), &change["aliases"]),
            (Some(level), &serde_json::json!([id])),
            "{mark}: {change}"
        );
        assert_eq!(change["notes"][0], note);
        assert_eq!(run.code, i32::from(level == "error"), "{mark}");
    }
}

#[test]
fn what_is_new_is_in_the_changelog_and_breaks_nobody() {
    let folder = Folder::repository();
    folder.write(
        "api/v1/openapi.yaml",
        &API.replace("paths:\n", "paths:\n  /new: {get: {responses: {'200': {description: x}}}}\n"),
    );
    folder.write("api/v2/openapi.yaml", &API.replace("title: Profile", "title: Other"));
    let run = folder.diff(&["HEAD", ".", "--all", "--format", "concise"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("info[compatible/added] operation `GET /new` was added"), "{run:?}");
    assert!(run.out.contains("info[compatible/added] contract `api/v2/openapi.yaml` was added"), "{run:?}");
    assert_eq!(run.out.lines().count(), 2, "of a new contract nothing else is told: {run:?}");
}

#[test]
fn what_was_accepted_is_not_told_until_its_day() {
    let folder = Folder::new(&[("old.yaml", PARTS_API), ("new.yaml", &PARTS_API.replace("b: {type: string}", ""))]);
    let found = folder.diff(&["old.yaml", "new.yaml"]);
    assert_eq!(found.code, 1, "{found:?}");
    let name = found.out.split("fingerprint: ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let entry = format!("- fingerprint: {name}\n  reason: nobody reads it\n  until: 2026-12-01\n");
    folder.write("live-with.yaml", &entry);
    let named = ["old.yaml", "new.yaml", "--accepted", "live-with.yaml", "--today"];
    let before = folder.diff(&[&named[..], &["2026-12-01"]].concat());
    assert_eq!((before.code, before.out.as_str()), (0, ""), "{before:?}");
    assert!(before.err.contains("1 hidden: accepted"), "{}", before.err);
    let after = folder.diff(&[&named[..], &["2026-12-02"]].concat());
    assert_eq!(after.code, 1, "{after:?}");
    assert!(after.err.contains("was accepted until 2026-12-01"), "{}", after.err);
    folder.write(".contract-lint/accepted.yaml", &entry);
    let beside = folder.diff(&["old.yaml", "new.yaml", "--today", "2026-12-01"]);
    assert_eq!(beside.code, 0, "the file beside the contracts holds without being named: {beside:?}");
    let other = folder.diff(&["old.yaml", "old.yaml", "--today", "2026-12-01"]);
    assert!(other.err.contains("there is no such finding any more"), "{}", other.err);
    let mistaken = folder.diff(&["old.yaml", "new.yaml", "--accepted", "old.yaml"]);
    assert_eq!(mistaken.code, 2, "{mistaken:?}");
}

#[test]
fn check_and_diff_name_a_change_alike() {
    let without = PARTS_API.replace("b: {type: string}", "");
    let folder = Folder::new(&[("old/api.yaml", PARTS_API), ("new/api.yaml", &without)]);
    let name = |run: Run, key: &str| -> Vec<String> {
        let document: Value = serde_json::from_str(&run.out).unwrap();
        let rows = document[key].as_array().unwrap().iter().filter(|row| row["rule"] == "breaking/field-removed");
        rows.map(|row| row["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let of_diff = name(folder.diff(&["old", "new", "--format", "json"]), "changes");
    let of_check = name(folder.run_in("", &["check", "new", "--against", "old", "--format", "json"]), "findings");
    assert_eq!(of_diff.len(), 1);
    assert_eq!(of_diff, of_check);
}

/// A contract in one file.
const PARTS_API: &str = "openapi: 3.0.3
info: {title: A, version: '1'}
paths:
  /a:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  a: {type: string}
                  b: {type: string}
";
