//! Which rules are on, and at which level: the rule's own, unless configuration says otherwise.

use std::collections::BTreeMap;

use crate::model::finding::Level;
use crate::model::settings::Settings;

use super::document;
use super::rule::Rule;

/// Configured levels by rule id; `None` switches a rule off.
#[derive(Debug, Default)]
pub(super) struct Levels {
    configured: BTreeMap<&'static str, Option<Level>>,
}

impl Levels {
    /// Resolves the keys of the settings. A key may be an alias; the id itself wins over an alias,
    /// and an alias that several rules share speaks for all of them.
    pub(super) fn new(rules: &[&Rule], settings: &Settings) -> Self {
        if settings.levels.is_empty() {
            return Self::default();
        }
        let configured = rules.iter().filter_map(|rule| {
            let by_id = settings.levels.get(rule.id);
            let level = by_id.or_else(|| document::aliases(rule.doc).iter().find_map(|id| settings.levels.get(id)))?;
            Some((rule.id, *level))
        });
        Self { configured: configured.collect() }
    }

    /// Whether a rule is to run.
    pub(super) fn is_on(&self, rule: &Rule) -> bool {
        self.configured.get(rule.id) != Some(&None)
    }

    /// The level of a finding: the configured one, else the one that the rule gave it.
    pub(super) fn of(&self, rule: &str, given: Level) -> Level {
        self.configured.get(rule).copied().flatten().unwrap_or(given)
    }
}
