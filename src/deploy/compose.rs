//! Compose files.
//!
//! `always`, `unless-stopped` and `on-failure` without a number restart for ever, waiting a minute at most;
//! `deploy.restart_policy`, where it is given, counts in place of `restart`, and has no limit but
//! `max_attempts`. Source: the Compose specification.

use std::collections::BTreeSet;

use super::node::Node;
use super::setting::Switch;
use crate::model::deployment::{Platform, Restarts, Software, Workload};

/// Words in the name of a file that is used at a developer's desk.
const DEVELOPMENT: &[&str] =
    &["dev", "devel", "development", "local", "test", "tests", "testing", "ci", "e2e", "debug"];

/// Words in the name of what stands in for something else.
const STAND_INS: &[&str] = &["emulator", "mock", "mocks", "stub", "stubs", "fake", "simulator"];

/// Whether a document is a Compose file.
pub(super) fn is_one(document: Node<'_>) -> bool {
    let is_service = |(_, service): (&str, Node<'_>)| service.get("image").is_some() || service.get("build").is_some();
    document.get("services").is_some_and(|services| services.members().any(is_service))
}

/// The services of a file. `known`: names of what this workspace builds.
pub(super) fn workloads(document: Node<'_>, path: &str, known: &BTreeSet<&str>, found: &mut Vec<Workload>) {
    let services = document.get("services");
    let is_development = is_development(path);
    for (name, service) in services.into_iter().flat_map(Node::members) {
        let Some((platform, place, restarts)) = restarts(service) else { continue };
        let is_development = is_development || mounts_source(service) || stands_in(name, service);
        let role = if is_development { Software::Development } else { software(service, known) };
        let watched = service.get("healthcheck").is_some_and(is_checked) || service.get("extends").is_some();
        found.push(Workload { platform, name: name.to_owned(), place: place.place(), restarts, watched, role });
    }
}

fn restarts(service: Node<'_>) -> Option<(Platform, Node<'_>, Restarts)> {
    if let Some(policy) = service.path(&["deploy", "restart_policy"]) {
        let restarts = match policy.text_of("condition") {
            Some("none") => Restarts::Bounded,
            _ if policy.get("max_attempts").is_some_and(|limit| !limit.is_null()) => Restarts::Bounded,
            Some("any" | "on-failure") | None => Restarts::Never,
            Some(_) => Restarts::Unknown,
        };
        return Some((Platform::Swarm, policy, restarts));
    }
    let restart = service.get("restart")?;
    let restarts = match restart.text()?.trim() {
        "on-failure" if service.get("depends_on").is_some() => Restarts::Waiting,
        "always" | "unless-stopped" | "on-failure" => Restarts::Never,
        "no" | "false" | "" => Restarts::Bounded,
        limited if limited.strip_prefix("on-failure:").is_some_and(|rest| rest.parse::<u32>().is_ok()) => {
            Restarts::Bounded
        }
        _ => Restarts::Unknown,
    };
    Some((Platform::Compose, restart, restarts))
}

fn is_checked(healthcheck: Node<'_>) -> bool {
    Switch::of(healthcheck.get("disable")) != Switch::On
}

fn is_development(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = folders.rsplit('/').next().unwrap_or_default();
    let words = name.split(['.', '-', '_']).chain(folder.split(['.', '-', '_']));
    words.map(str::to_ascii_lowercase).any(|word| DEVELOPMENT.contains(&word.as_str()))
}

/// Whether a service is there for tests and for trying things out: `pay-mock`, `build: docker/queue-emulator`.
fn stands_in(name: &str, service: Node<'_>) -> bool {
    let build = service.get("build");
    let context = build.and_then(|build| build.text_of("context").or_else(|| build.text())).unwrap_or_default();
    let mut words = name.split(['-', '_', '.']).chain(context.split(['/', '-', '_', '.']));
    words.any(|word| STAND_INS.contains(&word.to_ascii_lowercase().as_str()))
}

/// Whether a service runs on the source that it is built from: `build: ./api`, `volumes: ["./api:/app"]`.
fn mounts_source(service: Node<'_>) -> bool {
    let plain = |path: &str| path.trim_start_matches("./").trim_matches('/').trim_start_matches('.').to_owned();
    let Some(build) = service.get("build") else { return false };
    let Some(context) = build.text_of("context").or_else(|| build.text()).map(plain) else { return false };
    let source = |volume: Node<'_>| match volume.text() {
        Some(short) => short.split_once(':').map(|(source, _)| plain(source)).filter(|_| short.starts_with('.')),
        None => volume.text_of("source").filter(|source| source.starts_with('.')).map(plain),
    };
    let sources = service.get("volumes").into_iter().flat_map(Node::items).filter_map(source);
    let mut sources = sources.filter(|source| source.is_empty() || *source == context);
    sources.next().is_some()
}

/// What is built here, comes from a registry that a variable names, or bears the name of something that is
/// built here.
fn software(service: Node<'_>, known: &BTreeSet<&str>) -> Software {
    let Some(image) = service.text_of("image").filter(|_| service.get("build").is_none()) else {
        return Software::Own;
    };
    let repository = image.split(['@']).next().unwrap_or(image);
    let is_variable = repository.starts_with('$') && !repository.contains(":-");
    let name = repository.rsplit('/').next().unwrap_or(repository).split(':').next().unwrap_or_default();
    if is_variable || known.contains(name) { Software::Own } else { Software::Foreign }
}
