//! What findings about retries have in common.

use super::context::Context;
use super::rule::Sink;
use super::words::shortened;
use crate::model::finding::{Finding, Related};
use crate::model::map::{Confidence, EdgeKind, LinkedRetry};
use crate::model::source::Site;
use crate::model::usage::{Retry, RetryKind};

/// A finding at a retry: who repeats what, and a verdict. Related are the calls inside.
#[must_use]
pub fn repeated(
    context: &Context<'_>,
    linked: &LinkedRetry,
    (sink, confidence): (&Sink, Confidence),
    verdict: &str,
) -> Finding {
    let retry = &linked.retry;
    let operations = context.keys(context.head(), &linked.operations);
    let what = match operations.as_slice() {
        [] => match &retry.seems {
            Some(name) if retry.kind == RetryKind::Library => format!("what `{name}` runs"),
            Some(name) => format!("`{name}`, which seems to be a remote call,"),
            None => "a remote call".to_owned(),
        },
        [one] => format!("`{one}`"),
        several => format!("{} operations", several.len()),
    };
    let consumer = context.consumer(retry.location.service);
    let subject = linked
        .operations
        .first()
        .map(|first| context.operation_subject(context.head(), context.head().operation(*first)));
    let message = format!("`{consumer}` repeats {what} {verdict}");
    let mut finding = sink
        .finding(confidence, context.site(&retry.location), message)
        .with_identity(subject.unwrap_or_default(), context.actor(&retry.location));
    if operations.len() > 1 {
        finding = finding.with_note(format!("repeats: {}", shortened(&operations, 5)));
    }
    finding.operation = linked.operations.first().copied();
    with_calls(context, retry, finding)
}

/// The places of the calls that are tied to an operation.
fn with_calls(context: &Context<'_>, retry: &Retry, mut finding: Finding) -> Finding {
    let repeated = context
        .map()
        .edges
        .iter()
        .filter(|edge| edge.kind == EdgeKind::Call && edge.call.is_some_and(|call| retry.calls.contains(&call)));
    for edge in repeated {
        let key = edge.operation.map(|operation| &context.head().operation(operation).key);
        finding.related.push(Related {
            site: Site::Span(edge.location.span),
            message: key.map(|key| format!("`{key}` is called again here")).unwrap_or_default(),
            confidence: Some(edge.confidence),
        });
    }
    finding
}
