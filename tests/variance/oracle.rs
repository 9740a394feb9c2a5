//! The relation of schemas against a validator that knows nothing of it.
//!
//! Schemas are made at random, and changed at random. Values that one side takes are shown to the other:
//! **what is called compatible must have no counterexample**, and a witness must be what it says. `VARIANCE_PAIRS`
//! sets how many pairs are made (a long run by hand: 200000), `VARIANCE_SEED` which; what breaks without a value that shows it is counted.

use boon::{Compiler, SchemaIndex, Schemas};
use contract_lint::model::change::{Change, Compatibility};
use serde_json::{Map, Value, json};

use super::changes;

/// Pairs that stand in one document.
const PER_DOCUMENT: usize = 100;

/// Values that are drawn for each pair and direction.
const DRAWS: usize = 40;

/// A generator of numbers that is the same everywhere (splitmix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap()
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(of.len())]
    }
}

/// Texts of `x` satisfy some of them.
const PATTERNS: [&str; 5] = ["^x+$", "^x{2,5}$", "^[a-z]*$", "xx", "^(x|y)$"];

/// Keywords by which a property travels one way only: not in requests, not in answers.
const HIDING: [&str; 2] = ["readOnly", "writeOnly"];

const NAMES: [&str; 4] = ["a", "b", "c", "d"];

fn schema(dice: &mut Dice, depth: usize) -> Value {
    let kinds = if depth == 0 { 8 } else { 17 };
    match dice.roll(kinds) {
        7 => formatted(dice),
        0 => bounded(dice, json!({"type": "integer"}), &["minimum", "maximum", "multipleOf"]),
        1 => bounded(dice, json!({"type": "string"}), &["minLength", "maxLength"]),
        2 => {
            let words = ["x", "y", "z", "w"];
            let count = 1 + dice.roll(4);
            json!({"type": "string", "enum": words[..count]})
        }
        3 => json!({"type": *dice.one(&["boolean", "number", "integer"])}),
        4 => json!({"type": "string", "pattern": dice.one(&PATTERNS)}),
        5 => json!({"const": dice.one(&["x", "y"])}),
        6 => json!({"type": "integer", "not": {"enum": [1 + dice.roll(3)]}}),
        8 | 9 => {
            let items = schema(dice, depth - 1);
            let mut list = bounded(dice, json!({"type": "array", "items": items}), &["minItems", "maxItems"]);
            match dice.roll(6) {
                0 => list["contains"] = schema(dice, 0),
                1 => list["prefixItems"] = json!([schema(dice, 0)]),
                2 => list["uniqueItems"] = json!(true),
                _ => {}
            }
            list
        }
        10..=12 => object(dice, depth),
        13 => {
            let (a, b) = (schema(dice, depth - 1), schema(dice, depth - 1));
            json!({"anyOf": [a, b]})
        }
        14 => tagged(dice, depth),
        15 => {
            let (condition, then) = (object(dice, 1), object(dice, 1));
            let mut object = object(dice, depth);
            object["if"] = json!({"required": condition["required"]});
            object["then"] = json!({"required": then["required"]});
            object
        }
        _ => {
            let (a, b) = (object(dice, depth), object(dice, depth));
            json!({"allOf": [a, b]})
        }
    }
}

/// Formats that the validator asserts, each with a text that is of it and of no other.
const FORMATS: [(&str, &str); 4] = [
    ("date", "2026-12-01"),
    ("uuid", "0b5d8a36-6f7c-4d0e-9a7e-2f0f3a1c9b11"),
    ("ipv4", "192.0.2.1"),
    ("email", "a@example.org"),
];

/// A text of one format, or of several, of which there is none.
fn formatted(dice: &mut Dice) -> Value {
    let (a, b) = (dice.one(&FORMATS).0, dice.one(&FORMATS).0);
    match dice.roll(4) {
        0 => json!({"allOf": [{"type": "string", "format": a}, {"format": b}]}),
        1 => json!({"type": "string", "format": a, "maxLength": 8 + dice.roll(30)}),
        _ => json!({"type": "string", "format": a}),
    }
}

/// A `oneOf` of objects that a constant tells apart.
fn tagged(dice: &mut Dice, depth: usize) -> Value {
    let members: Vec<Value> = ["p", "q", "r"][..2 + dice.roll(2)]
        .iter()
        .map(|tag| {
            let mut member = object(dice, depth);
            member["properties"]["kind"] = json!({"const": tag});
            member["required"].as_array_mut().unwrap().push(json!("kind"));
            member
        })
        .collect();
    json!({"oneOf": members})
}

fn bounded(dice: &mut Dice, mut schema: Value, keywords: &[&str]) -> Value {
    for keyword in keywords {
        if dice.roll(3) == 0 {
            schema[*keyword] = json!(1 + dice.roll(5));
        }
    }
    schema
}

