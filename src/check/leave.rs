//! How an element that is gone took its leave: announced, or not.
//!
//! Two families of rules look at one removal, and only one of them says so aloud: `breaking/...`, which tells in a note
//! how the element left. Where nobody is known to be hit, a day that was promised and not kept is the graver finding,
//! of `lifecycle/...`, and an announcement that was kept makes the removal a matter of course.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::model::change::{Change, Compatibility, What};
use crate::model::contract::{Catalog, Marks};
use crate::model::finding::{Finding, Level};

/// What Base had announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Nothing.
    Unannounced,
    /// That it will go, without a day.
    Deprecated,
    /// The day, which is still to come.
    Early(Date),
    /// The day, which is over.
    Kept(Date),
}

impl Leave {
    /// How the element of a change left; none if it is not gone, or of a kind that nobody deprecates.
    #[must_use]
    pub fn of(change: &Change, base: &Catalog, today: Date) -> Option<Self> {
        let hurts = change.is_gone() && change.compatibility != Compatibility::Compatible;
        let marks = marks(change, base).filter(|_| hurts)?;
        Some(match (&marks.sunset, &marks.deprecated) {
            (Some((day, _)), _) if today < *day => Self::Early(*day),
            (Some((day, _)), _) => Self::Kept(*day),
            (None, Some(_)) => Self::Deprecated,
            (None, None) => Self::Unannounced,
        })
    }

    /// How oasdiff calls it, at the end of an id.
    const fn id(self) -> &'static str {
        match self {
            Self::Unannounced => "removed-without-deprecation",
            Self::Deprecated | Self::Kept(_) => "removed-with-deprecation",
            Self::Early(_) => "removed-before-sunset",
        }
    }

    /// The level of the breaking change where nobody is known to be hit.
    #[must_use]
    pub(super) const fn level(self, given: Level) -> Level {
        match self {
            Self::Kept(_) | Self::Early(_) => Level::Info,
            Self::Unannounced | Self::Deprecated => given,
        }
    }
}

/// A note.
impl fmt::Display for Leave {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unannounced => f.write_str("it was not deprecated before"),
            Self::Deprecated => f.write_str("it was deprecated, without a day from which it may be gone"),
            Self::Early(day) => write!(f, "it was promised until {day}"),
            Self::Kept(day) => write!(f, "it was allowed to be gone since {day}"),
        }
    }
}

/// The marks in Base of what is gone.
fn marks<'a>(change: &Change, base: &'a Catalog) -> Option<&'a Marks> {
    let ids = change.element.base?;
    match change.element.what {
        What::Field => ids.field.map(|field| &base.field(field).marks),
        What::Operation => ids.operation.map(|operation| &base.operation(operation).marks),
        What::Parameter(place) => {
            let parameters = &base.operation(ids.operation?).parameters;
            let parameter = parameters.iter().find(|it| it.place == place && it.name == change.element.name);
            parameter.map(|parameter| &parameter.marks)
        }
        _ => None,
    }
}

/// Ids under which other tools know a change. Of what is gone oasdiff's depend on the day.
pub(super) fn ids(change: &Change, leave: Option<Leave>) -> Vec<String> {
    let dated = |id: &String| match (leave, id.split_once("-removed")) {
        (Some(leave), Some((what, "-with-deprecation" | "-without-deprecation"))) => format!("{what}-{}", leave.id()),
        (Some(leave), Some(("request-parameter", ""))) if leave != Leave::Unannounced => {
            format!("request-parameter-{}", leave.id())
        }
        _ => id.clone(),
    };
    let mut ids: Vec<String> = change.aliases.iter().map(dated).collect();
    ids.sort();
    ids
}

/// Rules about how something left, and the family that tells that it left.
const OF_LEAVES: [&str; 2] = ["lifecycle/removed-without-deprecation", "lifecycle/removed-before-sunset"];

/// One removal is one finding that is shown: of what says that an element is gone and what says how it left, the graver
/// stays as it is, the removal where both are alike, and the other is for information.
pub(super) fn quieten<'f>(findings: impl Iterator<Item = &'f mut Finding>) {
    let mut of_elements: BTreeMap<(String, String), Vec<&mut Finding>> = BTreeMap::new();
    for finding in findings.filter(|it| it.rule.starts_with("breaking/") || OF_LEAVES.contains(&it.rule)) {
        of_elements.entry((finding.subject.clone(), finding.actor.clone())).or_default().push(finding);
    }
    for findings in of_elements.into_values() {
        let (mut leaves, mut removals): (Vec<_>, Vec<_>) =
            findings.into_iter().partition(|it| OF_LEAVES.contains(&it.rule));
        removals.retain(|it| it.rule.ends_with("-removed"));
        let loudest = |all: &[&mut Finding]| all.iter().map(|it| it.level).max();
        let (Some(leave), Some(removal)) = (loudest(&leaves), loudest(&removals)) else { continue };
        let quiet = if removal >= leave { &mut leaves } else { &mut removals };
        quiet.iter_mut().for_each(|it| it.level = Level::Info);
    }
}
