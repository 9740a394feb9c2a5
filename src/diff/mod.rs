//! Differences between two revisions of contracts.
//!
//! First contracts and operations of both sides are paired (`pair`), then the messages that
//! travel in the same places (`shape` for OpenAPI, whose messages are what stands where; names
//! for protobuf, whose messages are what they are called). What has no partner is a change. Every
//! pair of messages is compared once, wherever it stands (`travel` knows where), so a new kind of
//! change is one more look at a pair of operations, of places, or of messages.

mod fields;
mod pair;
mod shape;
mod travel;

use crate::model::change::{Change, Sides};
use crate::model::contract::{FieldRef, Operation, OperationId};

use pair::Pairs;

/// Every difference, in the order of the Base catalog: operations, then fields.
///
/// A catalog does not differ from itself. Linear in the size of both sides, but for the lists of
/// operations that a changed message is part of.
#[must_use]
pub fn diff(sides: Sides<'_>) -> Vec<Change> {
    let pairs = Pairs::new(sides);
    let mut changes = removed_operations(sides, &pairs);
    let mut removed = fields::removed(sides, &shape::message_pairs(sides, &pairs));
    removed.append(&mut fields::removed(sides, &pair::message_pairs(sides, &pairs)));
    changes.append(&mut removed);
    changes.append(&mut fields::unmarked(sides, &shape::message_pairs(sides, &pairs)));
    changes.append(&mut fields::unmarked(sides, &pair::message_pairs(sides, &pairs)));
    changes.sort_by_key(|change| place(sides, change));
    changes
}

fn removed_operations(sides: Sides<'_>, pairs: &Pairs) -> Vec<Change> {
    let is_gone = |id: OperationId| pairs.operation(id).is_none();
    // Where an rpc goes, its HTTP bindings go with it: one edit, one change.
    let goes_along = |operation: &Operation| operation.binding.as_ref().is_some_and(|binding| is_gone(binding.rpc));
    let gone = sides.base.operations().filter(|(id, operation)| is_gone(*id) && !goes_along(operation));
    gone.map(|(id, operation)| Change::OperationRemoved {
        operation: id,
        contract_in_head: pairs.contract(operation.contract),
    })
    .collect()
}

/// The place of a change in the Base catalog.
fn place(sides: Sides<'_>, change: &Change) -> (usize, Option<OperationId>, Option<FieldRef>) {
    match change {
        Change::OperationRemoved { operation, .. } => {
            let contract = sides.base.operations.get(operation.index()).map(|operation| operation.contract.index());
            (contract.unwrap_or(usize::MAX), Some(*operation), None)
        }
        // A field has no operation of its own: behind all operations of its contract.
        Change::FieldRemoved { field, .. } | Change::SensitiveMarkRemoved { field, .. } => {
            let contract = sides.base.messages.get(field.message.index()).map(|message| message.contract.index());
            (contract.unwrap_or(usize::MAX), Some(OperationId(u32::MAX)), Some(*field))
        }
    }
}

#[cfg(test)]
mod tests;
