//! Routes of Envoy.
//!
//! A route, or its virtual host where it says nothing itself, repeats what `retry_on` names `num_retries` times, once
//! if nothing is said. Source: `config/route/v3/route_components.proto`.

use super::Tell;
use super::node::Node;
use crate::model::deployment::{Callee, Repeater};

/// How deep route configurations lie: listener, filter chain, filter, configuration.
const MAX_DEPTH: usize = 16;

/// The retry policies of a configuration, wherever its virtual hosts are.
pub(super) fn policies(root: Node<'_>, tell: &mut Tell<'_>) {
    search(root, MAX_DEPTH, tell);
}

fn search(node: Node<'_>, depth: usize, tell: &mut Tell<'_>) {
    let Some(depth) = depth.checked_sub(1) else { return };
    if let Some(hosts) = either(node, "virtual_hosts", "virtualHosts") {
        hosts.items().for_each(|host| of_host(host, tell));
        return;
    }
    for (_, member) in node.members() {
        search(member, depth, tell);
    }
    for item in node.items() {
        search(item, depth, tell);
    }
}

fn of_host(host: Node<'_>, tell: &mut Tell<'_>) {
    let policy_of = |node| either(node, "retry_policy", "retryPolicy");
    for route in host.get("routes").into_iter().flat_map(Node::items).filter_map(|route| route.get("route")) {
        let Some(policy) = policy_of(route).or_else(|| policy_of(host)) else { continue };
        let again = either(policy, "num_retries", "numRetries").map_or(Some(1), Node::number);
        let is_on = either(policy, "retry_on", "retryOn").is_some();
        let (Some(again @ 1..), Some(cluster), true) = (again, route.text_of("cluster"), is_on) else { continue };
        let attempts = u64::try_from(again).unwrap_or(1).saturating_add(1);
        tell(Repeater::Envoy, policy, Callee::Host(cluster.to_owned()), attempts);
    }
}

/// A member by its name, or by the one that JSON has for it.
fn either<'t>(node: Node<'t>, name: &str, other: &str) -> Option<Node<'t>> {
    node.get(name).or_else(|| node.get(other))
}
