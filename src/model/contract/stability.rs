//! How settled an operation is: `x-stability-level`.

/// What consumers may rely on, the least first. An operation that says nothing is stable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stability {
    /// Written down, and nothing else.
    Draft,
    /// To be tried.
    Alpha,
    /// To be used, and to be changed with a word of warning.
    Beta,
    /// Kept.
    #[default]
    Stable,
}

impl Stability {
    /// Every level.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Alpha, Self::Beta, Self::Stable];

    /// The word in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
        }
    }

    /// The level of a word, however it is spelled.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(word.trim()))
    }

    /// Whether nobody may rely on it yet.
    #[must_use]
    pub fn is_open(self) -> bool {
        self <= Self::Alpha
    }
}
