//! Values against JSON Schema (2020-12, validation).

use serde_json::{Number, Value};

use super::{Form, Misfit, nearest, number, text};
use crate::check::words::shortened;
use crate::model::contract::{JsonType, NumberKeywords, Schema, SchemaId, Schemas};
use crate::model::usage::Constant;

/// Values of an enumeration in a message.
const SHOWN: usize = 6;

/// Why a schema does not allow a value.
pub(super) fn misfit(schemas: &Schemas, id: SchemaId, value: &Constant, form: Form, depth: usize) -> Option<Misfit> {
    let depth = depth.checked_sub(1)?;
    let schema = schemas.get(id);
    let below = |id: &SchemaId| misfit(schemas, *id, value, form, depth);
    let at = |why: String| Misfit { why, site: schemas.site(id), near: None };
    if schema.never {
        return Some(at("is not allowed at all".to_owned()));
    }
    let composition = schema.composition.as_deref();
    let all_of = composition.map_or(&[][..], |it| &it.all_of);
    if let Some(found) = schema.reference.iter().chain(all_of).find_map(below) {
        return Some(found);
    }
    for members in [composition.map(|it| &it.one_of), composition.map(|it| &it.any_of)].into_iter().flatten() {
        let found: Option<Vec<Misfit>> = members.iter().map(below).collect();
        match found.unwrap_or_default().as_slice() {
            [] => {}
            [only] => return Some(only.clone()),
            [_, ..] => return Some(at("fits none of the alternatives".to_owned())),
        }
    }
    if let Some((why, near)) = not_listed(schema, value, form) {
        return Some(Misfit { near, ..at(why) });
    }
    let why = wrong_type(schema, value, form).or_else(|| match as_number(schema, value, form) {
        Some(number) => out_of_bounds(schema, number),
        None => wrong_text(schema, value),
    })?;
    Some(at(why))
}

/// What each item of a list, or each value of a map, must be.
pub(super) fn items(schemas: &Schemas, id: SchemaId, depth: usize) -> Option<SchemaId> {
    let depth = depth.checked_sub(1)?;
    let schema = schemas.get(id);
    let own = schema.array.as_ref().and_then(|array| array.items);
    let of_map = || schema.object.as_ref().filter(|it| it.properties.is_empty())?.additional_properties;
    let all_of = schema.composition.iter().flat_map(|it| &it.all_of);
    let parts = || schema.reference.iter().chain(all_of).find_map(|id| items(schemas, *id, depth));
    own.or_else(of_map).or_else(parts)
}

