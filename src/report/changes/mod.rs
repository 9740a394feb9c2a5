//! What differs between two revisions of contracts, one file per format.

mod github;
mod json;
mod lines;
mod markdown;
mod text;

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::Places;
use crate::model::analysis::Analysis;
use crate::model::change::{Change, Compatibility, Ids};
use crate::model::contract::Catalog;
use crate::model::finding::Level;
use crate::model::source::Site;

pub use github::write as write_github;
pub use json::write as write_json;
pub use lines::write as write_lines;
pub use markdown::write as write_markdown;
pub use text::{footer, write as write_text};

/// Everything a format shows.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// Both sides.
    pub analysis: &'a Analysis,
    /// What is to be shown, in order.
    pub rows: &'a [Row<'a>],
    /// Where everything is.
    pub places: &'a Places<'a>,
    /// Changes of every kind, shown or not.
    pub counts: Counts,
    /// Changes that are not shown, and why.
    pub hidden: &'a [super::Hidden],
    /// Why the answer is incomplete.
    pub missing: &'a [String],
    /// The exit code of the run.
    pub exit: u8,
    /// Time from start to here.
    pub elapsed: Duration,
}

/// One change, as it is told.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The change.
    pub change: &'a Change,
    /// The id of its rule, or that of another tool.
    pub rule: &'a str,
    /// How bad.
    pub level: Level,
    /// One sentence.
    pub message: &'a str,
    /// Further facts.
    pub notes: &'a [String],
    /// Ids under which other tools know it.
    pub aliases: &'a [String],
    /// The name by which it can be accepted.
    pub fingerprint: Option<&'a str>,
}

/// Numbers of changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// That break somebody.
    pub breaking: usize,
    /// Of which it could not be told.
    pub unknown: usize,
    /// That break nobody.
    pub compatible: usize,
}

impl Counts {
    /// Counts changes.
    pub fn of<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Self {
        let mut counts = Self::default();
        for change in changes {
            *match change.compatibility {
                Compatibility::Breaking(_) => &mut counts.breaking,
                Compatibility::Unknown(_) => &mut counts.unknown,
                Compatibility::Compatible => &mut counts.compatible,
            } += 1;
        }
        counts
    }
}

/// Every place that a change shows.
pub fn sites(change: &Change) -> impl Iterator<Item = &Site> {
    change.old.iter().chain(&change.new).map(|spot| &spot.site)
}

/// Operations that are named before the rest is counted.
const MOST_OPERATIONS: usize = 5;

impl<'a> Row<'a> {
    /// The place that a reader can mend: the new one, if there is any.
    fn site(&self) -> Option<&'a Site> {
        self.change.new.as_ref().or(self.change.old.as_ref()).map(|spot| &spot.site)
    }
}

impl<'a> Listing<'a> {
    /// The catalog that the ids of a change are of, and those ids.
    fn element(&self, change: &Change) -> Option<(&'a Catalog, Ids)> {
        match (change.element.base.zip(self.analysis.base.as_ref()), change.element.head) {
            (Some((ids, base)), _) => Some((base, ids)),
            (None, Some(ids)) => Some((&self.analysis.head, ids)),
            (None, None) => None,
        }
    }

    /// The one operation that a change is about.
    fn operation(&self, change: &Change) -> Option<&'a str> {
        let (catalog, ids) = self.element(change)?;
        let only = || if let [only] = change.operations.as_slice() { Some(*only) } else { None };
        let operation = catalog.operations.get(ids.operation.or_else(only)?.index())?;
        Some(&operation.key)
    }

    /// Every operation that a change reaches.
    fn operations(&self, change: &Change) -> Vec<&'a str> {
        let Some((catalog, _)) = self.element(change) else { return Vec::new() };
        let keys = change.operations.iter().filter_map(|id| catalog.operations.get(id.index()));
        keys.map(|operation| operation.key.as_str()).collect()
    }

    /// The field that a change is about.
    fn field(&self, change: &Change) -> Option<String> {
        let (catalog, ids) = self.element(change)?;
        let at = ids.field?;
        let message = catalog.messages.get(at.message.index())?;
        let field = message.fields.get(at.index as usize)?;
        Some(format!("{}.{}", message.name, field.name))
    }

    /// `affects: GET /a, GET /b and 3 more`; none where the sentence says it already.
    fn affects(&self, change: &Change) -> Option<String> {
        let operations = self.operations(change);
        let says_so = |operation: &&str| change.element.name == **operation;
        if operations.is_empty() || operations.iter().all(says_so) {
            return None;
        }
        let (shown, rest) = operations.split_at(operations.len().min(MOST_OPERATIONS));
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        Some(format!("affects: {}{more}", shown.join(", ")))
    }
}
