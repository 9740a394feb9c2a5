//! Which schemas of both sides say the same, however they are written.
//!
//! Schemas are nodes of two graphs with cycles. Two of them are equal if what they say themselves is
//! equal and so are, pairwise, the schemas that they refer to: the coarsest partition that is stable
//! under that (a bisimulation), found by splitting classes until none splits any more. Names, places,
//! the order of keys, and whether a schema is referred to or written out make no difference.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashSet, FxHasher};
use serde_json::Value;

use crate::model::contract::{Schema, SchemaId, Schemas};

/// Rounds after which schemas that still split are left different: deeper than people nest.
const MAX_ROUNDS: usize = 64;

/// The class of every schema of one side.
pub(super) struct Classes(Vec<u64>);

impl Classes {
    /// The classes of both sides, comparable with each other.
    pub(super) fn of(old: &Schemas, new: &Schemas) -> [Self; 2] {
        let own = |schemas: &Schemas| schemas.iter().map(|(_, schema)| own(schema)).collect::<Vec<_>>();
        let mut now = [own(old), own(new)];
        let mut count = distinct(&now);
        for _ in 0..MAX_ROUNDS {
            let next = [refined(old, &now[0]), refined(new, &now[1])];
            let more = distinct(&next);
            now = next;
            if more == count {
                break;
            }
            count = more;
        }
        now.map(Self)
    }

    pub(super) fn get(&self, id: SchemaId) -> u64 {
        self.0.get(id.0 as usize).copied().unwrap_or_default()
    }
}

fn distinct(sides: &[Vec<u64>; 2]) -> usize {
    sides.iter().flatten().collect::<FxHashSet<_>>().len()
}

/// What a schema says itself, without the schemas inside.
fn own(schema: &Schema) -> u64 {
    let mut hasher = FxHasher::default();
    (schema.never, schema.types, &schema.format).hash(&mut hasher);
    if let Some(values) = &schema.values {
        sum(values.iter().map(of_value)).hash(&mut hasher);
        values.len().hash(&mut hasher);
    }
    if let Some(number) = &schema.number {
        let bounds = [
            &number.minimum,
            &number.maximum,
            &number.exclusive_minimum,
            &number.exclusive_maximum,
            &number.multiple_of,
        ];
        bounds.map(|bound| bound.as_ref().map(|bound| of_value(&Value::Number(bound.clone())))).hash(&mut hasher);
    }
    if let Some(text) = &schema.string {
        (text.min_length, text.max_length, &text.pattern).hash(&mut hasher);
        (&text.content_encoding, &text.content_media_type).hash(&mut hasher);
    }
    if let Some(array) = &schema.array {
        (array.min_contains, array.max_contains, array.min_items, array.max_items, array.unique_items)
            .hash(&mut hasher);
    }
    if let Some(object) = &schema.object {
        (&object.required, object.min_properties, object.max_properties).hash(&mut hasher);
        sum(object.dependent_required.iter().map(hash)).hash(&mut hasher);
    }
    if let Some(discriminator) = schema.composition.as_ref().and_then(|it| it.discriminator.as_ref()) {
        discriminator.property.hash(&mut hasher);
        sum(discriminator.mapping.iter().map(|(value, _)| hash(value))).hash(&mut hasher);
    }
    if let Some(notes) = &schema.annotations {
        (notes.read_only, notes.write_only, notes.open_enum).hash(&mut hasher);
        notes.default.as_ref().map(of_value).hash(&mut hasher);
    }
    hasher.finish()
}

/// Every class split by the classes of the schemas inside.
fn refined(schemas: &Schemas, now: &[u64]) -> Vec<u64> {
    let class = |id: SchemaId| now.get(id.0 as usize).copied().unwrap_or_default();
    let one = |(id, schema): (SchemaId, &Schema)| {
        // A reference with nothing beside it that counts is what it refers to.
        let mut hasher = FxHasher::default();
        class(id).hash(&mut hasher);
        schema.reference.map(class).hash(&mut hasher);
        if let Some(array) = &schema.array {
            (array.items.map(class), array.contains.map(class), array.unevaluated_items.map(class)).hash(&mut hasher);
            array.prefix_items.iter().for_each(|item| class(*item).hash(&mut hasher));
        }
        schema.string.as_ref().and_then(|text| text.content_schema).map(class).hash(&mut hasher);
        if let Some(object) = &schema.object {
            let named = |pairs: &[(std::sync::Arc<str>, SchemaId)]| {
                sum(pairs.iter().map(|(name, id)| hash(&(name, class(*id)))))
            };
            (named(&object.properties), named(&object.pattern_properties), named(&object.dependent_schemas))
                .hash(&mut hasher);
            let rest = [object.additional_properties, object.property_names, object.unevaluated_properties];
            rest.map(|id| id.map(class)).hash(&mut hasher);
        }
        if let Some(parts) = &schema.composition {
            let members = |ids: &[SchemaId]| sum(ids.iter().map(|id| hash(&class(*id))));
            (members(&parts.all_of), members(&parts.one_of), members(&parts.any_of)).hash(&mut hasher);
            [parts.not, parts.condition, parts.then, parts.otherwise].map(|id| id.map(class)).hash(&mut hasher);
            if let Some(discriminator) = &parts.discriminator {
                sum(discriminator.targets.iter().map(|(value, id)| hash(&(value, class(*id))))).hash(&mut hasher);
            }
        }
        hasher.finish()
    };
    schemas.iter().map(one).collect()
}

pub(super) fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Of things whose order says nothing.
fn sum(hashes: impl Iterator<Item = u64>) -> u64 {
    // Spread first: the sum of equal halves must not come to nothing.
    hashes.fold(0, |sum, one| sum.wrapping_add(hash(&one)))
}

/// `1` and `1.0` are the same number, and members of an object have no order.
pub(super) fn of_value(value: &Value) -> u64 {
    match value {
        Value::Null => 1,
        Value::Bool(is) => 2 + u64::from(*is),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => hash(&(5, whole)),
            #[expect(clippy::cast_possible_truncation, reason = "within the range in which it is exact")]
            (None, Some(real)) if real.fract() == 0.0 && real.abs() < 9e15 => hash(&(5, real as i64)),
            (None, real) => hash(&(6, real.map(f64::to_bits))),
        },
        Value::String(text) => hash(&(7, text)),
        Value::Array(items) => hash(&(8, items.iter().map(of_value).collect::<Vec<_>>())),
        Value::Object(members) => hash(&(9, sum(members.iter().map(|(name, value)| hash(&(name, of_value(value))))))),
    }
}
