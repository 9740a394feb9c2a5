//! Defaults of proto2 and editions: what a reader sees where nothing was sent.

use serde_json::Value;

use super::field::FieldPair;
use super::listing::Listing;
use super::make::{Draft, breaks};
use super::pairing::Pairing;
use crate::model::change::{ChangeKind, Element};
use crate::model::contract::{Cardinality, ContractId, Field, ProtoKind};

/// A default, comparable over types.
#[derive(Clone, Debug, PartialEq)]
enum Default {
    Whole(i128),
    Float(f64),
    Text(String),
    /// In base64.
    Bytes(String),
}

/// The default of a field is another one.
pub(super) fn change(pairing: &Pairing<'_>, pair: FieldPair<'_>, element: &Element) -> Option<Draft> {
    let old = of(&pairing.base, pair.old, pair.in_base)?;
    let new = of(&pairing.head, pair.new, pair.in_head)?;
    if is_same(&old, &new) || (is_zero(&old) && is_zero(&new)) {
        return None;
    }
    let written = |field: &Field| field.proto.as_ref()?.default.as_ref().map(text);
    let mut draft = Draft::new(ChangeKind::FieldDefaultChanged, element.clone()).aliases(vec!["FIELD_SAME_DEFAULT"]);
    draft.old = Some((pair.old.site.clone(), written(pair.old)));
    draft.new = Some((pair.new.site.clone(), written(pair.new)));
    Some(draft.breaking(breaks(true, true, false)))
}

/// What is read where nothing was sent; none where there is no such thing.
fn of(listing: &Listing<'_>, field: &Field, contract: ContractId) -> Option<Default> {
    let proto = field.proto.as_ref().filter(|_| field.cardinality != Cardinality::Repeated)?;
    match proto.kind {
        ProtoKind::Scalar => Some(scalar(&proto.type_name, proto.default.as_ref())),
        ProtoKind::Enum => {
            let declared = listing.enumeration(&proto.type_name, contract)?;
            let first = declared.values.first().map_or(0, |value| value.number);
            let named = |name: &str| declared.values.iter().find(|value| value.name == name).map(|value| value.number);
            let number = proto.default.as_ref().and_then(|value| named(value.as_str()?)).unwrap_or(first);
            Some(Default::Whole(i128::from(number)))
        }
        ProtoKind::Message | ProtoKind::Group | ProtoKind::Map(_) | ProtoKind::Unresolved => None,
    }
}

fn scalar(kind: &str, value: Option<&Value>) -> Default {
    match (kind, value) {
        ("string", value) => Default::Text(value.and_then(Value::as_str).unwrap_or_default().to_owned()),
        ("bytes", value) => Default::Bytes(value.and_then(Value::as_str).unwrap_or_default().to_owned()),
        ("float" | "double", value) => Default::Float(value.map_or(0.0, float)),
        (_, Some(Value::Bool(truth))) => Default::Whole(i128::from(*truth)),
        (_, value) => Default::Whole(value.map_or(0, whole)),
    }
}

fn whole(value: &Value) -> i128 {
    value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from)).unwrap_or_default()
}

fn float(value: &Value) -> f64 {
    match value.as_str() {
        Some("inf" | "Infinity") => f64::INFINITY,
        Some("-inf" | "-Infinity") => f64::NEG_INFINITY,
        Some("nan" | "NaN") => f64::NAN,
        _ => value.as_f64().unwrap_or_default(),
    }
}

/// Numbers are the same by value, whatever their types; those with a point as precisely as `float` is.
fn is_same(old: &Default, new: &Default) -> bool {
    match (old, new) {
        (Default::Whole(old), Default::Whole(new)) => old == new,
        (Default::Text(old), Default::Text(new)) | (Default::Bytes(old), Default::Bytes(new)) => old == new,
        // What stands in base64 is not taken apart: that the type changed is told anyway.
        (Default::Text(old), Default::Bytes(new)) | (Default::Bytes(old), Default::Text(new)) => {
            old.is_empty() == new.is_empty()
        }
        (Default::Text(_) | Default::Bytes(_), _) | (_, Default::Text(_) | Default::Bytes(_)) => false,
        (old, new) => {
            let (old, new) = (narrowed(old), narrowed(new));
            old.to_bits() == new.to_bits() || (old.is_nan() && new.is_nan())
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "that is what is compared")]
fn narrowed(value: &Default) -> f32 {
    match value {
        Default::Whole(value) => *value as f32,
        Default::Float(value) => *value as f32,
        Default::Text(_) | Default::Bytes(_) => f32::NAN,
    }
}

fn is_zero(value: &Default) -> bool {
    match value {
        Default::Whole(value) => *value == 0,
        Default::Float(value) => value.abs() < f64::MIN_POSITIVE,
        Default::Text(text) | Default::Bytes(text) => text.is_empty(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
