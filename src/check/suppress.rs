//! `contract-lint: ignore[rule] reason`, in a comment of any language, on the line of a finding or
//! in the comment right above it. The reason may go on over several lines.

use std::collections::BTreeMap;

use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Revision, Site, SourceFile, Sources, Span};

use super::document;
use super::rule::Rule;

const MARK: &str = "contract-lint:";
const IGNORE: &str = "ignore";

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
    /// Comments that mean to silence something and name no rule.
    nameless: Vec<Span>,
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
        // Comments that stand alone speak of the first line behind the comment they are in.
        let mut waiting: Vec<Ignore> = Vec::new();
        let mut opener = "";
        for (line, (start, text)) in (1..).zip(lines(&file.text)) {
            let comment = Comment::parse(text);
            let is_comment = comment.as_ref().map_or_else(|| goes_on(opener, text), |comment| comment.alone);
            if !waiting.is_empty() && !is_comment {
                self.at.entry((id, line)).or_default().append(&mut waiting);
            }
            let Some(comment) = comment else { continue };
            let span = Span::new(id, start.saturating_add(comment.start), start.saturating_add(comment.end));
            if comment.rules.is_empty() {
                self.nameless.push(span);
            }
            let found = comment.rules.into_iter().map(|rule| Ignore {
                span,
                ids: names.get(&rule).cloned().unwrap_or_default(),
                rule,
                has_reason: comment.has_reason,
                in_test: file.provenance.test,
                used: false,
            });
            if comment.alone {
                opener = comment.opener;
                waiting.extend(found);
            } else {
                self.at.entry((id, line)).or_default().extend(found);
            }
        }
        if !waiting.is_empty() {
            self.at.entry((id, u32::MAX)).or_default().append(&mut waiting);
        }
    }

    /// Whether a comment silences `rule` at a place. One without a reason silences nothing. `locate` is asked only
    /// where the file has such comments.
    pub(super) fn silence(
        &mut self,
        sources: &Sources,
        rule: &str,
        file: FileId,
        locate: impl FnOnce() -> Span,
    ) -> bool {
        if self.at.range((file, 0)..=(file, u32::MAX)).next().is_none() {
            return false;
        }
        let span = locate();
        let line = sources.start(span).line;
        let Some(here) = self.at.get_mut(&(span.file, line)) else { return false };
        let Some(ignore) = here.iter_mut().find(|ignore| ignore.ids.contains(&rule)) else { return false };
        ignore.used = true;
        ignore.has_reason
    }

    /// Comments without a rule or a reason, of rules that do not exist, or that silence nothing. A
    /// rule that is switched off, and test code that is not looked at, would silence something
    /// another time.
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
        notes.extend(self.nameless.iter().map(|span| {
            let message = "`ignore` names no rule, so it silences nothing: write `ignore[family/rule] reason`";
            Problem::at(ProblemKind::Note, Site::Span(*span), message)
        }));
        notes.sort();
        notes
    }
}

/// Ids and aliases.
pub(super) fn known_names(rules: &[&Rule]) -> BTreeMap<String, Vec<&'static str>> {
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

/// Whether a line without a mark belongs to the comment that `opener` began on a line above.
fn goes_on(opener: &str, line: &str) -> bool {
    let line = line.trim_start();
    match opener {
        "" => false,
        // A `*` with something right behind it is code: a dereference.
        "/*" | "/**" | "*" => line.strip_prefix('*').is_some_and(|rest| rest.starts_with(['/', ' ', '\n', '\r'])),
        of_lines => line.starts_with(of_lines),
    }
}

