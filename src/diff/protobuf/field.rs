//! What became of one field, or of one extension.

use super::constraints;
use super::defaults;
use super::generated;
use super::make::{Draft, Part, breaks};
use super::pairing::Pairing;
use super::types::{self, Kind, Type, Used};
use crate::model::change::{Breaks, ChangeKind, Element, What};
use crate::model::contract::{Cardinality, ContractId, Field, Presence, ProtoField, ProtoFile, ProtoKind, Syntax};
use crate::model::source::{Site, Span};

/// One field on both sides.
#[derive(Clone, Copy)]
pub(super) struct FieldPair<'a> {
    pub(super) old: &'a Field,
    pub(super) new: &'a Field,
    pub(super) in_base: ContractId,
    pub(super) in_head: ContractId,
    pub(super) old_file: Option<&'a ProtoFile>,
    pub(super) new_file: Option<&'a ProtoFile>,
    /// Full names of the messages, or of the extensions themselves.
    pub(super) owners: (&'a str, &'a str),
    /// Its oneof was renamed or dissolved as a whole, which is told of the oneof.
    pub(super) oneof_is_told: bool,
    /// Its oneof has, and had, no other member that may take its place.
    pub(super) is_alone: bool,
}

/// Every difference between the two.
pub(super) fn compare(pairing: &Pairing<'_>, pair: FieldPair<'_>, element: &Element) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let types = type_change(pairing, pair, element);
    let name = name_change(pair, element);
    match (types, name) {
        // Another name and another type: the number was given to something else.
        (Some(types), Some(mut name)) if types.breaks.wire => {
            name.kind = ChangeKind::NumberReused;
            name.breaks = breaks(true, true, true);
            name.aliases.extend(types.aliases);
            drafts.push(name);
        }
        (types, name) => drafts.extend(types.into_iter().chain(name)),
    }
    match (drafts.first_mut(), how_often(pairing, pair, element)) {
        // Whether a field is set shows with messages and not with numbers: another type says so.
        (Some(first), Some(often)) if first.kind == ChangeKind::FieldTypeChanged && is_of_type(pair, &often) => {
            first.aliases.extend(often.aliases);
        }
        (_, often) => drafts.extend(often),
    }
    drafts.extend(defaults::change(pairing, pair, element));
    drafts.extend(generated::field(pair, element));
    drafts.extend(constraints::changes(pair, element));
    if element.what != What::Extension {
        drafts.extend(json_name(pair, element));
        drafts.extend(oneof(pair, element));
    }
    replaced(drafts)
}

/// A field shows otherwise whether it is set because it is, or was, a message.
fn is_of_type(pair: FieldPair<'_>, often: &Draft) -> bool {
    let is_message = |proto: &ProtoField| matches!(proto.kind, ProtoKind::Message | ProtoKind::Group);
    let differs = pair.protos().is_some_and(|(old, new)| is_message(old) != is_message(new));
    often.kind == ChangeKind::PresenceChanged && often.part.is_none() && differs
}

/// Where the number was given to something else, all that differs is that.
fn replaced(mut drafts: Vec<Draft>) -> Vec<Draft> {
    if drafts.first().is_none_or(|draft| draft.kind != ChangeKind::NumberReused) {
        return drafts;
    }
    let rest = drafts.split_off(1);
    for draft in rest {
        match (&draft.part, drafts.first_mut()) {
            (None, Some(first)) => first.aliases.extend(draft.aliases),
            _ => drafts.push(draft),
        }
    }
    drafts
}

impl<'a> FieldPair<'a> {
    pub(super) fn protos(&self) -> Option<(&'a ProtoField, &'a ProtoField)> {
        Some((self.old.proto.as_deref()?, self.new.proto.as_deref()?))
    }

    fn types(&self) -> Option<(Used<'a>, Used<'a>)> {
        Some(((Type::of(self.old)?, self.in_base), (Type::of(self.new)?, self.in_head)))
    }

