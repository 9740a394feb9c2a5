//! A value of a document, as the readers see it.

use serde_json::{Map, Number, Value};

use crate::document::{Index, Kind, Tree};
use crate::model::source::{FileId, Site};

/// A value and the place where it is written. Cheap to make and to copy: a pointer is made only when
/// somebody asks for the place.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    /// Its file.
    pub(super) file: FileId,
    tree: &'a Tree,
    at: Index,
}

/// What identifies a node among all of a library. What an alias leads to is a node of its own, but
/// the parts of it are the parts of what it means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct NodeId {
    /// Its file.
    pub(super) file: FileId,
    at: Index,
}

impl<'a> Node<'a> {
    /// A value of a file.
    pub(super) const fn new(file: FileId, tree: &'a Tree, at: Index) -> Self {
        Self { file, tree, at }
    }

    const fn part(&self, at: Index) -> Self {
        Self { file: self.file, tree: self.tree, at }
    }

    /// The member of this mapping with this key.
    pub(super) fn get(&self, key: &str) -> Option<Node<'a>> {
        self.tree.member(self.at, key).map(|at| self.part(at))
    }

    /// What one token of a JSON pointer leads to: a member by its key, an item by its index.
    pub(super) fn child(&self, token: &str) -> Option<Node<'a>> {
        self.tree.step(self.at, token).map(|at| self.part(at))
    }

    /// The members of this mapping, in order; none if it is no mapping.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let (file, tree) = (self.file, self.tree);
        tree.members(self.at).map(move |at| (tree.key(at), Node { file, tree, at }))
    }

    /// The items of this list, in order; none if it is no list.
    pub(super) fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let (file, tree) = (self.file, self.tree);
        tree.items(self.at).map(move |at| Node { file, tree, at })
    }

    /// The document that it is written in.
    pub(super) fn document(&self) -> Node<'a> {
        self.part(self.tree.document_of(self.at))
    }

    /// What it is.
    pub(super) fn kind(&self) -> Kind {
        self.tree.kind(self.at)
    }

    /// Its text, if it is a string.
    pub(super) fn as_str(&self) -> Option<&'a str> {
        if self.kind() == Kind::Text { self.written() } else { None }
    }

    /// Any scalar as a person wrote it: `1.10`, `0x1F`, `true`, the text of a string.
    pub(super) fn written(&self) -> Option<&'a str> {
        self.tree.written(self.at)
    }

    /// Whether it is true or false, if it is one of them.
    pub(super) fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// Its number, if it is one that can be had: `.inf` cannot.
    pub(super) fn as_number(&self) -> Option<Number> {
        self.tree.number(self.at)
    }

    /// Whether it is a mapping.
    pub(super) fn is_object(&self) -> bool {
        self.kind() == Kind::Map
    }

    /// Whether it is a list.
    pub(super) fn is_array(&self) -> bool {
        self.kind() == Kind::List
    }

    /// Whether it is null.
    pub(super) fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether it is a mapping that has this key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.tree.member(self.at, key).is_some()
    }

    /// A copy of everything in it. Numbers that no finite float holds are null.
    pub(super) fn to_value(&self) -> Value {
        self.to_value_within(crate::document::MAX_DEPTH)
    }

    /// Aliases may nest deeper than the text does, so the depth is limited here as well.
    fn to_value_within(&self, depth: usize) -> Value {
        match self.kind() {
            _ if depth == 0 => Value::Null,
            Kind::True => Value::Bool(true),
            Kind::False => Value::Bool(false),
            Kind::Number => self.as_number().map_or(Value::Null, Value::Number),
            Kind::Text => Value::String(self.written().unwrap_or_default().to_owned()),
            Kind::List => Value::Array(self.items().map(|item| item.to_value_within(depth - 1)).collect()),
            Kind::Map => {
                let members = self.members().map(|(key, value)| (key.to_owned(), value.to_value_within(depth - 1)));
                Value::Object(members.collect::<Map<_, _>>())
            }
            Kind::Null | Kind::Alias => Value::Null,
        }
    }

    /// The target of this node if it is a reference, as written. `$dynamicRef` leads to the anchor of
    /// its name in the same document, which is what it means unless somebody extends the schema.
    pub(super) fn reference(&self) -> Option<&'a str> {
        self.get("$ref").or_else(|| self.get("$dynamicRef"))?.as_str()
    }

    /// JSON pointer to where it is written.
    pub(super) fn pointer(&self) -> String {
        self.tree.pointer(self.at)
    }

    /// Its place.
    pub(super) fn site(&self) -> Site {
        Site::Pointer { file: self.file, pointer: self.pointer().into() }
    }

    /// The place of one of its keys.
    pub(super) fn site_of(&self, key: &str) -> Site {
        match self.get(key) {
            Some(member) => member.site(),
            None => {
                Site::Pointer { file: self.file, pointer: crate::document::pointer::child(&self.pointer(), key).into() }
            }
        }
    }

    /// Which node it is, among all of a library.
    pub(super) const fn id(&self) -> NodeId {
        NodeId { file: self.file, at: self.at }
    }
}
