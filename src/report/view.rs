//! The part of the dependency map that an answer shows.

use std::collections::BTreeSet;

use crate::model::analysis::Analysis;
use crate::model::contract::{ContractId, OperationId};
use crate::model::map::{Confidence, Edge, EdgeKind, Flow, Kept, LinkedRetry, Role, Unresolved};
use crate::model::source::{ServiceId, Span};
use crate::model::usage::{Client, ClientId, Location};

/// What is asked for; what is left open is not asked about.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only what these services do.
    pub consumers: Option<BTreeSet<ServiceId>>,
    /// Only these contracts.
    pub contracts: Option<BTreeSet<ContractId>>,
    /// Only these operations.
    pub operations: Option<BTreeSet<OperationId>>,
    /// Only edges that are at least this sure.
    pub min_confidence: Option<Confidence>,
    /// Test code too.
    pub tests: bool,
}

/// The part of a map that a [`Filter`] leaves, in the order of the map.
#[derive(Debug)]
pub struct View<'a> {
    /// All facts, for names and places.
    pub analysis: &'a Analysis,
    /// Edges.
    pub edges: Vec<&'a Edge>,
    /// Contracts.
    pub contracts: Vec<ContractId>,
    /// What services pass on; where contracts or operations are asked for, from them or into them.
    pub flows: Vec<&'a Flow>,
    /// What is logged, cached, stored and sent on.
    pub kept: Vec<&'a Kept>,
    /// Clients; where contracts or operations are asked for, those through which these are called.
    pub clients: Vec<&'a Client>,
    /// Retries; where contracts or operations are asked for, those of these.
    pub retries: Vec<&'a LinkedRetry>,
    /// Calls that are tied to nothing; none where contracts or operations are asked for.
    pub unresolved: Vec<&'a Unresolved>,
    /// Operations that are asked for; all if none.
    operations: Option<BTreeSet<OperationId>>,
}

impl<'a> View<'a> {
    /// What `filter` leaves of the map.
    #[must_use]
    pub fn new(analysis: &'a Analysis, filter: &Filter) -> Self {
        let map = &analysis.map;
        let asked = |location: &Location| filter.asks_for(location);
        let shown = |location: &Location| filter.tests || !is_test(analysis, location);
        let elements = |edge: &Edge| filter.asks_for_edge(analysis, edge);

        let edges = map.edges.iter().filter(|edge| asked(&edge.location) && shown(&edge.location) && elements(edge));
        let unresolved = map.unresolved.iter();
        let unresolved = unresolved.filter(|call| filter.is_open() && asked(&call.location) && shown(&call.location));
        let used = clients_of(analysis, filter);
        let clients = (0..).map(ClientId).zip(&map.clients).filter(|(id, client)| {
            asked(&client.location) && shown(&client.location) && used.as_ref().is_none_or(|used| used.contains(id))
        });
        let retries = map.retries.iter().filter(|linked| {
            let location = &linked.retry.location;
            let repeats = linked.operations.iter().any(|operation| filter.asks_for_operation(analysis, *operation));
            asked(location) && shown(location) && (filter.is_open() || repeats)
        });
        let flows = map.flows.iter().filter(|flow| {
            let asks = |operation| filter.asks_for_operation(analysis, operation);
            let sure = filter.min_confidence.is_none_or(|least| flow.confidence >= least);
            asked(&flow.location)
                && shown(&flow.location)
                && sure
                && (asks(flow.from.operation) || asks(flow.to.operation))
        });
        let kept = map.kept.iter().filter(|kept| {
            let sure = filter.min_confidence.is_none_or(|least| kept.confidence >= least);
            let asks = kept.operation.map_or(filter.is_open(), |id| filter.asks_for_operation(analysis, id));
            asked(&kept.location) && shown(&kept.location) && sure && asks
        });
        Self {
            analysis,
            flows: flows.collect(),
            kept: kept.collect(),
            clients: clients.map(|(_, client)| client).collect(),
            retries: retries.collect(),
            contracts: contracts(analysis, filter),
            edges: edges.collect(),
            unresolved: unresolved.collect(),
            operations: filter.operations.clone(),
        }
    }

    /// Everything, test code too.
    #[must_use]
    pub fn whole(analysis: &'a Analysis) -> Self {
        Self::new(analysis, &Filter { tests: true, ..Filter::default() })
    }

