//! What was refused is asked for again: `rules/resilience/retry-on-permanent-failure.md`.

use crate::check::rule::{Context, Sink, repeated, rule};
use crate::model::finding::Level;
use crate::model::map::{Confidence, LinkedRetry};
use crate::model::usage::Bound;

rule!("resilience", "retry-on-permanent-failure", Warning, Retry(check));

/// So many attempts, or as many as somebody configures, do little harm.
const FEW_ATTEMPTS: u64 = 5;

const HELP: &str = "give up at answers that stay the same (400, 403, 404, 410; NOT_FOUND, PERMISSION_DENIED), \
                    and repeat what may pass (429, 502, 503; UNAVAILABLE)";

fn check(context: &Context<'_>, linked: &LinkedRetry, sink: &mut Sink) {
    if linked.retry.repeats_refusals {
        let verdict = "also where it is refused for good";
        let mut finding = repeated(context, linked, (sink, Confidence::Likely), verdict);
        if matches!(linked.retry.bound, Bound::Attempts(attempts) if attempts.is_none_or(|attempts| attempts <= FEW_ATTEMPTS))
        {
            finding.level = finding.level.min(Level::Info);
        }
        sink.add(finding.with_label("no failure is told from another here").with_help(HELP));
    }
}