fn object(dice: &mut Dice, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in NAMES {
        if dice.roll(2) == 0 {
            properties.insert(name.to_owned(), schema(dice, depth - 1));
        }
    }
    let required: Vec<&String> = properties.keys().filter(|_| dice.roll(3) == 0).collect();
    let mut object = json!({"type": "object", "required": required, "properties": properties});
    match dice.roll(10) {
        0 | 1 => object["minProperties"] = json!(1),
        2 => object["additionalProperties"] = json!(false),
        3 => object["additionalProperties"] = schema(dice, 0),
        4 => object["propertyNames"] = json!({"maxLength": 1 + dice.roll(2)}),
        5 => object["dependentRequired"] = json!({"a": [*dice.one(&NAMES)]}),
        _ => {}
    }
    object
}

/// The same with one or two edits somewhere.
fn edited(dice: &mut Dice, schema: &Value, depth: usize) -> Value {
    let mut new = schema.clone();
    match new.as_object_mut() {
        Some(parts) if dice.roll(4) > 0 => {
            let inside: Vec<String> = parts
                .iter()
                .filter(|(key, _)| {
                    ["items", "properties", "anyOf", "allOf", "oneOf", "contains", "additionalProperties"]
                        .contains(&key.as_str())
                })
                .map(|(key, _)| key.clone())
                .collect();
            if inside.is_empty() {
                return own_edit(dice, schema, depth);
            }
            let key = dice.one(&inside).clone();
            match &mut parts[&key] {
                Value::Array(members) => {
                    let at = dice.roll(members.len());
                    members[at] = edited(dice, &members[at], depth.saturating_sub(1));
                }
                Value::Bool(_) => return own_edit(dice, schema, depth),
                Value::Object(named) if key == "properties" => {
                    let names: Vec<String> = named.keys().cloned().collect();
                    if let Some(name) = names.get(dice.roll(names.len().max(1))) {
                        named[name] = edited(dice, &named[name], depth.saturating_sub(1));
                    }
                }
                items => *items = edited(dice, items, depth.saturating_sub(1)),
            }
            new
        }
        _ => own_edit(dice, schema, depth),
    }
}

