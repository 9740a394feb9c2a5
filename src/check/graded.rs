//! Levels of changes where nobody is known to be hit or not: no workspace, no map.

use std::collections::BTreeMap;

use crate::model::analysis::Analysis;
use crate::model::change::{Change, Compatibility};
use crate::model::finding::Level;
use crate::model::problem::Problem;
use crate::model::settings::Settings;
use crate::model::source::{Site, Span};

use super::accepted::Acceptance;
use super::changed;
use super::fingerprint;
use super::leave::{self, Leave};
use super::levels::Levels;
use super::promise;
use super::rule::Rule;
use super::silences::Silences;
use super::suppress::Ignores;

/// A change, and what is said of it.
#[derive(Clone, Debug)]
pub struct Graded<'a> {
    /// The change.
    pub change: &'a Change,
    /// How bad.
    pub level: Level,
    /// One sentence.
    pub message: String,
    /// Further facts, one line each.
    pub notes: Vec<String>,
    /// Ids under which other tools know it; some depend on the day.
    pub aliases: Vec<String>,
    /// The name that outlives edits, by which it can be accepted; of what is compatible none.
    pub fingerprint: Option<String>,
}

/// Changes in their order, and how many are left out.
#[derive(Clone, Debug, Default)]
pub struct Grades<'a> {
    /// What is left.
    pub graded: Vec<Graded<'a>>,
    /// Of rules that are switched off.
    pub off: usize,
    /// Silenced in the contract itself.
    pub ignored: usize,
    /// Somebody has decided to live with them.
    pub accepted: usize,
    /// Remarks about what was accepted.
    pub notes: Vec<Problem>,
}

/// Grades the changes of a comparison.
///
/// A change that breaks has the level of its rule; what could not be told is a warning at most, and what is
/// compatible is told for information. `locate` resolves places to byte ranges.
#[must_use]
pub fn grade<'a>(
    analysis: &'a Analysis,
    rules: &[&Rule],
    settings: &Settings,
    locate: &dyn Fn(&Site) -> Span,
) -> Grades<'a> {
    let levels = Levels::new(rules, settings);
    let by_id: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.id, *rule)).collect();
    let mut ignores = Ignores::read(&analysis.sources, rules);
    let mut silences = Silences::new(&analysis.head.silences, rules);
    let mut accepted = Acceptance::new(&settings.accepted, settings.today);
    let mut names = fingerprint::Names::default();
    let mut grades = Grades::default();
    for change in &analysis.changes {
        let fingerprint = subject(analysis, change).map(|subject| names.next(change.kind.id(), &subject, change.facet));
        let rule = by_id.get(change.kind.id());
        let site = change.new.as_ref().or(change.old.as_ref()).map(|spot| &spot.site);
        let is_silent = |site: &Site| {
            let by_extension = silences.silence(change.kind.id(), site);
            let locate = || locate(site);
            ignores.silence(&analysis.sources, change.kind.id(), site.file(), locate) || by_extension
        };
        if rule.is_some_and(|rule| !levels.is_on(rule)) {
            grades.off += 1;
        } else if site.is_some_and(is_silent) {
            grades.ignored += 1;
        } else if fingerprint.as_ref().is_some_and(|name| accepted.accepts(name)) {
            grades.accepted += 1;
        } else {
            let leave = analysis.base.as_ref().and_then(|base| Leave::of(change, base, settings.today));
            let is_open = analysis.base.as_ref().is_some_and(|base| promise::is_open(change, base));
            let own = rule.map_or(Level::Error, |rule| rule.level);
            let level = level(change, leave, if is_open { Level::Info } else { own }, &levels);
            let aliases = leave::ids(change, leave);
            let Some(level) = levels.of_change(change, &aliases, level) else {
                grades.off += 1;
                continue;
            };
            grades.graded.push(Graded {
                change,
                level,
                message: changed::sentence(change),
                notes: notes(change, leave, is_open),
                aliases,
                fingerprint,
            });
        }
    }
    grades.notes = accepted.notes(true);
    grades
}

/// The element of a change that may have to be accepted, named as `check` names it.
fn subject(analysis: &Analysis, change: &Change) -> Option<String> {
    if change.compatibility == Compatibility::Compatible {
        return None;
    }
    let (catalog, ids) = match (change.element.base, change.element.head) {
        (Some(ids), _) => (analysis.base.as_ref()?, ids),
        (None, Some(ids)) => (&analysis.head, ids),
        (None, None) => return None,
    };
    Some(changed::subject(catalog, change, ids))
}

fn level(change: &Change, leave: Option<Leave>, own: Level, levels: &Levels) -> Level {
    // Without a map a day that has not come is nobody's warning but this one's.
    let own = if let Some(Leave::Kept(_)) = leave { Level::Info } else { own };
    let own = own.min(change.level.unwrap_or(Level::Error));
    match change.compatibility {
        Compatibility::Breaking(_) => levels.of(change.kind.id(), own),
        Compatibility::Unknown(_) => levels.of(change.kind.id(), own.min(Level::Warning)),
        Compatibility::Compatible => Level::Info,
    }
}

fn notes(change: &Change, leave: Option<Leave>, is_open: bool) -> Vec<String> {
    let note = match &change.compatibility {
        Compatibility::Breaking(witness) => witness.as_ref().map(changed::shown),
        Compatibility::Unknown(why) => Some((*why).to_owned()),
        Compatibility::Compatible => None,
    };
    let open = is_open.then(|| promise::OPEN.to_owned());
    note.into_iter().chain(leave.map(|leave| leave.to_string())).chain(open).collect()
}
