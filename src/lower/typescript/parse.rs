//! From text to a syntax tree, of all that can be read.
//!
//! The parser of oxc gives up on a file at the first error that it cannot step over. Then the
//! statement with the error is blanked out, line by line and if need be with all that stands at the top
//! level around it, until the rest parses. A declaration that lacks its closing brackets gets them
//! before the next one begins. Blanks keep every offset where it was.

use std::ops::Range;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;

use super::nesting::{self, Token};

/// How often a file is parsed again with one more error blanked out.
const MAX_ROUNDS: usize = 24;

/// What could be parsed of a file.
pub(super) struct Parsed<'a> {
    /// Nothing if no part can be read.
    pub(super) program: Option<Program<'a>>,
    /// The first error.
    pub(super) error: Option<SyntaxError>,
}

/// Why a text does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    /// First byte of the offending text.
    pub(super) start: u32,
    /// One past its last byte.
    pub(super) end: u32,
    /// What is wrong.
    pub(super) message: String,
}

/// Parses a file.
pub(super) fn parse<'a>(allocator: &'a Allocator, text: &'a str, ty: SourceType) -> Parsed<'a> {
    let (program, error) = attempt(allocator, text, ty);
    let Some(error) = error.filter(|_| program.is_none()) else { return Parsed { program, error: None } };
    if ty.is_javascript() {
        // Types in a file that is called `.js` are those of Flow, most of which TypeScript can read.
        let (program, mistake) = attempt(allocator, text, SourceType::tsx());
        if program.is_some() {
            return Parsed { program, error: mistake };
        }
    }
    let mended = mend(text, ty, error.start as usize).or_else(|| {
        close(text)
            .and_then(|closed| parsable(&closed, ty).err().map_or(Some(closed.clone()), |at| mend(&closed, ty, at)))
    });
    let program = mended.and_then(|text| attempt(allocator, allocator.alloc_str(&text), ty).0);
    Parsed { program, error: Some(error) }
}

/// How a file is to be read, by its name. JSX is allowed wherever it cannot mean something else.
pub(super) fn source_type(name: &str) -> SourceType {
    match SourceType::from_path(name) {
        Ok(ty) if ty.is_javascript() => SourceType::unambiguous().with_jsx(true),
        Ok(ty) => ty,
        Err(_) => SourceType::tsx(),
    }
}

/// The tree of a text, unless the parser gives up; and the error that it gives up at.
fn attempt<'a>(allocator: &'a Allocator, text: &'a str, ty: SourceType) -> (Option<Program<'a>>, Option<SyntaxError>) {
    let options =
        ParseOptions { allow_return_outside_function: true, preserve_parens: false, ..ParseOptions::default() };
    let parsed = Parser::new(allocator, text, ty).with_options(options).parse();
    if !parsed.panicked {
        return (Some(parsed.program), None);
    }
    let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let error = parsed.errors.last();
    let label = error.and_then(|error| error.labels.as_ref()?.first().cloned());
    let start = label.as_ref().and_then(|label| u32::try_from(label.offset()).ok()).unwrap_or(length).min(length);
    let end = label.and_then(|label| start.checked_add(u32::try_from(label.len()).ok()?)).unwrap_or(start).min(length);
    let message = error.map_or_else(|| "it cannot be parsed".to_owned(), |error| plain(&error.message));
    (None, Some(SyntaxError { start, end: end.max(start), message }))
}

/// What the parser says, in the manner of this program's messages.
fn plain(said: &str) -> String {
    let said = said.trim_end_matches('.');
    let mut letters = said.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Where a text does not parse, if it does not.
fn parsable(text: &str, ty: SourceType) -> Result<(), usize> {
    let allocator = Allocator::default();
    match attempt(&allocator, text, ty) {
        (Some(_), _) => Ok(()),
        (None, error) => Err(error.map_or(text.len(), |error| error.start as usize)),
    }
}

/// A text with its errors blanked out, the first of which is at `at`.
fn mend(text: &str, ty: SourceType, at: usize) -> Option<String> {
    let mut text = text.to_owned();
    let mut at = at;
    let chunks = chunks(&text);
    for _ in 0..MAX_ROUNDS {
        let mut best: Option<(usize, String)> = None;
        for range in suspects(&text, &chunks, at) {
            let blanked = blank(&text, range.clone());
            match parsable(&blanked, ty) {
                Ok(()) => return Some(blanked),
                Err(next) if next > at && best.as_ref().is_none_or(|(known, _)| next > *known) => {
                    best = Some((next, blanked));
                }
                Err(_) => {}
            }
        }
        (at, text) = best?;
    }
    None
}

/// What may hold the error at `at`, the least first: its line, the line before, both, and all that is
/// declared around it.
fn suspects(text: &str, chunks: &[Range<usize>], at: usize) -> Vec<Range<usize>> {
    let line = line_of(text, at);
    let mut found = vec![line.clone()];
    let before = text.get(..line.start).map(str::trim_end).filter(|before| !before.is_empty());
    if let Some(before) = before.map(|before| line_of(text, before.len() - 1)) {
        found.push(before.clone());
        found.push(before.start..line.end);
    }
    found.extend(chunks.iter().find(|chunk| chunk.contains(&at)).cloned());
    found
}

fn line_of(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let at = at.min(bytes.len());
    let start =
        bytes.get(..at).and_then(|before| before.iter().rposition(|byte| *byte == b'\n')).map_or(0, |at| at + 1);
    let rest = bytes.get(at..).unwrap_or_default();
    start..rest.iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |length| at + length)
}

