//! In which operations of Base the parts of protobuf contracts travel.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::Body;
use super::make::Whereabouts;
use super::pairing::Pairing;
use crate::diff::shape::{Side, bodies};
use crate::diff::travel::{Node, Search, Travel};
use crate::model::change::Direction;
use crate::model::contract::{ContractKind, MessageId, OperationId, ProtoKind};

/// Answers where something travels.
pub(super) struct Travels<'p, 'a> {
    pairing: &'p Pairing<'a>,
    travel: Travel,
    nodes: BTreeMap<MessageId, Node>,
    /// Messages that have a field of an enumeration, by its full name.
    holders: BTreeMap<&'a str, Vec<MessageId>>,
    search: Search,
}

impl<'p, 'a> Travels<'p, 'a> {
    pub(super) fn new(pairing: &'p Pairing<'a>) -> Self {
        let mut travels = Self {
            pairing,
            travel: Travel::default(),
            nodes: BTreeMap::new(),
            holders: BTreeMap::new(),
            search: Search::default(),
        };
        for (at, item) in pairing.base.items.iter().enumerate() {
            let Body::Message(id) = item.body else { continue };
            let partner = pairing.items[at].map(|partner| pairing.head.items[partner.item].body);
            let head = match partner {
                Some(Body::Message(head)) => Some(head),
                _ => None,
            };
            let node = travels.travel.node((id, head));
            travels.nodes.insert(id, node);
        }
        travels.follow_fields();
        travels.follow_operations();
        travels
    }

    fn follow_fields(&mut self) {
        let catalog = self.pairing.base.catalog;
        for (id, node) in &self.nodes {
            for field in &catalog.message(*id).fields {
                for inner in field.shape.messages() {
                    if let Some(inner) = self.nodes.get(&inner) {
                        self.travel.holds(*node, *inner);
                    }
                }
                if let Some(proto) = field.proto.as_ref().filter(|proto| is_enum(proto.kind)) {
                    self.holders.entry(&proto.type_name).or_default().push(*id);
                }
            }
        }
    }

    fn follow_operations(&mut self) {
        let catalog = self.pairing.base.catalog;
        let is_protobuf = |contract| catalog.contract(contract).kind == ContractKind::Protobuf;
        for (id, operation) in catalog.operations().filter(|(_, operation)| is_protobuf(operation.contract)) {
            for side in [Side::Request, Side::Response] {
                for message in bodies(operation, side).flat_map(|body| body.shape.messages()) {
                    if let Some(node) = self.nodes.get(&message) {
                        self.travel.carries(id, side, *node);
                    }
                }
            }
        }
    }

    /// Every message with its partner.
    pub(super) const fn messages(&self) -> &Travel {
        &self.travel
    }

    pub(super) fn of_message(&mut self, message: MessageId) -> Whereabouts {
        self.of_messages(std::iter::once(message))
    }

    pub(super) fn of_enum(&mut self, name: &str) -> Whereabouts {
        let holders = self.holders.get(name).cloned().unwrap_or_default();
        self.of_messages(holders.into_iter())
    }

    pub(super) fn of_item(&mut self, item: usize) -> Whereabouts {
        match self.pairing.base.items[item].body {
            Body::Message(id) => self.of_message(id),
            Body::Enum(declared) => self.of_enum(&declared.name),
            Body::Service => self.of_rpcs(std::iter::once(item)),
            Body::Extension(_) => Whereabouts::default(),
        }
    }

    /// The operations that a file declares, and those in which its messages travel.
    pub(super) fn of_file(&mut self, file: usize) -> Whereabouts {
        let items = &self.pairing.base.files[file].items;
        let messages: Vec<MessageId> = items.iter().filter_map(|item| self.message(*item)).collect();
        let own = self.of_rpcs(items.iter().copied());
        merged(self.of_messages(messages.into_iter()), own)
    }

    pub(super) fn of_package(&mut self, package: &str) -> Whereabouts {
        let base = &self.pairing.base;
        let mut all = Whereabouts::default();
        let files = base.files.iter().enumerate().filter(|(_, file)| file.package == package);
        for file in files.map(|(at, _)| at).collect::<Vec<_>>() {
            all = merged(all, self.of_file(file));
        }
        all
    }

    fn message(&self, item: usize) -> Option<MessageId> {
        match self.pairing.base.items[item].body {
            Body::Message(id) => Some(id),
            _ => None,
        }
    }

    fn of_rpcs(&self, items: impl Iterator<Item = usize>) -> Whereabouts {
        let rpcs = items.flat_map(|item| self.pairing.base.rpcs.range((item, "")..(item + 1, "")));
        let operations: Vec<OperationId> = rpcs.map(|(_, id)| *id).collect();
        let goes = !operations.is_empty();
        (Direction { request: goes, response: goes }, operations)
    }

    fn of_messages(&mut self, messages: impl Iterator<Item = MessageId>) -> Whereabouts {
        let nodes = messages.filter_map(|message| self.nodes.get(&message).copied());
        let (direction, operations) = self.search.whereabouts(&self.travel, nodes);
        (direction, operations.into_iter().collect())
    }
}

const fn is_enum(kind: ProtoKind) -> bool {
    // The values of a map may be of an enumeration too; the name tells it.
    matches!(kind, ProtoKind::Enum | ProtoKind::Map(_))
}

fn merged(one: Whereabouts, other: Whereabouts) -> Whereabouts {
    let direction =
        Direction { request: one.0.request || other.0.request, response: one.0.response || other.0.response };
    let operations: BTreeSet<OperationId> = one.1.into_iter().chain(other.1).collect();
    (direction, operations.into_iter().collect())
}
