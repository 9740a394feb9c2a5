//! Copies of one protobuf contract: a consumer generates its client from a copy of its own, which lags behind that of
//! the provider. What it uses of the copy is what the provider gives.

use std::collections::{BTreeMap, BTreeSet};

use super::roles::ByService;
use super::{CallLink, CallLinks};
use crate::model::contract::{Catalog, ContractKind, FieldRef, MessageId, Operation, OperationId};
use crate::model::map::Edge;

/// Operations and messages of copies, by what they are copies of.
///
/// An operation is a copy if nobody here implements it and exactly one of the same name is implemented, in another
/// contract of the same package. A message is one if it is sent or answered by such operations and by no other. In
/// protobuf a name with its package is the same everywhere (protobuf.com/docs/language-spec, "Fully-Qualified Names").
#[derive(Debug, Default)]
pub(super) struct Copies {
    operations: BTreeMap<OperationId, OperationId>,
    messages: BTreeMap<MessageId, MessageId>,
}

impl Copies {
    /// Looks for copies of what services implement.
    pub(super) fn new(catalog: &Catalog, provided: &ByService) -> Self {
        let mut originals: BTreeMap<(&str, &str), Option<OperationId>> = BTreeMap::new();
        for id in provided.values().flatten() {
            let Some(named) = named(catalog, catalog.operation(*id)) else { continue };
            let known = originals.entry(named).or_insert(Some(*id));
            if *known != Some(*id) {
                *known = None;
            }
        }
        let mut copies = Self::default();
        let mut own = Vec::new();
        for (id, operation) in catalog.operations() {
            let original = named(catalog, operation).and_then(|named| originals.get(&named).copied().flatten());
            match original.filter(|original| *original != id) {
                Some(original) => drop(copies.operations.insert(id, original)),
                None => own.extend(messages(operation)),
            }
        }
        if !copies.operations.is_empty() {
            copies.pair_messages(catalog, own);
        }
        copies
    }

    /// Pairs the messages of operations and of their copies, those inside other messages included.
    fn pair_messages(&mut self, catalog: &Catalog, own: Vec<MessageId>) {
        let pairs = self.operations.iter().flat_map(|(copy, original)| {
            let originals: Vec<MessageId> = messages(catalog.operation(*original)).collect();
            messages(catalog.operation(*copy))
                .flat_map(move |copy| originals.clone().into_iter().map(move |original| (copy, original)))
        });
        let mut open: Vec<(MessageId, MessageId)> = pairs.collect();
        while let Some((copy, original)) = open.pop() {
            if catalog.message(copy).name != catalog.message(original).name || self.messages.contains_key(&copy) {
                continue;
            }
            self.messages.insert(copy, original);
            for field in &catalog.message(copy).fields {
                let Some(other) = self.field(catalog, copy, field.number) else { continue };
                let others = catalog.field(other).shape.messages();
                let inner = field.shape.messages().into_iter();
                open.extend(inner.flat_map(|inner| others.iter().map(move |other| (inner, *other))));
            }
        }
        // What an operation of the contract's own carries as well stays its own.
        let mut open = own;
        let mut seen = BTreeSet::new();
        while let Some(message) = open.pop() {
            if seen.insert(message) {
                self.messages.remove(&message);
                open.extend(catalog.message(message).fields.iter().flat_map(|field| field.shape.messages()));
            }
        }
    }

    fn field(&self, catalog: &Catalog, copy: MessageId, number: Option<u32>) -> Option<FieldRef> {
        let message = *self.messages.get(&copy)?;
        let index = catalog.message(message).fields.iter().position(|field| field.number == number)?;
        Some(FieldRef { message, index: u32::try_from(index).ok()? })
    }

    /// The calls, with operations of copies replaced by what they are copies of.
    pub(super) fn calls(&self, calls: &CallLinks) -> CallLinks {
        let replaced = |link: &CallLink| CallLink { operation: self.operation(link.operation), ..link.clone() };
        CallLinks(calls.0.iter().map(|link| link.as_ref().map(replaced).map_err(|why| *why)).collect())
    }

    fn operation(&self, operation: OperationId) -> OperationId {
        self.operations.get(&operation).copied().unwrap_or(operation)
    }

    /// Ties an edge to what the provider has. What only the copy has stays there.
    pub(super) fn replace(&self, catalog: &Catalog, edge: &mut Edge) {
        edge.operation = edge.operation.map(|operation| self.operation(operation));
        let Some(field) = edge.field else { return };
        if let Some(original) = self.field(catalog, field.message, catalog.field(field).number) {
            edge.field = Some(original);
            edge.field_path = Some(catalog.field_name(original));
        }
    }
}

/// The package and the full name of an rpc; none without a package, where anybody's service may have the name.
fn named<'c>(catalog: &'c Catalog, operation: &'c Operation) -> Option<(&'c str, &'c str)> {
    let contract = catalog.contract(operation.contract);
    let is_named = contract.kind == ContractKind::Protobuf && !contract.title.is_empty();
    is_named.then_some((contract.title.as_str(), operation.key.as_str()))
}

fn messages(operation: &Operation) -> impl Iterator<Item = MessageId> {
    let answered = operation.responses.iter().flat_map(|response| &response.bodies);
    operation.request.iter().chain(answered).flat_map(|body| body.shape.messages())
}
