//! One call for each element of a list: `rules/resilience/call-in-loop.md`.

use crate::check::rule::{Context, Sink, rule};
use crate::model::contract::{Catalog, Operation, OperationId, Protocol};
use crate::model::finding::Level;
use crate::model::map::{Confidence, LinkedIteration};

rule!("resilience", "call-in-loop", Warning, Iteration(check));

/// Words in the last part of a path or in a method's name that promise several at once, in lower case.
const SEVERAL: [&str; 7] = ["batch", "bulk", "multi", "list", "search", "query", "find"];

/// What methods that read one thing begin with.
const READS: [&str; 7] = ["Get", "Fetch", "Read", "Load", "Find", "Lookup", "Describe"];

fn check(context: &Context<'_>, linked: &LinkedIteration, sink: &mut Sink) {
    let catalog = context.head();
    let operation = catalog.operation(linked.operation);
    let several = several(catalog, linked.operation);
    let consumer = context.consumer(linked.location.service);
    let confidence = linked.confidence.min(Confidence::Likely);
    let message = format!("`{consumer}` calls `{}` once for each element of a list", operation.key);
    let mut finding = sink
        .finding(confidence, context.site(&linked.location), message)
        .with_label("as many calls as there are elements")
        .with_identity(context.operation_subject(catalog, operation), context.actor(&linked.location));
    finding.operation = Some(linked.operation);
    finding = match several {
        Some(other) => finding.with_help(format!("`{}` may give all of them at once", other.key)),
        None => finding.with_help("ask the provider for an operation that takes several at once"),
    };
    if several.is_none() {
        finding.level = finding.level.min(Level::Info);
    }
    sink.add(finding);
}

/// An operation of the same contract that does the same for several things at once.
fn several(catalog: &Catalog, id: OperationId) -> Option<&Operation> {
    let operation = catalog.operation(id);
    let others = catalog.operations.iter().filter(|other| {
        other.contract == operation.contract && other.key != operation.key && other.marks.deprecated.is_none()
    });
    let mut fitting: Vec<&Operation> =
        others.filter(|other| is_several(&operation.protocol, &other.protocol)).collect();
    // The shortest is the plainest: `GET /users` before `GET /users/search`.
    fitting.sort_by_key(|other| other.key.len());
    fitting.into_iter().next()
}

fn is_several(one: &Protocol, other: &Protocol) -> bool {
    match (one, other) {
        (Protocol::Http { method, path }, Protocol::Http { method: other_method, path: other }) => {
            is_several_by_path((method, path), (other_method, other))
        }
        (Protocol::Rpc { service, method, .. }, Protocol::Rpc { service: other_service, method: other, .. }) => {
            service == other_service && is_several_by_name(method, other)
        }
        _ => false,
    }
}

/// `GET /users/{id}` against `GET /users` and `POST /users/batch`; `POST /users` against `POST /users/bulk`.
fn is_several_by_path((method, path): (&str, &str), (other_method, other): (&str, &str)) -> bool {
    let parent = match path.trim_end_matches('/').rsplit_once('/') {
        Some((parent, last)) if last.starts_with('{') && last.ends_with('}') => parent,
        _ if method == "POST" => path.trim_end_matches('/'),
        _ => return false,
    };
    let Some(rest) = other.trim_end_matches('/').strip_prefix(parent) else { return false };
    if rest.is_empty() {
        return method == "GET" && other_method == "GET" && path != other;
    }
    let word = rest.trim_start_matches(['/', ':']).to_ascii_lowercase();
    let is_one_more = rest.starts_with(['/', ':']) && !word.contains('/') && !word.starts_with('{');
    let may_be = other_method == method || (method == "GET" && other_method == "POST");
    is_one_more && may_be && SEVERAL.iter().any(|several| word.contains(several))
}

/// `GetUser` against `ListUsers`, `BatchGetUsers` and `GetUsers`.
fn is_several_by_name(method: &str, other: &str) -> bool {
    let (verb, noun) = method.split_at(
        method.char_indices().skip(1).find(|(_, letter)| letter.is_ascii_uppercase()).map_or(0, |(at, _)| at),
    );
    if verb.is_empty() || noun.is_empty() || other == method {
        return false;
    }
    let stem = noun.strip_suffix('y').unwrap_or(noun);
    let plurals = [format!("{noun}s"), format!("{noun}es"), format!("{stem}ies")];
    let several = other.strip_prefix(verb).is_some_and(|rest| plurals.iter().any(|plural| plural == rest));
    let words = other.to_ascii_lowercase();
    let is_read = READS.contains(&verb);
    let is_batch = words.contains("batch") || words.contains("bulk");
    // `BatchDeleteOrders` creates nothing.
    let does_it = other.contains(verb) || (is_read && READS.iter().any(|read| other.contains(read)));
    let promises = (is_batch && does_it) || (is_read && SEVERAL.iter().any(|several| words.starts_with(several)));
    several || (promises && other.contains(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_give_several_at_once() {
        let one = ("GET", "/users/{id}");
        for other in [("GET", "/users"), ("POST", "/users/batch"), ("GET", "/users:batchGet"), ("GET", "/users/search")]
        {
            assert!(is_several_by_path(one, other), "{other:?}");
        }
        for other in [
            ("POST", "/users"),
            ("GET", "/users/{id}/orders"),
            ("GET", "/users/me"),
            ("GET", "/usersettings"),
            ("DELETE", "/users/batch"),
        ] {
            assert!(!is_several_by_path(one, other), "{other:?}");
        }
        assert!(is_several_by_path(("POST", "/orders"), ("POST", "/orders/bulk")));
        assert!(!is_several_by_path(("POST", "/orders"), ("GET", "/orders")));
    }

    #[test]
    fn methods_that_give_several_at_once() {
        for other in ["GetUsers", "ListUsers", "BatchGetUsers", "SearchUsers"] {
            assert!(is_several_by_name("GetUser", other), "{other}");
        }
        for other in ["GetUserSettings", "CreateUser", "ListOrders", "GetUser", "DeleteUsers"] {
            assert!(!is_several_by_name("GetUser", other), "{other}");
        }
        assert!(is_several_by_name("GetCategory", "ListCategories"));
        assert!(is_several_by_name("CreateOrder", "BatchCreateOrders"));
        assert!(!is_several_by_name("CreateOrder", "ListOrders"));
        assert!(!is_several_by_name("CreateOrder", "BatchDeleteOrders"));
        assert!(is_several_by_name("FetchOrder", "BatchGetOrders"));
    }
}
