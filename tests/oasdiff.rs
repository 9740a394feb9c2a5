//! Which check of oasdiff is covered by which rule.
//!
//! `BLESS=1 cargo test --test oasdiff` rewrites the table. A third column of the data says why no rule is called so:
//! `changelog` for what breaks nobody and is told by `diff --all`, else the reason. An id that a rule claims must be
//! printed for an example of a rule, for an edit of `oasdiff/edits.yaml`, or between `oasdiff/base.yaml` and `head.yaml`.
//!
//! Where oasdiff is installed, every edit of `oasdiff/edits.yaml` is shown to both, at every place where a schema may
//! stand; see the last test.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use contract_lint::check::document::Document;
use contract_lint::check::graded::grade;
use contract_lint::check::rule;
use contract_lint::model::source::Span;
use contract_lint::settings::{self, Arguments};
use contract_lint::{compare, rules};
use serde_json::{Map, Value, json};
use table::Check;

#[test]
fn every_id_has_a_rule_or_a_reason_and_not_both() {
    table::holds(&table::checks("oasdiff"));
}

#[test]
fn the_table_is_that_of_the_rules() {
    let (checks, aliases) = (table::checks("oasdiff"), table::aliases());
    let (mut by_rule, mut changelog, mut not) = (0, 0, 0);
    let mut rows = String::new();
    for Check { id, meaning, instead } in &checks {
        let here = match (aliases.get(id), instead.as_deref()) {
            (Some(rules), _) => {
                by_rule += 1;
                rules.iter().map(|rule| table::link(rule, None)).collect::<Vec<_>>().join(", ")
            }
            (None, Some("changelog")) => {
                changelog += 1;
                "breaks nobody; `diff --all` tells it".to_owned()
            }
            (None, reason) => {
                not += 1;
                format!("not by this id: {}", reason.unwrap_or_default())
            }
        };
        writeln!(rows, "| `{id}` | {meaning} | {here} |").unwrap();
    }
    let text = format!(
        "# The checks of oasdiff\n\nGenerated from the aliases of the rules. In `rules:` of the configuration an id of oasdiff \
         sets the level of the changes that oasdiff calls so, `contract-lint explain` takes it for the rules that cover it, and \
         `contract-lint diff --as oasdiff` prints changes by these ids.\n\n\
         Of {} ids {by_rule} are covered by a rule, {changelog} break nobody and are told by the changelog, and {not} are \
         told by other ids or not at all, for the reason given.\n\n| id | it tells | here |\n|---|---|---|\n{rows}",
        checks.len()
    );
    table::is_fresh("oasdiff", &text);
}

/// An edit of `tests/oasdiff/edits.yaml`.
#[derive(serde::Deserialize)]
struct Edit {
    #[serde(rename = "edit")]
    name: String,
    #[serde(default)]
    both: bool,
    safe: Option<String>,
    old: Value,
    new: Value,
}

