//! Whose API a URL is rooted in: hosts, base-URL variables and the names of services.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{normalised, spells, stem};
use super::url::{Base, parse_text};
use crate::model::contract::{Catalog, Contract, ContractId, ContractKind};
use crate::model::source::{ServiceId, Workspace};

/// What the base of a URL says about the contract behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rooted {
    /// It names the provider of these contracts: by configuration, by a server that the contract
    /// lists, or by the name of the service as its host.
    Named(BTreeSet<ContractId>),
    /// It sounds like the provider of these: `PROFILE_URL`.
    Hinted(BTreeSet<ContractId>),
    /// Nothing.
    Unknown,
    /// It is a service of the workspace that is not known to provide any.
    Unprovided,
    /// It is a host of somebody who provides no contract here.
    Foreign,
}

/// How the providers of all contracts are reached.
pub(super) struct Providers<'a> {
    workspace: &'a Workspace,
    /// Variables and hosts, as configured, in lower case.
    configured: BTreeMap<String, BTreeSet<ContractId>>,
    /// Hosts of `servers`, with `{}` for variables; local ones with their port.
    servers: BTreeMap<String, BTreeSet<ContractId>>,
    /// Contracts whose server may be any host: each instance has its own.
    anywhere: BTreeSet<ContractId>,
    /// Contracts that are known from code alone.
    code: BTreeSet<ContractId>,
    /// Normalised names of services.
    services: BTreeMap<String, BTreeSet<ContractId>>,
    /// What tells the name of a service, or the title of its contract, from the others.
    stems: BTreeMap<String, BTreeSet<ContractId>>,
    known: BTreeMap<Base, Rooted>,
}

/// Keys of the configuration under which a service says what discovery knows it by.
const APPLICATION_NAMES: [&str; 3] =
    ["spring.application.name", "quarkus.application.name", "micronaut.application.name"];

impl<'a> Providers<'a> {
    /// Reads the names of every provider.
    pub(super) fn new(catalog: &Catalog, workspace: &'a Workspace) -> Self {
        let mut providers = Self {
            workspace,
            configured: BTreeMap::new(),
            servers: BTreeMap::new(),
            anywhere: BTreeSet::new(),
            code: BTreeSet::new(),
            services: BTreeMap::new(),
            stems: BTreeMap::new(),
            known: BTreeMap::new(),
        };
        for (at, contract) in catalog.contracts.iter().enumerate() {
            let title = match contract.kind {
                ContractKind::OpenApi | ContractKind::Code => contract.title.as_str(),
                // A package names no host.
                ContractKind::Protobuf if has_bindings(catalog, contract) => "",
                ContractKind::Protobuf => continue,
            };
            if contract.kind == ContractKind::Code {
                providers.code.insert(ContractId::at(at));
            }
            providers.add(ContractId::at(at), title, contract.provider, &contract.servers);
        }
        providers
    }

    fn add(&mut self, id: ContractId, title: &str, provider: Option<ServiceId>, servers: &[String]) {
        for server in servers {
            let base = parse_text(server).base;
            let Some(host) = &base.host else {
                if server.contains("://{") {
                    self.anywhere.insert(id);
                }
                continue;
            };
            let name = match &base.port {
                Some(port) if is_local(host) => format!("{host}:{port}"),
                _ => host.clone(),
            };
            self.servers.entry(name).or_default().insert(id);
        }
        let service = provider.and_then(|provider| self.workspace.service(provider));
        for url in service.iter().flat_map(|service| &service.base_urls) {
            let name = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let name = name.split('/').next().unwrap_or(name);
            self.configured.entry(name.to_lowercase()).or_default().insert(id);
        }
        if let Some(service) = service {
            self.services.entry(normalised(&service.name)).or_default().insert(id);
        }
        let called: Vec<&str> = APPLICATION_NAMES
            .iter()
            .flat_map(|key| self.workspace.configuration.values(provider, key))
            .map(String::as_str)
            .filter(|name| provider.is_some() && !name.contains("${"))
            .collect();
        for name in &called {
            self.services.entry(normalised(name)).or_default().insert(id);
        }
        // Services of equal names are told apart by their folders: `shop/orders`.
        let simple = service.map(|service| service.name.rsplit('/').next().unwrap_or_default());
        if let Some(simple) = simple {
            self.services.entry(normalised(simple)).or_default().insert(id);
        }
        let names = simple.into_iter().chain([title]).chain(called);
        for stem in names.map(stem).filter(|stem| !stem.is_empty()) {
            self.stems.entry(stem).or_default().insert(id);
        }
    }

    /// What a base says; looked at once.
    pub(super) fn rooted(&mut self, base: &Base) -> Rooted {
        if let Some(known) = self.known.get(base) {
            return known.clone();
        }
        let rooted = self.judge(base);
        self.known.insert(base.clone(), rooted.clone());
        rooted
    }

    /// Whether a segment of a path is what the provider of a contract is called, or the contract itself: `orders` too of
    /// `order-service`.
    pub(super) fn is_name_of(&self, segment: &str, contract: ContractId) -> bool {
        let stem = stem(segment);
        let singular = stem.strip_suffix('s').filter(|singular| !singular.is_empty());
        let named = [Some(stem.as_str()), singular].into_iter().flatten().filter_map(|name| self.stems.get(name));
        named.flatten().any(|named| *named == contract)
    }

    /// Whether a contract lists this very host among its servers.
    pub(super) fn lists(&self, host: &str, contract: ContractId) -> bool {
        !is_local(host) && self.servers.get(host).is_some_and(|contracts| contracts.contains(&contract))
    }

