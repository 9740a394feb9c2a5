//! Places of a report, resolved together: JSON pointers by the function that is given, lines and
//! columns in one pass over each file.

use std::collections::BTreeMap;

use crate::model::source::{FileId, Position, Revision, Site, Sources, Span};

/// Where something is, for people and for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The bytes.
    pub span: Span,
    /// Line and column of the first character.
    pub start: Position,
    /// Line and column behind the last character.
    pub end: Position,
}

/// The places of a report.
#[derive(Debug)]
pub struct Places<'a> {
    sources: &'a Sources,
    by_site: BTreeMap<Site, Place>,
}

/// A span without white space at its end: the head of a loop ends where its body begins, lines below.
fn trimmed(sources: &Sources, span: Span) -> Span {
    let text = sources.text(span);
    let kept = text.trim_end().len();
    let cut = u32::try_from(text.len() - kept).unwrap_or(0);
    if kept == 0 { span } else { Span { end: span.end - cut, ..span } }
}

impl<'a> Places<'a> {
    /// Resolves `sites`. `locate` gives the byte range of each, in their order.
    #[must_use]
    pub fn resolve<'s>(
        sources: &'a Sources,
        sites: impl IntoIterator<Item = &'s Site>,
        locate: impl FnOnce(&Sources, &[Site]) -> Vec<Span>,
    ) -> Self {
        let mut sites: Vec<Site> = sites.into_iter().cloned().collect();
        sites.sort();
        sites.dedup();
        let spans: Vec<Span> = locate(sources, &sites).into_iter().map(|span| trimmed(sources, span)).collect();
        let positions = positions(sources, &spans);
        let place = |span: Span| Place {
            span,
            start: positions.get(&(span.file, span.start)).copied().unwrap_or(TOP),
            end: positions.get(&(span.file, span.end)).copied().unwrap_or(TOP),
        };
        let by_site = sites.into_iter().zip(spans).map(|(site, span)| (site, place(span))).collect();
        Self { sources, by_site }
    }

    /// Where a site is. One that was not resolved before is found by its span; a pointer then is the
    /// top of its file.
    #[must_use]
    pub fn get(&self, site: &Site) -> Place {
        if let Some(place) = self.by_site.get(site) {
            return *place;
        }
        let span = match site {
            Site::Span(span) => *span,
            Site::Pointer { file, .. } => Span::new(*file, 0, 0),
        };
        let file = self.sources.get(span.file);
        Place { span, start: file.position(span.start), end: file.position(span.end) }
    }

    /// The files.
    #[must_use]
    pub const fn sources(&self) -> &'a Sources {
        self.sources
    }

    /// The path of a site's file.
    #[must_use]
    pub fn path(&self, site: &Site) -> &'a str {
        self.sources.get(site.file()).shown()
    }

    /// Whether a site lies in the Base.
    #[must_use]
    pub fn in_base(&self, site: &Site) -> bool {
        self.sources.get(site.file()).revision == Revision::Base
    }

    /// `path:line:col`. A path that begins with a colon gets `./`: at the start of a line `::` begins a
    /// command to the runner of GitHub Actions.
    #[must_use]
    pub fn name(&self, site: &Site) -> String {
        let start = self.get(site).start;
        let path = super::clean(self.path(site));
        let here = if path.trim_start().starts_with(':') { "./" } else { "" };
        format!("{here}{path}:{}:{}", start.line, start.column)
    }
}

const TOP: Position = Position { line: 1, column: 1 };

/// Lines and columns of the ends of all spans. Columns of one line are counted on from each other,
/// because a minified document is one line with thousands of places.
fn positions(sources: &Sources, spans: &[Span]) -> BTreeMap<(FileId, u32), Position> {
    let ends = spans.iter().flat_map(|span| [(span.file, span.start), (span.file, span.end)]);
    let mut positions: BTreeMap<(FileId, u32), Position> = ends.map(|end| (end, TOP)).collect();
    let mut before: Option<(FileId, u32, Position)> = None;
    for ((id, at), position) in &mut positions {
        let file = sources.get(*id);
        let line = file.line_starts().partition_point(|start| start <= at).max(1);
        *position = match before {
            Some((same, from, known)) if same == *id && known.line as usize == line => {
                Position { line: known.line, column: known.column.saturating_add(characters(&file.text, from, *at)) }
            }
            _ => file.position(*at),
        };
        before = Some((*id, *at, *position));
    }
    positions
}

/// Characters that start in the bytes `from..to`.
fn characters(text: &str, from: u32, to: u32) -> u32 {
    let to = (to as usize).min(text.len());
    let bytes = text.as_bytes().get(from as usize..to).unwrap_or_default();
    u32::try_from(bytes.iter().filter(|byte| (**byte & 0xC0) != 0x80).count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, SourceFile};

    fn spans_of(_: &Sources, sites: &[Site]) -> Vec<Span> {
        let span = |site: &Site| match site {
            Site::Span(span) => *span,
            Site::Pointer { file, .. } => Span::new(*file, 4, 5),
        };
        sites.iter().map(span).collect()
    }

    #[test]
    fn counted_on_positions_are_those_counted_from_the_line_start() {
        let mut sources = Sources::default();
        let text = "añb\n𝒳 = {é: 1}, ü\nend";
        let file = sources.push(SourceFile::new("a.yaml", Revision::Head, FileKind::Yaml, text));
        let length = u32::try_from(text.len()).unwrap();
        let sites: Vec<Site> =
            (0..=length + 2).map(|at| Site::Span(Span::new(file, at, (at + 3).min(length)))).collect();
        let places = Places::resolve(&sources, &sites, spans_of);
        for site in &sites {
            let place = places.get(site);
            assert_eq!(place.start, sources.get(file).position(place.span.start), "{site:?}");
            assert_eq!(place.end, sources.get(file).position(place.span.end), "{site:?}");
        }
    }

    #[test]
    fn a_pointer_is_where_the_resolver_says() {
        let mut sources = Sources::default();
        let file = sources.push(SourceFile::new("a.yaml", Revision::Head, FileKind::Yaml, "ab:\n  cd: 1\n"));
        let site = Site::Pointer { file, pointer: "/ab/cd".into() };
        let places = Places::resolve(&sources, [&site], spans_of);
        assert_eq!(places.name(&site), "a.yaml:2:1");
    }

    #[test]
    fn the_name_of_a_file_is_no_command_to_the_runner() {
        let mut sources = Sources::default();
        let file = sources.push(SourceFile::new("::add-mask::x.yaml", Revision::Head, FileKind::Yaml, "a"));
        let places = Places::resolve(&sources, [], spans_of);
        assert_eq!(places.name(&Site::Span(Span::new(file, 0, 1))), "./::add-mask::x.yaml:1:1");
    }

    #[test]
    fn many_places_on_one_long_line_are_found_in_linear_time() {
        let mut sources = Sources::default();
        let text = "x".repeat(1 << 20);
        let file = sources.push(SourceFile::new("a.json", Revision::Head, FileKind::Json, text));
        let sites: Vec<Site> = (0..20_000).map(|at| Site::Span(Span::new(file, at * 50, at * 50 + 4))).collect();
        let started = std::time::Instant::now();
        let places = Places::resolve(&sources, &sites, spans_of);
        assert_eq!(places.get(&sites[19_999]).start.column, 999_951);
        // Counting each from the start of its line is 10 GB of bytes, many seconds unoptimised.
        assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
    }
}
