//! A failing call is repeated and nothing ends it: `rules/resilience/unbounded-retry.md`.

use crate::check::rule::{Context, Sink, repeated, rule};
use crate::model::map::{Confidence, LinkedRetry};
use crate::model::usage::{Bound, Retry, RetryKind};

rule!("resilience", "unbounded-retry", Error, Retry(check));

fn check(context: &Context<'_>, linked: &LinkedRetry, sink: &mut Sink) {
    let retry = &linked.retry;
    let (confidence, verdict) = match &retry.bound {
        Bound::Unbounded => (Confidence::Likely, "for as long as it fails"),
        Bound::Unknown(_) => (Confidence::Possible, "perhaps for as long as it fails"),
        Bound::Attempts(_) | Bound::Elapsed | Bound::Cancellation => return,
    };
    let mut finding = repeated(context, linked, (sink, confidence), verdict).with_label(carrier(retry)).with_help(
        "give up after a few attempts or at a deadline, wait longer each time with some jitter, \
             and do not repeat what fails for good (4xx, NOT_FOUND, PERMISSION_DENIED)",
    );
    if let Bound::Unknown(why) = &retry.bound {
        finding = finding.with_note(format!("not sure: {why}"));
    }
    sink.add(finding);
}

/// What repeats, in a few words.
fn carrier(retry: &Retry) -> String {
    match retry.kind {
        RetryKind::Loop => "nothing ends this loop but success".to_owned(),
        RetryKind::Library if retry.seems.is_some() => "its name says that it never gives up".to_owned(),
        RetryKind::Library => format!("`{}` is given no limit here", retry.carrier),
        RetryKind::Recursion => "calls itself again after a failure".to_owned(),
        RetryKind::Queue => "what failed is put back into the queue that it was taken from".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::contract::OperationId;
    use crate::model::finding::Finding;
    use crate::model::usage::{CallId, Pause};

    fn found(bound: Bound, operations: Vec<OperationId>) -> Vec<Finding> {
        let mut analysis = workspace();
        analysis.map.edges = vec![call(CORE, 30)];
        let (location, carrier) = (location(CORE, CODE, 20), "for".to_owned());
        let retry = Retry {
            location,
            kind: RetryKind::Loop,
            carrier,
            calls: vec![CallId(0)],
            bound,
            pause: Pause::Varies,
            repeats_refusals: false,
            seems: None,
        };
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
