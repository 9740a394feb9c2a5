//! The rules, in the same tree as `rules/`.

use crate::check::rule::Rule;

/// Every rule.
pub const ALL: &[&Rule] = &[];
