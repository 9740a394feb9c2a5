//! `oneOf` and `anyOf`.
//!
//! Members have no names that count. Those that say the same are partners; then those of one schema name;
//! a member that is part of another one on the other side needs no partner. What is left is paired by
//! likeness, and what is left then was removed or added. Members of `oneOf` are taken as if several could
//! hold at once, which is exact where they exclude each other; where they do no more, that is a difference.

use serde_json::Value;

use super::compare::{Found, Pair};
use super::conj::{Choice, Conj, Side, same};
use super::graph::{Aspect, Difference, Graph, Included, Inner, Relation, Said, Step, Way};
use crate::model::contract::{JsonType, Schema, SchemaId, Types};

/// Members that a member without a partner is compared with.
const MAX_CANDIDATES: usize = 16;

/// Members that are looked at for two that may hold at once.
const MAX_MEMBERS: usize = 64;

/// A member of a union, alone or with everything around the union.
type Member = (SchemaId, Conj);

impl<'a> Graph<'a> {
    /// Compares two places whose choices may still be open.
    pub(super) fn choices(&mut self, pair: Pair<'_>, found: &mut Found) {
        let (old, new) = self.without_same_choices(pair, found);
        let pair = Pair { old: &old, new: &new, ..pair };
        let (olds, news) = (self.old.choices(&old), self.new.choices(&new));
        match (olds.as_slice(), news.as_slice()) {
            ([], []) => self.keywords(pair, found),
            (olds, news) if olds.len() == news.len() => {
                let around = (settled(&old, olds), settled(&new, news));
                self.keywords(Pair { old: &around.0, new: &around.1, ..pair }, found);
                for (a, b) in olds.iter().zip(news) {
                    self.discriminators(a, b, found);
                    let keyword = if a.keyword == b.keyword { b.keyword } else { "oneOf" };
                    let members = (self.old.alone(&old, a), self.new.alone(&new, b));
                    if a.keyword == "oneOf" && b.keyword == "oneOf" {
                        self.overlap(pair, (a, &members.0), (b, &members.1), found);
                    }
                    self.members(pair, keyword, members.0, members.1, found);
                }
            }
            (olds, news) => {
                let keyword = olds.first().or(news.first()).map_or("oneOf", |choice| choice.keyword);
                let types = (self.old.types(&old), self.new.types(&new));
                let members = (
                    self.old.alternatives(&old, olds.first(), types.0),
                    self.new.alternatives(&new, news.first(), types.1),
                );
                self.members(pair, keyword, members.0, members.1, found);
            }
        }
    }

