//! Keywords that bound numbers, texts, lists and objects: each is a limit that may move.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Number, Value};

use super::compare::{Found, Pair};
use super::conj::{Conj, Side};
use super::graph::{Aspect, Difference, Graph, Relation, Said, Step};
use super::patterns::Apart;
use crate::model::contract::{JsonType, Schema, SchemaId, Types};

/// A limit as a side says it.
#[derive(Clone, Debug)]
struct Limit {
    value: Number,
    /// The value itself is beyond the limit.
    exclusive: bool,
    keyword: &'static str,
    id: SchemaId,
}

/// Which side of a limit is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AtLeast,
    AtMost,
}

/// A keyword with a count, and how it is read.
struct Count {
    keyword: &'static str,
    kind: JsonType,
    bound: Bound,
    read: fn(&Schema) -> Option<u64>,
}

const COUNTS: [Count; 8] = [
    count("minLength", JsonType::String, Bound::AtLeast, |it| it.string.as_ref()?.min_length),
    count("maxLength", JsonType::String, Bound::AtMost, |it| it.string.as_ref()?.max_length),
    count("minItems", JsonType::Array, Bound::AtLeast, |it| it.array.as_ref()?.min_items),
    count("maxItems", JsonType::Array, Bound::AtMost, |it| it.array.as_ref()?.max_items),
    count("minContains", JsonType::Array, Bound::AtLeast, |it| it.array.as_ref()?.min_contains),
    count("maxContains", JsonType::Array, Bound::AtMost, |it| it.array.as_ref()?.max_contains),
    count("minProperties", JsonType::Object, Bound::AtLeast, |it| it.object.as_ref()?.min_properties),
    count("maxProperties", JsonType::Object, Bound::AtMost, |it| it.object.as_ref()?.max_properties),
];

const fn count(keyword: &'static str, kind: JsonType, bound: Bound, read: fn(&Schema) -> Option<u64>) -> Count {
    Count { keyword, kind, bound, read }
}

