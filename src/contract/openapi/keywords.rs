//! The keywords of one schema object that make its type, the same for 3.0 and 3.1.

use openapiv3::AnySchema;
use serde_json::Value;

use super::library::Node;
use super::piece::{self, Keywords};
use crate::model::problem::Problem;

/// Keywords of a schema that the model goes by, beside its children and marks.
const KEYWORDS: Keywords = Keywords { required: &[], optional: &["type", "format", "enum", "required"] };

/// The same where `type` is a list of types (3.1), which openapiv3 does not know.
const WITHOUT_TYPE: Keywords = Keywords { required: &[], optional: &["format", "enum", "required"] };

/// What one schema object says about the type of its value.
#[derive(Clone, Debug, Default)]
pub(super) struct SchemaKeywords {
    /// Types that the value may have, `null` left out; empty if nothing is said.
    pub(super) types: Vec<String>,
    /// Format.
    pub(super) format: Option<String>,
    /// The values that are allowed, as text; `const` is an enumeration of one.
    pub(super) values: Vec<String>,
    /// Names of required members.
    pub(super) required: Vec<String>,
}

impl SchemaKeywords {
    /// Reads them; what is wrong is a problem at its keyword.
    pub(super) fn read(node: &Node<'_>, problems: &mut Vec<Problem>) -> Self {
        let listed = node.get("type").filter(Node::is_array);
        let keywords = if listed.is_some() { WITHOUT_TYPE } else { KEYWORDS };
        let Some(schema) = piece::read::<AnySchema>(node, keywords, &[], problems) else { return Self::default() };
        let mut types: Vec<String> = match listed {
            Some(types) => types.items().filter_map(|name| name.as_str()).map(str::to_owned).collect(),
            None => schema.typ.into_iter().collect(),
        };
        types.retain(|name| name != "null");
        let constant = node.get("const").map(|constant| constant.to_value());
        Self {
            types,
            format: schema.format,
            values: constant.iter().chain(&schema.enumeration).filter_map(text_of).collect(),
            required: schema.required,
        }
    }

    /// Whether the value is a list or an object, so that enumerated values are not its type.
    pub(super) fn is_collection(&self) -> bool {
        self.types.iter().any(|name| name == "array" || name == "object")
    }
}

/// Whether a schema object names `object` as a type of its value; `None` if it names no type.
pub(super) fn says_object(node: &Node<'_>) -> Option<bool> {
    let said = node.get("type")?;
    if said.is_array() {
        return Some(said.items().any(|name| name.as_str() == Some("object")));
    }
    Some(said.as_str() == Some("object"))
}

/// A value of an enumeration as text; none for null and for values with members.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
