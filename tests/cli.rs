//! The program as a person runs it: help, exit codes, streams, colours.
//!
//! Help is held in `tests/cli/*.txt`; `BLESS=1 cargo test --test cli` rewrites them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const API: &str = r##"openapi: 3.0.3
info: {title: Profile, version: "1"}
servers: [{url: "https://profile.internal"}]
paths:
  /profiles/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: the profile
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Profile"}
components:
  schemas:
    Profile:
      type: object
      properties:
        id: {type: string}
        birthdate: {type: string, format: date, x-pii: true}
"##;

const CARGO: &str = r#"[package]
name = "age"
version = "0.1.0"

[dependencies]
reqwest = "0.12"
"#;

const CLIENT: &str = r#"#[derive(serde::Deserialize)]
pub struct Profile {
    pub id: String,
    pub birthdate: String,
}

pub async fn age(id: &str) -> Result<String, reqwest::Error> {
    let url = format!("https://profile.internal/profiles/{id}");
    let profile: Profile = reqwest::Client::new().get(url).send().await?.json().await?;
    Ok(profile.birthdate)
}
"#;

/// A folder with files.
struct Workspace(tempfile::TempDir);

impl Workspace {
    fn new(files: &[(&str, &str)]) -> Self {
        let workspace = Self(tempfile::tempdir().unwrap());
        for (path, text) in files {
            workspace.write(path, text);
        }
        workspace
    }

    /// A contract, and a client that reads a sensitive field of it.
    fn reading() -> Self {
        Self::new(&[("api/openapi.yaml", API), ("age/Cargo.toml", CARGO), ("age/src/lib.rs", CLIENT)])
    }

    /// The same without a finding.
    fn clean() -> Self {
        let api = API.replace(", x-pii: true", "");
        Self::new(&[("api/openapi.yaml", &api), ("age/Cargo.toml", CARGO), ("age/src/lib.rs", CLIENT)])
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contract-lint"));
        command.args(arguments).current_dir(self.0.path());
        for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "COLUMNS"] {
            command.env_remove(variable);
        }
        command.env("RUST_BACKTRACE", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }
}

/// How a run ended, and what it said.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Self { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

fn golden(name: &str, text: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(format!("{name}.txt"));
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == text,
        "{} is out of date: BLESS=1 cargo test --test cli\n{}",
        path.display(),
        similar_asserts::SimpleDiff::from_str(&expected, text, "file", "program")
    );
}

