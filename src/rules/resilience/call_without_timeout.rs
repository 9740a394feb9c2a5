//! A call that waits for ever: `rules/resilience/call-without-timeout.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::rule::{Context, Sender, Sink, count, rule};
use crate::model::contract::Protocol;
use crate::model::finding::{Finding, Related};
use crate::model::map::{Confidence, Outgoing};
use crate::model::source::{Site, Span};
use crate::model::usage::{Client, Target, Timeout};

rule!("resilience", "call-without-timeout", Warning, Sender(check));

/// Calls of one service through one library that are named one by one; more of them have one cause.
const MAX_ALONE: usize = 4;

const HELP: &str = "set a time limit on the call or its client, shorter than that of whoever waits for it";

fn check(context: &Context<'_>, sender: &Sender<'_>, sink: &mut Sink) {
    let mut by_place: BTreeMap<Span, Vec<&Outgoing>> = BTreeMap::new();
    for outgoing in &sender.calls {
        by_place.entry(outgoing.call.sent.unwrap_or(outgoing.call.location.span)).or_default().push(outgoing);
    }
    // Ways to one place are not surely told apart: all of them have to wait.
    by_place.retain(|place, ways| !context.is_foreign(place.file) && ways.iter().all(|way| waits(context, way)));
    match sender.client.filter(|client| by_place.len() > 1 && client.timeout == Timeout::None) {
        Some(client) => sink.add(through(context, client, &by_place, sink)),
        None if by_place.len() > MAX_ALONE => everywhere(context, &by_place, sink),
        None => by_place.iter().for_each(|(place, ways)| sink.add(alone(context, *place, ways, sink))),
    }
}

/// Many calls that go through no client of their own wait: one finding, at the first of them.
fn everywhere(context: &Context<'_>, waiting: &BTreeMap<Span, Vec<&Outgoing>>, sink: &mut Sink) {
    let Some((place, way)) = waiting.iter().find_map(|(place, ways)| Some((*place, *ways.first()?))) else { return };
    let consumer = context.consumer(way.call.location.service);
    let library = way.call.library.as_str();
    let calls = count(waiting.len(), "call", "calls");
    let message = format!("`{consumer}` makes {calls} through {library} without a time limit");
    let mut finding = sink
        .finding(Confidence::Likely, Site::Span(place), message)
        .with_label(format!("{library}, which has no limit by default"))
        .with_help(HELP)
        .with_identity(library, consumer);
    finding.related = related(context, waiting.iter().skip(1), "waits as well");
    sink.add(finding);
}

fn related<'w>(
    context: &Context<'_>,
    waiting: impl Iterator<Item = (&'w Span, &'w Vec<&'w Outgoing>)>,
    what: &str,
) -> Vec<Related> {
    let named = waiting.filter_map(|(place, ways)| Some((place, name(context, ways.first()?))));
    let related = named.map(|(place, name)| Related {
        site: Site::Span(*place),
        message: format!("`{name}` {what}"),
        confidence: None,
    });
    related.collect()
}

/// A stub that no contract declares may be anything that looks like one, and a stream may last.
fn waits(context: &Context<'_>, outgoing: &Outgoing) -> bool {
    let is_answered_once = match outgoing.operation.map(|(id, _)| &context.head().operation(id).protocol) {
        Some(Protocol::Rpc { client_streaming, server_streaming, .. }) => !client_streaming && !server_streaming,
        Some(Protocol::Http { .. }) => true,
        None => matches!(outgoing.call.target, Target::Http { .. }),
    };
    outgoing.call.unlimited && is_answered_once
}

/// Several calls wait because their client is told no limit: one finding, where it is made.
fn through(context: &Context<'_>, client: &Client, waiting: &BTreeMap<Span, Vec<&Outgoing>>, sink: &Sink) -> Finding {
    let consumer = context.consumer(client.location.service);
    let calls = count(waiting.len(), "call", "calls");
    let message =
        format!("this client of `{consumer}` has no time limit: {calls} through it wait for ever where nobody answers");
    let mut finding = sink
        .finding(Confidence::Likely, context.site(&client.location), message)
        .with_label(format!("{}, which has no limit by default", client.library))
        .with_help(HELP)
        .with_identity(client.library.clone(), context.actor(&client.location));
    finding.related = related(context, waiting.iter(), "goes through it");
    finding
}

