//! YAML with positions, from the events of `saphyr-parser`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, Span};

use super::tree::{Content, Index, Member, Range, Tree};

/// Reads the first document of a text; of broken text, what stands before the mistake.
pub(super) fn read(text: &str) -> Tree<'_> {
    let mut builder =
        Builder { offsets: Offsets::new(text), tree: Tree::default(), open: Vec::new(), anchors: BTreeMap::new() };
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, span);
    }
    builder.tree
}

struct Builder<'t> {
    offsets: Offsets<'t>,
    tree: Tree<'t>,
    /// Collections around the current place.
    open: Vec<Open<'t>>,
    anchors: BTreeMap<usize, Index>,
}

/// A collection that is being read.
struct Open<'t> {
    node: Index,
    /// For a mapping: what is expected next.
    slot: Option<Slot<'t>>,
}

/// What a mapping expects.
enum Slot<'t> {
    Key,
    /// The value of this key; of none if the key is no scalar, which no pointer can name.
    Value(Option<(Cow<'t, str>, Range)>),
}

impl<'t> Builder<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Scalar(text, _, anchor, tag) => {
                let is_key = matches!(self.open.last(), Some(Open { slot: Some(Slot::Key), .. }));
                let kept = (is_key || anchor > 0).then_some(text);
                let place = self.offsets.range(span);
                let place = if anchor > 0 || tag.is_some() { self.offsets.behind_properties(place) } else { place };
                self.node(Content::Scalar(kept), place, anchor);
            }
            Event::Alias(anchor) => {
                if let Some(target) = self.anchors.get(&anchor).copied() {
                    self.node(Content::Alias(target), self.offsets.range(span), 0);
                }
            }
            Event::SequenceStart(anchor, _) => self.enter(Content::List(Vec::new()), span, anchor, None),
            Event::MappingStart(anchor, _) => self.enter(Content::Map(Vec::new()), span, anchor, Some(Slot::Key)),
            Event::SequenceEnd | Event::MappingEnd => {
                self.open.pop();
            }
            _ => {}
        }
    }

    fn enter(&mut self, content: Content<'t>, span: Span, anchor: usize, slot: Option<Slot<'t>>) {
        let place = self.offsets.range(span);
        let node = self.node(content, place, anchor);
        self.open.push(Open { node, slot });
    }

    /// Adds a node where it stands: as the root, an item, a key or a value.
    fn node(&mut self, content: Content<'t>, place: Range, anchor: usize) -> Index {
        let alias = if let Content::Alias(target) = content { Some(target) } else { None };
        let node = self.tree.add(place, content);
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        let Some(parent) = self.open.last_mut() else { return node };
        match &mut parent.slot {
            None => self.tree.add_item(parent.node, node),
            Some(slot @ Slot::Key) => {
                let text = self.tree.text(alias.unwrap_or(node));
                *slot = Slot::Value(text.map(|text| (text, place)));
            }
            Some(slot @ Slot::Value(_)) => {
                if let Slot::Value(Some((key, place))) = std::mem::replace(slot, Slot::Key) {
                    self.tree.add_member(parent.node, Member { key, place, value: node });
                }
            }
        }
        node
    }
}

/// Offsets in characters, as the parser counts, to offsets in bytes.
struct Offsets<'t> {
    text: &'t str,
    /// The byte offset of every [`STRIDE`]th character; empty if all characters are one byte long.
    marks: Vec<usize>,
}

/// Characters between two marks.
const STRIDE: usize = 32;

impl<'t> Offsets<'t> {
    fn new(text: &'t str) -> Self {
        let marks =
            if text.is_ascii() { Vec::new() } else { text.char_indices().step_by(STRIDE).map(|(at, _)| at).collect() };
        Self { text, marks }
    }

    fn range(&self, span: Span) -> Range {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index().max(span.start.index()));
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        (offset(start), offset(end))
    }

    /// The range without the anchor and the tag that stand before a scalar, which the parser counts
    /// among it.
    fn behind_properties(&self, (start, end): Range) -> Range {
        let whole = self.text.get(start as usize..end as usize).unwrap_or_default();
        let mut rest = whole;
        while rest.starts_with(['&', '!']) {
            let Some(space) = rest.find(char::is_whitespace) else { return (start, end) };
            rest = rest.get(space..).unwrap_or_default().trim_start();
        }
        (start + u32::try_from(whole.len() - rest.len()).unwrap_or(0), end)
    }

    fn byte(&self, characters: usize) -> usize {
        if self.marks.is_empty() {
            return characters.min(self.text.len());
        }
        let Some(mark) = self.marks.get(characters / STRIDE).copied() else { return self.text.len() };
        let rest = self.text.get(mark..).unwrap_or_default();
        rest.char_indices().nth(characters % STRIDE).map_or(self.text.len(), |(at, _)| mark + at)
    }
}
