//! One credential in the hands of several services: `rules/identity/credential-shared.md`.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::rule::{Context, Sink, and, is_credential_name, rule, secret_in, shortened};
use crate::model::finding::Finding;
use crate::model::map::{Confidence, Outgoing};
use crate::model::source::{ServiceId, Site, Span};
use crate::model::usage::{Header, Location, Part, Target, Template};

rule!("identity", "credential-shared", Warning, Workspace(check));

/// Words that many variables have in their names, whatever they open.
const GENERIC: &[&str] = &[
    "access",
    "admin",
    "api",
    "app",
    "auth",
    "authorization",
    "authentication",
    "backend",
    "basic",
    "bearer",
    "client",
    "credential",
    "credentials",
    "default",
    "gateway",
    "header",
    "http",
    "id",
    "internal",
    "jwt",
    "key",
    "my",
    "pass",
    "password",
    "private",
    "public",
    "pwd",
    "secret",
    "server",
    "service",
    "services",
    "shared",
    "svc",
    "system",
    "token",
    "user",
    "username",
    "value",
    "x",
];

/// Users in a message.
const SHOWN: usize = 4;

/// Where a credential comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// It stands in the code.
    Fixed(String),
    /// An environment variable or key of the configuration.
    Named(String),
}

/// A call that sends a credential.
struct Use<'a> {
    service: ServiceId,
    location: &'a Location,
    span: Span,
    /// Whom it is sent to, if that is known.
    receiver: Option<String>,
}

fn check(context: &Context<'_>, sink: &mut Sink) {
    let mut uses: BTreeMap<Source, Vec<Use<'_>>> = BTreeMap::new();
    for outgoing in &context.map().outgoing {
        let location = &outgoing.call.location;
        let Some(service) = location.service.filter(|_| !context.is_hidden_test(location)) else { continue };
        for (source, span) in credentials(context, outgoing) {
            let receiver = receiver(context, outgoing);
            uses.entry(source).or_default().push(Use { service, location, span, receiver });
        }
    }
    for (source, uses) in &uses {
        let services: BTreeSet<ServiceId> = uses.iter().map(|it| it.service).collect();
        if services.len() > 1 {
            sink.add(shared(context, source, uses, sink));
        }
    }
}

/// What a call sends to say who it is, and where that is set.
fn credentials(context: &Context<'_>, outgoing: &Outgoing) -> Vec<(Source, Span)> {
    let call = &outgoing.call;
    let client = call.client.and_then(|id| context.map().clients.get(id.0 as usize));
    let headers = call.headers.iter().chain(client.iter().flat_map(|client| &client.headers));
    let of_header = |header: &Header| Some((source(header.name.as_deref()?, &header.value)?, header.span));
    let of_query =
        |(name, value): &(Option<String>, Template)| Some((source(name.as_deref()?, value)?, call.location.span));
    let found = headers.filter_map(of_header).chain(call.query.iter().filter_map(of_query));
    found.filter(|(_, span)| !context.is_foreign(span.file)).collect()
}

fn source(name: &str, value: &Template) -> Option<Source> {
    if !is_credential_name(name) {
        return None;
    }
    if let Some(text) = value.as_text() {
        return secret_in(text).map(|secret| Source::Fixed(secret.to_owned()));
    }
    let mut named = value.0.iter().filter_map(|part| match part {
        Part::Env(name) => Some(name.to_string()),
        Part::Text(_) | Part::Hole => None,
    });
    // User and password are two, and together one credential.
    let is_followed = !value.0.contains(&Part::Hole);
    let first = named.next().filter(|_| is_followed)?;
    Some(Source::Named(named.fold(first, |all, next| format!("{all}:{next}"))))
}

/// The contract or host that a call is aimed at.
fn receiver(context: &Context<'_>, outgoing: &Outgoing) -> Option<String> {
    if let Some((operation, _)) = outgoing.operation {
        let head = context.head();
        return Some(head.contract(head.operation(operation).contract).title.clone());
    }
    let Target::Http { url, .. } = &outgoing.call.target else { return None };
    match url.0.first()? {
        Part::Text(text) => {
            text.split_once("://").map(|(_, rest)| rest.split(['/', '?']).next().unwrap_or(rest).to_owned())
        }
        Part::Env(name) => Some(name.to_string()),
        Part::Hole => None,
    }
}

fn shared(context: &Context<'_>, source: &Source, uses: &[Use<'_>], sink: &Sink) -> Finding {
    let mut first: BTreeMap<&str, &Use<'_>> = BTreeMap::new();
    for it in uses {
        first.entry(context.consumer(Some(it.service))).or_insert(it);
    }
    let names: Vec<String> = first.keys().map(|name| format!("`{name}`")).collect();
    let who = if names.len() > SHOWN { shortened(&names, SHOWN) } else { and(&names) };
    let doubt = doubt(context, source, uses);
    let confidence = if doubt.is_some() { Confidence::Possible } else { Confidence::Likely };
    let (what, subject) = match source {
        Source::Fixed(_) => ("one secret from their code".to_owned(), "a secret in the code".to_owned()),
        Source::Named(name) => (format!("the credential `{name}`"), name.clone()),
    };
    let receivers: BTreeSet<&str> = uses.iter().filter_map(|it| it.receiver.as_deref()).collect();
    let to = match receivers.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => format!(" to `{only}`"),
        _ => String::new(),
    };
    let mut all = first.values();
    let place = all.next().map_or_else(|| (uses[0].span, uses[0].location), |it| (it.span, it.location));
    let mut finding = sink
        .finding(
            confidence,
            Site::Span(place.0),
            format!("{who} send {what}{to}: calls of one cannot be told from those of the other"),
        )
        .with_label("sent here")
        .with_help("give each service a credential of its own, so that one can be changed or taken away alone")
        .with_identity(subject, context.actor(place.1));
    for it in all {
        let consumer = context.consumer(Some(it.service));
        finding = finding.with_related(Site::Span(it.span), format!("`{consumer}` sends it here"));
    }
    match doubt {
        Some(doubt) => finding.with_note(format!("not sure: {doubt}")),
        None => finding,
    }
}

