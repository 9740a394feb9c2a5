//! Ties facts to contracts.
//!
//! First every call is tied to an operation: by method and URL (`endpoint`), by the generated
//! stub it goes through (`stub`), or by the operation's id (`operation_id`), and every handler to what it answers (`handler`). Then every access is tied to a field (`access`): by its
//! generated type (`types`), else by the flow from a call that is tied (`field`). What an
//! access by type alone means depends on what the service calls and provides (`roles`). Calls
//! that fit no contract are kept, with the reason. What a handler answers with what it was answered
//! becomes a flow (`flow`); what is logged, cached or stored is kept (`kept`). What is tied to a copy of a contract is tied to what
//! its provider has in the end (`copies`). What services answer without having said so in a contract gets
//! one from their code before (`undeclared`).

mod access;
mod argument;
mod asked;
mod configured;
mod copies;
mod endpoint;
mod field;
mod flow;
mod generator;
mod handler;
mod hop;
mod identity;
mod kept;
mod missing;
mod name;
mod operation_id;
mod package;
mod provider;
mod roles;
mod route;
mod stub;
mod template;
mod types;
mod undeclared;
mod unknown;
mod unresolved;
mod url;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::contract::{Catalog, ContractId, OperationId};
use crate::model::map::{
    Confidence, DependencyMap, Edge, EdgeKind, LinkedCall, LinkedIteration, LinkedRetry, Outgoing, Role, Unlinked,
};
use crate::model::settings::Settings;
use crate::model::source::{ServiceId, Workspace};
use crate::model::usage::{Call, CallId, Facts, Location, Target};

use access::Accesses;
use argument::Arguments;
use copies::Copies;
use endpoint::Endpoints;
use handler::Handlers;
use operation_id::Ids;
use package::Packages;
use roles::{ByService, Roles};
use stub::Stubs;
use types::Types;
use unresolved::Reached;

/// Draws the dependency map.
///
/// The order of contracts plays no part in it: where several fit, nearness and names decide.
#[must_use]
pub fn link(facts: &Facts, catalog: &Catalog, workspace: &Workspace, _settings: &Settings) -> DependencyMap {
    let Ends { stubs, packages, endpoints, calls, called, mut provided, handlers } =
        Ends::new(facts, catalog, workspace);
    let copies = Copies::new(catalog, &provided);
    handlers.provide(facts, &mut provided);
    let roles = Roles::new(catalog, &called, &provided);
    let mut types = Types::new(catalog, &packages);
    let kept = kept::kept(facts, catalog, (&calls, &handlers), (&provided, &mut types));
    let accesses = Accesses::new(catalog, &calls, (&provided, &handlers), roles, types);

    let mut edges: Vec<Edge> = call_edges(facts, &calls).collect();
    edges.extend(handlers.edges(facts, catalog));
    let accessed = accesses.link(facts);
    edges.extend(accessed.edges);
    // A copy says what code means; whom it depends on is the provider.
    edges.iter_mut().for_each(|edge| copies.replace(catalog, edge));
    let calls = copies.calls(&calls);
    sort(&mut edges);
    let linked = linked_calls(facts, (catalog, &calls, &handlers), &edges, &Arguments::new(catalog, workspace));
    let flows = flow::flows(facts, catalog, &calls, &handlers);
    let retries = retries(facts, &calls);
    DependencyMap {
        unknown_fields: accessed.unknown,
        flows,
        kept,
        calls: linked,
        clients: facts.clients.clone(),
        outgoing: outgoing(facts, &calls),
        hops: hop::hops(facts, &calls, &handlers, &retries),
        retries,
        iterations: iterations(facts, &calls),
        unresolved: unresolved::unresolved(
            facts,
            &calls,
            &Reached { endpoints: &endpoints, stubs: &stubs, packages: &packages },
            catalog,
        ),
        edges,
    }
}

/// Adds to the contracts what only code tells: whose a contract is that lies elsewhere, and what services answer
/// that no contract has.
pub fn complete(facts: &Facts, catalog: &mut Catalog, workspace: &Workspace) {
    if facts.handlers.is_empty() {
        return;
    }
    let ends = Ends::new(facts, catalog, workspace);
    let undeclared = undeclared::undeclared(facts, catalog, workspace, &ends);
    let ids = (0..catalog.contracts.len()).map(ContractId::at);
    let providers: Vec<Option<ServiceId>> = ids.map(|id| ends.handlers.provider(catalog, id)).collect();
    // Who implements rpcs may answer HTTP by their bindings, without a handler; others that do are stand-ins.
    let has_rpcs = |service| ends.provided.get(&Some(service)).is_some_and(|provided| !provided.is_empty());
    for (contract, provider) in catalog.contracts.iter_mut().zip(providers) {
        if !contract.provider.is_some_and(has_rpcs) {
            contract.provider = provider;
        }
    }
    catalog.absorb(undeclared);
}

