//! Exit codes: the same in every command and every format.

use std::process::ExitCode;

/// How a run ended. A later one wins over an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// 0: nothing at or above `--fail-on`.
    Clean,
    /// 1: findings at or above `--fail-on`.
    Findings,
    /// 2: wrong usage, or a mistake in the configuration. Nothing was checked.
    Usage,
    /// 3: the answer is incomplete: a contract could not be read, the Base is missing, nothing was
    /// found to check, or the program itself failed. Never to be taken for clean.
    Incomplete,
}

impl Exit {
    /// The number.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// For `--help`.
pub(super) const HELP: &str = "\
Exit codes:
  0  nothing at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage or configuration
  3  incomplete: a contract could not be read, the base is missing, or nothing was found to check";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn incomplete_wins_over_findings() {
        assert_eq!(Exit::Findings.max(Exit::Incomplete), Exit::Incomplete);
        assert_eq!(Exit::Findings.max(Exit::Clean).code(), 1);
    }
}
