//! What an object of a document says about itself: deprecated, sunset, sensitive.

use serde_json::Value;

use super::library::Node;
use crate::contract::marks::{self, MarkTable};
use crate::model::contract::{Mark, Marks};
use crate::model::problem::{Problem, ProblemKind};

/// The marks that stand on a mapping itself, not on what it refers to.
pub(super) fn read(node: &Node<'_>, table: &MarkTable, problems: &mut Vec<Problem>) -> Marks {
    let mut found = Marks::default();
    for (key, value) in node.members() {
        if !matches!(key, "deprecated" | "format") && !key.starts_with("x-") {
            continue;
        }
        let value = &value.to_value();
        match key {
            "deprecated" | "x-deprecated" if says_deprecated(value) => {
                let text = if value == &Value::Bool(true) { key.to_owned() } else { marks::written(key, value) };
                found.deprecated.get_or_insert(Mark { text, site: node.site_of(key) });
            }
            "x-sunset" => read_sunset(node, value, &mut found, problems),
            name if name == "format" || name.starts_with("x-") => {
                let classes = table.sensitive(name, value);
                if !classes.is_empty() {
                    marks::add_sensitive(&mut found, classes, &marks::written(key, value), &node.site_of(key));
                }
            }
            _ => {}
        }
    }
    found
}

/// `true`, or the reason or replacement that people write in its stead in the extension.
fn says_deprecated(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::String(text) => !text.is_empty() && text != "false",
        Value::Object(_) => true,
        _ => false,
    }
}

fn read_sunset(node: &Node<'_>, value: &Value, found: &mut Marks, problems: &mut Vec<Problem>) {
    let site = node.site_of("x-sunset");
    let text = marks::written("x-sunset", value);
    if let Some(day) = value.as_str().and_then(marks::sunset_day) {
        found.sunset = Some((day, Mark { text, site }));
    } else {
        let message = format!("`{text}` is no date such as 2026-12-01");
        problems.push(Problem::at(ProblemKind::ContractUnreadable, site, message));
    }
}

/// Whether nothing is said.
pub(super) fn is_empty(marks: &Marks) -> bool {
    marks.deprecated.is_none() && marks.sunset.is_none() && marks.sensitive.is_empty()
}
