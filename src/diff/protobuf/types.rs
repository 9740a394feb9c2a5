//! Whether values of one protobuf type can be read as values of another: on the wire, in JSON.
//!
//! Sources: protobuf.dev, "Updating A Message Type" and "`ProtoJSON` Format". What buf takes for
//! compatible is a little less than what is, so its groups stand beside.

use std::collections::BTreeSet;

use super::listing::Listing;
use super::pairing::Pairing;
use crate::model::change::What;
use crate::model::contract::{ContractId, Field, MapKey, Message, ProtoKind};

/// A type, by its kind and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Type<'a> {
    pub(super) kind: Kind,
    /// The scalar, or the full name.
    pub(super) name: &'a str,
}

/// What a type is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Scalar,
    Message,
    Group,
    Enum,
    Map,
    Unresolved,
}

/// A type with the contract that refers to it.
pub(super) type Used<'a> = (Type<'a>, ContractId);

impl<'a> Type<'a> {
    /// The type of a field; of a map that of its values is left out.
    pub(super) fn of(field: &'a Field) -> Option<Self> {
        let proto = field.proto.as_ref()?;
        let kind = match proto.kind {
            ProtoKind::Scalar => Kind::Scalar,
            ProtoKind::Message => Kind::Message,
            ProtoKind::Group => Kind::Group,
            ProtoKind::Enum => Kind::Enum,
            ProtoKind::Map(_) => Kind::Map,
            ProtoKind::Unresolved => Kind::Unresolved,
        };
        Some(Self { kind, name: &proto.type_name })
    }

    pub(super) const fn scalar(name: &'a str) -> Self {
        Self { kind: Kind::Scalar, name }
    }

    fn short(self) -> &'a str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }

    fn is_named(self) -> bool {
        matches!(self.kind, Kind::Message | Kind::Group | Kind::Enum)
    }

    pub(super) const fn what(self) -> What {
        match self.kind {
            Kind::Enum => What::Enum,
            _ => What::Message,
        }
    }
}

/// The type of the keys of a map.
pub(super) const fn key(key: MapKey) -> Type<'static> {
    Type::scalar(key.name())
}

/// Whether a name is that of a scalar.
pub(super) fn is_scalar(name: &str) -> bool {
    matches!(
        name,
        "double"
            | "float"
            | "int32"
            | "int64"
            | "uint32"
            | "uint64"
            | "sint32"
            | "sint64"
            | "fixed32"
            | "fixed64"
            | "sfixed32"
            | "sfixed64"
            | "bool"
            | "string"
            | "bytes"
    )
}

/// How buf knows a map that became a list of something, or the reverse: the types differ too, for the
/// entries of a map are messages of a name that nobody writes.
pub(super) fn ids_between_map_and_list(old: Type<'_>, new: Type<'_>) -> Vec<&'static str> {
    let mut ids = vec!["FIELD_SAME_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"];
    ids.retain(|_| old.kind != new.kind);
    ids
}

/// The name of the message that protoc makes for the entries of a map; none for any other field.
pub(super) fn entry_name(field: &Field) -> Option<String> {
    field.proto.as_ref().filter(|proto| matches!(proto.kind, ProtoKind::Map(_)))?;
    let words = field.name.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| format!("{}{}", first.to_ascii_uppercase(), letters.as_str())).unwrap_or_default()
    });
    Some(words.chain(["Entry".to_owned()]).collect())
}

/// Whether both are one type, under whatever name. Of what could not be found only the name is known,
/// as it is written.
pub(super) fn is_same(pairing: &Pairing<'_>, old: Type<'_>, new: Type<'_>) -> bool {
    if old.kind == Kind::Unresolved || new.kind == Kind::Unresolved {
        return old.short() == new.short();
    }
    old.kind == new.kind && pairing.is_same_type(old.what(), old.name, new.name)
}

