//! Lists: their items, by place where places have schemas of their own.

use super::compare::{Found, Pair};
use super::conj::{Conj, Side};
use super::graph::{Graph, Step};
use crate::model::contract::{ArrayKeywords, SchemaId};

/// Places with schemas of their own that are looked at.
const MAX_PLACES: usize = 64;

impl Graph<'_> {
    pub(super) fn arrays(&mut self, pair: Pair<'_>, found: &mut Found) {
        let places = self.old.places(pair.old).max(self.new.places(pair.new)).min(MAX_PLACES);
        for at in (0..places).map(Some).chain([None]) {
            let (old, new) = (self.old.items(pair.old, at), self.new.items(pair.new, at));
            if old.is_anything() && new.is_anything() {
                continue;
            }
            if let Some(node) = self.pair(old, new, pair.way) {
                found.inside.push((Step::Item, node));
            }
        }
    }
}

impl<'a> Side<'a> {
    pub(super) fn arrays_of(self, conj: &Conj) -> impl Iterator<Item = (SchemaId, &'a ArrayKeywords)> {
        self.parts(conj).filter_map(|(id, schema)| Some((id, schema.array.as_deref()?)))
    }

    /// How many places have schemas of their own.
    fn places(self, conj: &Conj) -> usize {
        self.arrays_of(conj).map(|(_, array)| array.prefix_items.len()).max().unwrap_or_default()
    }

    /// What the item at a place has to satisfy; without a place: every item behind those.
    pub(super) fn items(self, conj: &Conj, at: Option<usize>) -> Conj {
        let item = |array: &ArrayKeywords| {
            let placed = at.and_then(|at| array.prefix_items.get(at).copied());
            placed.or(array.items)
        };
        self.conj(self.arrays_of(conj).filter_map(|(_, array)| item(array)))
    }
}
