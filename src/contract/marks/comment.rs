//! Tags in comments and descriptions: `@deprecated`, `@sensitive(pii)`, `Deprecated: use Get`.

use std::ops::Range;

use serde_json::Value;

use super::{MarkTable, NoDay};
use crate::model::contract::{Mark, Marks};
use crate::model::source::Site;

/// A value in parentheses behind a tag is at most this long, in bytes.
const MAX_VALUE: usize = 200;

/// Words before a colon are looked up only up to this length, in bytes.
const MAX_WORD: usize = 32;

/// A tag as it stands in a text.
struct Tag<'a> {
    /// With its `@`.
    name: &'a str,
    /// What stands behind it.
    value: Value,
    /// All of it, in bytes of the text.
    range: Range<usize>,
}

impl MarkTable {
    /// Whether a text may hold a tag at all. Ask it of a whole file before its comments are looked
    /// for one by one: nearly all files hold none.
    #[must_use]
    pub fn may_hold_tags(&self, text: &str) -> bool {
        tags(text).any(|tag| !self.names.get(tag.name).is_empty())
            || text.match_indices(':').any(|(at, _)| {
                let before = text.get(..=at).unwrap_or_default();
                let start = before.rfind(|c: char| !c.is_ascii_alphabetic() && c != ':').map_or(0, |end| end + 1);
                before.get(start..).is_some_and(|word| word.len() <= MAX_WORD && !self.names.get(word).is_empty())
            })
    }

    /// What a comment of a `.proto` file says: its tags, and its lines that begin with a word such as
    /// `Deprecated:`. `text` may still have its comment signs; `site` makes a place of a byte range
    /// of it. A sunset that is no day is given back.
    pub fn comment(&self, text: &str, site: impl Fn(Range<usize>) -> Site, marks: &mut Marks) -> Result<(), NoDay> {
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            self.word_line(line, start, &site, marks);
            start += line.len();
        }
        self.description(text, site, marks)
    }

    /// What a description in prose says: only its tags. People write "Deprecated:" there of single
    /// values and of what used to be.
    pub fn description(&self, text: &str, site: impl Fn(Range<usize>) -> Site, marks: &mut Marks) -> Result<(), NoDay> {
        let mut all = Ok(());
        for tag in tags(text) {
            let mark = || Mark {
                text: text.get(tag.range.clone()).unwrap_or_default().to_owned(),
                site: site(tag.range.clone()),
            };
            all = all.and(self.apply(tag.name, &tag.value, mark, marks));
        }
        all
    }

    fn word_line(&self, line: &str, start: usize, site: &impl Fn(Range<usize>) -> Site, marks: &mut Marks) {
        let content = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '/' | '!'));
        let Some(colon) = content.find(':').filter(|at| *at < MAX_WORD) else { return };
        let Some(word) = content.get(..=colon) else { return };
        let from = start + (line.len() - content.len());
        let shown = content.trim_end().trim_end_matches("*/").trim_end();
        let mark = || Mark { text: shown.to_owned(), site: site(from..from + shown.len()) };
        // The value is `true`, so that no day can be missing.
        let _ = self.apply(word, &Value::Bool(true), mark, marks);
    }
}

/// Every word with an `@` before it that is not part of an address, and not quoted.
fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    text.match_indices('@').filter_map(|(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '`' | '"' | '\'' | '.' | '@' | '\\' | '/' | '-')) {
            // A comment sign may touch the tag: `//@pii`.
            text.get(..at)?.ends_with("//").then_some(())?;
        }
        let rest = text.get(at + 1..)?;
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(rest.len());
        let behind = rest.get(length..)?;
        let is_longer =
            behind.strip_prefix(['.', '/', '@']).is_some_and(|more| more.starts_with(char::is_alphanumeric));
        if length == 0 || is_longer || behind.starts_with(['`', '"', '\'']) {
            return None;
        }
        let (value, taken) = value_behind(behind);
        let end = at + 1 + length;
        Some(Tag { name: text.get(at..end)?, value, range: at..end + taken })
    })
}

/// What stands behind a tag, and how many bytes of it are taken: a list in parentheses, or a word
/// that begins like a day or a number.
fn value_behind(text: &str) -> (Value, usize) {
    if let Some(inner) = text.strip_prefix('(')
        && let Some(end) = inner.find([')', '\n']).filter(|end| *end <= MAX_VALUE)
        && inner.get(end..).is_some_and(|rest| rest.starts_with(')'))
    {
        let words = inner.get(..end).unwrap_or_default().split(',').map(|word| word.trim().trim_matches(['"', '\'']));
        let mut words: Vec<Value> = words.filter(|word| !word.is_empty()).map(Value::from).collect();
        let value = if words.len() > 1 { Value::Array(words) } else { words.pop().unwrap_or(Value::Bool(true)) };
        return (value, end + 2);
    }
    let word = text.trim_start_matches([' ', '\t', ':', '=']);
    let length = word.find(char::is_whitespace).unwrap_or(word.len());
    let word_only = word.get(..length).unwrap_or_default().trim_end_matches(['.', ',', ';']);
    if word_only.len() < MAX_VALUE && word_only.starts_with(|c: char| c.is_ascii_digit()) && word.len() < text.len() {
        return (Value::from(word_only), text.len() - word.len() + word_only.len());
    }
    (Value::Bool(true), 0)
}
