//! The files that are read: each parsed on its own, side by side.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::text;
use super::text::ast::{self, Range};
use super::{built_in, bundled, compiled};
use crate::model::contract::Syntax;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, FileKind, Revision, Site, Sources, Span};

/// A file with its syntax tree.
#[derive(Debug)]
pub(super) struct Parsed<'s> {
    /// The file; of a file in a compiled set, that set.
    pub(super) file: FileId,
    /// Its path in the run; of a file in a compiled set or of a built-in one, the path by which others
    /// import it.
    pub(super) path: Cow<'s, str>,
    /// What is written in it.
    pub(super) tree: ast::File<'s>,
    /// Where it comes from.
    pub(super) origin: Origin,
}

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A `.proto` file.
    Text,
    /// A compiled descriptor set.
    Compiled,
    /// Comes with this program; no contract of anybody.
    BuiltIn,
}

impl Parsed<'_> {
    /// Its package; empty if it has none.
    pub(super) fn package(&self) -> &str {
        self.tree.package.as_ref().map_or("", |name| name.text.trim_start_matches('.'))
    }

    /// A place in it.
    pub(super) const fn site(&self, range: Range) -> Site {
        Site::Span(self.span(range))
    }

    /// A range of it.
    pub(super) const fn span(&self, range: Range) -> Span {
        Span::new(self.file, range.start, range.end)
    }

    /// The language it is written in. Without a statement that is proto2.
    pub(super) fn syntax(&self) -> Syntax {
        let Some(statement) = &self.tree.syntax else { return Syntax::Proto2 };
        match (statement.is_edition, &*statement.value) {
            (false, "proto2") => Syntax::Proto2,
            (true, "2023") => Syntax::Edition2023,
            (true, "2024") => Syntax::Edition2024,
            (true, year) => year.parse().map_or(Syntax::Edition2024, Syntax::EditionLater),
            (false, _) => Syntax::Proto3,
        }
    }

    /// Whether it declares anything at all.
    pub(super) fn declares_something(&self) -> bool {
        let tree = &self.tree;
        !(tree.messages.is_empty() && tree.enums.is_empty() && tree.services.is_empty() && tree.extends.is_empty())
    }

    /// Whether it says anything that makes it a file of a contract.
    fn says_something(&self) -> bool {
        self.declares_something() || self.tree.package.is_some() || self.tree.faults.is_empty()
    }

    /// What the parser could not read, and what it took for something else.
    fn problems(&self) -> Vec<Problem> {
        let lost = |fault: &ast::Fault| {
            Problem::at(ProblemKind::ContractUnreadable, self.site(fault.range), fault.message.clone())
        };
        let told = |(range, message)| Problem::at(ProblemKind::Note, self.site(range), message);
        self.tree.faults.iter().map(lost).chain(self.unknown_syntax().map(told)).collect()
    }

    fn unknown_syntax(&self) -> Option<(Range, String)> {
        let statement = self.tree.syntax.as_ref()?;
        let value = &statement.value;
        let message = match (statement.is_edition, &**value) {
            (false, "proto2" | "proto3") | (true, "2023" | "2024") => return None,
            (true, year) => format!("edition `{year}` is not known yet, the file is read as edition 2024"),
            (false, _) => format!("the syntax `{value}` does not exist, the file is read as proto3"),
        };
        Some((statement.range, message))
    }
}

/// Reads every file of one revision in the order of their paths; the built-in ones come last.
pub(super) fn read(sources: &Sources, revision: Revision) -> (Vec<Parsed<'_>>, Vec<Problem>) {
    let of_revision = sources.iter().filter(|(_, file)| file.revision == revision);
    let mut chosen: Vec<FileId> = of_revision
        .filter(|(_, file)| file.kind == FileKind::Proto && !bundled::is_copy(&file.path))
        .map(|(id, _)| id)
        .collect();
    chosen.sort_by(|a, b| sources.get(*a).path.cmp(&sources.get(*b).path));
    let parsed: Vec<_> = chosen.par_iter().map(|id| parse(*id, sources)).collect();
    let (mut files, mut problems) = (Vec::with_capacity(parsed.len()), Vec::new());
    for result in parsed {
        match result {
            Ok(file) => {
                problems.extend(file.problems());
                if file.says_something() {
                    files.push(file);
                }
            }
            Err(problem) => problems.push(problem),
        }
    }
    for (id, file) in sources.iter().filter(|(_, file)| file.revision == revision) {
        let Some(bytes) = file.bytes.as_deref().filter(|_| file.kind == FileKind::DescriptorSet) else { continue };
        match compiled::read(id, bytes) {
            Ok((set, note)) => {
                files.extend(set);
                problems.extend(note);
            }
            Err(problem) => problems.push(problem),
        }
    }
    files.extend(built_in::files());
    (files, problems)
}

fn parse(id: FileId, sources: &Sources) -> Result<Parsed<'_>, Problem> {
    let file = sources.get(id);
    let tree = catch_unwind(AssertUnwindSafe(|| text::parse(&file.text)))
        .map_err(|_| Problem::file(ProblemKind::Internal, id, "reading this file failed inside the parser"))?;
    Ok(Parsed { file: id, path: Cow::Borrowed(&file.path), tree, origin: Origin::Text })
}
