//! Rules by the names that people call them.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::suggest::did_you_mean;
use crate::check::document::Document;
use crate::check::rule::Rule;
use crate::model::finding::Level;
use crate::model::settings::Settings;
use crate::rules;

/// Every rule with what its document says of it.
pub(super) struct Rulebook(Vec<Entry>);

/// A rule.
pub(super) struct Entry {
    pub(super) rule: &'static Rule,
    /// One sentence.
    pub(super) summary: String,
    /// Ids under which other tools know it.
    pub(super) aliases: Vec<String>,
}

impl Entry {
    /// The tests of every rule hold that its document can be read.
    fn new(rule: &'static Rule) -> Self {
        match Document::parse(rule.doc) {
            Ok(Document { summary, aliases, .. }) => Self { rule, summary, aliases },
            Err(_) => Self { rule, summary: String::new(), aliases: Vec::new() },
        }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.rule.id).chain(self.aliases.iter().map(String::as_str))
    }

    /// The id without its family.
    fn short_name(&self) -> &'static str {
        self.rule.id.rsplit('/').next().unwrap_or(self.rule.id)
    }

    /// The level in force; none if the rule is switched off.
    pub(super) fn level(&self, settings: &Settings) -> Option<Level> {
        let configured = self.names().find_map(|name| settings.levels.get(name));
        configured.copied().unwrap_or(Some(self.rule.level))
    }
}

impl Rulebook {
    pub(super) fn open() -> Self {
        Self(rules::ALL.iter().copied().map(Entry::new).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter()
    }

    /// Ids and aliases.
    pub(super) fn names(&self) -> Vec<&str> {
        self.iter().flat_map(Entry::names).collect()
    }

    /// Aliases by rule.
    pub(super) fn aliases(&self) -> BTreeMap<&'static str, Vec<String>> {
        self.iter().map(|entry| (entry.rule.id, entry.aliases.clone())).collect()
    }

    /// The rule of an id, of an id without its family, or of an alias. An alias may stand for
    /// several rules: the first in order.
    pub(super) fn find(&self, name: &str) -> Result<&Entry, Failure> {
        self.iter()
            .find(|entry| entry.rule.id == name || entry.short_name() == name)
            .or_else(|| self.iter().find(|entry| entry.aliases.iter().any(|alias| alias == name)))
            .ok_or_else(|| self.unknown(name))
    }

    fn unknown(&self, name: &str) -> Failure {
        let known: Vec<&str> = self.iter().flat_map(|entry| entry.names().chain([entry.short_name()])).collect();
        let help = did_you_mean(name, known).unwrap_or_else(|| "`contract-lint rules` lists them".to_owned());
        Failure::with_help(format!("there is no rule `{name}`"), Some(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_found_by_id_short_name_and_alias() {
        let rulebook = Rulebook::open();
        for entry in rulebook.iter() {
            assert!(!entry.summary.is_empty(), "{}", entry.rule.id);
            for name in [entry.rule.id, entry.short_name()] {
                assert_eq!(rulebook.find(name).unwrap().rule.id, entry.rule.id);
            }
            for alias in &entry.aliases {
                assert!(rulebook.find(alias).unwrap().aliases.contains(alias), "{alias}");
            }
        }
        assert!(rulebook.find("no-such-rule").is_err());
    }
}
