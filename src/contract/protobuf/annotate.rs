//! What the options of an element say: deprecated, sensitive.

use prost_reflect::prost_types::UninterpretedOption;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::Value;

use super::options::{self, Written};
use super::prune::{child, tag};
use super::syntax::{Parsed, Path};
use crate::contract::marks::{MarkTable, add_sensitive};
use crate::model::contract::{Mark, Marks};
use crate::model::source::{Site, SourceFile};

/// Values nested deeper than this are not looked into for further marks.
const MAX_DEPTH: usize = 16;

/// The options of one element.
pub(super) struct Element<'a> {
    /// Options as written.
    pub(super) options: &'a [UninterpretedOption],
    /// The scope their names are looked up in.
    pub(super) scope: &'a str,
    /// The path of the options in the descriptor of the file.
    pub(super) path: Path,
}

/// Reads marks in one file.
pub(super) struct Reader<'a> {
    /// The file.
    pub(super) file: &'a Parsed,
    /// Its text.
    pub(super) source: &'a SourceFile,
    /// Where its names are declared.
    pub(super) pool: &'a DescriptorPool,
    /// What is sensitive.
    pub(super) table: &'a MarkTable,
}

impl Reader<'_> {
    /// The marks that an element carries itself. `linked` holds its options as the linker
    /// understood them.
    pub(super) fn marks(&self, element: &Element<'_>, linked: Option<DynamicMessage>) -> Marks {
        let mut marks = Marks::default();
        for (at, option) in (0..).zip(element.options) {
            let written = options::read(option, element.scope, self.pool, linked.as_ref());
            let site = self.file.site(&child(&element.path, &[tag::OPTION, at]), self.source);
            self.mark(&written, &site, &mut marks);
        }
        marks
    }

    fn mark(&self, written: &Written, site: &Site, marks: &mut Marks) {
        let is_deprecated = written.names.iter().any(|name| name == "deprecated") && written.value == Value::Bool(true);
        if is_deprecated && marks.deprecated.is_none() {
            marks.deprecated = Some(Mark { text: written.text.clone(), site: site.clone() });
        }
        let mut classes = self.classes(written);
        if classes.is_empty() && written.redacts {
            classes = self.table.sensitive("debug_redact", &Value::Bool(true));
        }
        add_sensitive(marks, classes, &written.text, site);
    }

    /// The classes that an option stands for: by its name, else by the names of what its value
    /// holds (`(acme.policy) = { pii: true }` is `acme.policy.pii` too).
    fn classes(&self, written: &Written) -> Vec<String> {
        written
            .names
            .iter()
            .map(|name| self.named(name, &written.value, 0))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    fn named(&self, name: &str, value: &Value, depth: usize) -> Vec<String> {
        let mut classes = self.table.sensitive(name, value);
        if let Value::Object(members) = value
            && classes.is_empty()
            && depth < MAX_DEPTH
        {
            let inner =
                members.iter().flat_map(|(member, value)| self.named(&format!("{name}.{member}"), value, depth + 1));
            classes = inner.collect();
        }
        classes
    }
}
