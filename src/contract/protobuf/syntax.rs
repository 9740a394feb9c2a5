//! One `.proto` file: its descriptor, and where in the text each element of it stands.

use std::panic::{AssertUnwindSafe, catch_unwind};

use miette::Diagnostic;
use prost_reflect::prost_types::FileDescriptorProto;
use protox::file::File;

use super::plain::plain;
use crate::model::problem::{Problem, ProblemKind};
use crate::model::source::{FileId, Site, SourceFile, Span};

/// A path of numbers that names an element of a descriptor, as in `SourceCodeInfo`.
pub(super) type Path = Vec<i32>;

/// One file that could be parsed. Names in it are as written: nothing is looked up yet.
#[derive(Debug)]
pub(super) struct Parsed {
    /// The file of the run.
    pub(super) file: FileId,
    /// Unique name among all files: the path, not what others import it by.
    pub(super) name: String,
    /// What it declares.
    pub(super) descriptor: FileDescriptorProto,
}

impl Parsed {
    /// Parses one file. A mistake in it is one problem with its place.
    pub(super) fn read(file: FileId, source: &SourceFile) -> Result<Self, Problem> {
        let parse = || File::from_source(&source.path, &source.text);
        match catch_unwind(AssertUnwindSafe(parse)) {
            Ok(Ok(parsed)) => Ok(Self { file, name: source.path.clone(), descriptor: parsed.into() }),
            Ok(Err(error)) => Err(unreadable(file, source, &error)),
            Err(_) => {
                let message = "the protobuf parser failed on this file, it is not read";
                Err(Problem::file(ProblemKind::ContractUnreadable, file, message))
            }
        }
    }

    /// Where the element with this path stands.
    pub(super) fn span(&self, path: &[i32], source: &SourceFile) -> Option<Span> {
        let locations = &self.descriptor.source_code_info.as_ref()?.location;
        let at = locations.binary_search_by(|location| location.path.as_slice().cmp(path)).ok()?;
        let (first, last) = match *locations.get(at)?.span.as_slice() {
            [line, start, end] => ((line, start), (line, end)),
            [first, start, last, end] => ((first, start), (last, end)),
            _ => return None,
        };
        let offset = |(line, column): (i32, i32)| {
            let line = source.line_starts().get(usize::try_from(line).ok()?)?;
            // Columns of the parser count bytes.
            line.checked_add(u32::try_from(column).ok()?)
        };
        Some(Span::new(self.file, offset(first)?, offset(last)?))
    }

    /// The same as a place; the start of the file for an element that has none.
    pub(super) fn site(&self, path: &[i32], source: &SourceFile) -> Site {
        Site::Span(self.span(path, source).unwrap_or(Span::new(self.file, 0, 0)))
    }

    /// The package; empty if none is declared.
    pub(super) fn package(&self) -> &str {
        self.descriptor.package()
    }
}

/// The problem of a file that cannot be parsed.
fn unreadable(file: FileId, source: &SourceFile, error: &protox::Error) -> Problem {
    if plain(&source.text).starts_with("edition=") {
        let message = "protobuf editions are not read yet";
        return Problem::file(ProblemKind::ContractUnreadable, file, message);
    }
    let label = error.labels().and_then(|mut labels| labels.next());
    let (start, end) = label.map_or((0, 0), |label| (label.offset(), label.offset() + label.len()));
    let limit = |at: usize| u32::try_from(at.min(source.text.len())).unwrap_or(u32::MAX);
    let site = Site::Span(Span::new(file, limit(start), limit(end)));
    Problem::at(ProblemKind::ContractUnreadable, site, format!("not valid protobuf: {error}"))
}
