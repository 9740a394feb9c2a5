//! What differs between two places.

use serde_json::Value;

use super::conj::{Conj, Side, same, widened};
use super::graph::{Aspect, Difference, Graph, NodeId, Relation, Said, Step, Way};
use crate::model::contract::{JsonType, SchemaId, Types};

/// What came of comparing two places.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) differences: Vec<Difference>,
    pub(super) inside: Vec<(Step, NodeId)>,
}

/// Two places with the way between them: what every comparison needs.
#[derive(Clone, Copy)]
pub(super) struct Pair<'p> {
    pub(super) old: &'p Conj,
    pub(super) new: &'p Conj,
    pub(super) way: Way,
}

impl<'a> Graph<'a> {
    /// Everything that differs between two places, and the places inside.
    pub(super) fn compare(&mut self, old: &Conj, new: &Conj, way: Way, found: &mut Found) {
        let (mut old, mut new) = (old.clone(), new.clone());
        self.nullability(&mut old, &mut new, found);
        let (old, new) = (self.old.collapsed(old), self.new.collapsed(new));
        self.choices(Pair { old: &old, new: &new, way }, found);
        // Who wrote another type wrote whether `null` is one as well.
        let is_replaced = |it: &Difference| it.aspect == Aspect::Type && it.relation == Relation::Other;
        if found.differences.iter().any(is_replaced) {
            found.differences.retain(|it| it.aspect != Aspect::Null);
        }
    }

    /// `null` is told apart from all other values, so that a nullable string is still a string.
    fn nullability(&self, old: &mut Conj, new: &mut Conj, found: &mut Found) {
        let null: Types = [JsonType::Null].into_iter().collect();
        if !old.only.has(JsonType::Null) || !new.only.has(JsonType::Null) {
            return;
        }
        let (was, is) = (self.old.takes_null(old), self.new.takes_null(new));
        let rest = Types::all().without(null);
        let is_said = self.old.says_type(old) && self.new.says_type(new);
        if was != is && is_said {
            let relation = if is { Relation::Wider } else { Relation::Narrower };
            let said =
                |side: Side<'_>, conj: &Conj| side.typed_by(conj).or(conj.ids.first().copied()).map(Said::schema);
            let mut difference = Difference::new(Aspect::Null, relation, said(self.old, old), said(self.new, new));
            *(if is { &mut difference.gained } else { &mut difference.lost }) = Some(Value::Null);
            found.differences.push(difference);
        }
        // Where nothing else is allowed, there is nothing else to compare.
        if !self.old.types(&old.among(rest)).is_empty() || !self.new.types(&new.among(rest)).is_empty() {
            *old = old.among(rest);
            *new = new.among(rest);
        }
    }

    /// Two places without an open choice.
    pub(super) fn keywords(&mut self, pair: Pair<'_>, found: &mut Found) {
        let shared = self.types(pair, found);
        if shared.is_empty() {
            return;
        }
        self.enumerations(pair, found);
        if !self.old.is_fixed(pair.old) || !self.new.is_fixed(pair.new) {
            self.formats(pair, shared, found);
            self.bounds(pair, shared, found);
        }
        self.defaults(pair, found);
        self.applied(pair, found);
        if shared.has(JsonType::String) {
            self.content_schemas(pair, found);
        }
        if shared.has(JsonType::Array) {
            self.arrays(pair, found);
        }
        if shared.has(JsonType::Object) {
            self.objects(pair, found);
        }
    }

