//! Conjunctions: what a value has to satisfy all at once.
//!
//! `allOf` and `$ref` with keywords beside it are no places of their own: a value satisfies a schema if it
//! satisfies every schema in its conjunction, each by its own keywords. Nothing is merged or copied, so a
//! schema that is split into an `allOf`, or whose members are written out, stays the same conjunction.

use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use crate::model::contract::{JsonType, Schema, SchemaId, Schemas, Types};

/// Schemas in one conjunction that are looked at; people write a handful.
const MAX_PARTS: usize = 256;

/// Everything that a value at one place has to satisfy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Conj {
    /// The schemas, as they are reached from the first one; none for a place that takes anything.
    pub(super) ids: Rc<[SchemaId]>,
    /// Those of them whose `oneOf` and `anyOf` are settled: a member was chosen and is in `ids`.
    pub(super) settled: Rc<[SchemaId]>,
    /// Values of other types are not looked at.
    pub(super) only: Types,
}

/// A choice between members that is still open.
#[derive(Clone, Debug)]
pub(super) struct Choice<'a> {
    /// The schema that it is written in.
    pub(super) owner: SchemaId,
    /// `oneOf` or `anyOf`
    pub(super) keyword: &'static str,
    /// The members.
    pub(super) members: &'a [SchemaId],
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) schemas: &'a Schemas,
    pub(super) classes: &'a super::classes::Classes,
}

impl Conj {
    /// Whether it has nothing to say.
    pub(super) fn is_anything(&self) -> bool {
        self.ids.is_empty()
    }

    /// The same for values of some types alone.
    pub(super) fn among(&self, types: Types) -> Self {
        Self { only: self.only.and(types), ..self.clone() }
    }
}

impl<'a> Side<'a> {
    /// What a value has to satisfy where all of these stand.
    pub(super) fn conj(self, roots: impl IntoIterator<Item = SchemaId>) -> Conj {
        Conj { ids: self.flat(roots).into(), settled: Rc::default(), only: Types::all() }
    }

    fn flat(self, roots: impl IntoIterator<Item = SchemaId>) -> Vec<SchemaId> {
        let mut ids = Vec::new();
        let mut open: Vec<SchemaId> = roots.into_iter().collect();
        open.reverse();
        while let Some(id) = open.pop() {
            if ids.contains(&id) || ids.len() == MAX_PARTS {
                continue;
            }
            ids.push(id);
            let schema = self.schemas.get(id);
            if let Some(parts) = &schema.composition {
                open.extend(parts.all_of.iter().rev());
            }
            open.extend(schema.reference);
        }
        ids
    }

    /// One member of a choice, with everything around the choice.
    pub(super) fn chosen(self, conj: &Conj, owner: SchemaId, member: SchemaId) -> Conj {
        let ids = self.flat(conj.ids.iter().copied().chain([member])).into();
        let settled = conj.settled.iter().copied().chain([owner]).collect();
        Conj { ids, settled, only: conj.only }
    }

    /// The schemas of a conjunction.
    pub(super) fn parts(self, conj: &Conj) -> impl Iterator<Item = (SchemaId, &'a Schema)> {
        let schemas = self.schemas;
        conj.ids.iter().map(move |id| (*id, schemas.get(*id)))
    }

    /// Whether no value satisfies it, as far as `false` says it.
    pub(super) fn is_never(self, conj: &Conj) -> bool {
        self.parts(conj).any(|(_, schema)| schema.never)
    }

