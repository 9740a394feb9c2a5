//! Levels of changes where nobody is known to be hit or not: no workspace, no map.

use std::collections::BTreeMap;

use crate::model::analysis::Analysis;
use crate::model::change::{Change, Compatibility};
use crate::model::finding::Level;
use crate::model::settings::Settings;
use crate::model::source::{Site, Span};

use super::changed;
use super::levels::Levels;
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
    let mut grades = Grades::default();
    for change in &analysis.changes {
        let rule = by_id.get(change.kind.id());
        let site = change.new.as_ref().or(change.old.as_ref()).map(|spot| &spot.site);
        let is_silent = |site: &Site| {
            let by_extension = silences.silence(change.kind.id(), site);
            ignores.silence(&analysis.sources, change.kind.id(), locate(site)) || by_extension
        };
        if rule.is_some_and(|rule| !levels.is_on(rule)) {
            grades.off += 1;
        } else if site.is_some_and(is_silent) {
            grades.ignored += 1;
        } else {
            let level = level(change, rule.map_or(Level::Error, |rule| rule.level), &levels);
            grades.graded.push(Graded { change, level, message: changed::sentence(change), notes: notes(change) });
        }
    }
    grades
}

fn level(change: &Change, own: Level, levels: &Levels) -> Level {
    match change.compatibility {
        Compatibility::Breaking(_) => levels.of(change.kind.id(), own),
        Compatibility::Unknown(_) => levels.of(change.kind.id(), own.min(Level::Warning)),
        Compatibility::Compatible => Level::Info,
    }
}

fn notes(change: &Change) -> Vec<String> {
    match &change.compatibility {
        Compatibility::Unknown(why) => vec![(*why).to_owned()],
        _ => Vec::new(),
    }
}
