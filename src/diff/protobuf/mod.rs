//! Differences between two revisions of protobuf contracts.
//!
//! ```text
//! listing (Base), listing (Head) ── pairing ─┬─ declared   packages, files, messages, enums, services
//!                                            ├─ file       syntax and options
//!                                            ├─ message    fields, oneofs, reserved ── field, types, defaults, constraints
//!                                            ├─ enumeration
//!                                            └─ rpc        streaming, types, idempotency ── binding
//! ```
//!
//! Each part makes drafts; here they get the operations that they reach. One edit is one change: what
//! an edit brings along (`Part`) is told of the edit itself, with all the ids under which buf knows it.
//!
//! What breaks is taken from what protobuf guarantees (protobuf.dev, "Updating A Message Type",
//! "`ProtoJSON` Format"), not from buf's categories, which the ids stand for.

mod binding;
mod constraints;
mod declared;
mod defaults;
mod enumeration;
mod field;
mod file;
mod generated;
mod listing;
mod make;
mod message;
mod pairing;
mod renames;
mod reserved;
mod rpc;
mod successors;
mod travels;
mod types;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::fields;
use super::pair::Pairs;
use crate::model::change::{Change, ChangeKind, Element, Ids, Sides, What};
use crate::model::contract::{ContractId, Extension};

use declared::{Declarations, Subject};
use field::FieldPair;
use listing::Body;
use make::{Draft, Part, Whereabouts};
use message::MessagePair;
use pairing::{Pairing, Partner};
use travels::Travels;

/// Every difference between the protobuf contracts of both sides.
pub(super) fn changes(sides: Sides<'_>, pairs: &Pairs) -> Vec<Change> {
    let pairing = Pairing::new(sides, pairs);
    let mut comparison = Comparison {
        travels: Travels::new(&pairing),
        declarations: Declarations::new(&pairing),
        pairing: &pairing,
        parts: Vec::new(),
        changes: Vec::new(),
    };
    comparison.files();
    // Each pair says for itself what differs; only what is made of it needs an order.
    let drafts: Vec<_> = pairing.items.par_iter().enumerate().map(|(at, _)| drafts(&pairing, at)).collect();
    for (at, drafts) in drafts.into_iter().enumerate() {
        comparison.item(at, drafts);
    }
    comparison.extensions();
    comparison.parts();
    comparison.declarations();
    let Comparison { mut changes, travels, .. } = comparison;
    changes.append(&mut fields::unmarked(sides, travels.messages()));
    changes
}

struct Comparison<'p, 'a> {
    pairing: &'p Pairing<'a>,
    travels: Travels<'p, 'a>,
    declarations: Declarations<'a>,
    /// What other edits brought along, with the file of Base it stands in.
    parts: Vec<(Draft, Part, Option<usize>, Whereabouts)>,
    changes: Vec<Change>,
}