fn alone(context: &Context<'_>, place: Span, ways: &[&Outgoing], sink: &Sink) -> Finding {
    let names: BTreeSet<String> = ways.iter().map(|way| name(context, way)).collect();
    let names: Vec<String> = names.into_iter().collect();
    let first = ways.first();
    let consumer = context.consumer(first.and_then(|way| way.call.location.service));
    let message = match names.as_slice() {
        [one] => format!("`{consumer}` calls `{one}` without a time limit"),
        several => format!("`{consumer}` sends {} different requests from here without a time limit", several.len()),
    };
    let library = first.map_or("", |way| way.call.library.as_str());
    let function = first.map(|way| context.actor(&way.call.location)).unwrap_or_default();
    // Where a helper sends for many, its callers come and go.
    let actor = if names.len() == 1 { function } else { consumer.to_owned() };
    let subject = if names.len() == 1 { names.join("") } else { library.to_owned() };
    let mut finding = sink
        .finding(Confidence::Likely, Site::Span(place), message)
        .with_label(format!("{library}, which has no limit by default"))
        .with_help(HELP)
        .with_identity(subject, actor);
    finding.operation = first.and_then(|way| way.operation).map(|(id, _)| id).filter(|_| names.len() == 1);
    finding
}

/// The operation, or else the target as the code writes it.
fn name(context: &Context<'_>, outgoing: &Outgoing) -> String {
    let operation = outgoing.operation.filter(|(_, confidence)| *confidence >= Confidence::Likely);
    operation.map_or_else(|| outgoing.target.clone(), |(id, _)| context.head().operation(id).key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::map::SentNames;
    use crate::model::source::FileId;
    use crate::model::usage::{Call, CallId, Location, Runtime, Template};

    fn outgoing(file: FileId, start: u32, sent: Option<Span>, unlimited: bool) -> Outgoing {
        let url = format!("http://profile/{start}");
        let location: Location = location(CORE, file, start);
        let target = Target::Http { method: Some("GET".into()), url: Template::text(&url) };
        let call = Call {
            location,
            sent,
            library: "some-http".into(),
            target,
            client: None,
            headers: Vec::new(),
            query: Vec::new(),
            query_whole: true,
            timeout: None,
            unlimited,
            opaque: None,
            outside: false,
            runtime: Runtime::Process,
        };
        Outgoing { id: CallId(0), call, target: format!("GET {url}"), operation: None, names: SentNames::default() }
    }

    #[test]
    fn only_what_surely_waits_is_named_and_a_helper_once() {
        let helper = Some(Span::new(CODE, 90, 95));
        let mut analysis = workspace();
        analysis.map.outgoing = vec![
            outgoing(CODE, 10, None, true),
            outgoing(CODE, 20, None, false),
            outgoing(CODE, 30, helper, true),
            outgoing(CODE, 40, helper, true),
            outgoing(GENERATED, 50, None, true),
        ];
        let found = checked(&analysis, &[&RULE], &settings()).findings;
        let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
        let expected = [
            "`core` calls `GET http://profile/10` without a time limit",
            "`core` sends 2 different requests from here without a time limit",
        ];
        assert_eq!(messages, expected);
    }

    #[test]
    fn many_calls_through_one_library_are_one_finding() {
        let mut analysis = workspace();
        analysis.map.outgoing = (1..=6).map(|at| outgoing(CODE, at * 10, None, true)).collect();
        let [finding] = checked(&analysis, &[&RULE], &settings()).findings.try_into().unwrap();
        assert_eq!(finding.message, "`core` makes 6 calls through some-http without a time limit");
        assert_eq!(finding.related.len(), 5);
    }
}
