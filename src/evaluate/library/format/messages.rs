//! Generated messages.

use std::collections::BTreeMap;

use serde::Deserialize;

/// How generated messages are built.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MessageModel {
    /// Generated types that need not be declared anywhere, by pattern: `**::*_pb2::{Message}`. Calling one
    /// makes a message with the named arguments as its fields.
    #[serde(default)]
    pub(crate) types: Vec<String>,
    /// Types that stand for a message: those nested in its own by name (`Builder`), and those that are
    /// named after it (`{Message}OrBuilder`).
    #[serde(default)]
    pub(crate) builder_types: Vec<String>,
    /// Types nested in a message's own that hold its data as a plain object, with what its fields may be called
    /// there: `AsObject: ["{field}List", "{field}"]`.
    #[serde(default)]
    pub(crate) plain_types: BTreeMap<String, Vec<String>>,
    /// Methods of a message that give its data as such an object, and the name of its type: `toObject: AsObject`.
    #[serde(default)]
    pub(crate) plain_methods: BTreeMap<String, String>,
    /// Methods of a builder that give what is in a field, to be filled there: `get{Field}Builder`.
    #[serde(default)]
    pub(crate) opens: Vec<String>,
    /// Methods of a message (or its type) that give a builder: `newBuilder`.
    #[serde(default)]
    pub(crate) builder: Vec<String>,
    /// Methods of a builder that give the message: `build`.
    #[serde(default)]
    pub(crate) finish: Vec<String>,
}