impl Graph<'_> {
    pub(super) fn bounds(&self, pair: Pair<'_>, shared: Types, found: &mut Found) {
        if shared.has(JsonType::Number) || shared.has(JsonType::Integer) {
            let whole = !shared.has(JsonType::Number);
            for bound in [Bound::AtLeast, Bound::AtMost] {
                let (old, new) = (self.old.limit(pair.old, bound), self.new.limit(pair.new, bound));
                self.limits(pair, bound, [old, new], whole, found);
            }
            self.multiples(pair, found);
        }
        for count in COUNTS.iter().filter(|count| shared.has(count.kind)) {
            let (old, new) = (self.old.count(pair.old, count), self.new.count(pair.new, count));
            self.limits(pair, count.bound, [old, new], true, found);
        }
        if shared.has(JsonType::Array) {
            self.uniqueness(pair, found);
        }
        if shared.has(JsonType::String) {
            self.patterns(pair, found);
            self.content(pair, found);
        }
    }

    fn limits(&self, pair: Pair<'_>, bound: Bound, [old, new]: [Option<Limit>; 2], whole: bool, found: &mut Found) {
        let relation = match (&old, &new) {
            (None, None) => return,
            (None, Some(_)) => Relation::Narrower,
            (Some(_), None) => Relation::Wider,
            (Some(a), Some(b)) => match (a.order(b, bound, whole), bound) {
                (Ordering::Equal, _) => return,
                (Ordering::Less, Bound::AtMost) | (Ordering::Greater, Bound::AtLeast) => Relation::Wider,
                (Ordering::Greater, Bound::AtMost) | (Ordering::Less, Bound::AtLeast) => Relation::Narrower,
            },
        };
        let keyword = new.as_ref().or(old.as_ref()).map_or("", |limit| limit.keyword);
        let said = |limit: &Option<Limit>| {
            let limit = limit.as_ref()?;
            Some(Said::keyword(limit.id, limit.keyword, &limit.value))
        };
        let mut difference = Difference::new(Aspect::Bound(keyword), relation, said(&old), said(&new));
        if self.proving && difference.breaks(pair.way) {
            let candidates = self.around(pair, keyword, old.iter().chain(&new).map(|limit| &limit.value));
            self.prove(pair, &mut difference, candidates);
        }
        // `minLength: 0` says nothing.
        let is_idle = |limit: &Option<Limit>| limit.as_ref().is_none_or(Limit::is_idle);
        if is_idle(&old) && is_idle(&new) {
            return;
        }
        found.differences.push(difference);
    }

    /// `multipleOf`: what is a multiple of a multiple is a multiple.
    fn multiples(&self, pair: Pair<'_>, found: &mut Found) {
        let of = |side: Side<'_>, conj: &Conj| -> Vec<(Number, SchemaId)> {
            let parts = side.parts(conj);
            parts.filter_map(|(id, schema)| Some((schema.number.as_ref()?.multiple_of.clone()?, id))).collect()
        };
        let (olds, news) = (of(self.old, pair.old), of(self.new, pair.new));
        let covers = |inner: &[(Number, SchemaId)], outer: &[(Number, SchemaId)]| {
            let common = common_multiple(inner.iter().map(|(step, _)| step));
            outer.iter().all(|(step, _)| common.is_some_and(|common| is_multiple(common, step)))
        };
        let relation = match (olds.as_slice(), news.as_slice()) {
            ([], []) => return,
            ([], _) => Relation::Narrower,
            (_, []) => Relation::Wider,
            (olds, news) => super::compare::relation(covers(olds, news), covers(news, olds)),
        };
        let (old, new) = (olds.first().cloned(), news.first().cloned());
        if relation == Relation::Same {
            return;
        }
        let said =
            |it: &Option<(Number, SchemaId)>| it.as_ref().map(|(value, id)| Said::keyword(*id, "multipleOf", value));
        let mut difference = Difference::new(Aspect::Bound("multipleOf"), relation, said(&old), said(&new));
        if self.proving {
            let steps = [&old, &new].into_iter().flatten().map(|it| Value::Number(it.0.clone()));
            self.prove(pair, &mut difference, steps.chain((1..4).map(Value::from)));
        }
        found.differences.push(difference);
    }

    fn uniqueness(&self, pair: Pair<'_>, found: &mut Found) {
        let of =
            |side: Side<'_>, conj: &Conj| side.arrays_of(conj).find(|(_, array)| array.unique_items).map(|it| it.0);
        let (old, new) = (of(self.old, pair.old), of(self.new, pair.new));
        let relation = match (old, new) {
            (None, Some(_)) => Relation::Narrower,
            (Some(_), None) => Relation::Wider,
            _ => return,
        };
        let said = |id: Option<SchemaId>| id.map(|id| Said::keyword(id, "uniqueItems", true));
        let mut difference = Difference::new(Aspect::Bound("uniqueItems"), relation, said(old), said(new));
        if self.proving && difference.breaks(pair.way) {
            let item = self.sample(self.old, &self.old.items(pair.old, None), pair.way).unwrap_or(Value::Null);
            let several = |times| Value::Array(std::iter::repeat_n(item.clone(), times).collect());
            self.prove(pair, &mut difference, [2, 3].map(several));
        }
        found.differences.push(difference);
    }

    /// Texts have to match all patterns. Of several that differ nobody can tell which take more.
    fn patterns(&self, pair: Pair<'_>, found: &mut Found) {
        let of = |side: Side<'_>, conj: &Conj| -> Vec<(String, SchemaId)> {
            let said = side.parts(conj).filter_map(|(id, schema)| Some((schema.string.as_ref()?.pattern.clone()?, id)));
            // What matches everything says nothing.
            said.filter(|(pattern, _)| !matches!(pattern.as_str(), "" | ".*" | "^.*$")).collect()
        };
        let (old, new) = (of(self.old, pair.old), of(self.new, pair.new));
        let lost: Vec<_> = old.iter().filter(|(pattern, _)| !new.iter().any(|(other, _)| other == pattern)).collect();
        let added: Vec<_> = new.iter().filter(|(pattern, _)| !old.iter().any(|(other, _)| other == pattern)).collect();
        let said =
            |all: &[&(String, SchemaId)]| all.first().map(|(pattern, id)| Said::keyword(*id, "pattern", pattern));
        let difference = |relation| Difference::new(Aspect::Bound("pattern"), relation, said(&lost), said(&added));
        let mut difference = match (lost.as_slice(), added.as_slice()) {
            ([], []) => return,
            ([], _) => difference(Relation::Narrower),
            (_, []) => difference(Relation::Wider),
            ([(was, _)], [(is, _)]) => match self.patterns.apart(was, is) {
                None => difference(Relation::Unknown(UNTOLD)),
                Some(Apart { first_only: None, second_only: None }) => return,
                Some(Apart { first_only, second_only }) => {
                    let relation = super::compare::relation(first_only.is_none(), second_only.is_none());
                    let mut difference = difference(relation);
                    difference.lost = first_only.map(Value::String);
                    difference.gained = second_only.map(Value::String);
                    self.keep_proved(pair, &mut difference);
                    difference
                }
            },
            _ => difference(Relation::Unknown(UNTOLD)),
        };
        if self.proving || matches!(difference.relation, Relation::Unknown(_)) {
            self.prove(pair, &mut difference, TEXTS.iter().map(|text| Value::from(*text)));
        }
        if let (Relation::Unknown(_), Some(_), Some(_)) = (difference.relation, &difference.lost, &difference.gained) {
            difference.relation = Relation::Other;
        }
        found.differences.push(difference);
    }

    fn content(&self, pair: Pair<'_>, found: &mut Found) {
        type Read = fn(&Schema) -> Option<&String>;
        let keywords: [(&'static str, Read); 2] = [
            ("contentEncoding", |it| it.string.as_ref()?.content_encoding.as_ref()),
            ("contentMediaType", |it| it.string.as_ref()?.content_media_type.as_ref()),
        ];
        for (keyword, read) in keywords {
            let of = |side: Side<'_>, conj: &Conj| {
                side.parts(conj).find_map(|(id, schema)| Some((read(schema)?.clone(), id)))
            };
            let (old, new) = (of(self.old, pair.old), of(self.new, pair.new));
            if old.as_ref().map(|it| &it.0) == new.as_ref().map(|it| &it.0) {
                continue;
            }
            // The same text means something else now, on both ways.
            let relation = Relation::Other;
            let said = |it: Option<(String, SchemaId)>| it.map(|(text, id)| Said::keyword(id, keyword, text));
            found.differences.push(Difference::new(Aspect::Bound(keyword), relation, said(old), said(new)));
        }
    }

    /// What a text holds once it is decoded goes the same way as the text.
    pub(super) fn content_schemas(&mut self, pair: Pair<'_>, found: &mut Found) {
        let of = |side: Side<'_>, conj: &Conj| -> Vec<SchemaId> {
            side.parts(conj).filter_map(|(_, schema)| schema.string.as_ref()?.content_schema).collect()
        };
        let (old, new) = (of(self.old, pair.old), of(self.new, pair.new));
        if old.is_empty() && new.is_empty() {
            return;
        }
        let (old, new) = (self.old.conj(old), self.new.conj(new));
        found.inside.extend(self.pair(old, new, pair.way).map(|node| (Step::Member, node)));
    }

    /// Formats are types for who generates code from them: `int32` is part of `int64`, every format part of
    /// none. A value has to be of all that a conjunction names.
    pub(super) fn formats(&self, pair: Pair<'_>, shared: Types, found: &mut Found) {
        type Named = (Arc<str>, SchemaId);
        let of = |side: Side<'_>, conj: &Conj| -> Vec<Named> {
            let said = side.parts(conj).filter_map(|(id, schema)| Some((schema.format.clone()?, id)));
            said.filter(|(format, _)| is_of(format, shared)).collect()
        };
        let (old, new) = (of(self.old, pair.old), of(self.new, pair.new));
        let are_within = |inner: &[Named], outer: &[Named]| {
            outer.iter().all(|(format, _)| inner.iter().any(|(other, _)| is_part(other, format)))
        };
        let relation = super::compare::relation(are_within(&old, &new), are_within(&new, &old));
        if relation == Relation::Same {
            return;
        }
        let only = |these: &[Named], those: &[Named]| -> Option<Said> {
            let mut own = these.iter().filter(|(format, _)| !those.iter().any(|(other, _)| other == format));
            own.next().map(|(format, id)| Said::keyword(*id, "format", format))
        };
        let said = (only(&old, &new), only(&new, &old));
        found.differences.push(Difference::new(Aspect::Format, relation, said.0, said.1));
    }

    /// Values with an amount of something at and beside some limits.
    fn around<'n>(&self, pair: Pair<'_>, keyword: &str, limits: impl Iterator<Item = &'n Number>) -> Vec<Value> {
        let mut candidates = Vec::new();
        for limit in limits {
            if keyword.ends_with("imum") {
                candidates.extend(beside(limit));
                continue;
            }
            let Some(limit) = limit.as_u64().filter(|limit| *limit < MOST_PARTS) else { continue };
            for amount in [limit, limit + 1, limit.saturating_sub(1)] {
                candidates.extend(self.amount(pair, keyword, amount));
            }
        }
        candidates
    }

    /// A text, list or object of a size.
    fn amount(&self, pair: Pair<'_>, keyword: &str, amount: u64) -> Option<Value> {
        let times = usize::try_from(amount).ok()?;
        if keyword.ends_with("Length") {
            return Some(Value::String("a".repeat(times)));
        }
        if keyword.ends_with("Items") {
            let conj = self.old.items(pair.old, None);
            let item = self.sample(self.old, &conj, pair.way)?;
            return Some(Value::Array(std::iter::repeat_n(item, times).collect()));
        }
        None
    }
}

