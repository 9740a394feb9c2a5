//! A failing thing is started again for ever and nobody is told: `rules/resilience/restart-loop.md`.

use std::collections::BTreeMap;

use crate::check::rule::{Context, Sink, count, rule, shortened};
use crate::model::deployment::{Platform, Restarts, Software, Workload};
use crate::model::finding::{Finding, Level};
use crate::model::map::Confidence;
use crate::model::source::Site;

rule!("resilience", "restart-loop", Warning, Workloads(check));

/// Workloads of one file that are named one by one; more of them have one cause.
const MAX_ALONE: usize = 3;

fn check(context: &Context<'_>, workloads: &[&Workload], sink: &mut Sink) {
    let mut groups: BTreeMap<(Platform, Level, Restarts), Vec<&Workload>> = BTreeMap::new();
    for workload in workloads {
        if let Some(level) = level(workload) {
            groups.entry((workload.platform, level, workload.restarts)).or_default().push(workload);
        }
    }
    for ((_, level, _), group) in groups {
        match group.first() {
            Some(first) if group.len() > MAX_ALONE => sink.add(together(context, level, first, &group, sink)),
            _ => group.iter().for_each(|workload| sink.add(alone(context, level, workload, sink))),
        }
    }
}

/// How bad it is; none if it is as it should be.
const fn level(workload: &Workload) -> Option<Level> {
    match (workload.restarts, workload.role) {
        _ if workload.watched => None,
        (Restarts::Bounded | Restarts::Unknown, _) => None,
        (Restarts::Never, Software::Own) => Some(Level::Warning),
        (Restarts::Never, Software::Foreign | Software::Development) => Some(Level::Info),
        (Restarts::ByDefault(_) | Restarts::Unreachable(_) | Restarts::Waiting, _) => Some(Level::Info),
    }
}

fn alone(context: &Context<'_>, level: Level, workload: &Workload, sink: &Sink) -> Finding {
    let what = noun(workload.platform);
    let name = if workload.name.is_empty() { String::new() } else { format!(" `{}`", workload.name) };
    let message = match workload.restarts {
        Restarts::ByDefault(times) => format!(
            "{what}{name} says nothing of when it has failed for good: it is started again {times} times, because that is the default"
        ),
        Restarts::Unreachable(seconds) => format!(
            "{what}{name} is started again for as long as it fails: waiting {seconds} s between starts, it never gets to its start limit"
        ),
        _ => format!("{what}{name} is started again for as long as it fails, and nothing tells that it does"),
    };
    finding(level, workload, message, sink).with_identity(
        format!("{what} {}", workload.name),
        context.consumer(context.analysis.sources.get(workload.place.file).service),
    )
}

/// Many of one file: one finding, at the first of them.
fn together(context: &Context<'_>, level: Level, first: &Workload, workloads: &[&Workload], sink: &Sink) -> Finding {
    let what = noun(first.platform);
    let names: Vec<String> = workloads.iter().map(|workload| workload.name.clone()).collect();
    let all = count(workloads.len(), what, &format!("{what}s"));
    let message = match first.restarts {
        Restarts::ByDefault(times) => format!(
            "{all} say nothing of when they have failed for good: they are started again {times} times, because that is the default"
        ),
        _ => format!("{all} are started again for as long as they fail, and nothing tells that they do"),
    };
    let mut finding = finding(level, first, message, sink)
        .with_note(format!("which: {}", shortened(&names, 8)))
        .with_identity(what, context.consumer(context.analysis.sources.get(first.place.file).service));
    for other in workloads.iter().skip(1) {
        finding = finding.with_related(Site::Span(other.place), format!("`{}` as well", other.name));
    }
    finding
}

fn finding(level: Level, workload: &Workload, message: String, sink: &Sink) -> Finding {
    let mut finding = sink
        .finding(confidence(workload), Site::Span(workload.place), message)
        .with_label(label(workload))
        .with_help(help(workload.platform));
    finding.level = level;
    finding
}

/// A database or a proxy was tested by somebody else, and at a desk somebody sees what fails.
const fn confidence(workload: &Workload) -> Confidence {
    match workload.role {
        Software::Own => Confidence::Likely,
        Software::Foreign | Software::Development => Confidence::Possible,
    }
}

