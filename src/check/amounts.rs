//! How much is asked for, and what ends it.

use crate::model::contract::{JsonType, Parameter, Schema, SchemaId, Schemas};
use crate::model::source::Site;

/// Names of inputs that say how much is asked for, in lower case without `-`, `_` and brackets.
const AMOUNTS: &[&str] = &[
    "limit",
    "pagesize",
    "perpage",
    "maxresults",
    "maxitems",
    "pagelimit",
    "top",
    "$top",
    "$first",
    "first",
    "take",
    "count",
    "batchsize",
    "chunksize",
    "maxpagesize",
    "resultlimit",
    "maxcount",
    "numresults",
    "pagecount",
];

/// Schemas within schemas that are looked at.
const MAX_DEPTH: usize = 16;

/// Whether an input is called like a number of things that are asked for.
#[must_use]
pub fn is_amount(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '$').collect();
    let plain = plain.to_ascii_lowercase();
    // `page[size]` is one name, of `filter.limit` the last part counts.
    let last = name.rsplit(['.', '[']).next().unwrap_or_default().trim_end_matches(']').to_ascii_lowercase();
    AMOUNTS.contains(&plain.as_str()) || AMOUNTS.contains(&last.as_str())
}

/// Whether a schema says "a number" and nothing in it ends the number; it is looked into so deep.
#[must_use]
pub fn is_open_number(schemas: &Schemas, id: SchemaId, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let schema = schemas.get(id);
    let is_number = schema.types.has(JsonType::Integer) || schema.types.has(JsonType::Number);
    let parts = schema_parts(schema);
    if is_bounded_number(schema) || parts.iter().any(|id| is_bounded_number(schemas.get(*id))) {
        return false;
    }
    is_number || parts.into_iter().any(|part| is_open_number(schemas, part, depth))
}

fn is_bounded_number(schema: &Schema) -> bool {
    let by_number = schema.number.as_ref().is_some_and(|it| it.maximum.is_some() || it.exclusive_maximum.is_some());
    by_number || schema.values.is_some() || schema.never
}

/// What else every value of a schema must meet.
#[must_use]
pub fn schema_parts(schema: &Schema) -> Vec<SchemaId> {
    let all_of = schema.composition.iter().flat_map(|composition| composition.all_of.iter().copied());
    schema.reference.into_iter().chain(all_of).collect()
}

/// What a contract says of the values of a parameter, where not every value of its type is welcome: `at most 50`.
#[must_use]
pub fn bound_of(schemas: &Schemas, parameter: &Parameter) -> Option<(String, Site)> {
    let id = parameter.schema?;
    let open = || {
        let is_open = is_amount(&parameter.name) && is_open_number(schemas, id, MAX_DEPTH);
        is_open.then(|| ("which says how much is asked for, and has no maximum".to_owned(), parameter.site.clone()))
    };
    stated(schemas, id, MAX_DEPTH).or_else(open)
}

fn stated(schemas: &Schemas, id: SchemaId, depth: usize) -> Option<(String, Site)> {
    let depth = depth.checked_sub(1)?;
    let schema = schemas.get(id);
    let maximum = schema.number.as_ref().and_then(|number| match (&number.maximum, &number.exclusive_maximum) {
        (Some(maximum), _) => Some(format!("which is at most {maximum}")),
        (None, Some(end)) => Some(format!("which is below {end}")),
        (None, None) => None,
    });
    let listed = || {
        let count = schema.values.as_ref().filter(|values| values.len() > 1)?.len();
        Some(format!("which is one of {count} values"))
    };
    let text = || {
        let text = schema.string.as_ref()?;
        let length = text.max_length.map(|most| format!("which has at most {most} characters"));
        length.or_else(|| text.pattern.as_ref().map(|pattern| format!("which must match `{pattern}`")))
    };
    let own = maximum.or_else(listed).or_else(text).map(|says| (says, schemas.site(id)));
    own.or_else(|| schema_parts(schema).into_iter().find_map(|part| stated(schemas, part, depth)))
}