/// Both ends of every call: what it is tied to, and who answers it.
struct Ends<'a> {
    stubs: Stubs<'a>,
    packages: Packages<'a>,
    endpoints: Endpoints<'a>,
    calls: CallLinks,
    called: ByService,
    /// What services implement, but for what their handlers tell.
    provided: ByService,
    handlers: Handlers,
}

impl<'a> Ends<'a> {
    fn new(facts: &'a Facts, catalog: &'a Catalog, workspace: &'a Workspace) -> Self {
        let stubs = Stubs::new(catalog);
        let mut packages = Packages::new(catalog, facts, workspace);
        let mut endpoints = Endpoints::new(catalog, workspace);
        let mut calls = link_calls(facts, &mut endpoints, (&stubs, &packages), &Ids::new(catalog, workspace));
        sustain(facts, &mut calls, catalog);
        let provided = provided(facts, &stubs, &packages);
        learn(facts, &calls, &stubs, &mut packages);
        let called = called(facts, &calls);
        let handlers = Handlers::new(facts, catalog, workspace, &endpoints, (&stubs, &packages), &called);
        Self { stubs, packages, endpoints, calls, called, provided, handlers }
    }
}

/// A call that is tied to an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CallLink {
    operation: OperationId,
    confidence: Confidence,
    evidence: String,
    /// The whole path fits, but nothing says whose it is.
    unowned: bool,
}

/// What became of every call, in the order of the facts.
struct CallLinks(Vec<Result<CallLink, Unlinked>>);

impl CallLinks {
    fn get(&self, call: CallId) -> Option<&CallLink> {
        self.0.get(call.0 as usize)?.as_ref().ok()
    }

    fn operation(&self, call: CallId) -> Option<OperationId> {
        self.get(call).map(|link| link.operation)
    }
}

/// One grade less; a guess stays a guess.
fn lower(confidence: Confidence) -> Confidence {
    match confidence {
        Confidence::Certain => Confidence::Likely,
        Confidence::Likely | Confidence::Possible => Confidence::Possible,
        Confidence::Unknown => Confidence::Unknown,
    }
}

fn link_calls(
    facts: &Facts,
    endpoints: &mut Endpoints<'_>,
    (stubs, packages): (&Stubs<'_>, &Packages<'_>),
    ids: &Ids<'_>,
) -> CallLinks {
    let mut link = |call: &Call| {
        let caller = call.location.service;
        match &call.target {
            Target::Http { method, url } => endpoints.link(method.as_deref(), url, call),
            Target::Stub { stub, service, method } => stubs.link(packages, stub, (service, method), caller),
            Target::Operation { document, id, .. } => ids.link(document.as_deref(), id, caller),
        }
    };
    CallLinks(facts.calls.iter().map(&mut link).collect())
}

/// `POST {base}/orders` may be anybody's; beside calls that surely go to a contract which has just that,
/// it is one more of them. The code of one client stands in one file.
fn sustain(facts: &Facts, calls: &mut CallLinks, catalog: &Catalog) {
    let home = |call: &Call, link: &CallLink| (call.location.span.file, catalog.operation(link.operation).contract);
    let linked = facts.calls.iter().zip(&calls.0).filter_map(|(call, link)| Some((call, link.as_ref().ok()?)));
    let sure: BTreeSet<_> =
        linked.filter(|(_, link)| link.confidence >= Confidence::Likely).map(|(call, link)| home(call, link)).collect();
    for (call, link) in facts.calls.iter().zip(&mut calls.0) {
        if let Ok(link) = link
            && link.unowned
            && sure.contains(&home(call, link))
        {
            link.confidence = Confidence::Likely;
        }
    }
}

/// The operations that services implement.
fn provided(facts: &Facts, stubs: &Stubs<'_>, packages: &Packages<'_>) -> ByService {
    let mut provided = ByService::new();
    for fact in &facts.provided {
        let operations = stubs.provided(packages, fact);
        provided.entry(fact.location.service).or_default().extend(operations);
    }
    provided
}

/// Messages stand beside the stubs of the operations that carry them.
fn learn(facts: &Facts, calls: &CallLinks, stubs: &Stubs<'_>, packages: &mut Packages<'_>) {
    for (call, link) in facts.calls.iter().zip(&calls.0) {
        if let (Target::Stub { stub, .. }, Ok(link)) = (&call.target, link) {
            packages.learn(stub, stubs.package(link.operation));
        }
    }
    for fact in &facts.provided {
        if let Some(operation) = stubs.provided(packages, fact).first() {
            packages.learn(&fact.symbol, stubs.package(*operation));
        }
    }
}

/// The operations that services call.
fn called(facts: &Facts, calls: &CallLinks) -> ByService {
    let mut called = ByService::new();
    for (call, link) in facts.calls.iter().zip(&calls.0) {
        if let Ok(link) = link {
            called.entry(call.location.service).or_default().insert(link.operation);
        }
    }
    called
}

