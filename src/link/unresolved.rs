//! Calls that are tied to no contract: why, and what is missing.

use std::collections::{BTreeMap, BTreeSet};

use super::endpoint::Endpoints;
use super::package::Packages;
use super::stub::Stubs;
use super::url::{self, Url};
use super::{CallLinks, Unlinked};
use crate::model::contract::{Catalog, OperationId, Protocol};
use crate::model::map::{Missing, Unresolved};
use crate::model::source::Span;
use crate::model::usage::{Call, Facts, Part, Target, Template};

/// Operations that are named.
const NAMED: usize = 3;

/// What calls are tied by.
pub(super) struct Reached<'a> {
    pub endpoints: &'a Endpoints<'a>,
    pub stubs: &'a Stubs<'a>,
    pub packages: &'a Packages<'a>,
}

impl Reached<'_> {
    fn missing(&self, call: &Call) -> Option<Missing> {
        match &call.target {
            Target::Http { method, url } => self.endpoints.missing(method.as_deref()?, url, call.location.service),
            Target::Stub { stub, service, method } => self.stubs.missing(self.packages, stub, (service, method)),
            Target::Operation { .. } => None,
        }
    }
}

/// Every call that is tied to nothing, by place. Of one place that may go several ways, those of which least is known
/// say nothing where another one is tied, or more is known of it.
pub(super) fn unresolved(
    facts: &Facts,
    calls: &CallLinks,
    reached: &Reached<'_>,
    catalog: &Catalog,
) -> Vec<Unresolved> {
    // Where one way of a call is tied to an operation, the others are not sure enough to be wrong.
    let linked: BTreeSet<Span> =
        facts.calls.iter().zip(&calls.0).filter(|(_, link)| link.is_ok()).map(|(call, _)| call.location.span).collect();
    let unlinked = facts.calls.iter().zip(&calls.0).filter_map(|(call, link)| {
        let (why, detail) = reason(call, *link.as_ref().err()?, reached.endpoints, catalog);
        let is_sure =
            matches!(why, Unlinked::NoOperation | Unlinked::WrongMethod) && !linked.contains(&call.location.span);
        Some(Unresolved {
            location: call.location.clone(),
            sent: call.sent,
            library: call.library.clone(),
            target: target(&call.target),
            why,
            detail,
            missing: is_sure.then(|| reached.missing(call)).flatten(),
        })
    });
    let mut unlinked: Vec<Unresolved> = unlinked.collect();
    let told: BTreeSet<Span> =
        unlinked.iter().filter(|it| it.why != Unlinked::UnknownUrl).map(|it| it.location.span).collect();
    unlinked.retain(|it| {
        let span = it.location.span;
        it.why != Unlinked::UnknownUrl || !(told.contains(&span) || linked.contains(&span))
    });
    let mut targets: BTreeMap<Span, BTreeSet<String>> = BTreeMap::new();
    for call in &facts.calls {
        targets.entry(call.location.span).or_default().insert(target(&call.target));
    }
    unlinked
        .retain(|it| !targets.get(&it.location.span).into_iter().flatten().any(|other| adds_query(&it.target, other)));
    unlinked.sort_by(|a, b| identity(a).cmp(&identity(b)).then(a.sent.cmp(&b.sent)));
    // The places that one call may be sent from are no calls of their own.
    unlinked.dedup_by(|a, b| identity(a) == identity(b));
    unlinked
}

/// Whether a target is another one with something behind it that is no path: a query that code puts together.
fn adds_query(target: &str, other: &str) -> bool {
    let is_query = |rest: &str| rest.starts_with(['?', '{', '&']) && !rest.contains('/');
    !other.ends_with('/') && target.strip_prefix(other).is_some_and(is_query)
}

/// What tells one from another.
fn identity(unlinked: &Unresolved) -> impl Ord + use<'_> {
    (unlinked.location.span, &unlinked.target, unlinked.why, &unlinked.library)
}

/// `GET {}/x`, `CartService/GetCart`.
pub(super) fn target(target: &Target) -> String {
    match target {
        Target::Http { method: Some(method), url } => format!("{method} {url}"),
        Target::Http { method: None, url } => url.to_string(),
        Target::Stub { service, method, .. } => format!("{service}/{method}"),
        Target::Operation { document: Some(document), id, .. } => format!("{document}#{id}"),
        Target::Operation { document: None, id, .. } => format!("#{id}"),
    }
}

