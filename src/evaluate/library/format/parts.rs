//! Objects that a function gives, part by part.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::{FunctionModel, Port, Source};

/// A part of the object that a function gives: `data` of `useQuery({queryFn})`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct PartModel {
    /// Where the function stands; the first port that holds one counts.
    #[serde(default)]
    pub(crate) of: Vec<Port>,
    /// The field of such an argument that is the function, if it is an object.
    pub(crate) key: Option<String>,
    /// The part is what the function gives; else it is the function.
    #[serde(default)]
    pub(crate) call: bool,
    /// What the function is given.
    #[serde(default)]
    pub(crate) with: Vec<Source>,
    /// Arguments with the functions that `then` and `told` name, if those are not in `of`.
    #[serde(default)]
    pub(crate) settings: Vec<Port>,
    /// The field with a function that is given the result and gives the part: `select`.
    pub(crate) then: Option<String>,
    /// Fields with functions that are told the part (`onSuccess`), or each that is in its list.
    #[serde(default)]
    pub(crate) told: Vec<String>,
    /// Fields with functions that are told an object in which the part stands under these names, one in the
    /// other: `refetchInterval: (query) => query.state.data`.
    #[serde(default)]
    pub(crate) shown: BTreeMap<String, Vec<String>>,
    /// Functions of these names, in what the part is given when somebody calls it, are told what it gives:
    /// `mutate(order, { onSuccess })`.
    #[serde(default)]
    pub(crate) later: Vec<Arc<str>>,
    /// The part is an object, and under this name a list of what is given.
    pub(crate) list: Option<String>,
}

/// What a function does where an argument holds no function: `useSWR("/users")` without a fetcher.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Without {
    /// The argument.
    pub(crate) function: usize,
    /// What it does then.
    pub(crate) does: FunctionModel,
}
