//! Servers: routers, routes, and the functions that answer requests.
//!
//! The interpreter notes routers and routes as it meets them; their whole paths are put together at
//! the end, since a router may be mounted long after its routes were added to it.

mod path;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::program::FuncId;
use super::value::ObjectId;
use crate::model::ir::Symbol;
use crate::model::source::Span;
use crate::model::usage::{Answer, CallId, Data, Given, Handler, Location, Origin, Provided, Route, Template};
pub(super) use path::{below, of_regex, pattern, subtree, template};

/// Routers above routers above routers: more of them are a circle.
const MAX_ABOVE: usize = 12;
/// Paths that one route may have.
const MAX_PATHS: usize = 16;

/// What a router or route is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NodeId {
    /// An object that code builds up.
    Object(ObjectId),
    /// An annotation.
    Annotation(Span),
    /// A class and one of its methods.
    View(Symbol, Arc<str>),
}

/// How much a declared type says of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// All of it: more than how it is made.
    All,
    /// Not what a part of it is: `Answer<?>`.
    Less,
}

/// A router or route.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) library: String,
    pub(super) location: Location,
    /// Routers that it stands below.
    pub(super) above: BTreeSet<ObjectId>,
    /// Its own paths; empty: it adds nothing to those above.
    pub(super) paths: BTreeSet<Template>,
    /// Whether its paths count only where no other is above.
    pub(super) outermost: bool,
    /// Methods; empty: those of the router above, or all.
    pub(super) methods: BTreeSet<Option<String>>,
    /// Functions that answer; of a router none.
    pub(super) handlers: BTreeSet<Symbol>,
}

/// All that is known of servers in a unit.
#[derive(Debug, Default)]
pub(super) struct Routes {
    nodes: BTreeMap<NodeId, Node>,
    /// Functions whose annotations make them routes, put below a router by their names.
    mounted: BTreeMap<Symbol, BTreeSet<ObjectId>>,
    /// Functions that are handlers by their annotations, and the types of what they are given.
    annotated: BTreeMap<FuncId, Vec<String>>,
    rpcs: BTreeMap<(Symbol, Symbol), Handler>,
    given: BTreeMap<Symbol, Vec<Given>>,
    answers: BTreeMap<Symbol, BTreeSet<Answer>>,
    takes: BTreeMap<Symbol, BTreeSet<Data>>,
    gives: BTreeMap<Symbol, BTreeSet<Data>>,
    declared: BTreeMap<Symbol, (Data, Says)>,
    calls: BTreeMap<Symbol, BTreeSet<CallId>>,
    /// Implementations of rpc services that are registered by a call.
    pub(super) registered: BTreeMap<(Symbol, Location), Provided>,
}

impl Routes {
    /// Forgets everything: a round begins.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// A router or route, made by `make` when it is first met.
    pub(super) fn node(&mut self, id: NodeId, make: impl FnOnce() -> Node) -> &mut Node {
        self.nodes.entry(id).or_insert_with(make)
    }

    /// A router or route that was met.
    pub(super) fn get_mut(&mut self, id: ObjectId) -> Option<&mut Node> {
        self.nodes.get_mut(&NodeId::Object(id))
    }

    /// Puts a function whose annotations say what it answers below a router.
    pub(super) fn mount_function(&mut self, function: &Symbol, router: ObjectId) {
        self.mounted.entry(function.clone()).or_default().insert(router);
    }

    /// A function is a handler by its annotations, and is given values of these types.
    pub(super) fn annotated(&mut self, function: FuncId, given: &[String]) {
        let known = self.annotated.entry(function).or_default();
        if known.is_empty() {
            known.extend_from_slice(given);
        }
    }

    /// What a function is given, if annotations make it a handler.
    pub(super) fn given_to(&self, function: FuncId) -> Option<&[String]> {
        self.annotated.get(&function).map(Vec::as_slice)
    }

    /// A method that implements an rpc.
    pub(super) fn rpc(&mut self, handler: Handler) {
        let Route::Rpc { server, .. } = &handler.route else { return };
        self.rpcs.insert((handler.function.clone(), server.clone()), handler);
    }

    /// Whether a function implements an rpc.
    pub(super) fn is_rpc(&self, function: &Symbol) -> bool {
        let from = (function.clone(), Symbol::new(""));
        self.rpcs.range(from..).next().is_some_and(|((known, _), _)| known == function)
    }

    /// A handler declares that it wants a part of the request.
    pub(super) fn wants(&mut self, handler: &Symbol, given: Given) {
        let all = self.given.entry(handler.clone()).or_default();
        if !all.contains(&given) {
            all.push(given);
        }
    }

    /// A handler answers something.
    pub(super) fn answers(&mut self, handler: &Symbol, answer: Answer) {
        self.answers.entry(handler.clone()).or_default().insert(answer);
    }

    /// What a body that a handler takes looks like.
    pub(super) fn takes(&mut self, handler: &Symbol, data: Data) {
        self.takes.entry(handler.clone()).or_default().insert(data);
    }

