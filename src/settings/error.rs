//! What is wrong with a configuration, where, and what was probably meant.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::model::source::Position;

/// Names that differ by more than this are not offered (Jaro-Winkler similarity, 1 is equal).
const SIMILAR: f64 = 0.8;

/// Why a configuration is refused: one sentence with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The configuration file.
    pub path: PathBuf,
    /// Line and column, where there is one.
    pub place: Option<Position>,
    /// What is wrong.
    pub message: String,
    /// The known name that was probably meant.
    pub did_you_mean: Option<String>,
}

impl std::error::Error for Error {}

/// "contract-lint.yaml:3:5: unknown key `heders`, did you mean `headers`?"
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(place) = self.place {
            write!(f, ":{}:{}", place.line, place.column)?;
        }
        write!(f, ": {}", self.message)?;
        match &self.did_you_mean {
            Some(name) => write!(f, ", did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl Error {
    /// A mistake in another file that the configuration names.
    #[must_use]
    pub fn of_descriptor(path: &Path, error: serde_yaml::Error) -> Self {
        Self::from(error).in_file(path)
    }

    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { path: PathBuf::new(), place: None, message: message.into(), did_you_mean: None }
    }

    pub(super) fn at(mut self, place: Option<Position>) -> Self {
        self.place = place;
        self
    }

    pub(super) fn in_file(mut self, path: &Path) -> Self {
        self.path = path.to_path_buf();
        self
    }

    /// The same, unless it is in another file already.
    pub(super) fn or_in_file(self, path: &Path) -> Self {
        if self.path.as_os_str().is_empty() { self.in_file(path) } else { self }
    }

    /// Offers the one of `known` that is most like `given`, if any is like it at all.
    pub(super) fn with_nearest<'a>(mut self, given: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.did_you_mean = nearest(given, known).map(str::to_owned);
        self
    }
}

impl From<serde_yaml::Error> for Error {
    fn from(error: serde_yaml::Error) -> Self {
        let place = error.location().map(|at| position(at.line(), at.column()));
        let message = without_place(error.to_string());
        let Some(unknown) = Unknown::in_message(&message) else { return Self::new(message).at(place) };
        Self::new(unknown.sentence()).with_nearest(unknown.given, unknown.known.iter().copied()).at(place)
    }
}

/// A 1-based position from the 1-based numbers of a parser.
pub(super) fn position(line: usize, column: usize) -> Position {
    let bounded = |value| u32::try_from(value).unwrap_or(u32::MAX);
    Position { line: bounded(line), column: bounded(column) }
}

/// `serde_yaml` ends its messages with the place, which [`Error`] shows in front.
fn without_place(mut message: String) -> String {
    if let Some(end) = message.rfind(" at line ") {
        message.truncate(end);
    }
    message
}

/// What serde says of a name it does not know: "policy: unknown field `x`, expected one of `a`, `b`".
pub(super) struct Unknown<'a> {
    /// Where in the document, `policy.classes`; may be empty.
    within: &'a str,
    /// Whether it is a key; else it is a value.
    key: bool,
    given: &'a str,
    /// What may be there.
    pub(super) known: Vec<&'a str>,
}

impl<'a> Unknown<'a> {
    pub(super) fn in_message(message: &'a str) -> Option<Self> {
        let (kind, at, key) = [("unknown field `", true), ("unknown variant `", false)]
            .into_iter()
            .find_map(|(kind, key)| Some((kind, message.find(kind)?, key)))?;
        let within = message.get(..at)?.trim_end_matches([':', ' ']);
        let (given, rest) = message.get(at + kind.len()..)?.split_once("`, ")?;
        let known = rest.split('`').skip(1).step_by(2).collect();
        Some(Self { within, key, given, known })
    }

    fn sentence(&self) -> String {
        let what = if self.key { "unknown key" } else { "unknown value" };
        let within = if self.within.is_empty() { String::new() } else { format!(" in `{}`", self.within) };
        format!("{what} `{}`{within}; known are {}", self.given, self.known.join(", "))
    }
}

fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for name in known {
        let score = strsim::jaro_winkler(&given.to_lowercase(), &name.to_lowercase());
        if score >= SIMILAR && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}