/// Why a change of a pattern is unknown.
const UNTOLD: &str = "it cannot be told which texts match one pattern and not the other";

/// Sizes up to which a witness is made.
const MOST_PARTS: u64 = 10_000;

/// Texts that tell many patterns apart.
const TEXTS: &[&str] = &[
    "",
    "a",
    "A",
    "0",
    "-1",
    "abc",
    "ABC",
    "a1",
    "a-b",
    "a b",
    "123",
    "a_b",
    "é",
    "00000000-0000-0000-0000-000000000000",
];

/// The smallest number that is a multiple of all; of fractions the largest of them, if it is one.
fn common_multiple<'n>(steps: impl Iterator<Item = &'n Number>) -> Option<f64> {
    fn divisor(a: f64, b: f64) -> f64 {
        if b == 0.0 { a } else { divisor(b, a % b) }
    }
    let mut common: Option<f64> = None;
    for step in steps.filter_map(Number::as_f64) {
        common = Some(match common {
            None => step,
            Some(known) if known.fract() == 0.0 && step.fract() == 0.0 => known / divisor(known, step) * step,
            Some(known) if is_ratio_whole(known, step) => known,
            Some(known) if is_ratio_whole(step, known) => step,
            Some(_) => return None,
        });
    }
    common
}

fn is_multiple(value: f64, step: &Number) -> bool {
    step.as_f64().is_some_and(|step| is_ratio_whole(value, step))
}

