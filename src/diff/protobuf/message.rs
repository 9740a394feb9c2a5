//! What became of one message: its fields, oneofs, and the numbers it sets aside.

use std::collections::{BTreeMap, BTreeSet};

use super::constraints;
use super::field::{self, FieldPair};
use super::generated;
use super::make::{Draft, Sender, breaks};
use super::pairing::Pairing;
use super::reserved::{self, SetAside};
use super::successors;
use super::types::{self, Type};
use crate::diff::fields::partners;
use crate::model::change::{ChangeKind, Element, Ids, What};
use crate::model::contract::{Cardinality, Field, FieldRef, Marks, Message, MessageId, ProtoFile, ProtoMessage};

/// One message on both sides.
pub(super) struct MessagePair<'a> {
    pub(super) pairing: &'a Pairing<'a>,
    pub(super) ids: (MessageId, MessageId),
    pub(super) old: &'a Message,
    pub(super) new: &'a Message,
    pub(super) files: (Option<&'a ProtoFile>, Option<&'a ProtoFile>),
}

/// For each field of Base what it is in Head, by index.
type Partners = Vec<Option<usize>>;

impl MessagePair<'_> {
    /// Every difference between the two.
    pub(super) fn compare(&self) -> Vec<Draft> {
        let mut partners = partners(&self.old.fields, &self.new.fields);
        let is_alike = |old, new| self.differ_by_name_alone(old, new);
        successors::find(&mut partners, (&self.old.fields, &self.new.fields), &is_alike);
        let oneofs = Oneofs::new(self.old, self.new, &partners);
        let mut drafts = self.options();
        for (at, partner) in partners.iter().enumerate() {
            match partner {
                Some(new) => drafts.extend(self.field(at, *new, &oneofs)),
                None => drafts.push(self.removed(at, &oneofs)),
            }
        }
        let kept: BTreeSet<usize> = partners.iter().flatten().copied().collect();
        drafts.extend((0..self.new.fields.len()).filter(|at| !kept.contains(at)).map(|at| self.added(at)));
        drafts.extend(self.oneofs(&oneofs, &partners));
        drafts.extend(self.set_aside());
        drafts
    }

    fn pair<'f>(&'f self, old: &'f Field, new: &'f Field, oneof_is_told: bool) -> FieldPair<'f> {
        FieldPair {
            old,
            new,
            in_base: self.old.contract,
            in_head: self.new.contract,
            old_file: self.files.0,
            new_file: self.files.1,
            owners: (&self.old.name, &self.new.name),
            oneof_is_told,
            is_alone: false,
        }
    }

    fn field(&self, old: usize, new: usize, oneofs: &Oneofs<'_>) -> Vec<Draft> {
        let (old_field, new_field) = (&self.old.fields[old], &self.new.fields[new]);
        let element = self.field_element(old, Some(new));
        let oneof_is_told = old_field.oneof.as_deref().is_some_and(|name| oneofs.is_told(name));
        let pair = FieldPair {
            is_alone: oneofs.is_alone(old_field, new_field),
            ..self.pair(old_field, new_field, oneof_is_told)
        };
        if old_field.number != new_field.number {
            return self.renumbered(pair, element);
        }
        let mut drafts = field::compare(self.pairing, pair, &element);
        if let Some(draft) = drafts.first_mut() {
            draft.aliases.extend(self.entry_ids(old_field, Some(new_field)));
        }
        drafts.extend(deprecation(&element, (&old_field.marks, &new_field.marks), (&self.old.marks, &self.new.marks)));
        drafts
    }

    /// Whether a new field may be an old one under another name and number: it is made alike, and nothing says that the
    /// old one was on its way out or that its number was not to be used.
    fn differ_by_name_alone(&self, old: usize, new: usize) -> bool {
        let element = self.field_element(old, Some(new));
        let (old, new) = (&self.old.fields[old], &self.new.fields[new]);
        let was_reserved =
            new.number.is_some_and(|number| set_aside(self.old.proto.as_deref()).has_number(i64::from(number)));
        let drafts = field::compare(self.pairing, self.pair(old, new, false), &element);
        !was_reserved
            && matches!(drafts.as_slice(), [only] if only.kind == ChangeKind::FieldRenamed)
            && old.marks.deprecated.is_some() == new.marks.deprecated.is_some()
    }

    /// Everything else is as it was, or the field is gone and a new one has its name.
    fn renumbered(&self, pair: FieldPair<'_>, element: Element) -> Vec<Draft> {
        let mut aliases = self.number_ids(pair.old, &element);
        let is_reserved = |number: u32| set_aside(self.old.proto.as_deref()).has_number(i64::from(number));
        if pair.new.number.is_some_and(is_reserved) {
            aliases.push("RESERVED_MESSAGE_NO_DELETE");
        }
        let site = |field: &Field| {
            let number = field.proto.as_ref().and_then(|proto| proto.spans.number);
            number.map_or_else(|| field.site.clone(), crate::model::source::Site::Span)
        };
        let number = |field: &Field| field.number.map(|number| number.to_string()).unwrap_or_default();
        if pair.old.name != pair.new.name {
            let is_other_json = types::json_name(pair.old) != types::json_name(pair.new);
            let said = |field: &Field| format!("{} = {}", field.name, number(field));
            let draft = Draft::new(ChangeKind::FieldRenumbered, element).facet("name").aliases(aliases);
            let draft = draft.turned(pair.named(), said(pair.old), said(pair.new));
            return vec![draft.breaking(breaks(true, is_other_json, true))];
        }
        let is_new = Type::of(pair.old)
            .zip(Type::of(pair.new))
            .is_some_and(|(old, new)| !types::is_same(self.pairing, old, new));
        let draft = Draft::new(ChangeKind::FieldRenumbered, element).aliases(aliases);
        let sites = (site(pair.old), site(pair.new));
        vec![draft.turned(sites, number(pair.old), number(pair.new)).breaking(breaks(true, is_new, is_new))]
    }

    /// How buf, which goes by numbers, knows what became of that of a field which has it no longer.
    fn number_ids(&self, old: &Field, element: &Element) -> Vec<&'static str> {
        let heir = self.new.fields.iter().find(|field| field.number.is_some() && field.number == old.number);
        let Some(new) = heir else {
            let mut ids = self.removal_ids(old);
            ids.extend(self.entry_ids(old, None));
            return ids;
        };
        let drafts = field::compare(self.pairing, self.pair(old, new, false), element);
        drafts.into_iter().flat_map(|draft| draft.aliases).chain(self.entry_ids(old, Some(new))).collect()
    }

    /// How buf knows that a number is gone.
    fn removal_ids(&self, field: &Field) -> Vec<&'static str> {
        let mut ids = vec!["FIELD_NO_DELETE"];
        let set_aside = set_aside(self.new.proto.as_deref());
        if !set_aside.has_name(&field.name) {
            ids.push("FIELD_NO_DELETE_UNLESS_NAME_RESERVED");
        }
        if !field.number.is_some_and(|number| set_aside.has_number(i64::from(number))) {
            ids.push("FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED");
        }
        if field::has_required_label(field, self.files.0) {
            ids.push("MESSAGE_SAME_REQUIRED_FIELDS");
        }
        ids
    }

    /// To buf the entries of a map are a message of their own, called by the name of the field.
    fn entry_ids(&self, old: &Field, new: Option<&Field>) -> Vec<&'static str> {
        let Some(entry) = types::entry_name(old) else { return Vec::new() };
        if self.new.fields.iter().filter_map(types::entry_name).any(|other| other == entry) {
            return Vec::new();
        }
        let mut ids = vec!["MESSAGE_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"];
        if new.and_then(types::entry_name).is_some() {
            ids.extend(["FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"]);
        }
        ids
    }

    fn removed(&self, at: usize, oneofs: &Oneofs<'_>) -> Draft {
        let field = &self.old.fields[at];
        let element = self.field_element(at, None);
        let mut aliases = self.number_ids(field, &element);
        if field.oneof.as_deref().is_some_and(|name| oneofs.is_emptied(name)) {
            aliases.push("ONEOF_NO_DELETE");
        }
        let draft = Draft::new(ChangeKind::FieldRemoved, element).aliases(aliases);
        draft.at(Some(field.site.clone()), Some(self.new.site.clone())).breaking(breaks(true, true, true))
    }

    /// A new field harms nobody, unless it must be sent or has a number that was set aside.
    fn added(&self, at: usize) -> Draft {
        let field = &self.new.fields[at];
        let id = FieldRef { message: self.ids.1, index: u32::try_from(at).unwrap_or(u32::MAX) };
        let element = Element {
            what: What::Field,
            name: format!("{}.{}", self.new.name, field.name),
            base: Some(Ids::message(self.old.contract, self.ids.0)),
            head: Some(Ids::field(self.new.contract, id)),
        };
        let mut aliases = Vec::new();
        if field::has_required_label(field, self.files.1) {
            aliases.push("MESSAGE_SAME_REQUIRED_FIELDS");
        }
        let number = field.number.map(i64::from);
        let must_be_set = field.cardinality == Cardinality::Required;
        let was_reserved = number.is_some_and(|number| set_aside(self.old.proto.as_deref()).has_number(number));
        let kind = match () {
            () if was_reserved => ChangeKind::NumberReused,
            () if must_be_set || constraints::is_required(field) => ChangeKind::FieldRequired,
            () => ChangeKind::Added,
        };
        let mut draft = Draft::new(kind, element);
        if was_reserved {
            aliases.push("RESERVED_MESSAGE_NO_DELETE");
        }
        draft.new = Some((field.site.clone(), Some(field.number.unwrap_or_default().to_string())));
        draft = draft.aliases(aliases);
        match kind {
            ChangeKind::NumberReused => draft.breaking(breaks(true, false, false)),
            ChangeKind::FieldRequired if must_be_set => draft.breaking(breaks(true, true, true)),
            // An option alone: the provider asks for it, not the format.
            ChangeKind::FieldRequired => draft.breaking(breaks(true, true, false)).sent_by(Sender::Consumer),
            _ => draft,
        }
    }

    fn field_element(&self, old: usize, new: Option<usize>) -> Element {
        let at =
            |message: MessageId, index: usize| FieldRef { message, index: u32::try_from(index).unwrap_or(u32::MAX) };
        Element {
            what: What::Field,
            name: format!("{}.{}", self.old.name, self.old.fields[old].name),
            base: Some(Ids::field(self.old.contract, at(self.ids.0, old))),
            head: Some(match new {
                Some(new) => Ids::field(self.new.contract, at(self.ids.1, new)),
                None => Ids::message(self.new.contract, self.ids.1),
            }),
        }
    }

    fn element(&self, what: What, name: String) -> Element {
        Element {
            what,
            name,
            base: Some(Ids::message(self.old.contract, self.ids.0)),
            head: Some(Ids::message(self.new.contract, self.ids.1)),
        }
    }

    fn oneofs(&self, oneofs: &Oneofs<'_>, partners: &Partners) -> Vec<Draft> {
        let site = |message: &Message, name: &str| {
            let proto = message.proto.as_ref()?;
            proto.oneofs.iter().find(|oneof| oneof.name == name).map(|oneof| oneof.site.clone())
        };
        let gone = oneofs.gone.iter().filter(|(_, fate)| !matches!(fate, Fate::Emptied));
        let drafts = gone.map(|(name, fate)| {
            let element = self.element(What::Oneof, format!("{}.{name}", self.old.name));
            let mut aliases = vec!["ONEOF_NO_DELETE"];
            let mut breaks = breaks(false, false, true);
            if !matches!(fate, Fate::Scattered) {
                aliases.push("FIELD_SAME_ONEOF");
            }
            if matches!(fate, Fate::Dissolved) {
                let members = members(self.old, self.new, partners, name);
                // Of several members one was there at most; now they may all be.
                (breaks.wire, breaks.json) = (members.len() > 1, members.len() > 1);
                if members.iter().any(|(old, new)| self.occurs_otherwise(old, new)) {
                    aliases.push("FIELD_SAME_CARDINALITY");
                }
            }
            let old = site(self.old, name).or_else(|| Some(self.old.site.clone()));
            let draft = Draft::new(ChangeKind::FieldOneofChanged, element).aliases(aliases).breaking(breaks);
            match fate {
                Fate::Renamed(new_name) => {
                    let new = site(self.new, new_name).unwrap_or_else(|| self.new.site.clone());
                    draft.turned((old.unwrap_or_else(|| self.old.site.clone()), new), *name, *new_name)
                }
                _ => draft.at(old, Some(self.new.site.clone())).was(*name),
            }
        });
        drafts.collect()
    }

    fn occurs_otherwise(&self, old: &Field, new: &Field) -> bool {
        field::occurs_otherwise(self.pair(old, new, true))
    }

    fn set_aside(&self) -> Vec<Draft> {
        let element = self.element(What::Message, self.old.name.clone());
        let (old, new) = (set_aside(self.old.proto.as_deref()), set_aside(self.new.proto.as_deref()));
        let used = self.new.fields.iter().filter_map(|field| field.number.map(i64::from)).collect();
        let about = (&element, &self.new.site, "RESERVED_MESSAGE_NO_DELETE");
        let mut drafts = reserved::removed(old, new, &used, about);
        let (Some(old), Some(new)) = (&self.old.proto, &self.new.proto) else { return drafts };
        drafts.extend(reserved::shrunk(&old.extension_ranges, &new.extension_ranges).map(|range| {
            let draft = Draft::new(ChangeKind::ExtensionRangeShrunk, element.clone());
            let draft = draft.aliases(vec!["EXTENSION_MESSAGE_NO_DELETE"]);
            let draft = draft.at(Some(range.site.clone()), Some(self.new.site.clone()));
            draft.was(reserved::numbers(range)).breaking(breaks(false, false, true))
        }));
        drafts
    }

    fn options(&self) -> Vec<Draft> {
        let element = self.element(What::Message, self.old.name.clone());
        let mut drafts =
            deprecation(&element, (&self.old.marks, &self.new.marks), (&Marks::default(), &Marks::default()));
        let (Some(old), Some(new)) = (&self.old.proto, &self.new.proto) else { return drafts };
        let sites = || (self.old.site.clone(), self.new.site.clone());
        if old.features.json && !new.features.json {
            let draft = Draft::new(ChangeKind::JsonFormatChanged, element.clone());
            let draft = draft.aliases(vec!["MESSAGE_SAME_JSON_FORMAT"]).turned(sites(), "ALLOW", "LEGACY_BEST_EFFORT");
            drafts.push(draft.breaking(breaks(false, true, false)));
        }
        let name = "no_standard_descriptor_accessor";
        let is_set = |proto: &ProtoMessage| generated::value(&proto.options, name).is_some_and(|value| value == "true");
        if !is_set(old) && is_set(new) {
            let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element).facet(name);
            let draft = draft.aliases(vec!["MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR"]);
            drafts.push(draft.turned(sites(), "false", "true").breaking(breaks(false, false, true)));
        }
        drafts
    }
}

