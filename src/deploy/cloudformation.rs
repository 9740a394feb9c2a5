//! Templates of AWS `CloudFormation`, also those that the CDK writes.

use super::ecs::Declared;
use super::node::Node;
use super::setting::Switch;
use crate::model::deployment::Workload;

const SERVICE: &str = "AWS::ECS::Service";

/// Whether a document is a template with something for us in it.
pub(super) fn is_one(document: Node<'_>) -> bool {
    document.get("Resources").is_some_and(|resources| resources.members().any(|(_, it)| it.text_of("Type").is_some()))
}

/// The services of a template.
pub(super) fn workloads(template: Node<'_>, found: &mut Vec<Workload>) {
    let resources = template.get("Resources").into_iter().flat_map(Node::members);
    for (id, resource) in resources.filter(|(_, resource)| resource.text_of("Type") == Some(SERVICE)) {
        let properties = resource.get("Properties");
        let property = |key: &str| properties.and_then(|properties| properties.get(key));
        let configuration = property("DeploymentConfiguration");
        // `Fn::If`, `!Ref`: decided elsewhere.
        let is_computed = |node: Option<Node<'_>>| {
            node.is_some_and(|node| {
                !node.is_map() || node.members().any(|(key, _)| key.starts_with("Fn::") || key == "Ref")
            })
        };
        let enabled = |key: &str| match configuration.and_then(|configuration| configuration.get(key)) {
            _ if is_computed(configuration) => Switch::Unknown,
            part if is_computed(part) => Switch::Unknown,
            part => Switch::of(part.and_then(|part| part.get("Enable"))),
        };
        let controller = property("DeploymentController");
        let found_controller = match controller.and_then(|controller| controller.get("Type")) {
            Some(kind) => Some(kind.text().unwrap_or("computed")),
            None => controller.map(|_| "computed"),
        };
        let declared = Declared {
            name: id,
            place: resource.place(),
            controller: found_controller,
            wanted: property("DesiredCount").and_then(Node::number),
            circuit_breaker: enabled("DeploymentCircuitBreaker"),
            alarms: enabled("Alarms"),
        };
        found.push(declared.workload());
    }
}
