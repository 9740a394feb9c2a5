//! Schemas as written: every keyword, one node for each place, older versions in the words of 2020-12.

use serde_json::json;

use super::*;
use crate::model::contract::{JsonType, Schema, SchemaId, Schemas};

impl Loaded {
    fn graph(&self) -> &Schemas {
        &self.catalog.contracts[0].schemas
    }

    fn declared(&self, name: &str) -> &Schema {
        let named = |(_, schema): &(SchemaId, &Schema)| schema.name.as_deref() == Some(name);
        self.graph().iter().find(named).unwrap_or_else(|| panic!("no {name}")).1
    }

    fn property(&self, schema: &str, name: &str) -> SchemaId {
        let object = self.declared(schema).object.as_ref().unwrap();
        object.properties.iter().find(|(known, _)| &**known == name).unwrap().1
    }

    fn types(&self, id: SchemaId) -> String {
        format!("{:?}", self.graph().get(id).types)
    }

    fn place(&self, id: SchemaId) -> String {
        pointer(&self.graph().site(id)).to_owned()
    }
}

#[test]
fn every_keyword_of_2020_12_is_kept() {
    let loaded = schemas(
        "3.1.0",
        r"
    S:
      type: [object, array, string, number, 'null']
      title: All
      minimum: 1
      maximum: 9.5
      exclusiveMinimum: 0
      exclusiveMaximum: 10
      multipleOf: 0.5
      minLength: 1
      maxLength: 5.0
      pattern: ^a
      contentEncoding: base64
      contentMediaType: image/png
      prefixItems: [{type: string}, true]
      items: false
      contains: {type: integer}
      minContains: 1
      maxContains: 2
      minItems: 1
      maxItems: 4
      uniqueItems: true
      unevaluatedItems: {}
      properties: {a: {readOnly: true, writeOnly: true, default: {x: 1}}}
      required: [b, a, b]
      patternProperties: {^x-: {type: string}}
      additionalProperties: false
      propertyNames: {maxLength: 3}
      minProperties: 1
      maxProperties: 7
      dependentRequired: {a: [b]}
      dependentSchemas: {a: {required: [c]}}
      unevaluatedProperties: {type: integer}
      allOf: [{}]
      oneOf: [{}, {}]
      anyOf: [{}]
      not: {const: 3}
      if: {required: [a]}
      then: {required: [b]}
      else: {required: [c]}
      $defs: {Inner: {type: boolean}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let schema = loaded.declared("S");
    assert_eq!(format!("{:?}", schema.types), r#"{"null", "number", "string", "array", "object"}"#);
    let number = schema.number.as_ref().unwrap();
    let bounds = [&number.minimum, &number.maximum, &number.exclusive_minimum, &number.exclusive_maximum];
    assert_eq!(bounds.map(|bound| bound.as_ref().unwrap().to_string()), ["1", "9.5", "0", "10"]);
    assert_eq!(number.multiple_of.as_ref().unwrap().to_string(), "0.5");
    let string = schema.string.as_ref().unwrap();
    assert_eq!((string.min_length, string.max_length, string.pattern.as_deref()), (Some(1), Some(5), Some("^a")));
    assert_eq!(string.content_encoding.as_deref(), Some("base64"));
    assert_eq!(string.content_media_type.as_deref(), Some("image/png"));
    let array = schema.array.as_ref().unwrap();
    assert_eq!((array.prefix_items.len(), array.min_items, array.max_items), (2, Some(1), Some(4)));
    assert_eq!((array.min_contains, array.max_contains, array.unique_items), (Some(1), Some(2), true));
    assert!(array.contains.is_some() && array.unevaluated_items.is_some());
    assert!(loaded.graph().get(array.items.unwrap()).never);
    assert_eq!(loaded.place(array.prefix_items[1]), "/components/schemas/S/prefixItems/1");
    let object = schema.object.as_ref().unwrap();
    let required: Vec<_> = object.required.iter().map(|name| &**name).collect();
    assert_eq!((required, object.min_properties, object.max_properties), (vec!["a", "b"], Some(1), Some(7)));
    assert_eq!((&*object.dependent_required[0].0, &*object.dependent_required[0].1[0]), ("a", "b"));
    assert!(object.property_names.is_some() && object.unevaluated_properties.is_some());
    assert!(loaded.graph().get(object.additional_properties.unwrap()).never);
    assert_eq!(loaded.place(object.pattern_properties[0].1), "/components/schemas/S/patternProperties/^x-");
    assert_eq!(loaded.place(object.dependent_schemas[0].1), "/components/schemas/S/dependentSchemas/a");
    let a = loaded.graph().get(loaded.property("S", "a")).annotations.as_ref().unwrap();
    assert_eq!((a.read_only, a.write_only, a.default.as_ref()), (true, true, Some(&json!({"x": 1}))));
    assert_eq!(schema.annotations.as_ref().unwrap().title.as_deref(), Some("All"));
    let composition = schema.composition.as_ref().unwrap();
    assert_eq!([composition.all_of.len(), composition.one_of.len(), composition.any_of.len()], [1, 2, 1]);
    assert!(composition.condition.is_some() && composition.then.is_some() && composition.otherwise.is_some());
    let not = loaded.graph().get(composition.not.unwrap());
    assert_eq!(not.values.as_deref(), Some(&[json!(3)][..]));
    assert!(loaded.declared("Inner").types.has(JsonType::Boolean));
}

#[test]
fn older_versions_are_brought_into_the_words_of_2020_12() {
    let loaded = schemas(
        "3.0.3",
        r"
    S:
      type: object
      properties:
        n: {type: string, nullable: true}
        free: {nullable: true}
        low: {type: number, minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false}
        pair: {type: array, items: [{type: string}, {type: integer}], additionalItems: {type: boolean}}
        open: {type: string, x-extensible-enum: [a, b]}
      dependencies: {n: [low], low: {required: [pair]}}
      then: {required: [n]}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let at = |name: &str| loaded.graph().get(loaded.property("S", name));
    assert_eq!(loaded.types(loaded.property("S", "n")), r#"{"null", "string"}"#);
    assert!(at("free").types.is_empty());
    let low = at("low").number.as_ref().unwrap();
    assert_eq!(low.minimum, None);
    assert_eq!(low.exclusive_minimum.as_ref().unwrap().to_string(), "1");
    assert_eq!((low.maximum.as_ref().unwrap().to_string(), low.exclusive_maximum.as_ref()), ("2".to_owned(), None));
    let pair = at("pair").array.as_ref().unwrap();
    assert_eq!(loaded.types(pair.items.unwrap()), r#"{"boolean"}"#);
    assert_eq!(loaded.place(pair.prefix_items[1]), "/components/schemas/S/properties/pair/items/1");
    assert!(at("open").annotations.as_ref().unwrap().open_enum);
    assert_eq!(at("open").values.as_ref().unwrap().len(), 2);
    let object = loaded.declared("S").object.as_ref().unwrap();
    assert_eq!((object.dependent_required.len(), object.dependent_schemas.len()), (1, 1));
    assert_eq!(loaded.place(object.dependent_schemas[0].1), "/components/schemas/S/dependencies/low");
    assert!(loaded.declared("S").composition.as_ref().unwrap().then.is_none(), "nothing without `if`");
}

#[test]
fn a_constant_beside_an_enumeration_must_be_one_of_it() {
    let loaded = schemas("3.1.0", "    In: {const: a, enum: [a, b]}\n    Out: {const: c, enum: [a, b]}\n");
    assert_eq!(loaded.declared("In").values.as_deref(), Some(&[json!("a")][..]));
    assert_eq!(loaded.declared("Out").values.as_deref(), Some(&[][..]));
}

#[test]
fn a_plain_reference_is_its_target() {
    let text = r"
    A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}, c: {$ref: '#/components/schemas/Alias', description: d}}}
    Alias: {$ref: '#/components/schemas/B'}
    B: {type: string}
    Part: {type: array, items: {$ref: '#/components/schemas/A/properties/own'}}
    Own: {type: object, properties: {}}
";
    for version in ["3.0.0", "3.1.0"] {
        let loaded = schemas(version, text);
        assert_eq!(loaded.property("A", "b"), loaded.property("A", "c"));
        assert_eq!(loaded.place(loaded.property("A", "b")), "/components/schemas/B");
        let count = loaded.graph().iter().filter(|(_, schema)| schema.name.as_deref() == Some("B")).count();
        assert_eq!(count, 1, "{version}");
        assert_eq!(loaded.problems.len(), 1, "the reference to `own` leads nowhere");
    }
}

#[test]
fn a_nested_target_is_the_same_schema_from_both_sides() {
    let loaded = schemas(
        "3.0.0",
        "    A: {type: array, items: {$ref: '#/components/schemas/B/properties/x'}}\n    B: {type: object, properties: {x: {type: string}}}\n",
    );
    let items = loaded.declared("A").array.as_ref().unwrap().items.unwrap();
    assert_eq!(items, loaded.property("B", "x"));
    assert_eq!(loaded.place(items), "/components/schemas/B/properties/x");
}

#[test]
fn what_stands_beside_a_reference_counts_since_3_1() {
    let text = "    A: {type: object, properties: {b: {$ref: '#/components/schemas/B', minLength: 3}}}\n    B: {type: string}\n";
    let new = schemas("3.1.0", text);
    let beside = new.graph().get(new.property("A", "b"));
    assert_eq!(beside.string.as_ref().unwrap().min_length, Some(3));
    assert_eq!(new.place(beside.reference.unwrap()), "/components/schemas/B");
    assert_eq!(new.field_texts("A"), ["b: string"]);
    let old = schemas("3.0.0", text);
    assert_eq!(old.place(old.property("A", "b")), "/components/schemas/B");
}

#[test]
fn references_that_lead_nowhere_or_in_circles_allow_anything() {
    let loaded = schemas(
        "3.0.0",
        "    A: {$ref: '#/components/schemas/A'}\n    B: {type: object, properties: {x: {$ref: '#/gone'}}}\n",
    );
    let x = loaded.graph().get(loaded.property("B", "x"));
    assert!(!x.never && x.types.is_empty() && x.reference.is_none());
    assert_eq!(loaded.place(loaded.property("B", "x")), "/components/schemas/B/properties/x");
    assert_eq!(loaded.problems.len(), 2, "{:?}", loaded.problem_texts());
}

#[test]
fn bodies_parameters_fields_and_messages_know_their_schemas() {
    let loaded = load(PROFILES);
    let get = loaded.operation("GET /profiles/{id}");
    assert_eq!(loaded.place(get.responses[0].bodies[0].schema.unwrap()), "/components/schemas/Profile");
    assert_eq!(loaded.place(get.parameters[0].schema.unwrap()), "/paths/~1profiles~1{id}/parameters/0/schema");
    let profile = loaded.message("Profile");
    assert_eq!(loaded.place(profile.schema.unwrap()), "/components/schemas/Profile");
    assert_eq!(profile.fields[0].schema, Some(loaded.property("Profile", "id")));
    assert_eq!(loaded.catalog.contracts[0].version, "3.0.3");
    for (id, schema) in loaded.graph().iter() {
        if let crate::model::contract::Place::Under { parent, .. } = schema.place {
            assert!(parent < id, "a parent comes before what is inside it");
        }
    }
}

#[test]
fn what_is_declared_for_sharing_is_read_even_if_nobody_uses_it() {
    let loaded = load(
        r"
openapi: 3.0.0
paths: {}
components:
  parameters: {P: {name: p, in: query, schema: {type: integer}}}
  responses: {R: {description: d, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}}
",
    );
    let places: Vec<_> = loaded.graph().iter().map(|(id, _)| loaded.place(id)).collect();
    let schema = "/components/responses/R/content/application~1json/schema";
    assert_eq!(places, ["/components/parameters/P/schema", schema, &format!("{schema}/properties/a")]);
}

#[test]
fn marks_of_bodies_that_are_no_messages_stay_on_their_schemas() {
    let loaded = schemas("3.0.0", "    Token: {type: string, format: password, deprecated: true}\n");
    let token = loaded.declared("Token");
    assert_eq!(token.marks.sensitive[0].class, "sensitive");
    assert_eq!(pointer(&token.marks.deprecated.as_ref().unwrap().site), "/components/schemas/Token/deprecated");
}
