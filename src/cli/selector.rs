//! What a person writes to name a part of a contract, or a place in the code.

use std::collections::{BTreeMap, BTreeSet};

use super::elements::{Element, Elements};
use super::failure::Failure;
use super::narrow::services;
use super::suggest::did_you_mean;
use crate::model::analysis::Analysis;
use crate::model::map::Edge;
use crate::model::source::{FileId, Revision};
use crate::report::uses::Section;
use crate::report::view::is_test;

/// What a person asks for, and whether test code counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'s> {
    /// The selector.
    pub(super) selector: &'s str,
    /// Test code counts.
    pub(super) tests: bool,
}

/// The sections of an answer to a selector; a wrong one is refused, with what was probably meant.
///
/// What contracts call something comes first, then files, then consumers; `consumer:NAME` says which.
pub(super) fn select<'a>(analysis: &'a Analysis, asked: Asked<'_>) -> Result<Vec<Section<'a>>, Failure> {
    let Asked { selector, tests } = asked;
    let elements = Elements::new(analysis, tests);
    if let Some(name) = selector.strip_prefix("consumer:") {
        let services = services(analysis, "consumer", name)?;
        let of_services = |edge: &Edge| edge.location.service.is_some_and(|id| services.contains(&id));
        return Ok(used_by(analysis, &elements, tests, of_services));
    }
    if let Some((path, line)) = code_place(selector) {
        return at_place(analysis, &elements, tests, path, Some(line));
    }
    let found =
        if selector.contains('*') { matching(analysis, &elements, selector) } else { named(&elements, selector) };
    if !found.is_empty() {
        return Ok(found.into_iter().map(|(name, element)| elements.section(element, name)).collect());
    }
    if !files(analysis, selector).is_empty() {
        return at_place(analysis, &elements, tests, selector, None);
    }
    match services(analysis, "consumer", selector) {
        Ok(services) => {
            let of_services = |edge: &Edge| edge.location.service.is_some_and(|id| services.contains(&id));
            Ok(used_by(analysis, &elements, tests, of_services))
        }
        Err(_) => Err(unknown(analysis, &elements, selector)),
    }
}

/// What some edges use, element by element.
fn used_by<'a>(
    analysis: &'a Analysis,
    elements: &Elements<'a>,
    tests: bool,
    keep: impl Fn(&Edge) -> bool,
) -> Vec<Section<'a>> {
    let mut sections: BTreeMap<String, Section<'a>> = BTreeMap::new();
    let shown = |edge: &&Edge| (tests || !is_test(analysis, &edge.location)) && keep(edge);
    for edge in analysis.map.edges.iter().filter(shown) {
        let Some((name, element)) = elements.of_edge(edge) else { continue };
        let section = sections.entry(name.clone()).or_insert_with(|| {
            let mut section = elements.section(element, name);
            section.edges.clear();
            section
        });
        section.edges.push(edge);
    }
    sections.into_values().collect()
}

/// The sections of every field of a class.
pub(super) fn sensitive<'a>(analysis: &'a Analysis, class: &str, tests: bool) -> Result<Vec<Section<'a>>, Failure> {
    let elements = Elements::new(analysis, tests);
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

/// A name in full, or without its front: `Profile.birthdate` for `profile.v1.Profile.birthdate`. The most
/// exact reading that finds something holds.
fn named(elements: &Elements<'_>, selector: &str) -> BTreeSet<(String, Element)> {
    if let Some((key, way)) = selector.split_once('#') {
        return elements.walk(key, way).into_iter().map(|element| (selector.to_owned(), element)).collect();
    }
    if selector.is_empty() {
        return BTreeSet::new();
    }
    let readings: [&dyn Fn() -> BTreeSet<(String, Element)>; 6] = [
        &|| fitting(&elements.names, |name| name == selector),
        &|| {
            fitting(&elements.aliases, |name| name == selector).into_iter().map(|(_, it)| shown(elements, it)).collect()
        },
        &|| message(elements, selector),
        &|| elements.on_path(selector),
        &|| fitting(&elements.names, |name| is_tail(name, selector)),
        &|| inner_field(elements, selector),
    ];
    readings.iter().map(|reading| reading()).find(|found| !found.is_empty()).unwrap_or_default()
}

fn fitting(names: &BTreeMap<String, BTreeSet<Element>>, fits: impl Fn(&str) -> bool) -> BTreeSet<(String, Element)> {
    let found = names.iter().filter(|(name, _)| fits(name));
    found.flat_map(|(name, all)| all.iter().map(|element| (name.clone(), *element))).collect()
}

