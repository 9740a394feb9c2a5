//! The shell of the GitHub Action, run with stand-ins for the programs it calls.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of stand-ins, and the environment of a step.
struct Step {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Step {
    fn new() -> Self {
        let step = Self { folder: tempfile::tempdir().unwrap(), variables: Vec::new() };
        fs::create_dir(step.path("bin")).unwrap();
        step
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A program on the PATH.
    fn program(self, name: &str, script: &str) -> Self {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/usr/bin/env bash\n{script}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    /// A contract-lint that writes down its arguments, one between each pair of brackets.
    fn recording(self, rest: &str) -> Self {
        let record = format!("printf '<%s>' \"$@\" >\"$RECORD\"\n{rest}");
        self.program("contract-lint", &record)
    }

    fn run(&self) -> Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/action.sh");
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new("bash");
        command
            .arg(script)
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("RUNNER_TEMP", self.folder.path())
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("RECORD", self.path("record"))
            .env("INPUT_VERSION", "installed")
            .envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.output().unwrap()
    }

    fn recorded(&self) -> String {
        let record = fs::read_to_string(self.path("record")).unwrap();
        // The folder of the run has a random name.
        let (start, rest) = record.split_once("<--counts><").unwrap();
        format!("{start}{}", rest.split_once('>').unwrap().1)
    }

    fn output(&self) -> String {
        fs::read_to_string(self.path("output")).unwrap_or_default()
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn inputs_reach_the_program_literally() {
    let step = Step::new()
        .recording("")
        .with("INPUT_AGAINST", "$(touch pwned); `touch pwned` \"main\" 'x'")
        .with("INPUT_PATHS", "a folder\n$(touch pwned)\n\n--help\n* \"q\"")
        .with("INPUT_FAIL_ON", "never; touch pwned")
        .with("INPUT_FORMAT", "json\ntouch pwned");
    let output = step.run();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(
        step.recorded(),
        "<check><--fail-on=never; touch pwned><--format=json\ntouch pwned>\
         <--against=$(touch pwned); `touch pwned` \"main\" 'x'><--><a folder><$(touch pwned)><--help><* \"q\">"
    );
    assert!(!step.path("pwned").exists());
}

#[test]
fn without_inputs_the_current_folder_is_checked() {
    let step = Step::new().recording("");
    assert!(step.run().status.success());
    assert_eq!(step.recorded(), "<check><--fail-on=error><--><.>");
}

#[test]
fn numbers_are_passed_on_and_nothing_else() {
    let counts = "printf 'findings=3\\nerrors=2\\nconsumers-affected=1\\nPATH=/evil\\nerrors=<<EOF\\n' >\"$3\"";
    let step = Step::new().recording(counts);
    assert!(step.run().status.success());
    assert_eq!(step.output(), "findings=3\nerrors=2\nconsumers-affected=1\n");
}

#[test]
fn the_exit_code_is_the_programs() {
    for code in [0, 1, 2, 3] {
        let step = Step::new().recording(&format!("printf 'findings=1\\n' >\"$3\"\nexit {code}"));
        assert_eq!(step.run().status.code(), Some(code));
        assert_eq!(step.output(), "findings=1\n");
    }
}

#[test]
fn a_pull_request_is_compared_with_its_base_if_that_is_there() {
    let step = Step::new().recording("").program("git", "exit 0").with("EVENT_NAME", "pull_request");
    assert!(step.run().status.success());
    assert!(step.recorded().contains("<--against=HEAD^1>"), "{}", step.recorded());
    let shallow = Step::new().recording("").program("git", "exit 128").with("EVENT_NAME", "pull_request");
    assert!(shallow.run().status.success());
    assert!(!shallow.recorded().contains("--against"));
}

/// A curl that serves an archive with a contract-lint in it, and the checksum `sum`.
fn serving(sum: &str) -> Step {
    let step = Step::new().program("uname", "if [ \"$1\" = -s ]; then echo Linux; else echo x86_64; fi");
    let inner = step.path("release");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("contract-lint"), "#!/usr/bin/env bash\nprintf '<%s>' \"$@\" >\"$RECORD\"\n").unwrap();
    fs::set_permissions(inner.join("contract-lint"), fs::Permissions::from_mode(0o755)).unwrap();
    let archive = step.path("archive.tar.gz");
    let made = Command::new("tar").arg("-czf").arg(&archive).arg("-C").arg(&inner).arg("contract-lint").status();
    assert!(made.unwrap().success());
    let sum = sum.replace("GOOD", &checksum(&archive));
    fs::write(step.path("sum"), format!("{sum}  contract-lint.tar.gz\n")).unwrap();
    step.program(
        "curl",
        "echo \"${@: -1}\" >>urls\nwhile [ \"$1\" != -o ]; do shift; done\n\
         case \"$3\" in *.sha256) cp sum \"$2\" ;; *) cp archive.tar.gz \"$2\" ;; esac",
    )
    .with("ACTION_REPOSITORY", "acme/contract-lint")
    .with("INPUT_VERSION", "0.1.0")
}

fn checksum(path: &Path) -> String {
    let output = Command::new("sha256sum")
        .arg(path)
        .output()
        .or_else(|_| Command::new("shasum").args(["-a", "256"]).arg(path).output());
    String::from_utf8(output.unwrap().stdout).unwrap().split(' ').next().unwrap().to_owned()
}

#[test]
fn a_release_is_installed_when_its_checksum_agrees() {
    let step = serving("GOOD");
    let output = step.run();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(step.recorded(), "<check><--fail-on=error><--><.>");
    let urls = fs::read_to_string(step.path("urls")).unwrap();
    let base = "https://github.com/acme/contract-lint/releases/download/v0.1.0/contract-lint-x86_64-unknown-linux-musl";
    assert_eq!(urls, format!("{base}.tar.gz\n{base}.tar.gz.sha256\n"));
}

#[test]
fn a_release_whose_checksum_differs_is_refused_and_nothing_is_run() {
    let step = serving("0000").program("cargo", "echo called >cargo-called");
    let output = step.run();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("the checksum of the release differs"), "{}", said(&output));
    assert!(!step.path("record").exists());
    assert!(!step.path("cargo-called").exists(), "a bad release must not be hidden by building another one");
}

#[test]
fn without_a_release_the_package_is_built_from_source() {
    let cargo = "printf '<%s>' \"$@\" >cargo-called\n\
        mkdir -p \"$5/bin\"\nprintf '#!/bin/sh\\nexit 1\\n' >\"$5/bin/contract-lint\"\nchmod +x \"$5/bin/contract-lint\"";
    let step = Step::new()
        .program("curl", "exit 22")
        .program("cargo", cargo)
        .with("ACTION_REPOSITORY", "acme/contract-lint")
        .with("INPUT_VERSION", "0.1.0");
    let output = step.run();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let called = fs::read_to_string(step.path("cargo-called")).unwrap();
    assert!(called.starts_with("<install><contract-lint><--locked><--root>"), "{called}");
    assert!(called.ends_with("<--version><0.1.0>"), "{called}");
}

#[test]
fn a_version_that_is_none_is_refused() {
    let step = Step::new().recording("").with("INPUT_VERSION", "../../evil");
    assert_eq!(step.run().status.code(), Some(2));
    assert!(!step.path("record").exists());
}

#[test]
fn action_yml_puts_no_expression_into_a_command() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
    let action: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step:?}");
    }
    for output in ["findings", "errors", "consumers-affected"] {
        assert!(!action["outputs"][output].is_null(), "{output}");
    }
    for input in ["against", "paths", "fail-on", "format", "version"] {
        let variable = format!("INPUT_{}", input.to_uppercase().replace('-', "_"));
        assert!(action["runs"]["steps"][0]["env"][variable.as_str()].is_string(), "{input}");
    }
}
