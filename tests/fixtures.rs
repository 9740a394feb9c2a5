//! Whole workspaces against the output that a person has read. `BLESS=1` rewrites it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TODAY: &str = "2026-11-20";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every workspace below `fixtures`: a folder named `before` or `after`.
fn workspaces() -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(root().join("fixtures")).sort_by_file_name().into_iter().map(Result::unwrap);
    let found: Vec<PathBuf> = all
        .filter(|entry| {
            entry.file_type().is_dir() && ["before", "after"].contains(&entry.file_name().to_str().unwrap())
        })
        .map(walkdir::DirEntry::into_path)
        .collect();
    assert!(!found.is_empty());
    found
}

struct Ran {
    code: i32,
    stdout: String,
}

fn run(folder: &Path, args: &[&str], threads: &str) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_contract-lint"))
        .current_dir(folder)
        .args(args)
        .args(["--today", TODAY])
        .env_remove("GITHUB_ACTIONS")
        .env("NO_COLOR", "1")
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    Ran { code: output.status.code().unwrap(), stdout: String::from_utf8(output.stdout).unwrap() }
}

fn compare(golden: &Path, found: &str) {
    if std::env::var_os("BLESS").is_some() {
        fs::write(golden, found).unwrap();
    }
    let expected = fs::read_to_string(golden).unwrap_or_default();
    similar_asserts::assert_eq!(found: found, expected: expected, "{} (BLESS=1 rewrites it)", golden.display());
}

#[test]
fn workspaces_give_what_a_person_has_read() {
    for workspace in workspaces() {
        let name = workspace.file_name().unwrap().to_str().unwrap();
        let folder = workspace.parent().unwrap();
        let check = run(&workspace, &["check", "."], "2");
        compare(&folder.join(format!("{name}.txt")), &check.stdout);
        compare(&folder.join(format!("{name}.map.txt")), &run(&workspace, &["map", "."], "2").stdout);
        let contracts = run(&workspace, &["contracts", ".", "--places"], "2").stdout;
        compare(&folder.join(format!("{name}.contracts.txt")), &contracts);
        assert_eq!(check.code, i32::from(name == "before"), "{}", workspace.display());
    }
}

/// What the README shows of the incident is what the program prints.
#[test]
fn the_readme_shows_real_output() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let before = root().join("fixtures/incidents/sunset-brownout/before");
    for args in [&["uses", "profile.v1.Profile.birthdate"][..], &["map", "--format", "mermaid"]] {
        let found = run(&before, args, "2").stdout;
        assert!(readme.contains(found.trim_end()), "the README lacks the output of {args:?}:\n{found}");
    }
}

/// What the page of an incident shows is what the program prints.
#[test]
fn the_pages_of_incidents_show_real_output() {
    let pages: Vec<PathBuf> =
        fs::read_dir(root().join("docs/incidents")).unwrap().map(|entry| entry.unwrap().path()).collect();
    let shows = |page: &&PathBuf| fs::read_to_string(page).unwrap().contains("--format concise");
    assert!(pages.iter().any(|page| shows(&page)));
    for page in pages.iter().filter(shows) {
        let workspace = root().join("fixtures/incidents").join(page.file_stem().unwrap()).join("before");
        let found = run(&workspace, &["check", "--format", "concise"], "2").stdout;
        let text = fs::read_to_string(page).unwrap();
        assert!(text.contains(found.trim_end()), "{} lacks the output:\n{found}", page.display());
    }
}

#[test]
fn output_does_not_depend_on_threads_or_folder() {
    let elsewhere = tempfile::tempdir().unwrap();
    for (at, workspace) in workspaces().iter().enumerate() {
        let copy = elsewhere.path().join(format!("copy {at}"));
        copy_folder(workspace, &copy);
        for args in [
            &["check", ".", "--format", "json"][..],
            &["map", ".", "--format", "json"],
            &["map", ".", "--format", "csv"],
            &["map", ".", "--format", "dot", "--fields"],
            &["map", ".", "--format", "mermaid", "--fields"],
            &["unresolved", ".", "--format", "json"],
            &["contracts", ".", "--format", "json"],
        ] {
            let here = run(workspace, args, "1");
            let there = run(&copy, args, "16");
            similar_asserts::assert_eq!(here.stdout, there.stdout);
            assert!(!here.stdout.contains(workspace.to_str().unwrap()), "output names the folder it was made in");
        }
    }
}

#[test]
fn nothing_breaks_when_base_equals_head() {
    for workspace in workspaces() {
        let base = workspace.to_str().unwrap();
        let ran = run(&workspace, &["check", ".", "--against", base, "--format", "json"], "2");
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let rules = report["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap());
        assert_eq!(rules.filter(|rule| rule.starts_with("breaking/")).count(), 0, "{base}");
    }
}

/// From `before` to `after` the contracts lose what nobody in `after` uses any more.
#[test]
fn what_the_repair_removes_hits_nobody() {
    let incident = root().join("fixtures/incidents/sunset-brownout");
    let base = incident.join("before");
    let ran =
        run(&incident.join("after"), &["check", ".", "--against", base.to_str().unwrap(), "--format", "json"], "2");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["rule"] == "breaking/field-removed"), "core's birthdate is gone");
    assert!(findings.iter().all(|finding| finding["level"] == "warning"), "{findings:#?}");
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
