//! Patterns of marks: what ships with the program, and what a configuration adds.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The data that ships with the program; its head describes what a pattern is.
const SHIPPED: &str = include_str!("../../../rules/marks.yaml");

/// Patterns by what they mean, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct MarkPatterns {
    /// It should not be used any more.
    pub deprecated: Vec<String>,
    /// The day from which it may be gone.
    pub sunset: Vec<String>,
    /// It says who calls.
    pub identity: Vec<String>,
    /// Calling it twice does what calling it once does.
    pub idempotent: Vec<String>,
    /// Consumers exist that no workspace shows.
    pub public: Vec<String>,
}

/// Everything in `rules/marks.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct ShippedMarks {
    /// Patterns of sensitive data, by class.
    pub sensitive: BTreeMap<String, Vec<String>>,
    /// All other patterns.
    #[serde(flatten)]
    pub patterns: MarkPatterns,
}

impl ShippedMarks {
    /// The marks that hold in every workspace.
    #[must_use]
    pub fn get() -> &'static Self {
        // A test holds that the file can be read.
        static READ: LazyLock<ShippedMarks> = LazyLock::new(|| serde_yaml::from_str(SHIPPED).unwrap_or_default());
        &READ
    }
}

impl MarkPatterns {
    /// Names of the meanings, as a configuration writes them, each with its patterns.
    #[must_use]
    pub fn by_name(&self) -> [(&'static str, &[String]); 5] {
        [
            ("deprecated", &self.deprecated),
            ("sunset", &self.sunset),
            ("identity", &self.identity),
            ("idempotent", &self.idempotent),
            ("public", &self.public),
        ]
    }

    /// Adds the patterns of `other` that are not here yet.
    pub fn extend(&mut self, other: Self) {
        let Self { deprecated, sunset, identity, idempotent, public } = other;
        let pairs = [
            (&mut self.deprecated, deprecated),
            (&mut self.sunset, sunset),
            (&mut self.identity, identity),
            (&mut self.idempotent, idempotent),
            (&mut self.public, public),
        ];
        for (known, added) in pairs {
            for pattern in added {
                if !known.contains(&pattern) {
                    known.push(pattern);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_can_be_read_and_has_every_section() {
        let shipped: ShippedMarks = serde_yaml::from_str(SHIPPED).unwrap();
        assert!(shipped.patterns.by_name().iter().all(|(_, patterns)| !patterns.is_empty()));
        assert_eq!(shipped.sensitive.keys().collect::<Vec<_>>(), ["pii", "sensitive"]);
    }

    #[test]
    fn a_pattern_is_there_once() {
        let shipped = ShippedMarks::get();
        let mut patterns = shipped.patterns.clone();
        patterns.extend(MarkPatterns { public: vec!["x-public".into(), "x-mine".into()], ..MarkPatterns::default() });
        assert_eq!(patterns.public.len(), shipped.patterns.public.len() + 1);
    }
}
