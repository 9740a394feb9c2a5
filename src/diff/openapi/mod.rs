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
//! | `verdict`, `merge` | what a difference means for who sends and who receives; each edit once |
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
mod unions;
mod verdict;

use super::pair::Pairs;
use crate::model::change::{Change, Sides};
use crate::model::contract::{ContractId, ContractKind, Operation, OperationId, OperationKind, Protocol};

use classes::Classes;
use conj::Side;
use graph::Graph;

/// Every difference between OpenAPI contracts that have partners.
pub(super) fn changes(sides: Sides<'_>, pairs: &Pairs) -> Vec<Change> {
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
            changes.append(&mut between(sides, pairs, id, head));
        }
    }
    changes
}

fn between(sides: Sides<'_>, pairs: &Pairs, base: ContractId, head: ContractId) -> Vec<Change> {
    let (old, new) = (&sides.base.contract(base).schemas, &sides.head.contract(head).schemas);
    let classes = Classes::of(old, new);
    let graph = Graph::new(Side { schemas: old, classes: &classes[0] }, Side { schemas: new, classes: &classes[1] });
    let mut walk = envelope::Walk::new(sides, base, head, graph);
    for operation in sides.base.contract(base).operations.start.0..sides.base.contract(base).operations.end.0 {
        let id = OperationId(operation);
        match pairs.operation(id) {
            Some(partner) if sides.head.operation(partner).contract == head => walk.operation(id, partner),
            _ => {}
        }
    }
    walk.changes()
}

/// The id of oasdiff for an operation that is gone: by whether its path is left, and whether it was deprecated.
pub(super) fn removal(sides: Sides<'_>, operation: &Operation, head: Option<ContractId>) -> Vec<String> {
    let is_openapi = sides.base.contract(operation.contract).kind == ContractKind::OpenApi;
    let (Protocol::Http { path, .. }, true) = (&operation.protocol, is_openapi) else { return Vec::new() };
    if operation.kind == OperationKind::Webhook {
        return vec!["webhook-removed".to_owned()];
    }
    let mut left = head.into_iter().flat_map(|head| {
        let range = sides.head.contract(head).operations.clone();
        (range.start.0..range.end.0).map(|at| sides.head.operation(OperationId(at)))
    });
    let is_path_left = left.any(|other| matches!(&other.protocol, Protocol::Http { path: its, .. } if its == path));
    let what = if is_path_left { "api" } else { "api-path" };
    let how = if operation.marks.deprecated.is_some() { "with" } else { "without" };
    vec![format!("{what}-removed-{how}-deprecation")]
}
