//! Pairs of places, each compared once.
//!
//! A node is a place of Base beside its partner in Head, in one direction. It keeps what differs there
//! and leads to the places inside. That the same type stands in a thousand operations costs nothing, a
//! schema that contains itself comes to an end, and one edit is found once.
//!
//! Whether one schema includes another is read off the same graph: it does if nothing that can be
//! reached from the pair became narrower. For schemas that contain themselves that is the greatest
//! fixpoint: a pair that is still open is assumed to hold.

use std::cell::RefCell;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;

use super::conj::{Conj, Side};
use crate::model::contract::SchemaId;

/// Pairs that one question of inclusion looks at before it gives up.
const MAX_STEPS: usize = 2_000;

/// The way that data goes, as seen from the consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Way {
    /// It is sent.
    Request,
    /// It is received.
    Response,
}

/// A node of a [`Graph`].
pub(super) type NodeId = usize;

/// Two places that are partners.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) old: Conj,
    pub(super) new: Conj,
    pub(super) way: Way,
    /// What differs at the place itself.
    pub(super) differences: Vec<Difference>,
    /// Places inside.
    pub(super) inside: Vec<(Step, NodeId)>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Open,
    /// Compared itself.
    Done,
    /// And so is everything that can be reached from it.
    Explored,
}

/// How to get from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To a property.
    Property(Arc<str>),
    /// To the items of a list.
    Item,
    /// To properties that are not named.
    Rest,
    /// To the same value, as one member of a union.
    Member,
}

/// What differs at a place.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    pub(super) aspect: Aspect,
    pub(super) relation: Relation,
    pub(super) old: Option<Said>,
    pub(super) new: Option<Said>,
    /// A value that Base takes and Head refuses.
    pub(super) lost: Option<Value>,
    /// A value that Head takes and Base refuses.
    pub(super) gained: Option<Value>,
}

/// What became of the set of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Head takes fewer.
    Narrower,
    /// Head takes more.
    Wider,
    /// Some are gone, others new.
    Other,
    /// Nothing.
    Same,
    /// Nobody can tell, and why.
    Unknown(&'static str),
}

/// The side of a schema that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    Type,
    Format,
    Null,
    /// One value of an enumeration; `open` where others may follow anyway.
    Value {
        open: bool,
    },
    /// That there are listed values, by `enum` or `const`.
    Enum(&'static str),
    /// A keyword that bounds.
    Bound(&'static str),
    /// A property that only one side names; `closed` if the other side allows no other names.
    Property {
        key: Arc<str>,
        closed: bool,
    },
    /// A property that must be there; `fresh` if it is new, `filled` if it has a default.
    Required {
        key: Arc<str>,
        fresh: bool,
        filled: bool,
    },
    /// A property that travels this way on one side only; `needed` if it must be there then.
    Access {
        key: Arc<str>,
        keyword: &'static str,
        needed: bool,
    },
    /// Properties that are not named.
    Rest,
    /// A member of a union.
    Member {
        keyword: &'static str,
        /// It says a type and nothing else.
        typed: bool,
    },
    Discriminator(&'static str),
    Default,
}

/// What a side says, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Said {
    pub(super) id: SchemaId,
    /// What to add to the place of the schema: `/maxLength`.
    pub(super) pointer: String,
    pub(super) text: Option<String>,
}

impl Said {
    /// A keyword with its value.
    pub(super) fn keyword(id: SchemaId, keyword: &str, text: impl ToString) -> Self {
        Self { id, pointer: format!("/{keyword}"), text: Some(text.to_string()) }
    }

    /// A schema as a whole.
    pub(super) const fn schema(id: SchemaId) -> Self {
        Self { id, pointer: String::new(), text: None }
    }
}

impl Difference {
    pub(super) const fn new(aspect: Aspect, relation: Relation, old: Option<Said>, new: Option<Said>) -> Self {
        Self { aspect, relation, old, new, lost: None, gained: None }
    }

    /// Whether a value that shows it is of use: it breaks who goes this way, or may.
    pub(super) const fn breaks(&self, way: Way) -> bool {
        match self.relation {
            Relation::Narrower => matches!(way, Way::Request),
            Relation::Wider => matches!(way, Way::Response),
            Relation::Other | Relation::Unknown(_) => true,
            Relation::Same => false,
        }
    }

    /// Whether the values that show it are found.
    pub(super) const fn is_proved(&self, way: Way) -> bool {
        match (self.relation, way) {
            (Relation::Unknown(_), _) => self.lost.is_some() && self.gained.is_some(),
            (_, Way::Request) => self.lost.is_some(),
            (_, Way::Response) => self.gained.is_some(),
        }
    }

    /// Whether it is a property that only this side names. By sets an object that names others would take
    /// it; but declared names are the contract, and nobody means one by the other.
    fn is_name_of(&self, side: Inner) -> bool {
        let Aspect::Property { closed, .. } = self.aspect else { return false };
        let is_new = self.relation == Relation::Same || (self.relation == Relation::Wider && closed);
        is_new == (side == Inner::New)
    }
}

/// All pairs of one contract.
pub(super) struct Graph<'a> {
    pub(super) old: Side<'a>,
    pub(super) new: Side<'a>,
    nodes: Vec<Node>,
    ids: FxHashMap<(Conj, Conj, Way), NodeId>,
    pub(super) patterns: super::patterns::Patterns,
    /// Values that were made, by the side (whether it is Base), the place and the way.
    pub(super) samples: RefCell<FxHashMap<(bool, Conj, Way), Option<Value>>>,
    /// Whether values are looked for that prove a difference: only of those that are told.
    pub(super) proving: bool,
}

