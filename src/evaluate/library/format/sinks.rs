//! Functions that keep what they are given, or show it to somebody: logs, caches, stores.

use std::sync::Arc;

use serde::Deserialize;

use super::{Port, Setting};

/// Functions that keep or show what they are given, all in the same way.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SinkList {
    /// What becomes of it.
    pub(crate) kind: SinkName,
    /// What people call the place, where it is not the library's id: `redis`.
    pub(crate) called: Option<String>,
    /// Functions by name; `*::name` is a method of any type.
    #[serde(default)]
    pub(crate) functions: Vec<String>,
    /// Types or modules whose `methods` are such functions.
    #[serde(default)]
    pub(crate) of: Vec<String>,
    /// See `of` and `named`.
    #[serde(default)]
    pub(crate) methods: Vec<String>,
    /// Variables and fields are usually called so whose `methods` are such functions: asked where nothing is
    /// known of their types.
    #[serde(default)]
    pub(crate) named: Vec<Arc<str>>,
    /// The same of members of such variables and fields, whatever they are called: `prisma.user.create(..)`.
    #[serde(default)]
    pub(crate) below: Vec<Arc<str>>,
    /// Annotations of functions whose results are kept.
    #[serde(default)]
    pub(crate) annotations: Vec<String>,
    /// The first argument that is kept: what stands before it names the place, or is a context.
    #[serde(default)]
    pub(crate) from: usize,
    /// Only so many arguments; left out: all further ones.
    pub(crate) most: Option<usize>,
    /// What says for how long; left out: for ever.
    #[serde(default)]
    pub(crate) expires: ExpiryModel,
    /// It gives its receiver: calls are chained.
    #[serde(default)]
    pub(crate) chained: bool,
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum SinkName {
    /// Written to a log.
    Log,
    /// Written to the standard output, which is a server's log and a tool's result.
    Print,
    /// Kept to be read again.
    Cache,
    /// Kept, if the receiver lives as long as the service: a map in a field.
    Memory,
    /// Written to a database, a file, a queue.
    Store,
}

/// What says how long something is kept.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct ExpiryModel {
    /// It is always forgotten after some time.
    #[serde(default)]
    pub(crate) always: bool,
    /// It cannot be seen here: configuration says so.
    #[serde(default)]
    pub(crate) elsewhere: bool,
    /// One of these inputs, if it is given and not zero.
    #[serde(default)]
    pub(crate) of: Vec<Port>,
    /// The keys of such an input that say so, if it is an object.
    #[serde(default)]
    pub(crate) keys: Vec<Arc<str>>,
    /// A setting of the receiver, if what that is made of is in sight.
    pub(crate) setting: Option<Setting>,
}

/// What a function keeps.
#[derive(Clone, Debug)]
pub(crate) struct SinkModel {
    pub(crate) kind: SinkName,
    pub(crate) called: Option<String>,
    pub(crate) from: usize,
    pub(crate) most: Option<usize>,
    pub(crate) expires: ExpiryModel,
}

impl SinkList {
    /// What each of the functions keeps.
    pub(crate) fn model(&self) -> SinkModel {
        SinkModel {
            kind: self.kind,
            called: self.called.clone(),
            from: self.from,
            most: self.most,
            expires: self.expires.clone(),
        }
    }

    /// All functions by name.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        let methods =
            |of: &String| self.methods.iter().map(move |method| format!("{of}::{method}")).collect::<Vec<_>>();
        self.functions.iter().cloned().chain(self.of.iter().flat_map(methods))
    }
}
