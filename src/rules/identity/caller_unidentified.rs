//! A call that does not say who makes it: `rules/identity/caller-unidentified.md`.

use std::collections::BTreeSet;

use crate::check::rule::{Caller, Context, Sink, count, rule, shortened};
use crate::model::contract::{Operation, ParameterPlace, Protocol};
use crate::model::finding::{Finding, Related};
use crate::model::map::{Confidence, Edge, LinkedCall};
use crate::model::source::Site;
use crate::model::usage::{Client, Presence};

rule!("identity", "caller-unidentified", Error, Caller(check));

fn check(context: &Context<'_>, caller: &Caller<'_>, sink: &mut Sink) {
    let anonymous: Vec<Anonymous<'_>> = caller.calls.iter().filter_map(|call| judge(context, call)).collect();
    // What is proven is not mixed with what is only possible.
    let (sure, possible): (Vec<_>, Vec<_>) =
        anonymous.into_iter().partition(|call| call.confidence > Confidence::Possible);
    for calls in [sure, possible] {
        match caller.client.filter(|_| calls.len() > 1) {
            Some(client) => sink.add(through(context, client, &calls, sink)),
            None => calls.iter().for_each(|call| sink.add(alone(context, call, sink))),
        }
    }
}

/// A call without the identity that is asked for.
struct Anonymous<'a> {
    edge: &'a Edge,
    operation: &'a Operation,
    asked: Asked<'a>,
    confidence: Confidence,
    /// Why it may be identified all the same.
    doubt: Option<String>,
}

/// Who asks callers to say their name.
enum Asked<'a> {
    /// The operation declares such a header.
    Contract { header: &'a str, site: &'a Site },
    /// The configuration asks it of every call.
    Settings,
}

fn judge<'a>(context: &Context<'a>, call: &LinkedCall) -> Option<Anonymous<'a>> {
    let edge = context.map().edges.get(call.edge)?;
    let operation = context.head().operation(edge.operation?);
    let asked = asked(context, operation)?;
    let (confidence, doubt) = match sent(call, &names(context, operation)) {
        Sent::Yes => return None,
        Sent::Perhaps(why) => (Confidence::Possible, Some(why)),
        Sent::No => (edge.confidence, None),
    };
    Some(Anonymous { edge, operation, asked, confidence, doubt })
}

fn asked<'a>(context: &Context<'a>, operation: &'a Operation) -> Option<Asked<'a>> {
    let declared = operation.parameters.iter().find(|it| it.identity && it.place == ParameterPlace::Header);
    match declared {
        Some(parameter) => Some(Asked::Contract { header: &parameter.name, site: &parameter.site }),
        None => context.settings.identity.required.then_some(Asked::Settings),
    }
}

/// Names that say who calls, in lower case: one of them is enough.
fn names(context: &Context<'_>, operation: &Operation) -> BTreeSet<String> {
    let identity = &context.settings.identity;
    let configured = match operation.protocol {
        Protocol::Http { .. } => &identity.headers,
        Protocol::Rpc { .. } => &identity.metadata,
    };
    let declared = operation.parameters.iter().filter(|it| it.identity && it.place == ParameterPlace::Header);
    declared.map(|parameter| &parameter.name).chain(configured).map(|name| name.to_lowercase()).collect()
}

/// Whether a call says who makes it.
enum Sent {
    Yes,
    Perhaps(String),
    No,
}

fn sent(call: &LinkedCall, names: &BTreeSet<String>) -> Sent {
    let mut perhaps = call.opaque.clone();
    for (name, value, presence) in &call.headers {
        match name {
            None => perhaps = perhaps.or_else(|| Some("a header with a computed name is set".to_owned())),
            // An empty name is no name.
            Some(name) if !names.contains(name) || value.as_deref() == Some("") => {}
            Some(_) if *presence == Presence::Always => return Sent::Yes,
            Some(name) => perhaps = Some(format!("`{name}` is set on some ways only")),
        }
    }
    perhaps.map_or(Sent::No, Sent::Perhaps)
}

/// Several calls lack a name because their client gives none: one finding, where it is made.
fn through(context: &Context<'_>, client: &Client, calls: &[Anonymous<'_>], sink: &Sink) -> Finding {
    let consumer = context.consumer(client.location.service);
    let confidence = calls.iter().map(|call| call.confidence).max().unwrap_or(Confidence::Possible);
    let message = format!(
        "this client of `{consumer}` does not say who calls: {} go out without an identity",
        count(calls.len(), "call", "calls")
    );
    let contracts: BTreeSet<&str> =
        calls.iter().map(|call| context.head().contract(call.operation.contract).id.as_str()).collect();
    let subject = contracts.into_iter().collect::<Vec<_>>().join(" ");
    let mut finding = sink
        .finding(confidence, context.site(&client.location), message)
        .with_label("made here, without a name")
        .with_identity(subject, context.actor(&client.location));
    for call in calls {
        finding.related.push(Related {
            site: context.site(&call.edge.location),
            message: format!("calls `{}` through it", call.operation.key),
            confidence: Some(call.confidence),
        });
    }
    with_reasons(context, finding, calls, "on the client")
}

