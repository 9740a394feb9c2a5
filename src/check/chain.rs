//! How often one request is sent in the end: attempts multiply from service to service.
//!
//! A hop is repeated by the code around it, by a policy of the caller's library, and by what lies between caller
//! and callee. An endless retry multiplies by nothing here: it is a finding of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use crate::model::contract::{Operation, OperationId, Protocol};
use crate::model::deployment::{Callee, Policy};
use crate::model::map::{Confidence, Hop, LinkedRetry};
use crate::model::source::{Site, Span};
use crate::model::usage::{Bound, Retry};

/// Services that a request goes through: more of them are a circle.
const MAX_HOPS: usize = 8;

/// Hops that are tried for one start.
const MAX_STEPS: usize = 20_000;

/// What is taken of a retry that ends, but not by a number that is known.
const AT_LEAST: u64 = 2;

/// What repeats a call.
#[derive(Clone, Copy, Debug)]
pub enum Layer<'a> {
    /// Code of the caller.
    Code(&'a Retry),
    /// A policy beside the code.
    Policy(&'a Policy),
}

impl Layer<'_> {
    /// Attempts at most; of what ends otherwise, at least so many.
    #[must_use]
    pub const fn attempts(&self) -> u64 {
        match self {
            Self::Policy(policy) => policy.attempts,
            Self::Code(retry) => match retry.bound {
                Bound::Attempts(Some(number)) => number,
                Bound::Attempts(None) | Bound::Elapsed | Bound::Cancellation => AT_LEAST,
                Bound::Unbounded | Bound::Unknown(_) => 1,
            },
        }
    }

    /// Whether the number of attempts is known.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        matches!(self, Self::Policy(_) | Self::Code(Retry { bound: Bound::Attempts(Some(_)), .. }))
    }

    /// Where it is written.
    #[must_use]
    pub const fn site(&self) -> Site {
        match self {
            Self::Policy(policy) => Site::Span(policy.place),
            Self::Code(retry) => Site::Span(retry.location.span),
        }
    }
}

/// A call on the way, with all that repeats it.
#[derive(Clone, Debug)]
pub struct Link<'a> {
    /// The call.
    pub hop: &'a Hop,
    /// What repeats it, from the outside to the inside; each makes more than one attempt.
    pub layers: Vec<Layer<'a>>,
}

impl Link<'_> {
    fn attempts(&self) -> u64 {
        self.layers.iter().map(Layer::attempts).fold(1, u64::saturating_mul)
    }
}

/// A request on its way through services; never empty, and both ends are repeated.
#[derive(Clone, Debug)]
pub struct Chain<'a> {
    /// The calls, the first one first.
    pub links: Vec<Link<'a>>,
}

impl<'a> Chain<'a> {
    /// How often the last call is made for one request at the most.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.links.iter().map(Link::attempts).fold(1, u64::saturating_mul)
    }

    /// All that repeats on the way.
    pub fn layers(&self) -> impl Iterator<Item = &Layer<'a>> {
        self.links.iter().flat_map(|link| &link.layers)
    }

    /// How sure the way is: as its least sure hop.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.links.iter().map(|link| link.hop.confidence).min().unwrap_or(Confidence::Certain).min(Confidence::Likely)
    }
}

/// The worst chain of every call that is repeated and not made for a repeated call itself.
pub(super) fn chains<'a>(context: &Context<'a>) -> Vec<Chain<'a>> {
    let is_shown = |hop: &&Hop| !context.is_hidden_test(&hop.location) && !context.is_foreign(hop.location.span.file);
    let links: Vec<Link<'a>> = context.map().hops.iter().filter(is_shown).map(|hop| link(context, hop)).collect();
    let mut by_handler: BTreeMap<OperationId, Vec<&Link<'a>>> = BTreeMap::new();
    let mut repeated: BTreeSet<OperationId> = BTreeSet::new();
    for link in &links {
        for operation in &link.hop.within {
            by_handler.entry(*operation).or_default().push(link);
        }
        if link.attempts() > 1 {
            repeated.insert(link.hop.operation);
        }
    }
    let is_first =
        |link: &&Link<'a>| link.attempts() > 1 && !link.hop.within.iter().any(|operation| repeated.contains(operation));
    let worst = links.iter().filter(is_first).map(|first| {
        let mut search = Search { by_handler: &by_handler, steps: 0, way: Vec::new(), best: (0, Vec::new()) };
        search.from(first, 1);
        Chain { links: search.best.1.into_iter().cloned().collect() }
    });
    worst.filter(|chain| !chain.links.is_empty()).collect()
}