    /// A value that satisfies two members of a `oneOf` is refused: where members excluded each other and do no more,
    /// fewer values may be left, though each member takes more.
    fn overlap(
        &self,
        pair: Pair<'_>,
        (old, olds): (&Choice<'_>, &[Member]),
        (new, news): (&Choice<'_>, &[Member]),
        found: &mut Found,
    ) {
        if self.overlapping(self.new, news).is_none() || self.overlapping(self.old, olds).is_some() {
            return;
        }
        // What no longer satisfies exactly one member is refused: never more than the members take, which is told of them.
        let relation = match pair.way {
            Way::Request => Relation::Unknown("members that excluded each other may now both be satisfied"),
            Way::Response => Relation::Narrower,
        };
        let said = |id| Said { text: None, ..Said::keyword(id, "oneOf", "") };
        let (was, is) = (said(old.owner), said(new.owner));
        let mut difference = Difference::new(Aspect::Bound("oneOf"), relation, Some(was), Some(is));
        let samples = news.iter().filter_map(|(_, member)| self.sample(self.new, member, pair.way));
        let olds = olds.iter().filter_map(|(_, member)| self.sample(self.old, member, pair.way));
        self.prove(pair, &mut difference, samples.chain(olds));
        difference.gained = None;
        if difference.lost.is_some() {
            difference.relation = Relation::Narrower;
        }
        found.differences.push(difference);
    }

    /// Two members that one value may satisfy, as far as types and listed values say.
    fn overlapping(&self, side: Side<'_>, members: &[Member]) -> Option<(SchemaId, SchemaId)> {
        let members = members.get(..MAX_MEMBERS).unwrap_or(members);
        for (at, (a, first)) in members.iter().enumerate() {
            for (b, second) in &members[at + 1..] {
                if !self.exclude(side, first, second) {
                    return Some((*a, *b));
                }
            }
        }
        None
    }

    /// Whether no value can satisfy both: they are of other types, list other values, or a property that one of them
    /// requires does.
    fn exclude(&self, side: Side<'_>, first: &Conj, second: &Conj) -> bool {
        if side.all_types(first).and(side.all_types(second)).is_empty() {
            return true;
        }
        let are_other = |a: &Conj, b: &Conj| have_none_in_common(side.values(a), side.values(b));
        let of = |conj: &Conj, name: &str| side.conj(side.property_roots(conj, name, &self.patterns).0);
        let required = side.required(first).into_iter().chain(side.required(second));
        are_other(first, second)
            || required.map(|(name, _)| name).any(|name| are_other(&of(first, name), &of(second, name)))
    }

    /// Both places without the choices that both have. What is left of those is how members are told apart.
    fn without_same_choices(&self, pair: Pair<'_>, found: &mut Found) -> (Conj, Conj) {
        let digest = |side: Side<'_>, choice: &Choice<'_>| {
            let mut classes: Vec<u64> = choice.members.iter().map(|id| side.classes.get(*id)).collect();
            classes.sort_unstable();
            classes
        };
        let mut news = self.new.choices(pair.new);
        let (mut in_old, mut in_new) = (Vec::new(), Vec::new());
        for choice in self.old.choices(pair.old) {
            let wanted = digest(self.old, &choice);
            if let Some(at) = news.iter().position(|other| digest(self.new, other) == wanted) {
                let partner = news.remove(at);
                self.discriminators(&choice, &partner, found);
                in_new.push(partner);
                in_old.push(choice);
            }
        }
        (settled(pair.old, &in_old), settled(pair.new, &in_new))
    }

    fn members(
        &mut self,
        pair: Pair<'_>,
        keyword: &'static str,
        old: Vec<Member>,
        new: Vec<Member>,
        found: &mut Found,
    ) {
        if let (Some(mut a), Some(mut b)) =
            (self.listed(self.old, &old, pair.way), self.listed(self.new, &new, pair.way))
        {
            // What stands around the choice may leave some of them out: `enum: [1]` beside a union of constants.
            a.retain(|(value, _)| self.accepts(self.old, pair.old, value, pair.way) != Some(false));
            b.retain(|(value, _)| self.accepts(self.new, pair.new, value, pair.way) != Some(false));
            self.values(pair, &a, &b, false, found);
            return;
        }
        let (mut old, mut new, mut partners) = (old, new, Vec::new());
        let all = (old.clone(), new.clone());
        self.pair_up(&mut old, &mut new, |graph, a, b| graph.old.is_same(&a.1, graph.new, &b.1), &mut partners);
        self.pair_up(&mut old, &mut new, |graph, a, b| is_named_alike(graph, a.0, b.0), &mut partners);
        // Several that take the place of one are like none of them more than like the others.
        if old.len() == 1 && new.len() > 1 && self.are_covered(&new, &all.0, pair, Inner::New) {
            new.clear();
        }
        if new.len() == 1 && old.len() > 1 && self.are_covered(&old, &all.1, pair, Inner::Old) {
            old.clear();
        }
        // What goes on as a part of a member with a partner of its own needs none; but objects that name the
        // same are partners, whatever else would take them.
        let (settled_old, settled_new): (Vec<Member>, Vec<Member>) = partners.iter().cloned().unzip();
        self.drop_covered(&mut old, &settled_new, pair, Inner::Old, false);
        self.drop_covered(&mut new, &settled_old, pair, Inner::New, false);
        if old.len() == 1 && new.len() == 1 {
            self.pair_up(&mut old, &mut new, |graph, a, b| graph.likeness(&a.1, &b.1) > 0, &mut partners);
        }
        self.pair_likest(&mut old, &mut new, HALF, &mut partners);
        self.drop_covered(&mut old, &all.1, pair, Inner::Old, true);
        self.drop_covered(&mut new, &all.0, pair, Inner::New, true);
        for (a, b) in partners {
            if let Some(node) = self.pair(a.1, b.1, pair.way) {
                found.inside.push((Step::Member, node));
            }
        }
        for (id, conj) in old {
            let mut gone = Difference::new(
                Aspect::Member { keyword, typed: self.old.is_typed(id) },
                Relation::Narrower,
                Some(self.old.said_member(id, &conj)),
                self.new.union_in(pair.new).map(Said::schema),
            );
            if self.proving && gone.breaks(pair.way) {
                gone.lost = self.sample(self.old, &conj, pair.way);
                self.keep_proved(pair, &mut gone);
            }
            found.differences.push(gone);
        }
        for (id, conj) in new {
            let mut added = Difference::new(
                Aspect::Member { keyword, typed: self.new.is_typed(id) },
                Relation::Wider,
                self.old.union_in(pair.old).map(Said::schema),
                Some(self.new.said_member(id, &conj)),
            );
            if self.proving && added.breaks(pair.way) {
                added.gained = self.sample(self.new, &conj, pair.way);
                self.keep_proved(pair, &mut added);
            }
            found.differences.push(added);
        }
    }

    /// The values of members that are nothing but lists of values.
    fn listed(&self, side: Side<'a>, members: &[Member], way: Way) -> Option<Vec<(&'a Value, SchemaId)>> {
        let mut all = Vec::new();
        for (_, conj) in members {
            all.extend(self.possible(side, conj, way).filter(|_| side.choices(conj).is_empty())?);
        }
        Some(all)
    }

    /// Takes out partners, first come, first served.
    fn pair_up(
        &self,
        old: &mut Vec<Member>,
        new: &mut Vec<Member>,
        is_partner: impl Fn(&Self, &Member, &Member) -> bool,
        partners: &mut Vec<(Member, Member)>,
    ) {
        let mut at = 0;
        while let Some(member) = old.get(at) {
            match new.iter().position(|other| is_partner(self, member, other)) {
                Some(beside) => partners.push((old.remove(at), new.remove(beside))),
                None => at += 1,
            }
        }
    }

    /// Leaves out members of which every value satisfies some member of the other side; objects only if asked.
    fn drop_covered(
        &mut self,
        members: &mut Vec<Member>,
        others: &[Member],
        pair: Pair<'_>,
        inner: Inner,
        objects: bool,
    ) {
        members.retain(|(_, member)| {
            let types = if inner == Inner::Old { self.old.types(member) } else { self.new.types(member) };
            (types.has(JsonType::Object) && !objects) || !self.is_covered(member, others, pair, inner)
        });
    }

    fn are_covered(&mut self, members: &[Member], others: &[Member], pair: Pair<'_>, inner: Inner) -> bool {
        members.iter().all(|(_, member)| self.is_covered(member, others, pair, inner))
    }

    fn is_covered(&mut self, member: &Conj, others: &[Member], pair: Pair<'_>, inner: Inner) -> bool {
        let types = if inner == Inner::Old { self.old.types(member) } else { self.new.types(member) };
        let mut candidates = Vec::new();
        for (_, other) in others {
            let its = if inner == Inner::Old { self.new.all_types(other) } else { self.old.all_types(other) };
            if types.without(its).is_empty() {
                candidates.push(other.clone());
            }
        }
        candidates.into_iter().take(MAX_CANDIDATES).any(|other| {
            let (old, new) = if inner == Inner::Old { (member.clone(), other) } else { (other, member.clone()) };
            self.is_included(old, new, pair.way, inner) == Included::Yes
        })
    }

    /// Takes out partners that are alike to this degree, the likest first.
    fn pair_likest(
        &self,
        old: &mut Vec<Member>,
        new: &mut Vec<Member>,
        least: usize,
        partners: &mut Vec<(Member, Member)>,
    ) {
        while let Some((at, beside)) = self.likest(old, new, least) {
            partners.push((old.remove(at), new.remove(beside)));
        }
    }

    /// The pair that is most alike.
    fn likest(&self, old: &[Member], new: &[Member], least: usize) -> Option<(usize, usize)> {
        let mut best = (0, None);
        for (at, a) in old.iter().enumerate().take(MAX_CANDIDATES) {
            for (beside, b) in new.iter().enumerate().take(MAX_CANDIDATES) {
                let likeness = self.likeness(&a.1, &b.1);
                if likeness > best.0 && likeness >= least {
                    best = (likeness, Some((at, beside)));
                }
            }
        }
        best.1
    }

    /// How alike two members are, in hundredths: objects by the names that they share, others by type.
    fn likeness(&self, old: &Conj, new: &Conj) -> usize {
        let shared = self.old.types(old).and(self.new.types(new));
        if shared.is_empty() {
            return 0;
        }
        if !shared.has(JsonType::Object) {
            return HALF;
        }
        if self.are_told_apart(old, new) {
            return 0;
        }
        let (a, b) = (self.old.names(old), self.new.names(new));
        if a.is_empty() || b.is_empty() {
            return HALF;
        }
        let both = a.iter().filter(|name| b.contains(name)).count();
        // A member that only got more names is the same one.
        let (by_all, by_fewer) = (100 * 2 * both / (a.len() + b.len()), 100 * both / a.len().min(b.len()));
        usize::midpoint(by_all, by_fewer)
    }

    /// Whether some property has listed values on both sides, and none in common: the members exclude each
    /// other, however alike they are otherwise.
    fn are_told_apart(&self, old: &Conj, new: &Conj) -> bool {
        self.old.names(old).into_iter().any(|name| {
            let (a, _) = self.old.property_roots(old, name, &self.patterns);
            let (b, _) = self.new.property_roots(new, name, &self.patterns);
            let (a, b) = (self.old.conj(a), self.new.conj(b));
            have_none_in_common(self.old.values(&a), self.new.values(&b))
        })
    }

    fn discriminators(&self, old: &Choice<'_>, new: &Choice<'_>, found: &mut Found) {
        let of = |side: Side<'_>, id: SchemaId| {
            let parts = side.schemas.get(id).composition.clone();
            parts.and_then(|parts| parts.discriminator)
        };
        let (a, b) = (of(self.old, old.owner), of(self.new, new.owner));
        let mut differ = |what: &'static str, was: Option<String>, is: Option<String>| {
            let said = |id, text: Option<String>| Said { text, ..Said::keyword(id, "discriminator", "") };
            let (was, is) = (said(old.owner, was), said(new.owner, is));
            found.differences.push(Difference::new(Aspect::Discriminator(what), Relation::Same, Some(was), Some(is)));
        };
        match (a, b) {
            (Some(a), Some(b)) => {
                if a.property != b.property {
                    differ("propertyName", Some(a.property.clone()), Some(b.property.clone()));
                }
                for (value, target) in &a.mapping {
                    match b.mapping.iter().find(|(other, _)| other == value) {
                        None => differ("mapping", Some(value.clone()), None),
                        Some((_, other)) if !names_same(target, other) => {
                            differ("mapping", Some(format!("{value}: {target}")), Some(format!("{value}: {other}")));
                        }
                        Some(_) => {}
                    }
                }
                for (value, _) in b.mapping.iter().filter(|(value, _)| !a.mapping.iter().any(|(old, _)| old == value)) {
                    differ("mapping", None, Some(value.clone()));
                }
            }
            (Some(a), None) => differ("discriminator", Some(a.property), None),
            (None, Some(b)) => differ("discriminator", None, Some(b.property)),
            (None, None) => {}
        }
    }
}

