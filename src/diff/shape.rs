//! The messages of OpenAPI documents, paired by the places they stand in.
//!
//! What a schema is called does not matter: a consumer sees the data of an operation, position by
//! position.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::pair::Pairs;
use super::travel::{Node, Travel};
use crate::model::change::Sides;
use crate::model::contract::{Body, Catalog, ContractKind, Message, MessageId, Operation, Parameter, ParameterPlace};
use crate::model::contract::{Response, Shape};

/// Members of a union that are compared with each other when their names say nothing.
const MAX_GUESSES: usize = 32;

/// What travels in which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// From the consumer.
    Request,
    /// To the consumer.
    Response,
}

/// Every pair of messages that stand in the same place of the same operation.
pub(super) fn message_pairs(sides: Sides<'_>, pairs: &Pairs) -> Travel {
    let mut walk = Walk { sides, travel: Travel::default(), open: Vec::new() };
    for (id, base) in sides.base.operations() {
        let contract = sides.base.contracts.get(base.contract.index());
        let partner = pairs.operation(id).and_then(|head| sides.head.operations.get(head.index()));
        let (Some(ContractKind::OpenApi), Some(head)) = (contract.map(|contract| contract.kind), partner) else {
            continue;
        };
        for (side, base, head) in positions(base, head) {
            for pair in walk.messages(base, head) {
                let (node, is_new) = walk.travel.enter((pair.0, Some(pair.1)));
                walk.travel.carries(id, side, node);
                if is_new {
                    walk.open.push((node, pair));
                }
            }
        }
        walk.follow();
    }
    walk.travel
}

/// A walk through both sides at once. Every pair of messages is opened once, so cycles end.
struct Walk<'a> {
    sides: Sides<'a>,
    travel: Travel,
    open: Vec<(Node, (MessageId, MessageId))>,
}

impl Walk<'_> {
    fn follow(&mut self) {
        while let Some((outer, (base, head))) = self.open.pop() {
            let (Some(base), Some(head)) = (message(self.sides.base, base), message(self.sides.head, head)) else {
                continue;
            };
            let heads: BTreeMap<&str, &Shape> =
                head.fields.iter().map(|field| (field.name.as_str(), &field.shape)).collect();
            for field in &base.fields {
                let Some(shape) = heads.get(field.name.as_str()) else { continue };
                for pair in self.messages(&field.shape, shape) {
                    let (inner, is_new) = self.travel.enter((pair.0, Some(pair.1)));
                    self.travel.holds(outer, inner);
                    if is_new {
                        self.open.push((inner, pair));
                    }
                }
            }
        }
    }

    /// Messages that stand in the same place of two shapes.
    fn messages(&self, base: &Shape, head: &Shape) -> Vec<(MessageId, MessageId)> {
        let mut pairs = Vec::new();
        let mut open = vec![(base, head)];
        while let Some((base, head)) = open.pop() {
            match (base, head) {
                (Shape::Message(base), Shape::Message(head)) => pairs.push((*base, *head)),
                (Shape::List(base), Shape::List(head)) | (Shape::Map(base), Shape::Map(head)) => {
                    open.push((base, head));
                }
                (Shape::Union(_), _) | (_, Shape::Union(_)) => self.members(base, head, &mut pairs, &mut open),
                _ => {}
            }
        }
        pairs
    }

    /// Members of unions. One message on either side is the same one; of several, those of one
    /// name are, then those that look alike. Lists and maps pair in their order.
    fn members<'s>(
        &self,
        base: &'s Shape,
        head: &'s Shape,
        pairs: &mut Vec<(MessageId, MessageId)>,
        open: &mut Vec<(&'s Shape, &'s Shape)>,
    ) {
        let (base, head) = (Members::of(base), Members::of(head));
        open.extend(base.lists.into_iter().zip(head.lists));
        open.extend(base.maps.into_iter().zip(head.maps));
        if let ([base], [head]) = (base.messages.as_slice(), head.messages.as_slice()) {
            pairs.push((*base, *head));
            return;
        }
        let mut by_name: BTreeMap<&str, VecDeque<usize>> = BTreeMap::new();
        for (at, id) in head.messages.iter().enumerate() {
            if let Some(name) = schema_name(self.sides.head, *id) {
                by_name.entry(name).or_default().push_back(at);
            }
        }
        let mut left: Vec<Option<MessageId>> = head.messages.into_iter().map(Some).collect();
        let mut unpaired = Vec::new();
        for id in base.messages {
            let namesake = schema_name(self.sides.base, id).and_then(|name| by_name.get_mut(name)?.pop_front());
            match namesake.and_then(|at| left.get_mut(at)?.take()) {
                Some(head) => pairs.push((id, head)),
                None => unpaired.push(id),
            }
        }
        let mut left: Vec<MessageId> = left.into_iter().flatten().collect();
        for id in unpaired.into_iter().take(MAX_GUESSES) {
            let alike = left.iter().take(MAX_GUESSES).position(|head| self.look_alike(id, *head));
            if let Some(at) = alike {
                pairs.push((id, left.remove(at)));
            }
        }
    }

    /// Half of the fields of Base are still there: renamed, rather than replaced.
    fn look_alike(&self, base: MessageId, head: MessageId) -> bool {
        let (Some(base), Some(head)) = (message(self.sides.base, base), message(self.sides.head, head)) else {
            return false;
        };
        let names: BTreeSet<&str> = head.fields.iter().map(|field| field.name.as_str()).collect();
        let kept = base.fields.iter().filter(|field| names.contains(field.name.as_str())).count();
        kept * 2 >= base.fields.len()
    }
}

