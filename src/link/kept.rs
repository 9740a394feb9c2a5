//! What services log, cache and store -> data of contracts.

use std::collections::BTreeSet;

use super::field::{Fields, Place, Side, messages_at};
use super::handler::Handlers;
use super::roles::ByService;
use super::types::Types;
use super::{CallLinks, lower};
use crate::model::contract::{Catalog, OperationId, Shape};
use crate::model::map::{Confidence, Content, Kept};
use crate::model::source::ServiceId;
use crate::model::usage::{Facts, Origin, SinkKind, Sunk};

/// Everything of contracts that is logged, cached or stored.
pub(super) fn kept(
    facts: &Facts,
    catalog: &Catalog,
    (calls, handlers): (&CallLinks, &Handlers),
    (provided, types): (&ByService, &mut Types<'_>),
) -> Vec<Kept> {
    let fields = Fields::new(catalog);
    let mut finder = Finder { catalog, calls, handlers, types, fields };
    let serves = |service: Option<ServiceId>| provided.get(&service).is_some_and(|operations| !operations.is_empty());
    let mut kept: Vec<Kept> =
        facts.sunk.iter().flat_map(|sunk| finder.of(sunk, serves(sunk.location.service))).collect();
    let key = |kept: &Kept| (kept.location.clone(), kept.kind, kept.what, kept.derived, kept.to);
    kept.sort_by_cached_key(|kept| (key(kept), std::cmp::Reverse(kept.confidence), kept.operation));
    kept.dedup_by(|left, right| key(left) == key(right));
    kept
}

struct Finder<'a, 't, 'p> {
    catalog: &'a Catalog,
    calls: &'a CallLinks,
    handlers: &'a Handlers,
    types: &'t mut Types<'p>,
    fields: Fields<'a>,
}

impl Finder<'_, '_, '_> {
    fn of(&mut self, sunk: &Sunk, serves: bool) -> Vec<Kept> {
        let held = sunk.origins.iter().map(|origin| (origin, false));
        let all = held.chain(sunk.derived.iter().map(|origin| (origin, true)));
        let mut kept = Vec::new();
        let to = sunk.call.and_then(|call| self.calls.operation(call));
        for (origin, derived) in all {
            if sunk.kind == SinkKind::Send && self.goes_back(to, origin) {
                continue;
            }
            for (operation, what, sure) in self.places(sunk, origin) {
                let sure = if derived { sure.min(Confidence::Likely) } else { sure };
                // The standard output is a server's log; what a tool writes there is its result.
                let is_told = sunk.sure && (sunk.kind != SinkKind::Print || serves);
                kept.push(Kept {
                    location: sunk.location.clone(),
                    kind: sunk.kind,
                    into: sunk.into.clone(),
                    to,
                    operation,
                    what,
                    derived,
                    expires: sunk.expires,
                    confidence: if is_told { sure } else { sure.min(Confidence::Possible) },
                });
            }
        }
        kept
    }

    /// Whether something is only sent back to where it came from, or nobody knows whose it is: a call whose
    /// operation is not known, and what was asked for itself.
    fn goes_back(&self, to: Option<OperationId>, origin: &Origin) -> bool {
        let (Some(to), Origin::Response(call, _)) = (to, origin) else { return true };
        let contract = |id: OperationId| self.catalog.operation(id).contract;
        self.calls.operation(*call).is_none_or(|from| contract(from) == contract(to))
    }

    /// The data that an origin leads to.
    fn places(&mut self, sunk: &Sunk, origin: &Origin) -> Vec<(Option<OperationId>, Content, Confidence)> {
        let service = sunk.location.service;
        let mut found = Vec::new();
        let mut add = |operation: Option<OperationId>, places: Vec<Place<'_>>, sure: Confidence| {
            for place in places {
                let sure = if place.failure { lower(sure) } else { sure };
                found.extend(contents(&place).into_iter().map(|what| (operation, what, sure)));
            }
        };
        match origin {
            Origin::Response(call, steps) => {
                let Some(link) = self.calls.get(*call) else { return found };
                let operation = self.catalog.operation(link.operation);
                add(Some(link.operation), self.fields.places(operation, Side::Response, steps), link.confidence);
            }
            Origin::Handler(handler, steps) => {
                for id in self.handlers.operations(service, handler).into_iter().flatten() {
                    let places = self.fields.places(self.catalog.operation(*id), Side::Request, steps);
                    add(Some(*id), places, Confidence::Likely);
                }
            }
            Origin::Typed(symbol, steps) => {
                let Some(link) = self.types.link(symbol, service) else { return found };
                let shape = Shape::Message(link.message);
                let places = self.fields.places_from(&shape, link.message, steps);
                add(None, places, link.confidence.min(Confidence::Likely));
            }
            Origin::Request(..) | Origin::Asked(..) => {}
        }
        found
    }
}

/// What a place holds: whole messages, or the value of its field.
fn contents(place: &Place<'_>) -> BTreeSet<Content> {
    let messages = messages_at(place).into_iter().map(|(message, ..)| Content::Message(message));
    let found: BTreeSet<Content> = messages.collect();
    if found.is_empty() { place.field.map(Content::Field).into_iter().collect() } else { found }
}
