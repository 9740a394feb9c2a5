//! Handlers <-> operations of the service's own contracts.
//!
//! A contract is a service's own where configuration or its place says so. One that lies elsewhere
//! (in a folder of contracts, in a repository of its own) is the service's whose handlers answer
//! most of it, if these are at least half of it and nobody else's are as many.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoint::Endpoints;
use super::name::normalised;
use super::package::Packages;
use super::roles::ByService;
use super::stub::Stubs;
use crate::model::contract::{Catalog, ContractId, OperationId, OperationKind, Protocol};
use crate::model::ir::Symbol;
use crate::model::map::{Confidence, Edge, EdgeKind, Role};
use crate::model::source::{ServiceId, Workspace};
use crate::model::usage::{Facts, Handler, Provided, Route};

/// What became of every handler.
pub(super) struct Handlers {
    /// In the order of the facts.
    links: Vec<Vec<OperationId>>,
    by_name: BTreeMap<(Option<ServiceId>, Symbol), BTreeSet<OperationId>>,
    /// The service that each contract belongs to.
    owners: BTreeMap<ContractId, ServiceId>,
}

/// Who answers how much of a contract, and whose it may be.
#[derive(Default)]
struct Votes {
    answered: BTreeMap<ContractId, BTreeMap<ServiceId, BTreeSet<OperationId>>>,
}

impl Handlers {
    /// Ties every handler to the operations that it answers.
    pub(super) fn new(
        facts: &Facts,
        catalog: &Catalog,
        workspace: &Workspace,
        endpoints: &Endpoints<'_>,
        (stubs, packages): (&Stubs<'_>, &Packages<'_>),
        called: &ByService,
    ) -> Self {
        let fits: Vec<Vec<OperationId>> = facts.handlers.iter().map(|handler| candidates(handler, endpoints)).collect();
        let owners = Votes::new(facts, &fits, catalog).owners(catalog, workspace, called);
        let mut handlers = Self { links: Vec::new(), by_name: BTreeMap::new(), owners };
        for (handler, fits) in facts.handlers.iter().zip(fits) {
            let service = handler.location.service;
            let links: Vec<OperationId> = match &handler.route {
                Route::Rpc { server, service: name, method } => {
                    let fact =
                        Provided { location: handler.location.clone(), symbol: server.clone(), service: name.clone() };
                    let provided = stubs.provided(packages, &fact).into_iter();
                    provided.filter(|id| is_method(catalog, *id, method)).collect()
                }
                Route::Http { .. } => {
                    let own =
                        |id: &OperationId| handlers.owners.get(&catalog.operation(*id).contract) == service.as_ref();
                    endpoints.best_provided(&handler.route, fits.into_iter().filter(own).collect())
                }
            };
            let known = handlers.by_name.entry((service, handler.function.clone())).or_default();
            known.extend(links.iter().copied());
            handlers.links.push(links);
        }
        handlers
    }

    /// Adds what HTTP handlers and rpcs provide to what services are known to provide.
    pub(super) fn provide(&self, facts: &Facts, provided: &mut ByService) {
        for (handler, links) in facts.handlers.iter().zip(&self.links) {
            provided.entry(handler.location.service).or_default().extend(links);
        }
    }

    /// The operations that a handler answers.
    pub(super) fn operations(&self, service: Option<ServiceId>, handler: &Symbol) -> Option<&BTreeSet<OperationId>> {
        self.by_name.get(&(service, handler.clone()))
    }

    /// Whose a contract is: who answers it, or else who is known to provide it.
    pub(super) fn provider(&self, catalog: &Catalog, contract: ContractId) -> Option<ServiceId> {
        self.owners.get(&contract).copied().or(catalog.contract(contract).provider)
    }

    /// Every handler with the operations that it answers.
    pub(super) fn linked<'s>(&'s self, facts: &'s Facts) -> impl Iterator<Item = (&'s Handler, &'s [OperationId])> {
        facts.handlers.iter().zip(self.links.iter().map(Vec::as_slice))
    }

    /// Every handler that is tied, as an edge.
    pub(super) fn edges<'s>(&'s self, facts: &'s Facts, catalog: &'s Catalog) -> impl Iterator<Item = Edge> + 's {
        facts.handlers.iter().zip(&self.links).flat_map(move |(handler, links)| {
            links.iter().map(move |id| {
                let is_rpc = matches!(handler.route, Route::Rpc { .. });
                Edge {
                    location: handler.location.clone(),
                    role: Role::Provider,
                    kind: EdgeKind::Call,
                    operation: Some(*id),
                    field: None,
                    field_path: None,
                    confidence: if is_rpc { Confidence::Certain } else { Confidence::Likely },
                    evidence: format!("handler of {}", catalog.operation(*id).key),
                    call: None,
                    foreign: false,
                }
            })
        })
    }
}

fn candidates(handler: &Handler, endpoints: &Endpoints<'_>) -> Vec<OperationId> {
    match &handler.route {
        Route::Http { method, path } => endpoints.provided(method.as_deref(), path),
        Route::Rpc { .. } => Vec::new(),
    }
}

fn is_method(catalog: &Catalog, operation: OperationId, name: &str) -> bool {
    // `GetCart`, `get_cart`, `getCart`, `GetCartAsync`.
    let name = normalised(name);
    match &catalog.operation(operation).protocol {
        Protocol::Rpc { method, .. } => {
            let method = normalised(method);
            name == method || name.strip_suffix("async") == Some(method.as_str())
        }
        Protocol::Http { .. } => false,
    }
}

impl Votes {
    fn new(facts: &Facts, fits: &[Vec<OperationId>], catalog: &Catalog) -> Self {
        let mut votes = Self::default();
        for (handler, fits) in facts.handlers.iter().zip(fits) {
            let Some(service) = handler.location.service.filter(|_| !handler.location.test) else { continue };
            for id in fits {
                let by_service = votes.answered.entry(catalog.operation(*id).contract).or_default();
                by_service.entry(service).or_default().insert(*id);
            }
        }
        votes
    }

    /// The service that each contract belongs to.
    fn owners(&self, catalog: &Catalog, workspace: &Workspace, called: &ByService) -> BTreeMap<ContractId, ServiceId> {
        let ids = (0..catalog.contracts.len()).map(ContractId::at);
        ids.filter_map(|id| Some((id, self.owner(id, catalog, workspace, called)?))).collect()
    }

    fn owner(&self, id: ContractId, catalog: &Catalog, workspace: &Workspace, called: &ByService) -> Option<ServiceId> {
        let contract = catalog.contract(id);
        let nobody = BTreeMap::new();
        let answered = self.answered.get(&id).unwrap_or(&nobody);
        let configured =
            |service: ServiceId| workspace.service(service).is_some_and(|known| !known.contracts.is_empty());
        if let Some(provider) = contract.provider
            && (answered.contains_key(&provider) || configured(provider))
        {
            return Some(provider);
        }
        let operations = catalog.operations_of(contract).iter();
        let served = operations.filter(|operation| operation.kind == OperationKind::Served).count();
        let calls = |service: ServiceId| {
            let called = called.get(&Some(service)).into_iter().flatten();
            called.into_iter().any(|operation| catalog.operation(*operation).contract == id)
        };
        let able = answered.iter().filter(|(service, operations)| operations.len() * 2 >= served && !calls(**service));
        let most = able.clone().map(|(_, operations)| operations.len()).max();
        let mut best = able.filter(|(_, operations)| Some(operations.len()) == most).map(|(service, _)| *service);
        let first = best.next();
        match (first, best.next()) {
            (Some(service), None) => Some(service),
            _ => contract.provider,
        }
    }
}