impl<'a> Comparison<'_, 'a> {
    fn files(&mut self) {
        for (old, new) in self.pairing.files.iter().enumerate() {
            for draft in new.iter().flat_map(|new| file::compare(self.pairing, old, *new)) {
                let whereabouts = self.travels.of_file(old);
                self.changes.push(draft.finish(whereabouts));
            }
        }
    }

    fn item(&mut self, at: usize, drafts: Vec<Draft>) {
        let pairing = self.pairing;
        let (item, partner) = (&pairing.base.items[at], pairing.items[at]);
        if matches!(item.body, Body::Service) {
            for (draft, direction, id) in rpc::compare(pairing, at) {
                self.add(vec![draft], partner, item.file, &mut |_| (direction, vec![id]));
            }
        }
        self.add(drafts, partner, item.file, &mut |travels| travels.of_item(at));
    }

    /// buf does not pair what has another name, and so knows none of these changes.
    fn add(
        &mut self,
        drafts: Vec<Draft>,
        partner: Option<Partner>,
        file: Option<usize>,
        whereabouts: &mut dyn FnMut(&mut Travels<'_, 'a>) -> Whereabouts,
    ) {
        if drafts.is_empty() {
            return;
        }
        let whereabouts = whereabouts(&mut self.travels);
        for mut draft in drafts {
            if partner.is_some_and(|partner| partner.renamed) {
                draft.aliases.clear();
            }
            match draft.part.take() {
                Some(part) => self.parts.push((draft, part, file, whereabouts.clone())),
                None => self.changes.push(draft.finish(whereabouts.clone())),
            }
        }
    }

    /// Extensions by the message that they extend and their number.
    fn extensions(&mut self) {
        let pairing = self.pairing;
        let mut heads = BTreeMap::new();
        for (at, item) in pairing.head.items.iter().enumerate() {
            if let Body::Extension(extension) = item.body {
                heads.entry((extension.extendee.as_str(), extension.field.number)).or_insert((at, extension));
            }
        }
        for item in &pairing.base.items {
            let Body::Extension(old) = item.body else { continue };
            let Some((at, new)) = heads.get(&(old.extendee.as_str(), old.field.number)).copied() else { continue };
            let (in_head, head_file) = (pairing.head.items[at].contract, pairing.head.items[at].file);
            let pair = extension_pair(pairing, (old, item.contract, item.file), (new, in_head, head_file));
            let element = Element {
                what: What::Extension,
                name: old.name.clone(),
                base: Some(Ids::contract(item.contract)),
                head: Some(Ids::contract(in_head)),
            };
            let drafts = field::compare(pairing, pair, &element);
            self.add(drafts, None, item.file, &mut |_| Whereabouts::default());
        }
    }

    /// Gives what an edit brought along to the change that tells of the edit.
    fn parts(&mut self) {
        for (draft, part, file, whereabouts) in std::mem::take(&mut self.parts) {
            match part {
                Part::Type(what, name) => {
                    let contract = draft.element.base.map(|ids| ids.contract);
                    let whole = self.pairing.base.find(what, &name, contract);
                    if let Some(whole) = whole.and_then(|item| self.declarations.of_item(item)) {
                        whole.aliases.extend(draft.aliases);
                    }
                }
                Part::Option(name) => self.option(draft, name, file, whereabouts),
            }
        }
    }

    fn option(&mut self, mut draft: Draft, name: &'static str, file: Option<usize>, whereabouts: Whereabouts) {
        let Some((old, new)) = file.and_then(|old| Some((old, self.pairing.files[old]?))) else {
            self.changes.push(draft.finish(whereabouts));
            return;
        };
        let element = file::element(self.pairing, old, new);
        let is_whole = |change: &Change, facet: &str| change.element == element && change.facet == facet;
        let whole = match self.changes.iter().position(|change| is_whole(change, "syntax")) {
            Some(at) => Some(at),
            None => self.changes.iter().position(|change| is_whole(change, name)),
        };
        match whole.and_then(|at| self.changes.get_mut(at)) {
            Some(change) => change.add_aliases(draft.aliases.into_iter().map(str::to_owned)),
            None => {
                draft.element = element;
                draft.kind = ChangeKind::GeneratedCodeChanged;
                draft.facet = name;
                let (old_site, new_site) = file::option_sites(self.pairing, old, new, name);
                draft.old = draft.old.map(|(_, value)| (old_site, value));
                draft.new = draft.new.map(|(_, value)| (new_site, value));
                let whereabouts = self.travels.of_file(old);
                self.changes.push(draft.finish(whereabouts));
            }
        }
    }

    fn declarations(&mut self) {
        for (draft, subject) in std::mem::take(&mut self.declarations.drafts) {
            let whereabouts = match subject {
                Subject::Package(package) => self.travels.of_package(package),
                Subject::File(file) => self.travels.of_file(file),
                Subject::Item(item) => self.travels.of_item(item),
                Subject::Added(_) => Whereabouts::default(),
            };
            self.changes.push(draft.finish(whereabouts));
        }
    }
}

/// What differs between an item of Base and its partner: a message or an enumeration.
fn drafts(pairing: &Pairing<'_>, at: usize) -> Vec<Draft> {
    let Some(partner) = pairing.items[at] else { return Vec::new() };
    let (item, new) = (&pairing.base.items[at], &pairing.head.items[partner.item]);
    match (item.body, new.body) {
        (Body::Message(old), Body::Message(in_head)) => {
            let pair = MessagePair {
                pairing,
                ids: (old, in_head),
                old: pairing.base.catalog.message(old),
                new: pairing.head.catalog.message(in_head),
                files: (
                    item.file.and_then(|file| pairing.base.files.get(file)).map(|file| file.proto),
                    new.file.and_then(|file| pairing.head.files.get(file)).map(|file| file.proto),
                ),
            };
            pair.compare()
        }
        (Body::Enum(old), Body::Enum(new)) => enumeration::compare(old, new),
        _ => Vec::new(),
    }
}

fn extension_pair<'a>(
    pairing: &Pairing<'a>,
    (old, in_base, old_file): (&'a Extension, ContractId, Option<usize>),
    (new, in_head, new_file): (&'a Extension, ContractId, Option<usize>),
) -> FieldPair<'a> {
    FieldPair {
        old: &old.field,
        new: &new.field,
        in_base,
        in_head,
        old_file: old_file.map(|file| pairing.base.files[file].proto),
        new_file: new_file.map(|file| pairing.head.files[file].proto),
        owners: (&old.name, &new.name),
        oneof_is_told: true,
        is_alone: false,
    }
}