/// What a place is called, and how it makes an operation of a schema.
type Place = (&'static str, fn(&Value) -> Value);

/// Places where a schema may stand.
const PLACES: &[Place] = &[
    ("query", |schema| parameter("query", schema)),
    ("query field", |schema| parameter("query", &holder(schema))),
    ("header", |schema| parameter("header", schema)),
    ("cookie", |schema| parameter("cookie", schema)),
    ("request", |schema| request(schema)),
    ("request field", |schema| request(&holder(schema))),
    ("request item", |schema| request(&json!({"type": "array", "items": holder(schema)}))),
    ("answer", |schema| answer(schema)),
    ("answer field", |schema| answer(&holder(schema))),
    ("answer item", |schema| answer(&json!({"type": "array", "items": holder(schema)}))),
    (
        "answer header",
        |schema| json!({"responses": {"200": {"description": "", "headers": {"X-It": {"schema": schema}}}}}),
    ),
];

fn parameter(place: &str, schema: &Value) -> Value {
    let parameter = json!({"name": "X-It", "in": place, "schema": schema});
    json!({"parameters": [parameter], "responses": {"200": {"description": ""}}})
}

fn holder(schema: &Value) -> Value {
    json!({"type": "object", "properties": {"it": schema}})
}

fn request(schema: &Value) -> Value {
    let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    json!({"requestBody": body, "responses": {"200": {"description": ""}}})
}

fn answer(schema: &Value) -> Value {
    json!({"responses": {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}})
}

fn document(paths: Value) -> String {
    let member = |key: &str| json!({"type": "object", "required": [key], "properties": {"k": {"type": "string"}, key: {"type": "string"}}});
    let schemas = json!({"A": member("x"), "B": member("y"), "C": member("z")});
    let info = json!({"title": "Api", "version": "1"});
    json!({"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}).to_string()
}

/// The ids that oasdiff calls errors; its levels are 1 to 3.
fn errors(program: &OsStr, base: &Path, head: &Path) -> Vec<String> {
    let run = Command::new(program).arg("changelog").args([base, head]).args(["--format", "json"]).output().unwrap();
    let text = String::from_utf8(run.stdout).unwrap();
    let told: Value = if text.trim().is_empty() { json!([]) } else { serde_json::from_str(&text).unwrap() };
    let errors = told.as_array().unwrap().iter().filter(|it| it["level"] == 3);
    errors.map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

fn edits() -> Vec<Edit> {
    serde_yaml::from_str(&fs::read_to_string("tests/oasdiff/edits.yaml").unwrap()).unwrap()
}

/// The ids by which the changes from one file or folder to the other are printed.
fn printed(base: &Path, head: &Path) -> BTreeSet<String> {
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    let analysis = compare(base.to_str().unwrap(), head.to_str().unwrap(), &settings);
    let grades = grade(&analysis, rules::ALL, &settings, &|site| Span::new(site.file(), 0, 0));
    grades.graded.into_iter().flat_map(|graded| graded.aliases).collect()
}

/// Every edit at every place, and back again, in one document.
fn of_edits(folder: &Path) -> BTreeSet<String> {
    let (mut old, mut new) = (Map::new(), Map::new());
    for (number, edit) in edits().iter().enumerate() {
        for (place, operation) in PLACES {
            for (way, before, after) in [("there", &edit.old, &edit.new), ("back", &edit.new, &edit.old)] {
                let path = format!("/{number}/{}/{way}", place.replace(' ', "-"));
                old.insert(path.clone(), json!({"post": operation(before)}));
                new.insert(path, json!({"post": operation(after)}));
            }
        }
    }
    let (base, head) = (folder.join("base.json"), folder.join("head.json"));
    fs::write(&base, document(old.into())).unwrap();
    fs::write(&head, document(new.into())).unwrap();
    printed(&base, &head)
}

/// The examples of the rules.
fn of_examples() -> BTreeSet<String> {
    let examples = rules::ALL.iter().flat_map(|rule| Document::parse(rule.doc).unwrap().examples);
    let compared = examples.map(|example| {
        let contracts = || example.files.iter().filter(|file| matches!(&*file.language, "yaml" | "json"));
        if !contracts().any(|file| file.base) {
            return BTreeSet::new();
        }
        let (base, head) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for file in contracts() {
            let path = if file.base { base.path() } else { head.path() }.join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &file.text).unwrap();
        }
        printed(base.path(), head.path())
    });
    compared.flatten().collect()
}

#[test]
fn what_the_rules_claim_is_printed_and_nothing_that_oasdiff_does_not_know() {
    let known: BTreeSet<String> = table::checks("oasdiff").into_iter().map(|check| check.id).collect();
    let changes = rules::ALL.iter().filter(|rule| matches!(rule.check, rule::Check::Change(_)));
    let claimed: BTreeSet<String> = changes.flat_map(|rule| Document::parse(rule.doc).unwrap().aliases).collect();
    let folder = tempfile::tempdir().unwrap();
    let around = printed(Path::new("tests/oasdiff/base.yaml"), Path::new("tests/oasdiff/head.yaml"));
    let printed: BTreeSet<String> = of_edits(folder.path()).into_iter().chain(of_examples()).chain(around).collect();
    let unknown: Vec<_> = printed.difference(&known).collect();
    assert!(unknown.is_empty(), "printed, and no id of oasdiff: {unknown:#?}");
    let mute: Vec<_> = claimed.intersection(&known).filter(|id| !printed.contains(*id)).collect();
    assert!(
        mute.is_empty(),
        "{} ids are claimed by rules and printed by no edit and no example: {mute:#?}",
        mute.len()
    );
}

#[test]
#[ignore = "needs oasdiff: OASDIFF=PROGRAM cargo test --test oasdiff -- --ignored --nocapture"]
fn what_oasdiff_calls_an_error_breaks_somebody_here_too() {
    let program = std::env::var_os("OASDIFF").unwrap();
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (base, head) = (folder.path().join("base.json"), folder.path().join("head.json"));
    let (mut counts, mut wrong) = (BTreeMap::<(bool, bool), usize>::new(), Vec::new());
    for edit in &edits() {
        let there = [(&edit.old, &edit.new), (&edit.new, &edit.old)];
        for ((old, new), (place, operation)) in there[..if edit.both { 2 } else { 1 }]
            .iter()
            .flat_map(|pair| PLACES.iter().map(move |place| (*pair, place)))
        {
            fs::write(&base, document(json!({"/things": {"post": operation(old)}}))).unwrap();
            fs::write(&head, document(json!({"/things": {"post": operation(new)}}))).unwrap();
            let theirs = errors(&program, &base, &head);
            let analysis = compare(base.to_str().unwrap(), head.to_str().unwrap(), &settings);
            let ours = analysis.changes.iter().any(contract_lint::model::change::Change::is_breaking);
            *counts.entry((!theirs.is_empty(), ours)).or_default() += 1;
            if !theirs.is_empty() && !ours && edit.safe.is_none() {
                wrong.push(format!("{}, {place}: {theirs:?}", edit.name));
            }
        }
    }
    println!("(an error of oasdiff, breaks here): {counts:?}");
    assert!(wrong.is_empty(), "{wrong:#?}");
}
