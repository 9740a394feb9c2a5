//! Operations that go on at another address.
//!
//! What is left over after operations were paired by method and path may be the same operation under another
//! one. In the order of what says so most surely: the whole address, with the base path of the servers, is the
//! same; so is the `operationId`; all that is left over lies below another prefix; everything else is equal.

use std::collections::{BTreeMap, BTreeSet};

use super::address::Bases;
use super::classes::{Classes, hash};
use crate::diff::pair::nameless;
use crate::model::change::Sides;
use crate::model::contract::{
    Body, Catalog, Contract, ContractId, ContractKind, Operation, OperationId, OperationKind, ParameterPlace, Protocol,
};

/// Operations that only one side has are compared with each other up to this many pairs.
const MOST_PAIRS: usize = 1 << 20;

/// Finds partners for operations of Base that have none yet, in the contracts that their own goes on in.
pub(in crate::diff) fn pair(sides: Sides<'_>, partners: &[Vec<ContractId>], operations: &mut [Option<OperationId>]) {
    let mut taken: BTreeSet<OperationId> = operations.iter().flatten().copied().collect();
    for (at, base) in sides.base.contracts.iter().enumerate().filter(|(_, it)| it.kind == ContractKind::OpenApi) {
        let Some([head]) = partners.get(at).map(Vec::as_slice) else { continue };
        let is_lonely = |id: &OperationId| operations.get(id.index()).is_some_and(Option::is_none);
        let mut left = Left {
            sides,
            base,
            head: sides.head.contract(*head),
            old: served(sides.base, ContractId::at(at)).filter(is_lonely).collect(),
            new: served(sides.head, *head).filter(|id| !taken.contains(id)).collect(),
            found: Vec::new(),
        };
        left.pair();
        for (old, new) in left.found {
            taken.insert(new);
            if let Some(partner) = operations.get_mut(old.index()) {
                *partner = Some(new);
            }
        }
    }
}

fn served(catalog: &Catalog, contract: ContractId) -> impl Iterator<Item = OperationId> {
    let range = catalog.contract(contract).operations.clone();
    let ids = (range.start.0..range.end.0).map(OperationId);
    ids.filter(|id| catalog.operation(*id).kind == OperationKind::Served)
}

/// What has no partner yet in a contract and its partner.
struct Left<'a> {
    sides: Sides<'a>,
    base: &'a Contract,
    head: &'a Contract,
    old: Vec<OperationId>,
    new: Vec<OperationId>,
    found: Vec<(OperationId, OperationId)>,
}

impl Left<'_> {
    fn pair(&mut self) {
        if self.old.is_empty() || self.new.is_empty() {
            return;
        }
        let (old, new) = (Bases::of(self.sides.base, self.base), Bases::of(self.sides.head, self.head));
        self.by_keys(|operation| located(&old, operation), |operation| located(&new, operation));
        let id = |operation: &Operation| operation.operation_id.clone();
        self.by_keys(id, id);
        self.by_prefix();
        if !self.old.is_empty() && !self.new.is_empty() {
            let [old, new] = Classes::of(&self.base.schemas, &self.head.schemas);
            self.by_keys(|operation| rest(operation, &old), |operation| rest(operation, &new));
        }
    }

    /// By keys that one operation alone has on either side.
    fn by_keys<K: Ord>(
        &mut self,
        in_base: impl Fn(&Operation) -> Option<K>,
        in_head: impl Fn(&Operation) -> Option<K>,
    ) {
        let old = unique(&self.old, |id| in_base(self.sides.base.operation(id)));
        let mut new = unique(&self.new, |id| in_head(self.sides.head.operation(id)));
        let both = old.into_iter().filter_map(|(key, old)| Some((old, new.remove(&key)?))).collect();
        self.take(both);
    }

    /// All that is left of Base lies below one path, and in Head below another: `/v1` became `/v2`.
    fn by_prefix(&mut self) {
        let Some(first) = self.old.first().and_then(|id| nameless(self.sides.base.operation(*id))) else { return };
        if self.old.len() < 2 || self.old.len().saturating_mul(self.new.len()) > MOST_PAIRS {
            return;
        }
        let new = unique(&self.new, |id| nameless(self.sides.head.operation(id)));
        for candidate in new.keys() {
            let Some((from, to)) = prefixes(&first, candidate) else { continue };
            let moved = |id: &OperationId| {
                let key = nameless(self.sides.base.operation(*id))?;
                let (method, path) = key.split_once(' ')?;
                let rest = path.strip_prefix(from).filter(|rest| rest.starts_with('/'))?;
                Some((*id, *new.get(&format!("{method} {to}{rest}"))?))
            };
            if let Some(all) = self.old.iter().map(moved).collect() {
                self.take(all);
                return;
            }
        }
    }

    fn take(&mut self, pairs: Vec<(OperationId, OperationId)>) {
        self.old.retain(|id| !pairs.iter().any(|(old, _)| old == id));
        self.new.retain(|id| !pairs.iter().any(|(_, new)| new == id));
        self.found.extend(pairs);
    }
}

