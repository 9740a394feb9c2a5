//! From text to syntax trees, whole where possible and in parts where the text is broken.
//!
//! `syn` takes a file as a whole or not at all. When it refuses one, the file is cut into its
//! top-level items, each is parsed alone, and inside an item the member or statement that holds an
//! error is blanked out until the rest parses. Blanks keep every offset where it was.

use std::ops::Range;

use syn::{Attribute, File, Item};

use super::scan::{Scanner, Token};

/// Items that were parsed together.
pub(super) struct Part {
    /// The offset in the file of the text they were parsed from.
    pub(super) base: usize,
    /// The items.
    pub(super) items: Vec<Item>,
}

/// What could be parsed of a file.
pub(super) struct Parsed {
    /// Its items, in order.
    pub(super) parts: Vec<Part>,
    /// Attributes of the file as a whole.
    pub(super) attrs: Vec<Attribute>,
    /// The first error, if any part is lost.
    pub(super) error: Option<SyntaxError>,
}

/// Why a text does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// The offending token, as bytes of the file.
    pub(super) range: Range<usize>,
    /// What was expected.
    pub(super) message: String,
}

/// How often an item is parsed again with one more error blanked out.
const MAX_ROUNDS: usize = 24;

/// Parses a file.
pub(super) fn parse(text: &str) -> Parsed {
    let base = shebang(text);
    match parse_at(text.get(base..).unwrap_or_default()) {
        Ok(file) => Parsed { parts: vec![Part { base, items: file.items }], attrs: file.attrs, error: None },
        Err(mut error) => {
            error.range = error.range.start + base..error.range.end + base;
            let chunks = chunks(text, base);
            let parts = chunks.into_iter().filter_map(|chunk| salvage(text, chunk)).collect();
            Parsed { parts, attrs: Vec::new(), error: Some(error) }
        }
    }
}

/// The length of a `#!` line, which is no Rust; `#![...]` is.
fn shebang(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("#!") else { return 0 };
    if rest.trim_start().starts_with('[') {
        return 0;
    }
    text.find('\n').unwrap_or(text.len())
}

/// Parses one text; the error's range is relative to it.
fn parse_at(text: &str) -> Result<File, SyntaxError> {
    syn::parse_str::<File>(text).map_err(|error| {
        let range = error.span().byte_range();
        // An error at the end of the text has no token and so no place of its own.
        let end = text.trim_end().len();
        let range = if range.end == 0 { end..end } else { range };
        let message = match error.to_string().as_str() {
            "lex error" | "cannot parse string into token stream" => {
                "unbalanced brackets or an unfinished literal".to_owned()
            }
            other => other.to_owned(),
        };
        SyntaxError { range, message }
    })
}

/// The top-level items of a text: each ends where its brackets close, or at the next line that
/// starts an item in its first column, for no such line stands inside formatted code.
fn chunks(text: &str, from: usize) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let mut start = from;
    let mut depth = 0_usize;
    let body = text.get(from..).unwrap_or_default();
    for (at, token) in Scanner::new(body) {
        let at = at + from;
        if depth > 0 && starts_item(text, at, 0) {
            chunks.push(start..at);
            start = at;
            depth = 0;
        }
        match token {
            Token::Open(_) => depth += 1,
            Token::Close(close) => {
                depth = depth.saturating_sub(1);
                if depth == 0 && close == b'}' {
                    chunks.push(start..at + 1);
                    start = at + 1;
                }
            }
            Token::Sign(b';') if depth == 0 => {
                chunks.push(start..at + 1);
                start = at + 1;
            }
            _ => {}
        }
    }
    chunks.push(start..text.len());
    chunks.retain(|chunk| text.get(chunk.clone()).is_some_and(|text| !text.trim().is_empty()));
    chunks
}

/// Words with which a line starts an item.
const ITEM_WORDS: [&str; 14] = [
    "pub", "fn", "async", "unsafe", "impl", "struct", "enum", "trait", "mod", "use", "const", "static", "type",
    "extern",
];

