//! Attributes, and the names on the wire that some of them give.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::lower::tree::Field as _;
use crate::model::ir::{Annotation, Arg, Codec, Expr, ExprKind, Literal, WireName};

/// What the attributes of a field say of it on the wire.
#[derive(Debug, Default)]
pub(super) struct Wire {
    /// Names by codec.
    pub(super) names: Vec<WireName>,
    /// It is never written.
    pub(super) skipped: bool,
    /// Its entries stand in the outer object.
    pub(super) flatten: bool,
}

impl<'t> Lowerer<'t> {
    /// The attributes of a declaration, their names without `Attribute`.
    pub(super) fn attributes(&mut self, node: Node<'t>) -> Vec<Annotation> {
        let mut all = Vec::new();
        for list in self.children_of(node, "attribute_list") {
            for attribute in self.children_of(list, "attribute") {
                all.extend(self.attribute(attribute));
            }
        }
        all
    }

    fn attribute(&mut self, node: Node<'t>) -> Option<Annotation> {
        let path = self.path(node.field("name")?)?;
        let path = match path.as_str().strip_suffix("Attribute") {
            Some(short) if !short.is_empty() && !short.ends_with(':') => short.into(),
            _ => path,
        };
        let name = self.rooted(&path);
        let list = self.child_of(node, "attribute_argument_list");
        let args = list.map(|list| self.children_of(list, "attribute_argument")).unwrap_or_default();
        let args = args.into_iter().map(|arg| self.attribute_arg(arg)).collect();
        Some(Annotation { name, args, span: self.span(node) })
    }

    fn attribute_arg(&mut self, node: Node<'t>) -> Arg {
        let name = node.field("name");
        let value = self.children(node).into_iter().find(|child| Some(*child) != name);
        let value = match value {
            Some(value) => self.expr(value),
            None => self.fixme(node, Vec::new()),
        };
        Arg { name: name.map(|name| self.name(name)), value }
    }
}

/// Reads the attributes of `System.Text.Json`, `Newtonsoft.Json`, data contracts, and the ones that
/// bind queries and forms.
pub(super) fn wire(attributes: &[Annotation]) -> Wire {
    let mut wire = Wire::default();
    for attribute in attributes {
        let name = match attribute.name.name() {
            "JsonPropertyName" => text(attribute, None).map(|name| (Codec::Json, name)),
            "JsonProperty" => {
                text(attribute, None).or_else(|| text(attribute, Some("PropertyName"))).map(|name| (Codec::Json, name))
            }
            "DataMember" => text(attribute, Some("Name")).map(|name| (Codec::Json, name)),
            "FromQuery" | "FromForm" => text(attribute, Some("Name")).map(|name| (Codec::Form, name)),
            "AliasAs" => text(attribute, None).map(|name| (Codec::Form, name)),
            "JsonIgnore" => {
                wire.skipped |= attribute.args.is_empty();
                None
            }
            "JsonExtensionData" => {
                wire.flatten = true;
                None
            }
            _ => None,
        };
        let Some((codec, name)) = name else { continue };
        // The attributes of a serialiser stand before those of data contracts for those who wrote both.
        if wire.names.iter().all(|known| known.codec != codec) {
            wire.names.push(WireName { codec, name });
        }
    }
    wire
}

/// The text in an argument: the one of this name, or the first one without a name.
fn text(attribute: &Annotation, name: Option<&str>) -> Option<Arc<str>> {
    let arg = attribute.args.iter().find(|arg| arg.name.as_deref() == name)?;
    match &arg.value {
        Expr { kind: ExprKind::Literal(Literal::Str(text)), .. } => Some(Arc::clone(text)),
        _ => None,
    }
}
