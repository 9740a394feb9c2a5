//! Method and URL template of an HTTP call <-> operation.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use super::name::stem;
use super::provider::{Providers, Rooted};
use super::route::{Fit, Met, Routes};
use super::url::{self, Url};
use super::{CallLink, configured, lower, missing};
use crate::model::contract::{Catalog, ContractId, ContractKind, OperationId, Protocol};
use crate::model::map::{Confidence, Missing, Unlinked};
use crate::model::source::{Service, ServiceId, Workspace, is_inside};
use crate::model::usage::{Call, Part, Route, Runtime, Template};

/// Every HTTP operation, and how its provider is reached.
pub(super) struct Endpoints<'a> {
    catalog: &'a Catalog,
    workspace: &'a Workspace,
    routes: Routes,
    providers: Providers<'a>,
}

impl<'a> Endpoints<'a> {
    /// Reads the paths, servers and providers of all contracts.
    pub(super) fn new(catalog: &'a Catalog, workspace: &'a Workspace) -> Self {
        let configured = |contract: usize| {
            let provider = catalog.contracts.get(contract).and_then(|contract| contract.provider);
            provider.and_then(|id| workspace.service(id)).map_or(&[][..], |service| &service.base_urls)
        };
        Self {
            catalog,
            workspace,
            routes: Routes::new(catalog, configured),
            providers: Providers::new(catalog, workspace),
        }
    }

    /// The operation that the request of a call is aimed at.
    pub(super) fn link(
        &mut self,
        method: Option<&str>,
        template: &Template,
        call: &Call,
    ) -> Result<CallLink, Unlinked> {
        let caller = call.location.service;
        let (url, mut rooted) = self.located(template, caller);
        if rooted == Rooted::Foreign {
            return Err(Unlinked::ForeignHost);
        }
        let mut fits = self.routes.find(method, &url);
        fits.retain(|fit| self.is_believable(fit, &url, &rooted));
        if is_relative(template, &url)
            && call.runtime == Runtime::Page
            && let Some(own) = self.answered_by_own(&fits, caller)
        {
            rooted = Rooted::Named(own);
        }
        self.keep_rooted(&mut fits, &rooted);
        let Some(best) = fits.iter().max_by(|a, b| self.compare(a, b, &rooted, &url)) else {
            return Err(match rooted {
                Rooted::Unprovided => Unlinked::ForeignHost,
                _ if says_something(&url) => Unlinked::NoOperation,
                _ => Unlinked::UnknownUrl,
            });
        };
        let equals = fits.iter().filter(|fit| self.compare(fit, best, &rooted, &url).is_eq()).collect();
        let fit = self.settle(equals, caller).ok_or(Unlinked::Ambiguous)?;
        let confidence = confidence(fit, self.speaks_of(fit, &rooted), self.is_prefixed(fit, &url));
        let is_whole = fit.extra == 0 && !fit.is_weak() && !fit.is_shared() && fit.count(Met::Literal) > 0;
        Ok(CallLink {
            operation: fit.operation,
            confidence: if method.is_none() { lower(confidence) } else { confidence },
            evidence: evidence(method, &url),
            unowned: method.is_some() && is_whole && url.base.host.is_none(),
        })
    }

    /// The URL in the environment where it is known best whom it is of.
    fn located(&mut self, template: &Template, caller: Option<ServiceId>) -> (Url, Rooted) {
        let urls = configured::urls_of(template, caller, &self.workspace.configuration);
        let mut all = urls.into_iter().map(|url| {
            let rooted = self.providers.rooted(&url.base);
            (url, rooted)
        });
        let first = all.next().unwrap_or_else(|| (url::parse(template), Rooted::Unknown));
        let standing = |rooted: &Rooted| match rooted {
            Rooted::Named(_) => 2,
            Rooted::Hinted(_) => 1,
            Rooted::Unknown | Rooted::Unprovided | Rooted::Foreign => 0,
        };
        // Of equals the first.
        all.fold(first, |best, next| if standing(&next.1) > standing(&best.1) { next } else { best })
    }

    /// `/orders-service/orders`: what stands before the path of the operation, for a gateway or as its base path, names
    /// the service.
    fn is_prefixed(&self, fit: &Fit, url: &Url) -> bool {
        let contract = self.contract_of(fit);
        let Protocol::Http { path, .. } = &self.catalog.operation(fit.operation).protocol else { return false };
        let before = url.segments.len().saturating_sub(url::path_segments(path).len());
        let mut prefix = url.segments.iter().take(before).filter_map(url::Segment::literal);
        prefix.any(|segment| self.providers.is_name_of(segment, contract))
    }

