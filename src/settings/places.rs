//! Where the keys of a YAML document stand.
//!
//! `serde_yaml` gives a place only with its own errors. What is checked after it (rule ids, globs)
//! and what it lets pass (a key given twice) is looked up here, from the events of the document.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

use crate::model::source::Position;

use super::error::{Error, position};

/// Places by path: keys of mappings, indexes of sequences.
#[derive(Debug, Default)]
pub(super) struct Places {
    by_path: BTreeMap<Vec<String>, Position>,
}

impl Places {
    /// Reads the places, and refuses a key that one mapping has twice. Text that is no YAML gives
    /// what stands before the mistake: `serde_yaml` tells that one better.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let mut reader = Reader::default();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let place = position(span.start.line(), span.start.col() + 1);
            reader.take(&event, place)?;
        }
        Ok(Self { by_path: reader.by_path })
    }

    /// Whether there is no key and no item at all.
    pub(super) fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    /// The place of a key or an item.
    pub(super) fn of(&self, path: &[&str]) -> Option<Position> {
        let path: Vec<String> = path.iter().map(ToString::to_string).collect();
        self.by_path.get(&path).copied()
    }
}

/// An open collection.
enum Frame {
    /// A mapping; `key` is the one whose value comes next.
    Mapping { key: Option<String> },
    /// A sequence; the index of the item that comes next.
    Sequence { next: usize },
}

#[derive(Default)]
struct Reader {
    open: Vec<Frame>,
    path: Vec<String>,
    by_path: BTreeMap<Vec<String>, Position>,
}

impl Reader {
    fn take(&mut self, event: &Event<'_>, place: Position) -> Result<(), Error> {
        match event {
            Event::Scalar(text, ..) => self.scalar(text, place),
            Event::Alias(_) => self.scalar("*", place),
            Event::MappingStart(..) => self.enter(Frame::Mapping { key: None }, place),
            Event::SequenceStart(..) => self.enter(Frame::Sequence { next: 0 }, place),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
                self.value_done();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn scalar(&mut self, text: &str, place: Position) -> Result<(), Error> {
        if let Some(Frame::Mapping { key: key @ None }) = self.open.last_mut() {
            *key = Some(text.to_owned());
            self.path.push(text.to_owned());
            return match self.by_path.insert(self.path.clone(), place) {
                None => Ok(()),
                Some(first) => {
                    let message = format!("`{text}` is given twice, first in line {}", first.line);
                    Err(Error::new(message).at(Some(place)))
                }
            };
        }
        self.start_item(place);
        self.value_done();
        Ok(())
    }

    fn enter(&mut self, frame: Frame, place: Position) -> Result<(), Error> {
        if let Some(Frame::Mapping { key: None }) = self.open.last() {
            return Err(Error::new("a key must be a plain word").at(Some(place)));
        }
        self.start_item(place);
        self.open.push(frame);
        Ok(())
    }

    fn start_item(&mut self, place: Position) {
        if let Some(Frame::Sequence { next }) = self.open.last_mut() {
            self.path.push(next.to_string());
            *next += 1;
            self.by_path.insert(self.path.clone(), place);
        }
    }

    /// After a value the path is that of the collection it stands in.
    fn value_done(&mut self) {
        match self.open.last_mut() {
            Some(Frame::Mapping { key }) => *key = None,
            Some(Frame::Sequence { .. }) => {}
            None => return,
        }
        self.path.pop();
    }
}
