//! How far the map can be trusted: what it says of a tree against what the languages' own tools say.
//!
//! ```console
//! cargo bench --bench accuracy -- TREE TRUTH.tsv...
//! ```
//!
//! `README.md` beside this file tells how the truth of each language is got. `--list` names every place that differs.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has nothing to show")]

mod compare;

use std::process::Command;
use std::{env, fs};

use compare::{Truth, compare};

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let (options, paths): (Vec<&str>, Vec<&str>) =
        arguments.iter().map(String::as_str).partition(|it| it.starts_with("--"));
    let [tree, tables @ ..] = paths.as_slice() else {
        println!("nothing to judge: give TREE and TRUTH.tsv");
        return;
    };
    let mut truth = Truth::default();
    for table in tables {
        let text = fs::read_to_string(table).expect("the truth can be read");
        truth.read(&text).expect("the truth is a table");
    }
    let map = serde_json::from_slice(&map_of(tree)).expect("the map is JSON");
    let verdict = compare(&map, &truth);
    print!("{verdict}");
    if options.contains(&"--list") {
        verdict.differences.iter().for_each(|difference| println!("{difference}"));
    }
}

/// The map of a tree; a file is one that was made before.
fn map_of(tree: &str) -> Vec<u8> {
    if let Ok(map) = fs::read(tree) {
        return map;
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_contract-lint"));
    let output = program.args(["map", "--format", "json", tree]).output().expect("the program runs");
    assert!(!output.stdout.is_empty(), "no map: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
