//! What reaches a schema from others: marks of what it is made of, and the schemas that extend it.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::shape::{parts, variants};
use super::view::View;
use crate::contract::marks;
use crate::model::contract::{MarkSet, Marks, Schema, SchemaId};

/// Schemas that extend one schema, directly or not. More of them are no hierarchy that one consumer
/// reads.
const MAX_HEIRS: usize = 400;

impl View<'_, '_> {
    /// The marks of a property, parameter or header: those of its schema, those of the schema that it
    /// refers to, and the sensitive ones of what it is a list, map or union of.
    pub(super) fn marks_of(&self, id: SchemaId) -> Marks {
        let mut found = Marks::default();
        let mut seen = BTreeSet::new();
        let mut open = vec![(id, true)];
        while let Some((id, whole)) = open.pop() {
            if !self.is_marked(id) || !seen.insert(id) {
                continue;
            }
            let schema = self.schema(id);
            let own = schema.marks.clone();
            let own =
                if whole { own } else { MarkSet { sensitive: own.sensitive.clone(), ..MarkSet::default() }.into() };
            marks::merge(&mut found, own);
            let sole = self.sole_part(schema);
            open.extend(inner(schema).map(|part| (part, false)));
            open.extend(sole.or(schema.reference).map(|part| (part, whole)));
        }
        found
    }

    /// Whether a mark stands anywhere in what a schema is made of.
    fn is_marked(&self, id: SchemaId) -> bool {
        self.marked.get(id.0 as usize).copied().unwrap_or(false)
    }

    /// The schemas whose values may stand where a schema is asked for, told apart by a discriminator.
    pub(super) fn heirs_of(&self, id: SchemaId) -> Vec<SchemaId> {
        let mut heirs: Vec<SchemaId> = Vec::new();
        let mut at = 0;
        let mut next = Some(id);
        while let Some(from) = next {
            for heir in self.heirs.get(&from).into_iter().flatten() {
                if heirs.len() < MAX_HEIRS && *heir != id && !heirs.contains(heir) {
                    heirs.push(*heir);
                }
            }
            next = heirs.get(at).copied();
            at += 1;
        }
        heirs
    }
}

/// What a value is made of, members of objects apart.
fn inner(schema: &Schema) -> impl Iterator<Item = SchemaId> {
    let array = schema.array.iter().flat_map(|array| array.items.iter().chain(&array.prefix_items).copied());
    let object = schema.object.iter().flat_map(|object| {
        object.pattern_properties.iter().map(|(_, values)| *values).chain(object.additional_properties)
    });
    parts(schema).chain(variants(schema)).chain(array).chain(object)
}

/// For each schema, whether a mark stands on it or on what it is made of.
pub(super) fn marked(graph: &Graph<'_>) -> Vec<bool> {
    let schemas = &graph.schemas;
    let mut marked = vec![false; schemas.len()];
    let mut open: Vec<SchemaId> =
        schemas.iter().filter(|(_, schema)| !schema.marks.is_empty()).map(|(id, _)| id).collect();
    if open.is_empty() {
        return marked;
    }
    let mut holders: Vec<Vec<SchemaId>> = vec![Vec::new(); schemas.len()];
    for (id, schema) in schemas.iter() {
        for part in inner(schema) {
            if let Some(list) = holders.get_mut(part.0 as usize) {
                list.push(id);
            }
        }
    }
    while let Some(id) = open.pop() {
        let Some(slot) = marked.get_mut(id.0 as usize) else { continue };
        if !std::mem::replace(slot, true) {
            open.extend(holders.get(id.0 as usize).into_iter().flatten());
        }
    }
    marked
}

/// The declared schemas that extend each schema, in hierarchies that have a discriminator; and those
/// that the mapping of the discriminator names (OpenAPI 3.0, "Composition and Inheritance").
pub(super) fn heirs(graph: &Graph<'_>) -> BTreeMap<SchemaId, Vec<SchemaId>> {
    let mut by_base: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
    let mut bases: Vec<SchemaId> = Vec::new();
    for (id, schema) in graph.schemas.iter() {
        let Some(composition) = &schema.composition else { continue };
        if schema.name.is_some() {
            composition.all_of.iter().for_each(|base| by_base.entry(*base).or_default().push(id));
        }
        let Some(discriminator) = &composition.discriminator else { continue };
        bases.push(id);
        if composition.one_of.is_empty() && composition.any_of.is_empty() {
            let targets = discriminator.targets.iter().map(|(_, target)| *target);
            by_base.entry(id).or_default().extend(targets);
        }
    }
    let mut heirs: BTreeMap<SchemaId, Vec<SchemaId>> = BTreeMap::new();
    while let Some(base) = bases.pop() {
        let Some(list) = by_base.remove(&base) else { continue };
        bases.extend(&list);
        heirs.insert(base, list);
    }
    heirs
}
