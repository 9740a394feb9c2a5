//! One edit is one change, however many operations and directions it reaches.

use std::collections::BTreeMap;

use crate::model::change::{Breaks, Change, Compatibility, Element, Spot};
use crate::model::source::Site;

/// A change, and what makes it the same edit as another one.
pub(super) struct Told {
    pub(super) change: Change,
    /// Of a schema: the property that it is about, if any. What else it is called depends on the way that leads there.
    pub(super) part: Option<String>,
    /// What its place is called, whatever leads there.
    pub(super) home: Option<String>,
}

/// One edit is one change: what is the same at the same places in several operations or directions is told
/// once, with all that it reaches and the worst that it does.
pub(super) fn merged(all: impl IntoIterator<Item = Told>) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for Told { change, part, home } in all {
        let side = |spot: &Option<Spot>| spot.as_ref().map(|spot| (site_key(&spot.site), spot.value.clone()));
        let (old, new) = (side(&change.old), side(&change.new));
        // What stands nowhere is known by its name alone.
        let part = part.as_ref().filter(|_| old.is_some() || new.is_some()).unwrap_or(&change.element.name);
        let key = format!("{:?}", (change.kind, change.facet, change.element.what, part, old, new));
        match known.get(&key) {
            Some(at) => join(&mut changes[*at], change, home),
            None => {
                known.insert(key, changes.len());
                changes.push(change);
            }
        }
    }
    changes
}

fn site_key(site: &Site) -> String {
    format!("{site:?}")
}

fn join(into: &mut Change, other: Change, home: Option<String>) {
    if let (Some(home), true) = (home, into.element.name != other.element.name) {
        into.element.name = home;
    }
    let rank = |it: &Compatibility| match it {
        Compatibility::Compatible => 0,
        Compatibility::Unknown(_) => 1,
        Compatibility::Breaking(None) => 2,
        Compatibility::Breaking(Some(_)) => 3,
    };
    // Whom it does no harm it is not told of, where it harms others.
    let (known, more) = (rank(&into.compatibility).min(2), rank(&other.compatibility).min(2));
    if known == 0 && more > 0 {
        (into.operations, into.fields) = (other.operations, other.fields);
        (into.direction, into.element) =
            (other.direction, Element { name: into.element.name.clone(), ..other.element });
    } else if (known == 0) == (more == 0) {
        into.operations.extend(other.operations);
        into.operations.sort_unstable();
        into.operations.dedup();
        into.fields.extend(other.fields);
        into.fields.sort_unstable();
        into.fields.dedup();
        into.direction.request |= other.direction.request;
        into.direction.response |= other.direction.response;
    }
    into.aliases.extend(other.aliases);
    into.aliases.sort();
    into.aliases.dedup();
    let (a, b) = (into.breaks, other.breaks);
    into.breaks = Breaks {
        wire: a.wire || b.wire,
        json: a.json || b.json,
        source: a.source || b.source,
        request: a.request || b.request,
        response: a.response || b.response,
    };
    // A level that a milder side was given does not hold for the side that breaks.
    if more > known {
        into.level = other.level;
    }
    if rank(&other.compatibility) > rank(&into.compatibility) {
        into.compatibility = other.compatibility;
    }
}
