//! The list of rules.

use std::io::{self, Write};

use serde::Serialize;

use super::json::{VERSION, print};
use super::{counted, table};
use crate::model::finding::Level;

/// A rule, for the list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// `family/name`.
    pub id: &'static str,
    /// Its level in force; none if it is switched off.
    #[serde(serialize_with = "level_name")]
    pub level: Option<Level>,
    /// One sentence.
    pub summary: String,
    /// Ids under which other tools know it.
    pub aliases: Vec<String>,
}

#[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference to the field")]
fn level_name<S: serde::Serializer>(level: &Option<Level>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(name(*level))
}

fn name(level: Option<Level>) -> &'static str {
    level.map_or("off", Level::name)
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    rules: &'a [Row],
}

/// As one document.
pub fn write_json(rules: &[Row], out: &mut dyn Write) -> io::Result<()> {
    print(&Document { version: VERSION, rules }, out)
}

/// As a table.
pub fn write_table(rules: &[Row], out: &mut dyn Write) -> io::Result<()> {
    let cells = |rule: &Row| [rule.id.to_owned(), name(rule.level).to_owned(), rule.summary.clone()];
    table::write(["RULE", "LEVEL", "WHAT"], &rules.iter().map(cells).collect::<Vec<_>>(), out)?;
    writeln!(out, "{} (contract-lint explain RULE)", counted(rules.len(), "rule"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::plain;

    #[test]
    fn a_rule_that_is_switched_off_says_so() {
        let rule = Row { id: "a/b", level: None, summary: "Bad.".to_owned(), aliases: vec!["x".to_owned()] };
        let text = plain(|out| write_table(std::slice::from_ref(&rule), out));
        assert_eq!(text, "RULE  LEVEL  WHAT\na/b   off    Bad.\n1 rule (contract-lint explain RULE)\n");
        let json: serde_json::Value = serde_json::from_str(&plain(|out| write_json(&[rule], out))).unwrap();
        assert_eq!(
            json["rules"][0],
            serde_json::json!({"id": "a/b", "level": "off", "summary": "Bad.", "aliases": ["x"]})
        );
    }
}
