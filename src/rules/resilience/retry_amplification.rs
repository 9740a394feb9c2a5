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
    let message = format!(
        "`{}` is asked {most}{attempts} times for one request that `{caller}` makes of `{}`: {} attempts",
        key(last),
        key(first),
        factors.join(" x "),
    );
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
        let sake = at.checked_sub(1).and_then(|before| chain.links.get(before)).map(|before| key(before));
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