/// Whether both list values, and no value stands in both lists.
fn have_none_in_common(a: Option<Vec<(&Value, SchemaId)>>, b: Option<Vec<(&Value, SchemaId)>>) -> bool {
    let (Some(a), Some(b)) = (a, b) else { return false };
    !a.iter().any(|(value, _)| b.iter().any(|(other, _)| same(value, other)))
}

/// Likeness from which on members are taken for partners.
const HALF: usize = 50;

/// `#/components/schemas/Cat`, `./pets.yaml#/Cat` and `Cat` end alike.
fn names_same(a: &str, b: &str) -> bool {
    let last = |text: &str| text.rsplit(['/', '#']).next().unwrap_or_default().to_owned();
    last(a) == last(b)
}

fn is_named_alike(graph: &Graph<'_>, old: SchemaId, new: SchemaId) -> bool {
    let (a, b) = (graph.old.schemas.get(old), graph.new.schemas.get(new));
    let title = |schema: &Schema| schema.annotations.as_ref()?.title.clone();
    (a.name.is_some() && a.name == b.name)
        || (a.name.is_none() && b.name.is_none() && title(a).is_some() && title(a) == title(b))
}

/// The choices of a conjunction taken for settled.
fn settled(conj: &Conj, choices: &[Choice<'_>]) -> Conj {
    let settled = conj.settled.iter().copied().chain(choices.iter().map(|choice| choice.owner)).collect();
    Conj { settled, ..conj.clone() }
}

impl<'a> Side<'a> {
    /// Members of a choice that matter, each by itself.
    fn alone(self, conj: &Conj, choice: &Choice<'a>) -> Vec<Member> {
        let members = choice.members.iter().filter(|member| self.matters(conj, **member));
        members.map(|member| (*member, self.conj([*member]).among(conj.only))).collect()
    }

    /// Everything that a place may be: the members of its choice with what stands around it, or itself,
    /// one for each type that it may have.
    fn alternatives(self, conj: &Conj, choice: Option<&Choice<'a>>, types: Types) -> Vec<Member> {
        if let Some(choice) = choice {
            let members = choice.members.iter().filter(|member| self.matters(conj, **member));
            return members.map(|member| (*member, self.chosen(conj, choice.owner, *member))).collect();
        }
        let Some(id) = conj.ids.first().copied() else { return Vec::new() };
        let is_any = types == conj.only;
        let numbers: Types = [JsonType::Number, JsonType::Integer].into_iter().collect();
        let mut groups: Vec<Types> = types.without(numbers).iter().map(|kind| [kind].into_iter().collect()).collect();
        if !types.and(numbers).is_empty() {
            groups.push(types.and(numbers));
        }
        if is_any || groups.len() < 2 {
            return vec![(id, conj.clone())];
        }
        groups.into_iter().map(|group| (id, conj.among(group))).collect()
    }

    /// Names of properties, those in members of open choices left out.
    pub(super) fn names(self, conj: &Conj) -> Vec<&'a str> {
        let objects = self.parts(conj).filter_map(|(_, schema)| schema.object.as_ref());
        objects.flat_map(|object| object.properties.iter().map(|(name, _)| &**name)).collect()
    }

    /// The schema whose members a place chooses from: the same one from wherever it is referred to.
    fn union_in(self, conj: &Conj) -> Option<SchemaId> {
        let chooses = |schema: &Schema| {
            schema.composition.as_ref().is_some_and(|parts| !parts.one_of.is_empty() || !parts.any_of.is_empty())
        };
        let owner = self.parts(conj).find(|(_, schema)| chooses(schema)).map(|(id, _)| id);
        owner.or_else(|| self.object_in(conj))
    }

    /// Whether a member says nothing but its type.
    fn is_typed(self, id: SchemaId) -> bool {
        let schema = self.schemas.get(id);
        let is_plain = schema.types.iter().count() == 1 && schema.name.is_none() && schema.reference.is_none();
        is_plain && schema.object.is_none() && schema.array.is_none() && schema.values.is_none()
    }

    fn said_member(self, id: SchemaId, conj: &Conj) -> Said {
        let schema = self.schemas.get(id);
        let title = || schema.annotations.as_ref()?.title.clone();
        let types = || self.said_types(conj, self.types(conj)).and_then(|said| said.text).unwrap_or_default();
        let text = schema.name.as_ref().map(ToString::to_string).or_else(title).unwrap_or_else(types);
        Said { text: Some(text), ..Said::schema(id) }
    }
}
