//! Fields that were given another name and another number in one edit.
//!
//! Nothing but their place says so: the line of the old field is the line of the new one. Whoever takes a field out
//! and puts another one where it was leaves the same trace, so that both must be made alike, and their names must
//! have a word in common.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::contract::Field;
use crate::model::words::words;

/// Words that say nothing of what a field is about.
const EMPTY_WORDS: [&str; 12] = ["a", "an", "at", "by", "for", "in", "is", "new", "of", "old", "the", "to"];

/// Fields that stand between the same two that were kept, by index: those that are gone, and those that are new.
type Gap = (Vec<usize>, Vec<usize>);

/// Gives partners to fields that have none. `is_alike` says whether an old and a new one, by index, differ in nothing
/// but name and number.
pub(super) fn find(
    partners: &mut [Option<usize>],
    (old, new): (&[Field], &[Field]),
    is_alike: &dyn Fn(usize, usize) -> bool,
) {
    let may_be = |a: usize, b: usize| {
        old[a].number != new[b].number && share_a_word(&old[a].name, &new[b].name) && is_alike(a, b)
    };
    let mut found = Vec::new();
    for (gone, come) in gaps(partners, new.len()) {
        for a in &gone {
            let mut heirs = come.iter().filter(|b| may_be(*a, **b));
            // Of two that may be meant neither is.
            if let (Some(heir), None) = (heirs.next(), heirs.next())
                && gone.iter().all(|other| other == a || !may_be(*other, *heir))
            {
                found.push((*a, *heir));
            }
        }
    }
    for (a, heir) in found {
        partners[a] = Some(heir);
    }
}

/// Places where something is gone and something is new.
fn gaps(partners: &[Option<usize>], count: usize) -> Vec<Gap> {
    let kept: BTreeMap<usize, usize> =
        partners.iter().enumerate().filter_map(|(at, partner)| Some(((*partner)?, at))).collect();
    // A place is known by the fields around it, as they are called in Head.
    let mut gaps: BTreeMap<(Option<usize>, Option<usize>), Gap> = BTreeMap::new();
    let mut before = None;
    for (at, partner) in partners.iter().enumerate() {
        if partner.is_some() {
            before = *partner;
            continue;
        }
        let after = partners.get(at..).and_then(|rest| rest.iter().flatten().next()).copied();
        gaps.entry((before, after)).or_default().0.push(at);
    }
    before = None;
    for at in 0..count {
        if kept.contains_key(&at) {
            before = Some(at);
            continue;
        }
        let after = kept.range(at..).next().map(|(next, _)| *next);
        if let Some((_, come)) = gaps.get_mut(&(before, after)) {
            come.push(at);
        }
    }
    gaps.into_values().collect()
}

fn share_a_word(old: &str, new: &str) -> bool {
    let all = |name: &str| -> BTreeSet<String> {
        words(name).into_iter().filter(|word| !EMPTY_WORDS.contains(&word.as_str())).collect()
    };
    !all(old).is_disjoint(&all(new))
}