    /// Compares the types, and says which both sides have.
    fn types(&self, pair: Pair<'_>, found: &mut Found) -> Types {
        let (old, new) = (self.old.types(pair.old), self.new.types(pair.new));
        let shared = old.and(new);
        // Values of an enumeration say more than their types.
        let is_by_values = |side: Side<'_>, conj: &Conj| side.is_fixed(conj) && side.typed_by(conj).is_none();
        let is_told = is_by_values(self.old, pair.old) || is_by_values(self.new, pair.new);
        if old == new || (is_told && !shared.is_empty()) {
            return shared;
        }
        let relation = relation(old.without(new).is_empty(), new.without(old).is_empty());
        let mut difference = Difference::new(
            Aspect::Type,
            relation,
            self.old.said_types(pair.old, old),
            self.new.said_types(pair.new, new),
        );
        let lost = old.without(new);
        let gained = new.without(old);
        if self.proving && difference.breaks(pair.way) {
            difference.lost = self.sample(self.old, &pair.old.among(lost), pair.way);
            difference.gained = self.sample(self.new, &pair.new.among(gained), pair.way);
            self.keep_proved(pair, &mut difference);
        }
        found.differences.push(difference);
        shared
    }

    /// The values that are listed; one that other keywords refuse is not there.
    pub(super) fn possible(&self, side: Side<'a>, conj: &Conj, way: Way) -> Option<Vec<(&'a Value, SchemaId)>> {
        let mut values = side.values(conj)?;
        values.retain(|(value, _)| self.accepts(side, conj, value, way) != Some(false));
        Some(values)
    }