    /// Choices that are open. A schema with both keywords leaves both open.
    pub(super) fn choices(self, conj: &Conj) -> Vec<Choice<'a>> {
        let mut choices = Vec::new();
        for (owner, schema) in self.parts(conj).filter(|(id, _)| !conj.settled.contains(id)) {
            let Some(parts) = &schema.composition else { continue };
            for (keyword, members) in [("oneOf", &parts.one_of), ("anyOf", &parts.any_of)] {
                if !members.is_empty() {
                    choices.push(Choice { owner, keyword, members });
                }
            }
        }
        choices
    }

    /// Types that a value may have. Where nothing says a type, keywords for one type are taken to mean it:
    /// `properties` without `type: object` is meant for objects. Numbers include integers.
    pub(super) fn types(self, conj: &Conj) -> Types {
        let mut types = Types::all();
        for (_, schema) in self.parts(conj) {
            if !schema.types.is_empty() {
                types = types.and(widened(schema.types));
            }
            if schema.never {
                types = Types::default();
            }
        }
        if let (Some(values), true) = (self.values(conj), types == Types::all()) {
            types = widened(values.iter().map(|(value, _)| type_of(value)).collect());
        }
        if types == Types::all() {
            types = self.meant(conj).unwrap_or(types);
        }
        types.and(conj.only)
    }

    /// The type that is meant where none is said.
    fn meant(self, conj: &Conj) -> Option<Types> {
        let only = |kind| Some([kind, JsonType::Null].into_iter().collect());
        let mut parts = self.parts(conj).map(|(_, schema)| schema);
        parts.find_map(|schema| match schema {
            Schema { object: Some(_), .. } => only(JsonType::Object),
            Schema { array: Some(_), .. } => only(JsonType::Array),
            _ => None,
        })
    }

    /// Whether something that is written restricts the type.
    pub(super) fn says_type(self, conj: &Conj) -> bool {
        let says = |schema: &Schema| !schema.types.is_empty() || schema.values.is_some();
        self.parts(conj).any(|(_, schema)| says(schema)) || !self.choices(conj).is_empty()
    }

    /// Whether `null` is allowed. A nullable schema with an `enum` that leaves `null` out is taken for
    /// nullable, which is how OpenAPI 3.0 was read by most until 3.0.3 said otherwise.
    pub(super) fn takes_null(self, conj: &Conj) -> bool {
        let takes = |schema: &Schema| {
            let said = schema.types.has(JsonType::Null);
            let by_type = schema.types.is_empty() || said;
            let by_value = schema.values.as_ref().is_none_or(|values| values.iter().any(Value::is_null));
            !schema.never && by_type && (said || by_value)
        };
        conj.only.has(JsonType::Null)
            && self.parts(conj).all(|(_, schema)| takes(schema))
            && self.choices(conj).iter().all(|choice| {
                choice.members.iter().any(|member| self.takes_null(&self.chosen(conj, choice.owner, *member)))
            })
    }

    /// The values that are left by `enum`, with the schemas that name them.
    pub(super) fn values(self, conj: &Conj) -> Option<Vec<(&'a Value, SchemaId)>> {
        let mut left: Option<Vec<(&Value, SchemaId)>> = None;
        for (id, schema) in self.parts(conj) {
            let Some(values) = &schema.values else { continue };
            left = Some(match left {
                None => values.iter().map(|value| (value, id)).collect(),
                Some(left) => {
                    left.into_iter().filter(|(value, _)| values.iter().any(|other| same(value, other))).collect()
                }
            });
        }
        let only = conj.only;
        left.map(|left| left.into_iter().filter(|(value, _)| widened(only).has(type_of(value))).collect())
    }

    /// Names of required properties, with the schemas that require them.
    pub(super) fn required(self, conj: &Conj) -> Vec<(&'a Arc<str>, SchemaId)> {
        let mut names: Vec<(&Arc<str>, SchemaId)> = Vec::new();
        for (id, schema) in self.parts(conj) {
            for name in schema.object.iter().flat_map(|object| &object.required) {
                if !names.iter().any(|(known, _)| *known == name) {
                    names.push((name, id));
                }
            }
        }
        names
    }

    /// Whether both sides' conjunctions are equal by their classes.
    pub(super) fn is_same(self, conj: &Conj, other: Side<'_>, its: &Conj) -> bool {
        let is_whole = |conj: &Conj| conj.settled.is_empty();
        let is_alike = conj.only == its.only && conj.ids.len() == its.ids.len();
        is_alike && is_whole(conj) && is_whole(its) && self.digest(conj) == other.digest(its)
    }

    fn digest(self, conj: &Conj) -> Vec<u64> {
        let mut classes: Vec<u64> = conj.ids.iter().map(|id| self.classes.get(*id)).collect();
        classes.sort_unstable();
        classes
    }
}

/// With the types that are part of others.
pub(super) const fn widened(mut types: Types) -> Types {
    if types.has(JsonType::Number) {
        types.insert(JsonType::Integer);
    }
    types
}

/// The type of a value; a number without a fraction is an integer.
pub(super) fn type_of(value: &Value) -> JsonType {
    match value {
        Value::Null => JsonType::Null,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(number) if number.is_f64() && number.as_f64().is_some_and(|real| real.fract() != 0.0) => {
            JsonType::Number
        }
        Value::Number(_) => JsonType::Integer,
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    }
}

/// Equal as JSON: `1` is `1.0`.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    a == b || super::classes::of_value(a) == super::classes::of_value(b)
}
