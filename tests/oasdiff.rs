//! Which check of oasdiff is covered by which rule.
//!
//! `BLESS=1 cargo test --test oasdiff` rewrites the table. A third column of the data says why no rule is called so:
//! `changelog` for what breaks nobody and is told by `diff --all`, else the reason.
//!
//! Where oasdiff is installed, every edit of `oasdiff/edits.yaml` is shown to both, at every place where a schema may
//! stand; see the last test.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod table;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use contract_lint::compare;
use contract_lint::settings::{self, Arguments};
use serde_json::{Value, json};
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
                format!("not told: {}", reason.unwrap_or_default())
            }
        };
        writeln!(rows, "| `{id}` | {meaning} | {here} |").unwrap();
    }
    let text = format!(
        "# The checks of oasdiff\n\nGenerated from the aliases of the rules. `rules:` in the configuration and `contract-lint explain` take an id of \
         oasdiff for the rule that it is covered by, and `contract-lint diff --as oasdiff` prints changes by these ids.\n\n\
         Of {} ids {by_rule} are covered by a rule, {changelog} break nobody and are told by the changelog, and {not} are \
         deliberately not told.\n\n| id | it tells | here |\n|---|---|---|\n{rows}",
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

fn document(operation: &Value) -> String {
    let member = |key: &str| json!({"type": "object", "required": [key], "properties": {"k": {"type": "string"}, key: {"type": "string"}}});
    let schemas = json!({"A": member("x"), "B": member("y"), "C": member("z")});
    let info = json!({"title": "Api", "version": "1"});
    let paths = json!({"/things": {"post": operation}});
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

#[test]
#[ignore = "needs oasdiff: OASDIFF=PROGRAM cargo test --test oasdiff -- --ignored --nocapture"]
fn what_oasdiff_calls_an_error_breaks_somebody_here_too() {
    let program = std::env::var_os("OASDIFF").unwrap();
    let edits: Vec<Edit> = serde_yaml::from_str(&fs::read_to_string("tests/oasdiff/edits.yaml").unwrap()).unwrap();
    let settings = settings::load(&Arguments::default(), &[]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (base, head) = (folder.path().join("base.json"), folder.path().join("head.json"));
    let (mut counts, mut wrong) = (BTreeMap::<(bool, bool), usize>::new(), Vec::new());
    for edit in &edits {
        let there = [(&edit.old, &edit.new), (&edit.new, &edit.old)];
        for ((old, new), (place, operation)) in there[..if edit.both { 2 } else { 1 }]
            .iter()
            .flat_map(|pair| PLACES.iter().map(move |place| (*pair, place)))
        {
            fs::write(&base, document(&operation(old))).unwrap();
            fs::write(&head, document(&operation(new))).unwrap();
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
