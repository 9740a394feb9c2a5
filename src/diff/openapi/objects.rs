//! Objects.
//!
//! Declared names are the contract: a property that one side does not name is one that was removed or
//! added, although an object that says nothing of other names would take it. Where `additionalProperties`
//! is `false`, the names are all that there are, and sets of values decide.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::compare::{Found, Pair};
use super::conj::{Conj, Side};
use super::graph::{Aspect, Difference, Graph, Relation, Said, Step, Way, union};
use super::patterns::Patterns;
use crate::model::contract::{Annotations, ObjectKeywords, SchemaId};

/// A property as one side sees it.
struct Seen {
    /// What its value has to satisfy; that of other properties where no schema names it.
    conj: Conj,
    /// The schema that names it, and the place of the property.
    named: Option<SchemaId>,
    /// `readOnly` in a request, `writeOnly` in a response: it does not travel.
    hidden: Option<&'static str>,
}

impl Graph<'_> {
    pub(super) fn objects(&mut self, pair: Pair<'_>, found: &mut Found) {
        let (olds, news) = (self.old.property_names(pair.old), self.new.property_names(pair.new));
        for key in union(olds, news) {
            let old = self.old.property(pair.old, key, pair.way, &self.patterns);
            let new = self.new.property(pair.new, key, pair.way, &self.patterns);
            self.property(pair, key, old, new, found);
        }
        self.others(pair, found);
        self.pattern_properties(pair, found);
    }

    fn property(&mut self, pair: Pair<'_>, key: &Arc<str>, old: Seen, new: Seen, found: &mut Found) {
        let difference = match (old.named, new.named) {
            (None, None) => {
                let owners = self.old.object_in(pair.old).zip(self.new.object_in(pair.new));
                owners.and_then(|owners| self.requirement(pair, key, owners, &new.conj))
            }
            (Some(a), Some(b)) if old.hidden.is_none() && new.hidden.is_none() => {
                if let Some(node) = self.pair(old.conj.clone(), new.conj.clone(), pair.way) {
                    found.inside.push((Step::Property(key.clone()), node));
                }
                self.requirement(pair, key, (a, b), &new.conj)
            }
            (Some(a), Some(b)) => self.access(pair, key, (a, old.hidden), (b, new.hidden)),
            (Some(a), None) => old.hidden.is_none().then(|| self.removed(pair, key, a, &new.conj)),
            (None, Some(b)) => new.hidden.is_none().then(|| self.added(pair, key, b, &old.conj, &new.conj)),
        };
        if let Some(mut difference) = difference {
            if self.proving && difference.breaks(pair.way) {
                let candidates = self.objects_with(pair, key, &old.conj, &new.conj);
                self.prove(pair, &mut difference, candidates);
            }
            found.differences.push(difference);
        }
    }

    /// A property that both sides name may be required by one of them.
    fn requirement(
        &self,
        pair: Pair<'_>,
        key: &Arc<str>,
        (a, b): (SchemaId, SchemaId),
        new: &Conj,
    ) -> Option<Difference> {
        let (was, is) = (self.old.requires(pair.old, key), self.new.requires(pair.new, key));
        let relation = match (was.is_some(), is.is_some()) {
            (false, true) => Relation::Narrower,
            (true, false) => Relation::Wider,
            _ => return None,
        };
        let filled = self.new.default(new).is_some();
        let aspect = Aspect::Required { key: key.clone(), fresh: false, filled };
        let (old, new) = (self.old.said_required(was, a), self.new.said_required(is, b));
        Some(Difference::new(aspect, relation, Some(old), Some(new)))
    }

    /// A property that travels this way on one side only.
    fn access(
        &self,
        pair: Pair<'_>,
        key: &Arc<str>,
        (a, was_hidden): (SchemaId, Option<&'static str>),
        (b, is_hidden): (SchemaId, Option<&'static str>),
    ) -> Option<Difference> {
        let ((Some(keyword), None) | (None, Some(keyword))) = (was_hidden, is_hidden) else { return None };
        let was = was_hidden.is_none() && self.old.requires(pair.old, key).is_some();
        let is = is_hidden.is_none() && self.new.requires(pair.new, key).is_some();
        let said = |id: SchemaId, hidden: Option<&str>| Said {
            text: hidden.map(str::to_owned),
            ..Said::keyword(id, keyword, "")
        };
        let aspect = Aspect::Access { key: key.clone(), keyword, needed: was || is };
        let relation = if is { Relation::Narrower } else { Relation::Wider };
        Some(Difference::new(aspect, relation, Some(said(a, was_hidden)), Some(said(b, is_hidden))))
    }

    fn removed(&self, pair: Pair<'_>, key: &Arc<str>, property: SchemaId, new: &Conj) -> Difference {
        let closed = self.new.is_never(new);
        let was_required = self.old.requires(pair.old, key).is_some();
        let relation = match (closed, was_required) {
            (false, _) => Relation::Wider,
            // Objects with it are refused, and those without it are new.
            (true, true) => Relation::Other,
            (true, false) => Relation::Narrower,
        };
        let parent = self.new.object_in(pair.new).map(Said::schema);
        let text = was_required.then(|| "required".to_owned());
        let gone = Said { text, ..Said::schema(property) };
        Difference::new(Aspect::Property { key: key.clone(), closed }, relation, Some(gone), parent)
    }

    fn added(&self, pair: Pair<'_>, key: &Arc<str>, property: SchemaId, old: &Conj, new: &Conj) -> Difference {
        let parent = self.old.object_in(pair.old).map(Said::schema);
        let closed = self.old.is_never(old);
        let is_required = self.new.requires(pair.new, key).is_some();
        let (aspect, relation) = if is_required && pair.way == Way::Request {
            let filled = self.new.default(new).is_some();
            (Aspect::Required { key: key.clone(), fresh: true, filled }, Relation::Narrower)
        } else {
            let relation = if closed { Relation::Wider } else { Relation::Same };
            (Aspect::Property { key: key.clone(), closed }, relation)
        };
        let text = is_required.then(|| "required".to_owned());
        Difference::new(aspect, relation, parent, Some(Said { text, ..Said::schema(property) }))
    }

    /// Objects of either side with and without a property.
    fn objects_with(&self, pair: Pair<'_>, key: &str, old: &Conj, new: &Conj) -> Vec<Value> {
        let mut candidates = Vec::new();
        // One that lacks nothing else shows best that something is required.
        let wholes = [self.sample(self.new, pair.new, pair.way), self.sample(self.old, pair.old, pair.way)];
        let values = [self.sample(self.old, old, pair.way), self.sample(self.new, new, pair.way)];
        for whole in wholes.into_iter().flatten() {
            let Value::Object(members) = whole else { continue };
            let without: Map<String, Value> = members
                .iter()
                .filter(|(name, _)| *name != key)
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            candidates.push(Value::Object(without.clone()));
            for value in values.iter().flatten() {
                let mut with = without.clone();
                with.insert(key.to_owned(), value.clone());
                candidates.push(Value::Object(with));
            }
        }
        candidates
    }

    /// Properties that nobody names.
    fn others(&mut self, pair: Pair<'_>, found: &mut Found) {
        let (old, new) = (self.old.rest(pair.old), self.new.rest(pair.new));
        let (was, is) = (self.old.is_never(&old), self.new.is_never(&new));
        if was != is {
            let said = |conj: &Conj, never: bool| {
                let id = conj.ids.first().copied()?;
                Some(Said { text: never.then(|| "false".to_owned()), ..Said::schema(id) })
            };
            let parent = |side: Side<'_>, conj: &Conj| side.object_in(conj).map(Said::schema);
            let relation = if is { Relation::Narrower } else { Relation::Wider };
            let a = said(&old, was).or_else(|| parent(self.old, pair.old));
            let b = said(&new, is).or_else(|| parent(self.new, pair.new));
            let mut difference = Difference::new(Aspect::Rest, relation, a, b);
            if self.proving && difference.breaks(pair.way) {
                let candidates = self.objects_with(pair, UNHEARD_OF, &old, &new);
                self.prove(pair, &mut difference, candidates);
            }
            found.differences.push(difference);
        } else if !was {
            found.inside.extend(self.pair(old, new, pair.way).map(|node| (Step::Rest, node)));
        }
    }

    /// Schemas for names that match a pattern: equal patterns are partners.
    fn pattern_properties(&mut self, pair: Pair<'_>, found: &mut Found) {
        let (olds, news) = (self.old.pattern_properties(pair.old), self.new.pattern_properties(pair.new));
        for (pattern, id) in &olds {
            match news.iter().find(|(other, _)| other == pattern) {
                Some((_, other)) => {
                    let pairs = (self.old.conj([*id]), self.new.conj([*other]));
                    if let Some(node) = self.pair(pairs.0, pairs.1, pair.way) {
                        found.inside.push((Step::Rest, node));
                    }
                }
                None => {
                    let said = Said { text: Some((*pattern).to_string()), ..Said::schema(*id) };
                    let aspect = Aspect::Bound("patternProperties");
                    found.differences.push(Difference::new(aspect, Relation::Wider, Some(said), None));
                }
            }
        }
        for (pattern, id) in news.iter().filter(|(pattern, _)| !olds.iter().any(|(old, _)| old == pattern)) {
            let said = Said { text: Some((*pattern).to_string()), ..Said::schema(*id) };
            let aspect = Aspect::Bound("patternProperties");
            found.differences.push(Difference::new(aspect, Relation::Narrower, None, Some(said)));
        }
    }
}

/// A name that no contract has.
const UNHEARD_OF: &str = "unheardOf";

impl<'a> Side<'a> {
    fn objects_of(self, conj: &Conj) -> impl Iterator<Item = (SchemaId, &'a ObjectKeywords)> {
        self.parts(conj).filter_map(|(id, schema)| Some((id, schema.object.as_deref()?)))
    }

    /// The schema that says what objects of a place are like, behind references and what is written beside them: the
    /// same one from wherever it is referred to.
    pub(super) fn object_in(self, conj: &Conj) -> Option<SchemaId> {
        self.objects_of(conj).map(|(id, _)| id).next().or(conj.ids.first().copied())
    }

    /// Names of properties, declared or only required.
    fn property_names(self, conj: &Conj) -> Vec<&'a Arc<str>> {
        let declared = self.objects_of(conj).flat_map(|(_, object)| object.properties.iter().map(|(name, _)| name));
        union(declared, self.objects_of(conj).flat_map(|(_, object)| &object.required))
    }

    fn property(self, conj: &Conj, key: &str, way: Way, patterns: &Patterns) -> Seen {
        let (roots, named) = self.property_roots(conj, key, patterns);
        let conj = self.conj(roots);
        let hidden = named.and_then(|_| self.hidden(&conj, way));
        Seen { conj, named, hidden }
    }

    /// The schemas that the value of a property has to satisfy, and the first that names it.
    pub(super) fn property_roots(
        self,
        conj: &Conj,
        key: &str,
        patterns: &Patterns,
    ) -> (Vec<SchemaId>, Option<SchemaId>) {
        let (mut roots, mut first) = (Vec::new(), None);
        for (_, object) in self.objects_of(conj) {
            let mut is_known = false;
            if let Some((_, id)) = object.properties.iter().find(|(name, _)| **name == *key) {
                first = first.or(Some(*id));
                roots.push(*id);
                is_known = true;
            }
            for (pattern, id) in &object.pattern_properties {
                if patterns.matches(pattern, key) == Some(true) {
                    roots.push(*id);
                    is_known = true;
                }
            }
            if let (false, Some(id)) = (is_known, object.additional_properties) {
                roots.push(id);
            }
        }
        (roots, first)
    }

    /// The keyword by which a property does not travel this way.
    pub(super) fn hidden(self, property: &Conj, way: Way) -> Option<&'static str> {
        let (keyword, is): (_, fn(&Annotations) -> bool) = match way {
            Way::Request => ("readOnly", |notes| notes.read_only),
            Way::Response => ("writeOnly", |notes| notes.write_only),
        };
        let is_hidden = self.parts(property).any(|(_, schema)| schema.annotations.as_deref().is_some_and(is));
        is_hidden.then_some(keyword)
    }

    fn requires(self, conj: &Conj, key: &str) -> Option<(&'a Arc<str>, SchemaId)> {
        self.objects_of(conj).find_map(|(id, object)| Some((object.required.iter().find(|name| ***name == *key)?, id)))
    }

    fn said_required(self, required: Option<(&Arc<str>, SchemaId)>, property: SchemaId) -> Said {
        match required {
            Some((_, owner)) => Said { text: Some("required".to_owned()), ..Said::keyword(owner, "required", "") },
            None => Said::schema(property),
        }
    }

    /// What properties without a name of their own have to satisfy.
    fn rest(self, conj: &Conj) -> Conj {
        self.conj(self.objects_of(conj).filter_map(|(_, object)| object.additional_properties))
    }

    fn pattern_properties(self, conj: &Conj) -> Vec<(&'a Arc<str>, SchemaId)> {
        let all = self.objects_of(conj).flat_map(|(_, object)| &object.pattern_properties);
        all.map(|(pattern, id)| (pattern, *id)).collect()
    }
}
