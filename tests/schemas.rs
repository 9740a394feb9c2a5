//! What is printed and what is read are as `schemas/` says; what is generated from the code is fresh.
//!
//! `BLESS=1 cargo test --test schemas` rewrites `schemas/library.schema.json` and `docs/libraries.md`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

#[path = "../src/report/contracts/conforms.rs"]
mod conforms;
mod descriptor;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use contract_lint::{evaluate, report};
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(root().join("schemas").join(name)).unwrap()).unwrap()
}

/// Holds a generated file to what it would be now.
fn fresh(path: &str, text: &str) {
    let file = root().join(path);
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "{path} is stale: BLESS=1 cargo test --test schemas rewrites it");
}

fn map_of(folder: &Path) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_contract-lint"))
        .args(["map", "--format", "json", "-q", "--include-tests"])
        .current_dir(folder)
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

const API: &str = r##"openapi: 3.0.3
info: {title: Users, version: "1"}
paths:
  /users/{id}:
    get:
      operationId: getUser
      responses: {"200": {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}}}
components: {schemas: {User: {type: object, properties: {id: {type: string}}}}}
"##;

const CODE: &str = r#"pub async fn sent(client: &reqwest::Client, url: &str) { let _ = client.get(url).send().await; }
pub async fn all(client: &reqwest::Client) {
    sent(client, "http://users/users/1/x").await;
    sent(client, &format!("{}/nowhere", std::env::var("USERS_URL").unwrap())).await;
    let _ = client.delete("http://users/users/1").send().await;
    loop {
        if client.get("http://users/users/1").send().await.is_ok() { break; }
    }
    let _ = client.get("https://api.elsewhere.com/x").send().await;
    let _ = weird!(1; 2);
}
"#;

/// A service that passes on what it gets.
const RELAY: &str = r#"import httpx
from fastapi import FastAPI

app = FastAPI()

@app.get("/people/{id}")
def person(id: str) -> dict:
    return {"name": httpx.get(f"http://users/users/{id}").json()["id"]}
"#;

const PEOPLE: &str = r#"openapi: 3.0.3
info: {title: People, version: "1"}
paths:
  /people/{id}:
    get:
      responses: {"200": {description: x, content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}}
"#;

#[test]
fn the_map_is_as_its_schema_says_and_every_key_of_the_schema_is_used() {
    let schema = schema("map.schema.json");
    let made = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("users/openapi.yaml", API),
        ("users/Cargo.toml", "[package]\nname = \"users\"\n"),
        ("web/Cargo.toml", "[package]\nname = \"web\"\n"),
        ("web/src/lib.rs", CODE),
        ("relay/pyproject.toml", "[project]\nname = \"relay\"\n"),
        ("relay/openapi.yaml", PEOPLE),
        ("relay/main.py", RELAY),
    ] {
        let path = made.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut unused = conforms::keys(&schema);
    for folder in [made.path(), &root().join("fixtures/incidents/sunset-brownout/before")] {
        let map = map_of(folder);
        conforms::check(&schema, &schema, &map, "");
        conforms::used(&map, &mut unused);
    }
    assert_eq!(unused, BTreeSet::new(), "keys that no map here has");
}

#[test]
fn the_schema_of_descriptors_is_that_of_the_code() {
    let generated = descriptor::schema(&root().join("src/evaluate/library"));
    fresh("schemas/library.schema.json", &format!("{}\n", serde_json::to_string_pretty(&generated).unwrap()));
}

#[test]
fn every_built_in_descriptor_is_as_the_schema_says() {
    let schema = descriptor::schema(&root().join("src/evaluate/library"));
    let mut unused = conforms::keys(&schema);
    let mut count = 0;
    for entry in walkdir::WalkDir::new(root().join("rules/clients")).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let descriptor: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        conforms::check(&schema, &schema, &descriptor, path.to_str().unwrap());
        conforms::used(&descriptor, &mut unused);
        count += 1;
    }
    assert!(count > 10);
    assert!(!unused.contains("functions") && !unused.contains("examples"), "{unused:?}");
}

#[test]
fn the_schema_of_descriptors_refuses_what_the_code_refuses() {
    let schema = descriptor::schema(&root().join("src/evaluate/library"));
    for wrong in [
        "{library: a, language: rust, functons: {}}",
        "{library: a, language: cobol}",
        "{language: rust}",
        "{library: a, language: rust, functions: {f: {sends: made}}}",
        "{library: a, language: rust, types: {T: {kind: clients}}}",
    ] {
        let text = contract_lint::model::library::DescriptorText { path: String::new(), text: wrong.into() };
        assert!(evaluate::check_library(&text).is_err(), "{wrong} is read");
        let value: Value = serde_yaml::from_str(wrong).unwrap();
        let fits = std::panic::catch_unwind(|| conforms::check(&schema, &schema, &value, "")).is_ok();
        assert!(!fits, "{wrong} fits the schema");
    }
}

#[test]
fn the_table_of_libraries_is_that_of_the_descriptors() {
    let table = report::libraries::markdown(&evaluate::libraries());
    fresh(
        "docs/libraries.md",
        &format!(
            "# Libraries whose calls are known\n\nGenerated from `rules/clients`; `contract-lint libraries` prints the \
             same with those of a workspace.\nHow to add one for your own code: [in-house libraries](in-house-libraries.md).\
             \n\n{table}"
        ),
    );
}
