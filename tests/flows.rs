//! Sensitive data on its way: the flows of `benches/accuracy/flows` and `flows-2`, and how many of them are found.
//!
//! Each case is the code of a service `core` that reads the contract of another one. A line that must have a
//! finding says so (`finding: sensitive-field-logged`); cases that are headed `safe` must have none.
//! `FLOWS=1 cargo test --test flows -- --nocapture` prints every miss and false alarm.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "support/outcome.rs"]
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use contract_lint::check::document::ExampleFile;
use rayon::prelude::*;

/// Cases that were written together, and what beside the code of `core` is the same in all of them.
struct Set {
    folder: &'static str,
    /// Files of `contracts`, and where they stand.
    contracts: &'static [(&'static str, &'static str)],
    /// Rules that its lines name.
    rules: &'static [&'static str],
}

/// The first set, by which rules and code were made.
const FIRST: Set = Set {
    folder: "flows",
    contracts: &[
        ("profile/api/openapi.yaml", "profile.yaml"),
        ("profile/proto/profile/v1/profile.proto", "profile.proto"),
        ("core/api/openapi.yaml", "core.yaml"),
        ("core/proto/core/v1/core.proto", "core.proto"),
    ],
    rules: &[
        "sensitive/sensitive-body-forwarded",
        "sensitive/sensitive-field-cached",
        "sensitive/sensitive-field-inherited",
        "sensitive/sensitive-field-logged",
        "sensitive/sensitive-field-reexposed",
    ],
};

/// The second one, with databases and a third service.
const SECOND: Set = Set {
    folder: "flows-2",
    contracts: &[
        ("registry/api/openapi.yaml", "registry.yaml"),
        ("registry/proto/registry/v1/registry.proto", "registry.proto"),
        ("core/api/openapi.yaml", "core.yaml"),
        ("core/proto/core/v1/core.proto", "core.proto"),
        ("mailer/api/openapi.yaml", "mailer.yaml"),
    ],
    rules: &[
        "sensitive/sensitive-body-forwarded",
        "sensitive/sensitive-field-cached",
        "sensitive/sensitive-field-inherited",
        "sensitive/sensitive-field-logged",
        "sensitive/sensitive-field-reexposed",
        "sensitive/sensitive-field-written",
    ],
};

/// Manifests of all languages.
const COMMON: [(&str, &str); 7] = [
    ("core/go.mod", "module example.com/core\n\ngo 1.23\n"),
    ("core/Cargo.toml", "[package]\nname = \"core-api\"\nversion = \"2.1.0\"\nedition = \"2024\"\n"),
    ("core/pyproject.toml", "[project]\nname = \"core\"\nversion = \"2.1.0\"\n"),
    ("core/package.json", "{\"name\": \"core\", \"version\": \"2.1.0\"}\n"),
    ("core/pom.xml", "<project><artifactId>core</artifactId></project>\n"),
    ("core/build.gradle.kts", "plugins { kotlin(\"jvm\") }\n"),
    ("core/core.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"></Project>\n"),
];

/// Manifests belong to the language of a case.
const MANIFESTS: [(&str, &str); 7] = [
    ("go", "go.mod"),
    ("rust", "Cargo.toml"),
    ("python", "pyproject.toml"),
    ("typescript", "package.json"),
    ("java", "pom.xml"),
    ("kotlin", "build.gradle.kts"),
    ("csharp", "core.csproj"),
];

/// A place: file, line, rule.
type Place = (String, usize, String);

struct Case {
    language: String,
    title: String,
    is_true: bool,
    files: Vec<(String, String)>,
}

impl Case {
    fn wanted(&self) -> BTreeSet<Place> {
        let lines = self
            .files
            .iter()
            .flat_map(|(path, text)| text.lines().enumerate().map(move |(at, line)| (path, at + 1, line)));
        let marked = lines.filter_map(|(path, at, line)| {
            let rule = line.split_once("finding: ")?.1.trim();
            Some((path.clone(), at, format!("sensitive/{rule}")))
        });
        marked.collect()
    }

    fn found(&self, set: &Set) -> BTreeSet<Place> {
        let is_foreign = |path: &str| {
            MANIFESTS.iter().any(|(language, name)| *language != self.language && path == format!("core/{name}"))
        };
        let common = COMMON.iter().filter(|(path, _)| !is_foreign(path)).map(|(path, text)| file(path, text));
        let contracts = set.contracts.iter().map(|(path, name)| {
            let text = fs::read_to_string(set.path().join("contracts").join(name)).unwrap();
            file(path, &text)
        });
        let own = self.files.iter().map(|(path, text)| file(path, text));
        let files: Vec<ExampleFile> = own.chain(common).chain(contracts).collect();
        let outcome = support::run(&files.iter().collect::<Vec<_>>(), None);
        assert!(outcome.problems.is_empty(), "{}: {:?}", self.title, outcome.problems);
        let own = outcome.lines.into_iter().filter(|line| set.rules.contains(&line.rule));
        own.map(|line| (line.path, line.at, line.rule.to_owned())).collect()
    }
}

fn file(path: &str, text: &str) -> ExampleFile {
    ExampleFile { language: String::new(), path: path.to_owned(), text: text.to_owned(), base: false }
}

impl Set {
    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/accuracy").join(self.folder)
    }
}