/// What a workload of a platform is called.
const fn noun(platform: Platform) -> &'static str {
    match platform {
        Platform::Compose | Platform::Swarm => "service",
        Platform::Ecs => "ECS service",
        Platform::Job => "job",
        Platform::Deployment => "deployment",
        Platform::Workflow => "workflow step",
        Platform::Systemd => "unit",
    }
}

/// The bound that was looked for.
const fn label(workload: &Workload) -> &'static str {
    match (workload.platform, workload.restarts) {
        (Platform::Compose, Restarts::Waiting) => "it waits in this way for what it depends on",
        (Platform::Compose, _) => "no `on-failure:N`, and no `healthcheck`",
        (Platform::Swarm, _) => "no `max_attempts`, and no `healthcheck`",
        (Platform::Ecs, _) => "no deployment circuit breaker, and no alarm of the deployment",
        (Platform::Job, Restarts::ByDefault(_)) => "no `backoffLimit`, and no `activeDeadlineSeconds`",
        (Platform::Job, _) => "in effect no limit, and no `activeDeadlineSeconds`",
        (Platform::Deployment, _) => "this switches the deadline off",
        (Platform::Workflow, _) => "no `limit`, and no deadline",
        (Platform::Systemd, Restarts::Unreachable(_)) => "5 starts within 10 s are the limit if nothing is said",
        (Platform::Systemd, _) => "no limit on starts, so that `OnFailure=` is never reached",
    }
}

const fn help(platform: Platform) -> &'static str {
    match platform {
        Platform::Compose => {
            "add a `healthcheck` that something watches, or give up after some attempts with `restart: on-failure:5`"
        }
        Platform::Swarm => "add `max_attempts` with a `window`, and a `healthcheck`",
        Platform::Ecs => {
            "switch the deployment circuit breaker on, with rollback, so that a build that never becomes healthy is \
             given up and somebody hears of it"
        }
        Platform::Job => "set a `backoffLimit` or `activeDeadlineSeconds`, and alert on jobs that have failed",
        Platform::Deployment => {
            "leave `progressDeadlineSeconds` at its default, and wait for rollouts where they are made"
        }
        Platform::Workflow => "give the `retryStrategy` a `limit`, and an `onExit` handler that tells somebody",
        Platform::Systemd => {
            "let `StartLimitIntervalSec=` be longer than `RestartSec=` times `StartLimitBurst=`, and tell somebody with \
             `OnFailure=`"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::*;
    use crate::model::source::{FileId, Span};

    fn workload(file: FileId, start: u32, restarts: Restarts, role: Software) -> Workload {
        let place = Span::new(file, start, start + 1);
        Workload { platform: Platform::Compose, name: format!("s{start}"), place, restarts, watched: false, role }
    }

    fn found(workloads: Vec<Workload>) -> Vec<(Level, String)> {
        let mut analysis = workspace();
        analysis.deployments.workloads = workloads;
        let mut settings = settings();
        settings.min_level = Level::Info;
        let found = checked(&analysis, &[&RULE], &settings).findings;
        found.into_iter().map(|finding| (finding.level, finding.message)).collect()
    }

    #[test]
    fn what_ends_is_watched_or_is_not_ours_is_no_warning() {
        let watched = Workload { watched: true, ..workload(CODE, 1, Restarts::Never, Software::Own) };
        let all = vec![
            watched,
            workload(CODE, 11, Restarts::Bounded, Software::Own),
            workload(CODE, 21, Restarts::Unknown, Software::Own),
            workload(CODE, 31, Restarts::Never, Software::Own),
            workload(CODE, 41, Restarts::Never, Software::Foreign),
            workload(CODE, 51, Restarts::ByDefault(6), Software::Own),
            workload(GENERATED, 31, Restarts::Never, Software::Own),
        ];
        let levels: Vec<Level> = found(all).into_iter().map(|(level, _)| level).collect();
        assert_eq!(levels, [Level::Warning, Level::Info]);
    }

    #[test]
    fn many_of_one_file_are_one_finding() {
        let all = (0..5).map(|at| workload(CODE, at * 10, Restarts::Never, Software::Own)).collect();
        let [(_, message)] = found(all).try_into().unwrap();
        assert_eq!(message, "5 services are started again for as long as they fail, and nothing tells that they do");
    }
}