fn own_edit(dice: &mut Dice, old: &Value, depth: usize) -> Value {
    let mut new = old.clone();
    let keyword = *dice.one(&["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "multipleOf"]);
    match dice.roll(13) {
        12 if new["format"].is_string() => new["format"] = json!(dice.one(&FORMATS).0),
        // Of listed values a format is a remark.
        12 if new["type"] == "string" && new["enum"].is_null() => new["format"] = json!(dice.one(&FORMATS).0),
        // Who sends and who receives see other properties of the outermost object.
        12 if depth == 2 && new["properties"].is_object() => {
            let name = *dice.one(&NAMES);
            if let Some(property) = new["properties"].get_mut(name).filter(|it| it.is_object()) {
                property[*dice.one(&HIDING)] = json!(true);
            }
        }
        8 if new["pattern"].is_string() => new["pattern"] = json!(dice.one(&PATTERNS)),
        8 if new["properties"].is_object() => {
            new["additionalProperties"] = if dice.roll(2) == 0 { json!(false) } else { schema(dice, 0) };
        }
        9 if new["additionalProperties"] != Value::Null => {
            new.as_object_mut().unwrap().remove("additionalProperties");
        }
        9 if new["oneOf"].is_array() => {
            let members = new["oneOf"].as_array_mut().unwrap();
            let at = dice.roll(members.len());
            members.remove(at);
        }
        10 => {
            let keywords =
                ["format", "contains", "not", "dependentRequired", "propertyNames", "then", "uniqueItems", "const"];
            new.as_object_mut().unwrap().remove(*dice.one(&keywords));
        }
        11 if new["properties"].is_object() => match dice.roll(3) {
            0 => new["dependentRequired"] = json!({"a": [*dice.one(&NAMES)]}),
            1 => new["propertyNames"] = json!({"maxLength": 1 + dice.roll(2)}),
            _ => new["then"] = json!({"required": [*dice.one(&NAMES)]}),
        },
        11 if new["items"].is_object() => new["contains"] = schema(dice, 0),
        0 => new[keyword] = json!(1 + dice.roll(6)),
        1 => {
            new.as_object_mut().unwrap().remove(keyword);
        }
        2 => return json!({"anyOf": [old, schema(dice, depth.min(1))]}),
        3 => {
            if let Some(members) = old.get("anyOf").and_then(Value::as_array) {
                return dice.one(members).clone();
            }
        }
        4 => new = json!({"allOf": [old]}),
        5 if new["required"].is_array() => new["required"] = json!([*dice.one(&NAMES)]),
        6 if new["enum"].is_array() => new["enum"] = json!([*dice.one(&["x", "y", "q"])]),
        7 if new["properties"].is_object() => {
            let name = *dice.one(&NAMES);
            new["properties"][name] = schema(dice, depth.min(1));
        }
        _ => return schema(dice, depth),
    }
    new
}

/// A value that a schema may take, of the names that it declares: others are nobody's contract.
fn value(dice: &mut Dice, schema: &Value) -> Value {
    if let Some(values) = schema["enum"].as_array() {
        return dice.one(values).clone();
    }
    if schema["const"] != Value::Null {
        return schema["const"].clone();
    }
    if let Some(members) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let at = dice.roll(members.len());
        return value(dice, &members[at]);
    }
    if let Some(members) = schema["allOf"].as_array() {
        let mut all = Map::new();
        for member in members {
            match value(dice, member) {
                Value::Object(parts) => all.extend(parts),
                other => return other,
            }
        }
        return Value::Object(all);
    }
    let from = |keyword: &str, otherwise: u64| schema[keyword].as_u64().unwrap_or(otherwise);
    match schema["type"].as_str() {
        Some("integer") => {
            let step = from("multipleOf", 1);
            let low = from("minimum", 0);
            json!((low + dice.roll(8) as u64).div_ceil(step) * step)
        }
        Some("number") => json!(f64::from(u32::try_from(dice.roll(10)).unwrap()) / 2.0),
        Some("boolean") => json!(dice.roll(2) == 0),
        Some("string") if schema["format"].is_string() => {
            let texts: Vec<&str> = FORMATS.iter().map(|it| it.1).collect();
            let own = FORMATS.iter().find(|it| schema["format"] == it.0).map_or("x", |it| it.1);
            json!(if dice.roll(4) == 0 { dice.one(&texts) } else { own })
        }
        Some("string") => {
            let texts = ["2026-12-01", "192.0.2.1"];
            if dice.roll(6) == 0 {
                return json!(dice.one(&texts));
            }
            let low = from("minLength", 0);
            let high = from("maxLength", 7).max(low);
            Value::String(
                "x".repeat(usize::try_from(low).unwrap() + dice.roll(usize::try_from(high - low).unwrap() + 1)),
            )
        }
        Some("array") => {
            let low = usize::try_from(from("minItems", 0)).unwrap();
            let high = usize::try_from(from("maxItems", 4)).unwrap().max(low);
            let count = low + dice.roll(high - low + 1);
            let of = |at: usize| schema["prefixItems"].get(at).unwrap_or(&schema["items"]);
            let mut items: Vec<Value> = (0..count).map(|at| value(dice, of(at))).collect();
            if schema["contains"].is_object() && dice.roll(2) == 0 {
                items.push(value(dice, &schema["contains"]));
            }
            Value::Array(items)
        }
        _ => {
            let mut members = Map::new();
            let required: Vec<&str> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            for (name, property) in schema["properties"].as_object().into_iter().flatten().filter(|it| it.1.is_object())
            {
                if required.contains(&name.as_str()) || dice.roll(2) == 0 {
                    members.insert(name.clone(), value(dice, property));
                }
            }
            if schema["additionalProperties"].is_object() && dice.roll(2) == 0 {
                members.insert("other".to_owned(), value(dice, &schema["additionalProperties"]));
            }
            Value::Object(members)
        }
    }
}

/// What goes one way: of the outermost object a property that does not travel so takes anything, and nobody has to send it.
fn travelling(schema: &Value, hiding: &str) -> Value {
    let mut schema = schema.clone();
    let properties = schema["properties"].as_object().cloned().unwrap_or_default();
    let hidden: Vec<&String> = properties.iter().filter(|(_, it)| it[hiding] == true).map(|(name, _)| name).collect();
    for name in &hidden {
        schema["properties"][name.as_str()] = json!(true);
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !hidden.iter().any(|it| name == it.as_str()));
    }
    for keyword in ["anyOf", "allOf"] {
        for member in schema.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            *member = travelling(member, hiding);
        }
    }
    schema
}

/// Whether values are listed and formats said in one conjunction: beside listed values a format is a remark, which the
/// validator takes at its word.
fn has_remarks(schema: &Value) -> bool {
    match schema {
        Value::Object(parts) => parts.iter().any(|(key, part)| {
            let text = part.to_string();
            let lists = text.contains("\"enum\"") || text.contains("\"const\"");
            (key == "allOf" && lists && text.contains("\"format\"")) || has_remarks(part)
        }),
        Value::Array(members) => members.iter().any(has_remarks),
        _ => false,
    }
}

/// The same without formats.
fn unformatted(schema: &Value) -> Value {
    match schema {
        Value::Object(parts) => {
            let kept = parts.iter().filter(|(key, part)| *key != "format" || !part.is_string());
            Value::Object(kept.map(|(key, part)| (key.clone(), unformatted(part))).collect())
        }
        Value::Array(members) => members.iter().map(unformatted).collect(),
        other => other.clone(),
    }
}

