//! Findings that `.contract-lint/accepted.yaml` names.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::settings::Accepted;

/// The entries of the file, and which of them were met.
#[derive(Debug)]
pub(super) struct Acceptance<'a> {
    by_fingerprint: BTreeMap<&'a str, (&'a Accepted, bool)>,
    today: Date,
}

impl<'a> Acceptance<'a> {
    /// Of the settings in force.
    pub(super) fn new(accepted: &'a [Accepted], today: Date) -> Self {
        let by_fingerprint = accepted.iter().map(|entry| (entry.fingerprint.as_str(), (entry, false))).collect();
        Self { by_fingerprint, today }
    }

    /// Whether a finding is accepted today.
    pub(super) fn accepts(&mut self, fingerprint: &str) -> bool {
        let Some((entry, met)) = self.by_fingerprint.get_mut(fingerprint) else { return false };
        *met = true;
        entry.until.is_none_or(|until| self.today <= until)
    }

    /// Entries whose day is over, and those that no finding needs any more. Where nothing is compared, the
    /// finding of an entry may be one of a comparison.
    pub(super) fn notes(&self, is_compared: bool) -> Vec<Problem> {
        let note = |(entry, met): &(&Accepted, bool)| {
            let name = &entry.fingerprint;
            let message = match entry.until.filter(|until| *until < self.today) {
                Some(until) if *met => format!("`{name}` was accepted until {until}, and is told again"),
                _ if !met && is_compared => format!("`{name}` is accepted, and there is no such finding any more"),
                _ => return None,
            };
            Some(Problem::path(ProblemKind::Note, &entry.place, message))
        };
        self.by_fingerprint.values().filter_map(note).collect()
    }
}
