//! Own types that bodies are taken apart into, or sent as: values of them that no flow leads to have a likely
//! origin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Interp;
use crate::evaluate::value::Value;
use crate::model::ir::{Symbol, Type};
use crate::model::usage::{AccessKind, FieldName, Origin, Step};

/// Types within types.
const MAX_LEVELS: usize = 6;

impl Interp<'_> {
    /// Notes that bodies are taken apart into a type, so that values of it that were not followed
    /// have a likely origin.
    pub(super) fn note_decoded(&mut self, ty: &Type, origins: &[Origin]) {
        self.note_taken(ty, origins);
        let mut held = Vec::new();
        self.held_types(&self.decoded, ty, origins, MAX_LEVELS, &mut held);
        for (symbol, origins) in held {
            self.decoded.entry(symbol).or_default().extend(origins);
        }
    }

    /// Notes that values of a type are sent: fields of it that are set where no flow leads to the request
    /// are likely fields of its body.
    pub(super) fn note_encoded(&mut self, ty: &Type, origin: &Origin) {
        if !matches!(origin, Origin::Request(..)) {
            return;
        }
        let mut held = Vec::new();
        self.held_types(&self.encoded, ty, std::slice::from_ref(origin), MAX_LEVELS, &mut held);
        for (symbol, origins) in held {
            self.encoded.entry(symbol).or_default().extend(origins);
        }
    }

    /// The own types that a body of this type is made of, each with the ways to its values; not those of
    /// which all these ways are known.
    fn held_types(
        &self,
        known: &BTreeMap<Symbol, BTreeSet<Origin>>,
        ty: &Type,
        origins: &[Origin],
        depth: usize,
        held: &mut Vec<(Symbol, Vec<Origin>)>,
    ) {
        let (Some(depth), false) = (depth.checked_sub(1), origins.is_empty()) else { return };
        let inside = |step: &Step| {
            Value { origins: origins.iter().cloned().collect(), ..Value::default() }
                .stepped(step, Type::Unknown)
                .origins
        };
        match ty.peeled() {
            Type::List(inner) | Type::Map(inner) => self.held_types(known, inner, &inside(&Step::Element), depth, held),
            Type::Named(symbol, _) => {
                let symbol = self.program.canonical(symbol);
                let Some((module, declared)) = self.program.type_def(&symbol) else { return };
                let is_known =
                    known.get(&symbol).is_some_and(|known| origins.iter().all(|origin| known.contains(origin)));
                if module.generated || is_known {
                    return;
                }
                held.push((symbol, origins.to_vec()));
                for field in declared.fields.iter().filter(|field| !field.skipped) {
                    let below = if field.flatten {
                        origins.iter().cloned().collect()
                    } else {
                        inside(&Step::Field(FieldName { source: Arc::clone(&field.name), wire: field.wire.clone() }))
                    };
                    self.held_types(known, &self.field_type(ty.peeled(), &field.name), &below, depth, held);
                }
            }
            _ => {}
        }
    }

    /// Origins of values of a type, from the bodies that are taken apart into it, or that it is sent as.
    pub(in crate::evaluate) fn origins_of_type(&self, symbol: &Symbol, kind: AccessKind) -> Vec<Origin> {
        let known = if kind == AccessKind::Write { &self.encoded } else { &self.decoded };
        known.get(symbol).map(|origins| origins.iter().cloned().collect()).unwrap_or_default()
    }
}
