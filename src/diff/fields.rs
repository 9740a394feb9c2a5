//! Fields of paired messages.

use std::collections::{BTreeMap, BTreeSet};

use super::travel::Travel;
use crate::model::change::{Breaks, Change, ChangeKind, Compatibility, Direction, Element, Ids, Sides, Spot, What};
use crate::model::contract::{Field, FieldRef, Message, MessageId, OperationId};

/// A field that some places have lost.
struct Loss {
    parent: MessageId,
    direction: Direction,
    operations: BTreeSet<OperationId>,
}

/// Fields that are gone from messages that are still there. A message that stands in several
/// places loses a field once.
pub(super) fn removed(sides: Sides<'_>, travel: &Travel) -> Vec<Change> {
    let mut losses: BTreeMap<FieldRef, Loss> = BTreeMap::new();
    let mut search = travel.search();
    for (node, (base, head)) in travel.nodes() {
        let Some(parent) = head else { continue };
        let (Some(old), Some(new)) = (sides.base.messages.get(base.index()), sides.head.messages.get(parent.index()))
        else {
            continue;
        };
        let gone = without_partner(&old.fields, &new.fields);
        if gone.is_empty() {
            continue;
        }
        let (direction, operations) = search.whereabouts(node);
        for index in gone {
            let loss = losses.entry(FieldRef { message: base, index }).or_insert_with(|| Loss {
                parent,
                direction: Direction { request: false, response: false },
                operations: BTreeSet::new(),
            });
            loss.direction.request |= direction.request;
            loss.direction.response |= direction.response;
            loss.operations.extend(&operations);
        }
    }
    let change = |(field, loss): (FieldRef, Loss)| {
        let parent = sides.head.message(loss.parent);
        let element = Element { head: Some(Ids::message(parent.contract, loss.parent)), ..element(sides, field) };
        Change {
            direction: loss.direction,
            operations: loss.operations.into_iter().collect(),
            old: Some(Spot::at(sides.base.field(field).site.clone())),
            new: Some(Spot::at(parent.site.clone())),
            breaks: Breaks {
                wire: true,
                json: true,
                source: true,
                request: loss.direction.request,
                response: loss.direction.response,
            },
            compatibility: Compatibility::Breaking(None),
            ..Change::new(ChangeKind::FieldRemoved, element)
        }
    };
    losses.into_iter().map(change).collect()
}

/// Fields that have lost a class of sensitive data, by a mark of their own or of their message.
pub(super) fn unmarked(sides: Sides<'_>, travel: &Travel) -> Vec<Change> {
    let mut lost: BTreeSet<(FieldRef, FieldRef, String)> = BTreeSet::new();
    for (_, (base, head)) in travel.nodes() {
        let Some(parent) = head else { continue };
        let (Some(old), Some(new)) = (sides.base.messages.get(base.index()), sides.head.messages.get(parent.index()))
        else {
            continue;
        };
        for (index, partner) in (0..).zip(partners(&old.fields, &new.fields)) {
            let Some((at, field)) = partner.and_then(|at| Some((at, new.fields.get(at)?))) else { continue };
            let (id, Ok(at)) = (FieldRef { message: base, index }, u32::try_from(at)) else { continue };
            let before = classes(sides.base.field(id), old);
            let after = classes(field, new);
            let in_head = FieldRef { message: parent, index: at };
            lost.extend(before.difference(&after).map(|class| (id, in_head, (*class).to_owned())));
        }
    }
    let change = |(field, in_head, class): (FieldRef, FieldRef, String)| {
        let head = Ids::field(sides.head.message(in_head.message).contract, in_head);
        let element = Element { head: Some(head), ..element(sides, field) };
        Change {
            old: Some(Spot::with(sides.base.field(field).site.clone(), class)),
            new: Some(Spot::at(sides.head.field(in_head).site.clone())),
            ..Change::new(ChangeKind::SensitiveMarkRemoved, element)
        }
    };
    lost.into_iter().map(change).collect()
}

/// A field of Base.
fn element(sides: Sides<'_>, field: FieldRef) -> Element {
    let contract = sides.base.message(field.message).contract;
    Element {
        what: What::Field,
        name: sides.base.field_name(field),
        base: Some(Ids::field(contract, field)),
        head: None,
    }
}

fn classes<'a>(field: &'a Field, message: &'a Message) -> BTreeSet<&'a str> {
    let marks = field.marks.sensitive.iter().chain(&message.marks.sensitive);
    marks.map(|sensitive| sensitive.class.as_str()).collect()
}

/// Indexes of old fields that no new one continues.
fn without_partner(old: &[Field], new: &[Field]) -> Vec<u32> {
    let partners = partners(old, new);
    (0..).zip(partners).filter(|(_, partner)| partner.is_none()).map(|(index, _)| index).collect()
}

/// For each old field the new one that continues it: the number says so first, so that a rename is
/// no removal, then the name. No new field continues two.
fn partners(old: &[Field], new: &[Field]) -> Vec<Option<usize>> {
    let mut numbers: BTreeMap<u32, usize> = BTreeMap::new();
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, field) in new.iter().enumerate() {
        names.entry(&field.name).or_insert(at);
        if let Some(number) = field.number {
            numbers.entry(number).or_insert(at);
        }
    }
    let by_number = |field: &Field| numbers.get(&field.number?).copied();
    let mut taken: BTreeSet<usize> = old.iter().filter_map(by_number).collect();
    let partner = |field: &Field| {
        by_number(field).or_else(|| names.get(field.name.as_str()).copied().filter(|at| taken.insert(*at)))
    };
    old.iter().map(partner).collect()
}
