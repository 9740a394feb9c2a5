//! Routes of service meshes: Istio and the Gateway API.
//!
//! Both count repetitions, not attempts: `attempts: 2` is three requests.
//! Sources: `VirtualService` of `networking.istio.io`, `HTTPRoute` of `gateway.networking.k8s.io`.

use super::Tell;
use super::node::Node;
use crate::model::deployment::{Callee, Repeater};

/// The retry policies of a manifest, those of lists too.
pub(super) fn policies(manifest: Node<'_>, tell: &mut Tell<'_>) {
    let Some(kind) = manifest.text_of("kind") else { return };
    let spec = |key: &str| manifest.path(&["spec", key]).into_iter().flat_map(Node::items);
    match kind {
        "List" => manifest.get("items").into_iter().flat_map(Node::items).for_each(|item| policies(item, tell)),
        "VirtualService" => {
            for route in spec("http") {
                let Some(retries) = route.get("retries") else { continue };
                let Some(again) = retries.get("attempts").and_then(Node::number) else { continue };
                let targets = route.get("route").into_iter().flat_map(Node::items);
                let mut hosts: Vec<&str> = targets.filter_map(|it| it.path(&["destination", "host"])?.text()).collect();
                if hosts.is_empty() {
                    hosts = spec("hosts").filter_map(Node::text).collect();
                }
                told(Repeater::VirtualService, retries, hosts, again, tell);
            }
        }
        "HTTPRoute" | "GRPCRoute" => {
            for rule in spec("rules") {
                let Some(retry) = rule.get("retry") else { continue };
                // One, if nothing is said.
                let again = retry.get("attempts").map_or(Some(1), Node::number);
                let targets = rule.get("backendRefs").into_iter().flat_map(Node::items);
                let hosts = targets.filter_map(|target| target.text_of("name")).collect();
                told(Repeater::Gateway, retry, hosts, again.unwrap_or(0), tell);
            }
        }
        _ => {}
    }
}

fn told(repeater: Repeater, place: Node<'_>, mut hosts: Vec<&str>, again: i64, tell: &mut Tell<'_>) {
    hosts.sort_unstable();
    hosts.dedup();
    let Some(again) = u64::try_from(again).ok().filter(|again| *again > 0) else { return };
    for host in hosts {
        tell(repeater, place, Callee::Host(host.to_owned()), again.saturating_add(1));
    }
}