    /// The contracts of the caller that no other fits a request better than: a page that names no host asks whoever
    /// served it.
    fn answered_by_own(&self, fits: &[Fit], caller: Option<ServiceId>) -> Option<BTreeSet<ContractId>> {
        let best = fits.iter().max_by(|a, b| a.compare(b))?;
        let is_best = |fit: &&Fit| fit.hidden == 0 && !fit.is_weak() && fit.compare(best).is_eq();
        let own = fits.iter().filter(is_best).filter(|fit| self.provider(fit) == caller);
        let own: BTreeSet<ContractId> = own.map(|fit| self.contract_of(fit)).collect();
        (caller.is_some() && !own.is_empty()).then_some(own)
    }

    /// Operations that a handler may answer, by method and path alone; whose contract it is, the caller
    /// must know.
    pub(super) fn provided(&self, method: Option<&str>, path: &Template) -> Vec<OperationId> {
        self.provided_fits(method, path).into_iter().map(|fit| fit.operation).collect()
    }

    /// Those of some operations that fit a handler best: of each method one.
    pub(super) fn best_provided(&self, route: &Route, among: BTreeSet<OperationId>) -> Vec<OperationId> {
        let Route::Http { method, path } = route else { return Vec::new() };
        let mut best: BTreeMap<&str, Fit> = BTreeMap::new();
        for fit in self.provided_fits(method.as_deref(), path) {
            let Protocol::Http { method, .. } = &self.catalog.operation(fit.operation).protocol else { continue };
            if !among.contains(&fit.operation) {
                continue;
            }
            match best.get(method.as_str()) {
                Some(known) if known.compare(&fit).is_ge() => {}
                _ => drop(best.insert(method, fit)),
            }
        }
        best.into_values().map(|fit| fit.operation).collect()
    }

    /// Handlers are written as exactly as contracts are: nothing is guessed. In front of either path
    /// something may stand that the other does not know of (a base path, a gateway).
    fn provided_fits(&self, method: Option<&str>, path: &Template) -> Vec<Fit> {
        let url = url::parse(path);
        let mut fits = self.routes.find(method, &url);
        fits.retain(|fit| {
            let is_whole = fit.hidden + fit.extra == 0;
            !fit.is_weak() && !fit.is_shared() && (is_whole || fit.count(Met::Literal) + fit.count(Met::Mixed) > 0)
        });
        fits
    }

    /// Operations whose whole path is this one; of any method, if none is given. Nothing is guessed.
    pub(super) fn on_path(&self, method: Option<&str>, url: &Url) -> Vec<OperationId> {
        let mut fits = self.routes.find(method, url);
        fits.retain(|fit| fit.extra == 0 && !fit.is_weak() && !fit.is_shared() && fit.count(Met::Literal) > 0);
        let best = fits.iter().map(|fit| fit.count(Met::Literal)).max();
        fits.iter().filter(|fit| Some(fit.count(Met::Literal)) == best).map(|fit| fit.operation).collect()
    }

    /// What is missing from the contracts that a request surely goes to.
    pub(super) fn missing(&self, method: &str, template: &Template, caller: Option<ServiceId>) -> Option<Missing> {
        let url = configured::url_of(template, caller, &self.workspace.configuration);
        missing::in_contracts(self.catalog, &self.providers.owners(&url.base), (method, &url), caller)
    }

    fn contract_of(&self, fit: &Fit) -> ContractId {
        self.catalog.operation(fit.operation).contract
    }

    fn provider(&self, fit: &Fit) -> Option<ServiceId> {
        self.catalog.contract(self.contract_of(fit)).provider
    }

    fn speaks_of(&self, fit: &Fit, rooted: &Rooted) -> bool {
        match rooted {
            Rooted::Named(contracts) | Rooted::Hinted(contracts) => contracts.contains(&self.contract_of(fit)),
            Rooted::Unknown | Rooted::Unprovided | Rooted::Foreign => false,
        }
    }

    /// Something literal must tie URL and operation together: a segment, or else the host.
    fn is_believable(&self, fit: &Fit, url: &Url, rooted: &Rooted) -> bool {
        if fit.extra > 0 && (self.contradicts_version(fit, url) || self.is_beside_server(fit, url)) {
            return false;
        }
        if fit.count(Met::Literal) + fit.count(Met::Mixed) > 0 {
            return true;
        }
        let whole = fit.hidden + fit.extra == 0 && !fit.is_weak();
        whole && matches!(rooted, Rooted::Named(_)) && self.speaks_of(fit, rooted)
    }

