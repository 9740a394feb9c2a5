//! Which calls a service makes while it answers others: the way of a request through services.

use std::collections::{BTreeMap, BTreeSet};

use super::CallLinks;
use super::handler::Handlers;
use crate::model::contract::OperationId;
use crate::model::map::{Hop, LinkedRetry};
use crate::model::usage::{CallId, Facts};

/// Every call that is tied to an operation, with the operations that it is made for and what repeats it.
pub(super) fn hops(facts: &Facts, calls: &CallLinks, handlers: &Handlers, retries: &[LinkedRetry]) -> Vec<Hop> {
    let mut within: BTreeMap<CallId, BTreeSet<OperationId>> = BTreeMap::new();
    for (handler, operations) in handlers.linked(facts) {
        for call in &handler.calls {
            within.entry(*call).or_default().extend(operations);
        }
    }
    let mut repeats: BTreeMap<CallId, BTreeSet<usize>> = BTreeMap::new();
    for (at, linked) in retries.iter().enumerate() {
        for call in &linked.retry.calls {
            repeats.entry(*call).or_default().insert(at);
        }
    }
    let linked = (0..).map(CallId).zip(&facts.calls);
    let hops = linked.filter_map(|(id, call)| {
        let link = calls.get(id)?;
        Some(Hop {
            location: call.location.clone(),
            operation: link.operation,
            confidence: link.confidence,
            within: within.remove(&id).unwrap_or_default().into_iter().collect(),
            repeats: repeats.remove(&id).unwrap_or_default().into_iter().collect(),
        })
    });
    let mut hops: Vec<Hop> = hops.collect();
    hops.sort_by(|a, b| (&a.location, a.operation).cmp(&(&b.location, b.operation)));
    hops
}
