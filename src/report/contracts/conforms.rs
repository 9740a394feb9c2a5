//! Just enough of JSON Schema to hold the document to `schemas/contracts.schema.json`.

use std::collections::BTreeSet;

use serde_json::Value;

/// Panics at the first place where `value` is not as `schema` says.
pub(crate) fn check(root: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(wrong) = wrong(root, schema, value, at) {
        panic!("{wrong}");
    }
}

fn wrong(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let keywords = schema.as_object()?;
    if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(target.trim_start_matches('#')).unwrap_or_else(|| panic!("{target} leads nowhere"));
        return wrong(root, target, value, at);
    }
    if let Some(any) = keywords.get("anyOf") {
        let fits = any.as_array().unwrap().iter().any(|it| wrong(root, it, value, at).is_none());
        return (!fits).then(|| format!("{at}: {value} fits none of several"));
    }
    if keywords.get("const").is_some_and(|only| only != value) {
        return Some(format!("{at}: {value} is not the constant"));
    }
    if keywords.get("enum").is_some_and(|all| !all.as_array().unwrap().contains(value)) {
        return Some(format!("{at}: {value} is no value of the enumeration"));
    }
    match keywords.get("type").and_then(Value::as_str) {
        Some("object") => object(root, schema, value, at),
        Some("array") => {
            let Some(items) = value.as_array() else { return Some(format!("{at}: {value} is no array")) };
            let item = |(index, item)| wrong(root, &schema["items"], item, &format!("{at}/{index}"));
            items.iter().enumerate().find_map(item)
        }
        Some("string") if !value.is_string() => Some(format!("{at}: {value} is no string")),
        Some("integer") if !value.is_i64() => Some(format!("{at}: {value} is no integer")),
        Some("integer") if value.as_i64() < schema["minimum"].as_i64() => Some(format!("{at}: {value} is too small")),
        Some("number") if !value.is_number() => Some(format!("{at}: {value} is no number")),
        Some("boolean") if !value.is_boolean() => Some(format!("{at}: {value} is no boolean")),
        _ => None,
    }
}

fn object(root: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    let Some(members) = value.as_object() else { return Some(format!("{at}: {value} is no object")) };
    let required = schema["required"].as_array().into_iter().flatten().map(|key| key.as_str().unwrap());
    for key in required {
        if !members.contains_key(key) {
            return Some(format!("{at}: no key `{key}`"));
        }
    }
    members.iter().find_map(|(key, member)| {
        let declared = schema["properties"].get(key).or(Some(&schema["additionalProperties"]));
        match declared {
            Some(Value::Bool(false)) => Some(format!("{at}: unknown key `{key}`")),
            Some(declared) => wrong(root, declared, member, &format!("{at}/{key}")),
            None => None,
        }
    })
}

/// Every key that a schema names, wherever it stands.
pub(crate) fn keys(schema: &Value) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
            keys.extend(properties.keys().cloned());
        }
        open.extend(schema.as_object().into_iter().flat_map(serde_json::Map::values));
        open.extend(schema.as_array().into_iter().flatten());
    }
    keys
}

/// Takes out the keys that a document uses.
pub(crate) fn used(document: &Value, keys: &mut BTreeSet<String>) {
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        if let Some(members) = value.as_object() {
            members.keys().for_each(|key| _ = keys.remove(key));
            open.extend(members.values());
        }
        open.extend(value.as_array().into_iter().flatten());
    }
}