/// Whether an item starts at `at`, with exactly `indent` blanks before it on its line.
fn starts_item(text: &str, at: usize, indent: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let Some(start) = before.len().checked_sub(indent) else { return false };
    let (outside, blanks) = before.split_at(start);
    let is_indented = blanks.iter().all(|byte| matches!(byte, b' ' | b'\t'));
    if !is_indented || outside.last().is_some_and(|byte| *byte != b'\n') {
        return false;
    }
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("#[") {
        return true;
    }
    let length = rest.bytes().take_while(u8::is_ascii_lowercase).count();
    ITEM_WORDS.contains(&rest.get(..length).unwrap_or_default())
}

/// What can be parsed of one item.
fn salvage(text: &str, chunk: Range<usize>) -> Option<Part> {
    let base = chunk.start;
    let mut text = text.get(chunk)?.to_owned();
    let mut blanked: Vec<Range<usize>> = Vec::new();
    if !is_balanced(&text) {
        for member in unbalanced_members(&text) {
            text = blank(&text, &member);
        }
    }
    for _ in 0..MAX_ROUNDS {
        let error = match parse_at(&text) {
            Ok(file) if file.items.is_empty() => return None,
            Ok(file) => return Some(Part { base, items: file.items }),
            Err(error) => error,
        };
        let at = error.range.start;
        let member = enclosing_members(&text, at)
            .into_iter()
            .find(|member| !blanked.iter().any(|done| done.start <= member.start && member.end <= done.end))?;
        text = blank(&text, &member);
        blanked.push(member);
    }
    None
}

/// Replaces a range by spaces and keeps the lines.
fn blank(text: &str, range: &Range<usize>) -> String {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return text.to_owned();
    };
    let blanks: String = inside.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    format!("{before}{blanks}{after}")
}

/// The members and statements around an offset, innermost first: what lies between separators
/// directly inside a pair of braces.
fn enclosing_members(text: &str, at: usize) -> Vec<Range<usize>> {
    struct Level {
        brace: bool,
        member: usize,
    }
    let mut levels: Vec<Level> = Vec::new();
    // Levels that were open at `at`, and wait for the end of the member that holds it.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    let mut found = Vec::new();
    let mut passed = false;
    for (from, token) in Scanner::new(text) {
        if !passed && from >= at {
            passed = true;
            let braces = levels.iter().enumerate().filter(|(_, level)| level.brace);
            waiting = braces.map(|(depth, level)| (depth + 1, level.member)).collect();
        }
        let depth = levels.len();
        let end = match token {
            Token::Open(open) => {
                levels.push(Level { brace: open == b'{', member: from + 1 });
                continue;
            }
            Token::Close(close) => {
                levels.pop();
                if waiting.last().is_some_and(|(open, _)| *open == depth) {
                    // The braces close, and the member with them.
                    found.extend(waiting.pop().map(|(_, start)| start..from));
                }
                if close != b'}' {
                    continue;
                }
                from + 1
            }
            Token::Sign(b';' | b',') => from + 1,
            _ => continue,
        };
        if waiting.last().is_some_and(|(open, _)| *open == levels.len()) {
            found.extend(waiting.pop().map(|(_, start)| start..end));
        }
        if let Some(level) = levels.last_mut() {
            level.member = end;
        }
        if passed && waiting.is_empty() {
            break;
        }
    }
    found
}

/// Whether every bracket is closed by its own kind.
fn is_balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for (_, token) in Scanner::new(text) {
        match token {
            Token::Open(bracket) => open.push(bracket),
            Token::Close(bracket) => {
                let expected = match open.pop() {
                    Some(b'(') => b')',
                    Some(b'[') => b']',
                    Some(_) => b'}',
                    None => return false,
                };
                if bracket != expected {
                    return false;
                }
            }
            _ => {}
        }
    }
    open.is_empty()
}

