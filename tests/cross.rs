//! Every rule over every example: what fires where, in one table that review can read.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// Rewritten by `BLESS=1 cargo test --test cross`.
const TABLE: &str = "tests/cross.txt";

#[test]
fn the_table_of_rules_and_examples_is_as_committed() {
    let found = table();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, found).unwrap();
        return;
    }
    let committed = fs::read_to_string(path).unwrap_or_default();
    similar_asserts::assert_eq!(committed, found, "BLESS=1 cargo test --test cross rewrites {TABLE}");
}

#[test]
fn a_contract_breaks_nothing_against_itself() {
    for shown in support::examples() {
        let outcome = support::run(&shown.head(), Some(&shown.head()));
        let breaking: Vec<_> = outcome.lines.iter().filter(|line| line.rule.starts_with("breaking/")).collect();
        assert!(breaking.is_empty(), "{}: {breaking:#?}", shown.name());
    }
}

fn table() -> String {
    let mut table = String::new();
    for shown in support::examples() {
        writeln!(table, "{}", shown.name()).unwrap();
        let outcome = support::run(&shown.head(), shown.base().as_deref());
        for problem in outcome.problems {
            writeln!(table, "  {problem}").unwrap();
        }
        for line in outcome.lines {
            let (path, at, level, rule) = (&line.path, line.at, line.level.name(), line.rule);
            writeln!(table, "  {path}:{at}: {level}[{rule}] {}", line.message).unwrap();
        }
    }
    table
}
