//! A value of a YAML or JSON document, with its place.

use crate::document::{Index, Kind, Tree};
use crate::model::source::{FileId, Span};

/// A value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'t> {
    tree: &'t Tree,
    file: FileId,
    at: Index,
}

impl<'t> Node<'t> {
    /// A document, or any other value.
    pub(super) const fn new(tree: &'t Tree, file: FileId, at: Index) -> Self {
        Self { tree, file, at }
    }

    const fn with(self, at: Index) -> Self {
        Self { at, ..self }
    }

    /// The member of a mapping.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.tree.member(self.at, key).map(|at| self.with(at))
    }

    /// What a way of keys leads to.
    pub(super) fn path(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The members of a mapping with their keys.
    pub(super) fn members(self) -> impl Iterator<Item = (&'t str, Self)> {
        self.tree.members(self.at).map(move |at| (self.tree.key(at), self.with(at)))
    }

    /// The items of a list.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.tree.items(self.at).map(move |at| self.with(at))
    }

    pub(super) fn is_map(self) -> bool {
        self.tree.kind(self.at) == Kind::Map
    }

    pub(super) fn is_list(self) -> bool {
        self.tree.kind(self.at) == Kind::List
    }

    /// A scalar as it is written.
    pub(super) fn text(self) -> Option<&'t str> {
        self.tree.written(self.at)
    }

    /// The text of a member.
    pub(super) fn text_of(self, key: &str) -> Option<&'t str> {
        self.get(key)?.text()
    }

    /// Whether there is nothing: `key:`, `key: null`.
    pub(super) fn is_null(self) -> bool {
        self.tree.kind(self.at) == Kind::Null
    }

    /// A whole number.
    pub(super) fn number(self) -> Option<i64> {
        self.text()?.trim().parse().ok()
    }

    /// Its key, or its first token.
    pub(super) fn place(self) -> Span {
        let place = self.tree.place(self.at);
        Span::new(self.file, place.start, place.end)
    }
}
