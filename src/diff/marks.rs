//! How long elements will be there: deprecated, and the day from which they may be gone.
//!
//! A mark on something holds for everything in it. What was done is one mark put on or taken off, so it is told of
//! the outermost element alone.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::partners;
use super::pair::Pairs;
use super::travel::{Search, Travel};
use crate::model::change::{Change, ChangeKind, Compatibility, Direction, Element, Ids, Sides, Spot, What};
use crate::model::contract::{
    ContractId, ContractKind, FieldRef, Mark, Marks, MessageId, Operation, OperationId, Parameter,
};
use crate::model::source::Site;

/// An element that both sides have.
struct Pair<'a> {
    element: Element,
    old: &'a Marks,
    new: &'a Marks,
    /// Its place in Head.
    site: &'a Site,
    direction: Direction,
    operations: Vec<OperationId>,
}

/// Marks of operations, their parameters, and fields. Deprecation of protobuf is told with the rest of its options.
pub(super) fn changes(sides: Sides<'_>, pairs: &Pairs, openapi: &Travel) -> Vec<Change> {
    let mut found = Found::default();
    for (id, old, new) in operations(sides, pairs) {
        found.add(sides, operation(id, old, new));
    }
    for (id, old, new) in operations(sides, pairs) {
        parameters(id, old, new).for_each(|pair| found.add(sides, pair));
    }
    let mut search = Search::default();
    for (node, (base, head)) in openapi.nodes() {
        let Some(head) = head else { continue };
        // Where a message stands costs a search, which few of them need.
        let mut place = None;
        for pair in fields(sides, base, head) {
            let find = || search.whereabouts(openapi, std::iter::once(node));
            let (direction, operations) = place.get_or_insert_with(find).clone();
            found.add(sides, Pair { direction, operations: operations.into_iter().collect(), ..pair });
        }
    }
    for (base, head) in protobuf_messages(sides, pairs) {
        fields(sides, base, head).for_each(|pair| found.add(sides, pair));
    }
    found.changes
}

/// Changes, each mark once.
#[derive(Default)]
struct Found {
    changes: Vec<Change>,
    told: BTreeSet<(ChangeKind, Site)>,
}

impl Found {
    fn add(&mut self, sides: Sides<'_>, pair: Pair<'_>) {
        let contract = pair.element.base.map(|ids| sides.base.contract(ids.contract).kind);
        let is_openapi = contract == Some(ContractKind::OpenApi);
        let changes = [deprecation(&pair).filter(|_| is_openapi), sunset(&pair)];
        for (mut change, site) in changes.into_iter().flatten() {
            if self.told.insert((change.kind, site)) {
                if is_openapi {
                    change.aliases = aliases(&change);
                }
                self.changes.push(change);
            }
        }
    }
}

fn operations<'a>(
    sides: Sides<'a>,
    pairs: &Pairs,
) -> impl Iterator<Item = (OperationId, &'a Operation, (OperationId, &'a Operation))> {
    let paired = sides.base.operations().map(|(id, old)| (id, old, pairs.operation(id)));
    paired.filter_map(move |(id, old, head)| {
        let head = head?;
        Some((id, old, (head, sides.head.operations.get(head.index())?)))
    })
}

fn operation<'a>(id: OperationId, old: &'a Operation, (head, new): (OperationId, &'a Operation)) -> Pair<'a> {
    let element = Element {
        what: What::Operation,
        name: old.key.clone(),
        base: Some(Ids::operation(old.contract, id)),
        head: Some(Ids::operation(new.contract, head)),
    };
    let (old, new, site) = (&old.marks, &new.marks, &new.site);
    Pair { element, old, new, site, direction: Direction::default(), operations: vec![id] }
}

fn parameters<'a>(
    id: OperationId,
    old: &'a Operation,
    (head, new): (OperationId, &'a Operation),
) -> impl Iterator<Item = Pair<'a>> {
    let partner = |parameter: &Parameter| {
        new.parameters.iter().find(|it| it.place == parameter.place && it.name == parameter.name)
    };
    let pairs = old.parameters.iter().filter_map(move |parameter| Some((parameter, partner(parameter)?)));
    pairs.map(move |(parameter, partner)| Pair {
        element: Element {
            what: What::Parameter(parameter.place),
            name: parameter.name.clone(),
            base: Some(Ids::operation(old.contract, id)),
            head: Some(Ids::operation(new.contract, head)),
        },
        old: &parameter.marks,
        new: &partner.marks,
        site: &partner.site,
        direction: Direction { request: true, response: false },
        operations: vec![id],
    })
}

