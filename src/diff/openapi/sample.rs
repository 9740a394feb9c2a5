//! A value that satisfies a conjunction, made to be shown: small, and judged before it is used.

use serde_json::{Map, Number, Value};

use super::conj::{Conj, Side};
use super::graph::{Graph, Way};
use crate::model::contract::{JsonType, NumberKeywords};

/// How deep a sample goes; one that has to go deeper is not made.
const MAX_DEPTH: usize = 8;

/// Items and characters that a sample has at most.
const MAX_SIZE: u64 = 1_000;

impl Graph<'_> {
    /// A value that a side may take. It is a guess: who uses it asks [`Graph::accepts`] first.
    pub(super) fn sample(&self, side: Side<'_>, conj: &Conj, way: Way) -> Option<Value> {
        let key = (std::ptr::eq(side.schemas, self.old.schemas), conj.clone(), way);
        if let Some(known) = self.samples.borrow().get(&key) {
            return known.clone();
        }
        let made = Maker { graph: self, side, way }.value(conj, MAX_DEPTH);
        self.samples.borrow_mut().insert(key, made.clone());
        made
    }

    /// A value of the types of a place that is none of those listed.
    pub(super) fn unlike(
        &self,
        side: Side<'_>,
        conj: &Conj,
        way: Way,
        listed: Vec<(&Value, crate::model::contract::SchemaId)>,
    ) -> Option<Value> {
        let base = self.sample(side, conj, way)?;
        let mut candidates = vec![base.clone()];
        if let Value::String(text) = &base {
            candidates.extend(["other", "OTHER", "x", "1"].map(|other| Value::String(format!("{text}{other}"))));
        }
        if base.is_number() {
            candidates.extend((0..100).map(Value::from));
        }
        let is_new = |value: &Value| !listed.iter().any(|(one, _)| super::conj::same(one, value));
        candidates.into_iter().find(|value| is_new(value) && self.accepts(side, conj, value, way) == Some(true))
    }
}

struct Maker<'g, 'a> {
    graph: &'g Graph<'a>,
    side: Side<'g>,
    way: Way,
}

impl Maker<'_, '_> {
    fn value(&self, conj: &Conj, depth: usize) -> Option<Value> {
        let depth = depth.checked_sub(1)?;
        if let Some(values) = self.side.values(conj) {
            return values.first().map(|(value, _)| (*value).clone());
        }
        if let Some(choice) = self.side.choices(conj).first() {
            let mut members = choice.members.iter().filter(|member| self.side.matters(conj, **member));
            return members.find_map(|member| self.value(&self.side.chosen(conj, choice.owner, *member), depth));
        }
        let types = self.side.types(conj);
        let order = [
            JsonType::String,
            JsonType::Integer,
            JsonType::Number,
            JsonType::Boolean,
            JsonType::Object,
            JsonType::Array,
            JsonType::Null,
        ];
        order.into_iter().filter(|kind| types.has(*kind)).find_map(|kind| match kind {
            JsonType::String => Some(Value::String(self.text(conj))),
            JsonType::Integer => self.number(conj, true),
            JsonType::Number => self.number(conj, false),
            JsonType::Boolean => Some(Value::Bool(true)),
            JsonType::Object => self.object(conj, depth),
            JsonType::Array => self.list(conj, depth),
            JsonType::Null => Some(Value::Null),
        })
    }

    fn text(&self, conj: &Conj) -> String {
        let parts = || self.side.parts(conj).map(|(_, schema)| schema);
        let format = parts().find_map(|schema| schema.format.as_deref());
        let min = parts().filter_map(|schema| schema.string.as_ref()?.min_length).max().unwrap_or(1);
        let fits = |text: &str| {
            parts().filter_map(|schema| schema.string.as_ref()).all(|keywords| {
                let pattern = keywords.pattern.as_ref();
                pattern.is_none_or(|pattern| self.graph.patterns.matches(pattern, text) == Some(true))
            })
        };
        let letters = |letter: &str| letter.repeat(usize::try_from(min.min(MAX_SIZE)).unwrap_or(1));
        let known = match format {
            Some("date-time") => "2026-01-31T12:00:00Z",
            Some("date") => "2026-01-31",
            Some("time") => "12:00:00Z",
            Some("uuid") => "00000000-0000-4000-8000-000000000000",
            Some("email") => "a@example.com",
            Some("uri" | "url") => "https://example.com",
            Some("hostname") => "example.com",
            Some("ipv4") => "192.0.2.1",
            Some("ipv6") => "2001:db8::1",
            _ => {
                return [letters("a"), letters("A"), letters("1")]
                    .into_iter()
                    .find(|it| fits(it))
                    .unwrap_or_else(|| letters("a"));
            }
        };
        known.to_owned()
    }

    fn number(&self, conj: &Conj, whole: bool) -> Option<Value> {
        let keywords: Vec<&NumberKeywords> =
            self.side.parts(conj).filter_map(|(_, schema)| schema.number.as_deref()).collect();
        let real = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
        let mut candidates = vec![1.0, 0.0];
        for number in &keywords {
            let limits = [&number.minimum, &number.maximum, &number.exclusive_minimum, &number.exclusive_maximum];
            for limit in limits.into_iter().filter_map(real) {
                candidates.extend([limit, limit + 1.0, limit - 1.0, limit + 0.5, limit - 0.5]);
            }
            if let Some(step) = real(&number.multiple_of) {
                let more: Vec<f64> = candidates.iter().map(|value| (value / step).ceil() * step).collect();
                candidates.extend(more);
            }
        }
        let valued = |value: f64| -> Value {
            #[expect(clippy::cast_possible_truncation, reason = "within the range in which it is exact")]
            if value.fract() == 0.0 && value.abs() < 9e15 { Value::from(value as i64) } else { Value::from(value) }
        };
        let mut values = candidates.into_iter().map(valued).filter(|value| !whole || value.is_i64());
        let fits = |value: &Value| self.graph.accepts(self.side, conj, value, self.way) != Some(false);
        values.find(fits)
    }

    fn object(&self, conj: &Conj, depth: usize) -> Option<Value> {
        let mut members = Map::new();
        for (name, _) in self.side.required(conj) {
            let (roots, _) = self.side.property_roots(conj, name, &self.graph.patterns);
            let property = self.side.conj(roots);
            if self.side.hidden(&property, self.way).is_none() {
                members.insert(name.to_string(), self.value(&property, depth)?);
            }
        }
        Some(Value::Object(members))
    }

    fn list(&self, conj: &Conj, depth: usize) -> Option<Value> {
        let min = self.side.arrays_of(conj).filter_map(|(_, array)| array.min_items).max().unwrap_or_default();
        let items = (0..min.min(MAX_SIZE)).map(|at| {
            let at = usize::try_from(at).ok();
            self.value(&self.side.items(conj, at), depth)
        });
        items.collect::<Option<Vec<Value>>>().map(Value::Array)
    }
}
