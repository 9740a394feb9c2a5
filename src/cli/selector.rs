//! What a person writes to name a part of a contract, or a place in the code.

use std::collections::{BTreeMap, BTreeSet};

use super::elements::{Element, Elements};
use super::failure::Failure;
use super::suggest::did_you_mean;
use crate::model::analysis::Analysis;
use crate::model::source::Revision;
use crate::report::uses::Section;

/// The sections of an answer to a selector; a wrong one is refused, with what was probably meant.
pub(super) fn select<'a>(analysis: &'a Analysis, selector: &str) -> Result<Vec<Section<'a>>, Failure> {
    let elements = Elements::new(analysis);
    if let Some((path, line)) = code_place(selector) {
        return at_place(analysis, &elements, path, line);
    }
    let found =
        if selector.contains('*') { matching(analysis, &elements, selector) } else { named(&elements, selector) };
    if found.is_empty() {
        return Err(unknown(analysis, &elements, selector));
    }
    Ok(found.into_iter().map(|(name, element)| elements.section(element, name)).collect())
}

/// The sections of every field of a class.
pub(super) fn sensitive<'a>(analysis: &'a Analysis, class: &str) -> Result<Vec<Section<'a>>, Failure> {
    let elements = Elements::new(analysis);
    let found = elements.sensitive(class);
    if !found.is_empty() {
        return Ok(found.into_iter().map(|(name, element)| elements.section(element, name)).collect());
    }
    let classes: Vec<&str> = elements.classes().into_iter().collect();
    let help = match classes.as_slice() {
        [] => "no field of any contract here is marked as sensitive".to_owned(),
        known => {
            did_you_mean(class, known.iter().copied()).unwrap_or_else(|| format!("known are {}", known.join(", ")))
        }
    };
    Err(Failure::with_help(format!("no field is marked as `{class}`"), Some(help)))
}

/// A name in full, or without its front: `Profile.birthdate` for `profile.v1.Profile.birthdate`.
fn named(elements: &Elements<'_>, selector: &str) -> BTreeSet<(String, Element)> {
    if let Some((key, way)) = selector.split_once('#') {
        return elements.walk(key, way).into_iter().map(|element| (selector.to_owned(), element)).collect();
    }
    let all = |name: &String, found: &BTreeSet<Element>| -> Vec<(String, Element)> {
        found.iter().map(|element| (name.clone(), *element)).collect()
    };
    if let Some(found) = elements.names.get(selector) {
        return all(&selector.to_owned(), found).into_iter().collect();
    }
    let tail = format!(".{selector}");
    let names = elements.names.iter().filter(|(name, _)| name.ends_with(&tail));
    names.flat_map(|(name, found)| all(name, found)).collect()
}

/// Names that a pattern with `*` matches. One with `#` is about fields of single operations, of which
/// the map knows those that are used.
fn matching(analysis: &Analysis, elements: &Elements<'_>, pattern: &str) -> BTreeSet<(String, Element)> {
    if pattern.contains('#') {
        let used = analysis.map.edges.iter().filter_map(|edge| elements.of_edge(edge));
        return used.filter(|(name, _)| wildcard(pattern, name)).collect();
    }
    let names = elements.names.iter().filter(|(name, _)| wildcard(pattern, name));
    names.flat_map(|(name, found)| found.iter().map(|element| (name.clone(), *element))).collect()
}

/// Whether `*`, any run of characters, makes the pattern the text. Braces and brackets, which other
/// globs give a meaning, are plain text: they stand in path templates.
pub(super) fn wildcard(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

/// `src/lib.rs:3`, also with a column.
fn code_place(selector: &str) -> Option<(&str, u32)> {
    let (path, last) = selector.rsplit_once(':')?;
    let number: u32 = last.parse().ok()?;
    match path.rsplit_once(':').and_then(|(path, line)| Some((path, line.parse().ok()?))) {
        Some((path, line)) => Some((path, line)),
        None => Some((path, number)),
    }
}

/// What is used on one line of the code.
fn at_place<'a>(
    analysis: &'a Analysis,
    elements: &Elements<'a>,
    path: &str,
    line: u32,
) -> Result<Vec<Section<'a>>, Failure> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let heads = || analysis.sources.iter().filter(|(_, file)| file.revision == Revision::Head);
    let is_meant = |known: &str| {
        known.strip_suffix(path).is_some_and(|front| front.is_empty() || front.ends_with('/')) && !path.is_empty()
    };
    let files: BTreeSet<_> = heads().filter(|(_, file)| is_meant(&file.path)).map(|(id, _)| id).collect();
    if files.is_empty() {
        let help = did_you_mean(path, heads().map(|(_, file)| file.path.as_str()));
        return Err(Failure::with_help(format!("there is no file `{path}` among those read"), help));
    }
    let mut sections: BTreeMap<String, Section<'a>> = BTreeMap::new();
    for edge in &analysis.map.edges {
        let span = edge.location.span;
        if !files.contains(&span.file) || analysis.sources.start(span).line != line {
            continue;
        }
        let Some((name, element)) = elements.of_edge(edge) else { continue };
        let section = sections.entry(name.clone()).or_insert_with(|| {
            let mut section = elements.section(element, name);
            section.edges.clear();
            section
        });
        section.edges.push(edge);
    }
    if sections.is_empty() {
        let help = used_lines(analysis, &files);
        return Err(Failure::with_help(format!("nothing of a contract is used at {path}:{line}"), help));
    }
    Ok(sections.into_values().collect())
}

