//! Reading whole documents.

use jiff::civil::date;

use super::*;
use crate::contract::tests::settings;
use crate::model::contract::{Cardinality, Field, Message, Operation, ParameterPlace, Shape};
use crate::model::settings::DataClass;
use crate::model::source::{FileKind, Site, SourceFile};

struct Loaded {
    sources: Sources,
    catalog: Catalog,
    problems: Vec<Problem>,
}

impl Loaded {
    fn operation(&self, key: &str) -> &Operation {
        self.catalog.operations.iter().find(|operation| operation.key == key).unwrap_or_else(|| panic!("no {key}"))
    }

    fn message(&self, name: &str) -> &Message {
        self.catalog.messages.iter().find(|message| message.name == name).unwrap_or_else(|| {
            let names: Vec<_> = self.catalog.messages.iter().map(|message| &message.name).collect();
            panic!("no {name} in {names:?}")
        })
    }

    fn field(&self, message: &str, field: &str) -> &Field {
        self.message(message).fields.iter().find(|known| known.name == field).unwrap_or_else(|| panic!("no {field}"))
    }

    /// A shape as text, messages by name.
    fn text(&self, shape: &Shape) -> String {
        match shape {
            Shape::Message(id) => self.catalog.message(*id).name.clone(),
            Shape::List(inner) => format!("[{}]", self.text(inner)),
            Shape::Map(inner) => format!("{{{}}}", self.text(inner)),
            Shape::Union(members) => members.iter().map(|member| self.text(member)).collect::<Vec<_>>().join("|"),
            Shape::Enum { name, values } => format!("{name}<{}>", values.join(",")),
            other => other.to_string(),
        }
    }

    fn field_texts(&self, message: &str) -> Vec<String> {
        let text = |field: &Field| {
            let mark = if field.cardinality == Cardinality::Required { "!" } else { "" };
            format!("{}{mark}: {}", field.name, self.text(&field.shape))
        };
        self.message(message).fields.iter().map(text).collect()
    }

    fn body(&self, key: &str, status: &str) -> String {
        let operation = self.operation(key);
        let response = operation.responses.iter().find(|response| response.status == status).unwrap();
        self.text(&response.bodies[0].shape)
    }

    /// Problems as `kind path#pointer: message`.
    fn problem_texts(&self) -> Vec<String> {
        let text = |problem: &Problem| {
            let place = match problem.site.as_ref().unwrap() {
                Site::Pointer { file, pointer } => format!("{}#{pointer}", self.sources.get(*file).path),
                Site::Span(span) => {
                    let at = self.sources.start(*span);
                    format!("{}:{}:{}", self.sources.get(span.file).path, at.line, at.column)
                }
            };
            format!("{} {place}: {}", problem.kind.name(), problem.message)
        };
        self.problems.iter().map(text).collect()
    }
}

fn load_with(files: &[(&str, &str)], classes: &[(&str, &[&str])]) -> Loaded {
    let mut sources = Sources::default();
    for (path, text) in files {
        let kind = if path.ends_with("json") { FileKind::Json } else { FileKind::Yaml };
        sources.push(SourceFile::new(*path, Revision::Head, kind, *text));
    }
    let classes = classes.iter().map(|(name, marks)| {
        let marks = marks.iter().map(|mark| (*mark).to_owned()).collect();
        ((*name).to_owned(), DataClass { marks, ..DataClass::default() })
    });
    let settings = settings(classes.collect());
    let marks = MarkTable::new(&settings);
    let (catalog, problems) = super::load(&sources, Revision::Head, &Workspace::default(), &settings, &marks);
    Loaded { sources, catalog, problems }
}

fn load(text: &str) -> Loaded {
    load_with(&[("api/openapi.yaml", text)], &[])
}

/// A document of one version with these schemas.
fn schemas(version: &str, schemas: &str) -> Loaded {
    load(&format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{schemas}"
    ))
}

fn pointer(site: &Site) -> &str {
    let Site::Pointer { pointer, .. } = site else { panic!("{site:?}") };
    pointer
}

