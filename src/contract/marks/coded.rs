//! Marks of contracts that nobody wrote: what annotations say of handlers and of what they take and answer.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{MarkTable, inherit};
use crate::model::contract::{Catalog, ContractKind, Mark, Marks};
use crate::model::settings::Settings;
use crate::model::source::{Site, Span};
use crate::model::usage::Note;

/// Marks the operations, messages and fields that are known from code alone, by the annotations that stand at
/// their places and by the selectors of the configuration.
pub fn mark_code(catalog: &mut Catalog, notes: &BTreeMap<Span, Vec<Note>>, settings: &Settings) {
    let table = MarkTable::new(settings);
    let is_code: Vec<bool> = catalog.contracts.iter().map(|it| it.kind == ContractKind::Code).collect();
    let noted = |site: &Site, marks: &mut Marks| match site {
        Site::Span(span) => notes.get(span).into_iter().flatten().for_each(|note| apply(&table, note, marks)),
        Site::Pointer { .. } => {}
    };
    for operation in catalog.operations.iter_mut().filter(|it| is_code[it.contract.index()]) {
        noted(&operation.site, &mut operation.marks);
    }
    for message in catalog.messages.iter_mut().filter(|it| is_code[it.contract.index()]) {
        if message.named {
            noted(&message.site, &mut message.marks);
        }
        for field in &mut message.fields {
            noted(&field.site, &mut field.marks);
            let mark = || {
                let text = format!("{}.{} in the configuration", message.name, field.name);
                Mark { text, site: field.site.clone() }
            };
            table.select(&message.name, &field.name, mark, &mut field.marks);
            inherit(&mut field.marks, &message.marks);
        }
    }
}

fn apply(table: &MarkTable, note: &Note, marks: &mut Marks) {
    let value = note.value.as_deref().map_or(Value::Bool(true), Value::from);
    let mark = || Mark { text: note.key.to_string(), site: Site::Span(note.span) };
    // What is no day says nothing of when: the mark itself stays.
    let _ = table.apply(&note.key, &value, mark, marks);
}
