//! Where pairs of places stand: what people call them, which fields they are, which operations they reach.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::conj::Conj;
use super::graph::{Graph, NodeId, Step, Way};
use crate::model::change::{Element, Ids, Sides, What};
use crate::model::contract::{Catalog, ContractId, FieldRef, MessageId, OperationId, ParameterPlace, SchemaId};

/// Fields that one place counts for.
const MAX_FIELDS: usize = 256;

/// A place of an operation where data stands.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) node: NodeId,
    /// Of Base.
    pub(super) operation: OperationId,
    pub(super) position: Position,
    pub(super) what: What,
    pub(super) name: String,
}

/// Positions of data, as far as they count for what a change means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Position {
    Parameter(ParameterPlace),
    ParameterProperty(ParameterPlace),
    RequestBody,
    RequestProperty,
    ResponseBody,
    ResponseProperty,
    ResponseHeader,
}

impl Position {
    const fn inside(self) -> Self {
        match self {
            Self::Parameter(place) | Self::ParameterProperty(place) => Self::ParameterProperty(place),
            Self::RequestBody | Self::RequestProperty => Self::RequestProperty,
            Self::ResponseBody | Self::ResponseProperty | Self::ResponseHeader => Self::ResponseProperty,
        }
    }
}

/// How a place is reached: by the first way in, and from where at all.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) element: Element,
    pub(super) fields: BTreeSet<FieldRef>,
    pub(super) positions: BTreeSet<Position>,
    pub(super) operations: BTreeSet<OperationId>,
}

/// Names of messages and fields on both sides.
pub(super) struct Names<'a> {
    sides: Sides<'a>,
    base: ContractId,
    head: ContractId,
    in_base: FxHashMap<SchemaId, MessageId>,
    in_head: FxHashMap<SchemaId, MessageId>,
}

impl<'a> Names<'a> {
    pub(super) fn new(sides: Sides<'a>, base: ContractId, head: ContractId) -> Self {
        let messages = |catalog: &Catalog, contract: ContractId| {
            let of_contract = catalog.messages().filter(|(_, message)| message.contract == contract);
            of_contract.filter_map(|(id, message)| Some((message.schema?, id))).collect()
        };
        Self { sides, base, head, in_base: messages(sides.base, base), in_head: messages(sides.head, head) }
    }

    /// A property of a pair of objects; `holder` is what the objects are called themselves.
    pub(super) fn property(&self, old: &Conj, new: &Conj, key: &str, holder: &Element) -> Element {
        let (base, a) = ids(self.sides.base, self.base, &self.in_base, old, key);
        let (head, b) = ids(self.sides.head, self.head, &self.in_head, new, key);
        let name = a.or(b).unwrap_or_else(|| match holder.name.as_str() {
            "" => key.to_owned(),
            name => format!("{name}.{key}"),
        });
        Element { what: What::Field, name, base: base.or(holder.base), head: head.or(holder.head) }
    }
}

/// Ids of a property of one side, and its name. Where the side has the object without the property, the object.
fn ids(
    catalog: &Catalog,
    contract: ContractId,
    messages: &FxHashMap<SchemaId, MessageId>,
    conj: &Conj,
    key: &str,
) -> (Option<Ids>, Option<String>) {
    let mut owner = None;
    for message in conj.ids.iter().filter_map(|id| messages.get(id).copied()) {
        let fields = &catalog.message(message).fields;
        if let Some(at) = fields.iter().position(|field| field.name == key) {
            let field = FieldRef { message, index: u32::try_from(at).unwrap_or(u32::MAX) };
            return (Some(Ids::field(contract, field)), Some(catalog.field_name(field)));
        }
        owner = owner.or(Some(message));
    }
    let name = owner.map(|message| format!("{}.{key}", catalog.message(message).name));
    (owner.map(|message| Ids::message(contract, message)), name)
}

/// Arrivals at every node, by node.
pub(super) fn arrivals(graph: &Graph<'_>, entries: &[Entry], names: &Names<'_>) -> Vec<Option<Arrival>> {
    let mut all: Vec<Option<Arrival>> = vec![None; graph.len()];
    for entry in entries {
        let element = Element {
            what: entry.what,
            name: entry.name.clone(),
            base: Some(Ids::operation(names.base, entry.operation)),
            head: Some(Ids::contract(names.head)),
        };
        arrive(&mut all, entry.node, element, &BTreeSet::from([entry.position]), &BTreeSet::from([entry.operation]));
        spread(graph, entry.node, names, &mut all);
    }
    all
}

/// Hands what is known of a node on to those inside, as long as that is news to them.
fn spread(graph: &Graph<'_>, start: NodeId, names: &Names<'_>, all: &mut [Option<Arrival>]) {
    let mut open = std::collections::VecDeque::from([start]);
    while let Some(id) = open.pop_front() {
        let Some(holder) = all[id].clone() else { continue };
        let node = graph.get(id);
        for (step, inner) in &node.inside {
            let inside = || holder.positions.iter().map(|position| position.inside()).collect();
            let (element, positions) = match step {
                Step::Property(key) => (names.property(&node.old, &node.new, key, &holder.element), inside()),
                Step::Item => (suffixed(&holder.element, "[]"), inside()),
                Step::Rest => (suffixed(&holder.element, ".*"), inside()),
                Step::Member => (holder.element.clone(), holder.positions.clone()),
            };
            if arrive(all, *inner, element, &positions, &holder.operations) {
                open.push_back(*inner);
            }
        }
    }
}

fn suffixed(element: &Element, suffix: &str) -> Element {
    // A list of lists of lists that contains itself has a name without end.
    let name = if element.name.len() < 200 { format!("{}{suffix}", element.name) } else { element.name.clone() };
    Element { name, ..element.clone() }
}

/// Whether that was news.
fn arrive(
    all: &mut [Option<Arrival>],
    node: NodeId,
    element: Element,
    positions: &BTreeSet<Position>,
    operations: &BTreeSet<OperationId>,
) -> bool {
    let field = element.base.and_then(|ids| ids.field);
    let Some(known) = &mut all[node] else {
        all[node] = Some(Arrival {
            element,
            fields: field.into_iter().collect(),
            positions: positions.clone(),
            operations: operations.clone(),
        });
        return true;
    };
    let before = (known.fields.len(), known.positions.len(), known.operations.len());
    if known.fields.len() < MAX_FIELDS {
        known.fields.extend(field);
    }
    known.positions.extend(positions);
    known.operations.extend(operations);
    before != (known.fields.len(), known.positions.len(), known.operations.len())
}

impl Arrival {
    /// What a property is called that differs in the objects that arrive here.
    pub(super) fn property(&self, names: &Names<'_>, old: &Conj, new: &Conj, key: &Arc<str>) -> Self {
        let element = names.property(old, new, key, &self.element);
        Self {
            fields: element.base.and_then(|ids| ids.field).into_iter().collect(),
            positions: self.positions.iter().map(|position| position.inside()).collect(),
            operations: self.operations.clone(),
            element,
        }
    }
}

impl Way {
    /// The same the other way round, for operations that the provider calls.
    pub(super) const fn turned(self, is_turned: bool) -> Self {
        match (self, is_turned) {
            (Self::Request, false) | (Self::Response, true) => Self::Request,
            (Self::Response, false) | (Self::Request, true) => Self::Response,
        }
    }
}