const PROFILES: &str = r##"
openapi: 3.0.3
info: {title: Profiles, version: 1.0.0}
servers: [{url: "https://{region}.example.com/v1"}]
paths:
  x-note: none
  /profiles/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}}
      - {name: verbose, in: query, schema: {type: boolean}}
    servers: [{url: "https://{region}.example.com/v1"}, {url: https://old.example.com}]
    get:
      operationId: getProfile
      deprecated: true
      x-sunset: 2026-12-01
      parameters:
        - {name: verbose, in: query, required: true, deprecated: true, schema: {type: integer}}
        - $ref: '#/components/parameters/Client'
      responses:
        200:
          description: found
          headers:
            X-Rate: {schema: {type: integer}}
          content:
            application/json: {schema: {$ref: '#/components/schemas/Profile'}}
            application/xml: {schema: {type: object, properties: {raw: {type: string}}}}
        4xx: {$ref: '#/components/responses/Problem'}
        default: {description: other}
    put:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: {type: string}
                address: {type: object, properties: {city: {type: string}}}
                tags: {type: array, items: {type: object, properties: {key: {type: string}}}}
      responses: {'204': {description: done}}
components:
  parameters:
    Client: {name: X-Client-Id, in: header, required: true, schema: {type: string}}
  responses:
    Problem:
      description: wrong
      content: {application/problem+json: {schema: {type: object, properties: {title: {type: string}}}}}
  schemas:
    Profile:
      type: object
      required: [id]
      properties:
        id: {type: string}
        birthdate: {type: string, format: date, x-pii: true, deprecated: true}
        friends: {type: array, items: {$ref: '#/components/schemas/Profile'}}
        address: {type: object, properties: {city: {type: string}}}
    Unused: {type: object, properties: {a: {type: integer, format: int32}}}
    Colour: {type: string, enum: [red, green]}
"##;

#[test]
fn a_document_becomes_operations_and_messages() {
    let loaded = load(PROFILES);
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let contract = &loaded.catalog.contracts[0];
    assert_eq!((contract.id.as_str(), contract.title.as_str()), ("api/openapi.yaml", "Profiles"));
    assert_eq!(contract.servers, ["https://{region}.example.com/v1", "https://old.example.com"]);
    assert_eq!(contract.operations, OperationId(0)..OperationId(2));

    let get = loaded.operation("GET /profiles/{id}");
    assert_eq!(get.operation_id.as_deref(), Some("getProfile"));
    assert_eq!(pointer(&get.site), "/paths/~1profiles~1{id}/get");
    assert_eq!(get.marks.deprecated.as_ref().unwrap().text, "deprecated");
    assert_eq!(get.marks.sunset.as_ref().unwrap().0, date(2026, 12, 1));
    assert_eq!(pointer(&get.marks.sunset.as_ref().unwrap().1.site), "/paths/~1profiles~1{id}/get/x-sunset");
    let statuses: Vec<_> = get.responses.iter().map(|response| response.status.as_str()).collect();
    assert_eq!(statuses, ["200", "4XX", "default"]);
    assert_eq!(get.responses[0].headers[0].name, "X-Rate");
    assert_eq!(
        pointer(&get.responses[0].bodies[0].site),
        "/paths/~1profiles~1{id}/get/responses/200/content/application~1json"
    );
    assert_eq!(loaded.body("GET /profiles/{id}", "200"), "Profile");
    assert_eq!(loaded.body("GET /profiles/{id}", "4XX"), "responses/Problem");
    assert_eq!(loaded.field_texts("GET /profiles/{id}#200(application/xml)"), ["raw: string"]);
    assert_eq!(loaded.field_texts("Unused"), ["a: integer (int32)"]);
    assert!(loaded.message("Profile").named);
    assert!(!loaded.message("Profile.address").named);
}

#[test]
fn parameters_of_the_path_are_merged_and_own_ones_win() {
    let loaded = load(PROFILES);
    let get = loaded.operation("GET /profiles/{id}");
    let names: Vec<_> = get.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    assert_eq!(names, ["id", "verbose", "X-Client-Id"]);
    let [id, verbose, client] = get.parameters.as_slice() else { panic!() };
    assert_eq!((id.place, id.required, id.identity), (ParameterPlace::Path, true, false));
    assert!(verbose.required && verbose.marks.deprecated.is_some());
    assert_eq!(pointer(&verbose.site), "/paths/~1profiles~1{id}/get/parameters/0");
    assert!(client.identity);
    assert_eq!(pointer(&client.site), "/components/parameters/Client");
    assert_eq!(loaded.operation("PUT /profiles/{id}").parameters.len(), 2);
}

#[test]
fn inline_objects_are_named_by_their_place() {
    let loaded = load(PROFILES);
    let request = "PUT /profiles/{id}#request";
    assert!(loaded.operation("PUT /profiles/{id}").request[0].required);
    assert_eq!(
        loaded.field_texts(request),
        ["name!: string", &format!("address: {request}.address"), &format!("tags: [{request}.tags[]]")]
    );
    let city = loaded.field(&format!("{request}.address"), "city");
    let body = "/paths/~1profiles~1{id}/put/requestBody/content/application~1json/schema";
    assert_eq!(pointer(&city.site), format!("{body}/properties/address/properties/city"));
}

#[test]
fn marks_stand_on_fields_with_their_own_place() {
    let loaded = load(PROFILES);
    let field = loaded.field("Profile", "birthdate");
    let place = "/components/schemas/Profile/properties/birthdate";
    assert_eq!(pointer(&field.site), place);
    assert_eq!(field.marks.sensitive[0].class, "pii");
    assert_eq!(field.marks.sensitive[0].mark.text, "x-pii: true");
    assert_eq!(pointer(&field.marks.sensitive[0].mark.site), format!("{place}/x-pii"));
    assert!(field.marks.deprecated.is_some());
    assert_eq!(loaded.field_texts("Profile")[2], "friends: [Profile]");
}

#[test]
fn json_and_yaml_give_the_same_contract() {
    let value: Value = serde_yaml::from_str(&PROFILES.replace("200:", "'200':")).unwrap();
    let json = load_with(&[("api/openapi.json", &serde_json::to_string(&value).unwrap())], &[]);
    let yaml = load(PROFILES);
    assert_eq!(format!("{:?}", json.catalog.messages), format!("{:?}", yaml.catalog.messages));
    assert_eq!(format!("{:?}", json.catalog.operations), format!("{:?}", yaml.catalog.operations));
}

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
    Choice:
      type: object
      properties: {common: {type: string}}
      oneOf: [{required: [common]}, {properties: {extra: {type: string}}, required: [extra]}]
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
        ]
    );
    assert_eq!(loaded.field_texts("Choice"), ["common: string", "extra: string"]);
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
            "b: string|integer",
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
fn broken_syntax_loses_one_file_only() {
    let loaded = load_with(&[("a.yaml", "openapi: 3.0.0\npaths: {\n"), ("b.yaml", PROFILES)], &[]);
    assert_eq!(loaded.catalog.contracts.len(), 1);
    let texts = loaded.problem_texts();
    assert!(texts[0].starts_with("contract-unreadable a.yaml:3:1: the YAML of this file cannot be read"), "{texts:?}");
}

