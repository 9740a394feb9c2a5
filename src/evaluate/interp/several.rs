//! Fields of a value that may be one of several.

use crate::evaluate::value::{Value, What};

/// What those of several have in a field that have it. Where they came from somewhere, that is only what is meant if
/// it holds all of that: an answer, or an object in which the answer stands (`raw ? data : { data, response }`).
pub(super) fn of_several(whole: &Value, all: &[What], name: &str) -> Option<Value> {
    let known = all.iter().filter_map(|what| match what {
        What::Record(fields) => fields.get(name).map(|(_, value)| value.clone()),
        _ => None,
    });
    known.reduce(Value::join).filter(|value| holds_all(value, whole))
}

/// Whether a value holds all that another one is or may be.
pub(super) fn holds_all(value: &Value, whole: &Value) -> bool {
    whole.origins.iter().all(|origin| value.origins.contains(origin))
}
