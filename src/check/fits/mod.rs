//! Whether a value that stands in the code is one that the contract allows.
//!
//! A value is only said not to fit where that is certain: what this does not understand (`not`, `if`, a
//! regular expression of another dialect) allows everything.

mod options;
mod schema;
mod text;

pub use options::is_required;

use crate::model::contract::{Catalog, Field, Parameter, ProtoKind, SchemaId, Schemas};
use crate::model::source::Site;
use crate::model::usage::Constant;

/// Why a value is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// `is above the maximum of 100`.
    pub why: String,
    /// Where the contract says so.
    pub site: Site,
    /// What may be meant.
    pub near: Option<String>,
}

/// How a value is written down when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// As text in a URL, whatever its type.
    Url,
    /// As a value of JSON.
    Json,
}

/// Schemas within schemas that are looked at.
const MAX_DEPTH: usize = 16;

/// Why a parameter must not have a value.
#[must_use]
pub fn of_parameter(schemas: &Schemas, parameter: &Parameter, value: &Constant) -> Option<Misfit> {
    let id = parameter.schema?;
    // Nothing is what many servers take for no value.
    let Constant::Text(text) = value else { return schema::misfit(schemas, id, value, Form::Url, MAX_DEPTH) };
    if text.is_empty() {
        return None;
    }
    let Some(items) = schema::items(schemas, id, MAX_DEPTH) else {
        return schema::misfit(schemas, id, value, Form::Url, MAX_DEPTH);
    };
    let parts: Vec<&str> = match (parameter.style.as_str(), parameter.explode) {
        ("form", true) => vec![text],
        ("form" | "simple", _) => text.split(',').collect(),
        _ => return None,
    };
    let part = |text: &str| schema::misfit(schemas, items, &Constant::Text(text.into()), Form::Url, MAX_DEPTH);
    parts.into_iter().find_map(part)
}

/// Why a field, or what is so many lists and maps inside it, must not have a value.
#[must_use]
pub fn of_field(
    catalog: &Catalog,
    schemas: &Schemas,
    field: &Field,
    entered: usize,
    value: &Constant,
) -> Option<Misfit> {
    if matches!(value, Constant::Text(text) if text.is_empty()) {
        return None;
    }
    if let Some(proto) = &field.proto {
        let of_enum = || match proto.kind {
            ProtoKind::Enum => options::enum_misfit(catalog, &proto.type_name, value),
            _ => None,
        };
        return of_enum().or_else(|| options::misfit(field, entered, value));
    }
    let mut id: SchemaId = field.schema?;
    for _ in 0..entered {
        id = schema::items(schemas, id, MAX_DEPTH)?;
    }
    schema::misfit(schemas, id, value, Form::Json, MAX_DEPTH)
}

/// The number that a value is.
#[expect(clippy::cast_precision_loss, reason = "bounds of contracts are no larger than what a float holds")]
fn number(value: &Constant) -> Option<f64> {
    match value {
        Constant::Int(number) => Some(*number as f64),
        Constant::Thousandths(number) => Some(*number as f64 / 1_000.0),
        Constant::Bool(_) | Constant::Text(_) => None,
    }
}

/// The nearest of some names, if one is near: a letter or two away, or written with other marks between words.
#[must_use]
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    const ALIKE: f64 = 0.8;
    let plain = |text: &str| text.to_lowercase().replace(['_', '-', ' '], "");
    let wanted = plain(wanted);
    let scored = names.map(|name| (strsim::normalized_levenshtein(&wanted, &plain(name)), name));
    let best = scored.filter(|(score, _)| *score >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name.to_owned())
}
