//! Which rules are on, and at which level: the rule's own, unless configuration says otherwise.

use std::collections::BTreeMap;

use crate::model::change::Change;
use crate::model::finding::Level;
use crate::model::settings::{ProtobufLevel, Settings};

use super::document;
use super::rule::{Check, Rule};

/// Configured levels; `None` switches off.
#[derive(Debug, Default)]
pub(super) struct Levels {
    /// By rule id.
    configured: BTreeMap<&'static str, Option<Level>>,
    /// By ids of other tools, which are about single changes and not about all that a rule finds.
    of_changes: BTreeMap<String, Option<Level>>,
    category: Option<ProtobufLevel>,
}

impl Levels {
    /// Resolves the keys of the settings. A key may be an alias; the id itself wins over an alias,
    /// and an alias that several rules share speaks for all of them. An alias of a rule about changes speaks for
    /// those changes that the other tool calls so.
    pub(super) fn new(rules: &[&Rule], settings: &Settings) -> Self {
        if settings.levels.is_empty() {
            return Self::default();
        }
        let configured = rules.iter().filter_map(|rule| {
            let by_id = settings.levels.get(rule.id);
            let by_alias = || {
                let aliases = document::aliases(rule.doc).into_iter().filter(|_| !is_about_changes(rule));
                aliases.into_iter().find_map(|id| settings.levels.get(&id))
            };
            Some((rule.id, *by_id.or_else(by_alias)?))
        });
        let mut of_changes = BTreeMap::new();
        for id in rules.iter().filter(|rule| is_about_changes(rule)).flat_map(|rule| document::aliases(rule.doc)) {
            if let Some(level) = settings.levels.get(&id) {
                of_changes.insert(id, *level);
            }
        }
        Self { configured: configured.collect(), of_changes, category: settings.protobuf.compatibility }
    }

    /// Whether a rule is to run.
    pub(super) fn is_on(&self, rule: &Rule) -> bool {
        self.configured.get(rule.id) != Some(&None)
    }

    /// The level of a finding: the configured one, else the one that the rule gave it.
    pub(super) fn of(&self, rule: &str, given: Level) -> Level {
        self.configured.get(rule).copied().flatten().unwrap_or(given)
    }

    /// The level of what is said of a change, `given` by its rule; none if it is not to be said. Of several `ids` by
    /// which another tool knows it, of buf those in the category that counts, the gravest decides.
    pub(super) fn of_change(&self, change: &Change, ids: &[String], given: Level) -> Option<Level> {
        if self.of_changes.is_empty() || self.configured.contains_key(change.kind.id()) {
            return Some(given);
        }
        let category = self.category.unwrap_or(ProtobufLevel::File);
        let ids = ids.iter().filter(|id| !is_of_buf(id) || category.has(id));
        let levels = ids.map(|id| self.of_changes.get(id).copied().unwrap_or(Some(given)));
        levels.max().unwrap_or(Some(given))
    }
}

const fn is_about_changes(rule: &Rule) -> bool {
    matches!(rule.check, Check::Change(_))
}

/// Ids of buf are spelled in capitals, and no others.
fn is_of_buf(id: &str) -> bool {
    id.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')
}
