//! Differences of OpenAPI descriptions, by variance.
//!
//! One sentence decides: **a request may only accept more, a response may only say less.** Operations are
//! paired (`super::pair`), then what stands around the data (`envelope`, `security`): parameters, bodies by
//! media type, answers by status, headers. Where data stands, both schemas are compared as sets of values:
//!
//! | file | |
//! |---|---|
//! | `classes` | schemas that say the same, whatever they are called |
//! | `conj` | what a value has to satisfy at one place: `allOf` and references are conjunctions |
//! | `graph` | pairs of places, each compared once; inclusion, coinductive over cycles |
//! | `compare` | one pair: `null`, types, enumerations, defaults; then `unions`, `bounds`, `arrays`, `objects`, `applied` |
//! | `sample`, `accepts` | witnesses: a value is made, and judged by both sides |
//! | `moved`, `address` | operations that go on under another path, method or base path |
//! | `arrivals` | where a pair stands: its name, its field, its operations |
//! | `verdict`, `told`, `merge` | what a difference means for who sends and who receives; each edit once |
//!
//! Nothing here depends on the names of schemas, so refactorings are free: a reference made or dissolved,
//! a component renamed, a schema split into `allOf`, 3.0 against the equal 3.1 document.

mod accepts;
mod address;
mod aliases;
mod applied;
mod arrays;
mod arrivals;
mod bounds;
mod classes;
mod compare;
mod conj;
mod envelope;
mod graph;
mod merge;
pub(super) mod moved;
mod objects;
mod patterns;
mod sample;
mod security;
mod told;
mod unions;
mod verdict;

use rustc_hash::FxHashSet;

use super::pair::Pairs;
use crate::model::change::{Change, Sides};
use crate::model::contract::{Catalog, ContractId, ContractKind, Operation, OperationId, OperationKind, Protocol};

use classes::Classes;
use conj::Side;
use graph::Graph;

/// Every difference between OpenAPI contracts that have partners.
pub(super) fn changes(sides: Sides<'_>, pairs: &Pairs, paths: &Paths<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for (at, base) in sides.base.contracts.iter().enumerate() {
        if base.kind != ContractKind::OpenApi {
            continue;
        }
        let id = ContractId::at(at);
        // The parts of one document may have moved to several others.
        let mut partners: Vec<ContractId> = Vec::new();
        for operation in base.operations.start.0..base.operations.end.0 {
            let head = pairs.operation(OperationId(operation)).map(|head| sides.head.operation(head).contract);
            partners.extend(head.filter(|head| !partners.contains(head)));
        }
        for head in partners {
            changes.append(&mut between(sides, pairs, paths, (id, head)));
        }
    }
    changes
}

fn between(sides: Sides<'_>, pairs: &Pairs, paths: &Paths<'_>, (base, head): (ContractId, ContractId)) -> Vec<Change> {
    let (old, new) = (&sides.base.contract(base).schemas, &sides.head.contract(head).schemas);
    let classes = Classes::of(old, new);
    let graph = Graph::new(Side { schemas: old, classes: &classes[0] }, Side { schemas: new, classes: &classes[1] });
    let mut walk = envelope::Walk::new(sides, (base, head), paths, graph);
    for operation in sides.base.contract(base).operations.start.0..sides.base.contract(base).operations.end.0 {
        let id = OperationId(operation);
        match pairs.operation(id) {
            Some(partner) if sides.head.operation(partner).contract == head => walk.operation(id, partner),
            _ => {}
        }
    }
    walk.changes()
}

/// Every path that is served, by contract.
pub(super) struct Paths<'a>(FxHashSet<(ContractId, &'a str)>);

impl<'a> Paths<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        Self(catalog.operations().filter_map(|(_, operation)| Some((operation.contract, served(operation)?))).collect())
    }

    /// The id of oasdiff for an operation that is gone: by whether its path is left in the contract in Head, and
    /// whether it was deprecated.
    pub(super) fn removal(&self, operation: &Operation, head: Option<ContractId>) -> Option<&'static str> {
        if operation.kind == OperationKind::Webhook {
            return Some("webhook-removed");
        }
        let path = served(operation)?;
        let is_path_left = head.is_some_and(|head| self.0.contains(&(head, path)));
        Some(match (is_path_left, operation.marks.deprecated.is_some()) {
            (false, false) => "api-path-removed-without-deprecation",
            (false, true) => "api-path-removed-with-deprecation",
            (true, false) => "api-removed-without-deprecation",
            (true, true) => "api-removed-with-deprecation",
        })
    }
}

fn served(operation: &Operation) -> Option<&str> {
    match &operation.protocol {
        Protocol::Http { path, .. } if operation.kind == OperationKind::Served => Some(path),
        _ => None,
    }
}
