//! `contract-lint: ignore[rule] reason`, in a comment of any language, on the line of a finding or
//! on a line of its own above it.

use std::collections::BTreeMap;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Revision, Site, SourceFile, Sources, Span};

use super::document;
use super::rule::Rule;

const MARK: &str = "contract-lint: ignore";

/// What opens a comment in the languages that code, contracts and configuration are written in.
const OPENERS: &[&str] = &["//", "///", "//!", "#", "/*", "/**", "*", "<!--", "--", ";", "%"];

/// What closes one.
const CLOSERS: &[&str] = &["*/", "-->"];

/// A comment that silences one rule at one line.
#[derive(Debug)]
struct Ignore {
    span: Span,
    rule: String,
    /// Ids of the rules it speaks of: one, or all that share the alias.
    ids: Vec<&'static str>,
    has_reason: bool,
    in_test: bool,
    used: bool,
}

/// Every such comment of Head, by file and by the line it speaks of.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    at: BTreeMap<(FileId, u32), Vec<Ignore>>,
}

impl Ignores {
    /// Finds them in all files of Head that somebody here writes.
    pub(super) fn read(sources: &Sources, rules: &[&Rule]) -> Self {
        let mut ignores = Self::default();
        let mut names: Option<BTreeMap<String, Vec<&'static str>>> = None;
        for (id, file) in sources.iter() {
            let foreign = file.provenance.generated || file.provenance.vendored;
            if file.revision == Revision::Head && !foreign && file.text.contains(MARK) {
                let names = names.get_or_insert_with(|| known_names(rules));
                ignores.read_file(id, file, names);
            }
        }
        ignores
    }

    fn read_file(&mut self, id: FileId, file: &SourceFile, names: &BTreeMap<String, Vec<&'static str>>) {
        // Comments that stand alone speak of the next line that is not one of them.
        let mut waiting: Vec<Ignore> = Vec::new();
        for (line, (start, text)) in (1..).zip(lines(&file.text)) {
            let Some(comment) = Comment::parse(text) else {
                if !waiting.is_empty() {
                    self.at.entry((id, line)).or_default().append(&mut waiting);
                }
                continue;
            };
            let span = Span::new(id, start + comment.start, start + comment.end);
            let found = comment.rules.into_iter().map(|rule| Ignore {
                span,
                ids: names.get(&rule).cloned().unwrap_or_default(),
                rule,
                has_reason: comment.has_reason,
                in_test: file.provenance.test,
                used: false,
            });
            if comment.alone {
                waiting.extend(found);
            } else {
                self.at.entry((id, line)).or_default().extend(found);
            }
        }
        if !waiting.is_empty() {
            self.at.entry((id, u32::MAX)).or_default().append(&mut waiting);
        }
    }

    /// Whether a comment silences `rule` at `span`. One without a reason silences nothing.
    pub(super) fn silence(&mut self, sources: &Sources, rule: &str, span: Span) -> bool {
        if self.at.is_empty() {
            return false;
        }
        let line = sources.start(span).line;
        let Some(here) = self.at.get_mut(&(span.file, line)) else { return false };
        let Some(ignore) = here.iter_mut().find(|ignore| ignore.ids.contains(&rule)) else { return false };
        ignore.used = true;
        ignore.has_reason
    }

    /// Comments without a reason, of rules that do not exist, or that silence nothing. A rule that
    /// is switched off, and test code that is not looked at, would silence something another time.
    pub(super) fn notes(&self, on: &[&Rule], include_tests: bool) -> Vec<Problem> {
        let mut notes: Vec<Problem> = self
            .at
            .values()
            .flatten()
            .filter_map(|ignore| {
                let rule = &ignore.rule;
                let message = if ignore.ids.is_empty() {
                    format!("`ignore[{rule}]`: there is no such rule")
                } else if !ignore.has_reason {
                    format!("`ignore[{rule}]` says no reason, so it silences nothing")
                } else if ignore.used || (ignore.in_test && !include_tests) {
                    return None;
                } else if on.iter().any(|rule| ignore.ids.contains(&rule.id)) {
                    format!("`ignore[{rule}]` silences nothing any more")
                } else {
                    return None;
                };
                Some(Problem::at(ProblemKind::Note, Site::Span(ignore.span), message))
            })
            .collect();
        notes.sort();
        notes
    }
}

/// Ids and aliases.
fn known_names(rules: &[&Rule]) -> BTreeMap<String, Vec<&'static str>> {
    let mut names: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for rule in rules {
        for alias in document::aliases(rule.doc) {
            names.entry(alias).or_default().push(rule.id);
        }
    }
    // An id means its rule alone, whatever else is called so elsewhere.
    names.extend(rules.iter().map(|rule| (rule.id.to_owned(), vec![rule.id])));
    names
}

/// Lines with the byte offset of their start.
fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut at = 0_u32;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        (start, line)
    })
}

/// The comment of one line.
struct Comment {
    rules: Vec<String>,
    has_reason: bool,
    /// Nothing else stands on the line.
    alone: bool,
    /// Bytes from the start of the line.
    start: u32,
    end: u32,
}

impl Comment {
    fn parse(line: &str) -> Option<Self> {
        let (before, behind) = line.split_once(MARK)?;
        let before = before.trim_end();
        let opener = OPENERS.iter().filter(|opener| before.ends_with(**opener)).max_by_key(|opener| opener.len())?;
        let (rules, reason) = behind.strip_prefix('[')?.split_once(']')?;
        let mut reason = reason.trim();
        for closer in CLOSERS {
            reason = reason.strip_suffix(closer).unwrap_or(reason).trim_end();
        }
        let start = u32::try_from(before.len() - opener.len()).ok()?;
        Some(Self {
            rules: rules.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect(),
            has_reason: reason.chars().any(char::is_alphanumeric),
            alone: before.trim_start().len() == opener.len(),
            start,
            end: u32::try_from(line.trim_end().len()).ok()?.max(start),
        })
    }
}