fn call_edges(facts: &Facts, calls: &CallLinks) -> impl Iterator<Item = Edge> {
    (0..).zip(facts.calls.iter().zip(&calls.0)).filter_map(|(id, (call, link))| {
        let link = link.as_ref().ok()?;
        Some(Edge {
            location: call.location.clone(),
            role: Role::Consumer,
            kind: EdgeKind::Call,
            operation: Some(link.operation),
            field: None,
            field_path: None,
            confidence: link.confidence,
            evidence: link.evidence.clone(),
            call: Some(CallId(id)),
            foreign: false,
        })
    })
}

/// What tells one edge from another.
fn identity(edge: &Edge) -> impl Ord {
    let span = edge.location.span;
    (span.file, span.start, span.end, edge.kind, edge.operation, edge.field, edge.role)
}

/// By place; of equal edges the surest stays.
fn sort(edges: &mut Vec<Edge>) {
    edges.sort_by(|a, b| {
        (identity(a).cmp(&identity(b)))
            .then_with(|| b.confidence.cmp(&a.confidence))
            .then_with(|| (&a.field_path, &a.evidence, a.call).cmp(&(&b.field_path, &b.evidence, b.call)))
    });
    edges.dedup_by(|a, b| identity(a) == identity(b));
}

/// Every linked call with its edge. Several calls share an edge if their target is written once.
fn linked_calls(
    facts: &Facts,
    (catalog, calls, handlers): (&Catalog, &CallLinks, &Handlers),
    edges: &[Edge],
    arguments: &Arguments<'_>,
) -> Vec<LinkedCall> {
    let mut linked = Vec::new();
    for (id, (call, link)) in (0..).map(CallId).zip(facts.calls.iter().zip(&calls.0)) {
        let Ok(link) = link else { continue };
        let span = call.location.span;
        let key = (span.file, span.start, span.end, EdgeKind::Call, Some(link.operation), None, Role::Consumer);
        let edge = edges.binary_search_by_key(&key, |edge| {
            let span = edge.location.span;
            (span.file, span.start, span.end, edge.kind, edge.operation, edge.field, edge.role)
        });
        if let Ok(edge) = edge {
            linked.push(LinkedCall {
                parameters: arguments.parameters(call, link.operation),
                query_whole: argument::knows_query(call),
                asked: asked::parameters(facts, (id, call), (catalog, link.operation), handlers),
                body: arguments.bodies(facts, id, link.operation),
                ..identity::linked_call(facts, call, edge)
            });
        }
    }
    linked.sort_by_key(|call| (call.edge, call.client));
    linked.dedup();
    linked
}

/// Every call with what it is tied to.
fn outgoing(facts: &Facts, calls: &CallLinks) -> Vec<Outgoing> {
    let all = (0..).zip(facts.calls.iter().zip(&calls.0)).map(|(id, (call, link))| Outgoing {
        id: CallId(id),
        call: call.clone(),
        target: unresolved::target(&call.target),
        operation: link.as_ref().ok().map(|link| (link.operation, link.confidence)),
        names: identity::names(facts, call),
    });
    let mut all: Vec<Outgoing> = all.collect();
    all.sort_by(|a, b| {
        (a.call.location.span, a.call.client, &a.target).cmp(&(b.call.location.span, b.call.client, &b.target))
    });
    all
}

/// Each operation once for each place.
fn iterations(facts: &Facts, calls: &CallLinks) -> Vec<LinkedIteration> {
    let mut known: BTreeMap<(&Location, OperationId), Confidence> = BTreeMap::new();
    for iteration in &facts.iterations {
        for link in iteration.calls.iter().filter_map(|call| calls.get(*call)) {
            let confidence = known.entry((&iteration.location, link.operation)).or_insert(link.confidence);
            *confidence = link.confidence.max(*confidence);
        }
    }
    let linked = |((location, operation), confidence): ((&Location, _), _)| LinkedIteration {
        location: location.clone(),
        operation,
        confidence,
    };
    known.into_iter().map(linked).collect()
}

fn retries(facts: &Facts, calls: &CallLinks) -> Vec<LinkedRetry> {
    let linked = facts.retries.iter().filter(|retry| !retry.calls.is_empty() || retry.seems.is_some()).map(|retry| {
        let operations: BTreeSet<OperationId> = retry.calls.iter().filter_map(|call| calls.operation(*call)).collect();
        LinkedRetry { retry: retry.clone(), operations: operations.into_iter().collect() }
    });
    let mut linked: Vec<LinkedRetry> = linked.collect();
    linked.sort_by_key(|linked| (linked.retry.location.span, linked.retry.kind));
    linked
}

#[cfg(test)]
mod tests;
