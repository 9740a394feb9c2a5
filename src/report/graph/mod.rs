//! The dependency map as a drawing: boxes and arrows, in a form that Mermaid and Graphviz share.
//!
//! A service is a box; a contract is a frame around its operations, in the frame of the service that
//! provides it. An arrow leads from a consumer to each operation it calls, and, where fields are drawn,
//! from the operation to each of its fields that somebody uses, with who does what. An arrow is broken
//! where nothing behind it is more than a guess, and where the whole body is passed on: then it is not
//! known which fields are used.

pub mod dot;
pub mod mermaid;

use std::collections::{BTreeMap, BTreeSet};

use super::uses;
use super::view::{View, contract_of};
use crate::model::contract::{ContractId, OperationId};
use crate::model::map::{Confidence, Edge, EdgeKind, Role};
use crate::model::source::ServiceId;
use crate::model::usage::AccessKind;

/// Arrows that Mermaid draws unless its configuration says otherwise (`maxEdges`).
const MERMAID_ARROWS: usize = 500;

/// Who is at the end of an arrow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// A service; none for code that belongs to no service.
    Service(Option<ServiceId>),
    /// An operation.
    Operation(OperationId),
    /// A field that is used, by its name in output, under its operation.
    Field(Option<OperationId>, String),
}

/// A frame around what a service provides.
#[derive(Debug, Default)]
struct Provider {
    /// Its contracts, with the nodes that are drawn in each.
    contracts: BTreeMap<ContractId, BTreeSet<Node>>,
}

/// What an arrow says.
#[derive(Debug, Default)]
struct Arrow {
    /// What is done, by whom: empty for a plain call.
    labels: BTreeMap<String, BTreeSet<&'static str>>,
    /// Something behind it is more than a guess.
    sure: bool,
}

/// Boxes, frames and arrows, each in a fixed order.
#[derive(Debug)]
struct Graph<'a> {
    view: &'a View<'a>,
    /// Frames by provider; contracts that nobody here provides are under none.
    providers: BTreeMap<Option<ServiceId>, Provider>,
    /// Services that are drawn outside of all frames.
    outside: BTreeSet<Option<ServiceId>>,
    arrows: BTreeMap<(Node, Node), Arrow>,
    ids: BTreeMap<Node, String>,
}

/// Arrows that a drawing has, if they are more than Mermaid draws.
#[must_use]
pub fn too_many(view: &View<'_>, fields: bool) -> Option<usize> {
    let arrows = Graph::new(view, fields).arrows.len();
    (arrows > MERMAID_ARROWS).then_some(arrows)
}

impl<'a> Graph<'a> {
    fn new(view: &'a View<'a>, fields: bool) -> Self {
        let mut graph = Self {
            view,
            providers: BTreeMap::new(),
            outside: BTreeSet::new(),
            arrows: BTreeMap::new(),
            ids: BTreeMap::new(),
        };
        for edge in view.own_edges().filter(|edge| edge.role == Role::Consumer) {
            graph.add(edge, fields);
        }
        graph.place_services();
        graph.number();
        graph
    }

    fn add(&mut self, edge: &Edge, fields: bool) {
        let consumer = Node::Service(edge.location.service);
        let is_sure = edge.confidence >= Confidence::Likely;
        let Some(contract) = contract_of(self.view.analysis, edge) else { return };
        let operation = edge.operation.map(Node::Operation);
        for node in operation.iter().cloned() {
            self.enclose(contract, node);
        }
        match (edge.kind, operation) {
            (EdgeKind::Call, Some(operation)) => self.arrow(consumer, operation).sure |= is_sure,
            (EdgeKind::Access(AccessKind::Whole), Some(operation)) => {
                let arrow = self.arrow(consumer, operation);
                arrow.labels.entry(String::new()).or_default().insert("whole body");
            }
            (kind, operation) if fields && edge.field.is_some() => {
                let field = Node::Field(edge.operation, uses::element(self.view.analysis, edge));
                self.enclose(contract, field.clone());
                let who = uses::consumer(self.view.analysis, edge).to_owned();
                // A field that is known by its type alone has no operation to hang on.
                let (from, who) = match operation {
                    Some(operation) => (operation, who),
                    None => (consumer, String::new()),
                };
                let arrow = self.arrow(from, field);
                arrow.labels.entry(who).or_default().insert(kind.name());
                arrow.sure |= is_sure;
            }
            // The reader of an answer is tied to its operation even if the call was not found.
            (_, Some(operation)) => self.arrow(consumer, operation).sure |= is_sure,
            (_, None) => {}
        }
    }

