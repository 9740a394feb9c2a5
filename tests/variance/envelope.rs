//! What stands around the data.

use super::said;

/// A document with these operations, as lines of YAML below `paths`.
fn api(paths: &str) -> String {
    api_with("", paths)
}

fn api_with(more: &str, paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: Api, version: '1'}}\n{more}paths:\n{paths}")
}

const OK: &str = "responses: {'200': {description: ok}}";

fn get(parameters: &str) -> String {
    api(&format!("  /things: {{get: {{parameters: [{parameters}], {OK}}}}}\n"))
}

#[test]
fn parameters_come_go_and_move() {
    let limit = "{name: limit, in: query, schema: {type: integer}}";
    let needed = "{name: limit, in: query, required: true, schema: {type: integer}}";
    let header = "{name: limit, in: header, schema: {type: integer}}";
    assert_eq!(said(&get(""), &get(limit)), ["query parameter `limit` was added"]);
    assert_eq!(said(&get(limit), &get("")), ["! query parameter `limit` was removed"]);
    assert_eq!(said(&get(""), &get(needed)), ["! query parameter `limit` is new and must be sent"]);
    assert_eq!(said(&get(limit), &get(needed)), ["! query parameter `limit` must now be sent"]);
    assert_eq!(said(&get(needed), &get(limit)), ["query parameter `limit` asks for less, from `required`"]);
    assert_eq!(said(&get(limit), &get(header)), ["! query parameter `limit` moved from `query` to `header`"]);
    let small = "{name: limit, in: query, schema: {type: integer, maximum: 10}}";
    assert_eq!(said(&get(limit), &get(small)), ["! query parameter `limit` now has `maximum: 10`"]);
    let text = "{name: limit, in: query, schema: {type: string}}";
    assert_eq!(said(&get(limit), &get(text)), ["query parameter `limit` changed its type from `integer` to `string`"]);
}

#[test]
fn one_value_is_a_list_of_one() {
    let one = "{name: state, in: query, schema: {type: string}}";
    let list = |explode: bool| {
        format!("{{name: state, in: query, explode: {explode}, schema: {{type: array, items: {{type: string}}}}}}")
    };
    assert_eq!(said(&get(one), &get(&list(true))), Vec::<String>::new());
    assert_eq!(said(&get(one), &get(&list(false))).len(), 2, "commas in a text would part it");
    assert!(said(&get(&list(true)), &get(one))[0].starts_with("! "));
}

#[test]
fn path_parameters_are_known_by_their_place() {
    let at = |name: &str, kind: &str| {
        api(&format!(
            "  /things/{{{name}}}:\n    parameters: [{{name: {name}, in: path, required: true, schema: {{type: {kind}}}}}]\n    get: {{{OK}}}\n"
        ))
    };
    assert_eq!(said(&at("id", "string"), &at("thingId", "string")), Vec::<String>::new());
    let narrowed = said(&at("id", "string"), &at("thingId", "integer"));
    assert_eq!(narrowed, ["! path parameter `id` changed its type from `string` to `integer`"]);
}

#[test]
fn how_lists_are_written_counts_for_lists() {
    let with = |kind: &str, explode: bool| {
        get(&format!("{{name: ids, in: query, explode: {explode}, schema: {{type: {kind}, items: {{type: string}}}}}}"))
    };
    assert_eq!(
        said(&with("array", true), &with("array", false)),
        ["! query parameter `ids` moved from `style: form, explode: true` to `style: form, explode: false`"]
    );
    assert_eq!(said(&with("string", true), &with("string", false)), Vec::<String>::new());
}

