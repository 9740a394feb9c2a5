//! The rules, in the same tree as `rules/`.
