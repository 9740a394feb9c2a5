//! Rules by the names that people call them.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::suggest::did_you_mean;
use crate::check::document::Document;
use crate::check::rule::Rule;
use crate::model::finding::Level;
use crate::model::settings::Settings;
use crate::rules;

/// Every rule with its documentation.
pub(super) struct Rulebook(Vec<(&'static Rule, Document)>);

impl Rulebook {
    pub(super) fn open() -> Self {
        Self(rules::ALL.iter().map(|rule| (*rule, Document::parse(rule.doc))).collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'static Rule, &Document)> {
        self.0.iter().map(|(rule, document)| (*rule, document))
    }

    /// Ids and aliases.
    pub(super) fn names(&self) -> Vec<&str> {
        let names = self
            .iter()
            .flat_map(|(rule, document)| std::iter::once(rule.id).chain(document.aliases.iter().map(String::as_str)));
        names.collect()
    }

    /// The rule of an id, of an id without its family, or of an alias. An alias may stand for
    /// several rules: the first in order.
    pub(super) fn find(&self, name: &str) -> Result<(&'static Rule, &Document), Failure> {
        let by_id = |rule: &Rule| rule.id == name || rule.id.rsplit('/').next() == Some(name);
        self.iter()
            .find(|(rule, _)| by_id(rule))
            .or_else(|| self.iter().find(|(_, document)| document.aliases.iter().any(|alias| alias == name)))
            .ok_or_else(|| {
                let short = self.iter().filter_map(|(rule, _)| rule.id.rsplit('/').next());
                let help = did_you_mean(name, self.names().into_iter().chain(short));
                let help = help.unwrap_or_else(|| "`contract-lint rules` lists them".to_owned());
                Failure::with_help(format!("there is no rule `{name}`"), Some(help))
            })
    }

    /// The level in force; none if the rule is switched off.
    pub(super) fn level(rule: &Rule, document: &Document, settings: &Settings) -> Option<Level> {
        let names = std::iter::once(rule.id).chain(document.aliases.iter().map(String::as_str));
        let configured = names.filter_map(|name| settings.levels.get(name)).next();
        configured.copied().unwrap_or(Some(rule.level))
    }

    /// Aliases by rule.
    pub(super) fn aliases(&self) -> BTreeMap<&'static str, Vec<String>> {
        self.iter().map(|(rule, document)| (rule.id, document.aliases.clone())).collect()
    }
}
