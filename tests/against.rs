//! `contract-lint check --against` in repositories: what it is compared with, and contract files that come, go and
//! move.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A description with a title and these paths.
fn api(title: &str, paths: &[&str]) -> String {
    let operations: String = paths
        .iter()
        .map(|path| {
            format!(
                "  {path}:\n    get:\n      operationId: get{}\n      responses: {{\"200\": {{description: x}}}}\n",
                path.replace('/', "_")
            )
        })
        .collect();
    format!("openapi: 3.0.3\ninfo: {{title: {title}, version: \"1\"}}\npaths:\n{operations}")
}

/// A folder with repositories.
struct Folder(tempfile::TempDir);

impl Folder {
    /// One repository with two paths on `main`.
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("api/openapi.yaml", &api("A", &["/a", "/b"]));
        folder.git("", &["init", "-q"]);
        folder.commit("");
        folder
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
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
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, folder: &str) {
        self.git(folder, &["add", "-A"]);
        self.git(folder, &["commit", "-q", "-m", "a state"]);
    }

    /// `main` gets a path while a branch, which is checked out, gets another.
    fn parted() -> Self {
        let folder = Self::new();
        folder.git("", &["branch", "feature"]);
        folder.write("api/openapi.yaml", &api("A", &["/a", "/b", "/of-main"]));
        folder.commit("");
        folder.git("", &["checkout", "-q", "feature"]);
        folder.write("api/other.yaml", &api("B", &["/of-feature"]));
        folder.commit("");
        folder
    }

    fn check(&self, folder: &str, against: &str, variables: &[(&str, &str)]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_contract-lint"));
        for variable in ["GITHUB_ACTIONS", "GITHUB_EVENT_NAME", "GITHUB_BASE_REF", "GITHUB_SHA"] {
            command.env_remove(variable);
        }
        let Output { status, stdout, stderr } = command
            .args(["check", "--format", "json", "--against", against])
            .envs(variables.iter().copied())
            .current_dir(self.path(folder))
            .output()
            .unwrap();
        let document: Value = serde_json::from_slice(&stdout).unwrap();
        let removed = |finding: &&Value| finding["rule"] == "breaking/operation-removed";
        let findings: Vec<&Value> = document["findings"].as_array().unwrap().iter().filter(removed).collect();
        let fingerprint = findings.first().and_then(|it| it["fingerprint"].as_str()).unwrap_or_default().to_owned();
        Run {
            code: status.code().unwrap(),
            fingerprint,
            removed: findings.into_iter().map(|it| it["operation"].as_str().unwrap().to_owned()).collect(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }
}

/// How a run ended, which operations it takes for removed, and what it said beside that.
#[derive(Debug)]
struct Run {
    code: i32,
    removed: Vec<String>,
    /// Of the first of them.
    fingerprint: String,
    err: String,
}

#[test]
fn a_branch_is_compared_where_it_was_left_and_anything_else_as_it_is() {
    let folder = Folder::parted();
    assert_eq!(folder.check("", "main", &[]).removed, [""; 0]);
    let newest = folder.git("", &["rev-parse", "main"]);
    assert_eq!(folder.check("", &newest, &[]).removed, ["GET /of-main"]);
    folder.git("", &["tag", "v1", "main"]);
    assert_eq!(folder.check("", "v1", &[]).removed, ["GET /of-main"]);
    assert_eq!(folder.check("", "main...HEAD", &[]).removed, [""; 0]);
}

#[test]
fn a_pull_request_is_compared_with_what_it_was_merged_into() {
    let folder = Folder::parted();
    folder.git("", &["checkout", "-q", "main"]);
    folder.git("", &["merge", "-q", "--no-ff", "-m", "merge", "feature"]);
    let merge = folder.git("", &["rev-parse", "HEAD"]);
    folder.git(
        "",
        &["clone", "-q", "--depth=2", "--no-single-branch", &format!("file://{}", folder.path("").display()), "clone"],
    );
    folder.git("clone", &["checkout", "-q", "--detach"]);
    folder.git("clone", &["update-ref", "-d", "refs/remotes/origin/main"]);
    let pull = |sha| [("GITHUB_EVENT_NAME", "pull_request"), ("GITHUB_BASE_REF", "main"), ("GITHUB_SHA", sha)];
    let run = folder.check("clone", "origin/main", &pull(&merge));
    assert_eq!(
        (run.removed.as_slice(), run.err.contains("incomplete: there is no base")),
        (&[][..], false),
        "{}",
        run.err
    );
    // Something else than the merge is checked out: then the branch itself is wanted.
    let run = folder.check("clone", "origin/main", &pull("0000"));
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("`git fetch --no-tags --depth=1 origin main`"), "{run:?}");
}