/// The same without a word on names that it does not declare. Who receives an answer is taken to leave names alone that
/// are new to it, even where the contract shuts them out: generators write that everywhere.
fn opened(schema: &Value) -> Value {
    match schema {
        Value::Object(parts) => {
            let kept = parts.iter().filter(|(key, _)| *key != "additionalProperties");
            Value::Object(kept.map(|(key, part)| (key.clone(), opened(part))).collect())
        }
        Value::Array(members) => members.iter().map(opened).collect(),
        other => other.clone(),
    }
}

/// A validator of one schema.
struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn new(schema: &Value) -> Self {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.enable_format_assertions();
        compiler.add_resource("mem://schema", schema.clone()).unwrap();
        let index = compiler.compile("mem://schema", &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn takes(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }
}

/// One document with every schema as a body that is sent to one path, and received from another.
fn document(schemas: &[Value]) -> String {
    let mut paths = Map::new();
    for (at, schema) in schemas.iter().enumerate() {
        let content = json!({"application/json": {"schema": {"type": "object", "properties": {"it": schema}}}});
        paths.insert(
            format!("/sent{at}"),
            json!({"post": {"requestBody": {"required": true, "content": content}, "responses": {"204": {"description": ""}}}}),
        );
        paths.insert(
            format!("/received{at}"),
            json!({"get": {"responses": {"200": {"description": "", "content": content}}}}),
        );
    }
    json!({"openapi": "3.1.0", "info": {"title": "Api", "version": "1"}, "paths": paths}).to_string()
}

#[derive(Default)]
struct Tally {
    compatible: usize,
    breaking: usize,
    unknown: usize,
    /// Breaking, and no value that was drawn shows it, nor is there a witness.
    unshown: usize,
}

#[test]
fn what_is_compatible_has_no_counterexample() {
    let set = |name: &str, otherwise| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let pairs = usize::try_from(set("VARIANCE_PAIRS", 600)).unwrap();
    let mut dice = Dice(set("VARIANCE_SEED", 7));
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for _ in 0..usize::div_ceil(pairs, PER_DOCUMENT) {
        let old: Vec<Value> = (0..PER_DOCUMENT).map(|_| schema(&mut dice, 2)).collect();
        let new: Vec<Value> = old.iter().map(|it| edited(&mut dice, it, 2)).collect();
        let pairs = old.into_iter().zip(new).map(|(old, new)| {
            let is_plain = !has_remarks(&old) && !has_remarks(&new);
            if is_plain { (old, new) } else { (unformatted(&old), unformatted(&new)) }
        });
        let (old, new): (Vec<Value>, Vec<Value>) = pairs.unzip();
        let found = changes(&document(&old), &document(&new));
        for (at, (old, new)) in old.iter().zip(&new).enumerate() {
            let [sent, received] = HIDING.map(|hiding| (travelling(old, hiding), travelling(new, hiding)));
            let judges = [&sent.0, &sent.1, &opened(&received.0), &received.1].map(Judge::new);
            let ways = [("/sent", &sent.0, &judges[0], &judges[1]), ("/received", &received.1, &judges[3], &judges[2])];
            for (way, from, inside, outside) in ways {
                let key = format!("{way}{at}");
                let own = |change: &&Change| change.element.name.contains(&format!("{key}#"));
                let own: Vec<&Change> = found.iter().filter(own).collect();
                let draws: Vec<Value> =
                    (0..DRAWS).map(|_| value(&mut dice, from)).filter(|it| inside.takes(it)).collect();
                let counterexample = draws.iter().find(|it| !outside.takes(it));
                let is_breaking = own.iter().any(|it| it.is_breaking());
                let is_unknown = own.iter().any(|it| matches!(it.compatibility, Compatibility::Unknown(_)));
                let is_shown = own.iter().any(|it| matches!(it.compatibility, Compatibility::Breaking(Some(_))));
                match (is_breaking, is_unknown) {
                    (true, _) => tally.breaking += 1,
                    (false, true) => tally.unknown += 1,
                    (false, false) => tally.compatible += 1,
                }
                tally.unshown += usize::from(is_breaking && counterexample.is_none() && !is_shown);
                if let (false, false, Some(value)) = (is_breaking, is_unknown, counterexample) {
                    wrong.push(format!("{way}: {old}\n     -> {new}\n     but {value}"));
                }
            }
        }
    }
    let Tally { compatible, breaking, unknown, unshown } = tally;
    println!("{compatible} compatible, {breaking} breaking ({unshown} of them without a value), {unknown} unknown");
    assert!(wrong.is_empty(), "{} counterexamples\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
    assert!(compatible > 0 && breaking > unshown, "both verdicts must have been tried");
}
