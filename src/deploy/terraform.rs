//! Terraform and `OpenTofu`: `.tf`, and `.tf.json`.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::ecs::Declared;
use super::node::Node;
use super::setting::Switch;
use crate::model::deployment::Workload;
use crate::model::source::{FileId, Span};

const SERVICE: &str = "aws_ecs_service";

/// The services of a file in the native syntax; none if it cannot be parsed.
pub(super) fn workloads(text: &str, file: FileId, found: &mut Vec<Workload>) -> Result<(), String> {
    let body: Body = hcl_edit::parser::parse_body(text).map_err(|error| error.message().to_owned())?;
    for block in body.get_blocks("resource") {
        let [kind, label] = block.labels.as_slice() else { continue };
        if kind.as_str() != SERVICE {
            continue;
        }
        let declared = Declared {
            name: text_of(&block.body, "name").unwrap_or(label.as_str()),
            place: place(block, file),
            controller: controller(&block.body),
            wanted: number_of(&block.body, "desired_count"),
            circuit_breaker: enabled(&block.body, "deployment_circuit_breaker"),
            alarms: enabled(&block.body, "alarms"),
        };
        found.push(declared.workload());
    }
    Ok(())
}

/// The head of a block.
fn place(block: &Block, file: FileId) -> Span {
    let start = block.ident.span().map(|span| span.start);
    let end = block.labels.last().and_then(hcl_edit::Span::span).map(|span| span.end);
    let at = |at: Option<usize>| at.and_then(|at| u32::try_from(at).ok()).unwrap_or_default();
    Span::new(file, at(start), at(end.or(start)))
}

/// `enable` of an inner block. A dynamic block may be there or not.
fn enabled(body: &Body, name: &str) -> Switch {
    let is_dynamic =
        body.get_blocks("dynamic").any(|block| block.labels.first().is_some_and(|label| label.as_str() == name));
    if is_dynamic {
        return Switch::Unknown;
    }
    let Some(block) = body.get_blocks(name).next() else { return Switch::Off };
    match block.body.get_attribute("enable").map(|attribute| &attribute.value) {
        None => Switch::Off,
        Some(Expression::Bool(value)) => {
            if *value.value() {
                Switch::On
            } else {
                Switch::Off
            }
        }
        Some(other) => other.as_str().map_or(Switch::Unknown, |text| Switch::of_text(Some(text))),
    }
}

fn controller(body: &Body) -> Option<&str> {
    let is_dynamic = body
        .get_blocks("dynamic")
        .any(|block| block.labels.first().is_some_and(|label| label.as_str() == "deployment_controller"));
    if is_dynamic {
        return Some("computed");
    }
    let block = body.get_blocks("deployment_controller").next()?;
    // Without a type it is the rolling update.
    block.body.get_attribute("type").map(|attribute| attribute.value.as_str().unwrap_or("computed"))
}

fn text_of<'b>(body: &'b Body, key: &str) -> Option<&'b str> {
    body.get_attribute(key)?.value.as_str()
}

fn number_of(body: &Body, key: &str) -> Option<i64> {
    match &body.get_attribute(key)?.value {
        Expression::Number(number) => number.value().as_i64(),
        _ => None,
    }
}

/// Whether a document is a file in the JSON syntax.
pub(super) fn is_json(document: Node<'_>) -> bool {
    document.path(&["resource", SERVICE]).is_some()
}

/// The services of a file in the JSON syntax.
pub(super) fn json_workloads(document: Node<'_>, found: &mut Vec<Workload>) {
    let services = document.path(&["resource", SERVICE]);
    for (label, service) in services.into_iter().flat_map(Node::members) {
        // Blocks are objects, or lists of them.
        let inner = |name: &str| {
            let block = service.get(name)?;
            if block.is_list() { block.items().next() } else { Some(block) }
        };
        let is_dynamic = |name: &str| service.path(&["dynamic", name]).is_some();
        let enabled = |name: &str| match inner(name) {
            _ if is_dynamic(name) => Switch::Unknown,
            block => Switch::of(block.and_then(|block| block.get("enable"))),
        };
        let declared = Declared {
            name: service.text_of("name").filter(|name| !name.contains("${")).unwrap_or(label),
            place: service.place(),
            controller: inner("deployment_controller").and_then(|block| block.text_of("type")),
            wanted: service.get("desired_count").and_then(Node::number),
            circuit_breaker: enabled("deployment_circuit_breaker"),
            alarms: enabled("alarms"),
        };
        found.push(declared.workload());
    }
}
