//! Every path template of every contract in one tree, found from the last segment on.
//!
//! A URL may hide the start of its path in its base, and may carry a prefix that no contract knows
//! of (a gateway's). Both leave the end of the path alone, so paths are compared from their end.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::template::{self, Step};
use super::url::{Segment, Url, parse_text};
use crate::model::contract::{ANY_METHOD, Catalog, OperationId, OperationKind, Protocol};

/// How a URL fits an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fit {
    /// The operation.
    pub operation: OperationId,
    /// How its segments are met, the first one first.
    pub met: Vec<Met>,
    /// Leading segments of the operation that the base of the URL may hold.
    pub hidden: usize,
    /// Leading segments of the URL that the contract does not have.
    pub extra: usize,
}

/// How a segment of a contract is met by one of a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Met {
    /// A literal by a hole, which may hold anything.
    Weakly,
    /// A parameter by a hole that also holds the parameter before it: `{owner}/{repo}` by a full name.
    Shared,
    /// A parameter by anything.
    Parameter,
    /// A parameter with text around it, by text that fits, or a literal by the same text in another case.
    Mixed,
    /// A literal by the same text.
    Literal,
}

impl Fit {
    /// How many segments are met so.
    pub(super) fn count(&self, how: Met) -> usize {
        self.met.iter().filter(|met| **met == how).count()
    }

    /// A literal of the contract is met by a hole: a guess.
    pub(super) fn is_weak(&self) -> bool {
        self.met.contains(&Met::Weakly)
    }

    /// A hole of the URL holds several segments.
    pub(super) fn is_shared(&self) -> bool {
        self.met.contains(&Met::Shared)
    }

    /// The better fit is the greater: literals beat parameters, the leftmost first, as servers
    /// route, and nothing left over beats the rest.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let spare = |fit: &Self| fit.hidden + fit.extra;
        let guesses = |fit: &Self| fit.count(Met::Weakly);
        (guesses(other).cmp(&guesses(self)))
            .then_with(|| self.count(Met::Literal).cmp(&other.count(Met::Literal)))
            .then_with(|| spare(other).cmp(&spare(self)))
            .then_with(|| other.count(Met::Shared).cmp(&self.count(Met::Shared)))
            .then_with(|| self.met.cmp(&other.met))
    }
}

/// The tree.
pub(super) struct Routes {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    literals: BTreeMap<String, usize>,
    patterns: BTreeMap<Segment, usize>,
    /// Patterns whose hole stands for several segments: only a hole of a URL meets them.
    spans: BTreeMap<Segment, usize>,
    /// Operations whose path begins here.
    operations: Vec<Ending>,
}

struct Ending {
    operation: OperationId,
    method: String,
}

impl Node {
    fn children(&self) -> impl Iterator<Item = usize> {
        self.literals.values().chain(self.patterns.values()).chain(self.spans.values()).copied()
    }
}

/// A place in the tree during a search.
struct Visit {
    node: usize,
    /// Segments of the URL that are not compared yet.
    left: usize,
    /// Segments of the contract behind the end of the URL's path.
    hidden: usize,
    /// How the compared segments are met, the last one first.
    met: Vec<Met>,
}

impl Routes {
    /// Reads every HTTP operation that consumers call; `more_bases` adds base URLs to those that a contract lists.
    pub(super) fn new<'a>(catalog: &'a Catalog, more_bases: impl Fn(usize) -> &'a [String]) -> Self {
        let mut routes = Self { nodes: vec![Node::default()] };
        for (at, contract) in catalog.contracts.iter().enumerate() {
            // A variable or a bare host in the configuration has no path, and adds none.
            let configured = more_bases(at).iter().filter(|url| url.contains("://"));
            let urls = contract.servers.iter().chain(configured);
            let mut bases: Vec<Vec<Segment>> = urls.map(|url| parse_text(url).segments).collect();
            bases.push(Vec::new());
            bases.sort();
            bases.dedup();
            for id in contract.operations.start.index()..contract.operations.end.index() {
                let Some(operation) = catalog.operations.get(id) else { continue };
                let Protocol::Http { method, .. } = &operation.protocol else { continue };
                if operation.kind != OperationKind::Served {
                    continue;
                }
                for path in template::routes(operation) {
                    for base in &bases {
                        let ending = Ending { operation: OperationId::at(id), method: method.clone() };
                        routes.insert(base.iter().cloned().map(Step::from).chain(path.iter().cloned()), ending);
                    }
                }
            }
        }
        routes
    }

    fn insert(&mut self, path: impl DoubleEndedIterator<Item = Step>, ending: Ending) {
        let mut at = 0;
        for Step { segment, spans } in path.rev() {
            let next = self.nodes.len();
            let Some(node) = self.nodes.get_mut(at) else { return };
            at = match segment.literal() {
                Some(text) => *node.literals.entry(text.to_owned()).or_insert(next),
                None if spans => *node.spans.entry(segment).or_insert(next),
                None => *node.patterns.entry(segment).or_insert(next),
            };
            if at == next {
                self.nodes.push(Node::default());
            }
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.operations.push(ending);
        }
    }

    /// The best fit of every operation that this URL can mean; any method if none is given.
    pub(super) fn find(&self, method: Option<&str>, url: &Url) -> Vec<Fit> {
        // With more guesses than text nothing is told, and the whole tree would be searched.
        let most_guesses = url.segments.iter().filter(|segment| !segment.is_hole()).count();
        let mut best: BTreeMap<OperationId, Fit> = BTreeMap::new();
        let mut open = vec![Visit { node: 0, left: url.segments.len(), hidden: 0, met: Vec::new() }];
        while let Some(visit) = open.pop() {
            let Some(node) = self.nodes.get(visit.node) else { continue };
            for ending in &node.operations {
                if ending.method != ANY_METHOD && method.is_some_and(|it| !it.eq_ignore_ascii_case(&ending.method)) {
                    continue;
                }
                let fit = visit.fit(ending.operation);
                if fit.is_weak() && (fit.hidden + fit.extra > 0 || fit.is_shared()) {
                    continue; // a guess on a guess
                }
                match best.get(&ending.operation) {
                    Some(known) if known.compare(&fit).is_ge() => {}
                    _ => drop(best.insert(ending.operation, fit)),
                }
            }
            match visit.left.checked_sub(1).and_then(|last| url.segments.get(last)) {
                Some(segment) => {
                    let next = visit.meeting(node, segment).into_iter();
                    open.extend(next.filter(|visit| visit.guesses() <= most_guesses));
                }
                None => open.extend(visit.hiding(node, url)),
            }
        }
        best.into_values().collect()
    }
}

