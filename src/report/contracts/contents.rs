//! What a selection holds, contract by contract.

use std::collections::{BTreeMap, BTreeSet};

use super::{Listing, Parts, Selection};
use crate::model::contract::{Catalog, Contract, ContractId, Enum, Message, MessageId, Operation, OperationId};
use crate::model::problem::Problem;
use crate::model::source::FileId;

/// The contracts of a listing, and the problems that belong to none of them.
pub(super) struct Contents<'a> {
    pub(super) parts: Vec<Part<'a>>,
    pub(super) unplaced: Vec<&'a Problem>,
}

/// One contract with what is listed of it.
pub(super) struct Part<'a> {
    pub(super) id: ContractId,
    pub(super) contract: &'a Contract,
    pub(super) operations: Vec<(OperationId, &'a Operation)>,
    pub(super) messages: Vec<(MessageId, &'a Message)>,
    pub(super) enums: Vec<&'a Enum>,
    pub(super) problems: Vec<&'a Problem>,
    /// Only some of its operations and types are listed.
    pub(super) is_narrowed: bool,
}

impl<'a> Contents<'a> {
    pub(super) fn of(listing: &Listing<'a>) -> Self {
        let analysis = listing.analysis;
        let mut parts: Vec<Part<'a>> = analysis.head.contracts.iter().enumerate().map(part).collect();
        distribute(&analysis.head, listing.selection.parts.as_ref(), &mut parts);
        let mut unplaced = Vec::new();
        let owners = owners(&analysis.head);
        for problem in &analysis.problems {
            let file = problem.site.as_ref().map(crate::model::source::Site::file);
            match file.and_then(|file| owners.get(&file)).and_then(|id| parts.get_mut(id.index())) {
                Some(part) => part.problems.push(problem),
                None => unplaced.push(problem),
            }
        }
        parts.iter_mut().for_each(|part| part.is_narrowed = listing.selection.parts.is_some());
        parts.retain(|part| is_listed(part, listing.selection));
        Self { parts, unplaced }
    }
}

fn part((at, contract): (usize, &Contract)) -> Part<'_> {
    Part {
        id: ContractId::at(at),
        contract,
        operations: Vec::new(),
        messages: Vec::new(),
        enums: Vec::new(),
        problems: Vec::new(),
        is_narrowed: false,
    }
}

/// Gives each element to its contract, in one pass over each list.
fn distribute<'a>(catalog: &'a Catalog, only: Option<&Parts>, parts: &mut [Part<'a>]) {
    for (id, operation) in catalog.operations() {
        if only.is_none_or(|only| only.operations.contains(&id))
            && let Some(part) = parts.get_mut(operation.contract.index())
        {
            part.operations.push((id, operation));
        }
    }
    for (id, message) in catalog.messages() {
        if only.is_none_or(|only| only.messages.contains(&id))
            && let Some(part) = parts.get_mut(message.contract.index())
        {
            part.messages.push((id, message));
        }
    }
    for declared in &catalog.enums {
        if only.is_none_or(|only| only.enums.contains(&declared.name))
            && let Some(part) = parts.get_mut(declared.contract.index())
        {
            part.enums.push(declared);
        }
    }
}

fn is_listed(part: &Part<'_>, selection: &Selection) -> bool {
    let is_wanted = selection.contracts.as_ref().is_none_or(|wanted| wanted.contains(&part.id));
    let is_empty = part.operations.is_empty() && part.messages.is_empty() && part.enums.is_empty();
    is_wanted && (selection.parts.is_none() || !is_empty)
}

/// The contract that the problems of a file are told under: the one it is the main file of, else the
/// first that is read from it.
fn owners(catalog: &Catalog) -> BTreeMap<FileId, ContractId> {
    let contracts = || catalog.contracts.iter().enumerate().map(|(at, contract)| (ContractId::at(at), contract));
    let mains = contracts().filter_map(|(id, contract)| Some((*contract.files.first()?, id)));
    let others =
        contracts().flat_map(|(id, contract)| contract.files.iter().chain(&contract.copies).map(move |it| (*it, id)));
    let mut owners = BTreeMap::new();
    for (file, id) in mains.chain(others) {
        owners.entry(file).or_insert(id);
    }
    owners
}

/// Full names of the enumerations that are listed by themselves.
pub(super) fn declared_enums(catalog: &Catalog) -> BTreeSet<&str> {
    catalog.enums.iter().map(|declared| declared.name.as_str()).collect()
}
