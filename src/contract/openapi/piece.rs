//! Piecewise reading through `openapiv3`: each object of a document becomes its own typed value.
//!
//! The types are given the keywords that the model uses and none of their children, which are read
//! on their own. So a mistake costs the keyword it is in, not the document; an error has an exact
//! place; and the work stays linear where the types' own recursion would buffer every subtree again.

use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_json::Value;

use super::de::Given;
use super::library::Node;
use crate::model::problem::{Problem, ProblemKind};

/// Keywords that a piece consists of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keywords {
    /// Without these there is no piece.
    pub(super) required: &'static [&'static str],
    /// These may be missing, or left out if they are wrong.
    pub(super) optional: &'static [&'static str],
}

/// Reads the given keywords of a mapping as a `T`. `filler` stands in for members that the type
/// demands and that are read elsewhere. `None` if even the required keywords do not make a `T`.
pub(super) fn read<T: DeserializeOwned>(
    node: &Node<'_>,
    keywords: Keywords,
    filler: &[(&str, &Value)],
    problems: &mut Vec<Problem>,
) -> Option<T> {
    let of = |names: &[&'static str]| -> Vec<(&'static str, Node<'_>)> {
        names.iter().filter_map(|name| Some((*name, node.get(name)?))).collect()
    };
    let (required, optional) = (of(keywords.required), of(keywords.optional));
    let mut pairs: Vec<(&str, Given<'_>)> = filler.iter().map(|(name, value)| (*name, Given::Filler(value))).collect();
    pairs.extend(required.iter().map(|(name, node)| (*name, Given::Node(node))));
    let needed = pairs.len();
    pairs.extend(optional.iter().map(|(name, node)| (*name, Given::Node(node))));
    if let Ok(piece) = typed::<T>(&pairs) {
        return Some(piece);
    }
    let mut good = pairs.get(..needed).unwrap_or_default().to_vec();
    if let Err(error) = typed::<T>(&good) {
        problems.push(Problem::at(ProblemKind::ContractUnreadable, node.site(), in_plain_words(&error.to_string())));
        return None;
    }
    for pair in pairs.iter().skip(needed) {
        good.push(*pair);
        if let Err(error) = typed::<T>(&good) {
            good.pop();
            let message = format!("`{}` is not valid here: {error}", pair.0);
            problems.push(Problem::at(ProblemKind::ContractUnreadable, node.site_of(pair.0), message));
        }
    }
    typed::<T>(&good).ok()
}

/// What a deserializer says of a piece, without its own terms.
fn in_plain_words(error: &str) -> String {
    if let Some(name) = error.strip_prefix("missing field ") {
        return format!("{name} is missing here");
    }
    match error.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", ")) {
        Some((value, expected)) => format!("{value} is not valid here: {expected}"),
        None => error.to_owned(),
    }
}

fn typed<T: DeserializeOwned>(pairs: &[(&str, Given<'_>)]) -> Result<T, serde_json::Error> {
    T::deserialize(MapDeserializer::new(pairs.iter().copied()))
}

#[cfg(test)]
mod tests {
    use openapiv3::AnySchema;
    use serde_json::json;

    use super::*;
    use crate::document::{self, Tree};
    use crate::model::source::{FileId, FileKind, Site};

    const SCHEMA: Keywords = Keywords { required: &[], optional: &["type", "format", "required", "enum"] };

    fn tree(text: &str) -> Tree {
        document::read(&text.into(), FileKind::Json).0
    }

    fn root(tree: &Tree) -> Node<'_> {
        Node::new(FileId(0), tree, tree.roots()[0])
    }

    #[test]
    fn a_wrong_keyword_costs_that_keyword() {
        let tree = tree(r#"{"s": {"type": "string", "format": 5, "required": true, "enum": ["a"], "minLength": "x"}}"#);
        let node = root(&tree).get("s").unwrap();
        let mut problems = Vec::new();
        let schema: AnySchema = read(&node, SCHEMA, &[], &mut problems).unwrap();
        assert_eq!((schema.typ.as_deref(), schema.format, schema.enumeration.len()), (Some("string"), None, 1));
        let places: Vec<_> = problems.iter().map(|problem| problem.site.clone().unwrap()).collect();
        let pointer = |text: &str| Site::Pointer { file: FileId(0), pointer: text.into() };
        assert_eq!(places, [pointer("/s/format"), pointer("/s/required")]);
    }

    #[test]
    fn without_its_required_keywords_there_is_no_piece() {
        let tree = tree(r#"{"in": "query"}"#);
        let node = root(&tree);
        let keywords = Keywords { required: &["name", "in"], optional: &["required"] };
        let empty = json!({});
        let mut problems = Vec::new();
        let read: Option<openapiv3::Parameter> = read(&node, keywords, &[("schema", &empty)], &mut problems);
        assert_eq!(read, None);
        assert!(problems[0].message.contains("`name` is missing here"), "{problems:?}");
    }
}
