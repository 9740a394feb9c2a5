//! What a service passes on: fields of the answers that it gets -> fields of the answers that it gives.

use std::collections::BTreeSet;

use super::field::{Fields, Place, Side};
use super::handler::Handlers;
use super::name::normalised;
use super::{CallLinks, lower};
use crate::model::contract::{Catalog, Field, OperationId};
use crate::model::map::{Carrier, Confidence, Flow};
use crate::model::usage::{Answer, Facts, Handler, Location, Origin, Route};

/// Messages within messages that are passed on whole.
const MAX_NESTING: usize = 4;
/// Fields that one part of an answer may bring.
const MAX_FLOWS: usize = 256;

/// Every value that a handler took from the answer of a call and gives out in its own.
pub(super) fn flows(facts: &Facts, catalog: &Catalog, calls: &CallLinks, handlers: &Handlers) -> Vec<Flow> {
    let finder = Finder { catalog, calls, fields: Fields::new(catalog) };
    let mut flows: Vec<Flow> = handlers
        .linked(facts)
        .flat_map(|(handler, operations)| operations.iter().map(move |operation| (handler, *operation)))
        .flat_map(|(handler, operation)| finder.of_handler(handler, operation))
        .collect();
    let key = |flow: &Flow| (flow.location.clone(), flow.from.clone(), flow.to.clone());
    flows.sort_by_cached_key(|flow| (key(flow), flow.derived, std::cmp::Reverse(flow.confidence)));
    flows.dedup_by(|left, right| key(left) == key(right));
    flows
}

struct Finder<'a> {
    catalog: &'a Catalog,
    calls: &'a CallLinks,
    fields: Fields<'a>,
}

impl<'a> Finder<'a> {
    fn of_handler(&self, handler: &Handler, operation: OperationId) -> Vec<Flow> {
        handler.answers.iter().flat_map(|answer| self.of_answer(handler, operation, answer)).collect()
    }

    fn of_answer(&self, handler: &Handler, operation: OperationId, answer: &Answer) -> Vec<Flow> {
        let answers_surely = match handler.route {
            Route::Rpc { .. } => Confidence::Certain,
            Route::Http { .. } => Confidence::Likely,
        };
        let mut flows = Vec::new();
        let held = answer.origins.iter().map(|origin| (origin, false));
        for (origin, derived) in held.chain(answer.derived.iter().map(|origin| (origin, true))) {
            let Origin::Response(call, steps) = origin else { continue };
            let Some(link) = self.calls.get(*call) else { continue };
            let gotten = self.fields.places(self.catalog.operation(link.operation), Side::Response, steps);
            let given = self.fields.places(self.catalog.operation(operation), Side::Response, &answer.steps);
            let pair = Pair { from: link.operation, to: operation };
            let location = Location { span: answer.span, ..handler.location.clone() };
            for (from, to) in gotten.iter().flat_map(|from| given.iter().map(move |to| (from, to))) {
                let sure = link.confidence.min(answers_surely);
                let confidence = if from.failure || to.failure { lower(sure) } else { sure };
                if derived {
                    // What is computed from a whole message is one value, and no message again.
                    let is_value = self.fields.inside(from).is_empty() && self.fields.inside(to).is_empty();
                    let confidence = confidence.min(Confidence::Likely);
                    flows.extend(pair.value(from, to).filter(|_| is_value).map(|(from, to)| Flow {
                        location: location.clone(),
                        from,
                        to,
                        derived,
                        confidence,
                    }));
                    continue;
                }
                for (from, to) in self.carried(pair, from, to) {
                    flows.push(Flow { location: location.clone(), from, to, derived, confidence });
                }
            }
        }
        flows
    }

    /// What of one place stands in another to which it is passed: the value itself, or of a message all fields
    /// that both have.
    fn carried(&self, pair: Pair, from: &Place<'a>, to: &Place<'a>) -> BTreeSet<(Carrier, Carrier)> {
        let mut carried = BTreeSet::new();
        let mut open = vec![(from.clone(), to.clone(), MAX_NESTING)];
        while let Some((from, to, nesting)) = open.pop() {
            let (gotten, given) = (self.fields.inside(&from), self.fields.inside(&to));
            if gotten.is_empty() && given.is_empty() {
                carried.extend(pair.value(&from, &to));
            }
            let Some(deeper) = nesting.checked_sub(1) else { continue };
            for (name, to) in given {
                let same = gotten.iter().filter(|(other, _)| is_same(name, other));
                open.extend(same.map(|(_, from)| (from.clone(), to.clone(), deeper)));
            }
            if carried.len() >= MAX_FLOWS {
                break;
            }
        }
        carried
    }
}

/// Whose field becomes a field of whose.
#[derive(Clone, Copy)]
struct Pair {
    from: OperationId,
    to: OperationId,
}

impl Pair {
    /// A field that is passed on as another. A service that hands on an answer of a contract under that
    /// contract adds nothing.
    fn value(self, from: &Place<'_>, to: &Place<'_>) -> Option<(Carrier, Carrier)> {
        let carrier = |operation: OperationId, place: &Place<'_>| {
            Some(Carrier { operation, field: place.field?, path: place.path.clone() })
        };
        let (from, to) = (carrier(self.from, from)?, carrier(self.to, to)?);
        (from.field != to.field).then_some((from, to))
    }
}

/// Whether two fields have one name on the wire, or names that generators make one.
fn is_same(left: &Field, right: &Field) -> bool {
    left.name == right.name || normalised(&left.name) == normalised(&right.name)
}