#[test]
fn bodies_and_answers() {
    let post =
        |body: &str, responses: &str| api(&format!("  /things: {{post: {{{body}responses: {{{responses}}}}}}}\n"));
    let json = "requestBody: {content: {application/json: {schema: {type: string}}}}, ";
    let needed = "requestBody: {required: true, content: {application/json: {schema: {type: string}}}}, ";
    let xml = "requestBody: {content: {application/xml: {schema: {type: string}}}}, ";
    let ok = "'200': {description: ok}";
    assert_eq!(said(&post("", ok), &post(json, ok)), ["request body `POST /things#request` was added"]);
    assert_eq!(
        said(&post("", ok), &post(needed, ok)),
        ["! request body `POST /things#request` is new and must be sent"]
    );
    assert_eq!(said(&post(json, ok), &post(needed, ok)), ["! request body `POST /things#request` must now be sent"]);
    assert_eq!(said(&post(json, ok), &post("", ok)), ["! request body `POST /things#request` was removed"]);
    assert_eq!(
        said(&post(json, ok), &post(xml, ok)),
        [
            "! request body `POST /things#request` no longer comes as `application/json`",
            "request body `POST /things#request (application/xml)` was added"
        ]
    );
    let both = "'200': {description: ok}, '404': {description: no}";
    assert_eq!(said(&post("", ok), &post("", both)), ["operation `POST /things` may now answer `404`"]);
    assert_eq!(said(&post("", both), &post("", ok)), ["operation `POST /things` no longer answers `404`"]);
    assert_eq!(
        said(&post("", ok), &post("", "'404': {description: no}")),
        ["operation `POST /things` may now answer `404`", "! operation `POST /things` no longer answers `200`"]
    );
    let range = said(&post("", ok), &post("", "2XX: {description: ok}"));
    assert_eq!(range, ["operation `POST /things` may now answer `2XX`"], "200 is one of them, and not the only one");
    let header = |required: bool| {
        format!("'200': {{description: ok, headers: {{X-Total: {{required: {required}, schema: {{type: integer}}}}}}}}")
    };
    assert_eq!(said(&post("", &header(true)), &post("", ok)), ["! response header `X-Total` was removed"]);
    assert_eq!(
        said(&post("", &header(true)), &post("", &header(false))),
        ["! response header `X-Total` may now be left out"]
    );
    assert_eq!(said(&post("", ok), &post("", &header(false))), ["response header `X-Total` was added"]);
}

#[test]
fn who_is_let_in() {
    let schemes = |name: &str| {
        format!(
            "components:\n  securitySchemes:\n    {name}: {{type: http, scheme: bearer}}\n    key: {{type: apiKey, in: header, name: X-Key}}\n    oauth: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: 'https://x', scopes: {{read: r, write: w}}}}}}}}\n"
        )
    };
    let with = |name: &str, security: &str| {
        api_with(&schemes(name), &format!("  /things: {{get: {{security: [{security}], {OK}}}}}\n"))
    };
    let said = |a: &str, b: &str| said(&with("token", a), &with("token", b));
    let none = Vec::<String>::new();
    assert_eq!(
        said("", "{token: []}"),
        ["! operation `GET /things` asks for more proof of who calls from `nothing` to `token`"]
    );
    assert_eq!(
        said("{token: []}", "{token: []}, {key: []}"),
        ["operation `GET /things` loosened its `security` from `token` to `token or key`"]
    );
    assert_eq!(said("{token: []}, {key: []}", "{key: []}").len(), 1);
    assert!(said("{token: []}, {key: []}", "{key: []}")[0].starts_with("! "));
    assert!(said("{token: []}", "{token: [], key: []}")[0].starts_with("! "));
    assert!(said("{oauth: [read]}", "{oauth: [read, write]}")[0].starts_with("! "));
    assert!(!said("{oauth: [read, write]}", "{oauth: [read]}")[0].starts_with("! "));
    assert_eq!(super::said(&with("token", "{token: []}"), &with("bearer", "{bearer: []}")), none, "a name is no proof");
}

#[test]
fn what_the_provider_sends_goes_the_other_way() {
    let hook = |schema: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: Api, version: '1'}}\npaths: {{}}\nwebhooks:\n  made:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}\n      {OK}\n"
        )
    };
    let (small, large) =
        ("{type: object, properties: {a: {enum: [x]}}}", "{type: object, properties: {a: {enum: [x, y]}}}");
    assert_eq!(said(&hook(small), &hook(large)).len(), 1);
    assert!(
        said(&hook(small), &hook(large))[0].starts_with("! response field"),
        "{:?}",
        said(&hook(small), &hook(large))
    );
    assert!(!said(&hook(large), &hook(small))[0].starts_with("! "));
}

#[test]
fn one_edit_is_told_once_however_many_operations_it_reaches() {
    let with = |fields: &str| {
        api_with(
            &format!("components:\n  schemas:\n    Thing: {{type: object, properties: {{{fields}}}}}\n"),
            &(0..5)
                .map(|at| {
                    format!("  /things{at}: {{put: {{requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Thing'}}}}}}}}, responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{type: array, items: {{$ref: '#/components/schemas/Thing'}}}}}}}}}}}}}}}}\n")
                })
                .collect::<String>(),
        )
    };
    let changes =
        super::changes(&with("a: {type: string}, b: {type: string}"), &with("a: {type: integer}, b: {type: string}"));
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].element.name, "Thing.a");
    assert_eq!(changes[0].operations.len(), 5);
    assert!(changes[0].direction.request && changes[0].direction.response);
}
