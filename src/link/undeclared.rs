//! Contracts that nobody wrote: what services answer over HTTP, as their handlers tell.
//!
//! Most services of most companies have no OpenAPI document. Who calls them is told all the same: each
//! handler that answers no operation of a written contract is an operation of a contract that its service
//! gets here. What is known of it is its method, its path, and what its handlers take and answer as far as
//! they say so; nobody promised any of that, so no rule about contracts applies to it.

mod bodies;
mod received;

use std::collections::{BTreeMap, BTreeSet};

use super::Ends;
use super::configured::url_of;
use crate::model::configuration::PUBLISHED_PORT;
use crate::model::contract::{
    ANY_METHOD, Catalog, Contract, ContractId, ContractKind, Operation, OperationId, Protocol,
};
use crate::model::source::{FileId, Service, ServiceId, Site, Span, Workspace};
use crate::model::usage::{Data, Facts, Handler, RequestPart, Route};
use bodies::Messages;
use received::{Received, received, taken};

/// Keys under which frameworks are told the port at which they listen, and where it is published.
const PORTS: [&str; 4] = ["server.port", "quarkus.http.port", "micronaut.server.port", PUBLISHED_PORT];
/// Keys under which frameworks are told the path in front of all others.
const BASES: [&str; 4] = [
    "server.servlet.context-path",
    "spring.webflux.base-path",
    "quarkus.http.root-path",
    "micronaut.server.context-path",
];

/// What one service answers, by path without names and by method.
type Served<'f> = BTreeMap<(String, String), Answered<'f>>;

/// How a service answers some requests.
struct Answered<'f> {
    /// The first place that says so.
    span: Span,
    /// The path, with names as far as they are known.
    path: String,
    /// All that answer.
    handlers: Vec<&'f Handler>,
}

/// A contract for each service that answers requests which no contract of the catalog speaks of: also for what its own
/// OpenAPI document leaves out, since documents fall behind the code.
///
/// A handler that answers a document whose provider is not known gets none: it may well be that one's.
pub(super) fn undeclared(facts: &Facts, catalog: &Catalog, workspace: &Workspace, ends: &Ends<'_>) -> Catalog {
    let mut served: BTreeMap<ServiceId, Served<'_>> = BTreeMap::new();
    let documented = documented(catalog, ends);
    for (handler, answered) in ends.handlers.linked(facts) {
        let Some(service) = handler.location.service else { continue };
        let is_aside = handler.location.test || !answered.is_empty() || may_be_declared(ends, catalog, handler);
        if !is_aside && (!documented.contains(&service) || is_left_out(ends, handler)) {
            add(handler, service, workspace, served.entry(service).or_default());
        }
    }
    let received = received(facts);
    let mut all = Catalog::default();
    for (id, served) in served {
        if let Some(service) = workspace.service(id).filter(|_| !served.is_empty()) {
            all.absorb(contract((id, service), &served, (facts, &received), workspace));
        }
    }
    all
}

/// Services that have a document of their own.
fn documented(catalog: &Catalog, ends: &Ends<'_>) -> BTreeSet<ServiceId> {
    let documents = catalog.contracts.iter().enumerate().filter(|(_, it)| it.kind == ContractKind::OpenApi);
    documents.filter_map(|(at, _)| ends.handlers.provider(catalog, ContractId::at(at))).collect()
}

/// Whether a handler of a service that has a document surely answers what no contract has. `/{}` of a router may be any
/// operation, where it is not known at what path that is mounted; what another's contract has may be a stand-in's.
fn is_left_out(ends: &Ends<'_>, handler: &Handler) -> bool {
    let Route::Http { method, path } = &handler.route else { return false };
    let says_what = super::url::parse(path).segments.iter().any(|segment| segment.literal().is_some());
    says_what && ends.endpoints.provided(method.as_deref(), path).is_empty()
}

/// Whether a handler fits an operation of which nobody knows who provides it.
fn may_be_declared(ends: &Ends<'_>, catalog: &Catalog, handler: &Handler) -> bool {
    let Route::Http { method, path } = &handler.route else { return true };
    let fits = ends.endpoints.provided(method.as_deref(), path);
    fits.iter().any(|id| ends.handlers.provider(catalog, catalog.operation(*id).contract).is_none())
}

