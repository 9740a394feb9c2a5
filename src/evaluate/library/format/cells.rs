//! Places that code fills later: state, references, contexts.

use std::sync::Arc;

use serde::Deserialize;

use super::Port;

/// What a function does with a cell: a place that is read in one part of the code and filled in another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CellModel {
    /// The cell, where it is not made here.
    pub(crate) of: Option<Port>,
    /// What it holds at first; a function: what that gives.
    pub(crate) initial: Option<Port>,
    /// Methods of the cell that a function which says what it holds at first is given: `(set, get) => ({..})`.
    #[serde(default)]
    pub(crate) with: Vec<Arc<str>>,
    /// What is put into it; a function: what that makes of what it holds.
    pub(crate) puts: Option<Port>,
    /// The field of `puts` that is meant.
    pub(crate) key: Option<String>,
    /// The function that is given what the cell holds and what comes in, and gives what it will hold.
    pub(crate) through: Option<Port>,
    /// What the function gives.
    pub(crate) gives: CellView,
}

/// How a cell is seen.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CellView {
    /// As itself.
    Cell,
    /// What it holds.
    Held,
    /// What it holds, and a function that puts something into it.
    Pair,
}
