//! Headers that an operation asks for through its security requirements.
//!
//! A contract may ask a caller for its name with a parameter or with an `apiKey` scheme. Only the
//! schemes whose header is a configured identity become parameters here; others say who may call, not
//! who calls.

use openapiv3::{APIKeyLocation, SecurityScheme};
use serde_json::Value;

use super::library::Node;
use super::piece::{self, Keywords};
use super::reader::Reader;
use crate::model::contract::{Parameter, ParameterPlace, Shape};

const API_KEY: Keywords = Keywords { required: &["type", "name", "in"], optional: &[] };

/// An identity header that a security scheme stands for.
#[derive(Clone, Debug)]
pub(super) struct IdentityScheme {
    /// Name of the scheme.
    scheme: String,
    /// The header, as the parameter of an operation that asks for it.
    parameter: Parameter,
}

impl<'a> Reader<'a> {
    /// Reads the schemes of a document that stand for identity headers.
    pub(super) fn identity_schemes(&mut self, root: &Node<'a>) -> Vec<IdentityScheme> {
        let Some(components) = self.part(root, "components") else { return Vec::new() };
        let Some(schemes) = self.part(&components, "securitySchemes") else { return Vec::new() };
        let mut found = Vec::new();
        for (scheme, node) in schemes.members() {
            let Some(node) = self.follow(&node) else { continue };
            if node.get("type").and_then(|kind| kind.as_str()) != Some("apiKey") {
                continue;
            }
            let read = piece::read::<SecurityScheme>(&node, API_KEY, &[], &mut self.problems);
            let Some(SecurityScheme::APIKey { location: APIKeyLocation::Header, name, .. }) = read else { continue };
            if !self.is_identity(&name) {
                continue;
            }
            let parameter = Parameter {
                identity: true,
                ..Parameter::new(
                    ParameterPlace::Header,
                    name,
                    Shape::Scalar { kind: "string".into(), format: None },
                    node.site(),
                )
            };
            found.push(IdentityScheme { scheme: scheme.to_owned(), parameter });
        }
        found
    }

    /// The identity headers that an operation asks for by its own `security`, or else by that of its
    /// document. One is required if no alternative does without it.
    pub(super) fn asked_identity(&self, operation: &Node<'_>) -> Vec<Parameter> {
        let own = operation
            .get("security")
            .filter(Node::is_array)
            .map(|own| own.items().map(|item| item.to_value()).collect());
        let alternatives: &Vec<Value> = own.as_ref().unwrap_or(&self.default_security);
        let asks = |alternative: &Value, scheme: &str| alternative.get(scheme).is_some();
        let asked = self.identity_schemes.iter().filter_map(|known| {
            let count = alternatives.iter().filter(|alternative| asks(alternative, &known.scheme)).count();
            let required = count == alternatives.len();
            (count > 0).then(|| Parameter { required, ..known.parameter.clone() })
        });
        asked.collect()
    }

    /// Whether a header or an extension names the caller.
    pub(super) fn is_identity(&self, name: &str) -> bool {
        self.context.identity.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}
