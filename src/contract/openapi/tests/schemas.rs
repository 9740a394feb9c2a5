//! Schemas: composition, types, marks.

use super::*;

#[test]
fn all_of_is_one_message_with_inherited_fields_first() {
    let loaded = schemas(
        "3.0.3",
        r"
    Base: {type: object, required: [id], properties: {id: {type: string}, kind: {type: string}, home: {type: object, properties: {a: {}}}}}
    Heir:
      required: [own]
      properties: {own: {type: integer}}
      allOf:
        - $ref: '#/components/schemas/Base'
        - {type: object, required: [kind], properties: {kind: {type: string, x-pii: true}, more: {type: boolean}}}
    Alias: {type: object, properties: {base: {allOf: [{$ref: '#/components/schemas/Base'}], description: d, deprecated: true}}}
    Size: {type: integer, format: int64}
    Sized: {type: object, properties: {size: {allOf: [{$ref: '#/components/schemas/Size'}, {description: d}]}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let fields = ["id!: string", "kind!: string", "home: Base.home", "more: boolean", "own!: integer"];
    assert_eq!(loaded.field_texts("Heir"), fields);
    assert_eq!(pointer(&loaded.field("Heir", "id").site), "/components/schemas/Base/properties/id");
    assert_eq!(loaded.field("Heir", "kind").marks.sensitive.len(), 1);
    assert_eq!(loaded.field_texts("Alias"), ["base: Base"]);
    assert!(loaded.field("Alias", "base").marks.deprecated.is_some());
    assert_eq!(loaded.field_texts("Sized"), ["size: integer (int64)"]);
}

#[test]
fn a_conflict_in_all_of_is_a_note_and_the_first_wins() {
    let loaded = schemas(
        "3.0.3",
        "    A: {allOf: [{type: object, properties: {x: {type: string}}}, {type: object, properties: {x: {type: integer}}}]}\n",
    );
    assert_eq!(loaded.field_texts("A"), ["x: string"]);
    let texts = loaded.problem_texts();
    assert!(
        texts[0].starts_with("note api/openapi.yaml#/components/schemas/A/allOf/1/properties/x: `x` is"),
        "{texts:?}"
    );
}

#[test]
fn unions_maps_and_lists_have_their_shapes() {
    let loaded = schemas(
        "3.0.3",
        r"
    Cat: {type: object, properties: {purr: {type: string}}}
    Dog: {type: object, properties: {bark: {type: string}}}
    Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}
    Holder:
      type: object
      properties:
        pet: {$ref: '#/components/schemas/Pet'}
        some: {anyOf: [{type: string}, {type: object, properties: {a: {type: string}}}]}
        map: {type: object, additionalProperties: {$ref: '#/components/schemas/Cat'}}
        free: {type: object}
        any: {}
        colour: {type: string, enum: [red, null, 3]}
        list: {type: array, items: {type: array, items: {type: number, format: double}}}
        closed: {type: object, additionalProperties: false}
        sizes: {type: array, items: {type: string}, enum: [s, m]}
    Choice:
      type: object
      properties: {common: {type: string}}
      oneOf:
        - {required: [common]}
        - {properties: {common: {type: string, enum: [a]}, extra: {type: string}}, required: [extra]}
        - {properties: {common: {type: string, enum: [b]}, extra: {type: integer}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(
        loaded.field_texts("Holder"),
        [
            "pet: Cat|Dog",
            "some: string|Holder.some|1",
            "map: {Cat}",
            "free: {any}",
            "any: any",
            "colour: <red,3>",
            "list: [[number (double)]]",
            "closed: Holder.closed",
            "sizes: [string]",
        ]
    );
    assert_eq!(loaded.field_texts("Choice"), ["common: string", "extra: string|integer"]);
}

#[test]
fn forms_of_3_1_are_read() {
    let loaded = schemas(
        "3.1.0",
        r"
    Marked: {type: string, x-pii: true}
    A:
      type: object
      properties:
        a: {type: [string, 'null'], examples: [x]}
        b: {type: [string, integer]}
        c: {oneOf: [{type: 'null'}, {$ref: '#/components/schemas/A'}]}
        d: true
        e: {const: fixed}
        f: {type: integer, exclusiveMinimum: 3}
        g: {$ref: '#/components/schemas/A', deprecated: true}
        h: {type: array, prefixItems: [{type: string}, {type: integer}]}
        i: {$ref: '#/components/schemas/A', required: [a], properties: {own: {type: string}}}
        j: {$ref: '#/components/schemas/Marked'}
    B: {$defs: {X: {type: object, properties: {y: {type: string}}}}, type: object, properties: {x: {$ref: '#/components/schemas/B/$defs/X'}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(
        loaded.field_texts("A"),
        [
            "a: string",
            "b: integer|string",
            "c: A",
            "d: any",
            "e: <fixed>",
            "f: integer",
            "g: A",
            "h: [string|integer]",
            "i: A.i",
            "j: string"
        ]
    );
    assert!(loaded.field("A", "g").marks.deprecated.is_some());
    assert_eq!(loaded.field("A", "j").marks.sensitive[0].class, "pii");
    assert_eq!(loaded.field_texts("A.i")[0], "a!: string");
    assert_eq!(loaded.field_texts("A.i")[10], "own: string");
}

#[test]
fn marks_beside_a_reference_do_not_count_in_3_0() {
    let text = "    S: {type: string}\n    A: {type: object, properties: {s: {$ref: '#/components/schemas/S', x-pii: true}}}\n";
    let loaded = schemas("3.0.0", text);
    assert!(loaded.field("A", "s").marks.sensitive.is_empty());
    assert!(loaded.problem_texts()[0].starts_with("note api/openapi.yaml#/components/schemas/A/properties/s: marks"));
    assert_eq!(schemas("3.1.0", text).field("A", "s").marks.sensitive[0].class, "pii");
}

#[test]
fn a_field_inherits_the_marks_of_its_schema() {
    let loaded = schemas(
        "3.0.0",
        r"
    Secret: {type: string, format: password}
    Old: {type: object, deprecated: true, properties: {x: {type: string}}}
    A:
      type: object
      properties:
        secret: {$ref: '#/components/schemas/Secret'}
        secrets: {type: array, items: {$ref: '#/components/schemas/Secret'}}
        by_name: {type: object, additionalProperties: {type: string, x-pii: true}}
        old: {$ref: '#/components/schemas/Old'}
        olds: {type: array, items: {$ref: '#/components/schemas/Old'}}
        plain: {type: string, x-data-classification: public}
",
    );
    let class = |field: &str| loaded.field("A", field).marks.sensitive.first().map(|sensitive| sensitive.class.clone());
    assert_eq!(class("secret").as_deref(), Some("sensitive"));
    assert_eq!(class("secrets").as_deref(), Some("sensitive"));
    assert_eq!(class("by_name").as_deref(), Some("pii"));
    assert_eq!(class("plain"), None);
    assert_eq!(pointer(&loaded.field("A", "secret").marks.sensitive[0].mark.site), "/components/schemas/Secret/format");
    assert!(loaded.field("A", "old").marks.deprecated.is_some());
    assert!(loaded.field("A", "olds").marks.deprecated.is_none());
    assert!(loaded.message("Old").marks.deprecated.is_some());
    assert!(loaded.field("Old", "x").marks.deprecated.is_none());
}

#[test]
fn selectors_of_the_policy_mark_fields() {
    let loaded = load_with(&[("a.yaml", PROFILES)], &[("health", &["Profile.id", "PUT /profiles/{id}#request.name"])]);
    assert_eq!(loaded.field("Profile", "id").marks.sensitive[0].class, "health");
    assert_eq!(loaded.field("PUT /profiles/{id}#request", "name").marks.sensitive[0].class, "health");
}

#[test]
fn of_two_types_in_all_of_the_narrower_one_counts() {
    let loaded = schemas(
        "3.0.3",
        r"
    Base: {type: object, properties: {kind: {type: string}, list: {type: array, items: {}}, any: {}, code: {type: string, enum: [a]}}}
    Heir:
      allOf:
        - $ref: '#/components/schemas/Base'
        - type: object
          properties:
            kind: {type: string, enum: [heir]}
            list: {type: array, items: {type: integer}}
            any: {type: boolean}
            code: {type: string}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(loaded.field_texts("Heir"), ["kind: <heir>", "list: [integer]", "any: boolean", "code: <a>"]);
}