/// The members of a union, those of unions within included; any other shape is its only member.
#[derive(Default)]
struct Members<'s> {
    messages: Vec<MessageId>,
    lists: Vec<&'s Shape>,
    maps: Vec<&'s Shape>,
}

impl<'s> Members<'s> {
    fn of(shape: &'s Shape) -> Self {
        let mut members = Self::default();
        let mut open = vec![shape];
        while let Some(shape) = open.pop() {
            match shape {
                Shape::Message(id) => members.messages.push(*id),
                Shape::List(inner) => members.lists.push(inner),
                Shape::Map(inner) => members.maps.push(inner),
                Shape::Union(inner) => open.extend(inner.iter().rev()),
                Shape::Any | Shape::Scalar { .. } | Shape::Enum { .. } | Shape::Unresolved(_) => {}
            }
        }
        members
    }
}

/// The name of a schema; none for an inline one.
fn schema_name(catalog: &Catalog, id: MessageId) -> Option<&str> {
    message(catalog, id).filter(|message| message.named).map(|message| message.name.as_str())
}

fn message(catalog: &Catalog, id: MessageId) -> Option<&Message> {
    catalog.messages.get(id.index())
}

/// Every place of an operation where data stands, with its shape on both sides.
fn positions<'a>(base: &'a Operation, head: &'a Operation) -> Vec<(Side, &'a Shape, &'a Shape)> {
    let mut positions = Vec::new();
    positions.extend(parameters(&base.parameters, &head.parameters, Side::Request));
    positions.extend(by_media_type(&base.request, &head.request, Side::Request));
    for response in &base.responses {
        let Some(partner) = answer(&head.responses, &response.status) else { continue };
        positions.extend(by_media_type(&response.bodies, &partner.bodies, Side::Response));
        positions.extend(parameters(&response.headers, &partner.headers, Side::Response));
    }
    positions
}

/// The answer for a status: its own, else that of its range, else the default.
fn answer<'a>(responses: &'a [Response], status: &str) -> Option<&'a Response> {
    let range = status.get(..1).map(|digit| format!("{digit}XX")).unwrap_or_default();
    let find = |wanted: &str| responses.iter().find(|response| response.status.eq_ignore_ascii_case(wanted));
    find(status).or_else(|| find(&range)).or_else(|| find("default"))
}

fn by_media_type<'a>(
    base: &'a [Body],
    head: &'a [Body],
    side: Side,
) -> impl Iterator<Item = (Side, &'a Shape, &'a Shape)> {
    let name = |body: &Body| body.media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    base.iter().filter_map(move |body| {
        let same = head.iter().find(|other| name(other) == name(body));
        let any = || head.iter().find(|other| [name(body), name(other)].iter().any(|name| name == "*/*"));
        let partner = same.or_else(any)?;
        Some((side, &body.shape, &partner.shape))
    })
}

fn parameters<'a>(
    base: &'a [Parameter],
    head: &'a [Parameter],
    side: Side,
) -> impl Iterator<Item = (Side, &'a Shape, &'a Shape)> {
    let is_same = |a: &Parameter, b: &Parameter| {
        a.place == b.place
            && (a.name == b.name || (a.place == ParameterPlace::Header && a.name.eq_ignore_ascii_case(&b.name)))
    };
    base.iter().filter_map(move |parameter| {
        let partner = head.iter().find(|other| is_same(parameter, other))?;
        Some((side, &parameter.shape, &partner.shape))
    })
}

/// The bodies of one side of an operation.
pub(super) fn bodies(operation: &Operation, side: Side) -> impl Iterator<Item = &Body> {
    let (request, responses) = match side {
        Side::Request => (operation.request.as_slice(), [].as_slice()),
        Side::Response => ([].as_slice(), operation.responses.as_slice()),
    };
    request.iter().chain(responses.iter().flat_map(|response| &response.bodies))
}
