//! Attempts multiply from service to service: `rules/resilience/retry-amplification.md`.

use crate::check::rule::{Chain, Context, Layer, Link, Sink, rule};
use crate::model::deployment::Repeater;
use crate::model::finding::Related;
use crate::model::source::Site;
use crate::model::usage::{Bound, RetryKind};

rule!("resilience", "retry-amplification", Warning, Chain(check));

fn check(context: &Context<'_>, chain: &Chain<'_>, sink: &mut Sink) {
    let attempts = chain.attempts();
    let (Some(first), Some(last), Some(outermost)) = (chain.links.first(), chain.links.last(), chain.layers().next())
    else {
        return;
    };
    // One retry alone multiplies nothing.
    if attempts <= context.settings.retry_amplification || chain.layers().count() < 2 {
        return;
    }
    let key = |link: &Link<'_>| context.head().operation(link.hop.operation).key.clone();
    let caller = context.consumer(first.hop.location.service);
    let factors: Vec<String> = chain.layers().map(|layer| layer.attempts().to_string()).collect();
    let most = if chain.layers().all(Layer::is_exact) { "up to " } else { "" };
    let factors = factors.join(" x ");
    let message = match chain.links.as_slice() {
        [only] => {
            let key = key(only);
            format!("one request that `{caller}` makes of `{key}` is sent {most}{attempts} times: {factors} attempts")
        }
        _ => format!(
            "`{}` is asked {most}{attempts} times for one request that `{caller}` makes of `{}`: {factors} attempts",
            key(last),
            key(first),
        ),
    };
    let subject = context.operation_subject(context.head(), context.head().operation(last.hop.operation));
    let mut finding = sink
        .finding(chain.confidence(), outermost.site(), message)
        .with_label(format!("{} here", said(outermost)))
        .with_help(
            "let one layer repeat, best the one nearest to what fails, and let all others pass the failure on; or give \
             the whole request a budget of retries and a deadline that all layers share",
        )
        .with_identity(subject, context.actor(&first.hop.location));
    if !chain.layers().all(Layer::is_exact) {
        finding = finding
            .with_note("a retry that ends by the clock, or after a number that is not known, counts as two attempts");
    }
    for (at, link) in chain.links.iter().enumerate() {
        let service = context.consumer(link.hop.location.service);
        let sake = at.checked_sub(1).and_then(|before| chain.links.get(before)).map(&key);
        let sake = sake.map(|key| format!(" to answer `{key}`")).unwrap_or_default();
        finding.related.push(Related {
            site: Site::Span(link.hop.location.span),
            message: format!("`{service}` calls `{}` here{sake}", key(link)),
            confidence: Some(link.hop.confidence),
        });
        for layer in link.layers.iter().skip(usize::from(at == 0)) {
            let message = format!("{} for it", said(layer));
            finding.related.push(Related { site: layer.site(), message, confidence: None });
        }
    }
    finding.operation = Some(last.hop.operation);
    sink.add(finding);
}

