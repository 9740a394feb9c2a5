//! Where a message travels: in which operations, and in which direction.

use std::collections::{BTreeMap, BTreeSet};

use super::shape::Side;
use crate::model::change::Direction;
use crate::model::contract::{MessageId, OperationId};

/// A message of Base, and the one of Head that takes its place, if there is one.
pub(super) type MessagePair = (MessageId, Option<MessageId>);

/// A pair of messages in a [`Travel`].
pub(super) type Node = usize;

/// Pairs of messages, each once, with what holds them.
#[derive(Debug, Default)]
pub(super) struct Travel {
    pairs: Vec<MessagePair>,
    nodes: BTreeMap<MessagePair, Node>,
    /// By node: nodes that have it in a field.
    holders: Vec<Vec<Node>>,
    /// By node: operations that have it in a body or parameter.
    carriers: Vec<Vec<(OperationId, Side)>>,
}

impl Travel {
    /// The node of a pair, which is made if it is new.
    pub(super) fn node(&mut self, pair: MessagePair) -> Node {
        self.enter(pair).0
    }

    /// The node of a pair, and whether it is new.
    pub(super) fn enter(&mut self, pair: MessagePair) -> (Node, bool) {
        if let Some(node) = self.nodes.get(&pair) {
            return (*node, false);
        }
        let node = self.pairs.len();
        self.nodes.insert(pair, node);
        self.pairs.push(pair);
        self.holders.push(Vec::new());
        self.carriers.push(Vec::new());
        (node, true)
    }

    /// `outer` has `inner` in a field.
    pub(super) fn holds(&mut self, outer: Node, inner: Node) {
        if let Some(holders) = self.holders.get_mut(inner) {
            holders.push(outer);
        }
    }

    /// `operation` has `node` in a body or parameter.
    pub(super) fn carries(&mut self, operation: OperationId, side: Side, node: Node) {
        if let Some(carriers) = self.carriers.get_mut(node) {
            carriers.push((operation, side));
        }
    }

    /// Every node with its pair.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (Node, MessagePair)> {
        self.pairs.iter().copied().enumerate()
    }
}

/// Finds where nodes travel, going from holder to holder. What it remembers serves the next search.
#[derive(Debug, Default)]
pub(super) struct Search {
    /// By node: the last search that came by.
    seen: Vec<usize>,
    searches: usize,
}

impl Search {
    /// Operations whose data contains one of the nodes, and the directions they go in.
    pub(super) fn whereabouts(
        &mut self,
        travel: &Travel,
        starts: impl Iterator<Item = Node>,
    ) -> (Direction, BTreeSet<OperationId>) {
        self.searches += 1;
        self.seen.resize(travel.pairs.len(), 0);
        let mut direction = Direction { request: false, response: false };
        let mut operations = BTreeSet::new();
        let mut open: Vec<Node> = starts.collect();
        while let Some(node) = open.pop() {
            match self.seen.get_mut(node) {
                Some(seen) if *seen != self.searches => *seen = self.searches,
                _ => continue,
            }
            for (operation, side) in travel.carriers.get(node).into_iter().flatten() {
                operations.insert(*operation);
                direction.request |= *side == Side::Request;
                direction.response |= *side == Side::Response;
            }
            open.extend(travel.holders.get(node).into_iter().flatten());
        }
        (direction, operations)
    }
}
