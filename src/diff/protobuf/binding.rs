//! HTTP operations of an rpc, by `google.api.http`: who calls them breaks when method, path or body
//! change, and who calls the rpc does not.

use super::make::{Draft, breaks};
use super::pairing::Pairing;
use super::rpc::OfOperation;
use crate::diff::pair::nameless;
use crate::model::change::{ChangeKind, Direction, Element, Ids, What};
use crate::model::contract::{BindingBody, HttpBinding, Operation, OperationId};

const BOTH: Direction = Direction { request: true, response: true };

/// Every change of the bindings of an rpc.
pub(super) fn compare(pairing: &Pairing<'_>, (base, head): (OperationId, OperationId)) -> Vec<OfOperation> {
    let of = |bindings: Option<&Vec<OperationId>>| bindings.cloned().unwrap_or_default();
    let mut new = of(pairing.head.bindings.get(&head));
    let old = |id: OperationId| pairing.base.catalog.operation(id);
    let key = |id: OperationId| nameless(pairing.head.catalog.operation(id));
    let mut changes = Vec::new();
    let mut left = Vec::new();
    for id in of(pairing.base.bindings.get(&base)) {
        let same = new.iter().position(|other| key(*other) == nameless(old(id)));
        match same {
            Some(at) => changes.extend(bodies(pairing, id, new.remove(at))),
            None => left.push(id),
        }
    }
    let mut new = new.into_iter();
    for id in left {
        changes.push(match new.next() {
            Some(head) => moved(pairing, id, head),
            None => removed(pairing, id),
        });
    }
    changes.extend(new.map(|id| added(pairing, base, id)));
    changes
}

fn element(pairing: &Pairing<'_>, base: OperationId, head: Option<OperationId>) -> Element {
    let operation = pairing.base.catalog.operation(base);
    let in_head = |id| Ids::operation(pairing.head.catalog.operation(id).contract, id);
    Element {
        what: What::Operation,
        name: operation.key.clone(),
        base: Some(Ids::operation(operation.contract, base)),
        head: head.map(in_head).or_else(|| pairing.contract(operation.contract).map(Ids::contract)),
    }
}

fn moved(pairing: &Pairing<'_>, base: OperationId, head: OperationId) -> OfOperation {
    let (old, new) = (pairing.base.catalog.operation(base), pairing.head.catalog.operation(head));
    let draft = Draft::new(ChangeKind::OperationMoved, element(pairing, base, Some(head)));
    let draft = draft.turned((old.site.clone(), new.site.clone()), &*old.key, &*new.key);
    (draft.breaking(breaks(false, true, false)), BOTH, base)
}

fn removed(pairing: &Pairing<'_>, base: OperationId) -> OfOperation {
    let operation = pairing.base.catalog.operation(base);
    let left = pairing.contract(operation.contract);
    let site = left.map(|contract| pairing.head.catalog.contract(contract).site.clone());
    let draft = Draft::new(ChangeKind::OperationRemoved, element(pairing, base, None));
    (draft.at(Some(operation.site.clone()), site).breaking(breaks(false, true, false)), BOTH, base)
}

fn added(pairing: &Pairing<'_>, rpc: OperationId, head: OperationId) -> OfOperation {
    let operation = pairing.head.catalog.operation(head);
    let element = Element {
        what: What::Operation,
        name: operation.key.clone(),
        base: Some(Ids::contract(pairing.base.catalog.operation(rpc).contract)),
        head: Some(Ids::operation(operation.contract, head)),
    };
    (Draft::new(ChangeKind::Added, element).at(None, Some(operation.site.clone())), Direction::default(), head)
}

/// Which part of the messages travels as the body.
fn bodies(pairing: &Pairing<'_>, base: OperationId, head: OperationId) -> Vec<OfOperation> {
    let (old, new) = (pairing.base.catalog.operation(base), pairing.head.catalog.operation(head));
    let (Some(before), Some(after)) = (&old.binding, &new.binding) else { return Vec::new() };
    let draft = |facet, direction, values: (String, String)| {
        let draft = Draft::new(ChangeKind::OperationMoved, element(pairing, base, Some(head))).facet(facet);
        let draft = draft.turned(sites(old, new), values.0, values.1);
        (draft.breaking(breaks(false, true, false)), direction, base)
    };
    let mut changes = Vec::new();
    if before.body != after.body {
        let direction = Direction { request: true, response: false };
        changes.push(draft("body", direction, (body(before), body(after))));
    }
    if before.response_body != after.response_body {
        let direction = Direction { request: false, response: true };
        let name = |binding: &HttpBinding| binding.response_body.clone().unwrap_or_else(|| "the whole".to_owned());
        changes.push(draft("response_body", direction, (name(before), name(after))));
    }
    changes
}

fn sites(old: &Operation, new: &Operation) -> (crate::model::source::Site, crate::model::source::Site) {
    (old.site.clone(), new.site.clone())
}

fn body(binding: &HttpBinding) -> String {
    match &binding.body {
        BindingBody::Nothing => "nothing".to_owned(),
        BindingBody::Rest => "*".to_owned(),
        BindingBody::Field(field) => field.clone(),
    }
}
