//! Functions that repeat others.

use serde::Deserialize;

use super::Port;

/// How a function is repeated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RetryModel {
    /// The function.
    pub(crate) run: Port,
    /// The policy; options of the call count too.
    pub(crate) policy: Option<Port>,
    /// A context whose end ends it.
    pub(crate) context: Option<Port>,
    /// What holds if nothing is set: `unbounded`, `attempts`, `elapsed`.
    pub(crate) default: DefaultBound,
    /// Values of `attempts` that mean for ever.
    #[serde(default)]
    pub(crate) endless_attempts: Vec<i64>,
    /// Values of `elapsed` that mean for ever.
    #[serde(default)]
    pub(crate) endless_elapsed: Vec<i64>,
}

/// The bound of a retry whose policy sets none.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DefaultBound {
    /// None.
    Unbounded,
    /// Some number of attempts.
    Attempts,
    /// Some time.
    Elapsed,
}