/// The reason, told as exactly as it can be, and what goes with it.
fn reason(call: &Call, why: Unlinked, endpoints: &Endpoints<'_>, catalog: &Catalog) -> (Unlinked, Option<String>) {
    let (method, template) = match &call.target {
        Target::Http { method, url } => (method.as_deref(), url),
        Target::Stub { stub, .. } => return (why, Some(format!("stub `{}`", as_written(stub.as_str())))),
        Target::Operation { document, .. } => {
            return (why, document.as_ref().map(|document| format!("client generated from `{document}`")));
        }
    };
    let url = url::parse(template);
    match why {
        Unlinked::UnknownUrl => (why, unknown_part(template, &url)),
        Unlinked::ForeignHost => (why, url.base.host.map(|host| format!("host `{host}`"))),
        Unlinked::Ambiguous => {
            let fitting = endpoints.on_path(method, &url);
            let why = if method.is_none() { Unlinked::UnknownMethod } else { why };
            (why, named(&fitting, catalog))
        }
        Unlinked::NoOperation => {
            let others = method.map(|_| endpoints.on_path(None, &url)).unwrap_or_default();
            match methods(&others, catalog) {
                Some(methods) => (Unlinked::WrongMethod, Some(format!("the path is there for {methods}"))),
                None => (why, unknown_part(template, &url)),
            }
        }
        Unlinked::UnknownMethod | Unlinked::WrongMethod | Unlinked::UnknownService => (why, None),
    }
}

/// Which part of a URL is not known.
fn unknown_part(template: &Template, url: &Url) -> Option<String> {
    if !template.is_known() {
        return Some("nothing of its URL is known".to_owned());
    }
    let path: Vec<String> = url.segments.iter().map(ToString::to_string).collect();
    let path = format!("/{}", path.join("/"));
    match template.0.first() {
        Some(Part::Hole) => Some(format!("what stands before `{path}` is not known")),
        Some(Part::Env(name)) if url.base.variables.iter().any(|variable| **variable == **name) => {
            Some(format!("no service names `{name}` in its `base_urls`"))
        }
        _ => {
            let hole = url.segments.iter().position(url::Segment::is_hole)?;
            Some(format!("segment {} of `{path}` is not known", hole.saturating_add(1)))
        }
    }
}

/// The first few operations, by name.
fn named(operations: &[OperationId], catalog: &Catalog) -> Option<String> {
    let name = |id: &OperationId| {
        let operation = catalog.operations.get(id.index())?;
        let contract = catalog.contracts.get(operation.contract.index())?;
        Some(format!("`{}` of {}", operation.key, contract.id))
    };
    let mut names: Vec<String> = operations.iter().take(NAMED).filter_map(name).collect();
    if let more @ 1.. = operations.len().saturating_sub(NAMED) {
        names.push(format!("{more} more"));
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// The methods of operations on one path.
fn methods(operations: &[OperationId], catalog: &Catalog) -> Option<String> {
    let method = |id: &OperationId| match &catalog.operations.get(id.index())?.protocol {
        Protocol::Http { method, .. } => Some(method.as_str()),
        Protocol::Rpc { .. } => None,
    };
    let mut methods: Vec<&str> = operations.iter().filter_map(method).collect();
    methods.sort_unstable();
    methods.dedup();
    (!methods.is_empty()).then(|| methods.join(", "))
}

/// A name without what stands for all that a file can see.
fn as_written(symbol: &str) -> String {
    let segments = symbol.split("::").filter(|segment| !(segment.starts_with('<') && segment.ends_with('>')));
    segments.collect::<Vec<_>>().join("::")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part_of(parts: &[Part]) -> Option<String> {
        let template = Template(parts.to_vec());
        unknown_part(&template, &url::parse(&template))
    }

    #[test]
    fn a_query_is_no_other_target() {
        for target in ["GET /users?{}", "GET /users?a=1", "GET /users{}={}"] {
            assert!(adds_query(target, "GET /users"), "{target}");
        }
        for (target, other) in [("GET /users/{}", "GET /users/"), ("GET /users/me", "GET /users"), ("GET /a", "GET /a")]
        {
            assert!(!adds_query(target, other), "{target}");
        }
    }

    #[test]
    fn the_part_that_is_not_known_is_named() {
        let text = |text: &str| Part::Text(text.into());
        assert_eq!(part_of(&[Part::Hole]).as_deref(), Some("nothing of its URL is known"));
        assert_eq!(
            part_of(&[Part::Hole, text("/users/1")]).as_deref(),
            Some("what stands before `/users/1` is not known")
        );
        assert_eq!(
            part_of(&[Part::Env("USERS_URL".into()), text("/users")]).as_deref(),
            Some("no service names `USERS_URL` in its `base_urls`")
        );
        assert_eq!(
            part_of(&[text("http://users/v1/"), Part::Hole, text("/x")]).as_deref(),
            Some("segment 2 of `/v1/{}/x` is not known")
        );
        assert_eq!(part_of(&[text("http://users/v1/x")]), None);
    }
}