fn is_ratio_whole(a: f64, b: f64) -> bool {
    let ratio = a / b;
    (ratio - ratio.round()).abs() < 1e-9
}

fn beside(limit: &Number) -> Vec<Value> {
    if let Some(whole) = limit.as_i64() {
        return [0, 1, -1].iter().filter_map(|by| whole.checked_add(*by)).map(Value::from).collect();
    }
    let real = limit.as_f64().unwrap_or_default();
    [real, real.floor(), real.ceil(), real + 0.5, real - 0.5].into_iter().map(Value::from).collect()
}

impl Limit {
    /// Where two limits lie. Of whole numbers, above 5 is from 6 on.
    fn order(&self, other: &Self, bound: Bound, whole: bool) -> Ordering {
        let at = |limit: &Self| {
            let value = limit.value.as_f64().unwrap_or_default();
            match (limit.exclusive && whole && value.fract() == 0.0, bound) {
                (true, Bound::AtLeast) => (value + 1.0, false),
                (true, Bound::AtMost) => (value - 1.0, false),
                (false, _) => (value, limit.exclusive),
            }
        };
        let (a, b) = (at(self), at(other));
        let by_value = match (self.value.as_i64(), other.value.as_i64()) {
            (Some(x), Some(y)) if self.exclusive == other.exclusive => x.cmp(&y),
            _ => a.0.total_cmp(&b.0),
        };
        by_value.then_with(|| match bound {
            Bound::AtLeast => a.1.cmp(&b.1),
            Bound::AtMost => b.1.cmp(&a.1),
        })
    }

