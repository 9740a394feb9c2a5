//! JSON pointers into byte ranges, only for the few places that are shown.
//!
//! A loaded contract names its places by pointers. A finding that points into one has its file read
//! once more here, for all pointers into it; the tree of a text knows where everything is written.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::document::{self, pointer};
use crate::model::source::{FileId, Site, SourceFile, Sources, Span};

/// The byte range of a place: of a member its key as written, of an item of a list its first token,
/// of a whole document its first token. What does not exist is where its nearest ancestor is.
#[must_use]
pub fn locate(sources: &Sources, site: &Site) -> Span {
    match site {
        Site::Span(span) => *span,
        Site::Pointer { file, pointer } => {
            let found = in_file(sources.get(*file), std::iter::once(&**pointer));
            let (start, end) = found.first().copied().unwrap_or_default();
            Span::new(*file, start, end)
        }
    }
}

/// The byte ranges of many places, in their order. Each file is read once.
#[must_use]
pub fn locate_all(sources: &Sources, sites: &[Site]) -> Vec<Span> {
    let mut spans: Vec<Span> = sites.iter().map(|site| Span::new(site.file(), 0, 0)).collect();
    let mut by_file: BTreeMap<FileId, Vec<(usize, &str)>> = BTreeMap::new();
    for (at, (site, span)) in sites.iter().zip(&mut spans).enumerate() {
        match site {
            Site::Span(known) => *span = *known,
            Site::Pointer { file, pointer } => by_file.entry(*file).or_default().push((at, &**pointer)),
        }
    }
    let found: Vec<Vec<(u32, u32)>> = by_file
        .par_iter()
        .map(|(file, wanted)| in_file(sources.get(*file), wanted.iter().map(|(_, pointer)| *pointer)))
        .collect();
    for ((file, wanted), found) in by_file.into_iter().zip(found) {
        for ((at, _), (start, end)) in wanted.into_iter().zip(found) {
            if let Some(span) = spans.get_mut(at) {
                *span = Span::new(file, start, end);
            }
        }
    }
    spans
}

/// Start and end of each pointer in one file.
fn in_file<'p>(file: &SourceFile, pointers: impl Iterator<Item = &'p str>) -> Vec<(u32, u32)> {
    let (tree, _) = document::read(&file.text, file.kind);
    let place = |pointer| {
        let (number, _) = pointer::split(pointer);
        let mut at = tree.roots().get(number).copied().unwrap_or(tree.first());
        for token in pointer::tokens(pointer) {
            match tree.step(at, &token) {
                Some(next) => at = next,
                None => break,
            }
        }
        let place = tree.place(at);
        (place.start, place.end)
    };
    pointers.map(place).collect()
}