    fn enumerations(&self, pair: Pair<'_>, found: &mut Found) {
        match (self.possible(self.old, pair.old, pair.way), self.possible(self.new, pair.new, pair.way)) {
            (Some(old), Some(new)) => {
                if self.is_list_kept(pair) && self.bounds_of_list(pair, &old, &new, found) {
                    return;
                }
                let open = self.old.is_open(pair.old) || self.new.is_open(pair.new);
                self.values(pair, &old, &new, open, found);
            }
            (None, None) => {}
            (old, new) => {
                let is_new = new.is_some();
                let said = |side: Side<'_>, values: &Option<Vec<(&Value, SchemaId)>>| {
                    let values = values.as_ref()?;
                    let id = values.first()?.1;
                    let text: Vec<String> = values.iter().map(|(value, _)| value.to_string()).collect();
                    Some(Said::keyword(id, side.listed_by(id), text.join(", ")))
                };
                let relation = if is_new { Relation::Narrower } else { Relation::Wider };
                let said = if is_new { (None, said(self.new, &new)) } else { (said(self.old, &old), None) };
                let anchor = new.as_ref().or(old.as_ref()).and_then(|values| values.first());
                let keyword = anchor.map_or("enum", |(_, id)| if is_new { self.new } else { self.old }.listed_by(*id));
                let mut difference = Difference::new(Aspect::Enum(keyword), relation, said.0, said.1);
                if self.proving && difference.breaks(pair.way) {
                    let (side, conj) = if is_new { (self.old, pair.old) } else { (self.new, pair.new) };
                    let other = self.unlike(side, conj, pair.way, old.or(new).unwrap_or_default());
                    *(if is_new { &mut difference.lost } else { &mut difference.gained }) = other;
                    self.keep_proved(pair, &mut difference);
                }
                found.differences.push(difference);
            }
        }
    }

    /// Whether both sides list the same values, whatever else they say of them.
    fn is_list_kept(&self, pair: Pair<'_>) -> bool {
        let (Some(old), Some(new)) = (self.old.values(pair.old), self.new.values(pair.new)) else { return false };
        let are_in = |these: &[(&Value, SchemaId)], those: &[(&Value, SchemaId)]| {
            these.iter().all(|(value, _)| those.iter().any(|(other, _)| same(value, other)))
        };
        are_in(&old, &new) && are_in(&new, &old)
    }

    /// Values that are listed as before, and of which a bound beside the list takes others: the bound is what was
    /// edited. Whether one was found.
    fn bounds_of_list(
        &self,
        pair: Pair<'_>,
        old: &[(&Value, SchemaId)],
        new: &[(&Value, SchemaId)],
        found: &mut Found,
    ) -> bool {
        let first = |these: &[(&Value, SchemaId)], those: &[(&Value, SchemaId)]| -> Option<Value> {
            let mut only = these.iter().filter(|(value, _)| !those.iter().any(|(other, _)| same(value, other)));
            only.next().map(|(value, _)| (*value).clone())
        };
        let (lost, gained) = (first(old, new), first(new, old));
        if lost.is_none() && gained.is_none() {
            return false;
        }
        let before = found.differences.len();
        self.bounds(pair, self.old.types(pair.old).and(self.new.types(pair.new)), found);
        for difference in &mut found.differences[before..] {
            difference.relation = relation(lost.is_none(), gained.is_none());
            (difference.lost, difference.gained) = (lost.clone(), gained.clone());
        }
        found.differences.len() > before
    }

    /// Values of two enumerations: each that only one side has is a difference of its own.
    pub(super) fn values(
        &self,
        pair: Pair<'_>,
        old: &[(&Value, SchemaId)],
        new: &[(&Value, SchemaId)],
        open: bool,
        found: &mut Found,
    ) {
        let is_in = |value: &Value, values: &[(&Value, SchemaId)]| values.iter().any(|(other, _)| same(value, other));
        if let ([(a, was)], [(b, is)]) = (old, new) {
            let are_constant = self.old.listed_by(*was) == "const" && self.new.listed_by(*is) == "const";
            if are_constant && !same(a, b) {
                let said = (Said::keyword(*was, "const", plain(a)), Said::keyword(*is, "const", plain(b)));
                let mut difference =
                    Difference::new(Aspect::Bound("const"), Relation::Other, Some(said.0), Some(said.1));
                (difference.lost, difference.gained) = (Some((*a).clone()), Some((*b).clone()));
                found.differences.push(difference);
                return;
            }
        }
        let anchor = |values: &[(&Value, SchemaId)], conj: &Conj| {
            values.first().map(|(_, id)| *id).or(conj.ids.first().copied())
        };
        let keyword = |side: Side<'_>, id: SchemaId, text: Option<&Value>| Said {
            text: text.map(plain),
            ..Said::keyword(id, side.listed_by(id), "")
        };
        for (value, id) in old.iter().filter(|(value, _)| !is_in(value, new)) {
            let here = anchor(new, pair.new).map(|id| keyword(self.new, id, None));
            let gone = keyword(self.old, *id, Some(value));
            let mut difference = Difference::new(Aspect::Value { open }, Relation::Narrower, Some(gone), here);
            difference.lost = Some((*value).clone());
            found.differences.push(difference);
        }
        for (value, id) in new.iter().filter(|(value, _)| !is_in(value, old)) {
            let there = anchor(old, pair.old).map(|id| keyword(self.old, id, None));
            let mut difference = Difference::new(
                Aspect::Value { open },
                Relation::Wider,
                there,
                Some(keyword(self.new, *id, Some(value))),
            );
            difference.gained = Some((*value).clone());
            found.differences.push(difference);
        }
    }

    fn defaults(&self, pair: Pair<'_>, found: &mut Found) {
        let (old, new) = (self.old.default(pair.old), self.new.default(pair.new));
        let is_same = match (old, new) {
            (Some((a, _)), Some((b, _))) => same(a, b),
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            let said =
                |it: Option<(&Value, SchemaId)>| it.map(|(value, id)| Said::keyword(id, "default", plain(value)));
            found.differences.push(Difference::new(Aspect::Default, Relation::Same, said(old), said(new)));
        }
    }

    /// Drops witnesses that the schemas as a whole do not bear out.
    pub(super) fn keep_proved(&self, pair: Pair<'_>, difference: &mut Difference) {
        let by_old = |value: &Value| self.accepts(self.old, pair.old, value, pair.way);
        let by_new = |value: &Value| self.accepts(self.new, pair.new, value, pair.way);
        difference.lost = difference.lost.take().filter(|it| by_old(it) == Some(true) && by_new(it) == Some(false));
        difference.gained = difference.gained.take().filter(|it| by_old(it) == Some(false) && by_new(it) == Some(true));
    }

    /// The first candidates that prove a difference, in either direction.
    pub(super) fn prove(
        &self,
        pair: Pair<'_>,
        difference: &mut Difference,
        candidates: impl IntoIterator<Item = Value>,
    ) {
        for value in candidates {
            if difference.is_proved(pair.way) {
                break;
            }
            let old = self.accepts(self.old, pair.old, &value, pair.way);
            let new = self.accepts(self.new, pair.new, &value, pair.way);
            match (old, new) {
                (Some(true), Some(false)) if difference.lost.is_none() => difference.lost = Some(value),
                (Some(false), Some(true)) if difference.gained.is_none() => difference.gained = Some(value),
                _ => {}
            }
        }
    }
}

