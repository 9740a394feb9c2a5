//! Differences between two revisions of contracts.
//!
//! First contracts and operations of both sides are paired (`pair`), then the messages that
//! travel in the same places (`shape` for OpenAPI, whose messages are what stands where; `protobuf`
//! has its own half, for its messages are what they are called). What has no partner is a change. Every
//! pair of messages is compared once, wherever it stands (`travel` knows where), so a new kind of
//! change is one more look at a pair of operations, of places, or of messages.

mod catalogue;
mod counted;
mod fields;
mod marks;
mod numbered;
mod openapi;
mod pair;
mod protobuf;
mod shape;
mod travel;

use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Element, Ids, Sides, Spot, What};
use crate::model::contract::{ContractKind, Operation, OperationId};

use pair::Pairs;

pub use counted::counted;

/// Every difference, in the order of the Base catalog: operations, then fields.
///
/// A catalog does not differ from itself. Linear in the size of both sides, but for the lists of
/// operations that a changed message is part of.
#[must_use]
pub fn diff(sides: Sides<'_>) -> Vec<Change> {
    let pairs = Pairs::new(sides);
    let paths = openapi::Paths::of(sides.head);
    let mut changes = removed_operations(sides, &pairs, &paths);
    changes.append(&mut openapi::changes(sides, &pairs, &paths));
    changes.append(&mut fields::unmarked(sides, &shape::message_pairs(sides, &pairs)));
    changes.append(&mut protobuf::changes(sides, &pairs));
    changes.append(&mut marks::changes(sides, &pairs, &shape::message_pairs(sides, &pairs)));
    changes.append(&mut catalogue::changes(sides, &pairs));
    changes.sort_by_cached_key(place);
    changes
}

fn removed_operations(sides: Sides<'_>, pairs: &Pairs, paths: &openapi::Paths<'_>) -> Vec<Change> {
    let is_openapi = |operation: &Operation| sides.base.contract(operation.contract).kind == ContractKind::OpenApi;
    let operations = sides.base.operations().filter(|(_, operation)| is_openapi(operation));
    let gone = operations.filter(|(id, _)| pairs.operation(*id).is_none());
    let change = |(id, operation): (OperationId, &Operation)| {
        let head = pairs.contract(operation.contract);
        let element = Element {
            what: What::Operation,
            name: operation.key.clone(),
            base: Some(Ids::operation(operation.contract, id)),
            head: head.map(Ids::contract),
        };
        Change {
            operations: vec![id],
            aliases: paths.removal(operation, head).into_iter().map(str::to_owned).collect(),
            old: Some(Spot::at(operation.site.clone())),
            new: head.map(|head| Spot::at(sides.head.contract(head).site.clone())),
            breaks: Breaks { wire: true, json: true, source: true, request: true, response: true },
            compatibility: Compatibility::Breaking(None),
            ..Change::new(ChangeKind::OperationRemoved, element)
        }
    };
    gone.map(change).collect()
}

/// The place of a change in the Base catalog: what belongs to no single operation stands behind all
/// operations of its contract, and what is new behind all that was there.
fn place(change: &Change) -> impl Ord + use<> {
    let ids = change.element.base.or(change.element.head);
    let (contract, operation) = ids.map_or((u32::MAX, None), |ids| (ids.contract.0, ids.operation));
    let is_new = change.element.base.is_none();
    (is_new, contract, operation.unwrap_or(OperationId(u32::MAX)), ids.and_then(|ids| ids.field), change.kind)
}

#[cfg(test)]
mod tests;
