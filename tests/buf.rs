//! Our findings about protobuf beside those of `buf breaking`: which of its ids is which rule, with an example of
//! each, and whether buf says the same where it is installed.
//!
//! `BLESS=1 cargo test --test buf` rewrites the table. What runs buf, or needs what it said, is ignored; see
//! `benches/README.md`:
//!
//! - `BUF=PROGRAM BUF_IMPORTS=DIR cargo test --test buf -- --ignored examples` runs buf over the examples of all rules.
//!   DIR holds the files they import that are not theirs (`google/api`, `buf/validate`).
//! - `BUF_CASES=DIR cargo test --test buf -- --ignored cases`: each folder of DIR has a `base`, a `head` and a file
//!   `buf.txt` with the ids that buf gave over its categories.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use contract_lint::check::document::{Document, Example};
use contract_lint::settings::{self, Arguments};
use contract_lint::{compare, rules};
use table::Check;
use tempfile::TempDir;

type Ids = BTreeSet<String>;

/// Ids by rule.
type ByRule = BTreeMap<&'static str, Ids>;

/// What we call by ids of buf.
fn ours(base: &Path, head: &Path) -> ByRule {
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    let analysis = compare(base.to_str().unwrap(), head.to_str().unwrap(), &settings);
    let mut ids = ByRule::new();
    for change in &analysis.changes {
        ids.entry(change.kind.id()).or_default().extend(change.aliases.iter().cloned());
    }
    ids
}

fn all(ids: ByRule) -> Ids {
    ids.into_values().flatten().collect()
}

/// The protobuf files of an example, written.
struct Written {
    base: TempDir,
    head: TempDir,
    /// The folders from which they import each other.
    roots: BTreeSet<String>,
}

impl Written {
    /// None if the example is not about changes of protobuf.
    fn of(example: &Example) -> Option<Self> {
        let protos = || example.files.iter().filter(|file| file.language == "proto");
        if !protos().any(|file| file.base) {
            return None;
        }
        let written = Self {
            base: TempDir::new().unwrap(),
            head: TempDir::new().unwrap(),
            roots: protos().map(|file| root(&file.path, &file.text)).collect(),
        };
        for file in protos() {
            let side = if file.base { &written.base } else { &written.head };
            let path = side.path().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        Some(written)
    }
}

/// The folder above those that the package names.
fn root(path: &str, text: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let package = text.lines().find_map(|line| line.strip_prefix("package ")?.strip_suffix(';'));
    let below = package.map(|package| package.replace('.', "/")).unwrap_or_default();
    folder.strip_suffix(&below).unwrap_or(folder).trim_end_matches('/').to_owned()
}

/// Every example about changes of protobuf, with its rule.
fn examples() -> Vec<(&'static str, Example, Written)> {
    let of_rule = rules::ALL.iter().flat_map(|rule| {
        let examples = Document::parse(rule.doc).unwrap().examples.into_iter();
        examples.filter_map(|example| Written::of(&example).map(|written| (rule.id, example, written)))
    });
    of_rule.collect()
}

#[test]
fn every_id_has_a_rule_or_a_reason_and_not_both() {
    table::holds(&table::checks("buf"));
}

#[test]
fn the_table_is_that_of_the_rules_and_each_entry_has_an_example() {
    let mut shown: BTreeMap<(&str, String), String> = BTreeMap::new();
    for (rule, example, written) in examples().into_iter().filter(|(_, example, _)| !example.good) {
        for id in ours(written.base.path(), written.head.path()).remove(rule).unwrap_or_default() {
            shown.entry((rule, id)).or_insert_with(|| format!("Bad: {}", example.title));
        }
    }
    let (checks, aliases) = (table::checks("buf"), table::aliases());
    let (mut by_rule, mut rows, mut bare) = (0, String::new(), Vec::new());
    for Check { id, meaning, instead } in &checks {
        let entry = |rule: &&'static str| match shown.get(&(*rule, id.clone())) {
            Some(heading) => Some(table::link(rule, Some(heading))),
            None => {
                bare.push(format!("{rule} shows no {id}"));
                None
            }
        };
        let here = match aliases.get(id) {
            Some(rules) => {
                by_rule += 1;
                rules.iter().filter_map(entry).collect::<Vec<_>>().join(", ")
            }
            None => format!("not told: {}", instead.as_deref().unwrap_or_default()),
        };
        writeln!(rows, "| `{id}` | {meaning} | {here} |").unwrap();
    }
    assert!(bare.is_empty(), "ids in the documents of rules without an example: {bare:#?}");
    let text = format!(
        "# The rules of buf\n\nGenerated from the aliases of the rules and from their examples. In `rules:` of the \
         configuration an id of buf sets the level of the changes that buf calls so, `contract-lint explain` takes it for the rules that cover \
         it, and `contract-lint diff --as buf` prints changes by these ids. `protobuf: compatibility: file|package|wire-json|wire` counts what the categories of buf count.\n\n\
         Of {} ids {by_rule} are covered by rules; each link leads to an example that buf flags by that id as well.\n\n\
         Random edits are judged beside buf in each of its categories (`tests/buf_edits`). On purpose we differ in two things:\n\n\
         - An rpc that became idempotent, or free of effects, may be called as before: `RPC_SAME_IDEMPOTENCY_LEVEL` is told of it by \
         `--all` alone.\n\
         - buf says that `google.protobuf`, or a message in it, was deleted where a module no longer imports the file. Nobody loses \
         anything by that, and nothing is told.\n\n\
         | id | it tells | here |\n|---|---|---|\n{rows}",
        checks.len()
    );
    table::is_fresh("buf", &text);
}

