//! Numbers and names that are set aside: reserved, or left to extensions.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::make::{Draft, breaks};
use crate::model::change::{ChangeKind, Element};
use crate::model::contract::Reserved;
use crate::model::source::Site;

/// What one side sets aside.
#[derive(Clone, Copy)]
pub(super) struct SetAside<'a> {
    pub(super) numbers: &'a [Reserved],
    pub(super) names: &'a [(String, Site)],
}

impl SetAside<'_> {
    pub(super) fn has_number(self, number: i64) -> bool {
        self.numbers.iter().any(|range| range.numbers.contains(&number))
    }

    pub(super) fn has_name(self, name: &str) -> bool {
        self.names.iter().any(|(reserved, _)| reserved == name)
    }
}

/// What is no longer reserved. A number that is in use again is told of what uses it.
pub(super) fn removed(
    old: SetAside<'_>,
    new: SetAside<'_>,
    used: &BTreeSet<i64>,
    (element, site, id): (&Element, &Site, &'static str),
) -> Vec<Draft> {
    let draft = |place: &Site, value: String, breaks| {
        let draft = Draft::new(ChangeKind::ReservedRemoved, element.clone()).aliases(vec![id]);
        draft.at(Some(place.clone()), Some(site.clone())).was(value).breaking(breaks)
    };
    let is_unused = |range: &&Reserved| used.range(range.numbers.clone()).next().is_none();
    let ranges = shrunk(old.numbers, new.numbers).filter(is_unused);
    let ranges = ranges.map(|range| draft(&range.site, numbers(range), breaks(true, false, false)));
    let names = old.names.iter().filter(|(name, _)| !new.has_name(name));
    let names = names.map(|(name, place)| draft(place, format!("\"{name}\""), breaks(false, true, false)));
    ranges.chain(names).collect()
}

/// Ranges of which some number is no longer in any.
pub(super) fn shrunk<'r>(old: &'r [Reserved], new: &'r [Reserved]) -> impl Iterator<Item = &'r Reserved> {
    let mut covered: Vec<RangeInclusive<i64>> = new.iter().map(|range| range.numbers.clone()).collect();
    covered.sort_by_key(|range| *range.start());
    old.iter().filter(move |range| {
        let mut next = *range.numbers.start();
        for part in &covered {
            if *part.start() <= next {
                next = next.max(part.end().saturating_add(1));
            }
        }
        next <= *range.numbers.end()
    })
}

/// `7`, `7 to 9`
pub(super) fn numbers(range: &Reserved) -> String {
    let (first, last) = (range.numbers.start(), range.numbers.end());
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}
