//! `x-contract-lint-ignore` in contracts: it silences rules at an element and at everything in it.

use std::collections::BTreeMap;

use crate::model::contract::Silence;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::Site;

use super::rule::{Check, Rule};
use super::suppress::known_names;

/// An entry, with what it stands for.
#[derive(Debug)]
struct Entry<'a> {
    silence: &'a Silence,
    ids: Vec<&'static str>,
    used: bool,
}

/// Every entry of the contracts of Head.
#[derive(Debug)]
pub(super) struct Silences<'a>(Vec<Entry<'a>>);

impl<'a> Silences<'a> {
    /// Resolves the names of rules.
    pub(super) fn new(silences: &'a [Silence], rules: &[&Rule]) -> Self {
        if silences.is_empty() {
            return Self(Vec::new());
        }
        let names: BTreeMap<String, Vec<&'static str>> = known_names(rules);
        let ids = |silence: &Silence| names.get(&silence.rule).cloned().unwrap_or_default();
        Self(silences.iter().map(|silence| Entry { silence, ids: ids(silence), used: false }).collect())
    }

    /// Whether an entry silences `rule` at a place. One without a reason silences nothing.
    pub(super) fn silence(&mut self, rule: &str, site: &Site) -> bool {
        let speaks = |entry: &&mut Entry<'_>| entry.ids.contains(&rule) && entry.silence.covers(site);
        let mut silent = false;
        for entry in self.0.iter_mut().filter(speaks) {
            entry.used = true;
            silent |= has_reason(entry.silence);
        }
        silent
    }

    /// Entries without a rule or a reason, of rules that do not exist, or that silence nothing. What is about
    /// changes has nothing to silence while nothing is compared.
    pub(super) fn notes(&self, on: &[&Rule], is_compared: bool) -> Vec<Problem> {
        let may_be_used = |entry: &Entry<'_>| {
            on.iter().any(|rule| entry.ids.contains(&rule.id) && (is_compared || !is_about_changes(rule)))
        };
        let note = |entry: &Entry<'_>| {
            let rule = &entry.silence.rule;
            let message = if rule.is_empty() {
                "`x-contract-lint-ignore` names no rule, so it silences nothing: write `{family/rule: reason}`"
                    .to_owned()
            } else if entry.ids.is_empty() {
                format!("`x-contract-lint-ignore` of `{rule}`: there is no such rule")
            } else if !has_reason(entry.silence) {
                format!("`x-contract-lint-ignore` of `{rule}` says no reason, so it silences nothing")
            } else if !entry.used && may_be_used(entry) {
                format!("`x-contract-lint-ignore` of `{rule}` silences nothing any more")
            } else {
                return None;
            };
            Some(Problem::at(ProblemKind::Note, entry.silence.site.clone(), message))
        };
        self.0.iter().filter_map(note).collect()
    }
}

/// Whether a rule has something to say only where two revisions are compared.
const fn is_about_changes(rule: &Rule) -> bool {
    matches!(rule.check, Check::Change(_))
}

fn has_reason(silence: &Silence) -> bool {
    silence.reason.chars().any(char::is_alphanumeric)
}