    /// Whether every count is within it.
    fn is_idle(&self) -> bool {
        let is_count = COUNTS.iter().any(|count| count.keyword == self.keyword && count.bound == Bound::AtLeast);
        is_count && self.keyword != "minContains" && self.value.as_u64() == Some(0)
    }
}

impl Side<'_> {
    /// The strictest limit of a number.
    fn limit(self, conj: &Conj, bound: Bound) -> Option<Limit> {
        let mut strictest: Option<Limit> = None;
        for (id, schema) in self.parts(conj) {
            let Some(number) = &schema.number else { continue };
            let said = match bound {
                Bound::AtLeast => {
                    [(&number.minimum, "minimum", false), (&number.exclusive_minimum, "exclusiveMinimum", true)]
                }
                Bound::AtMost => {
                    [(&number.maximum, "maximum", false), (&number.exclusive_maximum, "exclusiveMaximum", true)]
                }
            };
            for (value, keyword, exclusive) in said {
                let Some(value) = value.clone() else { continue };
                let limit = Limit { value, exclusive, keyword, id };
                strictest = Some(limit.stricter(strictest, bound));
            }
        }
        strictest
    }

    fn count(self, conj: &Conj, count: &Count) -> Option<Limit> {
        let mut strictest: Option<Limit> = None;
        for (id, schema) in self.parts(conj) {
            let Some(value) = (count.read)(schema) else { continue };
            let limit = Limit { value: value.into(), exclusive: false, keyword: count.keyword, id };
            strictest = Some(limit.stricter(strictest, count.bound));
        }
        strictest.filter(|limit| !limit.is_idle())
    }
}

impl Limit {
    fn stricter(self, other: Option<Self>, bound: Bound) -> Self {
        let Some(other) = other else { return self };
        let is_stricter = match bound {
            Bound::AtLeast => self.order(&other, bound, false).is_gt(),
            Bound::AtMost => self.order(&other, bound, false).is_lt(),
        };
        if is_stricter { self } else { other }
    }
}

/// Whether values of one format are values of the other.
fn is_part(inner: &str, outer: &str) -> bool {
    inner == outer
        || matches!((inner, outer), ("int32", "int64") | ("float", "double") | ("uint32", "int64" | "uint64"))
}

/// Whether a format says anything of these types. A number's format on a text is a remark.
fn is_of(format: &str, types: Types) -> bool {
    let is_number = matches!(format, "int32" | "int64" | "uint32" | "uint64" | "float" | "double");
    let numbers = types.has(JsonType::Number) || types.has(JsonType::Integer);
    if is_number { numbers } else { types.has(JsonType::String) || numbers }
}
