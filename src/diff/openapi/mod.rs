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
//! | `compare` | one pair: `null`, types, enumerations, defaults; then `unions`, `bounds`, `arrays`, `objects` |
//! | `sample`, `accepts` | witnesses: a value is made, and judged by both sides |
//! | `arrivals` | where a pair stands: its name, its field, its operations |
//! | `verdict`, `merge` | what a difference means for who sends and who receives; each edit once |
//!
//! Nothing here depends on the names of schemas, so refactorings are free: a reference made or dissolved,
//! a component renamed, a schema split into `allOf`, 3.0 against the equal 3.1 document.

mod accepts;
mod aliases;
mod arrays;
mod arrivals;
mod bounds;
mod classes;
mod compare;
mod conj;
mod envelope;
mod graph;
mod merge;
mod objects;
mod patterns;
mod sample;
mod security;
mod unions;
mod verdict;

use super::pair::Pairs;
use crate::model::change::{Change, Sides};
use crate::model::contract::{ContractId, ContractKind, OperationId};

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
