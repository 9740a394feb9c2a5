//! What was read of the contracts: as a tree that a person can check against the documents, and as
//! JSON that holds the complete model.

mod block;
mod contents;
mod json;
mod place;
mod sites;
mod tree;
mod words;

#[cfg(test)]
pub(crate) mod conforms;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::Places;
use crate::model::analysis::Analysis;
use crate::model::contract::{ContractId, MessageId, OperationId};

pub use json::write as write_json;
pub use sites::{places, problems};
pub use tree::write as write_tree;

/// What is listed.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// The facts.
    pub analysis: &'a Analysis,
    /// Which part of them.
    pub selection: &'a Selection,
    /// Where everything is that is named by a pointer: [`places`] for JSON and for a tree with
    /// places, [`problems`] for a tree without.
    pub places: &'a Places<'a>,
    /// Why the answer is incomplete; empty if it is not.
    pub missing: &'a [String],
    /// The exit code of the run.
    pub exit: u8,
}

/// The part of the contracts that is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these contracts; all where it is none.
    pub contracts: Option<BTreeSet<ContractId>>,
    /// Only these parts of them; all where it is none.
    pub parts: Option<Parts>,
}

/// Operations and types that are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Operations.
    pub operations: BTreeSet<OperationId>,
    /// Messages.
    pub messages: BTreeSet<MessageId>,
    /// Enumerations, by full name.
    pub enums: BTreeSet<String>,
}

/// How much a tree says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    /// Long lists are not cut.
    pub all: bool,
    /// Each line says where in which file it is from.
    pub places: bool,
}
