//! Clients, requests, policies: things that code builds up step by step and shares.

use std::collections::{BTreeMap, BTreeSet};

use super::library::{Kind, Setting};
use super::value::{ObjectId, Value};
use crate::model::ir::Symbol;
use crate::model::source::Span;
use crate::model::usage::{Header, Location, Presence, Template};

/// A setting, as often as it is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Set {
    pub(super) value: Value,
    pub(super) presence: Presence,
}

/// Something that code builds up.
#[derive(Clone, Debug)]
pub(super) struct Object {
    pub(super) kind: Kind,
    pub(super) library: String,
    pub(super) location: Location,
    /// Objects it takes settings from: a request's client, a client's options.
    pub(super) parents: Vec<ObjectId>,
    pub(super) settings: BTreeMap<Setting, Vec<Set>>,
    pub(super) headers: Vec<Header>,
    pub(super) query: Vec<(Option<String>, Template)>,
    /// What the query holds of what handlers were asked for, by parameter.
    pub(super) asked: BTreeSet<(Option<String>, super::interp::asked::Name)>,
    /// Something that it takes settings from was not followed: a client that somebody else made.
    pub(super) unfollowed: bool,
    /// It goes through a client or channel that somebody else made: nothing is known of what that sends.
    pub(super) outside: bool,
    /// Code reaches into it in a way that was not followed, and may change what is sent.
    pub(super) touched: bool,
    /// For a stub: its type and service.
    pub(super) stub: Option<(Symbol, String)>,
    /// Branches that were open when it was made: a setting made on fewer or the same ones is made always.
    pub(super) branches: Vec<u32>,
}

impl Object {
    /// An object that nothing has been set of.
    pub(super) fn new(kind: Kind, library: &str, location: Location) -> Self {
        Self {
            kind,
            library: library.to_owned(),
            location,
            parents: Vec::new(),
            settings: BTreeMap::new(),
            headers: Vec::new(),
            query: Vec::new(),
            asked: BTreeSet::new(),
            unfollowed: false,
            outside: false,
            touched: false,
            stub: None,
            branches: Vec::new(),
        }
    }
}

/// All objects of a unit. An object is known by the place that makes it and the context of that
/// place, so that later rounds find it again.
#[derive(Debug, Default)]
pub(super) struct Objects {
    all: Vec<Object>,
    index: BTreeMap<(Span, Kind, Vec<Span>), ObjectId>,
    /// Everything made in this round, in order.
    made: Vec<ObjectId>,
    /// How many bodies were set.
    bodies: usize,
    /// How often a URL was set, be it the one that was there.
    addressed: usize,
}

/// Ways up from an object longer than this are cycles.
const MAX_PARENTS: usize = 32;

impl Objects {
    /// The object made at a place by a chain of calls; made anew only the first time.
    pub(super) fn make(&mut self, object: Object, context: Vec<Span>) -> ObjectId {
        let key = (object.location.span, object.kind, context);
        if let Some(id) = self.index.get(&key).copied() {
            // Branches are numbered anew in each round.
            self.get_mut(id).branches = object.branches;
            self.made.push(id);
            return id;
        }
        let id = ObjectId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(object);
        self.index.insert(key, id);
        self.made.push(id);
        id
    }

    /// A new round begins: nothing has been made in it.
    pub(super) fn start_round(&mut self) {
        self.made.clear();
    }

    /// How many have been made in this round.
    pub(super) const fn count_made(&self) -> usize {
        self.made.len()
    }

    /// Whether one was made in this round, after so many others.
    pub(super) fn is_made_since(&self, id: ObjectId, count: usize) -> bool {
        self.made.get(count..).is_some_and(|made| made.contains(&id))
    }

    /// How many bodies were put into objects so far.
    pub(super) const fn bodies(&self) -> usize {
        self.bodies
    }

    /// How often objects were given a URL so far.
    pub(super) const fn addressed(&self) -> usize {
        self.addressed
    }

    pub(super) fn get(&self, id: ObjectId) -> &Object {
        &self.all[id.0 as usize]
    }

    pub(super) fn get_mut(&mut self, id: ObjectId) -> &mut Object {
        &mut self.all[id.0 as usize]
    }

    pub(super) fn add_parent(&mut self, id: ObjectId, parent: ObjectId) {
        let object = self.get_mut(id);
        if parent != id && !object.parents.contains(&parent) {
            object.parents.push(parent);
        }
    }

    /// Sets a setting; the presence follows from the branches that are open.
    pub(super) fn set(&mut self, id: ObjectId, setting: Setting, value: Value, branches: &[u32]) {
        let presence = self.presence(id, branches);
        let sets = self.get_mut(id).settings.entry(setting).or_default();
        let set = Set { value, presence };
        // What was set before is set last now: an object stands for all that are made at its place.
        let known = sets.iter().position(|other| *other == set).map(|at| sets.remove(at));
        let is_new = known.is_none();
        sets.push(known.unwrap_or(set));
        self.bodies += usize::from(is_new && setting == Setting::Body);
        self.addressed += usize::from(setting == Setting::Url);
    }

    pub(super) fn add_header(
        &mut self,
        id: ObjectId,
        name: Option<String>,
        value: Template,
        span: Span,
        branches: &[u32],
    ) {
        let header = Header { name, value, presence: self.presence(id, branches), span };
        let headers = &mut self.get_mut(id).headers;
        if !headers.contains(&header) {
            headers.push(header);
        }
    }

    pub(super) fn add_query(&mut self, id: ObjectId, name: Option<String>, value: Template) {
        let query = &mut self.get_mut(id).query;
        if !query.contains(&(name.clone(), value.clone())) {
            query.push((name, value));
        }
    }

    fn presence(&self, id: ObjectId, branches: &[u32]) -> Presence {
        if self.get(id).branches.starts_with(branches) { Presence::Always } else { Presence::Perhaps }
    }

    /// The object and everything it takes settings from, nearest first.
    pub(super) fn lineage(&self, id: ObjectId) -> Vec<ObjectId> {
        let mut all = vec![id];
        let mut next = 0;
        while next < all.len() && all.len() < MAX_PARENTS {
            for parent in &self.get(all[next]).parents {
                if !all.contains(parent) {
                    all.push(*parent);
                }
            }
            next += 1;
        }
        all
    }

    /// A setting, the object's own before that of its parents; what was set last counts.
    pub(super) fn setting(&self, id: ObjectId, setting: Setting) -> Option<&Set> {
        self.lineage(id).into_iter().find_map(|id| self.get(id).settings.get(&setting)?.last())
    }

    /// The nearest object of a kind.
    pub(super) fn nearest(&self, id: ObjectId, kinds: &[Kind]) -> Option<ObjectId> {
        self.lineage(id).into_iter().find(|id| kinds.contains(&self.get(*id).kind))
    }
}