fn unique<K: Ord>(ids: &[OperationId], key: impl Fn(OperationId) -> Option<K>) -> BTreeMap<K, OperationId> {
    let mut by_key: BTreeMap<K, Option<OperationId>> = BTreeMap::new();
    for (key, id) in ids.iter().filter_map(|id| Some((key(*id)?, *id))) {
        by_key.entry(key).and_modify(|known| *known = None).or_insert(Some(id));
    }
    by_key.into_iter().filter_map(|(key, id)| Some((key, id?))).collect()
}

/// Method and path from the host on, if it has one base path only.
fn located(bases: &Bases, operation: &Operation) -> Option<String> {
    let [base] = &*bases.paths(operation) else { return None };
    let key = nameless(operation)?;
    let (method, path) = key.split_once(' ')?;
    Some(format!("{method} {base}{path}"))
}

/// What two paths of the same method begin with, where the rest, from a name on, is the same.
fn prefixes<'a>(old: &'a str, new: &'a str) -> Option<(&'a str, &'a str)> {
    let ((method, a), (other, b)) = (old.split_once(' ')?, new.split_once(' ')?);
    if method != other {
        return None;
    }
    let same: Vec<&str> = a.rsplit('/').zip(b.rsplit('/')).take_while(|(x, y)| x == y).map(|(x, _)| x).collect();
    let length: usize = same.iter().map(|segment| segment.len() + 1).sum();
    let is_named = same.iter().any(|segment| !segment.is_empty() && !segment.contains('{'));
    let (from, to) = (a.get(..a.len().checked_sub(length)?)?, b.get(..b.len().checked_sub(length)?)?);
    (is_named && from != to && !from.contains('{') && !to.contains('{')).then_some((from, to))
}

/// Everything but the path, of operations that say enough to be known by it.
fn rest(operation: &Operation, classes: &Classes) -> Option<u64> {
    let Protocol::Http { method, .. } = &operation.protocol else { return None };
    let class = |body: &Body| hash(&(&body.media_type, body.required, body.schema.map(|id| classes.get(id))));
    let all = |bodies: &[Body]| bodies.iter().map(class).collect::<BTreeSet<u64>>();
    let parameters: BTreeSet<u64> = operation
        .parameters
        .iter()
        .map(|it| {
            // Those of the path are called as the path calls them.
            let name = Some(&it.name).filter(|_| it.place != ParameterPlace::Path);
            hash(&(name, it.place, it.required, it.schema.map(|id| classes.get(id))))
        })
        .collect();
    let responses: BTreeSet<u64> =
        operation.responses.iter().map(|response| hash(&(&response.status, all(&response.bodies)))).collect();
    let says_enough = operation.request.iter().any(|body| body.schema.is_some())
        && operation.responses.iter().any(|response| response.bodies.iter().any(|body| body.schema.is_some()));
    let key = (method, &operation.operation_id, &operation.tags, parameters, all(&operation.request), responses);
    says_enough.then(|| hash(&key))
}
