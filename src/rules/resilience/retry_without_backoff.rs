//! A failing call is repeated without waiting longer: `rules/resilience/retry-without-backoff.md`.

use crate::check::rule::{Context, Sink, repeated, rule};
use crate::model::finding::Level;
use crate::model::map::{Confidence, LinkedRetry};
use crate::model::usage::{Bound, Pause, RetryKind};

rule!("resilience", "retry-without-backoff", Warning, Retry(check));

/// One more attempt, at once, is a common way to get past a connection that was closed meanwhile.
const FEW_ATTEMPTS: u64 = 2;

const HELP: &str = "wait longer before each attempt, up to a limit, and add a random part";

fn check(context: &Context<'_>, linked: &LinkedRetry, sink: &mut Sink) {
    let retry = &linked.retry;
    let (verdict, label, level) = match retry.pause {
        Pause::None => ("at once after a failure", "nothing waits in here", None),
        Pause::Fixed => ("always after the same time", "all callers come back in the same moment", Some(Level::Info)),
        Pause::Varies => return,
    };
    let is_short = matches!(retry.bound, Bound::Attempts(Some(attempts)) if attempts <= FEW_ATTEMPTS);
    if is_short || retry.kind == RetryKind::Library || retry.seems.is_some() {
        return;
    }
    let mut finding = repeated(context, linked, (sink, Confidence::Likely), verdict);
    finding.level = level.map_or(finding.level, |level| level.min(finding.level));
    sink.add(finding.with_label(label).with_help(HELP));
}