/// What buf says, in all its categories at once.
fn theirs(buf: &str, base: &Path, head: &Path) -> Ids {
    let config = r#"{"version": "v2", "breaking": {"use": ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]}}"#;
    let arguments = ["--config", config, "--error-format", "json"];
    let output = Command::new(buf).arg("breaking").arg(head).arg("--against").arg(base).args(arguments).output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(matches!(output.status.code(), Some(0 | 100)), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let id = |line: &str| {
        let finding: serde_json::Value = serde_json::from_str(line).unwrap();
        finding["type"].as_str().unwrap().to_owned()
    };
    said.lines().map(id).collect()
}

/// Copies a folder into another one.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if !target.exists() {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
#[ignore = "runs buf: see the top of the file"]
fn examples_are_judged_alike() {
    let (buf, imports) = (std::env::var("BUF").unwrap(), std::env::var("BUF_IMPORTS").unwrap());
    let mut differences = Differences::default();
    for (rule, example, Written { base, head, roots }) in examples() {
        let ours = all(ours(base.path(), head.path()));
        let theirs = roots.iter().flat_map(|root| {
            let sides = [&base, &head].map(|side| side.path().join(root));
            sides.iter().for_each(|side| copy(Path::new(&imports), side));
            theirs(&buf, &sides[0], &sides[1])
        });
        differences.note(
            &format!("{rule} {}: {}", if example.good { "Good" } else { "Bad" }, example.title),
            &ours,
            &theirs.collect(),
        );
    }
    differences.tell();
}

#[test]
#[ignore = "needs cases and their verdicts by buf: see the top of the file"]
fn cases_are_judged_alike() {
    let folder = std::env::var("BUF_CASES").unwrap();
    let mut cases: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.join("buf.txt").exists());
    cases.sort();
    let mut differences = Differences::default();
    for case in &cases {
        let theirs: Ids = fs::read_to_string(case.join("buf.txt")).unwrap().lines().map(str::to_owned).collect();
        let ours = all(ours(&case.join("base"), &case.join("head")));
        differences.note(&case.file_name().unwrap().to_string_lossy(), &ours, &theirs);
    }
    differences.tell();
}

/// Where we and buf say different things.
#[derive(Default)]
struct Differences {
    compared: usize,
    silent: usize,
    agreed: Ids,
    kinds: BTreeMap<String, Vec<String>>,
}

impl Differences {
    fn note(&mut self, name: &str, ours: &Ids, theirs: &Ids) {
        self.compared += 1;
        self.silent += usize::from(theirs.is_empty());
        self.agreed.extend(ours.intersection(theirs).cloned());
        let only = |one: &Ids, other: &Ids| one.difference(other).cloned().collect::<Vec<_>>().join(" ");
        if ours != theirs {
            let kind = format!("missing [{}] surplus [{}]", only(theirs, ours), only(ours, theirs));
            self.kinds.entry(kind).or_default().push(name.to_owned());
        }
    }

    #[expect(clippy::print_stdout, reason = "whoever runs it wants to see how much was compared")]
    fn tell(&self) {
        let Self { compared, silent, agreed, kinds } = self;
        println!("{compared} compared, {silent} of which buf says nothing; {} ids in both", agreed.len());
        for (kind, names) in kinds {
            println!("{:5} {kind}: {}", names.len(), names.join(", ").chars().take(300).collect::<String>());
        }
        assert!(kinds.is_empty());
    }
}