/// Notes the operation of a handler; none where a part of its path is not known.
fn add<'f>(handler: &'f Handler, service: ServiceId, workspace: &Workspace, served: &mut Served<'f>) {
    let Route::Http { method, path } = &handler.route else { return };
    let url = url_of(path, Some(service), &workspace.configuration);
    if url.base.host.is_some() || !url.base.variables.is_empty() {
        return;
    }
    let segments: Vec<String> = url.segments.iter().map(ToString::to_string).collect();
    let shape = format!("/{}", segments.join("/"));
    let (span, path) = (handler.location.span, with_names(&shape, handler));
    let method = method.clone().unwrap_or_else(|| ANY_METHOD.to_owned());
    let known = served.entry((shape, method));
    let known = known.or_insert_with(|| Answered { span, path: path.clone(), handlers: Vec::new() });
    known.handlers.push(handler);
    if (span, &path) < (known.span, &known.path) {
        (known.span, known.path) = (span, path);
    }
}

/// A path with the names of its parameters, where the handler declares as many as there are.
fn with_names(path: &str, handler: &Handler) -> String {
    let given = handler.given.iter().filter(|given| given.part == RequestPart::Path);
    let Some(names) = given.map(|given| given.name.as_deref()).collect::<Option<Vec<&str>>>() else {
        return path.to_owned();
    };
    if path.matches("{}").count() != names.len() {
        return path.to_owned();
    }
    names.iter().fold(path.to_owned(), |path, name| path.replacen("{}", &format!("{{{name}}}"), 1))
}

fn contract(
    (id, service): (ServiceId, &Service),
    served: &Served<'_>,
    (facts, received): (&Facts, &Received<'_>),
    workspace: &Workspace,
) -> Catalog {
    let files: BTreeSet<FileId> = served.values().map(|answered| answered.span.file).collect();
    let first = served.values().map(|answered| (answered.span, &answered.path)).min();
    let Some(site) = first.map(|(span, _)| Site::Span(Span::new(span.file, 0, 0))) else { return Catalog::default() };
    let mut messages = Messages::new(&facts.records);
    let operations = served.iter().map(|((_, method), answered)| {
        let Answered { span, path, handlers } = answered;
        let (key, site) = (format!("{method} {path}"), Site::Span(*span));
        let protocol = Protocol::Http { method: method.clone(), path: path.clone() };
        let given: Vec<Data> = handlers.iter().flat_map(|handler| &handler.gives).cloned().collect();
        Operation {
            request: messages.request(&key, &taken(method, handlers, (id, received)), &site),
            responses: messages.responses(&key, &given, &site),
            ..Operation::new(ContractId(0), key, protocol, site)
        }
    });
    let operations: Vec<Operation> = operations.collect();
    let contract = Contract {
        title: service.name.clone(),
        files: files.into_iter().collect(),
        provider: Some(id),
        servers: servers(id, facts, workspace),
        operations: OperationId(0)..OperationId::at(operations.len()),
        ..Contract::new(ContractKind::Code, format!("code of {}", service.name), site)
    };
    Catalog { contracts: vec![contract], operations, messages: messages.finish(), ..Catalog::default() }
}

/// Where a service listens, as its configuration and its code say.
fn servers(service: ServiceId, facts: &Facts, workspace: &Workspace) -> Vec<String> {
    let values = |keys: &'static [&'static str]| {
        let values = keys.iter().flat_map(move |key| workspace.configuration.values(Some(service), key));
        values.filter(|value| !value.contains("${")).map(|value| value.trim_matches('/'))
    };
    let mut bases: Vec<String> = values(&BASES).map(|base| format!("/{base}")).collect();
    if bases.is_empty() {
        bases.push(String::new());
    }
    let in_code = facts.listening.iter().filter(|(by, _)| *by == Some(service)).map(|(_, port)| port.to_string());
    let ports: BTreeSet<String> = values(&PORTS).map(str::to_owned).chain(in_code).collect();
    let on_ports = bases.iter().flat_map(|base| ports.iter().map(move |port| format!("http://localhost:{port}{base}")));
    let mut servers: Vec<String> = on_ports.collect();
    servers.extend(bases.into_iter().filter(|base| base.len() > 1));
    servers
}
