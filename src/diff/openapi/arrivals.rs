//! Where pairs of places stand: what people call them, which fields they are, which operations they reach.

use std::collections::{BTreeSet, VecDeque};
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

/// Arrivals at every node that differs, by node.
///
/// Linear in the graph but for what reaches a place: that is kept as bits, for everything may reach everything.
pub(super) fn arrivals(graph: &Graph<'_>, entries: &[Entry], names: &Names<'_>) -> Vec<Option<Arrival>> {
    let mut all: Vec<Option<Arrival>> = vec![None; graph.len()];
    for entry in entries {
        let element = Element {
            what: entry.what,
            name: entry.name.clone(),
            base: Some(Ids::operation(names.base, entry.operation)),
            head: Some(Ids::contract(names.head)),
        };
        name(graph, entry.node, element, names, &mut all);
    }
    collect_fields(graph, names, &mut all);
    let reach = Reach::of(graph, entries);
    for (id, arrival) in all.iter_mut().enumerate() {
        if let Some(arrival) = arrival.as_mut().filter(|_| !graph.get(id).differences.is_empty()) {
            arrival.positions.clone_from(&reach.positions[id]);
            arrival.operations = reach.operations(id);
        }
    }
    all
}

/// Names what is inside by the first way that leads there.
fn name(graph: &Graph<'_>, start: NodeId, element: Element, names: &Names<'_>, all: &mut [Option<Arrival>]) {
    if all[start].is_some() {
        return;
    }
    all[start] = Some(Arrival::named(element));
    let mut open = VecDeque::from([start]);
    while let Some(id) = open.pop_front() {
        let Some(holder) = all[id].as_ref().map(|it| it.element.clone()) else { continue };
        for (step, inner) in &graph.get(id).inside {
            if all[*inner].is_none() {
                all[*inner] = Some(Arrival::named(inside(graph, id, step, &holder, names)));
                open.push_back(*inner);
            }
        }
    }
}

/// What a place inside is called.
fn inside(graph: &Graph<'_>, id: NodeId, step: &Step, holder: &Element, names: &Names<'_>) -> Element {
    let node = graph.get(id);
    match step {
        Step::Property(key) => names.property(&node.old, &node.new, key, holder),
        Step::Item => suffixed(holder, "[]"),
        Step::Rest => suffixed(holder, ".*"),
        Step::Member => holder.clone(),
    }
}

/// Every field by which a place is reached, up to some.
fn collect_fields(graph: &Graph<'_>, names: &Names<'_>, all: &mut [Option<Arrival>]) {
    for id in 0..all.len() {
        let Some(holder) = all[id].as_ref().map(|it| it.element.clone()) else { continue };
        for (step, inner) in &graph.get(id).inside {
            // Names are not made for what does not differ.
            if graph.get(*inner).differences.is_empty() {
                continue;
            }
            let field = inside(graph, id, step, &holder, names).base.and_then(|ids| ids.field);
            if let Some(known) = all[*inner].as_mut().filter(|known| known.fields.len() < MAX_FIELDS) {
                known.fields.extend(field);
            }
        }
    }
}

/// From where every node is reached.
struct Reach {
    /// The first operation; they are a range.
    first: u32,
    /// By node: a bit for each operation.
    bits: Vec<Vec<u64>>,
    positions: Vec<BTreeSet<Position>>,
}

impl Reach {
    fn of(graph: &Graph<'_>, entries: &[Entry]) -> Self {
        let ids = || entries.iter().map(|entry| entry.operation.0);
        let (first, last) = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
        let (nodes, words) = (graph.len(), (last - first) as usize / 64 + 1);
        let mut reach = Self { first, bits: vec![Vec::new(); nodes], positions: vec![BTreeSet::new(); nodes] };
        let mut open: VecDeque<NodeId> = VecDeque::new();
        let mut is_open = vec![false; nodes];
        for entry in entries {
            let at = (entry.operation.0 - first) as usize;
            let bits = &mut reach.bits[entry.node];
            bits.resize(words, 0);
            bits[at / 64] |= 1 << (at % 64);
            reach.positions[entry.node].insert(entry.position);
            if !std::mem::replace(&mut is_open[entry.node], true) {
                open.push_back(entry.node);
            }
        }
        while let Some(id) = open.pop_front() {
            is_open[id] = false;
            for (step, inner) in &graph.get(id).inside {
                if reach.hand_on(id, step, *inner, words) && !std::mem::replace(&mut is_open[*inner], true) {
                    open.push_back(*inner);
                }
            }
        }
        reach
    }

    /// Whether that was news.
    fn hand_on(&mut self, from: NodeId, step: &Step, to: NodeId, words: usize) -> bool {
        let mut is_news = false;
        if from != to {
            let bits = std::mem::take(&mut self.bits[from]);
            let known = &mut self.bits[to];
            known.resize(words, 0);
            for (known, more) in known.iter_mut().zip(&bits) {
                is_news |= *known | more != *known;
                *known |= more;
            }
            self.bits[from] = bits;
        }
        let positions: Vec<Position> = self.positions[from].iter().copied().collect();
        for position in positions {
            let position = if *step == Step::Member { position } else { position.inside() };
            is_news |= self.positions[to].insert(position);
        }
        is_news
    }

    fn operations(&self, id: NodeId) -> BTreeSet<OperationId> {
        let of_word = |(at, word): (u32, &u64)| {
            let word = *word;
            (0..64).filter(move |bit| word & (1 << bit) != 0).map(move |bit| at * 64 + bit)
        };
        (0..).zip(&self.bits[id]).flat_map(of_word).map(|at| OperationId(self.first + at)).collect()
    }
}

fn suffixed(element: &Element, suffix: &str) -> Element {
    // A list of lists of lists that contains itself has a name without end.
    let name = if element.name.len() < 200 { format!("{}{suffix}", element.name) } else { element.name.clone() };
    Element { name, ..element.clone() }
}

impl Arrival {
    fn named(element: Element) -> Self {
        Self { element, fields: BTreeSet::new(), positions: BTreeSet::new(), operations: BTreeSet::new() }
    }

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
