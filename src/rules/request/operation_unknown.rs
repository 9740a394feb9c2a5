//! A call of an operation that its contract does not have: `rules/request/operation-unknown.md`.

use crate::check::rule::{Context, Sink, and, rule};
use crate::model::contract::{Catalog, OperationId};
use crate::model::map::{Missing, Unresolved};

rule!("request", "operation-unknown", Error, Unresolved(check));

fn check(context: &Context<'_>, call: &Unresolved, sink: &mut Sink) {
    let Some(missing) = &call.missing else { return };
    let head = context.head();
    let Some(contract) = missing.contracts.first().map(|id| head.contract(*id)) else { return };

    let consumer = context.consumer(call.location.service);
    let target = without_base(&call.target);
    let names: Vec<String> = missing.contracts.iter().map(|id| format!("`{}`", head.contract(*id).title)).collect();
    let have = if names.len() == 1 { "does not have" } else { "do not have" };
    let message = format!("`{consumer}` calls `{target}`, which {} {have}", and(&names));
    let mut finding = sink
        .finding(missing.confidence, context.site(&call.location), message)
        .with_label("called here")
        .with_help(help(head, missing))
        .with_identity(format!("{} {target}", contract.id), context.actor(&call.location));
    for id in &missing.near {
        let operation = head.operation(*id);
        finding = finding.with_related(operation.site.clone(), format!("`{}` is here", operation.key));
    }
    sink.add(finding);
}

fn help(head: &Catalog, missing: &Missing) -> String {
    let key = |id: &OperationId| format!("`{}`", head.operation(*id).key);
    let near: Vec<String> = missing.near.iter().map(key).collect();
    match near.first() {
        None => "call an operation that the contract declares, or have it declared".to_owned(),
        Some(_) if missing.other_method => format!("the path is there with another method: {}", and(&near)),
        Some(nearest) => format!("perhaps {nearest} is meant"),
    }
}

/// `GET /users` of `GET http://users:8080/users`.
fn without_base(target: &str) -> String {
    let Some((method, url)) = target.split_once(' ') else { return target.to_owned() };
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').and_then(|at| rest.get(at..)));
    format!("{method} {}", path.unwrap_or(url))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::ContractId;
    use crate::model::map::{Confidence, Unlinked};

    #[test]
    fn what_may_be_meant_is_said() {
        for (near, other_method, help) in [
            (vec![], false, "call an operation that the contract declares, or have it declared"),
            (vec![GET], false, "perhaps `GET /profiles/{id}` is meant"),
            (vec![GET], true, "the path is there with another method: `GET /profiles/{id}`"),
        ] {
            let mut analysis = workspace();
            analysis.map.unresolved.push(Unresolved {
                location: location(CORE, CODE, 10),
                sent: None,
                library: "net-http".into(),
                target: "POST http://profile:8080/profiles/{}".into(),
                why: Unlinked::NoOperation,
                detail: None,
                missing: Some(Missing {
                    contracts: vec![ContractId(0)],
                    near,
                    other_method,
                    confidence: Confidence::Likely,
                }),
            });
            let [finding] = checked(&analysis, &[&RULE], &settings()).findings.try_into().unwrap();
            let title = &analysis.head.contracts[0].title;
            assert_eq!(finding.message, format!("`core` calls `POST /profiles/{{}}`, which `{title}` does not have"));
            assert_eq!(finding.help, help);
        }
    }
}
