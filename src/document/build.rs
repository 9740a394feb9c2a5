//! Puts a tree together from what a parser meets, in the order of the text.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::fault::{Fault, What};
use super::tree::{Decoded, Form, Index, Kind, Record, Tree, Words};
use super::{MAX_DEPTH, Range, offset};

/// What aliases and merge keys may stand for, in bytes and values, beyond the size of the text. Whoever
/// walks the tree walks through aliases, so this bounds them.
const EXPANSION: u64 = 2 << 20;

/// Parts of a list or mapping from which on it gets an index.
const MANY: usize = 17;

/// Up to so many members, all pairs of keys are compared.
const FEW: usize = 8;

/// A tree in the making.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) tree: Tree,
    pub(super) faults: Vec<Fault>,
    /// Lists and mappings around the current place.
    open: Vec<Open>,
    /// Collections that are open around the current place and are not kept: which are mappings.
    skipped: Vec<bool>,
    anchors: BTreeMap<usize, Anchored>,
    /// Bytes and values so far, those that aliases stand for included.
    weight: u64,
    /// Those that aliases stand for.
    expanded: u64,
    scratch: Vec<u32>,
}

/// A list or mapping that is being read.
#[derive(Debug)]
struct Open {
    at: u32,
    is_map: bool,
    slot: Slot,
    parts: usize,
    has_merges: bool,
    anchor: usize,
    /// [`Builder::weight`] before it.
    weight: u64,
}

/// What a mapping expects.
#[derive(Clone, Copy, Debug)]
enum Slot {
    /// A key, or an item.
    Next,
    /// The value of this key.
    Value(Words),
    /// The value of a key that no pointer can name; it is left out.
    Dropped,
}

/// What an anchor was put on.
#[derive(Clone, Copy, Debug)]
struct Anchored {
    at: u32,
    weight: u64,
}

impl Builder {
    pub(super) fn new(text: &Arc<str>) -> Self {
        let tree = Tree {
            text: Arc::clone(text),
            // A guess from real documents, which have a value for each 30 bytes or so.
            records: Vec::with_capacity(text.len() / 32 + 1),
            decoded: Vec::new(),
            roots: Vec::new(),
            indexed: BTreeMap::new(),
            merged: BTreeMap::new(),
        };
        Self {
            tree,
            faults: Vec::new(),
            open: Vec::new(),
            skipped: Vec::new(),
            anchors: BTreeMap::new(),
            weight: 0,
            expanded: 0,
            scratch: Vec::new(),
        }
    }

    /// The tree of what was read.
    pub(super) fn finish(mut self) -> (Tree, Vec<Fault>) {
        self.skipped.clear();
        while !self.open.is_empty() {
            self.close();
        }
        if self.tree.roots.is_empty() {
            self.scalar(Kind::Null, Words::none(0), 0);
        }
        self.tree.records.shrink_to_fit();
        (self.tree, self.faults)
    }

    /// Keeps words that the text does not say literally.
    pub(super) fn decoded(&mut self, token: Range, says: Option<String>) -> Words {
        let start = token.start;
        let says = says.map_or_else(OnceLock::new, |says| OnceLock::from(says.into_boxed_str()));
        self.tree.decoded.push(Decoded { token, says });
        Words { start, length: offset(self.tree.decoded.len() - 1), form: Form::Decoded }
    }

    /// Whether the innermost collection is a mapping; `None` outside of all collections.
    pub(super) fn in_map(&self) -> Option<bool> {
        self.skipped.last().copied().or_else(|| self.open.last().map(|open| open.is_map))
    }