/// An element under its name in output.
fn shown(elements: &Elements<'_>, element: Element) -> (String, Element) {
    let known = elements.names.iter().find(|(_, all)| all.contains(&element));
    (known.map_or_else(String::new, |(name, _)| name.clone()), element)
}

fn is_tail(name: &str, selector: &str) -> bool {
    name.strip_suffix(selector).is_some_and(|front| front.ends_with('.'))
}

/// All fields of a message.
fn message(elements: &Elements<'_>, selector: &str) -> BTreeSet<(String, Element)> {
    let fits = |fits: &dyn Fn(&str) -> bool| -> BTreeSet<(String, Element)> {
        let found = elements.messages.iter().filter(|(name, _)| fits(name)).flat_map(|(_, ids)| ids);
        found.flat_map(|id| elements.fields_of(*id)).collect()
    };
    let exact = fits(&|name| name == selector);
    if exact.is_empty() { fits(&|name| is_tail(name, selector)) } else { exact }
}

/// `Profile.address.city`: a message, and a way from it.
fn inner_field(elements: &Elements<'_>, selector: &str) -> BTreeSet<(String, Element)> {
    let splits =
        selector.rmatch_indices('.').filter_map(|(at, _)| Some((selector.get(..at)?, selector.get(at + 1..)?)));
    let found = splits.map(|(name, way)| elements.walk_message(name, way)).find(|found| !found.is_empty());
    let named = found.into_iter().flatten().filter_map(|field| Some((elements.name_of(field)?, Element::Field(field))));
    named.collect()
}

/// Names that a pattern with `*` matches. One with `#` is about fields of single operations, of which
/// the map knows those that are used.
fn matching(analysis: &Analysis, elements: &Elements<'_>, pattern: &str) -> BTreeSet<(String, Element)> {
    if pattern.contains('#') {
        let used = analysis.map.edges.iter().filter_map(|edge| elements.of_edge(edge));
        return used.filter(|(name, _)| wildcard(pattern, name)).collect();
    }
    let found = fitting(&elements.names, |name| wildcard(pattern, name));
    if !found.is_empty() {
        return found;
    }
    fitting(&elements.aliases, |name| wildcard(pattern, name)).into_iter().map(|(_, it)| shown(elements, it)).collect()
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

/// The files of Head that a path, or the end of one, means.
fn files(analysis: &Analysis, path: &str) -> BTreeSet<FileId> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let is_meant = |known: &str| {
        known.strip_suffix(path).is_some_and(|front| front.is_empty() || front.ends_with('/')) && !path.is_empty()
    };
    let heads = analysis.sources.iter().filter(|(_, file)| file.revision == Revision::Head);
    heads.filter(|(_, file)| is_meant(&file.path)).map(|(id, _)| id).collect()
}

/// What is used in a file, or on one line of it.
fn at_place<'a>(
    analysis: &'a Analysis,
    elements: &Elements<'a>,
    tests: bool,
    path: &str,
    line: Option<u32>,
) -> Result<Vec<Section<'a>>, Failure> {
    let files = files(analysis, path);
    if files.is_empty() {
        let heads = analysis.sources.iter().filter(|(_, file)| file.revision == Revision::Head);
        let help = did_you_mean(path, heads.map(|(_, file)| file.path.as_str()));
        return Err(Failure::with_help(format!("there is no file `{path}` among those read"), help));
    }
    let is_there = |edge: &Edge| {
        let span = edge.location.span;
        files.contains(&span.file) && line.is_none_or(|line| analysis.sources.start(span).line == line)
    };
    let sections = used_by(analysis, elements, tests, is_there);
    if sections.is_empty() {
        let help = used_lines(analysis, &files);
        let place = line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
        return Err(Failure::with_help(format!("nothing of a contract is used at {place}"), help));
    }
    Ok(sections)
}

/// "contracts are used on lines 3, 7, 12".
fn used_lines(analysis: &Analysis, files: &BTreeSet<FileId>) -> Option<String> {
    let edges = analysis.map.edges.iter().filter(|edge| files.contains(&edge.location.span.file));
    let lines: BTreeSet<u32> = edges.map(|edge| analysis.sources.start(edge.location.span).line).collect();
    let named: Vec<String> = lines.iter().take(10).map(u32::to_string).collect();
    (!named.is_empty()).then(|| format!("contracts are used there on lines {}", named.join(", ")))
}

