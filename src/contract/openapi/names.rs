//! Names of messages, from the places where their schemas are written.

use crate::document::pointer;
use crate::model::contract::SchemaStep;

/// The name of what a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declared {
    /// The name: `Profile`, or `Profile.address` for a part of it.
    pub(super) name: String,
    /// A declaration of its own, not a part of one.
    pub(super) whole: bool,
}

/// The name under which the schema at a place is declared, if the place says one: a component, a
/// definition, or a file that holds nothing but the schema. `None` for a place inside an operation.
pub(super) fn declared(path: &str, pointer: &str) -> Option<Declared> {
    let tokens: Vec<_> = pointer::tokens(pointer).collect();
    let tokens: Vec<&str> = tokens.iter().map(|token| &**token).collect();
    let (name, rest): (String, &[&str]) = match tokens.as_slice() {
        ["components", "schemas", name, rest @ ..]
        | ["definitions" | "$defs" | "schemas" | "models" | "types", name, rest @ ..] => ((*name).to_owned(), rest),
        ["components", kind, name, rest @ ..] | [kind @ ("parameters" | "responses"), name, rest @ ..] => {
            (format!("{kind}/{name}"), rest)
        }
        ["paths" | "webhooks", ..] => return None,
        [first, ..] if is_keyword(first) => (stem(path), &tokens),
        [name, rest @ ..] => ((*name).to_owned(), rest),
        [] => (stem(path), &[]),
    };
    let suffix = suffix(rest)?;
    Some(Declared { whole: rest.is_empty(), name: name + &suffix })
}

/// Name of a member of an object.
pub(super) fn member(parent: &str, field: &str) -> String {
    format!("{parent}.{field}")
}

/// Name of the items of a list.
pub(super) fn item(parent: &str) -> String {
    format!("{parent}[]")
}

/// Name of the values of a map.
pub(super) fn value(parent: &str) -> String {
    format!("{parent}{{}}")
}

/// Name of the value of a parameter of an operation or a path.
pub(super) fn parameter(owner: &str, parameter: &str) -> String {
    format!("{owner}?{parameter}")
}

/// Name of the value of a header of a response.
pub(super) fn header(response: &str, header: &str) -> String {
    format!("{response}@{header}")
}

/// Name of one of several variants, counted from zero.
pub(super) fn variant(parent: &str, at: usize) -> String {
    format!("{parent}|{at}")
}

/// Lengthens the name of a schema by the way to a schema inside it.
pub(super) fn add_step(name: &mut String, step: &SchemaStep) {
    match step {
        SchemaStep::Keyword("items" | "contains" | "unevaluatedItems" | "additionalItems") => *name = item(name),
        SchemaStep::Keyword("additionalProperties" | "unevaluatedProperties")
        | SchemaStep::Member("patternProperties", _) => *name = value(name),
        SchemaStep::Member(_, field) => *name = member(name, field),
        SchemaStep::Item("prefixItems" | "items", at) => *name = variant(&item(name), *at as usize),
        SchemaStep::Item("oneOf" | "anyOf", at) => *name = variant(name, *at as usize),
        SchemaStep::Keyword(branch @ ("then" | "else" | "not" | "if")) => *name = format!("{name}|{branch}"),
        SchemaStep::Keyword(_) | SchemaStep::Item(..) => {}
    }
}

/// The part of a name that a way down through a schema gives; `None` if it leaves the schema.
fn suffix(mut tokens: &[&str]) -> Option<String> {
    let mut name = String::new();
    while let Some((first, rest)) = tokens.split_first() {
        (name, tokens) = match (*first, rest) {
            ("properties", [field, rest @ ..]) => (member(&name, field), rest),
            ("items", rest) => (item(&name), rest),
            ("additionalProperties", rest) => (value(&name), rest),
            ("allOf" | "content", [_, rest @ ..]) | ("schema", rest) => (name, rest),
            ("oneOf" | "anyOf", [at, rest @ ..]) => (variant(&name, pointer::index(at)?), rest),
            _ => return None,
        };
    }
    Some(name)
}

/// Whether a key belongs to the structure of a document rather than naming something.
fn is_keyword(key: &str) -> bool {
    matches!(key, "properties" | "items" | "additionalProperties" | "allOf" | "oneOf" | "anyOf" | "content" | "schema")
}

/// File name without its extension.
fn stem(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_give_names() {
        for (path, pointer, name, whole) in [
            ("a.yaml", "/components/schemas/Profile", "Profile", true),
            ("a.yaml", "/components/schemas/Profile/properties/address", "Profile.address", false),
            ("a.yaml", "/components/schemas/P/allOf/1/properties/a/items/oneOf/0", "P.a[]|0", false),
            ("a.yaml", "/components/responses/NotFound/content/application~1json/schema", "responses/NotFound", false),
            ("m/Pet.v1.yaml", "", "Pet.v1", true),
            ("m/Pet.yaml", "/properties/owner", "Pet.owner", false),
            ("m/all.yaml", "/Pet", "Pet", true),
            ("m/all.json", "/definitions/Pet/additionalProperties", "Pet{}", false),
        ] {
            let name = name.to_owned();
            assert_eq!(declared(path, pointer), Some(Declared { name, whole }), "{pointer}");
        }
        assert_eq!(declared("a.yaml", "/paths/~1a/get/responses/200/content/x/schema"), None);
        assert_eq!(declared("a.yaml", "/x/get/responses"), None);
    }
}
