//! Whether a value satisfies a conjunction: the judge of witnesses.

use serde_json::{Map, Number, Value};

use super::conj::{Conj, Side, same, type_of, widened};
use super::graph::{Graph, Way};
use crate::model::contract::{ArrayKeywords, Composition, NumberKeywords, ObjectKeywords, SchemaId, StringKeywords};

/// How deep values are looked at.
const MAX_DEPTH: usize = 32;

impl Graph<'_> {
    /// Whether a side takes a value; `None` if nobody can tell.
    pub(super) fn accepts(&self, side: Side<'_>, conj: &Conj, value: &Value, way: Way) -> Option<bool> {
        Judge { graph: self, side, way }.accepts(conj, value, MAX_DEPTH)
    }
}

struct Judge<'g, 'a> {
    graph: &'g Graph<'a>,
    side: Side<'g>,
    way: Way,
}

/// Both must hold. One that does not decides, whatever the other is.
fn and(a: Option<bool>, b: impl FnOnce() -> Option<bool>) -> Option<bool> {
    match a {
        Some(false) => Some(false),
        Some(true) => b(),
        None => (b() == Some(false)).then_some(false),
    }
}

fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for next in answers {
        match next {
            Some(false) => return next,
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

impl Judge<'_, '_> {
    fn accepts(&self, conj: &Conj, value: &Value, depth: usize) -> Option<bool> {
        let depth = depth.checked_sub(1)?;
        if self.side.is_never(conj) || !self.has_type(conj, value) {
            return Some(false);
        }
        if self.side.values(conj).is_some_and(|values| !values.iter().any(|(one, _)| same(one, value))) {
            let is_null = value.is_null() && self.side.takes_null(conj);
            return Some(is_null);
        }
        let own = all(self.side.parts(conj).map(|(_, schema)| match value {
            Value::Number(number) => Some(schema.number.as_ref().is_none_or(|it| is_within(it, number))),
            Value::String(text) => schema.string.as_ref().map_or(Some(true), |it| self.text(it, text)),
            Value::Array(items) => schema.array.as_ref().map_or(Some(true), |it| self.list(it, items, depth)),
            Value::Object(members) => schema.object.as_ref().map_or(Some(true), |it| self.object(it, members, depth)),
            Value::Null | Value::Bool(_) => Some(true),
        }));
        let inside = || match value {
            Value::Object(members) => all(members.iter().map(|(key, value)| {
                let (roots, named) = self.side.property_roots(conj, key, &self.graph.patterns);
                let property = self.side.conj(roots);
                // What does not travel this way is nobody's business.
                let is_hidden = named.is_some() && self.side.hidden(&property, self.way).is_some();
                if is_hidden { Some(true) } else { self.accepts(&property, value, depth) }
            })),
            Value::Array(items) => all(items
                .iter()
                .enumerate()
                .map(|(at, item)| self.accepts(&self.side.items(conj, Some(at)), item, depth))),
            _ => Some(true),
        };
        and(and(own, inside), || self.composed(conj, value, depth))
    }

    fn has_type(&self, conj: &Conj, value: &Value) -> bool {
        let kind = type_of(value);
        if value.is_null() {
            return self.side.takes_null(conj);
        }
        let everything = Conj { only: crate::model::contract::Types::all(), ..conj.clone() };
        widened(self.side.types(&everything)).has(kind)
    }

    fn composed(&self, conj: &Conj, value: &Value, depth: usize) -> Option<bool> {
        all(self.side.parts(conj).map(|(id, schema)| {
            let Some(parts) = &schema.composition else { return Some(true) };
            let is_settled = conj.settled.contains(&id);
            let choices = || if is_settled { Some(true) } else { self.choices(parts, value, depth) };
            and(choices(), || and(self.negated(parts.not, value, depth), || self.conditional(parts, value, depth)))
        }))
    }

    fn choices(&self, parts: &Composition, value: &Value, depth: usize) -> Option<bool> {
        let answers = |members: &[SchemaId]| -> Vec<Option<bool>> {
            members.iter().map(|id| self.accepts(&self.side.conj([*id]), value, depth)).collect()
        };
        let (ones, any) = (answers(&parts.one_of), answers(&parts.any_of));
        let number = |answers: &[Option<bool>], wanted| answers.iter().filter(|answer| **answer == wanted).count();
        let one = match (number(&ones, Some(true)), number(&ones, None)) {
            _ if ones.is_empty() => Some(true),
            (1, 0) => Some(true),
            (0, 0) | (2.., _) => Some(false),
            _ => None,
        };
        let any = match (number(&any, Some(true)), number(&any, None)) {
            _ if any.is_empty() => Some(true),
            (0, 0) => Some(false),
            (0, _) => None,
            _ => Some(true),
        };
        and(one, || any)
    }

    fn negated(&self, not: Option<SchemaId>, value: &Value, depth: usize) -> Option<bool> {
        let Some(not) = not else { return Some(true) };
        self.accepts(&self.side.conj([not]), value, depth).map(|is| !is)
    }

    fn conditional(&self, parts: &Composition, value: &Value, depth: usize) -> Option<bool> {
        let Some(condition) = parts.condition else { return Some(true) };
        let holds = self.accepts(&self.side.conj([condition]), value, depth)?;
        let branch = if holds { parts.then } else { parts.otherwise };
        branch.map_or(Some(true), |branch| self.accepts(&self.side.conj([branch]), value, depth))
    }

    fn text(&self, keywords: &StringKeywords, text: &str) -> Option<bool> {
        let length = text.chars().count() as u64;
        let is_short = keywords.min_length.is_some_and(|min| length < min);
        if is_short || keywords.max_length.is_some_and(|max| length > max) {
            return Some(false);
        }
        keywords.pattern.as_ref().map_or(Some(true), |pattern| self.graph.patterns.matches(pattern, text))
    }

    fn list(&self, keywords: &ArrayKeywords, items: &[Value], depth: usize) -> Option<bool> {
        let length = items.len() as u64;
        let is_short = keywords.min_items.is_some_and(|min| length < min);
        let is_long = keywords.max_items.is_some_and(|max| length > max);
        let repeats = || items.iter().enumerate().any(|(at, item)| items[..at].iter().any(|other| same(item, other)));
        if is_short || is_long || (keywords.unique_items && repeats()) {
            return Some(false);
        }
        if keywords.unevaluated_items.is_some() {
            return None;
        }
        let Some(contains) = keywords.contains else { return Some(true) };
        let conj = self.side.conj([contains]);
        let answers: Option<Vec<bool>> = items.iter().map(|item| self.accepts(&conj, item, depth)).collect();
        let number = answers?.into_iter().filter(|is| *is).count() as u64;
        Some(number >= keywords.min_contains.unwrap_or(1) && keywords.max_contains.is_none_or(|max| number <= max))
    }

    fn object(&self, keywords: &ObjectKeywords, members: &Map<String, Value>, depth: usize) -> Option<bool> {
        let length = members.len() as u64;
        let is_small = keywords.min_properties.is_some_and(|min| length < min);
        if is_small || keywords.max_properties.is_some_and(|max| length > max) {
            return Some(false);
        }
        let is_there = |name: &str| {
            let property = keywords.properties.iter().find(|(known, _)| **known == *name);
            let is_hidden =
                property.is_some_and(|(_, id)| self.side.hidden(&self.side.conj([*id]), self.way).is_some());
            is_hidden || members.contains_key(name)
        };
        let lacks = |names: &[std::sync::Arc<str>]| names.iter().any(|name| !is_there(name));
        let dependent = |name: &str| members.contains_key(name);
        if lacks(&keywords.required)
            || keywords.dependent_required.iter().any(|(name, others)| dependent(name) && lacks(others))
        {
            return Some(false);
        }
        if keywords.unevaluated_properties.is_some() {
            return None;
        }
        let whole = Value::Object(members.clone());
        let schemas = keywords.dependent_schemas.iter().filter(|(name, _)| dependent(name));
        let dependent = all(schemas.map(|(_, id)| self.accepts(&self.side.conj([*id]), &whole, depth)));
        let names = || {
            let Some(names) = keywords.property_names else { return Some(true) };
            let conj = self.side.conj([names]);
            all(members.keys().map(|name| self.accepts(&conj, &Value::String(name.clone()), depth)))
        };
        and(dependent, names)
    }
}

fn is_within(keywords: &NumberKeywords, number: &Number) -> bool {
    let Some(value) = number.as_f64() else { return false };
    let holds = |limit: &Option<Number>, is: fn(f64, f64) -> bool| {
        limit.as_ref().and_then(Number::as_f64).is_none_or(|limit| is(value, limit))
    };
    holds(&keywords.minimum, |value, limit| value >= limit)
        && holds(&keywords.maximum, |value, limit| value <= limit)
        && holds(&keywords.exclusive_minimum, |value, limit| value > limit)
        && holds(&keywords.exclusive_maximum, |value, limit| value < limit)
        && holds(&keywords.multiple_of, |value, step| {
            let ratio = value / step;
            (ratio - ratio.round()).abs() < 1e-9
        })
}