/// Fields whose marks differ.
fn fields(sides: Sides<'_>, base: MessageId, head: MessageId) -> impl Iterator<Item = Pair<'_>> {
    let messages = sides.base.messages.get(base.index()).zip(sides.head.messages.get(head.index()));
    let pairs = messages.into_iter().flat_map(|(old, new)| {
        let partners = (0..).zip(&old.fields).zip(partners(&old.fields, &new.fields));
        partners.filter_map(|((index, field), at)| Some((index, field, at?, new.fields.get(at?)?)))
    });
    let changed = pairs.filter(|(_, field, _, partner)| differ(&field.marks, &partner.marks));
    changed.filter_map(move |(index, field, at, partner)| {
        let old = FieldRef { message: base, index };
        let new = FieldRef { message: head, index: u32::try_from(at).ok()? };
        let contract = |catalog: &crate::model::contract::Catalog, at: FieldRef| catalog.message(at.message).contract;
        Some(Pair {
            element: Element {
                what: What::Field,
                name: sides.base.field_name(old),
                base: Some(Ids::field(contract(sides.base, old), old)),
                head: Some(Ids::field(contract(sides.head, new), new)),
            },
            old: &field.marks,
            new: &partner.marks,
            site: &partner.site,
            direction: Direction::default(),
            operations: Vec::new(),
        })
    })
}

/// Messages of protobuf are what they are called.
fn protobuf_messages(sides: Sides<'_>, pairs: &Pairs) -> Vec<(MessageId, MessageId)> {
    let mut named: BTreeMap<(ContractId, &str), MessageId> = BTreeMap::new();
    for (id, message) in sides.head.messages() {
        named.entry((message.contract, &message.name)).or_insert(id);
    }
    let is_protobuf = |contract| sides.base.contract(contract).kind == ContractKind::Protobuf;
    let messages = sides.base.messages().filter(|(_, message)| is_protobuf(message.contract));
    let partner = |contract, name: &str| named.get(&(pairs.contract(contract)?, name)).copied();
    messages.filter_map(|(id, message)| Some((id, partner(message.contract, &message.name)?))).collect()
}

fn differ(old: &Marks, new: &Marks) -> bool {
    let day = |marks: &Marks| marks.sunset.as_ref().map(|(day, _)| *day);
    old.deprecated.is_some() != new.deprecated.is_some() || day(old) != day(new)
}

/// A mark that was put on or taken off, and the place that tells it from others.
fn deprecation(pair: &Pair<'_>) -> Option<(Change, Site)> {
    let day = |marks: &Marks| marks.sunset.as_ref().map(|(day, _)| day.to_string());
    let spot = |mark: &Mark, marks: &Marks| Spot { site: mark.site.clone(), value: day(marks) };
    match (&pair.old.deprecated, &pair.new.deprecated) {
        (None, Some(mark)) => {
            let change = Change { new: Some(spot(mark, pair.new)), ..pair.change(ChangeKind::Deprecated) };
            Some((change, mark.site.clone()))
        }
        (Some(mark), None) => {
            let new = Some(Spot::at(pair.site.clone()));
            let old = Some(spot(mark, pair.old));
            Some((Change { old, new, ..pair.change(ChangeKind::Reactivated) }, mark.site.clone()))
        }
        _ => None,
    }
}

/// A day that was set, moved or withdrawn, unless that came with the deprecation.
fn sunset(pair: &Pair<'_>) -> Option<(Change, Site)> {
    let is_told = pair.old.deprecated.is_some() != pair.new.deprecated.is_some();
    let spot = |(day, mark): &(jiff::civil::Date, Mark)| Spot::with(mark.site.clone(), day.to_string());
    let (kind, old, new) = match (&pair.old.sunset, &pair.new.sunset) {
        (Some(old), Some(new)) if new.0 < old.0 => (ChangeKind::SunsetMovedEarlier, Some(old), Some(new)),
        (Some(old), Some(new)) if new.0 > old.0 => (ChangeKind::Described, Some(old), Some(new)),
        (Some(old), None) if !is_told => (ChangeKind::Described, Some(old), None),
        (None, Some(new)) if !is_told => (ChangeKind::Described, None, Some(new)),
        _ => return None,
    };
    let site = new.or(old).map(|(_, mark)| mark.site.clone())?;
    let mut change = Change {
        facet: "sunset",
        old: old.map(spot),
        new: Some(new.map_or_else(|| Spot::at(pair.site.clone()), spot)),
        ..pair.change(kind)
    };
    if kind == ChangeKind::SunsetMovedEarlier {
        change.compatibility = Compatibility::Breaking(None);
    }
    Some((change, site))
}

impl Pair<'_> {
    fn change(&self, kind: ChangeKind) -> Change {
        Change {
            direction: self.direction,
            operations: self.operations.clone(),
            ..Change::new(kind, self.element.clone())
        }
    }
}

/// The ids of oasdiff.
fn aliases(change: &Change) -> Vec<String> {
    let has_day = change.new.as_ref().is_some_and(|spot| spot.value.is_some());
    let stems: Vec<&str> = match change.element.what {
        What::Operation => vec!["endpoint"],
        What::Parameter(_) => vec!["request-parameter"],
        _ => {
            let ways =
                [(change.direction.request, "request-property"), (change.direction.response, "response-property")];
            ways.into_iter().filter(|(is, _)| *is).map(|(_, stem)| stem).collect()
        }
    };
    let id = |stem: &str| match (change.kind, stem) {
        (ChangeKind::Deprecated, "request-parameter") => Some(format!("{stem}-deprecated")),
        (ChangeKind::Deprecated, _) if has_day => Some(format!("{stem}-deprecated-with-sunset")),
        (ChangeKind::Deprecated, _) => Some(format!("{stem}-deprecated")),
        (ChangeKind::Reactivated, _) => Some(format!("{stem}-reactivated")),
        (ChangeKind::SunsetMovedEarlier, "endpoint") => Some("api-sunset-date-changed-too-small".to_owned()),
        (ChangeKind::SunsetMovedEarlier, "request-parameter") => Some(format!("{stem}-sunset-date-changed-too-small")),
        (ChangeKind::Described, "endpoint") if !has_day => Some("sunset-deleted".to_owned()),
        (ChangeKind::Described, "request-parameter") if !has_day => Some(format!("{stem}-sunset-deleted")),
        _ => None,
    };
    stems.into_iter().filter_map(id).collect()
}
