//! A contract that lets callers in without any identity: `rules/identity/anonymous-operation.md`.

use crate::check::rule::{Context, Sink, count, rule};
use crate::model::contract::{Catalog, Contract, ContractKind, Operation, OperationKind, Protocol};
use crate::model::finding::Finding;
use crate::model::map::Confidence;

rule!("identity", "anonymous-operation", Info, Contracts(check));

/// Last words of a path that probes, browsers and people without an account have to reach.
const OPEN_TO_ALL: &[&str] = &[
    "health",
    "healthz",
    "healthcheck",
    "live",
    "livez",
    "liveness",
    "ready",
    "readyz",
    "readiness",
    "ping",
    "status",
    "metrics",
    "version",
    "docs",
    "openapi",
    "swagger",
    "favicon",
    "robots",
    "jwks",
    "login",
    "signin",
    "signup",
    "register",
    "token",
    "oauth",
];

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    for contract in head.contracts.iter().filter(|contract| contract.kind == ContractKind::OpenApi) {
        if context.is_foreign(contract.site.file()) {
            continue;
        }
        let range = contract.operations.start.index()..contract.operations.end.index();
        let operations = head.operations.get(range).unwrap_or_default();
        let asking: Vec<&Operation> = operations.iter().filter(|operation| is_for_callers(operation)).collect();
        let anonymous: Vec<&Operation> =
            asking.iter().copied().filter(|operation| lets_anybody_in(operation)).collect();
        if !anonymous.is_empty() && anonymous.len() == asking.len() {
            sink.add(of_contract(sink, contract, asking.len()));
            continue;
        }
        for operation in anonymous {
            sink.add(of_operation(context, head, sink, operation));
        }
    }
}

/// Whether a caller of the operation is somebody whom the provider should know.
fn is_for_callers(operation: &Operation) -> bool {
    let Protocol::Http { path, .. } = &operation.protocol else { return false };
    let last = path.split('/').rfind(|segment| !segment.is_empty() && !segment.starts_with('{')).unwrap_or_default();
    let word = last.split('.').find(|part| !part.is_empty()).unwrap_or_default().to_ascii_lowercase();
    let is_well_known = path.split('/').any(|segment| segment == ".well-known");
    operation.kind == OperationKind::Served && !is_well_known && !OPEN_TO_ALL.contains(&word.as_str())
}

/// No security requirement that every request must meet, and no parameter that must name the caller.
fn lets_anybody_in(operation: &Operation) -> bool {
    let named = operation.parameters.iter().any(|parameter| parameter.identity || parameter.marks.identity.is_some());
    let asked =
        operation.security.as_ref().is_some_and(|ways| !ways.is_empty() && ways.iter().all(|it| !it.is_empty()));
    !named && !asked && operation.marks.identity.is_none()
}

fn of_contract(sink: &Sink, contract: &Contract, operations: usize) -> Finding {
    let counted = count(operations, "operation", "operations");
    let message = format!("`{}` asks no caller who it is: {counted} without an identity", contract.title);
    sink.finding(Confidence::Certain, contract.site.clone(), message).with_help(help()).with_identity(&contract.id, "")
}

fn of_operation(context: &Context<'_>, head: &Catalog, sink: &Sink, operation: &Operation) -> Finding {
    let message = format!("`{}` lets callers in without any identity", operation.key);
    sink.finding(Confidence::Certain, operation.site.clone(), message)
        .with_label("no `security` and no header that names the caller")
        .with_help(help())
        .with_identity(context.operation_subject(head, operation), "")
}

fn help() -> &'static str {
    "ask for a credential in `security`, or for a header such as `X-Client-Id`"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::{OperationId, Parameter, ParameterPlace, Requirement, Shape};
    use crate::model::finding::Level;

    fn messages(change: impl Fn(&mut Operation, &mut Operation)) -> Vec<String> {
        let mut analysis = workspace();
        let first = analysis.head.operations[0].clone();
        let second = Operation { key: "GET /profiles".into(), site: site(API, 25), ..first };
        analysis.head.operations.push(second);
        analysis.head.contracts[0].operations.end = OperationId(2);
        let [one, other] = analysis.head.operations.as_mut_slice() else { panic!("two operations") };
        change(one, other);
        let settings = crate::model::settings::Settings { min_level: Level::Info, ..settings() };
        checked(&analysis, &[&RULE], &settings).findings.into_iter().map(|finding| finding.message).collect()
    }

    fn key() -> Requirement {
        vec![("key".to_owned(), Vec::new())]
    }

    #[test]
    fn a_contract_that_never_asks_is_one_finding() {
        assert_eq!(messages(|_, _| {}), ["`Profile` asks no caller who it is: 2 operations without an identity"]);
    }

    #[test]
    fn one_operation_among_others_is_named() {
        for open in [None, Some(Vec::new()), Some(vec![key(), Vec::new()])] {
            let found = messages(|one, other| {
                one.security = Some(vec![key()]);
                other.security.clone_from(&open);
            });
            assert_eq!(found, ["`GET /profiles` lets callers in without any identity"], "{open:?}");
        }
    }

    #[test]
    fn a_header_that_names_the_caller_is_enough() {
        let found = messages(|one, other| {
            one.security = Some(vec![key()]);
            let header = Parameter::new(ParameterPlace::Header, "X-Client-Id", Shape::Any, site(API, 1));
            other.parameters.push(Parameter { identity: true, ..header });
        });
        assert!(found.is_empty());
    }

    #[test]
    fn probes_and_webhooks_are_not_worth_a_word() {
        for path in ["/healthz", "/v1/metrics", "/.well-known/x", "/openapi.json", "/auth/login"] {
            let found = messages(|one, other| {
                one.kind = OperationKind::Webhook;
                other.protocol = Protocol::Http { method: "GET".into(), path: path.into() };
            });
            assert!(found.is_empty(), "{path}");
        }
    }
}