/// The text with blanks in a range of whole lines.
fn blank(text: &str, range: Range<usize>) -> String {
    let (Some(before), Some(inside), Some(after)) =
        (text.get(..range.start), text.get(range.clone()), text.get(range.end..))
    else {
        return text.to_owned();
    };
    let blanks: String = inside.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    [before, &blanks, after].concat()
}

/// Words with which a line starts a declaration.
const WORDS: [&str; 17] = [
    "import",
    "export",
    "const",
    "let",
    "var",
    "function",
    "class",
    "interface",
    "type",
    "enum",
    "async",
    "abstract",
    "declare",
    "namespace",
    "module",
    "describe",
    "app",
];

/// Whether a line in its first column starts a declaration: no such line stands inside formatted code.
fn starts_declaration(line: &str) -> bool {
    let end = line.find(|c: char| !c.is_alphanumeric()).unwrap_or(line.len());
    line.starts_with('@') || line.get(..end).is_some_and(|word| WORDS.contains(&word))
}

/// What stands at the top level, by lines that start a declaration.
fn chunks(text: &str) -> Vec<Range<usize>> {
    let mut chunks = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if starts_declaration(line) && at > start {
            chunks.push(start..at);
            start = at;
        }
        at += line.len();
    }
    chunks.push(start..text.len());
    chunks
}

/// The text with the brackets that declarations lack put at their ends, where there are blanks enough.
fn close(text: &str) -> Option<String> {
    let mut closed = text.as_bytes().to_vec();
    let mut is_changed = false;
    for chunk in chunks(text) {
        let Some(code) = text.get(chunk.clone()) else { continue };
        let mut open = Vec::new();
        nesting::scan(code, |token| match token {
            Token::Open(bracket) => open.push(bracket),
            Token::Close => {
                open.pop();
            }
            Token::Other => {}
        });
        let blanks = code.len() - code.trim_end().len();
        if open.is_empty() || open.len() > blanks {
            continue;
        }
        let room = closed.get_mut(chunk.end - open.len()..chunk.end)?;
        for (place, bracket) in room.iter_mut().zip(open.iter().rev()) {
            *place = match bracket {
                b'(' => b')',
                b'[' => b']',
                b'`' => b'`',
                _ => b'}',
            };
        }
        is_changed = true;
    }
    if is_changed { String::from_utf8(closed).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> (usize, Option<String>) {
        let allocator = Allocator::default();
        let parsed = parse(&allocator, text, SourceType::ts());
        (parsed.program.map_or(0, |program| program.body.len()), parsed.error.map(|error| error.message))
    }

    #[test]
    fn a_half_written_statement_costs_no_other() {
        let (count, error) = kept(
            "function a() { return 1 }\nfunction b() {\n  const x = await client.get(\n}\nfunction c() { return 2 }\n",
        );
        assert_eq!(count, 3);
        assert!(error.is_some());
    }

    #[test]
    fn a_function_without_its_end_costs_no_other() {
        let (count, error) =
            kept("function a() {\n  if (x) {\n    f()\n\n\nexport function b() { return 2 }\nclass C {}\n");
        assert_eq!(count, 3);
        assert!(error.is_some());
    }

    #[test]
    fn what_is_no_code_at_all_is_one_error() {
        let (_, error) = kept("}{ ]] not code [[");
        assert!(error.is_some());
    }

    #[test]
    fn code_without_errors_has_none() {
        assert_eq!(kept("const a = <T,>(x: T) => x;"), (1, None));
    }
}
