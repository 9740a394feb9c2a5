//! YAML into a tree, from the events of `saphyr-parser`.
//!
//! `serde_yaml` reads every scalar into a value of its own, knows no places, and stops at 128 levels;
//! this takes less than half of its time (see `benches/README.md`). The two agree on what a text
//! says; a test holds them against each other.

use std::borrow::Cow;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::build::Builder;
use super::tree::{Form, Kind, Words};
use super::{Range, offset, scalar};

/// Where a text stops being YAML.
#[derive(Debug)]
pub(super) struct Broken {
    /// Where the parser noticed.
    pub(super) at: usize,
    /// The end of the last scalar that it understood: the mistake is behind it.
    pub(super) understood: usize,
    /// Flow collections around that scalar.
    pub(super) flows: usize,
    /// What it says.
    pub(super) message: String,
}

/// Reads `text` up to its first mistake. It is `original`, or the same with parts of it blanked.
pub(super) fn read(original: &Arc<str>, text: &str) -> (Builder, Option<Broken>) {
    let mut reader = Reader {
        cursor: Cursor::new(text),
        builder: Builder::new(original),
        understood: 0,
        flows: 0,
        flows_understood: 0,
    };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => reader.event(event, span),
            Err(error) => {
                let at = reader.cursor.byte(error.marker().index());
                let message = error.info().to_owned();
                let (understood, flows) = (reader.understood, reader.flows_understood);
                return (reader.builder, Some(Broken { at, understood, flows, message }));
            }
        }
    }
    (reader.builder, None)
}

struct Reader<'t> {
    cursor: Cursor<'t>,
    builder: Builder,
    understood: usize,
    /// Flow collections around the current place, and around the last scalar.
    flows: usize,
    flows_understood: usize,
}

impl<'t> Reader<'t> {
    fn event(&mut self, event: Event<'t>, span: Span) {
        match event {
            Event::Scalar(text, style, anchor, tag) => self.scalar(text, style, anchor, tag.as_deref(), span),
            Event::Alias(anchor) => {
                let start = offset(self.cursor.byte(span.start.index()));
                self.builder.alias(anchor, start);
            }
            Event::SequenceStart(anchor, tag) => self.enter(false, span, anchor, tag.is_some()),
            Event::MappingStart(anchor, tag) => self.enter(true, span, anchor, tag.is_some()),
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a block has no token.
                let is_flow = span.end.index() > span.start.index();
                self.flows = self.flows.saturating_sub(usize::from(is_flow));
                self.builder.close();
            }
            _ => {}
        }
    }

    fn enter(&mut self, is_map: bool, span: Span, anchor: usize, is_tagged: bool) {
        let mut place = self.cursor.range(span);
        if anchor > 0 || is_tagged {
            place = self.cursor.behind_properties(place);
        }
        let is_flow = matches!(self.cursor.text.as_bytes().get(place.start as usize), Some(b'{' | b'['));
        self.flows += usize::from(is_flow);
        self.builder.enter(is_map, place.start, anchor);
    }

    fn scalar(&mut self, text: Cow<'t, str>, style: ScalarStyle, anchor: usize, tag: Option<&Tag>, span: Span) {
        let mut place = self.cursor.range(span);
        if anchor > 0 || tag.is_some() {
            place = self.cursor.behind_properties(place);
        }
        (self.understood, self.flows_understood) = (place.end as usize, self.flows);
        let is_key = self.builder.expects_key();
        let is_plain = style == ScalarStyle::Plain;
        let kind = match tag {
            _ if is_key => Kind::Text,
            Some(tag) => tagged(tag, &text, is_plain),
            None if is_plain => scalar::kind(&text),
            None => Kind::Text,
        };
        let is_merge = is_key && is_plain && text == "<<";
        let words = self.words(text, style, place);
        if is_key {
            self.builder.key(words);
        } else {
            self.builder.scalar(kind, words, anchor);
        }
        if is_merge {
            self.builder.expect_merge();
        }
    }

    /// The words of a scalar: a range where the text says them literally.
    fn words(&mut self, says: Cow<'t, str>, style: ScalarStyle, place: Range) -> Words {
        let original = Arc::clone(&self.builder.tree.text);
        let written = original.as_bytes().get(place.start as usize..).unwrap_or_default();
        let literally = |skip: usize| written.get(skip..skip + says.len()) == Some(says.as_bytes());
        let length = offset(says.len());
        let quoted = Words { start: place.start.saturating_add(1), length, form: Form::Quoted };
        match style {
            ScalarStyle::Plain if literally(0) => Words { start: place.start, length, form: Form::Plain },
            ScalarStyle::SingleQuoted if literally(1) && !says.contains('\'') => quoted,
            ScalarStyle::DoubleQuoted if literally(1) && !says.contains(['"', '\\']) => quoted,
            _ => self.builder.decoded(place, Some(says.into_owned())),
        }
    }
}

/// What a scalar with a tag is. A tag of somebody's own (`!include x`) is as if it were not there.
fn tagged(tag: &Tag, text: &str, is_plain: bool) -> Kind {
    if !tag.is_yaml_core_schema() {
        let is_text = tag.handle.is_empty() && tag.suffix == "!" || !is_plain;
        return if is_text { Kind::Text } else { scalar::kind(text) };
    }
    match tag.suffix.as_str() {
        "str" | "binary" | "timestamp" => Kind::Text,
        _ => scalar::kind(text),
    }
}

/// Offsets in characters, as the parser counts, to offsets in bytes. They come nearly in order.
struct Cursor<'t> {
    text: &'t str,
    is_ascii: bool,
    characters: usize,
    bytes: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, is_ascii: text.is_ascii(), characters: 0, bytes: 0 }
    }

    fn range(&mut self, span: Span) -> Range {
        let start = self.byte(span.start.index());
        let end = self.byte(span.end.index().max(span.start.index()));
        offset(start)..offset(end)
    }

    /// The range without the anchor and the tag that stand before a value, which the parser counts
    /// among it.
    fn behind_properties(&self, place: Range) -> Range {
        let mut at = place.start as usize;
        while let Some(rest) = self.text.get(at..).filter(|rest| rest.starts_with(['&', '!'])) {
            let Some(space) = rest.find(char::is_whitespace) else { break };
            let behind = rest.get(space..).unwrap_or_default();
            at += space + (behind.len() - behind.trim_start().len());
        }
        let start = offset(at);
        start..place.end.max(start)
    }

    fn byte(&mut self, characters: usize) -> usize {
        if self.is_ascii {
            return characters.min(self.text.len());
        }
        while self.characters > characters {
            let before = self.text.get(..self.bytes).unwrap_or_default();
            self.bytes -= before.chars().next_back().map_or(self.bytes, char::len_utf8);
            self.characters -= 1;
        }
        let rest = self.text.get(self.bytes..).unwrap_or_default();
        for next in rest.chars().take(characters - self.characters) {
            self.bytes += next.len_utf8();
            self.characters += 1;
        }
        self.bytes
    }
}
