//! Compositions as consumers see them: unions, hierarchies, conditions.

use std::fmt::Write as _;

use super::*;

#[test]
fn both_places_of_a_conflict_are_named() {
    let loaded = schemas(
        "3.0.3",
        "    A: {allOf: [{type: object, properties: {x: {type: string}}}, {type: object, properties: {x: {type: integer}}}]}\n",
    );
    assert_eq!(
        loaded.problem_texts(),
        [
            "note api/openapi.yaml#/components/schemas/A/allOf/1/properties/x: `x` is integer here and string at `/components/schemas/A/allOf/0/properties/x`, no value can be both; the latter is used"
        ]
    );
}

#[test]
fn values_that_exclude_each_other_are_shown() {
    let loaded = schemas(
        "3.0.3",
        "    A: {allOf: [{type: object, properties: {x: {enum: [a]}}}, {type: object, properties: {x: {enum: [b, c, d, e, f]}}}]}\n",
    );
    let texts = loaded.problem_texts();
    assert!(texts[0].contains("`x` is one of b, c, d, e, ... here and one of a at `"), "{texts:?}");
}

#[test]
fn two_objects_that_both_apply_are_one_with_the_fields_of_both() {
    let loaded = schemas(
        "3.0.3",
        r"
    A:
      allOf:
        - {type: object, properties: {x: {type: object, required: [a], properties: {a: {type: string}}}}}
        - {type: object, properties: {x: {type: object, properties: {b: {type: integer}}}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(loaded.field_texts("A"), ["x: A.x (api/openapi.yaml#/components/schemas/A/allOf/0/properties/x)"]);
    let joint = loaded.text(&loaded.field("A", "x").shape);
    assert_eq!(loaded.field_texts(&joint), ["a!: string", "b: integer"]);
}

#[test]
fn whoever_takes_the_parent_may_meet_its_children() {
    let text = r"
    Pet:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      discriminator: DISCRIMINATOR
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, required: [purr], properties: {purr: {type: string}}}]}
    Lion: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {mane: {type: string}}}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {bark: {type: string}}}]}
";
    let told = schemas("3.0.3", &text.replace("DISCRIMINATOR", "{propertyName: kind}"));
    assert_eq!(told.problem_texts(), Vec::<String>::new());
    assert_eq!(told.field_texts("Pet"), ["kind!: string", "purr: string", "bark: string", "mane: string"]);
    assert_eq!(told.field_texts("Cat"), ["kind!: string", "purr!: string", "mane: string"]);
    assert_eq!(told.field_texts("Dog"), ["kind!: string", "bark: string"]);
    let untold = schemas("3.0.3", &text.replace("      discriminator: DISCRIMINATOR\n", ""));
    assert_eq!(untold.field_texts("Pet"), ["kind!: string"]);
}

#[test]
fn the_mapping_of_a_discriminator_is_resolved() {
    let loaded = schemas(
        "3.0.3",
        r"
    Pet:
      type: object
      properties: {kind: {type: string}}
      discriminator: {propertyName: kind, mapping: {c: Cat, d: '#/components/schemas/Dog', e: Eel}}
    Cat: {type: object, properties: {purr: {type: string}}}
    Dog: {type: object, properties: {bark: {type: string}}}
",
    );
    let contract = &loaded.catalog.contracts[0];
    let (_, pet) = contract.schemas.iter().find(|(_, schema)| schema.name.as_deref() == Some("Pet")).unwrap();
    let discriminator = pet.composition.as_ref().unwrap().discriminator.as_ref().unwrap();
    assert_eq!((discriminator.property.as_str(), discriminator.mapping.len()), ("kind", 3));
    let targets =
        discriminator.targets.iter().map(|(value, id)| (value.as_str(), contract.schemas.get(*id).name.as_deref()));
    assert_eq!(targets.collect::<Vec<_>>(), [("c", Some("Cat")), ("d", Some("Dog"))]);
    assert_eq!(loaded.field_texts("Pet"), ["kind: string", "purr: string", "bark: string"]);
    assert!(loaded.problem_texts()[0].contains("mapping/e: `Eel` cannot be resolved"), "{:?}", loaded.problem_texts());
}

#[test]
fn branches_and_dependencies_bring_optional_fields() {
    let loaded = schemas(
        "3.1.0",
        r"
    A:
      type: object
      required: [kind]
      properties: {kind: {type: string}}
      if: {properties: {kind: {const: x}, unused: {}}}
      then: {required: [x], properties: {x: {type: string}}}
      else: {properties: {y: {type: object, properties: {z: {type: string}}}}}
      dependentSchemas: {kind: {properties: {k: {type: integer}}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    assert_eq!(loaded.field_texts("A"), ["kind!: string", "x: string", "y: A|else.y", "k: integer"]);
}

#[test]
fn unions_of_unions_take_no_more_time_than_they_have_members() {
    let mut text = String::new();
    for at in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/U{}'}}", at + 1);
        writeln!(text, "    U{at}: {{type: object, oneOf: [{next}, {next}], anyOf: [{next}, {next}]}}").unwrap();
    }
    text += "    U40: {type: object, properties: {x: {type: string}}}\n";
    text += "    Top: {type: object, properties: {own: {}}, oneOf: [{$ref: '#/components/schemas/U0'}]}\n";
    assert_eq!(schemas("3.0.0", &text).field_texts("Top"), ["own: any", "x: string"]);
}

#[test]
fn a_variant_that_applies_anyway_keeps_what_it_requires() {
    let loaded = schemas(
        "3.0.0",
        r"
    X: {type: object, required: [x], properties: {x: {type: string}}}
    A: {allOf: [{oneOf: [{$ref: '#/components/schemas/X'}]}, {$ref: '#/components/schemas/X'}]}
",
    );
    assert_eq!(loaded.field_texts("A"), ["x!: string"]);
}

#[test]
fn members_under_any_other_name_make_a_map() {
    let loaded = schemas(
        "3.1.0",
        r"
    A:
      type: object
      properties:
        patterns: {type: object, patternProperties: {^a: {type: string}, ^b: {type: integer}}}
        rest: {type: object, unevaluatedProperties: {type: boolean}}
        closed: {type: object, patternProperties: {^a: {type: string}}, additionalProperties: false}
        tuple: {type: array, prefixItems: [{type: string}], items: {type: integer}}
        fixed: {type: array, prefixItems: [{type: string}], items: false}
",
    );
    assert_eq!(
        loaded.field_texts("A"),
        [
            "patterns: {string|integer}",
            "rest: {boolean}",
            "closed: {string}",
            "tuple: [string|integer]",
            "fixed: [string]"
        ]
    );
}
