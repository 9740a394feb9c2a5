//! What a reader found, as one flat table, so that two readers can be compared cell by cell.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Number, Value as Json};

/// A kind of fact (`field number`), and the full name of what it is about.
pub(super) type Key = (&'static str, String);

/// Every fact that a reader found.
#[derive(Debug, Default)]
pub(super) struct Facts(pub(super) BTreeMap<Key, String>);

impl Facts {
    #[expect(clippy::needless_pass_by_value, reason = "callers give what they have just made")]
    pub(super) fn add(&mut self, kind: &'static str, name: &str, value: impl ToString) {
        self.0.insert((kind, name.to_owned()), value.to_string());
    }

    /// An option, by the element that has it and its own name.
    pub(super) fn option(&mut self, element: &str, name: &str, value: &Json) {
        self.add("option", &format!("{element} {name}"), sorted(value));
    }

    /// Leaves out kinds that the other reader does not know.
    pub(super) fn without(mut self, kinds: &[&str]) -> Self {
        self.0.retain(|(kind, _), _| !kinds.contains(kind));
        self
    }
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// By kind: how many facts are equal.
    pub(super) equal: BTreeMap<&'static str, usize>,
    /// Kind, name, ours, theirs.
    pub(super) different: Vec<(Key, Option<String>, Option<String>)>,
}

/// Compares two tables; a fact that only one has is a difference.
pub(super) fn compare(ours: &Facts, theirs: &Facts) -> Compared {
    let mut compared = Compared::default();
    let keys: BTreeSet<&Key> = ours.0.keys().chain(theirs.0.keys()).collect();
    for key in keys {
        match (ours.0.get(key), theirs.0.get(key)) {
            (ours, theirs) if ours == theirs => *compared.equal.entry(key.0).or_default() += 1,
            (ours, theirs) => compared.different.push((key.clone(), ours.cloned(), theirs.cloned())),
        }
    }
    compared
}

impl Compared {
    pub(super) fn total(&self) -> usize {
        self.equal.values().sum()
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} facts equal, {} different", self.total(), self.different.len())?;
        let mut differing: BTreeMap<&str, usize> = BTreeMap::new();
        self.different.iter().for_each(|((kind, _), ..)| *differing.entry(kind).or_default() += 1);
        for (kind, count) in &self.equal {
            writeln!(f, "  {kind}: {count} equal, {} different", differing.get(kind).unwrap_or(&0))?;
        }
        for ((kind, name), ours, theirs) in self.different.iter().take(200) {
            writeln!(f, "{kind} of {name}\n  ours   {ours:?}\n  theirs {theirs:?}")?;
        }
        Ok(())
    }
}

/// The value with members in the order of their names, and numbers that are a `float` as one.
fn sorted(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let members: BTreeMap<&String, Json> = members.iter().map(|(name, value)| (name, sorted(value))).collect();
            members.into_iter().map(|(name, value)| (name.clone(), value)).collect()
        }
        Json::Array(items) => items.iter().map(sorted).collect(),
        Json::Number(number) if number.is_f64() => float(number),
        other => other.clone(),
    }
}

/// The shortest digits of a number that is exactly a `float`.
fn float(number: &Number) -> Json {
    let wide = number.as_f64().unwrap();
    #[expect(clippy::cast_possible_truncation, reason = "the check that nothing is lost follows")]
    let narrow = wide as f32;
    let shortest =
        if f64::from(narrow).to_bits() == wide.to_bits() { narrow.to_string().parse().unwrap() } else { wide };
    Json::from(shortest)
}
