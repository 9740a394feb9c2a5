//! Descriptors of client libraries, as they are given and as they are listed. What is in them is
//! known to `evaluate` alone.

use std::sync::Arc;

use super::source::Language;

/// A descriptor that the workspace brings along: the text of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptorText {
    /// Its path, for messages.
    pub path: String,
    /// The YAML in it.
    pub text: Arc<str>,
}

/// A library that is known, as its descriptor introduces it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Library {
    /// The language that it is used in.
    pub language: Language,
    /// Its id: the name of its descriptor.
    pub id: String,
    /// What it is.
    pub about: String,
    /// Where the facts are from, with the version they hold for; empty if the descriptor does not say.
    pub source: String,
    /// The file of a descriptor that the workspace brings along.
    pub path: Option<String>,
}
