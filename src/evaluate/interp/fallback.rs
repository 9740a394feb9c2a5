//! What stands where a value may be missing: `a ?? b`, `a || b`.

use crate::evaluate::value::{Text, Value, What};
use crate::model::usage::Part;

/// The left value, or the right one where there is none. What is made here is there.
pub(super) fn coalesce(left: Value, right: Value) -> Value {
    let is_there = match &left.what {
        What::Text(text) => text.template.as_text().is_some_and(|text| !text.is_empty()),
        What::Object(_) | What::Record(_) | What::List(_) | What::Function(_) | What::Response(_) => true,
        _ => false,
    };
    if is_there { left } else { either(left, right) }
}

/// Either of two values. Nothing, in the place of a setting that is left out (`env("BACKEND") || ""`), says only that
/// it may be left out.
pub(super) fn either(left: Value, right: Value) -> Value {
    let is_setting = |text: &Text| matches!(text.template.0.first(), Some(Part::Env(_)));
    match &left.what {
        What::Text(text) if is_setting(text) && right.as_fixed_text() == Some("") => left,
        _ => left.join(right),
    }
}
