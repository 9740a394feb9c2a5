//! Who is hit when something of the Base contracts is gone: one verdict for each consumer.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::Breaks;
use crate::model::contract::{Catalog, ContractId, FieldRef, OperationId, ParameterPlace};
use crate::model::finding::{Consumer, Finding, Level, Related, Verdict};
use crate::model::map::{Confidence, DependencyMap, Edge, EdgeKind, LinkedCall};
use crate::model::source::{ServiceId, Site};
use crate::model::usage::{AccessKind, CallId};

use super::context::Context;
use super::harm::{Harm, harm};
use super::sent::{Sends, sends_field, sends_parameter};
use super::words::{and, count, shortened};

/// Names that one note lists at most.
const MOST_NAMES: usize = 5;

/// What is gone, with ids of the Base catalog.
#[derive(Clone, Copy, Debug)]
pub enum Use<'a> {
    /// An operation: its callers break.
    Operation(OperationId),
    /// What callers of any of these operations come across.
    Operations(&'a [OperationId]),
    /// Something within the data of these operations, of which it is not known who uses it.
    Within(&'a [OperationId]),
    /// Something of Head that must now be sent: callers of these operations break that do not send it.
    Needed {
        /// What.
        need: Need<'a>,
        /// Operations that ask for it.
        operations: &'a [OperationId],
    },
    /// A field, by all names under which consumers reach it: its readers and writers break.
    Fields {
        /// The field; several where a type changed that several have.
        fields: &'a [FieldRef],
        /// Operations whose data holds it.
        operations: &'a [OperationId],
    },
}

/// What a request must have.
#[derive(Clone, Copy, Debug)]
pub enum Need<'a> {
    /// A parameter, by place and name.
    Parameter(ParameterPlace, &'a str),
    /// A field, with ids of the Head catalog.
    Field(FieldRef),
    /// A body.
    Body,
}

/// What consumers do with the contracts of Base.
#[derive(Debug)]
pub(super) struct Users<'a> {
    catalog: &'a Catalog,
    of_field: BTreeMap<FieldRef, Vec<&'a Edge>>,
    of_operation: BTreeMap<OperationId, Vec<&'a Edge>>,
    of_contract: BTreeMap<ContractId, BTreeSet<Option<ServiceId>>>,
    /// The same calls as they fit the contracts of Head.
    in_head: BTreeMap<CallId, (OperationId, &'a LinkedCall)>,
}

impl<'a> Users<'a> {
    pub(super) fn new(context: &Context<'a>, catalog: &'a Catalog, map: &'a DependencyMap) -> Self {
        let in_head = context.map().calls.iter().filter_map(|call| {
            let edge = context.map().edges.get(call.edge)?;
            Some((edge.call?, (edge.operation?, call)))
        });
        let mut users = Self {
            catalog,
            of_field: BTreeMap::new(),
            of_operation: BTreeMap::new(),
            of_contract: BTreeMap::new(),
            in_head: in_head.collect(),
        };
        for edge in &map.edges {
            if !edge.foreign && !context.is_hidden_test(&edge.location) && context.is_consumer(catalog, edge) {
                users.add(edge);
            }
        }
        users
    }

    fn add(&mut self, edge: &'a Edge) {
        if let Some(field) = edge.field {
            self.of_field.entry(field).or_default().push(edge);
        }
        if let Some(operation) = edge.operation {
            let contract = self.catalog.operation(operation).contract;
            self.of_operation.entry(operation).or_default().push(edge);
            self.of_contract.entry(contract).or_default().insert(edge.location.service);
        }
    }

    /// Who is hit by a change that breaks these forms of data.
    pub(super) fn impact(&self, context: &Context<'a>, what: &Use<'_>, breaks: Breaks) -> Impact<'a> {
        let mut impact = Impact::default();
        let known = context.settings.min_confidence;
        for (edge, verdict) in self.touches(context, what) {
            let harm = harm(self.catalog, edge, breaks);
            // A guess is no proof that anybody breaks, and no proof of the contrary.
            let guess = verdict == Verdict::Breaks && edge.confidence < known;
            let verdict = match harm {
                Harm::None => Verdict::Unaffected,
                Harm::Unknown => Verdict::Unknown,
                _ if guess => Verdict::Unknown,
                _ => verdict,
            };
            impact.at_run_time |= verdict == Verdict::Breaks && harm == Harm::Run;
            impact.add(edge, verdict);
        }
        for service in self.bystanders(what) {
            impact.verdicts.entry(service).or_insert((Verdict::Unaffected, None));
        }
        impact.hits.sort_by_key(|edge| edge.location.span);
        impact.hits.dedup_by_key(|edge| edge.location.span);
        impact
    }

    /// Places that have to do with what is gone.
    fn touches(&self, context: &Context<'a>, what: &Use<'_>) -> Vec<(&'a Edge, Verdict)> {
        match *what {
            Use::Operation(operation) => self.calls(&[operation]).map(|edge| (edge, Verdict::Breaks)).collect(),
            Use::Operations(operations) => self.calls(operations).map(|edge| (edge, Verdict::Breaks)).collect(),
            Use::Within(operations) => self.calls(operations).map(|edge| (edge, Verdict::Unknown)).collect(),
            Use::Needed { need, operations } => {
                self.calls(operations).map(|edge| (edge, self.verdict(context, edge, need))).collect()
            }
            Use::Fields { fields, operations } => {
                let users = fields.iter().filter_map(|field| self.of_field.get(field)).flatten();
                let users = users.map(|edge| (*edge, Verdict::Breaks));
                let carriers = operations.iter().filter_map(|operation| self.of_operation.get(operation)).flatten();
                let whole = carriers.filter(|edge| edge.kind == EdgeKind::Access(AccessKind::Whole));
                let holding = whole
                    .filter(|edge| edge.field.is_none_or(|outer| fields.iter().any(|field| self.holds(outer, *field))));
                users.chain(holding.map(|edge| (*edge, Verdict::Unknown))).collect()
            }
        }
    }

    fn calls(&self, operations: &[OperationId]) -> impl Iterator<Item = &'a Edge> {
        let edges = operations.iter().filter_map(|operation| self.of_operation.get(operation)).flatten();
        edges.copied().filter(|edge| edge.kind == EdgeKind::Call)
    }

    /// What becomes of a call that must now send something.
    fn verdict(&self, context: &Context<'a>, edge: &Edge, need: Need<'_>) -> Verdict {
        let Some((operation, call)) = edge.call.and_then(|id| self.in_head.get(&id)) else { return Verdict::Unknown };
        let sends = match need {
            Need::Field(field) => sends_field(call, field),
            Need::Parameter(place, name) => {
                let parameters = &context.head().operation(*operation).parameters;
                let parameter = parameters.iter().find(|it| it.place == place && it.name.eq_ignore_ascii_case(name));
                parameter.map_or(Sends::Unknown, |parameter| sends_parameter(call, parameter))
            }
            Need::Body if call.body.messages.is_empty() && call.body.fields.is_empty() => Sends::Unknown,
            Need::Body => Sends::Yes,
        };
        match sends {
            Sends::Yes => Verdict::Unaffected,
            Sends::No => Verdict::Breaks,
            Sends::Unknown => Verdict::Unknown,
        }
    }

    /// Consumers that come near what is gone: a verdict is due for them too.
    fn bystanders(&self, what: &Use<'_>) -> BTreeSet<Option<ServiceId>> {
        match *what {
            Use::Operation(operation) => {
                let contract = self.catalog.operation(operation).contract;
                self.of_contract.get(&contract).cloned().unwrap_or_default()
            }
            Use::Operations(operations) | Use::Within(operations) | Use::Needed { operations, .. } => {
                let of_contract = operations
                    .iter()
                    .filter_map(|operation| self.of_contract.get(&self.catalog.operation(*operation).contract));
                of_contract.flatten().copied().collect()
            }
            Use::Fields { operations, .. } => {
                let edges = operations.iter().filter_map(|operation| self.of_operation.get(operation)).flatten();
                edges.map(|edge| edge.location.service).collect()
            }
        }
    }

    /// Whether the value of `outer` may hold `inner`, at any depth.
    fn holds(&self, outer: FieldRef, inner: FieldRef) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = self.catalog.field(outer).shape.messages();
        while let Some(message) = open.pop() {
            if message == inner.message {
                return true;
            }
            if seen.insert(message) {
                open.extend(self.catalog.message(message).fields.iter().flat_map(|field| field.shape.messages()));
            }
        }
        false
    }
}