    /// Both places, at the names.
    pub(super) fn named(&self) -> (Site, Site) {
        (self.old.site.clone(), self.new.site.clone())
    }
}

fn at(span: Option<Span>, field: &Field) -> Site {
    span.map_or_else(|| field.site.clone(), Site::Span)
}

fn type_sites(pair: FieldPair<'_>) -> (Site, Site) {
    let site = |field: &Field| at(field.proto.as_ref().and_then(|proto| proto.spans.kind), field);
    (site(pair.old), site(pair.new))
}

fn name_change(pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let is_extension = element.what == What::Extension;
    let renamed = if is_extension { pair.owners.0 != pair.owners.1 } else { pair.old.name != pair.new.name };
    if !renamed {
        return None;
    }
    let is_other_json = types::json_name(pair.old) != types::json_name(pair.new);
    let mut aliases = vec!["FIELD_SAME_NAME"];
    if is_other_json && !is_extension {
        aliases.push("FIELD_SAME_JSON_NAME");
    }
    let draft = Draft::new(ChangeKind::FieldRenamed, element.clone()).aliases(aliases);
    let (old, new) = if is_extension { pair.owners } else { (&*pair.old.name, &*pair.new.name) };
    Some(draft.turned(pair.named(), old, new).breaking(breaks(false, is_other_json, true)))
}

fn json_name(pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let (old, new) = (types::json_name(pair.old), types::json_name(pair.new));
    if old == new || pair.old.name != pair.new.name {
        return None;
    }
    let draft = Draft::new(ChangeKind::JsonNameChanged, element.clone()).aliases(vec!["FIELD_SAME_JSON_NAME"]);
    Some(draft.turned(pair.named(), old, new).breaking(breaks(false, true, false)))
}

fn type_change(pairing: &Pairing<'_>, pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let (old, new) = pair.types()?;
    let (old_proto, new_proto) = pair.protos()?;
    match (old_proto.kind, new_proto.kind) {
        (ProtoKind::Map(old_key), ProtoKind::Map(new_key)) => {
            map_change(pairing, pair, element, (types::key(old_key), types::key(new_key)))
        }
        // Repeated messages for a map: it is the number of values that tells it.
        (ProtoKind::Map(_), _) | (_, ProtoKind::Map(_)) if is_repeated(pair.old) || is_repeated(pair.new) => None,
        _ if types::is_same(pairing, old.0, new.0) && old.0.name == new.0.name => None,
        _ => {
            let mut draft = Draft::new(ChangeKind::FieldTypeChanged, element.clone());
            draft.part = types::is_same(pairing, old.0, new.0).then(|| Part::Type(old.0.what(), old.0.name.to_owned()));
            let draft = draft.aliases(types::ids(pairing, old, new)).turned(type_sites(pair), old.0.name, new.0.name);
            let wire = types::breaks_wire(pairing, old, new);
            // A group and a message of one type are generated alike.
            let source = old.0.name != new.0.name || !is_message(old.0.kind) || !is_message(new.0.kind);
            Some(draft.breaking(breaks(wire, types::breaks_json(pairing, old, new), source)))
        }
    }
}

const fn is_message(kind: Kind) -> bool {
    matches!(kind, Kind::Message | Kind::Group)
}

/// Keys and values of a map change like fields of their own.
fn map_change(
    pairing: &Pairing<'_>,
    pair: FieldPair<'_>,
    element: &Element,
    keys: (Type<'static>, Type<'static>),
) -> Option<Draft> {
    let values = (value_type(pairing, pair, true)?, value_type(pairing, pair, false)?);
    let parts = [keys, values].map(|(old, new)| ((old, pair.in_base), (new, pair.in_head)));
    let changed: Vec<_> = parts.into_iter().filter(|(old, new)| !types::is_same(pairing, old.0, new.0)).collect();
    if changed.is_empty() {
        return None;
    }
    let mut all = Breaks { source: true, ..Breaks::default() };
    let mut aliases = Vec::new();
    for (old, new) in changed {
        aliases.extend(types::ids(pairing, old, new));
        all.wire |= types::breaks_wire(pairing, old, new);
        all.json |= types::breaks_json(pairing, old, new);
    }
    let said = |key: Type<'_>, value: Type<'_>| format!("map<{}, {}>", key.name, value.name);
    let draft = Draft::new(ChangeKind::FieldTypeChanged, element.clone()).aliases(aliases);
    Some(draft.turned(type_sites(pair), said(keys.0, values.0), said(keys.1, values.1)).breaking(all))
}