impl Visit {
    fn fit(&self, operation: OperationId) -> Fit {
        let met = self.met.iter().rev().copied().collect();
        Fit { operation, met, hidden: self.hidden, extra: self.left }
    }

    fn guesses(&self) -> usize {
        self.met.iter().filter(|met| **met == Met::Weakly).count()
    }

    /// The next places when `segment` of the URL is compared.
    fn meeting(&self, node: &Node, segment: &Segment) -> Vec<Self> {
        let next = |node: usize, how: Met| {
            let mut met = self.met.clone();
            met.push(how);
            Self { node, left: self.left - 1, hidden: 0, met }
        };
        let mut visits = Vec::new();
        if self.met.last() == Some(&Met::Shared) {
            // The other parameters of the same hole.
            let parameters = node.patterns.iter().filter(|(pattern, _)| pattern.is_hole());
            visits.extend(parameters.map(|(_, child)| next(*child, Met::Parameter)));
            return visits;
        }
        if segment.is_hole() && self.left > 1 && !self.met.contains(&Met::Shared) {
            let parameters = node.patterns.iter().filter(|(pattern, _)| pattern.is_hole());
            visits.extend(parameters.map(|(_, child)| Self { left: self.left, ..next(*child, Met::Shared) }));
        }
        match segment.literal() {
            Some(text) => match node.literals.get(text) {
                Some(child) => visits.push(next(*child, Met::Literal)),
                // Some servers take a path in any case.
                None => {
                    let same = node.literals.iter().filter(|(literal, _)| literal.eq_ignore_ascii_case(text));
                    visits.extend(same.map(|(_, child)| next(*child, Met::Mixed)));
                }
            },
            None => visits.extend(node.literals.iter().filter_map(|(text, child)| {
                // `users{}`: what follows is a query more often than a name.
                let how = if segment.tail().is_empty() && segment.head() == text { Met::Literal } else { Met::Weakly };
                segment.can_be(text).then(|| next(*child, how))
            })),
        }
        let spans = node.spans.iter().filter(|_| segment.literal().is_none());
        let patterns = node.patterns.iter().chain(spans);
        visits.extend(patterns.filter_map(|(pattern, child)| Some(next(*child, meet(segment, pattern)?))));
        visits
    }

    /// The next places when the path of the URL is used up: its base may hold more, if at least
    /// one literal is met and the base is open.
    fn hiding(&self, node: &Node, url: &Url) -> Vec<Self> {
        if !url.base.open || !self.met.contains(&Met::Literal) || self.met.contains(&Met::Weakly) {
            return Vec::new();
        }
        let hidden = self.hidden + 1;
        node.children().map(|node| Self { node, left: 0, hidden, met: self.met.clone() }).collect()
    }
}

/// How a segment of a contract that has a hole is met.
fn meet(segment: &Segment, pattern: &Segment) -> Option<Met> {
    if pattern.is_hole() {
        return Some(Met::Parameter);
    }
    if let Some(text) = segment.literal() {
        return pattern.can_be(text).then_some(Met::Mixed);
    }
    if segment.is_hole() {
        return Some(Met::Weakly);
    }
    let agree = |a: &str, b: &str, starts: fn(&str, &str) -> bool| starts(a, b) || starts(b, a);
    let fits = agree(segment.head(), pattern.head(), |a, b| a.starts_with(b))
        && agree(segment.tail(), pattern.tail(), |a, b| a.ends_with(b));
    fits.then_some(Met::Mixed)
}