fn alone(context: &Context<'_>, call: &Anonymous<'_>, sink: &Sink) -> Finding {
    let location = &call.edge.location;
    let consumer = context.consumer(location.service);
    let message = format!("`{consumer}` calls `{}` without saying who it is", call.operation.key);
    let mut finding = sink
        .finding(call.confidence, context.site(location), message)
        .with_label("called here, without a name")
        .with_identity(context.operation_subject(context.head(), call.operation), context.actor(location));
    finding.operation = call.edge.operation;
    with_reasons(context, finding, std::slice::from_ref(call), "on the call or its client")
}

/// Who asks, what is uncertain, and what to do.
fn with_reasons(context: &Context<'_>, mut finding: Finding, calls: &[Anonymous<'_>], place: &str) -> Finding {
    let mut sites = BTreeSet::new();
    for call in calls {
        if let Asked::Contract { header, site } = call.asked
            && sites.insert(site)
        {
            finding = finding.with_related(site.clone(), format!("the contract asks for `{header}`"));
        }
    }
    if calls.iter().any(|call| matches!(call.asked, Asked::Settings)) {
        finding = finding.with_note("asked by: `identity` in the configuration, of every call");
    }
    if let Some(doubt) = calls.iter().find_map(|call| call.doubt.as_ref()) {
        finding = finding.with_note(format!("not sure: {doubt}"));
    }
    let names = calls.first().map(|call| accepted(context, call)).unwrap_or_default();
    finding.with_help(format!("send the service's name {place}, in one of: {}", shortened(&names, 4)))
}

/// Names that would do, the one that the contract asks for first.
fn accepted(context: &Context<'_>, call: &Anonymous<'_>) -> Vec<String> {
    let identity = &context.settings.identity;
    let configured = match call.operation.protocol {
        Protocol::Http { .. } => &identity.headers,
        Protocol::Rpc { .. } => &identity.metadata,
    };
    let declared = match call.asked {
        Asked::Contract { header, .. } => Some(header.to_lowercase()),
        Asked::Settings => None,
    };
    let mut names: Vec<String> = declared.into_iter().collect();
    for name in configured {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::map::DependencyMap;
    use crate::model::settings::Settings;
    use crate::model::usage::{ClientId, Timeout};

    fn asking() -> Settings {
        let mut settings = settings();
        settings.identity.required = true;
        settings.min_confidence = Confidence::Possible;
        settings
    }

    fn calling(add: impl FnOnce(&mut DependencyMap)) -> Analysis {
        let mut analysis = workspace();
        add(&mut analysis.map);
        analysis
    }

    fn found(analysis: &Analysis, settings: &Settings) -> Vec<Finding> {
        checked(analysis, &[&RULE], settings).findings
    }

    #[test]
    fn nobody_asks_so_nothing_is_missing() {
        let analysis = calling(|map| _ = add_call(map, call(CORE, 20), &[]));
        assert_eq!(found(&analysis, &settings()), []);
    }

    #[test]
    fn one_known_header_is_enough_and_others_are_not() {
        for (header, number) in [("x-client-id", 0), ("user-agent", 0), ("x-request-id", 1)] {
            let analysis = calling(|map| _ = add_call(map, call(CORE, 20), &[(header, Presence::Always)]));
            assert_eq!(found(&analysis, &asking()).len(), number, "{header}");
        }
    }

    #[test]
    fn a_name_that_may_be_sent_makes_it_possible_only() {
        let confidence = |change: fn(&mut LinkedCall)| {
            let analysis = calling(|map| {
                let at = add_call(map, call(CORE, 20), &[]);
                change(&mut map.calls[at]);
            });
            found(&analysis, &asking())[0].confidence
        };
        assert_eq!(confidence(|_| {}), Confidence::Certain);
        assert_eq!(confidence(|call| call.opaque = Some("x".into())), Confidence::Possible);
        assert_eq!(confidence(|call| call.headers.push((None, None, Presence::Always))), Confidence::Possible);
        let perhaps = |call: &mut LinkedCall| call.headers.push((Some("user-agent".into()), None, Presence::Perhaps));
        assert_eq!(confidence(perhaps), Confidence::Possible);
    }

    #[test]
    fn an_empty_name_is_none() {
        let analysis = calling(|map| {
            let at = add_call(map, call(CORE, 20), &[]);
            map.calls[at].headers.push((Some("user-agent".into()), Some(String::new()), Presence::Always));
        });
        assert_eq!(found(&analysis, &asking()).len(), 1);
    }

    #[test]
    fn calls_through_one_client_are_one_finding_where_it_is_made() {
        let analysis = calling(|map| {
            map.clients.push(Client {
                location: location(CORE, CODE, 0),
                library: "x".into(),
                base: None,
                headers: Vec::new(),
                timeout: Timeout::None,
                opaque: None,
            });
            for start in [20, 30] {
                let at = add_call(map, call(CORE, start), &[]);
                map.calls[at].client = Some(ClientId(0));
            }
        });
        let findings = found(&analysis, &asking());
        let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
        assert_eq!(finding.site, site(CODE, 0));
        assert_eq!(finding.related.len(), 2);
    }
}