/// Which side of a pair is asked to lie within the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inner {
    Old,
    New,
}

/// What is known of an inclusion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Included {
    Yes,
    No,
    Unknown,
}

impl<'a> Graph<'a> {
    pub(super) fn new(old: Side<'a>, new: Side<'a>) -> Self {
        Self {
            old,
            new,
            nodes: Vec::new(),
            ids: FxHashMap::default(),
            patterns: super::patterns::Patterns::default(),
            samples: RefCell::default(),
            proving: false,
        }
    }

    pub(super) fn get(&self, id: NodeId) -> &Node {
        &self.nodes[id]
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The pair of these places; none if they say the same.
    pub(super) fn pair(&mut self, old: Conj, new: Conj, way: Way) -> Option<NodeId> {
        if self.old.is_same(&old, self.new, &new) {
            return None;
        }
        let next = self.nodes.len();
        let id = *self.ids.entry((old.clone(), new.clone(), way)).or_insert(next);
        if id == next {
            let state = State::New;
            self.nodes.push(Node { old, new, way, differences: Vec::new(), inside: Vec::new(), state });
        }
        Some(id)
    }

    /// Compares everything that can be reached from a node.
    pub(super) fn explore(&mut self, start: NodeId) {
        let mut open = vec![start];
        while let Some(id) = open.pop() {
            if self.nodes[id].state == State::New {
                self.open(id);
            }
            // A question of inclusion may have compared it, and turned back before it came to the places inside.
            if self.nodes[id].state != State::Explored {
                self.nodes[id].state = State::Explored;
                open.extend(self.nodes[id].inside.iter().rev().map(|(_, inner)| *inner));
            }
        }
    }

    fn open(&mut self, id: NodeId) {
        let node = &mut self.nodes[id];
        node.state = State::Open;
        let (old, new, way) = (node.old.clone(), node.new.clone(), node.way);
        let mut found = super::compare::Found::default();
        self.compare(&old, &new, way, &mut found);
        let node = &mut self.nodes[id];
        node.differences = found.differences;
        node.inside = found.inside;
        node.state = State::Done;
    }

    /// The differences of a node, with values that prove them.
    pub(super) fn proved(&mut self, id: NodeId) -> Vec<Difference> {
        let (old, new, way) = (self.nodes[id].old.clone(), self.nodes[id].new.clone(), self.nodes[id].way);
        let mut found = super::compare::Found::default();
        self.proving = true;
        self.compare(&old, &new, way, &mut found);
        self.proving = false;
        found.differences
    }

    /// Whether every value of one place satisfies the other.
    pub(super) fn is_included(&mut self, old: Conj, new: Conj, way: Way, inner: Inner) -> Included {
        let Some(start) = self.pair(old, new, way) else { return Included::Yes };
        let mut seen = FxHashSet::default();
        let mut open = vec![start];
        let mut answer = Included::Yes;
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            if seen.len() > MAX_STEPS {
                return Included::Unknown;
            }
            if self.nodes[id].state == State::New {
                self.open(id);
            }
            let node = &self.nodes[id];
            let names = match inner {
                Inner::Old => self.new.names(&node.new),
                Inner::New => self.old.names(&node.old),
            };
            for difference in &node.differences {
                if !names.is_empty() && difference.is_name_of(inner) {
                    return Included::No;
                }
                match (difference.relation, inner) {
                    (Relation::Other, _) | (Relation::Narrower, Inner::Old) | (Relation::Wider, Inner::New) => {
                        return Included::No;
                    }
                    (Relation::Unknown(_), _) => answer = Included::Unknown,
                    (Relation::Narrower | Relation::Wider | Relation::Same, _) => {}
                }
            }
            open.extend(node.inside.iter().map(|(_, inner)| *inner));
        }
        answer
    }
}

/// Names in the order of both sides, each once.
pub(super) fn union<T: PartialEq + Copy>(a: impl IntoIterator<Item = T>, b: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = a.into_iter().collect();
    for item in b {
        if !all.contains(&item) {
            all.push(item);
        }
    }
    all
}
