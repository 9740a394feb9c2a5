//! Clients that send a request again by themselves: `client.RetryMax = 3`.
//!
//! Nothing in the code repeats anything, so each call of such a client is a retry of its own.

use std::collections::BTreeMap;

use super::interp::Sent;
use super::library::Setting;
use super::object::Objects;
use super::value::{ObjectId, Value, What};
use crate::model::usage::{Bound, CallId, Location, Retry};

/// The retries of calls whose client was told a number of attempts, or has one by default.
pub(super) fn by_clients<'i>(sent: impl Iterator<Item = (CallId, &'i Sent)>, objects: &Objects) -> Vec<Retry> {
    let mut all: BTreeMap<(&Location, String), Retry> = BTreeMap::new();
    for (id, sent) in sent {
        let Some((carrier, bound)) = sent.request.and_then(|request| repeated(request, objects)) else { continue };
        let known = all
            .entry((&sent.location, carrier.clone()))
            .or_insert_with(|| Retry::of_library(sent.location.clone(), carrier, Vec::new(), bound.clone()));
        known.calls.push(id);
        if known.bound != bound {
            known.bound = Bound::Attempts(None);
        }
    }
    all.into_values().collect()
}

/// The library that repeats a request, and how often.
fn repeated(request: ObjectId, objects: &Objects) -> Option<(String, Bound)> {
    let lineage = objects.lineage(request);
    let set = |setting: Setting| {
        let mut among = lineage.iter().map(|id| objects.get(*id));
        among.find_map(|object| Some((object, &object.settings.get(&setting)?.last()?.value)))
    };
    let number_for_policy = || set(Setting::Policy).filter(|(_, value)| matches!(value.what, What::Int(_)));
    let (object, bound) = if let Some((object, value)) = set(Setting::Repetitions).or_else(number_for_policy) {
        (object, bound(value, Bound::of_repetitions))
    } else if let Some((object, value)) = set(Setting::Attempts) {
        (object, bound(value, Bound::of_attempts))
    } else {
        let (object, _) = set(Setting::Elapsed)?;
        (object, Bound::Elapsed)
    };
    // Once is no retry.
    (!matches!(bound, Bound::Attempts(Some(0 | 1)))).then(|| (object.library.clone(), bound))
}

/// What a setting bounds; where it is given as nothing, nothing ends it.
fn bound(value: &Value, of: impl Fn(Option<u64>) -> Bound) -> Bound {
    match value.what {
        What::Int(number) => of(u64::try_from(number).ok()),
        What::Bool(false) => of(Some(0)),
        What::Null => Bound::Unbounded,
        _ => Bound::Attempts(None),
    }
}