    /// Whether an operation is asked for; its contract is.
    #[must_use]
    pub fn has_operation(&self, id: OperationId) -> bool {
        self.operations.as_ref().is_none_or(|asked| asked.contains(&id))
    }

    /// Edges in code that people here wrote: generated and vendored code is left out.
    pub fn own_edges(&self) -> impl Iterator<Item = &'a Edge> {
        self.edges.iter().copied().filter(|edge| !is_foreign(self.analysis, edge))
    }

    /// The services that implement a contract's operations, by configuration, place or code.
    #[must_use]
    pub fn providers(&self, id: ContractId) -> BTreeSet<ServiceId> {
        let analysis = self.analysis;
        let configured = analysis.head.contracts.get(id.index()).and_then(|contract| contract.provider);
        let is_served = |edge: &&Edge| {
            edge.role == Role::Provider && edge.kind == EdgeKind::Call && contract_of(analysis, edge) == Some(id)
        };
        let serving = analysis.map.edges.iter().filter(is_served).filter(|edge| !is_test(analysis, &edge.location));
        serving.filter_map(|edge| edge.location.service).chain(configured).collect()
    }
}

impl Filter {
    /// No contract and no operation is asked for.
    const fn is_open(&self) -> bool {
        self.contracts.is_none() && self.operations.is_none()
    }

    fn asks_for(&self, location: &Location) -> bool {
        let Some(consumers) = &self.consumers else { return true };
        location.service.is_some_and(|service| consumers.contains(&service))
    }

    fn asks_for_operation(&self, analysis: &Analysis, id: OperationId) -> bool {
        let contract = analysis.head.operations.get(id.index()).map(|operation| operation.contract);
        self.operations.as_ref().is_none_or(|asked| asked.contains(&id))
            && self.contracts.as_ref().is_none_or(|asked| contract.is_some_and(|id| asked.contains(&id)))
    }

    fn asks_for_edge(&self, analysis: &Analysis, edge: &Edge) -> bool {
        if self.min_confidence.is_some_and(|least| edge.confidence < least) {
            return false;
        }
        if let Some(operation) = edge.operation {
            return self.asks_for_operation(analysis, operation);
        }
        let contract = contract_of(analysis, edge);
        self.operations.is_none()
            && self.contracts.as_ref().is_none_or(|asked| contract.is_some_and(|id| asked.contains(&id)))
    }
}

/// The clients through which what is asked for is called; none if nothing is.
fn clients_of(analysis: &Analysis, filter: &Filter) -> Option<BTreeSet<ClientId>> {
    if filter.is_open() {
        return None;
    }
    let calls = analysis.map.calls.iter().filter(|call| {
        let edge = analysis.map.edges.get(call.edge);
        edge.is_some_and(|edge| filter.asks_for_edge(analysis, edge))
    });
    Some(calls.filter_map(|call| call.client).collect())
}

fn contracts(analysis: &Analysis, filter: &Filter) -> Vec<ContractId> {
    let all = (0..analysis.head.contracts.len()).map(ContractId::at);
    let holds = |id: &ContractId| match &filter.operations {
        None => true,
        Some(asked) => asked
            .iter()
            .any(|operation| analysis.head.operations.get(operation.index()).is_some_and(|it| it.contract == *id)),
    };
    all.filter(|id| filter.contracts.as_ref().is_none_or(|asked| asked.contains(id))).filter(holds).collect()
}

/// The contract that an edge leads to.
#[must_use]
pub fn contract_of(analysis: &Analysis, edge: &Edge) -> Option<ContractId> {
    let operation = edge.operation.and_then(|id| analysis.head.operations.get(id.index()));
    let message = edge.field.and_then(|field| analysis.head.messages.get(field.message.index()));
    operation.map(|operation| operation.contract).or_else(|| message.map(|message| message.contract))
}

/// Whether a place is in test code: a test function, or a file of tests.
#[must_use]
pub fn is_test(analysis: &Analysis, location: &Location) -> bool {
    location.test || provenance(analysis, location.span).test
}

/// Whether an edge is in code that somebody else, or a generator, wrote.
#[must_use]
pub fn is_foreign(analysis: &Analysis, edge: &Edge) -> bool {
    let provenance = provenance(analysis, edge.location.span);
    edge.foreign || provenance.generated || provenance.vendored
}

fn provenance(analysis: &Analysis, span: Span) -> crate::model::source::Provenance {
    analysis.sources.get(span.file).provenance
}
