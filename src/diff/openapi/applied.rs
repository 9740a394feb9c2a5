//! Keywords that ask something of a whole value by a schema of their own: `not`, `if`, `contains`, `propertyNames`,
//! `dependentSchemas`, `unevaluatedItems` and `unevaluatedProperties`; and `dependentRequired`, which is like them.
//!
//! What is equal on both sides is left out. One that only one side has narrows it. Of one that changed, the schemas
//! inside are asked which includes the other; where that cannot be told, or there are several, nobody can tell.

use serde_json::{Map, Value};

use super::compare::{Found, Pair, relation};
use super::conj::{Conj, Side};
use super::graph::{Aspect, Difference, Graph, Included, Inner, Relation, Said, Way, union};
use crate::model::contract::SchemaId;

/// Why a change of such a keyword is unknown.
const UNTOLD: &str = "nobody can tell what it means for the values";

/// One such keyword as a side says it.
#[derive(Clone, Debug)]
struct Applied {
    keyword: &'static str,
    /// What it is about, where there may be several: the property of `dependentSchemas`.
    about: Option<String>,
    /// The class of what it says.
    class: u64,
    /// The schema that it is written in.
    owner: SchemaId,
    asks: Asks,
}

/// What is asked, as far as it can be compared.
#[derive(Clone, Debug)]
enum Asks {
    Schema(SchemaId),
    Not(SchemaId),
    /// `if`, `then` and `else`.
    Branches([Option<SchemaId>; 3]),
    /// Names that must be there as well.
    Names(Vec<String>),
    /// What it means depends on all the keywords beside it.
    Unevaluated,
}

impl Graph<'_> {
    pub(super) fn applied(&mut self, pair: Pair<'_>, found: &mut Found) {
        let (mut old, mut new) = (self.old.applied(pair.old), self.new.applied(pair.new));
        old.retain(|it| match new.iter().position(|other| other.keyword == it.keyword && other.class == it.class) {
            Some(at) => {
                new.remove(at);
                false
            }
            None => true,
        });
        let keys = |all: &[Applied]| all.iter().map(|it| (it.keyword, it.about.clone())).collect::<Vec<_>>();
        let (was, is) = (keys(&old), keys(&new));
        for key in union(was.iter(), is.iter()) {
            let of = |all: &[Applied]| -> Vec<Applied> {
                all.iter().filter(|it| it.keyword == key.0 && it.about == key.1).cloned().collect()
            };
            let (was, is) = (of(&old), of(&new));
            if let ([a], [b]) = (was.as_slice(), is.as_slice())
                && self.branches(pair, a, b, found)
            {
                continue;
            }
            let relation = match (was.as_slice(), is.as_slice()) {
                ([], _) => Relation::Narrower,
                (_, []) => Relation::Wider,
                ([a], [b]) => self.asked(pair, &a.asks, &b.asks),
                _ => Relation::Unknown(UNTOLD),
            };
            if relation == Relation::Same {
                continue;
            }
            let said = |all: &[Applied]| all.first().map(Applied::said);
            let mut difference = Difference::new(Aspect::Bound(key.0), relation, said(&was), said(&is));
            if self.proving && difference.breaks(pair.way) {
                let candidates = self.showing(pair, &was, &is);
                self.prove(pair, &mut difference, candidates);
            }
            found.differences.push(difference);
        }
    }

    /// How what is asked now lies to what was asked.
    fn asked(&mut self, pair: Pair<'_>, old: &Asks, new: &Asks) -> Relation {
        match (old, new) {
            (Asks::Schema(a), Asks::Schema(b)) => self.between(Some(*a), Some(*b), pair.way),
            (Asks::Not(a), Asks::Not(b)) => match self.between(Some(*a), Some(*b), pair.way) {
                Relation::Wider => Relation::Narrower,
                Relation::Narrower => Relation::Wider,
                other => other,
            },
            (Asks::Names(a), Asks::Names(b)) => {
                let is_within = |inner: &[String], outer: &[String]| inner.iter().all(|name| outer.contains(name));
                relation(is_within(b, a), is_within(a, b))
            }
            _ => Relation::Unknown(UNTOLD),
        }
    }

    /// With the same condition each branch is a difference of its own; what is not written asks for nothing.
    fn branches(&mut self, pair: Pair<'_>, old: &Applied, new: &Applied, found: &mut Found) -> bool {
        let (Asks::Branches(a), Asks::Branches(b)) = (&old.asks, &new.asks) else { return false };
        let class = |side: Side<'_>, id: Option<SchemaId>| id.map(|id| side.classes.get(id));
        if class(self.old, a[0]) != class(self.new, b[0]) {
            return false;
        }
        for (keyword, was, is) in [("then", a[1], b[1]), ("else", a[2], b[2])] {
            let relation = self.between(was, is, pair.way);
            if relation != Relation::Same {
                let said = |owner: SchemaId, id: Option<SchemaId>| {
                    let known = Said { text: None, ..Said::keyword(owner, keyword, "") };
                    if id.is_some() { known } else { Said::schema(owner) }
                };
                let (was, is) = (said(old.owner, was), said(new.owner, is));
                found.differences.push(Difference::new(Aspect::Bound(keyword), relation, Some(was), Some(is)));
            }
        }
        true
    }

    /// Which of two schemas includes the other.
    fn between(&mut self, old: Option<SchemaId>, new: Option<SchemaId>, way: Way) -> Relation {
        let (old, new) = (self.old.conj(old), self.new.conj(new));
        match (old.is_anything(), new.is_anything()) {
            (true, true) => return Relation::Same,
            (true, false) => return Relation::Narrower,
            (false, true) => return Relation::Wider,
            (false, false) => {}
        }
        let inside = [Inner::Old, Inner::New].map(|inner| self.is_included(old.clone(), new.clone(), way, inner));
        match inside {
            [Included::Unknown, _] | [_, Included::Unknown] => Relation::Unknown(UNTOLD),
            [old_in_new, new_in_old] => relation(old_in_new == Included::Yes, new_in_old == Included::Yes),
        }
    }

    /// Values at which such keywords may be seen.
    fn showing(&self, pair: Pair<'_>, old: &[Applied], new: &[Applied]) -> Vec<Value> {
        let sides = [(self.old, pair.old, old), (self.new, pair.new, new)];
        let wholes: Vec<Value> =
            sides.iter().filter_map(|(side, conj, _)| self.sample(*side, conj, pair.way)).collect();
        let mut candidates = wholes.clone();
        for (side, conj, applied) in sides {
            for it in applied {
                match (&it.asks, &it.about) {
                    (Asks::Schema(id) | Asks::Not(id), None) => {
                        let Some(value) = self.sample(side, &side.conj([*id]), pair.way) else { continue };
                        candidates.push(Value::Array(vec![value.clone()]));
                        candidates.push(value);
                    }
                    (_, Some(name)) => {
                        let (roots, _) = side.property_roots(conj, name, &self.patterns);
                        let value = self.sample(side, &side.conj(roots), pair.way).unwrap_or(Value::Null);
                        candidates.extend(wholes.iter().filter_map(|whole| with(whole, name, &value)));
                    }
                    _ => {}
                }
            }
        }
        candidates
    }
}

