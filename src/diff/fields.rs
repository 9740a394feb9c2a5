//! Marks on fields of paired messages.

use std::collections::BTreeSet;

use super::numbered::{self, Named};
use super::travel::Travel;
use crate::model::change::{Change, ChangeKind, Element, Ids, Sides, Spot, What};
use crate::model::contract::{Field, FieldRef, Message};

/// Fields that have lost a class of sensitive data, by a mark of their own or of their message.
pub(super) fn unmarked(sides: Sides<'_>, travel: &Travel) -> Vec<Change> {
    let mut lost: BTreeSet<(FieldRef, FieldRef, String)> = BTreeSet::new();
    for (_, (base, head)) in travel.nodes() {
        let Some(parent) = head else { continue };
        let (Some(old), Some(new)) = (sides.base.messages.get(base.index()), sides.head.messages.get(parent.index()))
        else {
            continue;
        };
        if old.marks.sensitive.is_empty() && old.fields.iter().all(|field| field.marks.sensitive.is_empty()) {
            continue;
        }
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

/// For each old field the new one that continues it, if there is one. No new field continues two.
pub(super) fn partners(old: &[Field], new: &[Field]) -> Vec<Option<usize>> {
    let kind = |field: &Field| field.proto.as_ref().map(|proto| (proto.kind, proto.type_name.clone()));
    numbered::partners(&named(old), &named(new), &|a, b| kind(&old[a]) == kind(&new[b]))
}

fn named(fields: &[Field]) -> Vec<Named<'_>> {
    fields.iter().map(|field| (field.number.map(i64::from), field.name.as_str())).collect()
}
