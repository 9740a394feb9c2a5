//! A failing call is repeated and nothing ends it: `rules/resilience/unbounded-retry.md`.

use crate::check::rule::{Context, Sink, rule, shortened};
use crate::model::finding::{Finding, Related};
use crate::model::map::{Confidence, EdgeKind, LinkedRetry};
use crate::model::source::Site;
use crate::model::usage::{Bound, Retry, RetryKind};

rule!("resilience", "unbounded-retry", Error, Retry(check));

fn check(context: &Context<'_>, linked: &LinkedRetry, sink: &mut Sink) {
    let retry = &linked.retry;
    let (confidence, verdict) = match &retry.bound {
        Bound::Unbounded => (Confidence::Likely, "for as long as it fails"),
        Bound::Unknown(_) => (Confidence::Possible, "perhaps for as long as it fails"),
        Bound::Attempts(_) | Bound::Elapsed | Bound::Cancellation => return,
    };
    let operations = context.keys(context.head(), &linked.operations);
    let what = match operations.as_slice() {
        [] => "a remote call".to_owned(),
        [one] => format!("`{one}`"),
        several => format!("{} operations", several.len()),
    };
    let consumer = context.consumer(retry.location.service);
    let message = format!("`{consumer}` repeats {what} {verdict}");
    let subject = linked
        .operations
        .first()
        .map(|first| context.operation_subject(context.head(), context.head().operation(*first)));
    let mut finding = sink
        .finding(confidence, context.site(&retry.location), message)
        .with_label(carrier(retry))
        .with_help(
            "give up after a few attempts or at a deadline, wait longer each time with some jitter, \
             and do not repeat what fails for good (4xx, NOT_FOUND, PERMISSION_DENIED)",
        )
        .with_identity(subject.unwrap_or_default(), context.actor(&retry.location));
    if operations.len() > 1 {
        finding = finding.with_note(format!("repeats: {}", shortened(&operations, 5)));
    }
    if let Bound::Unknown(why) = &retry.bound {
        finding = finding.with_note(format!("not sure: {why}"));
    }
    finding.operation = linked.operations.first().copied();
    sink.add(with_calls(context, retry, finding));
}

/// What repeats, in a few words.
fn carrier(retry: &Retry) -> String {
    match retry.kind {
        RetryKind::Loop => "nothing ends this loop but success".to_owned(),
        RetryKind::Library => format!("`{}` is given no limit here", retry.carrier),
        RetryKind::Recursion => "calls itself again after a failure".to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::OperationId;
    use crate::model::usage::CallId;

    fn found(bound: Bound, operations: Vec<OperationId>) -> Vec<Finding> {
        let mut analysis = workspace();
        analysis.map.edges = vec![call(CORE, 30)];
        let (location, carrier) = (location(CORE, CODE, 20), "for".to_owned());
        let retry = Retry { location, kind: RetryKind::Loop, carrier, calls: vec![CallId(0)], bound };
        analysis.map.retries.push(LinkedRetry { retry, operations });
        let mut settings = settings();
        settings.min_confidence = Confidence::Possible;
        checked(&analysis, &[&RULE], &settings).findings
    }

    #[test]
    fn only_what_may_go_on_for_ever_is_flagged() {
        assert_eq!(found(Bound::Attempts(None), vec![GET]), []);
        assert_eq!(found(Bound::Elapsed, vec![GET]), []);
        assert_eq!(found(Bound::Cancellation, vec![GET]), []);
        assert_eq!(found(Bound::Unbounded, vec![GET])[0].confidence, Confidence::Likely);
        assert_eq!(
            found(Bound::Unknown("a policy from outside".into()), vec![GET])[0].confidence,
            Confidence::Possible
        );
    }

    #[test]
    fn it_names_the_operation_where_there_is_one() {
        let linked = found(Bound::Unbounded, vec![GET]);
        assert_eq!(linked[0].message, "`core` repeats `GET /profiles/{id}` for as long as it fails");
        assert_eq!(linked[0].related.len(), 1);
        assert_eq!(
            found(Bound::Unbounded, Vec::new())[0].message,
            "`core` repeats a remote call for as long as it fails"
        );
    }
}
