//! Functions that repeat others.

use std::collections::BTreeMap;

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
    /// The field of an options object that holds the number of attempts.
    pub(crate) attempts: Option<String>,
    /// Attempts, the first one included, if nothing is set and `default` is `attempts`.
    pub(crate) default_attempts: Option<u64>,
    /// Numbers that are set are those of repetitions: the first attempt does not count.
    #[serde(default)]
    pub(crate) repetitions: bool,
    /// The field of an options object that holds the time after which it ends.
    pub(crate) elapsed: Option<String>,
    /// The field of an options object that makes it go on for ever where it is true.
    pub(crate) endless: Option<String>,
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
    /// Some number of attempts, and some time.
    Both,
}

impl RetryModel {
    /// The attempts that a number means.
    pub(crate) fn attempts_of(&self, number: i64) -> Option<u64> {
        counted(number, self.repetitions)
    }
}

impl RepeatedModel {
    /// The attempts that a number means.
    pub(crate) fn attempts_of(&self, number: i64) -> Option<u64> {
        counted(number, self.repetitions)
    }
}

fn counted(number: i64, repetitions: bool) -> Option<u64> {
    Some(u64::try_from(number).ok()?.saturating_add(u64::from(repetitions)))
}

/// What repeats by how it is written: an annotation or decorator the function that it stands on (`@retry(stop=..)`),
/// something that is gone through the loop (`for attempt in Retrying(..)`), an operator the pipeline that it is part of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RepeatedModel {
    /// Names of its arguments, in their order.
    #[serde(default)]
    pub(crate) params: Vec<String>,
    /// The argument that holds a number of attempts.
    pub(crate) attempts: Option<String>,
    /// Attempts, the first one included, if nothing is set and `default` is `attempts`.
    pub(crate) default_attempts: Option<u64>,
    /// Numbers that are set are those of repetitions: the first attempt does not count.
    #[serde(default)]
    pub(crate) repetitions: bool,
    /// The argument that holds the time after which it ends.
    pub(crate) elapsed: Option<String>,
    /// The argument that holds what decides when it ends.
    pub(crate) stop: Option<String>,
    /// What such deciders, by their canonical names, bound.
    #[serde(default)]
    pub(crate) stops: BTreeMap<String, DefaultBound>,
    /// What holds if nothing is set.
    pub(crate) default: DefaultBound,
    /// Numbers of attempts that mean for ever.
    #[serde(default)]
    pub(crate) endless_attempts: Vec<i64>,
    /// Times that mean for ever.
    #[serde(default)]
    pub(crate) endless_elapsed: Vec<i64>,
    /// The argument without which nothing is repeated, unless the others say that it is for ever.
    pub(crate) only_with: Option<String>,
    /// Nothing, where it is given for a number of attempts or a time, means for ever.
    #[serde(default)]
    pub(crate) endless_null: bool,
}
