//! The laws of the house that can be read off its files. ARCHITECTURE.md lists them.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 600;

/// What each stage may import of the crate. `lib.rs` and `cli` know everything; nothing knows them.
const IMPORTS: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("document", &["model"]),
    ("settings", &["model"]),
    ("discover", &["model"]),
    ("contract", &["model", "document"]),
    ("deploy", &["model", "document"]),
    ("lower", &["model"]),
    ("evaluate", &["model"]),
    ("link", &["model"]),
    ("diff", &["model"]),
    ("check", &["model"]),
    ("rules", &["model", "check"]),
    ("report", &["model"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Rust files below a folder, with their paths from the root.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in walkdir::WalkDir::new(root().join(folder)).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.path().extension().is_some_and(|extension| extension == "rs") {
            let name = entry.path().strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            all.push((name, fs::read_to_string(entry.path()).unwrap()));
        }
    }
    assert!(!all.is_empty(), "{folder} holds no Rust file");
    all
}

/// Lines of code: comments are left out, and the tests at the end of a file, which hold code as text.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]" && *line != "mod tests {")
        .map(|line| line.split("//").next().unwrap_or_default())
        .filter(|line| !line.trim().is_empty())
}

/// A line without what stands in its string literals.
fn without_text(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"")
}

/// Modules of the crate that a file names: the word behind each `crate::`.
fn imported(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in code(text).map(without_text) {
        for (at, _) in line.match_indices("crate::") {
            // `pub(in crate::x)` names its own module.
            let rest = &line[at + "crate::".len()..];
            let names = rest.strip_prefix('{').map_or(vec![rest], |group| group.split(',').collect());
            for name in names {
                let name: String =
                    name.trim().chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                if !name.is_empty() {
                    found.insert(name);
                }
            }
        }
    }
    found
}

#[test]
fn stages_import_only_what_the_law_allows() {
    let mut broken = Vec::new();
    for (stage, allowed) in IMPORTS {
        for (name, text) in files(&format!("src/{stage}")).into_iter().filter(|(name, _)| !name.ends_with("tests.rs")) {
            for import in imported(&text) {
                if import != stage && !allowed.contains(&import.as_str()) {
                    broken.push(format!("{name} imports crate::{import}; `{stage}` may import {allowed:?} only"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_folder_of_src_is_under_the_law() {
    let known: BTreeSet<&str> = IMPORTS.iter().map(|(stage, _)| *stage).chain(["cli"]).collect();
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_str().unwrap().to_owned();
        assert!(!entry.path().is_dir() || known.contains(name.as_str()), "src/{name} has no line in IMPORTS");
    }
}

#[test]
fn front_ends_do_not_know_each_other() {
    let languages: Vec<String> = fs::read_dir(root().join("src/lower"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_str().unwrap().to_owned())
        .collect();
    assert!(languages.len() > 1);
    for language in &languages {
        for (name, text) in files(&format!("src/lower/{language}")) {
            for other in languages.iter().filter(|other| *other != language) {
                let mentions = code(&text).any(|line| {
                    line.contains(&format!("lower::{other}")) || line.contains(&format!("super::{other}::"))
                });
                assert!(!mentions, "{name} knows the front end `{other}`");
            }
        }
    }
}

#[test]
fn the_model_and_the_rules_touch_nothing_outside() {
    let outside = ["std::fs", "std::env", "std::process", "TcpStream", "std::io", "SystemTime"];
    for folder in ["src/model", "src/rules", "src/link", "src/diff", "src/evaluate", "src/lower"] {
        for (name, text) in files(folder) {
            for word in outside {
                assert!(!code(&text).any(|line| without_text(line).contains(word)), "{name} uses {word}");
            }
        }
    }
}

#[test]
fn rules_know_no_language() {
    for (name, text) in files("src/rules") {
        for word in ["Language::", "model::ir", "\"rust\"", "\"go\""] {
            assert!(!code(&text).any(|line| line.contains(word)), "{name} mentions {word}: the model lacks a fact");
        }
    }
}

/// Whether a path begins in a line: `gin::x`, not `Origin::x`.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(path)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

/// A library is only data: the interpreter knows none by name.
#[test]
fn evaluation_knows_no_library_by_name() {
    let mut libraries = Vec::new();
    for entry in walkdir::WalkDir::new(root().join("rules/clients")) {
        let entry = entry.unwrap();
        let name = entry.path().file_stem().unwrap().to_str().unwrap().to_owned();
        if entry.path().extension().is_some_and(|extension| extension == "yaml") && name != "std" {
            libraries.push(name);
        }
    }
    assert!(libraries.len() > 5);
    let tests = ["src/evaluate/library/pattern.rs"];
    for (name, text) in files("src/evaluate").into_iter().filter(|(name, _)| !tests.contains(&name.as_str())) {
        for library in &libraries {
            let mentions =
                code(&text).any(|line| line.contains(&format!("\"{library}")) || names(line, &format!("{library}::")));
            assert!(!mentions, "{name} knows the library `{library}`; it belongs into rules/clients");
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for folder in ["src", "tests", "benches"] {
        if !root().join(folder).exists() {
            continue;
        }
        for (name, text) in files(folder) {
            let lines = text.lines().count();
            assert!(lines <= MAX_LINES, "{name} has {lines} lines; split it by what it does (at most {MAX_LINES})");
            assert!(text.starts_with("//!"), "{name} does not begin with a `//!` line that says what it is");
        }
    }
}

#[test]
fn there_is_no_drawer() {
    for (name, _) in files("src") {
        let stem = Path::new(&name).file_stem().unwrap().to_str().unwrap();
        assert!(!["utils", "util", "helpers", "misc", "common"].contains(&stem), "{name}: name it by what it does");
    }
}

#[test]
fn the_changelog_has_an_unreleased_part() {
    let text = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
    assert!(text.contains("## Unreleased"), "CHANGELOG.md lacks `## Unreleased`");
}

/// ARCHITECTURE.md names the test that holds each law; a test that is renamed must be renamed there.
#[test]
fn tests_that_the_architecture_names_exist() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let sources: String = files("tests").into_iter().chain(files("src")).map(|(_, text)| text).collect();
    let mut named = 0;
    for word in text.split('`').filter(|word| word.contains("::") && word.starts_with("tests/")) {
        let (path, function) = word.rsplit_once("::").unwrap();
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}, which does not exist");
        assert!(sources.contains(&format!("fn {function}")), "ARCHITECTURE.md names {word}, which does not exist");
        named += 1;
    }
    assert!(named >= 9, "ARCHITECTURE.md must name the test of each law");
}
