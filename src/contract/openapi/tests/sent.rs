//! What surrounds operations: callbacks, webhooks, servers, security, styles.

use super::*;
use crate::model::contract::{OperationKind, Protocol, SchemeKind};

#[test]
fn callbacks_and_webhooks_are_operations_of_their_own_kind() {
    let loaded = load(
        r"
openapi: 3.1.0
paths:
  /subscriptions:
    post:
      operationId: subscribe
      callbacks:
        onEvent:
          '{$request.body#/url}':
            post:
              requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}
              responses: {'200': {description: d}}
        shared: {$ref: '#/components/callbacks/Shared'}
      responses: {}
webhooks:
  newPet: {$ref: '#/components/pathItems/Pet'}
components:
  callbacks: {Shared: {'https://x': {get: {responses: {}}}}}
  pathItems: {Pet: {post: {tags: [pets], responses: {}}}}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let keys: Vec<_> = loaded.catalog.operations.iter().map(|known| (known.key.as_str(), known.kind)).collect();
    let event = "callback onEvent of POST /subscriptions: POST {$request.body#/url}";
    assert_eq!(
        keys,
        [
            ("POST /subscriptions", OperationKind::Served),
            (event, OperationKind::Callback),
            ("callback shared of POST /subscriptions: GET https://x", OperationKind::Callback),
            ("webhook newPet: POST", OperationKind::Webhook),
        ]
    );
    assert_eq!(loaded.field_texts(&format!("{event}#request")), ["id: string"]);
    assert_eq!(loaded.operation("webhook newPet: POST").tags, ["pets"]);
    assert_eq!(pointer(&loaded.operation("webhook newPet: POST").site), "/components/pathItems/Pet/post");
    let Protocol::Http { method, path } = &loaded.operation(event).protocol else { panic!() };
    assert_eq!((method.as_str(), path.as_str()), ("POST", "{$request.body#/url}"));
}

#[test]
fn callbacks_that_contain_themselves_end() {
    let loaded = load(
        r"
openapi: 3.0.0
paths: {/a: {get: {callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {}}}}
components: {callbacks: {C: {'http://x': {get: {callbacks: {c: {$ref: '#/components/callbacks/C'}}, responses: {}}}}}}
",
    );
    assert!(loaded.catalog.operations.len() < 10);
    assert!(loaded.problem_texts()[0].contains("callbacks nest too deeply"), "{:?}", loaded.problem_texts());
}

#[test]
fn servers_stand_at_three_levels_and_their_variables_make_urls() {
    let loaded = load(
        r"
openapi: 3.0.0
servers:
  - url: https://{region}.acme.com/{base}
    variables: {region: {enum: [eu, us], default: eu}, base: {default: v2}}
paths:
  /a:
    servers: [{url: https://path.acme.com}]
    get: {servers: [{url: /own}], responses: {}}
    put: {responses: {}}
  /b: {get: {responses: {}}}
",
    );
    assert_eq!(
        loaded.catalog.contracts[0].servers,
        [
            "https://{region}.acme.com/{base}",
            "https://eu.acme.com/v2",
            "https://us.acme.com/v2",
            "https://path.acme.com",
            "/own"
        ]
    );
    assert_eq!(loaded.operation("GET /a").servers, ["/own"]);
    assert_eq!(loaded.operation("PUT /a").servers, ["https://path.acme.com"]);
    assert!(loaded.operation("GET /b").servers.is_empty());
}

#[test]
fn an_operation_overrides_the_security_of_its_document() {
    let loaded = load(
        r"
openapi: 3.1.0
security: [{a: []}, {b: [x], c: []}]
paths:
  /a:
    get: {responses: {}}
    put: {security: [], responses: {}}
    post: {security: [{a: []}, {}], responses: {}}
components:
  securitySchemes:
    a: {type: http, scheme: Bearer}
    b: {type: oauth2, flows: {clientCredentials: {tokenUrl: https://t, scopes: {x: d}}}}
    c: {type: mutualTLS}
    d: {type: openIdConnect, openIdConnectUrl: https://o}
    e: {type: apiKey, in: cookie, name: sid}
    f: {type: magic}
",
    );
    let texts = loaded.problem_texts();
    assert_eq!(texts.len(), 1, "{texts:?}");
    assert!(texts[0].contains("/securitySchemes/f: `magic` is no type of a security scheme"), "{texts:?}");
    let schemes: Vec<_> = loaded.catalog.contracts[0].security_schemes.iter().map(|known| known.kind.clone()).collect();
    assert_eq!(schemes[0], SchemeKind::Http { scheme: "bearer".into() });
    assert_eq!(schemes[2], SchemeKind::MutualTls);
    assert_eq!(schemes[4], SchemeKind::ApiKey { place: ParameterPlace::Cookie, name: "sid".into() });
    let security = |key: &str| loaded.operation(key).security.clone();
    assert_eq!(security("GET /a").unwrap()[1], [("b".to_owned(), vec!["x".to_owned()]), ("c".to_owned(), Vec::new())]);
    assert_eq!(security("PUT /a"), Some(Vec::new()));
    assert_eq!(security("POST /a").unwrap()[1], []);
    assert_eq!(load("openapi: 3.0.0\npaths: {/a: {get: {responses: {}}}}\n").operation("GET /a").security, None);
}

#[test]
fn styles_are_those_of_the_place_where_nothing_is_said() {
    let loaded = load(
        r"
openapi: 3.0.0
paths:
  /a/{p}:
    get:
      parameters:
        - {name: p, in: path, required: true, schema: {type: string}}
        - {name: q, in: query, schema: {type: array, items: {type: string}}}
        - {name: d, in: query, style: deepObject, explode: true, schema: {type: object}}
        - {name: s, in: query, style: spaceDelimited, schema: {type: array, items: {type: string}}}
        - {name: e, in: query, explode: false, schema: {type: array, items: {type: string}}}
        - {name: c, in: cookie, content: {application/json: {schema: {type: object, properties: {x: {type: string}}}}}}
      responses: {}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let get = loaded.operation("GET /a/{p}");
    let styles: Vec<_> = get.parameters.iter().map(|known| (known.style.as_str(), known.explode)).collect();
    let form = ("form", true);
    assert_eq!(
        styles,
        [("simple", false), form, ("deepObject", true), ("spaceDelimited", false), ("form", false), form]
    );
    assert_eq!(loaded.field_texts("GET /a/{p}?c"), ["x: string"]);
}