fn cases(set: &Set) -> Vec<Case> {
    let folder = set.path();
    let mut cases: Vec<Case> = Vec::new();
    for (language, _) in MANIFESTS {
        let text = fs::read_to_string(folder.join(format!("{language}.md"))).unwrap();
        let mut open: Option<(String, String)> = None;
        for line in text.lines() {
            match (&mut open, line) {
                (Some(_), "```") => cases.last_mut().unwrap().files.extend(open.take()),
                (Some((_, text)), line) => {
                    text.push_str(line);
                    text.push('\n');
                }
                (None, line) => {
                    if let Some(title) = line.strip_prefix("## ") {
                        let (kind, title) = title.split_once(": ").unwrap();
                        let (language, title) = (language.to_owned(), title.to_owned());
                        cases.push(Case { language, title, is_true: kind == "true", files: Vec::new() });
                    } else if let Some(fence) = line.strip_prefix("```") {
                        open = Some((fence.split_once(' ').unwrap().1.to_owned(), String::new()));
                    }
                }
            }
        }
    }
    cases
}

#[test]
fn sensitive_flows_are_found_and_nothing_else_is() {
    measure(&FIRST);
}

#[test]
fn flows_into_databases_and_third_services_are_found_too() {
    measure(&SECOND);
}

#[expect(clippy::print_stdout, reason = "the outcome is what the measure is for")]
fn measure(set: &Set) {
    let cases = cases(set);
    let truths = cases.iter().filter(|case| case.is_true).count();
    assert!(truths >= 40 && cases.len() - truths >= 20, "{truths} of {}", cases.len());
    let outcomes: Vec<(&Case, BTreeSet<Place>, BTreeSet<Place>)> =
        cases.par_iter().map(|case| (case, case.wanted(), case.found(set))).collect();
    let (mut hits, mut misses, mut alarms) = (0, 0, 0);
    for (case, wanted, found) in &outcomes {
        assert_eq!(case.is_true, !wanted.is_empty(), "{}: marked lines", case.title);
        hits += wanted.intersection(found).count();
        misses += wanted.difference(found).count();
        alarms += found.difference(wanted).count();
        let shown = std::env::var_os("FLOWS").is_some();
        for missed in wanted.difference(found).filter(|_| shown) {
            println!("missed      {} | {} | {missed:?}", case.language, case.title);
        }
        for alarm in found.difference(wanted).filter(|_| shown) {
            println!("false alarm {} | {} | {alarm:?}", case.language, case.title);
        }
    }
    println!("{}: {} cases: {hits} found, {misses} missed, {alarms} false alarms", set.folder, cases.len());
    let number = |count: usize| f64::from(u32::try_from(count).unwrap());
    let (precision, recall) = (number(hits) / number(hits + alarms), number(hits) / number(hits + misses));
    println!("precision {precision:.3}, recall {recall:.3}");
    assert!(precision >= 0.95, "precision {precision:.3}");
    assert!(recall >= 0.95, "recall {recall:.3}");
}
