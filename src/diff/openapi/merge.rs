//! One edit is one change, however many operations and directions it reaches.

use std::collections::BTreeMap;

use crate::model::change::{Breaks, Change, Compatibility, Spot};
use crate::model::source::Site;

/// One edit is one change: what is the same at the same places in several operations or directions is told
/// once, with all that it reaches and the worst that it does.
pub(super) fn merged(changes: Vec<Change>) -> Vec<Change> {
    let mut all: Vec<Change> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for change in changes {
        let side = |spot: &Option<Spot>| spot.as_ref().map(|spot| (site_key(&spot.site), spot.value.clone()));
        let (old, new) = (side(&change.old), side(&change.new));
        let key = format!("{:?}", (change.kind, change.facet, change.element.what, &change.element.name, old, new));
        match known.get(&key) {
            Some(at) => join(&mut all[*at], change),
            None => {
                known.insert(key, all.len());
                all.push(change);
            }
        }
    }
    all
}

fn site_key(site: &Site) -> String {
    format!("{site:?}")
}

fn join(into: &mut Change, other: Change) {
    into.operations.extend(other.operations);
    into.operations.sort_unstable();
    into.operations.dedup();
    into.fields.extend(other.fields);
    into.fields.sort_unstable();
    into.fields.dedup();
    into.aliases.extend(other.aliases);
    into.aliases.sort();
    into.aliases.dedup();
    into.direction.request |= other.direction.request;
    into.direction.response |= other.direction.response;
    let (a, b) = (into.breaks, other.breaks);
    into.breaks = Breaks {
        wire: a.wire || b.wire,
        json: a.json || b.json,
        source: a.source || b.source,
        request: a.request || b.request,
        response: a.response || b.response,
    };
    let rank = |it: &Compatibility| match it {
        Compatibility::Compatible => 0,
        Compatibility::Unknown(_) => 1,
        Compatibility::Breaking(None) => 2,
        Compatibility::Breaking(Some(_)) => 3,
    };
    // A level that a milder side was given does not hold for the side that breaks.
    if rank(&other.compatibility).min(2) > rank(&into.compatibility).min(2) {
        into.level = other.level;
    }
    if rank(&other.compatibility) > rank(&into.compatibility) {
        into.compatibility = other.compatibility;
    }
}