fn set_aside(proto: Option<&ProtoMessage>) -> SetAside<'_> {
    match proto {
        Some(proto) => SetAside { numbers: &proto.reserved, names: &proto.reserved_names },
        None => SetAside { numbers: &[], names: &[] },
    }
}

/// A mark of its own that came or went; one that only came with what is around it is told there.
pub(super) fn deprecation(
    element: &Element,
    (old, new): (&Marks, &Marks),
    (old_outer, new_outer): (&Marks, &Marks),
) -> Vec<Draft> {
    let own =
        |marks: &Marks, outer: &Marks| marks.deprecated.clone().filter(|mark| outer.deprecated.as_ref() != Some(mark));
    let draft = match (&old.deprecated, &new.deprecated) {
        (None, Some(_)) => own(new, new_outer)
            .map(|mark| Draft::new(ChangeKind::Deprecated, element.clone()).at(None, Some(mark.site))),
        (Some(_), None) => own(old, old_outer)
            .map(|mark| Draft::new(ChangeKind::Reactivated, element.clone()).at(Some(mark.site), None)),
        _ => None,
    };
    draft.into_iter().collect()
}

/// Fields of a oneof of Base that are still there, on both sides.
fn members<'a>(old: &'a Message, new: &'a Message, partners: &Partners, oneof: &str) -> Vec<(&'a Field, &'a Field)> {
    let pairs = old.fields.iter().zip(partners).filter(|(field, _)| field.oneof.as_deref() == Some(oneof));
    pairs.filter_map(|(field, partner)| Some((field, new.fields.get((*partner)?)?))).collect()
}

