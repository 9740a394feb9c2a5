//! Manifests of Kubernetes, and of what builds on it.
//!
//! A Deployment restarts its containers for ever, and says so: after `progressDeadlineSeconds` (600 if nothing
//! is said) its rollout has failed, and whoever waits for it is told. A Job gives up after `backoffLimit`
//! restarts, 6 if nothing is said, whatever the restart policy of its pod. A step of an Argo workflow whose
//! `retryStrategy` has no limit is repeated until it succeeds.
//!
//! Sources: the API reference of `apps/v1`, `batch/v1`, `keda.sh/v1alpha1` and `argoproj.io/v1alpha1`.

use super::node::Node;
use crate::model::deployment::{Platform, Restarts, Software, Workload};

/// Restarts of a job before it has failed, if nothing is said.
const BACKOFF_LIMIT: u32 = 6;

/// Restarts that nobody lives to see: the longest wait between two of them is six minutes.
const ENDLESS_RESTARTS: i64 = 100_000;

/// The value that switches the progress deadline off.
const NO_DEADLINE: i64 = i32::MAX as i64;

/// Whether a document is a manifest.
pub(super) fn is_one(document: Node<'_>) -> bool {
    document.text_of("apiVersion").is_some() && document.text_of("kind").is_some()
}

/// The workloads of a manifest, those of lists too.
pub(super) fn workloads(manifest: Node<'_>, found: &mut Vec<Workload>) {
    let Some(kind) = manifest.text_of("kind") else { return };
    if kind.ends_with("List") {
        manifest.get("items").into_iter().flat_map(Node::items).for_each(|item| workloads(item, found));
        return;
    }
    let spec = |way: &[&str]| manifest.get("spec").and_then(|spec| spec.path(way));
    match kind {
        "Job" => found.extend(spec(&[]).map(|spec| job(manifest, spec))),
        "CronJob" => found.extend(spec(&["jobTemplate", "spec"]).map(|spec| job(manifest, spec))),
        "ScaledJob" => found.extend(spec(&["jobTargetRef"]).map(|spec| job(manifest, spec))),
        "Deployment" => found.extend(spec(&[]).and_then(|spec| deployment(manifest, spec))),
        "Workflow" | "WorkflowTemplate" | "ClusterWorkflowTemplate" => {
            found.extend(spec(&[]).into_iter().flat_map(|spec| workflow(manifest, spec)));
        }
        "CronWorkflow" => {
            found.extend(spec(&["workflowSpec"]).into_iter().flat_map(|spec| workflow(manifest, spec)));
        }
        _ => {}
    }
}

fn name(manifest: Node<'_>) -> String {
    let meta = manifest.get("metadata");
    let name = meta.and_then(|meta| meta.text_of("name").or_else(|| meta.text_of("generateName")));
    name.unwrap_or_default().to_owned()
}

fn workload(platform: Platform, name: String, place: Node<'_>, restarts: Restarts) -> Workload {
    Workload { platform, name, place: place.place(), restarts, watched: false, role: Software::Own }
}

fn job(manifest: Node<'_>, spec: Node<'_>) -> Workload {
    let kind = manifest.get("kind").unwrap_or(manifest);
    let is_set = |key| spec.get(key).is_some_and(|node| !node.is_null());
    let pod = spec.path(&["template", "spec"]);
    let (place, restarts) = match spec.get("backoffLimit").filter(|limit| !limit.is_null()) {
        // Times out as a whole, or is told which failures are final.
        _ if is_set("activeDeadlineSeconds")
            || pod.is_some_and(|pod| pod.get("activeDeadlineSeconds").is_some())
            || is_set("podFailurePolicy")
            || is_set("backoffLimitPerIndex") =>
        {
            (kind, Restarts::Bounded)
        }
        Some(limit) => {
            let restarts = match limit.number() {
                Some(number) if number >= ENDLESS_RESTARTS => Restarts::Never,
                Some(_) => Restarts::Bounded,
                None => Restarts::Unknown,
            };
            (limit, restarts)
        }
        None => (kind, Restarts::ByDefault(BACKOFF_LIMIT)),
    };
    workload(Platform::Job, name(manifest), place, restarts)
}

/// Only one that has its deadline switched off is worth a word.
fn deployment(manifest: Node<'_>, spec: Node<'_>) -> Option<Workload> {
    let deadline = spec.get("progressDeadlineSeconds")?;
    let restarts = match deadline.number()? {
        NO_DEADLINE.. => Restarts::Never,
        _ => Restarts::Bounded,
    };
    Some(workload(Platform::Deployment, name(manifest), deadline, restarts))
}

/// Every strategy of a workflow: its own, that for all steps, and those of steps.
fn workflow(manifest: Node<'_>, spec: Node<'_>) -> Vec<Workload> {
    let whole = name(manifest);
    let limited = spec.get("activeDeadlineSeconds").is_some();
    let mut found = Vec::new();
    let mut see = |name: &str, template: Node<'_>| {
        let Some(strategy) = template.get("retryStrategy") else { return };
        let is_limited = limited
            || template.get("activeDeadlineSeconds").is_some()
            || strategy.path(&["backoff", "maxDuration"]).is_some()
            || strategy.get("limit").is_some_and(|limit| !limit.is_null());
        let restarts = match strategy.get("expression") {
            _ if is_limited => Restarts::Bounded,
            Some(_) => Restarts::Unknown,
            None => Restarts::Never,
        };
        found.push(workload(Platform::Workflow, name.to_owned(), strategy, restarts));
    };
    see(&whole, spec);
    if let Some(defaults) = spec.get("templateDefaults") {
        see(&whole, defaults);
    }
    for template in spec.get("templates").into_iter().flat_map(Node::items) {
        see(template.text_of("name").unwrap_or(&whole), template);
    }
    found
}