    /// `/v2/users` is not `/users` of a contract whose servers say `/v1`.
    fn contradicts_version(&self, fit: &Fit, url: &Url) -> bool {
        let is_version = |segment: &url::Segment| {
            let digits = segment.literal().and_then(|text| text.strip_prefix('v'));
            digits.is_some_and(|digits| digits.starts_with(|c: char| c.is_ascii_digit()))
        };
        let versioned = |server: &String| url::parse_text(server).segments.iter().any(is_version);
        url.segments.iter().take(fit.extra).any(is_version)
            && self.catalog.contract(self.contract_of(fit)).servers.iter().any(versioned)
    }

    /// `https://api.acme.com/billing/users` is not `/users` of a contract that lists this host: it
    /// would say where below the host it lives.
    fn is_beside_server(&self, fit: &Fit, url: &Url) -> bool {
        let host = url.base.host.as_deref();
        host.is_some_and(|host| self.providers.lists(host, self.contract_of(fit)))
    }

    /// A base that names its provider leaves no other; one that only sounds like it leaves what
    /// fits without guessing.
    fn keep_rooted(&self, fits: &mut Vec<Fit>, rooted: &Rooted) {
        match rooted {
            Rooted::Named(contracts) => fits.retain(|fit| contracts.contains(&self.contract_of(fit))),
            Rooted::Unprovided => fits.retain(|fit| self.provider(fit).is_none()),
            Rooted::Hinted(_) if fits.iter().any(|fit| !fit.is_weak() && self.speaks_of(fit, rooted)) => {
                fits.retain(|fit| self.speaks_of(fit, rooted));
            }
            _ => {}
        }
    }

    fn compare(&self, a: &Fit, b: &Fit, rooted: &Rooted, url: &Url) -> Ordering {
        a.compare(b)
            .then_with(|| self.speaks_of(a, rooted).cmp(&self.speaks_of(b, rooted)))
            .then_with(|| self.is_prefixed(a, url).cmp(&self.is_prefixed(b, url)))
    }

    /// One of several that fit equally well: not the caller's own, and of copies of one API the
    /// one nearest to the caller.
    fn settle<'f>(&self, mut best: Vec<&'f Fit>, caller: Option<ServiceId>) -> Option<&'f Fit> {
        let is_own = |fit: &&Fit| caller.is_some() && self.provider(fit) == caller;
        if !best.iter().all(is_own) {
            best.retain(|fit| !is_own(fit));
        }
        let names: BTreeSet<(&str, &str)> = best
            .iter()
            .map(|fit| {
                let operation = self.catalog.operation(fit.operation);
                (self.catalog.contract(operation.contract).title.as_str(), operation.key.as_str())
            })
            .collect();
        if names.len() > 1 {
            return self.source(best.clone(), &names).or_else(|| self.beside(&best, caller));
        }
        best.into_iter().min_by_key(|fit| {
            let contract = self.catalog.contract(self.contract_of(fit));
            (contract.provider.is_none(), distance(&contract.id, caller, self.workspace), &contract.id)
        })
    }

    /// Of copies of one service the one in the caller's folder: a repository may hold several systems, or several states
    /// of one, whose services are called alike.
    fn beside<'f>(&self, best: &[&'f Fit], caller: Option<ServiceId>) -> Option<&'f Fit> {
        let caller = self.workspace.service(caller?)?;
        let providers = best.iter().map(|fit| self.workspace.service(self.provider(fit)?));
        let providers = providers.collect::<Option<Vec<&Service>>>()?;
        let name = |service: &Service| stem(service.path.rsplit('/').next().unwrap_or_default());
        let names: BTreeSet<String> = providers.iter().map(|service| name(service)).collect();
        if names.len() > 1 {
            return None;
        }
        let shared = |service: &Service| {
            let folders = caller.path.split('/').zip(service.path.split('/'));
            folders.take_while(|(left, right)| left == right).count()
        };
        let nearest = providers.iter().map(|service| shared(service)).max()?;
        let mut beside = best.iter().zip(providers).filter(|(_, service)| shared(service) == nearest);
        let (fit, _) = beside.next()?;
        beside.next().is_none().then_some(*fit)
    }

    /// One operation of one provider that several contracts describe: a service in protobuf, documents that are
    /// generated from its files, and one that puts these together. The protobuf, or the document that has most, is
    /// taken for the source.
    fn source<'f>(&self, best: Vec<&'f Fit>, titles: &BTreeSet<(&str, &str)>) -> Option<&'f Fit> {
        let operation = |fit: &Fit| self.catalog.operation(fit.operation);
        let contract = |fit: &Fit| self.catalog.contract(self.contract_of(fit));
        let keys: BTreeSet<&str> = titles.iter().map(|(_, key)| *key).collect();
        // Those of rpcs that have several paths are told apart by these.
        let ids: BTreeSet<&str> = best.iter().filter_map(|fit| operation(fit).operation_id.as_deref()).collect();
        if keys.len() > 1 || ids.len() > 1 {
            return None;
        }
        // Copies elsewhere have the title of one of these.
        let provider = best.iter().filter_map(|fit| contract(fit).provider).find(|provider| {
            let here = best.iter().filter(|fit| contract(fit).provider == Some(*provider));
            here.map(|fit| contract(fit).title.as_str()).collect::<BTreeSet<_>>().len() == titles.len()
        })?;
        let own: Vec<&Fit> = best.into_iter().filter(|fit| contract(fit).provider == Some(provider)).collect();
        let source = own.iter().copied().min_by_key(|fit| {
            let contract = contract(fit);
            let operations = self.catalog.operations_of(contract).len();
            (contract.kind != ContractKind::Protobuf, Reverse(operations), &contract.id)
        })?;
        // Another API of the same provider may have the same path, where nothing was generated from rpcs.
        let keys = self.keys(self.contract_of(source));
        let is_part = |fit: &&Fit| self.keys(self.contract_of(fit)).is_subset(&keys);
        (contract(source).kind == ContractKind::Protobuf || own.iter().all(is_part)).then_some(source)
    }

    fn keys(&self, contract: ContractId) -> BTreeSet<&'a str> {
        let operations = self.catalog.operations_of(self.catalog.contract(contract));
        operations.iter().map(|operation| operation.key.as_str()).collect()
    }
}