/// An object with one more member.
fn with(whole: &Value, name: &str, value: &Value) -> Option<Value> {
    let mut members: Map<String, Value> = whole.as_object()?.clone();
    members.insert(name.to_owned(), value.clone());
    Some(Value::Object(members))
}

impl Applied {
    fn said(&self) -> Said {
        let text = match &self.asks {
            Asks::Names(names) => self.about.as_ref().map(|about| format!("{about}: {}", names.join(", "))),
            _ => None,
        };
        Said { text, ..Said::keyword(self.owner, self.keyword, "") }
    }
}

impl Side<'_> {
    fn applied(self, conj: &Conj) -> Vec<Applied> {
        let mut all = Vec::new();
        let class = |id: SchemaId| self.classes.get(id);
        for (owner, schema) in self.parts(conj) {
            let mut add = |keyword, class: u64, asks| all.push(Applied { keyword, about: None, class, owner, asks });
            if let Some(parts) = &schema.composition {
                if let Some(not) = parts.not {
                    add("not", class(not), Asks::Not(not));
                }
                if let Some(condition) = parts.condition {
                    let branches = [Some(condition), parts.then, parts.otherwise];
                    add("if", super::classes::hash(&branches.map(|id| id.map(class))), Asks::Branches(branches));
                }
            }
            if let Some(array) = &schema.array {
                if let Some(contains) = array.contains {
                    // With `maxContains` fewer items may fit where more values do.
                    let asks = array.max_contains.map_or(Asks::Schema(contains), |_| Asks::Unevaluated);
                    add("contains", class(contains), asks);
                }
                if let Some(rest) = array.unevaluated_items {
                    add("unevaluatedItems", class(rest), Asks::Unevaluated);
                }
            }
            if let Some(object) = &schema.object {
                if let Some(names) = object.property_names {
                    add("propertyNames", class(names), Asks::Schema(names));
                }
                if let Some(rest) = object.unevaluated_properties {
                    add("unevaluatedProperties", class(rest), Asks::Unevaluated);
                }
                for (name, id) in &object.dependent_schemas {
                    let class = super::classes::hash(&(name, class(*id)));
                    let (keyword, about) = ("dependentSchemas", Some(name.to_string()));
                    all.push(Applied { keyword, about, class, owner, asks: Asks::Schema(*id) });
                }
                for (name, others) in &object.dependent_required {
                    let class = super::classes::hash(&(name, others));
                    let (keyword, about) = ("dependentRequired", Some(name.to_string()));
                    let asks = Asks::Names(others.iter().map(ToString::to_string).collect());
                    all.push(Applied { keyword, about, class, owner, asks });
                }
            }
        }
        all
    }
}
