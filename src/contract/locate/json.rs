//! JSON with positions.
//!
//! A scanner of its own rather than the YAML parser: JSON allows tabs, surrogate escapes and keys of
//! any length, which YAML does not. It expects text that a JSON parser has accepted; of other text it
//! gives what it has understood, without recursion.

use std::borrow::Cow;

use super::tree::{Content, Index, Member, Range, Tree};

/// Reads a text.
pub(super) fn read(text: &str) -> Tree<'_> {
    let mut scanner = Scanner { text, at: 0, tree: Tree::default(), open: Vec::new() };
    while scanner.step() {}
    scanner.tree
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    tree: Tree<'t>,
    /// Lists and mappings around the current place.
    open: Vec<Open<'t>>,
}

/// A list or mapping that is being read.
struct Open<'t> {
    node: Index,
    is_map: bool,
    /// The key of a mapping that waits for its value.
    key: Option<(Cow<'t, str>, Range)>,
}

impl<'t> Scanner<'t> {
    /// Reads one token; false at the end.
    fn step(&mut self) -> bool {
        let Some(byte) = self.text.as_bytes().get(self.at).copied() else { return false };
        let start = self.at;
        match byte {
            b'{' => self.enter(Content::Map(Vec::new()), true),
            b'[' => self.enter(Content::List(Vec::new()), false),
            b'}' | b']' => {
                self.at += 1;
                self.open.pop();
            }
            b'"' => {
                self.at = end_of_string(self.text.as_bytes(), start);
                self.string(start);
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => self.at += 1,
            _ => {
                let rest = self.text.as_bytes().iter().skip(start);
                let ends = |byte: &u8| matches!(byte, b',' | b':' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' | b'"');
                self.at += rest.take_while(|byte| !ends(byte)).count().max(1);
                self.value(Content::Scalar(None), range(start, self.at));
            }
        }
        true
    }

    fn enter(&mut self, content: Content<'t>, is_map: bool) {
        let start = self.at;
        self.at += 1;
        let node = self.value(content, range(start, self.at));
        self.open.push(Open { node, is_map, key: None });
    }

    /// A string is a key if a mapping waits for one.
    fn string(&mut self, start: usize) {
        let place = range(start, self.at);
        match self.open.last_mut() {
            Some(Open { key: key @ None, is_map: true, .. }) => {
                *key = Some((unquoted(self.text.get(start..self.at).unwrap_or("")), place));
            }
            _ => {
                self.value(Content::Scalar(None), place);
            }
        }
    }

    /// A value goes to where it stands.
    fn value(&mut self, content: Content<'t>, token: Range) -> Index {
        let value = self.tree.add(token, content);
        match self.open.last_mut() {
            Some(Open { node: map, key, is_map: true }) => {
                if let Some((key, place)) = key.take() {
                    self.tree.add_member(*map, Member { key, place, value });
                }
            }
            Some(list) => self.tree.add_item(list.node, value),
            None => {}
        }
        value
    }
}

/// The index behind a string that starts at `at`.
fn end_of_string(bytes: &[u8], mut at: usize) -> usize {
    at += 1;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => at += 1,
        }
    }
}

fn unquoted(token: &str) -> Cow<'_, str> {
    if token.contains('\\') {
        return serde_json::from_str(token).map_or(Cow::Borrowed(token), Cow::Owned);
    }
    let inner = token.strip_prefix('"').unwrap_or(token);
    Cow::Borrowed(inner.strip_suffix('"').unwrap_or(inner))
}

fn range(start: usize, end: usize) -> Range {
    let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
    (offset(start), offset(end))
}