/// Who is hit, and who is not.
#[derive(Clone, Debug, Default)]
pub struct Impact<'a> {
    /// Places that will break, sorted; one edge for each place.
    pub hits: Vec<&'a Edge>,
    /// Some of them break while they run, not only when they are built anew.
    pub at_run_time: bool,
    verdicts: BTreeMap<Option<ServiceId>, (Verdict, Option<&'a Edge>)>,
}

impl<'a> Impact<'a> {
    /// Of several places of one consumer the surest of the worst verdict stands for all.
    fn add(&mut self, edge: &'a Edge, verdict: Verdict) {
        if verdict == Verdict::Breaks {
            self.hits.push(edge);
        }
        let rank = |verdict: Verdict, edge: Option<&Edge>| {
            (verdict == Verdict::Breaks, verdict == Verdict::Unknown, edge.map(|edge| edge.confidence))
        };
        let known = self.verdicts.entry(edge.location.service).or_insert((verdict, Some(edge)));
        if rank(verdict, Some(edge)) > rank(known.0, known.1) {
            *known = (verdict, Some(edge));
        }
    }

    /// Names of the consumers with this verdict, sorted.
    #[must_use]
    pub fn names(&self, context: &Context<'_>, verdict: Verdict) -> Vec<String> {
        let of_verdict = self.verdicts.iter().filter(|(_, (given, _))| *given == verdict);
        let mut names: Vec<String> = of_verdict.map(|(service, _)| context.consumer(*service).to_owned()).collect();
        names.sort();
        names
    }

