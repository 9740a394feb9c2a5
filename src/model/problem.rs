//! What could not be read or decided. A problem is never a finding, and never silence.

use super::source::{FileId, Site};

/// What kind of thing went wrong. The kinds that lose part of a contract make a run incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemKind {
    /// A contract, or a part of one, could not be read: the run is incomplete (exit 3).
    ContractUnreadable,
    /// A file of client code could not be parsed in full; what was understood is used.
    CodeUnreadable,
    /// A file was not read at all: permissions, size, not UTF-8.
    FileSkipped,
    /// The Base side is missing or unreadable: the run is incomplete.
    BaseMissing,
    /// A stage panicked on one file. A defect of ours; the rest of the run is used.
    Internal,
    /// Worth knowing, loses nothing (identical copies folded, a limit reached).
    Note,
}

impl ProblemKind {
    /// Stable name in JSON output.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContractUnreadable => "contract-unreadable",
            Self::CodeUnreadable => "code-unreadable",
            Self::FileSkipped => "file-skipped",
            Self::BaseMissing => "base-missing",
            Self::Internal => "internal",
            Self::Note => "note",
        }
    }

    /// Whether a run with such a problem must not be taken for a clean one.
    #[must_use]
    pub const fn makes_incomplete(self) -> bool {
        matches!(self, Self::ContractUnreadable | Self::BaseMissing)
    }
}

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where, if it has a place.
    pub site: Option<Site>,
    /// A path, for things that never became a file of the run.
    pub path: Option<String>,
    /// What kind.
    pub kind: ProblemKind,
    /// One sentence, lower case, no full stop.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(kind: ProblemKind, site: Site, message: impl Into<String>) -> Self {
        Self { site: Some(site), path: None, kind, message: message.into() }
    }

    /// A problem with a whole file.
    #[must_use]
    pub fn file(kind: ProblemKind, file: FileId, message: impl Into<String>) -> Self {
        Self::at(kind, Site::Span(super::source::Span::new(file, 0, 0)), message)
    }

    /// A problem with a path that is no file of the run.
    #[must_use]
    pub fn path(kind: ProblemKind, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { site: None, path: Some(path.into()), kind, message: message.into() }
    }
}