/// Whether an enumeration leaves a value out, and what may be meant.
fn not_listed(schema: &Schema, value: &Constant, form: Form) -> Option<(String, Option<String>)> {
    let is_open = schema.annotations.as_ref().is_some_and(|annotations| annotations.open_enum);
    let values = schema.values.as_ref().filter(|values| !is_open && !values.is_empty())?;
    if values.iter().any(|known| is_equal(known, value, form)) {
        return None;
    }
    let shown: Vec<String> = values.iter().map(|value| format!("`{}`", plain(value))).collect();
    let near = match value {
        Constant::Text(text) => nearest(text, values.iter().filter_map(Value::as_str)),
        _ => None,
    };
    let why = match shown.as_slice() {
        [only] => format!("is not {only}"),
        all => format!("is none of {}", shortened(all, SHOWN)),
    };
    Some((why, near))
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn is_equal(known: &Value, value: &Constant, form: Form) -> bool {
    match (known, value) {
        (Value::String(known), Constant::Text(text)) => **known == **text,
        (known, Constant::Text(text)) if form == Form::Url => plain(known) == **text,
        (Value::Bool(known), Constant::Bool(value)) => known == value,
        (Value::Number(known), value) => {
            number(value).zip(known.as_f64()).is_some_and(|(value, known)| (value - known).abs() < f64::EPSILON)
        }
        // A number that a library writes into a URL as text.
        (Value::String(known), other) => form == Form::Url && *known == other.to_string(),
        _ => false,
    }
}

fn wrong_type(schema: &Schema, value: &Constant, form: Form) -> Option<String> {
    if schema.types.is_empty() || schema.types.iter().any(|kind| is_of(kind, value, form)) {
        return None;
    }
    let wanted: Vec<&str> = schema.types.iter().filter(|kind| *kind != JsonType::Null).map(JsonType::name).collect();
    Some(format!("is no {}", wanted.join(" or ")))
}

fn is_of(kind: JsonType, value: &Constant, form: Form) -> bool {
    match (kind, value) {
        (JsonType::String, Constant::Text(_)) | (JsonType::Boolean, Constant::Bool(_)) => true,
        (JsonType::Integer | JsonType::Number, Constant::Int(_)) | (JsonType::Number, Constant::Thousandths(_)) => true,
        (JsonType::Integer, Constant::Thousandths(number)) => number % 1_000 == 0,
        // In a URL everything is text, and how lists and objects are written is not looked at here.
        (JsonType::Array | JsonType::Object | JsonType::String, _) if form == Form::Url => true,
        (JsonType::Integer, Constant::Text(text)) if form == Form::Url => text.parse::<i128>().is_ok(),
        (JsonType::Number, Constant::Text(text)) if form == Form::Url => text.parse::<f64>().is_ok(),
        (JsonType::Boolean, Constant::Text(text)) if form == Form::Url => {
            ["true", "false", "1", "0", "yes", "no", "on", "off"].contains(&text.to_ascii_lowercase().as_str())
        }
        // Decoders that know the type take a number or truth value in quotes; forms have nothing else.
        (JsonType::Integer | JsonType::Number, Constant::Text(text)) => text.parse::<f64>().is_ok(),
        (JsonType::Boolean, Constant::Text(text)) => ["true", "false"].contains(&&**text),
        (JsonType::Null, Constant::Text(text)) if form == Form::Url => &**text == "null",
        _ => false,
    }
}

/// The number that a value is to its schema.
fn as_number(schema: &Schema, value: &Constant, form: Form) -> Option<f64> {
    match value {
        Constant::Text(text) if form == Form::Url => {
            let is_number = schema.types.has(JsonType::Integer) || schema.types.has(JsonType::Number);
            let is_text = schema.types.has(JsonType::String) || (schema.types.is_empty() && schema.number.is_none());
            text.parse().ok().filter(|_| (is_number || schema.number.is_some()) && !is_text)
        }
        other => number(other),
    }
}

fn out_of_bounds(schema: &Schema, value: f64) -> Option<String> {
    let keywords = schema.number.as_deref();
    let broken = keywords.and_then(|keywords| broken_bound(keywords, value));
    let is_int32 = schema.format.as_deref() == Some("int32") && schema.types.has(JsonType::Integer);
    let is_too_large = is_int32 && !(f64::from(i32::MIN)..=f64::from(i32::MAX)).contains(&value);
    broken.or_else(|| is_too_large.then(|| "does not fit into 32 bits".to_owned()))
}

fn broken_bound(keywords: &NumberKeywords, value: f64) -> Option<String> {
    let known = |bound: &Option<Number>| bound.as_ref().and_then(|bound| Some((bound.as_f64()?, bound.clone())));
    if let Some((_, bound)) = known(&keywords.minimum).filter(|(bound, _)| value < *bound) {
        return Some(format!("is below the minimum of {bound}"));
    }
    if let Some((_, bound)) = known(&keywords.maximum).filter(|(bound, _)| value > *bound) {
        return Some(format!("is above the maximum of {bound}"));
    }
    if let Some((_, bound)) = known(&keywords.exclusive_minimum).filter(|(bound, _)| value <= *bound) {
        return Some(format!("is not above {bound}"));
    }
    if let Some((_, bound)) = known(&keywords.exclusive_maximum).filter(|(bound, _)| value >= *bound) {
        return Some(format!("is not below {bound}"));
    }
    // Fractions of fractions are not exact.
    let is_whole = |number: f64| number.fract() == 0.0;
    let (step, shown) = known(&keywords.multiple_of)?;
    let is_off = step > 0.0 && is_whole(step) && is_whole(value) && value % step != 0.0;
    is_off.then(|| format!("is no multiple of {shown}"))
}

fn wrong_text(schema: &Schema, value: &Constant) -> Option<String> {
    let Constant::Text(value) = value else { return None };
    let is_text = schema.types.is_empty() || schema.types.has(JsonType::String);
    if !is_text {
        return None;
    }
    let keywords = schema.string.as_deref();
    let length = value.chars().count() as u64;
    let bounds = keywords.map(|it| (it.min_length, it.max_length)).unwrap_or_default();
    text::wrong_length(length, bounds)
        .or_else(|| text::wrong_pattern(value, keywords?.pattern.as_deref()?))
        .or_else(|| text::wrong_format(value, schema.format.as_deref()?))
}
