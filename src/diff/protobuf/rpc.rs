//! What became of the rpcs of a service, and of the HTTP operations that stand for them.

use std::collections::BTreeSet;

use super::binding;
use super::declared::removal_ids;
use super::generated;
use super::make::{Draft, Part, breaks};
use super::message::deprecation;
use super::pairing::Pairing;
use super::types::{self, Kind, Type};
use crate::model::change::{ChangeKind, Direction, Element, Ids, What};
use crate::model::contract::{Marks, Operation, OperationId, ProtoMethod, Protocol};
use crate::model::source::Site;

/// A change of an operation, with the operation.
pub(super) type OfOperation = (Draft, Direction, OperationId);

/// Every change of the rpcs of a service of Base.
pub(super) fn compare(pairing: &Pairing<'_>, service: usize) -> Vec<OfOperation> {
    let rpcs = pairing.base.rpcs.range((service, "")..(service + 1, ""));
    let mut changes = Vec::new();
    let mut gone = Vec::new();
    for ((_, method), id) in rpcs {
        match pairing.rpc(service, method) {
            Some(head) => changes.extend(RpcPair::new(pairing, *id, head).compare()),
            None => gone.push(*id),
        }
    }
    let mut new = newcomers(pairing, service);
    let renamed: Vec<Option<OperationId>> = gone.iter().map(|id| heir(pairing, *id, &gone, &new)).collect();
    new.retain(|head| !renamed.contains(&Some(*head)));
    for (id, heir) in gone.into_iter().zip(renamed) {
        changes.push(match heir {
            Some(head) => RpcPair::new(pairing, id, head).renamed(),
            None => removed(pairing, service, id),
        });
    }
    changes.extend(new.into_iter().map(|head| added(pairing, service, head)));
    changes
}

/// The only new rpc that takes and gives what one that is gone did, if no other that is gone did.
fn heir(pairing: &Pairing<'_>, id: OperationId, gone: &[OperationId], new: &[OperationId]) -> Option<OperationId> {
    let mut heirs = new.iter().copied().filter(|head| is_renamed(pairing, id, *head));
    let (Some(heir), None) = (heirs.next(), heirs.next()) else { return None };
    let is_other = |other: &OperationId| *other != id && is_renamed(pairing, *other, heir);
    (!gone.iter().any(is_other)).then_some(heir)
}

/// Rpcs that only Head has.
fn newcomers(pairing: &Pairing<'_>, service: usize) -> Vec<OperationId> {
    let Some(partner) = pairing.items[service] else { return Vec::new() };
    let known: BTreeSet<&str> =
        pairing.base.rpcs.range((service, "")..(service + 1, "")).map(|((_, method), _)| *method).collect();
    let all = pairing.head.rpcs.range((partner.item, "")..(partner.item + 1, ""));
    all.filter(|((_, method), _)| !known.contains(method)).map(|(_, id)| *id).collect()
}

/// Takes and gives the same, in the same manner.
fn is_renamed(pairing: &Pairing<'_>, base: OperationId, head: OperationId) -> bool {
    let pair = RpcPair::new(pairing, base, head);
    let (Some(old), Some(new)) = (&pair.old.proto, &pair.new.proto) else { return false };
    pairing.is_same_type(What::Message, &old.types.0, &new.types.0)
        && pairing.is_same_type(What::Message, &old.types.1, &new.types.1)
        && streams(pair.old) == streams(pair.new)
}

fn removed(pairing: &Pairing<'_>, service: usize, id: OperationId) -> OfOperation {
    let operation = pairing.base.catalog.operation(id);
    let head = pairing.items[service].map(|partner| &pairing.head.items[partner.item]);
    let left = pairing.contract(operation.contract);
    let aliases = if head.is_some() { vec!["RPC_NO_DELETE"] } else { removal_ids(pairing, service) };
    let element = Element {
        what: What::Operation,
        name: operation.key.clone(),
        base: Some(Ids::operation(operation.contract, id)),
        head: left.map(Ids::contract),
    };
    let at_contract = || left.map(|contract| pairing.head.catalog.contract(contract).site.clone());
    let site = head.map(|item| item.site.clone()).or_else(at_contract);
    let draft = Draft::new(ChangeKind::OperationRemoved, element).aliases(aliases);
    let draft = draft.at(Some(operation.site.clone()), site).breaking(breaks(true, true, true));
    (draft, Direction { request: true, response: true }, id)
}

fn added(pairing: &Pairing<'_>, service: usize, head: OperationId) -> OfOperation {
    let operation = pairing.head.catalog.operation(head);
    let element = Element {
        what: What::Operation,
        name: operation.key.clone(),
        base: Some(Ids::contract(pairing.base.items[service].contract)),
        head: Some(Ids::operation(operation.contract, head)),
    };
    let draft = Draft::new(ChangeKind::Added, element).at(None, Some(operation.site.clone()));
    (draft, Direction::default(), head)
}

/// One rpc on both sides.
struct RpcPair<'a> {
    pairing: &'a Pairing<'a>,
    ids: (OperationId, OperationId),
    old: &'a Operation,
    new: &'a Operation,
}

const fn streams(operation: &Operation) -> (bool, bool) {
    match operation.protocol {
        Protocol::Rpc { client_streaming, server_streaming, .. } => (client_streaming, server_streaming),
        Protocol::Http { .. } => (false, false),
    }
}