/// What became of a oneof that is gone.
enum Fate<'a> {
    /// All its members are in another one.
    Renamed(&'a str),
    /// All its members are in none.
    Dissolved,
    /// Its members went here and there.
    Scattered,
    /// It has no members left.
    Emptied,
}

/// Oneofs of both sides.
struct Oneofs<'a> {
    gone: BTreeMap<&'a str, Fate<'a>>,
    /// By name in Head: fields of Base in it that were in another, or none.
    joined: BTreeMap<&'a str, usize>,
    old: BTreeMap<&'a str, usize>,
}

impl<'a> Oneofs<'a> {
    fn new(old: &'a Message, new: &'a Message, partners: &Partners) -> Self {
        let mut oneofs = Self { gone: BTreeMap::new(), joined: BTreeMap::new(), old: BTreeMap::new() };
        for name in old.fields.iter().filter_map(|field| field.oneof.as_deref()) {
            *oneofs.old.entry(name).or_default() += 1;
        }
        let left: BTreeSet<&str> = new.fields.iter().filter_map(|field| field.oneof.as_deref()).collect();
        for (field, partner) in old.fields.iter().zip(partners) {
            let now = partner.and_then(|at| new.fields.get(at)?.oneof.as_deref());
            if let Some(now) = now.filter(|now| field.oneof.as_deref() != Some(*now)) {
                *oneofs.joined.entry(now).or_default() += 1;
            }
        }
        for name in oneofs.old.keys().copied().filter(|name| !left.contains(name)) {
            let targets: BTreeSet<Option<&'a str>> =
                members(old, new, partners, name).iter().map(|(_, field)| field.oneof.as_deref()).collect();
            let fate = match targets.into_iter().collect::<Vec<_>>().as_slice() {
                [] => Fate::Emptied,
                [Some(only)] if !oneofs.old.contains_key(only) => Fate::Renamed(only),
                [None] => Fate::Dissolved,
                _ => Fate::Scattered,
            };
            oneofs.gone.insert(name, fate);
        }
        oneofs
    }

    fn is_told(&self, name: &str) -> bool {
        matches!(self.gone.get(name), Some(Fate::Renamed(_) | Fate::Dissolved))
    }

    fn is_emptied(&self, name: &str) -> bool {
        matches!(self.gone.get(name), Some(Fate::Emptied))
    }

    /// Nothing else of Base is in the oneof that a field joined or left.
    fn is_alone(&self, old: &Field, new: &Field) -> bool {
        let left_alone = old.oneof.as_deref().is_none_or(|name| self.old.get(name) == Some(&1));
        let joined_alone = new
            .oneof
            .as_deref()
            .is_none_or(|name| !self.old.contains_key(name) && self.joined.get(name).is_none_or(|count| *count == 1));
        left_alone && joined_alone
    }
}
