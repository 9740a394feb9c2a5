//! Annotations, and the names on the wire that some of them give.

use std::sync::Arc;

use tree_sitter::Node;

use super::Lowerer;
use crate::model::ir::{Annotation, Codec, Expr, ExprKind, Literal, Type, WireName};

/// Annotations whose first argument, or the one of this name, is a name in JSON: `kotlinx.serialization`,
/// Jackson, Moshi, Gson.
const NAMED: [(&str, &str); 4] =
    [("SerialName", "value"), ("JsonProperty", "value"), ("Json", "name"), ("SerializedName", "value")];

/// Annotations of what is not on the wire.
const HIDDEN: [&str; 2] = ["Transient", "JsonIgnore"];

impl<'t> Lowerer<'t> {
    /// The annotations of a declaration, or those that stand in its modifiers.
    pub(super) fn annotations(&mut self, node: Node<'t>) -> Vec<Annotation> {
        let mut all = Vec::new();
        for holder in self.children(node) {
            match holder.kind() {
                "annotation" => all.extend(self.annotation(holder)),
                "modifiers" | "parameter_modifiers" => {
                    for annotation in self.children_of(holder, "annotation") {
                        all.extend(self.annotation(annotation));
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// `@Name(args)`, `@get:Name`.
    pub(super) fn annotation(&mut self, node: Node<'t>) -> Option<Annotation> {
        let invocation = self.child_of(node, "constructor_invocation");
        let ty = self.child_of(invocation.unwrap_or(node), "user_type")?;
        let name = match self.ty(ty) {
            Type::Named(symbol, _) => symbol,
            _ => self.names.ty(self.text(ty)),
        };
        let args = invocation.and_then(|invocation| self.child_of(invocation, "value_arguments"));
        let args = args.map(|args| self.args(args)).unwrap_or_default();
        Some(Annotation { name, args, span: self.span(node) })
    }
}

/// The name in JSON that annotations give.
pub(super) fn wire(annotations: &[Annotation]) -> Vec<WireName> {
    let name = annotations.iter().find_map(|annotation| {
        let (_, argument) = NAMED.iter().find(|(name, _)| *name == annotation.name.name())?;
        let fits = |name: Option<&str>| name.is_none_or(|name| name == *argument);
        let arg = annotation.args.iter().find(|arg| fits(arg.name.as_deref()))?;
        match &arg.value {
            Expr { kind: ExprKind::Literal(Literal::Str(text)), .. } => Some(Arc::clone(text)),
            _ => None,
        }
    });
    name.map(|name| WireName { codec: Codec::Json, name }).into_iter().collect()
}

/// Whether annotations say that a field is not on the wire.
pub(super) fn is_hidden(annotations: &[Annotation]) -> bool {
    annotations.iter().any(|annotation| HIDDEN.contains(&annotation.name.name()))
}
