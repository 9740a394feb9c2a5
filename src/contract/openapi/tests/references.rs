//! References: across files, into nothing, in circles; and copies of files.

use std::fmt::Write as _;

use super::*;

#[test]
fn references_go_across_files() {
    let loaded = load_with(
        &[
            (
                "api/openapi.yaml",
                r"
openapi: 3.0.0
paths:
  /pets: {$ref: ./paths/pets.yaml}
components:
  schemas:
    Kind: {$ref: '../common/types.json#/Kind'}
",
            ),
            (
                "api/paths/pets.yaml",
                r"
get:
  responses:
    '200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: ../schemas/Pet.yaml}}}}}
    '404': {description: d, content: {application/json: {schema: {type: object, properties: {m: {type: string}}}}}}
",
            ),
            (
                "api/schemas/Pet.yaml",
                "type: object\nproperties: {kind: {$ref: '../../common/types.json#/Kind'}, next: {$ref: 'Pet.yaml'}}\n",
            ),
            ("common/types.json", r#"{"Kind": {"type": "string", "enum": ["cat"]}}"#),
            ("common/unrelated.yaml", "a: [\n"),
        ],
        &[],
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(loaded.body("GET /pets", "200"), "[Pet]");
    assert_eq!(loaded.field_texts("Pet"), ["kind: Kind<cat>", "next: Pet"]);
    assert_eq!(loaded.body("GET /pets", "404"), "GET /pets#404");
    let files: Vec<_> =
        loaded.catalog.contracts[0].files.iter().map(|file| loaded.sources.get(*file).path.as_str()).collect();
    assert_eq!(files, ["api/openapi.yaml", "api/paths/pets.yaml", "api/schemas/Pet.yaml", "common/types.json"]);
}

#[test]
fn a_component_written_elsewhere_keeps_its_name() {
    let main = "openapi: 3.0.0\npaths: {}\ncomponents: {schemas: {User: {$ref: models/user-model.yaml}}}\n";
    let model = "type: object\nproperties: {home: {type: object, properties: {city: {type: string}}}}\n";
    let loaded = load_with(&[("openapi.yaml", main), ("models/user-model.yaml", model)], &[]);
    assert_eq!(loaded.field_texts("User"), ["home: User.home"]);
    assert!(loaded.message("User").named);
}

#[test]
fn what_a_body_refers_to_keeps_the_name_of_its_place() {
    let body = |schema: &str| format!("{{description: d, content: {{application/json: {{schema: {schema}}}}}}}");
    let there = "#/paths/~1a/get/responses/200/content/application~1json/schema";
    let main = format!(
        "openapi: 3.0.0\npaths:\n  /b: {{get: {{responses: {{'200': {}, '201': {}}}}}}}\n  /a: {{get: {{responses: {{'200': {}}}}}}}\n",
        body("{$ref: models/Pet.yaml}"),
        body(&format!("{{$ref: '{there}'}}")),
        body("{type: object, properties: {x: {type: string}}}")
    );
    let loaded = load_with(
        &[("api.yaml", &main), ("models/Pet.yaml", "type: object\nproperties: {}\nadditionalProperties: false\n")],
        &[],
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(loaded.body("GET /b", "200"), "Pet");
    assert_eq!(loaded.body("GET /b", "201"), "GET /a#200");
}

#[test]
fn references_are_followed_where_bundlers_follow_them() {
    let loaded = load_with(
        &[
            (
                "openapi.yaml",
                r"
openapi: 3.1.0
info: {$ref: info.yaml}
paths: {/a: {get: {$ref: get.yaml}}}
components: {schemas: {$ref: schemas.yaml}}
",
            ),
            ("info.yaml", "title: Elsewhere\n"),
            (
                "get.yaml",
                r"
operationId: getA
deprecated: true
parameters: {$ref: parameters.yaml}
responses: {'200': {content: {application/json: {$ref: media.yaml}}}}
",
            ),
            ("parameters.yaml", "- {$ref: parameter.yaml, required: true}\n"),
            ("parameter.yaml", "{name: p, in: query, schema: {type: string}}\n"),
            ("media.yaml", "schema: {$ref: 'schemas.yaml#/A'}\n"),
            ("schemas.yaml", "A: {type: object, properties: {$ref: properties.yaml}}\n"),
            ("properties.yaml", "x: {type: string}\n$ref: {type: integer}\n"),
        ],
        &[],
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let get = loaded.operation("GET /a");
    assert_eq!((get.operation_id.as_deref(), get.marks.deprecated.is_some()), (Some("getA"), true));
    assert_eq!(pointer(&get.site), "/paths/~1a/get");
    assert_eq!(get.parameters[0].name, "p");
    assert_eq!(loaded.body("GET /a", "200"), "A");
    assert_eq!(loaded.field_texts("A"), ["x: string", "$ref: integer"]);
    assert_eq!(loaded.catalog.contracts[0].title, "Elsewhere");
}

#[test]
fn what_cannot_be_resolved_is_said_at_the_reference() {
    let loaded = schemas(
        "3.0.0",
        "    A: {type: object, properties: {x: {$ref: '#/components/schemas/Gone'}, y: {$ref: 'https://e.com/a'}, z: {type: string}}}\n",
    );
    assert_eq!(
        loaded.field_texts("A"),
        ["x: #/components/schemas/Gone (not found)", "y: https://e.com/a (not found)", "z: string"]
    );
    assert_eq!(
        loaded.problem_texts(),
        [
            "contract-unreadable api/openapi.yaml#/components/schemas/A/properties/x/$ref: `#/components/schemas/Gone` cannot be resolved: `api/openapi.yaml` has no `Gone` in `/components/schemas`",
            "contract-unreadable api/openapi.yaml#/components/schemas/A/properties/y/$ref: `https://e.com/a` cannot be resolved: references to the network are not followed",
        ]
    );
}

#[test]
fn cycles_end() {
    let loaded = schemas(
        "3.0.0",
        r"
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
    L: {type: array, items: {$ref: '#/components/schemas/L'}}
    Json: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Json'}}]}
    Self: {allOf: [{$ref: '#/components/schemas/Self'}, {type: object, properties: {x: {type: string}}}]}
    Pet: {type: object, properties: {kind: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {purr: {type: string}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {bark: {type: string}}}]}
",
    );
    let lost: Vec<_> = loaded.problem_texts().into_iter().filter(|text| text.starts_with("contract")).collect();
    assert_eq!(lost.len(), 2, "{lost:#?}");
    assert!(lost[0].contains("/A/$ref: this reference leads back to itself"), "{lost:?}");
    let notes = loaded.problem_texts();
    assert!(notes.iter().any(|text| text.contains("/Self/allOf/0: this schema is part of itself")), "{notes:?}");
    assert_eq!(loaded.field_texts("Self"), ["x: string"]);
    assert_eq!(loaded.field_texts("Cat"), ["kind: string", "purr: string"]);
    assert_eq!(loaded.field_texts("Pet"), ["kind: string", "purr: string", "bark: string"]);
}

#[test]
fn identical_copies_are_folded_unless_their_references_differ() {
    let main = "openapi: 3.0.0\ncomponents: {schemas: {A: {$ref: 'types.yaml#/A'}}}\n";
    let loaded = load_with(
        &[
            ("one/api.yaml", PROFILES),
            ("other/api.yaml", PROFILES),
            ("x/main.yaml", main),
            ("x/types.yaml", "A: {type: string}\n"),
            ("yy/main.yaml", main),
            ("yy/types.yaml", "A: {type: string}\n"),
            ("zzz/main.yaml", main),
            ("zzz/types.yaml", "A: {type: integer}\n"),
        ],
        &[],
    );
    let ids: Vec<_> =
        loaded.catalog.contracts.iter().map(|contract| (contract.id.as_str(), contract.copies.len())).collect();
    assert_eq!(ids, [("one/api.yaml", 1), ("x/main.yaml", 1), ("zzz/main.yaml", 0)]);
    assert!(loaded.problems.iter().all(|problem| problem.kind == ProblemKind::Note));
}

#[test]
fn long_chains_and_wide_compositions_stay_small() {
    let mut text = String::new();
    for at in 0..3_000 {
        let next = |kind: &str| format!("{{$ref: '#/components/schemas/{kind}{}'}}", at + 1);
        let (list, part) = (next("L"), next("A"));
        writeln!(text, "    L{at}: {{type: array, items: {list}}}").unwrap();
        writeln!(text, "    A{at}: {{allOf: [{part}, {part}]}}").unwrap();
    }
    for at in 0..60 {
        let next = format!("{{$ref: '#/components/schemas/U{}'}}", at + 1);
        let (list, map) = (format!("{{type: array, items: {next}}}"), format!("{{additionalProperties: {next}}}"));
        writeln!(text, "    U{at}: {{oneOf: [{list}, {map}]}}").unwrap();
    }
    text += "    L3000: {type: string}\n    U60: {type: string}\n    A3000: {type: object, properties: {x: {type: string}}}\n";
    let loaded = schemas("3.0.0", &text);
    assert!(loaded.problems.iter().any(|problem| problem.message.contains("too deeply")));
    assert_eq!(loaded.field_texts("A3000"), ["x: string"]);
    assert_eq!(loaded.field_texts("A2990"), ["x: string"]);
}

#[test]
fn names_are_unique_in_a_contract() {
    let loaded = load_with(
        &[
            (
                "a.yaml",
                "openapi: 3.0.0\ncomponents: {schemas: {E: {type: object, properties: {o: {$ref: 'b.yaml#/E'}}}}}\n",
            ),
            ("b.yaml", "E: {type: object, properties: {m: {type: string}}}\n"),
        ],
        &[],
    );
    assert_eq!(loaded.field_texts("E"), ["o: E (b.yaml#/E)"]);
}
