//! Levels of changes where nobody is known to be hit or not: no workspace, no map.

use std::collections::BTreeMap;

use crate::model::change::{Change, Compatibility};
use crate::model::finding::Level;
use crate::model::settings::Settings;

use super::changed;
use super::levels::Levels;
use super::rule::Rule;

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

/// Grades changes in their order. What a rule that is switched off would tell is left out, and counted.
///
/// A change that breaks has the level of its rule; what could not be told is a warning at most, and what is
/// compatible is told for information.
#[must_use]
pub fn grade<'a>(changes: &'a [Change], rules: &[&Rule], settings: &Settings) -> (Vec<Graded<'a>>, usize) {
    let levels = Levels::new(rules, settings);
    let by_id: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.id, *rule)).collect();
    let is_on = |change: &&Change| by_id.get(change.kind.id()).is_none_or(|rule| levels.is_on(rule));
    let graded = changes.iter().filter(is_on).map(|change| {
        let own = by_id.get(change.kind.id()).map_or(Level::Error, |rule| rule.level);
        let given = match change.compatibility {
            Compatibility::Breaking(_) => own,
            Compatibility::Unknown(_) => own.min(Level::Warning),
            Compatibility::Compatible => Level::Info,
        };
        let level =
            if change.compatibility == Compatibility::Compatible { given } else { levels.of(change.kind.id(), given) };
        Graded { change, level, message: changed::sentence(change), notes: notes(change) }
    });
    let graded: Vec<Graded<'_>> = graded.collect();
    let off = changes.len() - graded.len();
    (graded, off)
}

fn notes(change: &Change) -> Vec<String> {
    match &change.compatibility {
        Compatibility::Unknown(why) => vec![(*why).to_owned()],
        _ => Vec::new(),
    }
}
