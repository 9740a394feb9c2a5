//! Ids of other tools and the rules that stand for them: `docs/<tool>.md` is made of `docs/<tool>-ids.tsv` and of the
//! aliases in the documents of the rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use contract_lint::check::document::Document;
use contract_lint::rules;

/// An id, what it means, and why there is no rule for it.
pub(crate) struct Check {
    pub(crate) id: String,
    pub(crate) meaning: String,
    pub(crate) instead: Option<String>,
}

/// A file of `docs`.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

/// The ids of a tool.
pub(crate) fn checks(tool: &str) -> Vec<Check> {
    let text = fs::read_to_string(file(&format!("{tool}-ids.tsv"))).unwrap();
    let check = |line: &str| {
        let mut columns = line.split('\t').map(str::to_owned);
        Check { id: columns.next().unwrap(), meaning: columns.next().unwrap(), instead: columns.next() }
    };
    text.lines().map(check).collect()
}

/// Rules by the ids of other tools.
pub(crate) fn aliases() -> BTreeMap<String, Vec<&'static str>> {
    let mut aliases: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for rule in rules::ALL {
        for alias in Document::parse(rule.doc).unwrap().aliases {
            aliases.entry(alias).or_default().push(rule.id);
        }
    }
    aliases
}

/// Each id is there once, in order, and has a rule or a reason why it has none.
pub(crate) fn holds(checks: &[Check]) {
    let aliases = aliases();
    let has_rule = |check: &&Check| aliases.contains_key(&check.id);
    let neither: Vec<&str> =
        checks.iter().filter(|it| !has_rule(it) && it.instead.is_none()).map(|it| it.id.as_str()).collect();
    assert!(neither.is_empty(), "{} ids have neither rule nor reason: {neither:#?}", neither.len());
    let both: Vec<&str> =
        checks.iter().filter(|it| has_rule(it) && it.instead.is_some()).map(|it| it.id.as_str()).collect();
    assert!(both.is_empty(), "{} ids have both rule and reason: {both:#?}", both.len());
    let ids: Vec<&str> = checks.iter().map(|check| check.id.as_str()).collect();
    let sorted: Vec<&str> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(ids, sorted);
}

/// A rule, with a link to its document, or to the section of that name in it.
pub(crate) fn link(rule: &str, section: Option<&str>) -> String {
    let anchor = section.map(anchor).unwrap_or_default();
    format!("[`{rule}`](../rules/{rule}.md{anchor})")
}

/// What a heading is called in addresses.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.fold("#".to_owned(), |mut anchor, c| {
        anchor.extend(if c == ' ' { vec!['-'] } else { c.to_lowercase().collect() });
        anchor
    })
}

/// The document is the one that was made anew.
pub(crate) fn is_fresh(tool: &str, text: &str) {
    let file = file(&format!("{tool}.md"));
    if std::env::var_os("BLESS").is_some() {
        fs::write(&file, text).unwrap();
    }
    let found = fs::read_to_string(&file).unwrap_or_default();
    assert!(found == text, "docs/{tool}.md is stale: BLESS=1 cargo test --test {tool} rewrites it");
}