/// The relation of two sets by which of them lies within the other.
pub(super) const fn relation(old_in_new: bool, new_in_old: bool) -> Relation {
    match (old_in_new, new_in_old) {
        (true, true) => Relation::Same,
        (true, false) => Relation::Wider,
        (false, true) => Relation::Narrower,
        (false, false) => Relation::Other,
    }
}

/// A value as people write it in YAML: text without quotes.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

impl<'a> Side<'a> {
    /// Whether the values are listed, so that other keywords for them say nothing more.
    pub(super) fn is_fixed(self, conj: &Conj) -> bool {
        self.parts(conj).any(|(_, schema)| schema.values.is_some())
    }

    /// The keyword by which a schema lists its values.
    fn listed_by(self, id: SchemaId) -> &'static str {
        if self.schemas.get(id).is_constant { "const" } else { "enum" }
    }

    /// The schema that says the type.
    fn typed_by(self, conj: &Conj) -> Option<SchemaId> {
        self.parts(conj).find(|(_, schema)| !schema.types.is_empty()).map(|(id, _)| id)
    }

    pub(super) fn said_types(self, conj: &Conj, types: Types) -> Option<Said> {
        let id = self.typed_by(conj).or(conj.ids.first().copied())?;
        let rest = Types::all().without([JsonType::Null].into_iter().collect());
        let names: Vec<&str> = types
            .iter()
            // Integers are numbers.
            .filter(|kind| *kind != JsonType::Integer || !types.has(JsonType::Number))
            .map(JsonType::name)
            .collect();
        let text = if types.and(rest) == rest { "anything".to_owned() } else { names.join(" or ") };
        Some(Said::keyword(id, "type", text))
    }

    /// Whether other values than those listed may follow.
    fn is_open(self, conj: &Conj) -> bool {
        self.parts(conj).any(|(_, schema)| schema.annotations.as_ref().is_some_and(|notes| notes.open_enum))
    }

    pub(super) fn default(self, conj: &Conj) -> Option<(&'a Value, SchemaId)> {
        self.parts(conj).find_map(|(id, schema)| Some((schema.annotations.as_ref()?.default.as_ref()?, id)))
    }

    /// A choice with a single member that matters is no choice.
    pub(super) fn collapsed(self, mut conj: Conj) -> Conj {
        while let Some((owner, member)) = self.choices(&conj).into_iter().find_map(|choice| {
            let mut left = choice.members.iter().filter(|member| self.matters(&conj, **member));
            let only = left.next()?;
            left.next().is_none().then_some((choice.owner, *only))
        }) {
            conj = self.chosen(&conj, owner, member);
        }
        conj
    }

    /// Whether a member of a choice has values of the types that are looked at.
    pub(super) fn matters(self, conj: &Conj, member: SchemaId) -> bool {
        let alone = self.conj([member]).among(conj.only);
        !self.types(&alone).is_empty() && self.values(&alone).is_none_or(|values| !values.is_empty())
    }

    /// Types of a conjunction, numbers with the integers in them.
    pub(super) fn all_types(self, conj: &Conj) -> Types {
        widened(self.types(conj))
    }
}