#[test]
fn the_help_of_every_command_is_the_one_on_file() {
    let nowhere = Workspace::new(&[]);
    let help = nowhere.run(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    golden("help", &help.out);
    for command in ["check", "diff", "map", "contracts", "uses", "unresolved", "explain", "rules", "libraries"] {
        golden(&format!("help-{command}"), &nowhere.run(&[command, "--help"]).out);
    }
}

#[test]
fn exit_0_is_clean_and_1_has_findings() {
    let clean = Workspace::clean().run(&[]);
    assert_eq!(clean.code, 0, "{clean:?}");
    assert_eq!(clean.out, "");
    assert!(clean.err.contains("Read 1 contract (1 operation, 2 fields) and 1 file: Rust 1"), "{clean:?}");
    let found = Workspace::reading().run(&["check", "."]);
    assert_eq!(found.code, 1, "{found:?}");
    assert!(found.out.contains("error[sensitive/sensitive-field-read]"), "{found:?}");
    assert!(found.out.contains("age/src/lib.rs:10:16"), "{found:?}");
    assert!(found.out.contains("api/openapi.yaml:21:49"), "{found:?}");
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    let workspace = Workspace::reading();
    for format in ["pretty", "concise", "json", "github"] {
        let run = workspace.run(&["--format", format]);
        assert_eq!(run.code, 1, "{format}: {run:?}");
        assert_eq!(workspace.run(&["--format", format, "--fail-on", "never"]).code, 0, "{format}");
    }
}

#[test]
fn exit_2_is_wrong_usage_or_configuration() {
    let workspace = Workspace::reading();
    for (arguments, said) in [
        (&["--frmat", "json"][..], "--format"),
        (&["no-such-folder"], "there is no file or folder `no-such-folder`"),
        (&["--format", "table"], "`check` has no format `table`"),
        (&["map", "--format", "github"], "`map` has the formats table, json, csv, mermaid and dot"),
        (&["uses", "Profile.id", "--format", "csv"], "`uses` has the formats table and json"),
        (&["map", "--consumer", "agee"], "did you mean `age`?"),
        (&["map", "--operation", "GET /profile/{id}"], "did you mean `GET /profiles/{id}`?"),
        (&["map", "--contracts", "--fields"], "--contracts"),
        (&["contracts", "--format", "github"], "`contracts` has the formats pretty and json"),
        (&["contracts", "--against", "HEAD"], "`contracts` shows one revision"),
        (&["contracts", "--only", "Profil"], "did you mean `Profile`?"),
        (&["contracts", "--contract", "api/openapi.yml"], "did you mean `api/openapi.yaml`?"),
        (&["explain", "sensitive-field-raed"], "did you mean `sensitive-field-read`?"),
        (&["explain", "CL-00000000"], "there is no finding `CL-00000000` here"),
        (&["uses", "Profile.birthdat"], "did you mean `Profile.birthdate`?"),
        (&["uses", "--sensitive", "pi"], "did you mean `pii`?"),
        (&["uses"], "SELECTOR"),
        (&["--today", "soon"], "--today"),
        (&[".", "map"], "map"),
    ] {
        let run = workspace.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(run.err.contains(said), "{arguments:?}: {run:?}");
    }
}

#[test]
fn a_mistake_in_the_configuration_is_shown_on_its_line() {
    let workspace = Workspace::reading();
    workspace.write("contract-lint.yaml", "version: 1\nidentity:\n  heders: [X-Client-Id]\n");
    let run = workspace.run(&[]);
    assert_eq!(run.code, 2, "{run:?}");
    for said in ["unknown key `heders`", "contract-lint.yaml:3:3", "heders: [X-Client-Id]", "did you mean `headers`?"] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
}

#[test]
fn exit_3_is_incomplete_and_says_what_was_looked_for() {
    let empty = Workspace::new(&[]).run(&[]);
    assert_eq!(empty.code, 3, "{empty:?}");
    assert!(empty.err.contains("no contract found in `.`: looked for OpenAPI documents"), "{empty:?}");
    assert!(empty.err.contains("no client code found"), "{empty:?}");

    let code_only = Workspace::new(&[("src/lib.rs", CLIENT)]).run(&["-q"]);
    assert_eq!(code_only.code, 3, "{code_only:?}");
    assert!(code_only.err.contains("no contract found") && !code_only.err.contains("no client code"), "{code_only:?}");

    // About consumers, contracts alone have no answer.
    let contract_only = Workspace::new(&[("openapi.yaml", API)]);
    for command in [&["map"][..], &["uses", "Profile.id"], &["unresolved"]] {
        let run = contract_only.run(command);
        assert_eq!(run.code, 3, "{command:?}: {run:?}");
        assert!(run.err.contains("no client code found in `.`: looked for C#, Go, Java,"), "{run:?}");
    }
}

/// Rules over contracts need no consumer; that none was found is said, and is no failure.
#[test]
fn contracts_alone_are_checked_and_the_lack_of_code_is_said() {
    let workspace = Workspace::new(&[("openapi.yaml", API), ("client.rb", "puts 1")]);
    let run = workspace.run(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("note: no client code found in `.`: looked for C#, Go, Java,"), "{run:?}");
    assert!(run.err.contains("who uses these contracts is not known"), "{run:?}");
    let json = workspace.run(&["--format", "json", "-q"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(document["exit"], 0);
    assert!(document["missing"][0].as_str().unwrap().starts_with("no client code found"), "{document}");

    let found = Workspace::new(&[("openapi.yaml", &API.replace(", x-pii: true", ""))]).run(&["--min-level", "info"]);
    assert!(found.out.contains("sensitive-name-unmarked"), "rules over contracts run: {found:?}");
}

#[test]
fn incomplete_wins_over_findings() {
    for (path, text) in [
        ("api/broken.yaml", "openapi: 3.0.3\ninfo: {title: x\npaths: [\n"),
        ("api/broken.proto", "syntax = \"proto3\";\nmessage {\n"),
    ] {
        let workspace = Workspace::reading();
        workspace.write(path, text);
        let run = workspace.run(&[]);
        assert_eq!(run.code, 3, "{run:?}");
        assert!(run.out.contains("sensitive-field-read"), "nothing else is lost: {run:?}");
        assert!(run.err.contains(&format!("problem: {path}:")), "{run:?}");
        assert!(run.err.contains(&format!("incomplete: a contract could not be read in full: {path}")), "{run:?}");
    }
    let missing = Workspace::clean().run(&["--against", "no-such-revision"]);
    assert_eq!(missing.code, 3, "{missing:?}");
}

#[test]
fn a_removed_field_names_its_readers() {
    let workspace = Workspace::clean();
    workspace.write("before/api/openapi.yaml", &API.replace(", x-pii: true", ""));
    let base = workspace.0.path().join("before");
    let without: Vec<&str> = API.lines().filter(|line| !line.contains("birthdate")).collect();
    workspace.write("head/api/openapi.yaml", &without.join("\n"));
    for (path, text) in [("head/age/Cargo.toml", CARGO), ("head/age/src/lib.rs", CLIENT)] {
        workspace.write(path, text);
    }
    let run = workspace.run(&["head", "--against", base.to_str().unwrap(), "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"));
    let finding = &document["findings"][0];
    assert_eq!((run.code, &document["exit"]), (1, &serde_json::json!(1)), "{run:?}");
    assert_eq!(finding["rule"], "breaking/field-removed", "{run:?}");
    assert_eq!(finding["consumers"][0]["consumer"], "age", "{run:?}");
    assert_eq!(finding["consumers"][0]["verdict"], "breaks", "{run:?}");
}

#[test]
fn findings_are_on_standard_output_and_everything_else_on_standard_error() {
    let workspace = Workspace::reading();
    let run = workspace.run(&["--format", "concise"]);
    assert!(run.out.lines().all(|line| line.starts_with("age/src/lib.rs:")), "{run:?}");
    assert!(run.err.contains("1 finding: 1 error") && run.err.contains("Coverage: "), "{run:?}");
    let quiet = workspace.run(&["--format", "concise", "--quiet"]);
    assert_eq!((quiet.out, quiet.err), (run.out, String::new()));
}

#[test]
fn two_runs_say_the_same() {
    let workspace = Workspace::reading();
    for arguments in [
        &["--format", "json"][..],
        &["map", "--format", "json"],
        &["contracts", "--format", "json"],
        &["--format", "pretty"],
    ] {
        assert_eq!(workspace.run(arguments).out, workspace.run(arguments).out, "{arguments:?}");
    }
}

#[test]
fn colours_go_by_the_flag_and_the_environment() {
    let workspace = Workspace::reading();
    let coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let output = workspace.command(arguments).envs(variables.iter().copied()).output().unwrap();
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured(&[], &[]), "a pipe");
    assert!(coloured(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(coloured(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!coloured(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[], &[("NO_COLOR", "1")]));
}

#[test]
fn a_closed_pipe_ends_the_run_quietly_and_with_its_exit_code() {
    let workspace = Workspace::reading();
    for arguments in
        [&["--format", "json", "-q"][..], &["contracts"], &["explain", "sensitive-field-read"], &["--help"]]
    {
        let mut command = workspace.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(err, "", "{arguments:?}");
        let unread = child.wait().unwrap().code();
        assert_eq!(unread, workspace.command(arguments).output().unwrap().status.code(), "{arguments:?}");
    }
}

#[test]
fn uses_and_map_answer_from_the_dependency_map() {
    let workspace = Workspace::reading();
    let uses = workspace.run(&["uses", "*.birthdate", "-q"]);
    assert_eq!(uses.code, 0, "{uses:?}");
    assert!(uses.out.contains("CONSUMER  ACCESS  CONFIDENCE  WHERE              EVIDENCE"), "{uses:?}");
    assert!(uses.out.contains("age       read    likely      age/src/lib.rs:10"), "{uses:?}");
    let sensitive = workspace.run(&["uses", "--sensitive", "pii", "-q"]);
    assert_eq!(sensitive.out, uses.out);
    let place = workspace.run(&["uses", "lib.rs:10", "-q"]);
    assert!(place.out.starts_with("GET /profiles/{id}#200.birthdate"), "{place:?}");
    let map = workspace.run(&["map", "--format", "json", "-q"]);
    let map: serde_json::Value = serde_json::from_str(&map.out).unwrap();
    let read = map["edges"].as_array().unwrap().iter().find(|edge| edge["access"] == "read").unwrap();
    assert_eq!(read["field"], "GET /profiles/{id}#200.birthdate");
    assert_eq!(read["consumer"], "age");
}

#[test]
fn test_code_is_off_until_it_is_asked_for_and_then_marked() {
    let workspace = Workspace::clean();
    workspace.write("api/openapi.yaml", API);
    workspace.write("age/src/lib.rs", "");
    workspace.write("age/tests/api.rs", CLIENT);
    let off = workspace.run(&["--format", "concise"]);
    assert_eq!((off.code, off.out.as_str()), (0, ""), "{off:?}");
    assert!(off.err.contains("1 test file left out (--include-tests)"), "{off:?}");
    let on = workspace.run(&["--format", "concise", "--include-tests"]);
    assert!(on.out.contains("age/tests/api.rs:10"), "{on:?}");

    let map = workspace.run(&["map", "-q"]);
    assert!(!map.out.contains("tests/api.rs"), "{map:?}");
    assert!(map.out.ends_with("1 test file left out, show with --include-tests\n"), "{map:?}");
    assert!(workspace.run(&["map", "-q", "--include-tests"]).out.contains("age/tests/api.rs:9"));

    let uses = workspace.run(&["uses", "Profile.birthdate", "-q"]);
    assert!(uses.out.contains("no known consumer"), "{uses:?}");
    assert!(uses.out.contains("1 test file left out (--include-tests)"), "{uses:?}");
    let uses = workspace.run(&["uses", "Profile.birthdate", "-q", "--include-tests"]);
    assert!(uses.out.contains("age/tests/api.rs:10 (test)"), "{uses:?}");

    let json = workspace.run(&["map", "-q", "--format", "json", "--include-tests"]);
    let map: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let edges = map["edges"].as_array().unwrap();
    assert!(!edges.is_empty() && edges.iter().all(|edge| edge["test"] == true), "{map}");
}

#[test]
fn generated_and_vendored_code_never_carries_a_finding() {
    for (path, text) in [
        ("age/src/generated.rs", format!("// Code generated by tool. DO NOT EDIT.\n{CLIENT}")),
        ("age/vendor/other/src/lib.rs", CLIENT.to_owned()),
        ("age/third_party/lib.rs", CLIENT.to_owned()),
    ] {
        let workspace = Workspace::reading();
        workspace.write("age/src/lib.rs", "pub mod generated;\n");
        workspace.write(path, &text);
        let run = workspace.run(&["--include-tests", "--min-confidence", "unknown", "--format", "concise"]);
        assert!(!run.out.contains(path), "{path}: {run:?}");
        assert!(!workspace.run(&["map", "-q"]).out.contains(path), "{path}");
    }
}

#[test]
fn the_map_is_drawn_and_tabulated_and_cut_to_size() {
    let workspace = Workspace::reading();
    let mermaid = workspace.run(&["map", "-q", "--format", "mermaid", "--fields"]);
    assert_eq!(mermaid.code, 0, "{mermaid:?}");
    for line in ["flowchart LR", "  s1([\"age\"])", "  s1 --> o1", "  o1 -->|\"age: read\"| f1"] {
        assert!(mermaid.out.lines().any(|it| it == line), "{line}: {}", mermaid.out);
    }
    let dot = workspace.run(&["map", "-q", "--format", "dot"]);
    assert!(dot.out.starts_with("digraph ") && dot.out.contains("  s1 -> o1;\n"), "{dot:?}");
    let csv = workspace.run(&["map", "-q", "--format", "csv", "--operation", "GET *", "--contract", "api/*"]);
    let lines: Vec<&str> = csv.out.split("\r\n").collect();
    assert!(lines[0].starts_with("consumer,role,provider,contract,operation,field,"), "{csv:?}");
    assert!(lines[1].starts_with("age,consumer,,api/openapi.yaml,GET /profiles/{id},"), "{csv:?}");
    let nothing = workspace.run(&["map", "-q", "--format", "csv", "--min-confidence", "certain"]);
    assert_eq!(nothing.out.lines().count(), 1, "{nothing:?}");
}

#[test]
fn an_unresolved_call_says_what_is_missing() {
    let workspace = Workspace::clean();
    workspace.write(
        "age/src/lib.rs",
        &CLIENT
            .replace("https://profile.internal/profiles/{id}", "https://profile.internal/people/{id}")
            .replace("Ok(profile.birthdate)", "reqwest::Client::new().delete(\"https://profile.internal/profiles/1\").send().await?;\n    Ok(profile.birthdate)"),
    );
    let run = workspace.run(&["unresolved", "-q"]);
    assert_eq!(run.code, 0, "{run:?}");
    for said in [
        "no contract here has such a path (1 call)",
        "a contract here has its path, but not with its method (1 call)",
        "the path is there for GET",
        "2 of 2 calls unresolved",
    ] {
        assert!(run.out.contains(said), "{said}: {run:?}");
    }
    let json = workspace.run(&["unresolved", "-q", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(document["summary"][0]["count"], 1, "{document}");
    let unused = workspace.run(&["uses", "Profile.birthdate", "-q"]);
    assert!(unused.out.contains("no known consumer"), "{unused:?}");
    assert!(unused.out.contains("2 calls tied to no contract (contract-lint unresolved)"), "{unused:?}");
}

#[test]
fn contracts_says_what_was_read_of_contracts_alone() {
    let workspace = Workspace::new(&[("api/openapi.yaml", API)]);
    let run = workspace.run(&["contracts"]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "no client code is needed: {run:?}");
    for line in [
        "  servers  https://profile.internal",
        "    GET /profiles/{id}",
        "      path  id                string   required",
        "      200   application/json  Profile",
        "      birthdate  string (date)  sensitive: pii",
    ] {
        assert!(run.out.lines().any(|it| it == line), "{line}\n{}", run.out);
    }
    assert_eq!(workspace.run(&["map", "--contracts"]).out, run.out);
    assert_eq!(workspace.run(&["contracts", "--only", "Profile.id", "--contract", "api/*"]).code, 0);
    let places = workspace.run(&["contracts", "--places"]);
    assert!(places.out.contains("      birthdate  string (date)  sensitive: pii  api/openapi.yaml:21:9"), "{places:?}");
    let json = workspace.run(&["contracts", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let field = &document["contracts"][0]["messages"][0]["fields"][1];
    assert_eq!((&field["name"], &field["at"]["line"]), (&"birthdate".into(), &21.into()), "{field}");
    assert_eq!(document["exit"], 0);
}

#[test]
fn contracts_is_incomplete_where_a_part_could_not_be_read() {
    let workspace = Workspace::new(&[("api/openapi.yaml", API), ("api/broken.yaml", "openapi: 3.0.3\npaths: [\n")]);
    let run = workspace.run(&["contracts"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("\n  problem: api/broken.yaml:3:1: "), "{run:?}");
    assert!(run.err.contains("incomplete: a contract could not be read in full: api/broken.yaml"), "{run:?}");
    let json = workspace.run(&["contracts", "--format", "json", "-q"]);
    let document: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &document["exit"]), (3, &3.into()), "{json:?}");
    assert_eq!(document["problems"][0]["at"]["file"], "api/broken.yaml");
    let nothing = Workspace::new(&[]).run(&["contracts"]);
    assert_eq!(nothing.code, 3, "{nothing:?}");
    assert!(nothing.err.contains("no contract found") && !nothing.err.contains("client code"), "{nothing:?}");
}

#[test]
fn a_finding_is_explained_by_its_fingerprint() {
    let workspace = Workspace::reading();
    let found = workspace.run(&["--format", "json", "-q"]);
    let document: serde_json::Value = serde_json::from_str(&found.out).unwrap();
    let fingerprint = document["findings"][0]["fingerprint"].as_str().unwrap();
    let explained = workspace.run(&["explain", fingerprint]);
    assert_eq!(explained.code, 0, "{explained:?}");
    assert!(explained.out.starts_with("error[sensitive/sensitive-field-read]"), "{explained:?}");
    assert!(explained.out.contains("\nWhy\n"), "{explained:?}");
}

#[test]
fn inside_github_actions_excerpts_are_fenced_and_the_summary_is_written() {
    let workspace = Workspace::reading();
    workspace.write("age/src/lib.rs", &CLIENT.replace("Ok(profile", "/*\n::warning::injected\n*/ Ok(profile"));
    let summary = workspace.0.path().join("summary.md");
    let mut command = workspace.command(&["--counts", "counts"]);
    let output = command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", &summary).output().unwrap();
    let run = Run::of(&output);
    assert_eq!(run.code, 1, "{run:?}");
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[0].starts_with("::group::") && lines[1].starts_with("::stop-commands::"), "{run:?}");
    let token = lines[1].trim_start_matches("::stop-commands::");
    let resumed = lines.iter().position(|line| *line == format!("::{token}::")).unwrap();
    assert!(lines[resumed..].iter().any(|line| line.starts_with("::error file=age/src/lib.rs,line=12")), "{run:?}");
    assert!(fs::read_to_string(summary).unwrap().contains("sensitive/sensitive-field-read"));
    let counts = fs::read_to_string(workspace.0.path().join("counts")).unwrap();
    assert!(counts.starts_with("findings=1\nerrors=1\nconsumers-affected="), "{counts}");
}

#[test]
fn rules_and_settings_are_shown_as_they_are_in_force() {
    let workspace = Workspace::reading();
    workspace.write("contract-lint.yaml", "version: 1\nrules: {sensitive/sensitive-field-read: warning}\n");
    let rules = workspace.run(&["rules"]);
    let row = rules.out.lines().find(|line| line.starts_with("sensitive/sensitive-field-read")).unwrap();
    assert!(row.contains(" warning "), "{row}");
    let shown = workspace.run(&["--show-config", "--today", "2026-03-04"]);
    assert_eq!(shown.code, 0);
    assert!(shown.out.starts_with("# today: 2026-03-04\n") && shown.out.contains("sensitive-field-read"), "{shown:?}");
}
