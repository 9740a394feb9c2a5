//! A whole document, and its operations.

use jiff::civil::date;

use super::*;

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
fn security_schemes_may_ask_for_the_callers_name() {
    let loaded = load(
        r"
openapi: 3.0.0
security: [{client: []}]
paths:
  /a:
    get: {responses: {}}
    put: {security: [{client: [], other: []}, {other: []}], responses: {}}
    post: {security: [], responses: {}}
    patch:
      parameters: [{name: x-client-id, in: header, schema: {type: string}}]
      responses: {}
components:
  securitySchemes:
    client: {type: apiKey, in: header, name: X-Client-Id}
    other: {type: apiKey, in: header, name: X-Other}
    token: {type: http, scheme: bearer}
",
    );
    assert_eq!(loaded.problem_texts(), Vec::<String>::new());
    let asked = |key: &str| -> Vec<(String, bool)> {
        let parameters = &loaded.operation(key).parameters;
        parameters.iter().filter(|known| known.identity).map(|known| (known.name.clone(), known.required)).collect()
    };
    assert_eq!(asked("GET /a"), [("X-Client-Id".to_owned(), true)]);
    assert_eq!(asked("PUT /a"), [("X-Client-Id".to_owned(), false)]);
    assert_eq!(asked("POST /a"), []);
    assert_eq!(asked("PATCH /a"), [("x-client-id".to_owned(), true)]);
    assert_eq!(pointer(&loaded.operation("GET /a").parameters[0].site), "/components/securitySchemes/client");
}

#[test]
fn every_document_of_a_yaml_file_is_a_contract() {
    let document = |version: &str, path: &str, kind: &str| {
        format!(
            "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{{path}: {{get: {{responses: {{'200': {{description: d, \
             content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{A: {{type: object, properties: {{a: {{type: {kind}}}}}}}}}}}\n"
        )
    };
    let text =
        format!("{}---\nkind: Other\n---\n{}", document("3.0.0", "/a", "string"), document("3.1.0", "/b", "integer"));
    let loaded = load(&text);
    let ids: Vec<_> = loaded.catalog.contracts.iter().map(|contract| contract.id.as_str()).collect();
    assert_eq!(ids, ["api/openapi.yaml", "api/openapi.yaml#3"]);
    let second = loaded.catalog.messages.iter().find(|message| message.contract.index() == 1).unwrap();
    assert_eq!(loaded.text(&second.fields[0].shape), "integer");
    let span = crate::contract::locate(&loaded.sources, &second.fields[0].site);
    assert!(span.start as usize > text.find("kind: Other").unwrap());
    assert_eq!(loaded.sources.text(span), "a");
    assert_eq!(loaded.problem_texts(), [] as [&str; 0]);
}

#[test]
fn a_template_is_no_broken_contract() {
    let loaded = load(
        "openapi: 3.0.0\ninfo: {title: T, version: '1'}\npaths:\n{{- range .Values.paths }}\n  {{ .name }}: {}\n{{- end }}\n",
    );
    assert!(loaded.catalog.contracts.is_empty());
    assert!(loaded.problems.iter().all(|problem| problem.kind == ProblemKind::Note), "{:?}", loaded.problems);
    assert!(loaded.problem_texts()[0].contains("is a template"), "{:?}", loaded.problem_texts());
}
