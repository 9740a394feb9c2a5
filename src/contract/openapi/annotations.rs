//! What an object of a document says about itself: deprecated, sunset, sensitive.

use serde_json::Value;

use super::library::Node;
use super::reader::Reader;
use crate::contract::marks;
use crate::model::contract::{Mark, Marks};

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
        match key {
            "deprecated" => read_deprecated(node, key, value, found),
            "format" => self.read_format(node, value, found),
            _ if !key.starts_with("x-") => {}
            "x-deprecated" => read_deprecated(node, key, value, found),
            "x-sunset" => self.read_sunset(node, value, found),
            _ => {
                let value = value.to_value();
                let classes = self.context.marks.sensitive(key, &value);
                if !classes.is_empty() {
                    marks::add_sensitive(found, classes, &marks::written(key, &value), &node.site_of(key));
                }
            }
        }
    }

    /// A format such as `password`. There are few formats and many schemas, so each is looked up once.
    fn read_format(&mut self, node: &Node<'a>, value: &Node<'a>, found: &mut Marks) {
        let Some(format) = value.as_str() else { return };
        let table = self.context.marks;
        let look_up = || table.sensitive("format", &Value::String(format.to_owned()));
        let classes = self.formats.entry(format).or_insert_with(look_up);
        if !classes.is_empty() {
            let classes = classes.clone();
            marks::add_sensitive(found, classes, &format!("format: {format}"), &node.site_of("format"));
        }
    }

    fn read_sunset(&mut self, node: &Node<'a>, value: &Node<'a>, found: &mut Marks) {
        let site = node.site_of("x-sunset");
        let text = marks::written("x-sunset", &value.to_value());
        match value.as_str().and_then(marks::sunset_day) {
            Some(day) => found.sunset = Some((day, Mark { text, site })),
            None => self.lost_at(site, format!("`{text}` is no date such as 2026-12-01")),
        }
    }
}

fn read_deprecated(node: &Node<'_>, key: &str, value: &Node<'_>, found: &mut Marks) {
    if found.deprecated.is_none() && says_deprecated(value) {
        let is_plain = value.as_bool() == Some(true);
        let text = if is_plain { key.to_owned() } else { marks::written(key, &value.to_value()) };
        found.deprecated = Some(Mark { text, site: node.site_of(key) });
    }
}

/// `true`, or the reason or replacement that people write in its stead in the extension.
fn says_deprecated(value: &Node<'_>) -> bool {
    match value.as_str() {
        Some(text) => !text.is_empty() && text != "false",
        None => value.as_bool() == Some(true) || value.is_object(),
    }
}
