//! The examples of every rule document, and what the pipeline says about them.

mod outcome;

use contract_lint::check::document::{Document, Example, ExampleFile};
use contract_lint::rules;

pub(crate) use outcome::*;

/// An example and the id of the rule it belongs to.
pub(crate) struct Shown {
    pub(crate) rule: &'static str,
    pub(crate) example: Example,
}

impl Shown {
    /// `breaking/field-removed, Bad: nobody in sight reads it`.
    pub(crate) fn name(&self) -> String {
        format!("{}, {}: {}", self.rule, if self.example.good { "Good" } else { "Bad" }, self.example.title)
    }

    /// Its files of Head.
    pub(crate) fn head(&self) -> Vec<&ExampleFile> {
        self.example.files.iter().filter(|file| !file.base).collect()
    }

    /// Its files of Base; none if there is nothing to compare with.
    pub(crate) fn base(&self) -> Option<Vec<&ExampleFile>> {
        let base: Vec<_> = self.example.files.iter().filter(|file| file.base).collect();
        (!base.is_empty()).then_some(base)
    }
}

/// Every example of every rule, by rule and in the order of the documents.
pub(crate) fn examples() -> Vec<Shown> {
    let of_rule = rules::ALL.iter().flat_map(|rule| {
        let document = Document::parse(rule.doc).unwrap_or_else(|error| panic!("{}.md: {error}", rule.id));
        document.examples.into_iter().map(|example| Shown { rule: rule.id, example })
    });
    of_rule.collect()
}