    /// Whether the next scalar is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.skipped.is_empty() && self.open.last().is_some_and(|open| open.is_map && matches!(open.slot, Slot::Next))
    }

    /// The key of the member that follows.
    pub(super) fn key(&mut self, words: Words) {
        if let Some(open) = self.open.last_mut().filter(|_| self.skipped.is_empty()) {
            self.weight += u64::from(words.length);
            open.slot = Slot::Value(words);
        }
    }

    /// A value without parts.
    pub(super) fn scalar(&mut self, kind: Kind, words: Words, anchor: usize) {
        let before = self.weight;
        let length = if words.form == Form::Decoded { self.length_of_decoded(words) } else { words.length };
        if let Some(at) = self.add(kind, words) {
            self.weight += u64::from(length);
            self.anchor(anchor, at, before);
        }
    }

    /// A list or mapping starts; what follows belongs to it until [`Builder::close`].
    pub(super) fn enter(&mut self, is_map: bool, start: u32, anchor: usize) {
        if !self.skipped.is_empty() {
            self.skipped.push(is_map);
            return;
        }
        if self.expects_key() {
            self.fault(start..start, What::KeyIsNoScalar);
            self.drop_value();
            self.skipped.push(is_map);
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.fault(start..start, What::TooDeep);
            self.add(Kind::Null, Words::none(start));
            self.skipped.push(is_map);
            return;
        }
        let weight = self.weight;
        match self.add(if is_map { Kind::Map } else { Kind::List }, Words::none(start)) {
            Some(at) => {
                self.open.push(Open { at, is_map, slot: Slot::Next, parts: 0, has_merges: false, anchor, weight });
            }
            None => self.skipped.push(is_map),
        }
    }

    /// The innermost list or mapping ends.
    pub(super) fn close(&mut self) {
        if self.skipped.pop().is_some() {
            return;
        }
        let Some(open) = self.open.pop() else { return };
        let end = offset(self.tree.records.len());
        if let Some(record) = self.tree.records.get_mut(open.at as usize) {
            record.value.length = end;
        }
        if open.is_map && open.parts > 1 {
            self.settle_keys(&open);
        } else if open.parts >= MANY {
            let items = self.tree.parts(open.at + 1..end).collect();
            self.index(open.at, items);
        }
        if open.has_merges {
            self.merge(&open);
        }
        self.anchor(open.anchor, open.at, open.weight);
    }

    /// What an anchor was put on, once more.
    pub(super) fn alias(&mut self, anchor: usize, start: u32) {
        if !self.skipped.is_empty() {
            return;
        }
        let Some(target) = self.anchors.get(&anchor).copied() else {
            self.fault(start..start, What::UnknownAlias);
            self.add(Kind::Null, Words::none(start));
            return;
        };
        if self.expects_key() {
            let words = self.tree.record(target.at).value;
            let is_scalar = !matches!(self.tree.record(target.at).kind, Kind::List | Kind::Map);
            if is_scalar {
                self.key(words);
            } else {
                self.drop_value();
            }
            return;
        }
        if !self.expand(target.weight, start) {
            self.add(Kind::Null, Words::none(start));
            return;
        }
        self.add(Kind::Alias, Words { start, length: target.at, form: Form::Plain });
    }

    /// Leaves out the value that follows.
    pub(super) fn drop_value(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.slot = Slot::Dropped;
        }
    }

    /// Whether aliases may stand for so much more; a fault, once, if not.
    fn expand(&mut self, weight: u64, at: u32) -> bool {
        let limit = EXPANSION + self.tree.text.len() as u64;
        let was_within = self.expanded <= limit;
        self.expanded = self.expanded.saturating_add(weight);
        let is_within = self.expanded <= limit;
        if is_within {
            self.weight = self.weight.saturating_add(weight);
        } else if was_within {
            self.fault(at..at, What::TooLarge);
        }
        is_within
    }

    /// Adds a value where it stands; `None` if it is left out.
    fn add(&mut self, kind: Kind, value: Words) -> Option<u32> {
        if !self.skipped.is_empty() {
            return None;
        }
        let at = offset(self.tree.records.len());
        let mut record = Record {
            key: Words::none(value.start),
            value,
            parent: Record::NO_PARENT,
            kind,
            hidden: false,
            indexed: false,
            merged: false,
        };
        if let Some(open) = self.open.last_mut() {
            record.parent = open.at;
            match std::mem::replace(&mut open.slot, Slot::Next) {
                Slot::Value(key) => record.key = key,
                Slot::Dropped => return None,
                Slot::Next => {}
            }
            open.parts += 1;
        } else {
            self.tree.roots.push(Index(at));
        }
        self.weight += 1;
        self.tree.records.push(record);
        Some(at)
    }

    fn anchor(&mut self, anchor: usize, at: u32, weight_before: u64) {
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { at, weight: self.weight - weight_before });
        }
    }

    fn length_of_decoded(&self, words: Words) -> u32 {
        let token = self.tree.token(words);
        token.end.saturating_sub(token.start)
    }

    pub(super) fn fault(&mut self, place: Range, what: What) {
        self.faults.push(Fault { place, what });
    }

    /// Ends a text in the middle: drops the incomplete value that stands below so many levels, and
    /// gives the keys around the place. `None` if nothing was read at all.
    pub(super) fn cut(&mut self, kept_levels: usize) -> Option<Vec<String>> {
        if self.tree.records.is_empty() {
            return None;
        }
        let inside = self.open.iter().skip(1).take(kept_levels + 1);
        let keys = inside.map(|open| self.tree.key(Index(open.at)).to_owned()).collect();
        if let Some(dropped) = self.open.get(kept_levels + 1).map(|open| open.at) {
            self.open.truncate(kept_levels + 1);
            self.tree.records.truncate(dropped as usize);
            self.tree.indexed.split_off(&dropped);
            self.tree.merged.split_off(&dropped);
        }
        Some(keys)
    }

    /// Marks the innermost mapping as one that a merge key stands in.
    pub(super) fn expect_merge(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.has_merges = true;
        }
    }

    /// Hides all but the last of equal keys, and all merge keys.
    fn settle_keys(&mut self, open: &Open) {
        let mut parts = std::mem::take(&mut self.scratch);
        parts.clear();
        parts.extend(self.tree.parts(open.at + 1..offset(self.tree.records.len())));
        if parts.len() <= FEW {
            self.compare_all(&parts);
        } else {
            let tree = &self.tree;
            parts.sort_by(|a, b| tree.key(Index(*a)).cmp(tree.key(Index(*b))));
            self.compare_neighbours(&parts);
        }
        if parts.len() >= MANY {
            parts.retain(|part| !(self.tree.record(*part).hidden || open.has_merges && self.is_merge(*part)));
            self.index(open.at, parts.as_slice().into());
        }
        self.scratch = parts;
    }

    fn compare_all(&mut self, parts: &[u32]) {
        for (number, part) in parts.iter().enumerate() {
            let later = parts.iter().skip(number + 1).find(|later| self.tree.have_same_key(*part, **later));
            if let Some(later) = later {
                self.duplicate(*part, *later);
            }
        }
    }

    /// The same for parts in the order of their keys and, of equal keys, of the text.
    fn compare_neighbours(&mut self, parts: &[u32]) {
        for (part, later) in parts.iter().zip(parts.iter().skip(1)) {
            if self.tree.have_same_key(*part, *later) {
                self.duplicate(*part, *later);
            }
        }
    }

    /// Two merge keys are no mistake: both count.
    fn duplicate(&mut self, part: u32, later: u32) {
        if self.is_merge(part) {
            return;
        }
        let key = self.tree.key(Index(part)).to_owned();
        let first = self.tree.place(Index(part));
        self.fault(self.tree.place(Index(later)), What::DuplicateKey { key, first });
        if let Some(record) = self.tree.records.get_mut(part as usize) {
            record.hidden = true;
        }
    }

    /// Whether a member is a merge key. Quoted, `<<` is a key like others.
    fn is_merge(&self, part: u32) -> bool {
        let record = self.tree.record(part);
        record.key.form == Form::Plain && self.tree.key(Index(part)) == "<<"
    }

    fn index(&mut self, at: u32, parts: Box<[u32]>) {
        if let Some(record) = self.tree.records.get_mut(at as usize) {
            record.indexed = true;
        }
        self.tree.indexed.insert(at, parts);
    }

    /// Applies merge keys (`<<`): keys that are there already win, of several mappings the first.
    fn merge(&mut self, open: &Open) {
        let map = Index(open.at);
        let end = offset(self.tree.records.len());
        let merges: Vec<u32> = self.tree.parts(open.at + 1..end).filter(|part| self.is_merge(*part)).collect();
        let mut bases = Vec::new();
        for merge in merges {
            match self.tree.kind(Index(merge)) {
                Kind::Map => bases.push(Index(merge)),
                Kind::List => bases.extend(self.tree.items(Index(merge))),
                _ => continue,
            }
            if let Some(record) = self.tree.records.get_mut(merge as usize) {
                record.hidden = true;
            }
        }
        let mut seen: BTreeSet<&str> = self.tree.members(map).map(|own| self.tree.key(own)).collect();
        let mut brought = Vec::new();
        for member in bases.into_iter().flat_map(|base| self.tree.members(base)) {
            if seen.insert(self.tree.key(member)) {
                brought.push(member.0);
            }
        }
        if !self.expand(brought.len() as u64, self.tree.place(map).start) {
            return;
        }
        if let Some(record) = self.tree.records.get_mut(open.at as usize) {
            record.merged = true;
        }
        self.tree.merged.insert(open.at, brought.into());
    }
}
