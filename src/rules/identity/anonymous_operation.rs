//! A contract that lets callers in without any identity: `rules/identity/anonymous-operation.md`.

use crate::check::rule::{Context, Sink, count, is_for_callers, rule, shortened};
use crate::model::contract::{Catalog, Contract, ContractKind, Operation, Parameter, ParameterPlace};
use crate::model::finding::Finding;
use crate::model::map::Confidence;

rule!("identity", "anonymous-operation", Info, Contracts(check));

/// Names of headers and query parameters that carry a credential, in lower case without `-` and `_`.
const CREDENTIALS: &[&str] = &[
    "authorization",
    "proxyauthorization",
    "apikey",
    "xapikey",
    "key",
    "accesskey",
    "subscriptionkey",
    "ocpapimsubscriptionkey",
    "appid",
    "clientid",
    "clientsecret",
    "license",
    "signature",
];

/// Operations in a message.
const SHOWN: usize = 3;

const LABEL: &str = "no `security` and no parameter that names the caller";

fn check(context: &Context<'_>, head: &Catalog, sink: &mut Sink) {
    for contract in head.contracts.iter().filter(|contract| contract.kind == ContractKind::OpenApi) {
        if context.is_aside(contract.site.file()) {
            continue;
        }
        let operations = head.operations_of(contract);
        let asking: Vec<&Operation> = operations.iter().filter(|operation| is_for_callers(operation)).collect();
        let anonymous: Vec<&Operation> =
            asking.iter().copied().filter(|operation| lets_anybody_in(operation)).collect();
        if !anonymous.is_empty() && anonymous.len() == asking.len() {
            sink.add(of_contract(sink, contract, asking.len()));
            continue;
        }
        match anonymous.as_slice() {
            [] => {}
            [one] => sink.add(of_operation(contract, sink, one)),
            [first, ..] => sink.add(of_some(sink, contract, first, &anonymous, asking.len())),
        }
    }
}

/// No security requirement that every request must meet, and no parameter that must name the caller.
fn lets_anybody_in(operation: &Operation) -> bool {
    let named = operation.parameters.iter().any(names_caller);
    let asked =
        operation.security.as_ref().is_some_and(|ways| !ways.is_empty() && ways.iter().all(|it| !it.is_empty()));
    !named && !asked && operation.marks.identity.is_none()
}

/// Whether a parameter says who calls: an identity, or a credential that is written as a parameter.
fn names_caller(parameter: &Parameter) -> bool {
    if parameter.identity || parameter.marks.identity.is_some() {
        return true;
    }
    let name: String = parameter.name.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = name.to_ascii_lowercase();
    // Who has the token of `/webhooks/{id}/{token}` is known by it; `page_token` is no credential.
    let is_token = name.ends_with("token") && !name.contains("page") && !name.contains("next");
    match parameter.place {
        ParameterPlace::Path => is_token,
        ParameterPlace::Cookie => true,
        ParameterPlace::Header | ParameterPlace::Query => {
            (is_token && !name.contains("continu") && !name.contains("sync")) || CREDENTIALS.contains(&name.as_str())
        }
    }
}

fn of_contract(sink: &Sink, contract: &Contract, operations: usize) -> Finding {
    let counted = count(operations, "operation", "operations");
    let message = format!("`{}` asks no caller who it is: {counted} without an identity", contract.title);
    sink.finding(Confidence::Certain, contract.site.clone(), message).with_help(help()).with_identity(&contract.id, "")
}

/// Several operations of one contract, each with its place.
fn of_some(sink: &Sink, contract: &Contract, first: &Operation, open: &[&Operation], asking: usize) -> Finding {
    let keys: Vec<String> = open.iter().map(|operation| format!("`{}`", operation.key)).collect();
    let (number, title) = (open.len(), &contract.title);
    let keys = shortened(&keys, SHOWN);
    let message = format!("{number} of {asking} operations of `{title}` let callers in without any identity: {keys}");
    let finding = sink
        .finding(Confidence::Certain, first.site.clone(), message)
        .with_label(LABEL)
        .with_help(help())
        .with_identity(&contract.id, "");
    let further = open.iter().skip(1);
    further.fold(finding, |finding, operation| finding.with_related(operation.site.clone(), "and here"))
}

fn of_operation(contract: &Contract, sink: &Sink, operation: &Operation) -> Finding {
    let message = format!("`{}` lets callers in without any identity", operation.key);
    sink.finding(Confidence::Certain, operation.site.clone(), message)
        .with_label(LABEL)
        .with_help(help())
        .with_identity(&contract.id, "")
}

fn help() -> &'static str {
    "ask for a credential in `security`, or for a header such as `X-Client-Id`"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::{OperationId, OperationKind, Protocol, Requirement, Shape};
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
    fn a_credential_may_be_written_as_a_parameter() {
        let places = [
            (ParameterPlace::Header, "Authorization", 0),
            (ParameterPlace::Query, "api_key", 0),
            (ParameterPlace::Path, "webhook_token", 0),
            (ParameterPlace::Path, "key", 1),
            (ParameterPlace::Query, "page_token", 1),
            (ParameterPlace::Query, "id", 1),
        ];
        for (place, name, findings) in places {
            let found = messages(|one, other| {
                one.security = Some(vec![key()]);
                other.parameters.push(Parameter::new(place, name, Shape::Any, site(API, 1)));
            });
            assert_eq!(found.len(), findings, "{name}");
        }
    }

    #[test]
    fn several_operations_of_one_contract_are_one_finding() {
        let mut analysis = workspace();
        let first = analysis.head.operations[0].clone();
        for (name, security) in [("A", None), ("B", None), ("C", Some(vec![key()]))] {
            let operation = Operation { key: format!("GET /{name}"), site: site(API, 25), security, ..first.clone() };
            analysis.head.operations.push(operation);
        }
        analysis.head.operations[0].security = Some(vec![key()]);
        analysis.head.contracts[0].operations.end = OperationId(4);
        let settings = crate::model::settings::Settings { min_level: Level::Info, ..settings() };
        let found: Vec<String> =
            checked(&analysis, &[&RULE], &settings).findings.into_iter().map(|finding| finding.message).collect();
        assert_eq!(found, ["2 of 4 operations of `Profile` let callers in without any identity: `GET /A`, `GET /B`"]);
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