/// How often a layer tries, and what it is.
fn said(layer: &Layer<'_>) -> String {
    let number = layer.attempts();
    let most = if layer.is_exact() { "up to" } else { "at least" };
    let what = match layer {
        Layer::Code(retry) => match (retry.kind, &retry.bound) {
            (RetryKind::Library, _) => format!("`{}`", retry.carrier),
            (RetryKind::Recursion, _) => "recursion".to_owned(),
            (RetryKind::Queue, _) => "a queue".to_owned(),
            (RetryKind::Loop, Bound::Elapsed) => "a loop that ends by the clock".to_owned(),
            (RetryKind::Loop, _) => "a loop".to_owned(),
        },
        Layer::Policy(policy) => match policy.repeater {
            Repeater::ServiceConfig => "the service config of the channel".to_owned(),
            Repeater::Envoy => "the route of Envoy".to_owned(),
            Repeater::VirtualService => "the mesh".to_owned(),
            Repeater::Gateway => "the route of the gateway".to_owned(),
        },
    };
    format!("{what} makes {most} {number} attempts")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::analysis::Analysis;
    use crate::model::contract::{Operation, OperationId, Protocol};
    use crate::model::deployment::{Callee, Policy};
    use crate::model::finding::Finding;
    use crate::model::ir::Symbol;
    use crate::model::map::{Confidence, Hop, LinkedRetry};
    use crate::model::source::{ServiceId, Span};
    use crate::model::usage::{Pause, Retry};

    const PRICES: OperationId = OperationId(1);

    /// A loop in a function of that name.
    fn retry(service: ServiceId, start: u32, function: &str, bound: Bound) -> LinkedRetry {
        let mut location = location(service, CODE, start);
        location.function = Symbol::new(function);
        let retry = Retry {
            location,
            kind: RetryKind::Loop,
            carrier: "loop".into(),
            calls: Vec::new(),
            bound,
            pause: Pause::Varies,
            repeats_refusals: false,
            seems: None,
        };
        LinkedRetry { retry, operations: Vec::new() }
    }

    fn hop(service: ServiceId, start: u32, operation: OperationId, within: &[OperationId], repeats: &[usize]) -> Hop {
        Hop {
            location: location(service, CODE, start),
            operation,
            confidence: Confidence::Certain,
            within: within.to_vec(),
            repeats: repeats.to_vec(),
        }
    }

    /// `marketing` asks `core`, which asks for prices to answer.
    fn asked(first: Bound, second: Bound) -> Analysis {
        let mut analysis = workspace();
        let protocol = Protocol::Http { method: "GET".into(), path: "/prices".into() };
        let contract = analysis.head.operations[0].contract;
        analysis.head.operations.push(Operation::new(contract, "GET /prices", protocol, site(API, 60)));
        analysis.map.retries = vec![retry(MARKETING, 10, "main", first), retry(CORE, 40, "main", second)];
        analysis.map.hops = vec![hop(MARKETING, 20, GET, &[], &[0]), hop(CORE, 50, PRICES, &[GET], &[1])];
        analysis
    }

    fn found(analysis: &Analysis) -> Vec<Finding> {
        checked(analysis, &[&RULE], &settings()).findings
    }

    #[test]
    fn attempts_of_services_multiply_and_the_chain_is_shown() {
        let analysis = asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(4)));
        let [finding] = found(&analysis).try_into().unwrap();
        assert_eq!(
            finding.message,
            "`GET /prices` is asked up to 12 times for one request that `marketing` makes of `GET /profiles/{id}`: 3 x 4 attempts"
        );
        let chain: Vec<&str> = finding.related.iter().map(|related| related.message.as_str()).collect();
        let expected = [
            "`marketing` calls `GET /profiles/{id}` here",
            "`core` calls `GET /prices` here to answer `GET /profiles/{id}`",
            "a loop makes up to 4 attempts for it",
        ];
        assert_eq!(chain, expected);
        assert_eq!(finding.confidence, Confidence::Likely);
    }

    #[test]
    fn few_attempts_one_layer_and_calls_for_nobody_are_no_amplification() {
        assert_eq!(found(&asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(3)))), []);
        assert_eq!(found(&asked(Bound::Attempts(Some(30)), Bound::Attempts(Some(1)))), []);
        assert_eq!(found(&asked(Bound::Attempts(Some(5)), Bound::Elapsed)), []);
        assert_eq!(found(&asked(Bound::Attempts(Some(30)), Bound::Unbounded)), []);
        let mut apart = asked(Bound::Attempts(Some(9)), Bound::Attempts(Some(9)));
        apart.map.hops[1].within.clear();
        assert_eq!(found(&apart), []);
    }

    #[test]
    fn what_ends_by_the_clock_counts_as_two() {
        let found = found(&asked(Bound::Attempts(Some(6)), Bound::Elapsed));
        assert_eq!(found[0].notes.len(), 1);
        assert!(found[0].message.contains("is asked 12 times"), "{}", found[0].message);
    }

    #[test]
    fn layers_of_one_call_multiply_too() {
        let mut analysis = asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(1)));
        analysis.map.hops.pop();
        analysis.map.retries.push(retry(MARKETING, 80, "above", Bound::Attempts(Some(4))));
        analysis.map.hops[0].repeats = vec![0, 2];
        let message = &found(&analysis)[0].message;
        assert_eq!(
            message,
            "one request that `marketing` makes of `GET /profiles/{id}` is sent up to 12 times: 4 x 3 attempts"
        );
    }

    #[test]
    fn one_place_repeats_once_however_often_it_was_seen() {
        let mut analysis = asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(4)));
        analysis.map.retries.push(retry(CORE, 40, "main", Bound::Attempts(Some(4))));
        analysis.map.hops[1].repeats = vec![1, 2];
        assert!(found(&analysis)[0].message.ends_with("3 x 4 attempts"));
    }

    #[test]
    fn services_that_ask_each_other_in_circles_end() {
        let mut analysis = asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(4)));
        analysis.map.hops.push(hop(CORE, 70, GET, &[PRICES], &[]));
        assert_eq!(found(&analysis).len(), 1);
    }

    #[test]
    fn a_policy_between_the_two_counts_and_retries_above_do_not_multiply() {
        let mut analysis = asked(Bound::Attempts(Some(3)), Bound::Attempts(Some(1)));
        analysis.map.retries.push(retry(MARKETING, 80, "above", Bound::Attempts(Some(2))));
        analysis.map.retries.push(retry(MARKETING, 90, "elsewhere", Bound::Attempts(Some(2))));
        analysis.map.hops[0].repeats = vec![0, 2, 3];
        assert_eq!(found(&analysis), []);
        let policy = |host: &str| Policy {
            repeater: Repeater::VirtualService,
            place: Span::new(CODE, 100, 101),
            home: None,
            callee: Callee::Host(host.into()),
            attempts: 3,
        };
        analysis.deployments.policies = vec![policy("other.shop.svc.cluster.local")];
        assert_eq!(found(&analysis), []);
        // Both operations are of `profile`.
        analysis.deployments.policies.push(policy("profile.shop.svc.cluster.local"));
        let [finding] = found(&analysis).try_into().unwrap();
        assert!(finding.message.ends_with(": 2 x 3 x 3 x 3 attempts"), "{}", finding.message);
    }
}