/// The type of the values of a map.
fn value_type<'a>(pairing: &Pairing<'_>, pair: FieldPair<'a>, in_base: bool) -> Option<Type<'a>> {
    let (field, listing, contract) =
        if in_base { (pair.old, &pairing.base, pair.in_base) } else { (pair.new, &pairing.head, pair.in_head) };
    let name = &*field.proto.as_ref()?.type_name;
    let is_found = |what| listing.find(what, name, Some(contract)).is_some();
    let kind = match name {
        _ if types::is_scalar(name) => Kind::Scalar,
        _ if is_found(What::Enum) => Kind::Enum,
        _ => Kind::Message,
    };
    Some(Type { kind, name })
}

fn is_repeated(field: &Field) -> bool {
    field.cardinality == Cardinality::Repeated
}

/// How often a field occurs, and how its absence shows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Often {
    Implicit,
    Explicit,
    Required,
    Repeated,
    Map,
}

impl Often {
    fn of(field: &Field, proto: &ProtoField) -> Self {
        match (field.cardinality, proto.kind, proto.features.presence) {
            (_, ProtoKind::Map(_), _) => Self::Map,
            (Cardinality::Repeated, ..) => Self::Repeated,
            (Cardinality::Required, ..) | (.., Presence::Required) => Self::Required,
            (.., Presence::Explicit) => Self::Explicit,
            (.., Presence::Implicit) => Self::Implicit,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Implicit => "implicit presence",
            Self::Explicit => "explicit presence",
            Self::Required => "required",
            Self::Repeated => "repeated",
            Self::Map => "map",
        }
    }

    /// Groups between which a change is a finding for who speaks JSON; on the wire a map is a list.
    const fn group(self) -> u8 {
        match self {
            Self::Implicit | Self::Explicit => 0,
            Self::Required => 1,
            Self::Repeated => 2,
            Self::Map => 3,
        }
    }
}

fn how_often(pairing: &Pairing<'_>, pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let (old_proto, new_proto) = pair.protos()?;
    let (old, new) = (Often::of(pair.old, old_proto), Often::of(pair.new, new_proto));
    let mut aliases = often_ids(pair, old, new);
    let is_presence = old.group() == 0 && new.group() == 0;
    if old == new && !aliases.is_empty() {
        // The same by a feature instead of a label: the syntax brought it along.
        let draft = Draft::new(ChangeKind::GeneratedCodeChanged, element.clone()).aliases(aliases);
        return Some(draft.of_file(true, "syntax"));
    }
    if old == new || (is_presence && pair.old.oneof.is_some() != pair.new.oneof.is_some()) {
        return None;
    }
    let label = |field: &Field, proto: &ProtoField| at(proto.spans.label.or(proto.spans.kind), field);
    let sites = (label(pair.old, old_proto), label(pair.new, new_proto));
    let (kind, broken) = match (old, new) {
        (Often::Implicit | Often::Explicit, Often::Implicit | Often::Explicit) => {
            (ChangeKind::PresenceChanged, breaks(false, false, true))
        }
        (Often::Implicit | Often::Explicit, Often::Required) => (ChangeKind::FieldRequired, breaks(true, true, true)),
        (Often::Required, Often::Implicit | Often::Explicit) => (ChangeKind::FieldOptional, breaks(true, true, true)),
        (Often::Map, Often::Repeated) | (Often::Repeated, Often::Map) => {
            let (old, new) = pair.types()?;
            aliases.extend(types::ids_between_map_and_list(old.0, new.0));
            (ChangeKind::FieldCardinalityChanged, breaks(!is_entry(pairing, pair), true, true))
        }
        _ => (ChangeKind::FieldCardinalityChanged, breaks(loses_values(pair), true, true)),
    };
    let draft = Draft::new(kind, element.clone()).aliases(aliases).of_file(
        kind == ChangeKind::PresenceChanged && generated::presence_is_of_file(pair),
        "features.field_presence",
    );
    Some(draft.turned(sites, old.name(), new.name()).breaking(broken))
}

