//! A file as a tree, and what is wrong with its text in words.

use crate::document::{self, Fault, Lost, Tree, What};
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Site, SourceFile, Span};

/// A parsed file.
#[derive(Debug)]
pub(super) struct Parsed {
    /// Its documents; null where nothing could be read.
    pub(super) tree: Tree,
    /// What is wrong with the text.
    pub(super) problems: Vec<Problem>,
}

/// Parses a file. Of two equal keys in one mapping the later one counts, as in most parsers.
pub(super) fn parse(id: FileId, file: &SourceFile) -> Parsed {
    let (tree, faults) = document::read(&file.text, file.kind);
    let speaker = Speaker { id, file };
    if faults.iter().any(|fault| is_template(fault, file)) {
        let (nothing, _) = document::read(&"".into(), FileKind::Yaml);
        return Parsed { tree: nothing, problems: vec![speaker.template()] };
    }
    Parsed { tree, problems: faults.into_iter().map(|fault| speaker.problem(fault)).collect() }
}

/// Whether a mistake in the syntax is the mark of a template engine (Helm, Jinja, ERB): such a file
/// becomes YAML or JSON only when it is deployed.
fn is_template(fault: &Fault, file: &SourceFile) -> bool {
    if !matches!(fault.what, What::Syntax { .. }) {
        return false;
    }
    let opens = |line: &str| ["{{", "{%", "<%"].iter().any(|mark| line.contains(mark));
    let is_directive = |line: &str| ["{{", "{%", "<%"].iter().any(|mark| line.trim_start().starts_with(mark));
    opens(line_at(&file.text, fault.place.start as usize)) || file.text.lines().any(is_directive)
}

/// The line that a byte is on.
fn line_at(text: &str, at: usize) -> &str {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

/// Says what is wrong with one file.
struct Speaker<'f> {
    id: FileId,
    file: &'f SourceFile,
}

impl Speaker<'_> {
    fn problem(&self, fault: Fault) -> Problem {
        let message = match fault.what {
            What::Syntax { message, lost } => self.syntax(&message, &lost),
            What::DuplicateKey { key, first } => {
                let first = self.file.position(first.start);
                format!(
                    "the key `{key}` occurs more than once, first on line {}, column {}; only the last one is used",
                    first.line, first.column
                )
            }
            What::TooDeep => {
                format!("this is nested more than {} levels deep, it is left out", document::MAX_DEPTH)
            }
            What::TooLarge => {
                "aliases make this document too large, what they stand for is left out from here on".to_owned()
            }
            What::UnknownAlias => "this alias stands inside of what it names, or names no value".to_owned(),
            What::KeyIsNoScalar => "a key that is a list or a mapping is left out with its value".to_owned(),
        };
        let place = Span::new(self.id, fault.place.start, fault.place.end);
        Problem::at(ProblemKind::ContractUnreadable, Site::Span(place), message)
    }

    fn syntax(&self, message: &str, lost: &Lost) -> String {
        let format = self.format();
        match lost {
            Lost::Everything => format!("the {format} of this file cannot be read: {message}"),
            Lost::Rest { keys } if keys.is_empty() => {
                format!("the {format} of this file cannot be read from here on: {message}")
            }
            Lost::Rest { keys } => {
                format!("the {format} of this file cannot be read from here on, in {}: {message}", path(keys))
            }
            Lost::Block { keys, block } => {
                let line = |at: u32| self.file.position(at).line;
                let (from, to) = (line(block.start), line(block.end.saturating_sub(1)));
                let lines = if from == to { format!("line {from}") } else { format!("lines {from} to {to}") };
                format!("the {format} cannot be read here: {message}; {} is left out ({lines})", path(keys))
            }
        }
    }

    fn template(&self) -> Problem {
        let message = format!("this file is a template, not {} yet, and is not read", self.format());
        Problem::file(ProblemKind::Note, self.id, message)
    }

    const fn format(&self) -> &'static str {
        if matches!(self.file.kind, FileKind::Json) { "JSON" } else { "YAML" }
    }
}

/// Keys as people read them.
fn path(keys: &[String]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" > ")
}
