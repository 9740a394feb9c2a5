//! The tree of a text.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Number;

use super::{Range, offset, scalar};
use crate::document::pointer;

/// A value of a [`Tree`]. Indices follow the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Index(pub(super) u32);

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nothing.
    Null,
    /// True.
    True,
    /// False.
    False,
    /// A number.
    Number,
    /// Text.
    Text,
    /// Items.
    List,
    /// Members.
    Map,
    /// What an anchor was put on. Only the tree sees it.
    Alias,
}

/// A scalar as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) start: u32,
    /// In bytes; of decoded words, their index in [`Tree::decoded`].
    pub(super) length: u32,
    pub(super) form: Form,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The range is the scalar.
    Plain,
    /// One quote before the range, and one behind it.
    Quoted,
    /// Escapes, folded lines: the text does not say it literally.
    Decoded,
}

impl Words {
    /// No words at all, at a place.
    pub(super) const fn none(start: u32) -> Self {
        Self { start, length: 0, form: Form::Plain }
    }
}

/// What is not written literally.
#[derive(Debug)]
pub(super) struct Decoded {
    /// How it is written.
    pub(super) token: Range,
    /// What it says. JSON is decoded on first use.
    pub(super) says: OnceLock<Box<str>>,
}

/// A value, what stands before it, and where it belongs. The records of its parts follow it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    /// Key of a member.
    pub(super) key: Words,
    /// A scalar; of a list or mapping the first byte, and the index behind its last part; of an alias
    /// its name, and the index of what it means.
    pub(super) value: Words,
    pub(super) parent: u32,
    pub(super) kind: Kind,
    /// A merge key, or a member whose key occurs again.
    pub(super) hidden: bool,
    /// [`Tree::indexed`] knows its parts.
    pub(super) indexed: bool,
    /// [`Tree::merged`] knows members of other mappings that belong to it.
    pub(super) merged: bool,
}

impl Record {
    /// Parent of a document.
    pub(super) const NO_PARENT: u32 = u32::MAX;

    const NULL: Self = Self {
        key: Words::none(0),
        value: Words::none(0),
        parent: Self::NO_PARENT,
        kind: Kind::Null,
        hidden: false,
        indexed: false,
        merged: false,
    };

    const fn is_collection(&self) -> bool {
        matches!(self.kind, Kind::List | Kind::Map)
    }
}

/// The documents of a text.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(super) text: Arc<str>,
    pub(super) records: Vec<Record>,
    pub(super) decoded: Vec<Decoded>,
    /// The documents; at least one.
    pub(super) roots: Vec<Index>,
    /// Of large mappings the visible members by key, of large lists the items.
    pub(super) indexed: BTreeMap<u32, Box<[u32]>>,
    /// Members that merge keys bring.
    pub(super) merged: BTreeMap<u32, Box<[u32]>>,
}

impl Tree {
    /// The documents of the text, at least one; an empty text is null.
    pub(crate) fn roots(&self) -> &[Index] {
        &self.roots
    }

    /// The first of them.
    pub(crate) fn first(&self) -> Index {
        self.roots.first().copied().unwrap_or(Index(0))
    }

    pub(super) fn record(&self, at: u32) -> &Record {
        self.records.get(at as usize).unwrap_or(&const { Record::NULL })
    }

    /// The value itself, or the one that it is an alias of.
    fn meant(&self, at: Index) -> u32 {
        let record = self.record(at.0);
        if record.kind == Kind::Alias { record.value.length } else { at.0 }
    }

    /// What a value is.
    pub(crate) fn kind(&self, at: Index) -> Kind {
        self.record(self.meant(at)).kind
    }

    /// A scalar as a person wrote it, without quotes and escapes; `None` for lists and mappings.
    pub(crate) fn written(&self, at: Index) -> Option<&str> {
        let record = self.record(self.meant(at));
        if record.is_collection() { None } else { Some(self.say(record.value)) }
    }