/// How far a path is from a service: inside it, inside its repository, elsewhere.
pub(super) fn distance(path: &str, service: Option<ServiceId>, workspace: &Workspace) -> u8 {
    match service.and_then(|id| workspace.service(id)) {
        Some(service) if is_inside(path, &service.path) => 0,
        Some(service) if is_inside(path, &service.repository) => 1,
        _ => 2,
    }
}

/// Whether a URL begins with its path.
fn is_relative(template: &Template, url: &Url) -> bool {
    matches!(template.0.first(), Some(Part::Text(_))) && url.base.host.is_none() && url.base.variables.is_empty()
}

/// Whether the path is known at all.
fn says_something(url: &Url) -> bool {
    match url.segments.as_slice() {
        // What stands behind a host that ends with something unknown may be a path.
        [] => !url.base.open && url.base.host.as_ref().is_none_or(|host| !host.contains("{}")),
        segments => segments.iter().any(|segment| !segment.is_hole()),
    }
}

fn confidence(fit: &Fit, provider_known: bool, is_prefixed: bool) -> Confidence {
    let literals = fit.count(Met::Literal);
    if fit.is_shared() {
        // That a value holds a slash is nowhere written: the rest has to say what is meant.
        let is_telling = literals >= 2 || (literals == 1 && provider_known);
        return if is_telling { Confidence::Likely } else { Confidence::Possible };
    }
    let is_telling = match (fit.extra, fit.hidden) {
        (0, 0) => provider_known || literals >= 2 || (literals == 1 && fit.met.len() >= 2),
        (0, _) => provider_known || literals >= 2,
        // A prefix that the contract has not may be a gateway's, or make it somebody else's API.
        _ => is_prefixed || (provider_known && literals >= 2),
    };
    if is_telling && !fit.is_weak() { Confidence::Likely } else { Confidence::Possible }
}

/// `GET /profiles/{} on PROFILE_URL`.
fn evidence(method: Option<&str>, url: &Url) -> String {
    let segments: Vec<String> = url.segments.iter().map(ToString::to_string).collect();
    let path = format!("/{}", segments.join("/"));
    let request = method.map_or(path.clone(), |method| format!("{method} {path}"));
    let base = url.base.host.clone().into_iter().chain(url.base.variables.iter().cloned());
    match base.collect::<Vec<_>>().as_slice() {
        [] => request,
        base => format!("{request} on {}", base.join(", ")),
    }
}
