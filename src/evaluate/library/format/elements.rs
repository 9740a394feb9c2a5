//! Objects whose entries or types are arguments, and functions that are read like fields.

use serde::Deserialize;

/// Whose property a function is that is read like a field.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PropertyOf {
    /// Any value's that nothing else is known of.
    Any,
    /// Only of text: a URL's parts.
    Text,
    /// Only of values of which it is known what they have: one that is not in sight may have a field of
    /// that name.
    Known,
}

/// How arguments are the entries of an object.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EntriesModel {
    /// Keys and values in turn: `Map.of("a", 1, "b", 2)`.
    InTurn,
    /// Each is a pair of them: `mapOf("a" to 1)`.
    Pairs,
}

/// Arguments that are a type's description, and a record of that type.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct DescribedModel {
    /// The one whose declared type has the described type as its first argument: `GenMessage<Profile>`.
    pub(crate) by: usize,
    /// The one that is a record of the described type.
    pub(crate) record: Option<usize>,
    /// What stands behind the type's name in the name of its description: `Schema`.
    pub(crate) suffix: Option<String>,
}