/// "contracts are used on lines 3, 7, 12".
fn used_lines(analysis: &Analysis, files: &BTreeSet<crate::model::source::FileId>) -> Option<String> {
    let edges = analysis.map.edges.iter().filter(|edge| files.contains(&edge.location.span.file));
    let lines: BTreeSet<u32> = edges.map(|edge| analysis.sources.start(edge.location.span).line).collect();
    let named: Vec<String> = lines.iter().take(10).map(u32::to_string).collect();
    (!named.is_empty()).then(|| format!("contracts are used there on lines {}", named.join(", ")))
}

fn unknown(analysis: &Analysis, elements: &Elements<'_>, selector: &str) -> Failure {
    let paths = analysis.map.edges.iter().filter_map(|edge| edge.field_path.as_deref());
    // Without the front of a name too: `Profil.birthdate` is meant for `profile.v1.Profile.birthdate`.
    let names = elements.names.keys().map(String::as_str);
    let known: BTreeSet<&str> = names.flat_map(with_tails).chain(paths).collect();
    let help = did_you_mean(selector, known);
    let what = if selector.contains('*') { "nothing matches" } else { "no contract here has" };
    Failure::with_help(format!("{what} `{selector}`"), help)
}

/// A name, and its last two segments.
fn with_tails(name: &str) -> impl Iterator<Item = &str> {
    let tail = name.rmatch_indices('.').nth(1).and_then(|(at, _)| name.get(at + 1..));
    std::iter::once(name).chain(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::Sample;

    fn elements(sections: &[Section<'_>]) -> Vec<(String, usize)> {
        sections.iter().map(|section| (section.element.clone(), section.edges.len())).collect()
    }

    #[test]
    fn every_kind_of_selector_finds_its_uses() {
        let sample = Sample::broken();
        for (selector, element, edges) in [
            ("GET /profiles/{id}", "GET /profiles/{id}", 1),
            ("Profile.id", "Profile.id", 1),
            ("GET /profiles/{id}#200.id", "GET /profiles/{id}#200.id", 1),
            ("*.id", "Profile.id", 1),
            ("GET /profiles/{id}#*", "GET /profiles/{id}#200.id", 1),
            ("age/src/lib.rs:2", "GET /profiles/{id}#200.id", 1),
            ("lib.rs:3:5", "GET /profiles/{id}", 1),
        ] {
            let found = select(&sample.analysis, selector).unwrap_or_else(|failure| panic!("{selector}: {failure:?}"));
            assert_eq!(elements(&found), [(element.to_owned(), edges)], "{selector}");
        }
    }

    #[test]
    fn a_wrong_selector_is_refused_with_what_was_meant() {
        let sample = Sample::broken();
        for (selector, meant) in [
            ("Profil.id", Some("`Profile.id`")),
            ("GET /profile/{id}", Some("`GET /profiles/{id}`")),
            ("GET /profiles/{id}#200.ids", Some("`GET /profiles/{id}#200.id`")),
            ("age/src/lid.rs:2", Some("`age/src/lib.rs`")),
            ("*.nothing", None),
            ("", None),
            (":3", None),
            ("#", None),
        ] {
            let Err(Failure::Usage { help, .. }) = select(&sample.analysis, selector) else {
                panic!("{selector} is taken");
            };
            match meant {
                Some(meant) => assert!(help.as_ref().is_some_and(|it| it.contains(meant)), "{selector}: {help:?}"),
                None => assert_eq!(help, None, "{selector}"),
            }
        }
    }

    #[test]
    fn a_message_that_is_passed_on_whole_is_an_unknown_use_of_its_fields() {
        let mut sample = Sample::broken();
        let edge = &mut sample.analysis.map.edges[0];
        edge.kind = crate::model::map::EdgeKind::Access(crate::model::usage::AccessKind::Whole);
        (edge.field, edge.field_path) = (None, None);
        assert_eq!(elements(&select(&sample.analysis, "Profile.id").unwrap()), [("Profile.id".to_owned(), 1)]);
    }

    #[test]
    fn sensitive_fields_are_selected_by_class() {
        let mut sample = Sample::broken();
        sample.analysis.head = sample.analysis.base.take().unwrap();
        assert_eq!(elements(&sensitive(&sample.analysis, "pii").unwrap()), [("Profile.birthdate".to_owned(), 0)]);
        let Err(Failure::Usage { help, .. }) = sensitive(&sample.analysis, "pij") else { panic!("taken") };
        assert_eq!(help.as_deref(), Some("did you mean `pii`?"));
    }

    #[test]
    fn a_star_is_any_run_and_braces_are_text() {
        assert!(wildcard("*.birthdate", "a.b.birthdate") && wildcard("a*c*", "abcd") && wildcard("*", ""));
        assert!(wildcard("GET /p/{id}#*", "GET /p/{id}#200.x"));
        assert!(!wildcard("*.b", "a.bc") && !wildcard("a*a", "a") && !wildcard("a*b*a", "aba b"));
    }
}
