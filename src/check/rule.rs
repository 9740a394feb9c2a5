//! A rule.

use crate::model::finding::Level;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// `family/name`.
    pub id: &'static str,
    /// Level without configuration.
    pub level: Level,
    /// Its Markdown.
    pub doc: &'static str,
}