    /// The number that a value is, if it is one that 64 bits hold.
    pub(crate) fn number(&self, at: Index) -> Option<Number> {
        let record = self.record(self.meant(at));
        if record.kind == Kind::Number { scalar::number(self.say(record.value)) } else { None }
    }

    /// The key of a member.
    pub(crate) fn key(&self, at: Index) -> &str {
        self.say(self.record(at.0).key)
    }

    /// The visible members of a mapping: its own in their order, then those of its merge keys.
    pub(crate) fn members(&self, at: Index) -> impl Iterator<Item = Index> + use<'_> {
        let map = self.meant(at);
        let record = self.record(map);
        let own = if record.kind == Kind::Map { map + 1..record.value.length } else { 0..0 };
        let own = self.parts(own).filter(|at| !self.record(*at).hidden);
        own.chain(self.merged_into(map).iter().copied()).map(Index)
    }

    /// The items of a list.
    pub(crate) fn items(&self, at: Index) -> impl Iterator<Item = Index> + use<'_> {
        let list = self.meant(at);
        let record = self.record(list);
        let parts = if record.kind == Kind::List { list + 1..record.value.length } else { 0..0 };
        self.parts(parts).map(Index)
    }

    /// The member of a mapping with a key.
    pub(crate) fn member(&self, at: Index, key: &str) -> Option<Index> {
        let map = self.meant(at);
        let record = self.record(map);
        if record.kind != Kind::Map {
            return None;
        }
        let own = if record.indexed {
            let parts = self.indexed.get(&map).map_or(&[][..], |parts| parts);
            let found = parts.binary_search_by(|part| self.say(self.record(*part).key).cmp(key)).ok();
            found.and_then(|at| parts.get(at)).copied()
        } else {
            self.parts(map + 1..record.value.length).find(|part| self.is_named(*part, key))
        };
        let merged = || self.merged_into(map).iter().copied().find(|part| self.is_named(*part, key));
        own.or_else(merged).map(Index)
    }

    /// The item of a list with a number, counted from 0.
    pub(crate) fn item(&self, at: Index, number: usize) -> Option<Index> {
        let list = self.meant(at);
        match self.indexed.get(&list) {
            Some(parts) if self.record(list).kind == Kind::List => parts.get(number).copied().map(Index),
            _ => self.items(at).nth(number),
        }
    }

    /// What one token of a pointer leads to.
    pub(crate) fn step(&self, at: Index, token: &str) -> Option<Index> {
        match self.kind(at) {
            Kind::Map => self.member(at, token),
            Kind::List => self.item(at, pointer::index(token)?),
            _ => None,
        }
    }

    /// Every value of every document.
    pub(crate) fn all(&self) -> impl Iterator<Item = Index> + use<> {
        (0..offset(self.records.len())).map(Index)
    }

    /// The document that a value is written in.
    pub(crate) fn document_of(&self, at: Index) -> Index {
        let behind = self.roots.partition_point(|root| *root <= at);
        self.roots.get(behind.saturating_sub(1)).copied().unwrap_or_else(|| self.first())
    }

    /// The list or mapping that a value is written in.
    pub(crate) fn parent(&self, at: Index) -> Option<Index> {
        let parent = self.record(at.0).parent;
        (parent != Record::NO_PARENT).then_some(Index(parent))
    }

    /// The pointer to where a value is written, with the number of its document if it is not in the
    /// first.
    pub(crate) fn pointer(&self, at: Index) -> String {
        let mut way = Vec::new();
        let mut top = at;
        while let Some(parent) = self.parent(top) {
            way.push(top);
            top = parent;
        }
        let document = self.roots.binary_search(&top).unwrap_or(0);
        let mut text = pointer::document(document);
        for step in way.into_iter().rev() {
            let parent = self.record(self.record(step.0).parent);
            match parent.kind {
                Kind::List => pointer::push(&mut text, &self.number_in_list(step).to_string()),
                _ => pointer::push(&mut text, self.key(step)),
            }
        }
        text
    }

    /// How many items stand before one.
    fn number_in_list(&self, item: Index) -> usize {
        let list = self.record(item.0).parent;
        match self.indexed.get(&list) {
            Some(parts) => parts.binary_search(&item.0).unwrap_or(0),
            None => self.parts(list + 1..item.0).count(),
        }
    }

    /// Where a value is: of a member its key, of anything else its first token.
    pub(crate) fn place(&self, at: Index) -> Range {
        let record = self.record(at.0);
        let is_member = record.parent != Record::NO_PARENT && self.record(record.parent).kind == Kind::Map;
        if is_member { self.token(record.key) } else { self.first_token(at.0) }
    }

    fn first_token(&self, mut at: u32) -> Range {
        loop {
            let record = self.record(at);
            if !record.is_collection() {
                return if record.kind == Kind::Alias {
                    self.alias(record.value.start)
                } else {
                    self.token(record.value)
                };
            }
            let start = record.value.start;
            if matches!(self.text.as_bytes().get(start as usize), Some(b'{' | b'[')) {
                return start..start + 1;
            }
            let is_empty = record.value.length <= at + 1;
            match record.kind {
                _ if is_empty => return start..start,
                Kind::Map => return self.token(self.record(at + 1).key),
                _ => at += 1,
            }
        }
    }

    /// `*name`
    fn alias(&self, start: u32) -> Range {
        let rest = self.text.as_bytes().get(start as usize..).unwrap_or_default();
        let length = rest.iter().take_while(|byte| !byte.is_ascii_whitespace() && !b",]}".contains(byte)).count();
        start..start.saturating_add(offset(length))
    }

    /// How words are written, with their quotes.
    pub(super) fn token(&self, words: Words) -> Range {
        match words.form {
            Form::Plain => words.start..words.start.saturating_add(words.length),
            Form::Quoted => words.start.saturating_sub(1)..words.start.saturating_add(words.length).saturating_add(1),
            Form::Decoded => self.decoded.get(words.length as usize).map_or(0..0, |decoded| decoded.token.clone()),
        }
    }

    /// What words say.
    pub(super) fn say(&self, words: Words) -> &str {
        let range = |range: Range| self.text.get(range.start as usize..range.end as usize).unwrap_or_default();
        match words.form {
            Form::Plain | Form::Quoted => range(words.start..words.start.saturating_add(words.length)),
            Form::Decoded => {
                let Some(decoded) = self.decoded.get(words.length as usize) else { return "" };
                decoded.says.get_or_init(|| super::json_token::unescaped(range(decoded.token.clone())))
            }
        }
    }

    /// Whether a part of a mapping is visible and has a key.
    fn is_named(&self, part: u32, key: &str) -> bool {
        let record = self.record(part);
        let may_be = record.key.form == Form::Decoded || record.key.length as usize == key.len();
        may_be && !record.hidden && self.say(record.key) == key
    }

    /// Whether two members have the same key. Most differ in length.
    pub(super) fn have_same_key(&self, one: u32, other: u32) -> bool {
        let (one, other) = (self.record(one).key, self.record(other).key);
        let is_literal = one.form != Form::Decoded && other.form != Form::Decoded;
        (!is_literal || one.length == other.length) && self.say(one) == self.say(other)
    }

    fn merged_into(&self, map: u32) -> &[u32] {
        if self.record(map).merged { self.merged.get(&map).map_or(&[][..], |parts| parts) } else { &[] }
    }

    /// The direct parts of a list or mapping, hidden ones too, from the records that follow it.
    pub(super) fn parts(&self, within: std::ops::Range<u32>) -> impl Iterator<Item = u32> + use<'_> {
        let mut at = within.start;
        std::iter::from_fn(move || {
            let part = at;
            if part >= within.end {
                return None;
            }
            let record = self.record(part);
            at = if record.is_collection() { record.value.length.max(part + 1) } else { part + 1 };
            Some(part)
        })
    }
}
