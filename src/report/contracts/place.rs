//! Lines and columns of places, of which there may be hundreds of thousands.

use std::cell::Cell;

use crate::model::source::{FileId, Position, Site, Sources, Span};
use crate::report::{Places, clean};

/// Finds places. Elements are asked for in about the order of the text, so that a column is counted on
/// from the one before: a minified document is one line.
pub(super) struct Finder<'a> {
    places: &'a Places<'a>,
    before: Cell<Option<(FileId, u32, Position)>>,
}

/// Where an element is: its file, and the lines and columns of its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found<'a> {
    pub(super) path: &'a str,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl<'a> Finder<'a> {
    pub(super) const fn new(places: &'a Places<'a>) -> Self {
        Self { places, before: Cell::new(None) }
    }

    pub(super) const fn sources(&self) -> &'a Sources {
        self.places.sources()
    }

    /// The place of a site. A pointer is found if the places know it.
    pub(super) fn site(&self, site: &Site) -> Found<'a> {
        match site {
            Site::Span(span) => self.span(*span),
            Site::Pointer { .. } => {
                let place = self.places.get(site);
                Found { path: self.places.path(site), start: place.start, end: place.end }
            }
        }
    }

    pub(super) fn span(&self, span: Span) -> Found<'a> {
        let start = self.position(span.file, span.start);
        Found { path: &self.sources().get(span.file).path, start, end: self.position(span.file, span.end) }
    }

    /// `path:line:col`
    pub(super) fn name(&self, site: &Site) -> String {
        let found = self.site(site);
        format!("{}:{}:{}", clean(found.path), found.start.line, found.start.column)
    }

    fn position(&self, file: FileId, at: u32) -> Position {
        let source = self.sources().get(file);
        let starts = source.line_starts();
        let line = starts.partition_point(|start| *start <= at).max(1);
        let position = match self.before.get() {
            Some((same, from, known)) if same == file && known.line as usize == line => {
                let between = characters(&source.text, from.min(at), from.max(at));
                let column = if at < from {
                    known.column.saturating_sub(between).max(1)
                } else {
                    known.column.saturating_add(between)
                };
                Position { line: known.line, column }
            }
            _ => source.position(at),
        };
        self.before.set(Some((file, at, position)));
        position
    }
}

/// Characters that start in the bytes `from..to`; what lies behind the end has none.
fn characters(text: &str, from: u32, to: u32) -> u32 {
    let to = (to as usize).min(text.len());
    let bytes = text.as_bytes().get(from as usize..to).unwrap_or_default();
    u32::try_from(bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, Revision, SourceFile};
    use crate::report::sample::spans;

    #[test]
    fn positions_do_not_depend_on_what_was_asked_before() {
        let mut sources = Sources::default();
        let text = "añb\n𝒳 = {é: 1}, ü\nend";
        let file = sources.push(SourceFile::new("a.proto", Revision::Head, FileKind::Proto, text));
        let places = Places::resolve(&sources, [], spans);
        let finder = Finder::new(&places);
        let length = u32::try_from(text.len()).unwrap();
        for at in (0..length + 3).chain((0..length + 3).rev()).chain([9, 2, 12, 5, 7, 0, 20]) {
            let expected = sources.get(file).position(at);
            assert_eq!(finder.position(file, at), expected, "{at}");
        }
    }

    #[test]
    fn many_places_on_one_long_line_are_found_in_linear_time() {
        let mut sources = Sources::default();
        let file = sources.push(SourceFile::new("a.proto", Revision::Head, FileKind::Proto, "x".repeat(1 << 21)));
        let places = Places::resolve(&sources, [], spans);
        let finder = Finder::new(&places);
        let started = std::time::Instant::now();
        for at in (0..1 << 21).step_by(40) {
            assert_eq!(finder.span(Span::new(file, at, at + 4)).start.column, at + 1);
        }
        assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
    }
}
