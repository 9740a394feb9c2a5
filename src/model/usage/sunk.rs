//! Where values end that nobody answers: logs, caches, stores, other services.

use super::{CallId, Location, Origin};

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SinkKind {
    /// It is written to a log.
    Log,
    /// It is written to the standard output: a server's log, a tool's result.
    Print,
    /// It is kept to be read again.
    Cache,
    /// It is written to a database, a file, a queue.
    Store,
    /// It is sent to another service, see [`Sunk::call`].
    Send,
}

impl SinkKind {
    /// Stable name in output: `log`, `print`, `cache`, `store`, `send`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Print => "print",
            Self::Cache => "cache",
            Self::Store => "store",
            Self::Send => "send",
        }
    }
}

/// A value that is logged, cached, stored or sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sunk {
    /// Where: the value, or the call that is given it.
    pub location: Location,
    /// What becomes of it.
    pub kind: SinkKind,
    /// What it goes to: a library by its id, a field or variable by its name.
    pub into: String,
    /// Where the value, or what is in it, came from.
    pub origins: Vec<Origin>,
    /// The call that sends it.
    pub call: Option<CallId>,
    /// What it was computed from.
    pub derived: Vec<Origin>,
    /// Whether a cache forgets it after some time; none if that cannot be seen.
    pub expires: Option<bool>,
    /// It surely is what it looks like: the cache lives as long as the service.
    pub sure: bool,
}