    fn arrow(&mut self, from: Node, to: Node) -> &mut Arrow {
        self.arrows.entry((from, to)).or_default()
    }

    /// Puts a node into the frame of its contract.
    fn enclose(&mut self, contract: ContractId, node: Node) {
        let provider = self.view.providers(contract).first().copied();
        self.providers.entry(provider).or_default().contracts.entry(contract).or_default().insert(node);
    }

    /// A service that provides something stands in its own frame.
    fn place_services(&mut self) {
        for (from, _) in self.arrows.keys() {
            let Node::Service(service) = from else { continue };
            if service.is_none() || !self.providers.contains_key(service) {
                self.outside.insert(*service);
            }
        }
    }

    /// Whether a service is drawn: it does something.
    fn acts(&self, service: ServiceId) -> bool {
        self.arrows.keys().any(|(from, _)| *from == Node::Service(Some(service)))
    }

    /// Names that no text of the workspace is in.
    fn number(&mut self) {
        let nodes: BTreeSet<&Node> = self.arrows.keys().flat_map(|(from, to)| [from, to]).collect();
        let (mut services, mut operations, mut fields) = (0u32, 0u32, 0u32);
        let mut next = |node: &Node| {
            let (letter, count) = match node {
                Node::Service(_) => ('s', &mut services),
                Node::Operation(_) => ('o', &mut operations),
                Node::Field(..) => ('f', &mut fields),
            };
            *count += 1;
            format!("{letter}{count}")
        };
        self.ids = nodes.into_iter().map(|node| (node.clone(), next(node))).collect();
    }

    fn id(&self, node: &Node) -> &str {
        self.ids.get(node).map_or("", String::as_str)
    }

    /// What stands in a box.
    fn label(&self, node: &Node) -> String {
        let analysis = self.view.analysis;
        match node {
            Node::Service(None) => "(no service)".to_owned(),
            Node::Service(Some(service)) => analysis.workspace.name(*service).to_owned(),
            Node::Operation(id) => {
                analysis.head.operations.get(id.index()).map_or_else(String::new, |operation| operation.key.clone())
            }
            // Under its operation a field needs no more than its way: `200.birthdate`.
            Node::Field(operation, name) => {
                let key = operation.and_then(|id| analysis.head.operations.get(id.index())).map(|it| it.key.as_str());
                let way = key.and_then(|key| name.strip_prefix(key)?.strip_prefix('#'));
                way.unwrap_or(name).to_owned()
            }
        }
    }

    fn contract_label(&self, id: ContractId) -> String {
        self.view.analysis.head.contracts.get(id.index()).map_or_else(String::new, |contract| contract.id.clone())
    }

    fn provider_label(&self, id: Option<ServiceId>) -> String {
        id.map_or_else(|| "no provider here".to_owned(), |id| self.view.analysis.workspace.name(id).to_owned())
    }
}

impl Arrow {
    /// It is drawn broken.
    fn is_broken(&self) -> bool {
        !self.sure
    }

    /// `age: read, core: read+write`.
    fn label(&self) -> String {
        let said = self.labels.iter().map(|(who, what)| {
            let what = what.iter().copied().collect::<Vec<_>>().join("+");
            if who.is_empty() { what } else { format!("{who}: {what}") }
        });
        said.collect::<Vec<_>>().join(", ")
    }
}
