//! Which check of oasdiff is covered by which rule: `docs/oasdiff.md` is made of `docs/oasdiff-ids.tsv` and of the
//! aliases in the documents of the rules.
//!
//! `BLESS=1 cargo test --test oasdiff` rewrites it. A third column of the data says why no rule is called so:
//! `changelog` for what breaks nobody and is told by `diff --all`, else the reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use contract_lint::check::document::Document;
use contract_lint::rules;

/// An id, what it means, and why there is no rule for it.
struct Check {
    id: String,
    meaning: String,
    instead: Option<String>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn checks() -> Vec<Check> {
    let text = fs::read_to_string(root().join("docs/oasdiff-ids.tsv")).unwrap();
    let check = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        Check { id: columns.next().unwrap(), meaning: columns.next().unwrap(), instead: columns.next() }
    };
    text.lines().map(check).collect()
}

/// Rules by the ids of other tools.
fn aliases() -> BTreeMap<String, Vec<&'static str>> {
    let mut aliases: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for rule in rules::ALL {
        for alias in Document::parse(rule.doc).unwrap().aliases {
            aliases.entry(alias).or_default().push(rule.id);
        }
    }
    aliases
}

#[test]
fn every_id_has_a_rule_or_a_reason_and_not_both() {
    let (checks, aliases) = (checks(), aliases());
    let has_rule = |check: &&Check| aliases.contains_key(&check.id);
    let neither: Vec<&str> =
        checks.iter().filter(|it| !has_rule(it) && it.instead.is_none()).map(|it| it.id.as_str()).collect();
    assert!(neither.is_empty(), "{} ids have neither: {neither:#?}", neither.len());
    let both: Vec<&str> =
        checks.iter().filter(|it| has_rule(it) && it.instead.is_some()).map(|it| it.id.as_str()).collect();
    assert!(both.is_empty(), "{} ids have both: {both:#?}", both.len());
}

#[test]
fn ids_are_sorted_and_each_is_there_once() {
    let ids: Vec<String> = checks().into_iter().map(|check| check.id).collect();
    let sorted: Vec<String> = ids.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(ids, sorted);
}

#[test]
fn the_table_is_that_of_the_rules() {
    let (checks, aliases) = (checks(), aliases());
    let (mut by_rule, mut changelog, mut not) = (0, 0, 0);
    let mut rows = String::new();
    for Check { id, meaning, instead } in &checks {
        let here = match (aliases.get(id), instead.as_deref()) {
            (Some(rules), _) => {
                by_rule += 1;
                let links = rules.iter().map(|rule| format!("[`{rule}`](../rules/{rule}.md)"));
                links.collect::<Vec<_>>().join(", ")
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
    let file = root().join("docs/oasdiff.md");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "docs/oasdiff.md is stale: BLESS=1 cargo test --test oasdiff rewrites it");
}