#[test]
fn a_shallow_clone_that_has_the_branch_but_not_its_past_says_so() {
    let folder = Folder::parted();
    folder.git(
        "",
        &["clone", "-q", "--depth=1", "--no-single-branch", &format!("file://{}", folder.path("").display()), "clone"],
    );
    let run = folder.check("clone", "origin/main", &[]);
    assert_eq!(run.removed, ["GET /of-main"], "the newest state is all there is");
    assert!(run.err.contains("run `git fetch --no-tags --unshallow origin`"), "{run:?}");
    folder.git("clone", &["fetch", "-q", "--no-tags", "--unshallow", "origin"]);
    assert_eq!(folder.check("clone", "origin/main", &[]).removed, [""; 0]);
}

/// What is left of a description of which a path is gone.
const LEFT: &str =
    "openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: x}}}}}\n";

#[test]
fn what_is_silenced_where_it_was_is_not_told() {
    let folder = Folder::new();
    let ignore = |value: &str| folder.write("api/openapi.yaml", &format!("{LEFT}x-contract-lint-ignore: {value}\n"));
    ignore("{breaking/operation-removed: nobody calls it, RPC_NO_DELETE: nor that}");
    let silent = folder.check("", "HEAD", &[]);
    assert_eq!(silent.removed, [""; 0], "{silent:?}");
    assert!(silent.err.contains("1 hidden: by `contract-lint: ignore` comments and extensions"), "{silent:?}");
    for (value, said) in [
        ("{breaking/operation-removed: ''}", "of `breaking/operation-removed` says no reason, so it silences nothing"),
        ("breaking/operation-removed", "names no rule, so it silences nothing"),
        ("{breaking/operation-remove: x}", "of `breaking/operation-remove`: there is no such rule"),
        ("{breaking/field-removed: x}", "of `breaking/field-removed` silences nothing any more"),
    ] {
        ignore(value);
        let run = folder.check("", "HEAD", &[]);
        assert_eq!(run.removed, ["GET /b"], "{value}: {run:?}");
        assert!(run.err.contains(&format!("`x-contract-lint-ignore` {said}")), "{value}: {run:?}");
    }
}

#[test]
fn what_is_accepted_is_counted_until_its_day() {
    let folder = Folder::new();
    folder.write("api/openapi.yaml", LEFT);
    let fingerprint = folder.check("", "HEAD", &[]).fingerprint;
    let accept = |more: &str| {
        let entry = format!("- fingerprint: {fingerprint}\n  reason: agreed with all\n{more}");
        folder.write(".contract-lint/accepted.yaml", &entry);
        folder.check("", "HEAD", &[])
    };
    let accepted = accept("  who: jane\n");
    assert_eq!(accepted.removed, [""; 0], "{accepted:?}");
    assert!(accepted.err.contains("1 hidden: accepted in `.contract-lint/accepted.yaml`"), "{accepted:?}");
    let expired = accept("  until: 2020-01-31\n");
    assert_eq!(expired.removed, ["GET /b"]);
    let note =
        format!(".contract-lint/accepted.yaml:1: `{fingerprint}` was accepted until 2020-01-31, and is told again");
    assert!(expired.err.contains(&note), "{expired:?}");
    let unused = accept("- {fingerprint: CL-00000000, reason: x}\n");
    assert!(
        unused.err.contains("accepted.yaml:3: `CL-00000000` is accepted, and there is no such finding"),
        "{unused:?}"
    );
    folder.write(".contract-lint/accepted.yaml", "- {fingerprint: CL-00000000}\n");
    let output = Command::new(env!("CARGO_BIN_EXE_contract-lint")).current_dir(folder.path("")).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains(".contract-lint/accepted.yaml:1:") && said.contains("missing field `reason`"), "{said}");
}

#[test]
fn contract_files_come_go_and_move() {
    let folder = Folder::new();
    folder.write("api/new.yaml", &api("New", &["/new"]));
    assert_eq!(folder.check("", "HEAD", &[]).removed, [""; 0], "a new file takes nothing away");
    fs::rename(folder.path("api/openapi.yaml"), folder.path("api/v1.yaml")).unwrap();
    assert_eq!(folder.check("", "HEAD", &[]).removed, [""; 0], "one that has moved is the same by its title");
    folder.write("api/v1.yaml", &api("Renamed", &["/a", "/b"]));
    assert_eq!(folder.check("", "HEAD", &[]).removed, [""; 0], "and by its operations, if it has another title too");
    fs::remove_file(folder.path("api/v1.yaml")).unwrap();
    let gone = folder.check("", "HEAD", &[]);
    assert_eq!(gone.removed, ["GET /a", "GET /b"]);
}