struct Search<'s, 'a> {
    by_handler: &'s BTreeMap<OperationId, Vec<&'s Link<'a>>>,
    steps: usize,
    way: Vec<&'s Link<'a>>,
    /// The most attempts, and the shortest way to them.
    best: (u64, Vec<&'s Link<'a>>),
}

impl<'s, 'a> Search<'s, 'a> {
    fn from(&mut self, link: &'s Link<'a>, before: u64) {
        let comes_back = self.way.iter().any(|other| other.hop.operation == link.hop.operation);
        self.steps += 1;
        if comes_back || self.way.len() >= MAX_HOPS || self.steps > MAX_STEPS {
            return;
        }
        self.way.push(link);
        let attempts = before.saturating_mul(link.attempts());
        if attempts > self.best.0 {
            self.best = (attempts, self.way.clone());
        }
        for next in self.by_handler.get(&link.hop.operation).into_iter().flatten() {
            self.from(next, attempts);
        }
        self.way.pop();
    }
}

/// A call with what repeats it.
fn link<'a>(context: &Context<'a>, hop: &'a Hop) -> Link<'a> {
    let retries: Vec<&'a Retry> = hop.repeats.iter().filter_map(|at| context.map().retries.get(*at)).map(of).collect();
    let is_around = |retry: &&Retry| retry.location.function == hop.location.function;
    let mut layers = Vec::new();
    // Of the retries in functions above it is not known whether one is around the other.
    let above = retries.iter().copied().filter(|retry| !is_around(retry)).map(Layer::Code);
    layers.extend(above.max_by_key(Layer::attempts));
    // One place repeats once, in however many contexts it was seen.
    let mut around: BTreeMap<Span, Layer<'a>> = BTreeMap::new();
    for retry in retries.iter().copied().filter(is_around) {
        let layer = Layer::Code(retry);
        let known = around.entry(retry.location.span).or_insert(layer);
        if known.attempts() < layer.attempts() {
            *known = layer;
        }
    }
    layers.extend(around.into_values());
    // The caller's own library is around what lies between it and the callee.
    layers.extend([true, false].into_iter().filter_map(|is_caller| policy(context, hop, is_caller)).map(Layer::Policy));
    layers.retain(|layer| layer.attempts() > 1);
    Link { hop, layers }
}

const fn of(linked: &LinkedRetry) -> &Retry {
    &linked.retry
}

/// The policy for a call: the one that names it best, and of those the worst.
fn policy<'a>(context: &Context<'a>, hop: &Hop, is_caller: bool) -> Option<&'a Policy> {
    let all = context.analysis.deployments.policies.iter();
    let own = all.filter(|policy| policy.repeater.is_caller() == is_caller && !context.is_aside(policy.place.file));
    let fitting = own.filter_map(|policy| Some((fit(context, policy, hop)?, policy)));
    fitting.max_by_key(|(fits, policy)| (*fits, policy.attempts)).map(|(_, policy)| policy)
}

/// How well a policy fits a call: the method before its service, that before all; none if it is about others.
fn fit(context: &Context<'_>, policy: &Policy, hop: &Hop) -> Option<usize> {
    let caller = hop.location.service;
    if policy.repeater.is_caller() && (policy.home.is_none() || policy.home != caller) {
        return None;
    }
    let operation = context.head().operation(hop.operation);
    match (&policy.callee, &operation.protocol) {
        (Callee::AnyRpc, Protocol::Rpc { .. }) => Some(1),
        (Callee::Rpc(wanted, None), Protocol::Rpc { service, .. }) => (wanted == service).then_some(2),
        (Callee::Rpc(wanted, Some(named)), Protocol::Rpc { service, method, .. }) => {
            (wanted == service && named == method).then_some(3)
        }
        (Callee::Host(host), _) => is_host(context, operation, host).then_some(1),
        _ => None,
    }
}

/// Whether a host name means the provider of an operation: `orders`, `orders.shop.svc.cluster.local`, or one of its
/// addresses.
fn is_host(context: &Context<'_>, operation: &Operation, host: &str) -> bool {
    let provider = context.head().contract(operation.contract).provider;
    let Some(provider) = provider.and_then(|id| context.analysis.workspace.service(id)) else { return false };
    let plain = |name: &str| name.to_lowercase().replace('_', "-");
    let label = plain(host.split('.').next().unwrap_or(host));
    let name = plain(provider.name.rsplit('/').next().unwrap_or(&provider.name));
    let known = |base: &String| base.split("://").last().and_then(|rest| rest.split(['/', ':']).next()) == Some(host);
    label == name || provider.base_urls.iter().any(known)
}