impl<'a> RpcPair<'a> {
    fn new(pairing: &'a Pairing<'_>, base: OperationId, head: OperationId) -> Self {
        let (old, new) = (pairing.base.catalog.operation(base), pairing.head.catalog.operation(head));
        Self { pairing, ids: (base, head), old, new }
    }

    fn element(&self, what: What) -> Element {
        Element {
            what,
            name: self.old.key.clone(),
            base: Some(Ids::operation(self.old.contract, self.ids.0)),
            head: Some(Ids::operation(self.new.contract, self.ids.1)),
        }
    }

    fn sites(&self) -> (Site, Site) {
        (self.old.site.clone(), self.new.site.clone())
    }

    fn compare(&self) -> Vec<OfOperation> {
        let both = Direction { request: true, response: true };
        let mut changes = Vec::new();
        let marks = (&self.old.marks, &self.new.marks);
        let element = self.element(What::Operation);
        changes.extend(self.streaming().map(|draft| (draft, both)));
        changes.extend(self.request().map(|draft| (draft, Direction { request: true, response: false })));
        changes.extend(self.response().map(|draft| (draft, Direction { request: false, response: true })));
        changes.extend(self.idempotency().map(|draft| (draft, both)));
        changes.extend(
            deprecation(&element, marks, (&Marks::default(), &Marks::default())).into_iter().map(|draft| (draft, both)),
        );
        let mut changes: Vec<OfOperation> =
            changes.into_iter().map(|(draft, direction)| (draft, direction, self.ids.0)).collect();
        changes.extend(binding::compare(self.pairing, self.ids));
        changes
    }

    fn renamed(&self) -> OfOperation {
        let draft = Draft::new(ChangeKind::OperationMoved, self.element(What::Operation));
        let draft = draft.aliases(vec!["RPC_NO_DELETE"]).turned(self.sites(), &*self.old.key, &*self.new.key);
        (draft.breaking(breaks(true, true, true)), Direction { request: true, response: true }, self.ids.0)
    }

    fn streaming(&self) -> Option<Draft> {
        let (old, new) = (streams(self.old), streams(self.new));
        let mut aliases = Vec::new();
        if old.0 != new.0 {
            aliases.push("RPC_SAME_CLIENT_STREAMING");
        }
        if old.1 != new.1 {
            aliases.push("RPC_SAME_SERVER_STREAMING");
        }
        let name = |streams: (bool, bool)| match streams {
            (false, false) => "unary",
            (true, false) => "client streaming",
            (false, true) => "server streaming",
            (true, true) => "bidirectional streaming",
        };
        let draft = Draft::new(ChangeKind::StreamingChanged, self.element(What::Operation)).aliases(aliases);
        (old != new).then(|| draft.turned(self.sites(), name(old), name(new)).breaking(breaks(true, true, true)))
    }

    fn request(&self) -> Option<Draft> {
        let (old, new) = (self.old.request.first()?, self.new.request.first()?);
        let sites = (old.site.clone(), new.site.clone());
        self.typed(What::RequestBody, "RPC_SAME_REQUEST_TYPE", sites, |proto| &proto.types.0)
    }

    fn response(&self) -> Option<Draft> {
        let site = |operation: &Operation| {
            let response = operation.responses.first()?;
            Some(response.bodies.first()?.site.clone())
        };
        let sites = (site(self.old)?, site(self.new)?);
        self.typed(What::ResponseBody, "RPC_SAME_RESPONSE_TYPE", sites, |proto| &proto.types.1)
    }

    fn typed(
        &self,
        what: What,
        id: &'static str,
        sites: (Site, Site),
        name: fn(&ProtoMethod) -> &str,
    ) -> Option<Draft> {
        let (old, new) = (name(self.old.proto.as_ref()?), name(self.new.proto.as_ref()?));
        if old == new {
            return None;
        }
        let used = |name, contract| (Type { kind: Kind::Message, name }, contract);
        let (before, after) = (used(old, self.old.contract), used(new, self.new.contract));
        let wire = types::breaks_wire(self.pairing, before, after);
        let json = types::breaks_json(self.pairing, before, after);
        let mut draft = Draft::new(ChangeKind::FieldTypeChanged, self.element(what)).aliases(vec![id]);
        if self.pairing.is_same_type(What::Message, old, new) {
            draft.part = Some(Part::Type(What::Message, old.to_owned()));
        }
        Some(draft.turned(sites, old, new).breaking(breaks(wire, json, true)))
    }

    /// Who relies on a call having no effect, or only one, repeats it; Connect sends it as a GET.
    fn idempotency(&self) -> Option<Draft> {
        let level = |operation: &Operation| {
            let value = generated::value(&operation.proto.as_ref()?.options, "idempotency_level");
            Some(value.unwrap_or_else(|| "IDEMPOTENCY_UNKNOWN".to_owned()))
        };
        let (old, new) = (level(self.old)?, level(self.new)?);
        let promise = |level: &str| ["IDEMPOTENT", "NO_SIDE_EFFECTS"].iter().position(|known| *known == level);
        let draft = Draft::new(ChangeKind::IdempotencyChanged, self.element(What::Operation))
            .aliases(vec!["RPC_SAME_IDEMPOTENCY_LEVEL"])
            .turned(self.sites(), &*old, &*new);
        match promise(&old) > promise(&new) {
            _ if old == new => None,
            true => Some(draft.breaking(breaks(true, true, false))),
            // More is promised than before.
            false => Some(draft),
        }
    }
}