#[test]
fn other_versions_are_refused_by_name() {
    let loaded = load_with(&[("a.json", r#"{"swagger": "2.0", "paths": {}}"#), ("b.yaml", "openapi: 4.0.0\n")], &[]);
    assert!(loaded.catalog.contracts.is_empty());
    assert_eq!(
        loaded.problem_texts(),
        [
            "contract-unreadable a.json#: OpenAPI 2.0 is not read yet",
            "contract-unreadable b.yaml#: OpenAPI 4.0 is not read yet"
        ]
    );
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
        text += &format!("    L{at}: {{type: array, items: {{$ref: '#/components/schemas/L{}'}}}}\n", at + 1);
        text += &format!(
            "    A{at}: {{allOf: [{{$ref: '#/components/schemas/A{}'}}, {{$ref: '#/components/schemas/A{}'}}]}}\n",
            at + 1,
            at + 1
        );
    }
    for at in 0..60 {
        let next = format!("{{$ref: '#/components/schemas/U{}'}}", at + 1);
        text += &format!(
            "    U{at}: {{oneOf: [{{type: array, items: {next}}}, {{type: object, additionalProperties: {next}}}]}}\n"
        );
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
    document["openapi"] = json!(if edits.len() % 2 == 0 { "3.0.0" } else { "3.1.0" });
    document.to_string()
}

fn all_pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, inner)| (key.clone(), inner)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, inner)| (index.to_string(), inner)).collect(),
        _ => return,
    };
    for (token, inner) in members {
        let place = crate::contract::pointer::child(at, &token);
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
        let document: Value = serde_yaml::from_str(&PROFILES.replace("200:", "'200':")).unwrap();
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
