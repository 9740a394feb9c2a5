//! The worked example of `docs/in-house-libraries.md` is a workspace, and gives what the page shows.
//! `BLESS=1 cargo test --test in_house` rewrites the output on the page.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What the output on the page begins with.
const SHOWN: &str = "```text\n$ contract-lint map\n";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/in-house-libraries.md")
}

/// The blocks of the page that begin with a comment that is their path, as files.
fn workspace(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files = 0;
    for block in text.split("\n```").skip(1).step_by(2) {
        let (_, block) = block.split_once('\n').unwrap();
        let Some((path, _)) = block.strip_prefix("# ").and_then(|rest| rest.split_once('\n')) else { continue };
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{block}\n")).unwrap();
        files += 1;
    }
    assert_eq!(files, 4);
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_contract-lint"))
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("GITHUB_ACTIONS")
        .output()
        .unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_worked_example_gives_what_the_page_shows() {
    let page_text = fs::read_to_string(page()).unwrap();
    let folder = workspace(&page_text);
    let found = text(run(&folder, &["map", "-q"]).stdout);
    let start = page_text.find(SHOWN).unwrap() + SHOWN.len();
    let end = start + page_text[start..].find("```").unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(page(), format!("{}{found}{}", &page_text[..start], &page_text[end..])).unwrap();
    } else {
        similar_asserts::assert_eq!(&page_text[start..end], found);
    }
    assert!(found.contains("read  GET /profiles/{id}#200.displayName"), "{found}");

    fs::remove_dir_all(folder.path().join(".contract-lint")).unwrap();
    let without = text(run(&folder, &["map", "-q"]).stdout);
    assert!(!without.contains("displayName"), "the descriptor is not what made the difference: {without}");
}

#[test]
fn a_descriptor_may_override_what_is_built_in() {
    let folder = workspace(&fs::read_to_string(page()).unwrap());
    let descriptor = folder.path().join("tools/acme.yaml");
    fs::create_dir_all(descriptor.parent().unwrap()).unwrap();
    fs::write(
        &descriptor,
        "library: quiet\nlanguage: python\nfunctions: {\"acme_http::ServiceClient::get_json\": {ignore: true}}\n",
    )
    .unwrap();
    fs::write(folder.path().join("contract-lint.yaml"), "clients: [tools/acme.yaml]\n").unwrap();
    let found = text(run(&folder, &["map", "-q"]).stdout);
    assert!(!found.contains("displayName"), "a later file wins: {found}");
    let listed = text(run(&folder, &["libraries"]).stdout);
    for row in ["acme-http", ".contract-lint/clients/acme-http.yaml", "quiet", "tools/acme.yaml", "built in"] {
        assert!(listed.contains(row), "{row}: {listed}");
    }
}

#[test]
fn a_mistake_in_a_descriptor_is_shown_on_its_line() {
    let folder = workspace(&fs::read_to_string(page()).unwrap());
    let path = folder.path().join(".contract-lint/clients/acme-http.yaml");
    let right = fs::read_to_string(&path).unwrap();
    fs::write(&path, right.replace("    send: made\n", "    sends: made\n")).unwrap();
    let output = run(&folder, &["map"]);
    let err = text(output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    let line = right.lines().position(|line| line == "    send: made").unwrap() + 1;
    for said in ["unknown key `sends`", "did you mean `send`?", &format!("acme-http.yaml:{line}:")] {
        assert!(err.contains(said), "{said}: {err}");
    }
}
