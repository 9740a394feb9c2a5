//! Symbol and method of a generated stub <-> rpc.

use std::collections::{BTreeMap, BTreeSet};

use super::name::normalised;
use super::package::{Packages, Tie};
use super::{CallLink, missing};
use crate::model::contract::{Catalog, OperationId, Protocol};
use crate::model::ir::Symbol;
use crate::model::map::{Confidence, Missing, Unlinked};
use crate::model::source::ServiceId;
use crate::model::usage::Provided;

/// Every rpc by the simple name of its service.
pub(super) struct Stubs<'a> {
    catalog: &'a Catalog,
    services: BTreeMap<String, Vec<Rpc<'a>>>,
}

#[derive(Clone, Copy)]
struct Rpc<'a> {
    operation: OperationId,
    service: &'a str,
    method: &'a str,
}

impl<'a> Stubs<'a> {
    /// Reads every rpc.
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut services: BTreeMap<String, Vec<Rpc<'a>>> = BTreeMap::new();
        for (id, operation) in catalog.operations() {
            let Protocol::Rpc { service, method, .. } = &operation.protocol else { continue };
            let simple = service.rsplit('.').next().unwrap_or(service);
            services.entry(normalised(simple)).or_default().push(Rpc { operation: id, service, method });
        }
        Self { catalog, services }
    }

    /// The rpc that a method of a stub calls.
    pub(super) fn link(
        &self,
        packages: &Packages<'_>,
        stub: &Symbol,
        (service, method): (&str, &str),
        caller: Option<ServiceId>,
    ) -> Result<CallLink, Unlinked> {
        let method = normalised(method);
        let (mut rpcs, is_tied) = self.service(packages, stub, service)?;
        rpcs.retain(|rpc| normalised(rpc.method) == method);
        let rpc = self.nearest(packages, rpcs, caller)?.first().copied().ok_or(Unlinked::NoOperation)?;
        let (confidence, evidence) = if is_tied {
            (Confidence::Certain, "generated stub".to_owned())
        } else {
            (Confidence::Likely, format!("generated stub, the only service named {service}"))
        };
        Ok(CallLink { operation: rpc.operation, confidence, evidence, unowned: false })
    }

    /// All operations of the service that is registered, if there is but one of its name.
    pub(super) fn provided(&self, packages: &Packages<'_>, fact: &Provided) -> Vec<OperationId> {
        let rpcs = self.service(packages, &fact.symbol, &fact.service);
        let rpcs = rpcs.and_then(|(rpcs, _)| self.nearest(packages, rpcs, fact.location.service));
        rpcs.unwrap_or_default().into_iter().map(|rpc| rpc.operation).collect()
    }

    /// What is missing from the service of a stub that is tied to its package.
    pub(super) fn missing(
        &self,
        packages: &Packages<'_>,
        stub: &Symbol,
        (service, method): (&str, &str),
    ) -> Option<Missing> {
        let (rpcs, is_tied) = self.service(packages, stub, service).ok()?;
        let services: BTreeSet<&str> = rpcs.iter().map(|rpc| rpc.service).collect();
        let operations: Vec<OperationId> = rpcs.iter().map(|rpc| rpc.operation).collect();
        (is_tied && services.len() == 1).then(|| missing::in_service(self.catalog, &operations, method))
    }

    /// The package of an rpc.
    pub(super) fn package(&self, operation: OperationId) -> &'a str {
        &self.catalog.contract(self.catalog.operation(operation).contract).title
    }

    /// Rpcs of the services of this name, or those of one package, and whether the symbol is tied to
    /// it.
    fn service(
        &self,
        packages: &Packages<'_>,
        symbol: &Symbol,
        service: &str,
    ) -> Result<(Vec<Rpc<'a>>, bool), Unlinked> {
        let name = normalised(service);
        // Some generators put it behind every name: the service `Greeter` is `GreeterService`.
        let bare = || self.services.get(name.strip_suffix("service")?);
        let named = self.services.get(&name).or_else(bare).ok_or(Unlinked::UnknownService)?;
        let Some(place) = packages.place(symbol) else { return Ok((named.clone(), false)) };
        let tied = named.iter().filter(|rpc| place.packages.contains(self.package(rpc.operation)));
        let tied: Vec<Rpc<'a>> = tied.copied().collect();
        match (tied.is_empty(), place.tie) {
            (false, tie) => Ok((tied, tie != Tie::Learned)),
            // The module is known to come from another package.
            (true, Tie::Said) => Err(Unlinked::UnknownService),
            (true, _) => Ok((named.clone(), false)),
        }
    }

    /// Rpcs of the nearest copy of the one service that all belong to.
    fn nearest(
        &self,
        packages: &Packages<'_>,
        mut rpcs: Vec<Rpc<'a>>,
        caller: Option<ServiceId>,
    ) -> Result<Vec<Rpc<'a>>, Unlinked> {
        let services: BTreeSet<&str> = rpcs.iter().map(|rpc| rpc.service).collect();
        if services.len() > 1 {
            return Err(Unlinked::Ambiguous);
        }
        let contract = |rpc: &Rpc<'_>| self.catalog.operation(rpc.operation).contract;
        let nearest = rpcs.iter().map(contract).min_by_key(|id| packages.distance(*id, caller));
        rpcs.retain(|rpc| Some(contract(rpc)) == nearest);
        Ok(rpcs)
    }
}