/// How a change of types is known to buf.
pub(super) fn ids(pairing: &Pairing<'_>, old: Used<'_>, new: Used<'_>) -> Vec<&'static str> {
    let mut ids = Vec::new();
    if old.0.kind != new.0.kind || old.0.name != new.0.name {
        ids.push("FIELD_SAME_TYPE");
    }
    if !is_accepted(pairing, old, new, Form::Wire) {
        ids.push("FIELD_WIRE_COMPATIBLE_TYPE");
    }
    if !is_accepted(pairing, old, new, Form::Json) {
        ids.push("FIELD_WIRE_JSON_COMPATIBLE_TYPE");
    }
    ids
}

/// Whether buf's rule about this form has nothing to say.
fn is_accepted(pairing: &Pairing<'_>, (old, in_base): Used<'_>, (new, in_head): Used<'_>, form: Form) -> bool {
    let group = if form == Form::Wire { wire_group } else { json_group };
    if group(old) != group(new) {
        return form == Form::Wire && (group(old), group(new)) == ("string", "bytes");
    }
    // The entries of a map are messages of a name that nobody writes.
    if (old.kind == Kind::Map) != (new.kind == Kind::Map) {
        return false;
    }
    if !(old.is_named() && new.is_named()) || old.name == new.name {
        return true;
    }
    old.kind == Kind::Enum && old.short() == new.short() && {
        let declared = pairing.base.enumeration(old.name, in_base).zip(pairing.head.enumeration(new.name, in_head));
        declared.is_some_and(|(old, new)| {
            let new: BTreeSet<(&str, i32)> =
                new.values.iter().map(|value| (value.name.as_str(), value.number)).collect();
            old.values.iter().all(|value| new.contains(&(value.name.as_str(), value.number)))
        })
    }
}

/// Groups of types between which a change is no finding of `FIELD_WIRE_COMPATIBLE_TYPE`.
fn wire_group(one: Type<'_>) -> &'static str {
    match (one.kind, one.name) {
        (Kind::Scalar, "int32" | "int64" | "uint32" | "uint64" | "bool") => "varint",
        (Kind::Scalar, "sint32" | "sint64") => "zigzag",
        (Kind::Scalar, "fixed64" | "sfixed64") => "64 bits",
        _ => json_group(one),
    }
}

/// Groups of types between which a change is no finding of `FIELD_WIRE_JSON_COMPATIBLE_TYPE`.
fn json_group(one: Type<'_>) -> &'static str {
    match (one.kind, one.name) {
        (Kind::Enum, _) => "enum",
        (Kind::Group, _) => "group",
        (Kind::Message | Kind::Map | Kind::Unresolved, _) => "message",
        (Kind::Scalar, "int32" | "uint32") => "number",
        (Kind::Scalar, "int64" | "uint64") => "long number",
        (Kind::Scalar, "fixed32" | "sfixed32") => "32 bits",
        (Kind::Scalar, "fixed64" | "sfixed64") => "long 64 bits",
        (Kind::Scalar, "bool") => "bool",
        (Kind::Scalar, "sint32") => "sint32",
        (Kind::Scalar, "sint64") => "sint64",
        (Kind::Scalar, "string") => "string",
        (Kind::Scalar, "bytes") => "bytes",
        (Kind::Scalar, "float") => "float",
        (Kind::Scalar, _) => "double",
    }
}

/// Whether the binary form of one type is none of the other.
pub(super) fn breaks_wire(pairing: &Pairing<'_>, old: Used<'_>, new: Used<'_>) -> bool {
    let form = |one: Type<'_>| match (one.kind, one.name) {
        (Kind::Enum, _) => "varint",
        (Kind::Scalar, "fixed32" | "sfixed32") => "32 bits",
        _ => wire_group(one),
    };
    match (form(old.0), form(new.0)) {
        ("message", "message") | ("group", "group") => !is_alike(pairing, old, new, Form::Wire),
        // Bytes hold whatever stood there; what a string or message holds is not said by bytes.
        ("string" | "message", "bytes") => false,
        (old, new) => old != new,
    }
}

/// Whether the JSON form of one type is none of the other.
pub(super) fn breaks_json(pairing: &Pairing<'_>, old: Used<'_>, new: Used<'_>) -> bool {
    let form = |one: Type<'_>| match (one.kind, one.name) {
        (Kind::Scalar, "int32" | "uint32" | "sint32" | "fixed32" | "sfixed32") => "number",
        (Kind::Scalar, "int64" | "uint64" | "sint64" | "fixed64" | "sfixed64") => "number in a string",
        (Kind::Scalar, "float") => "double",
        // Delimiters are a matter of the wire.
        (Kind::Group, _) => "message",
        _ => json_group(one),
    };
    match (form(old.0), form(new.0)) {
        ("message", "message") => !is_alike(pairing, old, new, Form::Json),
        ("enum", "enum") => !is_accepted(pairing, old, new, Form::Json) && !holds_all(pairing, old, new),
        (old, new) => old != new,
    }
}

/// Whether an enumeration knows every name of another.
fn holds_all(pairing: &Pairing<'_>, old: Used<'_>, new: Used<'_>) -> bool {
    let declared = pairing.base.enumeration(old.0.name, old.1).zip(pairing.head.enumeration(new.0.name, new.1));
    declared.is_some_and(|(old, new)| {
        let names: BTreeSet<&str> = new.values.iter().map(|value| value.name.as_str()).collect();
        old.values.iter().all(|value| names.contains(value.name.as_str()))
    })
}

/// A form of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Wire,
    Json,
}

/// Whether two messages are of identical shape, at any depth.
fn is_alike(pairing: &Pairing<'_>, old: Used<'_>, new: Used<'_>, form: Form) -> bool {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut open = vec![(old.0.name.to_owned(), new.0.name.to_owned())];
    while let Some((old_name, new_name)) = open.pop() {
        if old_name == new_name || !seen.insert((old_name.clone(), new_name.clone())) {
            continue;
        }
        let declared = message(&pairing.base, &old_name, old.1).zip(message(&pairing.head, &new_name, new.1));
        let Some((old, new)) = declared else { return false };
        let Some(inner) = same_fields(old, new, form) else { return false };
        open.extend(inner);
    }
    true
}

fn message<'a>(listing: &Listing<'a>, name: &str, contract: ContractId) -> Option<&'a Message> {
    listing.message(name, contract).map(|(_, message)| message)
}

/// Messages inside that must be alike too; none if the fields themselves are not.
fn same_fields(old: &Message, new: &Message, form: Form) -> Option<Vec<(String, String)>> {
    if old.fields.len() != new.fields.len() {
        return None;
    }
    let mut inner = Vec::new();
    for field in &old.fields {
        let partner = new.fields.iter().find(|other| match form {
            Form::Wire => other.number == field.number,
            Form::Json => json_name(other) == json_name(field),
        })?;
        let (old, new) = (field.proto.as_ref()?, partner.proto.as_ref()?);
        let is_nested = |kind: ProtoKind| matches!(kind, ProtoKind::Message | ProtoKind::Group);
        if field.cardinality != partner.cardinality || old.kind != new.kind {
            return None;
        }
        if is_nested(old.kind) {
            inner.push((old.type_name.to_string(), new.type_name.to_string()));
        } else if old.type_name != new.type_name {
            return None;
        }
    }
    Some(inner)
}

/// The name of a field in JSON.
pub(super) fn json_name(field: &Field) -> &str {
    field.json_name.as_deref().unwrap_or(&field.name)
}