/// Why one name may stand for several credentials.
fn doubt(context: &Context<'_>, source: &Source, uses: &[Use<'_>]) -> Option<String> {
    let Source::Named(name) = source else { return None };
    let is_telling = name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
        !word.is_empty()
            && !GENERIC.contains(&word.to_ascii_lowercase().as_str())
            && !word.bytes().all(|b| b.is_ascii_digit())
    });
    if !is_telling {
        return Some(format!("`{name}` may be another one in each deployment"));
    }
    let receivers: BTreeSet<&Option<String>> = uses.iter().map(|it| &it.receiver).collect();
    if receivers.len() > 1 || receivers.contains(&None) {
        return Some("it may open different things".to_owned());
    }
    let repository =
        |it: &Use<'_>| context.analysis.workspace.service(it.service).map(|service| service.repository.as_str());
    let repositories: BTreeSet<Option<&str>> = uses.iter().map(repository).collect();
    (repositories.len() > 1).then(|| "the services are deployed from different repositories".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::map::SentNames;
    use crate::model::usage::{Call, Presence, Runtime};

    /// Calls of `core` and `marketing` that send the given values as `Authorization`.
    fn found(values: [Template; 2], urls: [&str; 2], repositories: [&str; 2]) -> Vec<Finding> {
        let mut analysis = workspace();
        let services = [CORE, MARKETING];
        for (at, (value, url)) in values.into_iter().zip(urls).enumerate() {
            let start = 20 + 10 * u32::try_from(at).unwrap();
            let header = Header {
                name: Some("authorization".into()),
                value,
                presence: Presence::Always,
                span: Span::new(CODE, start, start + 2),
            };
            let call = Call {
                location: location(services[at], CODE, start),
                sent: None,
                library: "some-http".into(),
                target: Target::Http { method: Some("GET".into()), url: Template::text(url) },
                client: None,
                headers: vec![header],
                query: Vec::new(),
                query_whole: true,
                timeout: None,
                unlimited: false,
                opaque: None,
                outside: false,
                runtime: Runtime::Process,
            };
            analysis.workspace.services[services[at].0 as usize].repository = repositories[at].into();
            analysis.map.outgoing.push(Outgoing {
                id: crate::model::usage::CallId(0),
                call,
                target: String::new(),
                operation: None,
                names: SentNames::default(),
            });
        }
        let settings = crate::model::settings::Settings { min_confidence: Confidence::Possible, ..settings() };
        checked(&analysis, &[&RULE], &settings).findings
    }

    fn bearer(name: &str) -> Template {
        Template(vec![Part::Text("Bearer ".into()), Part::Env(name.into())])
    }

    const SAME: [&str; 2] = ["https://ledger/a", "https://ledger/b"];
    const ONE: [&str; 2] = ["all", "all"];

    #[test]
    fn one_telling_name_for_one_provider_is_one_credential() {
        let findings = found([bearer("LEDGER_TOKEN"), bearer("LEDGER_TOKEN")], SAME, ONE);
        assert_eq!(
            findings[0].message,
            "`core` and `marketing` send the credential `LEDGER_TOKEN` to `ledger`: calls of one cannot be told from those of the other"
        );
        assert_eq!((findings.len(), findings[0].confidence), (1, Confidence::Likely));
        assert!(found([bearer("A_TOKEN"), bearer("B_TOKEN")], SAME, ONE).is_empty());
    }

    #[test]
    fn a_name_is_no_proof_by_itself() {
        let confidence =
            |name: &str, urls, repositories| found([bearer(name), bearer(name)], urls, repositories)[0].confidence;
        assert_eq!(confidence("API_TOKEN", SAME, ONE), Confidence::Possible);
        assert_eq!(confidence("LEDGER_TOKEN", ["https://ledger/a", "https://bank/b"], ONE), Confidence::Possible);
        assert_eq!(confidence("LEDGER_TOKEN", SAME, ["core", "marketing"]), Confidence::Possible);
    }

    #[test]
    fn one_secret_in_the_code_is_one_wherever_it_goes() {
        let secret = || Template::text("Bearer 9f86d081884c7d659a2feaa0c55ad015");
        let findings = found([secret(), secret()], ["https://a/", "https://b/"], ["core", "marketing"]);
        assert_eq!(findings[0].confidence, Confidence::Likely);
        assert!(!findings[0].message.contains("9f86d081884c7d659a2feaa0c55ad015"));
    }

    #[test]
    fn what_is_only_partly_known_is_no_credential_that_can_be_compared() {
        let open = || Template(vec![Part::Env("LEDGER_USER".into()), Part::Text(":".into()), Part::Hole]);
        assert!(found([open(), open()], SAME, ONE).is_empty());
    }
}
