//! A secret that stands in the code: `rules/identity/credential-hardcoded.md`.

use std::collections::BTreeSet;

use crate::check::rule::{Context, Sender, Sink, is_credential_name, is_secret, rule, secret_in};
use crate::model::map::Confidence;
use crate::model::source::{Site, Span};
use crate::model::usage::{Header, Location, Part, Target, Template};

rule!("identity", "credential-hardcoded", Error, Sender(check));

fn check(context: &Context<'_>, sender: &Sender<'_>, sink: &mut Sink) {
    let mut seen: BTreeSet<Span> = BTreeSet::new();
    // A parameter that a client adds to each of its calls is one secret.
    let mut told: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |place: Span, location: &Location, what: String| {
        if context.is_foreign(place.file) || !seen.insert(place) {
            return;
        }
        let consumer = context.consumer(location.service);
        let finding = sink
            .finding(
                Confidence::Likely,
                Site::Span(place),
                format!("`{consumer}` sends a secret that stands in its code as {what}"),
            )
            .with_label("everybody who reads this code has it")
            .with_help("take it from the environment or a secret store, and have this one revoked")
            .with_identity(what, context.actor(location));
        sink.add(finding);
    };
    if let Some(client) = sender.client {
        for header in client.headers.iter().filter(|header| is_credential(header)) {
            add(header.span, &client.location, named(header));
        }
    }
    for call in sender.calls.iter().map(|outgoing| &outgoing.call) {
        for header in call.headers.iter().filter(|header| is_credential(header)) {
            add(header.span, &call.location, named(header));
        }
        let written = match &call.target {
            Target::Http { url, .. } => parameters(url),
            Target::Stub { .. } | Target::Operation { .. } => Vec::new(),
        };
        let given = call.query.iter().filter_map(|(name, value)| Some((name.clone()?, value.as_text()?.to_owned())));
        for (name, value) in given.chain(written) {
            if is_credential_name(&name) && is_secret(&value) && told.insert((name.clone(), value)) {
                add(call.location.span, &call.location, format!("query parameter `{name}`"));
            }
        }
    }
}

fn named(header: &Header) -> String {
    format!("header `{}`", header.name.as_deref().unwrap_or_default())
}

/// A header whose name says that it is one, with fixed text that looks like it.
fn is_credential(header: &Header) -> bool {
    let (Some(name), Some(value)) = (&header.name, header.value.as_text()) else { return false };
    is_credential_name(name) && secret_in(value).is_some()
}

/// Query parameters with fixed values that are written in a URL.
fn parameters(url: &Template) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, part) in url.0.iter().enumerate() {
        let Part::Text(text) = part else { continue };
        let is_last = at + 1 == url.0.len();
        let mut pieces = text.split(['?', '&']).skip(usize::from(!text.starts_with(['?', '&']))).peekable();
        while let Some(piece) = pieces.next() {
            // A hole may go on with the last value.
            if let Some((name, value)) = piece.split_once('=').filter(|_| is_last || pieces.peek().is_some()) {
                found.push((name.to_owned(), value.to_owned()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::map::{Outgoing, SentNames};
    use crate::model::usage::{Call, Presence, Runtime};

    fn found(name: &str, value: Template, url: &str) -> Vec<String> {
        let header =
            Header { name: Some(name.into()), value, presence: Presence::Always, span: Span::new(CODE, 10, 12) };
        let target = Target::Http { method: Some("GET".into()), url: Template::text(url) };
        let call = Call {
            location: location(CORE, CODE, 20),
            sent: None,
            library: "some-http".into(),
            target,
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
        let mut analysis = workspace();
        analysis.map.outgoing = vec![Outgoing {
            id: crate::model::usage::CallId(0),
            call,
            target: String::new(),
            operation: None,
            names: SentNames::default(),
        }];
        checked(&analysis, &[&RULE], &settings()).findings.into_iter().map(|finding| finding.subject).collect()
    }

    #[test]
    fn a_fixed_secret_is_told_from_what_is_put_in() {
        let drawn = "9f86d081884c7d659a2feaa0c55ad015";
        let quiet = "http://a/b";
        let header = |name: &str, value: &str| found(name, Template::text(value), quiet);
        assert_eq!(header("x-api-key", drawn), ["header `x-api-key`"]);
        assert_eq!(header("authorization", &format!("Bearer {drawn}")), ["header `authorization`"]);
        assert_eq!(header("authorization", "Basic Y29yZTpodW50ZXIyMzQ="), ["header `authorization`"]);
        // `browser:`, the public client of a login page.
        assert!(header("authorization", "Basic YnJvd3Nlcjo=").is_empty());
        assert!(header("authorization", "Basic QmFzZTY0Q3JlZGVudGlhbHM=").is_empty());
        assert!(header("authorization", "Bearer YOUR_TOKEN_GOES_HERE").is_empty());
        assert!(header("x-request-id", drawn).is_empty());
        let put_in = Template(vec![Part::Text("Bearer ".into()), Part::Hole]);
        assert!(found("authorization", put_in, quiet).is_empty());
    }

    #[test]
    fn a_secret_in_a_url_is_found() {
        let found = |url: &str| found("accept", Template::text("text/plain"), url);
        assert_eq!(found("http://a/b?lang=en&api_key=9f86d081884c7d659a2feaa0c55ad015"), ["query parameter `api_key`"]);
        assert!(found("http://a/b?page=9f86d081884c7d659a2feaa0c55ad015").is_empty());
    }
}
