//! What a catalogue of an API shows beside the data: operations that are new, contracts that are new, tags, and
//! names by which generated clients call operations.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::pair::Pairs;
use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Element, Ids, Sides, Spot, What};
use crate::model::contract::{ContractId, ContractKind, Operation, OperationId, OperationKind};
use crate::model::finding::Level;

/// Of OpenAPI contracts: protobuf has more kinds of things that can be new, and tells them itself.
pub(super) fn changes(sides: Sides<'_>, pairs: &Pairs) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut continued: BTreeSet<OperationId> = BTreeSet::new();
    for (id, old) in sides.base.operations() {
        let Some(head) = pairs.operation(id) else { continue };
        continued.insert(head);
        if sides.base.contract(old.contract).kind == ContractKind::OpenApi {
            let both = Both { old, new: sides.head.operation(head), id, head };
            changes.append(&mut both.tags());
            changes.extend(both.operation_id());
            changes.extend(both.stability());
        }
    }
    let known: BTreeSet<ContractId> = continued.iter().map(|id| sides.head.operation(*id).contract).collect();
    let partners = (0..sides.base.contracts.len()).filter_map(|at| pairs.contract(ContractId::at(at)));
    let known: BTreeSet<ContractId> = partners.chain(known).collect();
    changes.append(&mut new_contracts(sides, &known));
    changes.append(&mut new_operations(sides, &known, &continued));
    changes
}

fn new_contracts(sides: Sides<'_>, known: &BTreeSet<ContractId>) -> Vec<Change> {
    let contracts = sides.head.contracts.iter().enumerate().map(|(at, contract)| (ContractId::at(at), contract));
    let new = contracts.filter(|(id, contract)| contract.kind == ContractKind::OpenApi && !known.contains(id));
    new.map(|(id, contract)| {
        let element =
            Element { what: What::Contract, name: contract.id.clone(), base: None, head: Some(Ids::contract(id)) };
        Change {
            operations: (contract.operations.start.0..contract.operations.end.0).map(OperationId).collect(),
            new: Some(Spot::at(contract.site.clone())),
            ..Change::new(ChangeKind::Added, element)
        }
    })
    .collect()
}

fn new_operations(sides: Sides<'_>, known: &BTreeSet<ContractId>, continued: &BTreeSet<OperationId>) -> Vec<Change> {
    let is_of_openapi = |contract| sides.head.contract(contract).kind == ContractKind::OpenApi;
    let new = sides.head.operations().filter(|(id, operation)| {
        !continued.contains(id) && known.contains(&operation.contract) && is_of_openapi(operation.contract)
    });
    new.map(|(id, operation)| {
        let element = Element {
            what: What::Operation,
            name: operation.key.clone(),
            base: None,
            head: Some(Ids::operation(operation.contract, id)),
        };
        let alias = if operation.kind == OperationKind::Webhook { "webhook-added" } else { "endpoint-added" };
        Change {
            operations: vec![id],
            new: Some(Spot::at(operation.site.clone())),
            aliases: vec![alias.to_owned()],
            ..Change::new(ChangeKind::Added, element)
        }
    })
    .collect()
}

/// An operation on both sides.
struct Both<'a> {
    id: OperationId,
    old: &'a Operation,
    head: OperationId,
    new: &'a Operation,
}

impl Both<'_> {
    fn change(&self, kind: ChangeKind, facet: &'static str, (old, new): (Option<&str>, Option<&str>)) -> Change {
        let element = Element {
            what: What::Operation,
            name: self.old.key.clone(),
            base: Some(Ids::operation(self.old.contract, self.id)),
            head: Some(Ids::operation(self.new.contract, self.head)),
        };
        let spot = |operation: &Operation, value: Option<&str>| Spot {
            site: operation.site.clone(),
            value: value.map(str::to_owned),
        };
        Change {
            facet,
            operations: vec![self.id],
            old: Some(spot(self.old, old)),
            new: Some(spot(self.new, new)),
            ..Change::new(kind, element)
        }
    }

    fn tags(&self) -> Vec<Change> {
        let missing = |from: &Operation, of: &Operation| -> Vec<String> {
            of.tags.iter().filter(|tag| !from.tags.contains(tag)).cloned().collect()
        };
        let gone = missing(self.new, self.old).into_iter().map(|tag| {
            let change = self.change(ChangeKind::Described, "tag", (Some(&tag), None));
            Change { aliases: vec!["api-tag-removed".to_owned()], ..change }
        });
        let added = missing(self.old, self.new).into_iter().map(|tag| {
            let change = self.change(ChangeKind::Described, "tag", (None, Some(&tag)));
            Change { aliases: vec!["api-tag-added".to_owned()], ..change }
        });
        gone.chain(added).collect()
    }

    /// Generated clients call the operation by it.
    fn operation_id(&self) -> Option<Change> {
        let (old, new) = (self.old.operation_id.as_deref(), self.new.operation_id.as_deref());
        if old == new {
            return None;
        }
        let (kind, alias) = match old {
            Some(_) => (ChangeKind::GeneratedCodeChanged, "api-operation-id-removed"),
            None => (ChangeKind::Described, "api-operation-id-added"),
        };
        let mut change = self.change(kind, "operationId", (old, new));
        change.aliases = vec![alias.to_owned()];
        // Nothing that runs breaks, and who generates code anew is told by the compiler: for information.
        if old.is_some() {
            change.breaks = Breaks { source: true, ..Breaks::default() };
            change.level = Some(Level::Info);
        }
        Some(change)
    }

    /// What consumers may rely on.
    fn stability(&self) -> Option<Change> {
        let (old, new) = (self.old.stability, self.new.stability);
        let (kind, alias) = match new.cmp(&old) {
            Ordering::Less => (ChangeKind::StabilityDecreased, "api-stability-decreased"),
            Ordering::Greater => (ChangeKind::Described, "api-stability-increased"),
            Ordering::Equal => return None,
        };
        let mut change = self.change(kind, "x-stability-level", (Some(old.name()), Some(new.name())));
        change.aliases = vec![alias.to_owned()];
        if new < old {
            change.compatibility = Compatibility::Breaking(None);
        }
        Some(change)
    }
}
