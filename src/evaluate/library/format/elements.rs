//! Lists, objects and their elements, as functions make and take them.

use serde::Deserialize;

use super::Port;

/// How a list is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ListModel {
    /// Of what.
    pub(crate) of: Vec<Port>,
    /// All further arguments too.
    #[serde(default)]
    pub(crate) rest: bool,
}

/// Whose property a function is that is read like a field.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PropertyOf {
    /// Any value's that nothing else is known of.
    Any,
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

/// Takes an element.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum KeyModel {
    /// By a constant key in this argument.
    Constant(usize),
    /// By a JSON pointer in this argument.
    Pointer(usize),
    /// Some element.
    Element,
}
