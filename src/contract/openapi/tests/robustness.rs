//! Mistakes in a document, and what they cost.

use std::fmt::Write as _;

use super::*;

#[test]
fn an_invalid_corner_costs_that_corner() {
    let loaded = load(
        r"
openapi: 3.0.0
info: {title: 5}
paths:
  /a:
    get:
      operationId: [x]
      parameters: [{name: q}, {name: r, in: body}, {name: ok, in: query, required: 'yes'}, 7, {$ref: '#/nope'}]
      responses:
        ok: {description: d}
        '200': {description: d, content: {application/json: {schema: {type: object, required: true, properties: {a: {type: 5}, b: 6, c: {type: string}}}}}}
        '500': 3
    post: later
  /b: []
components: {schemas: {X: {properties: []}}}
",
    );
    let get = loaded.operation("GET /a");
    assert_eq!(get.parameters.len(), 1);
    assert_eq!(loaded.field_texts("GET /a#200"), ["a: any", "b: any", "c: string"]);
    let places: Vec<_> = loaded.problems.iter().map(|problem| pointer(problem.site.as_ref().unwrap())).collect();
    let get = "/paths/~1a/get";
    let schema = format!("{get}/responses/200/content/application~1json/schema");
    for place in [
        "/info",
        &format!("{get}/operationId"),
        &format!("{get}/parameters/0"),
        &format!("{get}/parameters/1"),
        &format!("{get}/parameters/2/required"),
        &format!("{get}/parameters/3"),
        &format!("{get}/parameters/4/$ref"),
        &format!("{get}/responses/ok"),
        &format!("{schema}/required"),
        &format!("{schema}/properties/a/type"),
        &format!("{schema}/properties/b"),
        &format!("{get}/responses/500"),
        "/paths/~1a/post",
        "/paths/~1b",
    ] {
        assert!(places.contains(&place), "{place} in {places:#?}");
    }
}

#[test]
fn broken_syntax_loses_the_block_it_is_in() {
    let loaded = load_with(&[("a.yaml", "openapi: 3.0.0\npaths: {\n"), ("b.yaml", PROFILES)], &[]);
    assert_eq!(loaded.catalog.contracts.len(), 2);
    let texts = loaded.problem_texts();
    assert!(texts[0].starts_with("contract-unreadable a.yaml:3:1: the YAML cannot be read here: "), "{texts:?}");
    assert!(texts[0].ends_with("; `paths` is left out (line 2)"), "{texts:?}");
}

#[test]
fn wrong_keywords_cost_themselves() {
    let loaded = schemas(
        "3.0.0",
        r"
    A:
      type: object
      properties:
        a: {type: any, required: true}
        b: {type: date, minLength: -1, maxLength: x, enum: yes}
        c: {type: [string, 'null'], pattern: 5}
        d: {allOf: {type: string}, minimum: '1', readOnly: maybe}
        e: {type: string, maxLength: 3}
",
    );
    assert_eq!(loaded.field_texts("A"), ["a: any", "b: any", "c: string", "d: any", "e: string"]);
    let texts = loaded.problem_texts();
    let mut texts: Vec<_> =
        texts.iter().map(|text| text.replace("api/openapi.yaml#/components/schemas/A/properties", "")).collect();
    texts.sort();
    assert_eq!(
        texts,
        [
            "contract-unreadable /a/required: `required` must be a list of names, in the object that has the property",
            "contract-unreadable /b/enum: `enum` must be a list of values",
            "contract-unreadable /b/maxLength: `maxLength` must be a whole number from zero on",
            "contract-unreadable /b/minLength: `minLength` must be a whole number from zero on",
            "contract-unreadable /b/type: `date` is no type",
            "contract-unreadable /c/pattern: `pattern` must be a text",
            "contract-unreadable /d/allOf: `allOf` must be a list of schemas",
            "contract-unreadable /d/minimum: `minimum` must be a number",
            "contract-unreadable /d/readOnly: `readOnly` must be true or false",
            "note /a/type: `any` is no type, a schema without `type` allows anything",
            "note /c/type: a list of types is none of OpenAPI 3.0, and read as in 3.1",
        ]
    );
}

#[test]
fn a_fault_in_hundreds_of_places_is_one_problem() {
    let mut text = String::new();
    for at in 0..300 {
        writeln!(text, "    S{at:03}: {{type: t{at}}}").unwrap();
    }
    let loaded = schemas("3.0.0", &text);
    assert_eq!(
        loaded.problem_texts(),
        [
            "contract-unreadable api/openapi.yaml#/components/schemas/S000/type: `t0` is no type (and 299 more like this in this file)"
        ]
    );
}

#[test]
fn other_versions_are_refused_by_name() {
    let loaded = load_with(&[("a.json", r#"{"swagger": "1.2", "paths": {}}"#), ("b.yaml", "openapi: 4.0.0\n")], &[]);
    assert!(loaded.catalog.contracts.is_empty());
    assert_eq!(
        loaded.problem_texts(),
        [
            "contract-unreadable a.json#: `1.2` is no version of OpenAPI that can be read",
            "contract-unreadable b.yaml#: `4.0.0` is no version of OpenAPI that can be read"
        ]
    );
}

/// A document with one place after another replaced by something else.
fn mutated(document: &Value, edits: &[(usize, usize)]) -> String {
    let junk = [
        json!(null),
        json!(7),
        json!("x"),
        json!([]),
        json!([{"$ref": "#/paths"}]),
        json!({}),
        json!({"$ref": "#"}),
        json!({"$ref": "#/components/schemas/Profile"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Profile"}, {"oneOf": [true, {"$ref": "#"}]}]}),
        json!({"type": "array", "items": {"$ref": "#/components"}}),
        json!(true),
    ];
    let mut document = document.clone();
    for (place, with) in edits {
        let mut pointers = Vec::new();
        all_pointers(&document, "", &mut pointers);
        if let Some(node) = document.pointer_mut(&pointers[place % pointers.len()]) {
            *node = junk[with % junk.len()].clone();
        }
    }
    if document.get("swagger").is_some() {
        return document.to_string();
    }
    document["openapi"] = json!(if edits.len().is_multiple_of(2) { "3.0.0" } else { "3.1.0" });
    document.to_string()
}

fn all_pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect(),
        _ => return,
    };
    for (token, inner) in members {
        let place = crate::document::pointer::child(at, &token);
        all_pointers(inner, &place, found);
        found.push(place);
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn no_mistake_in_a_document_brings_the_run_down(
        edits in proptest::collection::vec((0_usize..10_000, 0_usize..100), 1..6),
    ) {
        let text = if edits.len() == 1 { swagger::SHOP } else { PROFILES };
        let document: Value = serde_yaml::from_str(&text.replace("200:", "'200':").replace("204:", "'204':").replace("404:", "'404':")).unwrap();
        let text = mutated(&document, &edits);
        let loaded = load_with(&[("api/openapi.json", &text)], &[]);
        assert!(loaded.problems.iter().all(|problem| problem.kind != ProblemKind::Internal), "{text}");
        let sites: Vec<Site> = loaded.problems.iter().filter_map(|problem| problem.site.clone()).collect();
        assert_eq!(crate::contract::locate_all(&loaded.sources, &sites).len(), sites.len());
        for message in &loaded.catalog.messages {
            for field in &message.fields {
                let _ = loaded.text(&field.shape);
            }
        }
    }
}
