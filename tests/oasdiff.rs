//! Which check of oasdiff is covered by which rule.
//!
//! `BLESS=1 cargo test --test oasdiff` rewrites the table. A third column of the data says why no rule is called so:
//! `changelog` for what breaks nobody and is told by `diff --all`, else the reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod table;

use std::fmt::Write as _;

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
