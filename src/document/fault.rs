//! What is wrong with a text.

use super::Range;

/// A mistake, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where to look.
    pub(crate) place: Range,
    /// What it is.
    pub(crate) what: What,
}

/// What a mistake is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The syntax is broken.
    Syntax {
        /// What the parser says.
        message: String,
        /// What was left out to read the rest.
        lost: Lost,
    },
    /// A key occurs again in a mapping.
    DuplicateKey {
        /// The key.
        key: String,
        /// Where it occurs first.
        first: Range,
    },
    /// Lists and mappings nest too deeply.
    TooDeep,
    /// Aliases stand for more than they may.
    TooLarge,
    /// An alias inside of what it stands for, or of a key.
    UnknownAlias,
    /// A key that is a list or a mapping.
    KeyIsNoScalar,
}

/// What broken syntax costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// The whole text.
    Everything,
    /// What is written in a range, named by the keys around it.
    Block {
        /// Its keys, from the outermost.
        keys: Vec<String>,
        /// Its bytes.
        block: Range,
    },
    /// What follows; these keys are not complete and left out as well.
    Rest {
        /// The keys, from the outermost.
        keys: Vec<String>,
    },
}
