//! Hands every rule the things of its shape.

use std::collections::BTreeMap;

use crate::model::deployment::Workload;
use crate::model::finding::Finding;
use crate::model::map::{Edge, Flow, Kept, LinkedCall};
use crate::model::source::{FileId, Span};
use crate::model::usage::{Client, ClientId};

use super::chain;
use super::context::Context;
use super::leave;
use super::levels::Levels;
use super::rule::{Caller, Check, Rule, Sender, Sink};

/// Runs one rule over everything of its shape. A finding comes with whether it is only about test
/// code.
pub(super) fn run(rule: &Rule, context: &Context<'_>, callers: &[Caller<'_>], levels: &Levels) -> Vec<(Finding, bool)> {
    let mut sinks = Sinks { shown: Sink::new(rule), in_test: Sink::new(rule) };
    let map = context.map();
    match rule.check {
        Check::Edge(check) => edges(context, check, &mut sinks),
        Check::Data(edge, stored) => {
            edges(context, edge, &mut sinks);
            all_kept(context, stored, &mut sinks);
        }
        Check::Change(check) => {
            for change in &context.analysis.changes {
                let mut of_change = Sink::new(rule);
                check(context, change, &mut of_change);
                for finding in of_change.into_findings() {
                    let ids = leave::ids(change, context.leave(change));
                    if let Some(level) = levels.of_change(change, &ids, finding.level) {
                        sinks.of(false).add(Finding { level, ..finding });
                    }
                }
            }
        }
        Check::Call(check) => {
            for (call, edge) in calls(context) {
                check(context, call, sinks.of(context.is_hidden_test(&edge.location)));
            }
        }
        Check::Caller(check) => {
            for caller in callers {
                check(context, caller, sinks.of(is_hidden_caller(context, caller)));
            }
        }
        Check::Names(tied, untied) => {
            for caller in callers {
                tied(context, caller, sinks.of(is_hidden_caller(context, caller)));
            }
            for mut sender in senders(context) {
                sender.calls.retain(|call| call.operation.is_none());
                if let Some(first) = sender.calls.first() {
                    untied(context, &sender, sinks.of(context.is_hidden_test(&first.call.location)));
                }
            }
        }
        Check::Flow(check) => {
            for flows in passed_on(context) {
                let in_test = flows.iter().all(|flow| context.is_hidden_test(&flow.location));
                check(context, &flows, sinks.of(in_test));
            }
        }
        Check::Kept(check) => all_kept(context, check, &mut sinks),
        Check::Contracts(check) => check(context, context.head(), sinks.of(false)),
        Check::Workspace(check) => check(context, sinks.of(false)),
        Check::Sender(check) => {
            for sender in senders(context) {
                let is_test = sender.calls.first().is_some_and(|it| context.is_hidden_test(&it.call.location));
                check(context, &sender, sinks.of(is_test));
            }
        }
        Check::Unresolved(check) => {
            for call in map.unresolved.iter().filter(|call| !context.is_foreign(call.location.span.file)) {
                check(context, call, sinks.of(context.is_hidden_test(&call.location)));
            }
        }
        Check::Workloads(check) => {
            for workloads in declared(context) {
                let file = workloads.first().map(|workload| workload.place.file);
                let is_test = file.is_some_and(|file| context.analysis.sources.get(file).provenance.test);
                check(context, &workloads, sinks.of(is_test && !context.settings.include_tests));
            }
        }
        Check::Chain(check) => {
            for chain in chain::chains(context) {
                check(context, &chain, sinks.of(false));
            }
        }
        Check::Iteration(check) => {
            for linked in map.iterations.iter().filter(|linked| !context.is_foreign(linked.location.span.file)) {
                check(context, linked, sinks.of(context.is_hidden_test(&linked.location)));
            }
        }
        Check::Retry(check) => {
            for linked in &map.retries {
                let location = &linked.retry.location;
                if !context.is_foreign(location.span.file) {
                    check(context, linked, sinks.of(context.is_hidden_test(location)));
                }
            }
        }
    }
    let shown = sinks.shown.into_findings().into_iter().map(|finding| (finding, false));
    shown.chain(sinks.in_test.into_findings().into_iter().map(|finding| (finding, true))).collect()
}

/// Findings to show, and those about test code that is not looked at.
struct Sinks {
    shown: Sink,
    in_test: Sink,
}

impl Sinks {
    const fn of(&mut self, in_test: bool) -> &mut Sink {
        if in_test { &mut self.in_test } else { &mut self.shown }
    }
}

fn edges(context: &Context<'_>, check: fn(&Context<'_>, &Edge, &mut Sink), sinks: &mut Sinks) {
    for edge in context.map().edges.iter().filter(|edge| context.is_own(edge)) {
        check(context, edge, sinks.of(context.is_hidden_test(&edge.location)));
    }
}

