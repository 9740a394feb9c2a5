//! Laws of reading protobuf.

mod bindings;
mod compiled;
mod editions;
mod features;
mod links;
mod marks;
mod options;
mod oracle;
mod robustness;
mod shapes;

use std::collections::BTreeMap;

use super::load;
use crate::contract::marks::MarkTable;
use crate::model::contract::{Catalog, Contract, Field, Message, MessageId, Operation, Shape};
use crate::model::problem::Problem;
use crate::model::settings::DataClass;
use crate::model::source::{FileKind, Revision, Site, SourceFile, Sources, Workspace};

/// Files that were read.
struct Read {
    sources: Sources,
    catalog: Catalog,
    problems: Vec<Problem>,
}

/// Reads files given as path and text.
fn read(files: &[(&str, &str)]) -> Read {
    read_with(files, &[])
}

/// Reads files under a policy: classes and the marks that put an element into them.
fn read_with(files: &[(&str, &str)], classes: &[(&str, &[&str])]) -> Read {
    let mut sources = Sources::default();
    for (path, text) in files {
        sources.push(SourceFile::new(*path, Revision::Head, FileKind::Proto, *text));
    }
    let classes: BTreeMap<String, DataClass> = classes
        .iter()
        .map(|(name, marks)| {
            let marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
            ((*name).to_owned(), DataClass { marks, ..DataClass::default() })
        })
        .collect();
    let marks = MarkTable::new(&crate::contract::tests::settings(classes));
    let (catalog, problems) = load(&sources, Revision::Head, &Workspace::default(), &marks);
    Read { sources, catalog, problems }
}

impl Read {
    fn ids(&self) -> Vec<&str> {
        self.catalog.contracts.iter().map(|contract| contract.id.as_str()).collect()
    }

    fn contract(&self, id: &str) -> &Contract {
        self.catalog.contracts.iter().find(|contract| contract.id == id).unwrap_or_else(|| panic!("no contract {id}"))
    }

    fn message(&self, name: &str) -> &Message {
        self.catalog.messages.iter().find(|message| message.name == name).unwrap_or_else(|| panic!("no message {name}"))
    }

    fn field(&self, message: &str, name: &str) -> &Field {
        let message = self.message(message);
        message.fields.iter().find(|field| field.name == name).unwrap_or_else(|| panic!("no field {name}"))
    }

    fn operation(&self, key: &str) -> &Operation {
        self.catalog.operations.iter().find(|operation| operation.key == key).unwrap_or_else(|| panic!("no {key}"))
    }

    /// The name of the message a shape is.
    fn name_of(&self, shape: &Shape) -> String {
        match shape {
            Shape::Message(id) => self.catalog.message(*id).name.clone(),
            other => other.to_string(),
        }
    }

    fn text(&self, site: &Site) -> &str {
        match site {
            Site::Span(span) => self.sources.text(*span),
            Site::Pointer { .. } => panic!("protobuf has no pointers"),
        }
    }

    fn messages(&self) -> Vec<&str> {
        self.problems.iter().map(|problem| problem.message.as_str()).collect()
    }

    /// `path:line:column message` of every problem.
    fn reports(&self) -> Vec<String> {
        let report = |problem: &Problem| {
            let Some(Site::Span(span)) = &problem.site else { panic!("no place: {}", problem.message) };
            let at = self.sources.start(*span);
            format!("{}:{}:{} {}", self.sources.get(span.file).path, at.line, at.column, problem.message)
        };
        self.problems.iter().map(report).collect()
    }

    /// Every reference leads to a message, every number to its contract.
    fn assert_consistent(&self) {
        for message in &self.catalog.messages {
            assert!(message.contract.index() < self.catalog.contracts.len());
            for field in &message.fields {
                let mut shape = &field.shape;
                while let Shape::List(inner) | Shape::Map(inner) = shape {
                    shape = inner;
                }
                if let Shape::Message(MessageId(id)) = shape {
                    assert!((*id as usize) < self.catalog.messages.len());
                }
            }
        }
        for (at, contract) in self.catalog.contracts.iter().enumerate() {
            for id in contract.operations.start.index()..contract.operations.end.index() {
                assert_eq!(self.catalog.operations[id].contract.index(), at);
            }
        }
    }
}