    /// What a body that a handler answers looks like.
    pub(super) fn gives(&mut self, handler: &Symbol, data: Data) {
        self.gives.entry(handler.clone()).or_default().insert(data);
    }

    /// What the body that a handler answers looks like by its declaration.
    pub(super) fn declares(&mut self, handler: &Symbol, data: Data, says: Says) {
        self.declared.insert(handler.clone(), (data, says));
    }

    /// A handler makes these calls.
    pub(super) fn calls(&mut self, handler: &Symbol, calls: impl IntoIterator<Item = CallId>) {
        self.calls.entry(handler.clone()).or_default().extend(calls);
    }

    /// Every handler with what it answers and calls; calls by their final numbers.
    pub(super) fn handlers(&self, calls: &BTreeMap<CallId, CallId>) -> Vec<Handler> {
        let mut all: Vec<Handler> = self.rpcs.values().cloned().collect();
        for node in self.nodes.values().filter(|node| !node.handlers.is_empty()) {
            all.extend(self.of_node(node));
        }
        for handler in &mut all {
            handler.given = self.given.get(&handler.function).cloned().unwrap_or_default();
            let answers = self.answers.get(&handler.function).into_iter().flatten();
            handler.answers = answers.map(|answer| renumbered(answer, calls)).collect();
            let bodies = |of: &BTreeMap<Symbol, BTreeSet<Data>>| {
                of.get(&handler.function).into_iter().flatten().cloned().collect()
            };
            (handler.takes, handler.gives) = (bodies(&self.takes), bodies(&self.gives));
            match self.declared.get(&handler.function) {
                Some((data, says)) if *says == Says::All || handler.gives.is_empty() => {
                    handler.gives = vec![data.clone()];
                }
                _ => {}
            }
            let made = self.calls.get(&handler.function).into_iter().flatten();
            let made: BTreeSet<CallId> = made.filter_map(|call| calls.get(call).copied()).collect();
            handler.calls = made.into_iter().collect();
        }
        all.sort();
        all.dedup();
        all
    }

    fn of_node<'s>(&'s self, node: &'s Node) -> impl Iterator<Item = Handler> + 's {
        let mut paths = self.paths(node, MAX_ABOVE);
        if paths.is_empty() {
            paths.insert(Template::default());
        }
        let methods = self.methods(node, MAX_ABOVE);
        let each_path = paths.into_iter().flat_map(move |path| {
            let route = move |method: Option<String>| Route::Http { method, path: path::told(&path) };
            methods.clone().into_iter().map(route)
        });
        each_path.flat_map(move |route| {
            node.handlers.iter().map(move |function| Handler {
                location: node.location.clone(),
                function: function.clone(),
                library: node.library.clone(),
                route: route.clone(),
                given: Vec::new(),
                answers: Vec::new(),
                takes: Vec::new(),
                gives: Vec::new(),
                calls: Vec::new(),
            })
        })
    }

    /// Routers right above a node.
    fn above<'s>(&'s self, node: &'s Node) -> impl Iterator<Item = &'s Node> {
        let mounted = node.handlers.iter().filter_map(|function| self.mounted.get(function)).flatten();
        node.above.iter().chain(mounted).filter_map(|id| self.nodes.get(&NodeId::Object(*id)))
    }

    fn paths(&self, node: &Node, depth: usize) -> BTreeSet<Template> {
        let mut prefixes = BTreeSet::new();
        if let Some(depth) = depth.checked_sub(1) {
            for above in self.above(node) {
                prefixes.extend(self.paths(above, depth));
            }
        }
        let own = &node.paths;
        let whole: BTreeSet<Template> = match (prefixes.is_empty(), own.is_empty()) {
            (true, _) => own.clone(),
            (false, true) => prefixes,
            (false, false) if node.outermost => prefixes,
            (false, false) => prefixes.iter().flat_map(|prefix| own.iter().map(|path| below(prefix, path))).collect(),
        };
        whole.into_iter().take(MAX_PATHS).collect()
    }

    fn methods(&self, node: &Node, depth: usize) -> BTreeSet<Option<String>> {
        if !node.methods.is_empty() {
            return node.methods.clone();
        }
        let above = depth.checked_sub(1).map(|depth| {
            self.above(node).flat_map(|above| self.methods(above, depth)).collect::<BTreeSet<Option<String>>>()
        });
        above.filter(|methods| !methods.is_empty()).unwrap_or_else(|| BTreeSet::from([None]))
    }
}

fn renumbered(answer: &Answer, calls: &BTreeMap<CallId, CallId>) -> Answer {
    let origin = |origin: &Origin| {
        Some(match origin {
            Origin::Response(call, steps) => Origin::Response(*calls.get(call)?, steps.clone()),
            Origin::Request(call, steps) => Origin::Request(*calls.get(call)?, steps.clone()),
            own @ (Origin::Handler(..) | Origin::Typed(..)) => own.clone(),
            Origin::Asked(..) => return None,
        })
    };
    let all = |origins: &[Origin]| origins.iter().filter_map(origin).collect();
    Answer { origins: all(&answer.origins), derived: all(&answer.derived), ..answer.clone() }
}
