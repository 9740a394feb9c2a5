//! The shape of a document with the positions of its keys and items, and the search in it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::contract::pointer;

/// Start and end in bytes.
pub(super) type Range = (u32, u32);

/// Index of a node of a [`Tree`].
pub(super) type Index = usize;

/// A document. Its first node is the root.
#[derive(Debug, Default)]
pub(super) struct Tree<'t> {
    nodes: Vec<Node<'t>>,
}

/// A node: what it holds, and its first token.
#[derive(Debug)]
struct Node<'t> {
    token: Range,
    content: Content<'t>,
}

/// What a node holds.
#[derive(Debug)]
pub(super) enum Content<'t> {
    /// A scalar, with its text where something may refer to it as a key.
    Scalar(Option<Cow<'t, str>>),
    /// Items.
    List(Vec<Index>),
    /// Members in order; keys may repeat.
    Map(Vec<Member<'t>>),
    /// What an anchor was put on.
    Alias(Index),
}

/// A member of a mapping.
#[derive(Debug)]
pub(super) struct Member<'t> {
    pub(super) key: Cow<'t, str>,
    pub(super) place: Range,
    pub(super) value: Index,
}

impl<'t> Tree<'t> {
    /// Adds a node; an empty `token` is replaced by that of its first child.
    pub(super) fn add(&mut self, token: Range, content: Content<'t>) -> Index {
        self.nodes.push(Node { token, content });
        self.nodes.len() - 1
    }

    /// Adds an item to a list.
    pub(super) fn add_item(&mut self, list: Index, item: Index) {
        let token = self.token(item);
        if let Some(node) = self.nodes.get_mut(list) {
            node.starts_with(token);
            if let Content::List(items) = &mut node.content {
                items.push(item);
            }
        }
    }

    /// Adds a member to a mapping.
    pub(super) fn add_member(&mut self, map: Index, member: Member<'t>) {
        if let Some(node) = self.nodes.get_mut(map) {
            node.starts_with(member.place);
            if let Content::Map(members) = &mut node.content {
                members.push(member);
            }
        }
    }

    /// The text of a scalar that was kept.
    pub(super) fn text(&self, node: Index) -> Option<Cow<'t, str>> {
        match &self.nodes.get(node)?.content {
            Content::Scalar(text) => text.clone(),
            _ => None,
        }
    }

    fn token(&self, node: Index) -> Range {
        self.nodes.get(node).map_or((0, 0), |node| node.token)
    }

    /// The node itself, or the one that its alias means.
    fn content(&self, node: Index) -> Option<&Content<'t>> {
        let content = &self.nodes.get(node)?.content;
        match content {
            // An anchor stands on a node, never on an alias.
            Content::Alias(target) => self.nodes.get(*target).map(|node| &node.content),
            _ => Some(content),
        }
    }

    /// The range of each pointer. All are looked for together, on one way down the tree.
    pub(super) fn resolve<'p>(&self, pointers: impl Iterator<Item = &'p str>) -> Vec<Range> {
        let wanted = Wanted::new(pointers);
        let mut ranges = vec![(0, 0); wanted.count];
        let mut open = vec![(0, Some(0), self.token(0))];
        while let Some((want, node, range)) = open.pop() {
            let Some(want) = wanted.steps.get(want) else { continue };
            for at in &want.ends {
                if let Some(slot) = ranges.get_mut(*at) {
                    *slot = range;
                }
            }
            let found = node.map(|node| self.children(node, want)).unwrap_or_default();
            for (token, next) in &want.next {
                open.push(match found.get(&**token) {
                    Some((range, child)) => (*next, Some(*child), *range),
                    None => (*next, None, range),
                });
            }
        }
        ranges
    }

    /// The children of a node that are wanted.
    fn children<'w>(&self, node: Index, want: &'w Step<'_>) -> BTreeMap<&'w str, (Range, Index)> {
        let mut found = BTreeMap::new();
        if want.next.is_empty() {
            return found;
        }
        match self.content(node) {
            Some(Content::List(items)) => {
                for token in want.next.keys() {
                    if let Some(item) = pointer::index(token).and_then(|at| items.get(at)) {
                        found.insert(&**token, (self.token(*item), *item));
                    }
                }
            }
            Some(Content::Map(_)) => self.members(node, want, &mut found),
            _ => {}
        }
        found
    }

    /// The members of a mapping: its own, of equal keys the last; then those of its merge keys, of
    /// equal keys the first.
    fn members<'w>(&self, map: Index, want: &'w Step<'_>, found: &mut BTreeMap<&'w str, (Range, Index)>) {
        let (mut open, mut seen) = (vec![map], BTreeSet::new());
        while let Some(node) = open.pop() {
            let Some(content) = self.content(node).filter(|_| seen.insert(node)) else { continue };
            let members = match content {
                Content::Map(members) => members,
                Content::List(items) => {
                    open.extend(items.iter().rev());
                    continue;
                }
                _ => continue,
            };
            let mut own = BTreeMap::new();
            for member in members {
                if let Some((token, _)) = want.next.get_key_value(&*member.key) {
                    own.insert(&**token, (member.place, member.value));
                }
            }
            for (token, place) in own {
                found.entry(token).or_insert(place);
            }
            open.extend(members.iter().rev().filter(|member| member.key == "<<").map(|member| member.value));
        }
    }
}

impl Node<'_> {
    fn starts_with(&mut self, token: Range) {
        if self.token.0 == self.token.1 {
            self.token = token;
        }
    }
}

/// Pointers as one tree of tokens.
struct Wanted<'p> {
    steps: Vec<Step<'p>>,
    count: usize,
}

/// A token in it.
#[derive(Default)]
struct Step<'p> {
    next: BTreeMap<Cow<'p, str>, usize>,
    /// Numbers of the pointers that end here.
    ends: Vec<usize>,
}

impl<'p> Wanted<'p> {
    fn new(pointers: impl Iterator<Item = &'p str>) -> Self {
        let (mut steps, mut count) = (vec![Step::default()], 0);
        for pointer in pointers {
            let mut at = 0;
            for token in pointer::tokens(pointer) {
                let new = steps.len();
                at = match steps.get_mut(at) {
                    Some(step) => *step.next.entry(token).or_insert(new),
                    None => at,
                };
                if at == new {
                    steps.push(Step::default());
                }
            }
            if let Some(step) = steps.get_mut(at) {
                step.ends.push(count);
            }
            count += 1;
        }
        Self { steps, count }
    }
}
