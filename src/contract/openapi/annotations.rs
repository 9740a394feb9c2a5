//! What an object of a document says about itself: deprecated, sunset, sensitive.

use serde_json::Value;

use super::library::Node;
use crate::contract::marks::{self, MarkTable};
use crate::model::contract::{Mark, Marks};
use crate::model::problem::{Problem, ProblemKind};

/// The marks that stand on a mapping itself, not on what it refers to.
pub(super) fn read(node: &Node<'_>, table: &MarkTable, problems: &mut Vec<Problem>) -> Marks {
    let mut found = Marks::default();
    let Some(members) = node.value.as_object() else { return found };
    for (key, value) in members {
        let mark = || Mark { text: text_of(key, value), site: node.site_of(key) };
        if let Err(no_day) = table.apply(key, value, mark, &mut found) {
            let message = no_day.to_string();
            problems.push(Problem::at(ProblemKind::ContractUnreadable, no_day.mark.site, message));
        }
    }
    found
}

/// `deprecated`, not `deprecated: true`; of all others the value is shown.
fn text_of(key: &str, value: &Value) -> String {
    if value == &Value::Bool(true) && key.ends_with("deprecated") {
        return key.to_owned();
    }
    marks::written(key, value)
}

/// Whether nothing is said.
pub(super) fn is_empty(marks: &Marks) -> bool {
    marks.is_empty()
}