fn all_kept(context: &Context<'_>, check: fn(&Context<'_>, &[&Kept], &mut Sink), sinks: &mut Sinks) {
    for kept in kept(context) {
        let in_test = kept.iter().all(|kept| context.is_hidden_test(&kept.location));
        check(context, &kept, sinks.of(in_test));
    }
}

/// Flows of one field into another through one service, those of test code apart.
fn passed_on<'a>(context: &Context<'a>) -> Vec<Vec<&'a Flow>> {
    let mut groups: BTreeMap<_, Vec<&'a Flow>> = BTreeMap::new();
    for flow in context.map().flows.iter().filter(|flow| !context.is_foreign(flow.location.span.file)) {
        let key = (flow.location.test, flow.location.service, flow.from.field, flow.to.field);
        groups.entry(key).or_default().push(flow);
    }
    groups.into_values().collect()
}

/// Workloads by the file that declares them.
fn declared<'a>(context: &Context<'a>) -> Vec<Vec<&'a Workload>> {
    let mut groups: BTreeMap<FileId, Vec<&'a Workload>> = BTreeMap::new();
    let own = context.analysis.deployments.workloads.iter().filter(|it| !context.is_foreign(it.place.file));
    for workload in own {
        groups.entry(workload.place.file).or_default().push(workload);
    }
    groups.into_values().collect()
}

/// Places at which one service does the same with one field or message, those of test code apart.
fn kept<'a>(context: &Context<'a>) -> Vec<Vec<&'a Kept>> {
    let mut groups: BTreeMap<_, Vec<&'a Kept>> = BTreeMap::new();
    for kept in context.map().kept.iter().filter(|kept| !context.is_foreign(kept.location.span.file)) {
        let key = (kept.location.test, kept.location.service, kept.kind, kept.what, (kept.expires, kept.to));
        groups.entry(key).or_default().push(kept);
    }
    for group in groups.values_mut() {
        group.sort_by_key(|kept| std::cmp::Reverse(kept.confidence));
    }
    groups.into_values().collect()
}

/// Linked calls of consumers with their edges.
fn calls<'a>(context: &Context<'a>) -> impl Iterator<Item = (&'a LinkedCall, &'a Edge)> {
    let map = context.map();
    let with_edges = map.calls.iter().filter_map(|call| Some((call, map.edges.get(call.edge)?)));
    with_edges.filter(|(_, edge)| context.is_own(edge))
}

/// Groups calls by the client they go through. Calls of test code stand apart, so that a shown
/// finding never rests on them.
pub(super) fn callers<'a>(context: &Context<'a>) -> Vec<Caller<'a>> {
    let mut groups: BTreeMap<(Option<ClientId>, bool, Option<Span>), Caller<'a>> = BTreeMap::new();
    for (call, edge) in calls(context) {
        let client = call.client.and_then(|id| own_client(context, id));
        let alone = client.is_none().then_some(edge.location.span);
        let key = (call.client.filter(|_| client.is_some()), edge.location.test, alone);
        groups.entry(key).or_insert_with(|| Caller { client, calls: Vec::new() }).calls.push(call);
    }
    groups.into_values().collect()
}

/// The same for all calls in code of one's own.
fn senders<'a>(context: &Context<'a>) -> Vec<Sender<'a>> {
    let mut groups: BTreeMap<_, Sender<'a>> = BTreeMap::new();
    let own = context.map().outgoing.iter().filter(|it| !context.is_foreign(it.call.location.span.file));
    for outgoing in own {
        let location = &outgoing.call.location;
        let client = outgoing.call.client.and_then(|id| own_client(context, id));
        let id = outgoing.call.client.filter(|_| client.is_some());
        // Without a client of their own, calls share what their library does for a whole service.
        let shared = client.is_none().then_some((location.service, outgoing.call.library.as_str()));
        let sender = groups.entry((id, location.test, shared)).or_insert_with(|| Sender { client, calls: Vec::new() });
        sender.calls.push(outgoing);
    }
    groups.into_values().collect()
}

fn own_client<'a>(context: &Context<'a>, id: ClientId) -> Option<&'a Client> {
    let client = context.map().clients.get(id.0 as usize)?;
    (!context.is_foreign(client.location.span.file)).then_some(client)
}

/// All calls of a caller are in test code, or none is.
fn is_hidden_caller(context: &Context<'_>, caller: &Caller<'_>) -> bool {
    let edges = &context.map().edges;
    let first = caller.calls.first().and_then(|call| edges.get(call.edge));
    first.is_some_and(|edge| context.is_hidden_test(&edge.location))
}