    /// The contracts whose provider a base names, and no other.
    pub(super) fn owners(&self, base: &Base) -> BTreeSet<ContractId> {
        let variables = base.variables.iter().filter_map(|name| self.configured.get(&name.to_lowercase()));
        let mut named: BTreeSet<ContractId> = variables.flatten().copied().collect();
        if let Some(host) = &base.host {
            named.extend(self.named_by_host(host, base.port.as_deref()));
        }
        named
    }

    fn judge(&self, base: &Base) -> Rooted {
        let named = self.owners(base);
        if !named.is_empty() {
            return Rooted::Named(named);
        }
        match &base.host {
            Some(host) if is_foreign(host) && self.anywhere.is_empty() => return Rooted::Foreign,
            Some(host) if is_foreign(host) => return Rooted::Named(self.anywhere.clone()),
            Some(host) if self.is_service(host) && !is_gateway(host) => return Rooted::Unprovided,
            _ => {}
        }
        let hinted = self.hinted(base);
        if hinted.is_empty() { Rooted::Unknown } else { Rooted::Hinted(hinted) }
    }

    fn named_by_host(&self, host: &str, port: Option<&str>) -> BTreeSet<ContractId> {
        let with_port = port.map(|port| format!("{host}:{port}"));
        let configured =
            with_port.iter().map(String::as_str).chain([host]).filter_map(|name| self.configured.get(name));
        let mut named: BTreeSet<ContractId> = configured.flatten().copied().collect();
        if is_local(host) {
            return named;
        }
        let listed = self.servers.iter().filter(|(server, _)| is_host_of(server, host));
        named.extend(listed.flat_map(|(_, contracts)| contracts));
        if named.is_empty() {
            named.extend(self.named_by_service(host));
        }
        named
    }

    /// `http://profile:8080`, `profile.default.svc.cluster.local`, `profile.acme.com`.
    fn named_by_service(&self, host: &str) -> BTreeSet<ContractId> {
        let label = host.split('.').next().unwrap_or(host);
        if label.contains('{') {
            return BTreeSet::new();
        }
        // `api.acme.com` does not mean the service that happens to be called `api`.
        let says_who = !stem(label).is_empty() || is_internal(host);
        if says_who && let Some(contracts) = self.services.get(&normalised(label)) {
            return contracts.clone();
        }
        let sounding = self.stems.get(&stem(label)).cloned().unwrap_or_default();
        if is_internal(host) {
            return sounding;
        }
        // `account.acme.com` is `account-service` where that answers what is asked of it. A contract would have named
        // its servers.
        let is_below_domain = host.split('.').count() > 2;
        sounding.into_iter().filter(|id| is_below_domain && self.code.contains(id)).collect()
    }

    /// The name of a service inside the workspace's network.
    fn is_service(&self, host: &str) -> bool {
        let label = normalised(host.split('.').next().unwrap_or(host));
        is_internal(host) && self.workspace.services.iter().any(|service| normalised(&service.name) == label)
    }

    /// The providers that the longest match of a name speaks of.
    fn hinted(&self, base: &Base) -> BTreeSet<ContractId> {
        let local = base.host.as_ref().zip(base.port.as_ref()).map(|(host, port)| format!("{host}:{port}"));
        if let Some(contracts) = local.and_then(|local| self.servers.get(&local)) {
            return contracts.clone();
        }
        let heard = self.stems.iter().filter(|(stem, _)| base.variables.iter().any(|name| spells(name, stem)));
        let heard: Vec<_> = heard.collect();
        let longest = heard.iter().map(|(stem, _)| stem.len()).max();
        let heard = heard.into_iter().filter(|(stem, _)| Some(stem.len()) == longest);
        heard.flat_map(|(_, contracts)| contracts.iter().copied()).collect()
    }
}

/// Whether `host` is one that `server` stands for; a server that is all variable says nothing.
fn is_host_of(server: &str, host: &str) -> bool {
    if !server.contains("{}") {
        return server == host;
    }
    let head = server.split("{}").next().unwrap_or_default();
    let tail = server.rsplit("{}").next().unwrap_or_default();
    let says_who = tail.split('.').filter(|label| !label.is_empty()).count() >= 2;
    says_who && host.len() >= head.len() + tail.len() && host.starts_with(head) && host.ends_with(tail)
}

/// A public host; nobody here has it.
fn is_foreign(host: &str) -> bool {
    let domain = host.rsplit('}').next().unwrap_or(host);
    !is_local(host) && !is_internal(host) && domain.split('.').filter(|label| !label.is_empty()).count() >= 2
}

/// This machine: it says nothing about who answers.
fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "0.0.0.0" | "[::1]" | "[::]" | "host.docker.internal")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
}

/// A name of what hands requests on to others.
fn is_gateway(host: &str) -> bool {
    let label = normalised(host.split('.').next().unwrap_or(host));
    ["gateway", "proxy", "ingress", "nginx", "traefik", "envoy", "router"].iter().any(|word| label.contains(word))
}

/// A name or address that only means something inside one network.
fn is_internal(host: &str) -> bool {
    let ends = [".local", ".internal", ".svc", ".lan", ".intranet", ".consul", ".test", ".example"];
    !host.contains('.')
        || ends.iter().any(|end| host.ends_with(end))
        || host.contains(".svc.")
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_private())
}

/// Whether rpcs of a contract can be called by plain HTTP.
fn has_bindings(catalog: &Catalog, contract: &Contract) -> bool {
    catalog.operations_of(contract).iter().any(|operation| operation.binding.is_some())
}
