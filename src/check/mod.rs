//! Runs rules over the facts of a run and puts what they find in order.
//!
//! The driver walks the map and the changes and hands each rule the shape it asks for (`rule`).
//! Then, in this order and each in one place: equal findings become one, levels are set
//! (`levels`), findings get their lasting names (`fingerprint`), comments and extensions silence what they name
//! (`suppress`, `silences`), and what somebody has accepted (`accepted`), what is in test code, too unsure or of too
//! low a level is hidden and counted.

mod accepted;
mod amounts;
mod callers;
mod carried;
mod chain;
pub mod changed;
mod context;
pub mod document;
mod fingerprint;
mod fits;
pub mod graded;
mod harm;
mod impact;
mod kept;
mod leave;
mod levels;
mod policy;
mod promise;
mod repeated;
pub mod rule;
mod secret;
mod sent;
mod sides;
mod silences;
mod suppress;
mod used;
mod walk;
mod words;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use crate::model::analysis::Analysis;
use crate::model::finding::Finding;
use crate::model::problem::Problem;
use crate::model::settings::Settings;
use crate::model::source::{Revision, Site, Span};

use context::Context;
use levels::Levels;
use rule::Rule;

/// What rules had to say.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// Findings to show, by path and place.
    pub findings: Vec<Finding>,
    /// How many more there are, and why they are not shown.
    pub hidden: Hidden,
    /// Remarks about comments that silence findings.
    pub notes: Vec<Problem>,
}

/// Numbers of findings that are not shown. Each is counted once, for the first reason that holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// A comment or an extension with a reason silences it.
    pub ignored: usize,
    /// Somebody has decided to live with it.
    pub accepted: usize,
    /// In test code.
    pub tests: usize,
    /// Less sure than asked for.
    pub below_confidence: usize,
    /// Of a lower level than asked for.
    pub below_level: usize,
}

/// A finding on its way, with what decides whether it is shown.
#[derive(Debug)]
struct Found {
    finding: Finding,
    span: Span,
    in_test: bool,
}

/// Runs every rule that is switched on. `locate` resolves places to byte ranges.
///
/// The result depends on nothing but the arguments: rules run side by side, and are sorted once.
#[must_use]
pub fn check(
    analysis: &Analysis,
    rules: &[&Rule],
    settings: &Settings,
    locate: &(dyn Fn(&Site) -> Span + Sync),
) -> Checked {
    let context = Context::new(analysis, settings);
    let levels = Levels::new(rules, settings);
    let on: Vec<&Rule> = rules.iter().copied().filter(|rule| levels.is_on(rule)).collect();

    let callers = walk::callers(&context);
    let found = on.par_iter().flat_map_iter(|rule| walk::run(rule, &context, &callers, &levels));
    let mut found: Vec<Found> =
        found.map(|(finding, in_test)| Found { span: locate(&finding.site), finding, in_test }).collect();
    sort(analysis, &mut found);
    dedup(&mut found);
    for found in &mut found {
        found.finding.level = levels.of(found.finding.rule, found.finding.level);
    }
    leave::quieten(found.iter_mut().map(|found| &mut found.finding));
    fingerprint::stamp(found.iter_mut().map(|found| &mut found.finding));

    let mut ignores = suppress::Ignores::read(&analysis.sources, rules);
    let mut silences = silences::Silences::new(&analysis.head.silences, rules);
    let mut accepted = accepted::Acceptance::new(&settings.accepted, settings.today);
    let mut checked = Checked::default();
    for found in found {
        let Finding { rule, site, fingerprint, .. } = &found.finding;
        let by_extension = silences.silence(rule, site);
        let silenced = ignores.silence(&analysis.sources, rule, found.span.file, || found.span) || by_extension;
        let is_accepted = accepted.accepts(fingerprint);
        match checked.hidden.reason(&found, silenced, is_accepted, settings) {
            Some(counter) => *counter += 1,
            None => checked.findings.push(found.finding),
        }
    }
    let is_compared = analysis.base.is_some();
    checked.notes = ignores.notes(&on, settings.include_tests);
    checked.notes.append(&mut silences.notes(&on, is_compared));
    checked.notes.append(&mut accepted.notes(is_compared));
    checked
}

impl Hidden {
    /// The counter of the reason for which a finding is not shown.
    fn reason(&mut self, found: &Found, silenced: bool, is_accepted: bool, settings: &Settings) -> Option<&mut usize> {
        if silenced {
            return Some(&mut self.ignored);
        }
        if is_accepted {
            return Some(&mut self.accepted);
        }
        if found.in_test {
            return Some(&mut self.tests);
        }
        if found.finding.confidence < settings.min_confidence {
            return Some(&mut self.below_confidence);
        }
        (found.finding.level < settings.min_level).then_some(&mut self.below_level)
    }
}

/// By path and place, never by the order in which files were read.
fn sort(analysis: &Analysis, found: &mut [Found]) {
    let place = |found: &Found| {
        let file = analysis.sources.get(found.span.file);
        (file.path.clone(), file.revision == Revision::Base, found.span.start, found.span.end)
    };
    found.sort_by_cached_key(|found| {
        let Finding { rule, subject, actor, message, .. } = &found.finding;
        let unsure = std::cmp::Reverse(found.finding.confidence);
        (place(found), *rule, subject.clone(), actor.clone(), unsure, message.clone())
    });
}

/// One rule says one thing about one element at one place once: the surest of equals stays.
fn dedup(found: &mut Vec<Found>) {
    found.dedup_by(|b, a| {
        let (first, second) = (&a.finding, &b.finding);
        a.span == b.span && (first.rule, &first.subject, &first.actor) == (second.rule, &second.subject, &second.actor)
    });
}
