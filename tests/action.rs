//! The GitHub action: `scripts/action.sh` is run as the runner runs it, with stand-ins for the
//! program, for `curl` and for `cargo` on the path.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A stand-in for contract-lint: notes its arguments down, each ended by a NUL, and ends as `STATUS`
/// says after writing `COUNTS` where it is told to.
const PROGRAM: &str = r#"#!/bin/bash
if [ "$1" = --version ]; then echo "contract-lint ${KNOWN_VERSION:-$WANTED_VERSION}"; exit; fi
printf '%s\0' "$@" >"$STAGE/arguments"
for argument; do
  case $argument in --counts=*) printf "${COUNTS:-}" >"${argument#--counts=}" ;; esac
done
exit "${STATUS:-0}"
"#;

/// A stand-in for curl: gives what the test has put into the folder `release`.
const CURL: &str = r#"#!/bin/bash
printf '%s\n' "$*" >>"$STAGE/fetched"
while [ $# -gt 1 ]; do [ "$1" = -o ] && to=$2; shift; done
cp "$STAGE/release/${1##*/}" "$to"
"#;

/// A stand-in for cargo: notes what it is to build, and "builds" the program.
const CARGO: &str = r#"#!/bin/bash
printf '%s\n' "$*" >"$STAGE/built"
while [ "$1" != --root ]; do shift; done
mkdir -p "$2/bin" && cp "$STAGE/program" "$2/bin/contract-lint"
"#;

/// A machine of the runner.
struct Stage {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Stage {
    /// Nothing is installed, and there is no release.
    fn bare() -> Self {
        let stage = Self { folder: TempDir::new().unwrap(), variables: Vec::new() };
        for folder in ["path", "release", "workspace"] {
            fs::create_dir(stage.at(folder)).unwrap();
        }
        stage.executable("program", PROGRAM);
        stage.executable("path/curl", CURL);
        stage.executable("path/cargo", CARGO);
        stage
    }

    /// The wanted version of the program is on the path.
    fn with_program() -> Self {
        let stage = Self::bare();
        stage.executable("path/contract-lint", PROGRAM);
        stage
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn executable(&self, path: &str, text: &str) {
        fs::write(self.at(path), text).unwrap();
        fs::set_permissions(self.at(path), fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Puts a release of the program where the stand-in for curl finds it.
    fn release(&self, checksum: Option<&str>) {
        let archive = self.at("release/contract-lint-x86_64-unknown-linux-musl.tar.gz");
        fs::create_dir(self.at("packed")).unwrap();
        fs::copy(self.at("program"), self.at("packed/contract-lint")).unwrap();
        let mut tar = Command::new("tar");
        tar.arg("-czf").arg(&archive).arg("-C").arg(self.at("packed")).arg("contract-lint");
        assert!(tar.status().unwrap().success());
        let sum = checksum.map_or_else(|| sha256(&archive), str::to_owned);
        let name = archive.file_name().unwrap().to_string_lossy().into_owned();
        fs::write(self.at(&format!("release/{name}.sha256")), format!("{sum}  {name}\n")).unwrap();
    }

    fn set(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    fn run(&self) -> Output {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut bash = Command::new("bash");
        bash.arg(root.join("scripts/action.sh"))
            .current_dir(self.at("workspace"))
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", self.at("path").display()))
            .env("HOME", self.folder.path())
            .env("STAGE", self.folder.path())
            .env("WANTED_VERSION", VERSION)
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", root)
            .env("GITHUB_OUTPUT", self.at("outputs"))
            .env("ACTION_REPOSITORY", "acme/contract-lint")
            .env("INPUT_PATHS", ".")
            .env("INPUT_FAIL_ON", "error")
            .env("INPUT_VERSION", VERSION)
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        bash.output().unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_default()
    }

    /// What the program was started with, but for the place of the numbers; empty if it was not.
    fn arguments(&self) -> Vec<String> {
        let text = self.read("arguments");
        let arguments = text.split_terminator('\0').filter(|argument| !argument.starts_with("--counts="));
        arguments.map(str::to_owned).collect()
    }
}

fn sha256(path: &Path) -> String {
    use sha2::Digest;
    use std::fmt::Write;
    let digest = sha2::Sha256::digest(fs::read(path).unwrap());
    digest.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// What lies in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn inputs_reach_the_program_as_they_are() {
    let paths = "services/my api\n$(touch a)\n`touch b`\n\"; touch c; '\n--config=x\n*\n\n~\r\n";
    let against = "origin/main $(touch d)\n::error::x";
    let stage = Stage::with_program().set("INPUT_PATHS", paths).set("INPUT_AGAINST", against);
    let stage = stage.set("INPUT_FAIL_ON", "never; touch e").set("INPUT_FORMAT", "$(touch f)");
    assert!(stage.run().status.success());
    let options = ["--fail-on=never; touch e".into(), format!("--against={against}"), "--format=$(touch f)".into()];
    let mut expected = vec!["check".to_owned()];
    expected.extend(options);
    expected.extend(
        ["--", "services/my api", "$(touch a)", "`touch b`", "\"; touch c; '", "--config=x", "*", "~"]
            .map(str::to_owned),
    );
    assert_eq!(stage.arguments(), expected);
    assert!(names(&stage.at("workspace")).is_empty(), "an input was run as shell");
}

#[test]
fn what_is_left_out_is_left_to_the_program() {
    let stage = Stage::with_program();
    assert!(stage.run().status.success());
    assert_eq!(stage.arguments(), ["check", "--fail-on=error", "--", "."]);
}

#[test]
fn numbers_become_outputs_and_nothing_else_does() {
    let counts = "findings=12\\nerrors=3\\nconsumers-affected=2\\nPATH=x\\nerrors=3 x\\nfindings<<EOF\\n";
    let stage = Stage::with_program().set("COUNTS", counts);
    assert!(stage.run().status.success());
    assert_eq!(stage.read("outputs"), "findings=12\nerrors=3\nconsumers-affected=2\n");
}

#[test]
fn the_exit_code_is_that_of_the_program() {
    for status in 0..=3 {
        let stage = Stage::with_program().set("STATUS", status.to_string()).set("COUNTS", "findings=1\\n");
        assert_eq!(stage.run().status.code(), Some(status));
        assert_eq!(stage.read("outputs"), "findings=1\n", "outputs are written however the run ends");
    }
}

#[test]
fn a_release_with_the_right_checksum_is_used() {
    let stage = Stage::bare().set("INPUT_VERSION", format!("v{VERSION}"));
    stage.release(None);
    let output = stage.run();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stage.arguments(), ["check", "--fail-on=error", "--", "."]);
    let url = format!("https://github.com/acme/contract-lint/releases/download/v{VERSION}/");
    assert!(stage.read("fetched").contains(&url));
    assert_eq!(stage.read("built"), "");
}

#[test]
fn a_release_with_a_wrong_checksum_is_refused_and_nothing_is_built_in_its_place() {
    for checksum in ["0".repeat(64), String::new()] {
        let stage = Stage::bare();
        stage.release(Some(&checksum));
        let output = stage.run();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("checksum"));
        assert!(stage.arguments().is_empty());
        assert_eq!(stage.read("built"), "");
    }
}

#[test]
fn a_release_without_a_checksum_is_refused() {
    let stage = Stage::bare();
    stage.release(None);
    fs::remove_file(stage.at("release/contract-lint-x86_64-unknown-linux-musl.tar.gz.sha256")).unwrap();
    assert_eq!(stage.run().status.code(), Some(2));
    assert!(stage.arguments().is_empty());
}

#[test]
fn without_a_release_the_sources_of_the_action_are_built() {
    let stage = Stage::bare();
    assert!(stage.run().status.success());
    let built = stage.read("built");
    assert!(built.starts_with("install --locked "), "{built}");
    assert!(built.contains(&format!("--path {}", env!("CARGO_MANIFEST_DIR"))), "{built}");
    assert_eq!(stage.arguments(), ["check", "--fail-on=error", "--", "."]);
}

#[test]
fn another_version_is_never_built_from_the_sources_of_the_action() {
    let stage = Stage::with_program().set("INPUT_VERSION", "99.1.0-rc.2");
    assert!(stage.run().status.success());
    let built = stage.read("built");
    assert!(built.contains("--locked") && built.ends_with("contract-lint --version 99.1.0-rc.2\n"), "{built}");
}

#[test]
fn an_unknown_machine_builds_from_source() {
    let stage = Stage::bare().set("RUNNER_ARCH", "RISCV");
    stage.release(None);
    assert!(stage.run().status.success());
    assert_eq!(stage.read("fetched"), "");
    assert_ne!(stage.read("built"), "");
}

#[test]
fn what_is_no_version_is_refused_and_not_printed_as_it_is() {
    for version in ["", "latest", "1.2", "1.2.3/../../evil", "1.2.3\n::error::x", "$(touch a)", "--path=x"] {
        let stage = Stage::with_program().set("INPUT_VERSION", version);
        let output = stage.run();
        assert_eq!(output.status.code(), Some(2), "{version}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!said.lines().any(|line| line.starts_with("::")), "{said}");
        assert!(stage.arguments().is_empty() && stage.read("fetched").is_empty());
    }
}

#[test]
fn a_pull_request_is_compared_with_its_target() {
    let stage = Stage::with_program().set("GITHUB_BASE_REF", "release/$(touch a)");
    let workspace = stage.at("workspace");
    git(&workspace, &["init", "-q", "-b", "main"]);
    git(&workspace, &["commit", "-q", "--allow-empty", "-m", "one"]);
    let merge = git(&workspace, &["rev-parse", "HEAD"]);
    // The workflow checks out something else than the merge: its first parent is not the target.
    let stage = stage.set("GITHUB_EVENT_NAME", "pull_request").set("GITHUB_SHA", "0000");
    stage.run();
    assert!(stage.arguments().contains(&"--against=origin/release/$(touch a)...HEAD".to_owned()));
    let stage = stage.set("GITHUB_SHA", merge);
    stage.run();
    assert!(stage.arguments().contains(&"--against=HEAD^1".to_owned()));
    // There the runner checks out the target itself.
    let stage = stage.set("GITHUB_EVENT_NAME", "pull_request_target");
    stage.run();
    assert!(stage.arguments().contains(&"--against=origin/release/$(touch a)...HEAD".to_owned()));
    let stage = stage.set("INPUT_AGAINST", "v1");
    stage.run();
    assert!(stage.arguments().contains(&"--against=v1".to_owned()));
}

#[test]
fn nothing_is_left_behind() {
    let stage = Stage::bare();
    stage.release(None);
    let kept = stage.at("runner");
    fs::create_dir(&kept).unwrap();
    let stage = stage.set("TMPDIR", kept.display().to_string());
    assert!(stage.run().status.success());
    assert!(names(&kept).is_empty());
}

fn action() -> Value {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

fn keys(value: &Value) -> Vec<String> {
    value.as_mapping().unwrap().keys().map(|key| key.as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_step_writes_an_expression_into_its_shell() {
    let action = action();
    let steps = action["runs"]["steps"].as_sequence().unwrap();
    for run in steps.iter().map(|step| step["run"].as_str().unwrap()) {
        assert!(!run.contains("${{"), "{run}");
    }
}

#[test]
fn every_input_reaches_the_script_and_every_output_comes_from_it() {
    let action = action();
    let script = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/action.sh")).unwrap();
    let environment = &action["runs"]["steps"][0]["env"];
    for input in keys(&action["inputs"]) {
        let variable = format!("INPUT_{}", input.to_uppercase().replace('-', "_"));
        assert_eq!(environment[variable.as_str()].as_str(), Some(format!("${{{{ inputs.{input} }}}}").as_str()));
        assert!(script.contains(&format!("${{{variable}:-")), "{variable} is not used");
    }
    let outputs = keys(&action["outputs"]);
    assert!(script.contains(&format!("^({})=", outputs.join("|"))), "{outputs:?}");
    for output in outputs {
        let value = action["outputs"][output.as_str()]["value"].as_str().unwrap();
        assert_eq!(value, format!("${{{{ steps.run.outputs.{output} }}}}"));
    }
}

#[test]
fn the_version_of_the_action_is_that_of_the_package() {
    assert_eq!(action()["inputs"]["version"]["default"].as_str(), Some(VERSION));
}