/// The comment of one line.
struct Comment {
    /// What opens it.
    opener: &'static str,
    /// Empty if it names none: then it is a mistake.
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
        let behind = behind.trim_start().strip_prefix(IGNORE)?;
        if behind.starts_with(char::is_alphanumeric) {
            return None; // `ignores`, `ignored`: a sentence about this tool
        }
        let before = before.trim_end();
        let opener = OPENERS.iter().filter(|opener| before.ends_with(**opener)).max_by_key(|opener| opener.len())?;
        let named = behind.strip_prefix('[').and_then(|rest| rest.split_once(']'));
        let (rules, reason) = named.unwrap_or_default();
        let mut reason = reason.trim();
        for closer in CLOSERS {
            reason = reason.strip_suffix(closer).unwrap_or(reason).trim_end();
        }
        let start = u32::try_from(before.len() - opener.len()).ok()?;
        Some(Self {
            opener,
            rules: rules.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect(),
            has_reason: reason.chars().any(char::is_alphanumeric),
            alone: before.trim_start().len() == opener.len(),
            start,
            end: u32::try_from(line.trim_end().len()).ok()?.max(start),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{FileKind, Language};

    /// Silenced lines and notes of a file in which every line is asked about.
    fn silenced(text: &str) -> (Vec<u32>, Vec<String>) {
        static RULE: Rule = Rule {
            id: "test/rule",
            level: crate::model::finding::Level::Error,
            doc: "",
            check: crate::check::rule::Check::Edge(|_, _, _| {}),
        };
        let mut sources = Sources::default();
        let file = sources.push(SourceFile::new("a.go", Revision::Head, FileKind::Code(Language::Go), text));
        let mut ignores = Ignores::read(&sources, &[&RULE]);
        let starts = sources.get(file).line_starts().to_vec();
        let numbered = (1..).zip(starts);
        let silent = numbered.filter(|(_, at)| ignores.silence(&sources, RULE.id, file, || Span::new(file, *at, *at)));
        let lines = silent.map(|(line, _)| line).collect();
        let notes = ignores.notes(&[&RULE], false).into_iter().map(|note| note.message).collect();
        (lines, notes)
    }

    #[test]
    fn a_reason_may_go_on_in_the_lines_below() {
        for text in [
            "// contract-lint: ignore[test/rule] moves\n// in March\nREAD\n",
            "# contract-lint: ignore[test/rule] moves\n# in March\nREAD\n",
            "/* contract-lint: ignore[test/rule] moves\n * in March */\nREAD\n",
            " * contract-lint: ignore[test/rule] moves\n */\nREAD\n",
        ] {
            assert_eq!(silenced(text), (vec![3], Vec::new()), "{text}");
        }
    }

    #[test]
    fn what_follows_a_comment_is_code_again() {
        // A dereference is no comment, an attribute is none of this kind, and a blank line ends it.
        for text in [
            "/* contract-lint: ignore[test/rule] why */\n*p = 1\nREAD\n",
            "// contract-lint: ignore[test/rule] why\n#[x]\nREAD\n",
        ] {
            assert_eq!(silenced(text).0, [2], "{text}");
        }
    }

    #[test]
    fn a_comment_above_and_one_behind_speak_of_the_same_line() {
        let text = "// contract-lint: ignore[test/rule] why\nREAD // contract-lint: ignore[other/rule] why\nREAD\n";
        assert_eq!(silenced(text), (vec![2], vec!["`ignore[other/rule]`: there is no such rule".to_owned()]));
    }

    #[test]
    fn a_blank_before_ignore_is_a_matter_of_taste() {
        assert_eq!(silenced("READ //contract-lint:ignore[test/rule] why\n"), (vec![1], Vec::new()));
    }

    #[test]
    fn a_sentence_about_ignoring_is_nothing() {
        assert_eq!(silenced("READ // contract-lint: ignored fields are listed below\n"), (Vec::new(), Vec::new()));
    }

    #[test]
    fn an_ignore_without_a_rule_is_never_silent() {
        for text in [
            "READ // contract-lint: ignore because\n",
            "READ // contract-lint: ignore[] because\n",
            "READ // contract-lint: ignore[test/rule because\n",
        ] {
            let (lines, notes) = silenced(text);
            assert_eq!((lines.len(), notes.len()), (0, 1), "{text}");
            assert!(notes[0].starts_with("`ignore` names no rule"), "{}", notes[0]);
        }
    }
}
