//! Documents of OpenAPI 2.0.

use super::*;
use crate::model::contract::SchemeKind;

pub(super) const SHOP: &str = r"
swagger: '2.0'
info: {title: Shop, version: '1'}
host: api.acme.com
basePath: /v1/
schemes: [https, http]
consumes: [application/json]
produces: [application/json, application/xml]
securityDefinitions:
  plain: {type: basic}
  key: {type: apiKey, in: header, name: X-Client-Id}
  login: {type: oauth2, flow: accessCode, authorizationUrl: https://a, tokenUrl: https://t, scopes: {read: r}}
security: [{key: []}]
parameters:
  Page: {name: page, in: query, type: integer, format: int32, minimum: 0, exclusiveMinimum: true}
responses:
  Wrong: {description: d, schema: {$ref: '#/definitions/Error'}}
paths:
  /items/{id}:
    parameters:
      - {name: id, in: path, required: true, type: string}
      - {name: item, in: body, schema: {$ref: '#/definitions/Item'}}
    get:
      produces: [text/csv]
      security: [{login: [read]}, {}]
      parameters:
        - $ref: '#/parameters/Page'
        - {name: tags, in: query, type: array, items: {type: string, enum: [a, b]}, collectionFormat: multi}
        - {name: codes, in: query, type: array, items: {type: integer}, collectionFormat: pipes}
        - {name: names, in: query, type: array, items: {type: string}}
      responses:
        200: {description: d, schema: {type: array, items: {$ref: '#/definitions/Item'}}, headers: {X-Rate: {type: integer}}}
        404: {$ref: '#/responses/Wrong'}
    put:
      parameters:
        - {name: item, in: body, required: true, schema: {type: object, properties: {name: {type: string}}}}
      responses: {204: {description: d}}
    patch: {responses: {200: {description: d, schema: {$ref: '#/definitions/Item'}}}}
  /files:
    post:
      consumes: [multipart/form-data]
      parameters:
        - {name: file, in: formData, type: file, required: true}
        - {name: note, in: formData, type: string, x-pii: true}
      responses: {200: {description: d, schema: {type: file}}}
definitions:
  Item:
    type: object
    required: [name]
    discriminator: kind
    properties: {kind: {type: string}, name: {type: string, x-nullable: true}, secret: {type: string, format: password}}
  Book: {allOf: [{$ref: '#/definitions/Item'}, {type: object, properties: {pages: {type: integer}}}]}
  Error: {type: object, properties: {message: {type: string}}}
";

#[test]
fn a_document_of_2_0_is_read_like_one_of_3_0() {
    let loaded = load(SHOP);
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let contract = &loaded.catalog.contracts[0];
    assert_eq!((contract.title.as_str(), contract.version.as_str()), ("Shop", "2.0"));
    assert_eq!(contract.servers, ["https://api.acme.com/v1", "http://api.acme.com/v1"]);
    assert_eq!(
        loaded.field_texts("Item"),
        ["kind: string", "name!: string", "secret: string (password)", "pages: integer"]
    );
    assert_eq!(loaded.field_texts("Book").len(), 4);
    assert_eq!(loaded.field("Item", "secret").marks.sensitive[0].class, "sensitive");
    assert_eq!(pointer(&loaded.field("Item", "name").site), "/definitions/Item/properties/name");
    let get = loaded.operation("GET /items/{id}");
    let bodies: Vec<_> =
        get.responses[0].bodies.iter().map(|body| (body.media_type.as_str(), loaded.text(&body.shape))).collect();
    assert_eq!(bodies, [("text/csv", "[Item]".to_owned())]);
    assert_eq!(loaded.text(&get.responses[0].headers[0].shape), "integer");
    assert_eq!(loaded.body("GET /items/{id}", "404"), "Error");
    assert_eq!(loaded.operation("PATCH /items/{id}").responses[0].bodies.len(), 2);
}

#[test]
fn parameters_of_2_0_are_their_own_schemas() {
    let loaded = load(SHOP);
    let get = loaded.operation("GET /items/{id}");
    let styles: Vec<_> = get
        .parameters
        .iter()
        .map(|known| (known.name.as_str(), known.style.as_str(), known.explode, loaded.text(&known.shape)))
        .collect();
    assert_eq!(
        styles,
        [
            ("id", "simple", false, "string".to_owned()),
            ("page", "form", false, "integer (int32)".to_owned()),
            ("tags", "form", true, "[<a,b>]".to_owned()),
            ("codes", "pipeDelimited", false, "[integer]".to_owned()),
            ("names", "form", false, "[string]".to_owned()),
        ]
    );
    let schemas = &loaded.catalog.contracts[0].schemas;
    let page = schemas.get(get.parameters[1].schema.unwrap());
    assert_eq!(page.number.as_ref().unwrap().exclusive_minimum.as_ref().unwrap().to_string(), "0");
    assert_eq!(pointer(&get.parameters[1].site), "/parameters/Page");
    assert!(get.parameters[0].required && !get.parameters[1].required);
}

#[test]
fn bodies_and_forms_of_2_0_are_request_bodies() {
    let loaded = load(SHOP);
    let request = |key: &str| -> Vec<(String, bool, String)> {
        let bodies = &loaded.operation(key).request;
        bodies.iter().map(|body| (body.media_type.clone(), body.required, loaded.text(&body.shape))).collect()
    };
    let put = "PUT /items/{id}#request".to_owned();
    assert_eq!(request("PUT /items/{id}"), [("application/json".to_owned(), true, put)]);
    assert_eq!(request("PATCH /items/{id}"), [("application/json".to_owned(), false, "Item".to_owned())]);
    let form = "POST /files#request";
    assert_eq!(request("POST /files"), [("multipart/form-data".to_owned(), true, form.to_owned())]);
    assert_eq!(loaded.field_texts(form), ["file!: string (binary)", "note: string"]);
    assert_eq!(pointer(&loaded.field(form, "note").site), "/paths/~1files/post/parameters/1");
    assert_eq!(loaded.field(form, "note").marks.sensitive[0].class, "pii");
    assert_eq!(loaded.body("POST /files", "200"), "string (binary)");
}

#[test]
fn security_of_2_0_is_read() {
    let loaded = load(SHOP);
    let schemes = &loaded.catalog.contracts[0].security_schemes;
    assert_eq!(schemes[0].kind, SchemeKind::Http { scheme: "basic".into() });
    let flow = ("authorizationCode".to_owned(), vec!["https://a".to_owned(), "https://t".into(), "read".into()]);
    assert_eq!(schemes[2].kind, SchemeKind::OAuth2 { flows: vec![flow] });
    let put = loaded.operation("PUT /items/{id}");
    assert_eq!(put.security, Some(vec![vec![("key".to_owned(), Vec::new())]]));
    assert!(put.parameters.iter().any(|known| known.identity && known.required));
    let read = vec![("login".to_owned(), vec!["read".to_owned()])];
    assert_eq!(loaded.operation("GET /items/{id}").security, Some(vec![read, Vec::new()]));
}

#[test]
fn a_server_of_2_0_may_lack_its_host() {
    for (text, servers) in [
        ("basePath: /v2", &["/v2"][..]),
        ("host: a.com", &["https://a.com"]),
        ("basePath: /\nhost: a.com\nschemes: [http]", &["http://a.com"]),
        ("basePath: /", &[]),
    ] {
        let loaded = load(&format!("swagger: 2.0\n{text}\npaths: {{}}\n"));
        assert_eq!(loaded.catalog.contracts[0].servers, servers, "{text}");
    }
}