/// Whether it can be told apart from a field that is not set where it could not, or the reverse.
pub(super) fn occurs_otherwise(pair: FieldPair<'_>) -> bool {
    pair.protos().is_some_and(|(old, new)| Often::of(pair.old, old) != Often::of(pair.new, new))
}

fn often_ids(pair: FieldPair<'_>, old: Often, new: Often) -> Vec<&'static str> {
    let mut ids = Vec::new();
    if old != new {
        ids.push("FIELD_SAME_CARDINALITY");
    }
    let on_wire = |often: Often| often.group().min(2);
    if on_wire(old) != on_wire(new) {
        ids.push("FIELD_WIRE_COMPATIBLE_CARDINALITY");
    }
    if old.group() != new.group() {
        ids.push("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY");
    }
    if has_required_label(pair.old, pair.old_file) != has_required_label(pair.new, pair.new_file) {
        ids.push("MESSAGE_SAME_REQUIRED_FIELDS");
    }
    ids
}

/// `required` is written; an edition says it by a feature.
pub(super) fn has_required_label(field: &Field, file: Option<&ProtoFile>) -> bool {
    field.cardinality == Cardinality::Required && file.is_none_or(|file| file.syntax == Syntax::Proto2)
}

/// Scalars other than text and bytes are packed when repeated, and read as something else.
fn loses_values(pair: FieldPair<'_>) -> bool {
    Type::of(pair.old).is_none_or(|one| match one.kind {
        Kind::Message | Kind::Group => false,
        Kind::Scalar => !matches!(one.name, "string" | "bytes"),
        Kind::Enum | Kind::Map | Kind::Unresolved => true,
    })
}

/// Whether the messages of the list are what the map is made of.
fn is_entry(pairing: &Pairing<'_>, pair: FieldPair<'_>) -> bool {
    let check = || {
        let (map, list, listing, contract) = match pair.protos()? {
            (map, list) if matches!(map.kind, ProtoKind::Map(_)) => (map, list, &pairing.head, pair.in_head),
            (list, map) => (map, list, &pairing.base, pair.in_base),
        };
        let ProtoKind::Map(key) = map.kind else { return None };
        let (_, entry) = listing.message(&list.type_name, contract)?;
        let type_of = |number: u32| {
            let field = entry.fields.iter().find(|field| field.number == Some(number))?;
            Some(&*field.proto.as_ref()?.type_name)
        };
        let is_same = entry.fields.len() == 2 && type_of(1)? == types::key(key).name && type_of(2)? == &*map.type_name;
        Some(is_same)
    };
    check().unwrap_or(false)
}

fn oneof(pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    if pair.old.oneof == pair.new.oneof || pair.oneof_is_told {
        return None;
    }
    let mut aliases = vec!["FIELD_SAME_ONEOF"];
    if occurs_otherwise(pair) {
        aliases.push("FIELD_SAME_CARDINALITY");
    }
    let mut draft = Draft::new(ChangeKind::FieldOneofChanged, element.clone()).aliases(aliases);
    let (old_site, new_site) = pair.named();
    draft.old = Some((old_site, pair.old.oneof.clone()));
    draft.new = Some((new_site, pair.new.oneof.clone()));
    // protobuf.dev, "Updating A Message Type": a single field may move into a new oneof.
    Some(draft.breaking(breaks(!pair.is_alone, !pair.is_alone, true)))
}
