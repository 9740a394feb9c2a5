//! Which contract and operation of Head is which of Base.

use std::collections::{BTreeMap, BTreeSet};

use super::openapi::moved;
use crate::model::change::Sides;
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind, Operation, OperationId, Protocol};

/// The partners in Head of everything in Base that has one.
pub(super) struct Pairs {
    /// By contract of Base: where its parts may be found in Head, likeliest first.
    contracts: Vec<Vec<ContractId>>,
    /// By operation of Base.
    operations: Vec<Option<OperationId>>,
}

impl Pairs {
    /// Pairs contracts, then operations.
    pub(super) fn new(sides: Sides<'_>) -> Self {
        let contracts = pair_contracts(sides);
        let mut operations = pair_operations(sides, &contracts);
        moved::pair(sides, &contracts, &mut operations);
        Self { contracts, operations }
    }

    /// The contract in Head.
    pub(super) fn contract(&self, base: ContractId) -> Option<ContractId> {
        self.contracts.get(base.index())?.first().copied()
    }

    /// Every contract in Head that may be it, likeliest first.
    pub(super) fn contracts(&self, base: ContractId) -> &[ContractId] {
        self.contracts.get(base.index()).map(Vec::as_slice).unwrap_or_default()
    }

    /// The operation in Head.
    pub(super) fn operation(&self, base: OperationId) -> Option<OperationId> {
        self.operations.get(base.index()).copied().flatten()
    }
}

/// By id; a moved OpenAPI document by a title that nothing else has, a protobuf package that is
/// found below other roots by its name.
fn pair_contracts(sides: Sides<'_>) -> Vec<Vec<ContractId>> {
    let by_id: BTreeMap<(ContractKind, &str), ContractId> =
        contracts(sides.head).map(|(id, contract)| ((contract.kind, contract.id.as_str()), id)).collect();
    let same_id = |contract: &Contract| by_id.get(&(contract.kind, contract.id.as_str())).copied();
    let claimed: BTreeSet<ContractId> = sides.base.contracts.iter().filter_map(same_id).collect();

    let titles = |catalog, is_open: &dyn Fn(ContractId, &Contract) -> bool| {
        let mut titles: BTreeMap<(ContractKind, String), Vec<ContractId>> = BTreeMap::new();
        for (id, contract) in contracts(catalog).filter(|(id, contract)| is_open(*id, contract)) {
            titles.entry((contract.kind, contract.title.clone())).or_default().push(id);
        }
        titles
    };
    let unpaired_base = titles(sides.base, &|_, contract| same_id(contract).is_none());
    let unclaimed_head = titles(sides.head, &|id, _| !claimed.contains(&id));
    let packages = titles(sides.head, &|_, contract| contract.kind == ContractKind::Protobuf);

    let partners = |contract: &Contract| {
        if let Some(id) = same_id(contract) {
            return vec![id];
        }
        let title = (contract.kind, contract.title.clone());
        if contract.kind == ContractKind::Protobuf {
            return packages.get(&title).cloned().unwrap_or_default();
        }
        match (unpaired_base.get(&title).map(Vec::len), unclaimed_head.get(&title).map(Vec::as_slice)) {
            (Some(1), Some([moved])) => vec![*moved],
            _ => Vec::new(),
        }
    };
    sides.base.contracts.iter().map(partners).collect()
}

fn contracts(catalog: &Catalog) -> impl Iterator<Item = (ContractId, &Contract)> {
    catalog.contracts.iter().enumerate().map(|(at, contract)| (ContractId::at(at), contract))
}

/// By key within paired contracts, else by key in a document that is new in Head: one was split,
/// or moved and given another title.
fn pair_operations(sides: Sides<'_>, partners: &[Vec<ContractId>]) -> Vec<Option<OperationId>> {
    let known: BTreeSet<ContractId> = partners.iter().flatten().copied().collect();
    let mut exact: BTreeMap<(ContractId, &str), OperationId> = BTreeMap::new();
    let mut alike: BTreeMap<(ContractId, String), OperationId> = BTreeMap::new();
    let mut moved: BTreeMap<String, Vec<OperationId>> = BTreeMap::new();
    for (id, operation) in sides.head.operations() {
        exact.entry((operation.contract, &operation.key)).or_insert(id);
        if let Some(key) = nameless(operation) {
            if !known.contains(&operation.contract) {
                moved.entry(key.clone()).or_default().push(id);
            }
            alike.entry((operation.contract, key)).or_insert(id);
        }
    }
    let partner = |operation: &Operation| {
        let contracts = partners.get(operation.contract.index())?;
        let same = contracts.iter().find_map(|contract| exact.get(&(*contract, operation.key.as_str())));
        if same.is_some() {
            return same.copied();
        }
        let key = nameless(operation)?;
        let alike = contracts.iter().find_map(|contract| alike.get(&(*contract, key.clone())));
        alike.copied().or_else(|| match moved.get(&key)?.as_slice() {
            [only] if is_moved(sides, operation, *only) => Some(*only),
            _ => None,
        })
    };
    sides.base.operations.iter().map(partner).collect()
}

/// Method and path with the names of path parameters left out; none for an rpc.
pub(super) fn nameless(operation: &Operation) -> Option<String> {
    let Protocol::Http { method, path } = &operation.protocol else { return None };
    let mut key = format!("{method} ");
    let mut rest = path.as_str();
    while let Some((before, (name, after))) =
        rest.split_once('{').and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
    {
        key.push_str(before);
        key.push('{');
        // `{name=shelves/*}` of a binding says more than a name.
        key.push_str(name.split_once('=').map_or("", |(_, segments)| segments));
        key.push('}');
        rest = after;
    }
    key.push_str(rest);
    Some(key)
}

/// Many APIs have a `GET /health`: the same provider or operation id must speak for a move.
fn is_moved(sides: Sides<'_>, base: &Operation, head: OperationId) -> bool {
    let Some(head) = sides.head.operations.get(head.index()) else { return false };
    let provider = |catalog: &Catalog, contract: ContractId| {
        catalog.contracts.get(contract.index()).and_then(|contract| contract.provider)
    };
    let is_same = |a: Option<&str>, b: Option<&str>| a.is_some() && a == b;
    let (old, new) = (provider(sides.base, base.contract), provider(sides.head, head.contract));
    (old.is_some() && old == new) || is_same(base.operation_id.as_deref(), head.operation_id.as_deref())
}
