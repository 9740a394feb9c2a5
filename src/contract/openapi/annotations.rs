//! What an object of a document says about itself: deprecated, sunset, sensitive, and so on.

use serde_json::Value;

use super::library::Node;
use super::reader::Reader;
use crate::contract::marks;
use crate::contract::marks::MarkTable;
use crate::model::contract::{Field, Mark, Marks, Parameter, ParameterPlace};

impl<'a> Reader<'a> {
    /// The marks that stand on a mapping itself, not on what it refers to.
    pub(super) fn read_marks(&mut self, node: &Node<'a>) -> Marks {
        let mut found = Marks::default();
        for (key, value) in node.members() {
            self.read_mark(node, key, &value, &mut found);
        }
        found
    }

    /// The mark that one key of a mapping is, if it is one.
    pub(super) fn read_mark(&mut self, node: &Node<'a>, key: &'a str, value: &Node<'a>, found: &mut Marks) {
        let table = self.context.marks;
        let result = match key {
            // There are few formats and many schemas.
            "format" if !self.is_marked_format(value) => return,
            "description" => {
                let Some(text) = value.as_str().filter(|text| text.contains('@')) else { return };
                table.description(text, |_| node.site_of(key), found)
            }
            _ if !table.knows(key) => return,
            _ => {
                let value = value.to_value();
                table.apply(key, &value, || Mark { text: text_of(key, &value), site: node.site_of(key) }, found)
            }
        };
        if let Err(no_day) = result {
            self.lost_at(no_day.mark.site.clone(), no_day.to_string());
        }
    }

    /// Whether a format marks anything, as `password` does; each is looked up once.
    fn is_marked_format(&mut self, value: &Node<'a>) -> bool {
        let Some(format) = value.as_str() else { return false };
        let table = self.context.marks;
        *self.formats.entry(format).or_insert_with(|| {
            let mut marks = Marks::default();
            let mark = || Mark { text: String::new(), site: value.site() };
            let _ = table.apply("format", &Value::String(format.to_owned()), mark, &mut marks);
            !marks.is_empty()
        })
    }

    /// What the name of a header says: who calls, or that calls may be repeated.
    pub(super) fn mark_header(&self, parameter: &mut Parameter) {
        if parameter.place == ParameterPlace::Header {
            let mark = || Mark { text: format!("header {}", parameter.name), site: parameter.site.clone() };
            self.context.marks.header(&parameter.name, mark, &mut parameter.marks);
        }
    }
}

/// What an operation takes over from the headers that it takes.
pub(super) fn of_headers(parameters: &[Parameter]) -> Marks {
    let mut found = Marks::default();
    for idempotent in parameters.iter().filter_map(|parameter| parameter.marks.idempotent.as_ref()) {
        found.idempotent.get_or_insert_with(|| idempotent.clone());
    }
    found
}

/// Applies the selectors of the configuration.
pub(super) fn select(table: &MarkTable, message: &str, field: &mut Field) {
    let Field { name, site, marks, .. } = field;
    let mark = || Mark { text: format!("{message}.{name} in the configuration"), site: site.clone() };
    table.select(message, name, mark, marks);
}

/// `deprecated`, not `deprecated: true`; of all others the value is shown.
fn text_of(key: &str, value: &Value) -> String {
    if value == &Value::Bool(true) && key.ends_with("deprecated") {
        return key.to_owned();
    }
    marks::written(key, value)
}
