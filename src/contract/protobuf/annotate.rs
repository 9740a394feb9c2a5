//! What the options of an element say: deprecated, sensitive.

use prost_reflect::prost_types::UninterpretedOption;
use prost_reflect::{DescriptorPool, DynamicMessage};
use serde_json::Value;

use super::options::{self, Written};
use super::prune::{child, tag};
use super::syntax::{Parsed, Path};
use crate::contract::marks::{MarkTable, merge};
use crate::model::contract::{Mark, Marks};
use crate::model::source::{Site, SourceFile};

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
    pub(super) fn marks(&self, element: &Element<'_>, linked: Option<&DynamicMessage>) -> Marks {
        let mut marks = Marks::default();
        for (at, option) in (0..).zip(element.options) {
            let written = options::read(option, element.scope, self.pool, linked);
            let site = self.file.site(&child(&element.path, &[tag::OPTION, at]), self.source);
            self.mark(&written, &site, &mut marks);
        }
        marks
    }

    fn mark(&self, written: &Written, site: &Site, marks: &mut Marks) {
        let mark = || Mark { text: written.text.clone(), site: site.clone() };
        let mut own = Marks::default();
        // A sunset that is no day is reported where problems are collected, not here.
        for name in &written.names {
            let _ = self.table.apply(name, &written.value, mark, &mut own);
            if !own.is_empty() {
                break;
            }
        }
        if own.sensitive.is_empty() && written.redacts {
            let _ = self.table.apply("debug_redact", &Value::Bool(true), mark, &mut own);
        }
        merge(marks, own);
    }
}