fn unknown(analysis: &Analysis, elements: &Elements<'_>, selector: &str) -> Failure {
    let paths = analysis.map.edges.iter().filter_map(|edge| edge.field_path.as_deref());
    // Without the front of a name too: `Profil.birthdate` is meant for `profile.v1.Profile.birthdate`.
    let names = elements.names.keys().map(String::as_str);
    let messages = elements.messages.keys().copied();
    let others = elements.aliases.keys().map(String::as_str).chain(messages);
    let services = analysis.workspace.services.iter().map(|service| service.name.as_str());
    let known: BTreeSet<&str> = names.chain(others).flat_map(with_tails).chain(paths).chain(services).collect();
    let help = did_you_mean(selector, known);
    let what = if selector.contains('*') { "nothing matches" } else { "no contract here has" };
    Failure::with_help(format!("{what} `{selector}`"), help)
}

/// A name, and its last one and two segments.
fn with_tails(name: &str) -> impl Iterator<Item = &str> {
    let tails = name.rmatch_indices('.').take(2).filter_map(|(at, _)| name.get(at + 1..));
    std::iter::once(name).chain(tails)
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
            ("getProfile", "GET /profiles/{id}", 1),
            ("get*file", "GET /profiles/{id}", 1),
            ("/profiles/42", "GET /profiles/{id}", 1),
            ("get /profiles/{name}", "GET /profiles/{id}", 1),
            ("Profile", "Profile.id", 1),
        ] {
            let found = select(&sample.analysis, Asked { selector, tests: false })
                .unwrap_or_else(|failure| panic!("{selector}: {failure:?}"));
            assert_eq!(elements(&found), [(element.to_owned(), edges)], "{selector}");
        }
    }

    #[test]
    fn a_file_or_a_consumer_selects_all_that_it_uses() {
        let sample = Sample::broken();
        for selector in ["age", "consumer:age", "consumer:a*", "lib.rs", "./age/src/lib.rs"] {
            let found = select(&sample.analysis, Asked { selector, tests: false });
            let found = found.unwrap_or_else(|failure| panic!("{selector}: {failure:?}"));
            let expected = [("GET /profiles/{id}".to_owned(), 1), ("GET /profiles/{id}#200.id".to_owned(), 1)];
            assert_eq!(elements(&found), expected, "{selector}");
        }
    }

    #[test]
    fn test_code_counts_only_when_it_is_asked_for() {
        let mut sample = Sample::broken();
        for edge in &mut sample.analysis.map.edges {
            edge.location.test = true;
        }
        for (tests, edges) in [(false, 0), (true, 1)] {
            let found = select(&sample.analysis, Asked { selector: "Profile.id", tests }).unwrap();
            assert_eq!(elements(&found), [("Profile.id".to_owned(), edges)]);
        }
    }

    #[test]
    fn a_wrong_selector_is_refused_with_what_was_meant() {
        let sample = Sample::broken();
        for (selector, meant) in [
            ("Profil.id", Some("`Profile.id`")),
            ("Profil", Some("`Profile`")),
            ("getProfil", Some("`getProfile`")),
            ("consumer:aga", Some("`age`")),
            ("GET /profile/{id}", Some("`GET /profiles/{id}`")),
            ("GET /profiles/{id}#200.ids", Some("`GET /profiles/{id}#200.id`")),
            ("age/src/lid.rs:2", Some("`age/src/lib.rs`")),
            ("*.nothing", None),
            ("", None),
            (":3", None),
            ("#", None),
        ] {
            let Err(Failure::Usage { help, .. }) = select(&sample.analysis, Asked { selector, tests: false }) else {
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
        assert_eq!(
            elements(&select(&sample.analysis, Asked { selector: "Profile.id", tests: false }).unwrap()),
            [("Profile.id".to_owned(), 1)]
        );
    }

    #[test]
    fn sensitive_fields_are_selected_by_class() {
        let mut sample = Sample::broken();
        sample.analysis.head = sample.analysis.base.take().unwrap();
        assert_eq!(
            elements(&sensitive(&sample.analysis, "pii", false).unwrap()),
            [("Profile.birthdate".to_owned(), 0)]
        );
        let Err(Failure::Usage { help, .. }) = sensitive(&sample.analysis, "pij", false) else { panic!("taken") };
        assert_eq!(help.as_deref(), Some("did you mean `pii`?"));
    }

    #[test]
    fn a_star_is_any_run_and_braces_are_text() {
        assert!(wildcard("*.birthdate", "a.b.birthdate") && wildcard("a*c*", "abcd") && wildcard("*", ""));
        assert!(wildcard("GET /p/{id}#*", "GET /p/{id}#200.x"));
        assert!(!wildcard("*.b", "a.bc") && !wildcard("a*a", "a") && !wildcard("a*b*a", "aba b"));
    }
}