/// The members of an item that do not balance, by the indentation at which members start.
fn unbalanced_members(text: &str) -> Vec<Range<usize>> {
    let Some(indent) = text.lines().skip(1).find_map(member_indent) else { return Vec::new() };
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    let mut end = text.len();
    for line in text.split_inclusive('\n') {
        if at > 0 && starts_item(text, at + indent, indent) {
            starts.push(at);
        }
        if line.starts_with('}') {
            end = at;
        }
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([end]);
    let members = starts.iter().zip(ends).filter(|(start, end)| *start < end);
    let members = members.map(|(start, end)| *start..end);
    members.filter(|member| text.get(member.clone()).is_some_and(|text| !is_balanced(text))).collect()
}

/// The indentation of a line that starts a member.
fn member_indent(line: &str) -> Option<usize> {
    let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
    (indent > 0 && starts_item(line, indent, indent)).then_some(indent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(parsed: &Parsed) -> Vec<String> {
        let items = parsed.parts.iter().flat_map(|part| &part.items);
        items
            .map(|item| match item {
                Item::Fn(item) => format!("{}/{}", item.sig.ident, item.block.stmts.len()),
                Item::Impl(item) => format!("impl/{}", item.items.len()),
                Item::Mod(item) => format!("mod/{}", item.content.as_ref().map_or(0, |(_, items)| items.len())),
                Item::Struct(item) => item.ident.to_string(),
                _ => "?".to_owned(),
            })
            .collect()
    }

    #[test]
    fn one_broken_statement_costs_only_itself() {
        let text = "fn a() { x(); }\nfn b() { x(); let = 1; y(); }\nstruct S;\n";
        let parsed = parse(text);
        assert_eq!(names(&parsed), ["a/1", "b/2", "S"]);
        let error = parsed.error.unwrap();
        assert_eq!(&text[error.range], "=");
    }

    #[test]
    fn a_missing_brace_costs_only_its_item() {
        let parsed = parse("fn a() { x(); }\n\nfn b() {\n    if y {\n}\n\nfn c() {}\n");
        assert_eq!(names(&parsed), ["a/1", "c/0"]);
        assert_eq!(parsed.error.unwrap().message, "unbalanced brackets or an unfinished literal");
    }

    #[test]
    fn a_missing_brace_in_a_method_costs_only_the_method() {
        let text = "impl S {\n    fn a() {}\n\n    fn b() {\n        if x {\n    }\n\n    fn c() {}\n}\nfn d() {}\n";
        assert_eq!(names(&parse(text)), ["impl/2", "d/0"]);
    }

    #[test]
    fn an_error_deep_in_a_module_costs_one_statement() {
        let text = "mod m { fn a() { match x { A => { f(); let = 2; } } } fn b() {} }";
        assert_eq!(names(&parse(text)), ["mod/2"]);
    }

    #[test]
    fn parts_keep_their_offsets() {
        let text = "// é\nfn a( {}\nfn b() {}\n";
        let parsed = parse(text);
        let part = parsed.parts.last().unwrap();
        let Item::Fn(item) = &part.items[0] else { panic!() };
        let range = item.sig.ident.span().byte_range();
        assert_eq!(&text[part.base + range.start..part.base + range.end], "b");
    }

    #[test]
    fn a_shebang_is_stepped_over() {
        let text = "#!/usr/bin/env rust-script\nfn a() {}";
        let parsed = parse(text);
        assert!(parsed.error.is_none());
        assert_eq!(names(&parsed), ["a/0"]);
        assert_eq!(shebang("#![allow(x)]"), 0);
        assert_eq!(shebang("#! [allow(x)]"), 0);
    }

    #[test]
    fn no_text_is_too_broken() {
        for text in ["", "}", "fn", "fn a() {", "\"", "}}}}fn a(){}", "impl {{{", "#!", "é(", "mod m { } }", "/*", "'"]
        {
            let _ = parse(text);
        }
    }
}