    /// The number of consumers that break.
    #[must_use]
    pub fn breaking(&self) -> usize {
        self.verdicts.values().filter(|(verdict, _)| *verdict == Verdict::Breaks).count()
    }

    /// A change is an error where a known consumer breaks while it runs, or where consumers exist that
    /// nobody sees; else a warning.
    #[must_use]
    pub const fn level(&self, public: bool) -> Level {
        if public || self.at_run_time { Level::Error } else { Level::Warning }
    }

    /// That something is gone is certain; that somebody breaks is as sure as the surest place.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.hits.iter().map(|edge| edge.confidence).max().unwrap_or(Confidence::Certain)
    }

    /// `` `age` still reads it``, `3 consumers still read it`, `no known consumer reads it`; `still` is
    /// that word, or nothing where the thing is not gone.
    #[must_use]
    pub fn summary(&self, context: &Context<'_>, still: &str, verb: Verb) -> String {
        match self.names(context, Verdict::Breaks).as_slice() {
            [] => format!("no known consumer {} it", verb.one),
            [only] => format!("`{only}` {still}{} it", verb.one),
            names => format!("{} consumers {still}{} it", names.len(), verb.many),
        }
    }

    /// Puts everything known into a finding: level, consumers, their places, and a note.
    #[must_use]
    pub fn tell(&self, context: &Context<'_>, verb: Verb, mut finding: Finding) -> Finding {
        finding.consumers = self.consumers();
        for edge in &self.hits {
            let confidence = edge.confidence;
            let message = format!("`{}` {} it here", context.consumer(edge.location.service), verb.one);
            let site = Site::Span(edge.location.span);
            finding.related.push(Related { site, message, confidence: Some(confidence) });
        }
        match self.note(context, verb) {
            Some(note) => finding.with_note(note),
            None => finding,
        }
    }

    fn consumers(&self) -> Vec<Consumer> {
        let told = self.verdicts.iter().filter_map(|(service, (verdict, edge))| {
            Some(Consumer {
                service: (*service)?,
                verdict: *verdict,
                site: edge.map(|edge| Site::Span(edge.location.span)),
                confidence: edge.map_or(Confidence::Likely, |edge| edge.confidence),
            })
        });
        told.collect()
    }

    /// `consumers: 2 break, 11 do not read it, 1 unknown (legacy-etl passes the whole body on)`.
    fn note(&self, context: &Context<'_>, verb: Verb) -> Option<String> {
        let number = |verdict| self.verdicts.values().filter(|(given, _)| *given == verdict).count();
        let mut parts = Vec::new();
        match number(Verdict::Breaks) {
            0 => {}
            1 => parts.push("1 breaks".to_owned()),
            more => parts.push(format!("{more} break")),
        }
        match number(Verdict::Unaffected) {
            0 => {}
            1 => parts.push(format!("1 does not {} it", verb.many)),
            more => parts.push(format!("{more} do not {} it", verb.many)),
        }
        if number(Verdict::Unknown) > 0 {
            parts.push(format!("{} unknown ({})", number(Verdict::Unknown), self.why_unknown(context, verb)));
        }
        (!parts.is_empty()).then(|| format!("consumers: {}", parts.join(", ")))
    }

    fn why_unknown(&self, context: &Context<'_>, verb: Verb) -> String {
        let unknown = self.verdicts.iter().filter(|(_, (verdict, _))| *verdict == Verdict::Unknown);
        let (whole, guessed): (Vec<_>, Vec<_>) = unknown
            .partition(|(_, (_, edge))| edge.is_some_and(|edge| edge.kind == EdgeKind::Access(AccessKind::Whole)));
        let names = |some: &[(&Option<ServiceId>, _)]| {
            let mut names: Vec<String> =
                some.iter().map(|(service, _)| context.consumer(**service).to_owned()).collect();
            names.sort();
            if names.len() > MOST_NAMES { shortened(&names, MOST_NAMES) } else { and(&names) }
        };
        let mut reasons = Vec::new();
        if !whole.is_empty() {
            let pass = if whole.len() == 1 { "passes" } else { "pass" };
            reasons.push(format!("{} {pass} the whole body on", names(&whole)));
        }
        if !guessed.is_empty() {
            reasons.push(format!("{} may {} it", names(&guessed), verb.many));
        }
        reasons.join("; ")
    }
}

/// What consumers do with a thing: `reads` and `read`.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// For one consumer.
    pub one: &'static str,
    /// For several.
    pub many: &'static str,
}

/// `affects: GET /profiles/{id}, GET /profiles and 4 more`.
#[must_use]
pub fn affects(operations: &[String]) -> String {
    format!("affects: {}", shortened(operations, MOST_NAMES))
}

/// The help of everything that is removed: how to take it away without breaking anybody.
#[must_use]
pub fn way_out(breaking: usize, deprecate: &str) -> String {
    match breaking {
        0 => format!("if consumers exist that are not seen here, keep it with {deprecate} until they have moved"),
        number => {
            let who = count(number, "consumer", "consumers");
            format!("keep it with {deprecate}, move the {who}, then remove it")
        }
    }
}
