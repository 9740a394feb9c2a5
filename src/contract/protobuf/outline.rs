//! What a file declares, as one text that is the same for a `.proto` file and for its compiled form.

use std::fmt::Write;

use super::symbols::Declared;
use super::text::ast::{FieldNode, Name, TypeNode};

/// The outline of a file: names, numbers, labels and types. Types count by their last word, for one
/// form writes full names and the other need not; options do not count.
pub(super) fn outline(declared: &Declared<'_>) -> String {
    let mut parts = Vec::new();
    for message in &declared.messages {
        let mut part = format!("message {}", message.name);
        message.node.fields.iter().for_each(|field| add_field(&mut part, field));
        parts.push(part);
    }
    for of in &declared.enums {
        let mut part = format!("enum {}", of.name);
        for value in &of.node.values {
            let _ = write!(part, ";{}={:?}", value.name.text, value.number);
        }
        parts.push(part);
    }
    for extension in &declared.extensions {
        let mut part = format!("extend {} {}", last(extension.extendee), extension.name);
        add_field(&mut part, extension.node);
        parts.push(part);
    }
    for (name, service) in &declared.services {
        let mut part = format!("service {name}");
        for method in &service.methods {
            let streams = (method.client_streaming, method.server_streaming);
            let _ = write!(part, ";{} {} {} {streams:?}", method.name.text, last(&method.input), last(&method.output));
        }
        parts.push(part);
    }
    parts.sort_unstable();
    parts.join("\n")
}

fn add_field(part: &mut String, field: &FieldNode<'_>) {
    let label = field.label.map(|(label, _)| label);
    let _ = write!(part, ";{label:?} ");
    let _ = match &field.kind {
        TypeNode::Named(name) | TypeNode::Group(name) => write!(part, "{}", last(name)),
        TypeNode::Map { key, value } => write!(part, "map {} {}", last(key), last(value)),
    };
    let _ = write!(part, " {}={:?} {}", field.name.text, field.number, field.oneof.is_some());
}

fn last<'n>(name: &'n Name<'_>) -> &'n str {
    name.text.rsplit('.').next().unwrap_or_default()
}
